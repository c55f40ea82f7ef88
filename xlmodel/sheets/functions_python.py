"""What the Functions sheet of the Python editions has of its own: what is needed to run them, one more function, one more argument.

No other cell reads the calls, so nothing depends on an add-in; a value that differs from its plain formula turns red.
"""

from xlmodel.book.context import Context
from xlmodel.book.edition import LITE, XLWINGS, called, with_data
from xlmodel.book.one_cell import calling
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell
from xlmodel.calc.functions import ABS, AND, ISNUMBER
from xlmodel.model.feed import RANGE
from xlmodel.model.function_records import DATA, FUNCTIONS, LINE, from_python
from xlmodel.model.ownpoints import tokline
from xlmodel.sheets.frame import headers, span
from xlmodel.units import TOKENS_PER_GPU, TOKENS_PER_USER, USD_PER_MILLION

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
ARGUMENTS = (DATA, *LINE.arguments)  # which the native edition has not
STEPS, PRICE = 4, 3.0
APART = 0.000001  # share from which a live value counts as another


def signatures() -> list[str]:
    """The functions with the workbook's data as one more argument, in the order of the native edition."""
    found = {function.name: function.signature for function in from_python()}
    return [found[function.name] for function in FUNCTIONS]


def typed() -> list[str]:
    """The worked examples with that argument."""
    return [f"={with_data(function.typed().removeprefix('='))}" for function in FUNCTIONS]


def mark(sheet: Sheet, first: Cell, count: int, step: int) -> None:
    """Turn live values red that differ from the plain formulas `step` columns on; `first` is the uppermost."""
    at = first.ref()
    live, plain = first.by_col, Cell(first.unit, place=at.step(cols=step)).by_col
    differs = AND(ISNUMBER(live), ISNUMBER(plain), ABS(live - plain) > APART * ABS(plain))
    area = span(at.row, at.col, at.row + count - 1, at.col)
    sheet.conditions.append(Condition(area, differs, "bad"))


def line(ctx: Context, sheet: Sheet, points: Table, edition: str) -> None:
    """A line through the examples' own points, under them."""
    top = points.end + 3
    sheet.put(top - 2, points.col, f"A line through them, to plot, as {LINE.signature} spills it", "Heading")
    headers(
        sheet, top - 1, points.col, (TOKENS_PER_USER.label, TOKENS_PER_GPU.label, USD_PER_MILLION.label), points.height
    )
    xs, ys = (points.lines[key].all.relative for key in ("xs", "ys"))  # fmt: skip
    through = called(LINE, (xs, ys, PRICE, STEPS), tokline, edition)
    cell = calling(ctx.graph, sheet, "functions.line", LINE.unit, through, top, points.col, style="Result")
    sheet.outputs["functions.line"] = cell.filled
