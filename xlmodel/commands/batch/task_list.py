"""What a batch is asked for, checked as a whole: no book is begun before every row is known to be sound."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from xlmodel.commands import arguments
from xlmodel.errors import InputRefused, Round
from xlmodel.readers.accounts import Account, alike, survey_accounts
from xlmodel.readers.assemble import Collected, collected
from xlmodel.readers.config import Config
from xlmodel.readers.user_files import Source
from xlmodel.version import __version__


@dataclass(frozen=True, slots=True)
class Task:
    """One book to make, small enough to be sent to a worker; `digest` names all that it is made from."""

    name: str
    line: int
    settings: Config
    edition: str
    recalculate: bool
    digest: str


def tasks(found: Round, file: Path, base: Path | None, edition: str, *, recalculate: bool) -> list[Task]:
    """The books of a list of accounts, in its order, at the end of a round of checks.

    Raises:
        InputRefused: with the problems of the options, the settings and all rows at once.
    """
    with found.step():
        arguments.check_edition(edition)
    accounts = survey_accounts(file, base)
    found.add(accounts.problems)
    held: dict[tuple[Any, ...], Collected] = {}
    brands: set[Path] = set()
    for row in accounts.rows:
        _check(row, held, brands, found)
    if found.problems:
        raise InputRefused(alike(found.problems, file))
    return [
        Task(row.name, row.line, row.settings, edition, recalculate, digest(row.settings, edition))
        for row in accounts.rows
    ]


def data_key(settings: Config) -> tuple[Any, ...]:
    """What the data of a book depend on: rows that share it share the data, which are read once."""
    s = settings
    return s.models, s.all, s.prices, s.points, s.api_prices, s.date


def _check(row: Account, held: dict[tuple[Any, ...], Collected], brands: set[Path], found: Round) -> None:
    """Judge the data of a row, what it chooses of them, and its brand."""
    settings = row.settings
    found.add(settings.problems)
    key = data_key(settings)
    if key not in held:
        held[key] = collected(found, settings)
    held[key].chosen(settings, found)
    if settings.template and settings.template not in brands:
        from xlmodel.xlsx.brand import read_brand  # noqa: PLC0415 - loads when used

        brands.add(settings.template)
        try:
            read_brand(settings.template)
        except InputRefused as refused:
            found.add(Source(settings.template, settings.place("[build] template")).placed(refused.problems))


def digest(settings: Config, edition: str) -> str:
    """A name for all that a book is made from: the settings, the contents of the files they name, and this program."""
    s = settings
    said = (s.choices, s.sections, s.own_prices, s.own_capital, s.models, s.all, s.title, s.date)
    files = (*s.prices, *s.points, *s.api_prices, *((s.template,) if s.template else ()))
    kinds = tuple(map(len, (s.prices, s.points, s.api_prices)))
    text = repr((_program(), edition, said, kinds, [_content(path) for path in files]))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _content(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _program() -> str:
    """The version, and the contents of the package: data and code that differ make other books."""
    root = Path(arguments.__file__).parents[1]
    return f"{__version__} {_all(sorted(p for p in root.rglob('*') if p.suffix in ('.py', '.csv')))}"


def _all(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        found.update(path.read_bytes())
    return found.hexdigest()
