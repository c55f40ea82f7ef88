"""All assumptions at once: random worlds in two engines, every input walked, every check made to fail.

Long counts come by XLMODEL_WORLDS (500 in the long run); LibreOffice computes them in one start.
"""

import os
import random
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from books import area, expected, first_quote, make, passes
from desk import spots
from test_workbook import lambda_cells
from worlds import PLATFORMS, SMALL, Open, opened, typed, world

from xlmodel.book.places import PRICES, QUOTE_COLUMNS, Places
from xlmodel.book.point_places import BENCHMARKS, FIRST, POINT_COLUMNS, SPARE_GROUPS
from xlmodel.calc.address import Ref, letters
from xlmodel.calc.values import NA, ExcelError, Value, same
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.engines.recalculate import differences
from xlmodel.model.curve import HOLD
from xlmodel.model.fleet import Fleet
from xlmodel.model.ownership import Ownership
from xlmodel.model.scenario import Inputs
from xlmodel.model.variants import Naming, Reporting, Sensitivity, Variant
from xlmodel.sheets.order import describe

WORLDS = int(os.environ.get("XLMODEL_WORLDS", "6"))
LONG = WORLDS >= 500


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    return opened(tmp_path_factory.mktemp("worlds") / "small.xlsx", SMALL)


@pytest.mark.engine
def test_every_formula_follows_random_assumptions_in_ironcalc(book: Open) -> None:
    rng = random.Random(5)
    costs, priced = [("Cost curves", f"D{FIRST + i}") for i in range(len(PLATFORMS))], 0
    for i in range(WORLDS):
        inputs = world(rng)
        wanted = expected(inputs)
        wrong = differences(book.values(typed(inputs)), wanted)
        assert not wrong, f"world {i}: {len(wrong)} of {len(wanted)} cells: {wrong[:5]}"
        priced += any(isinstance(wanted[cost], float) for cost in costs)
    assert priced > WORLDS / 7, "too few of the worlds have a cost"


