"""Unit slips: what is typed in another unit is asked about beside it, fails a check, and is told by `check` and the readers.

Factors are those of hardware and calendars: 2 GPUs a superchip, 8 a server, 72 a rack, 730 hours a month, 8,760 a year.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from books import add, area, expected, make, passes, reprice
from worlds import SMALL, Open, opened

from xlmodel.book.places import Places
from xlmodel.calc.values import Value
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.engines.recalculate import differences
from xlmodel.errors import Round
from xlmodel.model.doubts import of_quote
from xlmodel.model.facts import Quote
from xlmodel.model.market import Market
from xlmodel.model.plausible import load, of_point, written_share
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs
from xlmodel.readers import bundled
from xlmodel.readers.assemble import Asked, gather_all
from xlmodel.readers.config import Config
from xlmodel.returned.check.run_check import audit

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
def test_an_own_price_in_another_unit_is_asked_about_in_the_book(
    book: Open, slip: str, factor: float, word: str
) -> None:
    edited = reprice(SMALL, {PLATFORM: LISTED * factor}, [])
    wanted = expected(edited.inputs)
    assert word in str(shown(wanted, SMALL, "prices.doubt", 0)), slip
    assert not differences(book.values(edited.edits), wanted)


def measured() -> Point:
    """A public row whose throughput is nearly what its concurrency allows, with its time to first token."""
    usual = (
        p
        for p in SMALL.points
        if p.workload == "8k/1k" and p.gpus > 2 and p.concurrency > 30 and p.ttft_ms and not of_point(p)
    )
    return min(usual, key=lambda p: abs(work(p) - 0.95) + abs(p.interactivity - 60) / 1000)


def work(p: Point) -> float:
    return float(load(p.throughput, p.gpus, p.concurrency, p.interactivity, written_share(p.workload)))


ROW = replace(measured(), snapshot="2026-09-01", note="", source="ours")
POINTS: tuple[tuple[str, Point, str], ...] = (
    ("right", ROW, ""),
    ("seconds for ms", replace(ROW, ttft_ms=2.4, throughput=ROW.throughput * 1.01), "seconds"),
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
def test_a_typed_point_in_another_unit_is_asked_about_in_the_book(
    book: Open, slip: str, row: Point, words: str
) -> None:
    edited = add(SMALL, [row])
    wanted, i = expected(edited.inputs), len(SMALL.points)
    asked = str(shown(wanted, SMALL, "point_doubts.doubt", i))
    assert words in asked, slip
    assert bool(words) is bool(asked), slip
    assert not differences(book.values(edited.edits), wanted)


def quote(factor: float, **words: str) -> Quote:
    return Quote(
        PLATFORM, "Ours", "contract", SMALL.scenario.basis, LISTED * factor, "2026-09-01", "offer", "high", **words
    )


def edited(inputs: Inputs) -> tuple[Inputs, int]:
    """A book in which every slip was made, and how many they are."""
    quotes = tuple(quote(factor) for _, factor, _ in PRICES)
    points = tuple(row for _, row, words in POINTS if words and words not in ("twice", "differs"))
    capital = dict(zip(Places(inputs).platforms, (31.0, 250_000.0), strict=False))
    made = replace(
        inputs, typed=points, typed_quotes=quotes, own_prices={PLATFORM: LISTED * 8},
        scenario=replace(inputs.scenario, usd_per_kwh=8.0, g_per_kwh=0.4, cached_ratio=10.0),
        ownership=replace(inputs.ownership, capital=capital, colocation=0.12),
    )  # fmt: skip
    return made, len(quotes) + len(points) + 1 + 4 + len(capital)


@pytest.mark.engine
def test_check_names_every_slip_and_the_book_counts_them(tmp_path: Path) -> None:
    inputs, count = edited(SMALL)
    book = make(inputs, tmp_path / "slips.xlsx")
    found = [finding for finding in audit(tmp_path / "slips.xlsx").findings if finding.rule == "slips"]
    assert len(found) == count, "\n".join(f"{f.where}: {f.found}: {f.expected}" for f in found)
    assert [finding.severity for finding in found].count("note") == 1, (
        "without concurrency and GPUs it is a question only"
    )
    failing = {name for name, value in passes(book, expected(inputs)).items() if value != 1}
    assert failing >= {
        "Quotes are per GPU-hour", "Own prices are per GPU-hour", "Points are plausible", "Electricity is per kWh", "Own capital is per GPU",
        "Cached tokens cost less", "Carbon is in grams", "Colocation is per kW and month", "master",
    }  # fmt: skip


def test_a_note_confirms_what_is_asked(tmp_path: Path) -> None:
    row = replace(POINTS[2][1], note="measured at our own site with a cache")
    inputs = replace(
        SMALL,
        typed=(row,),
        typed_quotes=(quote(8, note="a contract for one GPU, no slip"),),
        own_prices={PLATFORM: LISTED * 8},
    )
    book = make(inputs, tmp_path / "confirmed.xlsx")
    asked = {"Quotes are per GPU-hour", "Own prices are per GPU-hour", "Points are plausible"}
    assert {value for name, value in passes(book, expected(inputs)).items() if name in asked} == {1}
    assert not [f for f in audit(tmp_path / "confirmed.xlsx").findings if f.rule == "slips"]


def test_public_rows_are_asked_about_in_one_of_a_hundred_and_say_why() -> None:
    points, quotes = bundled.points(bundled.available_models()), bundled.quotes()
    odd = [p for p in points if of_point(p)]
    dear = [q for q in quotes if of_quote(replace(q, note=""), (o for o in quotes if o is not q))]
    assert 0 < len(odd) + len(dear) <= 0.01 * (len(points) + len(quotes))
    assert all(p.note for p in odd)
    assert all(q.note for q in dear), [q for q in dear if not q.note]


@pytest.mark.engine
@pytest.mark.office
def test_libreoffice_asks_the_same(tmp_path: Path, libreoffice_engine: LibreOffice) -> None:
    inputs, _ = edited(SMALL)
    make(inputs, tmp_path / "slips.xlsx")
    computed, wanted = libreoffice_engine.values(tmp_path / "slips.xlsx"), expected(inputs)
    keys = [key for key in wanted if key[0] in ("Prices", "Benchmarks", "Checks", "Scenario", "Ownership")]
    assert not differences({key: computed[key] for key in keys}, {key: wanted[key] for key in keys})


def readable(row: Point, words: str) -> bool:
    """Whether a file may bring it: a double, and less than 0.1 tok/s/user, are refused."""
    return words not in ("twice", "differs") and row.interactivity >= 0.1


def test_readers_name_file_line_and_doubt(tmp_path: Path) -> None:
    names = (
        "model",
        "platform",
        "workload",
        "precision",
        "snapshot",
        "interactivity",
        "throughput",
        "gpus",
        "concurrency",
        "ttft_ms",
    )
    lines = [
        ",".join(str(getattr(row, name) or "") for name in names) for _, row, words in POINTS if readable(row, words)
    ]
    (tmp_path / "points.csv").write_text("\n".join((",".join(names), *lines)))
    (tmp_path / "prices.csv").write_text(
        "platform,provider,usd_per_gpu_hour,as_of,source\n"
        + "\n".join(f"{PLATFORM},p{i},{LISTED * factor:.6g},2026-09-01,offer" for i, (_, factor, _) in enumerate(PRICES) if LISTED * factor < 1_000 and factor > 1)
    )  # fmt: skip
    brought = gather_all(
        Round(), Config(), Asked(("GLM-5.1",), prices=(tmp_path / "prices.csv",), points=(tmp_path / "points.csv",))
    )
    told = "\n".join(brought.doubts)
    for _, row, words in POINTS[1:]:
        assert words in told or not readable(row, words), words
    assert "points.csv line 3" in told
    assert "points.csv line 2" not in told, "the right row raises no doubt"
    assert "prices.csv line 3" in told
    assert "per server" in told


NEARLY = (
    ("platform", "gb300"), ("platform", "NVIDIA  GB300-NVL72 "), ("platform", "GB300\u00a0NVL72"), ("workload", "8192/1024"), ("precision", "nvfp4"),
    ("snapshot", "2026-7"), ("snapshot", "46204"), ("model", "GLM 5.1"),
)  # fmt: skip


@pytest.mark.engine
@pytest.mark.parametrize(("kind", "text"), NEARLY)
def test_a_typed_row_joins_the_curve_that_its_name_means(book: Open, kind: str, text: str) -> None:
    near = next(
        p for p in SMALL.points if p.platform == "GB300 NVL72" and p.workload == "8k/1k" and p.precision == "FP4"
    )
    named: dict[str, Any] = {kind: text}
    row = replace(near, throughput=near.throughput * 1.1, interactivity=near.interactivity * 1.1)
    meant, spelt = Market(replace(SMALL, typed=(row,))), add(SMALL, [replace(row, **named)])
    assert Market(spelt.inputs).curves == meant.curves
    assert not differences(book.values(spelt.edits), expected(spelt.inputs))


@pytest.mark.engine
def test_a_typed_quote_prices_the_platform_and_basis_that_it_means(book: Open) -> None:
    row = replace(quote(1.01), platform=" nvidia gb300", basis=f" {SMALL.scenario.basis.upper()}", note="ours")
    edited = reprice(SMALL, {}, [row])
    assert Market(edited.inputs).price("GB300 NVL72") == pytest.approx(float(Market(SMALL).price("GB300 NVL72")) * 1.01)  # type: ignore[arg-type]
    assert not differences(book.values(edited.edits), expected(edited.inputs))


@pytest.mark.engine
def test_a_name_that_nobody_knows_says_so_beside_the_row(book: Open) -> None:
    edited = reprice(SMALL, {}, [replace(quote(1.0), basis="Our shop"), replace(quote(1.0), platform="B900")])
    with_point = add(edited.inputs, [replace(ROW, platform="B900")])
    wanted = expected(with_point.inputs)
    first = len(SMALL.quotes)
    assert "no basis" in str(shown(wanted, SMALL, "quote_doubts.doubt", first))
    assert "no row" in str(shown(wanted, SMALL, "quote_doubts.doubt", first + 1))
    assert "no row on Summary" in str(shown(wanted, SMALL, "point_doubts.doubt", len(SMALL.points)))
    assert not differences(book.values(edited.edits | with_point.edits), wanted)
