"""Reader of a build's settings: a TOML file with a table for each part of the inputs, and one for the build."""

import datetime
import difflib
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlmodel.domain import fleet, ownership, variants
from xlmodel.domain.curve import BELOW_RANGE, INTERPOLATIONS
from xlmodel.domain.point import BEST, LATEST, PRECISIONS, WORKLOADS
from xlmodel.domain.scenario import SWITCHES
from xlmodel.ingest import names
from xlmodel.ingest.cells import NAME_LENGTH, BadCell, Reader, free_text, period
from xlmodel.ingest.table import Problems, quoted, read_text
from xlmodel.units import EXCHANGE_RATE, TOKENS_PER_USER, USD_PER_GPU, USD_PER_GPU_HOUR, Unit

MAX_BYTES = 1_000_000
MAX_ITEMS = 1_000
_BY_PLATFORM = {"own_prices": USD_PER_GPU_HOUR, "own_capital": USD_PER_GPU}
MAX_DOTS = 200  # of one line; the parser's memory grows with the square of the parts of a key

Check = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Config:
    """What a settings file says; None where it says nothing.

    Attributes:
        choices: field -> value of the scenario, ready for `Scenario(**choices)`.
        sections: the same for the other parts of the inputs, by the name of their table.
        own_prices, own_capital: USD/GPU-hour, and USD/GPU of capital, by platform.
        models: models to put into the book; `all` takes every bundled one.
        prices, points: further CSV files; paths are relative to the settings file.
        template: the brand workbook. output: the workbook to write.
        date: day printed on the cover, in ISO form.
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
    template: Path | None = None
    output: Path | None = None
    date: str | None = None


def read_config(path: Path) -> Config:
    """Read a settings file.

    Raises:
        InputRefused: the file cannot be read, or a table, key or value is wrong; all problems at once.
    """
    problems = Problems(f"{path}:")
    found = _parse(path, problems)
    tables = {**_sections(), "build": _build(path.parent)}
    values: dict[str, Any] = {"sections": {}}
    for table, content in found.items():
        name = _name(table)
        if table not in tables and table not in _BY_PLATFORM:
            place = f"[{name}]" if isinstance(content, dict) else name
            _unknown(place, [*tables, *_BY_PLATFORM], "table", problems)
        elif not isinstance(content, dict):
            problems.add(name, quoted(str(content)), f"a table [{name}]", f"put its values under a line [{name}]")
        elif table in _BY_PLATFORM:
            values[table] = _by_platform(table, content, problems)
        elif table == "scenario":
            values["choices"] = _checked(content, tables[table], table, problems)
        elif table == "build":
            values |= _checked(content, tables[table], table, problems)
        else:
            values["sections"][table] = _checked(content, tables[table], table, problems)
    problems.raise_if_any()
    return Config(**values)


def _parse(path: Path, problems: Problems) -> dict[str, Any]:
    """The file's tables, not yet checked."""
    text = read_text(path, MAX_BYTES).replace("\r\n", "\n").replace("\r", "\n")
    for i, line in enumerate(text.split("\n"), 1):
        if (dots := line.count(".")) > MAX_DOTS:
            problems.add(f"line {i}", f"{dots:,} dots", f"at most {MAX_DOTS}", "write each value in a line of its own")
    problems.raise_if_any()
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        words = str(error)
        place = re.search(r"line \d+", words)
        fix = "quote texts, write numbers with a decimal point, and use / in paths"
        problems.add(place[0] if place else "", words[:200], "TOML such as interactivity = 60", fix)
    problems.raise_if_any()
    raise AssertionError  # the line above has raised


def _checked(content: dict[str, Any], checks: dict[str, Check], table: str, problems: Problems) -> dict[str, Any]:
    """The values of one table; what is wrong is added to the problems."""
    values = {}
    for key, value in content.items():
        if key not in checks:
            _unknown(f"[{table}] {_name(key)}", list(checks), "key", problems)
            continue
        try:
            values[key] = checks[key](value)
        except BadCell as bad:
            problems.add(f"[{table}] {key}", _shown(value), bad.expected, bad.fix)
    return values


