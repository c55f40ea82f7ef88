"""Every registered formula: the Excel text and the Python twin are two statements of the same thing."""

import random
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from xlmodel.calc.record import REGISTRY, Formula
from xlmodel.calc.values import DIV0, NA, NUM, VALUE, Value, same
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.model.cost import breakeven, cost, gain, permw, relative, saved
from xlmodel.model.tokens import class_cost, joule
from xlmodel.units import Unit

CASES = 500
FORMULAS = list(REGISTRY.values())


def ids(formula: Formula) -> str:
    return formula.name


def drawn(rng: random.Random, unit: Unit) -> float:
    """Any number of the unit's range, and often 0 and 1 although the range may forbid them."""
    return rng.choice((0.0, 1.0, rng.uniform(max(1e-6, unit.low), min(1e6, unit.high))))


@pytest.mark.parametrize("formula", FORMULAS, ids=ids)
def test_the_worked_example_comes_out(formula: Formula) -> None:
    assert formula(**formula.example) == pytest.approx(formula.gives, rel=1e-4)


@pytest.mark.parametrize("formula", FORMULAS, ids=ids)
def test_a_formula_says_what_it_gives_and_names_its_ingredients(formula: Formula) -> None:
    assert len(formula.help) > 20
    assert formula.ingredients.keys() == formula.example.keys()
    assert all("{" + name + "}" in formula.excel for name in formula.ingredients)
    assert formula.excel.count("{") == sum(formula.excel.count("{" + name + "}") for name in formula.ingredients)


@pytest.mark.parametrize("formula", FORMULAS, ids=ids)
def test_an_error_among_the_ingredients_comes_through(formula: Formula) -> None:
    for name in formula.ingredients:
        values: dict[str, Value] = {**formula.example, name: NA}
        assert formula(**values) is NA


Row = tuple[Value, dict[str, Value]]  # what the twin gives, and its ingredients


def random_rows(sheet: Any, formula: Formula, count: int = CASES) -> list[Row]:
    """Write a formula over random ingredients, one case a row; the results stand in column A."""
    rng = random.Random(formula.name)
    found: list[Row] = []
    for i in range(1, count + 1):
        values: dict[str, Value] = {name: drawn(rng, unit) for name, unit in formula.ingredients.items()}
        sheet.write_row(i - 1, 1, values.values())
        cells = {name: f"{chr(66 + k)}{i}" for k, name in enumerate(values)}
        sheet.write_formula(i - 1, 0, "=" + formula.excel.format(**cells))
        found.append((formula(**values), values))
    return found


@pytest.mark.engine
@pytest.mark.parametrize("formula", FORMULAS, ids=ids)
def test_the_excel_text_equals_the_twin_in_an_engine(
    formula: Formula, tmp_path: Path, ironcalc_engine: IronCalc
) -> None:
    path = tmp_path / "twin.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        rows = random_rows(workbook.add_worksheet("S"), formula)
    values = ironcalc_engine.values(path)
    for i, (want, ingredients) in enumerate(rows, 1):
        assert same(values["S", f"A{i}"], want), (ingredients, values["S", f"A{i}"], want)


@pytest.mark.engine
@pytest.mark.office
def test_every_excel_text_equals_its_twin_in_libreoffice(tmp_path: Path, libreoffice_engine: LibreOffice) -> None:
    path = tmp_path / "twins.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        written = {f.name: random_rows(workbook.add_worksheet(f.name), f, CASES // 4) for f in FORMULAS}
    values = libreoffice_engine.values(path)
    for name, rows in written.items():
        for i, (want, ingredients) in enumerate(rows, 1):
            computed = values[name, f"A{i}"]
            if want is NUM and computed == VALUE:
                continue  # LibreOffice stores some of its #NUM! as #VALUE!
            assert same(computed, want), (name, ingredients, computed, want)


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
    assert cost(price=price, throughput=throughput, utilization=1.0) == pytest.approx(published, rel=1e-3), why


@pytest.mark.parametrize(
    ("price", "throughput", "published"), [(16.00, 7_707, 5.19), (10.50, 7_707, 3.41), (8.60, 275, 78.2)]
)
def test_published_costs_of_output_tokens_come_out(price: float, throughput: float, published: float) -> None:
    """All cost on the output of 8k/1k, one of nine tokens: table of signal65.com's report as reconstructed."""
    found = class_cost(cost=cost(price=price, throughput=throughput, utilization=1.0), share=1 / 9)
    assert found == pytest.approx(published, rel=2e-3)


def test_watts_of_the_published_generations_come_out() -> None:
    """Ten times the throughput at 1.87 kW against 1.37 kW is 7.3 times the tokens per joule, and per megawatt."""
    before = joule(kilowatt=1.37, pue=1.0, throughput=1_000.0, utilization=1.0)
    after = joule(kilowatt=1.87, pue=1.0, throughput=10_000.0, utilization=1.0)
    assert (before, after) == (1.37, 0.187), "InferenceX: 1,000 W per kW over tokens per second"
    assert relative(cost=before, baseline_cost=after) == pytest.approx(7.3, abs=0.05)
    output = permw(throughput=10_000.0, kilowatt=1.87, pue=1.0), permw(throughput=1_000.0, kilowatt=1.37, pue=1.0)
    assert relative(cost=output[0], baseline_cost=output[1]) == pytest.approx(7.3, abs=0.05)


def test_the_arithmetic_of_the_headline_comes_out() -> None:
    assert gain(performance=28.0, price_ratio=16.00 / 8.60) == pytest.approx(15.05, abs=0.005)
    assert gain(performance=10.0, price_ratio=10.50 / 6.305) == pytest.approx(6.005, abs=0.0005)
    assert gain(performance=28.0, price_ratio=2.0) == 14.0


def test_a_fifteenth_of_the_cost_saves_93_percent_and_not_15_times() -> None:
    share = saved(relative=relative(cost=1.0, baseline_cost=15.05))
    assert share == pytest.approx(0.9336, abs=1e-4)


def test_zero_throughput_is_a_division_error_and_never_a_cost() -> None:
    assert cost(price=1.0, throughput=0.0, utilization=1.0) is DIV0
    assert breakeven(baseline_price=1.0, throughput=1.0, baseline_throughput=0.0) is DIV0
