"""aiconfigurator: `pareto.csv` and `best_config_topn.csv`, which predict and do not measure.

Interactivity = 1000 / tpot (ms), as its column tokens/s/user. Throughput = seq/s/gpu x (isl + osl): tokens/s/gpu counts output tokens only.
"""

from collections.abc import Iterator

from xlmodel.readers.results.derive import Found, Pace, each, measured, table
from xlmodel.readers.results.document import CSV, Document
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.taker import Taker

TOOL = "aiconfigurator"
PREDICTED = "predicted by a model of the hardware, not measured"


def fits(doc: Document) -> bool:
    """Whether the file is a table of aiconfigurator."""
    return doc.kind == CSV and {"tokens/s/gpu", "isl", "osl"} <= set(doc.data)


def read(doc: Document) -> Iterator[Found]:
    """Each row."""
    return each(doc, table(doc), lambda row, place: _row(doc, row, place))


def _row(doc: Document, row: Taker, place: str) -> Measurement:
    into, out = row.above("isl"), row.above("osl")
    sequences, output = row.above("seq/s/gpu"), row.above("tokens/s/gpu")
    per_gpu, counted = None, "seq/s/gpu x (isl + osl)"
    if sequences and into and out:
        per_gpu = sequences * (into + out)
    elif output and into and out:
        per_gpu, counted = output * (into + out) / out, "tokens/s/gpu x (isl + osl) / osl"
    gpus = row.whole("num_total_gpus")
    user = row.above("tokens/s/user")
    split = "(p)tp" in row.data
    extra = [PREDICTED]
    if row.above("prefix"):
        extra.append(f"{row.above('prefix'):g} input tokens of a request come from the cache and count as input")
    return measured(
        doc,
        TOOL,
        [Pace(row.above("tpot"), "1000 / tpot (ms)"), Pace(user and 1000 / user, "tokens/s/user")],
        place=place,
        version=row.text("(d)version" if split else "version"),
        per_gpu=per_gpu,
        throughput=per_gpu * gpus if per_gpu and gpus else None,
        counted=counted,
        output_throughput=output * gpus if output and gpus else None,
        nominal=(into, out) if into and out else None,
        concurrency=row.above("concurrency"),
        ttft_ms=row.above("ttft"),
        gpus=gpus,
        platform=row.text("(d)system" if split else "system").replace("_", " "),
        model=row.text("model"),
        precision=row.text("(d)gemm" if split else "gemm"),
        framework=row.text("(d)backend" if split else "backend"),
        disaggregated="yes" if split else "no",
        doubts=extra,
    )
