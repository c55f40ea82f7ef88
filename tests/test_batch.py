"""A book for each row: checked together, equal to those of `build`, resumed, and finished whatever dies on the way.

XLMODEL_BATCH_ROWS=200 makes as many books on each backend, killed workers and all. By default processes are stopped and killed over a few
stand-ins for books, which take a moment each, and nothing runs on Ray, whose start alone takes long.
"""

import csv
import errno
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

import xlmodel
from xlmodel.commands.app import app
from xlmodel.commands.batch import runs, task_list, worker
from xlmodel.commands.batch.destination import Destination, Made
from xlmodel.errors import Round
from xlmodel.readers.accounts import survey_accounts

LONG = os.environ.get("XLMODEL_BATCH_ROWS", "")
ROWS = int(LONG or "6")
BASE = '[build]\nmodels = ["GLM-5.1"]\n[fleet]\nusers = 3000\n'  # a small book
HEADER = ("name", "scenario.interactivity", "own_prices.MI355X", "build.title", "scenario.basis")


def listed(folder: Path, rows: Sequence[Sequence[object]], header: Sequence[str] = HEADER) -> list[str]:
    """Writes a list of accounts and the settings they share; the command that makes their books."""
    with (folder / "accounts.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    (folder / "base.toml").write_text(BASE)
    return ["batch", str(folder / "accounts.csv"), "--config", str(folder / "base.toml"), "-o", str(folder / "out")]


def accounts(count: int) -> list[tuple[object, ...]]:
    return [
        (f"account {i:03d}", 30 + i % 7, 3 + i / 250, f"Account {i}", "") for i in range(count)
    ]  # prices that no check doubts


def run(command: Sequence[str], *more: str, code: int = 0) -> dict[str, Any]:
    done = CliRunner().invoke(app, [*command, "--jobs", "1", "--json", *more])
    assert done.exit_code == code, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def books(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "out").glob("*.xlsx") if path.stem != "summary"}


# --- rows ------------------------------------------------------------------------------------------


def test_every_book_equals_the_one_that_build_writes(tmp_path: Path) -> None:
    rows = [("North & Co", 35, 4.5, "", "Oracle list"), ("south", "", "", "2026", "")]
    found = run(listed(tmp_path, rows))
    assert [book["state"] for book in found["books"]] == ["built", "built"]
    said = "[scenario]\ninteractivity = 35\nbasis = 'Oracle list'\n[own_prices]\nMI355X = 4.5\n", ""
    for (name, *_), text, title in zip(rows, said, ("", 'title = "2026"\n'), strict=True):
        (tmp_path / "one.toml").write_text(BASE.replace("[fleet]", f"{title}[fleet]") + text)
        xlmodel.build(tmp_path / "one.xlsx", config=tmp_path / "one.toml", recalculate=False)
        assert (tmp_path / "one.xlsx").read_bytes() == books(tmp_path)[f"{name}.xlsx"]

    # the report and the summary tell what the books show
    with (tmp_path / "out/report.csv").open(newline="") as stream:
        told = list(csv.DictReader(stream))
    summary = load_workbook(tmp_path / "out/summary.xlsx")["Books"]
    headings = {str(cell.value): i for i, cell in enumerate(summary[4], 1)}
    for i, (name, *_) in enumerate(rows):
        shown = load_workbook(tmp_path / f"out/{name}.xlsx", data_only=True)["Summary"]
        assert told[i]["answer"] == shown["A4"].value == summary.cell(5 + i, headings["Answer"]).value
        assert told[i]["platform"] == shown["E10"].value == summary.cell(5 + i, headings["Cheapest platform"]).value
        assert float(told[i]["cost"]) == pytest.approx(shown["B10"].value, rel=1e-9)
        assert summary.cell(5 + i, headings["Cost at the target"]).value == pytest.approx(float(told[i]["cost"]))


