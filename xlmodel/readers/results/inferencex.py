"""InferenceX: `agg_*.json`, rows of its public API, a database dump as CSV, and the CSV that its dashboard exports.

Interactivity = 1 / median_tpot (s), which leaves the first token out. Throughput per GPU = tput_per_gpu: input and output tokens over
all GPUs. Output throughput of a disaggregated row is per decode GPU, and input throughput per prefill GPU: they do not add up.
GPUs = prefill + decode GPUs of a disaggregated row, else tp x pp x pcp; on other rows the two counts mean the same GPUs.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xlmodel.readers.results import inferencex_tables as tables
from xlmodel.readers.results.derive import MEAN_FOR_MEDIAN, Found, Pace, day_of, each, measured, objects
from xlmodel.readers.results.document import CSV, JSON, LINES, Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.measurement_doubts import disagree
from xlmodel.readers.results.taker import Taker

TOOL = "InferenceX"
UNOFFICIAL = "an unofficial run"
_LENGTHS = re.compile(r"(?:^|[_-])(1k1k|1k8k|8k1k)(?:[_-]|$)")
_K = {"1k": 1024.0, "8k": 8192.0}


def fits(doc: Document) -> bool:
    """Whether the file holds rows of InferenceX."""
    if doc.kind == CSV:
        return tables.fits(doc.data)
    rows = [item for _, item in _rows(doc)[:3]]
    return bool(rows) and all(_is_row(row) for row in rows)


def read(doc: Document) -> Iterator[Found]:
    """Each row; of a dump also those of its table of configurations beside it."""
    if doc.kind == CSV:
        return each(doc, tables.records(doc), lambda row, place: _row(doc, row, place))
    rows = ((place, Taker(_flat(item))) for place, item in _rows(doc))
    return each(doc, rows, lambda row, place: _row(doc, row, place))


def _rows(doc: Document) -> list[tuple[str, dict[str, Any]]]:
    """The rows of the file; an answer of the API may wrap them."""
    found = objects(doc) if doc.kind in (JSON, LINES) else []
    if len(found) == 1:
        for key in ("benchmarks", "data", "rows", "results"):
            rows = found[0][1].get(key)
            if isinstance(rows, list) and rows and isinstance(rows[0], dict) and _is_row(rows[0]):
                extra = {"unofficial": True} if "runInfos" in found[0][1] else {}
                return [(f"row {i}", row | extra) for i, row in enumerate(rows, 1) if isinstance(row, dict)]
    return found


def _is_row(row: Mapping[str, Any]) -> bool:
    metrics = row.get("metrics")
    inside = isinstance(metrics, Mapping) and (
        "tput_per_gpu" in metrics or "median_tpot" in metrics or "median_itl" in metrics
    )
    agentic = isinstance(row.get("request_metrics"), Mapping)
    return ("hw" in row or "hardware" in row) and (inside or "tput_per_gpu" in row or agentic)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the API with its metrics beside the rest."""
    metrics = row.get("metrics")
    return row | metrics if isinstance(metrics, dict) else row


