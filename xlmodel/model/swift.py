"""Long ranges read at once with numpy, where it is installed; without it they are read element by element."""

from collections.abc import Callable, Sequence
from typing import Any

from xlmodel.calc.values import Value
from xlmodel.model.curve import LINEAR, MEASURED, cubic
from xlmodel.model.ranges import Cells, each

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
