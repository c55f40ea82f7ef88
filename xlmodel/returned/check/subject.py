"""The workbook under review, with all that the rules look at; each part is made when first asked for."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from xlmodel.book.contract import Contract, Free
from xlmodel.book.refs import corners, moved, relative
from xlmodel.book.spec import Book, Sheet
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.returned.check import expected
from xlmodel.returned.check.layout import FORMULA, Moves, moves
from xlmodel.returned.check.reference import Expected, expected_cells, reference_of
from xlmodel.returned.explain.asked import address
from xlmodel.returned.explain.trace import Area
from xlmodel.returned.mailed_file import Mailed
from xlmodel.returned.typed_inputs import Contents, read_contents
from xlmodel.xlsx.parts import Package, RawCell
from xlmodel.xlsx.rules.rule_texts import Word, read
from xlmodel.xlsx.texts import Corners, canonical, moved_by, renamed

Place = tuple[int, int]
Cell = tuple[str, Place]  # a sheet by its name in the build, and a place on it now


class Formula(NamedTuple):
    """A formula cell with its text, and the cell whose references the text has."""

    cell: RawCell
    text: str
    origin: str

    @property
    def own(self) -> str:
        """The text as it reads in its own cell."""
        return self.text if self.origin == self.cell.a1 else moved(self.text, self.origin, self.cell.a1)


class Subject:
    """A mailed workbook, its contents, and the book it was built as."""

    def __init__(self, mailed: Mailed, today: datetime.date, reference: Book | None = None) -> None:
        self.mailed = mailed
        self.today = today
        self._given = reference
        self._alike: dict[tuple[str, str], bool] = {}

    @property
    def package(self) -> Package:
        """The file's parts."""
        return self.mailed.package

    @property
    def contract(self) -> Contract:
        """The file's contract."""
        return self.mailed.contract

    @cached_property
    def contents(self) -> Contents:
        """What people typed."""
        return read_contents(self.mailed)

    @cached_property
    def reference(self) -> Book | None:
        """The book as it was built; None when this version lays it out in another way."""
        return self._given or reference_of(self.contents, self.contract)

    @cached_property
    def described(self) -> Mapping[str, Sheet]:
        """The described sheets that the file still has, by name; none without a reference."""
        sheets = self.reference.sheets if self.reference else ()
        return {sheet.name: sheet for sheet in sheets if sheet.name in self.mailed.sheets}

    @cached_property
    def expected(self) -> Mapping[str, Mapping[Place, Expected]]:
        """What must stand on each sheet outside inputs, tables and results that spill."""
        found = {}
        for name, sheet in self.described.items():
            free = Free.of(sheet)
            cells = {(row, col): e for row, col, e in expected_cells(sheet)}
            found[name] = {at: e for at, e in cells.items() if e.formula or not free.holds(*at)}
        return found

    @cached_property
    def moves(self) -> Mapping[str, Moves]:
        """How the lines of each sheet moved."""
        return {name: self._moves(name) for name in self.described}

    @cached_property
    def moved(self) -> bool:
        """Whether a line of any sheet moved."""
        return any(self.moves.values())

    def _moves(self, name: str) -> Moves:
        held: dict[Place, str] = {}
        for at, cell in self.mailed.cells(name).items():
            if cell.formula is not None:
                held[at] = FORMULA
            elif cell.kind in ("s", "str", "inlineStr") and isinstance(value := self.package.value(cell), str):
                held[at] = value
        tables = [t.area.last_row + t.spare for t in self.described[name].tables]
        last = max([*tables, *(row for row, _ in self.expected[name])], default=1)
        return moves(self.expected[name], held, last)

    def move(self, sheet: str, corners: Corners) -> Corners | None:
        """Where a range of a sheet stands now, for formulas that point to it."""
        found = self.moves.get(sheet)
        return found.area(corners) if found else corners

    def follow(self, formula: str, home: str = "") -> str:
        """A formula of the build, written on sheet `home`, with its references where they stand now."""
        return moved_by(formula, home, self.move) if self.moved else formula

    def as_built(self, formula: str) -> str:
        """A formula of the file with its sheets under the names of the build."""
        return renamed(formula, self._names) if self._names else formula

    @cached_property
    def _names(self) -> dict[str, str]:
        return {now.casefold(): name for name, now in self.mailed.sheets.items() if now != name}

    @cached_property
    def formulas(self) -> Mapping[str, Mapping[Place, Formula]]:
        """Every formula of the generated sheets; a follower of a shared one carries the text of its master."""
        found = {}
        for name in self.mailed.sheets:
            cells = {at: cell for at, cell in self.mailed.cells(name).items() if cell.formula is not None}
            masters = {c.group: (c.formula, c.a1) for c in cells.values() if c.shape == "shared" and c.formula}
            found[name] = {
                at: Formula(
                    cell, *(masters.get(cell.group, ("", cell.a1)) if not cell.formula else (cell.formula, cell.a1))
                )
                for at, cell in cells.items()
            }
        return found

    @cached_property
    def texts(self) -> list[tuple[str, tuple[Word, ...]]]:
        """Every formula of the whole workbook once, as tokens, and where it stands."""
        return list(read(self.package))

    @cached_property
    def modelled(self) -> Mapping[Cell, Value]:
        """What each formula cell must show by the Python model; empty where it cannot say."""
        book = expected.modelled(self.contents, self.mailed)
        found = expected.values_of(book) if book else {}
        if not self.moved:
            return found
        places = {key: self.moves[key[0]].cell(*key[1]) for key in found if key[0] in self.moves}
        return {(key[0], at): found[key] for key, at in places.items() if at is not None}

    @cached_property
    def computed(self) -> Mapping[Cell, Value]:
        """What each formula cell shows by an engine; only formulas that are the build's own are computed."""
        if self.reference is None:
            return {}
        own = {
            (name, built): at
            for name, cells in self.formulas.items()
            for built, at, e in self.places(name)
            if at in cells and self.equal(name, built, e, cells[at])
        }
        found = expected.computed(self.reference, dict(self._typed(own.keys())))
        return {(key[0], at): found[key] for key, at in own.items() if key in found}

    def _typed(self, own: Collection[Cell]) -> Iterator[tuple[Cell, Value]]:
        """What the cells hold that are no formula of the build, where that differs from the book as built."""
        for name, sheet in self.described.items():
            back, cells = self.moves[name].back(), self.mailed.cells(name)
            now = {built: cell for at, cell in cells.items() if (built := back.cell(*at))}
            then = {(row, col): e for row, col, e in expected_cells(sheet)}
            areas = [corners(c.spill) for row in sheet.cells.values() for c in row.values() if ":" in c.spill]
            areas += [corners(f.cell.ref) for f in self.formulas[name].values() if f.cell.shape == "array"]
            for built in then.keys() | now.keys():
                value = self.package.value(now[built]) if built in now else None
                e = then.get(built, Expected(None))
                typed = (name, built) not in own and (e.formula or not _same(value, e.value))
                if typed and not any(_spilled(built, area) for area in areas):
                    yield (name, built), value

    def places(self, sheet: str) -> Iterator[tuple[Place, Place, Expected]]:
        """Where each formula of the build was built, where it must stand now, and what it must say."""
        for built, e in self.expected.get(sheet, {}).items():
            at = self.moves[sheet].cell(*built)
            if e.formula and at is not None:
                yield built, at, e

    def wanted(self, sheet: str, built: Place, e: Expected) -> str:
        """The formula that must stand in a cell, with its references where they stand now."""
        return self.follow(e.text(f"{letters(built[1])}{built[0]}"), sheet)

    def equal(self, sheet: str, built: Place, e: Expected, held: Formula) -> bool:
        """Whether a formula says what it must; equal pairs down a column are compared once."""
        if self.moved:
            return canonical(self.wanted(sheet, built, e)) == canonical(self.as_built(held.own))
        if held.text == e.formula and held.origin == e.master:
            return True
        pair = relative(e.formula, e.master), relative(held.text, held.origin)
        if pair[0] == pair[1]:
            return True
        if pair not in self._alike:
            self._alike[pair] = canonical(e.text(held.cell.a1)) == canonical(self.as_built(held.own))
        return self._alike[pair]

    def where(self, sheet: str, row: int, col: int) -> str:
        """A cell of a generated sheet as a reader finds it."""
        return address(Area(self.mailed.sheets.get(sheet, sheet), row, col, row, col))

    def generated(self) -> Iterator[tuple[str, str]]:
        """Generated sheets that the file still has: name of the build, name now."""
        yield from self.mailed.sheets.items()


def _same(value: Value, built: Value) -> bool:
    return value == built and isinstance(value, bool) is isinstance(built, bool)


def _spilled(at: Place, area: Corners) -> bool:
    """Whether a cell is filled by the formula in the first cell of an area."""
    top, left, bottom, right = area
    return at != (top, left) and top <= at[0] <= bottom and left <= at[1] <= right
