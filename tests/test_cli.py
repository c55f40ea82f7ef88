"""The command line as a user meets it: help, exit codes, refusals that can be acted on, explanations."""

import dataclasses
import datetime
import errno
import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

import xlmodel
from xlmodel.commands import app as cli
from xlmodel.errors import CheckFailed, EngineMissing
from xlmodel.readers.assemble import gather

TEMPLATES = Path(xlmodel.__file__).parents[1] / "templates"
OWN = ["--prices", str(TEMPLATES / "prices.csv"), "--points", str(TEMPLATES / "points.csv")]


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def run(*arguments: str | Path) -> Ran:
    result = CliRunner().invoke(cli.app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return Ran(result.exit_code, result.stdout, result.stderr)


def refused(ran: Ran, *words: str) -> None:
    """Exit code 2, the four facts, the words that tell what is wrong, and nothing on stdout."""
    assert ran.code == cli.REFUSED, ran
    assert not ran.out
    assert "Traceback" not in ran.err
    for word in ("Refused", "found", "expected", "fix", *words):
        assert word in ran.err or word in " ".join(ran.err.split()), ran.err  # a long path wraps the line


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "book.xlsx"
    ran = run("build", "-o", path)
    assert ran.code == 0, ran
    return path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--help"], ["build", "info", "explain", "Exit codes: 0 done; 1 ", "2 an input", "3 a program"]),
        (
            ["build", "-h"],
            ["--config", "--prices", "--points", "--model", "--all", "--template", "--output", "--force"],
        ),
        (["info", "--help"], ["--json"]),
        (["explain", "--help"], ["single quotes", "--depth"]),
        (["--version"], [xlmodel.__version__]),
    ],
)
def test_help_says_what_there_is(arguments: list[str], words: list[str]) -> None:
    ran = run(*arguments)
    assert ran.code == 0
    assert all(word in ran.out for word in words)


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['xlmodel', '--help']\nfrom xlmodel.commands.app import main\ntry: main()\nexcept SystemExit: pass\n"
        "print(sorted({'openpyxl','pandas','numpy','lxml','ironcalc','rich','PIL'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


