"""The data that come with the package: points, quotes, platforms, snapshots, claims and forecasts."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from xlmodel.errors import InputRefused, Problem
from xlmodel.model import forecast
from xlmodel.model.claims import KINDS, RELATIONS
from xlmodel.model.facts import Claim, Platform, Quote, Snapshot
from xlmodel.model.forecast import Forecast
from xlmodel.model.plausible import of_point
from xlmodel.model.point import MODELS, Point
from xlmodel.model.spelling import OTHER_MODELS
from xlmodel.readers import names
from xlmodel.readers.cell_readers import Memo, Reader, choice, free_text, number, period, spellings, whole
from xlmodel.readers.points import read_points
from xlmodel.readers.prices import read_prices
from xlmodel.readers.problems import Problems
from xlmodel.readers.records import read_records
from xlmodel.units import COUNT, Unit

FOLDER = Path(__file__).parents[1] / "data"
PLATFORM_COLUMNS = tuple(field.name for field in fields(Platform))
SNAPSHOT_COLUMNS = tuple(field.name for field in fields(Snapshot))
FACT = Unit("as the column says", "0", 1e-6, 1e9)


def available_models() -> tuple[str, ...]:
    """Every model with bundled points; those of the default book first."""
    return (*MODELS, *OTHER_MODELS)


def points_file(model: str) -> str:
    """Name of the file that holds a model's points.

    >>> points_file("Llama 3.3 70B")
    'llama-3.3-70b.csv'
    """
    return model.casefold().replace(" ", "-") + ".csv"


def points(models: Iterable[str] = MODELS) -> list[Point]:
    """The bundled points of some models, in the order in which the models are named.

    Raises:
        InputRefused: a model has no bundled points.
    """
    wanted = list(dict.fromkeys(models))
    known = available_models()
    expected, fix = "one of " + ", ".join(known), "use one of these names, or add points of your own"
    problems = [Problem("model", repr(model), expected, fix) for model in wanted if model not in known]
    if problems:
        raise InputRefused(problems)
    return [_noted(point) for model in wanted for point in read_points(FOLDER / "points" / points_file(model))]


def _noted(point: Point) -> Point:
    """A public row that looks odd is kept as it was published, and its note says what is odd."""
    doubt = "" if point.note else of_point(point)
    return replace(point, note=f"as published; {doubt}") if doubt else point


def quotes() -> list[Quote]:
    """The bundled price quotes; a price of None is offered without a list price."""
    return read_prices(FOLDER / "prices.csv", unpriced=True)


def platforms() -> list[Platform]:
    """The hardware facts; platforms with curves first, in the order of the Summary."""
    texts = dict.fromkeys(("vendor", "architecture", "source", "note", "no_curve"), free_text())
    special = {"platform": names.platform(), "domain": whole(COUNT, unknown=None), "as_of": period(), **texts}
    readers = {name: special.get(name, number(FACT, empty=True)) for name in PLATFORM_COLUMNS}
    return [Platform(**row) for row in rows_of(FOLDER / "platforms.csv", readers)]


def snapshots() -> list[Snapshot]:
    """The bundled sets of measurements, oldest first."""
    readers = {name: free_text(required=True) for name in SNAPSHOT_COLUMNS} | {"label": names.snapshot()}
    return [Snapshot(**row) for row in rows_of(FOLDER / "snapshots.csv", readers)]


def rows_of(path: Path, readers: Mapping[str, Reader], optional: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The rows of a bundled table, each cell read by its column's reader.

    Raises:
        InputRefused: the file is not as expected; all problems at once.
    """
    problems = Problems(path.name)
    columns = {name: Memo(read) for name, read in readers.items()}
    required = [name for name in readers if name not in optional]
    rows = [row for _, row in read_records(path, columns, required, problems)]
    problems.raise_if_any()
    return rows


def forecasts() -> list[Forecast]:
    """The published forecasts that come with the package, in their order.

    Raises:
        InputRefused: the file is not as expected; all problems at once.
    """
    readers: dict[str, Reader] = {
        **dict.fromkeys(("id", "who", "says", "source"), free_text(required=True)),
        "kind": choice(spellings(forecast.KINDS), forecast.KINDS),
        "value": number(FACT),
        "unit": choice(spellings(forecast.UNITS), forecast.UNITS),
        **dict.fromkeys(("from", "to"), period(empty=True)),
        "as_of": period(),
        "confidence": choice(spellings(forecast.CONFIDENCE), forecast.CONFIDENCE),
        "note": free_text(),
    }
    rows = rows_of(FOLDER / "forecasts.csv", readers, optional=("note",))
    return [Forecast(begins=row.pop("from"), ends=row.pop("to"), **row) for row in rows]


CLAIMS_FILE = FOLDER / "claims.csv"
CLAIM_COLUMNS = tuple(field.name for field in fields(Claim))


def claims() -> list[Claim]:
    """The published claims that come with the package, in their order."""
    return read_claims(CLAIMS_FILE)


def read_claims(path: Path) -> list[Claim]:
    """Read a claims file.

    Raises:
        InputRefused: the file is missing, or a column or cell is not as expected; all problems at once.
    """
    kinds = tuple(KINDS)
    special: dict[str, Reader] = {
        "recompute": choice(spellings(kinds), kinds), "relation": choice(spellings(RELATIONS), RELATIONS),
        **dict.fromkeys(("published", "interactivity", "given", "given_baseline"), number(FACT, empty=True)),
    }  # fmt: skip
    return [Claim(**row) for row in rows_of(path, {name: special.get(name, free_text()) for name in CLAIM_COLUMNS})]
