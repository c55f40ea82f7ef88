"""A described book -> the bytes of an .xlsx package."""

from collections.abc import Iterable
from itertools import chain
from typing import IO

from xlmodel.book.contract import Contract
from xlmodel.book.contract_facts import ContractFacts, contract_of
from xlmodel.book.spec import Book, Sheet
from xlmodel.calc.values import Value
from xlmodel.xlsx import passes, zipped
from xlmodel.xlsx.brand import Brand
from xlmodel.xlsx.contract_part import to_xml
from xlmodel.xlsx.package_frame import Frame, framed
from xlmodel.xlsx.sheet_rows import SheetRows
from xlmodel.xlsx.sheetdata import Strings
from xlmodel.xlsx.shell import footer

PLAIN = Brand()
STRINGS = "xl/sharedStrings.xml"


class Printed:
    """What the last package leaves for the next; give it to `write` for one book after another."""

    def __init__(self, *, kept: bool = True) -> None:
        self.kept = kept
        self._frame: Frame | None = None
        self._strings = Strings(())
        self._rows: dict[str, SheetRows] = {}
        self.packed: zipped.Kept = {}
        self.said = ContractFacts()

    def rows(self, sheets: Iterable[Sheet]) -> dict[str, SheetRows]:
        """The rows of all sheets, looked at."""
        for sheet in sheets:
            self._rows.setdefault(sheet.name, SheetRows(kept=self.kept)).read(sheet)
        return {sheet.name: self._rows[sheet.name] for sheet in sheets}

    def frame(self, book: Book, brand: Brand, rows: Iterable[SheetRows]) -> Frame:
        """The frame of a book; of another one than the last book's all rows are printed anew, as styles have other numbers."""
        looks = list(dict.fromkeys(chain.from_iterable(row.looks for row in rows)))
        if self._frame is None or not self._frame.serves(book, brand, looks):
            self._frame = framed(book, brand, looks)
            for row in self._rows.values():
                row.forget()
        return self._frame

    def strings(self, rows: Iterable[SheetRows]) -> Strings:
        """The string table: what readers type comes last, so that another choice moves no other text."""
        listed = list(rows)
        found = Strings(chain(*(row.texts for row in listed), *(row.typed for row in listed)))
        moved = {text for text, i in self._strings.index.items() if found.index.get(text, i) != i}
        if moved:
            for row in listed:
                row.forget(moved)
        self._strings = found
        return found


def write(
    book: Book, target: IO[bytes], brand: Brand | None = None, version: str = "", printed: Printed | None = None
) -> None:
    """Write the package of a book to a binary file.

    Sheets are streamed, so memory stays flat however many points the book holds. The same book and
    brand give the same bytes, whatever was `printed` before.
    """
    zipped.write(target, streams(book, brand, version, printed), kept=printed.packed if printed else None)


def streams(
    book: Book,
    brand: Brand | None = None,
    version: str = "",
    printed: Printed | None = None,
    contract: Contract | None = None,
) -> dict[str, Iterable[bytes]]:
    """The parts of a book's package, each in chunks."""
    printed = printed or Printed(kept=False)
    rows = printed.rows(book.sheets)
    frame = printed.frame(book, brand or PLAIN, rows.values())
    strings = printed.strings(rows.values())
    parts = {**frame.parts, **frame.charts.filled(values_of(book)), STRINGS: strings.part()}
    passes.properties(parts, book, version)
    if frame.contract:
        parts[frame.contract] = to_xml(contract or contract_of(book, version, said=printed.said))
    found: dict[str, Iterable[bytes]] = {name: (data,) for name, data in parts.items()}
    for sheet in book.sheets:
        lines = rows[sheet.name].printed(sheet, frame.styles.index, strings)
        head, tail = frame.heads[sheet.name], frame.tail(sheet.name, footer(sheet, book, brand or PLAIN))
        found[frame.places[sheet.name]] = chain((head,), lines, (tail,))
    return found


def values_of(book: Book) -> passes.ValueAt:
    """Look up the value of any described cell."""
    sheets = {sheet.name: sheet for sheet in book.sheets}

    def value_at(name: str, row: int, col: int) -> Value:
        sheet = sheets[name]
        cell = sheet.cells.get(row, {}).get(col)
        if cell:
            return cell.value
        for block in sheet.blocks:
            if block.row <= row < block.row + block.height and block.col <= col < block.col + len(block.columns):
                return block.columns[col - block.col].values[row - block.row]
        return None

    return value_at
