"""Reads a finished .xlsx part by part, cells as light tuples.

For workbooks this project wrote. A file from outside is measured by `xlmodel.readers.safe_package` first (size, ratio,
number of members); here a DOCTYPE is refused, because nothing in a workbook needs one.
"""

import math
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from pathlib import Path

from lxml import etree

from xlmodel.calc.values import ExcelError, Value
from xlmodel.errors import WorkbookRefused
from xlmodel.xlsx.far_rows import without_far_rows
from xlmodel.xlsx.raw_cells import MAX_FORMULA, TRUE, RawCell, plain_rows
from xlmodel.xlsx.relations import Relationship, listed, of_kind, rels_of

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its cells in file order, heights that rows are given, its XML without the rows, and texts in pieces by their cell."""

    cells: tuple[RawCell, ...]
    hidden_rows: tuple[int, ...]
    heights: dict[int, float]
    rest: etree._Element
    pieced: dict[str, etree._Element] = field(default_factory=dict)


def _refused(where: str, found: str, expected: str) -> WorkbookRefused:
    return WorkbookRefused.one(where, found, expected, "build the workbook again, or save it again in Excel")


def refuse_doctype(data: bytes, where: str) -> None:
    """Stop before the parser sees a DOCTYPE, the start of every entity attack."""
    if any(mark in data for mark in _DOCTYPE):
        raise _refused(where, "a DOCTYPE", "plain XML")


def parse(data: bytes, where: str) -> etree._Element:
    """An XML part as a tree, without entities, network or DTD."""
    refuse_doctype(data, where)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(where, str(error), "well-formed XML") from error


def read_grid(data: bytes, where: str) -> Grid:
    """A sheet part without its rows, and their cells."""
    refuse_doctype(data, where)
    plain = plain_rows(data)
    if plain is not None:
        rest = parse(plain.rest, where)
        if rest.find(MAIN + "sheetData") is not None:
            return Grid(plain.cells, plain.hidden, plain.heights, rest)
    return read_tree(data, where)


def read_tree(data: bytes, where: str) -> Grid:
    """The same by the XML parser, whatever the spelling; rows are dropped from the tree as they are read."""
    cells: list[RawCell] = []
    hidden: list[int] = []
    heights: dict[int, float] = {}
    pieced: dict[str, etree._Element] = {}
    context = etree.iterparse(
        BytesIO(data), events=("end",), tag=MAIN + "row", resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for _, row in context:
            if (home := row.getparent()) is not None and home.tag != MAIN + "sheetData":
                raise _refused(where, "rows of which a program chooses", "rows that every program reads")
            cells += _row(row, where, pieced)
            if row.get("hidden") in TRUE:
                hidden.append(int(row.get("r", "0")))
            if height := row.get("ht"):
                heights[int(row.get("r", "0"))] = float(height)
            parent = row.getparent()
            row.clear()
            while parent is not None and row.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise _refused(where, str(error), "well-formed XML") from error
    homes = list(context.root.iter(MAIN + "sheetData"))
    if len(homes) > 1 or any(home.getparent() is not context.root for home in homes):
        raise _refused(where, "several lots of rows, of which a program chooses", "rows that every program reads")
    return Grid(tuple(cells), tuple(hidden), heights, context.root, pieced)


def _row(row: etree._Element, where: str, pieced: dict[str, etree._Element]) -> Iterator[RawCell]:
    line = int(row.get("r", "0"))
    for c in row.iterchildren("{*}*"):  # no comments
        stored = None
        formula: etree._Element | None = None
        for child in c:
            if child.tag == MAIN + "v":
                stored = child.text or ""
            elif child.tag == MAIN + "f":
                formula = child
            elif child.tag == MAIN + "is":
                stored = "".join(t.text or "" for t in child.iter(MAIN + "t") if _spoken(t))
                if child.find(MAIN + "r") is not None or child.find(MAIN + "rPh") is not None:
                    pieced[c.get("r", "")] = child
        a1, kind = c.get("r", ""), c.get("t", "n")
        if formula is None:
            yield RawCell(a1, line, kind, stored, style=int(c.get("s", "0")))
        else:
            text = formula.text or ""
            if len(text) > MAX_FORMULA:
                raise _refused(f"{where}, {a1[:20]}", f"a formula of {len(text):,} characters", "at most 8,192")
            yield RawCell(
                a1, line, kind, stored, text, formula.get("t", ""), formula.get("ref", ""),
                formula.get("si", ""), c.get("cm") is not None, int(c.get("s", "0")),
            )  # fmt: skip


def as_value(kind: str, stored: str | None, strings: list[str]) -> Value:
    """What a cell's stored text means; a number that is none is None."""
    if stored is None:
        return None
    if kind == "s":
        return strings[int(stored)]
    if kind == "b":
        return stored in TRUE
    if kind == "e":
        return ExcelError(stored)
    return finite(stored) if kind == "n" else stored


