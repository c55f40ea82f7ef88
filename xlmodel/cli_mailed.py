"""The commands on a workbook that was mailed: check."""

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
