"""Curves, second part: the knots of all frontiers in order, with Steffen's slopes."""

from xlmodel.book.address import Area, letters
from xlmodel.book.context import Context
from xlmodel.book.places import CURVES, FIRST, KEY, KNOTS
from xlmodel.book.sheets.curve_points import OWN_KEY, POOLED_KEY
from xlmodel.book.sheets.frame import headers
from xlmodel.book.spec import Block, Column, Run, Sheet
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
    p, r = ctx.places, FIRST
    pooled, own = p.working(POOLED_KEY), p.working(OWN_KEY)
    both = Area(CURVES, pooled.row, pooled.col, own.last_row, own.col).absolute
    sheet.put(FIRST - 4, KNOTS + 3, "Knots in use", "Unit")
    knots = sum(len(curve.xs) for _, _, curve in ctx.market.owned)
    used = sheet.calc(FIRST - 4, KNOTS + 5, f'COUNTIF({both},">0")', knots, "Calculation", "0")
    sheet.put(FIRST - 3, KNOTS + 3, "Keys of 0", "Unit")
    zeros = sheet.calc(FIRST - 3, KNOTS + 5, f"COUNTIF({both},0)", 2 * pooled_rows(pooled) - knots, "Calculation", "0")
    key, curve, source, x, y, m = (letters(KNOTS + i) for i in range(6))
    rows = {"r": r, "q": r - 1, "p": r - 2, "n": r + 1, "o": r + 2, "curve": curve, "x": x, "y": y, "m": m}
    texts = (
        f"IF(ROW()-{FIRST - 1}>{used.absolute},{UNUSED},SMALL({both},{zeros.absolute}+ROW()-{FIRST - 1}))",
        f"IF({key}{r}={UNUSED},0,INT({key}{r}/{KEY}))",
        f"IF({curve}{r}=0,0,IFERROR(MATCH({key}{r},{pooled.absolute},0),MATCH({key}{r},{own.absolute},0)))",
        f"IF({curve}{r}=0,0,INDEX({p.points('Interactivity').on(CURVES)},{source}{r}))",
        f"IF({curve}{r}=0,0,INDEX({p.points('Throughput').on(CURVES)},{source}{r}))",
        SLOPE.format(**rows),
    )
    last = p.knot_rows - 1
    columns = [
        Column(values, "Calculation", fmt, [Run(0, last, text)])
        for values, text, fmt in zip(_values(ctx), texts, _FORMATS, strict=True)
    ]
    sheet.blocks.append(Block(FIRST, KNOTS, columns))


def pooled_rows(area: Area) -> int:
    """Rows of an area."""
    return area.last_row - area.row + 1


def _values(ctx: Context) -> list[list[float]]:
    count = ctx.places.knot_rows
    curve_id, source, x, y, m = ([0.0] * count for _ in range(5))
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
