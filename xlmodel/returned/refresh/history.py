"""The lines of the Changes sheet: what was there, what people edited since, what the refresh changed, what it left."""

from collections.abc import Iterable, Iterator

from xlmodel.book.record_rows import CHANGE_FIELDS, record_of
from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.bridge import Bridge
from xlmodel.model.facts import Change
from xlmodel.model.headline import LOWEST
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.mailed_file import CHANGES
from xlmodel.returned.refresh import Remark

MILESTONES = ("Built ", "Refreshed: ")  # lines whose After is the lowest cost of their build
LONGEST = 400  # characters of a content in a line


def history(
    s: Subject, found: Bridge, remarks: Iterable[Remark], day: str, points: int, quotes: int
) -> tuple[Change, ...]:
    """All lines of the new book, the oldest first."""
    held = s.contents.rows.get(CHANGES)
    rows = (*held.built, *(row for row in held.typed if not row.empty)) if held else ()
    before = [record_of(Change, row.cells, CHANGE_FIELDS) for row in rows]
    return (
        *before, *_by_hand(before, found, day), *_steps(s, found, day), *_remarks(remarks, day),
        Change(day, f"{MILESTONES[1]}{points:,} points, {quotes:,} quotes. After: lowest cost at the target", "Summary", None,
               _held(found.after.get(LOWEST))),
    )  # fmt: skip


def _by_hand(before: list[Change], found: Bridge, day: str) -> Iterator[Change]:
    """One line for what people edited since the last build, where that moved the cost."""
    last = next((c.after for c in reversed(before) if c.what.startswith(MILESTONES)), None)
    now = found.before.get(LOWEST)
    if isinstance(last, int | float) and isinstance(now, float) and abs(now - last) > 1e-12 * abs(now):
        yield Change(day, "Inputs edited by hand since the line before", "", last, _number(now), _number(now - last))


def _steps(s: Subject, found: Bridge, day: str) -> Iterator[Change]:
    for step in found.steps:
        c = step.change
        typed = s.mailed.typed.get(c.key)
        place = s.where(typed.ref.sheet, typed.ref.row, typed.ref.col) if typed else ""
        yield Change(
            day, c.what, place, _held(c.before), _held(c.after), _number(step.effects.get(LOWEST)), _cut(c.note)
        )


def _remarks(remarks: Iterable[Remark], day: str) -> Iterator[Change]:
    for r in remarks:
        yield Change(day, f"{r.what} ({r.kept})" if r.kept else r.what, r.place, _held(r.before), _held(r.after))


def _held(value: Value) -> Value:
    """A value as the file keeps it: an error as its text, a long text cut, a number in fifteen digits."""
    if isinstance(value, ExcelError):
        return value.code
    if isinstance(value, float):
        return _number(value)
    return _cut(value) if isinstance(value, str) else value


def _number(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.15g}")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
