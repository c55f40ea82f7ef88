"""Calculation engines that give a second and third opinion on every formula cell.

IronCalc reads everything this project writes, named LAMBDAs included. LibreOffice knows plain functions only and believes
stored values, so it gets a copy from which they are removed.
"""

import importlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from xlmodel.book.refs import position
from xlmodel.calc.values import ExcelError, Value
from xlmodel.errors import CheckFailed, EngineMissing, InputRefused, Problem, WorkbookRefused
from xlmodel.xlsx.edited import edited_copy
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.raw_cells import RawCell

CellKey = tuple[str, str]
Values = dict[CellKey, Value]

_FORMS = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods:calc8"}
BATCH = 60  # books of one start of LibreOffice, which dies of some hundreds
# Macros off, formulas always recalculated on load, links never followed, no question asked.
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" \
oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" \
oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" \
oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" \
oor:op="fuse"><value>1</value></prop></item>
</oor:items>
"""


class Engine(Protocol):
    """Something that calculates a workbook."""

    @property
    def name(self) -> str:
        """How reports call it."""

    def values(self, path: Path, edits: Mapping[CellKey, Value] = {}) -> Values:
        """The value of every formula cell after `edits` to cells without a formula."""


class IronCalc:
    """The IronCalc engine, in this process."""

    name = "IronCalc"

    def __init__(self) -> None:
        try:
            self._library: Any = importlib.import_module("ironcalc")
        except ImportError as error:
            raise EngineMissing("IronCalc is not installed. Install it with: pip install ironcalc") from error

    def values(self, path: Path, edits: Mapping[CellKey, Value] = {}, *, over_formulas: bool = False) -> Values:
        """The value of every formula cell after `edits`: to cells without a formula, or to any if so asked."""
        package = Package(path)
        if not over_formulas:
            refuse_edits(package, edits)
        opened = self.open(path)
        for cell, value in edits.items():
            opened.type(cell, value)
        opened.compute()
        return {key: opened.value(key) for key in ((sheet, cell.a1) for sheet, cell in _formula_cells(package))}

    def open(self, path: Path) -> "Opened":
        """A workbook that stays loaded, for many edits one after the other."""
        try:
            return Opened(self._library, self._library.load_from_xlsx(str(path), "en", "UTC", "en"))
        except BaseException as error:  # a panic of its native code is no Exception
            if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
                raise
            problem = Problem(path.name, str(error), "a workbook IronCalc can load", "build it again")
            raise WorkbookRefused([problem]) from error


class Opened:
    """A workbook loaded in IronCalc."""

    def __init__(self, library: Any, model: Any) -> None:
        self._model, self._failed = model, library.CellType.ErrorValue
        self._order = {sheet["name"]: index for index, sheet in enumerate(model.get_worksheets_properties())}

    def type(self, cell: CellKey, value: Value) -> None:
        """Type into a cell; None empties it."""
        at = self._at(cell)
        if value is None:
            self._model.clear_cell_contents(*at)
        elif isinstance(value, bool):
            self._model.update_cell_with_bool(*at, value)
        elif isinstance(value, int | float):
            self._model.update_cell_with_number(*at, float(value))
        elif isinstance(value, ExcelError):
            self._model.set_user_input(*at, value.code)
        else:
            self._model.update_cell_with_text(*at, value)

    def compute(self) -> None:
        """Compute everything."""
        self._model.evaluate()

    def save(self, path: Path) -> None:
        """Write the workbook as IronCalc does."""
        self._model.save_to_xlsx(str(path))

    def value(self, cell: CellKey) -> Value:
        """What a cell shows since the last computation."""
        at = self._at(cell)
        value: Value = self._model.get_cell_value(*at)
        # Errors arrive as text; only the type tells #N/A from a text that reads "#N/A".
        if isinstance(value, str) and value.startswith("#") and self._model.get_cell_type(*at) == self._failed:
            return ExcelError(value)
        return value

    def _at(self, cell: CellKey) -> tuple[int, int, int]:
        return (self._order[cell[0]], *position(cell[1]))


class LibreOffice:
    """LibreOffice without a window, in a private profile that is thrown away.

    Of error values it keeps #N/A, #DIV/0! and #NAME? apart; #NUM! and #REF! come back as #VALUE!.
    """

    name = "LibreOffice"

    def __init__(self, program: str = "soffice", timeout: float = 120) -> None:
        found = shutil.which(program)
        if found is None:
            raise EngineMissing(
                f"LibreOffice is not installed: no program {program!r} on the PATH. "
                "Install it with: apt-get install libreoffice-calc, or from libreoffice.org"
            )
        self._program = found
        self._timeout = timeout

    def values(self, path: Path, edits: Mapping[CellKey, Value] = {}) -> Values:
        """The value of every formula cell after `edits` to cells without a formula."""
        (found,) = self.each(path, [edits])
        return found

    def each(self, path: Path, worlds: Sequence[Mapping[CellKey, Value]]) -> Iterator[Values]:
        """The values after each of several sets of edits, computed in few starts: starting takes longer than a book."""
        package = Package(path)
        for edits in worlds:
            refuse_edits(package, edits)
        for first in range(0, len(worlds), BATCH):
            with tempfile.TemporaryDirectory(prefix="xlmodel-", ignore_cleanup_errors=True) as folder:
                work = Path(folder)
                books = []
                for i, edits in enumerate(worlds[first : first + BATCH]):
                    books.append(work / f"{i}.xlsx")
                    edited_copy(package, books[-1], edits)
                for saved in self.save(books, work / "saved", path.name):
                    yield values_of(Package(saved), package)

    def save(self, books: Sequence[Path], folder: Path, name: str = "", form: str = "xlsx") -> list[Path]:
        """Each of the books as LibreOffice saves it, calculated, under its own name in `folder`; `form` is xlsx or ods."""
        name = name or ", ".join(book.name for book in books)[:200]
        with tempfile.TemporaryDirectory(prefix="xlmodel-", ignore_cleanup_errors=True) as profile:
            user = Path(profile) / "user"
            user.mkdir()
            (user / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
            command = [
                self._program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore",
                "--nolockcheck", "--nologo", "--nodefault", "--convert-to", _FORMS[form],
                "--outdir", str(folder), *map(str, books),
            ]  # fmt: skip
            limit = self._timeout * (3 + len(books)) / 4  # the start is most of what one book takes
            said = run(command, limit, f"LibreOffice on {name}")[1]
        made = [folder / f"{book.stem}.{form}" for book in books]
        if not all(book.exists() for book in made):
            reason = said.strip()[-300:] or "it said nothing"
            raise CheckFailed(f"LibreOffice could not calculate {name}: {reason}")
        return made


def values_of(saved: Package, package: Package) -> Values:
    """What LibreOffice saved for every formula cell of `package`."""
    found: Values = {}
    for sheet in package.sheets:
        computed = {cell.a1: saved.value(cell) for cell in saved.grid(sheet).cells}
        for cell in package.grid(sheet).cells:
            if cell.formula is None:
                continue
            value = computed.get(cell.a1)
            # LibreOffice has no truth values, only numbers shown as such: the stored kind decides.
            if cell.kind == "b" and value in (0.0, 1.0):
                value = bool(value)
            found[sheet, cell.a1] = value
    return found


def run(command: list[str], timeout: float, what: str) -> tuple[int, str, str]:
    """Exit code, output and messages of a program; stopped with all its children after `timeout` seconds."""
    silent, piped = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, stdin=silent, stdout=piped, stderr=piped, start_new_session=True) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            # soffice is a launcher: stopping only it would leave the real program running.
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.communicate()
            raise CheckFailed(f"{what} gave no result within {timeout:g} seconds") from error
    return process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace")


def _formula_cells(package: Package) -> Iterator[tuple[str, RawCell]]:
    for sheet in package.sheets:
        yield from ((sheet, cell) for cell in package.grid(sheet).cells if cell.formula is not None)


def refuse_edits(package: Package, edits: Iterable[CellKey]) -> None:
    """Edits are inputs: a sheet must exist, and a formula is never typed over."""
    wanted = list(edits)
    formulas = {(sheet, cell.a1) for sheet, cell in _formula_cells(package)} if wanted else set()
    problems = []
    for sheet, a1 in wanted:
        where = f"edit of {sheet}!{a1}"
        if sheet not in package.sheets:
            sheets = ", ".join(package.sheets)
            problems.append(Problem(where, "no such sheet", f"one of {sheets}", "name an existing sheet"))
        elif (sheet, a1) in formulas:
            problems.append(Problem(where, "a formula", "an input cell", "edit what it depends on"))
    if problems:
        raise InputRefused(problems)
