"""Where the points and all that is worked out of them stand on Benchmarks.

From left to right: the table of points, their workings row by row, the index of groups, the directory of
curves, and the knots of all frontiers.
"""

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import isqrt

from xlmodel.book.rows import POINT_FIELDS
from xlmodel.calc.address import Area, Ref
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
DIRECTORY_COLUMNS = ("Curve", "Start", "Order", "Key", "First knot", "Knots", "Lowest", "Highest")


@lru_cache(maxsize=8)  # one set of points is described under many scenarios, and counting takes a third of that
def _most_knots(points: tuple[Point, ...]) -> int:
    """Knots of all curves, with every point taken in, under the pair of switches that gives most."""
    points = tuple(point if point.include else replace(point, include=True) for point in points)
    choices = (Scenario(speculative=s, disaggregated=d) for s in SWITCHES for d in SWITCHES)
    markets = (Market(Inputs(points, (), (), (), scenario=choice)) for choice in choices)
    return max(sum(len(curve.xs) for _, _, curve in market.owned) for market in markets)


@dataclass(frozen=True)
class PointPlaces:
    """The plan of the sheet of points."""

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

    def points(self, column: str) -> Area:
        """One column of Benchmarks, spare rows included."""
        col = POINT_COLUMNS.index(column) + 1
        return Area(BENCHMARKS, FIRST, col, self.last_point, col)

    @property
    def working_columns(self) -> tuple[str, ...]:
        """Headers of the points' workings."""
        return (
            "Group", "Curve", "Back to order", *(f"Back to knot {code}" for code in self.codes),
            "Key on pooled frontier", "Key on own frontier", "Key of typed row", "New group", *MEANT.values(), UNKNOWN, LOAD,
        )  # fmt: skip

    def working(self, name: str) -> Area:
        """One column of the points' workings, right of the Benchmarks table.

        They stand on the same sheet as the points because Excel cannot share a filled-down formula that
        refers to another sheet, and written out row by row they would double the file.
        """
        col = self._working_col + self.working_columns.index(name)
        return Area(BENCHMARKS, FIRST, col, self.last_point, col)

    @property
    def backs(self) -> Area:
        """How many rows back the last knot of each precision stands, pooled first; rows of the table alone."""
        first = self.working(f"Back to knot {self.codes[0]}")
        return Area(BENCHMARKS, FIRST, first.col, self.last_built, first.col + len(self.codes) - 1)

    @property
    def keys(self) -> Area:
        """Both columns of sort keys of points on curves that are out of order."""
        area = self.working("Key on pooled frontier")
        return Area(BENCHMARKS, FIRST, area.col, area.last_row, area.col + 1)

    def built(self, area: Area) -> Area:
        """The rows of an area that belong to the table."""
        return Area(area.sheet, area.row, area.col, self.last_built, area.last_col)

    def under(self, area: Area) -> Area:
        """The rows of an area under the table."""
        return Area(area.sheet, self.last_built + 1, area.col, self.last_point, area.last_col)

    @property
    def _working_col(self) -> int:
        return len(POINT_COLUMNS) + 2

    def flag(self, name: str) -> Ref:
        """A switch of the Scenario as the workings read it, or a count of theirs, above them on Benchmarks."""
        names = ("spec_none", "spec_mtp", "spec_unknown", "dis_no", "dis_yes", "ttft_limit", "out of order", "knots")
        return Ref(BENCHMARKS, 4, self._working_col + names.index(name))

    @property
    def local_precisions(self) -> Area:
        """The precisions that have curves, in a row above the index of curves on Benchmarks."""
        return Area(BENCHMARKS, 4, self._index_col, 4, self._index_col + len(self.codes) - 2)

    def knots(self, name: str) -> Area:
        """One column of the knots, right of the workings on Benchmarks and there for the same reason."""
        names = ("Sort key", "Curve", "Point", "Interactivity", "Throughput", "Slope", "Next")
        col = self._directory_col + len(DIRECTORY_COLUMNS) + 1 + names.index(name)
        return Area(BENCHMARKS, FIRST, col, FIRST + self.knot_rows - 1, col)

    @property
    def _index_col(self) -> int:
        """First column of the index of groups: right of the points' workings."""
        return self._working_col + len(self.working_columns) + 1

    @property
    def group_rows(self) -> int:
        """Rows of the index of groups."""
        return len(self.built_groups) + SPARE_GROUPS

    def index_columns(self) -> tuple[str, ...]:
        """Headers of the index of groups."""
        counts = (f"Points {code}" for code in self.codes)
        return (
            "Group", "Model", "Platform", "Workload", "Snapshot", "Key", *counts, "One precision", "Out of order",
            "First row", "Last row", "Number",
        )  # fmt: skip

    def index(self, name: str) -> Area:
        """One column of the index of groups, or the points of all precisions.

        It stands on Benchmarks beside the points it counts, and the workings there find their group in it.
        """
        names = self.index_columns()
        last = FIRST + self.group_rows - 1
        if name == "Points":
            col = self._index_col + names.index(f"Points {self.codes[0]}")
            return Area(BENCHMARKS, FIRST, col, last, col + len(self.codes) - 1)
        col = self._index_col + names.index(name)
        return Area(BENCHMARKS, FIRST, col, last, col)

    @property
    def _directory_col(self) -> int:
        return self._index_col + len(self.index_columns()) + 1

    def directory(self, name: str) -> Area:
        """One column of the directory of curves: for each group one row a precision, pooled first."""
        col = self._directory_col + DIRECTORY_COLUMNS.index(name)
        return Area(BENCHMARKS, FIRST, col, FIRST + self.group_rows * len(self.codes) - 1, col)

    def typed(self, name: str) -> Area:
        """Keys of the typed rows, behind the spare rows of the index of groups."""
        return self.under(self.working("Key of typed row" if name == "Key" else name))

    def spare(self, area: Area) -> Area:
        """The rows of a column of the index that typed rows may fill."""
        return Area(area.sheet, area.row + len(self.built_groups), area.col, area.last_row, area.last_col)

    @property
    def blocks(self) -> Area:
        """The sort keys of the knots again, row by row in blocks as many as each is long, right of what functions search."""
        side = isqrt(self.knot_rows - 1) + 1
        col = self._found_col + 7 + len(self.inputs.platforms)
        return Area(BENCHMARKS, FIRST, col, FIRST + side - 1, col + side - 1)

    @property
    def _found_col(self) -> int:
        """First column of what the functions search, right of the knots."""
        return self.knots("Next").col + 2

    def by_number(self, name: str) -> Area:
        """Numbers of the built groups in ascending order, or the group of each."""
        col = self._found_col + ("Number", "Group").index(name)
        return Area(BENCHMARKS, FIRST, col, FIRST + len(self.built_groups) - 1, col)

    def in_use(self, name: str) -> Area:
        """By model, under the choices made: its name, its snapshot and place of its newest, or its curves by platform."""
        col, last = self._found_col + 3, FIRST + len(self.inputs.models) - 1
        if name == "Curves":
            return Area(BENCHMARKS, FIRST, col + 3, last, col + 2 + len(self.inputs.platforms))
        col += ("Model", "Snapshot", "Newest").index(name)
        return Area(BENCHMARKS, FIRST, col, last, col)

    def in_use_choice(self, name: str) -> Ref:
        """A choice, or its place in the menu, above the curves in use."""
        names = ("workload", "snapshot", "precision", "workload place", "snapshot place", "precision place")
        return Ref(BENCHMARKS, 4, self._found_col + 3 + names.index(name))