def test_a_command_loads_openpyxl_alone_and_numpy_for_who_asks() -> None:
    code = (
        "import sys\nfrom xlmodel.commands.own_process import without_numpy\nwithout_numpy()\nimport openpyxl\n"
        "assert 'numpy' not in sys.modules and openpyxl.Workbook\nimport numpy\nprint(numpy.sqrt(4.0))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "2.0"


def test_the_module_runs_as_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "xlmodel", "build", "--modle"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "--model" in ran.stderr


def test_a_build_says_what_it_made_and_what_to_do_next(book: Path, tmp_path: Path) -> None:
    ran = run("build", "-o", tmp_path / "out.xlsx")
    assert ran.code == 0
    for word in ("Built", "kB", "Answer", "tok/s/user", "points on", "curves", "cells", "Checks", "pass", "Next"):
        assert word in ran.out
    assert not ran.err
    assert (tmp_path / "out.xlsx").read_bytes() == book.read_bytes()


@pytest.mark.engine
def test_own_prices_and_points_build_and_every_formula_is_recalculated(tmp_path: Path) -> None:
    ran = run(
        "build",
        *OWN,
        "--model",
        "deepseek r1",
        "--title",
        "Ours",
        "--date",
        "2026-11-23",
        "--json",
        "-o",
        tmp_path / "own.xlsx",
    )
    assert ran.code == 0, ran.err
    facts = json.loads(ran.out)
    assert facts["recalculated"] == facts["formulas"] > 1000
    assert facts["failing"] == []
    assert Path(facts["path"]).stat().st_size == facts["bytes"]


def test_the_output_of_the_settings_file_is_used(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('[build]\noutput = "named.xlsx"\nmodels = ["DeepSeek-R1"]\n')
    assert run("build", "--config", tmp_path / "s.toml", "--no-recalculate").code == 0
    assert (tmp_path / "named.xlsx").is_file()


def test_an_existing_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    target = tmp_path / "mine.xlsx"
    target.write_bytes(b"somebody's work")
    refused(run("build", "-o", target), "did not build", "mine-2.xlsx", "--force")
    assert target.read_bytes() == b"somebody's work"
    assert run("build", "-o", target, "--force").code == 0
    refused(run("build", "-o", target), "built by xlmodel", "your edits", "--force")


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    brand = tmp_path / "brand.xlsx"
    brand.write_bytes(b"x")
    refused(run("build", "--template", brand, "-o", brand, "--force"), "one of the inputs")
    assert brand.read_bytes() == b"x"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--prices", "bad.csv"], ["bad.csv line 2, usd_per_gpu_hour", "'3,50'", "decimal point", "line 3, platform"]),
        (["--prices", "none.csv"], ["none.csv", "no such file"]),
        (["--prices", "."], ["unreadable"]),
        (["--config", "bad.toml"], ["[scenario] interactivity", "[build] modles", "rename it to models"]),
        (["--model", "GPT-9"], ["'GPT-9'", "DeepSeek-R1"]),
        (["--model", "GLM-5", "--all"], ["both"]),
        (["--date", "23.11.2026"], ["--date", "2026-11-23"]),
        (["--date", "2026-02-30"], ["--date"]),
        (["--title", "x" * 121], ["--title", "120 characters"]),
        (["-o", "book.xls"], ["'.xls'", "-o book.xlsx"]),
        (["-o", "book"], ["without an ending", "-o book.xlsx"]),
        (["-o", "."], ["a folder", "token-economics.xlsx"]),
        (["--prices", str(TEMPLATES / "points.csv")], ["1 problem", "a file of points", "--points"]),
        (["--points", str(TEMPLATES / "prices.csv")], ["1 problem", "a file of prices", "--prices"]),
        (["-o", "none/book.xlsx"], ["no such folder"]),
        (["-o", ""], ["--output", "an empty text", "leave --output out"]),
        (["--date", ""], ["--date", "an empty text"]),
        (["--title", "", "--prices", ""], ["2 problems", "--title", "--prices"]),
        (["--config", "bad.toml", "--config", "bad.toml"], ["1 problem", "--config", "2 of them"]),
        (["--template", "bad.csv"], ["bad.csv", "not a workbook"]),
    ],
)
def test_a_refused_build_says_why_and_leaves_nothing(
    arguments: list[str], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    header = (TEMPLATES / "prices.csv").read_text().splitlines()[0]
    row = ",Other Cloud,on demand,Our quote,{},2026-11,price page,medium,\n"
    Path("bad.csv").write_text(f"{header}\nH200" + row.format('"3,50"') + "h-200" + row.format("3.50"))
    Path("bad.toml").write_text('[scenario]\ninteractivity = "60"\n[build]\nmodles = ["GLM-5"]\n')
    before = sorted(Path().iterdir())
    refused(run("build", *arguments), *words)
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "Summary!E16", "--depth", "60"], ["--depth", "'60'", "a whole number from 0 to 50"]),
        (["explain", "Summary!E16", "--depth", "deep"], ["--depth", "'deep'", "a whole number"]),
        (["functions", "add", "none.xlsx", "--config", ""], ["--config", "an empty text"]),
        (
            [
                "functions",
                "add",
                "none.xlsx",
                "--config",
                "none.toml",
                "--model",
                "Nope",
                "--all",
                "--prices",
                "none.csv",
            ],
            ["5 problems", "none.xlsx", "none.toml", "none.csv", "'Nope'", "both"],
        ),
        (["check", "none.xlsx", "--on", "2026-01-01", "--on", "2026-01-02"], ["--on", "2 of them"]),
    ],
)
def test_options_of_other_commands_are_refused_alike(arguments: list[str], words: list[str]) -> None:
    refused(run(*arguments), *words)


