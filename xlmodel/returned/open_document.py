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

__all__ = ["converted", "is_open_document"]

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


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
        _restore_empty_texts(package, archive.read("content.xml"))
    package.path = path
    return package


def _restore_empty_texts(package: Package, content: bytes) -> None:
    """Formulas whose result is an empty text: .ods stores no value for them, and LibreOffice then says 0."""
    for sheet, cells in _without_value(content):
        part = package.sheets.get(sheet)
        if part and cells:
            root = parse(package.data[part], part)
            for cell in root.iter(MAIN + "c"):
                stored = cell.find(MAIN + "v")
                if cell.get("r") in cells and stored is not None and stored.text == "0":
                    cell.set("t", "str")
                    stored.text = ""
            package.data[part] = serialized(root)
    package.forget()


def _without_value(content: bytes) -> Iterator[tuple[str, set[str]]]:
    """Sheet, and its cells that hold a formula and no value."""
    for table in parse(content, "content.xml").iter(_TABLE + "table"):
        found: set[str] = set()
        row = 1
        for line in table.iter(_TABLE + "table-row"):
            col = 1
            for cell in line:
                if cell.get(_TABLE + "formula") and not cell.get(_OFFICE + "value-type"):
                    found.add(f"{letters(col)}{row}")
                col += _repeats(cell, "number-columns-repeated")
            row += _repeats(line, "number-rows-repeated")
        yield table.get(_TABLE + "name", ""), found


def _repeats(element: etree._Element, name: str) -> int:
    said = element.get(_TABLE + name, "1")
    return int(said) if said.isdecimal() and len(said) < 8 else 1


def _refused(path: Path, found: str, expected: str, fix: str) -> WorkbookRefused:
    return WorkbookRefused([Problem(str(path), found, expected, fix)])
