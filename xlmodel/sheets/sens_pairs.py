"""Sensitivity, second part: the headline ratio under every pair of price bases that exists."""

from collections.abc import Mapping

from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, COUNT, COUNTIF, IF, IFERROR, ISNUMBER, MAX, MEDIAN, MIN, lookup, said
from xlmodel.calc.span import Span
from xlmodel.model.economics import gain, ratio
from xlmodel.sheets.frame import headers
from xlmodel.sheets.sens_grid import VALUE
from xlmodel.units import RATIO, TEXT, USD_PER_GPU_HOUR

_NONE = "No pair of prices exists for these two platforms at the target"


def describe(ctx: Context, sheet: Sheet, given: Mapping[str, Cell], row: int) -> int:
    """Declare the matrix, with the prices beside it, and one sentence on its span; gives the first row below."""
    g, count = ctx.graph, len(ctx.places.bases)
    sheet.put(row, 1, "By pair of prices: performance per USD against the baseline at the target", "Heading")
    heads = ("Basis of the platform (down), of the baseline (across)", "USD/GPU-hour", "Price in use")
    headers(sheet, row + 2, 1, heads, 44)
    sheet.put(row + 3, 2, "baseline →", "Unit")
    sheet.put(row + 4, 1, "Price in use", "Label")
    for j in range(count):
        basis = g["menu.bases"].cell(j)
        single(g, sheet, f"pairs.across_{j}", TEXT, basis, row + 2, VALUE + 1 + j, style="Column")
        single(g, sheet, f"pairs.down_{j}", TEXT, basis, row + 5 + j, 1, style="Label")
    lists = {"in_use": g["prices.in_use"]} | {f"basis_{j}": g[f"prices.basis_{j}"] for j in range(count)}

    def price(book: Expr, who: str) -> Expr:
        found: Expr = IFERROR(lookup(book, g["menu.platforms"], given[who]), "")
        return found

    t = Table(g, sheet, "pairs", row + 3, VALUE, len(lists), down=False)
    theirs = [price(book, "baseline") for book in lists.values()]
    other = t.line("Price of the baseline", USD_PER_GPU_HOUR, theirs, style="Link").by_row
    performance = ratio(given["throughput"], given["base_throughput"])
    for i, (key, book) in enumerate(lists.items()):
        mine = single(
            g, sheet, f"pairs.price_{key}", USD_PER_GPU_HOUR, price(book, "platform"), row + 4 + i, 2, style="Link"
        ).by_col
        better = IFERROR(gain(performance, ratio(mine, other)), "")
        t.line(key, RATIO, better, key=key, style="Result")
    _, first, *listed = t.lines.values()
    whole = f"{first.ref().a1}:{t.lines[key].ref(count).a1}"
    sheet.conditions.append(Condition(whole, AND(ISNUMBER(first.relative), first.relative < 1), "bad"))
    quoted = Span(listed, 1, count)  # the price in use repeats one of them
    single(g, sheet, "pairs.finding", TEXT, _finding(given, quoted), row + 1, 1, style="Strong")
    return t.body.last_row + 1


def _finding(given: Mapping[str, Cell], area: Expr) -> Expr:
    """How far the ratio goes from pair to pair."""
    span = said(MIN(area), 2) & "x to " & said(MAX(area), 2) & "x the performance per USD of " & given["baseline"]
    words = COUNT(area) & " pairs of price lists: " & given["platform"] & " gives " & span
    middle = said(MEDIAN(area), 2) & "x in the middle; more than 1x in " & COUNTIF(area, ">1")
    found: Expr = IF(COUNT(area).eq(0), _NONE, words & ", " & middle)
    return found
