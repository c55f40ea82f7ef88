"""How many rows the tables on Benchmarks have: the points, the groups, and the knots of all frontiers."""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from xlmodel.book.record_rows import POINT_FIELDS
from xlmodel.model.market import Market
from xlmodel.model.point import Point
from xlmodel.model.scenario import SWITCHES, Inputs, Scenario

BENCHMARKS = "Benchmarks"
FIRST = 7  # first data row under the header row of every table sheet
SPARE_POINTS = 150  # rows under the Benchmarks table that join their curves
SPARE_GROUPS = 8  # new combinations of model, platform, workload and snapshot that typed rows may bring
POINT_COLUMNS = tuple(POINT_FIELDS)
MEANT = {name: f"{name} meant" for name in ("Model", "Platform", "Workload", "Precision", "Snapshot")}  # of typed rows
UNKNOWN = "Names not known"
LOAD = "Of full load"  # of every point


@lru_cache(maxsize=8)  # one set of points is described under many scenarios, and counting takes a third of that
def _most_knots(points: tuple[Point, ...]) -> int:
    """Knots of all curves, with every point taken in, under the pair of switches that gives most."""
    points = tuple(point if point.include else replace(point, include=True) for point in points)
    choices = (Scenario(speculative=s, disaggregated=d) for s in SWITCHES for d in SWITCHES)
    markets = (Market(Inputs(points, (), (), (), scenario=choice)) for choice in choices)
    return max(sum(len(curve.xs) for _, _, curve in market.owned) for market in markets)


@dataclass(frozen=True)
class PointPlaces:
    """Rows of the sheet of points."""

    inputs: Inputs
    kept_knots: int = 0

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Precisions that have curves, the pooled one first."""
        return Market(self.inputs).codes

    @cached_property
    def built_groups(self) -> tuple[tuple[int, int], ...]:
        """(first, last) row of each built group on Benchmarks and Curves."""
        spans: dict[object, list[int]] = {}
        for row, point in enumerate(self.inputs.points, FIRST):
            span = spans.setdefault(point.group, [row, row])
            if row > span[1] + 1:
                raise ValueError(f"points of {point.group.key} do not stand together")
            span[1] = row
        return tuple((a, b) for a, b in spans.values())

    @cached_property
    def knot_rows(self) -> int:
        """Rows kept for knots: what any pair of switches needs, and room for typed points; or as in an earlier build."""
        if self.kept_knots:
            return self.kept_knots
        return _most_knots(self.inputs.points) + SPARE_POINTS // 4

    @property
    def last_built(self) -> int:
        """Last row of the Benchmarks table."""
        return FIRST + len(self.inputs.points) - 1

    @property
    def last_point(self) -> int:
        """Last row whose point is read, spare rows included."""
        return self.last_built + SPARE_POINTS

    @property
    def group_rows(self) -> int:
        """Rows of the index of groups."""
        return len(self.built_groups) + SPARE_GROUPS
