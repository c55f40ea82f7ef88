"""Cells -> the `sheetData` element, formula and stored value together.

openpyxl writes a formula or a value, never both, so the cells are written here as text: one
generator of rows, fast enough for 100,000 points and flat in memory.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from xlmodel.book.edition import XLWINGS
from xlmodel.book.spec import Block, PlainCell, Sheet
from xlmodel.calc.address import letters
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.excel import file_form
from xlmodel.calc.values import ExcelError, Value
from xlmodel.xlsx.escaping import escape
from xlmodel.xlsx.sharing import Share, filled_down

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

    def __init__(self) -> None:
        self.index: dict[str, int] = {}
        self.uses = 0

    def __call__(self, text: str) -> int:
        """The text's number in the table; new texts are appended."""
        self.uses += 1
        return self.index.setdefault(text, len(self.index))

    def part(self) -> bytes:
        """The sharedStrings part."""
        items = "".join(f'<si><t xml:space="preserve">{xml_text(text)}</t></si>' for text in self.index)
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'count="{self.uses}" uniqueCount="{len(self.index)}">{items}</sst>'
        ).encode()


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
    return ' t="s"', f"<v>{strings(str(value))}</v>"


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


@dataclass(slots=True)
class _Plan:
    """One column of a block on its way to XML.

    `fill`: the formula element that the next rows repeat; `marked` gives the style of literal text.
    `framed`: an empty cell is written too, since its frame says that something may be typed into it.
    """

    col: str
    style: int
    marked: Callable[[], int]
    values: Sequence[Value]
    starts: dict[int, tuple[int, str, str]]
    ends: set[int]
    framed: bool = False
    fill: str = ""


class _Filler:
    """Writes the cells of one block row by row; filled-down formulas are stored as shared formulas."""

    def __init__(self, block: Block, index: Index, strings: Strings, shared: Iterator[int]) -> None:
        self.block = block
        self.strings = strings
        self.plans: list[_Plan] = []
        for offset, column in enumerate(block.columns):
            col = letters(block.col + offset)
            starts = {}
            for run in column.runs:
                top, bottom = block.row + run.first, block.row + run.last
                if run.last > run.first and "!" in run.formula:
                    raise ValueError(f"Excel cannot share a formula that refers to another sheet: {run.formula[:80]}")
                number_ = next(shared) if run.last > run.first else -1
                starts[run.first] = (number_, f"{col}{top}:{col}{bottom}", xml_text(run.formula))
            ends = {run.last + 1 for run in column.runs}
            marked = partial(index, column.style, column.format, True)
            style = index(column.style, column.format, False)
            self.plans.append(_Plan(col, style, marked, column.values, starts, ends, column.style == "Input"))

    def row(self, i: int) -> str:
        """All cells of row i (0-based within the block)."""
        out = []
        r = self.block.row + i
        for plan in self.plans:
            if i in plan.ends:
                plan.fill = ""
            if i in plan.starts:
                si, ref, text = plan.starts[i]
                formula = f"<f>{text}</f>" if si < 0 else f'<f t="shared" ref="{ref}" si="{si}">{text}</f>'
                plan.fill = "" if si < 0 else f'<f t="shared" si="{si}"/>'
            else:
                formula = plan.fill
            kind, value = stored(plan.values[i], self.strings, of_formula=bool(formula), digits=self.block.digits)
            if value or formula or plan.framed:
                style = plan.style if formula or not literal(plan.values[i]) else plan.marked()
                out.append(f'<c r="{plan.col}{r}" s="{style}"{kind}>{formula}{value}</c>')
        return "".join(out)


def rows(sheet: Sheet, index: Index, strings: Strings) -> Iterator[str]:
    """The `row` elements of a sheet in order."""
    shared = iter(range(1_000_000_000))
    fillers = [_Filler(block, index, strings, shared) for block in sorted(sheet.blocks, key=lambda b: b.col)]
    shares = filled_down(sheet, shared)
    heights = sheet.heights
    last = max([*sheet.cells, *heights, *(b.row + b.height - 1 for b in sheet.blocks), 1])
    for r in range(1, last + 1):
        cells = sheet.cells.get(r, {})
        inside = [f for f in fillers if f.block.row <= r < f.block.row + f.block.height]
        if not cells and not inside and r not in heights:
            continue
        pieces = [
            (
                col,
                cell_xml(
                    f"{letters(col)}{r}",
                    cell,
                    index(cell.style, cell.format, not cell.formula and literal(cell.value)),
                    strings,
                    shares.get((r, col)),
                ),
            )
            for col, cell in cells.items()
        ]
        pieces += [(f.block.col, f.row(r - f.block.row)) for f in inside]
        pieces.sort(key=lambda piece: piece[0])
        height = f' ht="{heights[r]}" customHeight="1"' if r in heights else ""
        yield f'<row r="{r}"{height}>{"".join(text for _, text in pieces)}</row>'
