"""Rows and columns that people inserted or deleted on a generated sheet, found by what must stand on each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from xlmodel.book.built import Mark, short
from xlmodel.returned.check.reference import Expected
from xlmodel.xlsx.texts import LAST_COL, LAST_ROW, Corners

FAR = 60  # lines inserted or deleted in one place
AHEAD = 3  # lines that must agree behind them

Line = Mapping[int, str]  # position on the line -> a text that must stand there, or FORMULA
FORMULA = "="


@dataclass(frozen=True, slots=True)
class Moves:
    """Where the lines of a sheet stand now; a line that is not listed stands where it was built.

    Attributes:
        rows, cols: built line -> line now; None when it was deleted.
        inserted_rows, inserted_cols: lines that are new, as they are numbered now.
    """

    rows: Mapping[int, int | None] = field(default_factory=dict)
    cols: Mapping[int, int | None] = field(default_factory=dict)
    inserted_rows: tuple[int, ...] = ()
    inserted_cols: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.cols)

    def cell(self, row: int, col: int) -> tuple[int, int] | None:
        """Where a cell stands now; None when its row or column is gone."""
        r, c = self.rows.get(row, row), self.cols.get(col, col)
        return None if r is None or c is None else (r, c)

    def back(self) -> "Moves":
        """The way from where lines stand now to where they were built; new lines, and those behind the last, lead nowhere."""
        return Moves(_back(self.rows, self.inserted_rows), _back(self.cols, self.inserted_cols))

    def area(self, corners: Corners) -> Corners | None:
        """Where a range stands now: as Excel does, it shrinks to what is left and grows by what was put inside."""
        top, left, bottom, right = corners
        down = (top, bottom) if bottom == LAST_ROW else _span(self.rows, top, bottom)
        across = (left, right) if right == LAST_COL else _span(self.cols, left, right)
        return (down[0], across[0], down[1], across[1]) if down and across else None


def _back(lines: Mapping[int, int | None], new: tuple[int, ...]) -> dict[int, int | None]:
    back: dict[int, int | None] = {now: line for line, now in lines.items() if now is not None}
    return dict.fromkeys([*new, *(line for line in lines if line not in back)]) | back


def _span(lines: Mapping[int, int | None], first: int, last: int) -> tuple[int, int] | None:
    if not lines:
        return first, last
    ends = []
    for way in (range(first, last + 1), range(last, first - 1, -1)):
        end = next((now for line in way if (now := lines.get(line, line)) is not None), None)
        if end is None:
            return None
        ends.append(end)
    return ends[0], ends[1]


def moves(expected: Mapping[tuple[int, int], Expected], held: Mapping[tuple[int, int], str], last: int) -> Moves:
    """How the lines of a sheet moved.

    Args:
        expected: what must stand where, outside inputs and tables.
        held: the texts of the sheet now, FORMULA for any formula.
        last: the last row that the book speaks of, tables with their spare rows included.
    """
    texts = {at: text for at, e in expected.items() if (text := _text(e))}
    rows, new_rows = _aligned(_lines(texts, 0), _lines(held, 0), last)
    if rows:
        return Moves(rows, {}, new_rows)
    widest = max((col for _, col in texts), default=0)
    cols, new_cols = _aligned(_lines(texts, 1), _lines(held, 1), widest)
    return Moves({}, cols, (), new_cols)


def _text(e: Expected) -> str:
    """What must stand in a cell, a long text as its mark; empty for a number."""
    if e.formula:
        return FORMULA
    label = short(e.value) if isinstance(e.value, str) else e.value
    return f"~{label.code}" if isinstance(label, Mark) else label if isinstance(label, str) else ""


def _lines(cells: Mapping[tuple[int, int], str], axis: int) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for at, text in cells.items():
        found.setdefault(at[axis], {})[at[1 - axis]] = text
    return found


def _aligned(
    wanted: Mapping[int, Line], held: Mapping[int, Line], last: int
) -> tuple[dict[int, int | None], tuple[int, ...]]:
    """Built line -> line now, and the new ones; both empty when nothing moved.

    A move must explain the sheet at half the cost of typing over it: every line that does not agree, is gone with
    something on it, or is new with something on it, costs one.
    """
    apart = sum(not _alike(wanted.get(line, {}), held.get(line, {})) for line in range(1, last + 1))
    if not apart:
        return {}, ()
    found: dict[int, int | None] = {}
    new: list[int] = []
    cost, line, here = 0, 1, 1
    while line <= last:
        step = _step(wanted, held, line, here, last)
        if step < 0:
            cost += sum(bool(wanted.get(gone)) for gone in range(line, line - step))
            found |= dict.fromkeys(range(line, line - step))
            line -= step
            continue
        cost += sum(bool(held.get(added)) for added in range(here, here + step))
        new += range(here, here + step)
        here += step
        cost += not _alike(wanted.get(line, {}), held.get(here, {}))
        found[line] = here
        line, here = line + 1, here + 1
    moved = {a: b for a, b in found.items() if a != b}
    clear = 2 * cost < apart or 2 * _unmet(wanted, held, found, new) < _unmet(wanted, held, {}, ())
    return (moved, tuple(new)) if moved and clear else ({}, ())


def _unmet(
    wanted: Mapping[int, Line], held: Mapping[int, Line], way: Mapping[int, int | None], new: Sequence[int]
) -> int:
    """Cells that do not hold what must stand there, and texts on new lines: columns alike in their formulas differ in few of them."""
    missing = sum(
        held.get(way.get(line, line) or 0, {}).get(at) != text
        for line, cells in wanted.items()
        for at, text in cells.items()
    )
    return missing + sum(len(held.get(line, {})) for line in new)


def _step(wanted: Mapping[int, Line], held: Mapping[int, Line], line: int, here: int, last: int) -> int:
    """Lines to skip: positive when they are new, negative when built ones are gone, 0 when the two lines belong together."""
    if _alike(wanted.get(line, {}), held.get(here, {})):
        return 0
    for far in range(1, FAR + 1):
        if _agree(wanted, held, line, here + far, last):
            return far
        if _agree(wanted, held, line + far, here, last):
            return -far
    return 0


def _agree(wanted: Mapping[int, Line], held: Mapping[int, Line], line: int, here: int, last: int) -> bool:
    """Whether the next lines that hold something agree."""
    lines = list(islice((i for i in range(line, last + 1) if wanted.get(i)), AHEAD))
    return bool(lines) and all(_alike(wanted[i], held.get(here + i - line, {})) for i in lines)


def _alike(wanted: Line, held: Line) -> bool:
    """Whether a line may be the wanted one: most of what must stand there does, and no formulas beside it."""
    if not wanted:
        return FORMULA not in held.values()
    met = sum(held.get(at) == text for at, text in wanted.items())
    extra = sum(1 for at, text in held.items() if text == FORMULA and at not in wanted)
    return 2 * met >= len(wanted) + extra
