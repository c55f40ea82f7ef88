"""The formulas of a sheet, and the values of a described book, cell by cell."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from xlmodel.book.refs import moved
from xlmodel.book.spec import Book, formula_cells
from xlmodel.calc.values import Value
from xlmodel.xlsx.raw_cells import RawCell

Place = tuple[int, int]
Cell = tuple[str, Place]  # a sheet by its name in the build, and a place on it now


class Formula(NamedTuple):
    """A formula cell with its text, and the cell whose references the text has."""

    cell: RawCell
    text: str
    origin: str

    @property
    def own(self) -> str:
        """The text as it reads in its own cell."""
        return self.text if self.origin == self.cell.a1 else moved(self.text, self.origin, self.cell.a1)


_formula: Callable[[tuple[object, ...]], Formula] = partial(tuple.__new__, Formula)  # as the cells themselves


def formulas_of(cells: Mapping[Place, RawCell]) -> dict[Place, Formula]:
    """The formulas among cells; a follower of a shared one carries the text of its master."""
    held = [(at, cell) for at, cell in cells.items() if cell.formula is not None]
    masters = {c.group: (c.formula, c.a1) for _, c in held if c.shape == "shared" and c.formula}
    return {
        at: _formula((cell, cell.formula, cell.a1))
        if cell.formula
        else _formula((cell, *masters.get(cell.group, ("", cell.a1))))
        for at, cell in held
    }


def values_of(book: Book) -> dict[Cell, Value]:
    """Value of every formula cell of a described book."""
    return {(sheet.name, (row, col)): value for sheet in book.sheets for row, col, value in formula_cells(sheet)}
