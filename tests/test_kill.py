"""Whatever kills a build or a refresh, and whenever: the old file or the complete new one is there, never anything else.

Two hundred kills come by XLMODEL_KILLS.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_audit import BASE, build

from xlmodel.commands.drafts import draft_of, sweep

KILLS = int(os.environ.get("XLMODEL_KILLS", "4"))
pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is a POSIX idea")

# a process that has everything loaded and, for every line it reads, sends out a child that works on and on: a kill
# then meets any moment of the work and none of the start
_ZYGOTE = """
import datetime, os, sys, time
from pathlib import Path
from xlmodel.readers.assemble import gather
from xlmodel.commands.produce import refresh_book, write_book
small, target = map(Path, sys.argv[2:])
inputs = gather(models=["GLM-5.1"])
def work():
    if sys.argv[1] == "build":
        write_book(inputs, target, recalculate=False)
    else:
        refresh_book(small, target, day=datetime.date(2026, 11, 24))
work()
start = time.perf_counter()
work()
print(time.perf_counter() - start, flush=True)
for _ in sys.stdin:
    child = os.fork()
    if child == 0:
        while True:
            work()
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(BASE, tmp_path_factory.mktemp("kill") / "small.xlsx")


@pytest.mark.parametrize("kind", ["build", "refresh"])
def test_a_kill_at_any_moment_leaves_the_old_file_or_the_complete_new_one(
    kind: str, small: Path, tmp_path: Path
) -> None:
    target, original = tmp_path / "out.xlsx", small.read_bytes()
    rng, seen = random.Random(kind), set()
    command = [sys.executable, "-c", _ZYGOTE, kind, str(small), str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as zygote:
        assert zygote.stdin is not None
        assert zygote.stdout is not None
        span = float(zygote.stdout.readline())
        complete = target.read_bytes()
        for _ in range(KILLS // 2):
            target.write_bytes(b"somebody's work")
            print("go", file=zygote.stdin, flush=True)
            child = int(zygote.stdout.readline())
            time.sleep(rng.uniform(0, 1.6 * span))
            os.kill(child, signal.SIGKILL)
            assert zygote.stdout.readline() == "gone\n"
            found = target.read_bytes()
            assert found in (b"somebody's work", complete)
            seen.add(found == complete)
            assert small.read_bytes() == original
            sweep(target)  # as the next run does
            assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]
        zygote.stdin.close()
    assert KILLS < 40 or seen == {True, False}


def test_a_refresh_that_fails_leaves_nothing_behind(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime  # noqa: PLC0415

    from xlmodel.commands import produce  # noqa: PLC0415

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(produce, "_put", full)
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"somebody's work")
    with pytest.raises(OSError, match="No space"):
        produce.refresh_book(small, target, day=datetime.date(2026, 11, 24))
    assert target.read_bytes() == b"somebody's work"
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]


def test_the_next_run_sweeps_drafts_of_dead_processes_and_no_others(tmp_path: Path) -> None:
    target = tmp_path / "a[1].xlsx"
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    with draft_of(target) as living:
        dead = living.with_name(living.name.replace(str(os.getpid()), str(gone.pid)))
        elsewhere = living.with_name(f".{target.name}.00000000-{gone.pid}.x.part")
        other = living.with_name(dead.name.replace("a[1]", "b"))
        for path in (dead, elsewhere, other):
            path.write_bytes(b"half")
        sweep(target)
        assert {path.name for path in tmp_path.iterdir()} == {living.name, elsewhere.name, other.name}
        os.utime(elsewhere, (0, 0))
        sweep(target)
        assert {path.name for path in tmp_path.iterdir()} == {living.name, other.name}