def test_all_problems_of_all_rows_come_before_the_first_book(tmp_path: Path) -> None:
    header = (*HEADER, "plan.season", "scenario.utilization", "build.points")
    rows = [
        ("one", "fast", 4, "", "Orcale list", "", "", ""),
        ("ONE", 30, -1, "", "", "1;2;3", "80%", "none.csv"),
        ("summary", 30, "", "x" * 130, "", "", "80%", ""),
        ("../up", 30, "", "", "", "", "", ""),
        ("con.old", 30, "", "", "", "", "", ""),
    ]
    wider = [(*row, "") for row in rows]
    done = CliRunner().invoke(app, [*listed(tmp_path, wider, (*header, "fleet.userz")), "--backend", "slurm"])
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    for part in (
        "slurm", "line 2: [scenario] interactivity", "Orcale list", "line 3: name", "the name of line 2 again", "[own_prices] MI355X",
        "a list of twelve numbers", "line 3 and 1 more: [scenario] utilization found '80%'", "write 0.8", "none.csv",
        "line 4: name found 'summary'", "[build] title", "line 5: name found '../up'", "line 6: name found 'con.old'", "header found the column 'fleet.userz'", "rename it to fleet.users",
    ):  # fmt: skip
        assert part in said, part
    assert not (tmp_path / "out").exists()


def test_what_is_wrong_with_the_shared_settings_is_said_once(tmp_path: Path) -> None:
    command = listed(tmp_path, accounts(30))
    (tmp_path / "base.toml").write_text("[scenario]\nbaseline = 3\n[fleat]\n")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert done.stderr.startswith("Refused: 2 problems")
    assert done.stderr.count("accounts.csv") == 0


def test_the_template_of_a_list_is_sound() -> None:
    templates = Path(xlmodel.__file__).parents[1] / "templates"
    found = survey_accounts(templates / "accounts.csv", templates / "scenario.toml")
    assert ([row.name for row in found.rows], found.problems) == (["north", "south"], ())
    assert not any(row.settings.problems for row in found.rows)


@pytest.mark.parametrize(
    "header", [("name", "scenario.bais"), ("name", "build.output"), ("scenario.basis",), ("name", "name")]
)
def test_a_column_that_is_no_key_is_refused(header: tuple[str, ...], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, listed(tmp_path, [("a",) * len(header)], header))
    assert done.exit_code == 2
    assert "line 1" in done.stderr or "header" in done.stderr


