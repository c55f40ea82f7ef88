"""Growth with own points: one curve of many rows, built in a cold process and recalculated by IronCalc.

python tests/bench/points.py
"""

import csv
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import Curve, Figure, Found, cold, main

BUILD = "import sys, xlmodel; xlmodel.build(sys.argv[1], points=[sys.argv[2]], models=['GLM-5.1'], recalculate=False)"
EVALUATE = """
import sys, time, ironcalc
model = ironcalc.load_from_xlsx(sys.argv[1], "en", "UTC", "en")
start = time.process_time()
model.evaluate()
print(time.process_time() - start)
"""
HEADER = ("model", "platform", "workload", "precision", "snapshot", "interactivity", "throughput", "measured", "source")


def rows(path: Path, count: int) -> None:
    """That many points of one curve, about a tenth of them on its frontier."""
    rng = random.Random(count)
    with path.open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(HEADER)
        for i in range(count):
            speed = 10 + 190 * (i + rng.random()) / count
            rate = 400_000 / speed * rng.uniform(0.9, 1)
            out.writerow(
                ["GLM-5.1", "H200", "8k/1k", "FP8", "own", f"{speed:.6f}", f"{rate:.3f}", "2026-11-01", "bench"]
            )


def evaluated(book: Path) -> float:
    """Processor time of one evaluation, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", EVALUATE, str(book)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def measure(quick: bool) -> Found:
    """Times by size, and the growth over the last power of ten."""
    sizes = (20, 200, 2_000) if quick else (20, 200, 2_000, 20_000)
    built, computed = [], []
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            points, book = Path(name) / "points.csv", Path(name) / "book.xlsx"
            rows(points, size)
            built.append(cold(BUILD, str(book), str(points), runs=1))
            start = time.perf_counter()
            computed.append(evaluated(book))
            if time.perf_counter() - start > 240:
                break
    done = sizes[: len(computed)]
    growth = computed[-1] / computed[-2]
    bounds = {20_000: 10.0}
    return [
        Figure(f"build with {done[-1]:,} own points on one curve", built[-1], "s", bounds.get(done[-1])),
        Figure(f"IronCalc, {done[-1]:,} own points against {done[-2]:,}", growth, "x", 12, f"{computed[-1]:.2f} s / {computed[-2]:.2f} s"),
        Curve("build with own points", done, tuple(built)),
        Curve("IronCalc with own points", done, tuple(computed)),
    ]  # fmt: skip


if __name__ == "__main__":
    main(measure)
