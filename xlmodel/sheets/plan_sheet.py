"""Plan: five years of owning, renting, calling an API, or a mix of them; results, scenarios and assumptions on a page each."""

from xlmodel.book.context import Context
from xlmodel.book.guards import within_range
from xlmodel.book.spec import Link, Sheet
from xlmodel.sheets import plan_charts, plan_checks, plan_inputs, plan_results, plan_tornado, plan_words
from xlmodel.sheets.frame import paged, span, start, widths

NAME = "Plan"
WIDTH = 14
CHART = 9  # first column of the charts
LINE, GAP = 14.25, 6.75  # points of a row and of an empty one, at which the results fill a page at 70 %


def describe(ctx: Context) -> Sheet:
    """The sheet; it reads Cost curves, so describe that before."""
    g = ctx.graph
    sheet = start(
        ctx, NAME, "presentation", NAME,
        "Own the GPUs, rent them, call an API, or mix: what the coming years cost. The assumptions stand below, and are yours.",
        WIDTH, freeze="A3",
    )  # fmt: skip
    finding = plan_words.finding(ctx, sheet, 4, WIDTH)
    sheet.merges.append(span(4, 1, 4, WIDTH))
    sheet.heights[4] = 36
    ways = plan_results.ways(ctx, sheet, 6)
    plan_words.reasons(ctx, sheet, ways.end)
    plan_results.invested(ctx, sheet, ways.end + 3)
    plan_results.against_api(ctx, sheet, ways.end + 7)
    years = plan_results.by_year(ctx, sheet, ways.end + 10)
    sheet.put(years.end, 1, "Own: paid when ordered, depreciated in equal parts, sold at the end of its life, at book value at the end of the plan. "
              "Months are discounted from their ends.", "Footnote")  # fmt: skip
    plan_charts.describe(ctx, sheet, years, 6, CHART, WIDTH)
    page = max(years.end + 1, 6 + 4 * plan_charts.HIGH) + 1
    below = plan_tornado.scenarios(ctx, sheet, page + 1) + 1
    second = plan_tornado.tornado(ctx, sheet, below, WIDTH) + 1
    sheet.put(second + 1, 1, "Assumptions", "Heading")
    form = plan_inputs.describe(ctx, sheet, second + 2)
    for col, (words, row) in enumerate((("Scenarios and tornado", page + 1), ("Assumptions", second + 1))):
        at = sheet.put(3, 1 + 3 * col, f"To {words.casefold()} ↓", "Hyperlink")
        sheet.links.append(Link(at.a1, place=f"'{NAME}'!A{row}"))
    for line in range(3, page):
        sheet.heights.setdefault(line, LINE if line in sheet.cells else GAP)
    plan_checks.describe(ctx)
    within_range(ctx, sheet, form.numbers)
    sheet.outputs |= {"plan finding": finding.ref(), "plan present values": g.area("ways.worth")}
    widths(sheet, (34.5, 15, *(12,) * 6, *(11,) * 6))
    paged(sheet, WIDTH, 2)
    sheet.print_area = span(1, 1, form.row - 1, WIDTH)
    sheet.repeat_rows = "1:2"
    sheet.breaks = [page - 1, second - 1, *sheet.breaks]  # each page begins with an empty row below its head
    return sheet
