"""Unit slips: what is typed in another unit is asked about beside it, fails a check, and is told by `check` and the readers.

Factors are those of hardware and calendars: 2 GPUs a superchip, 8 a server, 72 a rack, 730 hours a month, 8,760 a year.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from books import add, area, expected, reprice
from worlds import SMALL, Open, opened

from xlmodel.book.places import Places
from xlmodel.calc.values import Value
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.engines.recalculate import differences
from xlmodel.model.facts import Quote
from xlmodel.model.market import Market
from xlmodel.model.plausible import load, of_point, written_share
from xlmodel.model.point import Point
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


def measured() -> Point:
    """A public row whose throughput is nearly what its concurrency allows, with its time to first token."""
    usual = (p for p in SMALL.points if p.workload == "8k/1k" and p.gpus > 2 and p.concurrency > 30 and p.ttft_ms and not of_point(p))
    return min(usual, key=lambda p: abs(work(p) - 0.95) + abs(p.interactivity - 60) / 1000)


def work(p: Point) -> float:
    return float(load(p.throughput, p.gpus, p.concurrency, p.interactivity, written_share(p.workload)))


ROW = replace(measured(), snapshot="2026-09-01", note="", source="ours")
POINTS: tuple[tuple[str, Point, str], ...] = (
    ("right", ROW, ""),
    ("seconds for ms", replace(ROW, ttft_ms=0.9), "seconds"),
    ("output tokens only", replace(ROW, throughput=ROW.throughput / 9), "output tokens"),
    ("the whole server", replace(ROW, throughput=ROW.throughput * ROW.gpus), "whole server"),
    ("the whole server, GPUs not said", replace(ROW, throughput=ROW.throughput * 8, gpus=0), "whole server"),
    ("per user", replace(ROW, throughput=ROW.throughput / ROW.concurrency), "per user"),
    ("swapped", replace(ROW, interactivity=ROW.throughput, throughput=ROW.interactivity), "swapped"),
    ("ms per token", replace(ROW, interactivity=12.0, throughput=ROW.throughput, gpus=ROW.gpus,
                             concurrency=round(ROW.throughput * ROW.gpus / 9 / 0.95 / (1000 / 12.0))), "time per token"),
    ("seconds per token", replace(ROW, interactivity=1 / ROW.interactivity, gpus=0), "seconds per token"),
    ("the row again", measured(), "twice"),
    ("another number at the same operating point", replace(measured(), throughput=measured().throughput / 4), "differs"),
)  # fmt: skip


@pytest.mark.engine
@pytest.mark.parametrize(("slip", "row", "words"), POINTS, ids=[row[0] for row in POINTS])
def test_a_typed_point_in_another_unit_is_asked_about_in_the_book(book: Open, slip: str, row: Point, words: str) -> None:
    edited = add(SMALL, [row])
    wanted, i = expected(edited.inputs), len(SMALL.points)
    asked = str(shown(wanted, SMALL, "point_doubts.doubt", i))
    assert words in asked and bool(words) is bool(asked), slip
    assert not differences(book.values(edited.edits), wanted)
