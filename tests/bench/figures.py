"""A measured figure with its bound, and how the benchmarks time things: cold processes, and ratios within one run."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = str(Path(__file__).parents[2])  # what is measured is the code beside, whatever is installed
sys.path.insert(0, ROOT)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled, as the peers' are
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))


@dataclass(frozen=True)
class Figure:
    """One figure: what was measured, in which unit, the most it may be, and what it stands beside."""

    what: str
    value: float
    unit: str = "s"
    bound: float | None = None
    beside: str = ""

    def cells(self) -> tuple[str, str, str, str]:
        """The cells of a table: what, measured, bound, and whether it is kept."""
        bound = "" if self.bound is None else f"{self.bound:,g} {self.unit}"
        held = "" if self.bound is None else "yes" if self.value <= self.bound else "missed"
        beside = f" ({self.beside})" if self.beside else ""
        return self.what, f"{said(self.value)} {self.unit}{beside}", bound, held

    def __str__(self) -> str:
        what, measured, bound, held = self.cells()
        return f"{what}: {measured}" + (f", bound {bound}{': missed' if held == 'missed' else ''}" if bound else "")


@dataclass(frozen=True)
class Curve:
    """Times by size, for the picture."""

    what: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]


Found = list[Figure | Curve]


def said(value: float) -> str:
    """Three digits, whole from a hundred on."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def cold(code: str, *args: str, runs: int) -> float:
    """Median wall time of a fresh Python process in seconds."""
    return command([sys.executable, "-c", code, *args], runs)


def command(words: list[str], runs: int, codes: tuple[int, ...] = (0,)) -> float:
    """Median wall time of a command in seconds; other exit codes than these are mistakes."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        times.append(time.perf_counter() - start)
        if done.returncode not in codes:
            raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}\n{done.stderr[-2000:]}")
    return statistics.median(times)


def show(found: Found) -> None:
    """Print each figure on a line."""
    for one in found:
        if isinstance(one, Figure):
            print(one, flush=True)
        else:
            points = ", ".join(
                f"{size:,}: {said(seconds)} s" for size, seconds in zip(one.sizes, one.seconds, strict=True)
            )
            print(f"{one.what}: {points}", flush=True)


def main(measure: Callable[[bool], Found]) -> None:
    """Run one benchmark by itself; --quick for fewer and smaller runs."""
    show(measure("--quick" in sys.argv[1:]))
