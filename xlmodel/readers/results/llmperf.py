"""llmperf: the `_summary.json` of `token_benchmark_ray.py`; times are seconds.

Its inter-token latency is the end-to-end time / output tokens. Interactivity = (output tokens - 1) / (median end-to-end time - median
time to first token), which leaves the first token out and takes medians of different requests.
Throughput = output tokens per second x (input + output length) / output length, since the file counts output tokens only.
"""

from collections.abc import Iterator

from xlmodel.readers.results.derive import WHOLE, Found, Pace, all_have, day_of, each_object, leftover, measured
from xlmodel.readers.results.document import Document
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.taker import Taker

TOOL = "llmperf"
TOKENIZER = "llmperf counts tokens with the tokenizer of Llama, whatever the model"
_FLAT = "results_end_to_end_latency_s_quantiles_p50"


def fits(doc: Document) -> bool:
    """Whether the file is a summary of llmperf."""
    return all_have(doc, ("num_concurrent_requests",), ("results", "results_mean_output_throughput_token_per_s", _FLAT))


def read(doc: Document) -> Iterator[Found]:
    """Each summary in the file."""
    return each_object(doc, _run)


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    nested = run.get("results") is not None

    def take(*steps: str) -> float | None:
        return run.above(".".join(("results", *steps)) if nested else "_".join(("results", *steps)))

    def ms(name: str) -> float | None:
        value = take(name, "quantiles", "p50")
        return value and value * 1000

    def count(name: str) -> int | None:
        return run.whole(f"results.{name}" if nested else f"results_{name}")

    into, out = take("number_input_tokens", "mean"), take("number_output_tokens", "mean")
    output = take("mean_output_throughput_token_per_s")
    if output is not None and not (into and out):
        raise Unusable(
            "no input and output lengths", "the lengths beside the output throughput", "run llmperf again to its end"
        )
    extra = [TOKENIZER]
    completed, failed = count("num_completed_requests"), count("number_errors")
    e2e, first, pace = ms("end_to_end_latency_s"), ms("ttft_s"), ms("inter_token_latency_s")
    mean_e2e = take("end_to_end_latency_s", "mean")
    minute = take("num_completed_requests_per_min")
    rest = leftover(e2e, first, out, "median")
    return measured(
        doc,
        TOOL,
        [rest, Pace(pace, "1 / median inter_token_latency_s", WHOLE)],
        place=place,
        version=run.text("version"),
        throughput=output * (into + out) / out if output and into and out else None,
        counted="mean_output_throughput_token_per_s x (input + output length) / output length",
        output_throughput=output,
        input_length=into,
        output_length=out,
        concurrency=run.above("num_concurrent_requests"),
        mean_concurrency=minute / 60 * mean_e2e if minute and mean_e2e else None,
        completed=completed,
        failed=failed,
        duration=completed / minute * 60 if completed and minute else None,
        ttft_ms=first,
        model=run.text("model"),
        measured=day_of(run.text("date")),
        doubts=extra,
    )
