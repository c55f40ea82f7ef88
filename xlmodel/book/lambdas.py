"""The functions as Excel text: named LAMBDAs over the areas of a book, as a person would type them.

They read the same cells as the sheets do, so they follow every edit. Each text resolves its names, finds
the curve in the index, and then reads it by the same interpolation as the readings on Curves.
"""

from xlmodel.book.address import Area
from xlmodel.book.places import Places
from xlmodel.book.sheets.platforms import DOMAIN, KILOWATT
from xlmodel.book.sheets.readings import curve_areas
from xlmodel.domain.functions import SLACK
from xlmodel.domain.point import LATEST
from xlmodel.domain.spelling import IGNORED
from xlmodel.formulas.functions import FUNCTIONS

_STRIPPED = ",".join(f'"{part}"' for part in IGNORED)
HELPER = "TOKNAME"
HELPER_COMMENT = (
    "Used by the other functions: the name that a text means, by its spelling; a date is the snapshot of that day."
)
# a name as listed, by another spelling, or as a typed row brings it
_HELPER_TEXT = (
    "LAMBDA(text_,listed,spellings,meanings,typed,LET("
    'dated,IF(ISNUMBER(text_),IF((text_>=32874)*(text_<73051),YEAR(text_)&"-"&TEXT(MONTH(text_),"00")&"-"&TEXT(DAY(text_),"00"),""),text_),'
    'words,TRIM(dated),IF(words="",#VALUE!,IFERROR(INDEX(listed,XMATCH(words,listed)),IFERROR(INDEX(meanings,XMATCH('
    f'REDUCE(LOWER(words),{{{_STRIPPED}}},LAMBDA(bare,part,SUBSTITUTE(bare,part,""))),spellings)),'
    "IFERROR(INDEX(typed,XMATCH(words,typed)),#VALUE!))))))"
)


def texts(places: Places) -> dict[str, str]:
    """Name -> text of each function, in the order of the registry."""
    bodies = _Bodies(places)
    out = {HELPER: _HELPER_TEXT}
    for function in FUNCTIONS:
        parameters = ",".join(f"[{a.variable}]" if a.optional else a.variable for a in function.arguments)
        body: str = getattr(bodies, function.name.lower())()
        out[function.name] = f"LAMBDA({parameters},{body})"
    return out


def _given(name: str) -> str:
    """An optional argument; left out and empty are the same, and both are the empty text."""
    return f'IF(ISOMITTED({name}),"",IF({name}="","",{name}))'


def _numeric(cell: str, lowest: str, then: str) -> str:
    """A check of one element, then what is done with it; errors stay, an empty cell counts as 0."""
    return f"IF(ISERROR({cell}),{cell},IF(ISNUMBER({cell})+ISBLANK({cell})=0,#VALUE!,IF({cell}{lowest},#NUM!,{then})))"


