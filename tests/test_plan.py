"""Plan: a loop over months, stated independently, gives the same; numpy-financial agrees; what cannot be computed says why."""

import os
import random
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy_financial as npf
import pytest
from books import area, make, passes
from plan_reference import Facts, plan
from worlds import Cells, Open, thinned

from xlmodel.book.spec import Book
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import NOWHERE
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.commands.plan_command import facts as plan_facts
from xlmodel.commands.plan_command import text as plan_text
from xlmodel.commands.produce import checks_of
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.model.market import Market
from xlmodel.model.ownership import Ownership, capital_of, colocation, electricity
from xlmodel.model.plan import SEASONS, Plan
from xlmodel.model.plan_money import HALVINGS, each_month, half, halved, monthly, yearly
from xlmodel.model.scenario import Inputs
from xlmodel.model.variants import Reporting
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe
from xlmodel.units import COUNT, USD

SETS = int(os.environ.get("XLMODEL_PLAN_SETS", "6"))  # 200 before a release
SMALL = gather(models=["DeepSeek-R1"])
SMALL = replace(
    SMALL,
    claims=(),
    points=tuple(p for p in SMALL.points if p.workload == "8k/1k" and p.platform in ("GB200 NVL72", "B200")),
    api_prices=(),  # so that the plan asks for one
)
SMALL = replace(thinned(SMALL, 40), scenario=replace(SMALL.scenario, baseline="B200"))
TIERS = ("3-year rental 2025-08", "3-year rental 2026-07")
WAYS = ("own", "rent", "api", "mix")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Book]:
    path = tmp_path_factory.mktemp("plan") / "small.xlsx"
    return path, make(SMALL, path)


@pytest.fixture(scope="module")
def book(built: tuple[Path, Book], ironcalc_engine: IronCalc) -> Open:
    return Open(*built)


def cells(inputs: Inputs) -> Cells:
    """What is typed so that the book of SMALL becomes that of these inputs; they differ in plan and ownership alone."""
    found: Cells = {}
    for section in ("plan", "ownership"):
        given = getattr(inputs, section)
        for f in fields(given):
            if f.name not in ("capital", "season"):
                at = area(SMALL, f"{section}.{f.name}").cell(0)
                found[at.sheet, at.a1] = getattr(given, f.name)
    season = area(SMALL, "season.factor")
    for i, name in enumerate(SEASONS):
        at = season.cell(0, i)
        found[at.sheet, at.a1] = inputs.plan.season.get(name)
    return found


def facts(inputs: Inputs) -> Facts:
    """What the plan reads elsewhere, from the Python model of curves, prices and ownership."""
    market, p, o, s = Market(inputs), inputs.plan, inputs.ownership, inputs.scenario
    fact = inputs.facts[p.platform]

    def rate(speed: float, snapshot: str) -> Any:
        return market.reading(p.platform, s.model, s.workload, s.precision, snapshot, speed, s.below_range).throughput

    capital, _ = capital_of(p.platform, fact, o)
    assert isinstance(capital, float)
    assert fact.kilowatt is not None
    assert fact.domain is not None
    power = electricity(fact.kilowatt, s.number("pue"), s.number("usd_per_kwh")) + colocation(
        fact.kilowatt, o.number("colocation")
    )
    charge = 0.0 if not o.support_share else float(_charge(capital * (1 + o.number("spares")), o))
    running = power + o.number("support") + o.number("support_share") * charge + o.number("software")

    def price(basis: str) -> float:
        found = market.price(p.platform, basis)
        assert isinstance(found, float)
        return found

    old, new = price(TIERS[0]), price(TIERS[1])
    dated = [(x.label, rate(s.interactivity, x.label)) for x in inputs.snapshots]
    measured = [
        (int(label[:4]) * 12 + int(label[5:7]), float(found)) for label, found in dated if isinstance(found, float)
    ]
    (first, low), (last, high) = measured[0], measured[-1]
    gain = max(0.0, (high / low) ** (12 / (last - first)) - 1) if last > first else 0.0
    prices = (price(p.basis_on_demand), price(p.basis_one_year), price(p.basis_three_year))
    return Facts(
        rate=rate(p.interactivity or s.interactivity, market.snapshot_of(s.model, s.snapshot) or ""), domain=fact.domain, kilowatt=fact.kilowatt,
        capital=capital * (1 + o.number("spares")), left=o.share_left, life=max(1, round(o.number("life") * 12)), running=running,
        up=o.number("availability"), use=s.utilization, progress=gain, fall=min(0.9, max(0.0, 1 - (new / old) ** (12 / 11))),
        prices=prices, api=p.api or 0.0,
    )  # fmt: skip


