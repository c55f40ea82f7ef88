"""The VBA modules that make the functions known to Excel, as xlwings' own import writes them, without Excel.

xlwings' generator runs here with stand-ins for the COM modules that exist on Windows only; the workbook it imports
into is one that takes notes. Run as a program, so that the stand-ins never meet another part of this process.
"""

import json
import logging
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from xlmodel.errors import CheckFailed
from xlmodel.udf.bundle import MODULE, loaded

FUNCTIONS, HELP = "xlwings_udfs", "xlmodel_help"  # names of the VBA modules
_TIMEOUT = 60  # seconds


def modules() -> dict[str, str]:
    """Name and text of each VBA module.

    Raises:
        CheckFailed: xlwings' generator stopped.
    """
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    if done.returncode:
        raise CheckFailed(f"xlwings could not write its VBA module: {done.stderr.strip()[-300:]}")
    found: dict[str, str] = json.loads(done.stdout)
    return found


def stand_ins() -> None:
    """Put empty modules in the place of pywin32's, where it is not installed."""
    for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
        sys.modules.setdefault(name, ModuleType(name))
    sys.modules["pythoncom"].CoInitialize = lambda: None  # type: ignore[attr-defined]
    sys.modules["pywintypes"].com_error = type("com_error", (Exception,), {})  # type: ignore[attr-defined]
    sys.modules["win32com.client"].Dispatch = None  # type: ignore[attr-defined]


class _Notes:
    """A workbook that notes what xlwings imports into it."""

    Name = f"{MODULE}.xlam"

    def __init__(self) -> None:
        self.text = ""
        self.help: list[dict[str, Any]] = []
        self.VBProject = SimpleNamespace(VBComponents=self)
        self.Application = SimpleNamespace(Version="16.0", MacroOptions=self._options)

    def __call__(self, name: str) -> str:
        return name

    def Remove(self, component: str) -> None:  # noqa: N802 - names of Excel's objects
        """Forget an earlier import."""

    def Import(self, path: str) -> None:  # noqa: N802
        """Note the module that xlwings wrote."""
        self.text = Path(path).read_text(encoding="utf-8")

    def _options(self, macro: str, **options: Any) -> None:
        self.help.append({"macro": macro.rpartition("!")[2], **options})


def _imported() -> _Notes:
    import xlwings  # noqa: PLC0415 - after the stand-ins
    from xlwings import udfs  # noqa: PLC0415

    as_on_windows: Any = xlwings
    as_on_windows.func, as_on_windows.arg, as_on_windows.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    notes = _Notes()
    udfs.udf_modules[MODULE] = {"module": loaded(com=True), "filetime": None, "filename": f"{MODULE}.py"}
    vars(udfs)["__pro__"] = False  # code inside workbooks, which a paid key would look for
    udfs.logger.addHandler(logging.NullHandler())  # else it prints
    udfs.import_udfs(MODULE, notes)  # type: ignore[no-untyped-call]
    return notes


def _help(notes: _Notes) -> str:
    """A module that gives Excel's function wizard its texts, for an import by hand."""
    lines = [
        f'Attribute VB_Name = "{HELP}"',
        "' Printed by xlmodel. Run RegisterHelp once after importing both modules by hand; xlwings' import does the same.",
        "Public Sub RegisterHelp()",
    ]
    for options in notes.help:
        docs = ", _\n        ".join(_text(doc) for doc in options["ArgumentDescriptions"])
        lines += [
            f"    Application.MacroOptions Macro:={_text(options['macro'])}, _",
            f"        Description:={_text(options['Description'])}, _",
            f"        Category:={_text(options['Category'])}, ArgumentDescriptions:=Array( _",
            f"        {docs})",
        ]
    return "\n".join((*lines, "End Sub", ""))


def _text(text: str) -> str:
    """A VBA text."""
    return '"' + text.replace('"', '""') + '"'


def main() -> None:
    """Print the modules as JSON."""
    stand_ins()
    notes = _imported()
    print(json.dumps({FUNCTIONS: notes.text, HELP: _help(notes)}))


if __name__ == "__main__":
    main()
