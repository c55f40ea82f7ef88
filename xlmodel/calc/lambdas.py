"""The functions as Excel text: named LAMBDAs over the areas of a book, as a person would type them.

They read the same cells as the sheets do, so they follow every edit. Each text resolves its names, finds
the curve in the directory of curves, and then reads it by the same interpolation as the readings on Curves.

An engine that copies a text at every call is as fast as the text is short: what a usual call needs stands alone, and
what other calls need in helpers of their own. For the same reason a value is read twice from its cell rather than named
once, and tested by a difference rather than by a comparison.
"""

from collections.abc import Mapping, Sequence

from xlmodel.calc import lambdas_names, lambdas_own
from xlmodel.calc.lambdas_curve import CurveTexts, numeric
from xlmodel.calc.lambdas_names import Cells, name, placed

HELPERS = {
    **lambdas_names.HELPERS,
    "TOKRATES": "tok/s/GPU of a curve at each interactivity.",
    "TOKREAD": "tok/s/GPU of a curve at one interactivity.",
    "TOKKNOT": "the knot at or before a sort key.",
    "TOKBETWEEN": "tok/s/GPU at an interactivity from a knot on.",
    "TOKBEND": "the same, at a distance and a share of the way to the next knot.",
    "TOKSTRAIGHT": "the same without a curve.",
    "TOKOUTSIDE": "tok/s/GPU at the ends of a curve, or why there is none.",
    "TOKOFFER": "USD/GPU-hour of a basis, or the price in use for an empty text.",
    "TOKUSD": "USD/GPU-hour by a price that is a number or the name of a basis.",
    "TOKCLASS": "what the cost of a token is multiplied by to put it all on one class of tokens.",
    "TOKFULL": "TOKCOST with any argument; an empty text is the scenario's.",
    "TOKUSUAL": "TOKCOST under the choices made, by the places of the names in their lists.",
}