def _charge(capital: float, o: Ownership) -> float:
    rate, life = o.number("cost_of_capital"), o.number("life")
    left = capital * o.share_left
    return (capital - left) / life if rate < 1e-4 else float(-npf.pmt(rate, life, capital, -left))


def drawn(rng: random.Random) -> Inputs:
    """A random set of assumptions."""

    def maybe(low: float, high: float, places: int = 3, empty: float = 0.25) -> float | None:
        return None if rng.random() < empty else round(rng.uniform(low, high), places)

    assumed = Plan(
        platform=rng.choice(("GB200 NVL72", "B200")), start_month=float(rng.randint(1, 12)), months=float(rng.choice((12, 31, 48, 60))),
        tokens=maybe(1e5, 3e7, 0, 0.2), users=float(rng.randint(1_000, 90_000)), user_tokens=round(rng.uniform(1, 99), 2), growth=maybe(-0.05, 0.08),
        ceiling=maybe(5e6, 6e7, 0, 0.5), season={} if rng.random() < 0.5 else {name: round(rng.uniform(0.7, 1.3), 2) for name in SEASONS},
        interactivity=maybe(30, 70, 1, 0.5), peak=maybe(1, 3), headroom=maybe(0, 0.4), software=maybe(0, 0.8, 3, 0.4), software_most=maybe(1, 4),
        rent_decline=maybe(0, 0.4, 3, 0.4), api_decline=maybe(0, 0.6), hardware_decline=maybe(0, 0.4), one_year=maybe(0, 0.5), three_year=maybe(0, 0.8),
        basis_three_year=rng.choice(TIERS), lead=float(rng.choice((0, 0, 3, 6, 14))), base_share=maybe(0, 1), rent_limit=maybe(0, 30, 0, 0.6),
        api=round(rng.uniform(0.02, 2), 3), tax=maybe(0, 0.35), discount=rng.choice((None, 0.0, 0.08, 0.2)),
    )  # fmt: skip
    owned = Ownership(
        life=round(rng.uniform(0.5, 7), 1), residual=maybe(0, 0.4, 2, 0.5), spares=maybe(0, 0.1), colocation=maybe(0, 200, 0), support=maybe(0, 3000, 0),
        support_share=maybe(0, 0.2, 2, 0.5), cost_of_capital=maybe(0.01, 0.15), software=maybe(0, 4000, 0), availability=round(rng.uniform(0.85, 1), 3),
    )  # fmt: skip
    return replace(SMALL, plan=assumed, ownership=owned)


def at(values: Mapping[tuple[str, str], Value], key: str, i: int = 0) -> Any:
    a = area(SMALL, key)
    ref = a.cell(i) if a.last_row > a.row else a.cell(0, i)
    return values[ref.sheet, ref.a1]


