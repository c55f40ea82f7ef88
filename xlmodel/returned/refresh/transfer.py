"""What goes where: every cell that people typed on a generated sheet, and what can only be told.

Nothing is dropped in silence: a cell is carried, or a remark holds what stood there, or the whole old sheet is kept
beside the new one.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlmodel.book.built import Mark
from xlmodel.book.free import Free, seal
from xlmodel.book.places import CHANGES as CHANGES_SHEET
from xlmodel.book.record_rows import API_FIELDS, PLATFORM_FIELDS, POINT_FIELDS, QUOTE_FIELDS, row_of
from xlmodel.book.spec import Book, Sheet
from xlmodel.calc.values import Value, same
from xlmodel.returned.check.cell_rules import cells_beside, unlike
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.mailed_file import CHANGES
from xlmodel.returned.refresh import Remark
from xlmodel.returned.refresh.cell_places import CellPlaces
from xlmodel.returned.refresh.new_data import Renewed
from xlmodel.returned.table_rows import HOSTED, PLATFORMS, POINTS, QUOTES, columns_now

MANY = 30  # typed-over cells of one sheet that are told one by one; more keep the sheet beside
_RECORDS = {
    POINTS: ("points", POINT_FIELDS), QUOTES: ("quotes", QUOTE_FIELDS), HOSTED: ("api_prices", API_FIELDS), PLATFORMS: ("platforms", PLATFORM_FIELDS),
}  # fmt: skip

Place = tuple[int, int]
Deviation = tuple[Place, Value, Value]  # place now, what stands there, what was built
Deviations = Mapping[str, Sequence[Deviation]]  # by sheet


@dataclass(slots=True)
class Transfer:
    """What is done with the cells of the old sheets.

    Attributes:
        copies: new sheet -> (old place, new place) of cells that go along as they are.
        cleared: new sheet -> places that become empty.
        remarks: what can only be told.
        beside: old sheets, by the name of the build, that are kept beside the new ones, with the reason.
    """

    copies: dict[str, list[tuple[Place, Place]]] = field(default_factory=dict)
    cleared: dict[str, list[Place]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    beside: dict[str, str] = field(default_factory=dict)

    def copy(self, sheet: str, old: Place, new: Place) -> None:
        """Take a cell along."""
        self.copies.setdefault(sheet, []).append((old, new))

    def add(self, other: "Transfer") -> None:
        """Do what another one says as well."""
        for sheet, places in other.copies.items():
            self.copies.setdefault(sheet, []).extend(places)
        for sheet, cells in other.cleared.items():
            self.cleared.setdefault(sheet, []).extend(cells)
        self.remarks += other.remarks
        self.beside |= other.beside


def plan(
    s: Subject, book: Book, renewed: Renewed, where: CellPlaces, replaced: set[str], over: Deviations, before: dict[str, Transfer]
) -> Transfer:  # fmt: skip
    """Decide on every cell.

    Args:
        s: the old workbook.
        book: the new book.
        renewed: its inputs, and the way of the rows.
        where: the way of the cells.
        replaced: keys of choices that the new book does not hold.
        over: what was typed over.
        before: what was decided on each sheet for a book that differs in its lines on Changes alone; filled here.
    """
    made = Transfer()
    described = {sheet.name: sheet for sheet in book.sheets}
    made.remarks += _sheets(s, described)
    _inputs(s, book, made, replaced)
    _rows(s, renewed, where, made)
    for name in s.mailed.sheets:
        if name not in described:
            made.beside[name] = "the new book has no such sheet"
        elif name in s.expected:
            if name not in before or name == CHANGES_SHEET:
                before[name] = Transfer()
                _typed_over(s, name, over[name], before[name])
                _beside(s, name, described[name], where, before[name])
            made.add(before[name])
        elif not _untouched(s, name):
            made.beside[name] = "something was typed on it, and this version does not know how it was built"
    return made


def _sheets(s: Subject, described: Collection[str]) -> Iterator[Remark]:
    """Sheets that stand again as the build has them."""
    for name in s.contract.sheets:
        now = s.mailed.sheets.get(name)
        if now is None and name in described:
            typed = any(ref.sheet == name for ref in s.contract.inputs.values())
            with_what = ", its inputs as delivered" if typed else ""
            yield Remark(f"The sheet was gone and is built again{with_what}", f"sheet {name}")
        elif now not in (None, name):
            yield Remark("The sheet has its name back", f"sheet {name}", now, name)


def _inputs(s: Subject, book: Book, made: Transfer, replaced: set[str]) -> None:
    """Inputs go to the place of their key."""
    places = {key: ref for sheet in book.sheets for key, ref in sheet.inputs.items()}
    for key, typed in s.mailed.typed.items():
        new = places.get(key)
        if new is None:
            if typed.value is not None or typed.formula:
                what = f"The new book has no input {key}"
                where = s.where(typed.ref.sheet, typed.ref.row, typed.ref.col)
                made.remarks.append(Remark(what, where, _content(typed.value, typed.formula)))
        elif key not in replaced:
            old = (typed.ref.row, typed.ref.col)
            if typed.ref.sheet == new.sheet and old in s.mailed.cells(typed.ref.sheet):
                made.copy(new.sheet, old, (new.row, new.col))
            else:
                made.cleared.setdefault(new.sheet, []).append((new.row, new.col))


def _rows(s: Subject, renewed: Renewed, where: CellPlaces, made: Transfer) -> None:
    """Rows of people's own as they are; of other rows only what their record cannot hold."""
    ways = {POINTS: renewed.points, QUOTES: renewed.quotes, HOSTED: renewed.hosted}
    for name, held in s.contents.rows.items():
        if name not in s.mailed.tables:
            continue
        sheet = s.mailed.tables[name].sheet
        columns = columns_now(s.mailed, held.table)[0]
        cells = s.mailed.cells(sheet)
        own = set(held.table.own) | held.broken
        for i, row in enumerate(held.built):
            shown = _shown(s, name, i)
            whole = name == CHANGES or (i in own and i in ways.get(name, {}))
            for heading, col in columns.items():
                cell = cells.get((row.number, col))
                if cell is None:
                    continue
                if whole or cell.formula is not None or not same(row.cells[heading], shown.get(heading), 1e-14):
                    _follow(s, sheet, (row.number, col), where, made)
        for row in held.typed:
            for col in columns.values():
                if (row.number, col) in cells:
                    _follow(s, sheet, (row.number, col), where, made)


