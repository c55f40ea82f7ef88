"""A book for each of many rows: processor time of a book after the first, beside one build; growth with the rows.

python tests/bench/batch.py
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import Curve, Figure, Found, main


def rows(path: Path, count: int) -> None:
    """Accounts that differ in prices, choices, demand and title."""
    with path.open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(
            ("name", "own_prices.B200", "scenario.interactivity", "fleet.users", "build.title", "scenario.basis")
        )
        bases = ("", "Oracle list", "CoreWeave list")
        out.writerows(
            (f"account {i:05d}", 3 + i % 40 / 10, 40 + i % 30, 1000 + 10 * i, f"Account {i}", bases[i % 3])
            for i in range(count)
        )


def timed(words: list[str]) -> tuple[float, float]:
    """Wall time and processor time of a command with its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "xlmodel", *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(quick: bool) -> Found:
    """One core first, where a book is counted best; then all cores."""
    sizes = (1, 3) if quick else (1, 4, 16)
    with tempfile.TemporaryDirectory() as name:
        work, spent = Path(name), []
        _, build = timed(["build", "-o", str(work / "book.xlsx")])
        for size in sizes:
            rows(work / "accounts.csv", size)
            spent.append(timed(["batch", str(work / "accounts.csv"), "-o", str(work / f"out{size}"), "--jobs", "1"])[1])
        each = (spent[-1] - spent[0]) / (sizes[-1] - sizes[0])
        again = timed(["batch", str(work / "accounts.csv"), "-o", str(work / f"out{sizes[-1]}")])[0]
        cores = os.cpu_count() or 1
        many = sizes[-1]
        rows(work / "accounts.csv", many)
        wall, _ = timed(["batch", str(work / "accounts.csv"), "-o", str(work / "all")])
    return [
        Figure("batch: processor time of a book after the first", each, "s", 0.15, f"{each / build:.2f}x a cold build of {build:.2f} s"),
        Figure(f"batch: {many:,} books on all {cores} cores", wall, "s", None, f"{many / wall * 60:.1f} a minute"),
        Figure(f"batch: the same {sizes[-1]:,} books again, none to make", again, "s"),
        Curve("batch on one core", sizes, tuple(spent)),
    ]  # fmt: skip


if __name__ == "__main__":
    main(measure)
