"""What is printed: wide sheets at 70 % or larger, every column on a page, pages beside one another with their labels.

A landscape A4 page of the built-in margins is 595.28 - 72 x (0.5 + 0.6) = 516.1 points high.
"""

from dataclasses import replace
from itertools import pairwise

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

WIDE = ("Ownership", "Fleet", "Claims", "Sensitivity", "API prices", "Plan")
PAGE = 595.28 - 72 * (0.5 + 0.6)
USUAL = 15.0  # points of a row that is given no height
BOOK = describe(replace(gather(), points=gather(models=["DeepSeek-R1"]).points))
SMALL = choose(gather(models=["GLM-5.1"]), interactivity=30.0).inputs
# five platforms of one's own beside those that are measured: more than a page holds
MANY = describe(replace(SMALL, points=(*SMALL.points, *(
    replace(p, platform=f"Own {i:02}") for i in range(14) for p in SMALL.points if p.group == SMALL.points[0].group))))  # fmt: skip


def areas(sheet: Sheet) -> list[tuple[int, int, int, int]]:
    return [corners(area) for area in sheet.print_area.split(",")]


def width(sheet: Sheet, first: int, last: int) -> float:
    return sum(sheet.widths.get(col, 8.43) for col in range(first, last + 1))


def height(sheet: Sheet, first: int, last: int) -> float:
    """Points on paper."""
    return sum(sheet.heights.get(row, USUAL) for row in range(first, last + 1)) * sheet.scale / 100


def pages(sheet: Sheet) -> list[tuple[int, int]]:
    """First and last row of each printed part between the breaks, from the top of the sheet."""
    parts = []
    for top, _, bottom, _ in areas(sheet):
        cuts = [top - 1, *(row for row in sheet.breaks if top <= row < bottom), bottom]
        parts += [(a + 1, b) for a, b in pairwise(cuts)]
    return parts


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


@pytest.mark.parametrize(("name", "charts"), [("Plan", 4), ("API prices", 1)])
def test_the_results_are_one_page(name: str, charts: int) -> None:
    sheet = next(sheet for sheet in BOOK.sheets if sheet.name == name)
    _, last = pages(sheet)[0]
    assert sheet.scale >= 70
    assert height(sheet, 1, last) <= PAGE
    beside_them = [chart.anchor for chart in sheet.charts if chart.anchor[0] <= last]
    assert len(beside_them) == charts
    for top, _, bottom, _ in beside_them:
        assert bottom - 1 <= last
        assert height(sheet, top, bottom - 1) >= 95  # 3.4 cm on paper


@pytest.mark.parametrize("name", ["Plan", "Sensitivity", "Ownership", "Fleet"])
def test_what_stands_between_two_breaks_is_one_page(name: str) -> None:
    sheet = next(sheet for sheet in BOOK.sheets if sheet.name == name)
    repeated = int(sheet.repeat_rows[2:]) if sheet.repeat_rows else 0  # rows from the first
    for first, last in pages(sheet):
        head = height(sheet, 1, repeated) if first > repeated else 0
        assert head + height(sheet, first, last) <= PAGE, (first, last)


def test_the_title_band_reaches_over_every_printed_column() -> None:
    for sheet in BOOK.sheets:
        if sheet.print_area:
            assert sheet.light == areas(sheet)[0][3], sheet.name


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
