"""Speed of the tool against a peer in the same run; ratios, because machines differ.

python tests/bench/speed.py            all figures
python tests/bench/speed.py --quick    one run of each, without the large book
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figures import Figure, Found, cold, main

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


def build(work: Path, runs: int) -> Found:
    """Default book, cold, against openpyxl alone writing the same cells."""
    book, cells, peer = (str(work / name) for name in ("ours.xlsx", "cells.json", "peer.xlsx"))
    cold(OURS, book, runs=1)
    cold(DUMP, book, cells, runs=1)
    ours, theirs = cold(OURS, book, runs=runs), cold(PEER, cells, peer, runs=runs)
    size = Path(book).stat().st_size
    return [
        Figure("build, default book, cold, against openpyxl alone writing the same cells", ours / theirs, "x", 1.0,
               f"{ours:.2f} s / {theirs:.2f} s"),
        Figure("size of the default book", size / 1000, "kB", 600),
    ]  # fmt: skip


def engines(work: Path, runs: int) -> Found:
    """Full recalculation of the default book."""
    import ironcalc  # noqa: PLC0415 - optional here

    times = []
    for _ in range(runs):
        model = ironcalc.load_from_xlsx(str(work / "ours.xlsx"), "en", "UTC", "en")
        start = time.perf_counter()
        model.evaluate()
        times.append(time.perf_counter() - start)
    found: Found = [Figure("full recalculation in IronCalc", statistics.median(times), "s", 1.0)]
    from xlmodel.engines.programs import LibreOffice  # noqa: PLC0415
    from xlmodel.errors import EngineMissing  # noqa: PLC0415
    from xlmodel.xlsx.edited import edited_copy  # noqa: PLC0415
    from xlmodel.xlsx.parts import Package  # noqa: PLC0415

    try:
        engine = LibreOffice()
    except EngineMissing as missing:
        print(missing)
        return found
    folder = work / "office"
    folder.mkdir()
    edited_copy(Package(work / "ours.xlsx"), folder / "book.xlsx", {})
    start = time.perf_counter()
    engine.save([folder / "book.xlsx"], folder / "saved")
    return [*found, Figure("LibreOffice: start, load, recalculate, save", time.perf_counter() - start, "s", 3.0)]


def large(work: Path, count: int) -> Found:
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
    what = f"{count:,} points, {cells:,} cells"
    return [
        Figure(f"{what}, against XlsxWriter", ours / theirs, "x", 1.2, f"{ours:.1f} s / {theirs:.1f} s"),
        Figure(f"{what}: most memory", memory, "MB", 400, f"file {book.stat().st_size / 1e6:.1f} MB"),
    ]


def _cells(book: Path) -> int:
    import zipfile  # noqa: PLC0415

    with zipfile.ZipFile(book) as package:
        return sum(
            package.read(name).count(b"<c r=") for name in package.namelist() if name.startswith("xl/worksheets/sheet")
        )


def start_up(runs: int) -> Found:
    """Import and help, cold."""
    code = "import sys; sys.argv = ['xlmodel', '--help']; from xlmodel.commands.app import main; main()"
    return [
        Figure("import xlmodel, cold", cold("import xlmodel", runs=runs), "s", 0.3),
        Figure("xlmodel --help, cold", cold(code, runs=runs), "s", 0.3),
    ]


def measure(quick: bool) -> Found:
    """All of them."""
    runs = 1 if quick else 5
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        found = [*build(work, runs), *engines(work, runs), *start_up(runs)]
        return found if quick else [*found, *large(work, 100_000)]


if __name__ == "__main__":
    main(measure)
