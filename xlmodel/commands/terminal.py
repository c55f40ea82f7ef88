"""What all commands share: exit codes, options said once, errors as readable lists, progress, JSON."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand

from xlmodel.errors import CheckFailed, EngineMissing, InputRefused, Problem, XlModelError

T = TypeVar("T")

DEFAULT = "token-economics.xlsx"
FAILING, REFUSED, MISSING, DISAGREES, INTERRUPTED = 1, 2, 3, 4, 130


EXITS = (
    "Exit codes: 0 done; 1 built, but a check of the workbook fails, or check or diff found something; 2 an input or an argument is "
    "refused; 3 a program or licence key that is needed is missing; 4 the engine disagrees with the Python model; 130 interrupted."
)


# options of more than one command
ResultFiles = Annotated[
    list[Path] | None,
    typer.Option(readable=False, help="Result files of a load tester: see import. Repeat for more.", metavar="FILE"),
]
About = Annotated[
    str,
    typer.Option(
        help="What no result file says: 'platform=H200, gpus=8, precision=FP8, snapshot=2026-11'.", metavar="TEXT"
    ),
]


class Command(TyperCommand):
    """A command whose options are said once and say something: of two, one would win without a word."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an option that is given twice or without a value, then read the arguments as usual."""
        values, _, order = self.make_parser(ctx).parse_args(list(args))
        problems = []
        for option in dict.fromkeys(order):
            name = next((text for text in option.opts if text.startswith("--")), "")
            if not name or getattr(option, "is_flag", False):
                continue
            said = values[option.name]
            count = order.count(option)
            if count > 1 and not option.multiple:
                problems.append(Problem(name, f"{count} of them", "one", "leave out those that are not meant"))
            if "" in (said if option.multiple else [said]):
                problems.append(Problem(name, "an empty text", "a value", f"give a value, or leave {name} out"))
        if problems:
            with errors():
                raise InputRefused(problems)
        return super().parse_args(ctx, args)


@contextmanager
def errors(elsewhere: str = "choose another place with -o") -> Iterator[None]:
    """Turn errors into a readable list and an exit code; `elsewhere` is how this command writes to another place."""
    try:
        yield
    except XlModelError as error:
        from xlmodel.commands.console import error_text  # noqa: PLC0415

        _complain(error_text(error))
        codes = ((InputRefused, REFUSED), (EngineMissing, MISSING), (CheckFailed, DISAGREES))
        raise typer.Exit(next((code for kind, code in codes if isinstance(error, kind)), REFUSED)) from None
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(FAILING) from None
    except OSError as error:
        from xlmodel.commands.arguments import unusable  # noqa: PLC0415
        from xlmodel.commands.console import error_text  # noqa: PLC0415

        _complain(error_text(unusable(error, elsewhere)))
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
    shown.highlight_regex(r"^(Refused|Interrupted|Missing|Error|The workbook disagrees)", "bold red")
    shown.highlight_regex(r"(?m)^    (found|expected|fix) ", "dim")
    Console(stderr=True, soft_wrap=True, highlight=False).print(shown)


def tell(found: T, as_json: bool, facts: Callable[[T], Any], text: Callable[[T], str]) -> None:
    """Print what was found: its facts as JSON, or its text for reading."""
    if as_json:
        print_json(facts(found))
    else:
        typer.echo(text(found))


def print_json(facts: Any) -> None:
    """Print facts as JSON."""
    import json  # noqa: PLC0415

    typer.echo(json.dumps(facts, ensure_ascii=False, indent=2))
