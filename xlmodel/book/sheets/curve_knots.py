"""Curves, first part: the knots of all frontiers in order, with Steffen's slopes."""

from xlmodel.book.address import Area, letters
from xlmodel.book.context import Context
from xlmodel.book.places import CURVES, FIRST, KNOTS
from xlmodel.book.sheets.frame import headers
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.domain.market import KEY
from xlmodel.formulas.curve import SLOPE

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
    headers(sheet, FIRST - 1, KNOTS, HEADERS)
    p = ctx.places
    pooled, own = p.working("Key on pooled frontier"), p.working("Key on own frontier")
    keys = Area(pooled.sheet, pooled.row, pooled.col, own.last_row, own.col).on(CURVES)
    knots = sum(len(curve.xs) for _, _, curve in ctx.market.owned)
    sheet.put(FIRST - 4, KNOTS + 3, "Knots in use", "Unit")
    used = sheet.calc(FIRST - 4, KNOTS + 5, f'COUNTIF({keys},">0")', knots, "Calculation", "0")
    sheet.put(FIRST - 3, KNOTS + 3, "Keys of 0", "Unit")
    rows = pooled.last_row - pooled.row + 1
    zeros = sheet.calc(FIRST - 3, KNOTS + 5, f"COUNTIF({keys},0)", 2 * rows - knots, "Calculation", "0")
    key, curve, source, x, y, m = (letters(KNOTS + i) for i in range(6))
    near = {"curve": curve, "x": x, "y": y, "m": m}
    slope = SLOPE.format(r=FIRST, q=FIRST - 1, p=FIRST - 2, n=FIRST + 1, o=FIRST + 2, **near)
    # texts that refer to Benchmarks are written out row by row: Excel cannot share them
    smallest = f"IF(ROW()-{FIRST - 1}>{used.absolute},{UNUSED},SMALL({keys},{zeros.absolute}+ROW()-{FIRST - 1}))"
    # rows without a knot point at the blank row after the last readable one, so that x and y are 0 there
    own_row = f"IFERROR(MATCH({key}{{r}},{own.on(CURVES)},0),{rows + 1})"
    xs, ys = (_one_more(p.points(name)).on(CURVES) for name in ("Interactivity", "Throughput"))
    written = {
        0: smallest,
        2: f"IFERROR(MATCH({key}{{r}},{pooled.on(CURVES)},0),{own_row})",
        3: f"INDEX({xs},{source}{{r}})",
        4: f"INDEX({ys},{source}{{r}})",
    }
    shared = {1: f"IF({key}{FIRST}={UNUSED},0,INT({key}{FIRST}/{KEY}))", 5: slope}
    columns = []
    for i, (values, fmt) in enumerate(zip(_values(ctx), _FORMATS, strict=True)):
        runs = [Run(0, p.knot_rows - 1, shared[i])] if i in shared else []
        runs += [Run(k, k, written[i].format(r=FIRST + k)) for k in range(p.knot_rows) if i in written]
        columns.append(Column(values, "Calculation", fmt, runs))
    sheet.blocks.append(Block(FIRST, KNOTS, columns))


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
