"""Tables and forms: a column, or a row, is declared once as heading, unit and expression.

Place, style, number format, width and heading follow from the declaration and from the table's place on its sheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from xlmodel.book.graph import Graph
from xlmodel.book.keys import slug
from xlmodel.book.one_cell import format_of
from xlmodel.book.spec import Block, Condition, Sheet, Validation
from xlmodel.book.written import Look, filled, look_of
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.functions import ISNA
from xlmodel.calc.place import Content
from xlmodel.calc.span import Span
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
        digits: significant ones of a long table's stored results (see Block).
        head: style of the headings; empty where others write them.
        cuts: cells of a long table at which its look changes: there a new block begins.
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
    digits: int = 10
    height: float = HEADER_HEIGHT
    head: str = "Column"
    cuts: Sequence[int] = ()
    lines: dict[str, Line] = field(default_factory=dict)
    _looks: list[tuple[Line, Look, Look]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The graph knows the table by its key."""
        self.graph.tables[self.key] = self

    def column(
        self, heading: str, unit: Unit, content: Content | Sequence[Content] = None, *, key: str = "", style: Look = "Calculation",
        fmt: Look | None = None, width: float = 0, shown: str | None = None, stated: Stated = None, form: str = "", title: Content = None,
        count: int | None = None,
    ) -> Line:  # fmt: skip
        """Add the next column.

        Args:
            heading: above it.
            unit: what it is counted in, with its number format.
            content: one expression for every row, or what stands in each.
            key: under which other sheets find it, after the table's; by default the heading in small letters.
            style: role of its cells, or of each; a cell without one stays out.
            fmt: number format where it is not the unit's, or of each cell.
            width: of the sheet's column.
            shown: the unit as readers see it, where it is not the unit's label.
            stated: values that an algorithm states a second time.
            form: how its formulas write the same row, where it is not the table's way.
            title: a formula in the heading's place; `heading` is then only its name.
            count: its cells, where they are not as many as the table's.
        """
        at = self.col + len(self.lines)
        place, size = Ref(self.sheet.name, self.row, at), self.count if count is None else count
        line = Line(unit, content, size, place, heading=heading, form=form or self.form, stated=stated)
        if self.head:
            self._head(Ref(self.sheet.name, self.row - 1, at), heading, title)
        if self.units:
            plain = None if unit.of == "text" else unit.label
            self.sheet.put(self.row - 2, at, plain if shown is None else shown or None, "Column unit")
        if width:
            self.sheet.widths[at] = width
        return self._keep(line, key or slug(heading), style, format_of(unit, fmt))

    def inputs(
        self, heading: str, unit: Unit, values: Sequence[Value], names: Sequence[str], rule: Validation | None = None, *,
        key: str = "", style: str = "Input", width: float = 0,
    ) -> Line:  # fmt: skip
        """Add a column that readers type into: a name for each input, and what may be typed where not everything may."""
        line = self.column(heading, unit, list(values), key=key, style=style, width=width)
        if rule:
            self._typed(line, names, rule)
        else:
            self._named(line, names)
        return line

    @property
    def end(self) -> int:
        """The first row below it."""
        return self.row + (self.count if self.down else len(self.lines))

    @property
    def last_col(self) -> int:
        """Column of its last line so far."""
        return self.col + len(self.lines) - 1

    def line(
        self, heading: str, unit: Unit, content: Content | Sequence[Content] = None, *, key: str = "", style: Look = "Calculation",
        fmt: Look | None = None, stated: Stated = None, form: str = "", shown: str | None = None, note: str = "", strong: bool = False,
    ) -> Line:  # fmt: skip
        """Add the next row of a table that runs to the right; see `column`.

        Heading and unit stand before it if the table writes `units`, and the note behind it; `strong` sets the heading off.
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
        return self._keep(line, key or slug(heading), style, format_of(unit, fmt))

    def typed_line(
        self,
        heading: str,
        unit: Unit,
        values: Sequence[Value],
        names: Sequence[str],
        rule: Validation,
        *,
        note: str = "",
    ) -> Line:
        """Add a row that readers type into; see `inputs`."""
        line = self.line(heading, unit, list(values), style="Input", note=note)
        self._typed(line, names, rule)
        return line

    def _named(self, line: Line, names: Sequence[str]) -> None:
        if doubles := self.sheet.inputs.keys() & {*names}:
            raise ValueError(f"two inputs are called {', '.join(doubles)}")
        self.sheet.inputs |= {name: line.ref(i) for i, name in enumerate(names)}

    def _typed(self, line: Line, names: Sequence[str], rule: Validation) -> None:
        self._named(line, names)
        self.sheet.validations.append(replace(rule, areas=(line.area.a1,)))

    def headed(self, before: Sequence[str], names: Sequence[str], after: str) -> Line:
        """Write the headings of a table that runs to the right: over labels and units, over its cells, and over the notes."""
        at = Ref(self.sheet.name, self.row - 1, self.col)
        for offset, name in enumerate((*before, *names, after), -len(before)):
            self.sheet.put(at.row, at.col + offset, name, self.head)
        self.sheet.heights[at.row] = max(self.height, self.sheet.heights.get(at.row, 0))
        return self.graph.add(f"{self.key}.names", Line(TEXT, names, self.count, at, down=False))

    def mute(self, first: str, last: str) -> None:
        """Print #N/A in a quiet colour, from one line to another."""
        a, b = self.area(first), self.area(last)
        area = Area(self.sheet.name, a.row, a.col, b.last_row, b.last_col)
        self.sheet.conditions.append(Condition(area.a1, ISNA(self.lines[first]), "muted"))

    def below(
        self, line: str, key: str, content: Content, *, style: str, rows: int = 0, unit: Unit | None = None
    ) -> Cell:
        """Add a cell under a column, `rows` further down than the first free one; unit and format are the column's or its own."""
        at = self.col + list(self.lines).index(line)
        above, _, looks = self._looks[at - self.col]
        fmt = look_of(looks, above.count - 1) if unit is None else format_of(unit, None)
        found = self.graph.add(
            f"{self.key}.{key}",
            Cell(unit or above.unit, content, Ref(self.sheet.name, self.row + self.count + rows, at), heading=key),
        )
        self.graph.printed(self.sheet, found, style, fmt)
        return found

    def _head(self, at: Ref, heading: str, title: Content) -> None:
        self.sheet.heights[at.row] = max(self.height, self.sheet.heights.get(at.row, 0))
        if title is None:
            self.sheet.put(at.row, at.col, heading, self.head)
        else:
            self.graph.printed(self.sheet, Cell(TEXT, title, at, heading=heading), self.head, "")

    def _keep(self, line: Line, key: str, style: Look, fmt: Look) -> Line:
        self.lines[key] = self.graph.add(f"{self.key}.{key}", line)
        self._looks.append((line, style, fmt))
        if not self.long:
            self.graph.printed(self.sheet, line, style, fmt)
        return line

    def across(self, first: str, last: str) -> Span:
        """The cells in the same place of neighbouring lines."""
        keys = list(self.lines)
        return Span([self.lines[key] for key in keys[keys.index(first) : keys.index(last) + 1]])

    @property
    def body(self) -> Area:
        """Where all its cells stand."""
        lines = list(self.lines.values())
        a, b = lines[0].ref(), lines[-1].ref(self.count - 1)
        return Area(a.sheet, a.row, a.col, b.row, b.col)

    def area(self, key: str) -> Area:
        """Where the cells of a line stand, for charts and names."""
        return self.lines[key].area

    @property
    def whole(self) -> Area:
        """Headings and cells of all columns."""
        return Area(self.sheet.name, self.row - 1, self.col, self.end - 1, self.last_col)

    def finish(self) -> None:
        """Write a long table as blocks, lines of other lengths in blocks of their own; called once the whole book is declared."""
        if not self.long:
            return
        at = self.col
        for count, looks in groupby(self._looks, key=lambda look: look[0].count):
            lines = list(looks)
            for first, end in pairwise((0, *self.cuts, count)):
                columns = [filled(line, style, fmt, first, end, valued=self.graph.valued) for line, style, fmt in lines]
                block = Block(self.row + first, at, columns, self.digits)
                self.graph.block(self.sheet, [line for line, _, _ in lines], range(first, end), block)
            at += len(lines)
