"""Published forecasts: sourced, and the same number by year as worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.model.forecast import KINDS, Forecast, yearly
from xlmodel.readers import bundled


def test_forecasts_are_sourced_and_of_every_kind() -> None:
    forecasts = bundled.forecasts()
    assert [f.id for f in forecasts] == [f"F{i:02}" for i in range(1, len(forecasts) + 1)]
    assert {f.kind for f in forecasts} == set(KINDS)
    for f in forecasts:
        assert f.source.startswith("https://"), f
        assert f.note, f
        assert f.ends <= f.as_of or f.kind == "cost", "only a forecast reaches beyond its day"


YEARLY = {
    "F01": 10,
    "F05": 18.91377,  # November 2022 to October 2024 are 23 months: 280^(12/23) = e^(5.634790 x 0.521739) = e^2.939890
    "F06": 1.58489,  # a tenth in five years: 10^(1/5)
    "F07": 1.10517,  # e^0.1
    "F08": 2.07508,  # e^0.73
}


@pytest.mark.parametrize("name", YEARLY)
def test_forecasts_by_year_worked_by_hand(name: str) -> None:
    (found,) = (yearly(f) for f in bundled.forecasts() if f.id == name)
    assert found == pytest.approx(YEARLY[name], rel=1e-5)


def test_a_gain_of_weeks_or_of_no_named_period_is_no_yearly_rate() -> None:
    assert [yearly(f) for f in bundled.forecasts() if f.kind == "software"] == [None] * 4


@given(st.floats(1, 100), st.integers(1, 30))
def test_a_yearly_factor_kept_for_the_period_gives_the_factor_of_the_period(factor: float, years: int) -> None:
    forecast = Forecast("F", "price", "", "", factor, "x", "2026-03", str(2026 + years) + "-03", "2026", "", "primary")
    year = yearly(forecast)
    assert year is not None
    assert year**years == pytest.approx(factor, rel=1e-9)
