"""A described book -> the bytes of an .xlsx package."""

import posixpath
import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import IO
from zipfile import ZipFile

from lxml import etree

from xlmodel.book.contract import Contract, contract_of
from xlmodel.book.edition import XLWINGS
from xlmodel.book.spec import Book, Sheet
from xlmodel.calc.values import Value
from xlmodel.xlsx import passes, zipped
from xlmodel.xlsx.brand import Brand
from xlmodel.xlsx.contract_part import add_contract
from xlmodel.xlsx.conventions import drawing_prefixes, relative_targets
from xlmodel.xlsx.lite import add_code
from xlmodel.xlsx.sheetdata import Strings, literal, rows
from xlmodel.xlsx.shell import shell
from xlmodel.xlsx.styles import Styles

_EMPTY = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write(book: Book, target: IO[bytes], brand: Brand | None = None, version: str = "") -> None:
    """Write the package of a book to a binary file.

    Sheets are streamed, so memory stays flat however many points the book holds. The same book and
    brand give the same bytes.
    """
    zipped.write(target, streams(book, brand, version))


def streams(
    book: Book, brand: Brand | None = None, version: str = "", contract: Contract | None = None
) -> dict[str, Iterable[bytes]]:
    """The parts of a book's package, each in chunks; the string table is whole once all sheets are read."""
    workbook, styles = shell(book, brand or Brand())
    _register(book, styles)
    saved = BytesIO()
    workbook.save(saved)
    with ZipFile(saved) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    places, drawings = _sheet_parts(parts)
    strings = Strings()
    texts = {places[sheet.name]: _split(parts.pop(places[sheet.name]), sheet) for sheet in book.sheets}
    passes.fonts_in_order(parts)
    passes.properties(parts, book, version)
    passes.chart_caches(parts, values_of(book))
    passes.alt_text(parts, book.sheets, drawings)
    passes.picture_text(parts, "Logo")
    passes.recalculate_on_load(parts)
    passes.string_table(parts)
    calls = [cell for sheet in book.sheets for row in sheet.cells.values() for cell in row.values() if cell.spill]
    if any(cell.python != XLWINGS for cell in calls):
        passes.dynamic_arrays(parts)
    if book.code:
        add_code(parts, book.code)
    described = [function for function in book.functions if function.arguments]
    if described:
        passes.function_help(parts, described)
    if book.models:  # a report is no model: nothing in it comes back
        add_contract(parts, contract or contract_of(book, version))
    drawing_prefixes(parts)
    relative_targets(parts)
    parts.pop("xl/sharedStrings.xml", None)
    for sheet in book.sheets:  # the string table comes before the sheets, so their texts are collected first
        collect(sheet, strings)
    found: dict[str, Iterable[bytes]] = {name: (data,) for name, data in parts.items()}
    for sheet in book.sheets:
        head, tail = texts[places[sheet.name]]
        found[places[sheet.name]] = _chunks(head, tail, rows(sheet, styles.index, strings))
    found["xl/sharedStrings.xml"] = (part for part in (strings.part(),))
    return found


def _chunks(head: bytes, tail: bytes, lines: Iterator[str]) -> Iterator[bytes]:
    yield head
    while batch := list(islice(lines, 500)):
        yield "".join(batch).encode()
    yield tail


def collect(sheet: Sheet, strings: Strings) -> None:
    """Put every text constant of a sheet into the string table, in the order of the sheet."""
    for row in sheet.cells.values():
        for cell in row.values():
            if isinstance(cell.value, str) and not cell.formula:
                strings(cell.value)
    for block in sheet.blocks:
        for column in block.columns:
            if not column.runs:
                for value in column.values:
                    if isinstance(value, str):
                        strings(value)


def _register(book: Book, styles: Styles) -> None:
    """Register every format before the styles part is saved."""
    for sheet in book.sheets:
        for row in sheet.cells.values():
            for cell in row.values():
                styles.index(cell.style, cell.format, not cell.formula and literal(cell.value))
        for block in sheet.blocks:
            for column in block.columns:
                styles.index(column.style, column.format)
                if not column.runs and any(map(literal, column.values)):
                    styles.index(column.style, column.format, literal=True)


def _split(part: bytes, sheet: Sheet) -> tuple[bytes, bytes]:
    """The sheet's XML before and after its rows, with the dimension of its real cells."""
    match = _EMPTY.search(part)
    if not match:
        raise ValueError(f"sheet {sheet.name} has no sheetData")
    head = re.sub(rb"<dimension[^>]*/>", b"", part[: match.start()])
    return head + b"<sheetData>", b"</sheetData>" + part[match.end() :]


def _sheet_parts(parts: passes.Parts) -> tuple[dict[str, str], dict[str, str]]:
    """Sheet name -> its part, and sheet name -> its drawing part."""
    relations = {r.get("Id"): r.get("Target") for r in etree.fromstring(parts["xl/_rels/workbook.xml.rels"])}
    sheets, drawings = {}, {}
    for element in etree.fromstring(parts["xl/workbook.xml"]).iter(f"{{{passes.MAIN}}}sheet"):
        target = relations[element.get(f"{{{_RELATION}}}id")]
        name = posixpath.normpath(posixpath.join("xl", str(target))).lstrip("/")
        name = str(target).lstrip("/") if str(target).startswith("/") else name
        sheets[str(element.get("name"))] = name
        rels = posixpath.join(posixpath.dirname(name), "_rels", posixpath.basename(name) + ".rels")
        for relation in etree.fromstring(parts[rels]) if rels in parts else ():
            if str(relation.get("Type")).endswith("/drawing"):
                drawings[str(element.get("name"))] = str(relation.get("Target")).lstrip("/")
    return sheets, drawings


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
