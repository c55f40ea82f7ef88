"""Where the tables of a build stand in a file whose program dropped them: by their headings, and by the formulas that read them.

A table ends where the build ended it. Rows typed below look like any other, but every formula over a column names its
last spare row, wherever people have moved it since.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from xlmodel.book.contract import BuiltTable
from xlmodel.book.places import SPARE_HOSTED, SPARE_QUOTES
from xlmodel.book.point_places import SPARE_POINTS
from xlmodel.book.refs import position
from xlmodel.calc.address import Area, letters, quoted
from xlmodel.calc.values import Value
from xlmodel.returned.table_rows import HOSTED, POINTS, QUOTES
from xlmodel.xlsx.parts import Package

_SPARE = {POINTS: SPARE_POINTS, QUOTES: SPARE_QUOTES, HOSTED: SPARE_HOSTED}
_FIRST = 60  # rows in which a table begins

Values = Mapping[tuple[int, int], Value]


def lost_tables(package: Package, fields: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, BuiltTable]]:
    """Name and place of each table of `fields` (name -> its headings) that the words of a sheet show."""
    for sheet in package.sheets:
        values = {position(cell.a1): package.value(cell) for cell in package.grid(sheet).cells if cell.formula is None}
        lines: dict[int, dict[str, int]] = {}
        for (row, col), value in values.items():
            if isinstance(value, str) and col <= _FIRST and row <= _FIRST:
                lines.setdefault(row, {}).setdefault(value.strip(), col)
        for name, headings in fields.items():
            found = next((row for row, texts in lines.items() if texts.keys() >= headings.keys()), None)
            if found is not None:
                yield name, _table(package, sheet, name, values, found, headings)


def _table(
    package: Package, sheet: str, name: str, values: Values, row: int, headings: Mapping[str, str]
) -> BuiltTable:
    """The table under a row of headings; the leftmost run that holds them all."""
    texts = {col: value for (r, col), value in values.items() if r == row and isinstance(value, str)}
    wide = len(headings)
    starts = (col for col in sorted(texts) if {texts.get(col + i, "").strip() for i in range(wide)} >= headings.keys())
    left = next(starts, min(texts))
    last = _last_read(package, sheet, row + 1, left, left + wide - 1) - _SPARE.get(name, 0)
    if last <= row:
        last = row
        while any(values.get((last + 1, col)) not in (None, "") for col in range(left, left + wide)):
            last += 1
    area = Area(sheet, row, left, last, left + wide - 1)
    return BuiltTable(name, area, tuple(texts.get(left + i, "").strip() for i in range(wide)))


def _last_read(package: Package, sheet: str, first: int, left: int, right: int) -> int:
    """The last row of the range that most formulas read a column of the table over; 0 when none does."""
    cols = "|".join(letters(col) for col in range(left, right + 1))
    home = "|".join(re.escape(name) for name in {f"{quoted(sheet)}!", f"'{sheet}'!", f"{sheet}!"})
    over = rf"\$({cols})\${first}:\$\1\$(\d+)"
    here, away = re.compile(rf"(?<![!:$A-Z]){over}"), re.compile(rf"(?:{home}){over}")
    rows: Counter[int] = Counter()
    for name in package.sheets:
        for cell in package.grid(name).cells:
            if cell.formula:
                rows.update(int(m[2]) for m in (here if name == sheet else away).finditer(cell.formula))
    return rows.most_common(1)[0][0] if rows else 0
