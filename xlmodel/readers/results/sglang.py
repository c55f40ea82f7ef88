"""SGLang `bench_serving`: a JSON object a line.

Interactivity = 1000 / median_tpot_ms, without the first token. Throughput = total_throughput, or input_throughput + output_throughput.
`concurrency` is the mean of the requests in flight; the most is max_concurrency. A rate without limit is written as Infinity.
"""

from collections.abc import Iterator

from xlmodel.readers.results.derive import (
    CHUNKS,
    MEAN_FOR_MEDIAN,
    NO_STREAM,
    Found,
    Pace,
    all_have,
    each_object,
    leftover,
    measured,
)
from xlmodel.readers.results.document import Document
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.measurement_doubts import disagree
from xlmodel.readers.results.taker import Taker

TOOL = "SGLang bench_serving"
_OWN = ("total_output_tokens_retokenized", "median_e2e_latency_ms", "mean_e2e_latency_ms")


def fits(doc: Document) -> bool:
    """Whether the file is one of SGLang."""
    return all_have(doc, ("completed",), _OWN)


def read(doc: Document) -> Iterator[Found]:
    """Each run of the file."""
    return each_object(doc, _run)


def _run(doc: Document, run: Taker, place: str) -> Measurement:
    completed = run.whole("completed") or 0
    tokens_in, tokens_out = run.number("total_input_tokens"), run.number("total_output_tokens")
    duration = run.above("duration")
    into, out = run.above("input_throughput"), run.above("output_throughput")
    total, counted = run.above("total_throughput"), "total_throughput"
    if total is None and into is not None and out is not None:
        total, counted = into + out, "input_throughput + output_throughput"
    summed = (
        (tokens_in + tokens_out) / duration if tokens_in is not None and tokens_out is not None and duration else None
    )
    if total is None:
        total, counted = summed, "(total_input_tokens + total_output_tokens) / duration"
    length = tokens_out / completed if tokens_out and completed else None
    again = run.above("total_output_tokens_retokenized")
    extra = [
        *disagree(total, summed, "total throughput and the tokens over the duration differ"),
        *disagree(tokens_out, again, "output tokens, as the server and as the tester counted them"),
    ]
    if not run.above("median_ttft_ms", "mean_ttft_ms"):
        extra.append(NO_STREAM)
    accept = run.above("accept_length")
    server = run.at("server_info")
    asked = run.whole("num_prompts")
    failed = run.whole("failed")
    return measured(
        doc,
        TOOL,
        [
            Pace(run.above("median_tpot_ms"), "1000 / median_tpot_ms"),
            Pace(run.above("mean_tpot_ms"), "1000 / mean_tpot_ms", MEAN_FOR_MEDIAN),
            leftover(run.above("median_e2e_latency_ms"), run.number("median_ttft_ms"), length, "median"),
            Pace(run.above("median_itl_ms"), "1000 / median_itl_ms", CHUNKS),
        ],
        e2e_ms=run.above("mean_e2e_latency_ms"),
        pace_ms=run.above("mean_tpot_ms"),
        first_ms=run.above("mean_ttft_ms"),
        place=place,
        version=server.text("version"),
        throughput=total,
        counted=counted,
        output_throughput=out,
        input_length=tokens_in / completed if tokens_in and completed else None,
        output_length=length,
        concurrency=run.above("max_concurrency"),
        mean_concurrency=run.above("concurrency"),
        request_rate=None if run.text("request_rate") == "trace" else run.above("request_rate"),
        completed=completed,
        failed=failed if failed is not None else asked - completed if asked and asked >= completed else None,
        duration=duration,
        ttft_ms=run.above("median_ttft_ms"),
        gpus=_gpus(server),
        model=server.text("model_path", "served_model_name") or run.text("model_id", "model"),
        precision=server.text("quantization"),
        framework="SGLang" if run.text("backend").startswith("sglang") else "",
        speculative=""
        if accept is None and "accept_length" not in run.data
        else "none"
        if accept is None
        else "not recorded",
        doubts=[
            *extra,
            *(["with speculative decoding: say which kind, since curves with and without it differ"] if accept else []),
        ],
    )


def _gpus(server: Taker) -> int | None:
    """GPUs of the server that answered, where it described itself; attention over replicas shares the GPUs of tp."""
    tensor = server.whole("tp_size")
    if not tensor:
        return None
    replicas = 1 if server.flag("enable_dp_attention") else server.whole("dp_size") or 1
    return tensor * (server.whole("pp_size") or 1) * replicas
