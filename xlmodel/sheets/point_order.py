"""Which points lie on a frontier: by one pass down the rows in order, and one by one for rows out of order.

The values are stated by `xlmodel.model.sort_order`, which tells the same order in Python.
"""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.graph import Graph
from xlmodel.book.one_cell import single
from xlmodel.book.point_places import FIRST
from xlmodel.book.table import Table
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import AND, COUNTIF, COUNTIFS, IF, INDEX, MOD, ROW, SUMPRODUCT
from xlmodel.model.membership import KEY
from xlmodel.units import COUNT


def describe(ctx: Context, t: Table, col: int) -> None:
    """The columns behind group and curve, and above them, from a column on, what the whole table has."""
    g, order, codes = ctx.graph, ctx.order, ctx.places.codes
    built, spare = len(ctx.inputs.points), t.count - len(ctx.inputs.points)
    points = _Points(g, built, t.count)

    def down(heading: str, key: str, first: Any, rest: Any, values: list[int]) -> None:
        """The first row has none above it."""
        t.column(
            heading, COUNT, [first, *[rest] * (built - 1)], key=key, fmt="0;;", width=8, stated=values, count=built
        )

    down("Back to order", "back_to_order", points.back(top=True), points.back(), order.back)
    for i, code in enumerate(codes):
        first, rest = points.knot_back(i, top=True), points.knot_back(i)
        down(f"Back to knot {code}", f"back_to_knot_{i}", first, rest, order.knot_backs(i))
    pooled, own = order.keys(built + spare)
    t.column("Key on pooled frontier", COUNT, points.pooled_key(len(codes)), fmt="0.00;;", width=14, stated=pooled)
    t.column("Key on own frontier", COUNT, points.own_key(len(codes)), fmt="0.00;;", width=14, stated=own)
    groups, back = g["working.group"].rows(0, built - 1), g["working.back_to_order"].all
    single(g, t.sheet, "flag.out_of_order", COUNT, COUNTIFS(groups, ">0", back, "<>1"), 4, col, fmt="0")
    single(g, t.sheet, "flag.knots", COUNT, COUNTIF(backs(g, len(codes), built), 1), 4, col + 1, fmt="0")


def backs(g: Graph, codes: int, built: int) -> Any:
    """How many rows back the last knot of each precision stands, pooled first; rows of the table alone."""
    return g.span([f"working.back_to_knot_{code}" for code in range(codes)], 0, built - 1)


def sort_keys(ctx: Context) -> Any:
    """Both columns of sort keys of points on curves that are out of order."""
    keys = ("working.key_on_pooled_frontier", "working.key_on_own_frontier")
    return ctx.graph.span(keys, 0, ctx.places.last_point - FIRST)


