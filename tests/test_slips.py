"""Unit slips: what is typed in another unit is asked about beside it, fails a check, and is told by `check` and the readers.

Factors are those of hardware and calendars: 2 GPUs a superchip, 8 a server, 72 a rack, 730 hours a month, 8,760 a year.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from books import area, expected, reprice
from worlds import SMALL, Open, opened

from xlmodel.book.places import Places
from xlmodel.calc.values import Value
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.engines.recalculate import differences
from xlmodel.model.facts import Quote
from xlmodel.model.market import Market
from xlmodel.model.scenario import Inputs

PLATFORM = Places(SMALL).platforms[0]
LISTED = float(Market(SMALL).price(PLATFORM))  # type: ignore[arg-type]
# factor on the listed price, and a word of the question
PRICES = (
    ("per superchip", 2, "superchip"), ("per server", 8, "server"), ("per rack", 72, "rack"), ("per month", 730, "month"),
    ("per year", 8_760, "year"), ("in cents", 100, "cents"), ("in thousands", 0.001, "thousands"),
)  # fmt: skip


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    return opened(tmp_path_factory.mktemp("slips") / "small.xlsx", SMALL)


def shown(values: Mapping[tuple[str, str], Value], inputs: Inputs, key: str, i: int) -> Value:
    place = area(inputs, key).cell(i)
    return values[place.sheet, place.a1]


@pytest.mark.engine
@pytest.mark.parametrize(("slip", "factor", "word"), PRICES)
def test_an_own_price_in_another_unit_is_asked_about_in_the_book(book: Open, slip: str, factor: float, word: str) -> None:
    edited = reprice(SMALL, {PLATFORM: LISTED * factor}, [])
    wanted = expected(edited.inputs)
    assert word in str(shown(wanted, SMALL, "prices.doubt", 0)), slip
    assert not differences(book.values(edited.edits), wanted)
