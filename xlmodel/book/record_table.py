"""Tables of records: rows that a file brought, with room below in which a reader types more of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlmodel.book.graph import Graph
from xlmodel.book.record_rows import row_of
from xlmodel.book.spec import Block, Column, ExcelTable, Sheet
from xlmodel.book.table import HEADER_HEIGHT
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.cells import Line
from xlmodel.calc.span import Span
from xlmodel.calc.values import Value
from xlmodel.units import TEXT, Unit


@dataclass(frozen=True)
class RecordTable:
    """Records as columns, one a field; the cells of each reach to the last row that formulas read.

    Attributes:
        first: its first cell below the headings. headings: heading of each field. built: rows that were built.
    """

    graph: Graph
    key: str
    first: Ref
    headings: Mapping[str, str]
    built: int
    count: int

    @property
    def top_row(self) -> int:
        """Row of the first record."""
        return self.first.row

    @property
    def top(self) -> Ref:
        """Where its title stands."""
        return self.first.step(-3)

    def line(self, field: str) -> Line:
        """The cells of a field, spare rows included."""
        found = self.graph.find(f"{self.key}.{field}")
        assert isinstance(found, Line)
        return found

    def all(self, field: str) -> Span:
        """The whole column of a field, spare rows included."""
        return self.line(field).all

    def span(self, heading: str) -> str:
        """The column of a heading as a range on its sheet."""
        line = self.line(self.headings[heading])
        return Area(self.first.sheet, line.ref().row, line.ref().col, line.ref(self.count - 1).row, line.ref().col).a1

    @property
    def printed(self) -> str:
        """Title, headings and built rows as a range on its sheet."""
        col = self.first.col + len(self.headings) - 1
        return Area(self.first.sheet, self.first.row - 3, self.first.col, self.first.row + self.built - 1, col).a1


def declared(
    graph: Graph, sheet: Sheet, key: str, first: Ref, headings: Mapping[str, str], records: Sequence[Any], typed: Sequence[Any] = (),
    spare: int = 0, *, units: Mapping[str, Unit], style: Callable[[str], str], name: str, own: tuple[int, ...] = (),
    free: tuple[str, ...] = (), kept: bool = True, formats: Mapping[str, str] | None = None,
) -> RecordTable:  # fmt: skip
    """Write records as an Excel table, and know each field under a key.

    Args:
        graph: of the book.
        sheet: on which they stand.
        key: what the keys of the fields begin with, such as quotes.
        first: the first cell below the headings.
        headings: field of the record by heading, in order.
        records: the rows that were built.
        typed: rows that a reader typed below.
        spare: rows below that are read as well.
        units: by field, where it is a number.
        style: role of the cells under a heading.
        name: of the Excel table.
        own: built rows (0-based) that came from a file of the user.
        free: headings under which a reader edits without changing what was measured or quoted.
        kept: whether later versions read the rows back.
        formats: number format by heading, where it is not that of the unit.
    """
    rows = [row_of(record, headings) for record in records]
    more = [row_of(record, headings) for record in typed]
    count = len(rows) + spare
    columns: list[Column] = []
    for offset, (heading, field) in enumerate(headings.items()):
        at, unit = first.step(0, offset), units.get(field, TEXT)
        built: list[Value] = [row[offset] for row in rows]
        gap: list[Value] = [None] * (count - len(rows) - len(more))
        sheet.put(first.row - 1, at.col, heading, "Column")
        graph.add(
            f"{key}.{field}", Line(unit, [*built, *(row[offset] for row in more), *gap], count, at, heading=heading)
        )
        columns.append(Column(built, style(heading), (formats or {}).get(heading, unit.format)))
        for i, row in enumerate(more, len(rows)):
            sheet.put(first.row + i, at.col, row[offset], "Input")
    sheet.heights[first.row - 1] = max(HEADER_HEIGHT, sheet.heights.get(first.row - 1, 0))
    sheet.blocks.append(Block(first.row, first.col, columns))
    area = Area(sheet.name, first.row - 1, first.col, first.row + len(rows) - 1, first.col + len(headings) - 1)
    sheet.tables.append(ExcelTable(name, area, tuple(headings), spare, own, free, kept))
    return RecordTable(graph, key, first, headings, len(rows), count)
