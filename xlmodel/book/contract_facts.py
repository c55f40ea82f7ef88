"""The contract of a described book, from what each sheet says; what a sheet says stays while its form does.

A book after another of the same form differs in results and in what is typed, which a contract does not tell, and in a few
constants, such as its title and name.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from typing import Any

from xlmodel.book.alike import RENEWED, alike, same_formulas
from xlmodel.book.built import Built, BuiltSheet, built_shared, built_sheet
from xlmodel.book.built_text import Packed, label_line, shared_text, to_texts
from xlmodel.book.contract import BuiltTable, Contract, built_table, mark, texts_of
from xlmodel.book.free import Free, checksum, constant_cells, constants_of, form_lines, form_of, line
from xlmodel.book.spec import Block, Book, PlainCell, Sheet
from xlmodel.calc.values import Value

Place = tuple[int, int]


class SheetFacts:
    """What a contract says of one sheet.

    Attributes:
        marks: of its inputs, by key. tables: as they were built. texts: what was built where. form: see `free.form_lines`.
    """

    def __init__(self, sheet: Sheet, built: BuiltSheet | None = None) -> None:
        self._sheet = sheet
        constants = sorted(constant_cells(sheet), key=lambda cell: cell[:2])
        self._at: dict[Place, int] = {(row, col): i for i, (row, col, _) in enumerate(constants)}
        self._lines = [line(*cell) for cell in constants]
        self._places = [(0, 0), *self._at]
        self.texts = to_texts(built or built_sheet(sheet))
        self._labels = self.texts["labels"].split("\n")
        self.form = form_lines(sheet, self._lines)
        self.marks = _marks(sheet)
        self.tables = [built_table(sheet, table) for table in sheet.tables if table.kept]

    @property
    def seal(self) -> str:
        """Checksum of its constants."""
        return checksum("\n".join(self._lines))

    def follow(self, sheet: Sheet) -> bool:
        """Say the same of the sheet in the next book; False where it has another form, so that all must be looked at anew."""
        changed = _changed(self._sheet, sheet)
        if changed is None:
            return False
        free = Free.of(sheet)
        constants = {place: cell.value for place, cell in changed.items() if not cell.formula}
        said = {place: value for place, value in constants.items() if not free.holds(*place)}
        if any(place not in self._at or value in (None, "") for place, value in said.items()):
            return False
        for place, value in said.items():
            self._say(place, value)
        if said:
            self.texts = {**self.texts, "labels": "\n".join(self._labels)}
            self.marks = _marks(sheet)
        if constants:
            self.tables = [self._table(sheet, table, constants) for table in self.tables]
        self._sheet = sheet
        return True

    def _say(self, place: Place, value: Value) -> None:
        i = self._at[place]
        now, before = line(*place, value), self._lines[i]
        self._lines[i] = now
        self._labels[i] = label_line(place, self._places[i], value)
        del self.form[bisect_left(self.form, before)]
        insort(self.form, now)

    def _table(self, sheet: Sheet, table: BuiltTable, constants: Iterable[Place]) -> BuiltTable:
        a = table.area
        inside = any(a.row <= row <= a.last_row and a.col <= col <= a.last_col for row, col in constants)
        return built_table(sheet, next(t for t in sheet.tables if t.name == table.name)) if inside else table


class ContractFacts:
    """What the last contract said, by sheet, and of what the sheets share."""

    def __init__(self) -> None:
        self._sheets: dict[str, SheetFacts] = {}
        self._shared: tuple[Any, Any, str] = None, None, ""

    def sheets(self, sheets: Iterable[Sheet], built: Mapping[str, BuiltSheet]) -> dict[str, SheetFacts]:
        """The facts of all sheets."""
        held, self._sheets = self._sheets, {}
        for sheet in sheets:
            facts = held.get(sheet.name)
            follows = facts is not None and facts.follow(sheet)
            self._sheets[sheet.name] = facts if facts and follows else SheetFacts(sheet, built.get(sheet.name))
        return self._sheets

    def shared(self, book: Book) -> str:
        """What the sheets share."""
        if self._shared[:2] != (book.names, book.functions):
            self._shared = book.names, book.functions, shared_text(built_shared(book))
        return self._shared[2]


def contract_of(book: Book, version: str, built: Built | None = None, said: ContractFacts | None = None) -> Contract:
    """The contract of a described book.

    `built` is what it puts where, if that is known; what was `said` in the last contract is said again where it holds.
    """
    said = said or ContractFacts()
    facts = said.sheets(book.sheets, built.sheets if built else {})
    return Contract(
        version=version,
        edition=book.edition,
        build_id=book.build_id,
        date=book.build_date,
        title=book.title,
        sheets=tuple(facts),
        inputs={key: ref for sheet in book.sheets for key, ref in sheet.inputs.items()},
        marks={key: said for fact in facts.values() for key, said in fact.marks.items()},
        outputs={key: place for sheet in book.sheets for key, place in sheet.outputs.items()},
        tables={table.name: table for fact in facts.values() for table in fact.tables},
        models=book.models,
        left_out=book.left_out,
        knot_rows=book.knot_rows,
        seals={name: fact.seal for name, fact in facts.items()},
        form=form_of({name: fact.form for name, fact in facts.items()}),
        built=Packed({name: fact.texts for name, fact in facts.items()}, said.shared(book)),
    )


def _marks(sheet: Sheet) -> dict[str, str]:
    typed = {(ref.row, ref.col) for ref in sheet.inputs.values()}
    text = texts_of(sheet)
    return {key: mark(text, ref.row, ref.col, typed) for key, ref in sheet.inputs.items()}


def _changed(before: Sheet, now: Sheet) -> dict[Place, PlainCell] | None:
    """The cells that hold another value; None where the sheet has another form."""
    one_form = alike(before, now, RENEWED) and _same_blocks(before.blocks, now.blocks)
    if not one_form or before.cells.keys() != now.cells.keys():
        return None
    found: dict[Place, PlainCell] = {}
    for row, cells in now.cells.items():
        old = before.cells[row]
        if old is cells:
            continue
        if old.keys() != cells.keys():
            return None
        for col, cell in cells.items():
            if cell is old[col]:
                continue
            if cell[1:] != old[col][1:]:
                return None
            found[row, col] = cell
    return found


def _same_blocks(before: list[Block], now: list[Block]) -> bool:
    """Whether blocks hold the same but for the results of their formulas."""
    pairs = zip(before, now, strict=False)
    return same_formulas(before, now) and all(
        x is y or all(p == q for p, q in zip(constants_of(x), constants_of(y), strict=True))
        for a, b in pairs
        if a is not b
        for x, y in zip(a.columns, b.columns, strict=True)
    )
