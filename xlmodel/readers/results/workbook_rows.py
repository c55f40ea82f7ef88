"""The cells of a plain table in an .xlsx workbook, as texts: enough for points, without loading a spreadsheet library."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

from xlmodel.errors import WorkbookRefused
from xlmodel.readers.safe_package import AGAIN, check_package

MAX_ROWS = 200_000
MAX_COLUMNS = 200
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_REF = re.compile(r"([A-Z]{1,3})[0-9]+")


def table(path: Path, wanted: Sequence[str]) -> list[tuple[int, list[str]]] | None:
    """Row numbers and cells of the first sheet that has a header with these names, from that header on; None when none has.

    Raises:
        WorkbookRefused: the workbook cannot be read safely.
    """
    check_package(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            shared = _shared(archive) if "xl/sharedStrings.xml" in names else []
            for name in sorted((n for n in names if _SHEET.fullmatch(n)), key=lambda n: (len(n), n)):
                rows = _from_header(_rows(archive, name, shared), wanted)
                if rows:
                    return rows
    except (Xml.ParseError, KeyError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise WorkbookRefused.one(
            str(path), f"a damaged workbook ({str(error)[:80]})", "an .xlsx workbook", AGAIN
        ) from None
    return None


def _from_header(rows: Iterator[tuple[int, list[str]]], wanted: Sequence[str]) -> list[tuple[int, list[str]]]:
    """The rows from the first one that holds all these names."""
    found: list[tuple[int, list[str]]] = []
    for number, cells in rows:
        if found or set(wanted) <= {cell.strip().casefold() for cell in cells}:
            found.append((number, cells))
        elif number > MAX_COLUMNS:
            return []
        if len(found) > MAX_ROWS:
            raise ValueError(f"more than {MAX_ROWS:,} rows")
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(element: Xml.Element) -> str:
    """The text of a string, without the readings of East Asian characters."""
    return "".join(part.text or "" for part in element.iter() if _local(part.tag) == "t")


def _shared(archive: zipfile.ZipFile) -> list[str]:
    with archive.open("xl/sharedStrings.xml") as stream:
        return [_text(item) for _, item in Xml.iterparse(stream) if _local(item.tag) == "si"]


def _rows(archive: zipfile.ZipFile, name: str, shared: list[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    with archive.open(name) as stream:
        for _, element in Xml.iterparse(stream):
            if _local(element.tag) != "row":
                continue
            said = element.get("r") or ""
            number = int(said) if said.isdigit() and len(said) < 8 else number + 1
            cells: list[str] = []
            for cell in element:
                at = _column(cell.get("r") or "", len(cells))
                if at >= MAX_COLUMNS:
                    continue
                cells += [""] * (at - len(cells))
                cells[at:] = [_value(cell, shared)]
            element.clear()
            yield number, cells


def _column(ref: str, following: int) -> int:
    """Position of a cell, from 0; without a name it follows the last one."""
    found = _REF.fullmatch(ref)
    if not found:
        return following
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - 64
    return max(at - 1, following)


def _value(cell: Xml.Element, shared: list[str]) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return _text(cell)
    value = next((part.text or "" for part in cell if _local(part.tag) == "v"), "")
    if kind == "s":
        return shared[int(value)] if value.isdigit() and int(value) < len(shared) else ""
    if kind == "b":
        return "yes" if value == "1" else "no"
    return value
