"""Rows of a table followed from the old book into the new one, by what they say and not by where they stand.

A row that people edited stays as they left it, is theirs from then on, and takes the place of the one it was made
from. Marks that they set (Include, notes) go to the same row of the new data.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Generic, TypeVar

from xlmodel.model.api_price import ApiPrice, place, unmarked
from xlmodel.model.facts import Quote
from xlmodel.model.point import Point
from xlmodel.returned.refresh import Remark

R = TypeVar("R")
_NUMBERS = ("interactivity", "throughput", "ttft_ms")
_MARKS = {"gpus": 0, "include": True, "note": ""}  # what may differ between two copies of one measurement
_RELABELLED = 2  # words of a row that may differ when its numbers are the same


@dataclass(slots=True, eq=False)
class MatchedRow(Generic[R]):
    """A row of the new table: where it stood in the old one (0-based), and whether it is the user's own."""

    record: R
    old: int | None = None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Way(Generic[R]):
    """How rows of one kind are followed.

    Attributes:
        what: the kind in words.
        key: what a record says besides its marks; equal keys are the same row.
        bare: a record without its marks.
        alike: whether one record was made from the other by editing it.
        empty: whether somebody cleared the row. cleared: what the row of the new data then becomes.
        marked: the new record with the marks of the old one: (new, old).
        said: a record in words.
    """

    what: str
    key: Callable[[R], Hashable]
    bare: Callable[[R], R]
    alike: Callable[[R, R], bool]
    empty: Callable[[R], bool]
    cleared: Callable[[R], R]
    marked: Callable[[R, R], R]
    said: Callable[[R], str]


@dataclass(frozen=True, slots=True)
class OldRows(Generic[R]):
    """The built rows of the old table: as they are, as they were built, which are own, which are under a broken seal."""

    now: Sequence[R]
    built: Sequence[R]
    own: frozenset[int]
    broken: frozenset[int]


def merged(
    bundle: Iterable[R], old: OldRows[R], files: Iterable[R], way: Way[R], remarks: list[Remark]
) -> list[MatchedRow[R]]:
    """The bundle's rows with the user's marks and edits, then the user's own rows, then those of new files."""
    entries = [MatchedRow(record) for record in bundle]
    free: dict[Hashable, list[MatchedRow[R]]] = {}
    for entry in entries:
        free.setdefault(way.key(entry.record), []).append(entry)
    own: list[MatchedRow[R]] = []
    for i, (now, built) in enumerate(zip(old.now, old.built, strict=False)):
        was = way.key(built)
        is_ = was if now is built else way.key(now)
        held = free.get(was)
        found = held.pop(0) if held else None
        edited = is_ != was
        if edited and way.empty(now):
            if found is not None:
                found.record, found.old = way.cleared(found.record), i
        elif i in old.own or edited or (i in old.broken and found is None):
            replaced = found or _origin(entries, now, way)
            if replaced is not None:
                entries.remove(replaced)
            own.append(MatchedRow(now, i, own=True))
        elif found is not None:
            found.record, found.old = way.marked(found.record, now), i
        elif way.marked(way.bare(now), now) != way.bare(now):
            remarks.append(Remark(f"A mark or note on a {way.what} that the new data no longer hold: {way.said(now)}"))
    known = {way.key(entry.record) for entry in (*entries, *own)}
    for record in files:
        if way.key(record) not in known:
            own.append(MatchedRow(record, own=True))
            known.add(way.key(record))
    return [*entries, *own]


def _origin(entries: Iterable[MatchedRow[R]], record: R, way: Way[R]) -> MatchedRow[R] | None:
    """The row of the bundle that a record was made from, where only one can be it."""
    alike = [entry for entry in entries if entry.old is None and way.alike(entry.record, record)]
    return alike[0] if len(alike) == 1 else None


def _made_from(a: Point, b: Point) -> bool:
    """Other numbers under the same words, or other words on the same numbers."""
    words = [f.name for f in fields(a) if f.name not in _NUMBERS and f.name not in _MARKS]
    apart = sum(getattr(a, name) != getattr(b, name) for name in words)
    same = (a.interactivity, a.throughput) == (b.interactivity, b.throughput)
    return apart <= _RELABELLED if same else apart == 0 and bool(a.concurrency)


def _marked(new: Point, now: Point) -> Point:
    """Marks are people's: bundled points take part and change their notes seldom, so what stands in the row stays."""
    note = now.note or new.note
    return new if (now.include, note) == (new.include, new.note) else replace(new, include=now.include, note=note)


HOSTED: Way[ApiPrice] = Way(
    what="price of a hosted model",
    key=unmarked,
    bare=unmarked,
    alike=lambda a, b: place(a) == place(b),
    empty=lambda p: not (p.model or p.provider or p.input is not None),
    cleared=lambda p: replace(unmarked(p), input=None, cached_input=None, output=None),
    marked=lambda new, now: replace(new, own_input=now.own_input, own_cached=now.own_cached, own_output=now.own_output),
    said=lambda p: f"{p.model} of {p.provider}",
)
POINTS: Way[Point] = Way(
    what="point",
    key=attrgetter(*(f.name for f in fields(Point) if f.name not in _MARKS)),
    bare=lambda p: replace(p, **_MARKS),  # type: ignore[arg-type]
    alike=_made_from,
    empty=lambda p: not (p.model or p.platform or p.interactivity or p.throughput),
    cleared=lambda p: replace(p, include=False),
    marked=_marked,
    said=lambda p: (
        f"{p.model} on {p.platform}, {p.workload}, {p.snapshot}, {p.precision}, {p.interactivity:,.6g} tok/s/user"
    ),
)
QUOTES: Way[Quote] = Way(
    what="quote",
    key=lambda q: q,
    bare=lambda q: q,
    alike=lambda a, b: (
        (a.platform, a.provider, a.commitment, a.basis) == (b.platform, b.provider, b.commitment, b.basis)
    ),
    empty=lambda q: not (q.platform or q.provider or q.usd_per_gpu_hour is not None),
    cleared=lambda q: replace(q, usd_per_gpu_hour=None),
    marked=lambda new, _now: new,
    said=lambda q: f"{q.platform}, {q.provider}, {q.basis or 'for information'}",
)
