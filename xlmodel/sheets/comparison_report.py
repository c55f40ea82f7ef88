"""The report on two workbooks as a book: a bridge that adds up by formula, with its waterfall, and all changes."""

import math
from itertools import accumulate
from typing import Any

from xlmodel import units
from xlmodel.book.chart import Chart, Series
from xlmodel.book.graph import Graph
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Book, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Ref
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import ABS, COUNT, IF, LEFT, MAX, MIN, said
from xlmodel.calc.values import Value
from xlmodel.model.comparison import Comparison, Told
from xlmodel.model.headline import CHEAPEST, COST, GAIN, LOWEST
from xlmodel.sheets.frame import data_looks, lines_high, span, widths

FIRST = 7  # first data row, as on the sheets of the model
MOST = 18  # steps of the waterfall; smaller ones are added up
LABEL = 34  # characters of a step under its bar
CHART_ROWS = 22
EXACT = 0.000000001
UP, DOWN, ENDS = "D55E00", "009E73", "0B5394"
_USD, _STEP = "#,##0.0000", "+0.0000;-0.0000;0.0000"


def report(found: Comparison) -> Book:
    """The report."""
    about = f"{found.old['file']} ({found.old['build']}) against {found.new['file']} ({found.new['build']})"
    graph = Graph()
    sheets = tuple(describe(graph, found, about) for describe in (_bridge, _platforms, _changes, _formulas))
    graph.finish()
    return Book(sheets, {}, "What changed", about, str(found.new["date"]), str(found.new["build"]), opens_on=0)


def _start(name: str, title: str, about: str, width: int) -> Sheet:
    sheet = Sheet(name, "presentation", title, freeze=f"A{FIRST}", repeat_rows=f"1:{FIRST - 1}")
    for col in range(1, width + 1):
        sheet.put(1, col, None, "Title")
        sheet.put(2, col, None, "Subtitle")
    sheet.put(1, 1, title, "Title")
    sheet.put(2, 1, about, "Subtitle")
    sheet.heights[1], sheet.heights[2] = 26, 16
    return sheet


def steps(found: Comparison, result: str = LOWEST) -> list[Told]:
    """The changes that moved a result, in their order; the smallest are added up when there are many."""
    moved = [change for change in found.changes if change.effects.get(result)]
    if len(moved) <= MOST:
        return moved
    large = sorted(range(len(moved)), key=lambda i: -abs(moved[i].effects[result]))[: MOST - 1]
    rest = [change.effects[result] for i, change in enumerate(moved) if i not in large]
    others = Told(f"{len(rest)} smaller changes", "", None, None, "", {result: math.fsum(rest)}, "rest")
    return [*(moved[i] for i in sorted(large)), others]


def _bridge(graph: Graph, found: Comparison, about: str) -> Sheet:
    """Old value, every step, new value; the sum is a formula, and so is its check."""
    sheet = _start("Bridge", "What moved the cost", about, 6)
    before, after = found.before.get(LOWEST), found.after.get(LOWEST)
    if not is_number(before) or not is_number(after):
        words = f"No bridge: the lowest cost at the target was {_said(before)} and is {_said(after)}."
        sheet.put(4, 1, words, "Finding")
        return sheet
    taken = steps(found)
    t = _steps(graph, sheet, taken, before, after)
    bars = _bars(graph, sheet, t)
    then = t.lines["then"]
    first, sum_, last = (then.cell(i).formed("relative") for i in (0, t.count - 2, t.count - 1))
    sheet.put(t.end, 1, "The steps add up to the new value, to 1e-9", "Label")
    adds_up = IF(ABS(sum_ - last) <= EXACT, 1, 0)
    single(graph, sheet, "bridge.adds_up", units.COUNT, adds_up, t.end, t.last_col, style="Check", fmt="")
    _sentence(graph, sheet, t.last_col, first, last, found)
    totals = accumulate((change.effects[LOWEST] for change in taken), initial=float(before))
    sheet.charts.append(_waterfall(sheet, t, bars, min(totals)))
    sheet.print_area = span(1, 1, t.end + 3 + CHART_ROWS, t.last_col)
    widths(sheet, (62, 18, 22, 22, 12, 12, 3, *(11,) * 4, 36))
    return sheet


