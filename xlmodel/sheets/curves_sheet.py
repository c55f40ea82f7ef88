"""Curves: every curve that a result needs, read at its interactivity. The one interpolation that all results use."""

from xlmodel.book.context import Context
from xlmodel.book.keys import slug
from xlmodel.book.point_places import FIRST
from xlmodel.book.readings import ANSWERED, CURVES, GIVEN
from xlmodel.book.spec import Sheet
from xlmodel.calc.expression import Expr
from xlmodel.sheets.frame import headers, start, widths


def describe(ctx: Context) -> Sheet:
    """One row for every reading that the other sheets asked for; describe it after them."""
    g, lines, columns = ctx.graph, ctx.readings.lines, (*GIVEN, *ANSWERED)
    sheet = start(
        ctx, CURVES, "workings", "Curves",
        "Workings: curves read at an interactivity. The curves themselves stand on Benchmarks, right of the points. Nothing to type here.",
        len(columns),
    )  # fmt: skip
    headers(sheet, FIRST - 1, 1, [heading for heading, *_ in columns])
    for heading, *_ in GIVEN:
        line = lines[slug(heading)]
        styles = ["Link" if isinstance(line.content_at(i), Expr) else "Text" for i in range(line.count)]
        g.printed(sheet, line, styles, "")
    for heading, _, fmt, _ in ANSWERED:
        g.printed(sheet, lines[slug(heading)], "Text" if heading == "Reason" else "Calculation", fmt)
    widths(sheet, [width for *_, width in columns])
    sheet.freeze = f"A{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    return sheet
