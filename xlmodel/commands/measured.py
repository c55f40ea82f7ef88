"""Result files given to build, refresh and `xlmodel.read_results`: to points or measurements, or refused as a whole."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.errors import InputRefused, Problem, Round
from xlmodel.model.point import Point
from xlmodel.readers.results import folder
from xlmodel.readers.results.books import Books
from xlmodel.readers.results.placing import Placer, Said

if TYPE_CHECKING:
    import pandas as pd

LENIENT = "or take what can be used: xlmodel import {files} -o points.csv, then --points points.csv"


def measured_points(paths: Iterable[Path] | None, about: str = "") -> list[Point]:
    """The points of result files; the same measurement counts once.

    Args:
        paths: files and folders.
        about: what no file says, such as ``platform=H200, gpus=8, precision=FP8, snapshot=2026-11``.

    Raises:
        InputRefused: a file or a run cannot be used, or something is missing; all problems at once.
    """
    paths = list(paths or ())
    if not paths:
        raise InputRefused.one("--about", "no --results", "the result files that it is about", "add --results FILE")
    said = said_about(about)
    read = folder.read_all(paths)
    placer, books = Placer(), Books()
    problems = [problem for problem in read.problems if not problem.found.startswith("the same content")]
    lacking: dict[str, list[str]] = {}
    for m, noted in read.measurements:
        placed = placer.place(m, said.over(noted))
        books.add(placed)
        problems += [placed.problem] if placed.problem else []
        for name in placed.missing:
            lacking.setdefault(name, []).append(m.where)
    lenient = LENIENT.format(files=shlex.join(map(str, paths)))
    for name, where in lacking.items():
        fix = f"say it: --about '{name}=...', or {name} = ... in results.toml beside the files; {lenient}"
        problems.append(Problem(", ".join(where[:5]), f"no {name}", f"the {name} of these measurements", fix))
    if problems:
        last = problems[-1]
        fix = last.fix if lenient in last.fix else f"{last.fix.rstrip('.')}; {lenient}"
        raise InputRefused([*problems[:-1], Problem(last.where, last.found, last.expected, fix)])
    far_points(books)
    return [placed.point for placed in books.points if placed.point]


def doubts_of(points: Iterable[Point]) -> list[str]:
    """What the notes of imported points have against them, each with its source, those out of their curve first."""
    told = []
    for point in sorted(points, key=lambda point: point.include):
        kept = [part.removeprefix("doubt: ") for part in point.note.split("; ") if part.startswith("doubt: ")]
        out = "" if point.include else " (out of its curve)"
        told += [f"{point.source.split(', ')[0]}{out}: {text}" for text in kept]
    return told


def far_points(books: Books) -> None:
    """Doubt points that are far from the bundled frontier of their platform: a miscounted deployment shows there."""
    from xlmodel.calc.values import ExcelError  # noqa: PLC0415
    from xlmodel.commands.quick import far_from  # noqa: PLC0415
    from xlmodel.model.market import Market  # noqa: PLC0415
    from xlmodel.readers import bundled  # noqa: PLC0415
    from xlmodel.readers.assemble import gather  # noqa: PLC0415

    known = bundled.available_models()
    wanted = {
        p.point.model for p in books.points if p.point and p.point.model in known and p.measurement.tool != "InferenceX"
    }
    if not wanted:
        return
    market = Market(gather(models=sorted(wanted)))

    def doubts(point: Point) -> Iterable[str]:
        if point.model not in wanted:
            return ()
        rate = market.throughput(point.platform, point.model, point.interactivity, point.workload)
        return (
            ()
            if isinstance(rate, ExcelError)
            else far_from(point.throughput / rate, point.platform, point.interactivity)
        )

    books.doubt(doubts)


def said_about(text: str) -> Said:
    """What an option --about says.

    >>> said_about("platform=H200, gpus=8").gpus
    8

    Raises:
        InputRefused: it is no list of name=value, or a value cannot be that.
    """
    asked, values = Round(), dict[str, str]()
    names = list(Said.__slots__)
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, mark, value = (piece.strip() for piece in part.partition("="))
        if not mark or name not in names or not value:
            expected = "name=value, with a name of " + ", ".join(names)
            asked.add([Problem("--about", repr(part[:60]), expected, "write such as --about 'platform=H200, gpus=8'")])
        else:
            values[name] = value
    with asked.step():
        said = folder.options(values)
    asked.end()
    return said


def results_frame(paths: Iterable[Path], said: Said) -> "pd.DataFrame":
    """The measurements as a table; see `xlmodel.read_results`."""
    import pandas as pd  # noqa: PLC0415 - loads when used

    read = folder.read_all(paths)
    if not read.measurements:
        raise InputRefused(read.problems)
    rows = []
    for m, noted in read.measurements:
        use = said.over(noted)
        facts = m.facts() | {"doubts": "; ".join(m.doubts)}
        facts["gpus"] = use.gpus or m.gpus
        facts["throughput_per_gpu"] = m.throughput_on(facts["gpus"])
        for name in ("platform", "model", "precision", "snapshot"):
            facts[name] = getattr(use, name) or facts[name]
        facts.pop("nominal")
        rows.append(facts)
    frame = pd.DataFrame(rows)
    frame.attrs["not_used"] = [str(problem) for problem in read.problems]
    return frame
