"""The command line: build, batch, info, explain, plan, import, cost, functions, check, diff, refresh, addin, serve.

The exit codes stand in `xlmodel.commands.terminal.EXITS`, which the help shows.
"""

import datetime
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from xlmodel.commands.addin_commands import addin, serve
from xlmodel.commands.batch.command import batch
from xlmodel.commands.cost_of_results import cost
from xlmodel.commands.functions_command import app as functions
from xlmodel.commands.import_results import import_results
from xlmodel.commands.mailed_commands import check, diff, refresh
from xlmodel.commands.own_process import collect_never, without_numpy
from xlmodel.commands.plan_command import plan
from xlmodel.commands.terminal import (
    DEFAULT,
    DISAGREES,
    EXITS,
    FAILING,
    INTERRUPTED,
    MISSING,
    REFUSED,
    About,
    Command,
    ResultFiles,
    errors,
    progress,
    tell,
)
from xlmodel.errors import InputRefused
from xlmodel.version import __version__

__all__ = ["DISAGREES", "FAILING", "INTERRUPTED", "MISSING", "REFUSED", "app", "main"]

app = typer.Typer(
    name="xlmodel",
    help="Builds a formula-driven Excel workbook on the economics of LLM inference.",
    epilog="Start with: xlmodel build. Then open token-economics.xlsx.\n\n" + EXITS,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help starts faster and reads the same in a pipe
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"xlmodel {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Options of the command itself; each acts in its callback."""


@app.command(cls=Command)
def build(
    config: Annotated[
        Path | None, typer.Option(readable=False, help="Settings: see templates/scenario.toml.", metavar="TOML")
    ] = None,
    prices: Annotated[
        list[Path] | None,
        typer.Option(readable=False, help="Own prices: see templates/prices.csv. Repeat for more.", metavar="CSV"),
    ] = None,
    points: Annotated[
        list[Path] | None,
        typer.Option(readable=False, help="Own points: see templates/points.csv. Repeat for more.", metavar="CSV"),
    ] = None,
    api_prices: Annotated[
        list[Path] | None,
        typer.Option(
            readable=False,
            help="Own prices of hosted models: see templates/api-prices.csv. Repeat for more.",
            metavar="CSV",
        ),
    ] = None,
    results: ResultFiles = None,
    about: About = "",
    model: Annotated[
        list[str] | None,
        typer.Option(help="Bundled model to include instead of the default three. Repeat for more.", metavar="MODEL"),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Include every bundled model.")] = False,
    template: Annotated[
        Path | None, typer.Option(readable=False, help="Brand workbook whose look is used.", metavar="XLSX")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", readable=False, help=f"Workbook to write, by default {DEFAULT}.", metavar="XLSX"
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="Title on the cover.", metavar="TEXT")] = "",
    date: Annotated[str, typer.Option(help="Day printed on the cover, such as 2026-11-23.", metavar="DAY")] = "",
    edition: Annotated[
        str,
        typer.Option(
            help="Where the functions come from: native (LAMBDA), xlwings (Python on Windows) or lite (Python inside).",
            metavar="EDITION",
        ),
    ] = "native",
    recalculate: Annotated[
        bool | None,
        typer.Option(
            help="Hold every formula cell against an independent engine; by default when a file of yours goes in."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Write the workbook from bundled data and your own."""
    with errors():
        from xlmodel.commands import arguments, console, request  # noqa: PLC0415 - heavy modules load when used

        data = request.Data(
            config, tuple(model or ()), every, tuple(prices or ()), tuple(points or ()), tuple(results or ()), about,
            tuple(api_prices or ()),
        )  # fmt: skip
        with progress() as step:
            report = request.build(
                request.Request(
                    data, output, template, title, date, edition=edition, recalculate=recalculate, force=force
                ),
                step,
            )
        tell(report, as_json, arguments.report_facts, console.build_text)
    if report.failing:
        raise typer.Exit(FAILING)


@app.command(cls=Command)
def info(
    age: Annotated[bool, typer.Option("--age", help="How old each set of data is.")] = False,
    on: Annotated[
        str, typer.Option(help="The day from which --age counts back; today when not given.", metavar="DATE")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Show what data are bundled: models, snapshots, platforms, prices; and how old they are."""
    with errors():
        from xlmodel.commands.console import info_text  # noqa: PLC0415
        from xlmodel.readers.inventory import inventory  # noqa: PLC0415

        if age or on:
            _ages(on, as_json)
            return
        tell(inventory(), as_json, asdict, info_text)


def _ages(on: str, as_json: bool) -> None:
    """Print how old each bundled set is."""
    from xlmodel.commands.arguments import day  # noqa: PLC0415
    from xlmodel.commands.console import age_text  # noqa: PLC0415
    from xlmodel.readers.inventory import ages  # noqa: PLC0415

    seen = day(on, "--on") or datetime.datetime.now(tz=datetime.UTC).date()
    facts = lambda sets: {"on": seen.isoformat(), "sets": list(map(asdict, sets))}  # noqa: E731
    tell(ages(seen), as_json, facts, lambda sets: age_text(sets, seen))


@app.command(cls=Command)
def explain(
    cell: Annotated[str, typer.Argument(help="'Summary!E16', 'Cost curves!D8', or a name such as Interactivity.")],
    file: Annotated[Path, typer.Argument(readable=False, help="The workbook.")] = Path(DEFAULT),
    depth: Annotated[str, typer.Option(help="Levels of inputs to follow, up to 50.", metavar="NUMBER")] = "4",
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Show how a number came to be, down to its sources.

    Put the cell in single quotes: the shell reads ! and blanks itself.
    """
    with errors():
        from xlmodel.commands.arguments import whole_number  # noqa: PLC0415
        from xlmodel.commands.console import step_text  # noqa: PLC0415
        from xlmodel.returned.explain.explain_cell import ExplanationStep  # noqa: PLC0415
        from xlmodel.returned.explain.explain_cell import explain as explain_cell  # noqa: PLC0415

        levels = whole_number("--depth", depth, 0, 50)
        if cell.casefold().endswith((".xlsx", ".xlsm")):
            fix = f"xlmodel explain 'Summary!E16' {cell}"
            raise InputRefused.one("explain", f"the file name {cell!r} first", "the cell, then the file", fix)
        if not file.exists():
            fix = "check the path, or build one: xlmodel build"
            raise InputRefused.one(str(file), "no such file", "a workbook", fix)
        tell(explain_cell(cell, file, levels), as_json, ExplanationStep.facts, step_text)


app.command(cls=Command)(batch)
app.add_typer(functions)
app.command(cls=Command)(plan)
app.command("import", cls=Command)(import_results)
app.command(cls=Command)(cost)
app.command(cls=Command)(check)
app.command(cls=Command)(diff)
app.command(cls=Command)(refresh)
app.command(cls=Command)(addin)
app.command(cls=Command)(serve)


def main() -> None:
    """Run the command line."""
    collect_never()
    without_numpy()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without some character shows ? for it
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
