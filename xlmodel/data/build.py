"""Writes the bundled points, prices, platforms and snapshots from the collected raw files.

Run: python -m xlmodel.data.build SOURCE_FOLDER. The same raw files give the same bytes.
"""

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from xlmodel.data import build_facts
from xlmodel.errors import InputRefused, Problem
from xlmodel.model.point import PLATFORMS, WORKLOADS
from xlmodel.readers import bundled, points
from xlmodel.readers.names import OTHER_PLATFORMS

MEDIANS = "inferencex_all_models_median_dbdump_2026-07-20.csv"
SINGLE_RUNS = "inferencex_dsr1_api_2025-10_to_2026-06.csv"
PREVIEW = "inferencex_tpuv7_qwen35.csv"
RAW_FILES = (MEDIANS, SINGLE_RUNS, PREVIEW, *build_facts.RAW_FILES)
MODEL_NAMES = {
    "DeepSeek-R1-0528": "DeepSeek-R1", "gpt-oss-120b": "gpt-oss-120B",
    "Llama-3.3-70B-Instruct": "Llama 3.3 70B", "Qwen-3.5-397B-A17B": "Qwen3.5-397B-A17B",
}  # fmt: skip
PLATFORM_NAMES = {name.split()[0].casefold(): name for name in PLATFORMS} | {"tpuv7": "TPU v7 (Ironwood)"}
WORKLOAD_NAMES = {(1024, 1024): "1k/1k", (1024, 8192): "1k/8k", (8192, 1024): "8k/1k"}
CAPTURES = {"@cac6246e": "2026-05-05", "@528c4146": "2026-06-14"}
DATED = ("2025-12-15", "2025-12-19")
SERIES_OF, SERIES_MODEL, SERIES_WORKLOAD, SERIES_FRAMEWORK = "2025-12-15", "DeepSeek-R1", "8k/1k", "trt"
SERIES_CURVES = (("B200", "FP4"), ("H200", "FP8"))
PREVIEWED, PREVIEW_DAY, PREVIEW_FILE = "2026-08", "2026-08-26", "tpuv7-qwen35-snapshot.json"
V1_END = "2025-12-05"  # last day of the first schema, which did not record speculative decoding on GB200
V1_NOTE = "first schema: speculative decoding on or off was not recorded"
LINE = [
    "hardware", "framework", "precision", "spec_decoding", "disagg", "isl", "osl", "tp", "ep", "dp_attention",
    "is_multinode", "prefill_tp", "prefill_ep", "prefill_dp_attention", "prefill_num_workers",
    "decode_num_workers", "num_prefill_gpu", "num_decode_gpu",
]  # fmt: skip
DEPLOYMENT = [name for name in LINE if name not in ("isl", "osl", "num_decode_gpu")]
KEPT = 7  # significant digits of interactivity and throughput: decimals would leave the slowest rows only three or four
EXACT = ["model", "platform", "workload", "snapshot", "precision", "interactivity", "throughput"]


def build(source: Path, target: Path) -> dict[str, int]:
    """Write every data file below `target`; returns the rows of each file.

    Raises:
        InputRefused: a raw file is missing.
    """
    missing = [name for name in RAW_FILES if not (source / name).is_file()]
    if missing:
        fix = "name the folder that holds all raw files"
        raise InputRefused([Problem(str(source / name), "no such file", "a raw file", fix) for name in missing])
    table = all_points(*(pd.read_csv(source / name, low_memory=False) for name in (MEDIANS, SINGLE_RUNS, PREVIEW)))
    written = {}
    (target / "points").mkdir(parents=True, exist_ok=True)
    for model in bundled.available_models():
        rows = table[table["model"] == model][list(points.COLUMNS)]
        name = f"points/{bundled.points_file(model)}"
        written[name] = write(target / name, points.COLUMNS, rows.itertuples(index=False))
    for name, (columns, facts) in build_facts.tables(source).items():
        written[name] = write(target / name, columns, facts)
    return written


