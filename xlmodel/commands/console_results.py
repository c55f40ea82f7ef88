"""What `import` prints: the table of measurements, the doubts, what could not be used; and the same for JSON."""

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from xlmodel.commands.console import count_of, shell_word, wrapped
from xlmodel.readers.names import known_names

if TYPE_CHECKING:
    from xlmodel.errors import Problem
    from xlmodel.model.point import Point
    from xlmodel.readers.results.books import Books
    from xlmodel.readers.results.folder import Read
    from xlmodel.readers.results.measurement import Measurement

SHOWN = 60  # measurements on a terminal; the points file and --json have all
REASONS = 30  # of what could not be used
WIDTH = 150


def import_text(output: Path, read: "Read", books: "Books", rest: "list[Problem]") -> str:
    """What was imported, derived from what, and with which doubts."""
    rows, doubts = [], dict[str, int]()
    names = short_names(placed.measurement.file for placed in books.points)
    for placed in books.points[:SHOWN]:
        m = placed.measurement
        marks = [doubts.setdefault(text, len(doubts) + 1) for text in m.doubts]
        said = " ".join(f"[{mark}]" for mark in marks)
        point = placed.point
        assert point is not None
        flying = m.concurrency or m.mean_concurrency
        rows.append(
            [
                f"{names[m.file]} {m.place}".rstrip(),
                m.tool,
                f"{flying:,.4g}" if flying else "-",
                f"{point.interactivity:,.2f}",
                f"{point.throughput:,.1f}",
                f"{m.ttft_ms:,.0f}{' mean' if m.ttft_mean else ''}" if m.ttft_ms else "-",
                m.derived,
                (said + (" OUT" if m.grave else "" if m.include else " include = no")).strip(),
            ]
        )
    out = [placed for placed in books.points if placed.measurement.grave]
    lines = [
        f"Read {count_of(read.files, 'file')}: {count_of(len(books.points), 'measurement')}, {len(rest):,} not used"
    ]
    if read.passed:
        lines[0] += f"; {count_of(read.passed, 'file')} of other kinds passed over"
    if rows:
        head = ["File", "Tool", "In flight", "tok/s/user", "tok/s/GPU", "TTFT ms", "Interactivity from", "Doubts"]
        lines += ["", table(head, rows)]
    if len(books.points) > SHOWN:
        lines.append(f"  and {len(books.points) - SHOWN:,} more in {output}; --json shows all")
    if doubts:
        lines += ["", "Doubts"]
        for text, mark in doubts.items():
            lines += wrapped(f"  [{mark}] ", text)
    if out:
        stay = (
            "contradicts itself and stays out of its curve"
            if len(out) == 1
            else "contradict themselves and stay out of their curves"
        )
        lines += ["", *wrapped("", f"{count_of(len(out), 'measurement')} marked OUT {stay} until include says yes")]
    if own := own_names(placed.point for placed in books.points if placed.point):
        lines += ["", *wrapped("", f"Not among the bundled names, so kept as your own: {'; '.join(own)}")]
    if rest:
        lines += ["", "Not used"]
        for problem in rest[:REASONS]:
            lines += wrapped("  ", str(problem))
        if len(rest) > REASONS:
            lines.append(f"  and {len(rest) - REASONS:,} more; --json shows all")
    if books.points:
        lines += ["", f"Wrote {output}. Next: xlmodel build --points {shell_word(output)}"]
    return "\n".join(lines)


def short_names(files: Iterable[str]) -> dict[str, str]:
    """Each file by its name, with as many of its folders as tell it from others of that name.

    >>> short_names(["runs/c8/result.json", "runs/c16/result.json", "runs/all.json"])["runs/c8/result.json"]
    'c8/result.json'
    """
    tails = {file: _tails(PurePath(file)) for file in files}
    shared = Counter(tail for found in tails.values() for tail in found)
    return {file: next((tail for tail in found if shared[tail] == 1), file) for file, found in tails.items()}


def _tails(path: PurePath) -> list[str]:
    """The name, then with its folder, and so on."""
    return [PurePath(*path.parts[-n:]).as_posix() for n in range(1, len(path.parts) + 1)]


def own_names(points: "Iterable[Point]") -> list[str]:
    """Platforms and models that the bundled data do not know, with the nearest name that they do."""
    found = {(what, getattr(point, what)): None for point in points for what in ("platform", "model")}
    said = []
    for what, name in found:
        known = known_names(what)
        if name not in known:
            near = get_close_matches(name, known, 1)
            said.append(f"{what} {name}" + (f" (is it {near[0]}?)" if near else ""))
    return said


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A table that reads the same in a pipe."""
    from rich.console import Console  # noqa: PLC0415 - loads when used
    from rich.table import Table  # noqa: PLC0415

    shown = Table(box=None, pad_edge=False, header_style="")
    for i, name in enumerate(head):
        shown.add_column(name, justify="right" if 1 < i < 6 else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(text.replace("[", "\\[") for text in row))
    page = io.StringIO()
    Console(file=page, width=WIDTH, color_system=None, force_terminal=False, highlight=False).print(shown)
    return "\n".join(line.rstrip() for line in page.getvalue().rstrip("\n").split("\n"))


def import_facts(output: Path, read: "Read", books: "Books", rest: "list[Problem]") -> dict[str, Any]:
    """The same for JSON."""
    return {
        "output": str(output) if books.points else None,
        "files": read.files,
        "passed_over": read.passed,
        "measurements": [
            measurement_facts(placed.measurement) | {"point": asdict(placed.point)} for placed in books.points if placed.point
        ],
        "not_used": [asdict(problem) for problem in rest],
    }  # fmt: skip


def measurement_facts(m: "Measurement") -> dict[str, Any]:
    """A measurement for JSON."""
    return m.facts() | {"doubts": list(m.doubts)}
