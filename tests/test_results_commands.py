"""The commands on result files: import, cost, --results of build and refresh, and read_results."""

import csv
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest
from test_cli import refused, run

import xlmodel
from xlmodel.commands.import_results import EXAMPLES
from xlmodel.engines.programs import Engine
from xlmodel.readers.points import read_points
from xlmodel.readers.results.registry import tools

SAMPLES = Path(__file__).parent / "results"
VLLM = SAMPLES / "vllm.json"
SAID = ("--platform", "H200", "--gpus", "8", "--precision", "FP8", "--snapshot", "2026-11-own")
ABOUT = "platform=H200, gpus=8, precision=FP8, snapshot=2026-11-own"
COST = 2.35 * 1e6 / 3600 / 1843.2  # 14,745.6 tok/s over 8 GPUs are 1,843.2: 0.354157 USD


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Results as people keep them: several tools, a table of notes, and files that are none."""
    target = tmp_path / "runs"
    target.mkdir()
    for name in ("vllm.json", "sglang.jsonl", "llm_d_0.1.yaml", "trtllm.json"):
        shutil.copy(SAMPLES / name, target)
    (target / "inputs.json").write_text('{"data": [{"session_id": "x"}]}')
    (target / "picture.png").write_bytes(b"x")
    (target / "moved.json").symlink_to(tmp_path / "nowhere.json")
    (target / "x_again.json").write_bytes(VLLM.read_bytes())
    (target / "results.toml").write_text('snapshot = "2026-11-own"\n[files."vllm*.json"]\nplatform = "H200"\ngpus = 8\nprecision = "FP8"\n'
                                         '[files."sglang*"]\nplatform = "B200"\n')  # fmt: skip
    return target


def test_a_folder_becomes_a_points_file_that_says_where_each_number_is_from(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "points.csv"
    ran = run("import", folder, "-o", target)
    assert ran.code == 0, ran
    points = {(p.platform, p.interactivity): p for p in read_points(target)}
    vllm = points["H200", 27.777778]
    assert (vllm.throughput, vllm.gpus, vllm.concurrency, vllm.ttft_ms, vllm.workload) == (
        1843.2,
        8,
        64,
        1240.0,
        "8k/1k",
    )
    assert "vLLM bench serve" in vllm.source
    assert "median_tpot_ms" in vllm.note
    assert points["B200", 22.222222].throughput == 2880.0
    assert points["B200", 42.016807].precision == "FP4"  # as the file of trtllm-bench says itself
    for word in (
        "5 measurements",
        "3 not used",
        "same content",
        "no known result",
        "1 file of other kinds",
        "a link that leads nowhere",
        "Interactivity from",
    ):
        assert word in " ".join(ran.out.split()), ran.out


def test_the_same_import_for_machines(folder: Path, tmp_path: Path) -> None:
    ran = run("import", folder, "-o", tmp_path / "points.csv", "--json")
    found = json.loads(ran.out)
    assert len(found["measurements"]) == 5
    assert len(found["not_used"]) == 3
    one = next(m for m in found["measurements"] if m["tool"] == "vLLM bench serve")
    assert one["digest"] in one["point"]["source"]
    assert all({"found", "expected", "fix"} <= set(problem) for problem in found["not_used"])


def test_in_a_pipe_what_is_missing_is_refused_with_the_complete_command(tmp_path: Path) -> None:
    target = tmp_path / "points.csv"
    ran = run("import", VLLM, "--platform", "H200", "-o", target)
    refused(ran, "no gpus", "no precision", "no snapshot", f"xlmodel import {VLLM}", "--platform H200")
    assert not target.exists()
    text = " ".join(ran.err.split())
    command = text[text.index("xlmodel import") : text.index("-o points.csv")].split()[2:]
    assert run("import", *command, "-o", target).code == 0, "the command that was printed works"
    assert EXAMPLES["gpus"] in command


def test_what_contradicts_itself_stays_out_of_its_curve(tmp_path: Path) -> None:
    slip = tmp_path / "slip.json"
    slip.write_text(VLLM.read_text().replace('"mean_tpot_ms": 36.1', '"mean_tpot_ms": 3.61'))
    target = tmp_path / "points.csv"
    ran = run("import", slip, *SAID, "-o", target)
    assert "OUT" in ran.out
    assert "end-to-end time" in ran.out
    (row,) = csv.DictReader(target.read_text().splitlines())
    assert row["include"] == "no"
    assert "doubt: " in row["note"]


def test_files_of_one_name_are_told_apart_and_unknown_names_are_told(tmp_path: Path) -> None:
    for folder, flight in (("c32", "32"), ("c64", "64")):
        (tmp_path / folder).mkdir()
        text = VLLM.read_text().replace('"max_concurrency": 64', f'"max_concurrency": {flight}')
        text = text.replace("deepseek-ai/DeepSeek-R1-0528", "DeepSek-R1").replace(
            '"median_tpot_ms": 36.0', f'"median_tpot_ms": 3{flight[0]}.0'
        )
        (tmp_path / folder / "result.json").write_text(text)
    ran = run("import", tmp_path, *SAID, "-o", tmp_path / "points.csv")
    for word in ("c32/result.json", "c64/result.json", "model DeepSek-R1 (is it DeepSeek-R1?)"):
        assert word in " ".join(ran.out.split()), ran.out


def test_a_pattern_of_the_notes_that_fits_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(VLLM.read_text())
    (tmp_path / "results.toml").write_text('platform = "H200"\n[files."b*.json"]\ngpus = 4\n')
    refused(run("import", tmp_path, "-o", tmp_path / "points.csv"), "results.toml", "b*.json", "no file beside it has")


def test_a_deployment_that_was_counted_as_one_gpu_is_doubted(tmp_path: Path) -> None:
    ran = run("import", VLLM, "--platform", "H200", "--gpus", "1", *SAID[4:], "-o", tmp_path / "points.csv")
    assert "times the bundled frontier of H200" in ran.out
    said = run("cost", VLLM, "--platform", "H200", "--gpus", "1", "--price", "2.35").out
    assert "does the count of GPUs hold all of the deployment?" in " ".join(said.split())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", VLLM, "--gpus", "0", "-o", "p.csv"], ["--gpus", "count the GPUs"]),
        (["import", VLLM, "--precision", "FP3", "--platform", "h200 sxm", "-o", "p.csv"], ["--precision", "--platform", "write H200"]),
        (["import", VLLM, "-o", "p.xlsx"], ["ends in .csv"]),
        (["import", "nothing.json", "-o", "p.csv"], ["no such file"]),
        (["import", SAMPLES / "own.csv", "-o", SAMPLES / "own.csv", "--force"], ["one of the inputs"]),
        (["import", VLLM, "--gpus", "eight", "-o", "p.csv"], ["--gpus", "a whole number such as 8"]),
        (["cost", VLLM, "--price", "free"], ["--price", "a number"]),
        (["cost", VLLM, "--price", "0"], ["--price", "0.01 to 1,000", "correct the number"]),
        (["cost", VLLM, "--price", "2.35"], ["no number of GPUs", "--gpus 8"]),
        (["cost", VLLM, SAMPLES / "vllm_2024.json", "--price", "2.35", "--gpus", "8"], ["several", "one model"]),
        (["cost", SAMPLES / "trtllm.json", "--price", "3", "--platform", "H200"], ["the platform B200"]),
        (["build", "--results", VLLM], ["no platform", "--about", "xlmodel import"]),
        (["build", "--about", ABOUT], ["no --results"]),
        (["build", "--results", VLLM, "--about", "platform: H200"], ["name=value"]),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_what_cannot_be_is_refused(
    arguments: list[str | Path], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*arguments), *words)
    assert not list(tmp_path.iterdir()), "nothing is half-written"


# --- cost --------------------------------------------------------------------------------------------


def test_cost_answers_in_both_conventions() -> None:
    found = json.loads(run("cost", VLLM, "--platform", "H200", "--gpus", "8", "--price", "2.35", "--json").out)
    costs = found["points"][0]["usd_per_million"]
    # 8,192 in and 1,024 out: output is a ninth of the tokens
    assert costs["total"] == pytest.approx(COST, rel=1e-9)
    assert costs["all_output"] == pytest.approx(COST * 9, rel=1e-9)
    assert costs["all_input"] == pytest.approx(COST * 9 / 8, rel=1e-9)
    # by price: 8/9 x p + 1/9 x 4p = COST, so p = 9/12 COST; cached a tenth
    assert costs["input"] == pytest.approx(COST * 0.75, rel=1e-9)
    assert costs["output"] == pytest.approx(COST * 3, rel=1e-9)
    assert costs["cached"] == pytest.approx(COST * 0.075, rel=1e-9)
    assert found["target"]["costs"] is None
    assert "nothing is extrapolated" in found["target"]["reason"]


def test_cost_reads_a_curve_at_a_target_beside_the_bundled_platforms() -> None:
    ran = run("cost", SAMPLES / "guidellm.json", "--platform", "H100", "--gpus", "8", "--price", "2", "--at", "60")
    # two points are a straight line: 768 + (320 - 768) x (60 - 50) / (83.333 - 50) = 633.6 tok/s/GPU
    assert "633.6 tok/s/GPU" in ran.out
    assert f"{2e6 / 3600 / 633.6:.4f} USD per million tokens" in ran.out
    assert "83.33" in ran.out
    for word in ("Beside it at 60", "B200", "Not like for like", "GuideLLM", "*"):
        assert word in ran.out, ran.out


def test_cost_says_when_a_price_is_that_of_a_node() -> None:
    ran = run("cost", VLLM, "--platform", "H200", "--gpus", "8", "--price", "84")
    assert "the price of a whole node?" in ran.out
    eight = run("cost", VLLM, "--platform", "H200", "--gpus", "8", "--price", "18.80").out
    assert "the price of a whole node?" in " ".join(eight.split()), (
        "8 x 2.35, which is less than twice the dearest quote"
    )


def test_cost_answers_quickly_from_a_cold_start() -> None:
    arguments = [
        sys.executable,
        "-m",
        "xlmodel",
        "cost",
        str(VLLM),
        "--platform",
        "H200",
        "--gpus",
        "8",
        "--price",
        "2.35",
    ]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(arguments, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    assert min(times) < 3, "1 s on a core of its own"


# --- the book ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    settings = folder / "s.toml"
    settings.write_text(
        '[scenario]\nmodel = "DeepSeek-R1"\nsnapshot = "2026-11-own"\ninteractivity = 27.777778\nbaseline = "H200"\n'
        '[own_prices]\n"H200" = 2.35\n'
    )
    path = folder / "book.xlsx"
    ran = run("build", "--config", settings, "--results", VLLM, "--about", ABOUT, "-o", path)
    assert ran.code == 0, ran
    assert "1 point" in ran.out
    return path


def cost_cell(path: Path) -> tuple[str, float]:
    """Where Summary shows the cost of H200, and the stored number."""
    sheet = openpyxl.load_workbook(path, data_only=True)["Summary"]
    column = next(cell.column for row in sheet for cell in row if cell.value == "Cost")
    row = next(
        cell.row for cells in sheet for cell in cells if cell.value == "H200" and cell.column == 2 and cell.row > 9
    )
    cell = sheet.cell(row, column)
    assert isinstance(cell.value, float)
    return cell.coordinate, cell.value


@pytest.fixture(params=["IronCalc", pytest.param("LibreOffice", marks=pytest.mark.office)])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(f"{request.param.lower()}_engine")
    return found


@pytest.mark.engine
def test_the_book_costs_what_the_command_says(book: Path, engine: Engine) -> None:
    cell, stored = cost_cell(book)
    said = json.loads(run("cost", VLLM, "--platform", "H200", "--gpus", "8", "--price", "2.35", "--json").out)
    total = said["points"][0]["usd_per_million"]["total"]
    assert stored == pytest.approx(total, rel=1e-9)
    assert engine.values(book)["Summary", cell] == pytest.approx(total, rel=1e-9)


def test_a_refresh_takes_results_into_an_edited_book(book: Path, tmp_path: Path) -> None:
    target = tmp_path / "new.xlsx"
    ran = run(
        "refresh",
        book,
        "--results",
        SAMPLES / "trtllm.json",
        "--about",
        "snapshot=2026-11-own",
        "-o",
        target,
        "--date",
        "2026-11-27",
    )
    assert ran.code == 0, ran
    rows = openpyxl.load_workbook(target, read_only=True)["Benchmarks"].iter_rows(values_only=True)
    found = [row for row in rows if "B200" in row and "2026-11-own" in row]
    assert any(11520 in row for row in found)


def test_a_build_says_what_speaks_against_the_results(tmp_path: Path) -> None:
    slip = tmp_path / "slip.json"
    slip.write_text(
        VLLM.read_text().replace('"mean_tpot_ms": 36.1', '"mean_tpot_ms": 3.61').replace('"failed": 0', '"failed": 20')
    )
    ran = run("build", "--results", slip, "--about", ABOUT, "-o", tmp_path / "book.xlsx", "--no-recalculate")
    said = " ".join(ran.out.split())
    assert "slip.json (out of its curve): time to first token and per output token" in said
    assert "20 of 660 requests failed" in said


def test_another_count_of_gpus_than_the_file_has_is_doubted() -> None:
    ran = run("cost", SAMPLES / "trtllm.json", "--gpus", "4", "--price", "3")
    assert "the file counts 8 GPUs; 4 were given and used" in " ".join(ran.out.split())


# --- Python and words ----------------------------------------------------------------------------------


def test_results_are_a_table_in_python(folder: Path) -> None:
    frame = xlmodel.read_results(folder)
    assert list(frame["tool"]).count("SGLang bench_serving") == 2
    row = frame[frame["tool"] == "vLLM bench serve"].iloc[0]
    assert row["throughput_per_gpu"] == pytest.approx(1843.2)
    assert row["platform"] == "H200"
    assert len(frame.attrs["not_used"]) == 3
    assert xlmodel.read_results(VLLM, gpus=4).loc[0, "throughput_per_gpu"] == pytest.approx(14745.6 / 4)


def test_the_readme_names_every_tool_and_its_example_is_right() -> None:
    text = (Path(xlmodel.__file__).parents[1] / "README.md").read_text()
    section = text[text.index("## Load-test results") :]
    section = section[: section.index("\n## ", 5)]
    assert all(tool in section for tool in tools())
    for word in ("TPOT", "ITL", "TTFT", "interactivity", "throughput", "1000 / "):
        assert word in section
    # the example of the section, worked here: 40 s for 1,024 tokens of which the first came after 4 s; 64 of them over 8 GPUs
    pace = (40 - 4) / (1024 - 1) * 1000
    assert f"{pace:.2f} ms" in section
    assert f"{1000 / pace:.1f} tok/s/user" in section
    assert f"{64 / 40 * (8192 + 1024) / 8:,.1f} tok/s/GPU" in section
