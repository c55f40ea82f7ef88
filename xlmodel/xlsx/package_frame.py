"""All of a package but its cells and what is computed: sheets without rows, styles, charts, names and the rest.

It takes openpyxl most of its time, so one frame serves all books that differ in cells, title and name alone.
"""

import re
from dataclasses import dataclass, replace
from io import BytesIO
from zipfile import ZipFile

from lxml import etree

from xlmodel.book.alike import RENEWED, alike
from xlmodel.book.edition import XLWINGS
from xlmodel.book.spec import Book, Sheet
from xlmodel.xlsx import passes
from xlmodel.xlsx.block_columns import Look
from xlmodel.xlsx.brand import Brand
from xlmodel.xlsx.chart_caches import ChartCaches
from xlmodel.xlsx.contract_part import ITEM, NAMESPACE
from xlmodel.xlsx.conventions import drawing_prefixes, relative_targets
from xlmodel.xlsx.lite import add_code
from xlmodel.xlsx.relations import related, relations
from xlmodel.xlsx.shell import footer, shell
from xlmodel.xlsx.styles import Styles

_EMPTY = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_FOOTER = re.compile(rb"<headerFooter>.*?</headerFooter>", re.DOTALL)
_NAMED = ("sheets", "title", "build_id", "areas")  # of a book: what the frame does not hold


@dataclass
class Frame:
    """The parts of a package, and what goes between them.

    Attributes:
        parts: as they are in every book. styles: the cell formats.
        places: part of each sheet. heads, tails: its XML before and after the rows; the tail is cut where the footer stands.
        charts: what previews draw. contract: the part that waits for the contract, empty where there is none.
    """

    book: Book
    brand: Brand
    looks: list[Look]
    parts: passes.Parts
    styles: Styles
    places: dict[str, str]
    heads: dict[str, bytes]
    tails: dict[str, tuple[bytes, bytes]]
    charts: ChartCaches
    contract: str = ""

    def serves(self, book: Book, brand: Brand, looks: list[Look]) -> bool:
        """Whether another book has the same frame."""
        return (
            brand is self.brand and looks == self.looks and alike(book, self.book, _NAMED) and len(book.sheets) == len(self.book.sheets)
            and all(alike(a, b, RENEWED) for a, b in zip(book.sheets, self.book.sheets, strict=True))
        )  # fmt: skip

    def tail(self, sheet: str, foot: bytes) -> bytes:
        """The XML of a sheet after its rows."""
        before, after = self.tails[sheet]
        return before + foot + after


def framed(book: Book, brand: Brand, looks: list[Look]) -> Frame:
    """The frame of a book whose cells have these looks, each once, in the order in which they come."""
    workbook, styles = shell(book, brand)
    for look in looks:
        styles.index(*look)
    saved = BytesIO()
    workbook.save(saved)
    with ZipFile(saved) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    places, drawings = _sheet_parts(parts)
    heads, tails = {}, {}
    for sheet in book.sheets:
        heads[sheet.name], tails[sheet.name] = _split(parts.pop(places[sheet.name]), sheet, footer(sheet, book, brand))
    passes.fonts_in_order(parts)
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
    # a report is no model: nothing in it comes back
    contract = passes.custom_xml(parts, b"", NAMESPACE, ITEM) if book.models else ""
    drawing_prefixes(parts)
    relative_targets(parts)
    parts.pop("xl/sharedStrings.xml", None)
    charts = ChartCaches(parts)
    held = replace(book, sheets=tuple(sheet.copy() for sheet in book.sheets))
    return Frame(held, brand, looks, parts, styles, places, heads, tails, charts, contract)


def _split(part: bytes, sheet: Sheet, foot: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """The sheet's XML before and after its rows, without the dimension of its cells; the latter around its footer."""
    rows = _EMPTY.search(part)
    if not rows:
        raise ValueError(f"sheet {sheet.name} has no sheetData")
    head = re.sub(rb"<dimension[^>]*/>", b"", part[: rows.start()])
    tail = b"</sheetData>" + part[rows.end() :]
    at = _FOOTER.search(tail)
    if not at or at[0] != foot:
        raise ValueError(f"sheet {sheet.name} has another footer than {foot.decode()}")
    return head + b"<sheetData>", (tail[: at.start()], tail[at.end() :])


def _sheet_parts(parts: passes.Parts) -> tuple[dict[str, str], dict[str, str]]:
    """Sheet name -> its part, and sheet name -> its drawing part."""
    links = {link.id: link.target for link in relations(parts, "xl/workbook.xml")}
    listed = etree.fromstring(parts["xl/workbook.xml"]).iter(f"{{{passes.MAIN}}}sheet")
    sheets = {str(sheet.get("name")): links[str(sheet.get(f"{{{passes.OFFICE}}}id"))] for sheet in listed}
    drawings = {name: part for name, sheet in sheets.items() for part in related(parts, sheet, "drawing")}
    return sheets, drawings
