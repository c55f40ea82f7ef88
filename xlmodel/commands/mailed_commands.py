"""The commands on workbooks that were mailed: check, diff, refresh."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from xlmodel.commands.terminal import FAILING, About, ResultFiles, errors, progress, tell


def check(
    file: Annotated[Path, typer.Argument(readable=False, help="The workbook.")],
    on: Annotated[str, typer.Option(help="Day against which prices are stale, by default today.", metavar="DAY")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Is a workbook still the model? Lists what was typed over, changed, added or lost since the build.

    Exits with 1 when there is more than notes.
    """
    with errors():
        from xlmodel.commands import arguments  # noqa: PLC0415 - heavy modules load when used
        from xlmodel.commands.console_mailed import audit_text  # noqa: PLC0415
        from xlmodel.returned.check.run_check import Audit, audit  # noqa: PLC0415

        found = audit(file, arguments.day(on, "--on"))
        tell(found, as_json, Audit.as_facts, audit_text)
    if found.grave:
        raise typer.Exit(FAILING)


def diff(
    old: Annotated[Path, typer.Argument(readable=False, help="The earlier workbook.")],
    new: Annotated[Path, typer.Argument(readable=False, help="The later workbook.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            readable=False,
            help="Write the report as a workbook, with a waterfall chart.",
            metavar="XLSX",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """What changed between two workbooks, and what each change did to the cost: a bridge that adds up.

    Exits with 1 when something changed.
    """
    with errors():
        from xlmodel.commands import arguments  # noqa: PLC0415
        from xlmodel.commands.console_mailed import comparison_text  # noqa: PLC0415
        from xlmodel.model.comparison import Comparison  # noqa: PLC0415
        from xlmodel.returned.diff.compare import compare  # noqa: PLC0415

        if output:
            arguments.check_output(output, [old, new], force=force)
        found = compare(old, new)
        if output:
            from xlmodel.commands.produce import write_report  # noqa: PLC0415

            write_report(found, output)
        more = f"\n\nReport: {output}" if output else ""
        tell(found, as_json, Comparison.as_facts, lambda found: comparison_text(found) + more)
    if not found.same:
        raise typer.Exit(FAILING)


def refresh(
    file: Annotated[
        Path, typer.Argument(readable=False, help="The workbook that people have been working in; it stays as it is.")
    ],
    points: Annotated[
        list[Path] | None,
        typer.Option(readable=False, help="New points: see templates/points.csv. Repeat for more.", metavar="CSV"),
    ] = None,
    results: ResultFiles = None,
    about: About = "",
    prices: Annotated[
        list[Path] | None,
        typer.Option(readable=False, help="New prices: see templates/prices.csv. Repeat for more.", metavar="CSV"),
    ] = None,
    api_prices: Annotated[
        list[Path] | None,
        typer.Option(
            readable=False,
            help="New prices of hosted models: see templates/api-prices.csv. Repeat for more.",
            metavar="CSV",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Workbook to write, by default the first free name beside it.", metavar="XLSX"
        ),
    ] = None,
    date: Annotated[str, typer.Option(help="Day of the refresh, by default today.", metavar="DAY")] = "",
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Report as JSON.")] = False,
) -> None:
    """Bring new data and this version into an edited workbook; nothing that a person typed is lost.

    Own prices, inputs, Include marks, notes, added rows, sign-off and own sheets come along; what cannot is kept and listed.
    """
    with errors():
        from xlmodel.commands import arguments  # noqa: PLC0415
        from xlmodel.commands.console_mailed import refresh_facts, refresh_text  # noqa: PLC0415
        from xlmodel.commands.produce import refresh_book  # noqa: PLC0415

        day = arguments.day(date, "--date") or datetime.datetime.now().astimezone().date()
        arguments.check_kinds(prices=prices or (), points=points or (), api_prices=api_prices or ())
        arguments.check_not_open(file)
        target = output or arguments.free_name(file.with_suffix(".xlsx"))
        arguments.check_output(target, [file], force=force)
        arguments.check_not_open(target)
        from xlmodel.commands.measured import doubts_of, measured_points  # noqa: PLC0415

        measured = measured_points(results, about) if results or about else []
        for doubt in doubts_of(measured):
            typer.echo(f"Doubt: {doubt}", err=True)
        with progress() as step:
            made = refresh_book(
                file, target, points=points or (), prices=prices or (), api_prices=api_prices or (), measured=measured,
                day=day, step=step,
            )  # fmt: skip
        tell(made, as_json, lambda made: refresh_facts(made, target), lambda made: refresh_text(made, target))
