"""Every cell of a workbook as one line of text: what a reviewer reads as a change log."""

from collections.abc import Iterator
from pathlib import Path

from openpyxl import load_workbook

from xlmodel.engines.recalculate import stored

FILLED = "(filled down)"


def lines(path: Path) -> Iterator[str]:
    """Sheet, address, kind, formula, value and number format of every cell, separated by tabs.

    A formula that merely repeats the one above it, shifted by a row, reads "(filled down)".
    """
    results = stored(path)
    book = load_workbook(path)
    shared = _filled(path)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                key = (sheet.title, cell.coordinate)
                value: object = cell.value
                kind, formula = "constant", ""
                if key in results:
                    text, value = results[key]
                    kind, formula = "formula", FILLED if key in shared else "=" + text
                shown = "" if value is None else str(value).replace("\t", "\\t").replace("\n", "\\n")
                yield "\t".join((sheet.title, cell.coordinate, kind, formula, shown, cell.number_format))


def _filled(path: Path) -> set[tuple[str, str]]:
    """Cells stored as the continuation of a shared formula."""
    from xlmodel.xlsx.parts import Package  # noqa: PLC0415

    package = Package(path)
    found = set()
    for sheet in package.sheets:
        for cell in package.grid(sheet).cells:
            if cell.formula == "":
                found.add((sheet, cell.a1))
    return found
