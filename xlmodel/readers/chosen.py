"""What the settings choose, held against what the book holds; every choice is judged beside all others."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from xlmodel.errors import Problem
from xlmodel.model.fleet import Fleet
from xlmodel.model.market import Market
from xlmodel.model.ownership import Ownership
from xlmodel.model.plan import Plan
from xlmodel.model.point import LATEST
from xlmodel.model.scenario import Inputs, Scenario
from xlmodel.model.variants import REPORTING, Naming, Reporting, Sensitivity, Variant
from xlmodel.readers import bundled
from xlmodel.readers.cell_readers import LATE_FIX
from xlmodel.readers.config import Config
from xlmodel.readers.user_files import Own

_THESE = "use one of these names"
_POINTS, _PRICES = f"{_THESE}, or bring points of it with --points", f"{_THESE}, or bring quotes on it with --prices"
_USERS = {"users", "user_tokens"}  # of [plan]: its demand, where it says no tokens


def choose(config: Config, inputs: Inputs, own: Own, until: str) -> tuple[Inputs, list[Problem]]:
    """The inputs with what the settings say, and what they name that the book does not hold.

    Args:
        config: the settings.
        inputs: the data of the book.
        own: the user's files: what a refused one would have brought is not judged.
        until: last day of a rate, in ISO form.
    """
    platforms = tuple(dict.fromkeys(point.platform for point in inputs.points))
    given = config.sections
    problems = [
        *_scenario_problems(config, inputs, platforms, own),
        *_platform_problems(config, platforms, own),
        *_naming_problems(config),
        *_ownership_problems(config),
        *_plan_problems(config),
        *_reporting_problems(config, until),
    ]
    if problems:
        return inputs, problems
    sensitivity = Sensitivity(**given.get("sensitivity", {}))
    if "platform" not in given.get("sensitivity", {}) and sensitivity.platform not in platforms and platforms:
        sensitivity = replace(sensitivity, platform=platforms[0])
    chosen = replace(
        inputs,
        scenario=_scenario(config, inputs, platforms),
        naming=_naming(config),
        second=Variant(**given["second"]) if "second" in given else inputs.second,
        third=Variant(**given["third"]) if "third" in given else inputs.third,
        own_prices=dict(config.own_prices),
        ownership=Ownership(capital=dict(config.own_capital), **given.get("ownership", {})),
        fleet=Fleet(**given.get("fleet", {})),
        plan=_plan(config, platforms),
        reporting=Reporting(**given.get("reporting", {})),
        sensitivity=sensitivity,
    )
    return chosen, []


def _scenario(config: Config, inputs: Inputs, platforms: tuple[str, ...]) -> Scenario:
    """The base scenario; a default that the book does not hold gives way to what it holds."""
    chosen = replace(Scenario(), **config.choices)
    if "model" not in config.choices and chosen.model not in inputs.models and inputs.models:
        chosen = replace(chosen, model=inputs.models[0])
    if "baseline" not in config.choices and chosen.baseline not in platforms and platforms:
        chosen = replace(chosen, baseline=platforms[-1])
    return chosen


def _plan(config: Config, platforms: tuple[str, ...]) -> Plan:
    """The plan; of a platform that the book holds, and of the users' demand where that alone is said."""
    said = config.sections.get("plan", {})
    plan = Plan(**({"tokens": None} if said.keys() >= _USERS else {}) | said)
    held = plan.platform in platforms or not platforms or "platform" in said
    return plan if held else replace(plan, platform=platforms[0])


def _naming(config: Config) -> Naming:
    """The names of the scenarios; the base is active where nothing else is said."""
    said = config.sections.get("naming", {})
    return Naming(**{"active": said.get("base", Naming().base), **said})


def _scenario_problems(config: Config, inputs: Inputs, platforms: tuple[str, ...], own: Own) -> list[Problem]:
    model = config.choices.get("model", "")
    bundle = f"its points are bundled: add --model {model!r}, or name it in [build] models"
    held: dict[str, tuple[tuple[str, ...], str]] = {
        "model": (inputs.models, bundle if model in bundled.available_models() else _POINTS),
        "workload": (inputs.workloads, _THESE),
        "precision": (Market(inputs).codes, _POINTS),
        "snapshot": ((*(snapshot.label for snapshot in inputs.snapshots), LATEST), _POINTS),
        "baseline": (platforms, _POINTS),
        "basis": (inputs.bases, _PRICES),
    }
    return [
        _unknown(config.place(f"[scenario] {name}"), config.choices[name], known, fix, own)
        for name, (known, fix) in held.items()
        if name in config.choices and config.choices[name] not in (*known, *own.names)
    ] + [
        _unknown(config.place(f"[plan] {name}"), basis, inputs.bases, _PRICES, own)
        for name, basis in config.sections.get("plan", {}).items()
        if name.startswith("basis_") and basis not in (*inputs.bases, *own.names)
    ]


