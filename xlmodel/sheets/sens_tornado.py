"""Sensitivity, third part: the tornado. Which assumption moves the cost at the target most, when each swings alike."""

from collections.abc import Mapping
from typing import Any

from xlmodel import units
from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Check, Context
from xlmodel.book.graph import Graph
from xlmodel.book.guards import tied
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import COUNT, FIXED, IF, INDEX, ISNUMBER, MATCH, MAX, ROUND, lookup
from xlmodel.calc.span import Span
from xlmodel.model.economics import change, cost
from xlmodel.model.variants import SIDES, swing_of, swung
from xlmodel.sheets.frame import headers, rank_among
from xlmodel.sheets.sens_grid import CHART, read_at
from xlmodel.sheets.sens_owned import ASSUMED, CHANGED, row_of

# what the tornado varies on every basis, before what makes the own build-up
PRICED: dict[str, tuple[str, units.Unit]] = {
    "price": ("Price in use", units.USD_PER_GPU_HOUR), "utilization": ("Utilization", units.UTILIZATION),
    "interactivity": ("Interactivity", units.TOKENS_PER_USER),
}  # fmt: skip
_OUT = "one side not measured"
_QUOTED = "not in this price"  # which is not the own build-up
LOW, HIGH = "56B4E9", "E69F00"


def describe(ctx: Context, sheet: Sheet, given: Mapping[str, Cell], row: int) -> int:
    """Declare the workings, the same rows sorted by swing, and their chart; gives the first row below."""
    g, top = ctx.graph, row + 3
    sheet.put(row, 1, "By assumption", "Heading")
    headers(sheet, top - 1, 2, ("Now", "Lower", "Higher"), 44)
    names = [name for name, _ in PRICED.values()] + [ASSUMED[key].label for key in CHANGED]
    left = Table(g, sheet, "tornado", top, 1, len(names), height=44)
    left.column("Assumption", units.TEXT, names, style="Label")
    sides = [_priced(ctx, sheet, top + i, key, given) for i, key in enumerate(PRICED)]
    sides += [_owned(ctx, sheet, top + len(PRICED) + i, key, given) for i, key in enumerate(CHANGED)]
    t = Table(g, sheet, "tornado", top, 5, len(names), height=44)
    lower = t.column("Cost when lower", units.USD_PER_MILLION, [costs[0] for costs in sides])
    higher = t.column("Cost when higher", units.USD_PER_MILLION, [costs[1] for costs in sides])
    less = t.column("Change when lower", units.CHANGE, change(lower, given["cost"]), style="Result")
    more = t.column("Change when higher", units.CHANGE, change(higher, given["cost"]), style="Result")
    swing = t.column("Swing", units.SHARE, swing_of(less.relative, more.relative))
    t.column("Rank", units.COUNT, rank_among(swing, "col", largest=True), fmt="0")
    measured = IF(COUNT(lower, higher) < 2, _OUT, "")
    enters = IF(given["owned"].eq(1), measured, _QUOTED)
    t.column("In words", units.TEXT, [*[measured] * len(PRICED), *[enters] * len(CHANGED)], style="Unit")
    built = lookup(g["ownership.own_build_up"], g["menu.platforms"], given["platform"])
    ctx.checks.append(
        Check("Tornado begins at Ownership", "The build-up without a change is that of Ownership.", "build_up.hourly",
              tied(g["build_up.hourly"].cell(0), built), 1e-9)
    )  # fmt: skip
    return _sorted(ctx, sheet, given, top + len(names) + 2, len(names))


