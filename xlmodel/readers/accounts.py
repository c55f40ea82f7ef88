"""Reader of a list of accounts: a row a book, its columns the keys of the settings, such as scenario.basis or own_prices.B200."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlmodel.errors import InputRefused, Problem
from xlmodel.readers.cell_readers import NUMBER, BadCell
from xlmodel.readers.config import BY_PLATFORM, Config, Tables, known_keys, survey_config, surveyed
from xlmodel.readers.csv_file import read_rows
from xlmodel.readers.problems import MAX_PROBLEMS, Problems, quoted
from xlmodel.readers.toml_text import parse
from xlmodel.readers.toml_values import Check, number
from xlmodel.readers.user_files import columns_of

NAME = "name"
SUMMARY = "summary"  # the workbook that lists all books
LEFT_OUT = "build.output"  # each book is called by its row
_FILE = re.compile(r"\w([\w .,()+&@'-]{0,98}[\w)])?")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))}  # of Windows
_SWITCHES = {"true": True, "false": False, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Account:
    """One row: the name of its book, the line of the file, and the settings of the base with its own."""

    name: str
    line: int
    settings: Config


@dataclass(frozen=True, slots=True)
class Accounts:
    """The rows of a list, and what is wrong with it and with the settings that all rows share."""

    file: Path
    rows: tuple[Account, ...]
    problems: tuple[Problem, ...]


def survey_accounts(file: Path, base: Path | None) -> Accounts:
    """Read a list of accounts beside the settings that hold where a row says nothing; an empty cell says nothing.

    Args:
        file: CSV with a column `name` and a column for each key that differs; several values in a cell are parted by ;.
        base: settings in TOML.
    """
    shared = survey_config(base) if base else Config()
    problems = Problems(str(file))
    told = shared.problems
    if base and not told:
        tree: Mapping[str, Any] = parse(base, Problems(str(base)), set()) or {}
    else:
        tree = {}  # what is wrong with the base is said once, and not for every row
    keys, unknown = _columns(file, known_keys(file.parent))
    try:
        rows = list(read_rows(file, (NAME,), (*keys, *unknown), problems))
    except InputRefused as refused:
        return Accounts(file, (), (*told, *unknown.values(), *refused.problems))
    # paths of the base start at its folder, those of the list at the folder of the list
    tables = known_keys(base.parent if base else file.parent)
    found = tuple(_account(file, line, row[: 1 + len(keys)], keys, tables, tree) for line, row in rows)
    return Accounts(file, found, (*told, *unknown.values(), *problems.listed, *_names(file, found)))


def alike(problems: list[Problem], file: Path) -> list[Problem]:
    """The problems of rows, those that many rows share said once, and no more than a person reads."""
    lines: dict[tuple[str, str, str, str], list[str]] = {}
    start = f"{file} line "
    for problem in problems:
        line, mark, rest = problem.where.removeprefix(start).partition(":")
        mine = problem.where.startswith(start) and bool(mark)
        place = (rest if mine else problem.where, problem.found, problem.expected, problem.fix)
        lines.setdefault(place, []).append(line if mine else "")
    said = []
    for (rest, found, expected, fix), met in lines.items():
        more = f" and {len(met) - 1:,} more" if len(met) > 1 else ""
        said.append(Problem(f"{start}{met[0]}{more}:{rest}" if met[0] else rest, found, expected, fix))
    left = len(said) - MAX_PROBLEMS
    tail = Problem(str(file), f"{left:,} more problems", "none", "correct those above and start again")
    return [*said[:MAX_PROBLEMS], tail] if left > 0 else said


def _columns(file: Path, tables: Tables) -> tuple[dict[str, tuple[str, str, Check]], dict[str, Problem]]:
    """Columns by name in small letters, in which headers are compared.

    Of each that may be there its table, key and check; of each other one in the file what is wrong with it.
    """
    found = {
        f"{table}.{key}": (table, key, check)
        for table, checks in tables.items()
        for key, check in checks.items()
        if f"{table}.{key}" != LEFT_OUT
    }
    unknown, columns = {}, sorted(columns_of(file) - {""})
    readable = all(
        column.isprintable() and not {";", "\ufffd"} & {*column} for column in columns
    )  # else the file is refused
    for column in columns:
        table, mark, platform = column.partition(".")
        if mark and table.casefold() in BY_PLATFORM:
            kind = table.casefold()
            found[column.casefold()] = (kind, platform.strip(), number(BY_PLATFORM[kind]))
        elif readable and column.casefold() not in (*found, NAME):
            unknown[column.casefold()] = _unknown(file, column, table.casefold(), tables)
    return found, unknown


def _unknown(file: Path, column: str, table: str, tables: Tables) -> Problem:
    """A column whose key no table has: the keys of its table, or the tables."""
    names = [f"{table}.{key}" for key in tables.get(table, {}) if f"{table}.{key}" != LEFT_OUT]
    known = names or [f"{name}.{key}" for name, keys in tables.items() for key in keys]
    near = difflib.get_close_matches(column.casefold(), known, 1)
    expected = "one of " + ", ".join(
        names or (*(f"{name}.key" for name in tables), *(f"{name}.platform" for name in BY_PLATFORM))
    )
    fix = f"rename it to {near[0]}" if near else "delete the column"
    return Problem(f"{file} header", f"the column {quoted(column)}", expected, fix)


def _account(
    file: Path, line: int, row: Any, keys: Mapping[str, tuple[str, str, Check]], tables: Tables, base: Mapping[str, Any]
) -> Account:
    """One row as settings of its own."""
    tree = {table: dict(content) if isinstance(content, dict) else content for table, content in base.items()}
    tree.get("build", {}).pop("output", None)
    for cell, (table, key, check) in zip(row[1:], keys.values(), strict=True):
        if cell.strip():
            tree.setdefault(table, {})[key] = _anchored(_meant(check, cell.strip()), table, key, file.parent)
    where, name = f"{file} line {line}", row[0].strip()
    return Account(name, line, surveyed(tree, tables, where, Problems(f"{where}:"), set()))


def _meant(check: Check, cell: str) -> Any:
    """A cell as the value of a settings file that its key takes; where none fits, the one whose refusal helps most."""
    plain: list[Any] = [cell]
    if NUMBER.fullmatch(cell):
        plain.append(float(cell))
    if cell.casefold() in _SWITCHES:
        plain.append(_SWITCHES[cell.casefold()])
    parts: list[Any] = [part.strip() for part in cell.split(";") if part.strip()]
    if all(map(NUMBER.fullmatch, parts)):
        parts = list(map(float, parts))
    refused = []
    for value in (*plain, parts):
        try:
            check(value)
        except BadCell as bad:
            refused.append(bad.expected)
            continue
        return value
    return parts if refused[0].startswith("a list") else plain[-1]


def _anchored(value: Any, table: str, key: str, folder: Path) -> Any:
    """Files that a row names start at the folder of the list."""
    if table != "build" or key not in ("prices", "points", "api_prices", "template"):
        return value
    return (
        [str(folder.absolute() / name) for name in value]
        if isinstance(value, list)
        else str(folder.absolute() / str(value))
    )


def _names(file: Path, rows: tuple[Account, ...]) -> Iterator[Problem]:
    """Names that no file can have, or that two rows share."""
    met: dict[str, int] = {}
    for row in rows:
        where = f"{file} line {row.line}: {NAME}"
        try:
            _file_name(row.name)
        except BadCell as bad:
            yield Problem(where, quoted(row.name), bad.expected, bad.fix)
            continue
        first = met.setdefault(row.name.casefold(), row.line)
        if first != row.line:
            yield Problem(where, f"the name of line {first} again", "a name of its own", "name each book differently")


def _file_name(name: str) -> None:
    """Refuse what no system takes as the name of a file, or what the summary is called."""
    if not _FILE.fullmatch(name):
        expected = "1 to 100 letters, digits, blanks and . , ( ) + & @ ' -, a letter or digit first"
        raise BadCell(expected, "name the book so that every system can store it")
    if name.partition(".")[0].strip().casefold() in _DEVICES:
        raise BadCell(
            "another name: Windows keeps this one for a device", "rename the row, for example by a word before it"
        )
    if name.casefold() == SUMMARY:
        raise BadCell(f"another name than {SUMMARY}", f"the workbook about all books is {SUMMARY}.xlsx: rename the row")
