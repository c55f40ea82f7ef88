"""Knots of all frontiers in order, with Steffen's slopes, right of the points they come from.

The knots of a curve in order are found from its slowest point upward, each by how far the next one stands up the
table; those of a group with points out of order by their sort keys. The values are stated by `xlmodel.model`.
"""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import IF, IFERROR, INDEX, INT, MATCH, MOD, SMALL, SUMPRODUCT
from xlmodel.calc.interpolation import slope
from xlmodel.model.membership import KEY
from xlmodel.sheets.point_order import backs, sort_keys
from xlmodel.units import COUNT, SLOPE, TOKENS_PER_GPU, TOKENS_PER_USER

UNUSED = 900_000_000_000_000  # sort key of rows without a knot: after every real one
SORT_FORMAT = "[<100000000000]0.00;"


def describe(ctx: Context, sheet: Sheet, col: int) -> int:
    """Write the block of knots from a column on; row r holds knot r - 6; the first column after it."""
    g = ctx.graph
    sheet.put(3, col, "Knots of all frontiers: between two of a curve runs Steffen's cubic (1990), which never overshoots.", "Footnote")  # fmt: skip
    t = Table(g, sheet, "knots", FIRST, col, ctx.places.knot_rows, form="col", long=True)
    curve, point, x = (g[f"knots.{key}"] for key in ("curve", "point", "interactivity"))
    xs, ys = (g[f"points.{key}"].rows(0, ctx.places.last_point - FIRST + 1) for key in ("interactivity", "throughput"))
    key = IF(curve.eq(0), UNUSED, curve * KEY + counted(x, "1", "the last part of a sort key"))
    keys, curves, points, speeds, rates, slopes, following = _stated(ctx)
    numbers, sources = _numbers(ctx), _sources(ctx)
    rest = t.count - 1
    t.column("Sort key", COUNT, key, fmt=SORT_FORMAT, width=16, stated=keys)
    t.column("Curve", COUNT, [numbers[0], *[numbers[1]] * rest], fmt="0;;", width=9, stated=curves)
    t.column("Point", COUNT, [sources[0], *[sources[1]] * rest], fmt="0;;", width=9, stated=points)
    t.column("Interactivity", TOKENS_PER_USER, INDEX(xs, point), fmt="#,##0.00;;", width=12, stated=speeds)
    t.column("Throughput", TOKENS_PER_GPU, INDEX(ys, point), fmt="#,##0.0;;", width=12, stated=rates)
    steffen = slope(*(g[f"knots.{key}"] for key in ("curve", "interactivity", "throughput", "slope")))
    t.column("Slope", SLOPE, steffen, width=12, stated=slopes, form="relative")
    t.column("Next", COUNT, _next(ctx), fmt="0.00;;", width=9, stated=following)
    sheet.widths[col - 1] = 3
    g.later(t.finish)
    return t.last_col + 2


def _place(ctx: Context, number: Any) -> Any:
    """The row of a curve in the directory."""
    return (INT(number / 10) - 1) * len(ctx.places.codes) + MOD(number, 10) + 1


def _in_order(ctx: Context) -> Any:
    """Whether no point of a knot's group is out of order."""
    return INDEX(ctx.graph["index.out_of_order"].all, INT(ctx.graph["knots.curve"] / 10)).eq(0)


def _numbers(ctx: Context) -> tuple[Any, Any]:
    """The curve of the first knot, and of one below another: the same as long as a next knot follows, then the next curve."""
    g = ctx.graph
    curves, orders = g["directory.curve"].all, g["directory.order"].all

    def nth(number: Any) -> Any:
        return IFERROR(INDEX(curves, MATCH(number, orders, 0)), 0)

    above, left = g["knots.curve"].shift(-1), g["knots.next"].shift(-1)
    after = nth(INDEX(orders, _place(ctx, above)) + 1)
    return nth(1), IF(above.eq(0), 0, IF(left > 0, above, after))


def _sources(ctx: Context) -> tuple[Any, Any]:
    """The row of the point that the first knot is, and one below another.

    Rows without a knot point at the blank row after the last readable one, so that x and y are 0 there.
    """
    g, curve, blank = ctx.graph, ctx.graph["knots.curve"], ctx.places.last_point - FIRST + 2
    pooled, own = (g[f"working.key_on_{whose}_frontier"].all for whose in ("pooled", "own"))
    first = INDEX(g["directory.start"].all, _place(ctx, curve))
    left = g["knots.next"].shift(-1)

    def found(start: Any) -> Any:
        sought = IFERROR(MATCH(start, pooled, 0), MATCH(start, own, 0))
        return IF(curve.eq(0), blank, IF(_in_order(ctx), start, sought))

    return found(first), found(IF(left > 0, left, first))


def _next(ctx: Context) -> Any:
    """Row or sort key of the next knot of the curve; 0 after the last."""
    g = ctx.graph
    curve, point, key = (g[f"knots.{key}"] for key in ("curve", "point", "sort_key"))
    up = INDEX(backs(g, len(ctx.places.codes), len(ctx.inputs.points)), point - 1, MOD(curve, 10) + 1)
    groups = g["working.group"].rows(0, len(ctx.inputs.points) - 1)
    same = INDEX(groups, point - up).eq(INT(curve / 10))
    walked = IF(point.eq(1), 0, IF(up.eq(0), 0, IF(same, point - up, 0)))
    keys = sort_keys(ctx)
    smaller = SMALL(keys, SUMPRODUCT((keys <= key) * 1) + 1)
    by_key = IFERROR(IF(INT(smaller / KEY).eq(curve), smaller, 0), 0)
    return IF(curve.eq(0), 0, IF(_in_order(ctx), walked, by_key))


def _stated(ctx: Context) -> list[list[float]]:
    """The columns by the model; knots without room are cut, and the check "Knots have room" fails."""
    unused = (float(UNUSED), 0.0, float(ctx.places.last_point - FIRST + 2), 0.0, 0.0, 0.0, 0.0)
    owned = ((n * 10 + code, curve, k) for n, code, curve in ctx.market.owned for k in range(len(curve.xs)))
    rows = [
        (curve_id * KEY + c.xs[k], float(curve_id), float(c.sources[k] + 1), c.xs[k], c.ys[k], c.slopes[k], after)
        for (curve_id, c, k), after in zip(owned, ctx.order.following, strict=True)
    ]
    rows = (rows + [unused] * ctx.places.knot_rows)[: ctx.places.knot_rows]
    return [list(column) for column in zip(*rows, strict=True)]
