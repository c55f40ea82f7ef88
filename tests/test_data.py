"""The bundled data: complete, consistent, rebuilt to the byte, and in agreement with published values."""

import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from xlmodel.data import build as builder
from xlmodel.data import build_facts
from xlmodel.errors import InputRefused
from xlmodel.model.curve import Curve
from xlmodel.model.point import MODELS, PLATFORMS, WORKLOADS
from xlmodel.model.scenario import BASES
from xlmodel.readers import bundled, prices
from xlmodel.readers.assemble import DATA_DATE
from xlmodel.readers.names import OTHER_PLATFORMS

ROWS = {
    ("DeepSeek-R1", "2025-12-15"): 209, ("DeepSeek-R1", "2025-12-15 TRT-LLM"): 9, ("DeepSeek-R1", "2025-12-19"): 220, ("DeepSeek-R1", "2026-07"): 1885,
    ("gpt-oss-120B", "2026-07"): 617, ("Llama 3.3 70B", "2025-10"): 681, ("DeepSeek-V4-Pro", "2026-07"): 828,
    ("GLM-5", "2026-07"): 420, ("GLM-5.1", "2026-07"): 122, ("Kimi-K2.5", "2026-07"): 365,
    ("MiniMax-M2.5", "2026-07"): 882, ("MiniMax-M3", "2026-07"): 1524, ("Qwen3.5-397B-A17B", "2026-07"): 739,
    ("Qwen3.5-397B-A17B", "2026-08"): 746,
}  # fmt: skip
QUOTED = {
    "Oracle list": 8, "CoreWeave list": 5, "AWS on demand": 4, "AWS capacity block": 5, "Azure on demand": 6,
    "GCP on demand": 6, **{basis: 9 for basis in BASES if basis[-7:] in ("2025-08", "2026-07")},
    "Hyperscaler 2026-07": 11, "Rental 2026-09": 11,
}  # fmt: skip
ALL = bundled.points(bundled.available_models())


def test_every_model_and_snapshot_has_its_rows() -> None:
    assert Counter((p.model, p.snapshot) for p in ALL) == ROWS
    files = {path.name for path in (bundled.FOLDER / "points").iterdir()}
    assert files == {bundled.points_file(model) for model in bundled.available_models()}
    assert bundled.points() == bundled.points(MODELS)
    assert {s.label for s in bundled.snapshots()} == {p.snapshot for p in ALL}


def test_points_are_in_order_and_none_repeats() -> None:
    assert {p.platform for p in ALL} == {*PLATFORMS, "TPU v7 (Ironwood)"}
    keys = [
        (PLATFORMS.index(p.platform), WORKLOADS.index(p.workload), p.snapshot, p.precision, p.interactivity)
        for p in bundled.points(["DeepSeek-R1"])
    ]
    assert keys == sorted(keys)
    exact = Counter((p.group, p.precision, p.interactivity, p.throughput) for p in ALL)
    assert max(exact.values()) == 1


def test_every_point_names_its_source_and_time() -> None:
    for p in ALL:
        assert re.fullmatch(
            r"InferenceX (API capture \S+, run \d+|dump median 2026-07-20, config \d+|official preview 2026-08-26, .+ @\w{8})",
            p.source,
        )
        assert p.measured
        assert p.include
        single = p.source.startswith("InferenceX API")
        assert (single or p.platform == "TPU v7 (Ironwood)") == (p.ttft_ms is not None)
        assert not single or p.measured <= p.snapshot
    assert sum(p.gpus == 0 for p in ALL) == 13


def test_the_preview_of_tpu_v7_stands_beside_the_medians_of_its_model() -> None:
    rows = [p for p in ALL if p.snapshot == "2026-08"]
    seven = [p for p in rows if p.platform == "TPU v7 (Ironwood)"]
    assert [(p.concurrency, p.gpus, p.precision, p.workload) for p in seven] == [
        (users, 4, "FP8", "8k/1k") for users in (256, 128, 64, 32, 16, 8, 4)
    ]  # fmt: skip
    assert round(seven[0].throughput) == 9364, "the article of 2026-09-07 prints 9,364 tok/s/chip at 256 users"
    others = [p for p in rows if p.platform != "TPU v7 (Ironwood)"]
    assert [replace(p, snapshot="2026-07") for p in others] == [
        p for p in ALL if (p.model, p.snapshot) == ("Qwen3.5-397B-A17B", "2026-07")
    ]


def test_first_schema_rows_say_that_speculative_decoding_was_not_recorded() -> None:
    rows = [p for p in ALL if p.speculative == "not recorded"]
    assert Counter(p.snapshot for p in rows) == {"2025-12-15": 70, "2025-12-19": 70, "2026-07": 62}
    assert {(p.platform, p.disaggregated) for p in rows} == {("GB200 NVL72", "yes")}
    assert all(0 < p.gpus <= 72 for p in rows), "a first-schema row states one GPU count twice"


