"""How a published claim is recomputed, and the rule by which it is judged.

A claim is recomputed in up to two ways. *As arithmetic*: from the numbers it rests on itself (a published
performance ratio, a pair of list prices). *From the data*: from the measured points, at one or two software
dates. The first judges the calculation, the second what went into it: 28x at 16.00 / 8.60 USD is 15.05x,
right as arithmetic however much or little of the 28x the public data show.
"""

from dataclasses import dataclass

from xlmodel.calc.values import NA, ExcelError
from xlmodel.model.cost import cost, gain, ratio
from xlmodel.model.facts import Claim

Number = float | ExcelError

NONE = "none"
THROUGHPUT, THROUGHPUT_RATIO, PEAK = "throughput", "throughput ratio", "peak throughput"
PRICE, PRICE_RATIO = "price", "price ratio"
GAIN, RELATIVE_COST = "performance per dollar", "relative cost"
COST, GIVEN_RATIO = "cost", "given ratio"
PER_WATT, DOMAIN = "tokens per watt", "domain size"

KINDS = {
    THROUGHPUT: "throughput of the subject at the interactivity",
    THROUGHPUT_RATIO: "throughput of the subject / throughput of the baseline, at the same interactivity",
    PEAK: "highest throughput on the frontier of the subject",
    PRICE: "price of the subject on the basis",
    PRICE_RATIO: "price of the subject / price of the baseline, on the basis",
    GAIN: "performance ratio / price ratio on the basis (also said as 'x cheaper')",
    RELATIVE_COST: "price ratio on the basis / performance ratio",
    COST: "published price x 1,000,000 / (3,600 x published throughput)",
    GIVEN_RATIO: "published number of the subject / published number of the baseline",
    PER_WATT: "performance ratio / ratio of all-in kW per GPU in force in 2025",
    DOMAIN: "GPUs in one scale-up domain of the subject",
    NONE: "nothing to recompute: no number of the workbook bears on it",
}

ABOUT, MORE_THAN, UP_TO, EXACTLY = "about", "more than", "up to", "exactly"
RELATIONS = (ABOUT, MORE_THAN, UP_TO, EXACTLY)

CONFIRMED, CONSISTENT, NOT_REPRODUCED = "confirmed", "consistent", "not reproduced"
NOT_TESTABLE, NO_BENCHMARK = "not testable", "not a benchmark claim"
VERDICTS = (CONFIRMED, CONSISTENT, NOT_REPRODUCED, NOT_TESTABLE, NO_BENCHMARK)

YES = "yes"
CLOSE = 0.05  # within this share of the published number: confirmed (published numbers are rounded)
NEAR = 0.20  # within this share: consistent (series and runs of one platform differ by as much)

_MISS = 'IF({relation}="more than",MAX(0,1-{value}/{published}),ABS({value}/{published}-1))'


def _miss(value: str) -> str:
    return _MISS.replace("{value}", value)


