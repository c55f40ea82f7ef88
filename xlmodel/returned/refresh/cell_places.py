"""Where each cell of the old book stands in the new one: lines are followed by the words on them, rows of tables by what they are.

A reference that cannot be followed is never guessed: its place is None.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from xlmodel.book.free import Free
from xlmodel.book.spec import Book, Sheet
from xlmodel.calc.values import Value
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.mailed_file import CHANGES
from xlmodel.returned.refresh.followed_lines import REPEATS, Lines, by_line, followed, word
from xlmodel.returned.refresh.new_data import Renewed
from xlmodel.returned.table_rows import HOSTED, POINTS, QUOTES
from xlmodel.xlsx.texts import LAST_COL, LAST_ROW, Corners

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tables:
    """A table before and after: its corners, and built row -> new row."""

    old: Corners
    new: Corners
    rows: Mapping[int, int]
    spare: int


@dataclass(slots=True)
class CellPlaces:
    """The way from the old book to the new one, by the names of the generated sheets.

    Attributes:
        names: name of a sheet in the old file -> its name in the new book.
        rows, cols: by sheet. tables: by sheet.
        headings: by sheet, the lowest first: old row of a line of headings, and the way of the columns under them.
    """

    names: Mapping[str, str]
    rows: dict[str, Lines] = field(default_factory=dict)
    cols: dict[str, Lines] = field(default_factory=dict)
    tables: dict[str, list[Tables]] = field(default_factory=dict)
    headings: dict[str, list[tuple[int, dict[int, int | None]]]] = field(default_factory=dict)

    def cell(self, sheet: str, row: int, col: int) -> tuple[int, int] | None:
        """Where a cell of a generated sheet (by its name in the book) stands in the new book."""
        for table in self.tables.get(sheet, ()):
            found = _in_table(table, row, col)
            if found is not None:
                return found if found != (0, 0) else None
        r, c = self.rows[sheet].get(row), self._col(sheet, row, col)
        return None if r is None or c is None else (r, c)

    def _col(self, sheet: str, row: int, col: int) -> int | None:
        """The new column, by the nearest heading above: two blocks of a sheet may widen differently."""
        for heading, ways in self.headings.get(sheet, ()):
            if heading <= row and col in ways:
                return ways[col]
        return self.cols[sheet].get(col)

    def area(self, sheet: str, corners: Corners) -> Corners | None:
        """Where a range stands in the new book; the whole of a table's rows stays the whole."""
        top, left, bottom, right = corners
        rows, cols = self.rows[sheet], self.cols[sheet]
        if bottom == LAST_ROW and top == 1:
            return _lines(corners, cols.get(left), cols.get(right), across=True)
        if right == LAST_COL and left == 1:
            return _lines(corners, rows.get(top), rows.get(bottom), across=False)
        for table in self.tables.get(sheet, ()):
            first, last = table.old[0] + 1, table.old[2]
            if (
                table.old[1] <= left
                and right <= table.old[3]
                and top in (first - 1, first)
                and last <= bottom <= last + table.spare
            ):
                a, b = self.cell(sheet, first, left), self.cell(sheet, first, right)
                shift = bottom - last
                if left == right or (a and b):
                    col = table.new[1] + left - table.old[1]
                    return table.new[0] + top - table.old[0], col, table.new[2] + shift, col + right - left
        a, b = self.cell(sheet, top, left), self.cell(sheet, bottom, right)
        if a is None or b is None or b[0] - a[0] != bottom - top or b[1] - a[1] != right - left:
            return None
        return (*a, *b)

    def move(self, name: str, corners: Corners) -> Corners | None:
        """The same for a sheet by its name in the old file; ranges of own sheets stay."""
        sheet = self._built(name)
        return self.area(sheet, corners) if sheet else corners

    def span(self, name: str, corners: Corners) -> Corners | None:
        """The same where only the ends count: lines may have come or gone between them."""
        found, sheet = self.move(name, corners), self._built(name)
        if found is None and sheet:
            a, b = self.cell(sheet, *corners[:2]), self.cell(sheet, *corners[2:])
            return (*a, *b) if a and b and a[0] <= b[0] and a[1] <= b[1] else None
        return found

    def _built(self, name: str) -> str:
        """The sheet of the build that has a name in the old file; empty for own sheets."""
        return next((built for old, built in self.names.items() if old.casefold() == name.casefold()), "")


def _lines(corners: Corners, first: int | None, last: int | None, *, across: bool) -> Corners | None:
    """Whole columns or rows where they stand now."""
    if first is None or last is None:
        return None
    return (1, first, LAST_ROW, last) if across else (first, 1, last, LAST_COL)


def places(s: Subject, book: Book, renewed: Renewed) -> CellPlaces:
    """Follow every line of the old workbook into the new book."""
    found = CellPlaces({now: name for name, now in s.mailed.sheets.items()})
    follow(found, s.mailed.sheets, s, book, renewed)
    return found


def follow(found: CellPlaces, sheets: Iterable[str], s: Subject, book: Book, renewed: Renewed) -> None:
    """Follow the lines of some sheets."""
    described = {sheet.name: sheet for sheet in book.sheets}
    for name in sheets:
        if name not in described:
            found.rows[name] = found.cols[name] = Lines({}, 1 << 20, 0)
            continue
        old, new = _old_words(s, name), _new_words(described[name])
        shared = set(old.values()) & set(new.values())  # what people typed, and what says another build, is no guide
        old, new = ({at: text for at, text in words.items() if text in shared} for words in (old, new))
        found.rows[name] = followed(by_line(old, 0), by_line(new, 0))
        found.cols[name] = followed(by_line(old, 1), by_line(new, 1))
        found.headings[name] = _headings(old, new, found.rows[name], described[name])
        found.tables[name] = list(_tables(s, name, described[name], renewed))


