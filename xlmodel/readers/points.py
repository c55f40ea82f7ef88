"""Reader of measured points: the bundled files and a user's own share one form."""

from dataclasses import fields
from operator import attrgetter

from xlmodel.model.point import DECIMALS, DISAGGREGATED, PRECISIONS, SPECULATIVE, WORKLOADS, Point
from xlmodel.readers import names
from xlmodel.readers.cell_readers import (
    TEXT_LENGTH,
    Reader,
    choice,
    free_text,
    milliseconds,
    number,
    period,
    spellings,
    whole,
)
from xlmodel.readers.records import FileKind
from xlmodel.units import COUNT, MILLISECONDS, TOKENS_PER_GPU, TOKENS_PER_USER

COLUMNS = tuple(field.name for field in fields(Point))
REQUIRED = COLUMNS[:7]
OTHER_NAMES = {
    **dict.fromkeys(("toksuser", "tokuser", "speed", "tpsuser", "tpsperuser"), "interactivity"),
    **dict.fromkeys(("toksgpu", "tokgpu", "tps", "tpsgpu", "tpspergpu"), "throughput"),
    **dict.fromkeys(("gpu", "hardware", "accelerator", "chip"), "platform"), "llm": "model", "ttft": "ttft_ms", "quantization": "precision",
    **dict.fromkeys(("date", "day", "when"), "measured"), **dict.fromkeys(("url", "link"), "source"), "comment": "note", "remark": "note",
}  # fmt: skip
YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def readers(until: str = "") -> dict[str, Reader]:
    """The reader of each column, fresh for one file; `until` ends the dates."""
    return {
        "model": names.model(),
        "platform": names.platform(),
        "workload": choice(spellings(WORKLOADS), WORKLOADS),
        "precision": choice(spellings(PRECISIONS, nvfp4="FP4", mxfp4="FP4"), PRECISIONS),
        "snapshot": names.snapshot(),
        "interactivity": number(TOKENS_PER_USER, decimals=DECIMALS),
        "throughput": number(TOKENS_PER_GPU, decimals=DECIMALS),
        "framework": free_text(TEXT_LENGTH),
        "speculative": choice(spellings(SPECULATIVE), SPECULATIVE, empty=SPECULATIVE[0]),
        "disaggregated": choice(spellings(DISAGGREGATED, true="yes", false="no"), DISAGGREGATED, empty="no"),
        "gpus": whole(COUNT),
        "concurrency": whole(COUNT),
        "ttft_ms": milliseconds(MILLISECONDS),
        "measured": period(empty=True, until=until),
        "source": free_text(),
        "include": choice(YES_NO, ("yes", "no"), empty="yes"),
        "note": free_text(),
    }


POINTS = FileKind(
    "points", "interactivity", Point, readers, REQUIRED, OTHER_NAMES,
    identity=attrgetter(*REQUIRED),
    again=lambda _: ("the point", "each point once", "delete one of the two rows: a measurement counts once"),
    names=("model", "platform", "snapshot"),
)  # fmt: skip
read_points = POINTS.read  # interactivity and throughput are rounded to 6 decimals
