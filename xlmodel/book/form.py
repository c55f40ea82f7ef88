"""Forms: labelled rows that a reader fills in, and what follows from them, stacked downwards.

Unit, number format, allowed range and validation of a row follow from its unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xlmodel.book.graph import Graph
from xlmodel.book.spec import Sheet, Validation
from xlmodel.book.table import single
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Cell, Content, Line, Place
from xlmodel.calc.expression import Expr
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
        key: what the keys of its cells begin with. row: of the next row.
        columns: where its parts stand. note_style: role of the notes.
        numbers: cells into which numbers may be typed, for `xlmodel.book.guards.within_range`.
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

    @property
    def last(self) -> int:
        """The row just written, for one more cell in a column of its own."""
        return self.row - 1

    def input(
        self, name: str, label: str, unit: Unit, value: Value, note: Content = None, *, at: str = "", menu: Place | str = "",
        allowed: str | None = None, prompt: str = "", shown: str | None = None, height: float = 0,
    ) -> Cell:  # fmt: skip
        """A row with one framed cell.

        Args:
            name: key of the cell, after the form's.
            label: in front of it.
            unit: what it is counted in; its range is what may be typed. TEXT for words.
            value: what is typed into it as delivered.
            note: source and doubts.
            at: key of the input in the contract, where it is not the key of the cell.
            menu: the list from which it is picked, or the key under which a sheet declares that list.
            allowed: the allowed range in words, where the unit does not say it.
            prompt: shown when the cell is picked, where unit and range do not say it.
            shown: the unit as readers see it, where it is not the unit's label.
            height: of the row in points.
        """
        place = Ref(self.sheet.name, self.row, self.columns.value)
        cell = self.graph.add(f"{self.key}.{name}", Cell(unit, value, place, heading=label))
        self._typed(cell, {at or cell.key: value}, menu, allowed, prompt)
        self._row(name, label, unit, note, shown, allowed, height)
        self.cells[name] = cell
        return cell

    def inputs(
        self, name: str, label: str, unit: Unit, values: Mapping[str, Value], note: Content = None, *, menu: Place | str = "",
        allowed: str | None = None, prompt: str = "", shown: str | None = None, height: float = 0,
    ) -> Line:  # fmt: skip
        """A row with several framed cells side by side, from the column of values on; see `input`.

        `values` gives what is typed into each, by the key of the input in the contract.
        """
        place = Ref(self.sheet.name, self.row, self.columns.value)
        line = Line(unit, list(values.values()), len(values), place, heading=label, down=False)
        self.graph.add(f"{self.key}.{name}", line)
        self._typed(line, values, menu, allowed, prompt)
        self._row(name, label, unit, note, shown, allowed, height)
        return line

    def calc(
        self, name: str, label: str, unit: Unit, content: Content, note: Content = None, *, shown: str | None = None,
        style: str = "Calculation", fmt: str | None = None, height: float = 0,
    ) -> Cell:  # fmt: skip
        """A row with a result; see `input`."""
        cell = single(
            self.graph, self.sheet, f"{self.key}.{name}", unit, content, self.row, self.columns.value, style=style, fmt=fmt, heading=label,
        )  # fmt: skip
        self._row(name, label, unit, note, shown, "", height)
        self.cells[name] = cell
        return cell

    def label_list(self, first: str, last: str) -> Line:
        """The labels of some rows as a list, for a menu that picks one of them."""
        return _view(self.labels, first, last, TEXT)

    def value_list(self, first: str, last: str) -> Line:
        """The values of some rows as one area, whatever each is counted in."""
        return _view(self.cells, first, last, ANY)

    def _typed(
        self, place: Place, values: Mapping[str, Value], menu: Place | str, allowed: str | None, prompt: str
    ) -> None:
        words = place.unit.of == "text"
        typed(self.sheet, place, values)
        if menu:
            pick(self.graph, self.sheet, place, menu, prompt)
        elif not words:
            guard(self.sheet, place, allowed, prompt)
            self.numbers.append(place)

    def _row(
        self, name: str, label: str, unit: Unit, note: Content, shown: str | None, allowed: str | None, height: float
    ) -> None:
        c, sheet, row = self.columns, self.sheet, self.row
        sheet.put(row, c.label, label, "Label")
        self.labels[name] = Cell(TEXT, label, Ref(sheet.name, row, c.label))
        if c.unit:
            sheet.put(row, c.unit, unit.label if shown is None else shown, "Unit")
        if c.allowed and allowed != "":
            text = within(unit) if allowed is None else allowed
            sheet.put(row, c.allowed, None if unit.of == "text" and allowed is None else text, "Unit")
        if isinstance(note, Expr):
            single(self.graph, sheet, f"{self.key}.{name}.note", TEXT, note, row, c.note, style=self.note_style)
        elif note is not None:
            sheet.put(row, c.note, note, self.note_style)
        if height:
            sheet.heights[row] = height
        self.row += 1


def typed(sheet: Sheet, place: Place, values: Mapping[str, Value]) -> None:
    """Write cells that a reader may change, each under its key in the contract."""
    style, fmt = ("Input text", "") if place.unit.of == "text" else ("Input", place.unit.format)
    for i, (key, value) in enumerate(values.items()):
        ref = place.ref(i)
        sheet.input(ref.row, ref.col, value, key, style, fmt)


def guard(sheet: Sheet, place: Place, allowed: str | None = None, prompt: str = "") -> None:
    """Let only numbers within the range of their unit be typed into cells."""
    unit = place.unit
    words = prompt or f"{unit.label}, {allowed or within(unit)}."
    sheet.validations.append(Validation((_a1(place),), place.heading, words, low=unit.low, high=unit.high))


def pick(graph: Graph, sheet: Sheet, place: Place, menu: Place | str, prompt: str = "") -> None:
    """Let only what a list holds be picked in cells; the list may be declared later."""

    def rule() -> None:
        listed = graph.find(menu) if isinstance(menu, str) else menu
        source = listed.area.on(sheet.name)
        sheet.validations.append(Validation((_a1(place),), place.heading, prompt, source=source))

    graph.later(rule)


def within(unit: Unit) -> str:
    """The range of a unit in words.

    >>> from xlmodel.units import STEP, USD_PER_GPU
    >>> within(STEP), within(USD_PER_GPU)
    ('0.01 to 0.45', '0 to 10,000,000')
    """
    return " to ".join(
        f"{bound:,.0f}" if float(bound).is_integer() else f"{bound:g}" for bound in (unit.low, unit.high)
    )


def _a1(place: Place) -> str:
    area = place.area
    return area.a1 if isinstance(place, Line) and place.count > 1 else place.ref().a1


def _view(cells: Mapping[str, Cell], first: str, last: str, unit: Unit) -> Line:
    names = list(cells)
    some = [cells[name] for name in names[names.index(first) : names.index(last) + 1]]
    return Line(unit, some, len(some), some[0].ref())
