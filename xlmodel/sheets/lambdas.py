"""The functions as Excel text: named LAMBDAs over the areas of a book, as a person would type them.

They read the same cells as the sheets do, so they follow every edit. Each text resolves its names, finds
the curve in the directory of curves, and then reads it by the same interpolation as the readings on Curves.

An engine that copies a text at every call is as fast as the text is short: what a usual call needs stands alone,
and what other calls need in helpers of their own.
"""

from xlmodel.book.places import Places
from xlmodel.model.function_records import FUNCTIONS
from xlmodel.model.functions import SLACK
from xlmodel.sheets import lambdas_names, lambdas_own
from xlmodel.sheets.lambdas_names import name
from xlmodel.sheets.platforms_sheet import DOMAIN, KILOWATT

HELPERS = {
    **lambdas_names.HELPERS,
    "TOKREAD": "tok/s/GPU of a curve at one interactivity.",
    "TOKKNOT": "the knot at or before a sort key.",
    "TOKBETWEEN": "tok/s/GPU at an interactivity from a knot on.",
    "TOKSTRAIGHT": "the same without a curve, at a share of the way to the next knot.",
    "TOKOUTSIDE": "tok/s/GPU at the ends of a curve, or why there is none.",
    "TOKOFFER": "USD/GPU-hour of a basis, or the price in use for an empty text.",
    "TOKUSD": "USD/GPU-hour by a price that is a number or the name of a basis.",
    "TOKCLASS": "what the cost of a token is multiplied by to put it all on one class of tokens.",
    "TOKFULL": "TOKCOST with every argument given; an empty text is the scenario's.",
    "TOKUSUAL": "TOKCOST under the choices made, at once for names as listed.",
}


def texts(places: Places) -> dict[str, str]:
    """Name -> text of each helper and function, functions in the order of the registry."""
    bodies = _Bodies(places)
    out = lambdas_names.texts(places)
    out |= {
        "TOKREAD": bodies.read(), "TOKKNOT": bodies.knot(), "TOKBETWEEN": bodies.between(),
        "TOKSTRAIGHT": bodies.straight(), "TOKOUTSIDE": bodies.outside(), "TOKOFFER": bodies.offer(), "TOKUSD": _USD,
        "TOKCLASS": bodies.factor(), "TOKFULL": bodies.full(), "TOKUSUAL": bodies.usual(),
    }  # fmt: skip
    own = {"TOKINTERP": lambdas_own.INTERP, "TOKFRONTIER": lambdas_own.FRONTIER}
    for function in FUNCTIONS:
        parameters = ",".join(f"[{a.variable}]" if a.optional else a.variable for a in function.arguments)
        body = own.get(function.name) or getattr(bodies, function.name.lower())()
        out[function.name] = f"LAMBDA({parameters},{body})"
    return out


def _given(argument: str) -> str:
    """An optional argument; left out and empty are the same, and both are the empty text."""
    return f'IF(ISOMITTED({argument}),"",IF({argument}="","",{argument}))'


def _numeric(cell: str, lowest: str, then: str) -> str:
    """A check of one element, then what is done with it; errors stay, an empty cell counts as 0."""
    return f"IF(ISERROR({cell}),{cell},IF(ISNUMBER({cell})+ISBLANK({cell})=0,#VALUE!,IF({cell}{lowest},#NUM!,{then})))"


_CHOICES = ",".join(_given(argument) for argument in ("workload_", "precision_", "snapshot_"))
_USD = "LAMBDA(platform,offer,IF(ISNUMBER(offer),IF(offer>0,offer,#NUM!),TOKOFFER(platform,offer)))"
# an error instead of a platform is the whole answer, whatever the other arguments are
_BOTH = "IF(ISERROR(platform),platform,IF(ISERROR(baseline_),baseline_,{}))"
_ONE = "ROWS(interactivity_)*COLUMNS(interactivity_)=1"


