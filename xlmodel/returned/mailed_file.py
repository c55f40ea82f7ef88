"""The file: its contract, its generated sheets under whatever name, and the cells that the contract speaks of."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xlmodel.book.contract import BuiltTable, Contract, mark
from xlmodel.book.refs import corners
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value
from xlmodel.returned.explain.labels import Workbook
from xlmodel.returned.origin import Origin
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.raw_cells import RawCell

FAR = 60  # rows by which an input is looked for when its place holds something else
CHANGES = "tblChanges"  # the table that every full build keeps
PART = "the functions and the sheets they need, not a full build"
ADD_AGAIN = "add the functions again, over the earlier ones: xlmodel functions add"
WIDE = 8  # columns likewise


@dataclass(frozen=True, slots=True)
class Typed:
    """What an input cell holds now; `moved` when it stands elsewhere than it was built, `sure` when its words agree."""

    key: str
    ref: Ref
    value: Value
    formula: str = ""
    moved: bool = False
    sure: bool = True


class Mailed:
    """A workbook and its contract.

    Attributes:
        contract: as found in the file, or as recovered from its tables.
        lost: why the contract had to be recovered; empty when the file carries it.
        origin: the program that saved the file, and what it took away.
    """

    def __init__(self, package: Package, contract: Contract, lost: str = "", origin: Origin | None = None) -> None:
        self.package = package
        self.origin = origin or Origin()
        self.book = Workbook(package)
        self.contract = contract
        self.lost = lost

    @property
    def name(self) -> str:
        """The file's name."""
        return self.package.path.name

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Generated sheet -> its name now; one that is gone is left out."""
        held = {name: name for name in self.contract.sheets if name in self.package.sheets}
        spare = [name for name in self.package.sheets if name not in held]
        for lost in (name for name in self.contract.sheets if name not in held):
            found = [name for name in spare if self._looks_like(lost, name)]
            if len(found) == 1:
                held[lost] = found[0]
                spare.remove(found[0])
        return {name: held[name] for name in self.contract.sheets if name in held}

    @property
    def whole(self) -> bool:
        """Whether it is a full build; a workbook that only took in the functions holds a part of one."""
        return CHANGES in self.contract.tables

    @property
    def own_sheets(self) -> list[str]:
        """Sheets that the generator did not make, in tab order; chart sheets are not among them."""
        generated = set(self.sheets.values())
        return [name for name in self.package.sheets if name not in generated]

    @cached_property
    def states(self) -> dict[str, str]:
        """Sheet -> visible, hidden or veryHidden, chart sheets as well."""
        sheets = self.package.tree("xl/workbook.xml").iter(MAIN + "sheet")
        return {sheet.get("name", ""): sheet.get("state", "visible") for sheet in sheets}

    def _looks_like(self, lost: str, name: str) -> bool:
        """Whether a sheet is a generated one under another name: its inputs stand among the same words, or its title."""
        keys = [key for key, ref in self.contract.inputs.items() if ref.sheet == lost]
        if keys:
            same = sum(self._mark(name, self.contract.inputs[key]) == self.contract.marks[key] for key in keys)
            return 2 * same >= len(keys)
        return self.book.value(name, 1, 1) == lost

    def cells(self, sheet: str) -> dict[tuple[int, int], RawCell]:
        """The cells of a generated sheet, by its name in the contract; none when the sheet is gone."""
        return self.book.cells(self.sheets[sheet]) if sheet in self.sheets else {}

    def value(self, sheet: str, row: int, col: int) -> Value:
        """The stored value of a cell of a generated sheet."""
        cell = self.cells(sheet).get((row, col))
        return None if cell is None else self.package.value(cell)

    def formula(self, sheet: str, row: int, col: int) -> str:
        """The formula of a cell of a generated sheet, without its =; empty for a constant."""
        return self.book.formula(self.sheets[sheet], row, col) if sheet in self.sheets else ""

    @cached_property
    def typed(self) -> dict[str, Typed]:
        """What each input holds now; one that cannot be found is left out."""
        found = {}
        for key, ref in self.contract.inputs.items():
            place = self._place(key, ref)
            if place:
                at, sure = place
                value, formula = self.value(at.sheet, at.row, at.col), self.formula(at.sheet, at.row, at.col)
                found[key] = Typed(key, at, value, formula, at != ref, sure)
        return found

    def _place(self, key: str, ref: Ref) -> tuple[Ref, bool] | None:
        """Where an input stands now, and whether its words say so; None when they stand nowhere."""
        if ref.sheet not in self.sheets:
            return None
        wanted = self.contract.marks[key]
        here = self._mark(self.sheets[ref.sheet], ref)
        if not wanted or here == wanted:
            return ref, True
        others = (ref.step(*step) for step in _steps() if ref.row + step[0] > 0 and ref.col + step[1] > 0)
        found = next((at for at in others if self._mark(self.sheets[ref.sheet], at) == wanted), None)
        if found:
            return found, True
        return (ref, False) if here[:3] == wanted[:3] or here[3:] == wanted[3:] else None

    def _mark(self, sheet: str, ref: Ref) -> str:
        cells = self.book.cells(sheet)

        def text_at(row: int, col: int) -> str:
            cell = cells.get((row, col))
            value = self.package.value(cell) if cell and cell.formula is None else None
            return value if isinstance(value, str) else ""

        return mark(text_at, ref.row, ref.col, self._input_cells[ref.sheet])

    @cached_property
    def _input_cells(self) -> dict[str, set[tuple[int, int]]]:
        places: dict[str, set[tuple[int, int]]] = {name: set() for name in self.contract.sheets}
        for ref in self.contract.inputs.values():
            places[ref.sheet].add((ref.row, ref.col))
        return places

    @cached_property
    def tables(self) -> dict[str, Area]:
        """Table of the contract -> header and rows now, as the file's own table says; as built where it has none."""
        found = {}
        for name, table in self.contract.tables.items():
            if table.area.sheet in self.sheets:
                found[name] = self._table_now(table)
        return found

    def _table_now(self, table: BuiltTable) -> Area:
        for part in self.package.related(self.package.sheets[self.sheets[table.area.sheet]], "table"):
            root = self.package.tree(part)
            if root.get("displayName", "").casefold() == table.name.casefold():
                return Area(table.area.sheet, *corners(root.get("ref", "")))
        return table.area

    @cached_property
    def defined_names(self) -> dict[str, str]:
        """Defined names of the whole workbook and what they mean."""
        return self.book.spelt_names


def _steps() -> Iterator[tuple[int, int]]:
    """Steps away from a place, the nearest first: rows before columns, because rows are what people insert."""
    for far in range(1, FAR + 1):
        yield from ((far, 0), (-far, 0))
        if far <= WIDE:
            yield from ((0, far), (0, -far))
