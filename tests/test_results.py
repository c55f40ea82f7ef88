"""Result files of load testers: which of a file's numbers became what, and that none is wrong in silence.

Every expected number is worked by hand from the sample, as written beside it.
"""

import gzip
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlmodel.errors import InputRefused
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.placing import Placer, Said
from xlmodel.readers.results.registry import FORMATS, read_file

SAMPLES = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Worked:
    """A sample: its tool, and for each run interactivity, throughput per GPU and the GPUs it is over."""

    file: str
    tool: str
    runs: tuple[tuple[float, float, int], ...]


WORKED = (
    # 1000 / 36 ms; (5,242,880 + 655,360) tokens / 400 s = 14,745.6 tok/s over 8 GPUs
    Worked("vllm.json", "vLLM bench serve", ((1000 / 36, 14745.6 / 8, 8),)),
    # 1000 / 40 ms; no total in the file: (200,704 + 200,704) / 100 s = 4,014.08 over 4
    Worked("vllm_2024.json", "vLLM bench serve", ((25.0, 4014.08 / 4, 4),)),
    # 0.75, 1.875 and 3 requests a second of 1,024 + 1,024 tokens
    Worked("vllm_appended.jsonl", "vLLM bench serve", ((200.0, 1536 / 8, 8), (125.0, 3840 / 8, 8), (100.0, 6144 / 8, 8))),
    # tensor_parallel_size 8 stands in the row; 0.5 and 1.25 requests a second of 8,192 + 1,024 tokens
    Worked("vllm_sweep.csv", "vLLM bench serve", ((1000 / 15, 4608 / 8, 8), (1000 / 24, 11520 / 8, 8))),
    # total_throughput 23,040 and 9,216 over the 8 GPUs of tp; attention over 8 replicas shares them
    Worked("sglang.jsonl", "SGLang bench_serving", ((1000 / 45, 2880.0, 8), (1000 / 28, 1152.0, 8))),
    # no total in the file: 1,920 + 1,920 over 8
    Worked("sglang_2024.jsonl", "SGLang bench_serving", ((62.5, 480.0, 8),)),
    # 1000 / p50 of 9.4 ms (the mean per user, 111.1, is another number); 3,276.8 + 3.2 x 1,024 = 6,553.6
    Worked("aiperf.json", "NVIDIA AIPerf", ((1000 / 9.4, 6553.6 / 8, 8),)),
    # 819.2 + 0.8 x 1,024 = 1,638.4
    Worked("aiperf_0.1.json", "NVIDIA AIPerf", ((1000 / 18.7, 1638.4 / 8, 8),)),
    # 3,072 + 3 x 8,192 = 27,648
    Worked("aiperf.csv", "NVIDIA AIPerf", ((50.0, 27648 / 8, 8),)),
    # 4,096 + 4 x 1,024 = 8,192
    Worked("genai_perf.json", "genai-perf", ((1000 / 7.3, 1024.0, 8),)),
    # 512 + 0.5 x 8,192 = 4,608
    Worked("genai_perf_0.0.8.json", "genai-perf", ((1000 / 29.9, 576.0, 8),)),
    # "2,355.20" + 2.3 x "8,192.00" = 21,196.8
    Worked("genai_perf.csv", "genai-perf", ((40.0, 21196.8 / 8, 8),)),
    # inter-token latency 12 and 20 ms of the successful requests; 1.25 and 3 requests of 2,048 tokens
    Worked("guidellm.json", "GuideLLM", ((1000 / 12, 2560 / 8, 8), (50.0, 6144 / 8, 8))),
    # 25 ms; 0.45 requests of 2,024 tokens
    Worked("guidellm_0.2.json", "GuideLLM", ((40.0, 910.8 / 8, 8),)),
    # median 0.012 s (the mean is 0.0125); 4.9 requests of 2,000 tokens
    Worked("inference_perf.json", "inference-perf", ((1 / 0.012, 9800 / 8, 8),)),
    # 0.02 s; 1.96 requests of 9,000 tokens
    Worked("inference_perf_0.1.json", "inference-perf", ((50.0, 17640 / 8, 8),)),
    # p50 of 29.5 ms; 9,216 over the 8 accelerators of the host
    Worked("llm_d_0.1.yaml", "llm-d benchmark report", ((1000 / 29.5, 1152.0, 8),)),
    # GuideLLM made the load, so the inter-token latency: p50 of 0.025 s; 4,096 over 2 x 4 prefill and 8 decode GPUs
    Worked("llm_d_0.2.yaml", "llm-d benchmark report", ((40.0, 256.0, 16),)),
    # (1,001 - 1) / (25.5 - 0.5) s; output 600.6 tok/s, as many in: 1,201.2
    Worked("llmperf.json", "llmperf", ((40.0, 1201.2 / 8, 8),)),
    # 1,000 / 40 s; output 187 tok/s x (8,001 + 1,001) / 1,001
    Worked("llmperf_nested.json", "llmperf", ((25.0, 187 * 9002 / 1001 / 8, 8),)),
    # P50 of 23.8 ms; 92,160 over a world of 8
    Worked("trtllm.json", "trtllm-bench", ((1000 / 23.8, 11520.0, 8),)),
    # [TPOT] P50 9.6 ms; 25,600 over tp 2
    Worked("trtllm_1.2.log", "trtllm-bench", ((1000 / 9.6, 12800.0, 2),)),
    # "Token Throughput" 5,120 is output only: 5 requests x (1,024 + 1,024) over tp 4; the average of 22 ms
    Worked("trtllm_0.17.log", "trtllm-bench", ((1000 / 22, 2560.0, 4),)),
    # tokens/s/gpu 307.2 is output only: 0.3 sequences x 9,216
    Worked("aiconfigurator.csv", "aiconfigurator", ((40.0, 2764.8, 8),)),
    Worked("aiconfigurator_disagg.csv", "aiconfigurator", ((50.0, 2304.0, 32),)),
    # 1 / 0.02 s; per GPU as stated
    Worked("agg_dsr1_8k1k_fp4_sglang_tp8_conc32.json", "InferenceX", ((50.0, 1440.0, 8),)),
    # 4 prefill and 32 decode GPUs
    Worked("agg_gb200_2025.json", "InferenceX", ((100.0, 2400.0, 36),)),
    # prefill and decode GPUs are the same 8 on the first row, 4 + 12 on the second; agentic traces have no workload
    Worked("inferencex_api.json", "InferenceX", ((80.0, 300.0, 8), (80.0, 600.0, 16))),
    # the title says s in one and ms in the other, and both hold seconds
    Worked("inferencex_export.csv", "InferenceX", ((50.0, 1500.0, 8),)),
    Worked("inferencex_export_2025.csv", "InferenceX", ((50.0, 1500.0, 8),)),
    # the count of 64 GPUs of an aggregated row is tp x ep: 8 it is; 8 + 16 of the disaggregated one
    Worked("dump/benchmark_results.csv", "InferenceX", ((40.0, 1600.0, 8), (80.0, 3000.0, 24))),
    Worked("own.csv", "points", ((40.0, 900.0, 8),)),
)  # fmt: skip


