"""The Functions sheet of the Python editions: the same calls with the workbook's data, and what is needed to run them.

No other cell reads the calls, so nothing depends on an add-in; a value that differs from its plain formula turns red.
"""

from xlmodel.book.context import Context
from xlmodel.book.edition import LITE, XLWINGS, office_form, with_data
from xlmodel.book.places import FIRST
from xlmodel.book.spec import Cell, Condition, Sheet
from xlmodel.calc.address import letters
from xlmodel.model.feed import RANGE
from xlmodel.model.function_records import DATA, FUNCTIONS, LINE, from_python
from xlmodel.model.ownpoints import tokline
from xlmodel.sheets.frame import headers
from xlmodel.sheets.function_examples import LIVE, PLAIN, POINTS
from xlmodel.units import TOKENS_PER_GPU, TOKENS_PER_USER, USD_PER_MILLION

DIFFERENCE = 8
NEEDS = {
    XLWINGS: (
        "From Python: needs Excel 2016 or newer on Windows and the add-in that `xlmodel addin` installs.",
        f"On Windows the last argument, {RANGE}, may be left out; the call then reads this workbook's inputs itself, at every "
        "calculation. Without the add-in these cells show #NAME?; no other cell reads them.",
    ),
    LITE: (
        "From Python stored in this workbook: needs the free add-in xlwings Lite (Excel 365 or 2021 on Windows, Mac, web).",
        f"Open xlwings Lite once and trust this workbook. Pass {RANGE} as the last argument, so that a call follows every edit. "
        "Without the add-in these cells show #NAME?; no other cell reads them.",
    ),
}  # fmt: skip
STEPS, PRICE = 4, 3.0


def rewrite(ctx: Context, sheet: Sheet, edition: str) -> None:
    """Turn the described native sheet into that of a Python edition."""
    records = {function.name: function for function in from_python()}
    subtitle, needs = NEEDS[edition]
    sheet.subtitle = subtitle
    sheet.put(2, 1, subtitle, "Subtitle")
    sheet.put(3, 1, needs, "Footnote")
    for line in sheet.cells.values():
        for col, cell in line.items():
            if cell.spill:
                line[col] = _from_python(cell, with_data(cell.formula), edition)
    functions = [line for line in sheet.cells.values() if LIVE in line and line[LIVE].python]
    for line in functions:
        name = str(line[1].value).partition("(")[0]
        line[1] = line[1]._replace(value=records[name].signature)
        line[LIVE - 1] = line[LIVE - 1]._replace(value=f"={with_data(str(line[LIVE - 1].value)[1:])}")
        del line[DIFFERENCE]
    last = FIRST + len(functions) - 1
    live, plain = (f"${letters(col)}{FIRST}" for col in (LIVE, PLAIN))
    differs = f"AND(ISNUMBER({live}),ISNUMBER({plain}),ABS({live}-{plain})>0.000001*ABS({plain}))"
    sheet.conditions.append(Condition(f"{letters(LIVE)}{FIRST}:{letters(LIVE)}{last}", differs, "bad"))
    sheet.put(FIRST - 1, DIFFERENCE, None, "Column")
    _meanings(sheet)
    _line(sheet, edition)


def _from_python(cell: Cell, typed: str, edition: str) -> Cell:
    """A call as the file stores it."""
    return cell._replace(formula=office_form(typed) if edition == LITE else typed, python=edition)


def _meanings(sheet: Sheet) -> None:
    """The arguments that only these editions have, below the others."""
    known = {line[1].value: row for row, line in sheet.cells.items() if 1 in line and line[1].style == "Strong"}
    row = known[FUNCTIONS[-1].arguments[-1].name]
    while row + 1 in sheet.cells and 1 in sheet.cells[row + 1]:
        row += 1
    for argument in (DATA, *LINE.arguments):
        if argument.name not in known:
            row += 1
            sheet.put(row, 1, argument.name, "Strong")
            sheet.put(row, 2, argument.help, "Text")


def _line(sheet: Sheet, edition: str) -> None:
    """A line through the examples' own points, under them."""
    first = sheet.inputs["functions.xs/1"].row
    last, top = first + len(POINTS) - 1, first + len(POINTS) + 3
    xs, ys = f"E{first}:E{last}", f"F{first}:F{last}"
    rows = tokline([[x] for x, _ in POINTS], [[y] for _, y in POINTS], PRICE, STEPS)
    assert isinstance(rows, list)
    sheet.put(top - 2, 5, f"A line through them, to plot, as {LINE.signature} spills it", "Heading")
    headers(sheet, top - 1, 5, (TOKENS_PER_USER.label, TOKENS_PER_GPU.label, USD_PER_MILLION.label), 16)
    sheet.call(top, 5, f"TOKLINE({xs},{ys},{PRICE:g},{STEPS})", rows, "Result", USD_PER_MILLION.format)
    sheet.cells[top][5] = _from_python(sheet.cells[top][5], sheet.cells[top][5].formula, edition)
    sheet.outputs["functions.line"] = sheet.area(top, 5, top + STEPS, 7)