@pytest.mark.parametrize("command", ["build", "functions"])
def test_a_folder_that_may_not_be_written_is_called_so_everywhere(
    command: str, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain.xlsx"
    openpyxl.Workbook().save(plain)

    def denied(
        *_: Any, **__: Any
    ) -> None:  # as a folder without permission answers; whoever may do everything has none
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / ".x.xlsx.1.part"))

    monkeypatch.setattr(tempfile, "mkstemp", denied)
    arguments = ["functions", "add", str(plain)] if command == "functions" else ["build", "-o", f"{tmp_path}/x.xlsx"]
    refused(run(*arguments), f"folder {tmp_path}", "a folder without write permission", "-o")


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (EngineMissing("LibreOffice is not installed: install it"), cli.MISSING, "install"),
        (CheckFailed("2 of 9 formula cells differ"), cli.DISAGREES, "nothing was written"),
        (KeyboardInterrupt(), cli.INTERRUPTED, "nothing was written"),
        (OSError(errno.ENOSPC, "No space left on device", "out/.x.xlsx.1.part"), cli.REFUSED, "free some space"),
        (PermissionError(errno.EACCES, "Permission denied", "x.xlsx"), cli.REFUSED, "close the file"),
        (OSError(errno.EIO, "Input/output error"), cli.REFUSED, "input/output error"),
    ],
)
def test_every_kind_of_failure_has_its_exit_code(
    error: BaseException, code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(importlib.import_module("xlmodel.commands.produce"), "write_book", fail)
    ran = run("build", "-o", tmp_path / "x.xlsx")
    assert ran.code == code
    assert words in ran.err
    assert not ran.out


def test_a_failing_check_of_the_workbook_is_named_and_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = importlib.import_module("xlmodel.commands.produce")
    made = builder.write_book(gather(), tmp_path / "a.xlsx", recalculate=False)
    failing = dataclasses.replace(made, failing=("Knots have room",))
    monkeypatch.setattr(builder, "write_book", lambda *_, **__: failing)
    ran = run("build", "-o", tmp_path / "b.xlsx")
    assert ran.code == cli.FAILING
    assert "FAIL: Knots have room" in ran.out


def test_info_counts_what_is_bundled() -> None:
    out = run("info").out
    for word in (
        "DeepSeek-R1",
        "Qwen3.5",
        "2025-12-19",
        "Oracle list",
        "InferenceX",
        "Apache-2.0",
        "MI355X",
        "8k/1k",
        "FP4",
    ):
        assert word in out
    facts = json.loads(run("info", "--json").out)
    assert len(facts["models"]) == 10
    assert all(sum(model["snapshots"].values()) == model["points"] for model in facts["models"])


def test_info_says_how_old_each_set_is() -> None:
    facts = json.loads(run("info", "--age", "--on", "2027-02-01", "--json").out)
    assert facts["on"] == "2027-02-01"
    sets = {found["what"]: found for found in facts["sets"]}
    assert sets["points 2026-07"] | {"newest": "2026-07-20", "days": 196} == sets["points 2026-07"]
    assert sets["quotes"] | {"newest": "2026-10-10", "days": 114} == sets["quotes"]
    assert {"platforms", "claims", "API prices", "forecasts"} < sets.keys()
    for found in sets.values():
        assert found["oldest"] <= found["median"] <= found["newest"]
    counted = json.loads(run("info", "--json").out)
    assert sets["quotes"]["rows"] == counted["quotes"]
    assert sum(found["rows"] for what, found in sets.items() if what.startswith("points")) == sum(
        model["points"] for model in counted["models"]
    )
    out = run("info", "--on", "2027-02-01").out
    old = out.partition("Older than 180 days: ")[2]
    assert "points 2026-07" in old
    assert "quotes" not in old
    assert datetime.datetime.now(tz=datetime.UTC).date().isoformat() in run("info", "--age").out.splitlines()[0]
    ran = run("info", "--age", "--on", "1.2.2027")
    assert (ran.code, "--on" in ran.err) == (cli.REFUSED, True)


def test_explain_goes_down_to_typed_values_and_their_sources(book: Path) -> None:
    out = run("explain", "Summary!E16", book).out
    first = out.splitlines()[0]
    assert first.startswith("Summary!E16")
    assert "Cost" in first
    assert first.endswith("USD/M tokens")
    for word in (
        "'Cost curves'!D",
        "USD/GPU-hour = ",
        "Prices!B",
        "Own price",
        "Benchmarks!K",
        "source: http",
        "source: InferenceX",
    ):
        assert word in out


def test_explain_as_json_gives_the_chain_of_cells(book: Path) -> None:
    facts = json.loads(run("explain", "'cost curves'!$d$8", book, "--json").out)
    assert facts["cell"] == "'Cost curves'!D8"

    def typed(step: dict[str, Any]) -> set[str]:
        found = {step["cell"].partition("!")[0]} if step["kind"] == "typed" and step.get("source") else set()
        return found.union(*(typed(part) for part in step.get("inputs", ())))

    assert typed(facts) == {"Prices", "Benchmarks"}
    inputs = {part["cell"]: part["value"] for part in facts["inputs"]}
    price, rate = (next(v for cell, v in inputs.items() if cell.startswith(sheet)) for sheet in ("Prices", "Curves"))
    assert facts["value"] == pytest.approx(
        price * 1e6 / (3600 * rate * inputs["Scenario!B7"]), rel=1e-9
    )  # stored numbers have 10 digits


@pytest.mark.parametrize("name", ["Interactivity", "interactivity", "=Interactivity", "Summary!d7", "SUMMARY!$D$7"])
def test_explain_takes_names_and_any_spelling(name: str, book: Path) -> None:
    out = run("explain", name, book).out
    assert out.startswith("Summary!D7  Interactivity = 60 tok/s/user  [typed]")


def test_explain_says_why_there_is_no_number(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('[scenario]\ninteractivity = 5000\n[build]\nmodels = ["Llama 3.3 70B"]\n')
    assert run("build", "--config", tmp_path / "s.toml", "--no-recalculate", "-o", tmp_path / "na.xlsx").code == 0
    out = run("explain", "Summary!E16", tmp_path / "na.xlsx").out
    assert "= #N/A" in out.splitlines()[0]
    assert "reason: above the measured range" in out


def test_a_small_depth_says_that_there_is_more(book: Path) -> None:
    out = run("explain", "Summary!E16", book, "--depth", "1").out
    assert "more below" in out
    assert "Benchmarks" not in out


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("Sumary!E16", ["no sheet 'Sumary'", "'Summary!E16'"]),
        ("E16", ["no sheet", "Interactivity"]),
        ("Summary!E16:F17", ["a range of 4 cells", "Summary!E16"]),
        ("Summary!ZZ9999", ["an empty cell"]),
        ("Summary!E0", ["'E0'"]),
        ("Summary!XFE1", ["'XFE1'"]),
        ("Summary!", ["a cell such as E16"]),
        ("!E16", ["no sheet"]),
        ("", ["no sheet"]),
        ("book.xlsx", ["the cell, then the file"]),
    ],
)
def test_a_wrong_cell_is_refused(cell: str, words: list[str], book: Path) -> None:
    refused(run("explain", cell, book), *words)


def test_a_missing_workbook_is_refused(tmp_path: Path) -> None:
    refused(run("explain", "Summary!E16", tmp_path / "none.xlsx"), "no such file")


def test_a_damaged_workbook_is_refused(book: Path, tmp_path: Path, rewritten: Callable[..., Path]) -> None:
    path = rewritten(book, {"xl/sharedStrings.xml": "<sst/>"}, tmp_path / "cut.xlsx")
    refused(run("explain", "Summary!E16", path), "damaged")


def test_a_command_takes_texts_and_paths_without_pydantic() -> None:
    asked = "from xlmodel.commands.app import app; app(['check', 'no such.xlsx'], standalone_mode=False)"
    script = f"import sys\ntry:\n    {asked}\nfinally:\n    print('pydantic' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "False"
    assert "no such file" in ran.stderr
