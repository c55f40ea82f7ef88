"""The workbook under review, with all that the rules look at; each part is made when first asked for."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property

from lxml import etree

from xlmodel.book.built import Built, BuiltSheet, Wear, built_of, mark_of, spelt
from xlmodel.book.contract import Contract
from xlmodel.book.refs import relative
from xlmodel.book.spec import Book
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.returned.check.as_found import dressed, observed, styles_worn
from xlmodel.returned.check.formulas import Cell, Formula, Place, formulas_of, values_of
from xlmodel.returned.check.layout import Moves
from xlmodel.returned.check.moved_lines import lines_moved
from xlmodel.returned.check.recalculated import computed
from xlmodel.returned.check.reference import Expected, built_cells, described, reference_of
from xlmodel.returned.explain.asked import address
from xlmodel.returned.explain.trace import Range
from xlmodel.returned.mailed_file import Mailed
from xlmodel.returned.origin import EXCEL
from xlmodel.returned.typed_inputs import Contents, read_contents
from xlmodel.xlsx.cell_looks import Looks
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.rules.rule_texts import Word, read
from xlmodel.xlsx.texts import Corners, canonical, moved_by, renamed


class Subject:
    """A mailed workbook, its contents, and the book it was built as."""

    def __init__(self, mailed: Mailed, today: datetime.date) -> None:
        self.mailed = mailed
        self.today = today
        self._alike: dict[tuple[str, str], bool] = {}
        self._proven: dict[str, set[Place]] = {}

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
        return self.model or reference_of(self.contents, self.contract)

    @cached_property
    def built(self) -> Built | None:
        """What was built where: as this version describes it, else as the contract says; None where neither knows."""
        if self.reference is not None:
            return built_of(self.reference)
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
        return {name: {(row, col): e for row, col, e in built_cells(sheet)} for name, sheet in held.items()}

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
        return renamed(formula, self._names) if self._names else formula

    def as_now(self, formula: str) -> str:
        """A formula of the build as the file writes it now."""
        return renamed(self.follow(formula), self._now)

    @cached_property
    def _now(self) -> dict[str, str]:
        return {name.casefold(): now for name, now in self.mailed.sheets.items()}

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
        return {name: formulas_of(self.mailed.cells(name)) for name in self.mailed.sheets}

    @cached_property
    def texts(self) -> list[tuple[str, tuple[Word, ...]]]:
        """Every formula of the whole workbook once, as tokens, and where it stands; none that this version writes so."""
        return list(read(self.package, self.known))

    @cached_property
    def known(self) -> Mapping[str, Collection[str]]:
        """Sheet of the file -> cells whose formulas this version writes itself."""
        if self.reference is None:
            return {}
        return {
            now: {f"{letters(col)}{row}" for row, col in self.proven(name)}
            for name, now in self.mailed.sheets.items()
            if name in self.expected
        }

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

    def proven(self, sheet: str) -> Collection[Place]:
        """Cells of a generated sheet that hold the formula of the build."""
        if sheet not in self._proven:
            held = self.formulas[sheet]
            self._proven[sheet] = {
                at for built, at, e in self.places(sheet) if at in held and self.equal(sheet, built, e, held[at])
            }
        return self._proven[sheet]

    @cached_property
    def functions_held(self) -> Collection[str]:
        """Functions of the book that the file defines as the build did."""
        wanted = self.built.functions if self.built else {}
        held = {name.casefold(): text for name, text in self.mailed.defined_names.items()}
        return [
            name
            for name, mark in wanted.items()
            if mark_of(spelt(self.as_built(held.get(name.casefold(), "")))) == mark
        ]

    @cached_property
    def own_formulas(self) -> Mapping[str, Mapping[Place, Formula]]:
        """Every formula of the sheets that people made."""
        return {name: formulas_of(self.mailed.book.cells(name)) for name in self.mailed.own_sheets}

    @cached_property
    def looks(self) -> Looks:
        """How the cells of the file look."""
        return Looks(self.package)

    @cached_property
    def dressed(self) -> Mapping[str, Mapping[Place, tuple[str, str]]]:
        """Cell style and number format that each cell was built with, where the cells stand now."""
        return {n: dict(dressed(sheet, self.styles, self.moves[n])) for n, sheet in self.described.items()}

    @cached_property
    def expected_now(self) -> Mapping[str, Collection[Place]]:
        """Where formulas of the build stand now."""
        return {name: {at for _, at, _ in self.places(name)} for name in self.described}

    def rest(self, sheet: str) -> etree._Element:
        """The XML of a generated sheet without its rows."""
        return self.package.grid(self.mailed.sheets[sheet]).rest

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

    def respelt(self, sheet: str) -> Mapping[Place, str]:
        """Proven formulas that another program wrote in its own way, as the build writes them.

        Gnumeric writes B2:B2 as B2, which not every engine takes for a range.
        """
        if self.mailed.origin.program == EXCEL:
            return {}
        held, proven = self.formulas[sheet], self.proven(sheet)
        return {
            at: renamed(self.wanted(sheet, built, e), self._now)
            for built, at, e in self.places(sheet)
            if at in proven and relative(e.formula, e.master) != relative(held[at].text, held[at].origin)
        }

    def where(self, sheet: str, row: int, col: int) -> str:
        """A cell of a generated sheet as a reader finds it."""
        return address(Range(self.mailed.sheets.get(sheet, sheet), row, col, row, col))
