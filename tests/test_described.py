"""A book described for its form alone is the same book without values, and a line on Changes leaves all else as it is."""

from dataclasses import replace

import pytest
from books import default

from xlmodel.book.built import built_of
from xlmodel.book.contract_facts import contract_of
from xlmodel.book.free import form
from xlmodel.book.spec import Book, formula_cells
from xlmodel.model.facts import Change
from xlmodel.sheets.order import describe, redated, retold

BASE = default()
DAY = "2026-01-02"


@pytest.fixture(scope="module")
def book() -> Book:
    return describe(BASE, build_date=DAY)


def test_the_form_of_a_book_is_known_without_its_values(book: Book) -> None:
    form = describe(BASE, build_date=DAY, valued=False)
    assert contract_of(form, "1") == contract_of(book, "1")
    assert [sheet.heights for sheet in form.sheets] == [sheet.heights for sheet in book.sheets]
    computed = [value for sheet in form.sheets for _, _, value in formula_cells(sheet)]
    assert computed.count(None) > 0.99 * len(computed)


def test_a_line_on_changes_is_told_without_describing_the_rest_again(book: Book) -> None:
    lines = (Change(DAY, "Built", "Summary", None, 0.05), Change(DAY, "A price", "Prices!B8", 2.5, 3, 0.01, "a note"))
    told = replace(BASE, changes=lines)
    assert retold(book, told) == describe(told, build_date=DAY)


def test_a_book_of_another_day_has_the_form_of_that_day(book: Book) -> None:
    other, known = (
        describe(BASE, build_date="2026-03-04", build_id="0badcafe", valued=False),
        redated(book, "2026-03-04", "0badcafe"),
    )
    assert form(known) == form(other) != form(book)
    assert built_of(known) == built_of(other)
    assert [sheet.heights for sheet in known.sheets] == [sheet.heights for sheet in other.sheets]
