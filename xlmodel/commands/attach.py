"""Puts the functions, and the sheets they need, into a workbook of one's own."""

import datetime
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

from xlmodel.commands.arguments import check_not_open
from xlmodel.commands.drafts import draft_of
from xlmodel.errors import InputRefused, Problem, WorkbookRefused

if TYPE_CHECKING:
    from xlmodel.book.spec import Book
    from xlmodel.model.scenario import Inputs
    from xlmodel.returned.mailed_file import Mailed

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


def add_functions(target: Path, inputs: "Inputs", output: Path | None = None, *, keep: bool = True) -> Attached:
    """Add the functions to a workbook; everything else in it stays as it is.

    An earlier set is replaced, and what people typed into it comes along. In a full build whose functions another
    program broke, only these are written again.

    Args:
        target: the workbook, .xlsx or .xlsm.
        inputs: what the functions read; see `xlmodel.readers.assemble.gather`.
        output: where to write; by default the workbook itself, replaced in one step.
        keep: whether the models and files of an earlier set stay, with new data beside them.

    Raises:
        InputRefused: the file cannot be read safely, is open in another program, or has a sheet or name so called.
    """
    from xlmodel.readers.assemble import DATA_DATE  # noqa: PLC0415
    from xlmodel.readers.safe_package import check_package  # noqa: PLC0415
    from xlmodel.returned import earlier_set  # noqa: PLC0415
    from xlmodel.sheets.order import describe_functions  # noqa: PLC0415
    from xlmodel.version import __version__  # noqa: PLC0415 - heavy modules load when used
    from xlmodel.xlsx.graft import collisions, graft  # noqa: PLC0415
    from xlmodel.xlsx.package import write  # noqa: PLC0415

    _usable(target, output)
    check_package(target)
    with zipfile.ZipFile(target) as archive:
        entries = archive.infolist()
        held = {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}
    earlier = _earlier(target, held)
    if earlier is not None and earlier.whole:
        parts, book = _mended(earlier)
        sheets: tuple[str, ...] = ()
    else:
        before = held
        if earlier is not None:
            inputs, before = earlier_set.carried(earlier, inputs, today(), keep=keep), earlier_set.without(earlier)
        book = describe_functions(inputs, DATA_DATE)
        made = BytesIO()
        write(book, made, version=__version__)
        with zipfile.ZipFile(made) as archive:
            source = {name: archive.read(name) for name in archive.namelist()}
        problems = collisions(before, source, target.name)
        if problems:
            raise InputRefused(problems)
        parts, sheets = graft(before, source), tuple(sheet.name for sheet in book.sheets)
    final = output or target
    with draft_of(final, target.stat().st_mode) as draft, draft.open("wb") as stream:
        repack(stream, parts, entries)
    changed = tuple(name for name in held if parts.get(name) != held[name])
    functions = tuple(function.name for function in book.functions if function.arguments)
    return Attached(final, sheets, functions, len(held) - len(changed), changed)


def today() -> datetime.date:
    """The day of the run."""
    return datetime.datetime.now(tz=datetime.UTC).date()


def _earlier(target: Path, held: Mapping[str, bytes]) -> "Mailed | None":
    """The workbook with the functions it already holds; None when it holds none, or none that can be read."""
    from xlmodel.returned.opening import open_mailed  # noqa: PLC0415

    if b"TOKCOST" not in held.get("xl/workbook.xml", b""):
        return None
    try:
        return open_mailed(target)
    except WorkbookRefused:  # names of somebody else's, or of another version: the collision tells them
        return None


def _mended(earlier: "Mailed") -> "tuple[dict[str, bytes], Book]":
    from xlmodel.returned import earlier_set  # noqa: PLC0415

    found = earlier_set.mended(earlier, today()) if earlier.origin.lost else None
    if found is None:
        what = "a full build, which has the functions"
        fix = f"nothing to add; for new data: xlmodel refresh {earlier.name}"
        raise InputRefused.one(earlier.name, what, "a workbook without them", fix)
    return found


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
    """Refuse what is no workbook, what is open in another program, and an output of another kind."""
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
    if problems:
        raise InputRefused(problems)
    check_not_open(output or target)
