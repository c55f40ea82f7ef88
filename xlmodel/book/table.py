"""Tables and forms: a column, or a row, is declared once as heading, unit and expression.

Place, style, number format, width and heading follow from the declaration and from the table's place on its sheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from xlmodel.book.graph import Graph, filled
from xlmodel.book.inputs import frame, guard
from xlmodel.book.spec import Block, Condition, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.cells import Cell, Content, Line, Span
from xlmodel.calc.functions import ISNA
from xlmodel.calc.values import Value
from xlmodel.units import TEXT, Unit

Stated = Sequence[Value] | Callable[[], Sequence[Value]] | None
HEADER_HEIGHT = 30


@dataclass
class Table:
    """Equally long lines side by side, each declared once.

    Attributes:
        key: what the keys of its lines begin with. row, col: its first cell below (or right of) the headings.
        count: cells of each line. down: columns; false for rows that run to the right.
        units: write the units above the headings, or, of a table that runs to the right, headings and units in the two
            columns before it. form: how formulas write the same row (see Seat).
        long: written as one block of filled-down formulas, which keeps thousands of rows small.
    """

    graph: Graph
    sheet: Sheet
    key: str
    row: int
    col: int
    count: int
    down: bool = True
    units: bool = False
    form: str = "absolute"
    long: bool = False
    height: float = HEADER_HEIGHT
    lines: dict[str, Line] = field(default_factory=dict)
    _looks: list[tuple[Line, str, str]] = field(default_factory=list)

    def column(
        self, heading: str, unit: Unit, content: Content | Sequence[Content] = None, *, key: str = "", style: str = "Calculation",
        fmt: str | None = None, width: float = 0, shown: str | None = None, stated: Stated = None, form: str = "", title: Content = None,
    ) -> Line:  # fmt: skip
        """Add the next column.

        Args:
            heading: above it.
            unit: what it is counted in, with its number format.
            content: one expression for every row, or what stands in each.
            key: under which other sheets find it, after the table's; by default the heading in small letters.
            style: role of its cells.
            fmt: number format where it is not the unit's.
            width: of the sheet's column.
            shown: the unit as readers see it, where it is not the unit's label.
            stated: values that an algorithm states a second time.
            form: how its formulas write the same row, where it is not the table's way.
            title: a formula in the heading's place; `heading` is then only its name.
        """
        at = self.col + len(self.lines)
        line = Line(
            unit,
            content,
            self.count,
            Ref(self.sheet.name, self.row, at),
            heading=heading,
            form=form or self.form,
            stated=stated,
        )
        self._head(Ref(self.sheet.name, self.row - 1, at), heading, title)
        self.sheet.heights[self.row - 1] = max(self.height, self.sheet.heights.get(self.row - 1, 0))
        if self.units:
            plain = None if unit.of == "text" else unit.label
            self.sheet.put(self.row - 2, at, plain if shown is None else shown or None, "Column unit")
        if width:
            self.sheet.widths[at] = width
        return self._keep(
            line, key or slug(heading), style, unit.format if fmt is None and unit is not TEXT else fmt or ""
        )

    def line(
        self, heading: str, unit: Unit, content: Content | Sequence[Content] = None, *, key: str = "", style: str = "Calculation",
        fmt: str | None = None, stated: Stated = None, form: str = "", shown: str | None = None, note: str = "", strong: bool = False,
        inputs: Sequence[str] = (), prompt: str = "",
    ) -> Line:  # fmt: skip
        """Add the next row of a table that runs to the right; see `column`.

        Heading and unit stand before it if the table writes `units`, the note behind it; `strong` sets the heading off.
        `inputs` makes its cells inputs under these keys of the contract, within the range of the unit.
        """
        at = self.row + len(self.lines)
        if self.units:
            plain = unit.label if shown is None else shown or None
            self.sheet.put(at, self.col - 2, heading, "Strong" if strong else "Label")
            self.sheet.put(at, self.col - 1, plain, "Unit")
            self.sheet.put(at, self.col + self.count, note or None, "Unit")
        line = Line(
            unit, content, self.count, Ref(self.sheet.name, at, self.col), heading=heading, down=False, form=form or self.form, stated=stated
        )  # fmt: skip
        if inputs:
            frame(self.sheet, line, inputs)
            guard(self.sheet, line, prompt)
            style = "Input"
        return self._keep(
            line, key or slug(heading), style, unit.format if fmt is None and unit is not TEXT else fmt or ""
        )

    def headed(self, before: Sequence[str], names: Sequence[str], after: str) -> Line:
        """Write the headings of a table that runs to the right: over labels and units, over its cells, and over the notes."""
        at = Ref(self.sheet.name, self.row - 1, self.col)
        for offset, name in enumerate((*before, *names, after), -len(before)):
            self.sheet.put(at.row, at.col + offset, name, "Column")
        self.sheet.heights[at.row] = max(self.height, self.sheet.heights.get(at.row, 0))
        return self.graph.add(f"{self.key}.names", Line(TEXT, names, self.count, at, down=False))

    def mute(self, first: str, last: str) -> None:
        """Print #N/A in a quiet colour, from one line to another."""
        a, b = self.lines[first], self.lines[last]
        quiet = ISNA(a.relative).text(a.seat(0))
        area = Area(self.sheet.name, a.area.row, a.area.col, b.area.last_row, b.area.last_col)
        self.sheet.conditions.append(Condition(area.a1, quiet, "muted"))

    def below(self, line: str, key: str, content: Content, *, style: str, rows: int = 0) -> Cell:
        """Add a cell under a column, `rows` further down than the first free one, with the column's unit and format."""
        at = self.col + list(self.lines).index(line)
        above, _, fmt = self._looks[at - self.col]
        found = self.graph.add(
            f"{self.key}.{key}",
            Cell(above.unit, content, Ref(self.sheet.name, self.row + self.count + rows, at), heading=key),
        )
        self.graph.printed(self.sheet, found, style, fmt)
        return found

    def _head(self, at: Ref, heading: str, title: Content) -> None:
        if title is None:
            self.sheet.put(at.row, at.col, heading, "Column")
        else:
            self.graph.printed(self.sheet, Cell(TEXT, title, at, heading=heading), "Column", "")

    def _keep(self, line: Line, key: str, style: str, fmt: str) -> Line:
        self.lines[key] = self.graph.add(f"{self.key}.{key}", line)
        self._looks.append((line, style, fmt))
        if not self.long:
            self.graph.printed(self.sheet, line, style, fmt)
        return line

    def block(self, first: str, last: str) -> Span:
        """The whole cells of neighbouring lines, from one key to another."""
        keys = list(self.lines)
        return Span([self.lines[key] for key in keys[keys.index(first) : keys.index(last) + 1]], 0, self.count - 1)

    def across(self, first: str, last: str) -> Span:
        """The cells in the same place of neighbouring lines."""
        keys = list(self.lines)
        return Span([self.lines[key] for key in keys[keys.index(first) : keys.index(last) + 1]])

    def area(self, key: str) -> Area:
        """Where the cells of a line stand, for charts and names."""
        return self.lines[key].area

    def finish(self) -> None:
        """Write a long table as a block; called once the whole book is declared."""
        if self.long:
            columns = [filled(line, style, fmt) for line, style, fmt in self._looks]
            self.sheet.blocks.append(Block(self.row, self.col, columns))


def single(
    graph: Graph, sheet: Sheet, key: str, unit: Unit, content: Content, row: int, col: int, *, style: str = "Calculation", fmt: str | None = None,
    heading: str = "",
) -> Cell:  # fmt: skip
    """One cell of its own on a sheet, under a key."""
    found = graph.add(key, Cell(unit, content, Ref(sheet.name, row, col), heading=heading or key))
    graph.printed(sheet, found, style, unit.format if fmt is None and unit is not TEXT else fmt or "")
    return found


def slug(heading: str) -> str:
    """The key that a heading gives.

    >>> slug("Performance per USD"), slug("tok/s/MW")
    ('performance_per_usd', 'tok_s_mw')
    """
    return "_".join("".join(c if c.isalnum() else " " for c in heading.casefold()).split())
