"""The add-in for Excel on Windows: its files, and on Windows with Excel its installation by xlwings' own commands."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from xlmodel.errors import EngineMissing
from xlmodel.udf import vba
from xlmodel.udf.bundle import MODULE, bundle

ADD_IN = f"{MODULE}.xlam"
HOME = r"%USERPROFILE%\.xlmodel"  # where the add-in looks for the module
SETTINGS = "myaddin.conf"  # the name that xlwings gives the settings sheet of an add-in of one's own
_TIMEOUT = 120  # seconds
_DAY = (1980, 1, 1, 0, 0, 0)

Run = Callable[[list[str]], None]


def names() -> tuple[str, ...]:
    """Names of the files that `write` makes."""
    return (f"{MODULE}.py", f"{vba.FUNCTIONS}.bas", f"{vba.HELP}.bas", ADD_IN)


def write(folder: Path) -> tuple[Path, ...]:
    """Write the files of the add-in into a folder; each appears complete or not at all.

    Returns:
        The files: the Python module, the add-in, and the VBA modules for an import by hand.
    """
    texts = {f"{MODULE}.py": bundle(com=True), **{f"{name}.bas": text for name, text in vba.modules().items()}}
    contents = {name: _lines(name, text) for name, text in texts.items()} | {ADD_IN: _add_in()}
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        handle, draft = tempfile.mkstemp(prefix=f".{name}.", suffix=".part", dir=folder)
        with os.fdopen(handle, "wb") as target:
            target.write(data)
        Path(draft).chmod(0o644)
        Path(draft).replace(folder / name)
    return tuple(folder / name for name in contents)


def _lines(name: str, text: str) -> bytes:
    """A text with the line ends its reader wants: the VBA editor wants those of Windows."""
    return text.replace("\n", "\r\n").encode("cp1252") if name.endswith(".bas") else text.encode()


def _add_in() -> bytes:
    """The empty add-in of xlwings, told which module holds the functions and where it stands."""
    import xlwings  # noqa: PLC0415 - loads when used

    source = Path(xlwings.__file__).parent / "quickstart_addin.xlam"
    out = BytesIO()
    with zipfile.ZipFile(source) as empty, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as filled:
        for name in empty.namelist():
            data = empty.read(name)
            if name == "xl/workbook.xml":
                data = data.replace(f'name="_{SETTINGS}"'.encode(), f'name="{SETTINGS}"'.encode())
                data = re.sub(rb"<mc:AlternateContent.*?</mc:AlternateContent>", b"", data)  # somebody's folder
            elif name == "xl/worksheets/sheet1.xml":
                data = _set(_set(data, 3, HOME), 6, MODULE)  # PYTHONPATH, UDF Modules
                data = data if missing() else _set(data, 1, sys.executable)  # Interpreter_Win
            filled.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set(sheet: bytes, row: int, value: str) -> bytes:
    """The settings sheet with a value beside the word in a row."""
    cell = f'<c r="B{row}" t="inlineStr"><is><t>{escape(value)}</t></is></c></row>'.encode()
    done, count = re.subn(
        rb'(<row r="%d" [^>]*)spans="1:1"([^>]*>.*?)</row>' % row, rb"\1\2" + cell.replace(b"\\", rb"\\"), sheet
    )
    if count != 1:
        raise ValueError(f"row {row} of xlwings' settings sheet is not as expected")
    return done


def missing() -> str:
    """What the installation lacks on this computer; empty when it can begin."""
    if platform.system() != "Windows":
        return "Excel on Windows"
    return "" if importlib.util.find_spec("win32com") else "pywin32 (pip install pywin32)"


def held() -> Path | None:
    """The installed module when it is not the one written here: of another version, or with functions of one's own."""
    module = Path(os.path.expandvars(HOME)) / f"{MODULE}.py"
    return module if module.exists() and module.read_bytes() != bundle(com=True).encode() else None


def install(folder: Path, run: Run | None = None) -> None:
    """Install the add-in for this user and import the functions; Excel must be there and closed.

    A module that is already there and differs is kept beside it, with `.old` in its name.

    Raises:
        EngineMissing: xlwings' command or Excel did not do it; the sentence says which step.
    """
    run = run or _run
    home = Path(os.path.expandvars(HOME))
    home.mkdir(parents=True, exist_ok=True)
    if before := held():
        before.replace(before.with_suffix(".old.py"))
    shutil.copyfile(folder / f"{MODULE}.py", home / f"{MODULE}.py")
    xlwings = [sys.executable, "-c", "from xlwings.cli import main; main()"]
    run([*xlwings, "addin", "install", "-f", str(folder / ADD_IN)])
    run([sys.executable, "-m", "xlmodel.udf.importing", ADD_IN])


def _run(command: list[str]) -> None:
    what = command[-1]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineMissing(f"the step for {what} did not end: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise EngineMissing(f"the step for {what} stopped: {said[-1] if said else 'it said nothing'}")


def steps(folder: Path) -> tuple[str, ...]:
    """What is left to do by hand on a computer with Excel for Windows, in order."""
    return (
        f"Install Python 3.11 or newer, then: pip install xlwings=={version('xlwings')} pywin32 (the add-in needs this version)",
        f"Copy {folder / (MODULE + '.py')} to {HOME}",
        "In Excel: File, Options, Trust Center, Trust Center Settings, Macro Settings: trust access to the VBA project model",
        f"Close Excel, then: xlwings addin install -f {folder / ADD_IN}",
        "Open Excel, press Alt+F11, choose tokfunctions, then Run, Run Macro, ImportPythonUDFsToAddin; save",
        f"Or, without that trust: in Alt+F11 import {vba.FUNCTIONS}.bas and {vba.HELP}.bas into tokfunctions, run RegisterHelp, save",
        "Build the workbook with: xlmodel build --edition xlwings. Cells that show #NAME?: press Ctrl+Alt+F9",
    )