def _priced(ctx: Context, sheet: Sheet, row: int, name: str, given: Mapping[str, Cell]) -> list[Expr]:
    """Cost with a lower and a higher price, utilization or interactivity."""
    g, (label, unit) = ctx.graph, PRICED[name]
    source = given["price"] if name == "price" else g[f"scenario.{name}"]
    now = single(g, sheet, f"tornado.{name}", unit, source, row, 2, style="Link", heading=label)
    costs: list[Expr] = []
    for col, side in enumerate(SIDES, 3):
        moved = single(
            g, sheet, f"tornado.{name}.{side}", unit, swung(name, now, given["swing"], side), row, col, heading=label
        )
        parts: dict[str, Any] = {
            "price": given["price"],
            "throughput": given["throughput"],
            "utilization": g["scenario.utilization"],
        }
        if name == "interactivity":
            parts["throughput"] = read_at(ctx, given["platform"], moved).part("Throughput")
        else:
            parts[name] = moved
        costs.append(cost(**parts))
    return costs


def _owned(ctx: Context, sheet: Sheet, row: int, name: str, given: Mapping[str, Cell]) -> list[Expr]:
    """Cost at the own build-up with one assumption lower and higher, or unchanged when the price is another."""
    g, (_, unit, label) = ctx.graph, ASSUMED[name]
    shown, price = g[f"build_up.{name}"], g["build_up.hourly"]
    cells = {"": 0} | {side: row_of(name, side) for side in SIDES}
    for col, (side, i) in enumerate(cells.items(), 2):
        single(g, sheet, f"tornado.{name}.{side or 'now'}", unit, shown.cell(i), row, col, style="Link", heading=label)
    made = [cost(price.cell(cells[side]), given["throughput"], g["scenario.utilization"]) for side in SIDES]
    return [IF(given["owned"].eq(1), usd, given["cost"]) for usd in made]


def _ranked(g: Graph, place: int, key: str) -> Any:
    """What stands in a column of the workings beside the rank of a place, from 1."""
    return INDEX(g[f"tornado.{key}"].all, MATCH(place, g["tornado.rank"].all, 0))


def _sorted(ctx: Context, sheet: Sheet, given: Mapping[str, Cell], row: int, count: int) -> int:
    """The rows by rank, and the chart that draws them."""
    g, top = ctx.graph, row + 2
    sheet.put(row, 1, "The same, largest swing first", "Heading")
    t = Table(g, sheet, "tornado_sorted", top, 1, count, height=16)
    places = range(1, count + 1)
    # the reason for a missing bar stands beside the bar
    doubts = [_ranked(g, k, "in_words") for k in places]
    words = [
        _ranked(g, k, "assumption") & IF(d.eq(""), "", " (" & d & ")") for k, d in zip(places, doubts, strict=True)
    ]
    names = t.column("Assumption", units.TEXT, words, style="Label")
    lower = t.column("Lower", units.CHANGE, [_ranked(g, k, "change_when_lower") for k in places], style="Result")
    higher = t.column("Higher", units.CHANGE, [_ranked(g, k, "change_when_higher") for k in places], style="Result")
    first = Span((lower, higher), 0, 0, "relative")
    title = single(g, sheet, "tornado.finding", units.TEXT, _finding(g, given, first), top - 1, 5, style="Heading")
    series = tuple(
        Series(line.ref().step(-1), names.area, line.area, hue) for line, hue in ((lower, LOW), (higher, HIGH))
    )
    sheet.charts.append(
        Chart("bar", title.ref(), "", "change of the cost", series, (top - 1, 5, top - 1 + CHART, 15),
              "Tornado: change of the cost at the target when each assumption is lower and higher by the swing, largest first.", y_format="0%",
              stacked=True, low=None)
    )  # fmt: skip
    return top + max(count, CHART)


def _finding(g: Graph, given: Mapping[str, Cell], first: Span) -> Expr:
    """The assumption that moves the cost most."""
    platform = given["platform"]
    percent = FIXED(ROUND(100 * MAX(g["tornado.swing"].all), 9), 0, True)
    both = IF(COUNT(first).eq(2), "between lower and higher", "on the side that is measured")
    most = _ranked(g, 1, "assumption") & " moves the cost of " & platform & " most: " & percent & "% " & both
    found: Expr = IF(ISNUMBER(given["cost"]), most, "No cost of " & platform & " at the target")
    return found
