"""A formula that counts in another unit than its cell declares is refused when the book is described."""

from collections.abc import Callable
from typing import Any

import pytest

from xlmodel.book.graph import Graph
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.constants import HOURS_PER_MONTH, HOURS_PER_YEAR, KILOWATT_PER_MEGAWATT, MILLION, SECONDS_PER_HOUR
from xlmodel.calc.dimension import UnitError
from xlmodel.calc.functions import IF, MAX, PMT, SUM, SUMPRODUCT
from xlmodel.model.economics import cost, per_megawatt, users
from xlmodel.units import (
    CAPITAL,
    JOULE_PER_TOKEN,
    KILOWATT,
    KWH_PER_MILLION,
    MILLISECONDS,
    RATE,
    RATIO,
    SHARE,
    TEXT,
    TOKENS_PER_GPU,
    TOKENS_PER_MW,
    TOKENS_PER_USER,
    USD_PER_GPU_HOUR,
    USD_PER_GPU_YEAR,
    USD_PER_HOUR,
    USD_PER_KWH,
    USD_PER_MILLION,
    USD_PER_MONTH,
    USERS,
    USERS_PER_GPU,
    WHOLE_GPUS,
    YEARS,
    Unit,
)  # fmt: skip

EUR = Unit("EUR/GPU-hour", "0.00", of="EUR/GPU/h")
PERCENT = Unit("%", "0.0", of="percent")
DOMAINS = Unit("domains", "0", of="domain")
PER_DOMAIN = Unit("GPUs", "0", of="GPU/domain")
TOKENS_PER_DOMAIN = Unit("tok/s/domain", "0", of="tok/s/domain")
# what stands beside the column under test, each counted in something of its own
GIVEN: dict[str, Unit] = {
    "price": USD_PER_GPU_HOUR, "euro": EUR, "rate": TOKENS_PER_GPU, "speed": TOKENS_PER_USER, "use": SHARE, "percent": PERCENT,
    "power": KILOWATT, "capital": CAPITAL, "life": YEARS, "interest": RATE, "gpus": WHOLE_GPUS, "domains": DOMAINS, "size": PER_DOMAIN,
    "energy": USD_PER_KWH, "ttft": MILLISECONDS, "million": USD_PER_MILLION, "people": USERS, "name": TEXT,
}  # fmt: skip

WRONG: list[tuple[str, Unit, Callable[[Any], Any], str]] = [
    ("a forgotten 3,600", USD_PER_MILLION, lambda c: c.price * MILLION / c.rate, "declared USD/Mtok, the formula gives USD*s/Mtok/h"),
    ("a forgotten million", USD_PER_MILLION, lambda c: c.price / (SECONDS_PER_HOUR * c.rate), "declared USD/Mtok, the formula gives USD/tok"),
    ("hours for months", USD_PER_MONTH, lambda c: c.price * c.gpus, "declared USD/month, the formula gives USD/h"),
    ("months for years", USD_PER_GPU_YEAR, lambda c: c.price * HOURS_PER_MONTH, "declared USD/GPU/year, the formula gives USD/GPU/month"),
    ("years for hours", USD_PER_HOUR, lambda c: c.price * HOURS_PER_YEAR * c.gpus, "declared USD/h, the formula gives USD/year"),
    ("euros for dollars", USD_PER_GPU_HOUR, lambda c: c.euro * c.use, "declared USD/GPU/h, the formula gives EUR/GPU/h"),
    ("euros added to dollars", USD_PER_GPU_HOUR, lambda c: c.price + c.euro, "USD/GPU/h + EUR/GPU/h"),
    ("percent for a share", SHARE, lambda c: c.percent * c.use, "declared 1, the formula gives percent"),
    ("a share compared with percent", RATIO, lambda c: IF(c.use > c.percent, 1, 0), "1 > percent"),
    ("per domain for per GPU", TOKENS_PER_GPU, lambda c: c.rate * c.size, "declared tok/GPU/s, the formula gives tok/domain/s"),
    ("GPUs for domains", DOMAINS, lambda c: c.gpus * c.size, "declared domain, the formula gives GPU^2/domain"),
    ("GPUs added to domains", WHOLE_GPUS, lambda c: c.gpus + c.domains, "GPU + domain"),
    ("a speed per user for one per GPU", USERS_PER_GPU, lambda c: users(c.rate, c.use, c.rate), "declared user/GPU, the formula gives 1"),
    ("milliseconds for a speed", TOKENS_PER_USER, lambda c: 1000 / c.ttft, "declared tok/s/user, the formula gives 1/ms"),
    ("kilowatts for megawatts", TOKENS_PER_MW, lambda c: c.rate / c.power, "declared tok/MW/s, the formula gives tok/kW/s"),
    ("watts for kilowatts", JOULE_PER_TOKEN, lambda c: c.power / c.rate, "declared W*s/tok, the formula gives kW*s/tok"),
    ("energy without its time", KWH_PER_MILLION, lambda c: c.power * MILLION / c.rate, "declared h*kW/Mtok, the formula gives kW*s/Mtok"),
    ("a rate a year over hours", USD_PER_GPU_YEAR, lambda c: PMT(c.interest, c.price, c.capital), "PMT at a rate in 1/year over USD/GPU/h"),
    ("interest without its years", CAPITAL, lambda c: c.capital * c.interest, "declared USD/GPU, the formula gives USD/GPU/year"),
    ("capital for a yearly cost", USD_PER_GPU_YEAR, lambda c: c.capital * c.life, "declared USD/GPU/year, the formula gives USD*year/GPU"),
    ("a total of unlike things", USD_PER_GPU_HOUR, lambda c: SUM(c.price, c.million), "USD/GPU/h in SUM beside USD/Mtok"),
    ("the larger of unlike things", WHOLE_GPUS, lambda c: MAX(c.gpus, c.people), "GPU in MAX beside user"),
    ("two branches of unlike things", USD_PER_MILLION, lambda c: IF(c.use > 0, c.million, c.price), "USD/Mtok in IF beside USD/GPU/h"),
    ("words in a product", RATIO, lambda c: c.name * 2, "words * a number"),
    ("a unit as an exponent", RATIO, lambda c: 2**c.life, "an exponent in year"),
    ("products summed in another unit", USD_PER_HOUR, lambda c: SUMPRODUCT(c.price.all * c.energy.all), "declared USD/h, the formula gives"),
    ("tokens per kilowatt of a domain", TOKENS_PER_MW, lambda c: per_megawatt(c.rate, c.power * c.size, 1), "declared tok/MW/s"),
    ("cost at a speed per user", USD_PER_MILLION, lambda c: cost(c.price, c.speed, c.use), "the formula gives USD*user/GPU/Mtok"),
    ("electricity for a price", USD_PER_GPU_HOUR, lambda c: c.energy * KILOWATT_PER_MEGAWATT, "declared USD/GPU/h"),
]  # fmt: skip


