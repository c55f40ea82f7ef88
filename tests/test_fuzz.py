"""Files that mean harm: whatever they hold, a reader answers with the project's own errors, soon and in little memory.

XLMODEL_FUZZ sets how many damaged files every reader gets; by default few where one takes long.
"""

import gzip
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from config_files import read_config
from fuzz import READERS, read_all
from test_audit import BASE, build
from test_refresh import worked_on

from xlmodel.book.point_places import SPARE_POINTS
from xlmodel.errors import InputRefused, Problem
from xlmodel.readers.points import read_points
from xlmodel.readers.prices import read_prices
from xlmodel.readers.results.registry import read_file

HERE = Path(__file__).parent
SECONDS, MEGABYTES = 5.0, 500.0  # of one file
COUNTS = {
    "points": 300,
    "prices": 300,
    "settings": 300,
    "brand": 30,
    "workbook": 6,
    "explain": 3,
    "check": 1,
    "diff": 1,
    "refresh": 1,
}
TEMPLATES = {"points": "points.csv", "prices": "prices.csv", "settings": "scenario.toml", "brand": "brand.xlsx"}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(BASE, tmp_path_factory.mktemp("fuzz") / "small.xlsx")


@pytest.fixture(scope="module")
def worked(small: Path) -> Path:
    return worked_on(small, small.with_name("worked.xlsx"))


@pytest.mark.skipif(sys.platform != "linux", reason="memory as Linux tells it")
@pytest.mark.parametrize("reader", [name for name in READERS if name != "results"])
def test_damaged_files_meet_only_the_projects_own_errors(reader: str, worked: Path) -> None:
    base = HERE.parent / "templates" / TEMPLATES[reader] if reader in TEMPLATES else worked
    meets_only_own_errors(reader, base, os.environ.get("XLMODEL_FUZZ", str(COUNTS[reader])))


RESULTS = sorted(path for path in (HERE / "results").iterdir() if path.suffix != ".md" and path.is_file())


@pytest.mark.skipif(sys.platform != "linux", reason="memory as Linux tells it")
@pytest.mark.parametrize("base", RESULTS, ids=lambda path: path.name)
def test_damaged_results_meet_only_the_projects_own_errors(base: Path) -> None:
    meets_only_own_errors("results", base, os.environ.get("XLMODEL_FUZZ", "40"))


def meets_only_own_errors(reader: str, base: Path, count: str) -> None:
    command = [sys.executable, str(HERE / "fuzz.py"), reader, str(base), "0", count]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert not done.stderr, "a reader says nothing on its own"
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["taken"] + found["refused"] == int(count)
    assert found["slowest"][0] < max(SECONDS, 2 * found["sound"]), found  # a whole refresh takes seconds of a slow core
    assert found["peak"][0] < MEGABYTES, found["peak"]


def test_what_a_terminal_would_obey_is_spelt_out() -> None:
    problem = Problem("price\u202es.csv", "'x\x1b[2J\ufeff'\nand more", "a number", "type one")
    assert str(problem).startswith("price\\u202es.csv: found 'x\\x1b[2J\\ufeff'\nand more")


# --- bombs ------------------------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(10))
Parts = dict[str, bytes]


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def shared_formula() -> bytes:
    """One long formula for twenty thousand cells."""
    text = "+".join(["A1"] * 2700)
    first = f'<row r="1"><c r="B1"><f t="shared" si="0" ref="B1:B20000">{text}</f><v>1</v></c></row>'
    rest = "".join(f'<row r="{i}"><c r="B{i}"><f t="shared" si="0"/><v>1</v></c></row>' for i in range(2, 20_000))
    return sheet(first + rest)


def contract(parts: Parts, old: str, new: str) -> Parts:
    name = next(n for n, data in parts.items() if b"urn:xlmodel:contract:1" in data and "Props" not in n)
    text = parts[name].decode()
    assert old in text
    return {name: text.replace(old, new, 1).encode()}


