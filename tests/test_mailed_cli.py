"""The commands on mailed workbooks as a user meets them: what they print, exit codes, refusals."""

import json
from pathlib import Path

import openpyxl
import pytest
from desk import Desk
from test_cli import refused, run

from xlmodel.book.edition import EDITIONS
from xlmodel.commands.terminal import FAILING
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe
from xlmodel.xlsx.package import write

BASE = gather(models=["GLM-5.1"])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mailed") / "book.xlsx"
    with path.open("wb") as target:
        write(describe(BASE, build_date="2026-09-20"), target, version="0.1.0")
    return path


def test_check_says_that_nothing_was_found(book: Path) -> None:
    ran = run("check", book, "--on", "2026-11-24")
    assert ran.code == 0
    assert ran.out.splitlines()[0].startswith("book.xlsx: built by xlmodel 0.1.0 on 2026-09-20")
    assert "No finding" in ran.out


def test_check_lists_the_four_facts_and_exits_with_1(book: Path, tmp_path: Path) -> None:
    desk = Desk(book)
    desk.set("Prices", "Q8", 2.0)
    path = desk.save(tmp_path / "x.xlsx")
    ran = run("check", path, "--on", "2026-11-24")
    assert ran.code == FAILING
    assert not ran.err
    for words in ("1 error", "Error: Prices!Q8  [overwritten]", "the value 2", "=IF(SUM($B$8)>0", "fix"):
        assert words in ran.out
    facts = json.loads(run("check", path, "--on", "2026-11-24", "--json").out)
    assert facts["counts"]["error"] == len([f for f in facts["findings"] if f["severity"] == "error"]) >= 1
    assert facts["findings"][0] | {"rule": "overwritten", "where": "Prices!Q8"} == facts["findings"][0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "none.xlsx"], ["no such file"]),
        (["check", "notes.txt"], ["not a workbook"]),
        (["check", "."], ["a folder"]),
        (["check", "book.xlsx", "--on", "24.11.2026"], ["--on", "2026-11-23", "with hyphens"]),
        (["check", "book.xlsx", "--on", "1800-01-01"], ["from 1900-01-01 to 2999-12-31", "a day of the calendar"]),
        (
            ["refresh", "notes.txt"],
            ["notes.txt", "not a workbook", "save it again as .xlsx"],
        ),  # not its output, which nobody named
        (["explain", "Interactivty", "book.xlsx"], ["no sheet", "write Interactivity"]),
        (["check", "cut.xlsx"], ["a damaged file", "have it sent again"]),
    ],
)
def test_what_cannot_be_read_is_refused(
    arguments: list[str], words: list[str], book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("platform,price\n")
    Path("book.xlsx").write_bytes(book.read_bytes())
    Path("cut.xlsx").write_bytes(book.read_bytes()[:-9000])
    refused(run(*arguments), *words)


@pytest.mark.parametrize("edition", EDITIONS)
def test_build_and_check_count_the_same_formulas(edition: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    built = json.loads(run("build", "--model", "GLM-5.1", "--edition", edition, "-o", path, "--json").out)
    checked = json.loads(run("check", path, "--on", "2026-11-24", "--json").out)
    assert built["formulas"] == checked["formulas"]


def test_explain_says_that_a_file_holds_no_results_and_how_to_get_them(book: Path, tmp_path: Path) -> None:
    openpyxl.load_workbook(book).save(tmp_path / "saved.xlsx")
    out = run("explain", "Summary!E16", tmp_path / "saved.xlsx").out
    assert out.splitlines()[0].endswith("= no stored result")
    assert "open it in Excel and save it" in out
    facts = json.loads(run("explain", "Summary!E16", tmp_path / "saved.xlsx", "--json").out)
    assert "open it in Excel and save it" in facts["reason"]
    assert "no stored result" not in run("explain", "Summary!E16", book).out
