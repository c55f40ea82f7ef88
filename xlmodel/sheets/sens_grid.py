"""Sensitivity, first part: cost and gain by price and interactivity, and the price at which the platform breaks even."""

from collections.abc import Mapping
from typing import Any

from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.readings import ReadingRow
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.book.theme import ACCENT
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, COUNT, IF, ISNUMBER, MAX, MIN, NA, ROUND, said
from xlmodel.model.economics import breakeven, cost, gain, ratio
from xlmodel.model.variants import STEPS, stepped
from xlmodel.sheets.frame import headers
from xlmodel.units import RATIO, TEXT, TOKENS_PER_GPU, TOKENS_PER_USER, USD_PER_GPU_HOUR, USD_PER_MILLION

SPEEDS = 7  # interactivities of the grid, over the range that both curves cover
VALUE = 3  # column of the first one
CHART = 17  # rows of a chart
_LABELS = ("two steps down", "one step down", "price in use", "one step up", "two steps up")
_NONE = "No break-even price: the two curves share no range, or a price is missing"


def describe(ctx: Context, sheet: Sheet, given: Mapping[str, Cell], row: int) -> int:
    """Declare the grid, and the chart of the break-even line, from a row on; gives the first row below."""
    sheet.put(row, 1, "By price and interactivity", "Heading")
    headers(sheet, row + 1, 1, ("", "Price", *(f"Speed {i + 1}" for i in range(SPEEDS))), 16)
    t = Table(ctx.graph, sheet, "grid", row + 2, VALUE, SPEEDS, down=False, units=True)
    low, high = given["low"], given["high"]
    speeds = [IF(high > low, ROUND(low + (high - low) * i / (SPEEDS - 1), 0), NA) for i in range(SPEEDS)]
    speed = t.line("Interactivity", TOKENS_PER_USER, speeds, style="Result strong", fmt="0", strong=True)
    readings = [[read_at(ctx, given[who], speed.cell(i)) for who in ("platform", "baseline")] for i in range(SPEEDS)]
    rates = [[IF(ISNUMBER(speed), reading.part("Throughput"), NA) for reading in pair] for pair in readings]
    rate = t.line("Throughput", TOKENS_PER_GPU, [pair[0] for pair in rates], style="Link")
    other = t.line("Throughput of the baseline", TOKENS_PER_GPU, [pair[1] for pair in rates], style="Link")
    even = t.line("Break-even price", USD_PER_GPU_HOUR, breakeven(given["base_price"], rate, other))
    used = t.line("Price in use", USD_PER_GPU_HOUR, given["price"], style="Link")
    use = ctx.graph["scenario.utilization"]
    costs, prices = _by_price(ctx, sheet, given, "grid_cost", t.body.last_row + 1, f"Cost, {USD_PER_MILLION.label}")
    for k, price in enumerate(prices):
        costs.line(_LABELS[k], USD_PER_MILLION, cost(price, rate, use), style="Result")
    gains, prices = _by_price(
        ctx, sheet, given, "grid_gain", costs.body.last_row + 1, "Performance per USD, x baseline"
    )
    for k, price in enumerate(prices):
        better = gain(ratio(rate, other), ratio(price, given["base_price"]))
        gains.line(_LABELS[k], RATIO, better, style="Result")
    corner = next(iter(gains.lines.values())).relative
    for better, look in ((corner >= 1, "good"), (corner < 1, "bad")):
        sheet.conditions.append(Condition(gains.body.a1, AND(ISNUMBER(corner), better), look))
    return _chart(ctx, sheet, given, (speed, even, used), gains.body.last_row + 2)


def _by_price(
    ctx: Context, sheet: Sheet, given: Mapping[str, Cell], key: str, row: int, heading: str
) -> tuple[Table, list[Cell]]:
    """A part of the grid, one row a price, and the prices in front of its rows."""
    sheet.put(row, 1, heading, "Strong")
    for k, label in enumerate(_LABELS, 1):
        sheet.put(row + k, 1, label, "Label")
    prices = [
        single(ctx.graph, sheet, f"{key}.price_{k}", USD_PER_GPU_HOUR, stepped(given["price"], step, given["price_step"]), row + 1 + k, 2)
        for k, step in enumerate(STEPS)
    ]  # fmt: skip
    return Table(ctx.graph, sheet, key, row + 1, VALUE, SPEEDS, down=False), prices


def read_at(ctx: Context, platform: Cell, speed: Any) -> ReadingRow:
    """A reading of the chosen model's curve on a platform, which need not be one of the list."""
    return ctx.readings.ask("Sensitivity", platform, speed)


def _chart(ctx: Context, sheet: Sheet, given: Mapping[str, Cell], lines: tuple[Line, Line, Line], row: int) -> int:
    """The break-even price over interactivity, beside the price in use."""
    speed, even, used = lines
    title = single(ctx.graph, sheet, "grid.finding", TEXT, _finding(given, even.all), row, 1, style="Heading")
    head = 1 - VALUE  # where the label of a row stands
    series = (
        Series(even.ref().step(0, head), speed.area, even.area, ACCENT, "circle"),
        Series(used.ref().step(0, head), speed.area, used.area, "D55E00"),
    )
    sheet.charts.append(
        Chart("scatter", title.ref(), "Interactivity (output tok/s per user)", "USD per GPU-hour", series, (row, 1, row + CHART, 11),
              "Price per GPU-hour at which the platform's tokens cost as much as the baseline's, over interactivity, with the price in use.",
              y_format="0.00")
    )  # fmt: skip
    return row + CHART


def _finding(given: Mapping[str, Cell], even: Expr) -> Expr:
    span = said(MIN(even), 2) & " to " & said(MAX(even), 2)
    words = given["platform"] & " equals " & given["baseline"] & " at " & span
    found: Expr = IF(COUNT(even).eq(0), _NONE, words & " USD per GPU-hour, depending on the speed")
    return found