def write(path: Path, columns: Sequence[str], rows: Iterable[Iterable[object]]) -> int:
    """Write one CSV file; returns the number of its rows."""
    cells = [list(row) for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(cells)
    return len(cells)


def all_points(medians: pd.DataFrame, single: pd.DataFrame, preview: pd.DataFrame) -> pd.DataFrame:
    """Every point of every snapshot in the bundled form and order."""
    medians = median_points(medians, single)
    v1 = medians[medians["v1"]]
    sets = [medians]
    for label in DATED:  # GB200's first-schema rows exist as medians only, all measured before the label
        sets += [newest_runs(single, label), v1.assign(snapshot=label)]
    previewed = preview_points(preview)
    sets += [medians[medians["model"].isin(previewed["model"])].assign(snapshot=PREVIEWED), previewed]
    table = pd.concat(sets, ignore_index=True)
    table["model"] = table["model"].replace(MODEL_NAMES)
    table["platform"] = table["hardware"].map(PLATFORM_NAMES)
    table["workload"] = [WORKLOAD_NAMES[key] for key in zip(table["isl"], table["osl"], strict=True)]
    table["precision"] = table["precision"].str.upper()
    table["speculative"] = table["spec_decoding"].map({"none": "none", "mtp": "MTP"})
    table.loc[table["v1"] & (table["spec_decoding"] == "none"), "speculative"] = "not recorded"
    table["disaggregated"] = table["disagg"].map({True: "yes", False: "no"})
    for column, raw in (("interactivity", "interactivity_tok_s_user"), ("throughput", "throughput_tok_s_gpu")):
        table[column] = [float(f"{value:.{KEPT}g}") for value in table[raw]]
    table["ttft_ms"] = [f"{value:.3f}" if value == value else "" for value in table["ttft_ms"]]  # noqa: PLR0124 - NaN
    table["include"] = "yes"
    table["note"] = table["note"].fillna("").where(~table["v1"], V1_NOTE)
    table = pd.concat([table, one_framework(table)], ignore_index=True)
    platforms = (*PLATFORMS, *OTHER_PLATFORMS)
    ranks = {"model": bundled.available_models(), "platform": platforms, "workload": WORKLOADS}
    for column, order in ranks.items():
        table[f"{column}_rank"] = table[column].map({name: i for i, name in enumerate(order)})
    by = [f"{column}_rank" for column in ranks]
    by += ["snapshot", "precision", "interactivity", "throughput", "concurrency", "source"]
    return table.drop_duplicates(EXACT).sort_values(by, kind="stable", ignore_index=True)


def one_framework(table: pd.DataFrame) -> pd.DataFrame:
    """The TensorRT-LLM rows of the platforms that published ratios take as baselines, as a snapshot of their own."""
    curves = pd.MultiIndex.from_frame(table[["platform", "precision"]]).isin(SERIES_CURVES)
    rows = (
        curves
        & (table["snapshot"] == SERIES_OF)
        & (table["model"] == SERIES_MODEL)
        & (table["workload"] == SERIES_WORKLOAD)
        & (table["framework"] == SERIES_FRAMEWORK)
    )
    return table[rows].assign(snapshot=build_facts.SERIES)


def median_points(medians: pd.DataFrame, single: pd.DataFrame) -> pd.DataFrame:
    """The dump's medians: Llama as measured until October 2025, every other model until July 2026."""
    rows = medians.copy()
    llama = rows["model"].str.startswith("Llama")
    rows["snapshot"] = llama.map({True: "2025-10", False: "2026-07"})
    rows["v1"] = rows["date_to_bound"] == V1_END
    bounds = rows["date_from_bound"] + " to " + rows["date_to_bound"]
    rows["measured"] = bounds.fillna("median of runs to 2026-07-20")
    rows["source"] = "InferenceX dump median 2026-07-20, config " + rows["db_config_id"].astype(str)
    rows["gpus"] = median_gpus(rows, single)
    return rows


def median_gpus(rows: pd.DataFrame, single: pd.DataFrame) -> list[int]:
    """GPUs of each median: the dump lacks the decode GPUs of disaggregated deployments; 0 when not derivable.

    They are taken from single runs of the same deployment, else counted as workers x ranks. Ranks are
    max(tp, ep), which holds on every single run except where attention is data-parallel over ranks that the
    row does not carry (tp = ep = 1): those stay unknown.
    """
    known = single[single["disagg"]].groupby(DEPLOYMENT)["num_decode_gpu"].agg(["min", "max"])
    decode = {key: low for key, low, high in zip(known.index, known["min"], known["max"], strict=True) if low == high}
    counts = []
    row: Any
    for row, v1 in zip(rows[DEPLOYMENT].itertuples(index=False), rows["v1"], strict=True):
        if v1 or not row.disagg:
            counts.append(int(row.tp))
            continue
        ranks = 0 if row.dp_attention and row.tp == row.ep == 1 else max(row.tp, row.ep)
        decoding = decode.get(tuple(row), row.decode_num_workers * ranks)
        counts.append(int(row.num_prefill_gpu + decoding) if decoding else 0)
    return counts


def preview_points(preview: pd.DataFrame) -> pd.DataFrame:
    """The official preview of TPU v7; the private sweep that the raw file holds as well came before it."""
    rows = preview[preview["source"].str.contains(PREVIEW_FILE, regex=False)].copy()
    rows["snapshot"], rows["measured"], rows["v1"], rows["note"] = PREVIEWED, PREVIEW_DAY, False, ""
    rows["gpus"] = rows["num_chips"]
    commit = rows["source"].str.extract("@(.{8})", expand=False)
    rows["source"] = f"InferenceX official preview {PREVIEW_DAY}, InferenceX-app {PREVIEW_FILE} @" + commit
    return rows


def newest_runs(single: pd.DataFrame, label: str) -> pd.DataFrame:
    """The newest run of each configuration line up to a day, with every concurrency of that run."""
    rows = single[single["date"] <= label].copy()
    rows["run"] = rows["run_url"].str.extract(r"/runs/(\d+)", expand=False)
    newest = rows["date"] + rows["run"].str.zfill(20)
    rows = rows[newest == newest.groupby([rows[name] for name in LINE], dropna=False).transform("max")].copy()
    rows["snapshot"] = label
    # The first schema wrote one GPU count into both columns and knew no workers.
    rows["v1"] = rows["disagg"] & (rows["decode_num_workers"] == 0)
    both = rows["num_prefill_gpu"] + rows["num_decode_gpu"]
    rows["gpus"] = rows["tp"].where(rows["v1"] | ~rows["disagg"], both)
    rows["measured"] = rows["date"]
    captured = rows["source"].str.extract("(@.{8})", expand=False).map(CAPTURES)
    rows["source"] = "InferenceX API capture " + captured + ", run " + rows["run"]
    rows["note"] = ""
    return rows


def main(arguments: Sequence[str]) -> int:
    """Rebuild the files beside this script."""
    if len(arguments) != 1:
        print("usage: python -m xlmodel.data.build SOURCE_FOLDER", file=sys.stderr)
        return 2
    try:
        written = build(Path(arguments[0]), bundled.FOLDER)
    except InputRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    for name, rows in written.items():
        print(f"{rows:6,} rows  {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
