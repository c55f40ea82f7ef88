"""From bundled data and a user's files to the inputs of one book."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from xlmodel.domain.fleet import Fleet
from xlmodel.domain.market import Market, reachable
from xlmodel.domain.ownership import Ownership
from xlmodel.domain.point import LATEST, MODELS, Point
from xlmodel.domain.scenario import Inputs, Scenario
from xlmodel.domain.variants import Naming, Reporting, Sensitivity, Variant
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
    return _chosen(config, inputs)


def _chosen(config: Config, inputs: Inputs) -> Inputs:
    """The inputs with what the settings say; refused when they name something the book does not hold."""
    platforms = tuple(dict.fromkeys(point.platform for point in inputs.points))
    given = config.sections
    naming = Naming(**given.get("naming", {}))
    sensitivity = Sensitivity(**given.get("sensitivity", {}))
    if "platform" not in given.get("sensitivity", {}) and sensitivity.platform not in platforms and platforms:
        sensitivity = replace(sensitivity, platform=platforms[0])
    scenario, problems = _scenario(config, inputs, platforms)
    wanted = [("[sensitivity] platform", sensitivity.platform, platforms)] if platforms else []
    wanted += [
        (f"[{table}] {name}", name, platforms)
        for table in ("own_prices", "own_capital")
        for name in getattr(config, table)
    ]
    wanted.append(("[naming] active", naming.active, naming.names))
    problems += [_unknown(where, value, known) for where, value, known in wanted if value not in known]
    if len({name.casefold() for name in naming.names}) < len(naming.names):
        fix = "give every scenario a name of its own"
        problems.append(Problem("[naming]", "two scenarios of one name", "three different names", fix))
    if problems:
        raise InputRefused(problems)
    return replace(
        inputs,
        scenario=scenario,
        naming=naming,
        second=Variant(**given["second"]) if "second" in given else inputs.second,
        third=Variant(**given["third"]) if "third" in given else inputs.third,
        ownership=Ownership(capital=dict(config.own_capital), **given.get("ownership", {})),
        fleet=Fleet(**given.get("fleet", {})),
        reporting=Reporting(**given.get("reporting", {})),
        sensitivity=sensitivity,
    )


def _unknown(where: str, value: str, known: Iterable[str]) -> Problem:
    fix = "name one that the book holds, or add its points"
    return Problem(where, repr(value), "one of " + ", ".join(known), fix)


def _scenario(config: Config, inputs: Inputs, platforms: tuple[str, ...]) -> tuple[Scenario, list[Problem]]:
    """The base scenario, and what it names that the book does not hold."""
    chosen = replace(Scenario(), **config.choices)
    if "model" not in config.choices and chosen.model not in inputs.models and inputs.models:
        chosen = replace(chosen, model=inputs.models[0])
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
    return chosen, [
        _unknown(f"[scenario] {name}", getattr(chosen, name), known)
        for name, known in allowed.items()
        if getattr(chosen, name) not in known
    ]
