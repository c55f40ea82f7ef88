"""From the numbers of a record to interactivity, throughput and the rest: one place for what all readers share."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from xlmodel.errors import Problem
from xlmodel.readers.results import measurement_doubts as judge
from xlmodel.readers.results.document import JSON, LINES, YAML, Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.taker import Taker
from xlmodel.units import TOKENS_PER_GPU, TOKENS_PER_USER

Found = Measurement | Problem
MEAN_FOR_MEDIAN = "the file has no median: the mean stands for it"
LEFTOVER = "(end-to-end time - time to first token) / (output tokens - 1) stands for the median time per output token"
NO_STREAM = "no time to first token: without streaming the time per output token includes the prompt"
WHOLE = "end-to-end time / output tokens stands for the time per output token: it includes the first token, so the interactivity is too low"
CHUNKS = "the time between two answers of the stream stands for the time per output token: an answer may carry several tokens"


class Pace(NamedTuple):
    """A way to the time per output token: ms, how it was derived, and what speaks against it."""

    ms: float | None
    derived: str
    doubt: str = ""


def leftover(e2e: float | None, first: float | None, tokens: float | None, kind: str) -> Pace:
    """What a request takes after its first token, by token."""
    known = e2e and first is not None and tokens and tokens > 1 and e2e > first
    ms = (e2e - (first or 0.0)) / (tokens - 1) if known and e2e and tokens else None
    return Pace(ms, f"1000 / (({kind} end-to-end time - {kind} time to first token) / (output tokens - 1))", LEFTOVER)


def measured(
    doc: Document,
    tool: str,
    paces: Iterable[Pace],
    *,
    e2e_ms: float | None = None,
    pace_ms: float | None = None,
    first_ms: float | None = None,
    **facts: Any,
) -> Measurement:
    """The measurement of one run, judged.

    Args:
        doc: the file.
        tool: what wrote it.
        paces: ways to the time per output token, the best first; the first with a number is taken.
        e2e_ms: see `xlmodel.readers.results.measurement_doubts.with_doubts`.
        pace_ms: the same.
        first_ms: the same.
        facts: further fields of the measurement.

    Raises:
        Unusable: no request completed, or interactivity or throughput is missing or impossible.
    """
    if facts.get("completed") == 0:
        fix = "look at the errors that the load test printed, and run it again"
        raise Unusable("no completed request", "completed requests", fix)
    pace = next((pace for pace in paces if pace.ms), None)
    if pace is None or not pace.ms:
        expected = "the median time per output token (TPOT), or the times it follows from"
        raise Unusable(
            "no time per output token", expected, "run the load test with streaming and with its latency metrics"
        )
    speed = 1000 / pace.ms
    if not TOKENS_PER_USER.holds(speed):
        unit = TOKENS_PER_USER
        expected = f"{unit.low:g} to {unit.high:,.0f} tok/s/user"
        fix = "check the unit (seconds under the name of ms?), and that the test streamed from a real server"
        raise Unusable(f"{pace.ms:.4g} ms a token, which is {speed:,.4g} tok/s/user", expected, fix)
    per_gpu, total = facts.get("per_gpu"), facts.get("throughput")
    if not per_gpu and not total:
        expected = "total throughput, or input and output tokens with the duration"
        raise Unusable(
            "no throughput of input and output tokens", expected, "run the load test again with its full report"
        )
    if per_gpu and not TOKENS_PER_GPU.holds(per_gpu):
        raise Unusable(
            f"{per_gpu:.4g} tok/s/GPU", f"{TOKENS_PER_GPU.low:g} to {TOKENS_PER_GPU.high:,.0f}", "check the unit"
        )
    said = tuple(facts.pop("doubts", ()))
    doubts = (*((pace.doubt,) if pace.doubt else ()), *said)
    found = Measurement(str(doc.path), tool, speed, pace.derived, digest=doc.digest, doubts=doubts, **facts)
    return judge.with_doubts(found, e2e_ms, pace_ms, first_ms)


def each(
    doc: Document, records: Iterable[tuple[str, Taker]], read: Callable[[Taker, str], Measurement]
) -> Iterator[Found]:
    """A measurement of each record, or the problem that keeps it from being one; first what the file lost."""
    yield from doc.broken
    for place, record in records:
        try:
            yield read(record, place)
        except Unusable as bad:
            yield Problem(f"{doc.path} {place}".rstrip(), bad.found, bad.expected, bad.fix)


def each_object(doc: Document, read: Callable[[Document, Taker, str], Measurement]) -> Iterator[Found]:
    """As `each`, of every object of a file of JSON."""
    return each(doc, ((place, Taker(item)) for place, item in objects(doc)), lambda item, place: read(doc, item, place))


def table(doc: Document) -> Iterator[tuple[str, Taker]]:
    """The rows of a table with their places; one of another width is told as a value that cannot be read."""
    wide = len(doc.data)
    twice = next((name for name in doc.data if name and doc.data.count(name) > 1), "")
    if twice:
        raise Unusable(f"the column {twice[:60]!r} twice", "each column once", "delete one of them")
    for line, cells in doc.rows():
        if not any(map(str.strip, cells)):
            continue
        if len(cells) == wide:
            yield f"line {line}", Taker(dict(zip(doc.data, cells, strict=True)))
        else:
            yield f"line {line}", Ragged(len(cells), wide)


class Ragged(Taker):
    """A row with more or fewer cells than the header: whatever is taken from it is not usable."""

    def __init__(self, cells: int, wide: int) -> None:
        super().__init__({})
        self._found = f"{cells} cells", f"{wide} cells as in the header"

    def get(self, path: str) -> Any:
        """Refuse.

        Raises:
            Unusable: always.
        """
        found, expected = self._found
        raise Unusable(
            found, expected, "write numbers without thousands separators, and fetch the file again if it was cut off"
        )

    def _read(self, path: str) -> float | None:
        self.get(path)
        return None


def objects(doc: Document) -> list[tuple[str, dict[str, Any]]]:
    """The objects of a file with their places: one, those of a list, or those of an appended file."""
    values = doc.data if doc.kind == LINES else [("", doc.data)] if doc.kind in (JSON, YAML) else []
    found: list[tuple[str, dict[str, Any]]] = []
    for place, value in values:
        if isinstance(value, dict):
            found.append((place, value))
        elif isinstance(value, list):
            found += [(f"{place} item {i}".strip(), item) for i, item in enumerate(value, 1) if isinstance(item, dict)]
    return found


def all_have(doc: Document, *wanted: Iterable[str]) -> bool:
    """Whether the first objects of a file have one key of each group."""
    found = [item for _, item in objects(doc)[:3]]
    return bool(found) and all(any(key in item for key in keys) for item in found for keys in wanted)


def day_of(text: str) -> str:
    """The day that a date and time begins with; empty for what is none.

    >>> day_of("20260213-075258"), day_of("2026-02-13T07:52:58Z"), day_of("soon")
    ('2026-02-13', '2026-02-13', '')
    """
    digits = text[:10].replace("-", "")[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])).isoformat()
    except ValueError:
        return ""


def little(rate: float | None, e2e_ms: float | None) -> float | None:
    """Requests in flight on average: requests a second times the mean time of one (Little's law)."""
    return rate * e2e_ms / 1000 if rate and e2e_ms else None
