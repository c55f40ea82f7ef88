"""Which cells of a sheet hold one formula filled down: it is then stored once, as Excel does.

A formula that refers to another sheet is left out: Excel does not load it shared.
"""

from collections.abc import Iterator
from typing import NamedTuple

from xlmodel.book.refs import relative
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import letters


class Share(NamedTuple):
    """A cell's part in a shared formula: its number, and in the first cell the range it fills."""

    number: int
    ref: str = ""


def filled_down(sheet: Sheet, numbers: Iterator[int]) -> dict[tuple[int, int], Share]:
    """(row, column) -> share of every cell that repeats the formula of the cell above, or is repeated below."""
    columns: dict[int, list[tuple[int, str]]] = {}
    for row in sorted(sheet.cells):
        for col, cell in sheet.cells[row].items():
            if cell.formula and not cell.spill and "!" not in cell.formula:
                columns.setdefault(col, []).append((row, relative(cell.formula, f"{letters(col)}{row}")))
    found: dict[tuple[int, int], Share] = {}
    for col, cells in columns.items():
        for rows in _stretches(cells):
            number, at = next(numbers), letters(col)
            found |= {(row, col): Share(number) for row in rows}
            found[rows[0], col] = Share(number, f"{at}{rows[0]}:{at}{rows[-1]}")
    return found


def _stretches(cells: list[tuple[int, str]]) -> Iterator[list[int]]:
    """Rows that follow each other with one formula, two or more."""
    rows: list[int] = []
    said = ""
    for row, text in [*cells, (-1, "")]:
        if rows and row == rows[-1] + 1 and text == said:
            rows.append(row)
            continue
        if len(rows) > 1:
            yield rows
        rows, said = [row], text
