"""The answer to a load test and a price: costs at each measured point and at a target, beside the bundled platforms."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.curve import Curve
from xlmodel.model.economics import cost
from xlmodel.model.market import Market
from xlmodel.model.point import LATEST
from xlmodel.model.scenario import Scenario
from xlmodel.model.tokens import class_cost, input_cost, other_cost


@dataclass(frozen=True, slots=True)
class ClassCosts:
    """USD per million tokens; None where the lengths of the requests, or a ratio of prices, are not known.

    Attributes:
        total: of all tokens alike.
        all_output, all_input: of one class when it bears all cost (InferenceX); these two do not add up.
        input, cached, output: when the classes share the cost in proportion to their prices.
    """

    total: float
    all_output: float | None = None
    all_input: float | None = None
    input: float | None = None
    cached: float | None = None
    output: float | None = None


def class_costs(
    price: float,
    throughput: float,
    output_share: float | None,
    output_ratio: float,
    cached_ratio: float,
    cached_share: float = 0.0,
) -> ClassCosts:
    """USD per million tokens by class, by the formulas of the sheet Tokens and power.

    Args:
        price: USD/GPU-hour.
        throughput: tok/s/GPU, input and output.
        output_share: output tokens as a share of all; None when not known.
        output_ratio: price of an output token over that of an input token.
        cached_ratio: the same of a cached input token.
        cached_share: share of the input tokens that is cached.

    >>> found = class_costs(3.6, 1000.0, 0.5, 4.0, 0.1)
    >>> found.total, found.all_output, found.all_input, found.input, found.output, round(found.cached, 9)
    (1.0, 2.0, 2.0, 0.4, 1.6, 0.04)
    """
    total = cost(price, throughput, 1.0)
    if output_share is None or not 0 < output_share < 1:
        return ClassCosts(total)
    read = input_cost(
        cost=total, output_share=output_share, output_ratio=output_ratio, cached_share=cached_share, cached_ratio=cached_ratio
    )  # fmt: skip
    split: tuple[float | None, float | None, float | None] = (None, None, None)
    if not isinstance(read, ExcelError):
        one = _plain(read)
        split = (
            one,
            _plain(other_cost(input_cost=one, ratio=cached_ratio)),
            _plain(other_cost(input_cost=one, ratio=output_ratio)),
        )
    every = _plain(class_cost(cost=total, share=output_share)), _plain(class_cost(cost=total, share=1 - output_share))
    return ClassCosts(total, *every, *split)


def _plain(value: Value) -> float:
    """The number of a formula whose arguments are numbers."""
    assert isinstance(value, int | float)
    return float(value)


SAME = 0.1  # lengths that differ by less belong to one curve


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """One measurement as this answer needs it: tok/s/user, tok/s/GPU, lengths, and whether it may join a curve."""

    interactivity: float
    throughput: float
    lengths: tuple[float, float] | None
    output_share: float | None
    sound: bool = True


@dataclass(frozen=True, slots=True)
class AtTarget:
    """The curve read at a target; `reason` says why there is no number."""

    interactivity: float
    throughput: float | None = None
    costs: ClassCosts | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A bundled platform at the same interactivity: USD/GPU-hour of the basis, tok/s/GPU, USD per million tokens."""

    platform: str
    price: float | None
    throughput: float | None
    cost: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Costs of each run, the curve they make, and the cost at the target.

    Attributes:
        knots: positions of the runs on the frontier. curve: None when the runs do not make one curve, with the reason.
    """

    costs: tuple[ClassCosts, ...]
    knots: tuple[int, ...]
    curve: Curve | None
    target: AtTarget
    reason: str = ""


def answer(runs: Sequence[MeasuredRun], price: float, target: float, scenario: Scenario) -> Answer:
    """Costs of the runs at a price.

    Args:
        runs: the measurements.
        price: USD/GPU-hour.
        target: interactivity in tok/s/user at which the curve is read; nothing is extrapolated.
        scenario: the ratios of prices, and the interpolation.
    """
    ratios = scenario.number("output_ratio"), scenario.number("cached_ratio")
    costs = tuple(class_costs(price, run.throughput, run.output_share, *ratios) for run in runs)
    sound = [(i, run.interactivity, run.throughput) for i, run in enumerate(runs) if run.sound]
    if not sound:
        reason = "every measurement contradicts itself"
        return Answer(costs, (), None, AtTarget(target, reason=reason), reason)
    if _mixed([runs[i] for i, _, _ in sound]):
        reason = "the requests have different lengths: these are points of different curves"
        return Answer(costs, (), None, AtTarget(target, reason=reason), reason)
    curve = Curve.fit(sound)
    rate = curve.throughput(target, scenario.interpolation, scenario.below_range)
    if isinstance(rate, ExcelError):
        span = (
            f"{curve.xs[0]:,.4g} to {curve.xs[-1]:,.4g} tok/s/user"
            if len(curve.xs) > 1
            else f"{curve.xs[0]:,.4g} tok/s/user alone"
        )
        found = AtTarget(target, reason=f"outside what was measured, {span}; nothing is extrapolated")
    else:
        shares = [run.output_share for run in (runs[i] for i in curve.sources) if run.output_share]
        share = sum(shares) / len(shares) if len(shares) == len(curve.sources) else None
        found = AtTarget(target, rate, class_costs(price, rate, share, *ratios))
    return Answer(costs, curve.sources, curve, found)


def _mixed(runs: Sequence[MeasuredRun]) -> bool:
    """Whether lengths differ by more than runs of one workload do."""
    known = [run.lengths for run in runs if run.lengths]
    return any(max(side) > min(side) * (1 + SAME) for side in zip(*known, strict=True)) if known else False


def beside(market: Market, model: str, workload: str, precision: str, interactivity: float) -> list[Beside]:
    """The bundled platforms at an interactivity, cheapest first, those without a number last and with the reason."""
    rows = []
    scenario = market.scenario
    for platform in dict.fromkeys(point.platform for point in market.inputs.points if point.model == model):
        usd = market.price(platform)
        read = market.reading(platform, model, workload, precision, LATEST, interactivity)
        price = None if isinstance(usd, ExcelError) else usd
        if isinstance(read.throughput, ExcelError):
            rows.append(Beside(platform, price, None, None, read.reason))
            continue
        cost = (
            None if price is None else class_costs(price, read.throughput, None, 0.0, 0.0).total / scenario.utilization
        )
        rows.append(
            Beside(platform, price, read.throughput, cost, "" if price is not None else "no price on this basis")
        )
    return sorted(rows, key=lambda row: (row.cost is None, row.cost or 0.0, row.platform))
