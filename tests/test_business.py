"""Each business function: a number from outside comes out, its unit follows from its ingredients, and numbers, arrays, cells and an engine agree."""

import math
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import xlsxwriter

from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Cell
from xlmodel.calc.dimension import dimension
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.values import ExcelError, Value, same
from xlmodel.engines.programs import IronCalc
from xlmodel.model import economics, fleet, ownership, tokens
from xlmodel.units import (
    COUNT,
    DOMAINS,
    EXCHANGE_RATE,
    FACTOR,
    GPUS,
    GPUS_PER_DOMAIN,
    GRAMS_PER_KWH,
    GRAMS_PER_MILLION,
    JOULE_PER_TOKEN,
    KILOWATT,
    KWH_PER_MILLION,
    MARGIN,
    MILLION_TOKENS_PER_DAY,
    MONEY_PER_MILLION,
    MONTHS,
    PRICE_RATIO,
    PUE,
    RATE,
    RATIO,
    SHARE,
    TOKEN_PRICE,
    TOKENS_PER_GPU,
    TOKENS_PER_MW,
    TOKENS_PER_USER,
    TOTAL_KILOWATT,
    USD_PER_GPU,
    USD_PER_GPU_HOUR,
    USD_PER_GPU_YEAR,
    USD_PER_HOUR,
    USD_PER_KW_MONTH,
    USD_PER_KWH,
    USD_PER_MILLION,
    USD_PER_MONTH,
    USD_PER_YEAR,
    USERS,
    USERS_PER_GPU,
    UTILIZATION,
    WHOLE_GPUS,
    YEARS,
    Unit,
)

CASES = 100
S = Seat("S", 1, 1, 0, "relative")


class Row(NamedTuple):
    """A function, the units of its ingredients and of its result, and a worked example."""

    function: Callable[..., Any]
    units: tuple[Unit, ...]
    gives: Unit
    example: tuple[float, ...]
    result: float


