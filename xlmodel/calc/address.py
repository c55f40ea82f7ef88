"""Where things stand: the only module that knows letters and row numbers.

A `Ref` is one cell, an `Area` a rectangle; both write themselves as the text a formula needs on a
given sheet, with the sheet's name only when it is another one.
"""

import re
from functools import cache
from typing import NamedTuple

_FIXED = {"absolute": ("$", "$"), "relative": ("", ""), "row": ("", "$"), "col": ("$", "")}
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@cache
def letters(col: int) -> str:
    """Column letters of a 1-based column number.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    text = ""
    while col > 0:
        col, rest = divmod(col - 1, 26)
        text = chr(65 + rest) + text
    return text


@cache
def quoted(sheet: str) -> str:
    """The sheet name as a formula writes it.

    >>> quoted("Prices"), quoted("Cost curves")
    ('Prices', "'Cost curves'")
    """
    if _PLAIN_NAME.fullmatch(sheet):
        return sheet
    return "'" + sheet.replace("'", "''") + "'"


class Ref(NamedTuple):
    """One cell."""

    sheet: str
    row: int
    col: int

    @property
    def a1(self) -> str:
        """Relative address without the sheet, such as F7."""
        return f"{letters(self.col)}{self.row}"

    @property
    def absolute(self) -> str:
        """Absolute address without the sheet, such as $F$7."""
        return f"${letters(self.col)}${self.row}"

    def on(self, sheet: str, form: str = "absolute") -> str:
        """The reference as written on `sheet`: absolute, relative, or mixed (`row` / `col` fixed)."""
        fixed_col, fixed_row = _FIXED[form]
        text = f"{fixed_col}{letters(self.col)}{fixed_row}{self.row}"
        return text if sheet == self.sheet else f"{quoted(self.sheet)}!{text}"

    def step(self, rows: int = 0, cols: int = 0) -> "Ref":
        """The cell that many rows down and columns to the right."""
        return Ref(self.sheet, self.row + rows, self.col + cols)


class Area(NamedTuple):
    """A rectangle of cells, both corners included."""

    sheet: str
    row: int
    col: int
    last_row: int
    last_col: int

    @property
    def a1(self) -> str:
        """Relative address without the sheet, such as A7:C9."""
        return f"{letters(self.col)}{self.row}:{letters(self.last_col)}{self.last_row}"

    @property
    def absolute(self) -> str:
        """Absolute address without the sheet, such as $A$7:$C$9."""
        return f"${letters(self.col)}${self.row}:${letters(self.last_col)}${self.last_row}"

    def on(self, sheet: str, form: str = "absolute") -> str:
        """The area as written on `sheet`, absolute whatever `form` asks."""
        del form
        return self.absolute if sheet == self.sheet else f"{quoted(self.sheet)}!{self.absolute}"

    def cell(self, row: int, col: int = 0) -> Ref:
        """The cell at a 0-based offset within the area."""
        return Ref(self.sheet, self.row + row, self.col + col)

    def column(self, col: int) -> "Area":
        """One column of the area, by 0-based offset."""
        return Area(self.sheet, self.row, self.col + col, self.last_row, self.col + col)

    def rows(self, first: int, last: int | None = None) -> "Area":
        """Some of its rows, by 0-based offset; to its end where no last one is given."""
        end = self.last_row if last is None else self.row + last
        return Area(self.sheet, self.row + first, self.col, end, self.last_col)

    def below(self, rows: int) -> "Area":
        """As large an area, that many rows further down."""
        return Area(self.sheet, self.row + rows, self.col, self.last_row + rows, self.last_col)

    def meets(self, other: "Area") -> bool:
        """Whether both share a cell."""
        down = self.row <= other.last_row and other.row <= self.last_row
        return self.sheet == other.sheet and down and self.col <= other.last_col and other.col <= self.last_col

    def to(self, other: "Area") -> "Area":
        """From its first cell to the last one of another area of the sheet."""
        return Area(self.sheet, self.row, self.col, other.last_row, other.last_col)
