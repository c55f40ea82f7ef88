"""How old the bundled data are, set by set."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low

from xlmodel.model.age import STALE, days_of
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import bundled_api_prices
from xlmodel.readers.claims_file import bundled_claims
from xlmodel.readers.forecasts import bundled_forecasts


@dataclass(frozen=True, slots=True)
class Age:
    """One set of rows: its dates, and how many days ago the newest of them was."""

    what: str
    rows: int
    oldest: str
    median: str
    newest: str
    days: int

    @property
    def stale(self) -> bool:
        """Whether even the newest row is old."""
        return self.days > STALE


def ages(day: datetime.date) -> list[Age]:
    """Every bundled set, as seen from a day; a row is as old as the end of the period that it names."""
    points = bundled.points(bundled.available_models())
    sets = [
        *((f"points {s.label}", [p.measured for p in points if p.snapshot == s.label]) for s in bundled.snapshots()),
        ("quotes", [quote.as_of for quote in bundled.quotes()]),
        ("platforms", [platform.as_of for platform in bundled.platforms()]),
        ("claims", [claim.as_of for claim in bundled_claims()]),
        ("API prices", [price.as_of for price in bundled_api_prices()]),
        ("forecasts", [forecast.as_of for forecast in bundled_forecasts()]),
    ]
    return [_age(what, texts, day) for what, texts in sets]


def _age(what: str, texts: Iterable[str], day: datetime.date) -> Age:
    days = days_of(texts)
    oldest, middle, newest = (d.isoformat() for d in (days[0], median_low(days), days[-1]))
    return Age(what, len(days), oldest, middle, newest, (day - days[-1]).days)
