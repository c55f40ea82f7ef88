"""The Python model: from points, prices and a scenario to every number the workbook shows."""

from functools import cached_property

from xlmodel.calc.values import NA, VALUE, ExcelError
from xlmodel.model.curve import HOLD, INTERPOLATIONS, Curve
from xlmodel.model.held import EMPTY, Held
from xlmodel.model.membership import allowed, in_time, usable
from xlmodel.model.ownership import BUILD_UP, build_up
from xlmodel.model.point import BEST, LATEST, PRECISIONS, Group, Point
from xlmodel.model.reading import ABOVE, BELOW, NO_POINTS, NOT_IN_TIME, Reading
from xlmodel.model.scenario import Inputs, Scenario, output_share
from xlmodel.model.spelling import Meanings

# what follows from the points that take part, and from nothing that is priced or chosen to read them
_CURVES = (
    "codes",
    "groups",
    "number",
    "membership",
    "members",
    "curves",
    "owned",
    "first_knot",
    "newest",
    "spans",
    "knots",
)


class Market:
    """Curves, prices and costs under one scenario.

    The order of points, groups and knots is that of the workbook, so that a row number there is an
    index here plus an offset.
    """

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.scenario: Scenario = inputs.in_use
        self.meanings = Meanings(inputs, self.codes) if inputs.typed or inputs.typed_quotes else None
        self.typed: tuple[Point, ...] = tuple(map(self.meanings.point, inputs.typed)) if self.meanings else ()
        self.rows: tuple[Point, ...] = (*inputs.points, *self.typed)

    def typed_over(self, inputs: Inputs) -> "Market":
        """The market of inputs that differ in what is typed alone (`xlmodel.model.typed.untyped`): its curves are these."""
        other = Market(inputs)
        other.__dict__ |= {name: self.__dict__[name] for name in _CURVES if name in self.__dict__}
        return other

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The pooled precision, then those of the table; a curve is numbered group x 10 + position here."""
        held = {point.precision for point in self.inputs.points}
        return (BEST, *(precision for precision in PRECISIONS if precision in held))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups of the table's points, then those that only usable typed rows bring."""
        typed = (point.group for point in self.typed if usable(point))
        return tuple(dict.fromkeys((*(point.group for point in self.inputs.points), *typed)))

    @cached_property
    def number(self) -> dict[Group, int]:
        """Group -> its number in the workbook, from 1."""
        return {group: i for i, group in enumerate(self.groups, 1)}

    @cached_property
    def membership(self) -> list[int]:
        """Group number of each row that takes part, else 0."""
        s = self.scenario
        return [
            self.number.get(p.group, 0)
            if usable(p)
            and allowed(s.speculative, p.speculative, "MTP", "not recorded")
            and allowed(s.disaggregated, p.disaggregated, "yes", "")
            and in_time(s.number("ttft_limit"), p.ttft_ms)
            else 0
            for p in self.rows
        ]

    @cached_property
    def members(self) -> dict[tuple[int, int], list[tuple[int, float, float]]]:
        """(group number, precision code) -> rows that take part; code 0 pools all precisions."""
        found: dict[tuple[int, int], list[tuple[int, float, float]]] = {}
        code = {name: i for i, name in enumerate(self.codes) if i}
        for i, (number, point) in enumerate(zip(self.membership, self.rows, strict=True)):
            if number:
                row = (i, point.interactivity, point.throughput)
                found.setdefault((number, 0), []).append(row)
                if point.precision in code:
                    found.setdefault((number, code[point.precision]), []).append(row)
        return found

    @cached_property
    def curves(self) -> dict[tuple[int, int], Curve]:
        """(group number, precision code) -> curve."""
        return {key: Curve.fit(rows) for key, rows in self.members.items()}

    def count(self, number: int, code: int) -> int:
        """Points that take part in a curve."""
        return len(self.members.get((number, code), ()))

    def single(self, number: int) -> bool:
        """Whether one precision holds all points of a group, so that it shares the pooled curve."""
        total = self.count(number, 0)
        return any(self.count(number, code) == total for code in range(1, len(self.codes)))

    @cached_property
    def owned(self) -> list[tuple[int, int, Curve]]:
        """Curves that have knots of their own, in the order of the knots."""
        out = []
        for number in range(1, len(self.groups) + 1):
            codes = (0,) if self.single(number) else range(len(self.codes))
            out += [(number, code, self.curves[number, code]) for code in codes if (number, code) in self.curves]
        return out

    @cached_property
    def first_knot(self) -> dict[tuple[int, int], int]:
        """(group, code) of an owned curve -> position of its first knot, from 1."""
        starts, position = {}, 1
        for number, code, curve in self.owned:
            starts[number, code] = position
            position += len(curve.xs)
        return starts

    @cached_property
    def newest(self) -> dict[str, str]:
        """Model -> the newest snapshot that holds it."""
        held = {(point.model, point.snapshot) for point in (*self.inputs.points, *self.inputs.typed)}
        return {model: s.label for s in self.inputs.snapshots for model, label in held if label == s.label}

    def snapshot_of(self, model: str, label: str) -> str:
        """The snapshot a label stands for: itself, or the newest that holds the model."""
        return self.newest.get(model, "") if label == LATEST else label

    def reading(
        self, platform: str, model: str, workload: str, precision: str, snapshot: str, target: float, below: str = ""
    ) -> Reading:
        """Read a curve at an interactivity; `below` overrides the scenario's choice below the range."""
        group = Group(model, platform, workload, self.snapshot_of(model, snapshot))
        number = self.number.get(group, 0)
        code = self.codes.index(precision)
        curve = self.curves.get((number, code), EMPTY)
        if not curve.xs:
            reason = NOT_IN_TIME if self.scenario.number("ttft_limit") > 0 else NO_POINTS
            return Reading(number, 0, 0, NA, NA, NA, NA, NA, NA, reason)
        owner = (number, 0) if self.single(number) else (number, code)
        first = self.first_knot[owner]
        t = curve.reach(target, below or self.scenario.below_range)
        low, high = curve.xs[0], curve.xs[-1]
        if isinstance(t, ExcelError):
            reason = ABOVE if target > high else BELOW
            return Reading(number, len(curve.xs), first, low, high, NA, NA, NA, NA, reason)
        k = curve.knot(t)
        way = 0.0 if t == curve.xs[k] else (t - curve.xs[k]) / (curve.xs[k + 1] - curve.xs[k])
        value = curve.throughput(t, self.scenario.interpolation)
        return Reading(number, len(curve.xs), first, low, high, t, first + k, way, value, "")

    @cached_property
    def quoted(self) -> dict[tuple[str, str], float]:
        """(platform, basis) -> USD/GPU-hour of the last quote with a price, so that a newer row wins."""
        book: dict[tuple[str, str], float] = {}
        quotes = self.inputs.typed_quotes
        for quote in (*self.inputs.quotes, *(map(self.meanings.quote, quotes) if self.meanings else ())):
            computed = quote.basis in ("", BUILD_UP)
            if not computed and quote.usd_per_gpu_hour is not None and quote.usd_per_gpu_hour > 0:
                book[quote.platform, quote.basis] = quote.usd_per_gpu_hour
        return book

    @cached_property
    def built(self) -> dict[str, float | ExcelError]:
        """Platform -> USD/GPU-hour of one's own, built up from the ownership assumptions."""
        facts = self.inputs.facts
        names = dict.fromkeys((*facts, *(point.platform for point in self.inputs.points)))
        return {name: build_up(name, facts.get(name), self.inputs.ownership, self.scenario) for name in names}

    def price(self, platform: str, basis: str = "") -> float | ExcelError:
        """USD/GPU-hour: of a named basis, or, without one, own price first, then the scenario's basis as it changes it."""
        return self._listed(platform, basis) if basis else self.price_after(platform, self.scenario.price_change)

    def price_after(self, platform: str, change: float) -> float | ExcelError:
        """USD/GPU-hour when quoted prices change by a share: own price first, then the scenario's basis."""
        own = self.inputs.own_prices.get(platform, 0)
        if own > 0:
            return own
        basis = self.scenario.basis
        listed = self._listed(platform, basis)
        return listed if basis == BUILD_UP or isinstance(listed, ExcelError) else listed * (1 + change)

    def _listed(self, platform: str, basis: str) -> float | ExcelError:
        return self.built.get(platform, NA) if basis == BUILD_UP else self.quoted.get((platform, basis), NA)

    def throughput(
        self, platform: str, model: str, interactivity: float, workload: str = "", precision: str = "", snapshot: str = ""
    ) -> float | ExcelError:  # fmt: skip
        """tok/s/GPU at an interactivity; choices not given are the scenario's."""
        s = self.scenario
        if precision and precision not in self.codes:
            return VALUE
        return self.reading(
            platform, model, workload or s.workload, precision or s.precision, snapshot or s.snapshot, interactivity
        ).throughput

    @cached_property
    def held(self) -> Held:
        """What the functions read: the same as the workbook shows them."""
        s, inputs = self.scenario, self.inputs
        priced = tuple(dict.fromkeys(point.platform for point in inputs.points))  # the rows of the price book
        return Held(
            s.workload, s.precision, s.snapshot, s.interpolation, s.below_range, s.utilization,
            models=inputs.models,
            codes=self.codes,
            snapshots=(*(snapshot.label for snapshot in inputs.snapshots), LATEST),
            bases=inputs.bases,
            newest={model: self.snapshot_of(model, LATEST) for model in inputs.models},
            shares={workload: output_share(workload) for workload in inputs.workloads},
            kilowatt={f.platform: f.kilowatt and f.kilowatt * s.number("pue") for f in inputs.platforms},
            domain={fact.platform: fact.domain for fact in inputs.platforms},
            in_use={name: self.price(name) for name in priced},
            quoted={(name, basis): self.price(name, basis) for name in priced for basis in inputs.bases},
            spans=self.spans,
            xs=tuple(x for _, _, curve in self.owned for x in curve.xs),
            ys=tuple(y for _, _, curve in self.owned for y in curve.ys),
        )  # fmt: skip

    @cached_property
    def spans(self) -> dict[Group, tuple[tuple[int, int], ...]]:
        """Group -> first knot and number of knots of its curves, by precision."""
        return {group: self._spans(number) for group, number in self.number.items()}

    def _spans(self, number: int) -> tuple[tuple[int, int], ...]:
        """First knot and number of knots of a group's curve by precision; (0, 0) where there is none."""
        single = self.single(number)
        curves = [self.curves.get((number, code), EMPTY) for code in range(len(self.codes))]
        return tuple(
            (self.first_knot[number, 0 if single else code], len(curve.xs)) if curve.xs else (0, 0)
            for code, curve in enumerate(curves)
        )

    @property
    def method(self) -> int:
        """Number of the interpolation: 1 Steffen, 2 linear, 3 measured points only."""
        return INTERPOLATIONS.index(self.scenario.interpolation) + 1

    @property
    def hold(self) -> int:
        """1 when the slowest point is held below the range."""
        return int(self.scenario.below_range == HOLD)
