"""How the points of a book stand in order, and what a reader edited or typed outside it.

Points of the table are sorted: a group's rows stand together, the fastest first, and of equal interactivity the
larger throughput first. A row in order then lies on a frontier when it makes more than every row in order above it, so
one pass down the rows finds all frontiers. Rows out of order, and those typed under the table, are few; they are
compared one by one.

Rows are counted from 1 here, as in the workbook.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from xlmodel.model.curve import Curve
from xlmodel.model.market import Market
from xlmodel.model.membership import KEY
from xlmodel.model.point import Point


def before(a: Point, b: Point) -> bool:
    """Whether a point of the same group stands before another one, strictly."""
    return (-a.interactivity, -a.throughput) < (-b.interactivity, -b.throughput)


@dataclass(frozen=True)
class Order:
    """The rows of a market against the blocks of rows in which its groups were built.

    Attributes:
        blocks: (first, last) row of each group of the table.
    """

    market: Market
    blocks: Sequence[tuple[int, int]]

    @cached_property
    def back(self) -> list[int]:
        """For each row of the table: 1 when it is in order, n when the last one in order is n - 1 rows up, 0 when none is."""
        rows, groups = self.market.rows, self.market.membership
        found: list[int] = []
        behind = 0
        for n, number in enumerate(groups[: len(self.market.inputs.points)], 1):
            behind = 1 if number and self._fits(n, number, behind, rows, groups) else behind + 1 if behind else 0
            found.append(behind)
        return found

    def _fits(self, n: int, number: int, behind: int, rows: Sequence[Point], groups: Sequence[int]) -> bool:
        """Whether a row continues its group: in its block, not before the last one in order, and not after the next row."""
        first, last = self.blocks[number - 1] if number <= len(self.blocks) else (0, 0)
        if not first <= n <= last:
            return False
        if n < last and groups[n] == number and before(rows[n], rows[n - 1]):
            return False
        return behind == 0 or n - behind < first or not before(rows[n - 1], rows[n - behind - 1])

    @cached_property
    def out(self) -> list[int]:
        """For each group: its points that are out of order, typed ones included."""
        found = [0] * len(self.market.groups)
        table = len(self.back)
        for i, number in enumerate(self.market.membership):
            if number and (i >= table or self.back[i] != 1):
                found[number - 1] += 1
        return found

    def knot_backs(self, code: int) -> list[int]:
        """As `back`, of the last knot of a precision; 0 where one precision holds the whole group."""
        m = self.market
        knots = {i for number, c, curve in m.owned if c == code for i in curve.sources}
        found: list[int] = []
        behind = 0
        for i, back in enumerate(self.back):
            if back != 1:
                behind = behind and behind + 1
            elif i in knots:
                behind = 1
            else:  # a knot of the group before counts no longer
                first = self.blocks[m.membership[i] - 1][0]
                behind = behind + 1 if behind and i + 1 - behind >= first else 0
            found.append(behind)
        return found

    def key(self, number: int, code: int, point: int) -> float:
        """What a knot is sorted by, of a row counted from 0."""
        return (number * 10 + code) * KEY + self.market.rows[point].interactivity

    def keys(self, total: int) -> tuple[list[float], list[float]]:
        """Sort keys of the frontier points of groups with points out of order, of so many rows: pooled, and of one precision."""
        pooled, own = [0.0] * total, [0.0] * total
        for number, code, curve in self.unordered:
            for source in curve.sources:
                (own if code else pooled)[source] = self.key(number, code, source)
        return pooled, own

    @cached_property
    def unordered(self) -> list[tuple[int, int, Curve]]:
        """The curves of groups with points out of order."""
        return [(number, code, curve) for number, code, curve in self.market.owned if self.out[number - 1]]

    @cached_property
    def following(self) -> list[float]:
        """For each knot, the next one of its curve: its row, or its sort key in a group with points out of order; 0 after the last."""
        found: list[float] = []
        for number, code, curve in self.market.owned:
            sorted_out = self.out[number - 1]
            found += [self.key(number, code, i) if sorted_out else i + 1 for i in curve.sources[1:]]
            found.append(0)
        return found