YEAR, HOUR, MTOK = USD_PER_GPU_YEAR, USD_PER_GPU_HOUR, USD_PER_MILLION
ROWS = (
    # InferenceX: 2.65 USD at 6,000 tok/s/GPU; published ratios of GB200 to MI355X at Oracle's prices
    Row(economics.cost, (HOUR, TOKENS_PER_GPU, SHARE), MTOK, (2.65, 6_000, 1), 0.122685),
    Row(economics.ratio, (HOUR, HOUR), RATIO, (16, 8.6), 1.860465),
    Row(economics.gain, (RATIO, RATIO), RATIO, (28, 16 / 8.6), 15.05),
    Row(economics.saved, (RATIO,), SHARE, (1 / 15,), 0.933333),
    Row(economics.breakeven, (HOUR, TOKENS_PER_GPU, TOKENS_PER_GPU), HOUR, (8.6, 7_707, 275.25), 240.8),
    Row(economics.per_megawatt, (TOKENS_PER_GPU, KILOWATT, PUE), TOKENS_PER_MW, (7_707, 1.87, 1), 4_121_390.4),
    Row(economics.users, (TOKENS_PER_GPU, SHARE, TOKENS_PER_USER), USERS_PER_GPU, (7_707, 1 / 9, 75), 11.417778),
    # 0.7^4; a tenth of a published H100 server's share; the annuity by hand: 31,250 x 0.08/(1-1.08^-4) - 3,000 x 0.08/(1.08^4-1)
    Row(ownership.share_left, (RATE, YEARS), SHARE, (0.3, 4), 0.2401),
    Row(ownership.residual, (USD_PER_GPU, SHARE), USD_PER_GPU, (31_250, 0.1), 3_125),
    Row(ownership.annuity, (RATE, YEARS, USD_PER_GPU, USD_PER_GPU), YEAR, (0.08, 4, 31_250, 3_000), 8_769.262726),
    # NVIDIA's example: a server of 320,000 over 4 years; 10.2 kW at PUE 1.3 and 0.08; 3,000 support and 4,500 software
    Row(ownership.depreciation, (USD_PER_GPU, USD_PER_GPU, YEARS), YEAR, (320_000, 0, 4), 80_000),
    Row(ownership.financing, (YEAR, YEAR), YEAR, (8_769.26, 7_062.5), 1_706.76),
    Row(ownership.electricity, (KILOWATT, PUE, USD_PER_KWH), YEAR, (10.2, 1.3, 0.08), 9_292.608),
    Row(ownership.colocation, (KILOWATT, USD_PER_KW_MONTH), YEAR, (1.37, 100), 1_644),
    Row(ownership.support, (YEAR, SHARE, YEAR), YEAR, (0, 0.2, 23_148.148148), 4_629.63),
    Row(ownership.yearly, (YEAR, YEAR, YEAR, YEAR, YEAR), YEAR, (80_000, 0, 0, 3_000, 4_500), 87_500),
    Row(ownership.hourly, (YEAR, UTILIZATION), HOUR, (27_777.777778, 1), 3.170979),
    # 504 GPUs are 7 racks of 72; a month has 730 hours and a year 8,760
    Row(fleet.gpus_for_users, (USERS, USERS_PER_GPU), GPUS, (5_000, 11.4178), 437.9127),
    Row(fleet.token_load, (FACTOR, UTILIZATION), FACTOR, (1.5, 0.5), 2),
    Row(fleet.gpus_for_tokens, (MILLION_TOKENS_PER_DAY, FACTOR, TOKENS_PER_GPU), GPUS, (86_400, 2, 5_000), 400),
    Row(fleet.gpus_for_power, (TOTAL_KILOWATT, KILOWATT, PUE), GPUS, (1_000, 2, 1.25), 400),
    Row(fleet.whole_domains, (GPUS, GPUS_PER_DOMAIN, COUNT), DOMAINS, (437.9127, 72, 0), 7),
    Row(fleet.idle, (GPUS, WHOLE_GPUS, FACTOR), SHARE, (400, 500, 2), 0.6),
    Row(fleet.busy, (UTILIZATION, SHARE), SHARE, (0.9, 0.6), 0.4),
    Row(fleet.fleet_power, (WHOLE_GPUS, KILOWATT, PUE), TOTAL_KILOWATT, (504, 1.87, 1), 942.48),
    Row(fleet.per_hour, (WHOLE_GPUS, HOUR), USD_PER_HOUR, (504, 2.6), 1_310.4),
    Row(fleet.per_month, (USD_PER_HOUR,), USD_PER_MONTH, (1_310.4,), 956_592),
    Row(fleet.per_year, (USD_PER_HOUR,), USD_PER_YEAR, (1_310.4,), 11_479_104),
    Row(
        fleet.blended, (SHARE, TOKEN_PRICE, TOKEN_PRICE, TOKEN_PRICE, SHARE), TOKEN_PRICE, (0.25, 4, 1, 0.2, 0.5), 1.45
    ),
    Row(fleet.revenue, (TOKENS_PER_GPU, UTILIZATION, TOKEN_PRICE), HOUR, (5_000, 0.5, 1.45), 13.05),
    Row(fleet.margin, (HOUR, HOUR), MARGIN, (13.05, 2.6), 10.45),
    Row(fleet.margin_share, (MARGIN, HOUR), SHARE, (10.45, 13.05), 0.800766),
    Row(fleet.payback, (USD_PER_GPU, HOUR, HOUR, UTILIZATION), MONTHS, (31_250, 3, 1, 0.8), 26.755137),
    Row(fleet.api_saved, (MTOK, TOKEN_PRICE), SHARE, (0.3, 1.2), 0.75),
    Row(fleet.breakeven_utilization, (HOUR, TOKENS_PER_GPU, TOKEN_PRICE), SHARE, (2.65, 6_000, 0.490741), 0.25),
    # signal65: 0.577 USD over one output token of nine; InferenceX: 1,000 W per kW over tokens per second
    Row(tokens.class_cost, (MTOK, SHARE), MTOK, (0.577, 1 / 9), 5.193),
    Row(tokens.input_cost, (MTOK, SHARE, PRICE_RATIO, SHARE, PRICE_RATIO), MTOK, (1, 0.25, 4, 0.5, 0.2), 0.689655),
    Row(tokens.other_cost, (MTOK, PRICE_RATIO), MTOK, (0.689655, 4), 2.75862),
    Row(tokens.joule, (KILOWATT, PUE, TOKENS_PER_GPU, UTILIZATION), JOULE_PER_TOKEN, (1.87, 1, 7_707, 1), 0.242636),
    Row(tokens.kwh, (JOULE_PER_TOKEN,), KWH_PER_MILLION, (0.242636,), 0.067399),
    Row(tokens.current, (KWH_PER_MILLION, USD_PER_KWH), MTOK, (0.067399, 0.08), 0.00539192),
    Row(tokens.carbon, (KWH_PER_MILLION, GRAMS_PER_KWH), GRAMS_PER_MILLION, (0.067399, 400), 26.9596),
    Row(tokens.reported, (MTOK, EXCHANGE_RATE), MONEY_PER_MILLION, (0.055, 0.9), 0.0495),
)
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.function.__name__)


