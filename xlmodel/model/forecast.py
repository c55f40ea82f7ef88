"""Published forecasts and claims of falling token prices and of gains by software."""

from dataclasses import dataclass
from typing import Any

from xlmodel.calc.functions import EXP

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
    months = period(forecast)
    if forecast.unit in ("x", "% lower") and months < 12:
        return None
    return float(by_unit(forecast.value, forecast.unit, months))


def by_unit(value: Any, unit: str, months: float = 12) -> Any:
    """A published number as the factor of a year: a number, an array or a cell, by the unit it is published in.

    >>> round(by_unit(90, "% lower", 60), 3), by_unit(9, "x a year"), by_unit(4, "x", 24)
    (1.585, 9, 2.0)
    """
    if unit == "x a year":
        return value
    if unit == "log points a year":
        return EXP(value)
    return a_year(value if unit == "x" else 100 / (100 - value), months)


def a_year(factor: Any, months: Any) -> Any:
    """The factor of a year that a factor over some months amounts to.

    From 3,600 to 7,200 tok/s/GPU in nine months is 2 ^ (12/9) = 2.52 a year:

    >>> round(a_year(2.0, 9), 2)
    2.52
    """
    return factor ** (12 / months)


def period(forecast: Forecast) -> int:
    """The months that a forecast is over; 0 where it does not say."""
    return months_of(forecast.ends) - months_of(forecast.begins) if forecast.begins and forecast.ends else 0


def months_of(date: str) -> int:
    """The months of a year, month or day in ISO form.

    >>> months_of("2024-10") - months_of("2022-11"), months_of("2030") - months_of("2025")
    (23, 60)
    """
    year, month = (*(int(part) for part in date.split("-")), 1)[:2]
    return 12 * year + month
