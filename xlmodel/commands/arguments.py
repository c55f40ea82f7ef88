"""Arguments of the command line: names forgiven, mistakes refused with the four facts."""

import datetime
import errno
import re
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlmodel.commands.drafts import NO_PERMISSION
from xlmodel.errors import InputRefused, Problem, Round
from xlmodel.readers.cell_readers import BadCell, free_text
from xlmodel.readers.problems import quoted

if TYPE_CHECKING:
    from xlmodel.commands.produce import Report

_CREATOR = re.compile(rb"<dc:creator[^>]*>(xlmodel[^<]{0,40})</dc:creator>")
_SMALL = 100_000  # bytes; the properties of a workbook take less than one thousand


def models(wanted: Iterable[str]) -> list[str]:
    """Models by their proper names; case, blanks and hyphens are forgiven.

    >>> models(["deepseek r1"])
    ['DeepSeek-R1']
    """
    # what most commands need of this module needs neither the data nor the editions
    from xlmodel.readers import bundled, names  # noqa: PLC0415

    known = {names.plain(name): name for name in bundled.available_models()}
    return [known.get(names.plain(name), name) for name in wanted]


def check_models(wanted: Iterable[str], *, every: bool) -> None:
    """Refuse some models and all of them at once."""
    if every and any(wanted):
        raise InputRefused.one("--model and --all", "both", "one of them", "leave one out")


def check_edition(edition: str) -> None:
    """Refuse an edition that does not exist."""
    from xlmodel.book.edition import EDITIONS  # noqa: PLC0415

    if edition not in EDITIONS:
        fix = 'native needs nothing installed; see "Functions from Python" in the README'
        raise InputRefused.one("--edition", quoted(edition), "one of " + ", ".join(EDITIONS), fix)


def check_words(title: str, date: str) -> None:
    """Refuse a title that fits no cover, and a date that is no day."""
    problems = []
    if title:
        try:
            free_text(120, required=True)(title)
        except BadCell as bad:
            problems.append(Problem("--title", quoted(title), bad.expected, bad.fix))
    if date and not is_day(date):
        problems.append(_no_day("--date", date))
    if problems:
        raise InputRefused(problems)


def day(text: str, option: str) -> datetime.date | None:
    """A day in ISO form; None when none is given."""
    if not text:
        return None
    if not is_day(text):
        raise InputRefused([_no_day(option, text)])
    return datetime.date.fromisoformat(text)


def _no_day(option: str, text: str) -> Problem:
    spelt = bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text))
    fix = (
        "choose a day of the calendar within this range"
        if spelt
        else "write the year, the month and the day, with hyphens"
    )
    return Problem(option, quoted(text), "a day from 1900-01-01 to 2999-12-31, such as 2026-11-23", fix)


def is_day(text: str) -> bool:
    """Whether a text is a day in ISO form."""
    try:
        return (
            bool(re.fullmatch(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text))
            and datetime.date.fromisoformat(text).year > 1899
        )
    except ValueError:
        return False


def check_kinds(**given: Iterable[Path]) -> None:
    """Refuse points given as prices and the like in one sentence instead of one for each column."""
    from xlmodel.readers.user_files import refuse_wrong_kind  # noqa: PLC0415

    found = Round()
    for kind, files in given.items():
        for path in files:
            with found.step():
                refuse_wrong_kind(path, kind)
    found.end()


def check_output(target: Path, inputs: Iterable[Path | None], ending: str = ".xlsx", *, force: bool) -> None:
    """Refuse to replace a file unless told to: somebody may have typed into it.

    Raises:
        InputRefused: the file exists, or is one of the inputs.
    """
    where = f"output {target}"
    if target.is_dir():
        fix = f"name a file inside it, such as -o {target / f'token-economics{ending}'}"
        raise InputRefused.one(where, "a folder", "the name of a file", fix)
    if target.suffix.lower() != ending:
        found = f"the ending {target.suffix!r}" if target.suffix else "a name without an ending"
        fix = f"-o {target.with_suffix(ending)}"
        raise InputRefused.one(where, found, f"a name that ends in {ending}", fix)
    check_free(target, inputs, force=force)


def check_free(target: Path, inputs: Iterable[Path | None], *, force: bool) -> None:
    """Refuse to replace a file unless told to, and one of the inputs in any case."""
    where = f"output {target}"
    if any(path is not None and path.exists() and target.exists() and target.samefile(path) for path in inputs):
        raise InputRefused.one(where, "one of the inputs", "a file of its own", "choose another name with -o")
    if target.is_file() and not force:
        maker = _maker(target)
        found = (
            f"a workbook built by {maker}, which may hold your edits" if maker else "a file that xlmodel did not build"
        )
        fix = f"choose another name, such as -o {free_name(target)}, or replace it with --force"
        raise InputRefused.one(where, found, "a name that is not taken", fix)


def check_not_open(path: Path) -> None:
    """Refuse a workbook that is open in another program: what is typed there is not in the file yet.

    Excel and LibreOffice leave a small file beside a workbook while it is open.
    """
    for mark in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if mark.is_file():
            found = f"a workbook that is open in another program ({mark.name} lies beside it)"
            fix = "save and close it there, then try again; if it is not open, delete that file"
            raise InputRefused.one(str(path), found, "a workbook that is closed", fix)


def _maker(path: Path) -> str:
    """The version of xlmodel that built a file; empty when it was something else."""
    try:
        with zipfile.ZipFile(path) as archive:
            entry = archive.getinfo("docProps/core.xml")
            found = _CREATOR.search(archive.read(entry)) if entry.file_size < _SMALL else None
    except (OSError, KeyError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return ""
    return found[1].decode(errors="replace").strip() if found else ""


def free_name(path: Path) -> Path:
    """The name with the first number that is not taken."""
    numbers = (path.with_stem(f"{path.stem}-{i}") for i in range(2, 1000))
    return next((name for name in numbers if not name.exists()), path.with_stem(f"{path.stem}-new"))


def report_facts(report: "Report") -> dict[str, Any]:
    """A report for JSON."""
    return asdict(report) | {"path": str(report.path)}


def unusable(error: OSError, elsewhere: str = "choose another place with -o") -> InputRefused:
    """A refusal by the operating system, with the four facts; a draft is named by the folder it was for.

    Args:
        error: what the system said.
        elsewhere: how the command is told to write to another place.
    """
    path = Path(str(error.filename)) if error.filename else None
    draft = path is not None and path.suffix == ".part"
    where = f"folder {path.parent}" if path and draft else str(path or "file system")
    reason = (error.strerror or str(error)).lower()
    found, expected = f"an error of the system: {reason}", "a place that can be written"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and path and (draft or path.is_dir()):
        return InputRefused.one(where, *NO_PERMISSION, elsewhere)
    fixes = {
        errno.ENOSPC: f"free some space, or {elsewhere}",
        errno.EACCES: f"close the file in other programs, or {elsewhere}",
    }
    return InputRefused.one(where, found, expected, fixes.get(error.errno or 0, elsewhere))


def whole_number(option: str, text: str, low: int, high: int) -> int:
    """The whole number that an option says.

    Raises:
        InputRefused: it says none, or one out of range.
    """
    if not re.fullmatch(r"-?[0-9]{1,9}", text) or not low <= int(text) <= high:
        expected = f"a whole number from {low:,} to {high:,}"
        raise InputRefused.one(option, quoted(text), expected, f"write such a number, or leave {option} out")
    return int(text)
