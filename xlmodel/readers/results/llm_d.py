"""llm-d benchmark report, versions 0.1 and 0.2: YAML or JSON around the results of another tester, with units beside each number.

Interactivity = 1000 / p50 of time_per_output_token, of inter_token_latency where GuideLLM made the load (whose time per output
token includes the first token). Throughput = total tokens per second. GPUs = accelerators x replicas of the inference engines.
"""

import re
from collections.abc import Iterator
from typing import Any

from xlmodel.readers.results.derive import (
    CHUNKS,
    MEAN_FOR_MEDIAN,
    Found,
    Pace,
    all_have,
    day_of,
    each_object,
    leftover,
    little,
    measured,
)
from xlmodel.readers.results.document import Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.taker import Taker, shown

TOOL = "llm-d benchmark report"
_SPAN = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
_UNITS = {"ms": 1.0, "ms/token": 1.0, "s": 1e3, "s/token": 1e3, "seconds": 1e3}


def fits(doc: Document) -> bool:
    """Whether the file is such a report."""
    return all_have(doc, ("version",), ("scenario", "run"), ("metrics", "results"))


def read(doc: Document) -> Iterator[Found]:
    """Each report in the file."""
    return each_object(doc, _run)


def _run(doc: Document, report: Taker, place: str) -> Measurement:
    old = report.get("metrics") is not None
    body = report.at("metrics") if old else report.at("results.request_performance.aggregate")
    load = report.at("scenario.load")
    tester = load.text("name") if old else load.text("standardized.tool")
    out = body.above("requests.output_length.mean")

    def ms(name: str, statistic: str) -> float | None:
        at = f"latency.{name}"
        value = body.above(f"{at}.{statistic}")
        if value is None:
            return None
        unit = body.text(f"{at}.units")
        if unit.casefold() not in _UNITS:
            raise Unusable(f"{name} in {shown(unit)}", "ms, s, ms/token or s/token", "write the unit of the numbers")
        return value * _UNITS[unit.casefold()]

    name = "inter_token_latency" if "guidellm" in tester.casefold() else "time_per_output_token"
    other = "inter_token_latency"
    rates = ("throughput.total_tokens_per_sec", "throughput.total_token_rate.mean")
    outputs = ("throughput.output_tokens_per_sec", "throughput.output_token_rate.mean")
    inputs = ("throughput.input_tokens_per_sec", "throughput.input_token_rate.mean")
    requests = body.above("throughput.requests_per_sec", "throughput.request_rate.mean")
    output, into, total = body.above(*outputs), body.above(*inputs), body.above(*rates)
    all_requests, failed = body.whole("requests.total"), body.whole("requests.failures")
    e2e = ms("request_latency", "mean")
    extra = (
        []
        if tester
        else ["the report does not name its tester: with GuideLLM the time per output token includes the first one"]
    )
    return measured(
        doc,
        TOOL,
        [
            Pace(ms(name, "p50"), f"1000 / p50 of {name}"),
            Pace(ms(name, "mean"), f"1000 / mean of {name}", MEAN_FOR_MEDIAN),
            Pace(ms(other, "p50"), f"1000 / p50 of {other}", CHUNKS),
            Pace(ms(other, "mean"), f"1000 / mean of {other}", CHUNKS),
            leftover(ms("request_latency", "p50"), ms("time_to_first_token", "p50"), out, "p50"),
        ],
        e2e_ms=e2e,
        pace_ms=ms(name, "mean"),
        first_ms=ms("time_to_first_token", "mean"),
        place=place,
        version=report.text("version"),
        throughput=total or (output + into if output and into else None),
        counted="total tokens per second" if total else "input + output tokens per second",
        output_throughput=output,
        input_length=body.above("requests.input_length.mean"),
        output_length=out,
        concurrency=load.above("standardized.concurrency", "args.max_concurrency"),
        mean_concurrency=little(requests, e2e),
        request_rate=load.above("standardized.rate_qps", "args.request_rate", "args.qps_values"),
        completed=None
        if all_requests is None
        else max(all_requests - (failed or 0) if tester != "vllm-benchmark" else all_requests, 0),
        failed=failed,
        duration=body.above("time.duration") or _seconds(report.text("run.time.duration")),
        ttft_ms=ms("time_to_first_token", "p50") or ms("time_to_first_token", "mean"),
        measured=day_of(str(report.get("run.time.start") or "")),
        doubts=extra,
        **(_stack_old(report) if old else _stack(report)),
    )


def _seconds(text: str) -> float | None:
    """Seconds of a span such as PT1M30S."""
    found = _SPAN.fullmatch(text)
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


def _stack_old(report: Taker) -> dict[str, Any]:
    """The servers of a report 0.1."""
    cards = list(report.takers("scenario.host.accelerator"))
    counts = [card.whole("count") for card in cards]
    kinds = report.get("scenario.host.type")
    return {
        "gpus": sum(filter(None, counts)) if cards and all(counts) else None,
        "platform": _one({card.text("model") for card in cards}),
        "model": report.text("scenario.model.name"),
        "precision": report.text("scenario.model.quantization"),
        "disaggregated": "yes" if isinstance(kinds, list) and "prefill" in kinds else "no" if kinds else "",
    }


def _stack(report: Taker) -> dict[str, Any]:
    """The servers of a report 0.2."""
    parts = [part.at("standardized") for part in report.takers("scenario.stack")]
    engines = [part for part in parts if part.text("kind") == "inference_engine"]
    counts = [(engine.whole("accelerator.count") or 0) * (engine.whole("replicas") or 1) for engine in engines]
    roles = {engine.text("role") for engine in engines}
    return {
        "gpus": sum(counts) if counts and all(counts) else None,
        "platform": _one({engine.text("accelerator.model") for engine in engines}),
        "model": _one({engine.text("model.name") for engine in engines}),
        "disaggregated": "" if not engines else "yes" if "prefill" in roles else "no",
    }


def _one(texts: set[str]) -> str:
    """The text that all share; a mix has no name."""
    return next(iter(texts)) if len(texts) == 1 else ""