def one(path: Path) -> Measurement:
    (found,) = read_file(path).measurements
    return found


@pytest.mark.parametrize("worked", WORKED, ids=lambda w: w.file)
def test_a_sample_gives_the_numbers_worked_by_hand(worked: Worked) -> None:
    found = read_file(SAMPLES / worked.file).measurements
    assert {m.tool for m in found} == {worked.tool}
    assert len(found) == len(worked.runs)
    for m, (speed, rate, gpus) in zip(found, worked.runs, strict=True):
        assert m.interactivity == pytest.approx(speed, rel=1e-9)
        assert m.throughput_on(gpus) == pytest.approx(rate, rel=1e-9)
        assert m.gpus in (None, gpus)
        assert m.derived
        assert m.counted
        assert not m.grave, m.doubts


def test_each_format_has_two_samples_and_each_sample_a_row() -> None:
    tools = [worked.tool for worked in WORKED]
    assert all(tools.count(form.TOOL) >= 2 for form in FORMATS if form.TOOL != "points")
    files = {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*") if path.is_file()}
    assert files - {"SOURCE.md", "dump/configs.csv"} == {worked.file for worked in WORKED}


@pytest.mark.parametrize("worked", WORKED, ids=lambda w: w.file)
def test_a_sample_is_known_by_its_content_under_any_name_and_spelling_of_bytes(worked: Worked, tmp_path: Path) -> None:
    data = (SAMPLES / worked.file).read_bytes()
    (tmp_path / "configs.csv").write_bytes((SAMPLES / "dump/configs.csv").read_bytes())
    path = tmp_path / "x.bin"
    expected = [m.interactivity for m in read_file(SAMPLES / worked.file).measurements]
    windows = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    for spelt in (data, b"\xef\xbb\xbf" + windows, gzip.compress(data), data.decode().encode("utf-16")):
        if worked.tool == "points" and spelt[:3] != data[:3] and spelt[:3] != b"\xef\xbb\xbf":
            continue  # a points file is read by its own reader, which takes UTF-8
        path.write_bytes(spelt)
        assert [m.interactivity for m in read_file(path).measurements] == expected


# --- damaged and incomplete -------------------------------------------------------------------------

CUT = [worked.file for worked in WORKED if worked.file.endswith((".json", ".jsonl"))]


@pytest.mark.parametrize("file", CUT)
def test_a_file_that_was_cut_off_is_refused_with_the_place(file: str, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    first = (SAMPLES / file).read_text().split("\n")[0] if file.endswith("l") else (SAMPLES / file).read_text()
    path.write_text(first[: len(first) // 2])
    with pytest.raises(InputRefused) as caught:
        read_file(path)
    assert "the file is damaged or was not written to its end" in str(caught.value)
    assert "line" in str(caught.value)


def test_a_line_that_was_cut_off_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_text((SAMPLES / "vllm_appended.jsonl").read_text()[:-200])
    found = read_file(path)
    assert [m.interactivity for m in found.measurements] == [200.0, 125.0]
    assert "line 3" in str(found.problems[0])


def without(file: str, *paths: str) -> Callable[[Path], Path]:
    """A copy of a JSON sample that lacks what stands at these paths."""

    def make(folder: Path) -> Path:
        text = (SAMPLES / file).read_text().split("\n")[0] if file.endswith("l") else (SAMPLES / file).read_text()
        data = json.loads(text)
        rows = data if isinstance(data, list) else [data]
        for row in rows:
            for path in paths:
                *steps, last = path.split("/")
                for item in row.get("benchmarks", [row]):
                    inner: Any = item
                    for step in steps:
                        inner = inner[step]
                    inner.pop(last, None)
        target = folder / "less.json"
        target.write_text(json.dumps(data))
        return target

    return make


def replaced(file: str, *changes: tuple[str, str]) -> Callable[[Path], Path]:
    """A copy of a sample with other text."""

    def make(folder: Path) -> Path:
        text = (SAMPLES / file).read_bytes().decode()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        target = folder / ("less" + Path(file).suffix)
        target.write_bytes(text.encode())
        return target

    return make


def saved(file: str, encoding: str, change: tuple[str, str], to: str) -> Callable[[Path], Path]:
    """A copy of a sample with other text, in another encoding."""

    def make(folder: Path) -> Path:
        target = folder / file
        target.write_bytes((SAMPLES / file).read_text(encoding).replace(*change).encode(to))
        return target

    return make


def zipped(file: str) -> Callable[[Path], Path]:
    """A sample in a zip archive."""

    def make(folder: Path) -> Path:
        target = folder / "results.zip"
        with zipfile.ZipFile(target, "w") as archive:
            archive.write(SAMPLES / file, file)
        return target

    return make


REFUSED: dict[str, tuple[Callable[[Path], Path], tuple[str, ...]]] = {
    "vLLM without times": (
        without("vllm.json", *(f"{s}_{t}_ms" for s in ("mean", "median") for t in ("tpot", "itl", "e2el"))),
        ("no time per output token", "streaming"),
    ),
    "vLLM without tokens": (
        without("vllm.json", "total_token_throughput", "total_input_tokens"), ("no throughput of input and output tokens",)),
    "vLLM with every request failed": (replaced("vllm.json", ('"completed": 640', '"completed": 0')), ("no completed request",)),
    "vLLM with seconds under the name of ms": (
        replaced("vllm.json", ('"median_tpot_ms": 36.0', '"median_tpot_ms": 0.036')), ("0.036 ms a token", "seconds under the name of ms")),
    "vLLM with a text for a number": (replaced("vllm.json", ("14745.6", '"14.745,6"')), ("'14.745,6'", "a decimal point")),
    "vLLM with a negative number": (replaced("vllm.json", ("14745.6", "-14745.6")), ("not negative",)),
    "a row of a sweep with a cell too few": (replaced("vllm_sweep.csv", (",24.5,0,8", ""), (",15.2,0,8", "")), ("cells as in the header",)),
    "SGLang without a rate": (
        without("sglang.jsonl", "total_throughput", "input_throughput", "total_input_tokens"), ("no throughput of input and output",)),
    "AIPerf without lengths": (without("aiperf.json", "input_sequence_length"), ("no throughput of input and output",)),
    "AIPerf in hours": (replaced("aiperf_0.1.json", ('"unit": "ms"', '"unit": "h"')), ("in 'h'", "ms, s, us or ns")),
    "genai-perf without streaming": (
        without("genai_perf.json", "inter_token_latency", "time_to_first_token"), ("no time per output token", "streaming")),
    "two exports of genai-perf in one": (
        replaced("genai_perf.csv", ("Request Count (count),\"1,000.00\"\r\n", "Request Throughput (per sec),9\r\n")), ("twice",)),
    "GuideLLM without times": (
        without("guidellm.json", *(f"metrics/{name}" for name in ("inter_token_latency_ms", "time_per_output_token_ms", "request_latency"))),
        ("no time per output token",)),
    "inference-perf without success": (
        replaced("inference_perf.json", ('"successes": {"count": 1000', '"successes": {"count": 0')), ("no completed request",)),
    "inference-perf of the server": (
        replaced("inference_perf_0.1.json", ('"latency": {', '"time_per_output_token": {"mean": 1}, "other": {')), ("lifecycle",)),
    "llm-d in minutes": (replaced("llm_d_0.1.yaml", ("units: ms/token", "units: min/token")), ("ms, s, ms/token or s/token",)),
    "llm-d in seconds under the name of ms": (
        replaced("llm_d_0.1.yaml", ("p50: 29.5", "p50: 0.0295")), ("0.0295 ms a token", "seconds under the name of ms")),
    "llm-d with an alias": (replaced("llm_d_0.1.yaml", ("description: one server", "description: &a [x]\n  other: *a")), ("an alias",)),
    "llmperf without lengths": (without("llmperf.json", "results_number_input_tokens_mean"), ("no input and output lengths",)),
    "trtllm-bench without lengths": (
        without("trtllm.json", "performance/system_total_throughput_tok_s", "request_info/avg_input_length"), ("no throughput of input",)),
    "trtllm-bench without a time": (
        replaced("trtllm_0.17.log", ("Average time-per-output-token", "Nothing of")), ("no time per output token", "streaming")),
    "aiconfigurator without lengths": (replaced("aiconfigurator.csv", (",8192,1024,0,64", ",,1024,0,64")), ("no throughput of input",)),
    "InferenceX without throughput": (
        replaced("agg_gb200_2025.json", ('"tput_per_gpu": 2400.0', '"tput_per_gpu": null')), ("no throughput of input",)),
    "a dump without its configurations": (replaced("dump/benchmark_results.csv", ("server died", "x")), ("configs.csv",)),
    "an export with a cell too many": (replaced("inferencex_export.csv", ("1333.3", "1,333.3")), ("cells as in the header",)),
    "points with a cell that is none": (replaced("own.csv", (",900,", ",x,")), ("line 2, throughput", "'x'")),
    "a key twice": (replaced("vllm.json", ('"duration"', '"completed": 3, "duration"')), ("'completed' twice",)),
    "points under a name that is nearly one": (replaced("own.csv", ("interactivity,", "interactivty,")), ("'interactivty'", "rename it to interactivity")),
    "points in another unit": (replaced("own.csv", ("interactivity,", "interactivity_ms,")), ("another unit than ms", "work the numbers out")),
    "JSON in another encoding": (saved("vllm.json", "utf-8", ('"label": null', '"label": "\xe9"'), "latin-1"), ("not UTF-8", "save it as UTF-8 text")),
    "a zip archive of results": (zipped("vllm.json"), ("a zip archive", "unpack it, and name a file in it")),
    "something else": (replaced("own.csv", ("interactivity,throughput", "a,b")), ("no known result", "AIPerf", "templates/points.csv")),
    "semicolons": (replaced("own.csv", (",", ";")), ("semicolons",)),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_damaged_or_incomplete_is_refused_with_what_a_user_needs(case: str, tmp_path: Path) -> None:
    make, words = REFUSED[case]
    with pytest.raises(InputRefused) as caught:
        read_file(make(tmp_path))
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert all(p.found and p.expected and p.fix for p in caught.value.problems)


# --- doubts ------------------------------------------------------------------------------------------

DOUBTS: dict[str, tuple[Callable[[Path], Path], str, bool]] = {
    "failed requests": (replaced("vllm.json", ('"failed": 0', '"failed": 20')), "20 of 660 requests failed (3.0%)", False),
    "a short run": (
        replaced("vllm.json", ('"completed": 640', '"completed": 100'), ("5242880", "819200"), ("655360", "102400"), ("400.0", "62.5")),
        "1.6 completed requests for each one in flight", False),
    "the whole server counted as one GPU": (replaced("own.csv", (",900,8,", ",7200,8,")), "the whole server counted as one GPU", True),
    "output tokens only": (replaced("agg_gb200_2025.json", ('"tput_per_gpu": 2400.0', '"tput_per_gpu": 100.0')), "output tokens only", True),
    "a total that is output only": (
        replaced("vllm.json", ('"total_token_throughput": 14745.6', '"total_token_throughput": 1638.4')),
        "1,638.4 and 14,745.6 in the same file", True),
    "microseconds": (replaced("guidellm.json", ('"median": 12.0', '"median": 0.8')), "faster than any GPU", True),
    "one time in another unit": (
        replaced("vllm.json", ('"mean_tpot_ms": 36.1', '"mean_tpot_ms": 3.61')), "add up to 0.14 times the end-to-end time", True),
    "tokens of the stream counted twice": (
        replaced("inference_perf_0.1.json", ('"time_per_output_token": {"mean": 0.02', '"time_per_output_token": {"mean": 0.01')),
        "counted twice", False),
    "a mean for a median": (without("vllm.json", "median_tpot_ms"), "the mean stands for it", False),
    "chunks for tokens": (
        without("vllm.json", "median_tpot_ms", "mean_tpot_ms", "median_e2el_ms", "mean_e2el_ms"), "several tokens", False),
    "what is left after the first token": (without("vllm.json", "median_tpot_ms", "mean_tpot_ms"), "stands for the median time per", False),
    "a summary of several loads": (replaced("inference_perf.json", ('"requested_rate": 5.0, ', "")), "different loads in one number", False),
    "a cancelled run": (replaced("aiperf.json", ('"was_cancelled": false', '"was_cancelled": true')), "cancelled", False),
    "no warm-up": (replaced("aiperf.json", ('"warmup_request_count": 64', '"warmup_request_count": 0')), "no warm-up", False),
    "predictions": (replaced("aiconfigurator.csv", ("8192", "8192")), "not measured", False),
    "no streaming": (
        without("trtllm.json", "streaming_metrics"), "includes the first token", False),
}  # fmt: skip


@pytest.mark.parametrize("case", DOUBTS)
def test_what_speaks_against_a_measurement_is_said(case: str, tmp_path: Path) -> None:
    make, words, grave = DOUBTS[case]
    found = read_file(make(tmp_path)).measurements[0]
    assert any(words in text for text in found.doubts), found.doubts
    assert found.grave == grave


def test_numbers_that_are_missing_on_purpose_are_no_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    text = (SAMPLES / "sglang.jsonl").read_text().split("\n")[0]
    assert "Infinity" in text
    path.write_text(text.replace('"median_tpot_ms": 45.0', '"median_tpot_ms": NaN'))
    found = one(path)
    assert found.request_rate is None
    assert found.interactivity == pytest.approx(1000 / 45.86)
    assert "the mean stands for it" in found.doubts[0]


# --- places ------------------------------------------------------------------------------------------


def test_a_file_that_contradicts_its_user_is_not_used() -> None:
    m = one(SAMPLES / "trtllm.json")
    placed = Placer().place(m, Said(platform="H200", snapshot="mine"))
    assert placed.point is None
    assert "B200" in str(placed.problem)


def test_a_file_says_what_it_can_of_its_place() -> None:
    placed = Placer().place(one(SAMPLES / "trtllm.json"), Said(snapshot="mine"))
    assert placed.point is not None
    point = placed.point
    assert (point.platform, point.model, point.precision, point.workload, point.gpus) == (
        "B200",
        "DeepSeek-R1",
        "FP4",
        "8k/1k",
        8,
    )
    assert point.throughput == 11520.0
    assert "sha256" in point.source
    assert "trtllm-bench 1.2.0" in point.source


def test_what_nobody_says_is_missing_and_other_lengths_have_no_curve(tmp_path: Path) -> None:
    placed = Placer().place(one(SAMPLES / "vllm.json"), Said())
    assert placed.missing == ("platform", "precision", "snapshot", "gpus")
    other = replaced("vllm.json", ("5242880", "655360"), ("14745.6", "3276.8"), ("655360,", "65536,"))
    with_lengths = Placer().place(one(other(tmp_path)), Said(platform="H200"))
    assert "output tokens" in str(with_lengths.problem)


def test_a_workbook_with_points_is_read_like_their_file(tmp_path: Path) -> None:
    lines = [line.split(",") for line in (SAMPLES / "own.csv").read_text().strip().split("\n")]
    book = openpyxl.Workbook()
    book.create_sheet("Notes", 0).append(["not", "a table"])
    sheet = book["Sheet"]
    sheet.append(["Load test of November"])
    sheet.append([])
    sheet.append(lines[0])
    sheet.append([float(cell) if cell.isdigit() else cell for cell in lines[1]])
    path = tmp_path / "points.xlsx"
    book.save(path)
    found = one(path)
    assert (found.interactivity, found.per_gpu, found.place, found.gpus) == (40.0, 900.0, "row 4", 8)
    sheet["G4"] = "none"
    book.save(path)
    with pytest.raises(InputRefused, match="row 4, throughput"):
        read_file(path)
