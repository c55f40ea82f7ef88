"""Knots of all frontiers in order, with Steffen's slopes, right of the points they come from.

The knots of a curve in order are found from its slowest point upward, each by how far the next one stands up the
table; those of a group with points out of order by their sort keys.
"""

from xlmodel.book.context import Context
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.address import Area, letters
from xlmodel.calc.curve_formulas import SLOPE
from xlmodel.model.membership import KEY
from xlmodel.model.order import Order
from xlmodel.sheets.frame import headers, widths

UNUSED = 900_000_000_000_000  # sort key of rows without a knot: after every real one
HEADERS = ("Sort key", "Curve", "Point", "Interactivity", "Throughput", "Slope", "Next")
SORT_FORMAT = "[<100000000000]0.00;"
_FORMATS = (
    SORT_FORMAT,
    "0;;",
    "0;;",
    "#,##0.00;;",
    "#,##0.0;;",
    "#,##0.00;-#,##0.00;",
    "0.00;;",
)


def describe(ctx: Context, sheet: Sheet, order: Order) -> None:
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
    last = p.knot_rows - 1
    head, rest = _texts(ctx, FIRST), _texts(ctx, FIRST + 1)
    columns = []
    for name, values, fmt in zip(HEADERS, _values(ctx, order), _FORMATS, strict=True):
        runs = [Run(0, 0, head[name]), Run(1, last, rest[name])]
        columns.append(Column(values, "Calculation", fmt, runs))
    sheet.blocks.append(Block(FIRST, first, columns))
    widths(sheet, (3, 16, 9, 9, 12, 12, 12, 9), first - 1)


def _texts(ctx: Context, r: int) -> dict[str, str]:
    """Formulas of the columns, as of row r; the first knot has none above it."""
    p, count = ctx.places, len(ctx.places.codes)
    letter = {name: letters(p.knots(name).col) for name in HEADERS}
    key, curve, point, _, _, _, _ = (f"${letter[name]}{r}" for name in HEADERS)
    above, left = (f"${letter[name]}{r - 1}" for name in ("Curve", "Next"))
    curves, orders, starts = (p.directory(name).absolute for name in ("Curve", "Order", "Start"))
    xs, ys = (_one_more(p.points(name)).absolute for name in ("Interactivity", "Throughput"))
    out, groups = p.index("Out of order").absolute, p.built(p.working("Group")).absolute

    def place(number: str) -> str:
        """The row of a curve in the directory."""
        return f"(INT({number}/10)-1)*{count}+MOD({number},10)+1"

    def nth(number: str) -> str:
        return f"IFERROR(INDEX({curves},MATCH({number},{orders},0)),0)"

    start = f"INDEX({starts},{place(curve)})"
    if r == FIRST:
        numbered = nth("1")
    else:
        numbered = f"IF({above}=0,0,IF({left}>0,{above},{nth(f'INDEX({orders},{place(above)})+1')}))"
        start = f"IF({left}>0,{left},{start})"
    pooled, own = (p.working(f"Key on {whose} frontier").absolute for whose in ("pooled", "own"))
    sought = f"IFERROR(MATCH({start},{pooled},0),MATCH({start},{own},0))"
    in_order = f"INDEX({out},INT({curve}/10))=0"
    keys = p.keys.absolute
    smaller = f"SMALL({keys},SUMPRODUCT(({keys}<={key})*1)+1)"
    up = f"INDEX({p.backs.absolute},{point}-1,MOD({curve},10)+1)"
    same = f"INDEX({groups},{point}-{up})=INT({curve}/10)"
    walked = f"IF({point}=1,0,IF({up}=0,0,IF({same},{point}-{up},0)))"
    by_key = f"IFERROR(IF(INT({smaller}/{KEY})={curve},{smaller},0),0)"
    return {
        "Curve": numbered,
        # rows without a knot point at the blank row after the last readable one, so that x and y are 0 there
        "Point": f"IF({curve}=0,{p.last_point - FIRST + 2},IF({in_order},{start},{sought}))",
        "Interactivity": f"INDEX({xs},{point})",
        "Throughput": f"INDEX({ys},{point})",
        "Sort key": f"IF({curve}=0,{UNUSED},{curve}*{KEY}+${letter['Interactivity']}{r})",
        "Slope": SLOPE.format(
            r=r, q=r - 1, p=r - 2, n=r + 1, o=r + 2, curve=letter["Curve"], x=letter["Interactivity"],
            y=letter["Throughput"], m=letter["Slope"],
        ),
        "Next": f"IF({curve}=0,0,IF({in_order},{walked},{by_key}))",
    }  # fmt: skip


def _one_more(area: Area) -> Area:
    return Area(area.sheet, area.row, area.col, area.last_row + 1, area.last_col)


def _values(ctx: Context, order: Order) -> list[list[float]]:
    count = ctx.places.knot_rows
    curve_id, x, y, m, following = ([0.0] * count for _ in range(5))
    source = [float(ctx.places.last_point - FIRST + 2)] * count
    key = [float(UNUSED)] * count
    knots = ((number, code, curve, k) for number, code, curve in ctx.market.owned for k in range(len(curve.xs)))
    for i, (number, code, curve, k) in enumerate(knots):
        if i >= count:  # the check "Knots have room" then fails
            break
        source[i], curve_id[i], following[i] = curve.sources[k] + 1, number * 10 + code, order.following[i]
        x[i], y[i], m[i] = curve.xs[k], curve.ys[k], curve.slopes[k]
        key[i] = curve_id[i] * KEY + x[i]
    return [key, curve_id, source, x, y, m, following]
