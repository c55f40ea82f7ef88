"""Knots of all frontiers in order, with Steffen's slopes, right of the points they come from."""

from xlmodel.book.context import Context
from xlmodel.book.places import BENCHMARKS, FIRST
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.address import Area
from xlmodel.calc.curve_formulas import SLOPE
from xlmodel.model.membership import KEY
from xlmodel.sheets.frame import headers, widths

UNUSED = 900_000_000_000_000  # sort key of rows without a knot: after every real one
HEADERS = ("Sort key", "Curve", "Point", "Interactivity", "Throughput", "Slope")
_FORMATS = (
    "[<100000000000]0.00;",
    "0;;",
    "0;;",
    "#,##0.00;;",
    "#,##0.0;;",
    "#,##0.00;-#,##0.00;",
)


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the block of knots; row r holds knot r - 6."""
    p = ctx.places
    first = p.knots("Sort key").col
    headers(sheet, FIRST - 1, first, HEADERS)
    sheet.put(
        3,
        first,
        "Knots of all frontiers: between two of a curve runs Steffen's cubic (1990), which never overshoots.",
        "Footnote",
    )
    pooled, own = p.working("Key on pooled frontier"), p.working("Key on own frontier")
    keys = Area(BENCHMARKS, pooled.row, pooled.col, own.last_row, own.col).absolute
    knots = sum(len(curve.xs) for _, _, curve in ctx.market.owned)
    rows = pooled.last_row - pooled.row + 1
    sheet.put(4, first, "In use", "Unit")
    used = sheet.calc(4, first + 1, f'COUNTIF({keys},">0")', knots, "Calculation", "0")
    sheet.put(4, first + 3, "Keys of 0", "Unit")
    zeros = sheet.calc(4, first + 4, f"COUNTIF({keys},0)", 2 * rows - knots, "Calculation", "0")
    key, curve, source, x, y, m = (p.knots(name).cell(0).a1.rstrip("0123456789") for name in HEADERS)
    xs, ys = (_one_more(p.points(name)).absolute for name in ("Interactivity", "Throughput"))
    # rows without a knot point at the blank row after the last readable one, so that x and y are 0 there
    texts = (
        f"IF(ROW()-{FIRST - 1}>{used.absolute},{UNUSED},SMALL({keys},{zeros.absolute}+ROW()-{FIRST - 1}))",
        f"IF({key}{FIRST}={UNUSED},0,INT({key}{FIRST}/{KEY}))",
        f"IFERROR(MATCH({key}{FIRST},{pooled.absolute},0),IFERROR(MATCH({key}{FIRST},{own.absolute},0),{rows + 1}))",
        f"INDEX({xs},{source}{FIRST})",
        f"INDEX({ys},{source}{FIRST})",
        SLOPE.format(r=FIRST, q=FIRST - 1, p=FIRST - 2, n=FIRST + 1, o=FIRST + 2, curve=curve, x=x, y=y, m=m),
    )
    columns = [
        Column(values, "Calculation", fmt, [Run(0, p.knot_rows - 1, text)])
        for values, fmt, text in zip(_values(ctx), _FORMATS, texts, strict=True)
    ]
    sheet.blocks.append(Block(FIRST, first, columns))
    widths(sheet, (3, 16, 9, 9, 12, 12, 12), first - 1)


def _one_more(area: Area) -> Area:
    return Area(area.sheet, area.row, area.col, area.last_row + 1, area.last_col)


def _values(ctx: Context) -> list[list[float]]:
    count = ctx.places.knot_rows
    curve_id, x, y, m = ([0.0] * count for _ in range(4))
    source = [float(ctx.places.last_point - FIRST + 2)] * count
    key = [float(UNUSED)] * count
    i = 0
    for number, code, curve in ctx.market.owned:
        for k in range(len(curve.xs)):
            if i >= count:  # the check "Knots have room" then fails
                break
            source[i], curve_id[i] = curve.sources[k] + 1, number * 10 + code
            x[i], y[i], m[i] = curve.xs[k], curve.ys[k], curve.slopes[k]
            key[i] = curve_id[i] * KEY + x[i]
            i += 1
    return [key, curve_id, source, x, y, m]
