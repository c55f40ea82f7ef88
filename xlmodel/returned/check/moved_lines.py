"""How the lines of a generated sheet moved: its formulas and labels, where they stand now beside where they were built."""

from typing import TYPE_CHECKING

from xlmodel.book.built import LONG, agrees, mark_of
from xlmodel.book.refs import corners
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.layout import FORMULA, Moves, moves

if TYPE_CHECKING:
    from xlmodel.returned.check.subject import Subject


def lines_moved(s: "Subject", name: str) -> Moves:
    """How the lines of a sheet moved since it was built."""
    cells, expected = s.mailed.cells(name), s.expected[name]
    if _in_place(s, name):
        return Moves()
    held: dict[Place, str] = {}
    for at, cell in cells.items():
        if cell.formula is not None:
            held[at] = FORMULA
        elif cell.kind in ("s", "str", "inlineStr") and isinstance(value := s.package.value(cell), str):
            held[at] = value if len(value) <= LONG else f"~{mark_of(value)}"
    tables = [t.area.last_row + t.spare for t in s.contract.tables.values() if t.area.sheet == name]
    built = s.described[name]
    pages = [corners(area)[2] for area in built.print_area.split(",") if area]
    ends = [*tables, *pages, *(chart.anchor[2] for chart in built.charts), *(row for row, _ in expected)]
    return moves(expected, held, max(ends, default=1))


def _in_place(s: "Subject", name: str) -> bool:
    """Whether every formula and label stands where it was built, and no further formula anywhere."""
    cells, formulas, value = s.mailed.cells(name), s.formulas[name], s.package.value
    if {at for at, e in s.expected[name].items() if e.formula} != formulas.keys():
        return False
    labels = s.described[name].labels
    return all(at in cells and at not in formulas and agrees(value(cells[at]), said) for at, said in labels.items())
