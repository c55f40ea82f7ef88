"""Ranges as a function of a workbook sees them: a list of rows, read element by element, long ones at once with numpy where it is installed."""

from collections.abc import Callable, Sequence
from typing import Any

from xlmodel.calc.values import NA, NUM, VALUE, ExcelError, Value
from xlmodel.model.curve import LINEAR, MEASURED, cubic

Range = Sequence[Sequence[Value]]
Cells = Value | Range
Answer = Value | list[list[Value]]


def is_range(cells: object) -> bool:
    """Whether an argument is a range and not a single value."""
    return isinstance(cells, list | tuple)


def each(read: Callable[[Value], Value], cells: Cells) -> Answer:
    """A function on a value, or on every element of a range.

    >>> each(lambda v: v * 2, [[1, 2]]), each(lambda v: v * 2, 4)
    ([[2, 4]], 8)
    """
    if isinstance(cells, list | tuple):
        return [[read(cell) for cell in row] for row in cells]
    return read(cells)  # type: ignore[arg-type]


def both(read: Callable[[Value, Value], Value], left: Cells, right: Cells) -> Answer:
    """A function on two values or ranges; one row or column is repeated along the other, as Excel does.

    >>> both(lambda a, b: a * b, [[1], [2]], [[10, 100]])
    [[10, 100], [20, 200]]
    """
    if not is_range(left) and not is_range(right):
        return read(left, right)  # type: ignore[arg-type]
    a = left if isinstance(left, list | tuple) else [[left]]
    b = right if isinstance(right, list | tuple) else [[right]]
    rows, cols = max(len(a), len(b)), max(len(a[0]), len(b[0]))

    def at(cells: Range, row: int, col: int) -> Value:
        row = 0 if len(cells) == 1 else row
        col = 0 if len(cells[0]) == 1 else col
        return cells[row][col] if row < len(cells) and col < len(cells[0]) else NA

    return [[read(at(a, r, c), at(b, r, c)) for c in range(cols)] for r in range(rows)]  # type: ignore[arg-type]


def number(cell: Value, read: Callable[[float], Value], *, blank: bool) -> Value:
    """A function of a number; an error stays, text and truth values are no numbers, an empty cell counts as 0."""
    if cell is None and blank:
        cell = 0
    if isinstance(cell, ExcelError):
        return cell
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return VALUE
    try:
        return read(cell)
    except (OverflowError, ZeroDivisionError):
        return NUM


def flat(cells: Cells) -> list[Value]:
    """All elements, row by row."""
    if isinstance(cells, list | tuple):
        return [cell for row in cells for cell in row]
    return [cells]  # type: ignore[list-item]


LONG = 200  # elements from which numpy pays for its own start


class Numbers(list[list[Value]]):
    """Rows of finite numbers and nothing else, which nobody needs to look through again."""


def swift(cells: Cells, one: Callable[[Value], Value], many: Callable[[Any], Any], shortest: int = LONG) -> Any:
    """`one` on every element, or `many` on all plain numbers of a long range at once.

    Args:
        cells: a value, or a range.
        one: what an element gives; also where `many` gives no number.
        many: the same for a numpy array; not-a-number where the answer is an error.
        shortest: elements of a range that is long.
    """
    if not isinstance(cells, list | tuple) or len(cells) * len(cells[0]) < shortest:
        return each(one, cells)
    try:
        import numpy as np  # noqa: PLC0415 - loads when used, and not everywhere
    except ImportError:
        return each(one, cells)
    wide = len(cells[0])
    flat = [row[0] for row in cells] if wide == 1 else [cell for row in cells for cell in row]
    plain = set(map(type, flat)) <= {float}
    given = np.array(flat if plain else [cell if type(cell) in (float, int) else np.nan for cell in flat], dtype=float)
    found = many(given)
    rows = found.reshape(-1, wide).tolist()
    odd = np.flatnonzero(~np.isfinite(found)).tolist()
    for i in odd:
        rows[i // wide][i % wide] = one(flat[i])
    return rows if odd else Numbers(rows)


def between(targets: Any, xs: Sequence[float], ys: Sequence[float], slopes: Sequence[float], method: str) -> Any:
    """An array of targets read between knots, as `Curve.throughput` reads one; not-a-number outside."""
    import numpy as np  # noqa: PLC0415

    x, y, m = (np.array(knots, dtype=float) for knots in (xs, ys, slopes))
    with np.errstate(all="ignore"):
        k = np.clip(np.searchsorted(x, targets, side="right") - 1, 0, len(x) - 2)
        low, high, wide = y[k], y[k + 1], (x[1:] - x[:-1])[k]
        u = (targets - x[k]) / wide
        if method == MEASURED:
            found = np.where(u == 0, low, high)
        elif method == LINEAR:
            found = low + (high - low) * u
        else:
            found = np.clip(cubic(u, wide, low, high, m[k], m[k + 1]), np.minimum(low, high), np.maximum(low, high))
        return np.where((targets >= x[0]) & (targets <= x[-1]), found, np.nan)
