"""Default inputs, what a reader does to the workbook, and what the Python model then expects."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from xlmodel.book.places import CHECKS, CHOSEN, PRICES, QUOTE_COLUMNS, SCENARIO, SUMMARY, Places
from xlmodel.book.point_places import BENCHMARKS, FIRST, POINT_COLUMNS
from xlmodel.book.record_rows import POINT_FIELDS, QUOTE_FIELDS, row_of
from xlmodel.book.spec import Book, PlainCell, Sheet, formula_cells
from xlmodel.calc.address import Area, Ref, letters
from xlmodel.calc.values import Value
from xlmodel.model.facts import Quote
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs
from xlmodel.model.variants import VARIED
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe
from xlmodel.xlsx.package import write

Edits = dict[tuple[str, str], Value]


@dataclass(frozen=True)
class Edited:
    """Cells a reader typed into the default book, and the inputs they amount to."""

    edits: Edits
    inputs: Inputs


def make(inputs: Inputs, path: Path) -> Book:
    book = describe(inputs, build_date="2026-01-02", build_id="test")
    with path.open("wb") as target:
        write(book, target)
    return book


@dataclass(frozen=True, eq=False)
class _Asked:
    """Inputs by identity: they hold dictionaries, and comparing them would take as long as computing."""

    inputs: Inputs

    def __hash__(self) -> int:
        return id(self.inputs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.inputs is self.inputs


def expected(inputs: Inputs) -> Mapping[tuple[str, str], Value]:
    """What every formula cell must show, by the Python model; tests that ask the same share an answer."""
    return _expected(_Asked(inputs))


@lru_cache(maxsize=32)
def _expected(asked: _Asked) -> Mapping[tuple[str, str], Value]:
    book = describe(asked.inputs, build_date="2026-01-02", build_id="test")
    found = {
        (sheet.name, Ref(sheet.name, row, col).a1): value
        for sheet in book.sheets
        for row, col, value in formula_cells(sheet)
    }
    return MappingProxyType(found)


_AREAS: dict[tuple[str, ...], Mapping[str, Area]] = {}


def area(inputs: Inputs, key: str) -> Area:
    """Where cells of Ownership, Fleet, or Tokens and power stand; these sheets are laid out by the list of platforms alone."""
    platforms = tuple(Places(inputs).platforms)
    if platforms not in _AREAS:
        _AREAS[platforms] = describe(inputs).areas
    return _AREAS[platforms][key]


def platform_cell(inputs: Inputs, key: str, platform: str) -> Ref:
    """The cell of a platform in such a line."""
    found, i = area(inputs, key), Places(inputs).platforms.index(platform)
    return found.cell(i) if found.last_row > found.row else found.cell(0, i)


def formula(sheet: Sheet, row: int, col: int, text: str, values: Value | list[list[Value]]) -> None:
    """A formula by its text, with the value stored beside it, or the range that spills from it."""
    rows = values if isinstance(values, list) else [[values]]
    area = sheet.area(row, col, row + len(rows) - 1, col + len(rows[0]) - 1)
    for i, line in enumerate(rows):
        for j, value in enumerate(line):
            sheet.put(row + i, col + j, value, "Calculation")
    spill = area.a1 if isinstance(values, list) and len(rows) * len(rows[0]) > 1 else area.cell(0).a1
    sheet.cells[row][col] = PlainCell(rows[0][0], "Calculation", "", text, spill if isinstance(values, list) else "")


def typed_choice(name: str) -> Ref:
    """Where a choice is typed: on Summary, or in the first scenario's column of Scenario."""
    if name in VARIED:
        return Ref(SCENARIO, FIRST + VARIED.index(name), 3)
    return Ref(SUMMARY, FIRST, 2 + CHOSEN.index(name))


def own_price(inputs: Inputs, platform: str) -> Ref:
    """Where the own price of a platform is typed."""
    return Ref(PRICES, FIRST + Places(inputs).platforms.index(platform), 2)


def first_quote(inputs: Inputs) -> Ref:
    """The first cell of the quotes, right of the price book."""
    return Ref(PRICES, Places(inputs).quotes_row, len(inputs.bases) + 8)


def choose(inputs: Inputs, **choices: Value) -> Edited:
    """Pick something on Summary or Scenario."""
    cells = {name: typed_choice(name) for name in choices}
    edits: Edits = {(cell.sheet, cell.a1): choices[name] for name, cell in cells.items()}
    return Edited(edits, replace(inputs, scenario=replace(inputs.scenario, **choices)))  # type: ignore[arg-type]


