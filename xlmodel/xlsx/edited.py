"""A copy of a workbook with other inputs and without the stored results."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from xlmodel.book.refs import position
from xlmodel.calc.values import ExcelError, Value
from xlmodel.xlsx.parts import MAIN, Package, parse


def edited_copy(package: Package, target: Path, edits: Mapping[tuple[str, str], Value]) -> None:
    """Write the package to `target` with `edits` applied and every formula cell's result removed."""
    by_part: dict[str, dict[str, Value]] = {part: {} for part in package.sheets.values()}
    for (sheet, a1), value in edits.items():
        by_part[package.sheets[sheet]][a1] = value
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, data in package.data.items():
            archive.writestr(part, _without_results(data, by_part[part]) if part in by_part else data)


def _without_results(data: bytes, edits: Mapping[str, Value]) -> bytes:
    root = parse(data, "sheet")
    for formula in root.iter(MAIN + "f"):
        cell = formula.getparent()
        if cell is None or cell.tag != MAIN + "c":
            continue
        cell.attrib.pop("t", "")
        for result in cell.findall(MAIN + "v"):
            cell.remove(result)
    grid = root.find(MAIN + "sheetData")
    if edits and grid is not None:
        rows = {int(row.get("r", "0")): row for row in grid}
        for a1, value in edits.items():
            line, col = position(a1)
            row = rows.get(line)
            if row is None:
                row = etree.Element(MAIN + "row", r=str(line))
                grid.insert(sum(number < line for number in rows), row)
                rows[line] = row
            _put(_cell(row, a1, col), value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _cell(row: etree._Element, a1: str, col: int) -> etree._Element:
    """The cell of a row, made in its place when absent: cells out of order are not read."""
    before = 0
    for cell in row:
        at = position(cell.get("r", ""))[1]
        if at == col:
            return cell
        before += at < col
    made = etree.Element(MAIN + "c", r=a1)
    row.insert(before, made)
    return made


def _put(cell: etree._Element, value: Value) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", "")
    if value is None:
        return
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        text = etree.SubElement(etree.SubElement(cell, MAIN + "is"), MAIN + "t")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        text.text = value
        return
    stored = etree.SubElement(cell, MAIN + "v")
    if isinstance(value, bool):
        cell.set("t", "b")
        stored.text = str(int(value))
    elif isinstance(value, ExcelError):
        cell.set("t", "e")
        stored.text = value.code
    else:
        stored.text = repr(float(value))
