"""The data that come with the package: points, quotes, platforms and snapshots."""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from xlmodel.errors import InputRefused, Problem
from xlmodel.model.facts import Platform, Quote, Snapshot
from xlmodel.model.plausible import of_point
from xlmodel.model.point import MODELS, Point
from xlmodel.model.spelling import OTHER_MODELS
from xlmodel.readers import names
from xlmodel.readers.cell_readers import BadCell, Memo, free_text, note_bad_cells, number, period, whole
from xlmodel.readers.csv_file import read_rows
from xlmodel.readers.points import read_points
from xlmodel.readers.prices import read_prices
from xlmodel.readers.problems import Problems
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
    problems = [
        Problem(
            "model",
            repr(model),
            "one of " + ", ".join(known),
            "use one of these names, or add points of your own",
        )
        for model in wanted
        if model not in known
    ]
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
    special = {"platform": names.platform(), "domain": _domain, "as_of": period(), **texts}
    readers = [Memo(special.get(name, number(FACT, empty=True))) for name in PLATFORM_COLUMNS]
    return [Platform(*row) for row in _read("platforms.csv", PLATFORM_COLUMNS, readers)]


def _domain(text: str) -> int | None:
    """GPUs of a scale-up domain; None where no source states them."""
    return whole(COUNT)(text) or None


def snapshots() -> list[Snapshot]:
    """The bundled sets of measurements, oldest first."""
    readers = [Memo(names.snapshot()), Memo(free_text(required=True)), Memo(free_text(required=True))]
    return [Snapshot(*row) for row in _read("snapshots.csv", SNAPSHOT_COLUMNS, readers)]


def _read(file: str, columns: tuple[str, ...], memos: list[Memo]) -> list[list[Any]]:
    """The rows of a bundled table, each cell read by its column's reader."""
    problems = Problems(file)
    rows = []
    for line, row in read_rows(FOLDER / file, columns, (), problems):
        try:
            rows.append([memo[text] for memo, text in zip(memos, row, strict=False)])
        except BadCell:
            note_bad_cells(memos, columns, row, line, problems)
    problems.raise_if_any()
    return rows
