"""What all commands share: exit codes, errors as readable lists, progress, JSON."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from xlmodel.errors import CheckFailed, EngineMissing, InputRefused, XlModelError

FAILING, REFUSED, MISSING, DISAGREES, INTERRUPTED = 1, 2, 3, 4, 130


@contextmanager
def errors() -> Iterator[None]:
    """Turn errors into a readable list and an exit code."""
    try:
        yield
    except XlModelError as error:
        from xlmodel.console import error_text  # noqa: PLC0415

        _complain(error_text(error))
        codes = ((InputRefused, REFUSED), (EngineMissing, MISSING), (CheckFailed, DISAGREES))
        raise typer.Exit(next((code for kind, code in codes if isinstance(error, kind)), REFUSED)) from None
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FAILING) from None
    except OSError as error:
        from xlmodel.arguments import unusable  # noqa: PLC0415
        from xlmodel.console import error_text  # noqa: PLC0415

        _complain(error_text(unusable(error)))
        raise typer.Exit(REFUSED) from None
    except KeyboardInterrupt:
        _complain("Interrupted: nothing was written.")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Shows the stage of a build on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("starting", total=None)
        yield lambda words: shown.update(task, description=words)


def _complain(text: str) -> None:
    """Print to stderr; in colour on a terminal."""
    if not sys.stderr.isatty():
        typer.echo(text, err=True)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = Text(text)
    shown.highlight_regex(r"^(Refused|Interrupted|Not installed|Error|The workbook disagrees)", "bold red")
    shown.highlight_regex(r"(?m)^    (found|expected|fix) ", "dim")
    Console(stderr=True, soft_wrap=True, highlight=False).print(shown)


def print_json(facts: dict[str, Any]) -> None:
    """Print facts as JSON."""
    import json  # noqa: PLC0415

    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
