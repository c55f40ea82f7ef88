"""Reader of measured points: the bundled files and a user's own share one form."""

from collections.abc import Hashable, Iterable
from dataclasses import fields
from pathlib import Path

from xlmodel.model.point import DECIMALS, DISAGGREGATED, PRECISIONS, SPECULATIVE, WORKLOADS, Point
from xlmodel.readers import names
from xlmodel.readers.cell_readers import (
    TEXT_LENGTH,
    BadCell,
    Memo,
    Reader,
    choice,
    free_text,
    milliseconds,
    note_bad_cells,
    number,
    period,
    spellings,
    whole,
)
from xlmodel.readers.csv_file import Row, arranged, read_rows
from xlmodel.readers.problems import Problems
from xlmodel.units import COUNT, MILLISECONDS, TOKENS_PER_GPU, TOKENS_PER_USER

COLUMNS = tuple(field.name for field in fields(Point))
REQUIRED, OPTIONAL = COLUMNS[:7], COLUMNS[7:]
OTHER_NAMES = {
    **dict.fromkeys(("toksuser", "tokuser", "speed", "tpsuser", "tpsperuser"), "interactivity"),
    **dict.fromkeys(("toksgpu", "tokgpu", "tps", "tpsgpu", "tpspergpu"), "throughput"),
    **dict.fromkeys(("gpu", "hardware", "accelerator", "chip"), "platform"), "llm": "model", "ttft": "ttft_ms", "quantization": "precision",
    **dict.fromkeys(("date", "day", "when"), "measured"), **dict.fromkeys(("url", "link"), "source"), "comment": "note", "remark": "note",
}  # fmt: skip
AGAIN = ("the point", "each point once", "delete one of the two rows: a measurement counts once")
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


def read_points(path: Path) -> list[Point]:
    """Read a points file; see `points_by_line`."""
    return list(points_by_line(path).values())


def points_by_line(path: Path, until: str = "") -> dict[int, Point]:
    """Read a points file, each point with the line it begins in; interactivity and throughput are rounded to 6 decimals.

    Args:
        path: the CSV file.
        until: last day that a measurement may be dated, in ISO form; empty for none.

    Raises:
        InputRefused: the file or any cell in it is unusable; all problems at once.
    """
    problems = Problems(str(path))
    return _points(read_rows(path, REQUIRED, OPTIONAL, problems, OTHER_NAMES), problems, until)


def points_in(path: Path, table: Iterable[Row]) -> dict[int, Point]:
    """The points of a table that was read from something else than a CSV file: its header, then its rows.

    Args:
        path: where the table is from, as problems name it.
        table: row number and cells.

    Raises:
        InputRefused: as `points_by_line`.
    """
    problems = Problems(str(path))
    return _points(arranged(table, REQUIRED, OPTIONAL, problems, OTHER_NAMES), problems, "", "row")


def _points(rows: Iterable[Row], problems: Problems, until: str, word: str = "line") -> dict[int, Point]:
    memos = [Memo(read) for read in readers(until).values()]
    points: dict[int, Point] = {}
    seen: dict[Hashable, int] = {}
    for line, row in rows:
        try:
            values = [memo[text] for memo, text in zip(memos, row, strict=False)]  # a row may carry one cell more
        except BadCell:
            note_bad_cells(memos, COLUMNS, row, line, problems, word)
            continue
        first = seen.setdefault(tuple(values[:7]), line)
        if first != line:
            what, expected, fix = AGAIN
            problems.add(f"{word} {line}", f"{what} of {word} {first} again", expected, fix)
        points[line] = Point(*values)
    of = dict(zip(COLUMNS, memos, strict=True))
    problems.raise_if_any({*of["model"].values(), *of["platform"].values(), *of["snapshot"].values()})
    return points


def identity(point: Point) -> Hashable:
    """What two points must not share: their curve, interactivity and throughput."""
    return point.group, point.precision, point.interactivity, point.throughput
