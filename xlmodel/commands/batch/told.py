"""What a batch tells: progress on the way, then a line and the key figures of each row, as CSV and as a workbook."""

import csv
import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from xlmodel.commands.batch.destination import BUILT, FAILED, KEPT, Destination, Made, counts
from xlmodel.commands.batch.worker import FIGURES
from xlmodel.readers.accounts import SUMMARY

REPORT = "report.csv"
SHOWN = 10  # failed rows on a terminal; the report has all
_HEADER = ("name", "line", "state", "file", "bytes", "seconds", *FIGURES, "failing_checks", "problem")


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar with rate and time left on a terminal, and nothing elsewhere; call it once a book."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console  # noqa: PLC0415 - loads when used
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("books"), BarColumn(), MofNCompleteColumn(), rate, TextColumn("left:"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), speed_estimate_period=120) as shown:
        task = shown.add_task("books", total=total, rate="")

        def step() -> None:
            speed = shown.tasks[0].speed
            shown.update(task, advance=1, rate=f"{speed * 60:,.1f} a minute" if speed else "")

        yield step


def write_results(rows: Sequence[Made], place: Destination, title: str, date: str) -> None:
    """Write the report and the summary workbook beside the books."""
    from xlmodel.sheets.batch_summary import summary  # noqa: PLC0415 - heavy modules load when used
    from xlmodel.version import __version__  # noqa: PLC0415
    from xlmodel.xlsx.package import write  # noqa: PLC0415

    place.put(REPORT, _csv(rows).encode())
    target = io.BytesIO()
    write(summary([_facts(row) for row in rows], title, date), target, version=__version__)
    place.put(f"{SUMMARY}.xlsx", target.getvalue())


def facts(rows: Sequence[Made], place: Destination) -> dict[str, Any]:
    """The same for JSON."""
    return {"output": place.address, "counts": counts(rows), "books": [_facts(row) for row in rows]}


def text(rows: Sequence[Made], place: Destination, seconds: float) -> str:
    """What was made, in a few lines."""
    from xlmodel.commands.console import count_of, wrapped  # noqa: PLC0415

    count = counts(rows)
    lines = [
        f"{count_of(len(rows), 'book')} in {place.address}: "
        + ", ".join(f"{number:,} {state}" for state, number in count.items())
    ]
    spent = sum(row.seconds for row in rows if row.state != KEPT)
    each = f", {spent / count[BUILT]:.2f} s for a book in its worker" if count[BUILT] else ""
    checks = [row.name for row in rows if row.failing]
    failed = [row for row in rows if row.state == FAILED]
    for word, said in (
        ("Time", f"{seconds:,.1f} s{each}"),
        *((("Checks", f"fail in {len(checks):,}: {', '.join(checks[:SHOWN])}"),) if checks else ()),
        *(("Failed", f"{row.name} (line {row.line}): {row.problem}") for row in failed[:SHOWN]),
        (
            "Next",
            f"open {SUMMARY}.xlsx there, or {REPORT}; the same command again makes only what is missing or changed",
        ),
    ):
        lines += wrapped(f"  {word:<9} ", said)
    return "\n".join(lines)


def _facts(row: Made) -> dict[str, Any]:
    file = "" if row.state == FAILED else f"{row.name}.xlsx"
    found = {name: row.figures.get(name) for name in FIGURES}
    start = {
        "name": row.name,
        "line": row.line,
        "state": row.state,
        "file": file,
        "bytes": row.bytes,
        "seconds": row.seconds,
    }
    return {**start, **found, "failing_checks": "; ".join(row.failing), "problem": row.problem}


def _csv(rows: Sequence[Made]) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, _HEADER)
    writer.writeheader()
    writer.writerows(map(_facts, rows))
    return target.getvalue()