def _row(doc: Document, row: Taker, place: str) -> Measurement:
    kind = row.text("benchmark_type")
    if kind not in ("", "single_turn") or row.get("request_metrics") is not None:
        raise Unusable(
            f"a run of {kind or 'agentic traces'}",
            "a run with input and output of fixed length",
            "leave it out: it has no workload",
        )
    if row.text("error"):
        raise Unusable(f"a failed run ({row.text('error')[:80]})", "a run that ended well", "leave it out")
    split = row.flag("disagg")
    if split is None and row.flag("is_multinode") and row.text("framework").startswith("dynamo"):
        split = True
    gpus = _gpus(row, split)
    per_gpu = row.above("tput_per_gpu")
    tpot = row.above("median_tpot")
    speed = row.above("median_intvty")
    extra = [UNOFFICIAL] if row.flag("unofficial") else []
    if tpot and speed:
        extra += disagree(1 / tpot, speed, "1 / median_tpot and median_intvty differ")
    extra += _uneven(row, split, gpus)
    mean = row.above("mean_tpot")
    seconds = row.above("median_ttft")
    lengths = _lengths(doc, row)
    return measured(
        doc,
        TOOL,
        [
            Pace(tpot and tpot * 1000, "1 / median_tpot (s)"),
            Pace(speed and 1000 / speed, "median_intvty"),
            Pace(mean and mean * 1000, "1 / mean_tpot (s)", MEAN_FOR_MEDIAN),
        ],
        place=place,
        per_gpu=per_gpu,
        throughput=per_gpu * gpus if per_gpu and gpus else None,
        counted="tput_per_gpu, over all GPUs",
        output_throughput=_output(row, split, gpus),
        nominal=lengths,
        concurrency=row.above("conc", "concurrency"),
        ttft_ms=seconds and seconds * 1000,
        gpus=gpus,
        platform=row.text("hw", "hardware"),
        model=row.text("infmax_model_prefix", "model"),
        precision=row.text("precision"),
        framework=row.text("framework"),
        speculative=_speculative(row),
        disaggregated="yes" if split else "no",
        measured=day_of(row.text("date")),
        source=row.text("run_url"),
        doubts=extra,
    )


def _gpus(row: Taker, split: bool | None) -> int | None:
    prefill, decode = row.whole("num_prefill_gpu"), row.whole("num_decode_gpu")
    if split and (prefill or decode):
        return (prefill or 0) + (decode or 0)
    single = row.whole("tp")
    if single:
        return single * (row.whole("pp") or 1) * (row.whole("pcp_size") or 1)
    tensor = row.whole("decode_tp", "prefill_tp")
    if tensor and not split:
        return tensor * (row.whole("decode_pp", "prefill_pp") or 1) * (row.whole("decode_pcp_size") or 1)
    return decode


def _uneven(row: Taker, split: bool | None, gpus: int | None) -> tuple[str, ...]:
    """A doubt when input and output per GPU do not make the total, by either way of counting GPUs."""
    out, into, total = row.above("output_tput_per_gpu"), row.above("input_tput_per_gpu"), row.above("tput_per_gpu")
    if not (out and into and total and gpus) or not disagree(out + into, total, ""):
        return ()
    prefill, decode = row.whole("num_prefill_gpu") or 0, row.whole("num_decode_gpu") or 0
    told = (out * decode + into * prefill) / gpus if split else out + into
    return disagree(told, total, "input and output per GPU make another total than tput_per_gpu")


def _output(row: Taker, split: bool | None, gpus: int | None) -> float | None:
    """Output tokens per second of the whole deployment; None where it cannot be told over which GPUs the file counts."""
    out, into, total = row.above("output_tput_per_gpu"), row.above("input_tput_per_gpu"), row.above("tput_per_gpu")
    if not out or not gpus:
        return None
    if not split:
        return out * gpus
    prefill, decode = row.whole("num_prefill_gpu"), row.whole("num_decode_gpu")
    if into and total and not disagree(out + into, total, ""):  # rows of October 2025 count over all GPUs
        return out * gpus
    return out * decode if decode and prefill else None


def _lengths(doc: Document, row: Taker) -> tuple[float, float] | None:
    into, out = row.above("isl"), row.above("osl")
    if into and out:
        return into, out
    found = _LENGTHS.search(doc.path.stem)
    return (_K[found[1][:2]], _K[found[1][2:]]) if found else None


def _speculative(row: Taker) -> str:
    said = row.text("spec_decoding", "spec_method", "spec_decode").casefold()
    old = row.flag("mtp")
    if said in ("none", "off", "false", "no"):
        return "none"
    if said in ("mtp", "eagle", "eagle3"):
        return "MTP"
    return "not recorded" if said or old is None else "MTP" if old else "none"
