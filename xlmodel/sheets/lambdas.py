"""The functions as Excel text: named LAMBDAs over the areas of a book, as a person would type them.

They read the same cells as the sheets do, so they follow every edit. Each text resolves its names, finds
the curve in the index, and then reads it by the same interpolation as the readings on Curves. What several
share stands in helpers of their own: an engine then keeps few variables in view at a time, which makes a
call twice as fast.
"""

from xlmodel.book.places import Places
from xlmodel.model.function_records import FUNCTIONS
from xlmodel.model.functions import SLACK
from xlmodel.model.point import LATEST
from xlmodel.model.spelling import IGNORED
from xlmodel.sheets import lambdas_own
from xlmodel.sheets.platforms_sheet import DOMAIN, KILOWATT

HELPERS = {
    "TOKNAME": "the name that a text means, by its spelling; a date is the snapshot of that day.",
    "TOKCURVE": "the number of a curve on Curves: group x 10 + precision, 0 without points.",
    "TOKREAD": "tok/s/GPU of a curve at one interactivity.",
}
_STRIPPED = ",".join(f'"{part}"' for part in IGNORED)
# a name as listed, or by another spelling
_NAME = (
    "LAMBDA(text_,listed,spellings,meanings,LET("
    'dated,IF(ISNUMBER(text_),IF((text_>=32874)*(text_<73051),YEAR(text_)&"-"&TEXT(MONTH(text_),"00")&"-"&TEXT(DAY(text_),"00"),""),text_),'
    'words,TRIM(dated),IF(words="",#VALUE!,IFERROR(INDEX(listed,XMATCH(words,listed)),IFERROR(INDEX(meanings,XMATCH('
    f'REDUCE(LOWER(words),{{{_STRIPPED}}},LAMBDA(bare,part,SUBSTITUTE(bare,part,""))),spellings)),#VALUE!)))))'
)


def texts(places: Places) -> dict[str, str]:
    """Name -> text of each helper and function, functions in the order of the registry."""
    bodies = _Bodies(places)
    out = {"TOKNAME": _NAME, "TOKCURVE": bodies.curve(), "TOKREAD": bodies.read()}
    own = {"TOKINTERP": lambdas_own.INTERP, "TOKFRONTIER": lambdas_own.FRONTIER}
    for function in FUNCTIONS:
        parameters = ",".join(f"[{a.variable}]" if a.optional else a.variable for a in function.arguments)
        body = own.get(function.name) or getattr(bodies, function.name.lower())()
        out[function.name] = f"LAMBDA({parameters},{body})"
    return out


def _given(name: str) -> str:
    """An optional argument; left out and empty are the same, and both are the empty text."""
    return f'IF(ISOMITTED({name}),"",IF({name}="","",{name}))'


def _numeric(cell: str, lowest: str, then: str) -> str:
    """A check of one element, then what is done with it; errors stay, an empty cell counts as 0."""
    return f"IF(ISERROR({cell}),{cell},IF(ISNUMBER({cell})+ISBLANK({cell})=0,#VALUE!,IF({cell}{lowest},#NUM!,{then})))"


_CHOICES = ",".join(_given(name) for name in ("workload_", "precision_", "snapshot_"))
# an error instead of a platform is the whole answer, whatever the other arguments are
_BOTH = "IF(ISERROR(platform),platform,IF(ISERROR(baseline_),baseline_,{}))"


def curve_areas(places: Places, sheet: str) -> dict[str, str]:
    """The knots as the interpolation's text wants them."""
    names = {"xs": "Interactivity", "ys": "Throughput", "ms": "Slope"}
    return {key: places.knots(name).on(sheet) for key, name in names.items()}


