"""What a change costs: each is made in a copy of the package, which then builds, checks itself and is recalculated by an engine."""

import difflib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
from conftest import need

import xlmodel
from xlmodel.engines.programs import IronCalc

ROOT = Path(xlmodel.__file__).parent
MODEL = "Llama 3.3 70B"  # the smallest of the default models


@dataclass(frozen=True)
class Change:
    """What is written: lines behind a line of a module, whole functions at the end of one, new modules, and rows of data."""

    lines: dict[str, tuple[str, str]] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)


SHEET = '''"""Notes: words of the house."""

from xlmodel.book.context import Context
from xlmodel.book.form import Form
from xlmodel.book.spec import Sheet
from xlmodel.sheets.frame import start
from xlmodel.units import TOKENS_PER_USER


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(ctx, "House", "control", "House", "Twice the target.", 5)
    Form(ctx.graph, sheet, "house", 7).calc("twice", "Twice the target", TOKENS_PER_USER, 2 * ctx.graph["scenario.interactivity"])
    return sheet
'''
READER = '''"""housebench: one JSON object a run."""

from collections.abc import Iterator

from xlmodel.readers.results.derive import Found, Pace, all_have, each_object, measured
from xlmodel.readers.results.document import Document
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.taker import Taker

TOOL = "housebench"


def fits(doc: Document) -> bool:
    """Whether it is one."""
    return all_have(doc, ("housebench_ms_per_token",))


def read(doc: Document, *_: object) -> Iterator[Found]:
    """Each run."""
    return each_object(doc, _run)


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    pace = Pace(run.above("housebench_ms_per_token"), "1000 / ms per token")
    return measured(doc, TOOL, [pace], place=place, per_gpu=run.above("housebench_tokens_per_gpu"))
'''
FUNCTION = '''

def gpu_hours(throughput: Any, utilization: Any) -> Any:
    """GPU-hours of a million tokens.

    >>> gpu_hours(1_000_000 / 3600, 0.5)
    2.0
    """
    return MILLION / (SECONDS_PER_HOUR * throughput * utilization)
'''
COLUMN = '    t.column("GPU-hours", units.Unit("GPU-h/M tokens", "0.000", of="GPU*h/Mtok"), economics.gpu_hours(rate, use))\n'
CHANGES = {
    "a column of the Summary": Change({"sheets/summary_sheet.py": ('    ("users_per_gpu",', '    ("power", "kW/GPU", "0.00", 11),\n')}),
    "a platform": Change(
        rows={
            "data/platforms.csv": "XPU9,Acme,Ninth,8,256,6.0,2.5,5.0,900,1.5,,,,datasheet of the test,,,2026-08-15\n",
            "data/prices.csv": "XPU9,Rent a GPU,3 years,3-year rental 2026-07,4.5,2026-07-10,price list of the test,high,\n",
            "data/points/llama-3.3-70b.csv": "".join(
                f"Llama 3.3 70B,XPU9,8k/1k,FP8,2025-10,{x},{y},vllm,none,no,8,64,,2025-10-01,load test of the test,yes,\n"
                for x, y in ((20.0, 9000.0), (60.0, 4000.0), (120.0, 900.0))
            ),
        }
    ),
    "a function": Change(
        {"sheets/cost_target.py": ('    usd = t.column("Cost"', COLUMN)}, functions={"model/economics.py": FUNCTION}
    ),
    "a sheet": Change(
        {"sheets/order.py": ('    Entry("Definitions"', '    Entry("House", "words of the house", "house_sheet"),\n')},
        modules={"sheets/house_sheet.py": SHEET},
    ),
    "a reader": Change(
        {"readers/results/registry.py": ('    "inferencex",', '    "housebench",\n')},
        modules={"readers/results/housebench.py": READER},
    ),
}  # fmt: skip
RUN = {"housebench_ms_per_token": 20.0, "housebench_tokens_per_gpu": 3000.0}
ABOUT = "platform=H200, gpus=8, precision=FP8, snapshot=2025-10, model=Llama 3.3 70B, workload=8k/1k"


def _made(copy: Path, change: Change) -> None:
    for path, (before, line) in change.lines.items():
        old = (copy / path).read_text().splitlines(keepends=True)
        place = next(i for i, text in enumerate(old) if text.startswith(before)) + 1
        (copy / path).write_text("".join([*old[:place], line, *old[place:]]))
    for path, text in (*change.functions.items(), *change.rows.items()):
        (copy / path).write_text((copy / path).read_text() + text)
    for path, text in change.modules.items():
        (copy / path).write_text(text)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with all changes made."""
    made = tmp_path_factory.mktemp("house") / "xlmodel"
    shutil.copytree(ROOT, made, ignore=shutil.ignore_patterns("__pycache__"))
    for change in CHANGES.values():
        _made(made, change)
    return made


def test_no_other_line_is_touched(copy: Path) -> None:
    """Counted against the package as it stands: a line where a line is added, and no line taken away."""
    counted = {}
    for path in copy.rglob("*.py"):
        inside = str(path.relative_to(copy))
        old = (ROOT / inside).read_text().splitlines() if (ROOT / inside).exists() else []
        changed = [line for line in difflib.ndiff(old, path.read_text().splitlines()) if line[:2] in ("+ ", "- ")]
        if changed:
            assert not any(line.startswith("- ") for line in changed)
            counted[inside] = len(changed)
    modules = {path: text.count("\n") for change in CHANGES.values() for path, text in change.modules.items()}
    functions = {path: text.count("\n") for change in CHANGES.values() for path, text in change.functions.items()}
    assert counted == {path: 1 for change in CHANGES.values() for path in change.lines} | modules | functions


@pytest.mark.engine
@pytest.mark.slow
def test_the_book_with_all_changes_builds_checks_and_is_recalculated(copy: Path, tmp_path: Path) -> None:
    need(IronCalc)
    (tmp_path / "run.json").write_text(json.dumps(RUN))
    own = ("--model", MODEL, "--results", "run.json", "--about", ABOUT)
    _run(copy, tmp_path, "build", "-o", "book.xlsx", *own, "--recalculate")
    _run(copy, tmp_path, "check", "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx", data_only=True)

    def row(sheet: str, number: int) -> list[object]:
        return [cell.value for cell in book[sheet][number]]

    assert {"House", "Cover"} <= set(book.sheetnames)
    assert book["House"]["C7"].value == 2 * book["Summary"]["D7"].value
    assert "Power" in row("Summary", 15)
    assert "GPU-hours" in row("Cost curves", 6)
    points = list(book["Benchmarks"].iter_rows(7, max_col=11, values_only=True))
    assert sum(point[1] == "XPU9" for point in points) == 3
    assert [point[9] for point in points if point[10] == RUN["housebench_tokens_per_gpu"]] == [50.0]
    assert any(
        line[1] == "XPU9" and isinstance(line[4], float) for line in book["Summary"].iter_rows(16, 30, values_only=True)
    )


def _run(copy: Path, folder: Path, *arguments: str) -> None:
    """A command of the copy, which must find nothing wrong."""
    environment = {**os.environ, "PYTHONPATH": str(copy.parent)}
    command = [sys.executable, "-P", "-m", "xlmodel", *arguments]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