def _steps(graph: Graph, sheet: Sheet, taken: list[Told], before: Value, after: Value) -> Table:
    """The value before, what each change did to it, and the value after."""
    m = len(taken)
    t = Table(graph, sheet, "bridge", FIRST, 1, m + 2, form="relative")
    t.column(
        "Step", units.TEXT, ["Before", *(c.what for c in taken), "After"], style=["Strong", *["Note"] * m, "Strong"]
    )
    t.column("Where", units.TEXT, [None, *(c.place or None for c in taken), None], style=["", *["Text"] * m, ""])
    for heading, values in (("Before", [c.before for c in taken]), ("After", [c.after for c in taken])):
        styles, formats = data_looks(values)
        t.column(heading, units.TEXT, [None, *values, None], style=["", *styles, ""], fmt=["", *formats, ""])
    effects = [None, *(c.effects[LOWEST] for c in taken), None]
    sheet.put(FIRST - 2, t.last_col + 1, units.USD_PER_MILLION.label, "Column unit")
    effect = t.column("Effect", units.USD_PER_MILLION, effects, style=["", *["Data"] * m, ""], fmt=_STEP)
    moved = graph["bridge.then"].shift(-1) + effect
    strong = ["Result strong", *["Result"] * m, "Result strong"]
    t.column("Then", units.USD_PER_MILLION, [before, *[moved] * m, after], style=strong, fmt=_USD)
    for row, change in enumerate(taken, FIRST + 1):
        sheet.heights[row] = lines_high([(change.what, 62)], 16)
    return t


def _bars(graph: Graph, sheet: Sheet, t: Table) -> Table:
    """Bars of the waterfall: those of the steps hang in the air, unseen up to the lower of two values."""
    m, then, effect = t.count - 2, t.lines["then"], t.lines["effect"]
    bars = Table(graph, sheet, "bars", FIRST, t.last_col + 2, t.count, form="relative")
    sheet.put(FIRST - 2, bars.col, "Workings of the chart", "Footnote")
    columns: tuple[tuple[str, Any, Any], ...] = (
        ("Ends", then, 0), ("Unseen", 0, MIN(then.shift(-1), then)), ("Up", 0, MAX(effect, 0)), ("Down", 0, MAX(-effect, 0)),
    )  # fmt: skip
    for heading, end, between in columns:
        bars.column(heading, units.USD_PER_MILLION, [end, *[between] * m, end], fmt=_USD)
    bars.column("Label", units.TEXT, ["Before", *[LEFT(t.lines["step"], LABEL)] * m, "After"], style="Text")
    return bars


def _sentence(graph: Graph, sheet: Sheet, width: int, first: Expr, last: Expr, found: Comparison) -> None:
    """The finding, across the sheet."""
    held, holds = (_said(results.get(CHEAPEST)) for results in (found.before, found.after))
    platforms = held if held == holds else f"{held}, then {holds}"
    values = "Lowest cost at the target: " & said(first, 4) & " to " & said(last, 4) & " USD per million tokens ("
    words = values & IF(last >= first, "+", "-") & said(ABS(last - first), 4) & f"), on {platforms}."
    single(graph, sheet, "bridge.finding", units.TEXT, words, 4, 1, style="Finding")
    for col in range(2, width + 1):
        sheet.put(4, col, None, "Finding")
    sheet.merges.append(span(4, 1, 4, width))
    sheet.heights[4] = 30