@pytest.mark.engine
@pytest.mark.office
def test_every_formula_follows_random_assumptions_in_libreoffice(
    tmp_path: Path, libreoffice_engine: LibreOffice
) -> None:
    rng = random.Random(6)
    worlds = [world(rng) for _ in range(WORLDS if LONG else max(3, WORLDS // 5))]
    path = tmp_path / "small.xlsx"
    make(SMALL, path)
    unknown = lambda_cells(path)
    computed = libreoffice_engine.each(path, [typed(inputs) for inputs in worlds])
    for i, (inputs, values) in enumerate(zip(worlds, computed, strict=True)):
        wanted = {key: value for key, value in expected(inputs).items() if key not in unknown}
        # which of several errors a total shows is each program's choice
        wrong = [
            d
            for d in differences(values, wanted)
            if not isinstance(d.stored, ExcelError) or not isinstance(d.computed, ExcelError)
        ]
        assert not wrong, f"world {i}: {len(wrong)} of {len(wanted)} cells: {wrong[:5]}"


# --- one input per assumption -----------------------------------------------------------------------

# a world in which most results exist: every optional assumption is typed and every platform has a cost
BUSY = replace(
    SMALL,
    scenario=replace(
        SMALL.scenario, interactivity=44.0, workload="8k/1k", basis="Own build-up", baseline="MI355X", ttft_limit=3900.0, utilization=0.8,
        price_change=0.1, output_ratio=3.0, cached_ratio=0.2, pue=1.3, usd_per_kwh=0.09, g_per_kwh=300.0, below_range=HOLD,
    ),
    second=Variant(utilization=0.5),
    third=Variant(price_change=0.3, near_end=0.6),
    own_prices={},
    ownership=Ownership(
        capital=dict.fromkeys(PLATFORMS, 50_000.0), life=5.0, cost_of_capital=0.09, decline=0.2, spares=0.05, colocation=150.0, support=500.0,
        support_share=0.02, software=300.0, availability=0.97,
    ),
    fleet=Fleet(
        mode="million tokens a day", users=2_000.0, tokens=50_000.0, power=900.0, peak=1.5, price_input=0.3, price_output=1.2,
        price_cached=0.05, cached_share=0.3, api=0.6,
    ),
    reporting=Reporting("EUR", 0.9, "2026-11-20", "ECB"),
    naming=Naming("Plan", "Plan", "Talks", "Bad year"),
    sensitivity=Sensitivity("GB300 NVL72", 0.1, 0.2),
)  # fmt: skip
# what the Python model does not hold: nothing but its own sheet may follow
OWN_SHEET = ("cover.", "functions.")
# the small book has one model and no claims: the edits of the whole book change these
ELSEWHERE = ("claims.", "scenario.model")


def another(key: str, value: Value) -> Value:
    """A different value that the input allows."""
    words = {
        "scenario.workload": "1k/1k", "scenario.precision": "FP8", "scenario.snapshot": "2026-07",
        "scenario.baseline": "GB200 NVL72", "scenario.basis": "3-year rental 2026-07", "fleet.mode": "users", "naming.active": "Talks",
        "reporting.currency": "CHF", "reporting.as_of": "2026-10-01", "reporting.source": "SNB", "sensitivity.platform": "GB300 NVL72",
    }  # fmt: skip
    if key in words:
        return words[key] if words[key] != value else "GB200 NVL72"
    choices = {
        "speculative": "without",
        "disaggregated": "without",
        "interpolation": "linear",
        "below_range": "no answer",
    }
    field = key.partition(".")[2]
    if field in choices:
        return choices[field] if choices[field] != value else ("all" if choices[field] == "without" else "Steffen")
    if key.startswith("naming."):
        return f"{value} again"
    if isinstance(value, int | float) and value:
        return round(float(value) * 0.93, 4)
    return {"price_change": 0.04, "ttft_limit": 3000.0, "pue": 1.2, "near_end": 0.8}.get(field, 0.5)


def with_input(inputs: Inputs, key: str, value: Value) -> Inputs | None:
    """The inputs with one of them changed; None for what the model does not hold."""
    section, _, field = key.partition(".")
    field, _, item = field.partition("/")
    if section == "prices":
        return replace(inputs, own_prices={**inputs.own_prices, item: value})  # type: ignore[dict-item]
    if not hasattr(inputs, section):
        return None
    part = getattr(inputs, section)
    if item:
        value = {**getattr(part, field), item: value}  # type: ignore[assignment]
    return replace(inputs, **{section: replace(part, **{field: value})})


@pytest.mark.engine
def test_each_input_moves_exactly_what_depends_on_it(book: Open) -> None:
    """All of them in the long run, else each twelfth: the model computes the whole book for every one."""
    cells, before = typed(BUSY), expected(BUSY)
    assert not differences(book.values(cells), before)
    keys = {key: place for key, place in spots(BUSY).items() if not key.startswith(ELSEWHERE)}
    asked = list(keys)[:: 1 if LONG else 12]
    still, odd = set(), []
    for key in asked:
        place = keys[key]
        new = another(key, cells[place]) if not key.startswith(OWN_SHEET) else 7
        changed = with_input(BUSY, key, new)
        values = book.values(cells | {place: new})
        moved = {cell for cell in before if not same(values[cell], before[cell])}
        if changed is None:
            assert {sheet for sheet, _ in moved} <= {place[0], "Checks"}, f"{key} moves {moved}"
            continue
        after = expected(changed)
        assert moved == {cell for cell in before if not same(after[cell], before[cell])}, f"{key}: {place} to {new}"
        assert not differences(values, after), key
        still |= set() if moved else {key}
        odd += [key] if len(moved) > len(before) / 2 else []
    book.values(cells)
    assert still == NOTHING & set(asked), f"inputs that move nothing: {sorted(still ^ (NOTHING & set(asked)))}"
    assert not odd, f"inputs that move most of the book: {odd}"


# nothing reads a note, and a scenario that is not active counts by its prices alone
NOTHING = {
    "reporting.as_of", "reporting.source",
    *(f"{who}.{name}" for who in ("second", "third") for name in ("near_end", "output_ratio", "cached_ratio", "g_per_kwh")),
}  # fmt: skip


# --- every check can fail ---------------------------------------------------------------------------

P = Places(BUSY)
AREAS = describe(BUSY).areas


def cell(ref: Ref) -> tuple[str, str]:
    return ref.sheet, ref.a1


def first(key: str) -> tuple[str, str]:
    return cell(area(BUSY, key).cell(0))


def point(row: int, **values: Value) -> dict[tuple[str, str], Value]:
    """Cells of a row under the measured points."""
    at = P.last_built + row
    return {(BENCHMARKS, f"{letters(POINT_COLUMNS.index(name) + 1)}{at}"): value for name, value in values.items()}


def quote(row: int, **values: Value) -> dict[tuple[str, str], Value]:
    first = first_quote(BUSY)
    at = first.row + len(BUSY.quotes) - 1 + row
    names = {"usd": "USD/GPU-hour"}
    return {(PRICES, f"{letters(first.col + QUOTE_COLUMNS.index(names.get(n, n)))}{at}"): v for n, v in values.items()}


def groups(count: int) -> dict[tuple[str, str], Value]:
    found: dict[tuple[str, str], Value] = {}
    for i in range(1, count + 1):
        found |= point(
            i,
            Model=f"Own {i}",
            Platform="B200",
            Workload="8k/1k",
            Precision="FP8",
            Snapshot="mine",
            Interactivity=10 + i,
            Throughput=500,
        )
    return found


def crowded() -> dict[tuple[str, str], Value]:
    """The last row kept for knots holds one of the first curve, and more are to come."""
    curve, following = AREAS["knots.curve"], AREAS["knots.next"]
    return {cell(curve.cell(P.knot_rows - 1)): 10, cell(following.cell(P.knot_rows - 1)): 1}


TARGET = {name: Ref("Cost curves", FIRST, col) for name, col in (("Cost", 4), ("Performance per USD", 7), ("Rank", 17))}
KEYS = spots(BUSY)
OFFER: dict[str, Value] = {"Platform": "MI355X", "Provider": "us", "usd": 2.0, "As of": "2026-11"}
FAULTS: dict[str, dict[tuple[str, str], Value]] = {
    "Points placed": groups(SPARE_GROUPS + 1),
    "Rows within reach": {(BENCHMARKS, f"J{P.last_point + 3}"): 50.0},
    "Knots have room": crowded(),
    "Knots ascend": {cell(AREAS["knots.interactivity"].cell(1)): 0.5},
    "Throughput descends": {cell(AREAS["knots.throughput"].cell(1)): 1e7},
    "Frontier found twice": {cell(AREAS["knots.curve"].cell(2)): 0},
    "Cost is price over throughput": {cell(TARGET["Cost"]): 9.0},
    "Four ratios agree": {cell(TARGET["Performance per USD"]): 9.0},
    "Ranking is complete": {cell(TARGET["Rank"]): 7},
    "One price per basis": quote(1, **OFFER, Basis="Oracle list", Source="list"),
    "Quotes have sources": quote(1, **OFFER),
    "Inputs within range": {KEYS["scenario.utilization"]: 3},
    "Exchange rate has a source": {KEYS["reporting.currency"]: "NOK", KEYS["reporting.source"]: None},
    "Snapshot holds the model": {KEYS["scenario.snapshot"]: "2099-01"},
    "Ownership parts make the whole": {first("ownership.depreciation_hourly"): 9.0},
    "Own build-up is a price": {cell(AREAS[f"prices.basis_{len(P.bases) - 1}"].cell(0)): 9.0},
    "Fleet cost is cost per token": {first("fleet.cost_per_hour"): 9.0},
    "Fleets are whole and enough": {first("fleet.gpus"): 1},
    "Margin is what cost leaves": {first("fleet.margin_share"): 9.0},
    "Classes of tokens add up": {first("tokens.input"): 9.0},
    "Energy is power over tokens": {first("tokens.energy_per_token"): 9.0},
    "Sensitivity begins at the Summary": {first("pairs.in_use"): 9.0},
    "Tornado begins at Ownership": {first("build_up.capital"): 9.0},
    "Active scenario is the Summary": {first("scenarios.cost_0"): 9.0},
    "One scenario is active": {KEYS["naming.third"]: "Talks"},
    "Scenario within range": {KEYS["scenario.pue"]: 0.5},
    "Ownership within range": {KEYS["ownership.availability"]: 1.3},
    "Fleet within range": {KEYS["fleet.cached_share"]: "15%"},
    "Sensitivity within range": {KEYS["sensitivity.platform"]: "GB2OO"},
    "Fleets serve the demand": {first("fleet.idle_share"): 0.9},
    "Owned fleets cost what they cost a year": {first("fleet.cost_per_year"): 9.0},
    "Own capital is per GPU": {KEYS["ownership.capital/MI355X"]: 400_000.0},
    "Time limit is in ms": {KEYS["scenario.ttft_limit"]: 2.0},
    "Electricity is per kWh": {KEYS["scenario.usd_per_kwh"]: 90.0},
    "Cached tokens cost less": {KEYS["scenario.cached_ratio"]: 10.0},
    "Carbon is in grams": {KEYS["scenario.g_per_kwh"]: 0.4},
    "Colocation is per kW and month": {KEYS["ownership.colocation"]: 0.12},
    "Quotes are per GPU-hour": quote(1, **OFFER | {"usd": 16.0}, Basis="Oracle list", Source="list"),
    "Own prices are per GPU-hour": {KEYS["prices.own/MI355X"]: 20.0},
    "Points are plausible": point(1, Model="Own", Platform="B200", Interactivity=-5.0, Throughput=500.0),
    "API prices have sources": {first("offers.source"): None},
    "API prices are per million tokens": {first("offers.input"): 3_000_000.0},
    "Cached input costs no more": {first("offers.cached_input"): 90.0},
    "Rows of API prices are complete": {first("offers.output"): None},
    "Models of API prices are spelled alike": {first("offers.model"): "glm 5.1"},
    "Cohorts balance": {first("months.own_closing"): 9.0},
    "Years are their months": {first("years.demand"): 9.0},
    "Shares of contracts fit": {KEYS["plan.one_year"]: 0.7, KEYS["plan.three_year"]: 0.6},
    "Capital is depreciated or left": {first("months.own_end"): 9e9},
    "The mix serves the demand": {first("months.mix_own"): 9e15},
    "The API's bill is demand x price": {first("months.api_bill"): 9e9},
    "Present values agree": {first("plan.npv_rent"): 9.0},
    "Plan within range": {KEYS["plan.tax"]: 3},
    "The active scenario is the plan": {first("plan_by.own"): 9.0},
}  # fmt: skip
# an error is no excuse: only what misses an ingredient may be missing
BROKEN = (
    "Cost is price over throughput", "Four ratios agree", "Ownership parts make the whole", "Own build-up is a price",
    "Fleet cost is cost per token", "Fleets are whole and enough", "Margin is what cost leaves", "Classes of tokens add up",
    "Energy is power over tokens", "Sensitivity begins at the Summary", "Tornado begins at Ownership", "Active scenario is the Summary",
    "Fleets serve the demand", "Owned fleets cost what they cost a year",
)  # fmt: skip


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    return opened(tmp_path_factory.mktemp("busy") / "busy.xlsx", BUSY)


def test_a_fault_is_planted_for_every_check() -> None:
    listed = passes(describe(BUSY), expected(BUSY))
    assert set(listed) == FAULTS.keys() | {"master"}
    assert set(listed.values()) == {1}


@pytest.mark.engine
@pytest.mark.parametrize("check", FAULTS)
def test_a_check_fails_when_its_fault_is_planted(check: str, busy: Open) -> None:
    found = passes(describe(BUSY), busy.planted(FAULTS[check]))
    assert found[check] == 0, f"{check} does not see {FAULTS[check]}"
    assert found["master"] == 0


@pytest.mark.engine
@pytest.mark.parametrize(
    ("check", "planted"), list(zip(BROKEN, cycle((ExcelError("#REF!"), NA, "broken")), strict=False))
)
def test_a_check_fails_when_what_it_compares_is_broken(check: str, planted: Value, busy: Open) -> None:
    found = passes(describe(BUSY), busy.planted(dict.fromkeys(FAULTS[check], planted)))
    assert found[check] == 0


@pytest.mark.engine
def test_after_the_faults_the_book_is_whole_again(busy: Open) -> None:
    assert not differences(busy.values({}), expected(BUSY))
