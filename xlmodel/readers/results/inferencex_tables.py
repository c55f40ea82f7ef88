"""Tables of InferenceX: rows of a dump with their configurations, and exports of the dashboard, in the names of its JSON."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xlmodel.errors import InputRefused
from xlmodel.readers.results.derive import Ragged
from xlmodel.readers.results.document import Document, open_result
from xlmodel.readers.results.taker import Taker

CONFIGS = "configs.csv"
_NEEDED = ("tput_per_gpu", "conc")
_TITLES = {
    "Model": "model", "ISL": "isl", "OSL": "osl", "Hardware Key": "hw_key", "Hardware": "hw", "Framework": "framework", "Precision": "precision",
    "TP": "tp", "EP": "ep", "Concurrency": "conc", "Date": "date", "Disaggregated": "disagg", "Num Prefill Chips": "num_prefill_gpu",
    "Num Decode Chips": "num_decode_gpu", "Spec Decoding": "spec_decoding", "Is Multinode": "is_multinode", "Run URL": "run_url",
    "Throughput/Chip": "tput_per_gpu", "Output Throughput/Chip": "output_tput_per_gpu", "Input Throughput/Chip": "input_tput_per_gpu",
    "Mean TTFT": "mean_ttft", "Median TTFT": "median_ttft", "Mean TPOT": "mean_tpot", "Median TPOT": "median_tpot",
    "Median Interactivity": "median_intvty",
}  # fmt: skip
_KEEP = {
    "hardware", "hw", "framework", "model", "infmax_model_prefix", "precision", "spec_method", "spec_decoding", "disagg", "is_multinode", "tp",
    "pp", "pcp_size", "prefill_tp", "prefill_pp", "decode_tp", "decode_pp", "num_prefill_gpu", "num_decode_gpu", "isl", "osl", "conc",
    "benchmark_type", "date", "error", "run_url", "tput_per_gpu", "output_tput_per_gpu", "input_tput_per_gpu", "median_tpot", "mean_tpot",
    "median_intvty", "median_ttft", "config_id",
}  # fmt: skip
_TIMES = ("median_ttft", "mean_tpot", "median_tpot")


def fits(header: Sequence[str]) -> bool:
    """Whether these are columns of a dump or an export."""
    names = set(map(_plain, header))
    dump = set(_NEEDED) <= names and bool({"config_id", "hardware", "hw"} & names)
    return dump or {"tput_per_gpu", "hw", "model"} <= set(map(_title, header))


def records(doc: Document) -> Iterator[tuple[str, Taker]]:
    """The rows, under the names that JSON rows have.

    Raises:
        InputRefused: the table of configurations that a dump needs is not beside it, or not usable.
    """
    export = "Concurrency" in doc.data
    names = [_title(name) if export else _plain(name) for name in doc.data]
    wide = len(names)
    configs = {} if export or {"hardware", "hw"} & set(names) else _configs(doc)
    kept = [(i, name) for i, name in enumerate(names) if name in _KEEP]
    factors = _times(doc.data) if export else {}
    for line, cells in doc.rows():
        if len(cells) != wide:
            if any(cells):
                yield f"line {line}", Ragged(len(cells), wide)
            continue
        row: dict[str, Any] = {name: cells[i] for i, name in kept}
        if odd := next(
            (name for i, name in kept if cells[i] != row[name]), ""
        ):  # the displayed metric may stand twice, with one value
            yield f"line {line}", Taker({"tput_per_gpu": f"two values for {odd}"})
            continue
        if configs:
            row = configs.get(row.get("config_id", ""), {}) | row
        for name in factors:
            row[name] = _seconds(row, name, factors)
        yield f"line {line}", Taker(row)


def _plain(name: str) -> str:
    return (
        name.strip().removeprefix("metrics_").removeprefix("metrics.").removeprefix("config_")
        if name.strip() != "config_id"
        else "config_id"
    )


def _title(name: str) -> str:
    """The JSON name of a column of the dashboard; the word GPU is that of older exports."""
    bare = re.sub(r"\s*\([^)]*\)$", "", name.strip()).replace("GPUs", "Chips").replace("GPU", "Chip")
    return _TITLES.get(bare, bare)


def _times(header: Sequence[str]) -> dict[str, float]:
    """Time -> seconds in one of its unit, as the title says it: exports that say ms hold seconds, so these are judged row by row."""
    found = {}
    for name in header:
        if _title(name) in _TIMES:
            found[_title(name)] = 1e-3 if name.strip().endswith("(ms)") else 1.0
    return found


def _seconds(row: dict[str, Any], name: str, factors: dict[str, float]) -> Any:
    """A time in seconds; where the title says ms, the interactivity beside it shows which of the two it is."""
    if factors[name] == 1.0:
        return row[name]
    try:
        pace, speed, value = (float(row.get(key) or "nan") for key in ("median_tpot", "median_intvty", name))
    except ValueError:
        return row[name]
    if not pace > 0 or not speed > 0:
        return row[name] if name != "median_tpot" else ""
    in_ms = pace * speed > 30  # 1 when the pace is in seconds, 1000 when it is in ms
    row.setdefault("_ms", in_ms)
    return value * 1e-3 if row["_ms"] else value


def _configs(doc: Document) -> dict[str, dict[str, str]]:
    """config_id -> configuration, from the table beside a dump."""
    path = doc.path.with_name(CONFIGS)
    where = str(doc.path)
    if not path.is_file():
        found, expected = (
            f"rows that name their configuration by number, and no {CONFIGS} beside them",
            f"{CONFIGS} in the same folder",
        )
        raise InputRefused.one(where, found, expected, f"put {CONFIGS} of the same dump into {Path(where).parent}")
    table = open_result(path)
    if not isinstance(table.data, list) or not {"id", "hardware", "model"} <= set(table.data):
        raise InputRefused.one(
            str(path), "no table with id, hardware and model", "the configurations of the dump", "export it again"
        )
    at = table.data.index("id")
    kept = [(i, name) for i, name in enumerate(table.data) if name in _KEEP and name != "config_id"]
    return {
        cells[at]: {name: cells[i] for i, name in kept} for _, cells in table.rows() if len(cells) == len(table.data)
    }
