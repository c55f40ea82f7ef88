"""The plan stated a second time: a loop over months with lots of hardware, in plain Python; the product has columns and cohorts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy_financial as npf
import pandas as pd

MONTHS = 60
HOURS, SECONDS = 730, 730 * 3600


@dataclass
class Facts:
    """What the plan reads elsewhere: throughput, a domain, the capital and running costs of a GPU, prices, what is measured."""

    rate: float
    domain: float
    kilowatt: float
    capital: float
    left: float
    life: int
    running: float
    up: float
    use: float
    progress: float
    fall: float
    prices: tuple[float, float, float]
    api: float


@dataclass
class Lot:
    """Hardware bought together."""

    month: int
    domains: float
    cost: float


@dataclass
class Fleet:
    """Lots of one owner, and what they cost each month."""

    facts: Facts
    lead: int
    length: int
    decline: float
    lots: list[Lot] = field(default_factory=list)
    cash: dict[int, float] = field(default_factory=dict)
    down: dict[int, float] = field(default_factory=dict)

    def month(self, m: int, need: float) -> float:
        """Buy what is short and sell what is old; gives the domains that are there."""
        f = self.facts
        for lot in self.lots:
            if m == lot.month + f.life:
                self.pay(m, -lot.cost * f.left)
        alive = [lot for lot in self.lots if m < lot.month + f.life]
        short = max(0.0, need - sum(lot.domains for lot in alive)) if m > self.lead else 0.0
        if short:
            ordered = m - self.lead
            cost = short * f.domain * f.capital * (1 - self.decline) ** ((ordered - 1) / 12)
            self.pay(ordered, cost)
            alive.append(Lot(m, short, cost))
            self.lots.append(alive[-1])
        self.down[m] = sum(lot.cost * (1 - f.left) / f.life for lot in alive)
        if m == self.length:
            self.pay(m, -sum(lot.cost * (1 - (1 - f.left) * (m - lot.month + 1) / f.life) for lot in alive))
        return sum(lot.domains for lot in alive)

    def pay(self, m: int, usd: float) -> None:
        """Cash that goes out in a month."""
        self.cash[m] = self.cash.get(m, 0.0) + usd


def whole(x: float) -> float:
    """Rounded up, but for a millionth."""
    return float(math.ceil(round(x, 6)))


def floor(x: float) -> float:
    """Rounded down, but for a millionth."""
    return float(math.floor(round(x, 6)))


def plan(p: Any, f: Facts) -> tuple[pd.DataFrame, Mapping[str, float]]:
    """Cost and cash of each way by month, and the totals; `p` is a record of the assumptions."""

    def n(name: str) -> float:
        return float(getattr(p, name) or 0.0)

    length, lead = round(n("months") or MONTHS), round(n("lead"))
    start = n("tokens") or n("users") * n("user_tokens")
    progress = f.progress if p.software is None else p.software
    fall = f.fall if p.rent_decline is None else p.rent_decline
    load = max(1.0, n("peak"), 1 / f.use) * (1 + n("headroom"))
    seasons = list(p.season.values()) or [1.0] * 12
    asked, rates, full, need = [], [], [], []
    for m in range(1, length + 1):
        trend = start * (1 + n("growth")) ** (m - 1)
        trend = min(trend, n("ceiling")) if n("ceiling") else trend
        tokens = trend * seasons[(round(n("start_month") or 1) + m - 2) % 12]
        rate = f.rate * min(max(1.0, n("software_most")), (1 + progress) ** ((m - 1) / 12))
        asked.append(tokens)
        rates.append(rate)
        full.append(tokens * 1e6 / SECONDS * load / rate)
        need.append(float(math.ceil(round(full[-1] / f.domain, 9))))
    own, mix = (Fleet(f, lead, length, n("hardware_decline")) for _ in range(2))
    rows = []
    for m in range(1, length + 1):
        i = m - 1
        tokens, rate = asked[i], rates[i]
        on_demand = f.prices[0] * (1 - fall) ** (i / 12)
        hour = f.domain * HOURS
        row: dict[str, float] = {"month": m, "year": i // 12 + 1, "demand": tokens}
        there = own.month(m, whole(need[i] / f.up))
        row["own_run"] = there * f.domain * f.running / 12 + (need[i] * hour * on_demand if m <= lead else 0.0)
        row["own_gpus"] = (there + (need[i] if m <= lead else 0.0)) * f.domain
        rent = 0.0
        free = need[i]
        for share, usd, term in ((n("one_year"), f.prices[1], 12), (n("three_year"), f.prices[2], 36)):
            since = i // term * term
            held = floor(share * need[since])
            rent += held * hour * (usd * (1 - fall) ** (since / 12) if share else 0.0)
            free -= held
        row["rent"] = rent + max(0.0, free) * hour * on_demand
        price = f.api * (1 - n("api_decline")) ** (i / 12)
        row["api"] = tokens * price
        flat = tokens * n("base_share") * 1e6 / SECONDS / f.use / rate
        there = mix.month(m, whole(floor(flat / f.domain) / f.up)) * f.up
        short = max(0.0, full[i] / f.domain - there)
        hired = floor(short)
        rest = short - hired
        if rest > 0 and (not f.api or rest * f.domain / full[i] * tokens * price > hour * on_demand):
            hired += 1
        if p.rent_limit is not None:
            hired = min(hired, n("rent_limit"))
        served = min(1.0, (there + hired) * f.domain / full[i]) if full[i] else 1.0
        row["mix_run"] = (
            there / f.up * f.domain * f.running / 12 + hired * hour * on_demand + tokens * (1 - served) * price
        )
        rows.append(row)
    t = pd.DataFrame(rows).set_index("month")
    for key, fleet in (("own", own), ("mix", mix)):
        t[f"{key}_cost"] = t[f"{key}_run"] + pd.Series(fleet.down)
        t[f"{key}_cash"] = t[f"{key}_run"] + pd.Series(fleet.cash).reindex(t.index).fillna(0.0)
    for key in ("rent", "api"):
        t[f"{key}_cost"] = t[f"{key}_cash"] = t[key]
    monthly = (1 + n("discount")) ** (1 / 12) - 1
    found: dict[str, float] = {}
    for way in ("own", "rent", "api", "mix"):
        t[f"{way}_cash"] -= n("tax") * t[f"{way}_cost"]
        found[f"{way}_worth"] = npf.npv(monthly, [0.0, *t[f"{way}_cash"]])
    for way in ("rent", "api"):
        flow = t[f"{way}_cash"] - t["own_cash"]
        found[f"npv_{way}"] = npf.npv(monthly, [0.0, *flow])
        found[f"flow_{way}"] = 0.0
        t[f"flow_{way}"] = flow
    return t, found