# {arithmetic}, {data} and {second} are cells, or `""` where a sheet has no such column
DIFFERENCE_EXCEL = (
    "IF(OR(NOT(ISNUMBER({published})),NOT(OR(ISNUMBER({arithmetic}),ISNUMBER({data}),ISNUMBER({second})))),"
    f'"",IF(ISNUMBER({{arithmetic}}),{_miss("{arithmetic}")},'
    f"MIN(IF(ISNUMBER({{data}}),{_miss('{data}')},1E+99),IF(ISNUMBER({{second}}),{_miss('{second}')},1E+99))))"
)
VERDICT_EXCEL = (
    f'IF({{kind}}="{NONE}","{NO_BENCHMARK}",IF(OR({{testable}}<>"{YES}",{{difference}}=""),"{NOT_TESTABLE}",'
    f'IF({{difference}}<={{close}},"{CONFIRMED}",IF({{difference}}<={{near}},"{CONSISTENT}","{NOT_REPRODUCED}"))))'
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the workbook knows about one claim; #N/A where it knows nothing.

    Attributes:
        subject, baseline: throughput at the claim's snapshot (tok/s/GPU); for `peak throughput` the peak.
            Below the measured range the slowest point is held: it is achievable.
        second_subject, second_baseline: the same at the second snapshot.
        price, baseline_price: USD/GPU-hour on the claim's basis.
        fact, baseline_fact: GPUs per scale-up domain, or all-in kW per GPU by the model in force in 2025.
    """

    subject: Number = NA
    baseline: Number = NA
    second_subject: Number = NA
    second_baseline: Number = NA
    price: Number = NA
    baseline_price: Number = NA
    fact: Number = NA
    baseline_fact: Number = NA


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A claim's number computed again; #N/A where a way does not apply or data are missing.

    Attributes:
        arithmetic: from published inputs, list prices and hardware facts.
        data: from the measured points of the claim's snapshot.
        second: from the measured points of the second snapshot.
    """

    arithmetic: Number = NA
    data: Number = NA
    second: Number = NA


def recompute(claim: Claim, known: Evidence) -> Recomputed:
    """Compute a claim's number again, by its kind."""
    kind = claim.recompute
    if kind in (THROUGHPUT, PEAK):
        return Recomputed(data=known.subject, second=known.second_subject)
    first = _over(known.subject, known.baseline)
    second = _over(known.second_subject, known.second_baseline)
    if kind == THROUGHPUT_RATIO:
        return Recomputed(data=first, second=second)
    given = NA if claim.given is None else claim.given
    given_baseline = NA if claim.given_baseline is None else claim.given_baseline
    prices = _over(known.price, known.baseline_price)
    if kind == GAIN:
        return Recomputed(*(_number(gain(performance=p, price_ratio=prices)) for p in (given, first, second)))
    if kind == RELATIVE_COST:
        return Recomputed(*(_over(prices, p) for p in (given, first, second)))
    if kind == PER_WATT:
        kilowatts = _over(known.fact, known.baseline_fact)
        return Recomputed(*(_over(p, kilowatts) for p in (given, first, second)))
    alone: dict[str, Number] = {
        PRICE: known.price,
        PRICE_RATIO: prices,
        COST: _number(cost(price=given, throughput=given_baseline, utilization=1.0)),
        GIVEN_RATIO: _over(given, given_baseline),
        DOMAIN: known.fact,
        NONE: NA,
    }
    return Recomputed(arithmetic=alone[kind])


def _over(subject: Number, baseline: Number) -> Number:
    return _number(ratio(subject=subject, baseline=baseline))


def _number(value: object) -> Number:
    return float(value) if isinstance(value, int | float) else NA


def miss(published: float, relation: str, value: float) -> float:
    """Share of the published number by which a recomputed one misses it.

    A lower bound is missed only from below; every other relation from both sides.

    >>> miss(24, "more than", 30), round(miss(24, "more than", 22.8), 3), miss(8, "up to", 10)
    (0.0, 0.05, 0.25)
    """
    change = value / published - 1
    return max(0.0, -change) if relation == MORE_THAN else abs(change)


def difference(published: float | None, relation: str, again: Recomputed) -> float | None:
    """How far the claim is from its recomputation; None when there is nothing to compare.

    The arithmetic counts alone where there is one; otherwise the closer of the two software dates.

    >>> difference(10.0, "about", Recomputed(data=8.0, second=11.0))
    0.10000000000000009
    """
    if published is None:
        return None
    if not isinstance(again.arithmetic, ExcelError):
        return miss(published, relation, again.arithmetic)
    return min(
        (miss(published, relation, v) for v in (again.data, again.second) if not isinstance(v, ExcelError)),
        default=None,
    )


def verdict(
    published: float | None,
    relation: str,
    again: Recomputed,
    testable: str,
    kind: str,
    *,
    close: float = CLOSE,
    near: float = NEAR,
) -> str:
    """Judge a claim by its recomputation.

    >>> verdict(15.0, "up to", Recomputed(arithmetic=15.05, data=6.2), "yes", "performance per dollar")
    'confirmed'
    """
    if kind == NONE:
        return NO_BENCHMARK
    off = difference(published, relation, again)
    if testable != YES or off is None:
        return NOT_TESTABLE
    return CONFIRMED if off <= close else CONSISTENT if off <= near else NOT_REPRODUCED


def judge(claim: Claim, again: Recomputed) -> str:
    """The claim's verdict: of the arithmetic where the claim is one, else of the data."""
    return verdict(claim.published, claim.relation, again, claim.testable, claim.recompute)


def judge_data(claim: Claim, again: Recomputed) -> str:
    """The same from the measured points alone: what is left of a calculation once its input is measured."""
    return judge(claim, Recomputed(data=again.data, second=again.second))