def _headings(
    old: Mapping[Place, str], new: Mapping[Place, str], rows: Lines, sheet: Sheet
) -> list[tuple[int, dict[int, int | None]]]:
    """Lines of headings that stand in both books, and where each of their columns went."""
    lines = [row for row, cells in sheet.cells.items() if sum(cell.style == "Column" for cell in cells.values()) > 1]
    back = {new_row: old_row for old_row, new_row in rows.found.items()}
    found = []
    for line in sorted(lines, reverse=True):
        if line in back:
            a = [(col, text) for (row, col), text in sorted(old.items()) if row == back[line]]
            b = [(col, text) for (row, col), text in sorted(new.items()) if row == line]
            ways: dict[int, int | None] = {col: None for col, _ in a}
            matcher = SequenceMatcher(a=[text for _, text in a], b=[text for _, text in b], autojunk=False)
            for block in matcher.get_matching_blocks():
                ways |= {a[block.a + i][0]: b[block.b + i][0] for i in range(block.size)}
            found.append((back[line], ways))
    return found


def _old_words(s: Subject, name: str) -> dict[Place, str]:
    """Words of an old sheet outside inputs and tables, which are other in the new book; those that people typed beside are no guide."""
    free = Free.agreed(s.contract, name)
    moves = s.moves.get(name)
    areas = tuple(area for a in free.areas if (area := moves.area(a) if moves else a))
    cells = frozenset((t.ref.row, t.ref.col) for t in s.mailed.typed.values() if t.ref.sheet == name)
    free = Free(cells if moves else cells | free.cells, areas)
    built = s.expected.get(name)
    known = {moves.cell(*at) for at in built} if built and moves else built
    found = {}
    for at, cell in s.mailed.cells(name).items():
        if known is not None and at not in known:
            continue
        if (cell.formula is not None and cell.kind == "n") or free.holds(*at):  # most cells of a book
            continue
        if text := word(s.package.value(cell), None if cell.formula is None else s.formulas[name][at].text):
            found[at] = text
    return found


def _new_words(sheet: Sheet) -> dict[Place, str]:
    free = Free.of(sheet)
    found = {}
    for row, col, value, formula in _contents(sheet):
        if not free.holds(row, col) and (text := word(value, formula)):
            found[row, col] = text
    return found


def _contents(sheet: Sheet) -> Iterator[tuple[int, int, Value, str | None]]:
    """Row, column, value and formula of the cells of a described sheet; of formulas filled down only what may be followed."""
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            yield row, col, cell.value, cell.formula or None
    for block in sheet.blocks:
        for col, column in enumerate(block.columns, block.col):
            if not column.runs:
                yield from ((row, col, value, None) for row, value in enumerate(column.values, block.row))
            for run in column.runs:
                if REPEATS.fullmatch(run.formula):
                    for i in range(run.first, run.last + 1):
                        yield block.row + i, col, column.values[i], run.formula


def _tables(s: Subject, name: str, sheet: Sheet, renewed: Renewed) -> Iterable[Tables]:
    """The tables of a sheet with the way of their rows."""
    rows_of = {POINTS: renewed.points, QUOTES: renewed.quotes, HOSTED: renewed.hosted}
    areas = {table.name: table.area for table in sheet.tables if table.kept}
    for key, table in s.contract.tables.items():
        area = areas.get(key)
        if table.area.sheet != name or area is None or key not in s.mailed.tables:
            continue
        now = s.mailed.tables[key]
        held = s.contents.rows[key]
        first = area.row + 1
        if key == CHANGES:
            rows = {row.number: first + i for i, row in enumerate(held.built)}
            typed = {
                row.number: first + len(held.built) + i for i, row in enumerate(r for r in held.typed if not r.empty)
            }
        else:
            way = rows_of.get(key)
            if way is None:
                way = _by_name(s, key, renewed)
            rows = {held.built[i].number: first + j for i, j in way.items()}
            typed = {row.number: area.last_row + 1 + i for i, row in enumerate(held.typed)}
        last = now.row + table.count
        corners = (now.row, now.col, last, now.last_col)
        yield Tables(corners, (area.row, area.col, area.last_row, area.last_col), rows | typed, table.spare)


def _by_name(s: Subject, key: str, renewed: Renewed) -> dict[int, int]:
    """Rows of the platform facts, by name."""
    names = {fact.platform: i for i, fact in enumerate(renewed.inputs.platforms)}
    shown = [str(row.cells.get("Platform") or "") for row in s.contents.rows[key].built]
    return {i: names[name] for i, name in enumerate(shown) if name in names}


def _in_table(table: Tables, row: int, col: int) -> tuple[int, int] | None:
    """Where a cell of a table went: None for a cell outside it, (0, 0) for a row that is gone."""
    top, left, bottom, right = table.old
    if not (top <= row <= bottom + table.spare and left <= col <= right):
        return None
    to_col = table.new[1] + col - left
    if row == top:
        return table.new[0], to_col
    if row > bottom and row not in table.rows:  # an empty row below
        return table.new[2] + row - bottom, to_col
    return (table.rows[row], to_col) if row in table.rows else (0, 0)
