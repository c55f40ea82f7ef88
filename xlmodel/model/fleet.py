"""How many GPUs a demand needs, what the fleet costs, and what its tokens earn.

The functions take numbers, numpy arrays or cells alike.
"""

from dataclasses import dataclass
from typing import Any

from xlmodel.calc.constants import HOURS_PER_MONTH, HOURS_PER_YEAR, MILLION, SECONDS_PER_DAY, SECONDS_PER_HOUR
from xlmodel.calc.functions import IF, IFERROR, MAX, MIN, NA, ROUND, ROUNDDOWN, ROUNDUP, equal
from xlmodel.units import FACTOR, MILLION_TOKENS_PER_DAY, SHARE, TOKEN_PRICE, TOTAL_KILOWATT, USERS, Unit

DECIMALS = 6  # a demand that fits whole domains to the sixth decimal needs no further one


def gpus_for_users(users: Any, users_per_gpu: Any) -> Any:
    """GPUs for users who are served at the same time, before rounding.

    >>> round(gpus_for_users(5_000.0, 11.4178), 4)
    437.9127
    """
    return users / users_per_gpu


def token_load(peak: Any, utilization: Any) -> Any:
    """Full over average load of a fleet that has to serve tokens: by the peak, and by hours in which it cannot work.

    >>> token_load(1.5, 0.5)
    2.0
    """
    return MAX(1, peak, IFERROR(1 / utilization, 1))


def gpus_for_tokens(tokens: Any, load: Any, throughput: Any) -> Any:
    """GPUs for millions of tokens a day, input and output, when full load is so much above the average; before rounding.

    >>> gpus_for_tokens(86_400.0, 2.0, 5_000.0)
    400.0
    """
    return tokens * MILLION / SECONDS_PER_DAY * load / throughput


def gpus_for_power(power: Any, kilowatt: Any, pue: Any) -> Any:
    """GPUs that a power budget in kW feeds, before rounding.

    >>> gpus_for_power(1_000.0, 2.0, 1.25)
    400.0
    """
    return power / (kilowatt * pue)


def whole_domains(gpus: Any, domain: Any, limit: Any) -> Any:
    """Whole scale-up domains (servers or racks) of so many GPUs: rounded up for a demand, down for a budget (limit = 1).

    >>> whole_domains(437.9127, 72.0, 0), whole_domains(437.9127, 72.0, 1)
    (7.0, 6.0)
    """
    domains = ROUND(gpus / domain, DECIMALS)
    return IF(equal(limit, 1), ROUNDDOWN(domains, 0), ROUNDUP(domains, 0))


def idle(needed: Any, gpus: Any, full: Any) -> Any:
    """Share of the fleet that is idle on average: by rounding to whole domains, and below full load.

    `full` is full over average load: the peak for users, the `token_load` for tokens, since a fleet for tokens is large
    enough to serve them all in the hours in which it works.

    >>> idle(400.0, 500.0, 2.0)
    0.6
    """
    return IF(gpus > 0, 1 - MIN(1, needed / gpus) / full, 0)


def busy(utilization: Any, idle: Any) -> Any:
    """Share of its hours in which the fleet serves: no more than it is used anywhere, nor than the demand leaves it to do.

    >>> busy(0.9, 0.6)
    0.4
    """
    return MIN(utilization, 1 - idle)


def fleet_power(gpus: Any, kilowatt: Any, pue: Any) -> Any:
    """Utility kilowatts of the fleet.

    >>> round(fleet_power(504.0, 1.87, 1.0), 2)
    942.48
    """
    return gpus * kilowatt * pue


def per_hour(gpus: Any, price: Any) -> Any:
    """USD per hour of the fleet, busy or idle.

    >>> round(per_hour(504.0, 2.6), 6)
    1310.4
    """
    return gpus * price


def per_month(hour: Any) -> Any:
    """USD per month of 730 hours.

    >>> round(per_month(1310.4), 6)
    956592.0
    """
    return hour * HOURS_PER_MONTH


def per_year(hour: Any) -> Any:
    """USD per year of 8,760 hours.

    >>> round(per_year(1310.4), 6)
    11479104.0
    """
    return hour * HOURS_PER_YEAR


def blended(output_share: Any, output: Any, input: Any, cached: Any, cached_share: Any) -> Any:  # noqa: A002
    """USD per million tokens that the mix of output, input and cached input tokens earns.

    >>> round(blended(0.25, 4.0, 1.0, 0.2, 0.5), 9)
    1.45
    """
    read = (1 - cached_share) * input + cached_share * cached
    return output_share * output + (1 - output_share) * read


def revenue(throughput: Any, utilization: Any, blended: Any) -> Any:
    """USD that the tokens of a paid GPU-hour earn.

    >>> round(revenue(5_000.0, 0.5, 1.45), 9)
    13.05
    """
    return throughput * SECONDS_PER_HOUR * utilization * blended / MILLION


def margin(revenue: Any, price: Any) -> Any:
    """USD per GPU-hour that revenue leaves after the price of the hour.

    >>> round(margin(13.05, 2.6), 9)
    10.45
    """
    return revenue - price


def margin_share(margin: Any, revenue: Any) -> Any:
    """Gross margin as a share of revenue.

    >>> round(margin_share(10.45, 13.05), 6)
    0.800766
    """
    return margin / revenue


def payback(capital: Any, revenue: Any, running: Any, availability: Any) -> Any:
    """Months until revenue less running costs, both per hour that the GPU is up, has paid back its capital; else #N/A.

    >>> round(payback(31_250.0, 3.0, 1.0, 0.8), 6)
    26.755137
    """
    return IF(revenue > running, capital / ((revenue - running) * HOURS_PER_MONTH * availability), NA)


def api_saved(cost: Any, api: Any) -> Any:
    """Share of an API's price that self-hosting saves; negative when the API is cheaper.

    >>> round(api_saved(0.3, 1.2), 9)
    0.75
    """
    return 1 - cost / api


def breakeven_utilization(price: Any, throughput: Any, api: Any) -> Any:
    """Utilization at which a token of one's own costs what the API charges; above 100 % the API always wins.

    >>> round(breakeven_utilization(2.65, 6_000.0, 0.490741), 6)
    0.25
    """
    return price * MILLION / (SECONDS_PER_HOUR * throughput * api)


UNITS: dict[str, Unit] = {
    "users": USERS, "tokens": MILLION_TOKENS_PER_DAY, "power": TOTAL_KILOWATT, "peak": FACTOR, "price_input": TOKEN_PRICE,
    "price_output": TOKEN_PRICE, "price_cached": TOKEN_PRICE, "cached_share": SHARE, "api": TOKEN_PRICE,
}  # fmt: skip
MODES = ("users", "million tokens a day", "kW of power")


@dataclass(frozen=True, slots=True)
class Fleet:
    """The demand on a fleet, and the token prices it is measured against; None is an empty cell.

    Attributes:
        mode: which of the three demands counts.
        users: served at the same time, at the peak. tokens: millions a day, input and output. power: kW.
        peak: highest demand over average demand; empty counts as 1.
        price_input, price_output, price_cached: USD per million tokens that customers pay; cached input at the
            input price when empty.
        cached_share: share of the input tokens that is cached.
        api: USD per million tokens, input and output together, that an API charges for the same work.
    """

    mode: str = MODES[0]
    users: float | None = 5000.0
    tokens: float | None = None
    power: float | None = None
    peak: float | None = 1.0
    price_input: float | None = None
    price_output: float | None = None
    price_cached: float | None = None
    cached_share: float | None = None
    api: float | None = None
