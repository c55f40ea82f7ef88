"""GuideLLM: the JSON (or YAML) report with its benchmarks, of the old schema (to 0.6) and the new one (from 0.7).

Interactivity = 1000 / inter_token_latency_ms, successful requests, median: per request without the first token. Its
time_per_output_token_ms includes the first token and is only a last resort.
Throughput = tokens_per_second, successful requests, mean: prompt and output tokens of the whole server.
Requests that were cut off when time was up count neither as completed nor as failed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from xlmodel.readers.results.derive import (
    MEAN_FOR_MEDIAN,
    WHOLE,
    Found,
    Pace,
    day_of,
    each,
    leftover,
    measured,
    objects,
)
from xlmodel.readers.results.document import Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.measurement_doubts import disagree
from xlmodel.readers.results.taker import Taker

TOOL = "GuideLLM"
CUT = 0.1  # share of the requests that were cut off


def fits(doc: Document) -> bool:
    """Whether the file is a report of GuideLLM."""
    found = [item for _, item in objects(doc)[:1]]
    runs = found[0].get("benchmarks") if found else None
    return isinstance(runs, list) and all(isinstance(run, dict) and "metrics" in run for run in runs[:3]) and bool(runs)


def read(doc: Document) -> Iterator[Found]:
    """Each benchmark of the report."""
    reports = [(place, Taker(item)) for place, item in objects(doc)]
    runs = (
        (f"{place} benchmark {i}".strip(), (report, run))
        for place, report in reports
        for i, run in enumerate(report.takers("benchmarks"), 1)
    )
    pairs = dict(runs)
    return each(
        doc,
        ((place, run) for place, (_, run) in pairs.items()),
        lambda run, place: _run(doc, pairs[place][0], run, place),
    )


def _run(doc: Document, report: Taker, run: Taker, place: str) -> Measurement:
    metrics = run.at("metrics")

    def good(name: str, *statistics: str) -> float | None:
        return metrics.above(*(f"{name}.successful.{statistic}" for statistic in statistics))

    def pace(name: str, *statistics: str, doubt: str = "") -> Pace:
        return Pace(good(name, *statistics), f"1000 / {name} (successful, {statistics[0]})", doubt)

    completed = metrics.whole("request_totals.successful")
    if completed is None:
        completed = run.whole(
            "request_totals.successful",
            "run_stats.requests_made.successful",
            "scheduler_metrics.requests_made.successful",
        )
    if completed is None and metrics.get("inter_token_latency_ms.successful") is None:
        raise Unusable(
            "no successful requests in metrics",
            "metrics of the successful requests",
            "give the report that GuideLLM saved as JSON",
        )
    failed = metrics.whole("request_totals.errored")
    if failed is None:
        failed = run.whole(
            "request_totals.errored", "run_stats.requests_made.errored", "scheduler_metrics.requests_made.errored"
        )
    cut = metrics.whole("request_totals.incomplete") or run.whole("request_totals.incomplete") or 0
    into, out = good("prompt_token_count", "mean"), good("output_token_count", "mean")
    requests = good("requests_per_second", "mean")
    total, counted = good("tokens_per_second", "mean"), "tokens_per_second (successful, mean)"
    summed = requests * (into + out) if requests and into and out else None
    if total is None:
        total, counted = summed, "requests_per_second x (prompt + output tokens), successful, means"
    extra = list(disagree(total, summed, "tokens per second, and requests per second with their lengths"))
    if completed and cut > CUT * (completed + cut):
        extra.append(f"{cut:,} of {completed + cut:,} requests were cut off at the end; their tokens do not count")
    if _no_warmup(run):
        extra.append("no warm-up was left out of the measurement")
    latency = good("request_latency", "median"), good("request_latency", "mean")
    e2e = [value and value * 1000 for value in latency]
    return measured(
        doc,
        TOOL,
        [
            pace("inter_token_latency_ms", "median", "percentiles.p50"),
            pace("inter_token_latency_ms", "mean", doubt=MEAN_FOR_MEDIAN),
            leftover(e2e[0], good("time_to_first_token_ms", "median"), out, "median"),
            pace("time_per_output_token_ms", "median", doubt=WHOLE),
        ],
        e2e_ms=e2e[1],
        pace_ms=good("inter_token_latency_ms", "mean"),
        first_ms=good("time_to_first_token_ms", "mean"),
        place=place,
        version=report.text("metadata.guidellm_version"),
        throughput=total,
        counted=counted,
        output_throughput=good("output_tokens_per_second", "mean"),
        input_length=into,
        output_length=out,
        concurrency=_streams(run),
        mean_concurrency=good("request_concurrency", "mean"),
        request_rate=_strategy(run).above("rate"),
        completed=completed,
        failed=failed,
        duration=run.above("duration"),
        ttft_ms=good("time_to_first_token_ms", "median"),
        model=_model(report, run),
        measured=_day(run),
        doubts=extra,
    )


def _strategy(run: Taker) -> Taker:
    """How requests were sent, wherever this version keeps it."""
    paths = ("config.strategy", "scheduler.strategy", "args.strategy")
    return next((run.at(path) for path in paths if run.get(path) is not None), Taker({}))


def _streams(run: Taker) -> float | None:
    strategy = _strategy(run)
    kind = strategy.text("type_", "kind")
    if kind == "synchronous":
        return 1.0
    return strategy.above("streams", "max_concurrency") if kind in ("concurrent", "throughput") else None


def _no_warmup(run: Taker) -> bool:
    """Whether the report says that nothing was left out at the start."""
    config = run.at("config")
    if "warmup" in config.data:
        return not (config.above("warmup.value", "warmup.percent") or isinstance(config.data["warmup"], int | float))
    args = run.at("args")
    return "warmup_number" in args.data and not args.above("warmup_number", "warmup_duration")


def _model(report: Taker, run: Taker) -> str:
    return run.text("config.backend.model", "worker.backend_model", "benchmarker.backend.model") or report.text(
        "config.spec.backend.model", "args.model"
    )


def _day(run: Taker) -> str:
    """The day of the start, which is in seconds since 1970."""
    start = run.above("start_time", "run_stats.start_time")
    known = start and 1e9 < start < 4e9
    return day_of(datetime.fromtimestamp(start, UTC).isoformat()) if known and start else ""
