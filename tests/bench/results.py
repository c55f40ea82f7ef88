"""Times and memory of `import`: `python tests/bench/results.py` - 500 mixed files, and a dump of 81,000 rows (bounds: 10 s; 20 s and 500 MB)."""

import random
import resource
import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from figures import Figure, Found, main
from typer.testing import CliRunner

from xlmodel.commands.app import app

SAMPLES = Path(__file__).parents[1] / "results"
FILES, ROWS = 500, 81_000
SAID = ("--platform", "H200", "--gpus", "8", "--precision", "FP8", "--snapshot", "mine", "--model", "Mine")


def mixed(folder: Path) -> None:
    """Copies of all samples that differ by their last bytes."""
    samples = sorted(path for path in SAMPLES.iterdir() if path.is_file() and path.suffix != ".md")
    for i in range(FILES):
        sample = samples[i % len(samples)]
        (folder / f"{i:03d}{sample.suffix}").write_bytes(sample.read_bytes() + b"\n" * (i // len(samples)))


def dump(folder: Path) -> None:
    """Rows as those of the public dump: 57 columns, 79 MB."""
    rng = random.Random(1)
    shutil.copy(SAMPLES / "dump/configs.csv", folder)
    header = (SAMPLES / "dump/benchmark_results.csv").read_text().split("\n")[0] + "".join(
        f",metrics_x{i}" for i in range(40)
    )
    with (folder / "benchmark_results.csv").open("w") as stream:
        stream.write(header + "\n")
        for i in range(ROWS):
            pace, flying = rng.uniform(0.005, 0.05), rng.choice((4, 8, 16, 64, 256))
            rate = flying / pace * 9 / 8 * rng.uniform(0.8, 1)
            stream.write(
                f"{i},1,7,single_turn,2026-07-01,8192,1024,{flying},none,image,,{pace!r},{1 / pace!r},0.5,{rate!r},{rate / 9!r},{rate * 8 / 9!r}"
            )
            stream.write("".join(f",{rng.random()!r}" for _ in range(40)) + "\n")


def measure(quick: bool) -> Found:
    """What each import took."""
    found: Found = []
    for make, said_, bound in ((mixed, SAID, 10), (dump, ("--snapshot", "mine"), 20)):
        if quick and make is dump:
            continue
        with TemporaryDirectory() as name:
            folder = Path(name)
            make(folder)
            start, busy = time.perf_counter(), time.process_time()
            done = CliRunner().invoke(app, ["import", name, *said_, "-o", str(folder / "points.csv")])
            took, cpu = time.perf_counter() - start, time.process_time() - busy
        if done.exit_code not in (0, 1):
            raise RuntimeError(done.output)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        what = f"import, {FILES} mixed files" if make is mixed else f"import, a dump of {ROWS:,} rows"
        found.append(Figure(what, took, "s", bound, f"{cpu:.1f} s of a core, {peak:.0f} MB"))
    return found


if __name__ == "__main__":
    main(measure)
