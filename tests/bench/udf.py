"""Speed of the functions from Python: a column of 10,000 rows in one call, beside the bare cubic in numpy.

python tests/bench/udf.py
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from figures import Figure, Found, main

os.environ.setdefault("XLWINGS_LICENSE_KEY", "noncommercial")
sys.path.insert(0, str(Path(__file__).parent.parent))
ROWS, TURNS = 10_000, 40


def measure(quick: bool) -> Found:
    """The best of some turns, in milliseconds, and the ratios."""
    import numpy as np  # noqa: PLC0415 - optional here
    from excel_stand_ins import Office  # noqa: PLC0415
    from test_udf import BASE, described, rows_of  # noqa: PLC0415

    from xlmodel.model.curve import cubic  # noqa: PLC0415
    from xlmodel.model.market import Market  # noqa: PLC0415
    from xlmodel.model.workbook_functions import Functions  # noqa: PLC0415

    curve = Functions(Market(BASE))._curve("GB200 NVL72", "DeepSeek-R1", None, None, None)
    knots = [np.array(part) for part in (curve.xs, curve.ys, curve.slopes)]  # type: ignore[union-attr]
    low, high = knots[0][0], knots[0][-1]
    column = np.random.default_rng(1).uniform(low, high, ROWS)
    rows = column.reshape(-1, 1).tolist()
    xs, ys = ([[float(v)] for v in part] for part in knots[:2])

    def bare(t: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        x, y, m = knots
        k = np.clip(np.searchsorted(x, t, side="right") - 1, 0, len(x) - 2)
        wide = x[k + 1] - x[k]
        found: np.ndarray[tuple[int], np.dtype[np.float64]] = np.clip(
            cubic((t - x[k]) / wide, wide, y[k], y[k + 1], m[k], m[k + 1]), y[k + 1], y[k]
        )
        return found

    data = rows_of(described(BASE))
    office = Office()
    subject = ("GB200 NVL72", "DeepSeek-R1")
    module, request = office.module, office.body("TOKCOST", [*subject, rows], data)
    timed: dict[str, Callable[[], object]] = {
        "cubic, array to array": lambda: bare(column),
        "cubic, rows to rows as Excel has them": lambda: bare(np.array(rows)).tolist(),
        "TOKINTERP": lambda: module.TOKINTERP(rows, xs, ys),
        "TOKRATE": lambda: module.TOKRATE(*subject, rows, data=data),
        "TOKCOST": lambda: module.TOKCOST(*subject, rows, data=data),
        "TOKCOST through xlwings and JSON both ways": lambda: office.answer(request),
    }
    best = {name: _best(work, 5 if quick else TURNS) for name, work in timed.items()}
    array, listed = list(best.values())[:2]
    return [
        Figure(f"{ROWS:,} rows in one call: {name}", seconds * 1000, "ms", None,
               f"{seconds / array:.1f}x array to array, {seconds / listed:.2f}x rows to rows")
        for name, seconds in best.items()
    ]  # fmt: skip


def _best(work: Callable[[], object], turns: int) -> float:
    times = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


if __name__ == "__main__":
    main(measure)
