"""What data come with the package, counted, and how old they are, set by set."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low

from xlmodel.model.age import STALE, days_of
from xlmodel.model.point import MODELS, Point
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import bundled_api_prices

ATTRIBUTION = (
    "Benchmarks: InferenceX (formerly InferenceMAX) by SemiAnalysis LLC, Apache-2.0, https://inferencex.semianalysis.com. "
    "Prices, hardware facts and claims: the source is named in each row."
)


@dataclass(frozen=True, slots=True)
class ModelData:
    """The measured points of one model: how many in each snapshot, and what they cover."""

    model: str
    default: bool
    points: int
    snapshots: dict[str, int]
    platforms: tuple[str, ...]
    workloads: tuple[str, ...]
    precisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything bundled.

    Attributes:
        snapshots: label and what it is. bases: name and number of prices. quotes: all quoted prices.
        priced: first and last day or month of the quotes. platforms: those with hardware facts.
    """

    models: tuple[ModelData, ...]
    snapshots: dict[str, str]
    bases: dict[str, int]
    quotes: int
    priced: tuple[str, str]
    platforms: tuple[str, ...]
    attribution: str = ATTRIBUTION


def inventory() -> Inventory:
    """Read all bundled data and count them."""
    quotes = bundled.quotes()
    days = sorted(quote.as_of for quote in quotes if quote.as_of)
    return Inventory(
        models=tuple(_of_model(model, bundled.points([model])) for model in bundled.available_models()),
        snapshots={snapshot.label: snapshot.kind for snapshot in bundled.snapshots()},
        bases=dict(Counter(q.basis for q in quotes if q.basis and q.usd_per_gpu_hour is not None)),
        quotes=len(quotes),
        priced=(days[0], days[-1]),
        platforms=tuple(platform.platform for platform in bundled.platforms()),
    )


def _of_model(model: str, points: list[Point]) -> ModelData:
    return ModelData(
        model=model,
        default=model in MODELS,
        points=len(points),
        snapshots=dict(sorted(Counter(point.snapshot for point in points).items())),
        platforms=_kinds(point.platform for point in points),
        workloads=_kinds(point.workload for point in points),
        precisions=_kinds(point.precision for point in points),
    )


def _kinds(words: Iterable[str]) -> tuple[str, ...]:
    """Different words, the most frequent first."""
    return tuple(word for word, _ in Counter(words).most_common())


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
        ("claims", [claim.as_of for claim in bundled.claims()]),
        ("API prices", [price.as_of for price in bundled_api_prices()]),
        ("forecasts", [forecast.as_of for forecast in bundled.forecasts()]),
    ]
    return [_age(what, texts, day) for what, texts in sets]


def _age(what: str, texts: Iterable[str], day: datetime.date) -> Age:
    days = days_of(texts)
    oldest, middle, newest = (d.isoformat() for d in (days[0], median_low(days), days[-1]))
    return Age(what, len(days), oldest, middle, newest, (day - days[-1]).days)
