"""Ownership: published worked cases come out, every input moves what it must, and a planted fault is found."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy_financial as npf
import pytest
from books import Edited, area, assume, choose, expected, make, passes, platform_cell, reprice, with_fault
from config_files import read_config
from worlds import Open, opened, thinned

from xlmodel.book.places import Places
from xlmodel.calc.address import Ref
from xlmodel.calc.values import NA, Value
from xlmodel.engines.programs import IronCalc
from xlmodel.engines.recalculate import differences
from xlmodel.errors import InputRefused
from xlmodel.model.facts import Quote
from xlmodel.model.market import Market
from xlmodel.model.ownership import BUILD_UP, UNITS, Ownership, annuity, build_up, electricity, support, yearly
from xlmodel.model.scenario import Inputs, Scenario
from xlmodel.readers.assemble import gather
from xlmodel.readers.prices import read_prices
from xlmodel.sheets.order import describe

SMALL = gather(models=["DeepSeek-R1"])
SMALL = thinned(
    replace(SMALL, points=tuple(p for p in SMALL.points if p.workload == "8k/1k" and p.snapshot == "2026-07"))
)
FACTS = {fact.platform: fact for fact in SMALL.platforms}
FULL: dict[str, Value] = {
    "life": 5.0, "cost_of_capital": 0.09, "decline": 0.25, "spares": 0.03, "pue": 1.3, "usd_per_kwh": 0.11,
    "colocation": 130.0, "support": 900.0, "support_share": 0.05, "software": 562.5, "availability": 0.97,
}  # fmt: skip
TYPED: Mapping[str, Value] = {**FULL, "residual": 0.15}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    return opened(tmp_path_factory.mktemp("ownership") / "small.xlsx", SMALL)


def test_nvidias_server_year_comes_out() -> None:
    charge = annuity(rate=0.0, life=4.0, capital=320_000.0, residual=0.0)
    year = yearly(charge=charge, electricity=0.0, colocation=0.0, support=3_000.0, software=4_500.0)
    assert year == pytest.approx(87_500.0)


def test_the_electricity_of_a_server_comes_out() -> None:
    assert electricity(kilowatt=10.2, pue=1.3, usd_per_kwh=0.08) == pytest.approx(9_292.0, abs=1)


def test_a_published_rack_of_five_million_costs_3_17_an_hour() -> None:
    assumed = Ownership(capital={"GB200 NVL72": 5e6 / 72}, life=3.0, support_share=0.2)
    charge = annuity(rate=0.0, life=3.0, capital=5e6 / 72, residual=0.0)
    staff = support(flat=0.0, share=0.2, charge=charge)
    year = yearly(charge=charge, electricity=0.0, colocation=0.0, support=staff, software=0.0)
    assert year == pytest.approx(27_778, abs=1)
    assert build_up("GB200 NVL72", FACTS["GB200 NVL72"], assumed, Scenario(usd_per_kwh=None)) == pytest.approx(
        3.17, abs=0.005
    )


@pytest.mark.engine
def test_the_published_rack_comes_out_in_the_workbook(book: Open) -> None:
    case = assume(SMALL, {"GB200 NVL72": 5e6 / 72}, life=3.0, support_share=0.2, usd_per_kwh=None)
    ref = platform_cell(SMALL, "ownership.own_build_up", "GB200 NVL72")
    assert book.values(case.edits)[ref.sheet, ref.a1] == pytest.approx(3.17, abs=0.005)


@pytest.mark.parametrize("rate", [0.0, 1e-4, 0.05, 0.12, 0.4])
@pytest.mark.parametrize("life", [0.5, 3.0, 4.0, 7.5])
@pytest.mark.parametrize("residual", [0.0, 3_125.0])
def test_the_capital_charge_is_the_annuity_of_numpy_financial(rate: float, life: float, residual: float) -> None:
    wanted = npf.pmt(rate, life, -31_250.0, residual)
    assert annuity(rate=rate, life=life, capital=31_250.0, residual=residual) == pytest.approx(wanted, rel=1e-9)


def test_the_charge_pays_the_capital_back_to_the_cent() -> None:
    charge = annuity(rate=0.08, life=4.0, capital=31_250.0, residual=3_000.0)
    assert isinstance(charge, float)
    assert npf.npv(0.08, [-31_250.0, charge, charge, charge, charge + 3_000.0]) == pytest.approx(0.0, abs=1e-6)


def test_capital_without_a_source_gives_no_price_and_says_so() -> None:
    market = Market(SMALL)
    unsourced = [name for name in Places(SMALL).platforms if market.price(name, BUILD_UP) is NA]
    assert set(unsourced) == {"GB300 NVL72", "B300", "MI300X", "MI325X", "MI355X"} & set(Places(SMALL).platforms)
    values = expected(SMALL)
    for name in unsourced:
        ref = platform_cell(SMALL, "ownership.in_words", name)
        assert "no sourced capital" in str(values[ref.sheet, ref.a1])


def test_the_default_is_capital_and_electricity_and_nothing_invented() -> None:
    fact = FACTS["H100"]
    assert fact.kilowatt is not None
    wanted = (31_250 / 4 + fact.kilowatt * 8_760 * 0.08) / 8_760
    assert Market(SMALL).price("H100", BUILD_UP) == pytest.approx(wanted, rel=1e-12)
    assumed = SMALL.ownership
    assert [name for name in UNITS if getattr(assumed, name) is not None] == [
        "life",
        "availability",
    ]


OWNED = choose(SMALL, basis=BUILD_UP)
LIFELESS = assume(OWNED.inputs, life=None)
CASES: dict[str, tuple[Inputs, Edited]] = {
    **{name: (SMALL, assume(SMALL, **{name: value})) for name, value in TYPED.items()},
    "life emptied": (SMALL, assume(SMALL, life=None)),
    "a basis without life": (OWNED.inputs, Edited(OWNED.edits | LIFELESS.edits, LIFELESS.inputs)),
    "availability emptied": (SMALL, assume(SMALL, availability=None)),
    "own capital": (SMALL, assume(SMALL, {"MI355X": 36_250.0, "H100": 20_000.0})),
    "everything": (SMALL, assume(SMALL, **TYPED)),
    "as a basis": (SMALL, choose(SMALL, basis=BUILD_UP, baseline="H100")),
}


@pytest.mark.engine
@pytest.mark.parametrize("name", CASES)
def test_an_edited_input_moves_every_cell_as_the_model_says(book: Open, name: str) -> None:
    before, case = CASES[name]
    wanted = expected(case.inputs)
    values = book.values(case.edits)
    assert values.keys() == wanted.keys()
    found = differences(values, wanted)
    assert not found, found[:5]
    moved = {cell for cell, value in expected(before).items() if wanted[cell] != value}
    assert moved, "the input moves nothing"


@pytest.mark.engine
def test_every_input_together_under_the_own_basis_agrees(book: Open) -> None:
    chosen = choose(SMALL, basis=BUILD_UP, baseline="H200", utilization=0.7)
    case = assume(chosen.inputs, **FULL)
    found = differences(book.values({**chosen.edits, **case.edits}), expected(case.inputs))
    assert not found, found[:5]


@pytest.mark.engine
@pytest.mark.parametrize(
    ("check", "cell"),
    [
        (
            "Ownership parts make the whole",
            platform_cell(SMALL, "ownership.electricity_hourly", Places(SMALL).platforms[1]),
        ),
        ("Own build-up is a price", area(SMALL, f"prices.basis_{len(SMALL.bases) - 1}").cell(1)),
    ],
)
def test_a_planted_fault_is_found(ironcalc_engine: IronCalc, tmp_path: Path, check: str, cell: Ref) -> None:
    book, path = with_fault(SMALL, cell, 9.0, tmp_path / "fault.xlsx")
    found = passes(book, ironcalc_engine.values(path))
    assert [name for name, passed in found.items() if passed != 1] == [check, "master"]


@pytest.mark.parametrize("name", ["Own build-up", "own build up", "OWN BUILD-UP"])
def test_no_quote_may_take_the_name_of_the_computed_basis(tmp_path: Path, name: str) -> None:
    path = tmp_path / "prices.csv"
    path.write_text(f"platform,provider,usd_per_gpu_hour,as_of,source,basis\nB200,us,2.5,2026-11,contract,{name}\n")
    with pytest.raises(InputRefused, match="the workbook computes Own build-up"):
        read_prices(path)


def test_a_scenario_may_choose_the_computed_basis(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text('[scenario]\nbasis = "Own build-up"\n')
    assert read_config(path).choices["basis"] == BUILD_UP


@pytest.mark.engine
def test_a_quote_typed_on_the_computed_basis_changes_no_price_and_fails_a_check(
    book: Open,
) -> None:
    typed = Quote("B200", "us", "", BUILD_UP, 3.9, "2026-11", "contract", "high")
    case = reprice(SMALL, {}, [typed])
    values = book.values(case.edits)
    assert not differences(values, expected(case.inputs))
    assert Market(case.inputs).price("B200", BUILD_UP) == Market(SMALL).price("B200", BUILD_UP)
    found = passes(describe(case.inputs), values)
    assert [name for name, passed in found.items() if passed != 1] == ["One price per basis", "master"]


@pytest.mark.engine
def test_a_platform_that_only_own_points_name_is_sized_and_priced_by_typed_capital(
    ironcalc_engine: IronCalc, tmp_path: Path
) -> None:
    point = replace(SMALL.points[0], platform="MI400X")
    fact = replace(FACTS["MI355X"], platform="MI400X", domain=None, kilowatt=None, capex_server=None, capex_all_in=None)
    inputs = replace(SMALL, points=(*SMALL.points, point), platforms=(*SMALL.platforms, fact))
    path = tmp_path / "named.xlsx"
    make(inputs, path)
    case = assume(inputs, {"MI400X": 30_000.0})
    values = ironcalc_engine.values(path, case.edits)
    assert not differences(values, expected(case.inputs))
    ref = platform_cell(inputs, "ownership.in_words", "MI400X")
    assert values[ref.sheet, ref.a1] == "no power figure on Platforms"
