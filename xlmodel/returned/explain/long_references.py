"""References that name more than corners: whole columns and rows, and columns of tables."""

import re
from typing import NamedTuple

from xlmodel.book.refs import position
from xlmodel.xlsx.texts import LAST_COL, LAST_ROW, Corners

_COLUMNS = re.compile(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", re.IGNORECASE)
_ROWS = re.compile(r"\$?([1-9][0-9]{0,6}):\$?([1-9][0-9]{0,6})")
_TABLE = re.compile(
    r"(?P<table>[^\W\d][\w.]*)(?:\[(?:\[?#(?:data|all)\]?,)?(?P<column>[^#]*?)(?:#data|#all)?\])?", re.IGNORECASE
)


class NamedTable(NamedTuple):
    """A table of the file: its sheet, its corners with the headings, and these."""

    sheet: str
    corners: Corners
    headings: tuple[str, ...]


def whole_lines(a1: str) -> Corners | None:
    """Whole columns or rows as corners.

    >>> whole_lines("$B:C"), whole_lines("3:4")
    ((1, 2, 1048576, 3), (3, 1, 4, 16384))
    """
    if found := _COLUMNS.fullmatch(a1):
        left, right = sorted(position(f"{letters.upper()}1")[1] for letters in found.groups())
        return (1, left, LAST_ROW, right) if right <= LAST_COL else None
    if found := _ROWS.fullmatch(a1):
        top, bottom = sorted(map(int, found.groups()))
        return (top, 1, bottom, LAST_COL) if bottom <= LAST_ROW else None
    return None


def of_table(text: str, tables: dict[str, NamedTable]) -> tuple[str, Corners] | None:
    """Sheet and corners of a table or a column of it, its headings left out; None for anything else.

    >>> held = {"tblprices": NamedTable("Prices", (29, 22, 260, 23), ("Platform", "USD/GPU-hour"))}
    >>> of_table("tblPrices[USD/GPU-hour]", held)
    ('Prices', (30, 23, 260, 23))
    """
    found = _TABLE.fullmatch(text)
    table = tables.get(found["table"].casefold()) if found else None
    if found is None or table is None:
        return None
    top, left, bottom, right = table.corners
    column = (found["column"] or "").strip("[]").casefold()
    if column:
        headings = [heading.casefold() for heading in table.headings]
        if column not in headings:
            return None
        left = right = left + headings.index(column)
    return table.sheet, (top + 1, left, bottom, right)
