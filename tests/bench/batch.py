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
from collections.abc import Callable
from pathlib import Path
from statistics import median

from figures import Curve, Figure, Found, main

from xlmodel.commands.batch import task_list, worker
from xlmodel.commands.batch.destination import Destination
from xlmodel.errors import Round

# what accounts of a list differ in: headings, and what account number i says under them
BASES = ("", "Oracle list", "CoreWeave list")
KINDS: dict[str, tuple[tuple[str, ...], Callable[[int], tuple[object, ...]]]] = {
    "title": (("build.title",), lambda i: (f"Account {i}",)),
    "own price": (("own_prices.B200",), lambda i: (3 + i % 40 / 10,)),
    "interactivity": (("scenario.interactivity",), lambda i: (40 + i % 30,)),
    "demand and plan": (("fleet.users", "plan.peak", "plan.growth"), lambda i: (1000 + 10 * i, 1.5 + i % 20 / 100, 0.01 + i % 9 / 1000)),
    "all of it": (
        ("own_prices.B200", "scenario.interactivity", "fleet.users", "build.title", "scenario.basis"),
        lambda i: (3 + i % 40 / 10, 40 + i % 30, 1000 + 10 * i, f"Account {i}", BASES[i % 3]),
    ),
}  # fmt: skip


def rows(path: Path, count: int, kind: str = "all of it") -> None:
    """Accounts that differ in this."""
    headings, said = KINDS[kind]
    with path.open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(("name", *headings))
        out.writerows((f"account {i:05d}", *said(i)) for i in range(count))


def timed(words: list[str]) -> tuple[float, float]:
    """Wall time and processor time of a command with its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "xlmodel", *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(quick: bool) -> Found:
    """Books one by one first, in this process, where they are counted best; then the command on one core, and on all."""
    sizes = (1, 3) if quick else (1, 4, 16)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        _, build = timed(["build", "-o", str(work / "book.xlsx")])
        each = {kind: median(alone(work, 6 if quick else 22, kind)[2:]) for kind in KINDS}
        spent = []
        for size in sizes:
            rows(work / "accounts.csv", size)
            spent.append(timed(["batch", str(work / "accounts.csv"), "-o", str(work / f"out{size}"), "--jobs", "1"])[1])
        again = timed(["batch", str(work / "accounts.csv"), "-o", str(work / f"out{sizes[-1]}")])[0]
        wall, _ = timed(["batch", str(work / "accounts.csv"), "-o", str(work / "all")])
        cores, many = os.cpu_count() or 1, sizes[-1]
    return [
        *(
            Figure(f"batch: processor time of a book after the first, accounts differ in {kind}", seconds, "s", 0.15, f"{seconds / build:.2f}x a cold build of {build:.2f} s")
            for kind, seconds in each.items()
        ),
        Figure(f"batch: {many:,} books on all {cores} cores", wall, "s", None, f"{many / wall * 60:.1f} a minute"),
        Figure(f"batch: the same {many:,} books again, none to make", again, "s"),
        Curve("batch on one core", sizes, tuple(spent)),
    ]  # fmt: skip


def alone(work: Path, count: int, kind: str) -> list[float]:
    """Processor time of each of so many books, one after the other; the first is described, the second links what reads what."""
    rows(work / "accounts.csv", count, kind)
    place = Destination(str(work / kind))
    place.ready()
    found = []
    for task in task_list.tasks(Round(), work / "accounts.csv", None, "native", recalculate=False):
        start = time.process_time()
        made = worker.make(task, place)
        found.append(time.process_time() - start)
        if made.problem:
            raise ValueError(made.problem)
    return found


if __name__ == "__main__":
    main(measure)
