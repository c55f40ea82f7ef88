"""Forms: labelled rows that a reader fills in, and what follows from them, stacked downwards.

Unit, number format, allowed range and validation of a row follow from its unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xlmodel.book.graph import Graph
from xlmodel.book.one_cell import entry, single
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.place import Content, Place
from xlmodel.calc.values import Value
from xlmodel.units import ANY, TEXT, Unit


class Columns(NamedTuple):
    """Columns of a form on its sheet, from 1; 0 for what is not written."""

    label: int = 1
    unit: int = 2
    value: int = 3
    allowed: int = 4
    note: int = 5


COLUMNS = Columns()


@dataclass
class Form:
    """Rows of label, unit, value, allowed range and note.

    Attributes:
        key: what the keys of its cells begin with, in the graph and in the contract. row: of the next row.
        columns: where its parts stand. note_style: role of the notes.
        numbers: cells into which numbers may be typed, for `xlmodel.book.guards.within_range`.
        cells: its cells by name.
    """

    graph: Graph
    sheet: Sheet
    key: str
    row: int
    columns: Columns = COLUMNS
    note_style: str = "Footnote"
    numbers: list[Place] = field(default_factory=list)
    labels: dict[str, Cell] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)

    def input(
        self, name: str, label: str, unit: Unit, value: Value, note: Content = None, *, menu: str = "", prompt: str = "",
        shown: str | None = None, height: float = 0,
    ) -> Cell:  # fmt: skip
        """A row with a framed cell.

        Args:
            name: key of the cell, after the form's.
            label: in front of it.
            unit: what it is counted in; its range is what may be typed. TEXT for words.
            value: what is typed into it as delivered.
            note: source and doubts.
            menu: key of the list from which it is picked, which may be declared later.
            prompt: shown when the cell is picked, where unit and range do not say it.
            shown: the unit as readers see it, where it is not the unit's label.
            height: of the row in points.
        """
        words = unit.of == "text"
        rule = Validation((), label, prompt, menu=menu) if menu else None if words else guard(unit, label, prompt)
        key = f"{self.key}.{name}"
        cell = entry(self.graph, self.sheet, key, unit, value, self.row, self.columns.value, rule=rule)
        if not words:
            self.numbers.append(cell)
        self._row(name, label, unit.label if shown is None else shown, note, "" if words else unit.allowed, height)
        return self._keep(name, cell)

    def calc(
        self, name: str, label: str, unit: Unit, content: Content, note: Content = None, *, shown: str | None = None,
        style: str = "Calculation", fmt: str | None = None, height: float = 0,
    ) -> Cell:  # fmt: skip
        """A row with a result; see `input`."""
        cell = single(
            self.graph, self.sheet, f"{self.key}.{name}", unit, content, self.row, self.columns.value, style=style, fmt=fmt, heading=label,
        )  # fmt: skip
        self._row(name, label, unit.label if shown is None else shown, note, None, height)
        return self._keep(name, cell)

    def label_list(self, first: str, last: str) -> Line:
        """The labels of some rows as a list, for a menu that picks one of them."""
        return _view(self.labels, first, last, TEXT)

    def value_list(self, first: str, last: str) -> Line:
        """The values of some rows as one area, whatever each is counted in."""
        return _view(self.cells, first, last, ANY)

    def _keep(self, name: str, cell: Cell) -> Cell:
        self.cells[name] = cell
        self.row += 1
        return cell

    def _row(self, name: str, label: str, unit: str, note: Content, allowed: str | None, height: float) -> None:
        c, sheet, row = self.columns, self.sheet, self.row
        self.labels[name] = Cell(TEXT, label, sheet.put(row, c.label, label, "Label"))
        if c.unit:
            sheet.put(row, c.unit, unit, "Unit")
        if c.allowed and allowed is not None:
            sheet.put(row, c.allowed, allowed or None, "Unit")
        if isinstance(note, Expr):
            single(self.graph, sheet, f"{self.key}.{name}.note", TEXT, note, row, c.note, style=self.note_style)
        elif note is not None:
            sheet.put(row, c.note, note, self.note_style)
        if height:
            sheet.heights[row] = height


def guard(unit: Unit, title: str, prompt: str = "") -> Validation:
    """The rule that lets only numbers within the range of a unit be typed; its cells are named where it is used."""
    return Validation((), title, prompt or f"{unit.label}, {unit.allowed}.", low=unit.low, high=unit.high)


def _view(cells: Mapping[str, Cell], first: str, last: str, unit: Unit) -> Line:
    names = list(cells)
    some = [cells[name] for name in names[names.index(first) : names.index(last) + 1]]
    return Line(unit, some, len(some), some[0].ref())
