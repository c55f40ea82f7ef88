"""Addresses as a file writes them, and references inside formula text: moved, or blanked out.

A shared formula is stored once and repeated by position; to compare it cell by cell its text has to
be moved. The pieces are cut once per formula, so a column of 100,000 followers costs little.
"""

import re
from functools import cache, lru_cache

from xlmodel.calc.address import letters

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# Texts, quoted sheet names and table brackets come first so that nothing inside them is taken for a cell.
# What nothing can start at is passed over by one look.
_PIECE = re.compile(
    r"""(?P<skip>"[^"]*(?:""[^"]*)*" | '[^']*(?:''[^']*)*' | \[(?:[^\[\]]|\[[^\]]*\])*\])
    | (?<![\w.$])(?=[$A-Z0-9])(?:
        (?P<cell>\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})(?![\w.(!\[])
        | (?<!:)(?:
            (?P<cols>\$?[A-Z]{1,3}:\$?[A-Z]{1,3})(?![\w.(!$])
            | (?P<rows>\$?[0-9]{1,7}:\$?[0-9]{1,7})(?![\w.(!$])))
    """,
    re.VERBOSE,
)
_REFERENCE = re.compile(r"(\$?)([A-Z]+)(\$?)([0-9]+)")
_COLUMNS: dict[str, int] = {}  # those that were met
_HALF = re.compile(r"(\$?)([A-Z0-9]+)")  # of whole columns or rows


@cache
def column_number(letters: str) -> int:
    """The 1-based number of column letters.

    >>> column_number("A"), column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def position(a1: str) -> tuple[int, int]:
    """Row and column of an address.

    >>> position("AB7")
    (7, 28)
    """
    name = a1.rstrip("0123456789")
    row, col = a1[len(name) :], _COLUMNS.get(name)
    if col is None or not row or row[0] == "0" or len(row) > 7:
        match = _ADDRESS.fullmatch(a1)
        if match is None:
            raise ValueError(f"{a1!r} is not a cell address such as B7")
        col = _COLUMNS[name] = column_number(name)
    return int(row), col


def corners(ref: str) -> tuple[int, int, int, int]:
    """First row, first column, last row, last column of a range.

    >>> corners("$B$2:C9")
    (2, 2, 9, 3)
    """
    first, _, last = ref.replace("$", "").partition(":")
    return (*position(first), *position(last or first))


def shape(formula: str) -> str:
    """The formula with every cell reference replaced by A1, so that filled-down copies look the same.

    >>> shape("B2*Prices!$C$7+LOG10(B3)")
    'A1*Prices!A1+LOG10(A1)'
    """
    plain = {"cell": "A1", "cols": "A:A", "rows": "1:1"}
    return _PIECE.sub(lambda match: plain.get(match.lastgroup or "", match[0]), formula)


@lru_cache(maxsize=65536)
def _reference(cell: str) -> tuple[str, int, str, int]:
    col_fixed, col, row_fixed, row = _REFERENCE.fullmatch(cell).groups()  # type: ignore[union-attr]
    return col_fixed, column_number(col), row_fixed, int(row)


@lru_cache(maxsize=16384)
def cut_references(formula: str) -> tuple[str | tuple[str, int, str, int], ...]:
    """Plain text and references (column fixed?, column, row fixed?, row), 0 for an absent half."""
    pieces: list[str | tuple[str, int, str, int]] = []
    text, *rest = _PIECE.split(formula)
    for skip, cell, cols, rows, after in zip(*(rest[i::5] for i in range(5)), strict=True):
        if skip:
            text += skip + after
            continue
        pieces.append(text)
        text = after
        if cell:
            pieces.append(_reference(cell))
            continue
        for fixed, half in _HALF.findall(cols or rows):
            pieces.append((fixed, column_number(half), "", 0) if cols else ("", 0, fixed, int(half)))
        pieces.insert(-1, ":")
    pieces.append(text)
    return tuple(pieces)


def moved(formula: str, origin: str, target: str) -> str:
    """The text a shared formula of `origin` has in `target`.

    >>> moved("B2*$C$7+SUM(D$2:D2)", "A2", "A5")
    'B5*$C$7+SUM(D$2:D5)'
    """
    row, col = position(origin)
    to_row, to_col = position(target)
    down, right = to_row - row, to_col - col
    out = []
    for piece in cut_references(formula):
        if isinstance(piece, str):
            out.append(piece)
            continue
        col_fixed, c, row_fixed, r = piece
        c += right if c and not col_fixed else 0
        r += down if r and not row_fixed else 0
        if (piece[1] and not 1 <= c <= 16384) or (piece[3] and not 1 <= r <= 1048576):
            out.append("#REF!")
        else:
            out.append(f"{col_fixed}{letters(c)}{row_fixed}{r or ''}")
    return "".join(out)


@lru_cache(maxsize=16384)
def relative(formula: str, a1: str) -> str:
    """The formula with its references counted from its own cell: equal for all cells of a filled-down formula.

    >>> relative("B2*$C$7", "A2") == relative("B5*$C$7", "A5"), relative("B2", "A2")
    (True, '{0,1}')
    """
    row, col = position(a1)
    out = []
    for piece in cut_references(formula):
        if isinstance(piece, str):
            out.append(piece)
            continue
        col_fixed, c, row_fixed, r = piece
        down = f"${r}" if row_fixed else str(r - row) if r else ""
        right = f"${c}" if col_fixed else str(c - col) if c else ""
        out.append(f"{{{down},{right}}}")
    return "".join(out)


def ref_of(area: tuple[int, int, int, int]) -> str:
    """A range as the file writes it.

    >>> ref_of((2, 1, 4, 3)), ref_of((2, 1, 2, 1))
    ('A2:C4', 'A2')
    """
    first, last = f"{letters(area[1])}{area[0]}", f"{letters(area[3])}{area[2]}"
    return first if first == last else f"{first}:{last}"
