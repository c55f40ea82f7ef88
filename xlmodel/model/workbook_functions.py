"""The Python twins of the workbook's functions: same names, arguments, units and errors.

`interactivity`, `users`, `budget` and `target` may be a range (a list of rows); the answer then has its
shape. An error among the arguments is the answer, as in a cell. An optional argument that is None or ""
is the scenario's.
"""

import math
from collections.abc import Callable
from typing import Any

from xlmodel.calc.values import DIV0, NA, NUM, ExcelError, Value
from xlmodel.model.function_names import CurveNames
from xlmodel.model.ownpoints import tokfrontier, tokinterp
from xlmodel.model.ranges import Answer, Cells, Range, between, both, each, number, swift

SHORTEST = 2  # knots of a curve that has a way between two
SLACK = 1e-12  # a budget taken from TOKCOST itself must not fail by its last digit


def _same(made: Any) -> Any:
    return made


class Functions(CurveNames):
    """The functions on one market, or on what a workbook holds."""

    def __call__(self, name: str, *arguments: Cells) -> Answer:
        """Call a function by its name in the workbook."""
        twin: Callable[..., Answer] = getattr(self, name.lower())
        return twin(*arguments)

    def tokrate(
        self, platform: Value, model: Value, interactivity: Cells, workload: Value = None, precision: Value = None,
        snapshot: Value = None,
    ) -> Answer:  # fmt: skip
        """tok/s/GPU."""
        return self._rated(platform, model, interactivity, workload, precision, snapshot)

    def _rated(
        self, platform: Value, model: Value, interactivity: Cells, workload: Value, precision: Value, snapshot: Value,
        then: Callable[[Any], Any] = _same,
    ) -> Answer:  # fmt: skip
        """What is made of the throughput (a number, or an array of them) at each interactivity."""
        curve = self._curve(platform, model, workload, precision, snapshot)
        s = self.held
        if isinstance(curve, ExcelError):
            return curve

        def read(speed: float) -> Value:
            rate = NUM if speed <= 0 else curve.throughput(speed, s.interpolation, s.below_range)
            made: Value = rate if isinstance(rate, ExcelError) else then(rate)
            return made

        def one(cell: Value) -> Value:
            return number(cell, read, blank=True)

        if len(curve.xs) < SHORTEST:
            return each(one, interactivity)
        knots = curve.xs, curve.ys, curve.slopes, s.interpolation
        found: Answer = swift(interactivity, one, lambda speeds: then(between(speeds, *knots)))
        return found

    def tokcost(
        self, platform: Value, model: Value, interactivity: Cells, price: Value = None, workload: Value = None,
        precision: Value = None, snapshot: Value = None, tokens: Value = None,
    ) -> Answer:  # fmt: skip
        """USD per million tokens."""
        return self._priced(_same, platform, model, interactivity, price, workload, precision, snapshot, tokens)

    def tokperusd(
        self, platform: Value, model: Value, interactivity: Cells, price: Value = None, workload: Value = None,
        precision: Value = None, snapshot: Value = None, tokens: Value = None,
    ) -> Answer:  # fmt: skip
        """Tokens per USD."""
        arguments = (platform, model, interactivity, price, workload, precision, snapshot, tokens)
        return self._priced(lambda cost: 1e6 / cost, *arguments)

    def _priced(
        self, then: Callable[[Any], Any], platform: Value, model: Value, interactivity: Cells, price: Value,
        workload: Value, precision: Value, snapshot: Value, tokens: Value,
    ) -> Answer:  # fmt: skip
        """What is made of the cost of a million tokens at each interactivity."""
        usd, factor = self._usd(platform, price), self._factor(workload, tokens)
        for found in (usd, factor):
            if isinstance(found, ExcelError) and found != NA:
                return found
        if isinstance(factor, ExcelError):
            return each(lambda _: factor, self.tokrate(platform, model, interactivity, workload, precision, snapshot))
        whole = self._whole(factor, usd)
        return self._rated(
            platform, model, interactivity, workload, precision, snapshot,
            lambda rate: whole if isinstance(whole, ExcelError) else then(whole / rate),
        )  # fmt: skip

    def _whole(self, factor: float, usd: Value) -> float | ExcelError:
        """Cost in USD per million tokens times the throughput that makes them."""
        utilization = self.held.utilization
        for found in (usd, utilization):
            if isinstance(found, ExcelError):
                return found
        return factor * usd / (0.0036 * utilization) if utilization else DIV0  # type: ignore[operator]

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
            whole = self._whole(factor, usd)
            if isinstance(whole, ExcelError):
                return whole
            return curve.fastest(whole / limit * (1 - SLACK), self.held.interpolation)

        return each(lambda cell: number(cell, speed, blank=True), budget)

    def _fact(self, platform: Value, fact: str) -> Value:
        name = self._name("platform", platform)
        value = getattr(self.held, fact).get(name)
        return NA if value is None else value

    def tokpermw(
        self, platform: Value, model: Value, interactivity: Cells, workload: Value = None, precision: Value = None,
        snapshot: Value = None,
    ) -> Answer:  # fmt: skip
        """tok/s/MW."""
        power = self._fact(platform, "kilowatt")
        if isinstance(power, ExcelError):
            rates = self.tokrate(platform, model, interactivity, workload, precision, snapshot)
            return each(lambda rate: _first(rate, power, lambda a, b: a / b), rates)
        return self._rated(
            platform, model, interactivity, workload, precision, snapshot,
            lambda rate: 1000 * rate / power,
        )  # fmt: skip

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
            pace = curve.reach(_as_number(speed), self.held.below_range)
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