def exclude(inputs: Inputs, rows: list[int]) -> Edited:
    """Set Include to 0 on some rows (0-based)."""
    col = letters(POINT_COLUMNS.index("Include") + 1)
    points = tuple(replace(p, include=False) if i in rows else p for i, p in enumerate(inputs.points))
    return Edited({(BENCHMARKS, f"{col}{FIRST + i}"): 0 for i in rows}, replace(inputs, points=points))


def add(inputs: Inputs, points: list[Point]) -> Edited:
    """Type points under the table."""
    top = FIRST + len(inputs.points)
    edits: Edits = {
        (BENCHMARKS, f"{letters(col)}{top + i}"): value
        for i, point in enumerate(points)
        for col, value in enumerate(row_of(point, POINT_FIELDS), 1)
        if value is not None
    }
    return Edited(edits, replace(inputs, typed=tuple(points)))


def reprice(inputs: Inputs, own: dict[str, float], quotes: list[Quote]) -> Edited:
    """Type own prices, and quotes under the table."""
    edits: Edits = {(PRICES, own_price(inputs, name).a1): value for name, value in own.items()}
    first = first_quote(inputs)
    for i, quote in enumerate(quotes):
        for offset, value in enumerate(row_of(quote, QUOTE_FIELDS)):
            if value is not None:
                edits[PRICES, f"{letters(first.col + offset)}{first.row + len(inputs.quotes) + i}"] = value
    assert len(QUOTE_COLUMNS) == len(row_of(quotes[0], QUOTE_FIELDS)) if quotes else True
    return Edited(edits, replace(inputs, own_prices=own, typed_quotes=tuple(quotes)))


def assume(inputs: Inputs, capital: Mapping[str, float] | None = None, /, **assumptions: Value) -> Edited:
    """Type assumptions on Ownership, own capital by platform, and what Scenario holds for Ownership."""
    cells = {platform_cell(inputs, "ownership.own_capital", name): usd for name, usd in (capital or {}).items()}
    there = {name: value for name, value in assumptions.items() if name in VARIED}
    here = {name: value for name, value in assumptions.items() if name not in VARIED}
    cells |= {area(inputs, f"ownership.{name}").cell(0): value for name, value in here.items()}  # type: ignore[misc]
    on_scenario = choose(inputs, **there)
    typed = replace(inputs.ownership, capital=capital or {}, **here)  # type: ignore[arg-type]
    edits = {(ref.sheet, ref.a1): usd for ref, usd in cells.items()} | on_scenario.edits
    return Edited(edits, replace(on_scenario.inputs, ownership=typed))


def demand(inputs: Inputs, **entries: Value) -> Edited:
    """Type a demand or token prices on Fleet."""
    cells = {name: area(inputs, f"fleet.{name}") for name in entries}
    edits: Edits = {(cell.sheet, cell.cell(0).a1): entries[name] for name, cell in cells.items()}
    return Edited(edits, replace(inputs, fleet=replace(inputs.fleet, **entries)))  # type: ignore[arg-type]


def usual(inputs: Inputs, typed: list[Point]) -> dict[str, Edited]:
    """What every function of the workbook must follow: prices, points, the basis and what prices a token, typed rows."""
    rows = [i for i, p in enumerate(inputs.points) if p.platform == "GB200 NVL72"]
    return {
        "price": reprice(inputs, {"GB200 NVL72": 9.5, "MI355X": 5.25}, []),
        "points": exclude(inputs, rows[::2]),
        "basis": choose(inputs, basis="Oracle list", utilization=0.6, pue=1.4),
        "typed": add(inputs, typed),
    }


def with_fault(inputs: Inputs, cell: Ref, value: Value, path: Path) -> tuple[Book, Path]:
    """A book in which one formula is replaced by a constant."""
    book = describe(inputs, build_date="2026-01-02", build_id="test")
    sheet = next(sheet for sheet in book.sheets if sheet.name == cell.sheet)
    assert sheet.cells[cell.row][cell.col].formula, f"{cell.a1} of {cell.sheet} holds no formula"
    sheet.put(cell.row, cell.col, value)
    with path.open("wb") as target:
        write(book, target)
    return book, path


def passes(book: Book, values: Mapping[tuple[str, str], Value]) -> dict[str, Value]:
    """Computed pass of each check, by its name, and of the master check."""
    checks = next(sheet for sheet in book.sheets if sheet.name == CHECKS)
    rows = {str(cells[1].value): row for row, cells in checks.cells.items() if 5 in cells and cells[5].style == "Check"}
    return {name: values[CHECKS, f"E{row}"] for name, row in rows.items()} | {"master": values[CHECKS, "B4"]}


@cache
def default() -> Inputs:
    """The inputs of the default book; all tests share them, and with them what is expected of it."""
    return gather()
