"""What NVIDIA AIPerf and genai-perf share: the same metrics with statistics, as JSON objects or as a CSV of two sections.

Interactivity = 1000 / p50 of the inter-token latency: per request (end-to-end - first token) / (output tokens - 1). The mean
of the tokens per second of each user is another number (a mean of reciprocals) and is not used.
Throughput = output token throughput + request throughput x mean input length, or the total where the file states it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xlmodel.readers.results.derive import MEAN_FOR_MEDIAN, Pace, leftover, little, measured
from xlmodel.readers.results.document import Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.measurement_doubts import disagree
from xlmodel.readers.results.taker import Taker, shown

_UNIT = re.compile(r"(.*?)\s*\(([^()]*)\)")
_MS = {"ms": 1.0, "msec": 1.0, "milliseconds": 1.0, "s": 1e3, "sec": 1e3, "seconds": 1e3, "us": 1e-3, "ns": 1e-6}


def sections(doc: Document) -> dict[str, dict[str, Any]]:
    """Metric -> statistics of a CSV with a section of distributions and one of single values.

    Raises:
        Unusable: a metric twice, as in two exports pasted together.
    """
    found: dict[str, dict[str, Any]] = {}
    header = list(doc.data)
    for _, cells in doc.rows():
        named = [cell.strip() for cell in cells]
        if not any(named):
            continue
        if named[0] == "Metric":
            header = named
            continue
        if header[0] != "Metric" or len(named) == 1:
            continue
        if len(named) != len(header):
            fix = "fetch the export again: a shifted cell is another statistic"
            raise Unusable(f"{len(named)} cells for {shown(named[0])}", f"{len(header)} cells as in its header", fix)
        split = _UNIT.fullmatch(named[0])
        name, unit = (split[1], split[2]) if split else (named[0], "")
        key = re.sub(r"[^a-z0-9]+", "_", name.casefold()).strip("_")
        if key in found:
            raise Unusable(f"the metric {shown(name)} twice", "one export in a file", "split the file")
        stats: dict[str, Any] = dict(zip(header[1:], named[1:], strict=False))
        found[key] = stats | {"unit": unit, "avg": stats.get("avg", stats.get("Value"))}
    return found


def is_export(data: Mapping[str, Any]) -> bool:
    """Whether an object holds these metrics."""
    return any(
        isinstance(data.get(name), dict) and "unit" in data[name] for name in ("request_latency", "request_throughput")
    )


def run_of(doc: Document, tool: str, metrics: Taker, place: str, **facts: Any) -> Measurement:
    """The measurement of one export.

    Args:
        doc: the file.
        tool: its name.
        metrics: metric -> statistics with a unit.
        place: where in the file.
        facts: what the settings in the file say; `doubts` among them.

    Raises:
        Unusable: see `xlmodel.readers.results.derive.measured`.
    """
    itl, e2e, first = (
        _time(metrics, name) for name in ("inter_token_latency", "request_latency", "time_to_first_token")
    )
    output = metrics.above("output_token_throughput.avg")
    requests = metrics.above("request_throughput.avg")
    into = metrics.above("input_sequence_length.avg")
    out = metrics.above("output_sequence_length.avg", "output_token_count.avg")
    total, counted = metrics.above("total_token_throughput.avg"), "total_token_throughput"
    summed = output + requests * into if output and requests and into else None
    if total is None:
        total, counted = summed, "output_token_throughput + request_throughput x input_sequence_length"
    extra = [
        *facts.pop("doubts", ()),
        *disagree(total, summed, "total throughput, and output throughput with the input lengths"),
        *disagree(
            output, requests and out and requests * out, "output throughput, and requests with the output lengths"
        ),
    ]
    completed = metrics.whole("request_count.avg")
    failed = metrics.whole("error_request_count.avg", "error_count.avg")
    duration = metrics.above("benchmark_duration.avg")
    return measured(
        doc,
        tool,
        [
            Pace(itl("p50"), "1000 / p50 of inter_token_latency"),
            Pace(itl("avg"), "1000 / avg of inter_token_latency", MEAN_FOR_MEDIAN),
            leftover(e2e("p50"), first("p50"), out, "p50"),
            leftover(e2e("avg"), first("avg"), out, "avg"),
        ],
        e2e_ms=e2e("avg"),
        pace_ms=itl("avg"),
        first_ms=first("avg"),
        place=place,
        throughput=total,
        counted=counted,
        output_throughput=output,
        input_length=into,
        output_length=out,
        mean_concurrency=little(requests, e2e("avg")),
        completed=completed,
        failed=failed,
        duration=duration and duration * _factor(metrics, "benchmark_duration", "s") / 1e3,
        ttft_ms=first("p50") or first("avg"),
        ttft_mean=not first("p50") and bool(first("avg")),
        doubts=extra,
        **facts,
    )


def _factor(metrics: Taker, name: str, default: str) -> float:
    unit = metrics.text(f"{name}.unit") or default
    if unit.casefold() not in _MS:
        raise Unusable(f"{name} in {shown(unit)}", "ms, s, us or ns", "export the results again")
    return _MS[unit.casefold()]


def _time(metrics: Taker, name: str) -> Any:
    """Statistic -> ms of a time."""
    factor = _factor(metrics, name, "ms") if metrics.get(name) is not None else 1.0

    def read(statistic: str) -> float | None:
        value = metrics.above(f"{name}.{statistic}")
        return value and value * factor

    return read


def loads(config: Taker, *paths: str) -> float | None:
    """A setting of the load, which may be a list of one."""
    found = (value for value in _alone(config, paths) if not isinstance(value, bool))
    return next((load for value in found if (load := Taker({"x": value}).above("x"))), None)


def first_text(config: Taker, *paths: str) -> str:
    """A text setting, which may be a list of one."""
    found = next((value for value in _alone(config, paths) if isinstance(value, str)), "")
    return Taker({"x": found}).text("x")


def _alone(config: Taker, paths: Iterable[str]) -> Iterator[int | float | str]:
    """The numbers and texts at these paths, each perhaps in a list of one."""
    for path in paths:
        found = config.get(path)
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if isinstance(found, int | float | str):
            yield found