BOMBS: dict[str, Callable[[Parts], Parts]] = {
    "a part that unpacks to a thousand times its size": lambda _: {"xl/styles.xml": b"<a>" + b" " * 60_000_000 + b"</a>"},
    "parts of 250 MB in all": lambda _: {f"xl/media/{i}.bin": (os.urandom(20_000) + bytes(980_000)) * 84 for i in range(3)},
    "ten thousand parts": lambda _: {f"xl/media/{i}.bin": b"x" for i in range(10_000)},
    "a billion laughs": lambda _: {"xl/sharedStrings.xml": f"<!DOCTYPE a [{LAUGHS}]><a>&l9;</a>".encode()},
    "an entity of the net": lambda _: {
        "xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><a>&x;</a>'
    },
    "an entity of this machine in UTF-16": lambda _: {
        "xl/workbook.xml": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'.encode("utf-16")
    },
    "elements a hundred thousand deep": lambda _: {"xl/workbook.xml": b"<a>" * 100_000 + b"</a>" * 100_000},
    "three million styles": lambda _: {"xl/styles.xml": b"<styleSheet>" + b"<xf a='1'/><xf/>" * 1_500_000 + b"</styleSheet>"},
    "ten million cells": lambda _: {"xl/worksheets/sheet1.xml": sheet("<c/>" * 10_000_000)},
    "one formula of 8 kB in 20,000 cells": lambda _: {"xl/worksheets/sheet3.xml": shared_formula()},
    "a formula of a megabyte": lambda _: {
        "xl/worksheets/sheet3.xml": sheet(f'<row r="1"><c r="A1"><f>{"[" * 1_000_000}</f></c></row>')
    },
    "a contract of nine million rows": lambda parts: contract(parts, f'spare="{SPARE_POINTS}"', 'spare="9000000"'),
    "a contract of a million own rows": lambda parts: contract(parts, 'own=""', 'own="1-1000000"'),
    "a contract of nine million knots": lambda parts: contract(parts, 'knots="', 'knots="9000'),
    "a contract within a contract": lambda parts: contract(
        parts, "</contract>", '<sheet name="Summary"/>' * 100_000 + "</contract>"
    ),
}  # fmt: skip


def refused_within_a_second(read: Callable[[Path], object], path: Path) -> InputRefused:
    """How a reader refuses a file; a core that others use as well is slower, so the best of three tries counts."""
    times = []
    while True:
        start = time.process_time()
        with pytest.raises(InputRefused) as caught:
            read(path)
        times.append(time.process_time() - start)
        if times[-1] < 1 or len(times) == 3:
            assert min(times) < 1
            return caught.value


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_within_a_second(kind: str, small: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(small) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in (parts | BOMBS[kind](parts)).items():
            archive.writestr(name, data)
    refused = refused_within_a_second(read_all, path)
    assert all(len(str(problem)) < 500 for problem in refused.problems)


LISTS: dict[str, tuple[Callable[[Path], object], Callable[[], bytes]]] = {
    "a list of 26 MB": (read_points, lambda: b"model,platform\n" + b"x" * 26_000_000),
    "a line of a megabyte": (read_points, lambda: b"model,platform\n" + b"," * 1_000_000),
    "a quote that never ends": (read_prices, lambda: b"platform,provider\n" + b'"' + b"x\n" * 1_000_000),
    "a hundred thousand brackets": (read_config, lambda: b"x = " + b"[" * 100_000),
    "a key of a hundred thousand dots": (read_config, lambda: b"a." * 100_000 + b"a = 1\n"),
    "a number of 100,000 digits": (read_config, lambda: b"[scenario]\ninteractivity = " + b"9" * 100_000),
    "ten thousand unknown keys": (read_config, lambda: b"[scenario]\n" + b"".join(b"k%d = 1\n" % i for i in range(10_000))),
}  # fmt: skip


RESULT_BOMBS: dict[str, Callable[[], bytes]] = {
    "a gzip file of 200 MB": lambda: gzip.compress(bytes(200_000_000), 1),
    "a hundred thousand brackets": lambda: b"[" * 100_000,
    "a hundred thousand objects in one another": lambda: b'{"a":' * 100_000,
    "a number of 100,000 digits": lambda: b'{"completed": ' + b"9" * 100_000 + b"}",
    "a million values": lambda: b'{"completed": 1} ' * 300_000,
    "YAML a thousand deep": lambda: b"version: '0.1'\nscenario: " + b"[" * 1_000,
    "YAML that laughs": lambda: b"version: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]\n",
    "a row of a megabyte": lambda: b"completed,duration,output_throughput\n" + b"1" * 1_000_000 + b",2,3\n",
    "a quote that never ends": lambda: b'completed,duration,output_throughput\n"' + b"1,2,3\n" * 100_000,
    "26 MB of JSON": lambda: b'{"a": "' + b"x" * 26_000_000 + b'"}',
}  # fmt: skip


@pytest.mark.parametrize("kind", RESULT_BOMBS)
def test_a_result_that_is_a_bomb_is_refused_within_a_second(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(RESULT_BOMBS[kind]())
    assert len(str(refused_within_a_second(read_file, path))) < 300_000


@pytest.mark.parametrize("kind", LISTS)
def test_a_text_that_is_a_bomb_is_refused_within_a_second(kind: str, tmp_path: Path) -> None:
    read, make = LISTS[kind]
    path = tmp_path / "bomb.txt"
    path.write_bytes(make())
    assert len(str(refused_within_a_second(read, path))) < 100_000
