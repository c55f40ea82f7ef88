"""The rows of the tables: those that were built, in the order in which they were built, and those typed below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlmodel.book.contract import BuiltTable, sealed_columns, seals
from xlmodel.book.record_rows import POINT_FIELDS, record_of
from xlmodel.calc.values import Value
from xlmodel.model.point import Point
from xlmodel.readers.arrange import in_order
from xlmodel.returned.mailed_file import Mailed

POINTS, QUOTES, PLATFORMS, HOSTED = "tblBenchmarks", "tblPrices", "tblPlatforms", "tblApiPrices"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number on the sheet, and its cells by heading."""

    number: int
    cells: Mapping[str, Value]

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(value is None or value == "" for value in self.cells.values())


@dataclass(frozen=True, slots=True)
class Rows:
    """A table as it is now.

    Attributes:
        built: the built rows in the order of the build, wherever a reader has sorted them to.
        typed: rows below, up to the last that holds something.
        broken: built rows (0-based) under a seal that no longer holds.
        sorted_away: whether a reader sorted the table.
        missing: headings that were not found; their columns are read where they were built.
    """

    table: BuiltTable
    built: tuple[Row, ...]
    typed: tuple[Row, ...]
    broken: frozenset[int] = frozenset()
    sorted_away: bool = False
    missing: tuple[str, ...] = ()


def read_rows(mailed: Mailed, name: str) -> Rows:
    """The rows of a table of the contract; none when its sheet is gone."""
    table = mailed.contract.tables[name]
    area = mailed.tables.get(name)
    if area is None:
        return Rows(table, (), ())
    columns, missing = columns_now(mailed, table)
    places, cells, value = list(columns.items()), mailed.cells(table.area.sheet), mailed.package.value

    def row(number: int) -> Row:
        return Row(number, {h: None if (c := cells.get((number, col))) is None else value(c) for h, col in places})

    first, last = area.row + 1, area.row + table.count
    built = tuple(row(number) for number in range(first, last + 1))
    below = [row(number) for number in range(last + 1, last + table.spare + 1)]
    while below and below[-1].empty:
        below.pop()
    broken = _broken(table, built)
    found = Rows(table, built, tuple(below), broken, missing=missing)
    if name == POINTS:
        return _in_built_order(mailed, found) if len(broken) > table.count // 2 else found
    return _by_seal(found) if len(broken) > 1 and table.step == 1 else found


def columns_now(mailed: Mailed, table: BuiltTable) -> tuple[dict[str, int], tuple[str, ...]]:
    """Heading -> column where it stands now, and the headings that are not there any more."""
    area = mailed.tables[table.name]
    wide = area.last_col - area.col + 1
    shown: dict[str, int] = {}
    for col in range(area.col, area.col + max(wide, len(table.headers)) + 1):
        text = mailed.value(table.area.sheet, area.row, col)
        if isinstance(text, str):
            shown.setdefault(text.strip().casefold(), col)
    found: dict[str, int] = {}
    missing = []
    for offset, heading in enumerate(table.headers):
        if heading.casefold() not in shown:
            missing.append(heading)
        found[heading] = shown.get(heading.casefold(), area.col + offset)
    return found, tuple(missing)


def values(table: BuiltTable, rows: Sequence[Row]) -> list[list[Value]]:
    """The sealed cells of rows, in the order of the table's columns."""
    names = [table.headers[i] for i in sealed_columns(table.headers, table.free)]
    return [[row.cells[name] for name in names] for row in rows]


def _broken(table: BuiltTable, built: Sequence[Row]) -> frozenset[int]:
    if not table.seals:
        return frozenset()
    now = seals(values(table, built), table.step)
    wrong = [i for i, (a, b) in enumerate(zip(now, table.seals, strict=False)) if a != b]
    return frozenset(row for i in wrong for row in range(i * table.step, min((i + 1) * table.step, table.count)))


def _by_seal(rows: Rows) -> Rows:
    """Rows whose seal is that of another place in that place, the others in the places that are left, in their order."""
    table = rows.table
    held: dict[str, list[Row]] = {}
    for row, seal in zip(rows.built, seals(values(table, rows.built), 1), strict=True):
        held.setdefault(seal, []).append(row)
    known = [found.pop(0) if (found := held.get(seal)) else None for seal in table.seals]
    rest = iter(sorted((row for left in held.values() for row in left), key=lambda row: row.number))
    again = tuple(row or next(rest) for row in known)
    broken = frozenset(i for i, row in enumerate(known) if row is None)
    if len(broken) >= len(rows.broken):
        return rows
    return Rows(table, again, rows.typed, broken, sorted_away=True, missing=rows.missing)


def _in_built_order(mailed: Mailed, rows: Rows) -> Rows:
    """The rows as built when sorting them again mends the seals, else as they stand."""
    points = [record_of(Point, row.cells, POINT_FIELDS) for row in rows.built]
    place = {id(point): i for i, point in enumerate(points)}
    again = tuple(rows.built[place[id(point)]] for point in in_order(points, mailed.contract.models))
    broken = _broken(rows.table, again)
    if len(broken) >= len(rows.broken):
        return rows
    return Rows(rows.table, again, rows.typed, broken, sorted_away=True, missing=rows.missing)