def texts(cells: Cells, functions: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Name -> text of each helper and function.

    Args:
        cells: that they read.
        functions: parameters of each function, as a LAMBDA writes them: in brackets where they may be left out.
    """
    bodies = _Bodies(cells)
    out = lambdas_names.texts(cells)
    out |= {
        "TOKRATES": bodies.rates(), "TOKREAD": bodies.read(), "TOKKNOT": bodies.knot(), "TOKBETWEEN": bodies.between(),
        "TOKBEND": bodies.bend(), "TOKSTRAIGHT": bodies.straight(), "TOKOUTSIDE": bodies.outside(),
        "TOKOFFER": bodies.offer(), "TOKUSD": _USD, "TOKCLASS": bodies.factor(), "TOKFULL": bodies.full(),
        "TOKUSUAL": bodies.usual(),
    }  # fmt: skip
    own = {"TOKINTERP": lambdas_own.INTERP, "TOKFRONTIER": lambdas_own.FRONTIER}
    for function, parameters in functions.items():
        body = own.get(function) or getattr(bodies, function.lower())()
        out[function] = f"LAMBDA({','.join(parameters)},{body})"
    return out


def _given(argument: str) -> str:
    """An optional argument; left out and empty are the same, and both are the empty text."""
    return f'IF(ISOMITTED({argument}),"",IF({argument}="","",{argument}))'


_CHOICES = ",".join(_given(argument) for argument in ("workload_", "precision_", "snapshot_"))
_USD = "LAMBDA(platform,offer,IF(ISNUMBER(offer),IF(offer>0,offer,#NUM!),TOKOFFER(platform,offer)))"
# an error instead of a platform is the whole answer, whatever the other arguments are
_BOTH = "IF(ISERROR(platform),platform,IF(ISERROR(baseline_),baseline_,{}))"
_OPTIONS = ("price", "workload_", "precision_", "snapshot_", "tokens")


class _Bodies(CurveTexts):
    """The body of every function on the curves and prices of a book."""

    @staticmethod
    def tokrate() -> str:
        """tok/s/GPU at each interactivity."""
        return f"TOKRATES(interactivity_,TOKCURVE(platform,model_,{_CHOICES}))"

    def offer(self) -> str:
        """USD/GPU-hour of a basis, or in use."""
        cells = self.cells
        return (
            f"LAMBDA(platform,asked,LET(gpu,{name(cells, 'platform', 'platform')},"
            f'listed,IF(asked="","",{name(cells, "basis", "asked")}),'
            "IF(ISERROR(gpu&listed),gpu&listed,"
            f"LET(line,XMATCH(gpu,{cells.area('menu.platforms')}),"
            f'IF(listed="",INDEX({cells.area("prices.in_use")},line),'
            f"INDEX({cells.area('prices.book')},line,XMATCH(listed,{cells.area('prices.bases')})))))))"
        )

    @staticmethod
    def tokprice() -> str:
        """USD/GPU-hour."""
        return f"TOKOFFER(platform,{_given('basis_')})"

    def factor(self) -> str:
        """What the cost of a token is multiplied by to put it all on one class of tokens."""
        cells = self.cells
        named = f'IF(workload_="",{cells.cell("scenario.workload")},{name(cells, "workload", "workload_")})'
        return (
            'LAMBDA(workload_,class,IF(class="",1,IF(TRIM(class)="total",1,'
            f"LET(share,INDEX({cells.area('menu.output_shares')},XMATCH({named},{cells.area('menu.workloads')})),"
            'IF(TRIM(class)="output",1/share,IF(TRIM(class)="input",1/(1-share),#VALUE!))))))'
        )

    def full(self) -> str:
        """USD per million tokens; errors of the price or the class of tokens, except #N/A, end it.

        Arguments are handed on as they came, left out or not; an empty cell is taken as an empty text.
        """
        price, workload, precision, snapshot, tokens = (f'IF(ISOMITTED({a}),"",{a})' for a in _OPTIONS)
        rate = f"TOKRATE(platform,model_,interactivity_,{workload},{precision},{snapshot})"
        return (
            f"LAMBDA(platform,model_,interactivity_,{','.join(f'[{a}]' for a in _OPTIONS)},"
            f"LET(usd,TOKUSD(platform,{price}),factor,TOKCLASS({workload},{tokens}),"
            "IF(ISERR(usd),usd,IF(ISERR(factor),factor,"
            f"factor*1000000/(3600*{rate}*{self.utilization})*usd))))"
        )

    def usual(self) -> str:
        """The same under the choices made, by the places of the model and of the platform: one curve to read.

        Costs at 1 tok/s/GPU stand in one row: asked for the second one, as by a range, it has none.
        """
        curve, at_one = f"INDEX({self.cells.area('curves_in_use')},llm,gpu)", self.cells.area("cost_in_use.at_one")
        return (
            "LAMBDA(platform,model_,interactivity_,llm,gpu,"
            f"IF(ISNUMBER({curve}+INDEX({at_one},ROWS(interactivity_)*COLUMNS(interactivity_),gpu)),"
            f"INDEX({at_one},gpu)/TOKREAD(interactivity_,{curve}),TOKFULL(platform,model_,interactivity_)))"
        )

    def tokcost(self) -> str:
        """USD per million tokens."""
        left_out = ",".join(f"ISOMITTED({a})" for a in _OPTIONS)
        places = ",".join(placed(self.cells, *what) for what in (("model", "model_"), ("platform", "platform")))
        return (
            f"IF(AND({left_out}),TOKUSUAL(platform,model_,interactivity_,{places}),"
            f"TOKFULL(platform,model_,interactivity_,{','.join(_OPTIONS)}))"
        )

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
        xs, ys = self.xs, self.ys
        knot = self.halving("start", "held", f"INDEX({ys},kept+stride)>=needed")
        inside = (
            f"LET(since,INDEX({xs},knot),wide,INDEX({xs},knot+1)-since,low,INDEX({ys},knot),rise,INDEX({ys},knot+1)-low,"
            f"IF({self.method}=3,since,since+wide*IF({self.method}=2,(needed-low)/rise,"
            f"REDUCE(0,SEQUENCE(48),LAMBDA(way,turn,LET(trial,way+2^(-turn),"
            f"IF(MAX(low+rise,low+{self.cubic('trial')})>=needed,trial,way)))))))"
        )
        search = (
            "IF(held=0,NA(),LET("
            f"needed,factor*1000000/(3600*spend*{self.utilization})*usd*(1-{self.cells.slack:.12f}),"
            f"IF(INDEX({ys},start)<needed,NA(),LET(knot,{knot},IF(knot=start+held-1,INDEX({xs},knot),{inside})))))"
        )
        return (
            f"LET(curve,TOKCURVE(platform,model_,{_CHOICES}),IF(ISERROR(curve),curve,"
            f"LET(held,IF(curve=0,0,{self.of_curve('knots')}),start,IF(curve=0,0,{self.of_curve('first_knot')}),"
            f"usd,TOKUSD(platform,{_given('price')}),factor,TOKCLASS({_given('workload_')},{_given('tokens')}),"
            "IF(ISERR(usd),usd,IF(ISERR(factor),factor,"
            f"MAP(budget,LAMBDA(spend,{numeric('spend', '<=0', search)})))))))"
        )

    def _fact(self, key: str) -> str:
        """A number of the platform facts, #N/A where no source states it."""
        names = self.cells.area("platforms.platform")
        look = (
            f"INDEX({self.cells.area(f'platforms.{key}')},XMATCH({name(self.cells, 'platform', 'platform')},{names}))"
        )
        return f"LET(fact,{look},IF(ISNUMBER(fact),fact,NA()))"

    def tokpermw(self) -> str:
        """tok/s/MW."""
        return f"1000*{self._rate('platform')}/({self._fact('kilowatt')}*{self.pue})"

    def tokgpus(self) -> str:
        """GPUs in whole scale-up domains; a billionth of a domain is rounding, not a user.

        Below a curve that holds its slowest point, users are served at that point's speed.
        """
        asked = f"MAP(users,LAMBDA(crowd,{numeric('crowd', '<0', 'crowd')}))"
        return (
            f"LET(curve,TOKCURVE(platform,model_,{_CHOICES}),IF(ISERROR(curve),curve,"
            f'LET(slowest,IF(curve=0,0,{self.of_curve("lowest")}),factor,TOKCLASS({_given("workload_")},"output"),'
            f"domain,{self._fact('domain')},made,{self._rate('platform')},asked,{asked},"
            "pace,MAP(interactivity_,LAMBDA(speed,IF(ISNUMBER(speed),MAX(speed,slowest),speed))),"
            "-INT(0.000000001-pace/made*asked*factor/domain)*domain)))"
        )
