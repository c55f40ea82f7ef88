"""The results that a reader quotes: lowest cost at the target, and cost and gain of every platform."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from xlmodel.calc.expression import NOWHERE, Literal
from xlmodel.calc.matrix import scalar
from xlmodel.calc.values import NA, Value
from xlmodel.model.economics import cost, gain, ratio
from xlmodel.model.market import Market
from xlmodel.model.scenario import Inputs

LOWEST, CHEAPEST = "lowest cost", "cheapest platform"
COST, GAIN = "cost of ", "gain of "


def headline(inputs: Inputs, platforms: Iterable[str] = ()) -> dict[str, Value]:
    """Cost in USD per million tokens, gain as a multiple of the baseline; #N/A where the workbook shows it.

    Args:
        inputs: what the workbook is computed from.
        platforms: the platforms to report, by default those with points.
    """
    market, s = _narrow(inputs), inputs.in_use
    names = list(platforms) or list(dict.fromkeys(p.platform for p in inputs.points))
    rates = {name: _rate(market, name) for name in (*names, s.baseline)}
    prices = {name: market.price(name) for name in (*names, s.baseline)}
    costs = {name: _now(cost, prices[name], rates[name], s.utilization) for name in (*names, s.baseline)}
    found: dict[str, Value] = {}
    priced = [(float(usd), i) for i, name in enumerate(names) if isinstance(usd := costs[name], float)]
    found[LOWEST] = min(priced)[0] if priced else NA
    found[CHEAPEST] = names[min(priced)[1]] if priced else "none"
    for name in names:
        found[COST + name] = costs[name]
    for name in names:
        found[GAIN + name] = _now(_better, rates[name], rates[s.baseline], prices[name], prices[s.baseline])
    return found


def _better(rate: Any, base_rate: Any, price: Any, base_price: Any) -> Any:
    return gain(ratio(rate, base_rate), ratio(price, base_price))


def _now(function: Callable[..., Any], *numbers: Value) -> Value:
    """A function of numbers of which some may be errors, as a cell computes it."""
    return scalar(function(*map(Literal, numbers)).at(NOWHERE))


def _rate(market: Market, platform: str) -> Value:
    """tok/s/GPU at the target; #N/A for a precision that the book does not hold."""
    s = market.scenario
    if s.precision not in market.codes:
        return NA
    return market.throughput(platform, s.model, s.interactivity)


def _narrow(inputs: Inputs) -> Market:
    """The market of the chosen model, workload and snapshot alone: the same numbers in a hundredth of the time."""
    s = inputs.scenario
    snapshot = Market(inputs).snapshot_of(s.model, s.snapshot)
    rows = (
        p
        for p in (*inputs.points, *inputs.typed)
        if (p.model, p.workload, p.snapshot) == (s.model, s.workload, snapshot)
    )
    return Market(replace(inputs, points=tuple(rows), typed=(), scenario=replace(s, snapshot=snapshot)))
