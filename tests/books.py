"""Default inputs, what a reader does to the workbook, and what the Python model then expects."""

from dataclasses import dataclass, replace
from pathlib import Path

from xlmodel.assemble import gather
from xlmodel.book.address import Ref, letters
from xlmodel.book.order import describe
from xlmodel.book.places import BENCHMARKS, FIRST, POINT_COLUMNS, PRICES, QUOTE_COLUMNS, Places
from xlmodel.book.sheets.benchmarks import row as point_row
from xlmodel.book.sheets.prices import quote_row
from xlmodel.book.spec import Book, formula_cells
from xlmodel.domain.facts import Quote
from xlmodel.domain.point import Point
from xlmodel.domain.scenario import Inputs
from xlmodel.formulas.values import Value
from xlmodel.write.package import write

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


def expected(inputs: Inputs) -> dict[tuple[str, str], Value]:
    """What every formula cell must show, by the Python model."""
    book = describe(inputs, build_date="2026-01-02", build_id="test")
    return {
        (sheet.name, Ref(sheet.name, row, col).a1): value
        for sheet in book.sheets
        for row, col, value in formula_cells(sheet)
    }


def choose(inputs: Inputs, **choices: Value) -> Edited:
    """Pick something on Summary or Scenario."""
    places = Places(inputs)
    edits: Edits = {(places.choice(name).sheet, places.choice(name).a1): value for name, value in choices.items()}
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
        for col, value in enumerate(point_row(point), 1)
        if value is not None
    }
    return Edited(edits, replace(inputs, typed=tuple(points)))


def reprice(inputs: Inputs, own: dict[str, float], quotes: list[Quote]) -> Edited:
    """Type own prices, and quotes under the table."""
    places = Places(inputs)
    edits: Edits = {
        (PRICES, places.own_prices.cell(places.platforms.index(name)).a1): value for name, value in own.items()
    }
    first = places.quotes("Platform")
    for i, quote in enumerate(quotes):
        for offset, value in enumerate(quote_row(quote)):
            if value is not None:
                edits[PRICES, f"{letters(first.col + offset)}{first.row + len(inputs.quotes) + i}"] = value
    assert len(QUOTE_COLUMNS) == len(quote_row(quotes[0])) if quotes else True
    return Edited(edits, replace(inputs, own_prices=own, typed_quotes=tuple(quotes)))


def default() -> Inputs:
    return gather()
