"""What formula cells must show: by the Python model, and by an engine that is given only formulas of the build.

A file from outside may hold formulas that take hours. The engine gets a copy in which every formula that is not the
build's own is replaced by its stored value, and own sheets hold values only.
"""

import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from xlmodel.book.contract import form
from xlmodel.book.order import describe
from xlmodel.book.refs import position
from xlmodel.book.spec import Book, formula_cells
from xlmodel.formulas.values import Value
from xlmodel.verify.engines import IronCalc
from xlmodel.verify.mailed.file import Mailed
from xlmodel.verify.mailed.inputs import Contents
from xlmodel.verify.parts import MAIN, parse

_NEEDED = ("[Content_Types]", "_rels/", "docProps/", "xl/workbook", "xl/_rels/", "xl/styles", "xl/sharedStrings", "xl/theme/",
           "xl/tables/", "xl/metadata")  # fmt: skip
Keep = Mapping[str, frozenset[str]]  # sheet of the file -> addresses whose formulas the engine may see


def modelled(contents: Contents, mailed: Mailed) -> Book | None:
    """The book as the Python model computes it from the inputs now; None when it would be laid out otherwise."""
    c = mailed.contract
    try:
        book = describe(contents.inputs, c.title, c.date, c.build_id, c.knot_rows, c.edition)
    except (ValueError, LookupError, ArithmeticError):
        return None
    return book if form(book) == c.form else None


def values_of(book: Book) -> dict[tuple[str, tuple[int, int]], Value]:
    """Value of every formula cell of a described book."""
    return {(sheet.name, (row, col)): value for sheet in book.sheets for row, col, value in formula_cells(sheet)}


def computed(mailed: Mailed, keep: Keep) -> dict[tuple[str, tuple[int, int]], Value]:
    """Formula cells of the generated sheets as the engine computes them, by the names of the build."""
    package = mailed.package
    with tempfile.TemporaryDirectory(prefix="xlmodel-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "book.xlsx"
        sheets = {part: name for name, part in package.sheets.items()}
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as archive:
            for part, data in package.data.items():
                if part in sheets:
                    archive.writestr(part, _bare(data, keep.get(sheets[part], frozenset())))
                elif part.startswith("xl/worksheets/_rels/"):
                    archive.writestr(part, _tables_only(data))
                elif part.startswith(_NEEDED):
                    archive.writestr(part, data)
        found = IronCalc().values(copy)
    back = {now: name for name, now in mailed.sheets.items()}
    return {(back[sheet], position(a1)): value for (sheet, a1), value in found.items() if sheet in back}


def _tables_only(data: bytes) -> bytes:
    """The relationships of a sheet to its tables: engines stumble over what they do not compute with."""
    root = parse(data, "relationships")
    for element in list(root):
        if not element.get("Type", "").endswith("/table"):
            root.remove(element)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _bare(data: bytes, keep: frozenset[str]) -> bytes:
    """A sheet whose other formulas are values; a cell without content loses the type that engines stumble over."""
    root = parse(data, "sheet")
    for cell in root.iter(MAIN + "c"):
        for formula in cell.findall(MAIN + "f"):
            if cell.get("r") not in keep:
                cell.remove(formula)
                cell.attrib.pop("cm", "")
        if not len(cell) or all(child.tag == MAIN + "v" and not child.text for child in cell):
            cell.attrib.pop("t", "")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
