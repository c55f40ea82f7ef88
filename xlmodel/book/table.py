"""Tables and forms: a column, or a row, is declared once as heading, unit and expression.

Place, style, number format, width and heading follow from the declaration and from the table's place on its sheet.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from xlmodel.book.graph import Graph, Look, filled
from xlmodel.book.spec import Block, Sheet, Validation
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.cells import Cell, Content, Line, Span
from xlmodel.calc.expression import Expr
from xlmodel.calc.named_call import CallingCell
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
        units: write the units above the headings. form: how formulas write the same row (see Seat).
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
    _looks: list[tuple[Line, Look, Look]] = field(default_factory=list)

    def column(
        self, heading: str, unit: Unit, content: Content | Sequence[Content] = None, *, key: str = "", style: Look = "Calculation",
        fmt: Look | None = None, width: float = 0, shown: str | None = None, stated: Stated = None, form: str = "", title: Content = None,
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

    def inputs(
        self, heading: str, unit: Unit, values: Sequence[Value], names: Sequence[str], rule: Validation | None = None, *,
        key: str = "", style: str = "Input", width: float = 0,
    ) -> Line:  # fmt: skip
        """Add a column that readers type into: a name for each input, and what may be typed where not everything may."""
        line = self.column(heading, unit, list(values), key=key, style=style, width=width)
        for i, name in enumerate(names):
            if name in self.sheet.inputs:
                raise ValueError(f"two inputs are called {name}")
            self.sheet.inputs[name] = line.ref(i)
        if rule:
            area = self.area(key or slug(heading))
            self.sheet.validations.append(replace(rule, areas=(area.a1,)))
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
        self, heading: str, unit: Unit, content: Content | Sequence[Content] = None, *, key: str = "", style: str = "Calculation",
        fmt: str | None = None, stated: Stated = None, form: str = "",
    ) -> Line:  # fmt: skip
        """Add the next row of a table that runs to the right; its heading is written by whoever lays out the labels."""
        at = self.row + len(self.lines)
        line = Line(
            unit, content, self.count, Ref(self.sheet.name, at, self.col), heading=heading, down=False, form=form or self.form, stated=stated
        )  # fmt: skip
        return self._keep(
            line, key or slug(heading), style, unit.format if fmt is None and unit is not TEXT else fmt or ""
        )

    def below(self, line: str, key: str, content: Content, *, style: str, rows: int = 0) -> Cell:
        """Add a cell under a column, `rows` further down than the first free one, with the column's unit and format."""
        at = self.col + list(self.lines).index(line)
        above, _, looks = self._looks[at - self.col]
        fmt = looks if isinstance(looks, str) else looks[-1]
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

    def _keep(self, line: Line, key: str, style: Look, fmt: Look) -> Line:
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
        line = self.lines[key]
        a, b = line.ref(0), line.ref(self.count - 1)
        return Area(a.sheet, a.row, a.col, b.row, b.col)

    @property
    def whole(self) -> Area:
        """Headings and cells of all columns."""
        return Area(self.sheet.name, self.row - 1, self.col, self.end - 1, self.last_col)

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


def calling(
    graph: Graph, sheet: Sheet, key: str, unit: Unit, content: Expr, row: int, col: int, *, style: str = "Calculation", fmt: str | None = None,
    heading: str = "",
) -> CallingCell:  # fmt: skip
    """A cell that calls a function of the workbook by its name, under a key; a range of values spills from it."""
    found = graph.add(key, CallingCell(unit, content, Ref(sheet.name, row, col), heading=heading or key))
    graph.printed(sheet, found, style, unit.format if fmt is None else fmt)
    return found


def slug(heading: str) -> str:
    """The key that a heading gives.

    >>> slug("Performance per USD"), slug("tok/s/MW")
    ('performance_per_usd', 'tok_s_mw')
    """
    return "_".join("".join(c if c.isalnum() else " " for c in heading.casefold()).split())


def slugs(headings: Sequence[str]) -> list[str]:
    """The keys of headings that readers bring, such as names of platforms; no two are the same.

    >>> slugs(["GB200 NVL72", "H100", "h100"])
    ['gb200_nvl72', 'h100', 'h100_2']
    """
    found: list[str] = []
    for heading in headings:
        key, number = slug(heading), 1
        while (fresh := key if number == 1 else f"{key}_{number}") in found:
            number += 1
        found.append(fresh)
    return found
