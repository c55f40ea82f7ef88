"""What formula cells must show by an engine: the workbook's own formulas, computed from what its cells hold now.

The engine never sees the file itself, only names, values and formulas written out of it. Formulas that are proven to
be those of the build are computed here; others, of a book that nobody can describe or of own sheets, in a process
that is stopped when it takes too long.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.book.refs import column_number, corners
from xlmodel.calc.values import Value
from xlmodel.engines.apart import computed_apart
from xlmodel.returned.origin import EXCEL
from xlmodel.xlsx.bare import BareSheet, write_bare
from xlmodel.xlsx.texts import LAST_COL, LAST_ROW, renamed

if TYPE_CHECKING:
    from xlmodel.returned.check.formulas import Formula
    from xlmodel.returned.check.subject import Subject

Place = tuple[int, int]
Cell = tuple[str, Place]
PLAIN = frozenset(
    [
        "ABS",
        "AND",
        "AVERAGE",
        "AVERAGEIF",
        "CEILING",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "EXP",
        "FLOOR",
        "HLOOKUP",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "ISERROR",
        "ISNA",
        "ISNUMBER",
        "LARGE",
        "LN",
        "LOG",
        "LOG10",
        "LOOKUP",
        "MATCH",
        "MAX",
        "MEDIAN",
        "MIN",
        "MOD",
        "NA",
        "NOT",
        "OR",
        "PI",
        "POWER",
        "PRODUCT",
        "ROUND",
        "ROUNDDOWN",
        "ROUNDUP",
        "SIGN",
        "SMALL",
        "SQRT",
        "SUM",
        "SUMIF",
        "SUMIFS",
        "SUMPRODUCT",
        "VLOOKUP",
    ]
)  # of own formulas: every engine computes them alike
MAX_CELLS = 200_000  # formula cells of own sheets that are computed
MAX_AREA = 3_000_000  # cells of a range in an own formula that is computed: two whole columns, not a whole sheet
_RANGE = re.compile(r"\$?([A-Z]{0,3})\$?([0-9]{0,7}):\$?([A-Z]{0,3})\$?([0-9]{0,7})", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z_][\w.]*(?=\()")
_TEXT = re.compile(r'"(?:[^"]|"")*"')


def computed(s: "Subject") -> Mapping[Cell, Value]:
    """What each formula cell shows: generated sheets under their name in the build, own ones under their own."""
    sheets = {now: _generated(s, name) for name, now in s.mailed.sheets.items()}
    functions = {name.casefold() for name in s.functions_held}
    own = dict(_own(s, functions))
    sheets |= own
    names = {name: text for name, text in s.mailed.defined_names.items() if _tame_name(s, name, text)}
    order = {name: i for i, name in enumerate(sheets)}
    back = {now: name for name, now in s.mailed.sheets.items()}
    asked: list[tuple[str, Place]] = []
    for now, sheet in sheets.items():
        asked += ((now, at) for at in sheet.formulas)
        asked += ((now, (row, col)) for first, col, last in sheet.filled for row in range(first, last + 1))
    with tempfile.TemporaryDirectory(prefix="xlmodel-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "book.xlsx"
        write_bare(path, sheets, names)
        found = computed_apart(path, [(order[sheet], *at) for sheet, at in asked])
    if found is None:
        return {}
    return {(back.get(sheet, sheet), at): value for (sheet, at), value in zip(asked, found, strict=True)}


def _generated(s: "Subject", name: str) -> BareSheet:
    """A generated sheet: proven formulas as they stand, all other cells as values."""
    made = BareSheet()
    known = s.built is not None
    proven = s.proven.get(name, ()) if known else s.formulas[name].keys()
    respelt = _respelt(s, name) if known and name in s.proven else {}
    spilled: list[tuple[int, int, int, int]] = []
    runs: dict[tuple[int, str, str], list[int]] = {}
    for at in proven:
        held = s.formulas[name][at]
        if held.cell.shape == "array" and ":" in held.cell.ref:
            made.arrays[at] = held.cell.ref
            spilled.append(corners(held.cell.ref))
        if at not in respelt and held.cell.shape == "shared" and "!" not in held.text:
            runs.setdefault((at[1], held.text, held.origin), []).append(at[0])
        else:
            made.formulas[at] = respelt.get(at) or held.own
    for (col, _, _), rows in runs.items():
        for first, last in _stretches(sorted(rows)):
            made.filled[first, col, last] = s.formulas[name][first, col].own
    for at, cell in s.mailed.cells(name).items():
        inside = any(top <= at[0] <= bottom and left <= at[1] <= right for top, left, bottom, right in spilled)
        if at not in proven and not inside:
            made.values[at] = s.package.value(cell)
    return made


def _respelt(s: "Subject", sheet: str) -> Mapping[Place, str]:
    """Proven formulas that another program wrote in its own way, as the build writes them.

    Gnumeric writes B2:B2 as B2, which not every engine takes for a range.
    """
    if s.mailed.origin.program == EXCEL:
        return {}
    held, proven = s.formulas[sheet], s.proven[sheet]
    return {
        at: renamed(s.wanted(sheet, built, e), s.names_now)
        for built, at, e in s.places[sheet]
        if at in proven and (held[at].text, held[at].origin) != (e.formula, e.master)
        if held[at].own != e.text(held[at].cell.a1)
    }


def _stretches(rows: list[int]) -> Iterator[tuple[int, int]]:
    first = last = rows[0]
    for row in rows[1:]:
        if row != last + 1:
            yield first, last
            first = row
        last = row
    yield first, last


def _own(s: "Subject", functions: set[str]) -> Iterator[tuple[str, BareSheet]]:
    """Sheets of people's own: formulas that every engine computes alike, all else as values."""
    left = MAX_CELLS
    for name in s.mailed.own_sheets:
        made = BareSheet()
        for at, held in s.own_formulas[name].items():
            if left > 0 and tame(held, functions):
                left -= 1
                made.formulas[at] = held.own
        for at, cell in s.mailed.book.cells(name).items():
            if at not in made.formulas:
                made.values[at] = s.package.value(cell)
        yield name, made


def tame(held: "Formula", functions: set[str]) -> bool:
    """Whether an own formula can be judged: plain functions and those of the book, no other workbook, array or vast range."""
    if held.cell.shape in ("array", "dataTable") and not held.cell.dynamic:
        return False
    text = _TEXT.sub('""', held.text)
    if (
        "[" in text
        or "#REF!" in text
        or "@" in text
        or any(_cells(*m.groups()) > MAX_AREA for m in _RANGE.finditer(text))
    ):
        return False
    called = (word.removeprefix("_xlfn.") for word in _WORD.findall(text))
    return all(word.upper() in PLAIN or word.casefold() in functions for word in called)


def _cells(left: str, top: str, right: str, bottom: str) -> int:
    """How many cells a range has; whole rows and columns reach the end of the sheet."""
    wide = 1 + abs(column_number(right.upper()) - column_number(left.upper())) if left and right else LAST_COL
    high = 1 + abs(int(bottom) - int(top)) if top and bottom else LAST_ROW
    return wide * high


def _tame_name(s: "Subject", name: str, text: str) -> bool:
    """Whether a name goes along: those of the build, and plain references."""
    built = s.built
    if "[" in text or "#REF!" in text or len(text) > 20_000:
        return False
    if built and name.casefold() in {n.casefold() for n in (*built.names, *built.functions)}:
        return True
    return built is None or not _WORD.search(_TEXT.sub('""', text))