def test_series_of_one_framework_holds_the_baselines_of_published_ratios() -> None:
    series = [p for p in ALL if p.snapshot == "2025-12-15 TRT-LLM"]
    assert {(p.platform, p.precision, p.framework, p.workload) for p in series} == {
        ("B200", "FP4", "trt", "8k/1k"), ("H200", "FP8", "trt", "8k/1k"),
    }  # fmt: skip
    pooled = {(p.platform, p.precision, p.interactivity, p.throughput) for p in ALL if p.snapshot == "2025-12-15"}
    assert all((p.platform, p.precision, p.interactivity, p.throughput) in pooled for p in series)

    def at(platform: str, target: float) -> int:
        rows = [(i, p.interactivity, p.throughput) for i, p in enumerate(series) if p.platform == platform]
        return round(float(str(Curve.fit(rows).throughput(target))))

    assert [at("B200", 25), at("B200", 60), at("B200", 75)] == [5577, 1887, 1390]
    assert at("H200", 25) == 1151


def test_dated_snapshots_are_consistent_sets() -> None:
    for day in ("2025-12-15", "2025-12-19"):
        rows = [p for p in ALL if p.snapshot == day and p.ttft_ms is not None]
        assert max(p.measured for p in rows) == day


@pytest.mark.parametrize(
    ("curve", "target", "published"),
    [
        (("Llama 3.3 70B", "B200", "trt", "8k/1k", "2025-10"), 30, 10122),
        (("Llama 3.3 70B", "MI355X", "vllm", "8k/1k", "2025-10"), 60, 1462),
        (("Llama 3.3 70B", "B200", "trt", "1k/1k", "2025-10"), 75, 6107),
        (("gpt-oss-120B", "B200", "trt", "1k/1k", "2026-07"), 100, 20675),
        (("gpt-oss-120B", "MI355X", "atom", "1k/1k", "2026-07"), 250, 1184),
        (("DeepSeek-R1", "MI355X", "sglang", "8k/1k", "2025-12-15"), 60, 486),
        (("DeepSeek-R1", "MI355X", "sglang", "8k/1k", "2025-12-19"), 60, 1142),
        (("DeepSeek-R1", "MI355X", "sglang", "8k/1k", "2025-12-15"), 25, 1354),
    ],
)
def test_published_values_come_out(curve: tuple[str, ...], target: float, published: float) -> None:
    rows = [
        p for p in ALL
        if (p.model, p.platform, p.framework, p.workload, p.snapshot, p.precision, p.speculative)
        == (*curve, "FP4", "none")
    ]  # fmt: skip
    value = Curve.fit((i, p.interactivity, p.throughput) for i, p in enumerate(rows)).throughput(target)
    assert isinstance(value, float)
    assert round(value) == published


def test_first_schema_medians_give_the_published_curve() -> None:
    rows = [
        p for p in ALL
        if (p.model, p.workload, p.snapshot, p.precision, p.speculative)
        == ("DeepSeek-R1", "8k/1k", "2026-07", "FP4", "not recorded")
    ]  # fmt: skip
    curve = Curve.fit((i, p.interactivity, p.throughput) for i, p in enumerate(rows))
    assert [round(float(str(curve.throughput(t)))) for t in (25, 60, 75)] == [11057, 9031, 8055]


def test_slow_points_keep_as_many_digits_as_fast_ones() -> None:
    for column in ("interactivity", "throughput"):
        digits = [len(f"{getattr(p, column):.12g}".replace(".", "").strip("0")) for p in ALL]
        assert max(digits) == builder.KEPT
        assert sum(count < 5 for count in digits) <= 0.003 * len(digits), "only trailing zeros take digits away"


def test_prices_have_one_quote_for_a_platform_and_basis() -> None:
    quotes = bundled.quotes()
    assert len(quotes) == 231
    pairs = Counter((q.platform, q.basis) for q in quotes if q.basis)
    assert max(pairs.values()) == 1
    assert Counter(q.basis for q in quotes if q.basis) == QUOTED
    assert all(q.basis not in BASES or "add-on" not in q.commitment for q in quotes)
    assert all("spot" not in q.commitment for q in quotes if q.basis)
    price = {(q.platform, q.basis): q.usd_per_gpu_hour for q in quotes if q.basis}
    assert (price["GB200 NVL72", "Oracle list"], price["MI355X", "Oracle list"]) == (16.0, 8.6)
    assert (price["GB200 NVL72", "CoreWeave list"], price["H200", "CoreWeave list"]) == (10.5, 6.305)
    assert (price["GB200 NVL72", "Hyperscaler 2025-08"], price["MI355X", "Hyperscaler 2025-08"]) == (
        2.21,
        1.48,
    )
    assert (price["GB200 NVL72", "3-year rental 2026-07"], price["GB300 NVL72", "CoreWeave list"]) == (
        2.6,
        None,
    )