def _waterfall(sheet: Sheet, t: Table, bars: Table, lowest: float) -> Chart:
    low = 0.0 if lowest <= 0 else min(float(f"{lowest * 0.8:.1g}"), lowest)
    drawn = {key: bars.area(key) for key in ("unseen", "ends", "up", "down")}
    hues = {"unseen": "", "ends": ENDS, "up": UP, "down": DOWN}
    top = t.end + 3
    return Chart(
        "column", Ref(sheet.name, 4, 1), "", units.USD_PER_MILLION.label,
        tuple(Series(area.cell(-1), bars.area("label"), area, hues[key]) for key, area in drawn.items()),
        (top, 1, top + CHART_ROWS, t.last_col), "Waterfall from the old lowest cost to the new one: each bar is the effect of one change.",
        y_format="0.000", legend=False, stacked=True, low=low,
    )  # fmt: skip


def _platforms(graph: Graph, found: Comparison, about: str) -> Sheet:
    sheet = _start("Platforms", "Each platform before and after", about, 7)
    names = [name.removeprefix(COST) for name in found.after if name.startswith(COST)]
    t = Table(graph, sheet, "platforms", FIRST, 1, len(names), units=True, form="relative")
    t.column("Platform", units.TEXT, names, style="Result name", width=18)
    for what, start, unit, fmt, shown in (
        ("Cost", COST, units.USD_PER_MILLION, _USD, None),
        ("Gain", GAIN, units.RATIO, units.RATIO.format, "x baseline"),
    ):
        both = []
        for when, results in (("before", found.before), ("after", found.after)):
            values = [value if is_number(value := results.get(start + name)) else None for name in names]
            both.append(t.column(f"{what} {when}", unit, values, style="Result", fmt=fmt, shown=shown, width=13))
        cells = t.across(*list(t.lines)[-2:])
        change = IF(COUNT(cells).eq(2), both[1] - both[0], "")
        t.column("Change", unit, change, key=f"{what}_change", style="Result", fmt=_STEP, shown=shown, width=13)
    return sheet


def _changes(graph: Graph, found: Comparison, about: str) -> Sheet:
    sheet, changes = _start("Changes", "Every change", about, 7), found.changes
    t = Table(graph, sheet, "changes", FIRST, 1, len(changes))
    t.column("Kind", units.TEXT, [c.kind for c in changes], style="Text", width=13)
    t.column("What", units.TEXT, [c.what for c in changes], style="Note", width=70)
    t.column("Where", units.TEXT, [c.place or None for c in changes], style="Text", width=20)
    for heading, values in (("Before", [c.before for c in changes]), ("After", [c.after for c in changes])):
        styles, formats = data_looks(values)
        t.column(heading, units.TEXT, values, style=styles, fmt=formats, width=24)
    effects = [c.effects.get(LOWEST) for c in changes]
    t.column("Effect on the lowest cost", units.USD_PER_MILLION, effects, style="Result", fmt=_STEP, width=14)
    t.column("Noted", units.TEXT, [c.note or None for c in changes], style="Note", width=60)
    for row, change in enumerate(changes, FIRST):
        sheet.heights[row] = lines_high([(change.what, 70), (change.note, 60)], 16)
    for row, text in enumerate(found.sheets, t.end):
        sheet.put(row, 1, "own sheet", "Text")
        sheet.put(row, 2, text, "Note")
    if not changes and not found.sheets:
        sheet.put(FIRST, 1, "Nothing changed.", "Text")
    return sheet


def _formulas(graph: Graph, found: Comparison, about: str) -> Sheet:
    sheet = _start("Formulas", "Formulas typed over, changed or restored", about, 3)
    t = Table(graph, sheet, "formulas", FIRST, 1, len(found.formulas))
    t.column("Where", units.TEXT, [change.place for change in found.formulas], style="Note", width=26)
    t.column("Before", units.TEXT, [change.before for change in found.formulas], style="Note", width=70)
    t.column("After", units.TEXT, [change.after for change in found.formulas], style="Note", width=70)
    if not found.formulas:
        sheet.put(FIRST, 1, "None.", "Text")
    return sheet


def _said(value: Value) -> str:
    return "unknown" if value is None else str(value)
