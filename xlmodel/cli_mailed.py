"""The commands on workbooks that were mailed: check, diff."""

from pathlib import Path
from typing import Annotated

import typer

from xlmodel.terminal import FAILING, errors, print_json


def check(
    file: Annotated[Path, typer.Argument(help="The workbook.")],
    on: Annotated[str, typer.Option(help="Day against which prices are stale, by default today.", metavar="DAY")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """Is a workbook still the model? Lists what was typed over, changed, added or lost since the build.

    Exits with 1 when there is more than notes.
    """
    with errors():
        from xlmodel import arguments  # noqa: PLC0415 - heavy modules load when used
        from xlmodel.console_mailed import audit_text  # noqa: PLC0415
        from xlmodel.verify.audit.run import audit  # noqa: PLC0415

        found = audit(file, arguments.day(on, "--on"))
        if as_json:
            print_json(found.as_facts())
        else:
            typer.echo(audit_text(found))
    if found.grave:
        raise typer.Exit(FAILING)


def diff(
    old: Annotated[Path, typer.Argument(help="The earlier workbook.")],
    new: Annotated[Path, typer.Argument(help="The later workbook.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the report as a workbook, with a waterfall chart.", metavar="XLSX"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The same as JSON.")] = False,
) -> None:
    """What changed between two workbooks, and what each change did to the cost: a bridge that adds up.

    Exits with 1 when something changed.
    """
    with errors():
        from xlmodel import arguments  # noqa: PLC0415
        from xlmodel.console_mailed import comparison_text  # noqa: PLC0415
        from xlmodel.verify.compare import compare  # noqa: PLC0415

        if output:
            arguments.check_output(output, [old, new], force=force)
        found = compare(old, new)
        if output:
            from xlmodel.produce import write_report  # noqa: PLC0415

            write_report(found, output)
        if as_json:
            print_json(found.as_facts())
        else:
            typer.echo(comparison_text(found) + (f"\n\nReport: {output}" if output else ""))
    if not found.same:
        raise typer.Exit(FAILING)
