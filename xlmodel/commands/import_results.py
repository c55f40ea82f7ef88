"""The command `import`: result files of load testers to a points file, and what could not be used."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlmodel.commands.terminal import errors, tell
from xlmodel.errors import InputRefused, Problem

if TYPE_CHECKING:
    from xlmodel.readers.results.books import Books
    from xlmodel.readers.results.folder import Read
    from xlmodel.readers.results.placing import Placed, Said

EXAMPLES = {
    "platform": "H200", "model": "DeepSeek-R1", "precision": "FP8", "snapshot": "2026-11", "gpus": "8", "workload": "1k/1k",
}  # fmt: skip
_ASK = {
    "platform": "Platform, such as H200", "model": "Model, such as DeepSeek-R1", "precision": "Precision: FP4, FP8, BF16 or INT4",
    "snapshot": "Snapshot: a label for these measurements, such as 2026-11", "gpus": "GPUs of the whole deployment",
    "workload": "Workload: 8k/1k, 1k/1k or 1k/8k",
}  # fmt: skip
TOLD = 12  # measurements that a refusal names


def import_results(
    files: Annotated[
        list[Path], typer.Argument(readable=False, help="Result files of load testers, or folders of them.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", readable=False, help="Points file to write, as build --points reads it.", metavar="CSV"
        ),
    ],
    platform: Annotated[str, typer.Option(help="Platform that was measured, such as H200.", metavar="NAME")] = "",
    gpus: Annotated[str, typer.Option(help="GPUs of the whole deployment.", metavar="NUMBER")] = "",
    model: Annotated[str, typer.Option(help="Model, such as DeepSeek-R1.", metavar="NAME")] = "",
    precision: Annotated[str, typer.Option(help="FP4, FP8, BF16 or INT4.", metavar="WORD")] = "",
    snapshot: Annotated[str, typer.Option(help="Label of these measurements, such as 2026-11.", metavar="LABEL")] = "",
    workload: Annotated[str, typer.Option(help="8k/1k, 1k/1k or 1k/8k, by default from the lengths.")] = "",
    framework: Annotated[str, typer.Option(help="Serving software.", metavar="TEXT")] = "",
    speculative: Annotated[str, typer.Option(help="Speculative decoding: none or MTP.", metavar="WORD")] = "",
    disaggregated: Annotated[str, typer.Option(help="yes or no.", metavar="WORD")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Turn results of vLLM, SGLang, AIPerf, GuideLLM and others into a points file; nothing is converted without saying so.

    What no file holds comes from these options, from a results.toml in the folder, or from questions on a terminal.
    """
    with errors():
        from xlmodel.commands import arguments, console_results  # noqa: PLC0415 - heavy modules load when used
        from xlmodel.commands.drafts import check_writable  # noqa: PLC0415
        from xlmodel.readers.results import folder  # noqa: PLC0415

        given = {
            "platform": platform, "gpus": gpus, "model": model, "precision": precision, "snapshot": snapshot, "workload": workload,
            "framework": framework, "speculative": speculative, "disaggregated": disaggregated,
        }  # fmt: skip
        said = folder.options(given)
        arguments.check_output(output, [file for file in files if file.is_file()], ".csv", force=force)
        check_writable(output, ".csv")
        with bar() as step:
            read = folder.read_all([file for file in files if file != output], step)
        books, rest = placed_all(read, said, files, ask=sys.stdin.isatty() and sys.stderr.isatty())
        if books.points:
            write_points(output, books)
        facts, text = console_results.import_facts, console_results.import_text
        tell(read, as_json, lambda read: facts(output, read, books, rest), lambda read: text(output, read, books, rest))
        if not books.points:
            raise InputRefused.one(
                "results", "no measurement that can be used", "at least one", "see the reasons above"
            )


def placed_all(read: "Read", said: "Said", files: list[Path], *, ask: bool) -> "tuple[Books, list[Problem]]":
    """Every measurement in its place; what is missing is asked for, or refused with the command that says it.

    Args:
        read: what the files gave.
        said: what options say.
        files: the files and folders, as they were named.
        ask: whether somebody can answer questions.

    Raises:
        InputRefused: something is missing that nobody says.
    """
    from xlmodel.commands.measured import far_points  # noqa: PLC0415
    from xlmodel.readers.results.books import Books  # noqa: PLC0415
    from xlmodel.readers.results.placing import Placer  # noqa: PLC0415

    placer = Placer()
    while True:
        found = [placer.place(m, said.over(noted)) for m, noted in read.measurements]
        missing = list(dict.fromkeys(name for placed in found for name in placed.missing))
        if not missing:
            break
        if not ask:
            raise InputRefused(_lacking(found, missing, said, files))
        said = _answered(missing, said)
    books = Books()
    for placed in found:
        books.add(placed)
    far_points(books)
    return books, [*read.problems, *(placed.problem for placed in found if placed.problem), *books.again]


def _lacking(found: "list[Placed]", missing: list[str], said: "Said", files: list[Path]) -> list[Problem]:
    """What no file says, and the complete command that says it."""
    known = [f"--{name} {quote(str(getattr(said, name)))}" for name in _ASK if getattr(said, name)]
    wanted = [f"--{name} {quote(EXAMPLES[name])}" for name in missing]
    command = " ".join(["xlmodel import", *map(quote, map(str, files)), *known, *wanted, "-o points.csv"])
    problems = []
    for name in missing:
        lack = [placed.measurement.where for placed in found if name in placed.missing]
        where = ", ".join(lack[:TOLD]) + (f" and {len(lack) - TOLD:,} more" if len(lack) > TOLD else "")
        fix = f"say it, with values of yours: {command}; or write {name} = ... into results.toml beside the files"
        asked = _ASK[name] if _ASK[name][:2].isupper() else _ASK[name][:1].lower() + _ASK[name][1:]
        problems.append(Problem(where, f"no {name}", asked, fix))
    return problems


def _answered(missing: list[str], said: "Said") -> "Said":
    """The answers of somebody at the terminal."""
    from xlmodel.readers.cell_readers import BadCell  # noqa: PLC0415
    from xlmodel.readers.results.folder import checked  # noqa: PLC0415

    for name in missing:
        while True:
            answer = typer.prompt(_ASK[name], err=True)
            try:
                said = replace(said, **{name: checked(name, answer)})
            except BadCell as bad:
                typer.echo(f"  expected {bad.expected}; {bad.fix}", err=True)
                continue
            break
    return said


def write_points(output: Path, books: "Books") -> None:
    """Write the points file: complete or not at all."""
    import csv  # noqa: PLC0415
    from dataclasses import fields  # noqa: PLC0415

    from xlmodel.commands.drafts import draft_of  # noqa: PLC0415
    from xlmodel.model.point import Point  # noqa: PLC0415

    names = [field.name for field in fields(Point)]
    with draft_of(output) as draft, draft.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        for placed in books.points:
            writer.writerow([cell(getattr(placed.point, name)) for name in names])


def cell(value: Any) -> str:
    """A value as a points file writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value)
    return "" if value is None else str(value)


@contextmanager
def bar() -> "Iterator[Callable[[int, int], None]]":
    """A progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("reading results"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda done, every: shown.update(task, completed=done, total=every)
