"""The Python twins of the workbook's functions: same names, arguments, units and errors.

`interactivity`, `users`, `budget` and `target` may be a range (a list of rows); the answer then has its
shape. An error among the arguments is the answer, as in a cell. An optional argument that is None or ""
is the scenario's.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property

from xlmodel.domain.curve import MEASURED, STEFFEN, Curve, hermite
from xlmodel.domain.market import EMPTY, Market
from xlmodel.domain.ownpoints import tokfrontier, tokinterp
from xlmodel.domain.point import LATEST, Group
from xlmodel.domain.ranges import Answer, Cells, Range, both, each, number
from xlmodel.domain.scenario import output_share
from xlmodel.domain.spelling import Spelling
from xlmodel.formulas.values import DIV0, NA, NUM, VALUE, ExcelError, Value

SLACK = 1e-12  # a budget taken from TOKCOST itself must not fail by its last digit
_FIRST_DAY, _LAST_DAY = 32874, 73051  # serial numbers of 1990-01-01 and 2100-01-01


class Functions:
    """The functions on one market."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def __call__(self, name: str, *arguments: Cells) -> Answer:
        """Call a function by its name in the workbook."""
        twin: Callable[..., Answer] = getattr(self, name.lower())
        return twin(*arguments)

    # --- names ----------------------------------------------------------------------------------

    @cached_property
    def _spelling(self) -> dict[str, Spelling]:
        inputs, groups = self.market.inputs, self.market.groups
        return {
            "platform": Spelling("platform", (p.platform for p in inputs.platforms), (g.platform for g in groups)),
            "model": Spelling("model", inputs.models, (g.model for g in groups)),
            "workload": Spelling("workload", inputs.workloads, (g.workload for g in groups)),
            "precision": Spelling("precision", self.market.codes),
            "snapshot": Spelling("snapshot", self._snapshots, (g.snapshot for g in groups)),
            "basis": Spelling("basis", self.market.inputs.bases),
        }

    @property
    def _snapshots(self) -> tuple[str, ...]:
        return (*(s.label for s in self.market.inputs.snapshots), LATEST)

    def _name(self, kind: str, given: Value, default: str = "") -> str | ExcelError:
        """The name an argument means; `default` when it is left out."""
        if isinstance(given, ExcelError):
            return given
        if given is None or given == "":
            return default or VALUE
        if kind == "snapshot" and isinstance(given, int | float) and not isinstance(given, bool):
            if not _FIRST_DAY <= given < _LAST_DAY:
                return VALUE
            given = (date(1899, 12, 30) + timedelta(days=int(given))).isoformat()
        if isinstance(given, bool):
            given = str(given).upper()
        if isinstance(given, int | float):
            given = f"{given:.15g}"
        return self._spelling[kind](given) or VALUE

    def _curve(
        self, platform: Value, model: Value, workload: Value, precision: Value, snapshot: Value
    ) -> Curve | ExcelError:
        """The curve that the names mean; empty when there is none."""
        s = self.market.scenario
        found: dict[str, str] = {}
        for kind, given, default in (
            ("model", model, ""), ("platform", platform, ""), ("workload", workload, s.workload),
            ("snapshot", snapshot, s.snapshot), ("precision", precision, s.precision),
        ):  # fmt: skip
            name = self._name(kind, given, default)
            if isinstance(name, ExcelError):
                return name
            found[kind] = name
        if found["snapshot"] == LATEST:
            if found["model"] not in self.market.inputs.models:
                return EMPTY  # a model that only typed rows bring has no newest snapshot
            found["snapshot"] = self.market.snapshot_of(found["model"], LATEST)
        group = Group(found["model"], found["platform"], found["workload"], found["snapshot"])
        if found["precision"] not in self.market.codes:
            return EMPTY
        code = self.market.codes.index(found["precision"])
        return self.market.curves.get((self.market.number.get(group, 0), code), EMPTY)

    # --- functions ------------------------------------------------------------------------------

    def tokrate(
        self, platform: Value, model: Value, interactivity: Cells, workload: Value = None, precision: Value = None,
        snapshot: Value = None,
    ) -> Answer:  # fmt: skip
        """tok/s/GPU."""
        curve = self._curve(platform, model, workload, precision, snapshot)
        s = self.market.scenario
        if isinstance(curve, ExcelError):
            return curve

        def read(speed: float) -> Value:
            return NUM if speed <= 0 else curve.throughput(speed, s.interpolation, s.below_range)

        return each(lambda cell: number(cell, read, blank=True), interactivity)

    def tokprice(self, platform: Value, basis: Value = None) -> Value:
        """USD/GPU-hour."""
        name = self._name("platform", platform)
        listed = "" if basis is None or basis == "" else self._name("basis", basis)
        for found in (name, listed):
            if isinstance(found, ExcelError):
                return found
        if not any(point.platform == name for point in self.market.inputs.points):
            return NA  # the price book has a row for each platform of the table
        return self.market.price(str(name), str(listed))

    def _usd(self, platform: Value, price: Value) -> Value:
        if isinstance(price, int | float) and not isinstance(price, bool):
            return price if price > 0 else NUM
        return price if isinstance(price, ExcelError) else self.tokprice(platform, price)

    def _factor(self, workload: Value, tokens: Value) -> float | ExcelError:
        """What the cost of one token in all is multiplied by to put it all on one class."""
        if isinstance(tokens, ExcelError):
            return tokens
        kind = str("" if tokens is None else tokens).strip(" ").lower()
        if tokens is None or tokens == "" or kind == "total":
            return 1.0
        if kind not in ("output", "input"):
            return VALUE
        name = self._name("workload", workload, self.market.scenario.workload)
        if isinstance(name, ExcelError):
            return name
        if name not in self.market.inputs.workloads:
            return NA
        share = output_share(name)
        return 1 / share if kind == "output" else 1 / (1 - share)

    def tokcost(
        self, platform: Value, model: Value, interactivity: Cells, price: Value = None, workload: Value = None,
        precision: Value = None, snapshot: Value = None, tokens: Value = None,
    ) -> Answer:  # fmt: skip
        """USD per million tokens."""
        usd, factor = self._usd(platform, price), self._factor(workload, tokens)
        for found in (usd, factor):
            if isinstance(found, ExcelError) and found != NA:
                return found
        rates = self.tokrate(platform, model, interactivity, workload, precision, snapshot)

        def cost(rate: Value) -> Value:
            for found in (factor, rate, usd):
                if isinstance(found, ExcelError):
                    return found
            made = rate * 0.0036 * self.market.scenario.utilization  # type: ignore[operator]
            return factor * usd / made if made else DIV0  # type: ignore[operator]

        return each(cost, rates)

    def tokperusd(self, *arguments: Cells) -> Answer:
        """Tokens per USD; arguments as TOKCOST."""
        return each(lambda cell: cell if isinstance(cell, ExcelError) else 1e6 / cell, self.tokcost(*arguments))  # type: ignore[operator,arg-type]

    def tokgain(
        self, platform: Value, baseline: Value, model: Value, interactivity: Cells, price: Value = None,
        baseline_price: Value = None, workload: Value = None, precision: Value = None, snapshot: Value = None,
    ) -> Answer:  # fmt: skip
        """Performance per dollar, as a multiple."""
        for who in (platform, baseline):
            if isinstance(who, ExcelError):
                return who
        if baseline_price in (None, "") and isinstance(price, str):
            baseline_price = price
        own = self.tokcost(platform, model, interactivity, price, workload, precision, snapshot)
        base = self.tokcost(baseline, model, interactivity, baseline_price, workload, precision, snapshot)
        return _pair(own, base, lambda x, y: y / x)

    def tokbreakeven(
        self, platform: Value, baseline: Value, model: Value, interactivity: Cells, baseline_price: Value = None,
        workload: Value = None, precision: Value = None, snapshot: Value = None,
    ) -> Answer:  # fmt: skip
        """USD/GPU-hour."""
        for who in (platform, baseline):
            if isinstance(who, ExcelError):
                return who
        usd = self._usd(baseline, baseline_price)
        if isinstance(usd, ExcelError) and usd != NA:
            return usd
        own = self.tokrate(platform, model, interactivity, workload, precision, snapshot)
        base = self.tokrate(baseline, model, interactivity, workload, precision, snapshot)
        return each(lambda ratio: _first(ratio, usd, lambda a, b: a * b), _pair(own, base, lambda x, y: x / y))

    def tokspeed(
        self, platform: Value, model: Value, budget: Cells, price: Value = None, workload: Value = None,
        precision: Value = None, snapshot: Value = None, tokens: Value = None,
    ) -> Answer:  # fmt: skip
        """tok/s/user."""
        curve = self._curve(platform, model, workload, precision, snapshot)
        if isinstance(curve, ExcelError):
            return curve
        usd, factor = self._usd(platform, price), self._factor(workload, tokens)
        for found in (usd, factor):
            if isinstance(found, ExcelError) and found != NA:
                return found

        def speed(limit: float) -> Value:
            if limit <= 0:
                return NUM
            if isinstance(usd, ExcelError) or isinstance(factor, ExcelError) or not curve.xs:
                return NA
            needed = factor * usd / (limit * 0.0036 * self.market.scenario.utilization)  # type: ignore[operator]
            return _fastest(curve, needed * (1 - SLACK), self.market.scenario.interpolation)

        return each(lambda cell: number(cell, speed, blank=True), budget)

    def _fact(self, platform: Value, fact: str) -> Value:
        name = self._name("platform", platform)
        found = [getattr(p, fact) for p in self.market.inputs.platforms if p.platform == name]
        return found[0] if found and found[0] is not None else NA

    def tokpermw(
        self, platform: Value, model: Value, interactivity: Cells, workload: Value = None, precision: Value = None,
        snapshot: Value = None,
    ) -> Answer:  # fmt: skip
        """tok/s/MW."""
        power = self._fact(platform, "kilowatt")
        rates = self.tokrate(platform, model, interactivity, workload, precision, snapshot)
        return each(lambda rate: _first(rate, power, lambda a, b: 1000 * a / b), rates)

    def tokgpus(
        self, platform: Value, model: Value, interactivity: Cells, users: Cells, workload: Value = None,
        precision: Value = None, snapshot: Value = None,
    ) -> Answer:  # fmt: skip
        """GPUs in whole scale-up domains."""
        rates = self.tokrate(platform, model, interactivity, workload, precision, snapshot)
        share = self._factor(workload, "output")  # 1 / share of output tokens
        domain = self._fact(platform, "domain")
        asked = each(lambda cell: number(cell, lambda n: NUM if n < 0 else n, blank=True), users)
        curve = self._curve(platform, model, workload, precision, snapshot)
        if isinstance(curve, ExcelError):
            return curve

        def per_user(speed: Value, rate: Value) -> Value:
            """GPU-seconds a second that one user takes, at the speed that is read."""
            if isinstance(rate, ExcelError):
                return rate
            pace = curve.reach(_as_number(speed), self.market.scenario.below_range)
            return _as_number(pace) / _as_number(rate) if not isinstance(pace, ExcelError) else pace

        made = both(per_user, interactivity, rates)

        def whole(count: Value, per_user: Value) -> Value:
            for found in (per_user, count, share, domain):
                if isinstance(found, ExcelError):
                    return found
            return -math.floor(1e-9 - count * per_user * share / domain) * domain  # type: ignore[operator]

        return both(whole, asked, made)

    def tokinterp(self, target: Cells, xs: Range, ys: Range, method: Value = None) -> Answer:
        """Own points read between them."""
        return tokinterp(target, xs, ys, method)

    def tokfrontier(self, xs: Range, ys: Range) -> Answer:
        """Own points that no other point beats."""
        return tokfrontier(xs, ys)


