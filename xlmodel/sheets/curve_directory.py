"""The directory of curves: where the knots of each begin, and how many there are; sorted, so that it is searched by halves."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.functions import AND, COUNTIF, IF, IFERROR, INDEX, INT, MATCH, MOD, SMALL
from xlmodel.model.membership import KEY
from xlmodel.sheets.point_order import backs, sort_keys
from xlmodel.units import COUNT, TOKENS_PER_USER


def describe(ctx: Context, sheet: Sheet, col: int) -> int:
    """Write the directory from a column on: for every group one row a precision, pooled first; the first column after it."""
    g, p = ctx.graph, ctx.places
    sheet.put(3, col, "Directory of curves: group x 10 + place of the precision. A curve of one precision is the pooled one.", "Footnote")  # fmt: skip
    curves = [number * 10 + code for number in range(1, p.group_rows + 1) for code in range(len(p.codes))]
    t = Table(g, sheet, "directory", FIRST, col, len(curves), form="col", long=True)
    curve = t.column("Curve", COUNT, curves, style="Text", fmt="0;;", width=9)
    group, code = INT(curve / 10), MOD(curve, 10)
    single, out, end = (INDEX(g[f"index.{key}"].all, group) for key in ("one_precision", "out_of_order", "last_row"))
    counts = g.span([f"index.points_{i}" for i in range(len(p.codes))], 0, p.group_rows - 1)
    points = INDEX(counts, group, code + 1)
    start = t.column("Start", COUNT, _start(ctx, curve, points, single, out, end), fmt="0;;", width=9)
    own = IF(start > 0, 1, 0)
    order = g["directory.order"].shift(-1) + own
    t.column("Order", COUNT, [own, *[order] * (t.count - 1)], fmt="0;;", width=9)
    owner = IF(single.eq(1), group * 10, curve)
    key = t.column("Key", COUNT, IF(points.eq(0), 0, owner * KEY), fmt="0;;", width=9)
    keys, xs = g["knots.sort_key"].all, g["knots.interactivity"].all
    first = t.column("First knot", COUNT, IF(key.eq(0), 0, IFERROR(MATCH(key, keys, 1), 0) + 1), fmt="0;;", width=9)
    held = IF(key.eq(0), 0, IFERROR(MATCH(key + KEY, keys, 1), 0) - first + 1)
    knots = t.column("Knots", COUNT, held, fmt="0;;", width=9)
    t.column("Lowest", TOKENS_PER_USER, IF(knots.eq(0), 0, INDEX(xs, first)), width=9)
    t.column("Highest", TOKENS_PER_USER, IF(knots.eq(0), 0, INDEX(xs, first + knots - 1)), width=9)
    sheet.widths[t.last_col + 1] = 3
    g.later(t.finish)
    return t.last_col + 2


def _start(ctx: Context, curve: Any, points: Any, single: Any, out: Any, end: Any) -> Any:
    """The row of a curve's first knot, or its sort key in a group with points out of order; 0 without a knot of its own."""
    g, code = ctx.graph, MOD(curve, 10)
    up = INDEX(backs(g, len(ctx.places.codes), len(ctx.inputs.points)), end, code + 1)
    # the count of all knots is never negative; asking for it makes every engine compute the rows from the top down
    walked = IF(g["flag.knots"] < 0, 0, IF(up.eq(0), 0, end + 1 - up))
    keys = sort_keys(ctx)
    smallest = IFERROR(SMALL(keys, COUNTIF(keys, "<" & curve * KEY) + 1), 0)
    shared = AND(code > 0, single.eq(1))
    return IF(points.eq(0), 0, IF(shared, 0, IF(out.eq(0), walked, smallest)))
