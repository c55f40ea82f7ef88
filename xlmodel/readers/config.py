"""Reader of a build's settings: a TOML file with a table for each part of the inputs, and one for the build."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlmodel.errors import InputRefused, Problem
from xlmodel.model import fleet, ownership, plan, variants
from xlmodel.model.point import BEST, LATEST, PRECISIONS, WORKLOADS
from xlmodel.model.scenario import MENUS
from xlmodel.readers import names
from xlmodel.readers.cell_readers import NAME_LENGTH, BadCell, free_text
from xlmodel.readers.problems import Problems, quoted
from xlmodel.readers.toml_text import parse
from xlmodel.readers.toml_values import Check, day, items, number, switch, text, word
from xlmodel.units import CAPITAL, EXCHANGE_RATE, SEASON, TOKENS_PER_USER, USD_PER_GPU_HOUR

Tables = dict[str, dict[str, Check]]

BY_PLATFORM = {"own_prices": USD_PER_GPU_HOUR, "own_capital": CAPITAL}


@dataclass(frozen=True, slots=True)
class Config:
    """What a settings file says; None where it says nothing.

    Attributes:
        choices: field -> value of the scenario, ready for `Scenario(**choices)`.
        sections: the same for the other parts of the inputs, by the name of their table.
        own_prices, own_capital: USD/GPU-hour, and USD/GPU of capital, by platform.
        models: models to put into the book; `all` takes every bundled one.
        prices, points, api_prices: further CSV files; paths are relative to the settings file.
        template: the brand workbook. output: the workbook to write.
        date: day printed on the cover, in ISO form.
        file: the settings file as it was named; empty when there is none.
        problems: what is wrong with it. lost: the keys, such as ``[build] output``, whose values are not usable.
        readable: whether anything could be read.
    """

    choices: dict[str, Any] = field(default_factory=dict)
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    own_prices: dict[str, float] = field(default_factory=dict)
    own_capital: dict[str, float] = field(default_factory=dict)
    models: tuple[str, ...] | None = None
    all: bool | None = None
    title: str | None = None
    prices: tuple[Path, ...] = ()
    points: tuple[Path, ...] = ()
    api_prices: tuple[Path, ...] = ()
    template: Path | None = None
    output: Path | None = None
    date: str | None = None
    file: str = field(default="", compare=False)
    problems: tuple[Problem, ...] = ()
    lost: frozenset[str] = frozenset()
    readable: bool = True

    def place(self, key: str) -> str:
        """A key as a problem names it: with its file.

        >>> Config(file="s.toml").place("[scenario] basis"), Config().place("[scenario] basis")
        ('s.toml: [scenario] basis', '[scenario] basis')
        """
        return f"{self.file}: {key}" if self.file else key

    def open(self, key: str) -> bool:
        """Whether the file may say something of a key that could not be read."""
        return not self.readable or key in self.lost


def survey_config(path: Path) -> Config:
    """What a settings file says as far as it can be read, with its problems, so that others can be found beside them."""
    problems, lost = Problems(f"{path}:"), set[str]()
    try:
        found = parse(path, problems, lost)
    except InputRefused as refused:
        return Config(file=str(path), problems=refused.problems, readable=False)
    if found is None:
        return Config(file=str(path), problems=problems.listed, readable=False)
    return surveyed(found, known_keys(path.parent), str(path), problems, lost)


def known_keys(folder: Path) -> Tables:
    """The check of every key, by table; relative paths start at the folder."""
    return {**_sections(), "build": _build(folder)}


def surveyed(found: Mapping[str, Any], tables: Tables, file: str, problems: Problems, lost: set[str]) -> Config:
    """What tables say as far as they can be read; see `survey_config`.

    Args:
        found: the tables, as they stand in a settings file.
        tables: see `known_keys`.
        file: what they come from, as a problem names it.
        problems: what is wrong already; more is added.
        lost: the keys whose values are not usable; more are added.
    """
    values: dict[str, Any] = {"sections": {}}
    for table, content in found.items():
        name = _name(table)
        if table not in tables and table not in BY_PLATFORM:
            inside = isinstance(content, dict)
            home = "" if inside else _home(table, "", tables)
            _unknown(f"[{name}]" if inside else name, table, [*tables, *BY_PLATFORM], home, problems)
        elif not isinstance(content, dict):
            problems.add(name, quoted(str(content)), f"a table [{name}]", f"put its values under a line [{name}]")
        elif table in BY_PLATFORM:
            values[table] = _by_platform(table, content, problems)
        elif table == "scenario":
            values["choices"] = _checked(content, tables, table, problems, lost)
        elif table == "build":
            values |= _checked(content, tables, table, problems, lost)
        else:
            values["sections"][table] = _checked(content, tables, table, problems, lost)
    return Config(**values, file=file, problems=problems.listed, lost=frozenset(lost))


def _checked(content: dict[str, Any], tables: Tables, table: str, problems: Problems, lost: set[str]) -> dict[str, Any]:
    """The values of one table; what is wrong is added to the problems, and its key to those lost."""
    values, checks = {}, tables[table]
    for key, value in content.items():
        if key not in checks:
            _unknown(f"[{table}] {_name(key)}", key, list(checks), _home(key, table, tables), problems)
            continue
        try:
            values[key] = checks[key](value)
        except BadCell as bad:
            problems.add(f"[{table}] {key}", _shown(value), bad.expected, bad.fix)
            lost.add(f"[{table}] {key}")
    return values


def _by_platform(table: str, content: dict[str, Any], problems: Problems) -> dict[str, float]:
    """Platform -> number."""
    read, values = names.platform(), {}
    check_number = number(BY_PLATFORM[table])
    for key, value in content.items():
        fine = True
        for check, given in ((read, key), (check_number, value)):
            try:
                check(given)
            except BadCell as bad:
                problems.add(f"[{table}] {_name(key)}", _shown(given), bad.expected, bad.fix)
                fine = False
        if fine:
            values[read(key)] = float(value)
    return values


def _sections() -> Tables:
    """Check of each key, by table."""
    varied = {name: word(MENUS[name]) if name in MENUS else number(variants.UNITS[name]) for name in variants.VARIED}
    title = text(free_text(NAME_LENGTH, required=True))
    scenario: dict[str, Check] = {
        "model": text(names.model()),
        "workload": word(WORKLOADS),
        "precision": word((BEST, *PRECISIONS)),
        "snapshot": lambda value: value if value == LATEST else text(names.snapshot())(value),
        "interactivity": number(TOKENS_PER_USER),
        "baseline": text(names.platform()),
        "basis": text(names.basis(computed=True)),
    }
    return {
        "scenario": scenario | varied,
        "second": varied,
        "third": varied,
        "naming": dict.fromkeys(("active", "base", "second", "third"), title),
        "ownership": {key: number(unit) for key, unit in ownership.UNITS.items()},
        "fleet": {"mode": word(fleet.MODES)} | {key: number(unit) for key, unit in fleet.UNITS.items()},
        "plan": _plan(),
        "reporting": {"currency": title, "rate": number(EXCHANGE_RATE), "as_of": day, "source": text(free_text(required=True))},
        "sensitivity": {"platform": text(names.platform())} | {key: number(u) for key, u in variants.SENSITIVITY_UNITS.items()},
    }  # fmt: skip


def _plan() -> dict[str, Check]:
    """Check of each key of [plan]; `season` is a list of twelve factors from January on."""

    def season(value: Any) -> dict[str, float]:
        factors = items(value, number(SEASON))
        if len(factors) != len(plan.SEASONS):
            raise BadCell("a list of twelve numbers", "write a factor for each month, 1 where there is no season")
        return dict(zip(plan.SEASONS, factors, strict=True))

    quoted_on = dict.fromkeys(
        ("basis_on_demand", "basis_one_year", "basis_three_year"), text(names.basis(computed=True))
    )
    numbers = {key: number(unit) for key, unit in plan.UNITS.items()}
    return {"platform": text(names.platform()), "season": season, **quoted_on, **numbers}


def _build(folder: Path) -> dict[str, Check]:
    """Check of each key of [build]; `folder` is where relative paths start."""

    def path(value: Any) -> Path:
        name: str = text(free_text(required=True))(value)
        return folder / name

    return {
        "models": lambda value: tuple(dict.fromkeys(items(value, text(names.model())))) or None,
        "all": switch,
        "title": text(free_text(120, required=True)),
        "prices": lambda value: tuple(items(value, path)),
        "points": lambda value: tuple(items(value, path)),
        "api_prices": lambda value: tuple(items(value, path)),
        "template": path,
        "output": path,
        "date": day,
    }


def _home(key: str, table: str, tables: Tables) -> str:
    """What to do with a key that another table knows; empty when none does."""
    home = next((name for name, checks in tables.items() if key in checks), "")
    if table in ("second", "third") and home == "scenario":
        return f"set it in [scenario]: {key} cannot differ by scenario"
    return f"put it under the line [{home}]" if home else ""


def _unknown(place: str, key: str, known: list[str], home: str, problems: Problems) -> None:
    """Note a table or key that is not known, with its own table or the nearest one that is known."""
    kind = "table" if place.startswith("[") and "] " not in place else "key"
    near = difflib.get_close_matches(key, known, 1)
    fix = home or (f"rename it to {near[0]}" if near else "delete it")
    problems.add(place, f"an unknown {kind}", "one of " + ", ".join(known), fix)


def _name(said: str) -> str:
    """A key as it is shown in a problem: as it stands when it could be one."""
    return said if len(said) <= 60 and said.isprintable() else quoted(said)


def _shown(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else str(value)[:80]
