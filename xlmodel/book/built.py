"""What a build put where, without its values: what a returned workbook is held against.

It is made from a described book, or read from the contract in the file (`xlmodel.book.built_text`), so that a
book can be judged by a version that lays it out in another way.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from xlmodel.book.chart import Chart
from xlmodel.book.free import constant_cells
from xlmodel.book.refs import moved
from xlmodel.book.spec import Book, Condition, Link, Sheet, Validation
from xlmodel.book.theme import LOOKS, ROLES
from xlmodel.calc.address import letters
from xlmodel.calc.excel import file_form
from xlmodel.calc.values import Value, same

_SPELLING = re.compile(r"_xl(?:fn|ws|pm|op|udf)\.|[\s']", re.IGNORECASE)
_FRACTION = re.compile(r"(?<![\w.$])\d+(?:\.\d+(?:E-\d{1,3})?|E-\d{1,3})")
LONG = 24  # characters of a label that the contract keeps whole; of a longer one it keeps a mark


@dataclass(frozen=True, slots=True)
class Mark:
    """Three characters for a long text that is not kept itself."""

    code: str

    def __str__(self) -> str:
        return "the text of the build"


class Fill(NamedTuple):
    """One formula filled down rows row..last of a column, as text of its first cell and as the file spells it."""

    row: int
    col: int
    last: int
    formula: str


class Dress(NamedTuple):
    """The cell style and number format of a rectangle; an empty format is that of the style."""

    row: int
    col: int
    last_row: int
    last_col: int
    style: str
    format: str


class Wear(NamedTuple):
    """What a cell style brings: its number format, whether its cells are locked, font size."""

    format: str
    locked: bool
    size: float


@dataclass(frozen=True, slots=True)
class BuiltSheet:
    """One sheet as it was built.

    Attributes:
        fills: its formulas.
        labels: constants outside inputs, tables and results that spill; a long text as `Mark`.
        spills: ranges that the formula in their first cell fills, often this cell alone.
        dresses: cell styles.
        widths: width of each column that has one.
    """

    name: str
    kind: str
    fills: tuple[Fill, ...] = ()
    labels: Mapping[tuple[int, int], Value | Mark] = field(default_factory=dict)
    spills: tuple[str, ...] = ()
    dresses: tuple[Dress, ...] = ()
    widths: Mapping[int, float] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    validations: tuple[Validation, ...] = ()
    charts: tuple[Chart, ...] = ()
    links: tuple[Link, ...] = ()
    merges: tuple[str, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    freeze: str = ""
    print_area: str = ""
    repeat_rows: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """All sheets as they were built, by name, with what they share.

    Attributes:
        names: defined names and what they refer to.
        functions: mark of the text of each function.
        styles: what each cell style brings.
        looks: font and fill colour that each look of a condition switches on.
    """

    sheets: Mapping[str, BuiltSheet]
    names: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[str, Wear] = field(default_factory=dict)
    looks: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def built_of(book: Book, known: Mapping[int, BuiltSheet] = {}) -> Built:
    """A described book as it will be built; `known` are sheets by their identity that need not be looked at again."""
    sheets = {sheet.name: known.get(id(sheet)) or built_sheet(sheet) for sheet in book.sheets}
    return replace(built_shared(book), sheets=sheets)


def built_shared(book: Book) -> Built:
    """What the sheets of a book share, without these."""
    return Built(
        {},
        {name: ref.on("") for name, ref in book.names.items()},
        {function.name: mark_of(spelt(file_form(function.text))) for function in book.functions},
        {name: Wear(role.format, role.locked, role.size) for name, role in ROLES.items()},
        dict(LOOKS),
    )


def mark_of(text: str) -> str:
    """Three printable characters for a text.

    >>> mark_of("USD per million output tokens")
    'D9,'
    """
    crc = zlib.crc32(text.encode())
    return "".join(chr(0x28 + (crc // 84**i) % 84) for i in range(3)).replace("<", "~").replace(">", "}")


def spelt(formula: str) -> str:
    """A long formula without what programs spell differently: blanks, case, prefixes, quotes around sheets, digits.

    Excel stores seventeen digits of a number, and small ones with an exponent.

    >>> spelt("1.0000000000000001E-9 * 'Prices'!A1"), spelt("0.4+2")
    ('0.000000001*PRICES!A1', '0.4+2')
    """
    plain = _SPELLING.sub("", formula).upper()
    return _FRACTION.sub(lambda m: format(Decimal(f"{float(m[0]):.15g}"), "f"), plain)


def agrees(value: Value, label: Value | Mark) -> bool:
    """Whether a cell still holds a label of the build."""
    if isinstance(label, Mark):
        return isinstance(value, str) and mark_of(value) == label.code
    return same(value, label)


def short(label: Value) -> Value | Mark:
    """A label as the contract keeps it."""
    return Mark(mark_of(label)) if isinstance(label, str) and len(label) > LONG else label


def built_sheet(sheet: Sheet) -> BuiltSheet:
    """A described sheet as it will be built."""
    cells = [cell for row in sheet.cells.values() for cell in row.values() if cell.spill]
    return BuiltSheet(
        sheet.name, sheet.kind, tuple(_fills(sheet)), {(row, col): value for row, col, value in constant_cells(sheet)},
        tuple(cell.spill for cell in cells), tuple(_dresses(sheet)), {col: float(width) for col, width in sheet.widths.items()}, tuple(sheet.conditions),
        tuple(sheet.validations), tuple(sheet.charts), tuple(sheet.links), tuple(sheet.merges),
        {table.name: table.area.a1 for table in sheet.tables}, sheet.freeze, sheet.print_area, sheet.repeat_rows,
    )  # fmt: skip


def _fills(sheet: Sheet) -> Iterator[Fill]:
    """The formulas, column by column; equal ones below each other are one, as the file stores them."""
    found: list[Fill] = []
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            if cell.formula:
                text = file_form(cell.formula) if cell.spill and not cell.python else cell.formula
                found.append(Fill(row, col, row, text))
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            found += (
                Fill(block.row + run.first, block.col + offset, block.row + run.last, run.formula)
                for run in column.runs
            )
    found.sort(key=lambda fill: (fill.col, fill.row))
    held: Fill | None = None
    for fill in found:
        if held and _follows(held, fill):
            held = held._replace(last=fill.last)
            continue
        if held:
            yield held
        held = fill
    if held:
        yield held


def _follows(above: Fill, fill: Fill) -> bool:
    if fill.col != above.col or fill.row != above.last + 1 or "!" in fill.formula:
        return False
    column = letters(fill.col)
    return moved(above.formula, f"{column}{above.row}", f"{column}{fill.row}") == fill.formula


def _dresses(sheet: Sheet) -> Iterator[Dress]:
    """Rectangles of one style: stretches of a column, joined with the same stretch of the column before.

    Rows that a reader typed below a table are no part of what was built.
    """
    typed = [(t.area.last_row, t.area.last_row + t.spare, t.area.col, t.area.last_col) for t in sheet.tables if t.kept]
    columns: dict[int, list[tuple[int, int, str, str]]] = {}
    for row in sorted(sheet.cells):
        for col, cell in sheet.cells[row].items():
            if any(above < row <= last and left <= col <= right for above, last, left, right in typed):
                continue
            columns.setdefault(col, []).append((row, row, cell.style, cell.format))
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            stretch = (block.row, block.row + block.height - 1, column.style, column.format)
            columns.setdefault(block.col + offset, []).append(stretch)
    open_: dict[tuple[int, int, str, str], int] = {}
    for col in sorted(columns):
        now = dict.fromkeys(_joined(sorted(columns[col])))
        for key in [key for key in open_ if key not in now or col - 1 not in columns]:
            yield Dress(key[0], open_.pop(key), key[1], col - 1, *key[2:])
        for key in now:
            open_.setdefault(key, col)
    last = max(columns, default=0)
    for key, first in open_.items():
        yield Dress(key[0], first, key[1], last, *key[2:])


def _joined(stretches: list[tuple[int, int, str, str]]) -> Iterator[tuple[int, int, str, str]]:
    held: tuple[int, int, str, str] | None = None
    for stretch in stretches:
        if held and stretch[0] == held[1] + 1 and stretch[2:] == held[2:]:
            held = (held[0], stretch[1], *held[2:])
            continue
        if held:
            yield held
        held = stretch
    if held:
        yield held
