"""The workbook under review, with all that the rules look at; each part is made when first asked for."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from lxml import etree

from xlmodel.book.built import Built, BuiltSheet, Wear, mark_of, spelt
from xlmodel.book.contract import Contract
from xlmodel.book.refs import moved, relative
from xlmodel.book.spec import Book
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.returned.check.as_found import dressed, observed, styles_worn
from xlmodel.returned.check.formulas import Cell, Formula, Place, values_of
from xlmodel.returned.check.layout import Moves
from xlmodel.returned.check.moved_lines import lines_moved
from xlmodel.returned.check.recalculated import computed
from xlmodel.returned.check.reference import Expected, built_cells, described, reference_of
from xlmodel.returned.explain.asked import address
from xlmodel.returned.explain.trace import Range
from xlmodel.returned.mailed_file import Mailed
from xlmodel.returned.typed_inputs import Contents, read_contents
from xlmodel.sheets.remembered import built
from xlmodel.xlsx.cell_looks import Looks
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.raw_cells import STYLE
from xlmodel.xlsx.rules.rule_texts import Word, read
from xlmodel.xlsx.texts import Corners, canonical, moved_by, renamed


class Subject:
    """A mailed workbook, its contents, and the book it was built as; described in a third of the time where nobody asks for its values.

    A book that is `near` says what was built as well.
    """

    def __init__(self, mailed: Mailed, today: datetime.date, *, valued: bool = True) -> None:
        self.mailed = mailed
        self._valued = valued
        self.near: Book | None = None
        self.today = today
        self._alike: dict[str, Formula] = {}

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
    def model(self) -> Book | None:
        """The book as the Python model computes it from the inputs now; None when it would be laid out otherwise."""
        return described(self.contents.inputs, self.contract)

    @cached_property
    def reference(self) -> Book | None:
        """The book as this version builds it, proven by its form; None when it lays the book out in another way."""
        if self.near is not None:
            return self.near
        held = self.model if self._valued else described(self.contents.inputs, self.contract, valued=False)
        return held or reference_of(self.contents, self.contract)

    @cached_property
    def built(self) -> Built | None:
        """What was built where: as this version describes it, else as the contract says; None where neither knows."""
        if self.reference is not None:
            return built(self.reference)
        return self.contract.built.opened() if self.contract.built else None

    @cached_property
    def described(self) -> Mapping[str, BuiltSheet]:
        """The built sheets that the file still has, by name; as they stand where it is not known what was built."""
        sheets = self.built.sheets if self.built else observed(self)
        return {name: sheet for name, sheet in sheets.items() if name in self.mailed.sheets}

    @cached_property
    def styles(self) -> Mapping[str, Wear]:
        """What each cell style brings by the build; by the file itself where that is not known."""
        return self.built.styles if self.built else styles_worn(self)

    @cached_property
    def expected(self) -> Mapping[str, Mapping[Place, Expected]]:
        """What must stand on each sheet outside inputs, tables and results that spill."""
        held = self.described if self.built else {}
        return {name: built_cells(sheet) for name, sheet in held.items()}

    @cached_property
    def moves(self) -> Mapping[str, Moves]:
        """How the lines of each sheet moved."""
        return {name: lines_moved(self, name) if name in self.expected else Moves() for name in self.described}

    @cached_property
    def moved(self) -> bool:
        """Whether a line of any sheet moved."""
        return any(self.moves.values())

    def move(self, sheet: str, corners: Corners) -> Corners | None:
        """Where a range of a sheet stands now, for formulas that point to it."""
        found = self.moves.get(sheet)
        return found.area(corners) if found else corners

    def follow(self, formula: str, home: str = "") -> str:
        """A formula of the build, written on sheet `home`, with its references where they stand now."""
        return moved_by(formula, home, self.move) if self.moved else formula

    def as_built(self, formula: str) -> str:
        """A formula of the file with its sheets under the names of the build."""
        return renamed(formula, self._names)

    def as_now(self, formula: str) -> str:
        """A formula of the build as the file writes it now."""
        return renamed(self.follow(formula), self.names_now)

    @cached_property
    def names_now(self) -> dict[str, str]:
        """Sheet of the build in lower case -> its name in the file, where that is another."""
        return {name.casefold(): now for name, now in self.mailed.sheets.items() if now != name}

    @cached_property
    def sheet_order(self) -> list[str]:
        """All sheets of the file from left to right, as `localSheetId` counts them."""
        return [e.get("name", "") for e in self.package.tree("xl/workbook.xml").iter(MAIN + "sheet")]

    @cached_property
    def _names(self) -> dict[str, str]:
        return {now.casefold(): name for name, now in self.mailed.sheets.items() if now != name}

    @cached_property
    def formulas(self) -> Mapping[str, Mapping[Place, Formula]]:
        """Every formula of the generated sheets; a follower of a shared one carries the text of its master."""
        return {name: self.mailed.book.formulas(now) for name, now in self.mailed.sheets.items()}

    @cached_property
    def texts(self) -> list[tuple[str, tuple[Word, ...]]]:
        """Every formula of the whole workbook once, as tokens, and where it stands; none that this version writes so."""
        return list(read(self.package, self.known))

    @cached_property
    def known(self) -> Mapping[str, Collection[str] | None]:
        """Sheet of the file -> cells whose formulas this version writes itself; None for all that it has."""
        found: dict[str, Collection[str] | None] = {}
        for name in self.expected if self.reference is not None else ():
            now, cells, proven = self.mailed.sheets[name], self.mailed.cells(name), self.proven[name]
            once = len(cells) == len(self.package.grid(now).cells)  # no place is filled twice
            found[now] = None if once and len(proven) == len(self.formulas[name]) else {cells[at].a1 for at in proven}
        return found

    @cached_property
    def modelled(self) -> Mapping[Cell, Value]:
        """What each formula cell must show by the Python model; empty where it cannot say."""
        found = values_of(self.model) if self.model else {}
        if not self.moved:
            return found
        places = {key: self.moves[key[0]].cell(*key[1]) for key in found if key[0] in self.moves}
        return {(key[0], at): found[key] for key, at in places.items() if at is not None}

    @cached_property
    def computed(self) -> Mapping[Cell, Value]:
        """What each formula cell shows by an engine, own sheets as well; none for a formula that is not the build's."""
        return computed(self)

    @cached_property
    def proven(self) -> Mapping[str, Collection[Place]]:
        """Cells of each sheet that hold the formula of the build."""
        return {name: self._proven(name, places) for name, places in self.places.items()}

    def _proven(self, name: str, places: Sequence[tuple[Place, Place, Expected]]) -> Collection[Place]:
        held = self.formulas[name]
        return {at for built, at, e in places if (now := held.get(at)) and self.equal(name, built, e, now)}

    @cached_property
    def functions_held(self) -> Collection[str]:
        """Functions of the book that the file defines as the build did."""
        wanted = self.built.functions if self.built else {}
        held = {name.casefold(): text for name, text in self.mailed.defined_names.items()}
        return [n for n, mark in wanted.items() if mark_of(spelt(self.as_built(held.get(n.casefold(), "")))) == mark]

    @cached_property
    def own_formulas(self) -> Mapping[str, Mapping[Place, Formula]]:
        """Every formula of the sheets that people made."""
        return {name: self.mailed.book.formulas(name) for name in self.mailed.own_sheets}

    @cached_property
    def looks(self) -> Looks:
        """How the cells of the file look."""
        return Looks(self.package)

    @cached_property
    def dressed(self) -> Mapping[str, Mapping[Place, tuple[str, str]]]:
        """Cell style and number format that each cell was built with, where the cells stand now."""
        return {n: dressed(sheet, self.styles, self.moves[n]) for n, sheet in self.described.items()}

    @cached_property
    def worn(self) -> Mapping[str, Collection[tuple[int, tuple[str, str] | None]]]:
        """Every number of a format on a sheet with what the build dressed such cells in: few pairs, of which most sheets have no odd one."""
        cells = {n: (self.mailed.cells(n), worn) for n, worn in self.dressed.items()}
        return {n: set(zip(map(STYLE, c.values()), map(worn.get, c), strict=True)) for n, (c, worn) in cells.items()}

    @cached_property
    def expected_now(self) -> Mapping[str, Collection[Place]]:
        """Where formulas of the build stand now."""
        return {name: {at for _, at, _ in places} for name, places in self.places.items()}

    def rest(self, sheet: str) -> etree._Element:
        """The XML of a generated sheet without its rows."""
        return self.package.grid(self.mailed.sheets[sheet]).rest

    @cached_property
    def places(self) -> Mapping[str, Sequence[tuple[Place, Place, Expected]]]:
        """Where each formula of the build was built, where it must stand now, and what it must say, by sheet."""
        found: dict[str, list[tuple[Place, Place, Expected]]] = {name: [] for name in self.described}
        for name, held in self.expected.items():
            moves = self.moves[name] or None
            ways = (
                (built, built if moves is None else moves.cell(*built), e) for built, e in held.items() if e.formula
            )
            found[name] = [(built, at, e) for built, at, e in ways if at is not None]
        return found

    def wanted(self, sheet: str, built: Place, e: Expected) -> str:
        """The formula that must stand in a cell, with its references where they stand now."""
        return self.follow(e.text(f"{letters(built[1])}{built[0]}"), sheet)

    def equal(self, sheet: str, built: Place, e: Expected, held: Formula) -> bool:
        """Whether a formula says what it must; those that are filled down are compared once."""
        if held.text == e.formula and held.origin == e.master and not self.moved:
            return True
        wanted, own = self.wanted(sheet, built, e), self.as_built(held.own)
        if wanted == own or self.moved:
            return wanted == own or canonical(wanted) == canonical(own)
        key = relative(e.formula, e.master)
        known = self._alike.get(key)
        if known and moved(known.own, known.cell.a1, held.cell.a1) == held.own:
            return True
        if alike := canonical(wanted) == canonical(own):
            self._alike[key] = held
        return alike

    def where(self, sheet: str, row: int, col: int) -> str:
        """A cell of a generated sheet as a reader finds it."""
        return address(Range(self.mailed.sheets.get(sheet, sheet), row, col, row, col))
