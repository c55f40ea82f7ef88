"""Definitions: the words of load tests and of this workbook, each with its formula at work on a run."""

from typing import Any

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.form import Form
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.expression import Expr
from xlmodel.model import load_terms
from xlmodel.sheets.frame import headers, start, widths

NAME = "Definitions"
_TERMS = (
    ("TTFT", "time to first token: from sending a request to its first output token"),
    ("TPOT", "time per output token of one request, without the first: (end-to-end time - TTFT) / (output tokens - 1)"),
    (
        "ITL",
        "inter-token latency: the time between two answers of the stream, which may carry several tokens; some tools give TPOT this name",
    ),
    ("Interactivity", "output tokens per second per user: 1000 / median TPOT in ms"),
    ("Output throughput", "output tokens per second of the whole deployment"),
    (
        "Throughput",
        "input and output tokens per second per GPU, over all GPUs of the deployment: what every cost here divides by",
    ),
    ("Frontier", "the points of a curve that no other point beats in both interactivity and throughput"),
    ("Cost", "price of a GPU-hour x 1,000,000 / (3,600 x throughput x utilization), in USD per million tokens"),
)


_RUN: tuple[tuple[str, str, units.Unit, int, str], ...] = (
    ("in_flight", "Requests in flight", units.IN_FLIGHT, 64, "concurrency of the load test; a request in flight is one user"),
    ("read", "Input tokens of a request", units.TOKENS_PER_REQUEST, 8192, "as sent"),
    ("output", "Output tokens of a request", units.TOKENS_PER_REQUEST, 1024, "as answered"),
    ("end_to_end", "End-to-end time of a request", units.SECONDS, 40, "median, from sending to the last token"),
    ("first", "Time to first token (TTFT)", units.SECONDS, 4, "median; seconds here, where many files say ms"),
    ("gpus", "GPUs of the deployment", units.WHOLE_GPUS, 8, "all of them: prefill and decode"),
)  # fmt: skip


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    words = "What the words mean, and how one number follows from another."
    sheet = start(ctx, NAME, "control", NAME, words, 5)
    sheet.put(FIRST - 3, 1, "Words", "Heading")
    headers(sheet, FIRST - 1, 1, ("Word", "", "Meaning", "", ""))
    for row, (word, meaning) in enumerate(_TERMS, FIRST):
        sheet.put(row, 1, word, "Strong")
        sheet.put(row, 3, meaning, "Text")
    top = FIRST + len(_TERMS) + 3
    sheet.put(top - 2, 1, "From one to the other: a worked run", "Heading")
    headers(sheet, top - 1, 1, ("A load test", "Unit", "Value", "", "How it follows"))
    form = Form(ctx.graph, sheet, "run", top)
    c: dict[str, Any] = {
        key: form.calc(key, label, unit, value, note, style="Data") for key, label, unit, value, note in _RUN
    }

    def follows(key: str, label: str, unit: units.Unit, content: Expr, note: str) -> None:
        c[key] = form.calc(key, label, unit, content, note)

    follows("tpot", "Time per output token (TPOT)", units.TPOT, load_terms.time_per_output_token(c["end_to_end"], c["first"], c["output"]),
            "(end-to-end time - TTFT) / (output tokens - 1)")  # fmt: skip
    follows("speed", "Interactivity", units.TOKENS_PER_USER, load_terms.interactivity(c["tpot"]), "1000 / TPOT")
    follows("requests", "Requests answered", units.REQUEST_RATE, load_terms.requests_per_second(c["in_flight"], c["end_to_end"]),
            "requests in flight / end-to-end time")  # fmt: skip
    follows("made", "Output throughput", units.TOKEN_RATE, load_terms.output_throughput(c["requests"], c["output"]),
            "requests a second x output tokens")  # fmt: skip
    follows("total", "Throughput", units.TOKENS_PER_GPU, load_terms.total_throughput(c["requests"], c["read"], c["output"], c["gpus"]),
            "requests a second x (input + output tokens) / GPUs")  # fmt: skip
    follows("most", "What these users can take", units.TOKENS_PER_GPU,
            load_terms.possible_throughput(c["in_flight"], c["speed"], c["read"], c["output"], c["gpus"]),
            "requests in flight x interactivity x (input + output) / output / GPUs: 99 % of public rows keep within 1.1 times it")  # fmt: skip
    follows("used", "Throughput over that", units.SHARE, c["total"] / c["most"],
            "above 110 %: a whole server taken for one GPU, or another count of tokens")  # fmt: skip
    widths(sheet, (34, 20, 14, 4, 96))
    sheet.freeze = f"A{FIRST}"
    return sheet
