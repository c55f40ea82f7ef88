"""Cells that go from an old sheet into the new one as they are: value, formula, rich text and format.

Inputs, rows of people's own, and whatever they typed beside. Formats keep their numbers, because the new package
keeps the formats of the old one and only appends.
"""

from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from xlmodel.book.refs import corners, position, ref_of
from xlmodel.calc.address import letters
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import ExcelError, Value
from xlmodel.returned.refresh.cell_places import CellPlaces
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.raw_cells import RawCell
from xlmodel.xlsx.sheetdata import number
from xlmodel.xlsx.texts import moved_by


class SheetXml:
    """The XML of a sheet whose cells are looked up and put by place."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        data = root.find(MAIN + "sheetData")
        if data is None:
            raise ValueError("a sheet without cells")
        self.data = data
        self._rows = {int(row.get("r", "0")): row for row in data}
        self._cells: dict[int, dict[int, etree._Element]] = {}

    def cell(self, row: int, col: int) -> etree._Element | None:
        """The cell at a place; None where there is none."""
        return self._line(row).get(col) if self._known(row) is not None else None

    def put(self, row: int, col: int, cell: etree._Element) -> None:
        """Put a cell in its place, in the place of what is there."""
        cell.set("r", f"{letters(col)}{row}")
        line = self._line(row)
        if col in line:
            line[col].getparent().replace(line[col], cell)  # type: ignore[union-attr]
        else:
            parent = self.row(row)
            parent.insert(sum(1 for at in line if at < col), cell)
            parent.attrib.pop("spans", "")
        line[col] = cell
        self._cells[row] = dict(sorted(line.items()))

    def empty(self, row: int, col: int) -> None:
        """Take away what a cell holds; its format stays."""
        cell = self.cell(row, col)
        if cell is not None:
            cell[:] = []
            cell.attrib.pop("t", "")

    def _line(self, row: int) -> dict[int, etree._Element]:
        if row not in self._cells:
            held = self._known(row)
            cells = held if held is not None else ()
            self._cells[row] = {position(c.get("r", ""))[1]: c for c in cells if c.tag == MAIN + "c"}
        return self._cells[row]

    def row(self, row: int) -> etree._Element:
        """A row, made in its place where there is none."""
        held = self._known(row)
        return self._put(row, etree.Element(MAIN + "row", r=str(row))) if held is None else held

    def _known(self, row: int) -> etree._Element | None:
        return self._rows.get(row)

    def _put(self, row: int, made: etree._Element) -> etree._Element:
        before = [number for number in self._rows if number < row]
        self.data.insert(len(before), made)
        self._rows[row] = made
        return made


@dataclass(slots=True)
class Copier:
    """Copies cells of an old package.

    Attributes:
        items: the elements of the old string table, rich text and all.
    """

    package: Package
    places: CellPlaces
    items: list[etree._Element]

    @classmethod
    def of(cls, package: Package, places: CellPlaces) -> "Copier":
        """A copier for a package."""
        part = "xl/sharedStrings.xml"
        items = list(package.tree(part).iter(MAIN + "si")) if part in package.data else []
        return cls(package, places, items)

    def copy(self, sheet: str, raw: RawCell, cell: etree._Element, text: str, to: tuple[int, int]) -> etree._Element:
        """A copy of a cell that stands alone: its text in itself, its formula written out, references followed.

        Args:
            sheet: name of the old sheet in its file.
            raw: the cell as it was read.
            cell: its XML.
            text: its formula in its own place; empty for none.
            to: row and column where it will stand.
        """
        made = etree.Element(MAIN + "c", r=f"{letters(to[1])}{to[0]}")
        if cell.get("s"):
            made.set("s", cell.get("s", ""))
        if raw.kind == "s" and raw.stored is not None and not text:
            made.set("t", "inlineStr")
            inside = etree.SubElement(made, MAIN + "is")
            for child in self.items[int(raw.stored)]:
                inside.append(deepcopy(child))
            return made
        for name in ("t", "cm", "vm"):
            if cell.get(name):
                made.set(name, cell.get(name, ""))
        for child in cell:
            if child.tag != MAIN + "f":
                made.append(deepcopy(child))
        if text or raw.shape == "dataTable":
            made.insert(0, self._formula(sheet, raw, cell, text, to))
        return made

    def _formula(
        self, sheet: str, raw: RawCell, cell: etree._Element, text: str, to: tuple[int, int]
    ) -> etree._Element:
        old = cell.find(MAIN + "f")
        made = etree.Element(MAIN + "f")
        made.text = moved_by(text, sheet, self.places.move) if text else None
        if old is not None and raw.shape == "dataTable":
            for name, value in old.attrib.items():
                here = name in ("ref", "r1", "r2") and self.places.move(sheet, corners(str(value)))
                made.set(str(name), ref_of(here) if here else str(value))
        if old is not None and raw.shape == "array":
            top, left, bottom, right = corners(raw.ref)
            down, across = to[0] - top, to[1] - left
            last = f"{letters(right + across)}{bottom + down}"
            first = f"{letters(left + across)}{top + down}"
            made.set("t", "array")
            made.set("ref", first if first == last else f"{first}:{last}")
        return made


def store(cell: etree._Element, value: Value) -> None:
    """Put a result beside a formula."""
    for old in cell.findall(MAIN + "v"):
        cell.remove(old)
    cell.attrib.pop("t", "")
    if value is None:
        return
    kind = (
        "b"
        if isinstance(value, bool)
        else "e"
        if isinstance(value, ExcelError)
        else "str"
        if isinstance(value, str)
        else ""
    )
    if kind:
        cell.set("t", kind)
    stored = etree.SubElement(cell, MAIN + "v")
    stored.text = number(value) if is_number(value) else str(int(value) if isinstance(value, bool) else value)
