"""The command batch: a book for each row of a list of accounts."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlmodel.commands.own_process import collect_seldom
from xlmodel.commands.terminal import FAILING, INTERRUPTED, errors, print_json

if TYPE_CHECKING:
    from xlmodel.commands.batch.destination import Destination, Made
    from xlmodel.commands.batch.task_list import Task
    from xlmodel.errors import Round


def batch(
    accounts: Annotated[
        Path,
        typer.Argument(
            readable=False, help="CSV: a column name, and one for each setting that differs.", metavar="ACCOUNTS.CSV"
        ),
    ],
    config: Annotated[
        Path | None,
        typer.Option(readable=False, help="Settings of all books: see templates/scenario.toml.", metavar="TOML"),
    ] = None,
    output: Annotated[
        str, typer.Option("--output", "-o", help="Folder, or address such as s3://bucket/books.", metavar="PLACE")
    ] = "books",
    backend: Annotated[str, typer.Option(help="loky (processes here), dask or ray.", metavar="NAME")] = "loky",
    address: Annotated[
        str, typer.Option(help="Running Dask or Ray cluster, such as tcp://10.0.0.5:8786.", metavar="ADDRESS")
    ] = "",
    jobs: Annotated[
        str, typer.Option(help="Books at once on this computer; by default one a core.", metavar="NUMBER")
    ] = "",
    edition: Annotated[str, typer.Option(help="As for build.", metavar="EDITION")] = "native",
    recalculate: Annotated[
        bool, typer.Option("--recalculate", help="Hold every formula cell of every book against an independent engine.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Write a book for each row of a list, with a report and a summary workbook.

    Columns are the keys of the settings: scenario.basis, own_prices.B200, fleet.users, build.title. An empty cell leaves what the
    settings say. All rows are checked before the first book. Finished books stay: the same command makes what is missing or changed.
    """
    with errors():
        from xlmodel.commands.batch import runs, task_list, told  # noqa: PLC0415 - heavy modules load when used
        from xlmodel.commands.batch.destination import FAILED, Destination, counts  # noqa: PLC0415
        from xlmodel.errors import Round  # noqa: PLC0415

        collect_seldom()
        found = Round()
        number = _checked(backend, address, jobs, found)
        place, start = Destination(output.rstrip("/") or output), time.perf_counter()
        with found.step():
            place.check()
        tasks = task_list.tasks(found, accounts, config, edition, recalculate=recalculate)
        place.ready()
        rows: list[Made] = []
        with _until_told(rows, tasks):
            rows += _kept(tasks, place)
            names = {row.name for row in rows}
            left = [task for task in tasks if task.name not in names]
            if left:
                with runs.workers(backend, address, number) as count, told.progress(len(left)) as step:
                    for made in runs.run(left, place, count):
                        rows.append(made)
                        step()
            rows.sort(key=lambda row: row.line)
            told.write_results(rows, place, accounts.name, tasks[0].settings.date or "")
        print_json(told.facts(rows, place)) if as_json else typer.echo(
            told.text(rows, place, time.perf_counter() - start)
        )
    if counts(rows)[FAILED] or any(row.failing for row in rows):
        raise typer.Exit(FAILING)


def _checked(backend: str, address: str, jobs: str, found: "Round") -> int:
    """How many books at once, -1 for one a core; what is wrong with the options joins the round."""
    from xlmodel.commands.arguments import whole_number  # noqa: PLC0415
    from xlmodel.commands.batch.runs import BACKENDS  # noqa: PLC0415
    from xlmodel.errors import Problem  # noqa: PLC0415

    if backend not in BACKENDS:
        found.add(
            [Problem("--backend", repr(backend), "one of " + ", ".join(BACKENDS), "leave it out for this computer")]
        )
    if address and backend == "loky":
        found.add(
            [Problem("--address", repr(address), "no address for loky", "name the cluster: --backend dask or ray")]
        )
    number = -1
    if jobs:
        with found.step():
            number = whole_number("--jobs", jobs, 1, 4096)
    return number


def _kept(tasks: "list[Task]", place: "Destination") -> "Iterator[Made]":
    """The books that stand already."""
    found = (place.finished(task.name, task.line, task.digest) for task in tasks)
    return (made for made in found if made)


@contextmanager
def _until_told(rows: "list[Made]", tasks: "list[Task]") -> Iterator[None]:
    """Ctrl+C and a polite kill end it between two moments, and say where it stands."""

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        from xlmodel.commands.batch.destination import FAILED, counts  # noqa: PLC0415 - heavy modules load when used

        done = len(rows) - counts(rows)[FAILED]
        typer.echo(
            f"Interrupted: {done:,} of {len(tasks):,} books are finished. The same command makes the others.", err=True
        )
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)
