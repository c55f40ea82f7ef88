"""The sheets of a book that nobody can describe, as they stand: so rules about what can be seen still hold."""

from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING

from xlmodel.book.built import BuiltSheet, Dress, Wear
from xlmodel.returned.check.layout import Moves

if TYPE_CHECKING:
    from xlmodel.returned.check.subject import Subject


def observed(s: "Subject") -> Mapping[str, BuiltSheet]:
    """The generated sheets with the cell styles that they wear now."""
    found = {}
    for name in s.mailed.sheets:
        dresses = tuple(
            Dress(row, col, row, col, look.style, look.format)
            for (row, col), cell in s.mailed.cells(name).items()
            for look in (s.looks.at(cell.style),)
        )
        found[name] = BuiltSheet(name, "", dresses=dresses)
    return found


def styles_worn(s: "Subject") -> Mapping[str, Wear]:
    """What the cell styles of the file bring."""
    return {name: Wear(look.format, look.locked, look.size) for name, look in s.looks.named.items()}


def dressed(sheet: BuiltSheet, styles: Mapping[str, Wear], moves: Moves) -> dict[tuple[int, int], tuple[str, str]]:
    """Where each cell stands now, with the cell style and the number format that it was built with."""
    found: dict[tuple[int, int], tuple[str, str]] = {}
    for dress in sheet.dresses:
        worn = (dress.style, dress.format or (styles[dress.style].format if dress.style in styles else "General"))
        places = product(range(dress.row, dress.last_row + 1), range(dress.col, dress.last_col + 1))
        if moves:
            found |= {at: worn for place in places if (at := moves.cell(*place)) is not None}
        else:
            found |= dict.fromkeys(places, worn)
    return found
