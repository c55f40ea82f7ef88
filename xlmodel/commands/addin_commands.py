"""The commands that bring the functions from Python to Excel: addin (by COM, on Windows) and serve (xlwings Server)."""

import os
from pathlib import Path
from typing import Annotated

import typer

from xlmodel.commands.own_process import collect_seldom
from xlmodel.commands.terminal import errors
from xlmodel.errors import EngineMissing, InputRefused, Round


def addin(
    folder: Annotated[
        Path, typer.Argument(readable=False, help="Folder for the files, by default xlmodel-addin.", show_default=False)
    ] = Path("xlmodel-addin"),
    install: Annotated[
        bool | None,
        typer.Option(help="Install it for this user; by default on Windows with pywin32.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files in the folder.")] = False,
) -> None:
    """Write the add-in with the functions for Excel on Windows, and install it there.

    Elsewhere it writes the files and says what is left to do. Build the workbook with --edition xlwings.
    """
    with errors(elsewhere="name another folder"):
        from xlmodel.udf import addin as files  # noqa: PLC0415 - heavy modules load when used

        lacking = files.missing()
        if install and lacking:
            raise EngineMissing(f"the installation needs {lacking}. Without --install the files are written here.")
        here = install or (install is None and not lacking)
        _check_folder(folder, files.names(), force=force)
        if here and not force:
            _check_installed(files.held())
        written = files.write(folder)
        typer.echo(f"Wrote {', '.join(path.name for path in written)} to {folder}")
        if here:
            files.install(folder)
            typer.echo("Installed the add-in and imported its functions. Next: xlmodel build --edition xlwings")
            return
        typer.echo("On a computer with Excel for Windows:")
        for number, step in enumerate(files.steps(folder), 1):
            typer.echo(f"  {number}. {step}")


def _check_folder(folder: Path, names: tuple[str, ...], *, force: bool) -> None:
    """Refuse a folder that is a file, or that holds such files already: somebody may have added functions."""
    from xlmodel.commands.drafts import NO_PERMISSION  # noqa: PLC0415

    where = f"folder {folder}"
    parent = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if parent.is_dir() and not os.access(parent, os.W_OK):
        raise InputRefused.one(where, *NO_PERMISSION, "name another folder")
    if folder.exists() and not folder.is_dir():
        raise InputRefused.one(where, "a file", "a folder, or a name that is not taken", "name another folder")
    held = [name for name in names if (folder / name).exists()]
    if held and not force:
        fix = "name another folder, or replace them with --force"
        raise InputRefused.one(where, ", ".join(held), "a folder without such files", fix)


def _check_installed(module: Path | None) -> None:
    if module:
        fix = "save your functions elsewhere, then repeat with --force; the module that is there stays as tokfunctions.old.py"
        raise InputRefused.one(str(module), "another version, or functions of your own", "the module as printed", fix)


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this computer need a token.")
    ] = "127.0.0.1",
    port: Annotated[str, typer.Option(help="Port to listen on.", metavar="NUMBER")] = "8000",
    workers: Annotated[str, typer.Option(help="Processes that answer, up to 64.", metavar="NUMBER")] = "1",
    certificate: Annotated[
        Path | None, typer.Option(readable=False, help="Certificate for https.", metavar="PEM")
    ] = None,
    key: Annotated[Path | None, typer.Option(readable=False, help="Its private key.", metavar="PEM")] = None,
) -> None:
    """Serve the functions to Excel on Windows, Mac and the web through xlwings Server.

    Needs: pip install 'xlmodel[server]', and the licence key of xlwings Server in XLWINGS_LICENSE_KEY ("noncommercial"
    for noncommercial use). A token for callers stands in XLMODEL_TOKEN; limits in XLMODEL_SERVE_BYTES,
    XLMODEL_SERVE_SECONDS and XLMODEL_SERVE_QUEUE, the calls that a worker takes in at once.
    """
    with errors():
        from xlmodel.commands.arguments import whole_number  # noqa: PLC0415 - heavy modules load when used
        from xlmodel.udf import server  # noqa: PLC0415

        collect_seldom()

        found, numbers = Round(), {"--port": (port, 65_535), "--workers": (workers, 64)}
        asked = dict.fromkeys(numbers, 1)
        for option, (text, most) in numbers.items():
            with found.step():
                asked[option] = whole_number(option, text, 1, most)
        found.add(server.problems(host, certificate, key))
        found.end()
        server.run(host, asked["--port"], asked["--workers"], certificate, key, typer.echo)
