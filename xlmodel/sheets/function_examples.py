"""Functions, its examples: each call live, and beside it the same number by plain formulas."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.edition import NATIVE, called
from xlmodel.book.keys import slug
from xlmodel.book.one_cell import calling, single
from xlmodel.book.readings import ReadingRow
from xlmodel.book.spec import Sheet, Validation
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell
from xlmodel.calc.counted import counted
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, COUNT, COUNTIFS, IF, INDEX, ISNUMBER, NA, SUM, SUMIF, known, lookup
from xlmodel.calc.interpolation import Knots
from xlmodel.calc.named_call import NamedCall
from xlmodel.calc.values import Value
from xlmodel.model.economics import breakeven, cost, gain, gpus, per_megawatt, ratio, tokens_per_usd
from xlmodel.model.function_records import BY_NAME, Function
from xlmodel.model.market import Market
from xlmodel.model.workbook_functions import Functions
from xlmodel.sheets.frame import headers

# own points of the examples: in no order, with a blank and a text, as they come out of a log
POINTS: tuple[tuple[Value, Value], ...] = (
    (40.0, 3000.0), (10.0, 9000.0), (None, 5000.0), (20.0, 7000.0), ("n/a", 1.0), (60.0, 800.0), (30.0, 2500.0),
    (20.0, 6000.0),
)  # fmt: skip
BETWEEN = 25  # where own points are read: halfway between the one at 20 (the larger of two) and the one at 30
LEFT, RIGHT = 3, 6  # these two
NO_FACT = "no price or fact for it"
_SHORT = 16  # height of a heading of one line


@dataclass
class Examples:
    """Arguments in cells of their own, the calls, and the same numbers without them.

    Attributes:
        row: of the first argument. given: the arguments by key. points: own points with their frontier's flag.
    """

    ctx: Context
    sheet: Sheet
    row: int
    edition: str = NATIVE
    given: dict[str, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Declare arguments and points."""
        self.readings = _readings(self.ctx)
        self._arguments()
        self.points = self._points()

    def _arguments(self) -> None:
        g, p, sheet = self.ctx.graph, self.ctx.places, self.sheet
        sheet.put(self.row - 3, 1, "Arguments of the examples", "Heading")
        headers(sheet, self.row - 1, 1, ("Argument", "Value", "Unit"), _SHORT)
        subject = self._typed("platform", units.TEXT, "GB200 NVL72" if "GB200 NVL72" in p.platforms else p.platforms[0])
        rule = Validation((subject.ref().a1,), "Platform", "A platform of this workbook.", menu="menu.platforms")
        sheet.validations.append(rule)
        for name, unit in (("baseline", units.TEXT), ("model", units.TEXT), ("interactivity", units.TOKENS_PER_USER)):
            self._argument(name, name.capitalize(), unit, g[f"scenario.{name}"], fmt="")
        self._typed("users", units.USERS, 1000)
        for who in ("platform", "baseline"):
            price = lookup(g["prices.in_use"], g["menu.platforms"], self.given[who])
            self._argument(f"{who} price", f"Price of the {who}", units.USD_PER_GPU_HOUR, known(price))
        for key, label, unit, fact, shown in (
            ("power", "Power of the platform", units.KILOWATT, "kilowatt", "kW/GPU"),
            ("domain", "GPUs per domain", units.GPUS_PER_DOMAIN, "domain", "GPUs"),
        ):
            stated = lookup(g[f"platforms.{fact}"], g["platforms.platform"], subject)
            self._argument(key, label, unit, known(stated), fmt="General", shown=shown)
        for who in ("platform", "baseline"):
            rate = self._read(who, "Throughput")
            self._argument(f"{who} rate", f"Throughput of the {who}", units.TOKENS_PER_GPU, known(rate))
        self._argument("read at", "Read at", units.TOKENS_PER_USER, known(self._read("platform", "Read at")))

    def _typed(self, key: str, unit: units.Unit, value: Value) -> Cell:
        row = self._label(key.capitalize(), "" if unit is units.TEXT else unit.label)
        at = self.sheet.input(row, 2, value, f"functions.{key}", fmt="" if unit is units.TEXT else unit.format)
        self.given[key] = self.ctx.graph.add(f"functions.{key}", Cell(unit, value, at, heading=key))
        return self.given[key]

    def _argument(
        self, key: str, label: str, unit: units.Unit, content: Expr, *, fmt: str | None = None, shown: str = ""
    ) -> None:
        row = self._label(label, shown or ("" if unit is units.TEXT else unit.label))
        name = f"functions.{key.replace(' ', '_')}"
        self.given[key] = single(self.ctx.graph, self.sheet, name, unit, content, row, 2, style="Link", fmt=fmt)

    def _label(self, label: str, unit: str) -> int:
        row = self.end
        self.sheet.put(row, 1, label, "Label")
        self.sheet.put(row, 3, unit, "Unit")
        return row

    @property
    def end(self) -> int:
        """The first row below the arguments."""
        return self.row + len(self.given)

    @property
    def budget(self) -> Any:
        """The plain formula of TOKCOST, from which others go on."""
        return self.ctx.graph["functions.tokcost.plain"]

    def _read(self, who: str, part: str) -> Any:
        """A part of the reading of the platform or the baseline."""
        rows = self.readings
        column = self.ctx.readings.lines[slug(part)].part(rows[0].i, len(rows))
        return lookup(column, self.ctx.graph["menu.platforms"], self.given[who])  # fmt: skip

    def _points(self) -> Table:
        """Own points with a flag by plain formulas, and their frontier as it spills."""
        sheet, numbers = self.sheet, range(1, len(POINTS) + 1)
        sheet.put(self.row - 3, 5, "Own points of the examples, and their frontier as TOKFRONTIER spills it", "Heading")
        t = Table(self.ctx.graph, sheet, "functions", self.row, 5, len(POINTS), height=_SHORT, form="relative")
        xs, ys = (
            t.inputs(
                unit.label, unit, [point[k] for point in POINTS], [f"functions.{key}/{i}" for i in numbers], key=key
            )
            for k, (key, unit) in enumerate((("xs", units.TOKENS_PER_USER), ("ys", units.TOKENS_PER_GPU)))
        )
        unbeaten = COUNTIFS(xs.all, ">=" & xs, ys.all, ">=" & ys).eq(1)  # fmt: skip
        kept = IF(COUNT(t.across("xs", "ys")).eq(2), IF(unbeaten, 1, 0), 0)
        t.column("On the frontier", units.COUNT, kept, key="kept", fmt="0")
        spilt = t.last_col + 1
        headers(sheet, t.row - 1, spilt, (units.TOKENS_PER_USER.label, units.TOKENS_PER_GPU.label), _SHORT)
        frontier = self._call("TOKFRONTIER", xs.all, ys.all)
        calling(
            self.ctx.graph, sheet, "functions.frontier", frontier.unit, frontier, t.row, spilt, style="Result", fmt=units.TOKENS_PER_USER.format
        )  # fmt: skip
        sheet.outputs["functions.frontier"] = sheet.area(t.row, spilt, t.end - 1, spilt + 1)  # as far as it may spill
        return t

    def _call(self, name: str, *arguments: Any) -> NamedCall:
        return called(BY_NAME[name], arguments, lambda *values: _twins(self.ctx.market)(name, *values), self.edition)

    # --- the calls, and the same numbers by plain formulas ---------------------------------------

    def live(self, function: Function) -> Expr:
        """The call of a function, with references to the examples' arguments."""
        xs, ys = (self.points.lines[key].all.relative for key in ("xs", "ys"))
        if function.name == "TOKINTERP":
            return self._call(function.name, BETWEEN, xs, ys, "linear")
        if function.name == "TOKFRONTIER":
            total: Expr = SUM(self._call(function.name, xs, ys))
            return total
        keys = {
            "TOKPRICE": ("platform",), "TOKGAIN": ("platform", "baseline", "model", "interactivity"),
            "TOKBREAKEVEN": ("platform", "baseline", "model", "interactivity"), "TOKSPEED": ("platform", "model", "budget"),
            "TOKGPUS": ("platform", "model", "interactivity", "users"),
        }.get(function.name, ("platform", "model", "interactivity"))  # fmt: skip
        given = {**self.given, "budget": self.budget}
        return self._call(function.name, *(given[key].relative for key in keys))

    def plain(self, function: Function) -> Expr:
        """The number of a function by plain formulas."""
        g, given = self.ctx.graph, self.given
        price, base_price = given["platform price"], given["baseline price"]
        rate, base_rate = given["platform rate"], given["baseline rate"]
        formulas: dict[str, Callable[[], Any]] = {
            "TOKCOST": lambda: cost(price, rate, g["scenario.utilization"]),
            "TOKRATE": lambda: rate,
            "TOKPRICE": lambda: price,
            "TOKPERUSD": lambda: tokens_per_usd(self.budget),
            "TOKGAIN": lambda: gain(ratio(rate, base_rate), ratio(price, base_price)),
            "TOKBREAKEVEN": lambda: breakeven(base_price, rate, base_rate),
            "TOKSPEED": self._speed,
            "TOKPERMW": lambda: per_megawatt(rate, given["power"], g["scenario.pue"]),
            "TOKGPUS": lambda: gpus(
                given["users"], given["read at"], rate, g["scenario.output_share"], given["domain"]
            ),
            "TOKINTERP": self._between,
            "TOKFRONTIER": self._kept,
        }
        found: Expr = formulas[function.name]()
        return found

    def _speed(self) -> Any:
        """The budget is the cost at the interactivity, so the way back must lead there, or to the measured point that made it."""
        g, knots = self.ctx.graph, Knots.of(self.ctx.graph)
        measured = AND(g["scenario.method"].eq(3), self._read("platform", "Way") > 0)
        point = INDEX(knots.xs, self._read("platform", "Knot") + 1)
        return IF(ISNUMBER(self.budget), IF(measured, point, self.given["read at"]), NA)

    def _between(self) -> Any:
        (x0, x1), (y0, y1) = (
            [self.points.lines[key].cell(i).formed("relative") for i in (LEFT, RIGHT)] for key in ("xs", "ys")
        )
        return y0 + (y1 - y0) * (BETWEEN - x0) / (x1 - x0)

    def _kept(self) -> Any:
        flags, xs, ys = (self.points.lines[key].all for key in ("kept", "xs", "ys"))
        reason = "one sum of both columns shows that the same points are kept"
        return counted(SUMIF(flags, 1, xs), units.TOKENS_PER_GPU.of, reason) + SUMIF(flags, 1, ys)

    def why(self, plain: Expr) -> Expr:
        """Why there is no number: a curve, else a price or a fact that is not known."""
        own, base = (self._read(who, "Reason") for who in ("platform", "baseline"))
        words: Expr = IF(ISNUMBER(plain), "", IF(own.ne(""), own, IF(base.ne(""), base, NO_FACT)))
        return words


@lru_cache(maxsize=1)
def _twins(market: Market) -> Functions:
    """The Python twins on the market of the moment, which changes with what is typed."""
    return Functions(market)


def _readings(ctx: Context) -> list[ReadingRow]:
    """One reading a platform in the order of the platforms: those behind the Summary, or, without one, new ones."""
    if not ctx.places.compact:
        return ctx.readings.of("Summary")
    platforms, speed = ctx.graph["menu.platforms"], ctx.graph["scenario.interactivity"]
    return [ctx.readings.ask("Functions", platforms.cell(i), speed) for i in range(len(ctx.places.platforms))]
