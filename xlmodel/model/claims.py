"""How a published claim is recomputed, and the rule by which it is judged.

A claim is recomputed in up to two ways. *As arithmetic*: from the numbers it rests on itself (a published
performance ratio, a pair of list prices). *From the data*: from the measured points, at one or two software
dates. The first judges the calculation, the second what went into it: 28x at 16.00 / 8.60 USD is 15.05x,
right as arithmetic however much or little of the 28x the public data show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from xlmodel.calc.counted import counted, declared
from xlmodel.calc.expression import Expr, lift
from xlmodel.calc.functions import ABS, IF, ISNUMBER, MAX, MIN, NOT, OR
from xlmodel.calc.values import NA
from xlmodel.model.economics import busy_cost, change, gain, ratio

NONE = "none"
THROUGHPUT, THROUGHPUT_RATIO, PEAK = "throughput", "throughput ratio", "peak throughput"
PRICE, PRICE_RATIO = "price", "price ratio"
GAIN, RELATIVE_COST = "performance per dollar", "relative cost"
COST, GIVEN_RATIO = "cost", "given ratio"
PER_WATT, DOMAIN = "tokens per watt", "domain size"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the workbook knows about one claim, as numbers or cells; #N/A where it knows nothing.

    Attributes:
        rate, other: throughput of subject and baseline (tok/s/GPU); for `peak throughput` the peak.
            Below the measured range the slowest point is held: it is achievable.
        price, other_price: USD/GPU-hour on the claim's basis.
        fact, other_fact: GPUs per scale-up domain, or all-in kW per GPU by the model in force in 2025.
        given, other_given: the published numbers that the claim starts from.
    """

    rate: Any = NA
    other: Any = NA
    price: Any = NA
    other_price: Any = NA
    fact: Any = NA
    other_fact: Any = NA
    given: Any = NA
    other_given: Any = NA


Way = Callable[[Evidence], Any]


class Recipe(NamedTuple):
    """How a kind of claim is recomputed: in words, the unit that comes out, as arithmetic and from the data."""

    says: str
    unit: str
    arithmetic: Way | None = None
    data: Way | None = None


def _prices(e: Evidence) -> Any:
    return ratio(e.price, e.other_price)


def _rates(e: Evidence) -> Any:
    return ratio(e.rate, e.other)


def _watts(e: Evidence) -> Any:
    return ratio(e.fact, e.other_fact)


def _published_cost(e: Evidence) -> Any:
    price = counted(e.given, "USD/GPU/h", "the published number is a price")
    return busy_cost(price, counted(e.other_given, "tok/s/GPU", "the published number is a throughput"))


RECIPES = {
    THROUGHPUT: Recipe("throughput of the subject at the interactivity", "tok/s/GPU", data=lambda e: e.rate),
    THROUGHPUT_RATIO: Recipe("throughput of the subject / throughput of the baseline, at the same interactivity", "1", data=_rates),
    PEAK: Recipe("highest throughput on the frontier of the subject", "tok/s/GPU", data=lambda e: e.rate),
    PRICE: Recipe("price of the subject on the basis", "USD/GPU/h", lambda e: e.price),
    PRICE_RATIO: Recipe("price of the subject / price of the baseline, on the basis", "1", _prices),
    GAIN: Recipe("performance ratio / price ratio on the basis (also said as 'x cheaper')", "1",
                 lambda e: gain(e.given, _prices(e)), lambda e: gain(_rates(e), _prices(e))),
    RELATIVE_COST: Recipe("price ratio on the basis / performance ratio", "1",
                          lambda e: _prices(e) / e.given, lambda e: _prices(e) / _rates(e)),
    COST: Recipe("published price x 1,000,000 / (3,600 x published throughput)", "USD/Mtok", _published_cost),
    GIVEN_RATIO: Recipe("published number of the subject / published number of the baseline", "1",
                        lambda e: ratio(e.given, e.other_given)),
    PER_WATT: Recipe("performance ratio / ratio of all-in kW per GPU in force in 2025", "1",
                     lambda e: e.given / _watts(e), lambda e: _rates(e) / _watts(e)),
    DOMAIN: Recipe("GPUs in one scale-up domain of the subject", "GPU/domain", lambda e: e.fact),
    NONE: Recipe("nothing to recompute: no number of the workbook bears on it", "1"),
}  # fmt: skip
KINDS = {kind: recipe.says for kind, recipe in RECIPES.items()}

