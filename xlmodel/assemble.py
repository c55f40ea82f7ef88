"""From bundled data and a user's files to the inputs of one book."""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path

from xlmodel.domain.market import Market, reachable
from xlmodel.domain.point import LATEST, MODELS, Point
from xlmodel.domain.scenario import Inputs, Scenario
from xlmodel.errors import InputRefused, Problem
from xlmodel.ingest import bundled
from xlmodel.ingest.arrange import in_order, snapshots_of, with_facts
from xlmodel.ingest.claims import bundled_claims
from xlmodel.ingest.config import Config
from xlmodel.ingest.points import read_points
from xlmodel.ingest.prices import read_prices

DATA_DATE = "2026-09-20"  # the newest price list in the bundle; printed as build date unless another is given
DEPTH = 1  # layers of each serving mode that a book carries; see `reachable`


def gather(
    config: Config | None = None,
    models: Iterable[str] = (),
    prices: Iterable[Path] = (),
    points: Iterable[Path] = (),
    *,
    all_models: bool = False,
    depth: int = DEPTH,
) -> Inputs:
    """All inputs of a book: bundled facts, the user's prices and points, and the scenario.

    Args:
        config: settings read from a TOML file.
        models: models to take from the bundle; the three of the default book when empty.
        prices: further price lists (CSV).
        points: further measurements (CSV).
        all_models: take every bundled model.
        depth: layers of dominated points to keep.

    Raises:
        InputRefused: a file, name or choice is not usable; all problems at once.
    """
    config = config or Config()
    wanted = tuple(models) or config.models or MODELS
    if all_models or config.all:
        wanted = bundled.available_models()
    problems: list[Problem] = []
    own_points: list[Point] = []
    quotes = bundled.quotes()
    bundled_quotes = len(quotes)
    for path in (*config.points, *points):
        try:
            own_points += read_points(path)
        except InputRefused as refused:
            problems += refused.problems
    for path in (*config.prices, *prices):
        try:
            quotes += read_prices(path)
        except InputRefused as refused:
            problems += refused.problems
    if problems:
        raise InputRefused(problems)
    bundled_points = bundled.points(wanted)
    measured = [*bundled_points, *own_points]
    kept = [*reachable(bundled_points, depth), *own_points]  # what a user brings is never left out
    rows, mine = in_order(kept), set(map(id, own_points))
    inputs = Inputs(
        points=tuple(rows),
        quotes=tuple(quotes),
        platforms=with_facts(measured),
        snapshots=snapshots_of(kept),
        claims=tuple(bundled_claims()),
        own_prices=dict(config.own_prices),
        left_out=len(measured) - len(kept),
        own_rows=tuple(i for i, point in enumerate(rows) if id(point) in mine),
        own_quotes=len(quotes) - bundled_quotes,
    )
    scenario = _scenario(config, inputs)
    return replace(inputs, scenario=scenario)


def _scenario(config: Config, inputs: Inputs) -> Scenario:
    """The scenario, refused when it names something the book does not hold."""
    chosen = replace(Scenario(), **config.choices)
    if "model" not in config.choices and chosen.model not in inputs.models and inputs.models:
        chosen = replace(chosen, model=inputs.models[0])
    platforms = tuple(dict.fromkeys(point.platform for point in inputs.points))
    if "baseline" not in config.choices and chosen.baseline not in platforms and platforms:
        chosen = replace(chosen, baseline=platforms[-1])
    allowed: dict[str, tuple[str, ...]] = {
        "model": inputs.models,
        "workload": inputs.workloads,
        "precision": Market(inputs).codes,
        "snapshot": (*(snapshot.label for snapshot in inputs.snapshots), LATEST),
        "baseline": platforms,
        "basis": inputs.bases,
    }
    problems = [
        Problem(f"[scenario] {field.name}", repr(getattr(chosen, field.name)), "one of " + ", ".join(allowed[field.name]),
                "name one that the book holds, or add its points")
        for field in fields(Scenario)
        if field.name in allowed and getattr(chosen, field.name) not in allowed[field.name]
    ]  # fmt: skip
    if problems:
        raise InputRefused(problems)
    return chosen
