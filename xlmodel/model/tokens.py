"""Cost by class of token, energy and carbon of a token, and money in another currency.

The functions take numbers, numpy arrays or cells alike.
"""

from typing import Any

from xlmodel.calc.constants import JOULE_PER_KILOWATT_HOUR, MILLION, WATT_PER_KILOWATT
from xlmodel.calc.functions import IF, NA


def class_cost(cost: Any, share: Any) -> Any:
    """USD per million tokens of one class when that class bears all cost (the convention of InferenceX).

    >>> round(class_cost(0.577, 1 / 9), 3)
    5.193
    """
    return cost / share


def input_cost(cost: Any, output_share: Any, output_ratio: Any, cached_share: Any, cached_ratio: Any) -> Any:
    """USD per million input tokens when the classes share the cost in proportion to their prices; #N/A without a ratio.

    The ratios are prices of output and of cached input tokens over that of other input tokens. A quarter output at 4,
    half of the input cached at 0.2, weighs 0.75 x 0.6 + 0.25 x 4 = 1.45 input tokens.

    >>> round(1.45 * input_cost(1.0, 0.25, 4.0, 0.5, 0.2), 9)
    1.0
    """
    read = 1 - cached_share + cached_share * cached_ratio
    return IF(output_ratio > 0, cost / ((1 - output_share) * read + output_share * output_ratio), NA)


def other_cost(input_cost: Any, ratio: Any) -> Any:
    """USD per million output or cached tokens: that of input tokens times the ratio of prices.

    >>> round(other_cost(0.689655, 4.0), 5)
    2.75862
    """
    return input_cost * ratio


def joule(kilowatt: Any, pue: Any, throughput: Any, utilization: Any) -> Any:
    """Joule per token of the power that is provisioned, busy or idle.

    >>> round(joule(1.87, 1.0, 7707.0, 1.0), 6)
    0.242637
    """
    return kilowatt * pue * WATT_PER_KILOWATT / (throughput * utilization)


def kwh(joule: Any) -> Any:
    """Kilowatt-hours per million tokens.

    >>> kwh(3.6)
    1.0
    """
    return joule * MILLION / JOULE_PER_KILOWATT_HOUR


def current(kwh: Any, usd_per_kwh: Any) -> Any:
    """USD per million tokens of electricity; a rented GPU's price includes it.

    >>> round(current(0.067399, 0.08), 8)
    0.00539192
    """
    return kwh * usd_per_kwh


def carbon(kwh: Any, g_per_kwh: Any) -> Any:
    """Grams of CO2 per million tokens; #N/A until a carbon intensity is typed.

    >>> round(carbon(0.067399, 400.0), 4)
    26.9596
    """
    return IF(g_per_kwh > 0, kwh * g_per_kwh, NA)


def reported(usd: Any, rate: Any) -> Any:
    """Money in the reporting currency; #N/A without a rate.

    >>> round(reported(0.055, 0.9), 4)
    0.0495
    """
    return IF(rate > 0, usd * rate, NA)
