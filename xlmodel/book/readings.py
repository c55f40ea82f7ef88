"""Curves read at an interactivity: one row each on the sheet Curves, asked for by the sheets that need them."""

from dataclasses import dataclass
from typing import Any

from xlmodel.book.graph import Graph
from xlmodel.book.keys import slug
from xlmodel.book.point_places import FIRST
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, IF, IFERROR, INDEX, ISNUMBER, MATCH, NA
from xlmodel.calc.interpolation import Knots, interpolate, knot_below, way_from
from xlmodel.calc.place import Content
from xlmodel.model.reading import ABOVE, BELOW, NO_POINTS, NO_SPEED, NOT_IN_TIME
from xlmodel.units import COUNT, SHARE, TEXT, TOKENS_PER_GPU, TOKENS_PER_USER, Unit

CURVES = "Curves"
# heading, unit, number format, width; what a reading is asked for, then what it answers
GIVEN: tuple[tuple[str, Unit, str, float], ...] = (
    ("Used by", TEXT, "", 26), ("Platform", TEXT, "", 16), ("Model", TEXT, "", 16), ("Workload", TEXT, "", 10), ("Snapshot", TEXT, "", 17),
    ("Precision", TEXT, "", 10), ("Interactivity", TOKENS_PER_USER, "", 12), ("Hold slowest", COUNT, "", 8),
)  # fmt: skip
ANSWERED: tuple[tuple[str, Unit, str, float], ...] = (
    ("Group", COUNT, "0", 8), ("Knots", COUNT, "0", 8), ("First knot", COUNT, "0", 8), ("Lowest", TOKENS_PER_USER, "#,##0.0", 10),
    ("Highest", TOKENS_PER_USER, "#,##0.0", 10), ("Read at", TOKENS_PER_USER, "#,##0.0", 10), ("Knot", COUNT, "0", 8), ("Way", SHARE, "0.000", 8),
    ("Throughput", TOKENS_PER_GPU, "#,##0", 12), ("Reason", TEXT, "", 34),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One row of the readings, by its number from 0."""

    readings: "Readings"
    i: int

    def part(self, name: str) -> Any:
        """A cell of the row as an ingredient of expressions: Throughput, Read at, Lowest, Reason ..."""
        return self.readings.lines[slug(name)].cell(self.i)


class Readings:
    """All readings of a book; rows are added while sheets are described, and stand in the order in which they were asked."""

    def __init__(self, graph: Graph, codes: int) -> None:
        self.graph = graph
        self.lines: dict[str, Line] = {}
        self.users: list[str] = []
        for col, (heading, unit, *_) in enumerate((*GIVEN, *ANSWERED), 1):
            line = Line(unit, [], 0, Ref(CURVES, FIRST, col), heading=heading, form="col")
            self.lines[slug(heading)] = graph.add(f"readings.{slug(heading)}", line)
        for key, content in self._answers(codes).items():
            self.lines[key].content = content

    def ask(
        self, used_by: str, platform: Content, interactivity: Content, *, model: Content = None, workload: Content = None,
        snapshot: Content = None, precision: Content = None, hold: Content = None,
    ) -> ReadingRow:  # fmt: skip
        """Add a reading; what is not said is as chosen on the Summary and the Scenario."""
        g = self.graph
        asked: tuple[Any, ...] = (
            used_by, platform, g["scenario.model"] if model is None else model, g["scenario.workload"] if workload is None else workload,
            g["scenario.snapshot_in_use"] if snapshot is None else snapshot, g["scenario.precision"] if precision is None else precision,
            interactivity, g["scenario.hold"] if hold is None else hold,
        )  # fmt: skip
        for (heading, *_), content in zip(GIVEN, asked, strict=True):
            self.lines[slug(heading)].content.append(content)  # type: ignore[union-attr] # a list, as __init__ made it
        for line in self.lines.values():
            line.count += 1
        self.users.append(used_by)
        return ReadingRow(self, len(self.users) - 1)

    def of(self, used_by: str) -> list[ReadingRow]:
        """The readings that a user asked for."""
        return [ReadingRow(self, i) for i, user in enumerate(self.users) if user == used_by]

    def _answers(self, codes: int) -> dict[str, Expr]:
        """What a row answers, from what it was asked."""
        g, at, knots = self.graph, self.lines, Knots.of(self.graph)
        speed, hold, group, held, first = (
            at[key] for key in ("interactivity", "hold_slowest", "group", "knots", "first_knot")
        )
        low, high, read, knot, way = (at[key] for key in ("lowest", "highest", "read_at", "knot", "way"))
        key = at["model"] & "|" & at["platform"] & "|" & at["workload"] & "|" & at["snapshot"]
        place = (group - 1) * codes + MATCH(at["precision"], g["menu.codes"].all, 0)
        within = IF(speed > high, NA, IF(speed < low, IF(hold.eq(1), low, NA), speed))
        outside = IF(speed > high, ABOVE, IF(AND(speed < low, hold.ne(1)), BELOW, ""))
        return {
            "group": IFERROR(MATCH(key, g["index.key"].all, 0), 0),
            "knots": IF(group.eq(0), 0, INDEX(g["directory.knots"].all, place)),
            "first_knot": IF(held.eq(0), 0, INDEX(g["directory.first_knot"].all, place)),
            "lowest": IF(held.eq(0), NA, INDEX(knots.xs, first)),
            "highest": IF(held.eq(0), NA, INDEX(knots.xs, first + held - 1)),
            "read_at": IF(held.eq(0), NA, within),
            "knot": IF(ISNUMBER(read), knot_below(knots, first, read), NA),
            "way": IF(ISNUMBER(knot), way_from(knots, knot, read), NA),
            "throughput": IF(ISNUMBER(way), interpolate(knots, g["scenario.method"], knot, way), NA),
            "reason": IF(
                held.eq(0), IF(g["scenario.ttft_limit"] > 0, NOT_IN_TIME, NO_POINTS), IF(ISNUMBER(speed), outside, NO_SPEED)
            ),
        }  # fmt: skip
