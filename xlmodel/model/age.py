"""How old data are: the day on which the date or period of a source ends, and the newest of many."""

import calendar
import datetime
import re
from collections.abc import Iterable

from xlmodel.model.api_price import ApiPrice
from xlmodel.model.facts import Quote
from xlmodel.model.point import Point
from xlmodel.model.spelling import EPOCH

STALE = 180  # days after which the newest quote or measurement of a book counts as old
_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d\d)(?:-(\d\d))?(?![\d-])")


def last_day(text: str) -> datetime.date | None:
    """The last day that a date, a month or a period speaks of; None when it names none.

    >>> last_day("2025-10 to 2026-02"), last_day("median of runs to 2026-07-20"), last_day("soon")
    (datetime.date(2026, 2, 28), datetime.date(2026, 7, 20), None)
    """
    found = _DATE.findall(text)
    if not found:
        return None
    year, month = int(found[-1][0]), int(found[-1][1])
    if not (year and 1 <= month <= 12):
        return None
    end = calendar.monthrange(year, month)[1]
    day = int(found[-1][2] or end)
    return datetime.date(year, month, day) if 1 <= day <= end else None


def days_of(texts: Iterable[str]) -> list[datetime.date]:
    """The last days of all texts that name one, the oldest first."""
    return sorted(filter(None, map(last_day, texts)))


def newest(texts: Iterable[str]) -> datetime.date | None:
    """The newest day that any of the texts names."""
    return max(days_of({*texts}), default=None)  # few days stand in many rows


def newest_quote(quotes: Iterable[Quote]) -> datetime.date | None:
    """Day of the newest quote."""
    return newest(quote.as_of for quote in quotes)


def newest_api_price(prices: Iterable[ApiPrice]) -> datetime.date | None:
    """Day of the newest price of tokens."""
    return newest(price.as_of for price in prices)


def newest_measurement(points: Iterable[Point]) -> datetime.date | None:
    """Day of the newest point; where a point names none, its snapshot may."""
    return newest(point.measured or point.snapshot for point in points)


def old(quotes: Iterable[Quote], points: Iterable[Point], day: str) -> tuple[str, ...]:
    """What is old on a day, in words."""
    seen = last_day(day)
    held = (("quote", newest_quote(quotes)), ("measurement", newest_measurement(points)))
    return tuple(
        f"the newest {what}, of {when}, was {(seen - when).days} days old on {day}"
        for what, when in held
        if seen and when and (seen - when).days > STALE
    )


def serial(day: datetime.date | None) -> int | None:
    """The number by which a spreadsheet knows a day.

    >>> serial(datetime.date(2026, 11, 27))
    46353
    """
    return None if day is None else (day - EPOCH).days
