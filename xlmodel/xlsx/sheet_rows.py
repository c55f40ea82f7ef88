"""The rows of a sheet as XML, of one book after another: cells that stay are not printed again.

A book keeps the rows that did not change as the same objects (`Sheet.change`), and columns of blocks too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat, zip_longest
from typing import NamedTuple

from xlmodel.book.alike import same_formulas
from xlmodel.book.spec import Block, PlainCell, Sheet
from xlmodel.calc.address import letters
from xlmodel.xlsx.block_columns import ColumnFacts, ColumnPrinter, Look
from xlmodel.xlsx.sharing import Share, filled_down
from xlmodel.xlsx.sheetdata import Index, Strings, cell_xml, literal

Cells = Mapping[int, PlainCell]
SLICE = 500  # rows of blocks that are printed at a time


class RowFacts(NamedTuple):
    """What is known of the cells of a row before it is printed: its texts, those typed by readers, and its looks."""

    cells: Cells
    texts: list[str]
    typed: list[str]
    looks: list[Look]


class SheetRows:
    """The rows of a sheet; `kept` remembers them for the next book, without it memory stays flat however long the blocks are."""

    def __init__(self, *, kept: bool) -> None:
        self.kept = kept
        self._rows: dict[int, RowFacts] = {}
        self._pieces: dict[int, list[tuple[int, str]]] = {}
        self._blocks: Sequence[Block] = ()
        self._columns: list[ColumnFacts] = []
        self._printers: list[list[ColumnPrinter]] = []
        self._shares: dict[tuple[int, int], Share] = {}
        self._heights: dict[int, float] = {}
        self._elements: dict[int, str] = {}
        self._listed: list[str] = []
        self._data = b""

    def read(self, sheet: Sheet) -> None:
        """Look at the rows that changed."""
        typed = {(ref.row, ref.col) for ref in sheet.inputs.values()}
        before, self._rows = self._rows, {}
        alike = len(before) == len(sheet.cells) and same_formulas(self._blocks, sheet.blocks)
        for number, cells in sheet.cells.items():
            row = before.get(number)
            if row is None or row.cells is not cells:
                alike = alike and row is not None and _says_the_same(row.cells, cells)
                self._keep(number, row.cells if row else {}, cells)
                self._elements.pop(number, None)
                row = _row(number, cells, typed)
            self._rows[number] = row
        self._drop(sheet)
        if not alike:
            self._pieces, self._elements = {}, {}
            shared = iter(range(1_000_000_000))
            order = _in_order(sheet.blocks)
            self._printers = [[ColumnPrinter(block, i, shared) for i in range(len(block.columns))] for block in order]
            self._shares = filled_down(sheet, shared)
        columns = [column for block in sheet.blocks for column in block.columns]
        held = chain(self._columns, repeat(None))
        self._columns = [
            old if old and old.column is c else ColumnFacts.of(c) for c, old in zip(columns, held, strict=False)
        ]
        self._blocks = list(sheet.blocks)

    def _drop(self, sheet: Sheet) -> None:
        """Drop the elements of rows whose height or blocks are others now."""
        heights = self._heights.items() ^ sheet.heights.items()
        changed = [block for block, old in zip_longest(sheet.blocks, self._blocks) if block is not old]
        for number in (*(row for row, _ in heights), *(r for block in changed if block for r in _span(block))):
            self._elements.pop(number, None)
        self._heights = dict(sheet.heights)

    def _keep(self, number: int, before: Cells, now: Cells) -> None:
        """Of a row that changed, keep the pieces of the cells that stay."""
        if number in self._pieces:
            self._pieces[number] = [
                piece for piece in self._pieces[number] if now.get(piece[0]) is before.get(piece[0])
            ]

    @property
    def texts(self) -> Iterator[str]:
        """The constant texts of the sheet but for those that readers type."""
        yield from chain.from_iterable(row.texts for row in self._rows.values())
        yield from chain.from_iterable(column.texts for column in self._columns)

    @property
    def typed(self) -> Iterator[str]:
        """The texts that readers type."""
        return chain.from_iterable(row.typed for row in self._rows.values())

    @property
    def looks(self) -> Iterator[Look]:
        """The looks of the cells, in order."""
        yield from chain.from_iterable(row.looks for row in self._rows.values())
        yield from chain.from_iterable(column.looks for column in self._columns)

    def forget(self, moved: set[str] | None = None) -> None:
        """Print anew what holds texts that have other numbers now; everything without such texts."""
        for number, row in self._rows.items():
            if moved is None or not (moved.isdisjoint(row.texts) and moved.isdisjoint(row.typed)):
                self._pieces.pop(number, None)
                self._elements.pop(number, None)
        for block, printers in zip(_in_order(self._blocks), self._printers, strict=True):
            for printer in printers:
                if moved is None or not moved.isdisjoint(ColumnFacts.of(printer.column).texts):
                    printer.forget()
                    for number in _span(block):
                        self._elements.pop(number, None)

    def printed(self, sheet: Sheet, index: Index, strings: Strings) -> Iterable[bytes]:
        """The `row` elements in order, in chunks; one chunk where they are kept, the same object while nothing changed."""
        rows = self._printed(sheet, index, strings)
        if not self.kept:
            return (chunk.encode() for chunk in iter(lambda: "".join(islice(rows, SLICE)), ""))
        listed = list(rows)
        if listed != self._listed:
            self._listed, self._data = listed, "".join(listed).encode()
        return (self._data,)

    def _printed(self, sheet: Sheet, index: Index, strings: Strings) -> Iterator[str]:
        heights = sheet.heights
        last = max([*sheet.cells, *heights, *(b.row + b.height - 1 for b in sheet.blocks), 1])
        blocks = [
            (_span(block), block.col, _lines(block, printers, index, strings, kept=self.kept))
            for block, printers in zip(_in_order(sheet.blocks), self._printers, strict=True)
        ]
        for r in range(1, last + 1):
            if held := self._elements.get(r):
                yield held
                continue
            row = self._rows.get(r)
            long = [(col, line(r - span.start)) for span, col, line in blocks if r in span]
            if row is None and not long and r not in heights:
                continue
            pieces = self._cells(r, row.cells, index, strings) if row else []
            if long:
                pieces = sorted([*pieces, *long], key=_first)
            height = f' ht="{heights[r]}" customHeight="1"' if r in heights else ""
            made = f'<row r="{r}"{height}>{"".join([text for _, text in pieces])}</row>'
            if self.kept:
                self._elements[r] = made
            yield made

    def _cells(self, r: int, cells: Cells, index: Index, strings: Strings) -> list[tuple[int, str]]:
        held = self._pieces.get(r, [])
        if len(held) == len(cells):
            return held
        known = dict(held)
        found = [(c, known[c] if c in known else self._cell(r, c, cell, index, strings)) for c, cell in cells.items()]
        found.sort(key=_first)
        if self.kept:
            self._pieces[r] = found
        return found

    def _cell(self, r: int, c: int, cell: PlainCell, index: Index, strings: Strings) -> str:
        style = index(cell.style, cell.format, not cell.formula and literal(cell.value))
        return cell_xml(f"{letters(c)}{r}", cell, style, strings, self._shares.get((r, c)))


def _first(piece: tuple[int, str]) -> int:
    return piece[0]


def _row(number: int, cells: Cells, typed: set[tuple[int, int]]) -> RowFacts:
    texts: list[str] = []
    more: list[str] = []
    looks: list[Look] = []
    for col, cell in cells.items():
        constant = not cell.formula and isinstance(cell.value, str)
        looks.append((cell.style, cell.format, constant and literal(cell.value)))
        if constant:
            (more if (number, col) in typed else texts).append(str(cell.value))
    return RowFacts(cells, texts, more, looks)


def _says_the_same(before: Cells, now: Cells) -> bool:
    """Whether cells hold the same formulas, whatever their values."""
    return before.keys() == now.keys() and all(
        cell is now[col] or cell[3:] == now[col][3:] for col, cell in before.items()
    )


def _in_order(blocks: Iterable[Block]) -> list[Block]:
    return sorted(blocks, key=lambda block: block.col)


def _span(block: Block) -> range:
    """The rows of a block."""
    return range(block.row, block.row + block.height)


def _lines(
    block: Block, printers: Sequence[ColumnPrinter], index: Index, strings: Strings, *, kept: bool
) -> Callable[[int], str]:
    """The cells of each row of a block, asked for from the first on; all columns at once where they are kept."""
    step = block.height if kept else SLICE
    first = -step
    cells: list[list[str]] = []

    def line(i: int) -> str:
        nonlocal first
        while i >= first + step:
            first += step
            columns = zip(printers, block.columns, strict=True)
            end = min(first + step, block.height)
            cells[:] = [printer.cells(column, first, end, index, strings, kept=kept) for printer, column in columns]
        return "".join([column[i - first] for column in cells])

    return line
