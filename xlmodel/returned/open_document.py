"""A workbook saved as OpenDocument (.ods): LibreOffice turns it into the .xlsx that is read from there on."""

import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from xlmodel.calc.address import letters
from xlmodel.engines.programs import LibreOffice
from xlmodel.errors import EngineMissing, Problem, WorkbookRefused
from xlmodel.readers.safe_package import check_package, is_open_document
from xlmodel.xlsx.parts import MAIN, Package, parse
from xlmodel.xlsx.passes import serialized
from xlmodel.xlsx.rules.cell_order import ERRORS

__all__ = ["converted", "is_open_document"]

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"


def converted(path: Path) -> Package:
    """The workbook as a package of the other kind, under its own name.

    Raises:
        WorkbookRefused: LibreOffice is not installed, or it is protected by a password.
        CheckFailed: LibreOffice cannot read it.
    """
    with zipfile.ZipFile(path) as archive:
        if b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _refused(path, "an .ods workbook with a password", "one without", "save it without a password")
    try:
        program = LibreOffice()
    except EngineMissing as missing:
        raise _refused(path, "an .ods workbook, and no LibreOffice here to read it", "an .xlsx workbook",
                       "save it as Excel 2007-365 (.xlsx) in the program that holds it") from missing  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="xlmodel-", ignore_cleanup_errors=True) as folder:
        (made,) = program.save([path.absolute()], Path(folder), path.name)
        check_package(made)
        package = Package(made)
    with zipfile.ZipFile(path) as archive:
        _restore_results(package, archive.read("content.xml"))
    package.path = path
    return package


def _restore_results(package: Package, content: bytes) -> None:
    """Results that LibreOffice reads as 0: empty texts, for which .ods stores no value, and some of the errors."""
    for sheet, results in _results(content):
        part = package.sheets.get(sheet)
        if part and results:
            root = parse(package.data[part], part)
            for cell in root.iter(MAIN + "c"):
                stored, result = cell.find(MAIN + "v"), results.get(cell.get("r", ""))
                if result is not None and stored is not None and stored.text == "0":
                    cell.set("t", "e" if result else "str")
                    stored.text = result
            package.data[part] = serialized(root)
    package.forget()


def _results(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Sheet, and its formulas that show nothing or an error, with what they show."""
    for table in parse(content, "content.xml").iter(_TABLE + "table"):
        found: dict[str, str] = {}
        row = 1
        for line in table.iter(_TABLE + "table-row"):
            col = 1
            for cell in line:
                if cell.get(_TABLE + "formula"):
                    shown = cell.findtext(_TEXT + "p")
                    if not cell.get(_OFFICE + "value-type"):
                        found[f"{letters(col)}{row}"] = ""
                    elif cell.get(_KIND) == "error" and shown in ERRORS:
                        found[f"{letters(col)}{row}"] = shown
                col += _repeats(cell, "number-columns-repeated")
            row += _repeats(line, "number-rows-repeated")
        yield table.get(_TABLE + "name", ""), found


def _repeats(element: etree._Element, name: str) -> int:
    said = element.get(_TABLE + name, "1")
    return int(said) if said.isdecimal() and len(said) < 8 else 1


def _refused(path: Path, found: str, expected: str, fix: str) -> WorkbookRefused:
    return WorkbookRefused([Problem(str(path), found, expected, fix)])
