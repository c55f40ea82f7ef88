"""What a person calls a cell: its row, its column heading, its unit, and where a typed value came from."""

import itertools
from dataclasses import dataclass
from functools import cached_property

from xlmodel.book.refs import corners, position
from xlmodel.calc.values import Value
from xlmodel.returned.check.formulas import Formula, formulas_of
from xlmodel.returned.explain.long_references import NamedTable
from xlmodel.returned.explain.trace import area_of
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.raw_cells import RawCell

WORDS = 6  # words of a row that are shown
LONGEST = 48
HEADINGS = ("Column",)  # named cell styles of the workbooks this project writes
UNITS = ("Column unit", "Unit")
_TELLING = {
    "source": "source", "as of": "as_of", "measured": "as_of",
    "reason": "reason", "empty because": "reason", "where it comes from": "reason",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Label:
    """Words for a cell; empty where the sheet says nothing.

    Attributes:
        row: the texts that lead the cell's row. column: its heading.
        source, as_of: what the row says about the origin of a typed value.
        reason: what the row says about why there is no number.
    """

    row: str = ""
    column: str = ""
    unit: str = ""
    source: str = ""
    as_of: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return " · ".join(part for part in (self.row, self.column) if part)


class Workbook:
    """A workbook's cells by place, with the words around them."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._cells: dict[str, dict[tuple[int, int], RawCell]] = {}
        self._formulas: dict[str, dict[tuple[int, int], Formula]] = {}
        self._roles: dict[str, dict[tuple[int, int], str]] = {}
        self._sheets = {name.casefold(): name for name in package.sheets}

    @cached_property
    def spelt_names(self) -> dict[str, str]:
        """Defined names of the whole workbook, and what they mean."""
        found = self.package.tree("xl/workbook.xml").iter(MAIN + "definedName")
        return {element.get("name", ""): element.text or "" for element in found if not element.get("localSheetId")}

    @cached_property
    def names(self) -> dict[str, str]:
        """The defined names in lower case."""
        return {name.casefold(): text for name, text in self.spelt_names.items()}

    @cached_property
    def tables(self) -> dict[str, NamedTable]:
        """Tables by their name in lower case."""
        found = {}
        for sheet, part in self.package.sheets.items():
            for root in map(self.package.tree, self.package.related(part, "table")):
                headings = tuple(column.get("name", "") for column in root.iter(MAIN + "tableColumn"))
                area = corners(root.get("ref", "A1"))
                found[root.get("displayName", "").casefold()] = NamedTable(sheet, area, headings)
        return found

    @cached_property
    def _named(self) -> dict[tuple[str, int, int], str]:
        """Cells with a name of their own: it says what they are."""
        areas = [(name, area_of(text, "", self)) for name, text in self.spelt_names.items()]
        return {(a.sheet, a.top, a.left): name for name, a in areas if a and a.count == 1}

    def sheet_name(self, text: str) -> str | None:
        """The sheet of that name, in any case."""
        return self._sheets.get(text.casefold())

    def cells(self, sheet: str) -> dict[tuple[int, int], RawCell]:
        """The cells of a sheet by row and column."""
        if sheet not in self._cells:
            self._cells[sheet] = {position(cell.a1): cell for cell in self.package.grid(sheet).cells}
        return self._cells[sheet]

    def formulas(self, sheet: str) -> dict[tuple[int, int], Formula]:
        """The formulas of a sheet by row and column."""
        if sheet not in self._formulas:
            self._formulas[sheet] = formulas_of(self.cells(sheet))
        return self._formulas[sheet]

    def formula(self, sheet: str, row: int, col: int) -> str:
        """The formula of a cell, without its =; empty for a constant."""
        held = self.formulas(sheet).get((row, col))
        return held.own if held else ""

    def value(self, sheet: str, row: int, col: int) -> Value:
        """The stored value of a cell; None for an empty one."""
        cell = self.cells(sheet).get((row, col))
        return None if cell is None else self.package.value(cell)

    def label(self, sheet: str, row: int, col: int) -> Label:
        """The words around a cell."""
        if self._role(sheet, row + 1, col) == "Figure label":  # a large figure carries its words beneath
            return Label(column=self._text(sheet, row + 1, col))
        heading = self._heading(sheet, row, col)
        if name := self._named.get((sheet, row, col)):
            return Label(column=name, unit=self._unit(sheet, row, col, heading))
        if self._role(sheet, row, col) in HEADINGS:
            return Label(column="column heading")
        return Label(
            row=self._row(sheet, row, col, heading),
            column=self._text(sheet, heading, col) if heading else "",
            unit=self._unit(sheet, row, col, heading),
            **self._origin(sheet, row, col, heading),
        )

    def _text(self, sheet: str, row: int, col: int) -> str:
        value = self.value(sheet, row, col) if row > 0 and col > 0 else None
        return value.strip() if isinstance(value, str) else ""

    def _heading(self, sheet: str, row: int, col: int) -> int:
        """The row of the column's heading, 0 when there is none."""
        if self._has_headings(sheet):
            rows = (r for r in range(row - 1, 0, -1) if self._role(sheet, r, col) in HEADINGS)
            return next(rows, 0)
        return next((r for r in range(row - 1, 0, -1) if self._text(sheet, r, col)), 0)

    def _has_headings(self, sheet: str) -> bool:
        return any(role in HEADINGS for role in self._role_map(sheet).values())

    def _row(self, sheet: str, row: int, col: int, heading: int) -> str:
        """The texts to the left in the row, up to the first column that belongs to another table."""
        words: list[str] = []
        for c in range(col - 1, 0, -1):
            text = self._text(sheet, row, c)
            if heading and not self._text(sheet, heading, c):
                break
            if not heading and self.value(sheet, row, c) is None:
                break
            if text and not text.startswith(("http://", "https://")):
                words.append(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")
        return " · ".join(words[::-1][:WORDS])

    def _unit(self, sheet: str, row: int, col: int, heading: int) -> str:
        """The unit above the heading, in the row before the cell, beside it, or beneath it; a unit itself has none."""
        if self._role(sheet, row, col) in UNITS:
            return ""
        before = itertools.takewhile(lambda c: self.value(sheet, row, c) is not None, range(col - 1, 0, -1))
        places = ((heading - 1, col), *((row, c) for c in before), (row, col + 1), (row + 1, col))
        return next((self._text(sheet, *place) for place in places if self._role(sheet, *place) in UNITS), "")

    def _origin(self, sheet: str, row: int, col: int, heading: int) -> dict[str, str]:
        """Source, date and reason in the cell's row, from the columns of the same table that are headed so."""
        found: dict[str, str] = {}
        if not heading:
            return found
        for step in (1, -1):
            c = col + step
            while title := self._text(sheet, heading, c):
                key = _TELLING.get(title.casefold())
                if key:
                    found.setdefault(key, self._text(sheet, row, c))
                c += step
        return found

    def _role(self, sheet: str, row: int, col: int) -> str:
        return self._role_map(sheet).get((row, col), "")

    def _role_map(self, sheet: str) -> dict[tuple[int, int], str]:
        """Named style of every cell that says what its neighbours mean."""
        if sheet not in self._roles:
            names, telling = self._style_names, (*HEADINGS, *UNITS, "Figure label")
            found = ((at, names.get(cell.style, "")) for at, cell in self.cells(sheet).items())
            self._roles[sheet] = {at: role for at, role in found if role in telling}
        return self._roles[sheet]

    @cached_property
    def _style_names(self) -> dict[int, str]:
        """Name of the named style behind each cell format."""
        if "xl/styles.xml" not in self.package.data:
            return {}
        root = self.package.tree("xl/styles.xml")
        names = {style.get("xfId"): style.get("name", "") for style in root.iter(MAIN + "cellStyle")}
        formats = root.find(MAIN + "cellXfs")
        found = enumerate(formats if formats is not None else ())
        return {i: names.get(element.get("xfId"), "") for i, element in found}
