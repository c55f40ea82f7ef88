"""All benchmarks: prints every figure with its bound, and writes the table and the picture of growth into this folder.

python tests/bench/all.py                    all of them
python tests/bench/all.py --quick            fewer and smaller runs, printed only; for CI
python tests/bench/all.py speed commands     these, in their part of the table
"""

import datetime
import importlib
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from figures import Curve, Figure, show

HERE = Path(__file__).parent
ALL = ("speed", "functions", "points", "commands", "batch", "server", "udf", "results")
HELD, PICTURE, TABLE = HERE / "figures.json", HERE / "growth.png", HERE / "README.md"


def machine() -> str:
    """What it ran on."""
    model = platform.processor() or platform.machine()
    cpus = Path("/proc/cpuinfo")
    if cpus.exists():
        names = [
            line.partition(":")[2].strip() for line in cpus.read_text().splitlines() if line.startswith("model name")
        ]
        model = names[0] if names else model
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {model}, Python {platform.python_version()}, {platform.system()}{load}"


def table(held: dict[str, dict[str, object]]) -> str:
    """The README: a table for each benchmark."""
    lines = ["# Benchmarks", "", "Written by `python tests/bench/all.py`. Ratios are within one run, since machines and hours differ; the load beside",
             "the machine says how many processes wanted its cores when the run began.", "", f"![Time against size]({PICTURE.name})"]  # fmt: skip
    for name in (name for name in ALL if name in held):
        part = held[name]
        lines += [
            "",
            f"## {name}",
            "",
            f"{part['day']}, {part['machine']}",
            "",
            "| what | measured | bound | kept |",
            "| --- | --- | --- | --- |",
        ]
        lines += ["| " + " | ".join(Figure(**facts).cells()) + " |" for facts in part["figures"]]  # type: ignore[attr-defined]
    return "\n".join(lines) + "\n"


def picture(curves: list[Curve]) -> None:
    """Time against size, both in powers of ten; a line of slope one is growth in proportion."""
    import matplotlib as mpl  # noqa: PLC0415 - for development

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    _, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for curve, marker in zip(curves, "osD^vP*X", strict=False):
        axes.loglog(curve.sizes, curve.seconds, marker=marker, label=curve.what)
    low, high = min(c.sizes[0] for c in curves), max(c.sizes[-1] for c in curves)
    start = min(min(c.seconds) for c in curves)
    axes.loglog((low, high), (start, start * high / low), color="0.7", linestyle=":", label="in proportion")
    axes.set(xlabel="size (points, cells or books)", ylabel="seconds", title="Time against size")
    axes.grid(visible=True, which="major", color="0.9")
    axes.legend(frameon=False)
    plt.savefig(PICTURE, dpi=110, metadata={"Software": None})


def main(words: list[str]) -> None:
    """Run what is named, or all."""
    quick = "--quick" in words
    names = [word for word in words if not word.startswith("-")] or list(ALL)
    if unknown := set(names) - set(ALL):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    held = json.loads(HELD.read_text()) if HELD.exists() else {}
    for name in names:
        print(f"--- {name}", flush=True)
        start = machine()
        found = importlib.import_module(name).measure(quick)
        show(found)
        if quick:
            continue
        held[name] = {
            "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(), "machine": start,
            "figures": [asdict(one) for one in found if isinstance(one, Figure)],
            "curves": [asdict(one) for one in found if isinstance(one, Curve)],
        }  # fmt: skip
        HELD.write_text(json.dumps(held, indent=1) + "\n")
        TABLE.write_text(table(held))
        if curves := [Curve(**facts) for part in held.values() for facts in part["curves"]]:
            picture(curves)


if __name__ == "__main__":
    main(sys.argv[1:])