def _as_number(cell: Value) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _first(a: Value, b: Value, then: Callable[[float, float], float]) -> Value:
    """What is computed of two numbers; errors other than #N/A go first."""
    errors = [v for v in (a, b) if isinstance(v, ExcelError)]
    if errors:
        return next((error for error in errors if error != NA), NA)
    return then(a, b)  # type: ignore[arg-type]


def _pair(own: Answer, base: Answer, then: Callable[[float, float], float]) -> Answer:
    """Own and baseline together; an unknown name or impossible number of either is the whole answer."""
    for found in (own, base):
        if isinstance(found, ExcelError) and found != NA:
            return found
    return both(lambda a, b: _first(a, b, then), own, base)


def _fastest(curve: Curve, needed: float, method: str) -> Value:
    """The highest interactivity at which a curve still makes `needed` tok/s/GPU."""
    fit = sum(1 for y in curve.ys if y >= needed)
    if fit == 0:
        return NA
    if fit == len(curve.ys):
        return curve.xs[-1]
    k = fit - 1
    x0, x1, y0, y1 = curve.xs[k], curve.xs[k + 1], curve.ys[k], curve.ys[k + 1]
    if method == MEASURED:
        return x0
    if method != STEFFEN:
        return x0 + (x1 - x0) * (y0 - needed) / (y0 - y1)
    low, high = x0, x1
    for _ in range(100):
        middle = (low + high) / 2
        if hermite(middle, x0, x1, y0, y1, curve.slopes[k], curve.slopes[k + 1]) >= needed:
            low = middle
        else:
            high = middle
    return low


def names() -> Sequence[str]:
    """Names of the functions that have a twin."""
    return [name.upper() for name in vars(Functions) if name.startswith("tok")]
