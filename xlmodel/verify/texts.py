"""Formula texts compared by what they say, and moved when rows or columns were inserted before what they point to."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from xlmodel.book.address import letters, quoted
from xlmodel.book.refs import column_number

_PREFIX = re.compile(r"_xl(?:fn|ws|pm|op|udf)\.", re.IGNORECASE)
_SHEET = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!\[\]]+))!(.*)$", re.DOTALL)
_CELLS = re.compile(
    r"(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6})(?::(\$?)([A-Z]{1,3})(\$?)([1-9][0-9]{0,6}))?", re.IGNORECASE
)

Corners = tuple[int, int, int, int]  # first row, first column, last row, last column
Move = Callable[[str, Corners], Corners | None]  # where cells of a sheet stand now; None when they are gone


@lru_cache(maxsize=16384)
def canonical(formula: str) -> str:
    """A formula without what programs spell differently: case of names, blanks, prefixes, digits of numbers.

    >>> canonical("_xlfn.LET(_xlpm.a, 1E+3, 'Prices'!$b$2 + _xlpm.a)") == canonical("LET(a,1000,Prices!$B$2+A)")
    True
    """
    try:
        tokens = Tokenizer("=" + formula).items
    except (TokenizerError, IndexError, ValueError):
        return formula
    return "\x1f".join(filter(None, map(_said, tokens))).replace("TRUE(\x1f)", "TRUE").replace("FALSE(\x1f)", "FALSE")


def _said(token: Token) -> str:
    if token.type == Token.WSPACE:
        return ""
    text: str = token.value
    if token.type == Token.OPERAND and token.subtype == Token.NUMBER:
        return f"{float(text):.15g}"
    if token.type == Token.OPERAND and token.subtype == Token.TEXT:
        return text
    text = _PREFIX.sub("", text)
    match = _SHEET.match(text)
    if match:
        sheet = match[1].replace("''", "'") if match[1] else match[2]
        return f"{sheet.casefold()}!{match[3].upper()}"
    return text.upper()


def moved_by(formula: str, home: str, move: Move) -> str:
    """The formula of a cell of sheet `home` after cells have moved; what is gone becomes #REF!.

    >>> moved_by("SUM(A1:A3)+Prices!$B$2", "Fleet", lambda sheet, c: (c[0] + 1, c[1], c[2] + 1, c[3]) if sheet == "Prices" else c)
    'SUM(A1:A3)+Prices!$B$3'
    """
    try:
        tokens = Tokenizer("=" + formula).items
    except (TokenizerError, IndexError, ValueError):
        return formula
    return "".join(_moved(token, home, move) for token in tokens)


def _moved(token: Token, home: str, move: Move) -> str:
    text: str = token.value
    if token.type != Token.OPERAND or token.subtype != Token.RANGE:
        return text
    match = _SHEET.match(text)
    sheet = (match[1].replace("''", "'") if match[1] else match[2]) if match else home
    cells = _CELLS.fullmatch(match[3] if match else text)
    if not cells:
        return text
    top, left = int(cells[4]), column_number(cells[2].upper())
    bottom, right = (int(cells[8]), column_number(cells[6].upper())) if cells[6] else (top, left)
    now = move(sheet, (top, left, bottom, right))
    if now == (top, left, bottom, right):
        return text
    if now is None:
        return "#REF!"
    first = f"{cells[1]}{letters(now[1])}{cells[3]}{now[0]}"
    last = f":{cells[5]}{letters(now[3])}{cells[7]}{now[2]}" if cells[6] else ""
    return f"{quoted(sheet)}!{first}{last}" if match else first + last


def renamed(formula: str, names: Mapping[str, str]) -> str:
    """The formula with sheets under other names, given as name in lower case -> other name.

    >>> renamed("SUM('Our prices'!A1)+B2", {"our prices": "Prices"})
    'SUM(Prices!A1)+B2'
    """
    try:
        tokens = Tokenizer("=" + formula).items
    except (TokenizerError, IndexError, ValueError):
        return formula
    out = []
    for token in tokens:
        text: str = token.value
        match = _SHEET.match(text) if token.type == Token.OPERAND and token.subtype == Token.RANGE else None
        sheet = (match[1].replace("''", "'") if match[1] else match[2]) if match else ""
        other = names.get(sheet.casefold())
        out.append(f"{quoted(other)}!{match[3]}" if match and other else text)
    return "".join(out)
