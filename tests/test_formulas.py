"""Published costs, ratios and watts come out of the business functions."""

import pytest

from xlmodel.model.economics import breakeven, cost, gain, per_megawatt, ratio, saved
from xlmodel.model.tokens import class_cost, joule


@pytest.mark.parametrize(
    ("price", "throughput", "published", "why"),
    [
        (2.65, 6_000, 0.12269, "InferenceX formula"),
        (1.41, 90, 4.3519, "published as 4.20: the inputs were rounded"),
        (16.00, 7_707, 0.577, "GB200 NVL72 at Oracle's list"),
        (8.60, 275, 8.69, "MI355X at Oracle's list"),
    ],
)
def test_published_costs_come_out(price: float, throughput: float, published: float, why: str) -> None:
    assert cost(price, throughput, 1.0) == pytest.approx(published, rel=1e-3), why


@pytest.mark.parametrize(
    ("price", "throughput", "published"), [(16.00, 7_707, 5.19), (10.50, 7_707, 3.41), (8.60, 275, 78.2)]
)
def test_published_costs_of_output_tokens_come_out(price: float, throughput: float, published: float) -> None:
    """All cost on the output of 8k/1k, one of nine tokens: table of signal65.com's report as reconstructed."""
    found = class_cost(cost=cost(price, throughput, 1.0), share=1 / 9)
    assert found == pytest.approx(published, rel=2e-3)


def test_watts_of_the_published_generations_come_out() -> None:
    """Ten times the throughput at 1.87 kW against 1.37 kW is 7.3 times the tokens per joule, and per megawatt."""
    before = joule(kilowatt=1.37, pue=1.0, throughput=1_000.0, utilization=1.0)
    after = joule(kilowatt=1.87, pue=1.0, throughput=10_000.0, utilization=1.0)
    assert (before, after) == (1.37, 0.187), "InferenceX: 1,000 W per kW over tokens per second"
    assert ratio(before, after) == pytest.approx(7.3, abs=0.05)
    output = per_megawatt(10_000.0, 1.87, 1.0), per_megawatt(1_000.0, 1.37, 1.0)
    assert ratio(output[0], output[1]) == pytest.approx(7.3, abs=0.05)


def test_the_arithmetic_of_the_headline_comes_out() -> None:
    assert gain(28.0, 16.00 / 8.60) == pytest.approx(15.05, abs=0.005)
    assert gain(10.0, 10.50 / 6.305) == pytest.approx(6.005, abs=0.0005)
    assert gain(28.0, 2.0) == 14.0


def test_a_fifteenth_of_the_cost_saves_93_percent_and_not_15_times() -> None:
    share = saved(ratio(1.0, 15.05))
    assert share == pytest.approx(0.9336, abs=1e-4)


def test_zero_throughput_is_a_division_error_and_never_a_cost() -> None:
    with pytest.raises(ZeroDivisionError):
        cost(1.0, 0.0, 1.0)
    with pytest.raises(ZeroDivisionError):
        breakeven(1.0, 1.0, 0.0)