class _Points:
    """Expressions over the rows of the points."""

    def __init__(self, g: Graph, built: int, total: int) -> None:
        self.g, self.built, self.last = g, built, total - 1
        self.group, self.curve = g["working.group"], g["working.curve"]
        self.x, self.y = g["points.interactivity"], g["points.throughput"]
        self.in_order = g["working.back_to_order"].eq(1)
        self.here = ROW() - (FIRST - 1)  # number of the row among the points

    def _of_group(self, part: str) -> Any:
        """What the index says of the row's group."""
        return INDEX(self.g[f"index.{part}"].all, self.group)

    def back(self, *, top: bool = False) -> Any:
        """1 when the row continues the order of its group, else how far the last one that does is up."""
        group, x, y, n = self.group, self.x, self.y, self.here
        first, last = self._of_group("first_row"), self._of_group("last_row")
        next_x, next_y = x.shift(1), y.shift(1)
        later = IF(next_x > x, True, IF(next_x.eq(x), next_y > y, False))
        overtaken = IF(n < last, IF(group.shift(1).eq(group), later, False), False)
        if top:
            return IF(group.eq(0), 0, IF(n < first, 0, IF(n > last, 0, IF(overtaken, 0, 1))))
        above = self.g["working.back_to_order"].shift(-1)
        up, kept = n - above, IF(above.eq(0), 0, above + 1)
        x_up, y_up = INDEX(x.all, up), INDEX(y.all, up)
        fits = IF(x_up > x, True, IF(x_up.eq(x), y_up >= y, False))
        fits = IF(above.eq(0), True, IF(up < first, True, fits))
        inside = IF(n < first, False, IF(n > last, False, IF(overtaken, False, fits)))
        return IF(group.eq(0), kept, IF(inside, 1, kept))

    def knot_back(self, code: int, *, top: bool = False) -> Any:
        """The same of knots: a row in order is one when it makes more than the last one, and no row out of order beats it."""
        identity = self.curve if code else self.group
        one_by_one = IF(
            self.g["flag.out_of_order"].eq(0), self._beaten(identity, typed=True), self._beaten(identity, others=True)
        )
        beaten = IF(self._of_group("out_of_order").eq(0), 0, one_by_one) > 0
        one = self._of_group("one_precision").eq(0)
        mine = IF(self.curve.eq(self.group * 10 + code), one, False) if code else True
        if top:
            return IF(self.in_order, IF(mine, IF(beaten, 0, 1), 0), 0)
        above = self.g[f"working.back_to_knot_{code}"].shift(-1)
        up = self.here - above
        fresh = IF(above.eq(0), True, up < self._of_group("first_row"))
        more = IF(fresh, True, self.y > INDEX(self.y.all, up))
        kept = IF(fresh, 0, above + 1)
        candidate = IF(mine, more, False) if code else more
        return IF(self.in_order, IF(candidate, IF(beaten, kept, 1), kept), IF(above.eq(0), 0, above + 1))

    def _beaten(self, identity: Any, *, typed: bool = False, others: bool = False) -> Any:
        """How many points of the curve beat a row: of all, of those typed under the table, or of those out of order.

        They are at least as good in both and better in one; of exact duplicates the first one stays.
        """
        first = self.built if typed else 0
        ids, xs, ys = (line.rows(first, self.last) for line in (identity, self.x, self.y))
        alike = ids.eq(identity)
        if others:
            alike = alike * self.g["working.back_to_order"].rows(0, self.last).ne(1)
        better = (xs > self.x) + (ys > self.y) + (ROW(xs) < ROW(self.x)) > 0
        return SUMPRODUCT(alike * (xs >= self.x) * (ys >= self.y) * better)

    def _on(self, place: Any, codes: int) -> Any:
        """Whether a row in order is a knot of a precision."""
        backs = self.g.span([f"working.back_to_knot_{code}" for code in range(codes)])
        return INDEX(backs, 1, place).eq(1)

    @property
    def _speed(self) -> Any:
        return counted(self.x, "1", "the last part of a sort key")

    def pooled_key(self, codes: int) -> Any:
        """Sort key of a pooled frontier's point in a group with points out of order."""
        single, out = self._of_group("one_precision"), self._of_group("out_of_order")
        elsewhere = AND(single.eq(0), self.curve > 0, self.g["working.key_on_own_frontier"].eq(0))
        alone = IF(elsewhere, False, self._beaten(self.group).eq(0))  # the pooled frontier is part of the own ones
        knot = IF(self.in_order, self._on(1, codes), alone)
        return IF(self.group.eq(0), 0, IF(out.eq(0), 0, IF(knot, self.group * (10 * KEY) + self._speed, 0)))

    def own_key(self, codes: int) -> Any:
        """The same of the frontier of one precision."""
        single, out = self._of_group("one_precision"), self._of_group("out_of_order")
        knot = IF(self.in_order, self._on(MOD(self.curve, 10) + 1, codes), self._beaten(self.curve).eq(0))
        key = IF(knot, self.curve * KEY + self._speed, 0)
        return IF(self.curve.eq(0), 0, IF(out.eq(0), 0, IF(single.eq(1), 0, key)))