def agrees(values: Mapping[tuple[str, str], Value], inputs: Inputs) -> None:
    """The sheet holds what the loop gives: months, years, totals, NPVs, rates of return and paybacks."""
    table, found = plan(inputs.plan, facts(inputs))
    size = float(max(table["own_cost"].sum(), table["rent_cost"].sum()))
    for m, row in zip(range(1, len(table) + 1), table.to_dict("records"), strict=True):
        for key in ("demand", "own_gpus", *(f"{way}_{part}" for way in WAYS for part in ("cost", "cash"))):
            assert at(values, f"months.{key}", m - 1) == pytest.approx(row[key], rel=1e-9, abs=1e-9 * max(size, 1e3)), (
                key,
                m,
            )
    by_year = table.groupby("year")[[f"{way}_{part}" for way in WAYS for part in ("cost", "cash")]].sum()
    for k, year in enumerate(by_year.to_dict("records")):
        for name, usd in year.items():
            assert at(values, f"years.{name}", k) == pytest.approx(usd, rel=1e-9, abs=1e-9 * size)
    for i, way in enumerate(WAYS):
        assert at(values, "ways.worth", i) == pytest.approx(found[f"{way}_worth"], rel=1e-9, abs=1e-9 * size)
    assert at(values, "case0.npv") == pytest.approx(found["npv_rent"], rel=1e-9, abs=1e-8 * size)
    for way in ("rent", "api"):
        flow = table[f"flow_{way}"]
        assert at(values, f"plan.npv_{way}") == pytest.approx(found[f"npv_{way}"], rel=1e-9, abs=1e-9 * size)
        total, irr = flow.cumsum(), at(values, f"plan.irr_{way}")
        behind = total[total < 0]
        pays = len(behind) and total.iloc[-1] >= 0
        assert at(values, f"plan.payback_{way}") == (behind.index[-1] + 1 if pays else NA)
        if irr == NA:
            assert at(values, f"plan.why_{way}") != ""
        else:
            rate = (1 + irr) ** (1 / 12) - 1
            assert abs(npf.npv(rate, [0.0, *flow])) <= 1e-9 * flow.abs().sum()
            assert (1 + npf.irr([0.0, *flow])) ** 12 - 1 == pytest.approx(irr, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("seed", range(SETS))
def test_a_loop_over_months_gives_the_same(book: Open, built: tuple[Path, Book], seed: int) -> None:
    inputs = drawn(random.Random(seed))
    values = book.values(cells(inputs))
    agrees(values, inputs)
    failing = {name for name, passed in passes(built[1], values).items() if passed != 1} - {"master"}
    beyond = (inputs.plan.one_year or 0.0) + (inputs.plan.three_year or 0.0) > 1
    assert failing == ({"Shares of contracts fit"} if beyond else set())


def test_libreoffice_computes_the_same_plans(built: tuple[Path, Book], libreoffice_engine: LibreOffice) -> None:
    worlds = [drawn(random.Random(seed)) for seed in range(max(2, SETS // 10))]
    for inputs, values in zip(
        worlds, libreoffice_engine.each(built[0], [cells(inputs) for inputs in worlds]), strict=True
    ):
        agrees(values, inputs)


EDGES: dict[str, tuple[dict[str, Any], str, str]] = {
    "no demand": ({"tokens": None}, "plan.reasons", "no demand is typed"),
    "no season": ({"season": dict.fromkeys(SEASONS, 0.0)}, "plan.finding", "No month of the plan has a demand"),
    "beyond any fleet": ({"tokens": 1e10, "growth": 0.5}, "plan.reasons", "beyond any fleet"),
    "no price": ({"basis_on_demand": "AWS on demand"}, "plan.reasons", "no AWS on demand price"),
    "no curve": ({"interactivity": 5000.0}, "plan.reasons", "range"),
    "no API price": ({"api": None}, "plan.reasons", "API: no API price"),
    "life shorter than the plan": ({}, "plan.doubts", "replaced after 48 months"),
    "contracts above the need": ({"three_year": 1.0, "growth": -0.1}, "plan.doubts", "contracts hold more"),
    "nothing arrives": ({"lead": 36.0, "months": 24.0}, "plan.doubts", "nothing that is ordered arrives"),
    "owning never pays back": (
        {"basis_on_demand": "3-year rental 2026-07", "three_year": 0.0, "lead": 0.0, "rent_decline": 0.9},
        "plan.why_rent",
        "never pays back",
    ),
    "no investment": ({"lead": 36.0, "months": 24.0, "three_year": 0.0}, "plan.why_rent", "never behind"),
}


@pytest.mark.parametrize("name", EDGES)
def test_what_has_no_number_says_why(book: Open, name: str) -> None:
    changes, key, reason = EDGES[name]
    values = book.values(cells(replace(SMALL, plan=replace(Plan(), **changes))))
    assert reason in at(values, key)
    errors = {
        (where, value)
        for where, value in values.items()
        if where[0].startswith("Plan") and isinstance(value, ExcelError)
    }
    assert {value.code for _, value in errors} <= {"#N/A"}
    if key == "plan.reasons":
        assert at(values, "ways.worth", {"no API price": 2}.get(name, 1)) == NA


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"season": dict.fromkeys(SEASONS, 0.0)}, ""),  # nothing is demanded, nothing paid
        ({"tax": 0.9}, "ways.cost"),
        ({"tokens": 0.01}, "ways.cost"),  # ten thousand tokens a month need a whole domain all the same
        ({"lead": 36.0, "months": 12.0, "three_year": 0.0}, "ways.cost"),  # owning is renting until nothing comes
    ],
    ids=lambda value: "-".join(map(str, value)) if isinstance(value, dict) else "",
)
def test_an_extreme_plan_passes_every_check_of_its_book(changes: dict[str, Any], key: str) -> None:
    book = describe(replace(SMALL, plan=replace(Plan(api=0.5), **changes)))
    assert not checks_of(book)[1]
    if key:
        at = book.areas[key]
        cells = next(sheet for sheet in book.sheets if sheet.name == "Plan").cells
        costs = [cells[at.row + i][at.col].value for i in range(len(WAYS))]
        assert all(isinstance(usd, float) and usd > 0 for usd in costs)


