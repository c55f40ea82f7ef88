"""Speed of the tool against a peer in the same run; ratios, because machines differ.

python tests/bench/speed.py            all figures
python tests/bench/speed.py --quick    one run of each, without the large book
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OURS = "import sys, xlmodel; xlmodel.build(sys.argv[1], recalculate=False)"

# the same cells, read from the finished book and written again by openpyxl alone
DUMP = """
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
json.dump([[s.title, [[c.row, c.column, c.value] for r in s.iter_rows() for c in r if c.value is not None]]
           for s in book.worksheets], open(sys.argv[2], "w"), default=str)
"""
PEER = """
import json, sys
from openpyxl import Workbook
book = Workbook()
book.remove(book.active)
for title, cells in json.load(open(sys.argv[1])):
    sheet = book.create_sheet(title)
    for row, col, value in cells:
        sheet.cell(row, col, value)
book.save(sys.argv[2])
"""
LARGE = """
import sys
from dataclasses import replace
from pathlib import Path
from xlmodel.readers.assemble import gather
from xlmodel.readers.arrange import in_order
from xlmodel.commands.produce import write_book
base = gather(models=["gpt-oss-120B"], depth=99)
points, count = [], int(sys.argv[2])
while len(points) < count:
    i = len(points)
    p = base.points[i % len(base.points)]
    label = f"copy-{i // len(base.points):03d}"
    points.append(replace(p, snapshot=label, interactivity=round(p.interactivity * (1 + i * 1e-7), 6)))
from xlmodel.model.facts import Snapshot
labels = sorted({p.snapshot for p in points})
inputs = replace(base, points=tuple(in_order(points)), snapshots=tuple(Snapshot(x, "copy", "bench") for x in labels))
write_book(inputs, Path(sys.argv[1]), recalculate=False)
"""
LARGE_PEER = """
import sys, random, xlsxwriter
rng, count, cells = random.Random(1), int(sys.argv[2]), int(sys.argv[3])
book = xlsxwriter.Workbook(sys.argv[1], {"constant_memory": True})
sheet, width = book.add_worksheet(), 20
for row in range(cells // width):
    sheet.write_row(row, 0, ["GB200 NVL72", "DeepSeek-R1", "8k/1k"])
    for col in range(3, 14):
        sheet.write_number(row, col, rng.random())
    for col in range(14, width):
        sheet.write_formula(row, col, f"=IF(A{row + 1}=0,0,D{row + 1}*E{row + 1})", None, 1.5)
book.close()
"""


def cold(code: str, *args: str, runs: int) -> float:
    """Median wall time of a fresh Python process in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, *args], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def build(work: Path, runs: int) -> None:
    """Default book, cold, against openpyxl alone writing the same cells."""
    book, cells, peer = (str(work / name) for name in ("ours.xlsx", "cells.json", "peer.xlsx"))
    cold(OURS, book, runs=1)
    cold(DUMP, book, cells, runs=1)
    ours, theirs = cold(OURS, book, runs=runs), cold(PEER, cells, peer, runs=runs)
    size = Path(book).stat().st_size
    print(f"build: {ours:.2f} s, openpyxl the same cells {theirs:.2f} s, ratio {ours / theirs:.2f} (bound 2.0)")
    print(f"file: {size / 1000:.0f} kB (bound 400)")


def engines(work: Path, runs: int) -> None:
    """Full recalculation of the default book."""
    import ironcalc  # noqa: PLC0415 - optional here

    times = []
    for _ in range(runs):
        model = ironcalc.load_from_xlsx(str(work / "ours.xlsx"), "en", "UTC", "en")
        start = time.perf_counter()
        model.evaluate()
        times.append(time.perf_counter() - start)
    print(f"IronCalc full recalculation: {statistics.median(times):.2f} s (bound 1.0)")
    from xlmodel.engines.programs import LibreOffice  # noqa: PLC0415
    from xlmodel.errors import EngineMissing  # noqa: PLC0415
    from xlmodel.xlsx.edited import edited_copy  # noqa: PLC0415
    from xlmodel.xlsx.parts import Package  # noqa: PLC0415

    try:
        engine = LibreOffice()
    except EngineMissing as missing:
        print(missing)
        return
    folder = work / "office"
    folder.mkdir()
    edited_copy(Package(work / "ours.xlsx"), folder / "book.xlsx", {})
    start = time.perf_counter()
    engine.save([folder / "book.xlsx"], folder / "saved")
    print(f"LibreOffice start, load, recalculate, save: {time.perf_counter() - start:.2f} s (bound 3.0)")


def large(work: Path, count: int) -> None:
    """Many points in one book against XlsxWriter's constant-memory mode writing as many cells."""
    book = work / "large.xlsx"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", LARGE, str(book), str(count)], check=True)
    ours = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    cells = _cells(book)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", LARGE_PEER, str(work / "x.xlsx"), str(count), str(cells)], check=True)
    theirs = time.perf_counter() - start
    print(
        f"{count:,} points, {cells:,} cells: {ours:.1f} s, XlsxWriter {theirs:.1f} s, ratio {ours / theirs:.2f} (bound 1.2), "
        f"peak {memory:.0f} MB (bound 400), {book.stat().st_size / 1e6:.1f} MB"
    )


def _cells(book: Path) -> int:
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(book) as package:
        return sum(
            package.read(name).count(b"<c r=") for name in package.namelist() if name.startswith("xl/worksheets/sheet")
        )


def start_up(runs: int) -> None:
    """Import and help, cold."""
    print(f"import xlmodel: {cold('import xlmodel', runs=runs):.2f} s (bound 0.3)")
    code = "import sys; sys.argv = ['xlmodel', '--help']; from xlmodel.commands.app import main; main()"
    try:
        print(f"xlmodel --help: {cold(code, runs=runs):.2f} s (bound 0.3)")
    except subprocess.CalledProcessError as error:
        print(json.dumps(str(error)))


def main() -> None:
    """Print one line a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    runs = 1 if quick else 5
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        build(work, runs)
        engines(work, runs)
        start_up(runs)
        if not quick:
            large(work, 100_000)


if __name__ == "__main__":
    main()
