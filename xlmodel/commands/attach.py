"""Puts the functions, and the sheets they need, into a workbook of one's own."""

import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from xlmodel.errors import InputRefused, Problem

if TYPE_CHECKING:
    from xlmodel.model.scenario import Inputs

ENDINGS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Attached:
    """What was added.

    Attributes:
        path: the workbook that now has the functions.
        sheets, functions: names of what was added.
        kept: parts of the package that stayed byte for byte; changed: those that had to list what was added.
    """

    path: Path
    sheets: tuple[str, ...]
    functions: tuple[str, ...]
    kept: int
    changed: tuple[str, ...]


def add_functions(target: Path, inputs: "Inputs", output: Path | None = None, date: str = "") -> Attached:
    """Add the functions to a workbook; everything else in it stays as it is.

    Args:
        target: the workbook, .xlsx or .xlsm.
        inputs: what the functions read; see `xlmodel.readers.assemble.gather`.
        output: where to write; by default the workbook itself, replaced in one step.
        date: day printed on the sheets, in ISO form.

    Raises:
        InputRefused: the file cannot be read safely, is open in Excel, or has a sheet or name so called.
    """
    from xlmodel.readers.assemble import DATA_DATE  # noqa: PLC0415
    from xlmodel.readers.safe_package import check_package  # noqa: PLC0415
    from xlmodel.sheets.order import describe_functions  # noqa: PLC0415
    from xlmodel.version import __version__  # noqa: PLC0415 - heavy modules load when used
    from xlmodel.xlsx.graft import collisions, graft  # noqa: PLC0415
    from xlmodel.xlsx.package import write  # noqa: PLC0415

    _usable(target, output)
    check_package(target)
    with zipfile.ZipFile(target) as archive:
        entries = archive.infolist()
        held = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    book = describe_functions(inputs, date or DATA_DATE)
    made = BytesIO()
    write(book, made, version=__version__)
    with zipfile.ZipFile(made) as archive:
        source = {name: archive.read(name) for name in archive.namelist()}
    problems = collisions(held, source, target.name)
    if problems:
        raise InputRefused(problems)
    parts = graft(held, source)
    final = output or target
    handle, name = tempfile.mkstemp(prefix=f".{final.name}.", suffix=".part", dir=final.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            repack(stream, parts, entries)
        draft.chmod(target.stat().st_mode)
        draft.replace(final)
    finally:
        draft.unlink(missing_ok=True)
    changed = tuple(name for name in held if parts.get(name) != held[name])
    functions = tuple(function.name for function in book.functions if function.arguments)
    return Attached(final, tuple(sheet.name for sheet in book.sheets), functions, len(held) - len(changed), changed)


def repack(stream: IO[bytes], parts: Mapping[str, bytes], entries: list[zipfile.ZipInfo]) -> None:
    """Write a package: parts that were there keep their place and date, new ones follow with the format's first day."""
    known = {entry.filename: entry for entry in entries}
    order = [name for name in known if name in parts] + [name for name in parts if name not in known]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in order:
            entry = zipfile.ZipInfo(name, known[name].date_time if name in known else (1980, 1, 1, 0, 0, 0))
            entry.external_attr = known[name].external_attr if name in known else 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])


def _usable(target: Path, output: Path | None) -> None:
    """Refuse what is no workbook, what is open in Excel, and an output of another kind."""
    problems = []
    if target.suffix.lower() not in ENDINGS:
        found = f"the ending {target.suffix!r}" if target.suffix else "a name without an ending"
        fix = "open it in Excel and save it as Excel Workbook (*.xlsx)"
        problems.append(Problem(str(target), found, "a workbook .xlsx or .xlsm", fix))
    elif output is not None and output.suffix.lower() != target.suffix.lower():
        fix = f"-o {output.with_suffix(target.suffix)}"
        problems.append(
            Problem(f"output {output}", f"the ending {output.suffix!r}", f"{target.suffix} as {target.name}", fix)
        )
    lock = target.with_name(f"~${target.name}")
    if output is None and lock.exists():
        fix = "close it in Excel, or write a copy with -o"
        problems.append(Problem(str(target), "a workbook that is open in Excel", "one that nobody has open", fix))
    if problems:
        raise InputRefused(problems)
