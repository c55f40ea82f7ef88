"""What of a sheet is free for a reader to fill, and checksums over all the rest."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlmodel.book.spec import Book, Column, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value

if TYPE_CHECKING:
    from xlmodel.book.contract import Contract


@dataclass(frozen=True, slots=True)
class Free:
    """The places of one sheet that a reader, or a result that spills, fills: inputs, tables with spare rows, outputs."""

    cells: frozenset[tuple[int, int]]
    areas: tuple[tuple[int, int, int, int], ...]

    @classmethod
    def of(cls, sheet: Sheet) -> "Free":
        """The free places of a described sheet."""
        tables = [(table.area, table.spare) for table in sheet.tables if table.kept]
        return cls._made(sheet.inputs.values(), tables, sheet.outputs.values())

    @classmethod
    def agreed(cls, contract: "Contract", sheet: str) -> "Free":
        """The free places of a sheet by its contract."""
        tables = [(table.area, table.spare) for table in contract.tables.values() if table.area.sheet == sheet]
        inputs = [ref for ref in contract.inputs.values() if ref.sheet == sheet]
        return cls._made(inputs, tables, [place for place in contract.outputs.values() if place.sheet == sheet])

    @classmethod
    def _made(cls, inputs: Iterable[Ref], tables: Iterable[tuple[Area, int]], outputs: Iterable[Ref | Area]) -> "Free":
        areas = [(a.row + 1, a.col, a.last_row + spare, a.last_col) for a, spare in tables]
        areas += [(p.row, p.col, p.last_row, p.last_col) for p in outputs if isinstance(p, Area)]
        return cls(frozenset((ref.row, ref.col) for ref in inputs), tuple(areas))

    def covers(self, first: int, last: int, col: int) -> bool:
        """Whether a stretch of a column is free as a whole."""
        return any(top <= first and last <= bottom and left <= col <= right for top, left, bottom, right in self.areas)

    def holds(self, row: int, col: int) -> bool:
        """Whether a cell is free."""
        if (row, col) in self.cells:
            return True
        # asked for every cell of a book: a generator would take twice the time
        for top, left, bottom, right in self.areas:  # noqa: SIM110
            if top <= row <= bottom and left <= col <= right:
                return True
        return False


def constant_cells(sheet: Sheet) -> Iterator[tuple[int, int, Value]]:
    """Row, column and value of every constant outside the free places."""
    free = Free.of(sheet)
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            if not cell.formula and cell.value is not None and cell.value != "" and not free.holds(row, col):
                yield row, col, cell.value
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            col, last = block.col + offset, block.row + block.height - 1
            if free.covers(block.row, last, col):
                continue
            for i, value in constants_of(column):
                if value is not None and value != "" and not free.holds(block.row + i, col):
                    yield block.row + i, col, value


def constants_of(column: Column) -> Iterator[tuple[int, Value]]:
    """The values of a column that no formula computes, with their places in it."""
    at = 0
    for run in column.runs:
        yield from enumerate(column.values[at : run.first], at)
        at = run.last + 1
    yield from enumerate(column.values[at:], at)


def formulas(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every formula; one that is filled down is said once with its last row."""
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            if cell.formula:
                yield row, col, cell.formula
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            for run in column.runs:
                yield block.row + run.first, block.col + offset, f"{run.last}:{run.formula}"


def form(book: Book) -> str:
    """Eight characters that are equal for books with the same formulas and constants in the same places."""
    return form_of({sheet.name: form_lines(sheet) for sheet in book.sheets})


def form_of(sheets: Mapping[str, Sequence[str]]) -> str:
    """The same from the `form_lines` of each sheet."""
    crc = 0
    for name, lines in sheets.items():
        crc = zlib.crc32("\n".join((name, *lines)).encode(), crc)
    return f"{crc:08x}"


def form_lines(sheet: Sheet, constants: Iterable[str] | None = None) -> list[str]:
    """The formulas and constants of a sheet outside its free places, a line each, sorted: rows that are typed are put first.

    `constants` are the lines of its constants, if they are known.
    """
    free = Free.of(sheet)
    lines = [f"{row},{col},{text}" for row, col, text in formulas(sheet) if not free.holds(row, col)]
    return sorted([*lines, *(constants or (line(*cell) for cell in constant_cells(sheet)))])


def line(row: int, col: int, value: Value) -> str:
    """A constant and its place."""
    return f"{row},{col},{plain(value)}"


def seal(cells: Iterable[tuple[int, int, Value]]) -> str:
    """Checksum of the constants of a sheet, given as row, column and value in any order."""
    return checksum("\n".join(line(*cell) for cell in sorted(cells, key=lambda c: c[:2])))


def plain(value: Value) -> str:
    """A value in the 15 digits that a workbook keeps."""
    if value is None:
        return ""
    if is_number(value):
        return f"{value:.15g}"
    return str(value)


def checksum(text: str) -> str:
    """Four characters for a text."""
    return f"{zlib.crc32(text.encode()) & 0xFFFF:04x}"
