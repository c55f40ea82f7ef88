"""What a user's files bring: prices and points of several files, each thing once, and all problems of all files."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from xlmodel.errors import InputRefused, Problem
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.facts import Quote
from xlmodel.model.point import Point
from xlmodel.readers.api_prices import API_PRICES
from xlmodel.readers.points import POINTS
from xlmodel.readers.prices import QUOTES
from xlmodel.readers.records import FileKind

R = TypeVar("R")

KINDS: dict[str, FileKind[Any]] = {kind.name: kind for kind in (QUOTES, POINTS, API_PRICES)}
_SMALL = 100_000  # characters in which a header ends


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and the key of the settings file that names it; empty when an option does."""

    path: Path
    named: str = ""

    @property
    def where(self) -> str:
        """The file as a problem names it."""
        return f"{self.named}, {self.path}" if self.named else str(self.path)

    def placed(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of the file; one of the file as a whole gets the key that names it, others have a line, which is nearer."""
        return [replace(p, where=self.where) if p.where == str(self.path) else p for p in problems]


@dataclass(slots=True)
class Own:
    """What the files bring.

    Attributes:
        points, quotes, api_prices: their rows; `places`: file and line of each quote; `point_places`: of each point,
            by its identity.
        problems: what is wrong with them.
        names: platforms, models, snapshots and bases that refused files would have brought.
        dark: kind and name of the files of which not even that could be read.
    """

    points: list[Point] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    api_prices: list[ApiPrice] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    point_places: dict[int, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    dark: list[tuple[str, str]] = field(default_factory=list)


def read_own(
    price_files: Iterable[Source], point_files: Iterable[Source], until: str = "", listed: Iterable[Quote] = (),
    api_files: Iterable[Source] = (),
) -> Own:  # fmt: skip
    """Read a user's files; nothing is raised, so that other problems can be told beside theirs.

    Args:
        price_files: price lists.
        point_files: measurements.
        until: last day that a price or a measurement may be dated, in ISO form; empty for none.
        listed: quotes that are there already.
        api_files: prices of hosted models.
    """
    own = Own()
    known: dict[Hashable, str] = {QUOTES.identity(quote): "the bundled prices" for quote in listed if quote.basis}
    for path, quotes in _files(own, QUOTES, price_files, until, known):
        own.quotes += quotes.values()
        own.places += (f"{path} line {line}" for line in quotes)
    for path, measured in _files(own, POINTS, point_files, until, {}):
        own.points += measured.values()
        own.point_places |= {id(point): f"{path} line {line}" for line, point in measured.items()}
    for _, hosted in _files(own, API_PRICES, api_files, until, {}):
        own.api_prices += hosted.values()
    return own


def add_measured(own: Own, measured: Iterable[Point]) -> None:
    """Add points that come from result files; one that a points file has brought already counts once."""
    known = {POINTS.identity(point) for point in own.points}
    for point in measured:
        if POINTS.identity(point) not in known:
            known.add(POINTS.identity(point))
            own.points.append(point)


def _files(
    own: Own, kind: FileKind[R], files: Iterable[Source], until: str, known: dict[Hashable, str]
) -> Iterator[tuple[Path, dict[int, R]]]:
    """The rows of each file of a kind; what an earlier file has already brought is a problem."""
    files = tuple(files)
    met: set[Path] = set()
    for source in files:
        path = source.path
        if path.resolve() in met:
            own.problems.append(Problem(source.where, "the same file twice", "each file once", "name it once"))
            continue
        met.add(path.resolve())
        try:
            refuse_wrong_kind(path, kind.name)
            rows = kind.by_line(path, until)
        except InputRefused as refused:
            own.problems += source.placed(refused.problems)
            own.names |= refused.names
            own.dark += [] if refused.names else [(kind.name, str(path))]
            continue
        if known or len(files) > 1:
            _note_again(path, kind, rows, known, own.problems)
        yield path, rows


def _note_again(
    path: Path, kind: FileKind[R], rows: dict[int, R], known: dict[Hashable, str], problems: list[Problem]
) -> None:
    """Add a problem for each row that is known, and make the others known."""
    for line, row in rows.items():
        place = f"{path} line {line}"
        first = known.setdefault(kind.identity(row), place)
        if first != place:
            what, expected, fix = kind.again(row)
            problems.append(Problem(place, f"{what} of {first} again", expected, fix))


def refuse_wrong_kind(path: Path, kind: str) -> None:
    """Refuse points given as prices and the like in one sentence instead of one for each column.

    Raises:
        InputRefused: the file is of another kind.
    """
    columns = columns_of(path)
    if KINDS[kind].telling in columns:
        return
    for other in (name for name, held in KINDS.items() if held.telling in columns):
        fix = f"give it with --{other.replace('_', '-')}, or name it under {other} in [build]"
        found, expected = (f"a file of {name.replace('api_', 'API ')}" for name in (other, kind))
        raise InputRefused.one(str(path), found, expected, fix)


def columns_of(path: Path) -> set[str]:
    """The columns of a CSV file; none for what is no readable text."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            start = stream.read(_SMALL)
    except (OSError, ValueError):
        return set()
    line = next((line for line in start.splitlines() if line.strip() and not line.startswith(("#", '"#'))), "")
    return {name.strip().strip('"') for name in line.split(",")}
