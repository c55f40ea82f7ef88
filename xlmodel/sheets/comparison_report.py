"""The report on two workbooks as a book: a bridge that adds up by formula, with its waterfall, and all changes."""

import math
from itertools import accumulate

from xlmodel.book.spec import Book, Chart, Series, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value
from xlmodel.model.comparison import Comparison, Told
from xlmodel.model.headline import CHEAPEST, COST, GAIN, LOWEST
from xlmodel.sheets.frame import fixed, headers, lines_high, span, widths
from xlmodel.units import RATIO, USD_PER_MILLION

FIRST = 7  # first data row, as on the sheets of the model
MOST = 18  # steps of the waterfall; smaller ones are added up
EFFECT, THEN, WORK = 5, 6, 8  # columns
UP, DOWN, ENDS = "D55E00", "009E73", "0B5394"
_USD, _STEP = "#,##0.0000", "+0.0000;-0.0000;0.0000"


def report(found: Comparison) -> Book:
    """The report."""
    about = f"{found.old['file']} ({found.old['build']}) against {found.new['file']} ({found.new['build']})"
    sheets = (_bridge(found, about), _platforms(found, about), _changes(found, about), _formulas(found, about))
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


def _bridge(found: Comparison, about: str) -> Sheet:
    """Old value, every step, new value; the sum is a formula, and so is its check."""
    sheet = _start("Bridge", "What moved the cost", about, THEN)
    before, after = found.before.get(LOWEST), found.after.get(LOWEST)
    if not _number(before) or not _number(after):
        sheet.put(
            4, 1, f"No bridge: the lowest cost at the target was {_said(before)} and is {_said(after)}.", "Finding"
        )
        return sheet
    a, b, taken = float(before), float(after), steps(found)  # type: ignore[arg-type]
    headers(sheet, FIRST - 1, 1, ("Step", "Where", "Before", "After", "Effect", "Then"))
    headers(sheet, FIRST - 1, WORK, ("Ends", "Unseen", "Up", "Down", "Label"))
    sheet.put(FIRST - 2, EFFECT, USD_PER_MILLION.label, "Column unit")
    sheet.put(FIRST - 2, WORK, "Workings of the chart", "Footnote")
    last = FIRST + len(taken) + 1
    totals = list(accumulate((change.effects[LOWEST] for change in taken), initial=a))
    _end(sheet, FIRST, "Before", a)
    for row, (change, total) in enumerate(zip(taken, totals[1:], strict=True), FIRST + 1):
        _step(sheet, row, change, total)
    _end(sheet, last, "After", b)
    sheet.put(last + 1, 1, "The steps add up to the new value, to 1e-9", "Label")
    gap = totals[-1] - b
    sheet.calc(last + 1, THEN, f"IF(ABS(F{last - 1}-F{last})<=0.000000001,1,0)", int(abs(gap) <= 1e-9), "Check")
    _sentence(found, sheet, last, a, b)
    sheet.charts.append(_waterfall(sheet, last, min(totals)))
    sheet.print_area = span(1, 1, last + 26, THEN)
    widths(sheet, (62, 18, 22, 22, 12, 12, 3, *(11,) * 4, 36))
    return sheet


def _end(sheet: Sheet, row: int, label: str, value: float) -> None:
    """The first or the last bar."""
    sheet.put(row, 1, label, "Strong")
    sheet.put(row, THEN, value, "Result strong", _USD)
    sheet.calc(row, WORK, f"F{row}", value, "Calculation", _USD)
    for col in range(WORK + 1, WORK + 4):
        sheet.put(row, col, 0, "Calculation", _USD)
    sheet.put(row, WORK + 4, label, "Text")


def _step(sheet: Sheet, row: int, change: Told, total: float) -> None:
    """One bar in the air: unseen up to the lower of two totals."""
    effect = change.effects[LOWEST]
    sheet.put(row, 1, change.what, "Note")
    sheet.put(row, 2, change.place or None, "Text")
    for col, value in ((3, change.before), (4, change.after)):
        sheet.put(row, col, value, "Data" if _number(value) else "Data text", "General" if _number(value) else "@")
    sheet.put(row, EFFECT, effect, "Data", _STEP)
    sheet.calc(row, THEN, f"F{row - 1}+E{row}", total, "Result", _USD)
    sheet.put(row, WORK, 0, "Calculation", _USD)
    for col, text, value in (
        (WORK + 1, f"MIN(F{row - 1},F{row})", min(total - effect, total)),
        (WORK + 2, f"MAX(E{row},0)", max(effect, 0.0)),
        (WORK + 3, f"MAX(-E{row},0)", max(-effect, 0.0)),
    ):
        sheet.calc(row, col, text, value, "Calculation", _USD)
    sheet.calc(row, WORK + 4, f"LEFT(A{row},34)", change.what[:34], "Text")
    sheet.heights[row] = lines_high([(change.what, 62)], 16)