class _Bodies:
    """The body of every function on the curves and prices of a book."""

    def __init__(self, places: Places) -> None:
        self.p = places
        names = {
            "xs": "Interactivity",
            "ys": "Throughput",
            "ms": "Slope",
        }  # as the text of the interpolation calls them
        self.areas = {key: places.knots(name).on("") for key, name in names.items()}
        self.method = places.derived("method").on("")
        self.utilization, self.pue = (places.choice(choice).on("") for choice in ("utilization", "pue"))

    def _of_curve(self, part: str) -> str:
        """A part of the directory of curves."""
        return f"INDEX({self.p.directory(part).on('')},curve)"

    @staticmethod
    def _halving(first: str, count: str, passes: str) -> str:
        """Text for the last of `count` rows from `first` on that passes, by halving; the first one always does."""
        halvings = f"INT(LOG({count},2)+0.001)"  # one too many does no harm, one too few would
        return (
            f"REDUCE({first},2^(SEQUENCE({halvings}+1,1,{halvings},-1)),LAMBDA(kept,stride,"
            f"IF(kept+stride<{first}+{count},IF({passes},kept+stride,kept),kept)))"
        )

    def read(self) -> str:
        """tok/s/GPU of a curve at one interactivity: within its range at once, else as the other helper says."""
        return (
            f"LAMBDA(speed,curve,IFERROR(IF(curve,IF(ISNUMBER(speed)*(speed>={self._of_curve('Lowest')})"
            f"*(speed<={self._of_curve('Highest')}),TOKBETWEEN(speed,TOKKNOT({self._of_curve('Key')}+speed)),NA()),NA()),"
            "TOKOUTSIDE(speed,curve)))"
        )

    def outside(self) -> str:
        """The same at the end of the curve, below its range, and without an answer: errors stay, an empty cell is 0."""
        ys = self.areas["ys"]
        slowest = f"IF({self.p.derived('hold').on('')}=1,INDEX({ys},{self._of_curve('First knot')}),NA())"
        fastest = f"INDEX({ys},{self._of_curve('First knot')}+{self._of_curve('Knots')}-1)"
        inside = (
            f"IF(curve=0,NA(),IF({self._of_curve('Knots')}=0,NA(),IF(speed<{self._of_curve('Lowest')},{slowest},"
            f"IF(speed={self._of_curve('Highest')},{fastest},NA()))))"
        )
        return f"LAMBDA(speed,curve,IF(ISERROR(curve),curve,{_numeric('speed', '<=0', inside)}))"

    def knot(self) -> str:
        """The last knot whose sort key is not above a key: its block, and its place in it."""
        area = self.p.blocks
        side = area.last_row - area.row + 1
        return (
            f"LAMBDA(key,LET(block,MATCH(key,{area.column(0).on('')},1),"
            f"(block-1)*{side}+MATCH(key,INDEX({area.on('')},block,0),1)))"
        )

    def between(self) -> str:
        """Throughput at an interactivity from a knot to the next one."""
        xs, ys = self.areas["xs"], self.areas["ys"]
        return (
            f"LAMBDA(speed,knot,LET(wide,INDEX({xs},knot+1)-INDEX({xs},knot),way,(speed-INDEX({xs},knot))/wide,"
            f"rise,INDEX({ys},knot+1)-INDEX({ys},knot),IF({self.method}=1,INDEX({ys},knot)+{self._cubic('way')},"
            f"TOKSTRAIGHT(knot,way))))"
        )

    def straight(self) -> str:
        """The same without a curve: along the line, or at the next measured point."""
        low, high = (f"INDEX({self.areas['ys']},{knot})" for knot in ("knot", "knot+1"))
        return f"LAMBDA(knot,way,IF({self.method}=2,{low}+({high}-{low})*way,IF(way=0,{low},{high})))"

    def _cubic(self, way: str) -> str:
        """What is added to a knot's throughput on the way to the next: as the readings on Curves, in fewer words."""
        ms = self.areas["ms"]
        bent = f"INDEX({ms},knot)*(1-{way})-INDEX({ms},knot+1)*{way}"
        return f"rise*{way}^2*(3-2*{way})+wide*{way}*(1-{way})*({bent})"

    def tokrate(self) -> str:
        """tok/s/GPU at each interactivity."""
        curve = f"TOKCURVE(platform,model_,{_CHOICES})"
        return (
            f"IF(IFERROR({_ONE},1),TOKREAD(interactivity_,{curve}),LET(curve,{curve},IF(ISERROR(curve),curve,"
            "MAP(interactivity_,LAMBDA(speed,TOKREAD(speed,curve))))))"
        )

    def offer(self) -> str:
        """USD/GPU-hour of a basis, or in use."""
        p = self.p
        return (
            f"LAMBDA(platform,asked,LET(gpu,{name(p, 'platform', 'platform')},"
            f'listed,IF(asked="","",{name(p, "basis", "asked")}),'
            "IF(ISERROR(gpu&listed),gpu&listed,"
            f"LET(line,XMATCH(gpu,{p.menu('platforms').on('')}),"
            f'IF(listed="",INDEX({p.prices_in_use.on("")},line),'
            f"INDEX({p.price_book.on('')},line,XMATCH(listed,{p.bases_header.on('')})))))))"
        )

    @staticmethod
    def tokprice() -> str:
        """USD/GPU-hour."""
        return f"TOKOFFER(platform,{_given('basis_')})"

    def factor(self) -> str:
        """What the cost of a token is multiplied by to put it all on one class of tokens."""
        p = self.p
        named = f'IF(workload_="",{p.choice("workload").on("")},{name(p, "workload", "workload_")})'
        return (
            'LAMBDA(workload_,class,IF(class="",1,IF(TRIM(class)="total",1,'
            f"LET(share,INDEX({p.menu('output shares').on('')},XMATCH({named},{p.menu('workloads').on('')})),"
            'IF(TRIM(class)="output",1/share,IF(TRIM(class)="input",1/(1-share),#VALUE!))))))'
        )

    def full(self) -> str:
        """USD per million tokens; errors of the price or the class of tokens, except #N/A, end it."""
        rate = "TOKRATE(platform,model_,interactivity_,workload_,precision_,snapshot_)"
        return (
            "LAMBDA(platform,model_,interactivity_,price,workload_,precision_,snapshot_,tokens,"
            "LET(usd,TOKUSD(platform,price),factor,TOKCLASS(workload_,tokens),IF(ISERR(usd),usd,IF(ISERR(factor),factor,"
            f"factor*1000000/(3600*{rate}*{self.utilization})*usd))))"
        )

    def usual(self) -> str:
        """The same under the choices made: two names to find, one curve to read."""
        p = self.p
        curve = (
            f"INDEX({p.in_use('Curves').on('')},XMATCH(model_,{p.menu('models').on('')}),"
            f"XMATCH(platform,{p.platform_fact(1).on('')}))"
        )
        usd = f"INDEX({p.prices_in_use.on('')},XMATCH(platform,{p.menu('platforms').on('')}))"
        cost = f"1000000*{usd}/(3600*TOKREAD(interactivity_,{curve})*{self.utilization})"
        return (
            f"LAMBDA(platform,model_,interactivity_,IFERROR(IF({_ONE},{cost},NA()),"
            'TOKFULL(platform,model_,interactivity_,"","","","","")))'
        )

    @staticmethod
    def tokcost() -> str:
        """USD per million tokens."""
        optional = ("price", "workload_", "precision_", "snapshot_", "tokens")
        left_out = ",".join(f"ISOMITTED({a})" for a in optional)
        given = ",".join(f'IF(ISOMITTED({a}),"",{a})' for a in optional)  # TOKFULL takes an empty cell as it takes ""
        return f"IF(AND({left_out}),TOKUSUAL(platform,model_,interactivity_),TOKFULL(platform,model_,interactivity_,{given}))"

    @staticmethod
    def _rate(platform: str) -> str:
        return f"TOKRATE({platform},model_,interactivity_,{_CHOICES})"

    @staticmethod
    def tokperusd() -> str:
        """Tokens per USD."""
        return f"1000000/TOKCOST(platform,model_,interactivity_,{_given('price')},{_CHOICES},{_given('tokens')})"

    @staticmethod
    def tokgain() -> str:
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
            f"LET(usd,TOKUSD(baseline_,{_given('baseline_price')}),"
            f"own,{self._rate('platform')},base,{self._rate('baseline_')},"
            "IF(ISERR(usd),usd,IF(ISERR(own),own,IF(ISERR(base),base,own/base*usd))))"
        )

    def tokspeed(self) -> str:
        """The highest interactivity within a budget: the knot found by halving, then the way to the next by halving 48 times."""
        xs, ys = self.areas["xs"], self.areas["ys"]
        knot = self._halving("start", "held", f"INDEX({ys},kept+stride)>=needed")
        inside = (
            f"LET(since,INDEX({xs},knot),wide,INDEX({xs},knot+1)-since,low,INDEX({ys},knot),rise,INDEX({ys},knot+1)-low,"
            f"IF({self.method}=3,since,since+wide*IF({self.method}=2,(needed-low)/rise,"
            f"REDUCE(0,SEQUENCE(48),LAMBDA(way,turn,LET(trial,way+2^(-turn),"
            f"IF(MAX(low+rise,low+{self._cubic('trial')})>=needed,trial,way)))))))"
        )
        search = (
            "IF(held=0,NA(),LET("
            f"needed,factor*1000000/(3600*spend*{self.utilization})*usd*(1-{SLACK:.12f}),"
            f"IF(INDEX({ys},start)<needed,NA(),LET(knot,{knot},IF(knot=start+held-1,INDEX({xs},knot),{inside})))))"
        )
        return (
            f"LET(curve,TOKCURVE(platform,model_,{_CHOICES}),IF(ISERROR(curve),curve,"
            f"LET(held,IF(curve=0,0,{self._of_curve('Knots')}),start,IF(curve=0,0,{self._of_curve('First knot')}),"
            f"usd,TOKUSD(platform,{_given('price')}),factor,TOKCLASS({_given('workload_')},{_given('tokens')}),"
            "IF(ISERR(usd),usd,IF(ISERR(factor),factor,"
            f"MAP(budget,LAMBDA(spend,{_numeric('spend', '<=0', search)})))))))"
        )

    def _fact(self, column: int) -> str:
        """A number of the platform facts, #N/A where no source states it."""
        names = self.p.platform_fact(1).on("")
        look = f"INDEX({self.p.platform_fact(column).on('')},XMATCH({name(self.p, 'platform', 'platform')},{names}))"
        return f"LET(fact,{look},IF(ISNUMBER(fact),fact,NA()))"

    def tokpermw(self) -> str:
        """tok/s/MW."""
        return f"1000*{self._rate('platform')}/({self._fact(KILOWATT)}*{self.pue})"

    def tokgpus(self) -> str:
        """GPUs in whole scale-up domains; a billionth of a domain is rounding, not a user.

        Below a curve that holds its slowest point, users are served at that point's speed.
        """
        asked = f"MAP(users,LAMBDA(crowd,{_numeric('crowd', '<0', 'crowd')}))"
        return (
            f"LET(curve,TOKCURVE(platform,model_,{_CHOICES}),IF(ISERROR(curve),curve,"
            f'LET(slowest,IF(curve=0,0,{self._of_curve("Lowest")}),factor,TOKCLASS({_given("workload_")},"output"),'
            f"domain,{self._fact(DOMAIN)},made,{self._rate('platform')},asked,{asked},"
            "pace,MAP(interactivity_,LAMBDA(speed,IF(ISNUMBER(speed),MAX(speed,slowest),speed))),"
            "-INT(0.000000001-pace/made*asked*factor/domain)*domain)))"
        )
