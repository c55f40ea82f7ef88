"""The Python twins of the workbook's functions: same names, arguments, units and errors.

`interactivity`, `users`, `budget` and `target` may be a range (a list of rows); the answer then has its
shape. An error among the arguments is the answer, as in a cell. An optional argument that is None or ""
is the scenario's.
"""

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xlmodel.calc.values import DIV0, NA, NUM, VALUE, ExcelError, Value
from xlmodel.model.curve import Curve
from xlmodel.model.held import EMPTY, Held
from xlmodel.model.ownpoints import tokfrontier, tokinterp
from xlmodel.model.point import LATEST, Group
from xlmodel.model.ranges import Answer, Cells, Range, both, each, number
from xlmodel.model.spelling import Spelling
from xlmodel.model.swift import between, swift

if TYPE_CHECKING:
    from xlmodel.model.market import Market

SHORTEST = 2  # knots of a curve that has a way between two
SLACK = 1e-12  # a budget taken from TOKCOST itself must not fail by its last digit
_FIRST_DAY, _LAST_DAY = 32874, 73051  # serial numbers of 1990-01-01 and 2100-01-01


def _same(made: Any) -> Any:
    return made


class Functions:
    """The functions on one market, or on what a workbook holds."""

    def __init__(self, market: "Market | Held") -> None:
        self.held = market if isinstance(market, Held) else market.held

    def __call__(self, name: str, *arguments: Cells) -> Answer:
        """Call a function by its name in the workbook."""
        twin: Callable[..., Answer] = getattr(self, name.lower())
        return twin(*arguments)

    # --- names ----------------------------------------------------------------------------------

    @cached_property
    def _spelling(self) -> dict[str, Spelling]:
        held, groups = self.held, self.held.spans
        return {
            "platform": Spelling("platform", held.kilowatt, (g.platform for g in groups)),
            "model": Spelling("model", held.models, (g.model for g in groups)),
            "workload": Spelling("workload", held.shares, (g.workload for g in groups)),
            "precision": Spelling("precision", held.codes),
            "snapshot": Spelling("snapshot", held.snapshots, (g.snapshot for g in groups)),
            "basis": Spelling("basis", held.bases),
        }

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
        s = self.held
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
            if found["model"] not in s.newest:
                return EMPTY  # a model that only typed rows bring has no newest snapshot
            found["snapshot"] = s.newest[found["model"]]
        group = Group(found["model"], found["platform"], found["workload"], found["snapshot"])
        if found["precision"] not in s.codes:
            return EMPTY
        return s.curve(group, s.codes.index(found["precision"]))

    # --- functions ------------------------------------------------------------------------------

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

    def tokprice(self, platform: Value, basis: Value = None) -> Value:
        """USD/GPU-hour."""
        name = self._name("platform", platform)
        listed = "" if basis is None or basis == "" else self._name("basis", basis)
        for found in (name, listed):
            if isinstance(found, ExcelError):
                return found
        return self.held.price(str(name), str(listed))

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
        name = self._name("workload", workload, self.held.workload)
        if isinstance(name, ExcelError):
            return name
        if name not in self.held.shares:
            return NA
        share = self.held.shares[name]
        return 1 / share if kind == "output" else 1 / (1 - share)

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


def names() -> Sequence[str]:
    """Names of the functions that have a twin."""
    return [name.upper() for name in vars(Functions) if name.startswith("tok")]