class _Bodies:
    """The body of every function on the curves and prices of a book."""

    def __init__(self, places: Places) -> None:
        self.p = places
        self.areas = curve_areas(places, "")
        self.method = places.derived("method").on("")
        self.utilization, self.pue = (places.choice(name).on("") for name in ("utilization", "pue"))

    def _find(self, kind: str, text: str) -> str:
        """The name that a text means; #VALUE! when it is unknown."""
        p = self.p
        listed = {
            "platform": p.platform_fact(1), "model": p.menu("models"), "workload": p.menu("workloads"),
            "precision": p.menu("codes"), "snapshot": p.menu("snapshots"), "basis": p.menu("bases"),
        }[kind]  # fmt: skip
        typed = p.index(kind.capitalize()) if kind in ("platform", "model", "workload", "snapshot") else listed
        areas = ",".join(area.on("") for area in (listed, *p.spelt(kind)))
        names, more = listed.on(""), typed.on("")
        # in this order because a call is handed whole ranges, and most names are written as listed
        return (
            f'IFERROR(INDEX({names},XMATCH({text},{names})),IF(TRIM({text})="",#VALUE!,IFERROR(TOKNAME({text},{areas}),'
            f"IFERROR(INDEX({more},XMATCH(TRIM({text}),{more})),#VALUE!))))"
        )

    def _or_choice(self, kind: str, argument: str) -> str:
        """The name an argument means, or the scenario's when it is empty."""
        return f'IF({argument}="",{self.p.choice(kind).on("")},{self._find(kind, argument)})'

    def curve(self) -> str:
        """Number of the curve; an unknown name is an error, known names without points give 0."""
        p = self.p
        newest = f'IFERROR(INDEX({p.newest.on("")},XMATCH(llm,{p.menu("models").on("")})),"none")'
        return (
            "LAMBDA(platform,model_,workload_,precision_,snapshot_,"
            f"LET(llm,{self._find('model', 'model_')},label,{self._or_choice('snapshot', 'snapshot_')},"
            f"kind,{self._or_choice('precision', 'precision_')},"
            f'family,llm&"|"&{self._find("platform", "platform")}&"|"&{self._or_choice("workload", "workload_")}&"|"'
            f'&IF(label="{LATEST}",{newest},label),'
            f"IF(ISERROR(family&kind),family&kind,IFERROR(XMATCH(family,{p.index('Key').on('')})*10"
            f"+XMATCH(kind,{p.menu('codes').on('')})-1,0))))"
        )

    def _of_curve(self, name: str) -> str:
        """Number of knots or first knot of a curve, from the index of curves."""
        return self.p.of_curve(name, "INT(curve/10)", "(MOD(curve,10)+1)", "")

    def _held(self) -> str:
        return f"IF(curve=0,0,{self._of_curve('Knots')})"

    def read(self) -> str:
        """tok/s/GPU of a curve at one interactivity."""
        xs = self.areas["xs"]
        # knots of the curve below the one to read from, by halving: a search of the whole column costs more
        halvings = "INT(LOG(held,2)+0.001)"  # one too many does no harm, one too few would
        passed = (
            f"REDUCE(0,2^SEQUENCE({halvings}+1,1,{halvings},-1),LAMBDA(passed,stride,IF(passed+stride<held,"
            f"IF(INDEX({xs},start+passed+stride)<=reach,passed+stride,passed),passed)))"
        )
        inside = (
            f"LET(start,{self._of_curve('First knot')},slowest,INDEX({xs},start),"
            f"IF(speed>INDEX({xs},start+held-1),NA(),IF((speed<slowest)*({self.p.derived('hold').on('')}<>1),NA(),"
            f"LET(reach,MAX(speed,slowest),knot,start+{passed},since,INDEX({xs},knot),wide,INDEX({xs},knot+1)-since,"
            f"way,IF(reach=since,0,(reach-since)/wide),{self._between('way', self.method)}))))"
        )
        return f"LAMBDA(speed,curve,LET(held,{self._held()},{_numeric('speed', '<=0', f'IF(held=0,NA(),{inside})')}))"

    def _between(self, way: str, method: str) -> str:
        """Throughput on the way from a knot to the next: as the readings on Curves, in fewer words."""
        ys, ms = self.areas["ys"], self.areas["ms"]
        cubic = (
            f"MEDIAN(low,high,low*(1+2*{way})*(1-{way})^2+high*{way}^2*(3-2*{way})"
            f"+wide*{way}*(1-{way})*(INDEX({ms},knot)*(1-{way})-INDEX({ms},knot+1)*{way}))"
        )
        if method == "1":
            return f"LET(low,INDEX({ys},knot),high,INDEX({ys},knot+1),{cubic})"
        return (
            f"LET(low,INDEX({ys},knot),IF({way}=0,low,LET(high,INDEX({ys},knot+1),"
            f"IF({method}=3,high,IF({method}=2,low+(high-low)*{way},{cubic})))))"
        )

    def tokrate(self) -> str:
        """tok/s/GPU at each interactivity."""
        return (
            f"LET(curve,TOKCURVE(platform,model_,{_CHOICES}),IF(ISERROR(curve),curve,"
            "IF(ROWS(interactivity_)*COLUMNS(interactivity_)=1,TOKREAD(interactivity_,curve),"
            "MAP(interactivity_,LAMBDA(speed,TOKREAD(speed,curve))))))"
        )

    def tokprice(self) -> str:
        """USD/GPU-hour."""
        p = self.p
        return (
            f"LET(gpu,{self._find('platform', 'platform')},asked,{_given('basis_')},"
            f'listed,IF(asked="","",{self._find("basis", "asked")}),'
            "IF(ISERROR(gpu&listed),gpu&listed,"
            f"LET(line,XMATCH(gpu,{p.menu('platforms').on('')}),"
            f'IF(listed="",INDEX({p.prices_in_use.on("")},line),'
            f"INDEX({p.price_book.on('')},line,XMATCH(listed,{p.bases_header.on('')}))))))"
        )

    @staticmethod
    def _usd(platform: str, price: str) -> str:
        return f"IF(ISNUMBER({price}),IF({price}>0,{price},#NUM!),TOKPRICE({platform},{price}))"

    def _factor(self, asked: str) -> str:
        """What the cost of a token is multiplied by to put it all on one class of tokens."""
        p = self.p
        named = f"LET(work,{_given('workload_')},{self._or_choice('workload', 'work')})"
        share = f"INDEX({p.menu('output shares').on('')},XMATCH({named},{p.menu('workloads').on('')}))"
        return (
            f'IF({asked}="",1,IF(TRIM({asked})="total",1,IF(TRIM({asked})="output",1/{share},'
            f'IF(TRIM({asked})="input",1/(1-{share}),#VALUE!))))'
        )

    def _money(self, then: str) -> str:
        """Price (`usd`) and factor of the class of tokens; their errors except #N/A end it here."""
        return (
            f"LET(offer,{_given('price')},usd,{self._usd('platform', 'offer')},"
            f"class,{_given('tokens')},factor,{self._factor('class')},"
            f"IF(ISERR(usd),usd,IF(ISERR(factor),factor,{then})))"
        )

    @staticmethod
    def _rate(platform: str) -> str:
        return f"TOKRATE({platform},model_,interactivity_,{_CHOICES})"

    def tokcost(self) -> str:
        """USD per million tokens."""
        return self._money(f"factor*1000000/(3600*{self._rate('platform')}*{self.utilization})*usd")

    def tokperusd(self) -> str:
        """Tokens per USD."""
        return f"1000000/TOKCOST(platform,model_,interactivity_,{_given('price')},{_CHOICES},{_given('tokens')})"

    def tokgain(self) -> str:
        """Performance per dollar against the baseline."""
        return _BOTH.format(
            f"LET(offer,{_given('price')},asked,{_given('baseline_price')},"
            'other,IF(asked="",IF(ISTEXT(offer),offer,""),asked),'
            f"own,TOKCOST(platform,model_,interactivity_,offer,{_CHOICES}),"
            f"base,TOKCOST(baseline_,model_,interactivity_,other,{_CHOICES}),"
            "IF(ISERR(own),own,IF(ISERR(base),base,base/own)))"
        )

    def tokbreakeven(self) -> str:
        """The price at which the platform equals the baseline."""
        return _BOTH.format(
            f"LET(offer,{_given('baseline_price')},usd,{self._usd('baseline_', 'offer')},"
            f"own,{self._rate('platform')},base,{self._rate('baseline_')},"
            "IF(ISERR(usd),usd,IF(ISERR(own),own,IF(ISERR(base),base,own/base*usd))))"
        )

    def tokspeed(self) -> str:
        """The highest interactivity within a budget: the frontier inverted, by halving 48 times."""
        xs, ys, curves = self.areas["xs"], self.areas["ys"], self.p.knots("Curve").on("")
        trial = self._between("trial", "1")
        inside = (
            f"LET(knot,start+fit-1,since,INDEX({xs},knot),wide,INDEX({xs},knot+1)-since,IF({self.method}=3,since,since+wide*"
            f"IF({self.method}=2,(INDEX({ys},knot)-needed)/(INDEX({ys},knot)-INDEX({ys},knot+1)),"
            f"REDUCE(0,SEQUENCE(48),LAMBDA(way,turn,LET(trial,way+2^-turn,IF({trial}>=needed,trial,way)))))))"
        )
        search = (
            f"IF(held=0,NA(),LET(start,{self._of_curve('First knot')},"
            f"needed,factor*1000000/(3600*spend*{self.utilization})*usd*(1-{SLACK:.12f}),"
            f"fit,SUMPRODUCT(({curves}=INDEX({curves},start))*({ys}>=needed)),"
            f"IF(fit=0,NA(),IF(fit=held,INDEX({xs},start+held-1),{inside}))))"
        )
        money = self._money(f"MAP(budget,LAMBDA(spend,{_numeric('spend', '<=0', search)}))")
        return (
            f"LET(curve,TOKCURVE(platform,model_,{_CHOICES}),IF(ISERROR(curve),curve,LET(held,{self._held()},{money})))"
        )

    def _fact(self, column: int) -> str:
        """A number of the platform facts, #N/A where no source states it."""
        names = self.p.platform_fact(1).on("")
        look = f"INDEX({self.p.platform_fact(column).on('')},XMATCH({self._find('platform', 'platform')},{names}))"
        return f"LET(fact,{look},IF(ISNUMBER(fact),fact,NA()))"

    def tokpermw(self) -> str:
        """tok/s/MW."""
        return f"1000*{self._rate('platform')}/({self._fact(KILOWATT)}*{self.pue})"

    def tokgpus(self) -> str:
        """GPUs in whole scale-up domains; a billionth of a domain is rounding, not a user.

        Below a curve that holds its slowest point, users are served at that point's speed.
        """
        asked = f"MAP(users,LAMBDA(crowd,{_numeric('crowd', '<0', 'crowd')}))"
        slowest = f"IF({self._held()}=0,0,INDEX({self.areas['xs']},{self._of_curve('First knot')}))"
        quoted = '"output"'
        return (
            f"LET(curve,TOKCURVE(platform,model_,{_CHOICES}),IF(ISERROR(curve),curve,"
            f"LET(slowest,{slowest},factor,{self._factor(quoted)},"
            f"domain,{self._fact(DOMAIN)},made,{self._rate('platform')},asked,{asked},"
            "pace,MAP(interactivity_,LAMBDA(speed,IF(ISNUMBER(speed),MAX(speed,slowest),speed))),"
            "-INT(0.000000001-pace/made*asked*factor/domain)*domain)))"
        )
