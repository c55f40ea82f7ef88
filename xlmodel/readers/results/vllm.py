"""vLLM `bench serve`: the JSON of a run, runs appended to one file, and the CSV or JSON of a sweep.

Interactivity = 1000 / median_tpot_ms: per request (end-to-end - first token) / (output tokens - 1), so without the first token.
Throughput = total_token_throughput: input and output tokens of the completed requests over the duration, of the whole server.
median_itl_ms is the time between two chunks of the stream, which may carry several tokens, and is taken last.
"""

from collections.abc import Iterator

from xlmodel.readers.results.derive import (
    CHUNKS,
    MEAN_FOR_MEDIAN,
    NO_STREAM,
    Found,
    Pace,
    all_have,
    day_of,
    each,
    each_object,
    leftover,
    little,
    measured,
    table,
)
from xlmodel.readers.results.document import CSV, Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.measurement_doubts import disagree
from xlmodel.readers.results.taker import Taker

TOOL = "vLLM bench serve"
_RATES = ("total_token_throughput", "output_throughput", "request_throughput")
_COUNTS = ("total_input_tokens", "total_output_tokens")
_PACES = (
    "median_tpot_ms", "mean_tpot_ms", "p50_tpot_ms", "median_tpot", "median_itl_ms", "mean_itl_ms", "median_e2el_ms",
    "num_prompts",
)  # fmt: skip


def fits(doc: Document) -> bool:
    """Whether the file is one of vLLM."""
    if doc.kind == CSV:
        return {"completed", "duration"} <= set(doc.data) and bool({*_RATES, *_COUNTS} & set(doc.data))
    return all_have(doc, ("completed",), (*_RATES, *_COUNTS), _PACES)


def read(doc: Document) -> Iterator[Found]:
    """Each run of the file."""
    if doc.kind == CSV:
        return each(doc, table(doc), lambda run, place: _run(doc, run, place))
    return each_object(doc, _run)


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    if not run.number("completed"):
        raise Unusable(
            "no completed request", "completed requests", "look at the errors of the load test, and run it again"
        )
    if run.text("run_number").startswith("-"):
        raise Unusable("a warm-up run", "a measured run", "leave it out: the sweep itself does not count it")
    completed = run.whole("completed") or 0
    tokens_in, tokens_out = run.number("total_input_tokens"), run.number("total_output_tokens")
    duration = run.above("duration")
    if "total_output_tokens" not in run.data and "output_throughput" not in run.data:
        raise Unusable("a run without output tokens", "a run that generates text", "give a run of a generating model")
    total, counted = run.above("total_token_throughput"), "total_token_throughput"
    summed = (
        (tokens_in + tokens_out) / duration if tokens_in is not None and tokens_out is not None and duration else None
    )
    if total is None:
        total, counted = summed, "(total_input_tokens + total_output_tokens) / duration"
    asked, failed = run.whole("num_prompts"), run.whole("failed")
    if failed is None and asked is not None and asked >= completed:
        failed = asked - completed
    out = tokens_out / completed if tokens_out else None
    rate = run.above("request_throughput") or (completed / duration if duration else None)
    e2e, first = run.above("mean_e2el_ms"), run.above("mean_ttft_ms")
    seconds = run.above("median_tpot")
    extra = list(disagree(total, summed, "total throughput and the tokens over the duration differ"))
    if not run.above("median_ttft_ms", "mean_ttft_ms", "median_ttft"):
        extra.append(NO_STREAM)
    if not run.above("max_concurrency") and run.text("request_rate").casefold() in ("inf", "infinity"):
        extra.append("all requests were sent at once, without a limit on those in flight: no steady state")
    if run.text("ramp_up_strategy"):
        extra.append("the rate of requests went up during the run: different loads in one number")
    if run.above("spec_decode_acceptance_rate"):
        extra.append("with speculative decoding: say which kind, since curves with and without it differ")
    if duration and tokens_out and run.above("output_throughput"):
        extra += disagree(
            run.above("output_throughput"),
            tokens_out / duration,
            "output throughput and the tokens over the duration differ",
        )
    median_first = run.number("median_ttft_ms")
    return measured(
        doc,
        TOOL,
        [
            Pace(run.above("median_tpot_ms", "p50_tpot_ms"), "1000 / median_tpot_ms"),
            Pace(seconds and seconds * 1000, "1 / median_tpot (s)"),
            Pace(run.above("mean_tpot_ms"), "1000 / mean_tpot_ms", MEAN_FOR_MEDIAN),
            leftover(run.above("median_e2el_ms"), median_first, out, "median"),
            leftover(e2e, first, out, "mean"),
            Pace(run.above("median_itl_ms"), "1000 / median_itl_ms", CHUNKS),
            Pace(run.above("mean_itl_ms"), "1000 / mean_itl_ms", CHUNKS),
        ],
        e2e_ms=e2e or run.above("median_e2el_ms"),
        pace_ms=run.above("mean_tpot_ms") if e2e else run.above("median_tpot_ms"),
        first_ms=first if e2e else median_first,
        place=place,
        throughput=total,
        counted=counted,
        output_throughput=run.above("output_throughput")
        or (tokens_out / duration if tokens_out and duration else None),
        input_length=tokens_in / completed if tokens_in else None,
        output_length=out,
        concurrency=run.above("max_concurrency", "max_concurrent_requests"),
        mean_concurrency=little(rate, e2e),
        request_rate=run.above("request_rate"),
        completed=completed,
        failed=failed,
        duration=duration,
        ttft_ms=median_first or run.above("mean_ttft_ms") or (run.above("median_ttft") or 0.0) * 1000 or None,
        ttft_mean=not median_first and bool(run.above("mean_ttft_ms")),
        gpus=_gpus(run),
        model=run.text("model_id"),
        framework="vLLM" if run.text("backend", "endpoint_type").startswith("vllm") else "",
        measured=day_of(run.text("date")),
        doubts=extra,
    )


def _gpus(run: Taker) -> int | None:
    """GPUs, where the parameters of the server stand beside a run of a sweep."""
    sizes = [run.whole(f"{kind}_parallel_size", f"{kind}-parallel-size") for kind in ("tensor", "pipeline", "data")]
    return (sizes[0] or 1) * (sizes[1] or 1) * (sizes[2] or 1) if any(sizes) else None
