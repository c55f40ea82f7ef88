"""genai-perf: `profile_export_genai_perf.json` and `.csv`, which writes thousands as "1,234.5". Which number became what: see `nvidia`."""

from collections.abc import Iterator

from xlmodel.readers.results import nvidia
from xlmodel.readers.results.derive import Found, each, objects
from xlmodel.readers.results.document import CSV, JSON, LINES, Document
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.taker import Taker

TOOL = "genai-perf"


def fits(doc: Document) -> bool:
    """Whether the file is one of genai-perf."""
    if doc.kind == CSV:
        return doc.data[0] == "Metric" and "avg" in doc.data
    found = [item for _, item in objects(doc)[:3]] if doc.kind in (JSON, LINES) else []
    return bool(found) and all(map(nvidia.is_export, found))


def read(doc: Document) -> Iterator[Found]:
    """Each export in the file."""
    if doc.kind == CSV:
        run = lambda _, place: nvidia.run_of(doc, TOOL, Taker(nvidia.sections(doc), thousands=True), place)  # noqa: E731
        return each(doc, [("", Taker({}))], run)
    exports = ((place, Taker(item, thousands=True)) for place, item in objects(doc))
    return each(doc, exports, lambda run, place: _run(doc, run, place))


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    config = run.at("input_config")
    known = ("perf_analyzer.warmup_request_count", "warmup_request_count")
    warmed = nvidia.loads(config, *known)
    said = any(config.get(path) is not None for path in known)
    return nvidia.run_of(
        doc,
        TOOL,
        run,
        place,
        version=config.text("version"),
        concurrency=nvidia.loads(config, "perf_analyzer.stimulus.concurrency", "concurrency"),
        request_rate=nvidia.loads(config, "perf_analyzer.stimulus.request_rate", "request_rate"),
        model=nvidia.first_text(config, "model_names", "model", "formatted_model_name"),
        doubts=["no warm-up before the measurement, as the settings in the file say"] if said and not warmed else [],
    )