def finite(text: str) -> float | None:
    """The number a text spells, None when it spells none or an infinite one."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


class Package:
    """An opened workbook; parts are parsed when first asked for. Of one that is not written yet, or unpacked already, `data` are the parts."""

    def __init__(self, path: Path, data: Mapping[str, bytes] | None = None) -> None:
        self.path = path
        self.entries: list[zipfile.ZipInfo] = []
        try:
            if data is None:
                with zipfile.ZipFile(path) as archive:
                    self.entries = archive.infolist()
                    data = {entry.filename: archive.read(entry) for entry in self.entries if not entry.is_dir()}
        except zipfile.BadZipFile as error:
            raise _refused(path.name, f"no zip package ({error})", "an .xlsx workbook") from error
        self.data = dict(data)
        missing = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} - self.data.keys()
        if missing:
            raise _refused(path.name, f"no part {min(missing)}", "an .xlsx workbook")
        self._trees: dict[str, etree._Element] = {}
        self._grids: dict[str, Grid] = {}
        self.far: dict[str, int] = {}  # rows that are not read, by sheet: see `shorten`

    def shorten(self, sheets: Iterable[str]) -> None:
        """Leave out rows of these sheets that stand far below their last formula; `far` says how many."""
        for sheet in sheets:
            if part := self.sheets.get(sheet):
                self.data[part], count = without_far_rows(self.data[part])
                self.far |= {sheet: count} if count else {}

    def forget(self) -> None:
        """Parse every part anew when it is next asked for: `data` was changed."""
        self._trees.clear()
        self._grids.clear()

    def tree(self, part: str) -> etree._Element:
        """A part's XML."""
        if part not in self._trees:
            self._trees[part] = parse(self.data[part], f"{self.path.name}, {part}")
        return self._trees[part]

    def relations(self, part: str) -> dict[str, Relationship]:
        """The relationships of a part by id."""
        rels = rels_of(part)
        return {link.id: link for link in listed(self.tree(rels), part)} if rels in self.data else {}

    def related(self, part: str, kind: str) -> list[str]:
        """The existing parts of one kind that a part leads to."""
        return of_kind(self.relations(part).values(), kind, self.data)

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Worksheet name -> part, in tab order; chart sheets are left out."""
        relations = self.relations("xl/workbook.xml")
        found = {}
        for sheet in self.tree("xl/workbook.xml").iter(MAIN + "sheet"):
            relation = relations.get(sheet.get(RELATION + "id", ""))
            if relation and relation.kind == "worksheet" and relation.target in self.data:
                found[sheet.get("name", "")] = relation.target
        return found

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, without phonetic hints."""
        if "xl/sharedStrings.xml" not in self.data:
            return []
        items = self.tree("xl/sharedStrings.xml").iter(MAIN + "si")
        return ["".join(t.text or "" for t in si.iterfind(f".//{MAIN}t") if _spoken(t)) for si in items]

    def grid(self, sheet: str) -> Grid:
        """A worksheet's cells and the rest of its XML."""
        if sheet not in self._grids:
            part = self.sheets[sheet]
            self._grids[sheet] = read_grid(self.data[part], f"{self.path.name}, {part}")
        return self._grids[sheet]

    def value(self, cell: RawCell) -> Value:
        """What a cell shows, as stored."""
        kind, stored = cell.kind, cell.stored
        if kind == "n":
            return None if stored is None else finite(stored)
        return as_value(kind, stored, self.strings)


def _spoken(text: etree._Element) -> bool:
    parent = text.getparent()
    return parent is None or parent.tag != MAIN + "rPh"