# what a worker makes instead of a book: large enough to be seen half-written, slow enough to be killed meanwhile
QUICK = """
import hashlib, os, time
from xlmodel.commands.batch import worker
from xlmodel.commands.batch.destination import Made
def made(task, place, start):
    time.sleep(float(os.environ.get("XLMODEL_PAUSE", "0")))
    data = task.digest.encode() * 4000
    if task.settings.title == "wrong":
        raise ZeroDivisionError("planted")
    found = Made(task.name, task.line, "built", task.digest, hashlib.sha256(data).hexdigest(), len(data), 0.01, {"answer": task.name})
    place.finish(found, data)
    return found
worker._made = made
"""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins for books: what is kept, told and done again does not depend on what they hold."""
    monkeypatch.setenv("XLMODEL_PAUSE", "0")
    monkeypatch.setattr(worker, "_made", None)  # set back afterwards
    exec(QUICK, {})


@pytest.mark.usefixtures("quick")
def test_finished_books_stay_and_only_what_changed_is_made_again(tmp_path: Path) -> None:
    rows = accounts(4)
    first = run(listed(tmp_path, rows))
    made = books(tmp_path)
    rows[1] = ("account 001", 44, 5, "Changed", "")
    (tmp_path / "out/account 002.xlsx").write_bytes(made["account 002.xlsx"][:-1])
    (tmp_path / "out/.xlmodel/account 003.json").write_text("[1")
    command = listed(tmp_path, rows)
    second = run(command)
    assert [book["state"] for book in second["books"]] == ["kept", "built", "built", "built"]
    again = books(tmp_path)
    assert [again[name] == data for name, data in sorted(made.items())] == [True, False, True, True]
    assert second["books"][0] == {**first["books"][0], "state": "kept"}
    (tmp_path / "base.toml").write_text(BASE + "peak = 2\n")
    assert run(command)["counts"]["built"] == 4


def test_a_file_that_a_row_names_is_part_of_what_its_book_is_made_from(tmp_path: Path) -> None:
    prices = "platform,provider,commitment,basis,usd_per_gpu_hour,as_of,source\nMI355X,Mine,1 year,Mine,{},2026-11-01,contract\n"

    def digests(price: float) -> list[str]:
        (tmp_path / "p.csv").write_text(prices.format(price))
        task_list._content.cache_clear()  # as in the next run
        made = task_list.tasks(Round(), tmp_path / "accounts.csv", tmp_path / "base.toml", "native", recalculate=False)
        return [task.digest for task in made]

    listed(tmp_path, [("a", "p.csv")], ("name", "build.prices"))
    assert digests(2) == digests(2) != digests(3)


@pytest.mark.usefixtures("quick")
def test_one_failed_row_stops_no_other_and_is_reported(tmp_path: Path) -> None:
    rows = accounts(3)
    rows[1] = (*rows[1][:3], "wrong", "")
    found = run(listed(tmp_path, rows), code=1)
    assert found["counts"] == {"built": 2, "kept": 0, "failed": 1}
    assert "planted" in found["books"][1]["problem"]
    assert sorted(books(tmp_path)) == ["account 000.xlsx", "account 002.xlsx"]
    with (tmp_path / "out/report.csv").open(newline="") as stream:
        assert [row["state"] for row in csv.DictReader(stream)] == ["built", "failed", "built"]
    assert run(listed(tmp_path, accounts(3)))["counts"] == {"built": 1, "kept": 2, "failed": 0}


def test_what_the_system_says_of_a_row_is_said_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(worker, "described", full)
    monkeypatch.setattr(worker, "_inputs", full)
    (row,) = run(listed(tmp_path, accounts(1)), code=1)["books"]
    assert "no space left on device" in row["problem"]
    assert "free some space" in row["problem"]


@pytest.mark.usefixtures("quick")
def test_books_go_to_any_address(tmp_path: Path) -> None:
    command = [*listed(tmp_path, accounts(2))[:-1], f"file://{tmp_path}/out"]
    assert run(command)["counts"]["built"] == 2
    assert run(command)["counts"]["kept"] == 2
    (tmp_path / "out/account 001.xlsx").unlink()
    assert run(command)["counts"] == {"built": 1, "kept": 1, "failed": 0}
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [".xlmodel", "account 000.xlsx", "account 001.xlsx", "report.csv", "summary.xlsx"]


@pytest.mark.parametrize("place", ["nowhere://books", "base.toml", "base.toml/books"])
def test_a_place_that_cannot_be_written_is_refused(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = listed(tmp_path, accounts(1))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [*command[:-1], place])
    assert done.exit_code == 2
    assert place in done.stderr
    assert "Errno" not in done.stderr


# --- workers ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def _processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every process started here uses this xlmodel and, in the short run, makes stand-ins."""
    folder, root = tmp_path_factory.mktemp("start"), Path(xlmodel.__file__).parents[1]
    if not LONG:
        (folder / "sitecustomize.py").write_text(QUICK)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{root}")
        patch.setenv("XLMODEL_PAUSE", "0.4")
        yield


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The books of all rows, made one after the other in a process of their own."""
    folder = tmp_path_factory.mktemp("local")
    command = [*cli(listed(folder, accounts(ROWS))), "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return books(folder)


def cli(command: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "xlmodel", *command]


def whole(folder: Path, wanted: Mapping[str, bytes]) -> dict[str, int]:
    """The books that stand, each of which must be whole, with the moment at which it took its name."""
    found = {}
    for path in (folder / "out").glob("*.xlsx"):
        if path.stem != "summary":
            assert path.read_bytes() == wanted[path.name]
            found[path.name] = path.stat().st_mtime_ns
    return found


def wait_for_books(more_than: int, folder: Path, process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + 300
    while len(books(folder)) <= more_than:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.skipif(os.name != "posix", reason="signals are a POSIX idea")
def test_a_stopped_batch_goes_on_without_redoing_finished_books(wanted: Mapping[str, bytes], tmp_path: Path) -> None:
    command = [*cli(listed(tmp_path, accounts(ROWS))), "--jobs", "1"]
    before: dict[str, int] = {}
    for signalled, code in ((signal.SIGTERM, 130), (signal.SIGKILL, -signal.SIGKILL)):
        with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as batch:
            wait_for_books(len(before), tmp_path, batch)
            batch.send_signal(signalled)
            _, said = batch.communicate()
        assert batch.returncode == code
        assert signalled == signal.SIGKILL or f"of {ROWS} books are finished" in said
        after = whole(tmp_path, wanted)
        assert {name: after[name] for name in before} == before
        before = after
    assert 0 < len(before) < ROWS
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["counts"] == {"built": ROWS - len(before), "kept": len(before), "failed": 0}
    after = whole(tmp_path, wanted)
    assert {name: after[name] for name in before} == before
    assert books(tmp_path) == wanted
    assert not list((tmp_path / "out").glob(".*.part"))


@contextmanager
def loky() -> Iterator[tuple[list[str], Callable[[psutil.Process], list[psutil.Process]]]]:
    def found(parent: psutil.Process) -> list[psutil.Process]:
        return [child for child in parent.children() if "popen_loky" in " ".join(child.cmdline())]

    yield ["--jobs", "2"], found


@contextmanager
def dask() -> Iterator[tuple[list[str], Callable[[psutil.Process], list[psutil.Process]]]]:
    """A scheduler and two workers, each a process of its own; no nanny starts a dead one again."""
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'xlmodel[dask]'")
    with ExitStack() as stack:
        start = [
            sys.executable,
            "-m",
            "distributed.cli.dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
        ]
        scheduler = stack.enter_context(started(start))
        assert scheduler.stderr is not None
        address = next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)
        options = ["--no-nanny", "--nthreads", "1", "--no-dashboard"]
        one = [sys.executable, "-m", "distributed.cli.dask_worker", address, *options]
        both = [stack.enter_context(started(one)) for _ in range(2)]
        yield ["--backend", "dask", "--address", address], lambda _: [psutil.Process(p.pid) for p in both]


@contextmanager
def ray() -> Iterator[tuple[list[str], Callable[[psutil.Process], list[psutil.Process]]]]:
    if not LONG:
        pytest.skip("Ray takes long to start: set XLMODEL_BATCH_ROWS")
    if importlib.util.find_spec("ray") is None:
        pytest.skip("Ray is not installed: pip install 'xlmodel[ray]'")

    def found(parent: psutil.Process) -> list[psutil.Process]:
        return [
            child
            for child in parent.children(recursive=True)
            if child.cmdline()[:1] and child.cmdline()[0].startswith("ray::Pool")
        ]

    yield ["--backend", "ray", "--jobs", "2"], found


@contextmanager
def started(command: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(command, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX idea")
@pytest.mark.parametrize("backend", [loky, dask, ray])
def test_the_row_of_a_killed_worker_is_done_again(backend: Any, wanted: Mapping[str, bytes], tmp_path: Path) -> None:
    with backend() as (options, workers):
        command = [*cli(listed(tmp_path, accounts(ROWS))), *options, "--json"]
        with subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as batch:
            wait_for_books(0, tmp_path, batch)
            workers(psutil.Process(batch.pid))[0].send_signal(signal.SIGKILL)
            whole(tmp_path, wanted)
            out, said = batch.communicate(timeout=3000)
    assert batch.returncode == 0, said
    found = json.loads(out[out.index("{") :])
    assert found["counts"] == {"built": ROWS, "kept": 0, "failed": 0}
    assert books(tmp_path) == wanted


def test_a_row_that_kills_its_worker_is_told_and_takes_no_other_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workers stand in for themselves here: what a broken pool does to `run` is the same for every backend."""

    def together(tasks: Iterator[Any], place: Destination, count: int, sent: list[Any]) -> Iterator[Made]:
        for task in tasks:
            sent.append(task)
            if task.name == "account 002":
                raise RuntimeError("a worker was killed")
            yield worker.make(task, place)

    monkeypatch.setattr(runs, "_together", together)
    monkeypatch.setattr(worker, "_made", lambda task, _, __: Made(task.name, task.line, "built"))
    monkeypatch.setattr("xlmodel.commands.batch.told.write_results", lambda *_: None)
    found = run(listed(tmp_path, accounts(6)), code=1)
    assert found["counts"] == {"built": 5, "kept": 0, "failed": 1}
    assert "a worker was killed" in found["books"][2]["problem"]
