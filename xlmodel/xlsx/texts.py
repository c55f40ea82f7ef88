"""Formula texts compared by what they say, and moved when rows or columns were inserted before what they point to."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from xlmodel.book.refs import column_number
from xlmodel.calc.address import letters, quoted
from xlmodel.xlsx.formula_tokens import Token, tokens

_PREFIX = re.compile(r"_xl(?:fn|ws|pm|op|udf)\.", re.IGNORECASE)
_SHEET = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!\[\]]+))!(.*)$", re.DOTALL)
_CELLS = re.compile(
    r"(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?::(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6}))?", re.IGNORECASE
)
_ONE_CELL = re.compile(r"^(\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}):\1$")  # Gnumeric writes such a range as a cell
_COLS = re.compile(r"(\$?)([A-Z]{1,3}):(\$?)([A-Z]{1,3})", re.IGNORECASE)
_ROWS = re.compile(r"(\$?)([1-9][0-9]{0,6}):(\$?)([1-9][0-9]{0,6})")
LAST_ROW, LAST_COL = 1_048_576, 16_384

Corners = tuple[int, int, int, int]  # first row, first column, last row, last column
Move = Callable[[str, Corners], Corners | None]  # where cells of a sheet stand now; None when they are gone
Lost = Callable[[str, str], str]  # what to write instead of a sheet and cells that are gone


def _gone(_sheet: str, _cells: str) -> str:
    return "#REF!"


@lru_cache(maxsize=16384)
def canonical(formula: str) -> str:
    """A formula without what programs spell differently: case of names, blanks, prefixes, digits of numbers, idle brackets.

    It comes out with every operator behind its operands, as no bracket is needed then.

    >>> canonical("_xlfn.LET(_xlpm.a, 1E+3, 'Prices'!$b$2 + _xlpm.a)") == canonical("LET(a,1000,Prices!$B$2+A)")
    True
    >>> canonical("A1*(B1*C1)") == canonical("A1*B1*C1"), canonical("(A1*B1)*C1-(D1)") == canonical("A1*B1*C1-D1")
    (False, True)
    """
    try:
        said = _postfix(tokens(formula))
    except (IndexError, ValueError):
        return formula
    return "\x1f".join(filter(None, said)).replace("TRUE(\x1f)", "TRUE").replace("FALSE(\x1f)", "FALSE")


_BINDS = {":": 9, " ": 8, ",": 7, "^": 5, "*": 4, "/": 4, "+": 3, "-": 3, "&": 2}  # comparisons bind least
_SIGN = 6  # a sign binds more than a power
_IDLE, _OPEN = ("(", 0), ("", 0)  # a bracket that only groups, and anything else that is closed later


def _postfix(read: list[Token]) -> list[str]:
    """The words of a formula, operators behind their operands.

    Raises:
        IndexError: a bracket is closed that was never opened.
    """
    out: list[str] = []
    waiting: list[tuple[str, int]] = []
    value = False  # whether what stands before is a value, so that a bracket calls it

    def flush(least: int) -> None:
        while waiting and waiting[-1][1] >= least:
            out.append(waiting.pop()[0])

    for token in read:
        if token.type == Token.WSPACE:
            continue
        said = _said(token)
        if token.type in (Token.FUNC, Token.ARRAY, Token.PAREN, "ARRAYROW") and token.subtype == Token.OPEN:
            idle = token.type == Token.PAREN and not value
            waiting.append(_IDLE if idle else _OPEN)
            out += [] if idle else [said]
        elif token.subtype == Token.CLOSE:
            flush(1)
            out += [] if waiting.pop() == _IDLE else [said]
        elif token.type == Token.SEP:
            flush(1)
            out.append(said)
        elif token.type == Token.OP_PRE:
            waiting.append((f"{said}1", _SIGN))
        elif token.type == Token.OP_IN:
            flush(_BINDS.get(said, 1))
            waiting.append((said, _BINDS.get(said, 1)))
        else:
            out.append(said)
        value = token.type in (Token.OPERAND, Token.OP_POST) or token.subtype == Token.CLOSE
    flush(1)
    return out


def _said(token: Token) -> str:
    text: str = token.value
    if token.type == Token.OPERAND and token.subtype == Token.NUMBER:
        return f"{float(text):.15g}"
    if token.type == Token.OPERAND and token.subtype == Token.TEXT:
        return text
    text = _PREFIX.sub("", text)
    match = _SHEET.match(text)
    if match:
        sheet = match[1].replace("''", "'") if match[1] else match[2]
        cells = _ONE_CELL.sub(r"\1", match[3].upper())
        return f"{sheet.casefold()}!{cells}"
    return _ONE_CELL.sub(r"\1", text.upper())


def moved_by(formula: str, home: str, move: Move, lost: Lost = _gone) -> str:
    """The formula of a cell of sheet `home` after cells have moved.

    Args:
        formula: the text, without its =.
        home: the sheet that references without a sheet mean.
        move: where cells stand now; whole columns and rows come as ranges over the whole sheet.
        lost: what to write for a reference to cells that are gone, given the sheet and the cells; by default #REF!.

    >>> moved_by("SUM(A1:A3)+Prices!$B$2", "Fleet", lambda sheet, c: (c[0] + 1, c[1], c[2] + 1, c[3]) if sheet == "Prices" else c)
    'SUM(A1:A3)+Prices!$B$3'
    """
    try:
        read = tokens(formula)
    except ValueError:
        return formula
    return "".join(_moved(token, home, move, lost) for token in read)


def _moved(token: Token, home: str, move: Move, lost: Lost) -> str:
    text: str = token.value
    if token.type != Token.OPERAND or token.subtype != Token.RANGE:
        return text
    match = _SHEET.match(text)
    sheet = (match[1].replace("''", "'") if match[1] else match[2]) if match else home
    cells = match[3] if match else text
    was = _corners(cells)
    if was is None:
        return text
    now = move(sheet, was)
    if now == was:
        return text
    if now is None:
        return lost(sheet, cells)
    found = _written(cells, now)
    return f"{quoted(sheet)}!{found}" if match else found


def _corners(text: str) -> Corners | None:
    """Corners of a cell, a range, whole columns or whole rows; None for a name or a table."""
    if cells := _CELLS.fullmatch(text):
        top, left = int(cells[4]), column_number(cells[2].upper())
        bottom, right = (int(cells[8]), column_number(cells[6].upper())) if cells[6] else (top, left)
        return top, left, bottom, right
    if cols := _COLS.fullmatch(text):
        return 1, column_number(cols[2].upper()), LAST_ROW, column_number(cols[4].upper())
    if rows := _ROWS.fullmatch(text):
        return int(rows[2]), 1, int(rows[4]), LAST_COL
    return None


def _written(text: str, now: Corners) -> str:
    """The reference at its new place, its dollar signs as before."""
    if cells := _CELLS.fullmatch(text):
        first = f"{cells[1]}{letters(now[1])}{cells[3]}{now[0]}"
        return f"{first}:{cells[5]}{letters(now[3])}{cells[7]}{now[2]}" if cells[6] else first
    if cols := _COLS.fullmatch(text):
        return f"{cols[1]}{letters(now[1])}:{cols[3]}{letters(now[3])}"
    rows = _ROWS.fullmatch(text)
    assert rows is not None
    return f"{rows[1]}{now[0]}:{rows[3]}{now[2]}"


def renamed(formula: str, names: Mapping[str, str]) -> str:
    """The formula with sheets under other names, given as name in lower case -> other name.

    >>> renamed("SUM('Our prices'!A1)+B2", {"our prices": "Prices"})
    'SUM(Prices!A1)+B2'
    """
    if not names:
        return formula
    try:
        read = tokens(formula)
    except ValueError:
        return formula
    out = []
    for token in read:
        text: str = token.value
        match = _SHEET.match(text) if token.type == Token.OPERAND and token.subtype == Token.RANGE else None
        sheet = (match[1].replace("''", "'") if match[1] else match[2]) if match else ""
        other = names.get(sheet.casefold())
        out.append(f"{quoted(other)}!{match[3]}" if match and other else text)
    return "".join(out)
