"""From bundled data and a user's files to the inputs of one book."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xlmodel.errors import Problem, Round
from xlmodel.model.api_price import joined, reference
from xlmodel.model.doubts import Peers, of_quote, of_settings
from xlmodel.model.facts import Quote
from xlmodel.model.membership import reachable
from xlmodel.model.point import MODELS, Point
from xlmodel.model.scenario import Inputs
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import bundled_api_prices
from xlmodel.readers.arrange import in_order, snapshots_of, with_facts
from xlmodel.readers.chosen import choose
from xlmodel.readers.config import Config
from xlmodel.readers.user_files import KINDS, Own, Source, add_measured, read_own

DATA_DATE = "2026-10-10"  # the newest price list in the bundle; printed as build date unless another is given
DEPTH = 1  # layers of each serving mode that a book carries; see `reachable`


@dataclass(frozen=True, slots=True)
class Gathered:
    """The inputs of a book, and what a user should hear about them.

    Attributes:
        elsewhere: own quotes for platforms that the book has no points of, with file and line.
        doubts: what looks like another unit, each with its place.
    """

    inputs: Inputs
    elsewhere: tuple[str, ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for beside the settings.

    Attributes:
        models: to take from the bundle; those of the settings, or the three of the default book, when empty. every: take all.
        prices, points, api_prices: further files (CSV); a price of a listed model and provider takes the place of that one.
        measured: further points, from result files.
        depth: layers of dominated points to keep.
        date: day of the build, in ISO form; empty for the one of the settings or the data.
    """

    models: tuple[str, ...] = ()
    every: bool = False
    prices: tuple[Path, ...] = ()
    points: tuple[Path, ...] = ()
    api_prices: tuple[Path, ...] = ()
    measured: tuple[Point, ...] = ()
    depth: int = DEPTH
    date: str = ""


NOTHING_MORE = Asked()


def gather(
    config: Config | None = None, models: Iterable[str] = (), *, api_prices: Iterable[Path] = (), depth: int = DEPTH
) -> Inputs:
    """All inputs of a book: bundled facts, the user's prices and points, and the scenario.

    Args:
        config: settings read from a TOML file.
        models: see `Asked`.
        api_prices: see `Asked`.
        depth: see `Asked`.

    Raises:
        InputRefused: a file, name or choice is not usable; all problems at once.
    """
    return gather_all(
        Round(), config or Config(), Asked(tuple(models), api_prices=tuple(api_prices), depth=depth)
    ).inputs


def gather_all(found: Round, config: Config, asked: Asked) -> Gathered:
    """As `gather`, at the end of a round of checks, and of settings that may have problems of their own.

    Args:
        found: the round, with the problems of what was checked before.
        config: settings, see `xlmodel.readers.config.survey_config`.
        asked: what else is asked for.

    Raises:
        InputRefused: with the problems of the round, then of the settings, files, names and choices.
    """
    held = collected(found, config, asked)
    inputs = held.chosen(config, found)
    found.end()
    places = {point.platform for point in inputs.points}
    away = zip(held.own.quotes, held.own.places, strict=True)
    elsewhere = tuple(f"{q.platform} ({place})" for q, place in away if q.platform not in places)
    return Gathered(inputs, elsewhere, doubted(inputs, held.own))


@dataclass(frozen=True, slots=True)
class Collected:
    """The data of a book before any choice: the inputs with the defaults, what the user's files bring, and the last day of a date."""

    inputs: Inputs
    own: Own
    until: str

    def chosen(self, config: Config, found: Round) -> Inputs:
        """The inputs with what settings choose of the data; what is wrong with a choice joins the round."""
        inputs, wrong = choose(config, self.inputs, self.own, self.until)
        found.add(wrong)
        return inputs


