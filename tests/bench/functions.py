"""Speed of the functions: many TOKCOST cells in one workbook, recalculated by IronCalc.

python tests/bench/functions.py            100, 1,000 and 10,000 cells
python tests/bench/functions.py 100000     the same, and 100,000
"""

import random
import sys
import tempfile
import time
from pathlib import Path

from figures import Curve, Figure, Found, show

PLATFORMS = ("GB200 NVL72", "B200", "H100", "mi355x", "gb200")


def measure(quick: bool, most: int = 10_000) -> Found:
    """What the calls add to the book's own time, by powers of ten."""
    import ironcalc  # noqa: PLC0415 - optional here

    import xlmodel  # noqa: PLC0415

    rng = random.Random(1)
    sizes = [size for size in (100, 1_000, 10_000, 100_000) if size <= (1_000 if quick else most)]
    with tempfile.TemporaryDirectory() as name:
        book = Path(name) / "book.xlsx"
        xlmodel.build(book, recalculate=False)
        model = ironcalc.load_from_xlsx(str(book), "en", "UTC", "en")
        alone, added, done = _evaluated(model), [], 0
        model.add_sheet("Calls")
        sheet = len(model.get_worksheets_properties()) - 1
        for size in sizes:
            for row in range(done + 1, size + 1):
                speed = 20 + 80 * row / size
                model.set_user_input(sheet, row, 1, f'=TOKCOST("{rng.choice(PLATFORMS)}","DeepSeek-R1",{speed})')
            done = size
            added.append(max(_evaluated(model) - alone, 1e-3))
    what = f"{sizes[-1]:,} TOKCOST cells in IronCalc, added to the book's own time"
    ratio = Figure(what, added[-1] / alone, "x", 1.0, f"{added[-1]:.2f} s / {alone:.2f} s of processor time")
    return [ratio, Curve("TOKCOST cells in IronCalc", tuple(sizes), tuple(added))]


def _evaluated(model: object) -> float:
    """Best of two evaluations."""
    times = []
    for _ in range(2):
        start = time.process_time()
        model.evaluate()  # type: ignore[attr-defined]
        times.append(time.process_time() - start)
    return min(times)


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
    show(measure("--quick" in sys.argv[1:], *numbers))