def _shown(s: Subject, name: str, i: int) -> dict[str, Value]:
    """What the record behind a row would show in it."""
    if name not in _RECORDS:
        return {}
    records, fields = _RECORDS[name]
    return dict(zip(fields, row_of(getattr(s.contents.inputs, records)[i], fields), strict=True))


def _follow(s: Subject, sheet: str, at: Place, where: CellPlaces, made: Transfer) -> None:
    new = where.cell(sheet, *at)
    if new is not None:
        made.copy(sheet, at, new)
    else:
        content = _content(s.mailed.value(sheet, *at), s.mailed.formula(sheet, *at))
        if content is not None:
            made.remarks.append(Remark("Typed into a row that the new data do not hold", s.where(sheet, *at), content))


def _typed_over(s: Subject, name: str, hits: Sequence[Deviation], made: Transfer) -> None:
    """Formulas and words that were typed over: the build's own stand again, and the remark holds what was typed."""
    if len(hits) > MANY:
        made.beside[name] = f"{len(hits)} cells of it were typed over"
        return
    for at, content, built in hits:
        made.remarks.append(Remark("Typed over what the build computes or says; the build's own stands again",
                                   s.where(name, *at), content, built))  # fmt: skip


def typed_over(s: Subject) -> Deviations:
    """The cells of the old workbook that are not as built, outside of what is free."""
    return {name: list(_deviations(s, name)) for name in s.expected}


def _deviations(s: Subject, name: str) -> Iterator[Deviation]:
    formulas, proven = s.formulas[name], s.proven[name]
    for at, _, value, label in unlike(s, name):
        if (held := formulas.get(at)) or value is not None:
            yield at, f"={held.own}" if held else value, str(label) if isinstance(label, Mark) else label
    for _, at, _ in s.places[name]:
        if at in proven:
            continue
        if held := formulas.get(at):
            yield at, f"={held.own}", "another formula"
        elif (value := s.mailed.value(name, *at)) is not None:
            yield at, value, "a formula"


def _beside(s: Subject, name: str, new: Sheet, where: CellPlaces, made: Transfer) -> None:
    """What was typed into empty cells goes along where the new sheet leaves the place empty."""
    theirs = Free.of(new)
    for at, cell in cells_beside(s, name):
        value = s.package.value(cell)
        if cell.formula is None and (value is None or value == ""):
            continue
        to = where.cell(name, *at)
        if to is not None and not _filled(new, *to) and not theirs.holds(*to):
            made.copy(name, at, to)
        else:
            made.remarks.append(Remark("Typed beside, where the new book has something of its own", s.where(name, *at),
                                       _content(value, s.mailed.formula(name, *at))))  # fmt: skip


def _filled(sheet: Sheet, row: int, col: int) -> bool:
    """Whether a described sheet has something of its own in a cell."""
    cell = sheet.cells.get(row, {}).get(col)
    if cell is not None and (cell.formula or cell.value not in (None, "")):
        return True
    for block in sheet.blocks:
        i, j = row - block.row, col - block.col
        if 0 <= i < block.height and 0 <= j < len(block.columns):
            runs = block.columns[j].runs
            if any(run.first <= i <= run.last for run in runs):
                return True
            if not runs and block.columns[j].values[i] not in (None, ""):
                return True
    return False


def _untouched(s: Subject, name: str) -> bool:
    """Whether the constants of a sheet are as built, by the seal in its contract."""
    free = Free.agreed(s.contract, name)
    values = ((at, s.package.value(c)) for at, c in s.mailed.cells(name).items() if c.formula is None)
    cells = [(*at, value) for at, value in values if value not in (None, "") and not free.holds(*at)]
    return seal(cells) == s.contract.seals.get(name)


def _content(value: Value, formula: str) -> Value:
    return f"={formula}" if formula else value
