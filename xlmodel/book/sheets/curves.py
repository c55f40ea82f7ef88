"""Curves: the index of all curves, and every reading of one at an interactivity, by formula."""

from xlmodel.book.address import letters
from xlmodel.book.context import Context
from xlmodel.book.places import CURVES, FIRST, INDEX
from xlmodel.book.sheets import curve_index, readings
from xlmodel.book.sheets.frame import start, widths
from xlmodel.book.spec import Sheet


def describe(ctx: Context) -> Sheet:
    """The sheet; describe it after every sheet that reads a curve."""
    sheet = start(
        ctx, CURVES, "workings", "Curves",
        "Workings: which curves there are (points, frontiers and knots stand on Benchmarks), and their readings. Nothing to type here.",
        6,
    )  # fmt: skip
    sheet.put(FIRST - 3, INDEX, "1  Index of curves", "Heading")
    sheet.put(FIRST - 3, ctx.places.readings("Used by"), "2  Readings: curves at an interactivity", "Heading")
    curve_index.describe(ctx, sheet)
    readings.describe(ctx, sheet)
    widths(sheet, (7, 16, 14, 10, 12, 40, *(9,) * (len(ctx.places.index_columns()) - 6), 3), INDEX)
    widths(
        sheet, (26, 14, 16, 10, 12, 10, 12, 8, 8, 8, 8, 10, 10, 10, 8, 8, 12, 34, 3, 3), ctx.places.readings("Used by")
    )
    sheet.freeze = f"A{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    sheet.print_area = f"A1:{letters(INDEX + len(ctx.places.index_columns()) - 1)}{FIRST + ctx.places.group_rows - 1}"
    return sheet