def _sentence(found: Comparison, sheet: Sheet, last: int, a: float, b: float) -> None:
    held, holds = (_said(results.get(CHEAPEST)) for results in (found.before, found.after))
    platforms = held if held == holds else f"{held}, then {holds}"
    sign = "+" if b >= a else "-"
    sheet.calc(
        4, 1,
        f'"Lowest cost at the target: "&FIXED(ROUND(F{FIRST},4),4,TRUE)&" to "&FIXED(ROUND(F{last},4),4,TRUE)&" USD per million tokens ("'
        f'&IF(F{last}>=F{FIRST},"+","-")&FIXED(ROUND(ABS(F{last}-F{FIRST}),4),4,TRUE)&"), on {platforms}."',
        f"Lowest cost at the target: {fixed(a, 4)} to {fixed(b, 4)} USD per million tokens ({sign}{fixed(abs(b - a), 4)}), on {platforms}.",
        "Finding",
    )  # fmt: skip
    for col in range(2, THEN + 1):
        sheet.put(4, col, None, "Finding")
    sheet.merges.append(span(4, 1, 4, THEN))
    sheet.heights[4] = 30


def _waterfall(sheet: Sheet, last: int, lowest: float) -> Chart:
    names = Area(sheet.name, FIRST, WORK + 4, last, WORK + 4)
    low = 0.0 if lowest <= 0 else min(float(f"{lowest * 0.8:.1g}"), lowest)
    bars = ((WORK + 1, ""), (WORK, ENDS), (WORK + 2, UP), (WORK + 3, DOWN))
    return Chart(
        "column", Ref(sheet.name, 4, 1), "", USD_PER_MILLION.label,
        tuple(Series(Ref(sheet.name, FIRST - 1, col), names, Area(sheet.name, FIRST, col, last, col), hue) for col, hue in bars),
        (last + 4, 1, last + 26, THEN), "Waterfall from the old lowest cost to the new one: each bar is the effect of one change.",
        y_format="0.000", legend=False, stacked=True, low=low,
    )  # fmt: skip


def _platforms(found: Comparison, about: str) -> Sheet:
    sheet = _start("Platforms", "Each platform before and after", about, 7)
    names = [name.removeprefix(COST) for name in found.after if name.startswith(COST)]
    headers(
        sheet, FIRST - 1, 1, ("Platform", "Cost before", "Cost after", "Change", "Gain before", "Gain after", "Change")
    )
    for offset, unit in enumerate((None, *(USD_PER_MILLION.label,) * 3, *("x baseline",) * 3), 1):
        sheet.put(FIRST - 2, offset, unit, "Column unit")
    for row, name in enumerate(names, FIRST):
        sheet.put(row, 1, name, "Result name")
        for col, start, fmt in ((2, COST, _USD), (5, GAIN, RATIO.format)):
            a, b = found.before.get(start + name), found.after.get(start + name)
            sheet.put(row, col, a if _number(a) else None, "Result", fmt)
            sheet.put(row, col + 1, b if _number(b) else None, "Result", fmt)
            old, new = (Ref(sheet.name, row, c).a1 for c in (col, col + 1))
            both = _number(a) and _number(b)
            value: Value = float(b) - float(a) if both else ""  # type: ignore[arg-type]
            sheet.calc(row, col + 2, f'IF(COUNT({old}:{new})=2,{new}-{old},"")', value, "Result", _STEP)
    widths(sheet, (18, *(13,) * 6))
    return sheet


def _changes(found: Comparison, about: str) -> Sheet:
    sheet = _start("Changes", "Every change", about, 7)
    headers(sheet, FIRST - 1, 1, ("Kind", "What", "Where", "Before", "After", "Effect on the lowest cost", "Noted"))
    row = FIRST
    for change in found.changes:
        _change(sheet, row, change)
        row += 1
    for text in found.sheets:
        sheet.put(row, 1, "own sheet", "Text")
        sheet.put(row, 2, text, "Note")
        row += 1
    if row == FIRST:
        sheet.put(row, 1, "Nothing changed.", "Text")
    widths(sheet, (13, 70, 20, 24, 24, 14, 60))
    return sheet


def _change(sheet: Sheet, row: int, change: Told) -> None:
    sheet.put(row, 1, change.kind, "Text")
    sheet.put(row, 2, change.what, "Note")
    sheet.put(row, 3, change.place or None, "Text")
    for col, value in ((4, change.before), (5, change.after)):
        sheet.put(row, col, value, "Data" if _number(value) else "Data text", "General" if _number(value) else "@")
    sheet.put(row, 6, change.effects.get(LOWEST), "Result", _STEP)
    sheet.put(row, 7, change.note or None, "Note")
    sheet.heights[row] = lines_high([(change.what, 70), (change.note, 60)], 16)


def _formulas(found: Comparison, about: str) -> Sheet:
    sheet = _start("Formulas", "Formulas typed over, changed or restored", about, 3)
    headers(sheet, FIRST - 1, 1, ("Where", "Before", "After"))
    for row, change in enumerate(found.formulas, FIRST):
        for col, text in enumerate((change.place, change.before, change.after), 1):
            sheet.put(row, col, text, "Note")
    if not found.formulas:
        sheet.put(FIRST, 1, "None.", "Text")
    widths(sheet, (26, 70, 70))
    return sheet


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _said(value: Value) -> str:
    return "unknown" if value is None else str(value)
