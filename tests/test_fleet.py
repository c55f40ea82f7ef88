"""Fleet: a demand becomes whole servers and money, every input moves what it must, and a planted fault is found."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from books import Edited, area, assume, choose, demand, expected, passes, platform_cell, with_fault
from worlds import Open, opened, thinned

from xlmodel.book.keys import slug
from xlmodel.book.places import Places
from xlmodel.calc.address import Ref
from xlmodel.calc.expression import NOWHERE, Literal
from xlmodel.calc.values import NA, Value
from xlmodel.engines.programs import IronCalc
from xlmodel.engines.recalculate import differences
from xlmodel.model.fleet import MODES, blended, breakeven_utilization, payback, whole_domains
from xlmodel.model.market import Market
from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.scenario import Inputs
from xlmodel.readers.assemble import gather

SMALL = gather(models=["DeepSeek-R1"])
SMALL = thinned(
    replace(SMALL, points=tuple(p for p in SMALL.points if p.workload == "8k/1k" and p.snapshot == "2026-07"))
)
PLATFORMS = Places(SMALL).platforms
SOLD: dict[str, Value] = {
    "price_input": 0.3,
    "price_output": 1.2,
    "price_cached": 0.05,
    "cached_share": 0.4,
    "api": 0.5,
}


def edits(**entries: Value) -> Edited:
    return demand(SMALL, **entries)


def cell(case: Edited, name: str, platform: str) -> Value:
    ref = place(name, platform)
    return expected(case.inputs)[ref.sheet, ref.a1]


def place(name: str, platform: str) -> Ref:
    key = "power_drawn" if name == "Power" else slug(name)
    return platform_cell(SMALL, f"fleet.{key}", platform)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    return opened(tmp_path_factory.mktemp("fleet") / "small.xlsx", SMALL)


@pytest.mark.parametrize(
    ("gpus", "domain", "limit", "domains"),
    [(8.0, 8.0, 0.0, 1), (8.01, 8.0, 0.0, 2), (72.0, 72.0, 0.0, 1), (73.0, 72.0, 0.0, 2), (0.0, 8.0, 0.0, 0),
     (143.9, 72.0, 1.0, 1), (144.0, 72.0, 1.0, 2), (71.0, 72.0, 1.0, 0), (8.0 * (1 + 1e-12), 8.0, 0.0, 1)],
)  # fmt: skip
def test_a_demand_is_rounded_up_and_a_budget_down(gpus: float, domain: float, limit: float, domains: int) -> None:
    assert whole_domains(gpus=gpus, domain=domain, limit=limit) == domains


def test_a_domain_is_a_rack_of_72_or_a_server_of_8() -> None:
    case = edits(users=5_000.0)
    for name, domain in (("GB200 NVL72", 72), ("B200", 8), ("MI355X", 8)):
        gpus = cell(case, "GPUs", name)
        assert isinstance(gpus, int | float)
        assert gpus % domain == 0
        assert cell(case, "Users served", name) >= 5_000.0  # type: ignore[operator]


def test_users_tokens_and_power_that_mean_the_same_fleet_agree() -> None:
    market, name = Market(SMALL), "B200"
    s = SMALL.scenario
    rate = market.throughput(name, s.model, s.interactivity)
    assert isinstance(rate, float)
    by_users = edits(users=80.0 * rate / 9 / s.interactivity)
    by_tokens = edits(mode=MODES[1], tokens=80.0 * rate * 86_400 / 1e6)
    by_power = edits(mode=MODES[2], power=80.0 * 1.71)
    assert {cell(case, "GPUs", name) for case in (by_users, by_tokens, by_power)} == {80.0}


def test_money_of_a_fleet_by_hand() -> None:
    case = edits(users=5_000.0)
    price = Market(SMALL).price("B200")
    gpus = cell(case, "GPUs", "B200")
    assert isinstance(price, float)
    assert isinstance(gpus, float)
    assert cell(case, "Cost per month", "B200") == pytest.approx(gpus * price * 730)
    assert cell(case, "Cost per year", "B200") == pytest.approx(gpus * price * 8_760)
    assert cell(case, "Power", "B200") == pytest.approx(gpus * 1.71)


def mix(case: Edited) -> Value:
    """USD per million tokens of the mix."""
    ref = area(SMALL, "fleet.blended").cell(0)
    return expected(case.inputs)[ref.sheet, ref.a1]


def test_cached_input_without_a_price_of_its_own_costs_as_other_input() -> None:
    plain = mix(edits(price_input=0.5, price_output=2.0))
    assert plain == pytest.approx(0.5 * 8 / 9 + 2.0 / 9), "8k/1k: one token of nine is output"
    assert mix(edits(price_input=0.5, price_output=2.0, cached_share=0.7)) == pytest.approx(plain)
    assert blended(output_share=0.0, output=2.0, input=0.5, cached=0.1, cached_share=0.5) == pytest.approx(0.3)
    assert mix(edits(price_input=0.5)) is NA


def test_break_even_utilization_is_where_own_tokens_cost_what_the_api_charges() -> None:
    at_even = breakeven_utilization(price=2.6, throughput=9_000.0, api=0.2)
    assert isinstance(at_even, float)
    assert 2.6 * 1e6 / (3_600 * 9_000.0 * at_even) == pytest.approx(0.2)


def test_payback_needs_revenue_above_running_costs() -> None:
    assert payback(Literal(1_000.0), Literal(1.0), Literal(1.0), Literal(1.0)).at(NOWHERE) is NA
    assert payback(capital=7_300.0, revenue=2.0, running=1.0, availability=1.0) == pytest.approx(10.0)


def test_payback_counts_only_hours_in_which_the_gpu_is_up() -> None:
    assert payback(capital=52_500.0, revenue=5.469, running=1.598, availability=0.5) == pytest.approx(37.15, abs=0.01)


@pytest.mark.parametrize(("peak", "utilization"), [(3.0, 1.0), (1.0, 0.6), (3.0, 0.6), (1.5, 0.6)])
def test_a_fleet_serves_the_tokens_asked_for_and_earns_from_no_others(peak: float, utilization: float) -> None:
    """With a peak of 3 two thirds of it wait; at a utilization of 60 % it is larger. What it sells in a day is the demand."""
    used = choose(SMALL, utilization=utilization)
    case = demand(used.inputs, **SOLD, mode=MODES[1], tokens=50_000.0, peak=peak)
    gpus, revenue, alone, hour = (
        cell(case, name, "B200") for name in ("GPUs", "Revenue", "Self-hosting", "Cost per hour")
    )
    assert gpus * revenue * 24 == pytest.approx(50_000.0 * mix(case))  # type: ignore[operator]
    assert alone == pytest.approx(hour * 24 / 50_000.0)  # type: ignore[operator]
    assert expected(case.inputs)["Checks", "B4"] == 1


USED = choose(SMALL, utilization=0.55)
HALF = demand(USED.inputs, tokens=25_000.0, mode=MODES[1], peak=1.2)
CASES: dict[str, Edited] = {
    "users": edits(users=123_456.0),
    "users emptied": edits(users=None),
    "tokens": edits(tokens=25_000.0, mode=MODES[1]),
    "tokens, half used": Edited(USED.edits | HALF.edits, HALF.inputs),
    "tokens without a number": edits(mode=MODES[1]),
    "power": edits(power=1_500.0, mode=MODES[2]),
    "a budget below one rack": edits(power=20.0, mode=MODES[2]),
    "peak": edits(peak=2.5),
    "peak emptied": edits(peak=None),
    **{name: edits(**{name: value}) for name, value in SOLD.items() if name in ("price_input", "price_cached", "api")},
    "input and output": edits(price_input=0.3, price_output=1.2),
    "cached": edits(**SOLD),
    "never pays back": edits(price_input=0.001, price_output=0.001, api=0.01),
}


@pytest.mark.engine
@pytest.mark.parametrize("name", CASES)
def test_an_edited_input_moves_every_cell_as_the_model_says(book: Open, name: str) -> None:
    held(book, CASES[name].edits, CASES[name].inputs)
    assert name == "peak emptied" or expected(CASES[name].inputs) != expected(SMALL), "the input moves nothing"


@pytest.mark.engine
def test_fleet_on_owned_hardware_agrees(book: Open) -> None:
    chosen = choose(SMALL, basis=BUILD_UP, interactivity=45.0, utilization=0.6)
    own = assume(chosen.inputs, cost_of_capital=0.1, colocation=120.0, pue=1.2)
    case = demand(own.inputs, **SOLD)
    held(book, {**chosen.edits, **own.edits, **case.edits}, case.inputs)


def held(book: Open, typed: Mapping[tuple[str, str], Value], inputs: Inputs) -> None:
    wanted = expected(inputs)
    found = differences(book.values(typed), wanted)
    assert not found, found[:5]


def test_every_missing_number_has_its_reason() -> None:
    money = ("Margin share", "Payback if owned", "Saved against the API", "Break-even utilization")
    for name, case in CASES.items():
        for platform in PLATFORMS:
            if cell(case, "Cost per month", platform) == NA:
                assert cell(case, "In words", platform), f"{name}: {platform} has no cost and no reason"
            for row in money:
                if cell(case, row, platform) == NA:
                    assert cell(case, "Money in words", platform), f"{name}: {platform} has no {row} and no reason"


@pytest.mark.engine
@pytest.mark.parametrize(
    ("checks", "ref", "value"),
    [
        (["Fleet cost is cost per token"], place("Cost per hour", "B200"), 99.0),
        (["Fleet cost is cost per token", "Margin is what cost leaves"], place("Self-hosting", "B200"), 9.0),
        (["Fleets are whole and enough"], place("GPUs", "B200"), 9_001.0),
        (["Fleets serve the demand", "Fleets are whole and enough"], place("GPUs", "B200"), 8.0),
        (["Fleets serve the demand"], place("Idle share", "B200"), 0.5),
        (["Margin is what cost leaves"], place("Margin share", "B200"), 0.5),
    ],
)
def test_a_planted_fault_is_found(
    ironcalc_engine: IronCalc, tmp_path: Path, checks: list[str], ref: Ref, value: float
) -> None:
    sold = edits(**SOLD).inputs
    book, path = with_fault(sold, ref, value, tmp_path / "fault.xlsx")
    found = passes(book, ironcalc_engine.values(path))
    assert [name for name, passed in found.items() if passed != 1] == [*checks, "master"]


def test_all_checks_pass_with_token_prices_and_a_budget() -> None:
    for case in CASES.values():
        values = expected(case.inputs)
        assert values["Checks", "B4"] == 1
