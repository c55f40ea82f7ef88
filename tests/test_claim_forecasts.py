"""Forecasts on Claims: published numbers by year, and the book's own beside them, as worked by hand."""

from dataclasses import replace

import pytest
from books import choose
from test_api_sheet import at

from xlmodel.book.spec import Book
from xlmodel.calc.values import NA, ExcelError
from xlmodel.model.scenario import Inputs
from xlmodel.readers import bundled
from xlmodel.readers.arrange import snapshots_of
from xlmodel.readers.assemble import gather
from xlmodel.sheets.claim_forecasts import AUDITED
from xlmodel.sheets.order import describe

DEFAULT = replace(gather(models=["DeepSeek-R1"]), claims=())


@pytest.fixture(scope="module")
def book() -> Book:
    return describe(DEFAULT)


def row(book: Book, key: str) -> dict[object, object]:
    return dict(zip(at(book, "forecasts.id"), at(book, f"forecasts.{key}"), strict=True))


def test_two_or_more_forecasts_of_different_kinds_are_audited(book: Book) -> None:
    kinds = {f.id: f.kind for f in bundled.forecasts()}
    assert {kinds[name] for name in AUDITED} == {"price", "cost", "software"}
    assert set(row(book, "id")) == set(AUDITED)


def test_published_numbers_are_put_by_year(book: Book) -> None:
    found = row(book, "factor_a_year")
    assert found["F06"] == pytest.approx(1.58489, rel=1e-5)  # a tenth in five years: 10^(1/5)
    assert found["F08"] == pytest.approx(2.07508, rel=1e-5)  # e^0.73
    assert found["F09"] is None


def test_the_books_own_numbers_follow_from_snapshots_and_rents(book: Book) -> None:
    """By hand for GB200 NVL72: (newest / oldest) ^ (12 / months), rents of 2025-08 over those of 2026-07 ^ (12 / 11)."""
    own = {key: at(book, f"own_progress.{key}") for key in (
        "platform", "oldest_snapshot", "newest_snapshot", "months_between", "gain", "gain_a_year", "rent_falls_a_year", "cost")}  # fmt: skip
    i = own["platform"].index("GB200 NVL72")
    old, new, months = (float(own[key][i]) for key in ("oldest_snapshot", "newest_snapshot", "months_between"))  # type: ignore[arg-type]
    assert months == 7  # from 2025-12-15 to 2026-07
    assert own["gain"][i] == pytest.approx(new / old)
    assert own["gain_a_year"][i] == pytest.approx((new / old) ** (12 / 7))
    rents = sorted(float(at(book, f"own_progress.rent_{k}")[i]) for k in range(3))  # type: ignore[arg-type]
    assert own["rent_falls_a_year"][i] == pytest.approx(rents[1] ** (12 / 11))
    assert own["cost"][i] == pytest.approx((new / old) ** (12 / 7) * rents[1] ** (12 / 11))


def test_verdicts_follow_the_rule_of_the_claims(book: Book) -> None:
    costs = [cost for cost in at(book, "own_progress.cost") if isinstance(cost, float)]
    gains = dict(zip(at(book, "own_progress.platform"), at(book, "own_progress.gain"), strict=True))
    data, verdict, off = (row(book, key) for key in ("from_the_book", "verdict", "difference"))
    assert data["F06"] == data["F08"] == min(costs)
    assert data["F09"] == max(gain for name, gain in gains.items() if "B" in str(name) and isinstance(gain, float))
    assert verdict["F06"] == "confirmed"  # a lower bound: more than 1.585 a year
    assert off["F06"] == 0
    assert verdict["F07"] == "not testable"


@pytest.mark.parametrize(
    "inputs",
    [choose(replace(gather(models=["GLM-5.1"]), claims=()), interactivity=30.0).inputs, replace(DEFAULT, quotes=())],
)
def test_what_the_book_lacks_gives_a_reason_and_no_error(inputs: Inputs) -> None:
    found = describe(inputs)
    data, verdict, reason = (row(found, key) for key in ("from_the_book", "verdict", "reason"))
    for name in AUDITED:
        if data[name] == NA:
            assert verdict[name] == "not testable"
            assert reason[name]
    sheet = next(sheet for sheet in found.sheets if sheet.name == "Claims")
    errors = {c.value for line in sheet.cells.values() for c in line.values() if isinstance(c.value, ExcelError)}
    assert errors <= {NA}


@pytest.mark.parametrize("label", ["own", "2026-13", "load test 2026"])
def test_a_snapshot_without_a_date_is_no_progress(label: str) -> None:
    inputs = replace(gather(models=["GLM-5.1"]), claims=())
    points = tuple(replace(p, snapshot=label) for p in inputs.points)
    found = describe(replace(inputs, points=points, snapshots=snapshots_of(points)))
    assert set(at(found, "own_progress.gain")) == {NA}
    assert row(found, "verdict")["F06"] == "not testable"


def test_a_forecast_on_a_model_asks_for_it() -> None:
    other = choose(replace(gather(models=["GLM-5.1"]), claims=()), interactivity=30.0).inputs
    assert "DeepSeek-R1" in str(row(describe(other), "reason")["F09"])
