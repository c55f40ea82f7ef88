"""NVIDIA AIPerf: `profile_export_aiperf.json` and `.csv`. Which number became what: see `nvidia`."""

from collections.abc import Iterator

from xlmodel.readers.results import nvidia
from xlmodel.readers.results.derive import Found, day_of, each, each_object, objects
from xlmodel.readers.results.document import CSV, JSON, LINES, Document
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.taker import Taker

TOOL = "NVIDIA AIPerf"
_OWN = ("benchmark_duration", "total_isl", "total_osl", "total_output_tokens", "aiperf_version", "was_cancelled")
_OWN_ROWS = ("Benchmark Duration", "Total Output Tokens", "Total Output Sequence Length", "Total Input Sequence Length")


def fits(doc: Document) -> bool:
    """Whether the file is one of AIPerf."""
    if doc.kind == CSV:
        return doc.data[0] == "Metric" and any(mark.encode() in doc.raw for mark in _OWN_ROWS)
    found = [item for _, item in objects(doc)[:3]] if doc.kind in (JSON, LINES) else []
    return bool(found) and all(nvidia.is_export(item) and any(key in item for key in _OWN) for item in found)


def read(doc: Document) -> Iterator[Found]:
    """Each export in the file."""
    if doc.kind == CSV:
        return each(doc, [("", Taker({}))], lambda _, place: nvidia.run_of(doc, TOOL, _table(doc), place))
    return each_object(doc, _run)


def _table(doc: Document) -> Taker:
    return Taker(nvidia.sections(doc), thousands=True)


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    config = run.at("input_config")
    extra = ["the run was cancelled before its end"] if run.flag("was_cancelled") else []
    warmed = nvidia.loads(
        config, "loadgen.warmup_request_count", "loadgen.warmup_duration", "loadgen.warmup_num_sessions"
    )
    if config.data and not warmed:
        extra.append("no warm-up before the measurement, as far as the settings in the file say")
    return nvidia.run_of(
        doc,
        TOOL,
        run,
        place,
        version=run.text("aiperf_version"),
        concurrency=nvidia.loads(config, "loadgen.concurrency"),
        request_rate=nvidia.loads(config, "loadgen.request_rate"),
        model=nvidia.first_text(config, "endpoint.model_names"),
        measured=day_of(run.text("start_time")),
        doubts=extra,
    )