class Columns:
    """The columns of a small table by name."""

    def __init__(self, table: Table) -> None:
        for name, unit in GIVEN.items():
            setattr(self, name, table.column(name, unit, ["words"] * 3 if unit is TEXT else [1.0, 2.0, 3.0]))


def described(unit: Unit, formula: Callable[[Any], Any]) -> None:
    graph, sheet = Graph(), Sheet("Trial", "workings", "Trial")
    table = Table(graph, sheet, "trial", 7, 1, 3)
    table.column("Under test", unit, formula(Columns(table)))
    graph.finish()


@pytest.mark.parametrize(("what", "unit", "formula", "says"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_unit_is_refused_with_its_place_and_both_units(
    what: str, unit: Unit, formula: Callable[[Any], Any], says: str
) -> None:
    with pytest.raises(UnitError) as refused:
        described(unit, formula)
    assert str(refused.value).startswith("Trial, Under test: ")
    assert says in str(refused.value), what


@pytest.mark.parametrize(
    ("unit", "formula"),
    [
        (USD_PER_MILLION, lambda c: cost(c.price, c.rate, c.use)),
        (TOKENS_PER_MW, lambda c: per_megawatt(c.rate, c.power, 1)),
        (USERS_PER_GPU, lambda c: users(c.rate, c.use, c.speed)),
        (USD_PER_MONTH, lambda c: c.price * c.gpus * HOURS_PER_MONTH),
        (WHOLE_GPUS, lambda c: c.domains * c.size),
        (USD_PER_GPU_YEAR, lambda c: -PMT(c.interest, c.life, c.capital)),
        (TOKENS_PER_DOMAIN, lambda c: c.rate * c.size),
        (USD_PER_GPU_HOUR, lambda c: IF(c.use > 0, c.price, 0)),
    ],
)
def test_the_right_formula_is_taken(unit: Unit, formula: Callable[[Any], Any]) -> None:
    described(unit, formula)


def test_all_wrong_formulas_of_a_book_are_named_at_once() -> None:
    graph, sheet = Graph(), Sheet("Trial", "workings", "Trial")
    table = Table(graph, sheet, "trial", 7, 1, 3)
    columns: Any = Columns(table)
    table.column("First", USD_PER_MONTH, columns.price)
    table.column("Second", SHARE, columns.percent)
    with pytest.raises(UnitError, match=r"(?s)Trial, First: .*Trial, Second: "):
        graph.finish()