def test_a_mix_that_may_rent_nothing_calls_the_api_for_what_it_does_not_own(book: Open) -> None:
    none = book.values(cells(replace(SMALL, plan=replace(Plan(), rent_limit=0.0, api=0.5))))
    assert sum(at(none, "months.mix_rented", i) for i in range(12)) == 0
    assert sum(at(none, "months.mix_api", i) for i in range(12)) > 0


def test_no_growth_and_a_negative_npv_are_numbers(book: Open) -> None:
    values = book.values(cells(replace(SMALL, plan=replace(Plan(), growth=0.0, discount=0.5))))
    assert at(values, "plan.npv_rent") < 0
    assert at(values, "years.demand", 4) == pytest.approx(at(values, "years.demand", 0))


def test_a_plan_by_hand_comes_out(book: Open) -> None:
    """One year, one B200 server of 8 GPUs at 64,375 USD, 10 % left after 4 years, nothing else: the README works it by hand."""
    assumed = Plan(
        platform="B200",
        months=12.0,
        tokens=1_000.0,
        growth=0.0,
        software=0.0,
        lead=0.0,
        rent_decline=0.0,
        discount=0.0,
        three_year=1.0,
        api=1.8,
    )
    owned = Ownership(residual=0.1)
    values = book.values(cells(replace(SMALL, plan=assumed, ownership=owned)))
    capital = 8 * 64_375.0
    kwh = SMALL.facts["B200"].kilowatt or 0.0
    current = 8 * kwh * 8_760 * 0.08
    assert at(values, "ways.cost", 0) == pytest.approx(capital * 0.9 / 4 + current)
    assert at(values, "ways.cash", 0) == pytest.approx(capital - capital * (1 - 0.9 / 4) + current)
    assert at(values, "ways.cost", 1) == pytest.approx(8 * 730 * 12 * 2.6)
    assert at(values, "ways.cost", 2) == pytest.approx(12_000 * 1.8)


def test_present_values_are_those_of_numpy_financial() -> None:
    rate = monthly(0.12)
    assert each_month(1.0, rate, 1, 36) == pytest.approx(-npf.pv(rate, 36, 1.0), rel=1e-12)
    assert yearly(rate) == pytest.approx(0.12)
    flows = [-1000.0, 300.0, 420.0, 680.0]
    saved, months = Line(USD, flows, 4, Ref("", 1, 1)).all, Line(COUNT, [1, 2, 3, 4], 4, Ref("", 1, 2)).all
    low = 0.0
    for step in range(1, HALVINGS + 1):
        low = halved(low, half(step), saved, months).at(NOWHERE)
    assert low == pytest.approx(npf.irr(flows), rel=1e-9)


def test_a_length_pasted_beyond_the_longest_plan_is_that_and_its_check_fails() -> None:
    long, longest = (plan_facts(describe(replace(SMALL, plan=replace(SMALL.plan, months=n)))) for n in (61.0, 60.0))
    assert (long["ways"], long["finding"]) == (longest["ways"], longest["finding"])
    assert (long["failing_checks"], longest["failing_checks"]) == (["Plan within range"], [])


def test_the_command_prints_money_in_the_currency_that_the_book_reports() -> None:
    """Half a unit of the currency for one USD halves every amount; what a machine reads stays in USD."""
    inputs = gather(models=["GLM-5.1"])
    found = plan_facts(describe(inputs))
    report = Reporting("ABC", 0.5, "2026-11-20", "a bank")
    half = plan_facts(describe(replace(inputs, reporting=report)))
    assert half["ways"] == found["ways"]

    def amounts(facts: dict[str, Any]) -> list[float]:
        lines = (line for line in plan_text(facts).splitlines() if line.startswith("  "))
        rows = [line.split() for line in lines if line.split()[0] in ("Own", "Rent")]
        return [float(word.replace(",", "")) for row in rows for word in row[1:] if word[:1].isdigit()]

    assert amounts(half) == pytest.approx([x / 2 for x in amounts(found)], abs=0.0051)
    assert "M ABC" in plan_text(half)
    assert "ABC at 0.5 for one USD as of 2026-11-20 (a bank)" in " ".join(plan_text(half).split())
    assert "for one USD" not in plan_text(found)
