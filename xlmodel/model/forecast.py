"""Published forecasts and claims of falling token prices and of gains by software."""

import math
from dataclasses import dataclass

KINDS = ("price", "cost", "software")
UNITS = ("x a year", "x", "% lower", "log points a year")
CONFIDENCE = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Forecast:
    """One published number on how prices, costs or throughput move.

    Attributes:
        kind: price (asked of the buyer), cost (of the provider) or software (throughput of the same hardware).
        says: the statement, in short.
        value: in `unit`: x a year, x over the period, % lower over the period, or log points a year.
        begins, ends: the period that the number is over, as a year, month or day; empty where it names none.
        as_of: when it was published.
        confidence: primary (the publisher's page was read) or secondary (an account of it).
    """

    id: str
    kind: str
    who: str
    says: str
    value: float
    unit: str
    begins: str
    ends: str
    as_of: str
    source: str
    confidence: str
    note: str = ""


def yearly(forecast: Forecast) -> float | None:
    """The factor of one year that a forecast amounts to: 10 is ten times cheaper, or ten times the throughput.

    Returns:
        None where the period is not named, or is shorter than a year: a gain of weeks is no rate of progress.

    Over 90 % less in the five years from 2025 to 2030 is at least 10 ^ (1/5) = 1.585x a year:

    >>> gartner = Forecast("F", "cost", "", "", 90, "% lower", "2025", "2030", "2026-03-25", "", "secondary")
    >>> round(yearly(gartner), 3)
    1.585
    """
    if forecast.unit == "x a year":
        return forecast.value
    if forecast.unit == "log points a year":
        return math.exp(forecast.value)
    months = _months(forecast.ends) - _months(forecast.begins) if forecast.begins and forecast.ends else 0
    if months < 12:
        return None
    factor = forecast.value if forecast.unit == "x" else 100 / (100 - forecast.value)
    return float(factor ** (12 / months))


def _months(date: str) -> int:
    """The months of a year, month or day in ISO form.

    >>> _months("2024-10") - _months("2022-11"), _months("2030") - _months("2025")
    (23, 60)
    """
    year, month = (*(int(part) for part in date.split("-")), 1)[:2]
    return 12 * year + month
