"""What a month of a plan takes: demand, GPUs in whole domains, and prices of the time.

Months are numbered from 1. The functions take numbers, numpy arrays or cells alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from xlmodel import units
from xlmodel.calc.constants import HOURS_IN_MONTH, MILLION, MONTHS_IN_YEAR, SECONDS_IN_MONTH
from xlmodel.calc.functions import IF, INT, MAX, MIN, ROUND, ROUNDDOWN, ROUNDUP
from xlmodel.model.fleet import DECIMALS

MONTHS, YEARS = 60, 5  # the longest plan
FINE = 9  # decimals of a domain: a thousand tokens a month
MOST_GPUS = 10_000_000  # beyond any fleet
SEASONS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def demand(start: Any, growth: Any, ceiling: Any, season: Any, month: Any) -> Any:
    """Millions of tokens of a month: a trend that grows up to a ceiling (0 is none), times the month's season.

    >>> round(demand(100.0, 0.1, 115.0, 0.9, 2), 6), demand(100.0, 0.1, 115.0, 0.9, 3), round(demand(100.0, 0.1, 0, 1, 3), 6)
    (99.0, 103.5, 121.0)
    """
    trend = start * (1 + growth) ** (month - 1)
    return IF(ceiling > 0, MIN(ceiling, trend), trend) * season


def throughput(now: Any, progress: Any, most: Any, month: Any) -> Any:
    """tok/s/GPU of a month, when software makes a share more of it each year, up to a multiple of today's.

    >>> throughput(6000.0, 0.5, 2.0, 13), throughput(6000.0, 0.5, 2.0, 37)
    (9000.0, 12000.0)
    """
    return now * MIN(MAX(1, most), (1 + progress) ** ((month - 1) / 12))


def gpus(tokens: Any, load: Any, rate: Any) -> Any:
    """GPUs that serve the tokens of a month when full load is so much above the average; before rounding.

    >>> gpus(2_628_000.0, 2.0, 5_000.0)
    400.0
    """
    return tokens * MILLION / SECONDS_IN_MONTH * load / rate


def domains(gpus: Any, per: Any) -> Any:
    """Whole scale-up domains for so many GPUs; only a billionth of a domain is rounding, since a small demand needs one too.

    >>> domains(437.9127, 72.0), domains(1e-7, 72.0), domains(0.0, 72.0)
    (7.0, 1.0, 0.0)
    """
    return ROUNDUP(ROUND(gpus / per, FINE), 0)


def filled(gpus: Any, per: Any) -> Any:
    """Whole domains that so many GPUs fill.

    >>> filled(437.9127, 72.0)
    6.0
    """
    return ROUNDDOWN(ROUND(gpus / per, DECIMALS), 0)


def spared(domains: Any, availability: Any) -> Any:
    """Domains to own so that as many are up, which is a share of their hours.

    >>> spared(10.0, 0.95)
    11.0
    """
    return ROUNDUP(ROUND(domains / availability, DECIMALS), 0)


def price(now: Any, decline: Any, month: Any) -> Any:
    """A price of today in a month, when it falls by a share each year.

    >>> price(4.0, 0.25, 13)
    3.0
    """
    return now * (1 - decline) ** ((month - 1) / 12)


def signed(month: Any, term: int) -> Any:
    """Month in which the contract of so many months that runs in a month was signed.

    >>> signed(12, 12), signed(13, 12), signed(60, 36)
    (1.0, 13.0, 37.0)
    """
    return INT((month - 1) / term) * term + 1


def committed(share: Any, need: Any) -> Any:
    """Whole domains that a contract holds: a share of those needed when it was signed.

    >>> committed(0.8, 7.0)
    5.0
    """
    return ROUNDDOWN(ROUND(share * need, DECIMALS), 0)


def rent(domains: Any, per: Any, price: Any) -> Any:
    """USD of a month for rented domains, busy or idle.

    >>> rent(2.0, 72.0, 2.5)
    262800.0
    """
    return domains * per * HOURS_IN_MONTH * price


def running(domains: Any, per: Any, yearly: Any) -> Any:
    """USD of a month for running domains that one owns, from USD per GPU and year.

    >>> running(2.0, 8.0, 3_000.0)
    4000.0
    """
    return domains * per * yearly / MONTHS_IN_YEAR


def served(capacity: Any, load: Any, rate: Any) -> Any:
    """Millions of tokens of a month that GPUs serve at full over average load; `gpus` read the other way.

    >>> served(400.0, 2.0, 5_000.0)
    2628000.0
    """
    return capacity * rate * SECONDS_IN_MONTH / (load * MILLION)


def breakeven_tokens(per: Any, hourly: Any, api: Any) -> Any:
    """Millions of tokens a month at which one whole domain costs what an API charges for them.

    >>> round(breakeven_tokens(72.0, 2.5, 0.5))
    262800
    """
    return per * hourly * HOURS_IN_MONTH / api


UNITS: dict[str, units.Unit] = {
    "start_year": units.CALENDAR_YEAR, "start_month": units.CALENDAR_MONTH, "months": units.PLAN_MONTHS,
    "tokens": units.MILLION_TOKENS, "users": units.USERS, "user_tokens": units.MILLION_TOKENS_PER_USER,
    "growth": units.MONTHLY_GROWTH, "ceiling": units.MILLION_TOKENS, "interactivity": units.TOKENS_PER_USER, "peak": units.FACTOR,
    "headroom": units.SHARE, "software": units.YEARLY_GROWTH, "software_most": units.FACTOR,
    "software_prudent": units.YEARLY_GROWTH, "rent_decline": units.YEARLY_DECLINE, "api_decline": units.YEARLY_DECLINE,
    "hardware_decline": units.YEARLY_DECLINE, "one_year": units.SHARE, "three_year": units.SHARE, "lead": units.WHOLE_MONTHS,
    "base_share": units.SHARE, "rent_limit": units.WHOLE_DOMAINS, "api": units.TOKEN_PRICE, "tax": units.TAX,
    "discount": units.YEARLY_GROWTH,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """The assumptions of the plan; None is an empty cell.

    Attributes:
        platform: what is owned or rented.
        start_year, start_month: of its first month. months: its length.
        tokens: millions in the first month, input and output; else users x user_tokens.
        growth: of the demand a month, up to `ceiling` millions of tokens. season: factors by month, 1 where none is given.
        interactivity: tok/s/user; the Summary's target when empty.
        peak: highest over average demand. headroom: kept free above the peak.
        software: throughput gained a year, as measured when empty; software_most: up to this multiple of today's;
            software_prudent: the same in the third scenario.
        rent_decline, api_decline, hardware_decline: fall of prices a year; of rent as measured when empty.
        one_year, three_year: shares of the rented domains under contract. basis_on_demand, basis_one_year, basis_three_year: their quotes.
        lead: months from order to service. base_share: of the average demand that the mix serves on its own domains.
        rent_limit: domains that the mix can rent; None is no limit.
        api: USD per million tokens of the mix; the API price of Fleet, then the median of API prices, when empty.
        tax: rate on profits. discount: rate a year.
    """

    platform: str = "GB200 NVL72"
    start_year: float | None = 2027.0
    start_month: float | None = 1.0
    months: float | None = 60.0
    tokens: float | None = 20_000_000.0
    users: float | None = None
    user_tokens: float | None = None
    growth: float | None = 0.03
    ceiling: float | None = None
    season: Mapping[str, float] = field(default_factory=dict)
    interactivity: float | None = None
    peak: float | None = 1.5
    headroom: float | None = 0.1
    software: float | None = None
    software_most: float | None = 2.0
    software_prudent: float | None = 0.0
    rent_decline: float | None = None
    api_decline: float | None = None
    hardware_decline: float | None = None
    basis_on_demand: str = "CoreWeave list"
    basis_one_year: str = "CoreWeave list"
    basis_three_year: str = "3-year rental 2026-07"
    one_year: float | None = 0.0
    three_year: float | None = 0.8
    lead: float | None = 6.0
    base_share: float | None = 1.0
    rent_limit: float | None = None
    api: float | None = None
    tax: float | None = 0.0
    discount: float | None = 0.08
