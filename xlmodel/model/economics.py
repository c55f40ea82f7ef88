"""The economics on one page: cost per token and the ratios that are not the same number.

Each function takes numbers, numpy arrays or cells alike. `REFERENCES` holds a number from outside for each.
"""

from typing import Any

from xlmodel.calc.constants import KILOWATT_PER_MEGAWATT, MILLION, SECONDS_PER_HOUR
from xlmodel.calc.functions import ROUND, ROUNDUP


def cost(price: Any, throughput: Any, utilization: Any) -> Any:
    """USD per million tokens on GPUs paid by the hour (USD/GPU-hour), at tok/s/GPU and a share of the paid hours.

    The hour is paid in full, so a GPU that is busy half of it makes tokens twice as dear.

    >>> round(cost(2.65, 6000.0, 1.0), 6)
    0.122685
    """
    return busy_cost(price, throughput * utilization)


def busy_cost(price: Any, throughput: Any) -> Any:
    """USD per million tokens on GPUs that are busy in every hour paid for (USD/GPU-hour), at tok/s/GPU.

    >>> round(busy_cost(1.41, 90.0), 4)
    4.3519
    """
    return price * MILLION / (SECONDS_PER_HOUR * throughput)


def ratio(subject: Any, baseline: Any) -> Any:
    """The subject as a multiple of the baseline, for performance and for price.

    >>> round(ratio(16.0, 8.6), 2)
    1.86
    """
    return subject / baseline


def change(after: Any, before: Any) -> Any:
    """By what share a number is above another.

    >>> round(change(16.0, 8.6), 2)
    0.86
    """
    return after / before - 1


def gain(performance: Any, price_ratio: Any) -> Any:
    """Performance per dollar as a multiple of the baseline's: performance ratio over price ratio.

    >>> round(gain(28.0, 16.0 / 8.6), 2)
    15.05
    """
    return performance / price_ratio


def saved(relative: Any) -> Any:
    """Share of the baseline's cost that is saved; at 1/15 of the cost this is 93.3 %, never "15x".

    >>> round(saved(1 / 15), 3)
    0.933
    """
    return 1 - relative


def breakeven(baseline_price: Any, throughput: Any, baseline_throughput: Any) -> Any:
    """USD/GPU-hour at which the platform's tokens cost as much as the baseline's.

    >>> round(breakeven(8.6, 7707.0, 275.25), 1)
    240.8
    """
    return baseline_price * throughput / baseline_throughput


def per_megawatt(throughput: Any, kilowatt: Any, pue: Any) -> Any:
    """tok/s per megawatt of all-in utility power, from tok/s/GPU and kW/GPU.

    >>> round(per_megawatt(7707.0, 1.87, 1.0))
    4121390
    """
    return KILOWATT_PER_MEGAWATT * throughput / (kilowatt * pue)


def users(throughput: Any, output_share: Any, interactivity: Any) -> Any:
    """Users served at once per GPU: its output tokens per second over those of one user.

    >>> round(users(7707.0, 1 / 9, 75.0), 2)
    11.42
    """
    return throughput * output_share / interactivity


def tokens_per_usd(usd_per_million: Any) -> Any:
    """Tokens that one dollar buys, from USD per million tokens.

    >>> tokens_per_usd(0.5)
    2000000.0
    """
    return MILLION / usd_per_million


def gpus(users: Any, interactivity: Any, throughput: Any, output_share: Any, domain: Any) -> Any:
    """GPUs that serve users at once, in whole scale-up domains (GPUs/domain); a billionth of a domain is rounding, not a user.

    1,000 users at 60 tok/s are 60,000 tok/s; a GPU that makes 9,000 tok/s, a ninth of them output, serves 1,000 of these.

    >>> gpus(1000, 60.0, 9000.0, 1 / 9, 8)
    64.0
    """
    return ROUNDUP(ROUND(users * interactivity / (throughput * output_share) / domain, 9), 0) * domain