def _platform_problems(config: Config, platforms: tuple[str, ...], own: Own) -> list[Problem]:
    named = [("own_prices", name) for name in config.own_prices] + [
        ("own_capital", name) for name in config.own_capital
    ]
    wanted = [(f"[{table}] {name}", name) for table, name in named]
    sections = [name for name in ("sensitivity", "plan") if "platform" in config.sections.get(name, {})]
    wanted += [(f"[{name}] platform", config.sections[name]["platform"]) for name in sections]
    return [
        _unknown(config.place(place), name, platforms, _POINTS, own)
        for place, name in wanted
        if name not in (*platforms, *own.names)
    ]


def _unknown(where: str, value: str, known: Iterable[str], fix: str, own: Own) -> Problem:
    if dark := [name for kind, name in own.dark if f"--{kind}" in fix]:
        fix += f"; if {' or '.join(dark)} was to bring it, mend that first"
    return Problem(where, repr(value), "one of " + ", ".join(known), fix)


def _naming_problems(config: Config) -> list[Problem]:
    naming = _naming(config)
    if any(config.open(f"[naming] {name}") for name in ("base", "second", "third")):
        return []  # a name that could not be read may be the one that is missed
    problems = []
    if naming.active not in naming.names:
        expected = "one of " + ", ".join(naming.names)
        problems.append(Problem(config.place("[naming] active"), repr(naming.active), expected, _THESE))
    if len({name.casefold() for name in naming.names}) < len(naming.names):
        fix = "give every scenario a name of its own"
        problems.append(Problem(config.place("[naming]"), "two scenarios of one name", "three different names", fix))
    return problems


def _ownership_problems(config: Config) -> list[Problem]:
    if not {"residual", "decline"} <= config.sections.get("ownership", {}).keys():
        return []
    fix = "delete one: residual is the share of the capital left at the end, decline what it loses every year"
    return [Problem(config.place("[ownership] residual and decline"), "both", "one of them", fix)]


def _plan_problems(config: Config) -> list[Problem]:
    """Two demands, half a demand, and contracts for more than all domains."""
    said = config.sections.get("plan", {})
    problems = []
    users = [name for name in sorted(_USERS, reverse=True) if name in said]
    if users and "tokens" in said:
        found, fix = f"tokens and {' and '.join(users)}", "delete tokens, or the others: tokens alone would count"
        problems.append(Problem(config.place("[plan]"), found, "one demand of the first month", fix))
    elif len(users) == 1 and not any(config.open(f"[plan] {name}") for name in _USERS):
        (lacking,) = _USERS - {*users}
        expected = "users and user_tokens, the millions of tokens of a user a month"
        problems.append(Problem(config.place("[plan]"), f"{users[0]} without {lacking}", expected, f"add {lacking}"))
    problems += [
        Problem(config.place(f"[{table}] api"), "0", "a price above 0", "leave it out where there is none")
        for table in ("plan", "fleet")
        if config.sections.get(table, {}).get("api") == 0
    ]
    one, three = (said.get(name, getattr(Plan(), name)) for name in ("one_year", "three_year"))
    if one + three > 1 and not any(config.open(f"[plan] {name}") for name in ("one_year", "three_year")):
        found = f"{one:g} + {three:g}{'' if 'three_year' in said else ', which it is when nothing is said'}"
        fix = "lower one of them: the rest is rented on demand"
        problems.append(Problem(config.place("[plan] one_year + three_year"), found, "at most 1 together", fix))
    return problems


def _reporting_problems(config: Config, until: str) -> list[Problem]:
    """A rate needs its currency, its day and its source, or a number in the book would come from nowhere."""
    said: dict[str, Any] = config.sections.get("reporting", {})
    reporting = Reporting(**said)
    problems = []
    needed = ("rate", "as_of", "source")
    if config.open("[reporting] currency"):
        return []
    if reporting.currency.casefold() == REPORTING.currency.casefold():
        if reporting.rate != REPORTING.rate:
            fix = "name the currency of this rate, or delete the rate"
            found = f"a rate of {reporting.rate:g} for {REPORTING.currency}"
            problems.append(Problem(config.place("[reporting] rate"), found, "1.0 for USD", fix))
    elif missing := [name for name in needed if name not in said and not config.open(f"[reporting] {name}")]:
        found = f"{reporting.currency} without {' and '.join(missing)}"
        expected = "a rate with its day (as_of) and its source"
        fix = f"add {' and '.join(missing)} to [reporting]"
        problems.append(Problem(config.place("[reporting] currency"), found, expected, fix))
    if reporting.as_of > until:
        problems.append(
            Problem(config.place("[reporting] as_of"), repr(reporting.as_of), f"a day up to {until}", LATE_FIX)
        )
    return problems