def cells(row: Row, values: tuple[float, ...], line: int = 1) -> tuple[Cell, ...]:
    """The ingredients in cells of a sheet, from column B on."""
    pairs = zip(row.units, values, strict=True)
    return tuple(Cell(unit, value, Ref("S", line, 2 + k)) for k, (unit, value) in enumerate(pairs))


def drawn(rng: random.Random, unit: Unit) -> float:
    """A number of the unit's range, and often 0 and 1 although the range may forbid them."""
    return rng.choice((0.0, 1.0, rng.uniform(max(1e-6, unit.low), min(1e6, unit.high))))


@each
def test_the_worked_example_comes_out(row: Row) -> None:
    assert row.function(*row.example) == pytest.approx(row.result, rel=1e-4)


@each
def test_the_unit_follows_from_the_ingredients(row: Row) -> None:
    found = row.function(*cells(row, row.example)).dim
    assert dict(found or {}) == dict(dimension(row.gives.of))


@each
def test_numbers_arrays_and_cells_agree(row: Row) -> None:
    arrays = [np.array([value, value * 1.01]) for value in row.example]
    one, many = row.function(*row.example), row.function(*arrays)
    assert row.function(*cells(row, row.example)).at(S) == pytest.approx(one, rel=1e-12)
    assert many[0] == pytest.approx(one, rel=1e-12)
    assert many[1] == pytest.approx(row.function(*(float(array[1]) for array in arrays)), rel=1e-12)


@pytest.mark.engine
def test_an_engine_computes_what_the_expressions_say(tmp_path: Path, ironcalc_engine: IronCalc) -> None:
    path, wanted = tmp_path / "functions.xlsx", dict[tuple[str, str], Value]()
    rng = random.Random(3)
    with xlsxwriter.Workbook(path) as workbook:
        for row in ROWS:
            sheet = workbook.add_worksheet(row.function.__name__)
            for line in range(1, CASES + 1):
                values = tuple(drawn(rng, unit) for unit in row.units)
                sheet.write_row(line - 1, 1, values)
                formula: Expr = row.function(*cells(row, values, line))
                seat = Seat("S", line, 1, 0, "relative")
                sheet.write_formula(line - 1, 0, "=" + formula.text(seat))
                wanted[sheet.name, f"A{line}"] = formula.at(seat)  # type: ignore[assignment]
    computed = ironcalc_engine.values(path)
    wrong = [(key, computed[key], value) for key, value in wanted.items() if not same(computed[key], value)]
    assert not wrong, (len(wrong), wrong[:5])
    assert any(isinstance(value, ExcelError) for value in wanted.values()), "no case divides by nothing"


def test_what_makes_no_sense_is_no_number() -> None:
    assert math.isnan(tokens.carbon(0.067, 0.0)), "no intensity typed"
    assert math.isnan(fleet.payback(1_000.0, 1.0, 2.0, 1.0)), "running costs above revenue"