def test_every_quote_has_a_source_and_a_date() -> None:
    for q in bundled.quotes():
        assert q.source
        assert re.match(r"20\d\d-\d\d", q.as_of)
        assert q.confidence in ("high", "medium", "low")
    assert max(q.as_of for q in bundled.quotes()) == DATA_DATE, "the day of the build is that of the newest price list"


def test_an_offer_seen_again_keeps_its_row_with_the_newer_day() -> None:
    columns = list(prices.COLUMNS)
    old = pd.DataFrame([
        ["B200", "Us", "list", "Our list", "4.242", "2026-08-01", "https://us", "low", "seen by A"],
        ["B200", "Us", "spot", "", "2.0", "2026-08-01", "https://us", "low", "seen by A"],
    ], columns=columns)  # fmt: skip
    new = pd.DataFrame([
        ["B200", "Us", "list", "Our list", "4.2416", "2026-10-01", "https://us", "high", "seen by B"],
        ["B200", "Us", "spot", "", "2.1", "2026-10-01", "https://us", "high", "seen by B"],
        ["H200", "Us", "spot", "", "1.5", "2026-10-01", "https://us", "high", "seen by B"],
    ], columns=columns)  # fmt: skip
    rows = build_facts.joined(old, new).to_dict("records")
    assert [row["usd_per_gpu_hour"] for row in rows] == ["4.242", "2.1", "1.5"]
    assert [row["note"] for row in rows] == [
        "seen by A; unchanged, seen by B",
        "2.0 on 2026-08-01; seen by B",
        "seen by B",
    ]
    assert {(row["as_of"], row["confidence"]) for row in rows} == {("2026-10-01", "high")}


def test_platforms_begin_with_those_of_the_curves() -> None:
    platforms = bundled.platforms()
    assert tuple(p.platform for p in platforms[:9]) == PLATFORMS
    assert [p.platform for p in platforms[9:]] == list(OTHER_PLATFORMS)
    facts = {p.platform: p for p in platforms}
    gb200 = facts["GB200 NVL72"]
    assert (gb200.domain, gb200.kilowatt, gb200.kilowatt_2025, gb200.capex_all_in) == (72, 1.87, 2.1, 54167.0)
    assert facts["Groq LPU"].domain is None
    assert (facts["VR NVL72 (Rubin)"].kilowatt, facts["VR NVL72 (Rubin)"].tdp_w) == (3.3, 1800)


@pytest.mark.parametrize("file", sorted(bundled.FOLDER.rglob("*.csv")), ids=lambda file: file.name)
def test_every_bundled_row_has_a_source_and_a_date(file: Path) -> None:
    table = pd.read_csv(file, dtype=str, keep_default_na=False)
    dated = {"snapshots.csv": "label"}.get(file.name, "measured" if "measured" in table else "as_of")
    assert len(table)
    assert (table["source"].str.strip() != "").all()
    assert table[dated].str.contains(r"20\d\d-\d\d").all()


def test_every_platform_has_a_source_and_one_without_a_curve_says_why() -> None:
    default = {p.platform for p in bundled.points()}
    for p in bundled.platforms():
        assert p.source
        assert bool(p.no_curve) == (p.platform not in default), p.platform
    assert {q.platform for q in bundled.quotes()} <= {p.platform for p in bundled.platforms()}


def test_unknown_model_is_refused() -> None:
    with pytest.raises(InputRefused, match="'GPT-7'"):
        bundled.points(["GPT-7"])


def test_build_refuses_a_folder_without_raw_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert builder.main([str(tmp_path)]) == 2
    assert "inferencex_dsr1_api" in capsys.readouterr().err
    assert builder.main([]) == 2


def test_newest_run_of_a_line_brings_all_its_concurrencies_and_no_other() -> None:
    base = dict.fromkeys(builder.LINE, 1) | {
        "disagg": False,
        "tp": 8,
        "spec_decoding": "none",
        "source": "a@cac6246e9",
    }
    runs = [
        ("2025-12-01", 7, 4),
        ("2025-12-14", 9, 4),
        ("2025-12-14", 10, 8),
        ("2025-12-14", 10, 16),
        ("2025-12-18", 11, 4),
    ]
    table = pd.DataFrame(
        [base | {"date": day, "run_url": f"x/runs/{run}/attempts/1", "concurrency": c} for day, run, c in runs]
    )
    rows = builder.newest_runs(table, "2025-12-15")
    assert list(rows["concurrency"]) == [8, 16]
    assert set(rows["source"]) == {"InferenceX API capture 2026-05-05, run 10"}
    assert set(rows["gpus"]) == {8}


@pytest.mark.skipif(
    "XLMODEL_RAW_DATA" not in os.environ, reason="XLMODEL_RAW_DATA does not name the folder of raw files"
)
def test_rebuilding_gives_the_same_bytes(tmp_path: Path) -> None:
    written = builder.build(Path(os.environ["XLMODEL_RAW_DATA"]), tmp_path)
    for name in written:
        assert (tmp_path / name).read_bytes() == (bundled.FOLDER / name).read_bytes(), name
