"""Kubernetes inference-perf: `stage_N_lifecycle_metrics.json` and the summary; all times are seconds.

Interactivity = 1 / median of time_per_output_token: (last - first token) / (output tokens - 1). The normalised time per output
token includes the time to first token and is only a last resort. Early versions counted the tokens of a stream twice, which halves the
time per output token; where it contradicts the end-to-end time, what is left of that after the first token stands for it. Throughput = total_tokens_per_sec of the successful requests.
"""

from collections.abc import Iterator

from xlmodel.readers.results.derive import (
    MEAN_FOR_MEDIAN,
    WHOLE,
    Found,
    Pace,
    all_have,
    each_object,
    leftover,
    little,
    measured,
)
from xlmodel.readers.results.document import Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.measurement_doubts import disagree
from xlmodel.readers.results.taker import Taker

TOOL = "inference-perf"
TWICE = 0.75  # share of the end-to-end time that the parts add up to when tokens count twice: about a half
COUNTED_TWICE = (
    "the file's own time per output token is too short for its end-to-end time: tokens of the stream counted twice"
)
POOLED = "a summary of all stages: different loads in one number; give the file of each stage"


def fits(doc: Document) -> bool:
    """Whether the file is one of inference-perf."""
    return all_have(doc, ("load_summary",), ("successes",))


def read(doc: Document) -> Iterator[Found]:
    """Each report in the file."""
    return each_object(doc, _run)


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    good, load = run.at("successes"), run.at("load_summary")
    if good.get("latency") is None and good.get("time_per_output_token") is not None:
        raise Unusable(
            "the metrics of the server",
            "the requests as the tester saw them",
            "give the lifecycle metrics of the same stage",
        )
    completed = good.whole("count")

    def ms(name: str, statistic: str) -> float | None:
        seconds = good.above(f"latency.{name}.{statistic}")
        return seconds and seconds * 1000

    def timed(name: str, statistic: str, doubt: str = "") -> Pace:
        return Pace(ms(name, statistic), f"1 / {statistic} {name} (s)", doubt)

    rates = good.at("throughput")
    into, out = good.above("prompt_len.mean", "prompt_tokens.mean"), good.above("output_len.mean", "output_tokens.mean")
    output, total = rates.above("output_tokens_per_sec"), rates.above("total_tokens_per_sec")
    counted = "total_tokens_per_sec"
    summed = (
        output + (rates.above("input_tokens_per_sec") or 0.0)
        if output and rates.above("input_tokens_per_sec")
        else None
    )
    if total is None:
        total, counted = summed, "input_tokens_per_sec + output_tokens_per_sec"
    extra = list(disagree(total, summed, "total tokens per second, and input plus output"))
    cached, every = good.above("prompt_tokens.cached"), good.above("prompt_tokens.total")
    if cached and every:
        extra.append(f"{cached / every:.0%} of the input tokens came from the cache and count as input")
    if load.number("requested_rate") is None and load.number("concurrency") is None:
        extra.append(POOLED)
    requests, e2e = rates.above("requests_per_sec"), ms("request_latency", "mean")
    first, pace = ms("time_to_first_token", "mean"), ms("time_per_output_token", "mean")
    rest = leftover(ms("request_latency", "median"), ms("time_to_first_token", "median"), out, "median")
    twice = bool(e2e and first and pace and out and rest.ms and first + pace * (out - 1) < TWICE * e2e)
    if twice:
        rest, pace = rest._replace(doubt=f"{COUNTED_TWICE} ({pace:.4g} ms)"), None
    return measured(
        doc,
        TOOL,
        [
            *([rest] if twice else []),
            timed("time_per_output_token", "median"),
            timed("time_per_output_token", "mean", MEAN_FOR_MEDIAN),
            rest,
            timed("normalized_time_per_output_token", "median", WHOLE),
        ],
        e2e_ms=e2e,
        pace_ms=pace,
        first_ms=first,
        place=place,
        throughput=total,
        counted=counted,
        output_throughput=output,
        input_length=into,
        output_length=out,
        concurrency=load.above("concurrency"),
        mean_concurrency=little(requests, e2e),
        request_rate=load.above("requested_rate"),
        completed=completed,
        failed=run.whole("failures.count"),
        duration=run.above("benchmark_time_seconds") or (completed / requests if completed and requests else None),
        ttft_ms=ms("time_to_first_token", "median"),
        doubts=extra,
    )
