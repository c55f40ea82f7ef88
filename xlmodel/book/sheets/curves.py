"""Curves: the workings behind every number, from measured point to throughput, by formula."""

from xlmodel.book.address import letters
from xlmodel.book.context import Context
from xlmodel.book.places import CURVES, FIRST, INDEX, KNOTS
from xlmodel.book.sheets import curve_index, curve_knots, readings
from xlmodel.book.sheets.frame import start, widths
from xlmodel.book.spec import Sheet

_PARTS = ((KNOTS, "1  Knots with Steffen's slopes"), (INDEX, "2  Index of curves"))


def describe(ctx: Context) -> Sheet:
    """The sheet; describe it after every sheet that reads a curve."""
    sheet = start(
        ctx, CURVES, "workings", "Curves",
        "Workings: the knots of all frontiers (found beside the points on Benchmarks), their slopes, and readings. Nothing to type here.",
        6,
    )  # fmt: skip
    for col, text in _PARTS:
        sheet.put(FIRST - 3, col, text, "Heading")
    sheet.put(FIRST - 3, ctx.places.readings("Used by"), "3  Readings: curves at an interactivity", "Heading")
    sheet.put(FIRST - 2, KNOTS, "Steffen 1990: between two knots a cubic that never overshoots them.", "Footnote")
    curve_knots.describe(ctx, sheet)
    curve_index.describe(ctx, sheet)
    readings.describe(ctx, sheet)
    widths(sheet, (16, 9, 9, 12, 12, 12, 3), KNOTS)
    widths(sheet, (7, 16, 14, 10, 12, 40, *(9,) * (len(ctx.places.index_columns()) - 6), 3), INDEX)
    widths(
        sheet, (26, 14, 16, 10, 12, 10, 12, 8, 8, 8, 8, 10, 10, 10, 8, 8, 12, 34, 3, 3), ctx.places.readings("Used by")
    )
    sheet.freeze = f"A{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    sheet.print_area = f"A1:{letters(KNOTS + 5)}{FIRST + ctx.places.knot_rows - 1}"
    return sheet
