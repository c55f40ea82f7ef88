"""Sensitivity, fourth part: the three scenarios side by side, cost of every platform at the target."""

from functools import reduce
from operator import mul
from typing import Any

from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Check, Context
from xlmodel.book.guards import tied
from xlmodel.book.one_cell import single
from xlmodel.book.places import SCENARIOS
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Area
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import ABS, COUNT, IF, IFERROR, INDEX, MAX, MIN, NA, SUMPRODUCT, said, typed_number
from xlmodel.model.economics import cost
from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.variants import CURVE_FIELDS, LEAST
from xlmodel.sheets.frame import headers
from xlmodel.sheets.prices_sheet import picked
from xlmodel.sheets.sens_grid import CHART, VALUE
from xlmodel.units import CHANGE, SWITCH, TEXT, USD_PER_MILLION, UTILIZATION

_HUES = ("0B5394", "009E73", "D55E00")
_POWER = ("pue", "usd_per_kwh")  # what else changes the own build-up
_ELSEWHERE = "make it active on Scenario to see it: its curves, or its own build-up, are others"
_NONE = 1e99  # more than any cost


def describe(ctx: Context, sheet: Sheet, row: int) -> int:
    """Declare the table and its chart; gives the first row below."""
    g, platforms = ctx.graph, ctx.places.platforms
    sheet.put(row, 1, "By scenario: cost at the target, USD per million tokens", "Heading")
    headers(sheet, row + 2, 1, ("Platform", "Unit"), 16)
    count = len(SCENARIOS)
    head = Table(g, sheet, "scenarios", row + 2, VALUE, count, down=False)
    names = head.line("Name", TEXT, [g[f"naming.{name}"] for name in SCENARIOS], style="Column")
    given = Table(g, sheet, "scenarios", row + 3, VALUE, count, down=False, units=True)
    use = given.line(
        "Utilization", UTILIZATION, [typed_number(_own(ctx, "utilization", k)) for k in range(count)], style="Link"
    )
    changes = [typed_number(_own(ctx, "price_change", k)) for k in range(count)]
    moved = given.line("Change of quoted prices", CHANGE, changes, style="Link")
    seen = given.line("Read from the curves in use", SWITCH, [_seen(ctx, k) for k in range(count)], shown="1 = yes")
    t = Table(g, sheet, "scenarios", given.body.last_row + 1, VALUE, count, down=False)
    t.line("Why not", TEXT, IF(seen.relative.eq(1), "", f"#N/A: {_ELSEWHERE}"), style="Footnote")
    costs = [
        t.line(name, USD_PER_MILLION, _cost(ctx, i, seen, moved, use), key=f"cost_{i}", style="Result")
        for i, name in enumerate(platforms)
    ]
    first, last = costs[0].ref(), costs[-1].ref(count - 1)
    listed = Table(g, sheet, "scenarios", first.row, 1, len(platforms), head="")
    listed.column("Platform", TEXT, g["menu.platforms"], style="Label")
    title = single(g, sheet, "scenarios.finding", TEXT, _finding(ctx, costs), row + 1, 1, style="Strong")
    columns = [Area(first.sheet, first.row, first.col + k, last.row, first.col + k) for k in range(count)]
    series = tuple(Series(names.ref(k), listed.area("platform"), columns[k], hue) for k, hue in enumerate(_HUES))
    sheet.charts.append(
        Chart("column", title.ref(), "", "USD per million tokens", series, (row + 2, 8, row + 2 + CHART, 17),
              "Cost at the target by platform in the three scenarios; a scenario with other curves is left out until it is made active.",
              y_format="0.00")
    )  # fmt: skip
    _checks(ctx, costs)
    return row + 3 + max(4 + len(platforms), CHART)


def _own(ctx: Context, name: str, k: int) -> Any:
    """A value of a scenario: its own cell, or the base's when that is empty."""
    typed = ctx.graph[f"assumed.{name}"]
    base, mine = typed.cell(0), typed.cell(k)
    return IF(mine.eq(""), base, mine) if k else base


def assumed(ctx: Context, name: str, k: int) -> Any:
    """The same as a number, not below the least that makes sense."""
    own = typed_number(_own(ctx, name, k))
    return MAX(LEAST[name], own) if name in LEAST else own


def _seen(ctx: Context, k: int) -> Expr:
    """1 where a scenario is read from the curves in use."""
    g = ctx.graph
    typed = {name: _own(ctx, name, k) for name in CURVE_FIELDS}
    typed["ttft_limit"] = typed_number(typed.pop("ttft_limit"))  # an empty limit is none
    same = reduce(mul, (own.eq(g[f"scenario.{name}"]) for name, own in typed.items()))
    power = reduce(mul, (assumed(ctx, name, k).eq(g[f"scenario.{name}"]) for name in _POWER))
    seen: Expr = same * IF(g["scenario.basis"].eq(BUILD_UP), power, 1)
    return seen


def _cost(ctx: Context, i: int, seen: Line, moved: Line, use: Line) -> Expr:
    """Cost of a platform under a scenario: its price and utilization, the throughput in use."""
    g, count = ctx.graph, len(ctx.places.bases)
    listed = g.span([f"prices.basis_{j}" for j in range(count)], i, i, "relative")
    price = picked(g["prices.own"].cell(i), listed, g["scenario.basis"], g["prices.bases"].all, moved)
    made: Expr = IF(seen.eq(1), cost(price, g["target.throughput"].cell(i), use), NA)
    return made


def _finding(ctx: Context, costs: list[Line]) -> Expr:
    """What the scenarios make of the cheapest platform's cost."""
    parts = []
    for k, name in enumerate(SCENARIOS):
        column = ctx.graph.span([line.key for line in costs], k, k)
        least = MIN(*(IFERROR(line.cell(k).formed("relative"), _NONE) for line in costs))
        parts.append(ctx.graph[f"naming.{name}"] & " " & IF(COUNT(column).eq(0), "not seen", said(least, 3)))
    return "Lowest cost: " & reduce(lambda a, b: a & ", " & b, parts)


def _checks(ctx: Context, costs: list[Line]) -> None:
    """The active scenario's column is the Summary's cost, and the names tell the scenarios apart."""
    g, shown = ctx.graph, ctx.graph["target.cost"]
    active, names = g["naming.active"], [g[f"naming.{name}"] for name in SCENARIOS]
    gaps = [tied(INDEX(line.all.relative, g["scenario.number"]), shown.cell(i)) for i, line in enumerate(costs)]
    a, b, c = names
    doubles = a.eq(b) + a.eq(c) + b.eq(c)
    ctx.checks += [
        Check("Active scenario is the Summary", "The active scenario's costs side by side are those of the Summary.", costs[0],
              MAX(*gaps), 1e-9),
        Check("One scenario is active", "The active scenario is one of three different names.", "naming.active",
              ABS(SUMPRODUCT(g["naming.names"].all.eq(active) * 1) - 1) + doubles),
    ]  # fmt: skip
