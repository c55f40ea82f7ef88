"""TensorRT-LLM `trtllm-bench`: the JSON of --report_json, or the report that it prints.

Interactivity = 1000 / P50 of TPOT, which needs --streaming and leaves the first token out; the average stands for it in short reports.
Throughput = total token throughput, or request throughput x (input + output length). "Total Output Throughput", "Per GPU Output
Throughput" and, in reports before 0.18, "Token Throughput" count output tokens only.
"""

import re
from collections.abc import Iterator

from xlmodel.readers.results.derive import MEAN_FOR_MEDIAN, Found, Pace, all_have, each, each_object, measured
from xlmodel.readers.results.document import CSV, TEXT, Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.measurement_doubts import disagree
from xlmodel.readers.results.taker import Taker

TOOL = "trtllm-bench"
NO_STREAM = "the rate of whole requests stands for the interactivity: it includes the first token, so it is too low"
_LINE = re.compile(
    r"^[ \t]*((?:\[(?:TPOT|TTFT)\] )?[A-Za-z0-9][^:=\n]{1,60}?)[ \t]*:[ \t]+(\S[^\n]{0,120}?)[ \t]*$", re.MULTILINE
)
_START = re.compile(r"^=\s*(?:PYTORCH BACKEND|ENGINE DETAILS|[A-Z]+ BACKEND)", re.MULTILINE)
_CARD = re.compile(r"MACHINE DETAILS[ \t]*\n=+\n([^\n,]{1,80}), memory")
_MARK = "Request Throughput (req/sec)"


def fits(doc: Document) -> bool:
    """Whether the file is a report of trtllm-bench."""
    if doc.kind in (TEXT, CSV):
        return _MARK in doc.text
    return all_have(doc, ("performance",), ("request_info",))


def read(doc: Document) -> Iterator[Found]:
    """Each report in the file."""
    if doc.kind in (TEXT, CSV):
        return each(doc, _reports(doc.text), lambda run, place: _printed(doc, run, place))
    return each_object(doc, _run)


def _reports(text: str) -> list[tuple[str, Taker]]:
    """The lines of each report in a log, and the line it begins in."""
    starts = [found.start() for found in _START.finditer(text)]
    starts = [0, *starts[1:]] if starts else [0]
    parts = [(text[a:b], text.count("\n", 0, a) + 1) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    many = len([part for part, _ in parts if _MARK in part]) > 1
    reports = []
    for part, line in parts:
        if _MARK not in part:
            continue
        lines: dict[str, str] = {}
        for found in _LINE.finditer(part):
            lines.setdefault(_name(found[1]), found[2])
        card = _CARD.search(part)
        lines["card"] = card[1] if card else ""
        if part.count(_MARK) > 1:
            lines = {"twice": "yes"}
        reports.append((f"report in line {line}" if many else "", Taker(lines)))
    return reports


def _name(said: str) -> str:
    """A label without its unit and marks, so that versions agree: "Total Latency (ms)" -> "total latency"."""
    return re.sub(r"\s+", " ", re.sub(r"\([^)]*\)|(?<=\S)\s*\[[^\]]*\]", "", said.casefold())).strip()


def _printed(doc: Document, run: Taker, place: str) -> Measurement:
    if run.data.get("twice"):
        raise Unusable(
            "two performance overviews without their settings", "one report", "give each report as a file of its own"
        )
    into, out = run.above("average input length"), run.above("average output length")
    requests = run.above("request throughput")
    total, counted = run.above("total token throughput"), "Total Token Throughput"
    summed = requests * (into + out) if requests and into and out else None
    if total is None:
        total, counted = summed, "Request Throughput x (Average Input + Output Length)"
    output = run.above("total output throughput", "token throughput")
    tensor, pipe = run.whole("tp size"), run.whole("pp size")
    user = run.above("per user output throughput")
    quantization = run.text("quantization")
    return measured(
        doc,
        TOOL,
        [
            Pace(run.above("[tpot] p50"), "1000 / [TPOT] P50"),
            Pace(run.above("average time-per-output-token"), "1000 / average TPOT", MEAN_FOR_MEDIAN),
            Pace(user and 1000 / user, "Per User Output Throughput", NO_STREAM),
        ],
        e2e_ms=run.above("average request latency"),
        pace_ms=run.above("average time-per-output-token"),
        first_ms=run.above("average time-to-first-token"),
        place=place,
        version=run.text("tensorrt llm version", "tensorrt-llm version"),
        throughput=total,
        counted=counted,
        output_throughput=output,
        input_length=into,
        output_length=out,
        mean_concurrency=run.above("number of concurrent requests"),
        completed=run.whole("number of requests"),
        ttft_ms=run.above("[ttft] p50", "average time-to-first-token"),
        ttft_mean=run.above("[ttft] p50") is None,
        gpus=tensor * (pipe or 1) if tensor else None,
        platform=run.text("card"),
        model=run.text("model"),
        precision="" if quantization.casefold() == "none" else quantization,
        framework="TensorRT-LLM",
        doubts=disagree(total, summed, "total token throughput, and requests with their lengths"),
    )


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    rates, asked, world = run.at("performance"), run.at("request_info"), run.at("world_info")
    into, out = asked.above("avg_input_length"), asked.above("avg_output_length")
    requests = rates.above("request_throughput_req_s")
    total, counted = rates.above("system_total_throughput_tok_s"), "system_total_throughput_tok_s"
    summed = requests * (into + out) if requests and into and out else None
    if total is None:
        total, counted = summed, "request_throughput_req_s x (avg_input_length + avg_output_length)"
    tensor = world.whole("tp_size")
    user = rates.above("output_throughput_per_user_tok_s")
    stream = run.at("streaming_metrics")
    mode = run.text("decoding_stats.mode")
    return measured(
        doc,
        TOOL,
        [
            Pace(stream.above("tpot_percentiles.p50"), "1000 / tpot_percentiles.p50"),
            Pace(stream.above("avg_tpot_ms"), "1000 / avg_tpot_ms", MEAN_FOR_MEDIAN),
            Pace(user and 1000 / user, "output_throughput_per_user_tok_s", NO_STREAM),
        ],
        e2e_ms=rates.above("avg_request_latency_ms"),
        pace_ms=stream.above("avg_tpot_ms"),
        first_ms=stream.above("avg_ttft_ms"),
        place=place,
        version=run.text("engine.version"),
        throughput=total,
        counted=counted,
        output_throughput=rates.above("system_output_throughput_tok_s"),
        input_length=into,
        output_length=out,
        mean_concurrency=asked.above("avg_num_concurrent_requests"),
        completed=asked.whole("num_requests"),
        duration=(ms := rates.above("total_latency_ms")) and ms / 1000,
        ttft_ms=stream.above("ttft_percentiles.p50", "avg_ttft_ms"),
        ttft_mean=stream.above("ttft_percentiles.p50") is None and stream.above("avg_ttft_ms") is not None,
        gpus=world.whole("world_size") or (tensor * (world.whole("pp_size") or 1) if tensor else None),
        platform=run.text("machine.name"),
        model=run.text("engine.model"),
        precision=run.text("engine.quantization"),
        framework="TensorRT-LLM",
        speculative="MTP" if "mtp" in mode.casefold() else "not recorded" if mode else "none",
        doubts=disagree(total, summed, "total token throughput, and requests with their lengths"),
    )
