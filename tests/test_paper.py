"""What is printed: wide sheets at 70 % or larger, every column on a page, pages beside one another with their labels."""

from dataclasses import replace

import pytest
from books import choose
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.book.refs import corners
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import letters
from xlmodel.readers.assemble import gather
from xlmodel.sheets.frame import ROOM, paged
from xlmodel.sheets.order import describe

WIDE = ("Ownership", "Fleet", "Claims", "Sensitivity", "API prices")
BOOK = describe(replace(gather(), points=gather(models=["DeepSeek-R1"]).points))
SMALL = choose(gather(models=["GLM-5.1"]), interactivity=30.0).inputs
# five platforms of one's own beside those that are measured: more than a page holds
MANY = describe(replace(SMALL, points=(*SMALL.points, *(
    replace(p, platform=f"Own {i:02}") for i in range(14) for p in SMALL.points if p.group == SMALL.points[0].group))))  # fmt: skip


def areas(sheet: Sheet) -> list[tuple[int, int, int, int]]:
    return [corners(area) for area in sheet.print_area.split(",")]


def width(sheet: Sheet, first: int, last: int) -> float:
    return sum(sheet.widths.get(col, 8.43) for col in range(first, last + 1))


def beside(sheet: Sheet) -> int:
    """Columns that are repeated on every page."""
    return ord(sheet.repeat_columns[-1]) - ord("A") + 1 if sheet.repeat_columns else 0


@pytest.mark.parametrize("name", WIDE)
@pytest.mark.parametrize("book", [BOOK, MANY], ids=["usual", "many platforms"])
def test_no_page_is_wider_than_at_seventy_percent(book: object, name: str) -> None:
    sheet = next(sheet for sheet in book.sheets if sheet.name == name)  # type: ignore[attr-defined]
    repeated = beside(sheet)
    for _, first, _, last in areas(sheet):
        assert width(sheet, first, last) + (width(sheet, 1, repeated) if first > repeated else 0) <= ROOM + 1e-9
    assert not sheet.one_page


def test_many_platforms_are_all_printed_and_none_twice() -> None:
    for name in ("Ownership", "Fleet"):
        sheet = next(sheet for sheet in MANY.sheets if sheet.name == name)
        tables = [(first, last) for _, first, _, last in areas(sheet)[1:]]
        assert len(tables) > 1
        assert [col for first, last in tables for col in range(first, last + 1)] == list(range(1, tables[-1][1] + 1))


@given(st.lists(st.floats(3, 60), min_size=3, max_size=60), st.integers(1, 2))
def test_pages_hold_every_column_once_within_their_room(widths: list[float], labels: int) -> None:
    sheet = Sheet("S", "inputs", "S", widths=dict(enumerate(widths, 1)))
    pages = paged(sheet, len(widths), labels)
    assert [col for first, last in pages for col in range(first, last + 1)] == list(range(1, len(widths) + 1))
    for first, last in pages:
        assert width(sheet, first, last) + (width(sheet, 1, labels) if first > 1 else 0) <= ROOM + 1e-9
    assert sheet.repeat_columns in ("", f"A:{letters(labels)}")