def _by_platform(table: str, content: dict[str, Any], problems: Problems) -> dict[str, float]:
    """Platform -> number."""
    read, values = names.platform(), {}
    number = _number(_BY_PLATFORM[table])
    for key, value in content.items():
        for check, given in ((read, key), (number, value)):
            try:
                check(given)
            except BadCell as bad:
                problems.add(f"[{table}] {_name(key)}", _shown(given), bad.expected, bad.fix)
                break
        else:
            values[read(key)] = float(value)
    return values


def _sections() -> dict[str, dict[str, Check]]:
    """Check of each key, by table."""
    words: dict[str, Check] = {
        "speculative": _word(SWITCHES), "disaggregated": _word(SWITCHES), "interpolation": _word(INTERPOLATIONS),
        "below_range": _word(BELOW_RANGE),
    }  # fmt: skip
    varied = {name: words[name] if name in words else _number(variants.UNITS[name]) for name in variants.VARIED}
    name = _text(free_text(NAME_LENGTH, required=True))
    scenario: dict[str, Check] = {
        "model": _text(names.model()),
        "workload": _word(WORKLOADS),
        "precision": _word((BEST, *PRECISIONS)),
        "snapshot": lambda value: value if value == LATEST else _text(names.snapshot())(value),
        "interactivity": _number(TOKENS_PER_USER),
        "baseline": _text(names.platform()),
        "basis": _text(names.basis(computed=True)),
    }
    return {
        "scenario": scenario | varied,
        "second": varied,
        "third": varied,
        "naming": dict.fromkeys(("active", "base", "second", "third"), name),
        "ownership": {key: _number(unit) for key, unit in ownership.UNITS.items()},
        "fleet": {"mode": _word(fleet.MODES)} | {key: _number(unit) for key, unit in fleet.UNITS.items()},
        "reporting": {"currency": name, "rate": _number(EXCHANGE_RATE), "as_of": _day, "source": _text(free_text(required=True))},
        "sensitivity": {"platform": _text(names.platform())} | {key: _number(u) for key, u in variants.SENSITIVITY_UNITS.items()},
    }  # fmt: skip


def _build(folder: Path) -> dict[str, Check]:
    """Check of each key of [build]; `folder` is where relative paths start."""

    def path(value: Any) -> Path:
        name: str = _text(free_text(required=True))(value)
        return folder / name

    return {
        "models": lambda value: tuple(dict.fromkeys(_list(value, _text(names.model())))) or None,
        "all": _switch,
        "title": _text(free_text(120, required=True)),
        "prices": lambda value: tuple(_list(value, path)),
        "points": lambda value: tuple(_list(value, path)),
        "template": path,
        "output": path,
        "date": _day,
    }


def _text(read: Reader) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise BadCell("a text in quotation marks", "put the value into quotation marks")
        if not value.strip():
            raise BadCell("a text", "fill it in, or delete the line")
        return read(value)

    return check


def _word(words: tuple[str, ...]) -> Check:
    def check(value: Any) -> Any:
        if value not in words:
            raise BadCell("one of " + ", ".join(f'"{word}"' for word in words), "use one of these words")
        return value

    return check


def _number(unit: Unit) -> Check:
    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadCell(f"a number in {unit.label}", "write the number without quotation marks")
        if not unit.holds(value):
            raise BadCell(
                f"a number from {unit.low:,g} to {unit.high:,g} {unit.label}",
                "correct the number or its unit",
            )
        return float(value)

    return check


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadCell("true or false", "write true or false without quotation marks")
    return value


def _list(value: Any, check: Check) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise BadCell(f"a list of at most {MAX_ITEMS:,} texts", 'write it in brackets, for example ["one", "two"]')
    return [check(item) for item in value]


def _day(value: Any) -> str:
    """A day, as a TOML date or as text."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = value.isoformat()
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise BadCell('a day such as "2026-11-23"', "write the year, the month and the day, with hyphens")
    day: str = period()(value)
    return day


def _unknown(place: str, known: list[str], kind: str, problems: Problems) -> None:
    """Note a table or key that is not known, with the nearest one that is."""
    near = difflib.get_close_matches(place.rsplit("] ", 1)[-1].strip("[]"), known, 1)
    problems.add(
        place,
        f"an unknown {kind}",
        "one of " + ", ".join(known),
        f"rename it to {near[0]}" if near else "delete it",
    )


def _name(text: str) -> str:
    """A key as it is shown in a problem: as it stands when it could be one."""
    return text if len(text) <= 60 and text.isprintable() else quoted(text)


def _shown(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else str(value)[:80]