ABOUT, MORE_THAN, UP_TO, EXACTLY = "about", "more than", "up to", "exactly"
RELATIONS = (ABOUT, MORE_THAN, UP_TO, EXACTLY)

CONFIRMED, CONSISTENT, NOT_REPRODUCED = "confirmed", "consistent", "not reproduced"
NOT_TESTABLE, NO_BENCHMARK = "not testable", "not a benchmark claim"
VERDICTS = (CONFIRMED, CONSISTENT, NOT_REPRODUCED, NOT_TESTABLE, NO_BENCHMARK)

YES = "yes"
CLOSE = 0.05  # within this share of the published number: confirmed (published numbers are rounded)
NEAR = 0.20  # within this share: consistent (series and runs of one platform differ by as much)
FAR = 1e99  # further than any number of a claim


def as_arithmetic(kind: str, known: Evidence) -> Any:
    """A claim's number from published inputs, list prices and hardware facts; None for a kind that has no such way."""
    recipe = RECIPES[kind]
    return recipe.arithmetic and declared(recipe.arithmetic(known), recipe.unit)


def from_data(kind: str, known: Evidence) -> Any:
    """A claim's number from the measured points; None for a kind that has no such way."""
    recipe = RECIPES[kind]
    return recipe.data and declared(recipe.data(known), recipe.unit)


def miss(published: Expr, relation: Expr, value: Expr) -> Any:
    """Share of the published number by which a recomputed one misses it.

    A lower bound is missed only from below; every other relation from both sides.

    >>> from xlmodel.calc.expression import NOWHERE, Literal
    >>> [miss(Literal(24), Literal("more than"), Literal(value)).at(NOWHERE) for value in (30, 18)]
    [0.0, 0.25]
    """
    return IF(relation.eq(MORE_THAN), MAX(0, 1 - ratio(value, published)), ABS(change(value, published)))


def difference(published: Expr, relation: Expr, data: Expr, second: Expr, arithmetic: Any = "") -> Any:
    """How far the claim is from its recomputation; "" when there is nothing to compare.

    The arithmetic counts alone where there is one; otherwise the closer of the two software dates.

    >>> from xlmodel.calc.expression import NOWHERE, Literal
    >>> round(difference(Literal(10), Literal("about"), Literal(8), Literal(11)).at(NOWHERE), 9)
    0.1
    """
    alone = lift(arithmetic)
    nothing = NOT(OR(ISNUMBER(alone), ISNUMBER(data), ISNUMBER(second)))
    dates = [IF(ISNUMBER(value), miss(published, relation, value), FAR) for value in (data, second)]
    found = IF(ISNUMBER(alone), miss(published, relation, alone), MIN(*dates))
    return IF(OR(NOT(ISNUMBER(published)), nothing), "", found)


def verdict(kind: Expr, testable: Expr, off: Expr, close: Any = CLOSE, near: Any = NEAR) -> Any:
    """Judge a claim by its difference: of the arithmetic where the claim is one, else of the data.

    >>> from xlmodel.calc.expression import NOWHERE, Literal
    >>> verdict(Literal("price ratio"), Literal("yes"), Literal(0.003)).at(NOWHERE)
    'confirmed'
    """
    judged = IF(off <= close, CONFIRMED, IF(off <= near, CONSISTENT, NOT_REPRODUCED))
    return IF(kind.eq(NONE), NO_BENCHMARK, IF(OR(testable.ne(YES), off.eq("")), NOT_TESTABLE, judged))