def collected(found: Round, config: Config, asked: Asked = NOTHING_MORE) -> Collected:
    """The data that settings and arguments name, see `gather_all`; what is wrong with them joins the round."""
    found.add(config.problems)
    wanted, unknown = _models(config, asked)
    found.add(unknown)
    until = latest(asked.date or config.date or DATA_DATE)
    listed = bundled.quotes()
    own = _own(config, asked, until, listed)
    found.add(own.problems)
    add_measured(own, asked.measured)
    bundled_points = bundled.points(wanted)
    known = [*bundled_points, *own.points]
    kept = [*reachable(bundled_points, asked.depth), *own.points]  # what a user brings is never left out
    rows, mine = in_order(kept), set(map(id, own.points))
    inputs = Inputs(
        points=tuple(rows),
        quotes=(*listed, *own.quotes),
        platforms=with_facts(kept),
        snapshots=snapshots_of(kept),
        claims=tuple(bundled.claims()),
        forecasts=tuple(bundled.forecasts()),
        left_out=len(known) - len(kept),
        own_rows=tuple(i for i, point in enumerate(rows) if id(point) in mine),
        own_quotes=len(own.quotes),
        api_prices=joined(reference(bundled_api_prices(), (point.model for point in rows)), own.api_prices),
        own_api=len(own.api_prices),
    )
    return Collected(inputs, own, until)


def latest(day: str) -> str:
    """The last day that something may be dated in a book of some day: a year later, since contracts begin ahead of time.

    >>> latest("2026-11-27"), latest("2020-01-01"), latest("2028-02-29")
    ('2027-11-27', '2027-10-10', '2029-02-28')
    """
    day = max(day, DATA_DATE)
    year, rest = int(day[:4]) + 1, day[4:]
    return f"{year}{'-02-28' if rest == '-02-29' else rest}"


def _models(config: Config, asked: Asked) -> tuple[tuple[str, ...], list[Problem]]:
    """The bundled models to take, and those that are not bundled; all of them where it cannot be told which."""
    known = bundled.available_models()
    where = "--model" if asked.models else config.place("[build] models")
    wanted = asked.models or config.models or MODELS
    fix = "use one of these names; a model of your own comes with its --points and needs no naming here"
    problems = [Problem(where, repr(name), "one of " + ", ".join(known), fix) for name in wanted if name not in known]
    unclear = not asked.models and (config.open("[build] models") or config.open("[build] all"))
    return (known if asked.every or config.all or problems or unclear else tuple(wanted)), problems


def _own(config: Config, asked: Asked, until: str, listed: list[Quote]) -> Own:
    """What the user's files bring, those of the settings first."""

    def sources(kind: str) -> list[Source]:
        key = config.place(f"[build] {kind}")
        return [*(Source(path, key) for path in getattr(config, kind)), *map(Source, getattr(asked, kind))]

    own = read_own(sources("prices"), sources("points"), until, listed, sources("api_prices"))
    own.dark += [(kind, config.place(key)) for kind in KINDS if (key := f"[build] {kind}") in config.lost]
    return own


def doubted(inputs: Inputs, own: Own) -> tuple[str, ...]:
    """The doubts about what is brought, each with its place; rows with a note are left out."""
    return (*_points(inputs, own), *_quotes(inputs, own), *_settings(inputs))


def _points(inputs: Inputs, own: Own) -> Iterator[str]:
    asked = [point for point in own.points if not point.note]
    mine = set(inputs.own_rows)
    beside = Peers(inputs.points, (p for i, p in enumerate(inputs.points) if i not in mine)) if asked else None
    for point in asked:
        doubt = beside.doubt(point) if beside else ""
        if doubt:
            place = own.point_places.get(id(point), f"{point.platform}, {point.model}")
            yield f"{place}, interactivity {point.interactivity:g}, throughput {point.throughput:g}: {doubt}"


def _quotes(inputs: Inputs, own: Own) -> Iterator[str]:
    listed = inputs.quotes[: len(inputs.quotes) - inputs.own_quotes]
    for quote, place in zip(own.quotes, own.places, strict=True):
        doubt = of_quote(quote, listed)
        if doubt:
            yield f"{place}, {quote.platform} at {quote.usd_per_gpu_hour:g} USD/GPU-hour: {doubt}"


def _settings(inputs: Inputs) -> Iterator[str]:
    for key, number, doubt in of_settings(inputs):
        if doubt:
            yield f"{key} = {number:g}: {doubt}"
