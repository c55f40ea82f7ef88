"""Cells -> elements of `sheetData`, formula and stored value together.

openpyxl writes a formula or a value, never both, so the cells are written here as text.
"""

import math
import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from xlmodel.book.edition import XLWINGS
from xlmodel.book.spec import PlainCell
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.excel import file_form
from xlmodel.calc.values import ExcelError, Value
from xlmodel.xlsx.escaping import escape
from xlmodel.xlsx.sharing import Share

Index = Callable[[str, str, bool], int]  # style, number format, literal text -> number of the cell format
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x0041_ in text as the letter A
_LIKE_FORMULAS = ("=", "+", "-", "@")
_CONTROL = {i: None for i in range(32) if i not in (9, 10, 13)}


def xml_text(text: str) -> str:
    """Text for an XML element: escaped, without the control characters XML cannot carry."""
    plain = text if text.isprintable() else text.translate(_CONTROL)
    return escape(_ESCAPE.sub("_x005F_", plain) if "_x" in plain else plain)


def literal(value: Value) -> bool:
    """Whether a value is text that would become a formula when somebody edits its cell, were it not marked as text.

    >>> literal("=1+1"), literal("-3 % since May"), literal(-3.0), literal("GB200")
    (True, True, False, False)
    """
    return isinstance(value, str) and value.startswith(_LIKE_FORMULAS)


class Strings:
    """The shared string table; text always lands here, so `=1+1` from a file stays text."""

    def __init__(self, texts: Iterable[str]) -> None:
        listed = list(texts)
        self.index = {text: i for i, text in enumerate(dict.fromkeys(listed))}
        self.uses = len(listed)

    def part(self) -> bytes:
        """The sharedStrings part."""
        items = "".join(map(_item, self.index))
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'count="{self.uses}" uniqueCount="{len(self.index)}">{items}</sst>'
        ).encode()


@lru_cache(maxsize=16384)  # many books of one form have the same texts
def _item(text: str) -> str:
    return f'<si><t xml:space="preserve">{xml_text(text)}</t></si>'


def number(value: float) -> str:
    """The number in 15 significant digits, what Excel itself computes with; whole numbers without a fraction."""
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be stored in a cell")
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def brief(value: float, digits: int = 10) -> str:
    """A computed number: long fractions in fewer significant digits, which keeps the file small.

    Excel computes anew when it opens the book; sums of a key and a measured number stay exact.

    >>> brief(1 / 3), brief(10800090.991805), brief(1 / 3, 12)
    ('0.3333333333', '10800090.991805', '0.333333333333')
    """
    text = number(value)
    return text if len(text) < min(16, digits + 6) else f"{value:.{digits}g}"


def stored(value: Value, strings: Strings, *, of_formula: bool, digits: int = 15) -> tuple[str, str]:
    """The type attribute and the value element of a cell."""
    if is_number(value):
        return "", f"<v>{brief(value, digits) if of_formula else number(value)}</v>"
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ' t="b"', f"<v>{int(value)}</v>"
    if isinstance(value, ExcelError):
        return ' t="e"', f"<v>{value.code}</v>"
    if of_formula:
        return ' t="str"', f"<v>{xml_text(str(value))}</v>"
    return ' t="s"', f"<v>{strings.index[str(value)]}</v>"


def cell_xml(ref: str, cell: PlainCell, style: int, strings: Strings, share: Share | None = None) -> str:
    """One `c` element."""
    kind, value = stored(cell.value, strings, of_formula=bool(cell.formula))
    formula = f"<f>{xml_text(cell.formula)}</f>" if cell.formula else ""
    if cell.python == XLWINGS:  # older Excel knows no dynamic arrays: a range is filled as it always was
        several = f' t="array" ref="{cell.spill}"' if ":" in cell.spill else ""
        return f'<c r="{ref}" s="{style}"{kind}><f{several}>{xml_text(cell.formula)}</f>{value}</c>'
    if cell.python:
        formula = f'<f t="array" ref="{cell.spill}">{xml_text(cell.formula)}</f>'
        return f'<c r="{ref}" s="{style}"{kind} cm="1">{formula}{value}</c>'
    if share:
        formula = f'<f t="shared" si="{share.number}"/>'
        if share.ref:
            formula = f'<f t="shared" ref="{share.ref}" si="{share.number}">{xml_text(cell.formula)}</f>'
    if cell.spill:
        formula = f'<f t="array" ref="{cell.spill}">{xml_text(file_form(cell.formula))}</f>'
        return f'<c r="{ref}" s="{style}"{kind} cm="1">{formula}{value}</c>'
    if not formula and not value:
        return f'<c r="{ref}" s="{style}"/>'
    return f'<c r="{ref}" s="{style}"{kind}>{formula}{value}</c>'