class _Bodies:
    """The body of every function."""

    def __init__(self, places: Places) -> None:
        self.p = places
        self.areas = curve_areas(places, "")

    def _area(self, area: Area) -> str:
        return area.on("")

    def _find(self, kind: str, text: str) -> str:
        """The name that a text means; #VALUE! when it is unknown."""
        p = self.p
        listed = {
            "platform": p.platform_fact(1), "model": p.menu("models"), "workload": p.menu("workloads"),
            "precision": p.menu("codes"), "snapshot": p.menu("snapshots"), "basis": p.menu("bases"),
        }[kind]  # fmt: skip
        keys, means = p.spelt(kind)
        typed = p.index(kind.capitalize()) if kind in ("platform", "model", "workload", "snapshot") else listed
        areas = ",".join(self._area(area) for area in (listed, keys, means, typed))
        return f"{HELPER}({text},{areas})"

    def _or_choice(self, kind: str, argument: str) -> str:
        """The name an optional argument means, or the scenario's."""
        choice = self.p.choice(kind).on("")
        return f'IF(ISOMITTED({argument}),{choice},IF({argument}="",{choice},{self._find(kind, argument)}))'

    def _curve(self, then: str) -> str:
        """Finds the curve: how many knots it has (`held`) and where they begin (`start`)."""
        p = self.p
        newest = f'IFERROR(INDEX({self._area(p.newest)},XMATCH(llm,{self._area(p.menu("models"))})),"none")'
        snapshot = f'IF(label="{LATEST}",{newest},label)'
        return (
            f"LET(llm,{self._find('model', 'model_')},gpu,{self._find('platform', 'platform')},"
            f"load,{self._or_choice('workload', 'workload_')},label,{self._or_choice('snapshot', 'snapshot_')},"
            f"kind,{self._or_choice('precision', 'precision_')},"
            f'every,llm&"|"&gpu&"|"&load&"|"&{snapshot},'
            f"IF(ISERROR(every&kind),every&kind,LET("
            f"family,XMATCH(every,{self._area(p.index('Key'))}),spot,XMATCH(kind,{self._area(p.menu('codes'))}),"
            f"held,IFERROR(INDEX({self._area(p.index('Knots'))},family,spot),0),"
            f"start,IF(held=0,1,INDEX({self._area(p.index('First knot'))},family,spot)),{then})))"
        )

    def tokrate(self) -> str:
        """tok/s/GPU at each interactivity."""
        p, xs = self.p, self.areas["xs"]
        hold = p.derived("hold").on("")
        return self._curve(
            f"slowest,INDEX({xs},start),fastest,INDEX({xs},start+held-1),"
            "read,LAMBDA(speed,"
            + _numeric(
                "speed", "<=0",
                f"IF(held=0,NA(),IF(speed>fastest,NA(),IF((speed<slowest)*({hold}<>1),NA(),"
                "LET(reach,IF(speed<slowest,slowest,speed),"
                f"knot,start+{self._halving()},"
                f"since,INDEX({xs},knot),wide,INDEX({xs},knot+1)-since,way,IF(reach=since,0,(reach-since)/wide),"
                f"{self._between('way', p.derived('method').on(''))}))))",
            )
            + "),IF(ROWS(interactivity_)*COLUMNS(interactivity_)=1,read(interactivity_),MAP(interactivity_,read))"
        )  # fmt: skip

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

    def _halving(self) -> str:
        """Knots of the curve below the one to read from, by halving: a search of the whole column costs more."""
        strides = [str(2**i) for i in range(self.p.knot_rows.bit_length() - 1, -1, -1)]
        return (
            f"REDUCE(0,{{{','.join(strides)}}},LAMBDA(passed,stride,IF(passed+stride<held,"
            f"IF(INDEX({self.areas['xs']},start+passed+stride)<=reach,passed+stride,passed),passed)))"
        )

    def tokprice(self) -> str:
        """USD/GPU-hour."""
        p = self.p
        return (
            f"LET(gpu,{self._find('platform', 'platform')},asked,{_given('basis_')},"
            f'listed,IF(asked="","",{self._find("basis", "asked")}),'
            "IF(ISERROR(gpu&listed),gpu&listed,"
            f"LET(line,XMATCH(gpu,{self._area(p.menu('platforms'))}),"
            f'IF(listed="",INDEX({self._area(p.prices_in_use)},line),'
            f"INDEX({self._area(p.price_book)},line,XMATCH(listed,{self._area(p.bases_header)}))))))"
        )

    @staticmethod
    def _usd(platform: str, price: str) -> str:
        return f"IF(ISNUMBER({price}),IF({price}>0,{price},#NUM!),TOKPRICE({platform},{price}))"

    def _factor(self, asked: str) -> str:
        """What the cost of a token is multiplied by to put it all on one class of tokens."""
        p = self.p
        named = self._or_choice("workload", "workload_")
        share = f"INDEX({self._area(p.menu('output shares'))},XMATCH({named},{self._area(p.menu('workloads'))}))"
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

    def _rate(self, platform: str, speed: str = "interactivity_") -> str:
        choices = ",".join(_given(name) for name in ("workload_", "precision_", "snapshot_"))
        return f"TOKRATE({platform},model_,{speed},{choices})"

    @property
    def _utilization(self) -> str:
        return self.p.choice("utilization").on("")

    def tokcost(self) -> str:
        """USD per million tokens."""
        return self._money(f"factor*1000000/(3600*{self._rate('platform')}*{self._utilization})*usd")

    def tokperusd(self) -> str:
        """Tokens per USD."""
        choices = ",".join(_given(n) for n in ("price", "workload_", "precision_", "snapshot_", "tokens"))
        return f"1000000/TOKCOST(platform,model_,interactivity_,{choices})"

    def tokgain(self) -> str:
        """Performance per dollar against the baseline."""
        choices = ",".join(_given(n) for n in ("workload_", "precision_", "snapshot_"))
        return _BOTH.format(
            f"LET(offer,{_given('price')},asked,{_given('baseline_price')},"
            'other,IF(asked="",IF(ISTEXT(offer),offer,""),asked),'
            f"own,TOKCOST(platform,model_,interactivity_,offer,{choices}),"
            f"base,TOKCOST(baseline_,model_,interactivity_,other,{choices}),"
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
        p, xs, ys = self.p, self.areas["xs"], self.areas["ys"]
        method = p.derived("method").on("")
        trial = self._between("trial", "1")
        curves = self._area(p.knots("Curve"))
        inside = (
            f"LET(knot,start+fit-1,since,INDEX({xs},knot),wide,INDEX({xs},knot+1)-since,IF({method}=3,since,since+wide*"
            f"IF({method}=2,(INDEX({ys},knot)-needed)/(INDEX({ys},knot)-INDEX({ys},knot+1)),"
            f"REDUCE(0,SEQUENCE(48),LAMBDA(way,turn,LET(trial,way+2^-turn,IF({trial}>=needed,trial,way)))))))"
        )
        search = (
            f"IF(held=0,NA(),LET(needed,factor*1000000/(3600*spend*{self._utilization})*usd*(1-{SLACK:.12f}),"
            f"fit,SUMPRODUCT(({curves}=INDEX({curves},start))*({ys}>=needed)),"
            f"IF(fit=0,NA(),IF(fit=held,INDEX({xs},start+held-1),{inside}))))"
        )
        return self._curve(self._money(f"MAP(budget,LAMBDA(spend,{_numeric('spend', '<=0', search)}))"))

    def _fact(self, column: int) -> str:
        """A number of the platform facts, #N/A where no source states it."""
        p = self.p
        names = self._area(p.platform_fact(1))
        look = f"INDEX({self._area(p.platform_fact(column))},XMATCH({self._find('platform', 'platform')},{names}))"
        return f"LET(fact,{look},IF(ISNUMBER(fact),fact,NA()))"

    def tokpermw(self) -> str:
        """tok/s/MW."""
        return f"1000*{self._rate('platform')}/{self._fact(KILOWATT)}"

    def tokgpus(self) -> str:
        """GPUs in whole scale-up domains; a billionth of a domain is rounding, not a user.

        Below a curve that holds its slowest point, users are served at that point's speed.
        """
        asked = f"MAP(users,LAMBDA(crowd,{_numeric('crowd', '<0', 'crowd')}))"
        quoted = '"output"'
        return self._curve(
            f"slowest,IF(held=0,0,INDEX({self.areas['xs']},start)),factor,{self._factor(quoted)},"
            f"domain,{self._fact(DOMAIN)},made,{self._rate('platform')},asked,{asked},"
            "pace,MAP(interactivity_,LAMBDA(speed,IF(ISNUMBER(speed),MAX(speed,slowest),speed))),"
            "-INT(0.000000001-pace/made*asked*factor/domain)*domain"
        )

    def tokinterp(self) -> str:
        """Own points, sorted; Steffen's slopes of the two knots around each target."""
        return (
            f'LET(asked,{_given("method")},means,IF(asked="",1,IF(TRIM(asked)="Steffen",1,IF(TRIM(asked)="linear",2,#VALUE!))),'
            f"{_POINTS.format(usable='1')}"
            "IF(SUM(usable)=0,MAP(target,LAMBDA(goal," + _numeric("goal", "<-1E300", "NA()") + ")),"
            "LET(across,FILTER(TOCOL(xs),TOCOL(usable)),up,FILTER(TOCOL(ys),TOCOL(usable)),"
            "all_x,SORTBY(across,across,1,up,-1),all_y,SORTBY(up,across,1,up,-1),"
            'fresh,all_x<>TAKE(VSTACK("",all_x),ROWS(all_x)),px,FILTER(all_x,fresh),py,FILTER(all_y,fresh),total,ROWS(px),'
            "wide,LAMBDA(ii,INDEX(px,ii+1)-INDEX(px,ii)),"
            "secant,LAMBDA(ii,(INDEX(py,ii+1)-INDEX(py,ii))/wide(ii)),"
            "bend,LAMBDA(ii,LET(was,secant(ii-1),goes,secant(ii),(IF(was<0,-1,1)+IF(goes<0,-1,1))*MIN(ABS(was),ABS(goes),"
            "ABS(was*wide(ii)+goes*wide(ii-1))/(wide(ii-1)+wide(ii))/2))),"
            "tangent,LAMBDA(ii,IF(total=2,secant(1),IF(ii=1,(3*secant(1)-bend(2))/2,"
            "IF(ii=total,(3*secant(total-1)-bend(total-1))/2,bend(ii))))),"
            "MAP(target,LAMBDA(goal,"
            + _numeric(
                "goal", "<-1E300",
                "LET(spot,IFERROR(XMATCH(goal+0,px,-1),0),IF(spot=0,NA(),IF(goal>INDEX(px,total),NA(),IF(goal=INDEX(px,spot),INDEX(py,spot),"
                "LET(low,INDEX(py,spot),high,INDEX(py,spot+1),way,(goal-INDEX(px,spot))/wide(spot),IF(means=2,low+(high-low)*way,"
                "MEDIAN(low,high,low*(1+2*way)*(1-way)^2+high*way^2*(3-2*way)"
                "+wide(spot)*way*(1-way)*(tangent(spot)*(1-way)-tangent(spot+1)*way))))))))",
            )
            + "))))))))"
        )  # fmt: skip

    def tokfrontier(self) -> str:
        """Own points from the fastest down; one stays when it makes more than every faster one."""
        return (
            f"LET(means,1,{_POINTS.format(usable='(across>0)*(up>0)')}"
            "IF(SUM(usable)=0,NA(),"
            "LET(across,FILTER(TOCOL(xs),TOCOL(usable)),up,FILTER(TOCOL(ys),TOCOL(usable)),"
            "all_x,SORTBY(across,across,-1,up,-1),all_y,SORTBY(up,across,-1,up,-1),"
            "best,SCAN(0,all_y,LAMBDA(most,one,MAX(most,one))),keep,all_y>TAKE(VSTACK(0,best),ROWS(all_y)),"
            "SORT(HSTACK(FILTER(all_x,keep),FILTER(all_y,keep)),1,1)))))))"
        )


# an error instead of a platform is the whole answer, whatever the other arguments are
_BOTH = "IF(ISERROR(platform),platform,IF(ISERROR(baseline_),baseline_,{}))"
# pairs in which both cells hold a number; ranges of different shape are no pairs
_POINTS = (
    "IF(ISERROR(means),means,IF((ROWS(xs)<>ROWS(ys))+(COLUMNS(xs)<>COLUMNS(ys)),#VALUE!,"
    "LET(usable,MAP(xs,ys,LAMBDA(across,up,IF(ISNUMBER(across),IF(ISNUMBER(up),{usable},0),0))),"
)
