"""The project's own points: a CSV as in templates/points.csv, or the same table on a sheet of an .xlsx workbook.

Interactivity and throughput per GPU are taken as they are.
"""

from collections.abc import Iterator

from xlmodel.errors import InputRefused, Problem
from xlmodel.model.point import Point
from xlmodel.readers.points import POINTS, REQUIRED
from xlmodel.readers.results import workbook_rows
from xlmodel.readers.results.derive import Found
from xlmodel.readers.results.document import CSV, WORKBOOK, Document
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.measurement_doubts import with_doubts

TOOL = "points"
_ALIKE = (
    "platform", "model", "precision", "framework", "speculative", "disaggregated", "measured", "snapshot", "source", "note", "include",
)  # fmt: skip
_K = {"1k": 1024.0, "8k": 8192.0}


def fits(doc: Document) -> bool:
    """Whether the file is a table of points, or nearly one: what it lacks is then told by the name of the column."""
    if doc.kind != CSV:
        return doc.kind == WORKBOOK
    names = {name.casefold() for name in doc.data}
    measured = set(REQUIRED[-2:]) & names
    return len(measured) == 2 or (len(measured) == 1 and len(set(REQUIRED) & names) > len(REQUIRED) / 2)


def read(doc: Document) -> Iterator[Found]:
    """Each row.

    Raises:
        InputRefused: a column or a cell is not usable; all problems at once.
    """
    if doc.kind == CSV:
        points, word = POINTS.by_line(doc.path), "line"
    else:
        table = workbook_rows.table(doc.path, REQUIRED[-2:])
        if table is None:
            found = Problem(
                str(doc.path),
                "no sheet with these columns",
                "the columns " + ", ".join(REQUIRED),
                "copy templates/points.csv into a sheet",
            )
            raise InputRefused([found])
        points, word = POINTS.by_line(doc.path, table=table), "row"
    for line, point in points.items():
        yield _of(doc, point, f"{word} {line}")


def _of(doc: Document, point: Point, place: str) -> Measurement:
    into, out = point.workload.split("/")
    return with_doubts(
        Measurement(
            str(doc.path),
            TOOL,
            point.interactivity,
            "as in the file",
            place=place,
            digest=doc.digest,
            per_gpu=point.throughput,
            throughput=point.throughput * point.gpus if point.gpus else None,
            counted="as in the file",
            nominal=(_K[into], _K[out]),
            concurrency=point.concurrency or None,
            ttft_ms=point.ttft_ms,
            gpus=point.gpus or None,
            **{name: getattr(point, name) for name in _ALIKE},
        )
    )
