"""Many result files: those of folders, with what a results.toml beside them says, read one after another."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from xlmodel.errors import InputRefused, Problem
from xlmodel.readers import points
from xlmodel.readers.cell_readers import BadCell
from xlmodel.readers.problems import Problems, quoted
from xlmodel.readers.results.inferencex_tables import CONFIGS
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.placing import Said
from xlmodel.readers.results.registry import read_file
from xlmodel.readers.toml_text import parse

NOTES = "results.toml"
ENDINGS = (".json", ".jsonl", ".csv", ".yaml", ".yml", ".txt", ".log", ".out", ".xlsx", ".gz")
MOST_FILES = 20_000
_TEXTS = tuple(f.name for f in fields(Said) if f.name != "gpus")


@dataclass(slots=True)
class Read:
    """What files gave.

    Attributes:
        measurements: in the order of the files, each with what the results.toml beside its file says.
        problems: what could not be used, with the reason.
        files: files that were read. passed: files of folders whose endings no result has.
    """

    measurements: list[tuple[Measurement, Said]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    files: int = 0
    passed: int = 0


def find(paths: Iterable[Path]) -> tuple[list[Path], int, list[Problem]]:
    """The result files among paths, those of folders sorted by name, how many others the folders hold, and what cannot be opened.

    Raises:
        InputRefused: a path does not exist, or there are too many files.
    """
    found: dict[Path, None] = {}
    lost: list[Problem] = []
    passed, problems = 0, []
    for path in paths:
        if path.is_dir():
            for file in sorted(_inside(path, lost)):
                if file.name in (NOTES, CONFIGS):
                    continue
                if file.suffix.casefold() in ENDINGS:
                    found[file] = None
                else:
                    passed += 1
        elif path.exists():
            found[path] = None
        else:
            problems.append(
                Problem(
                    str(path), "no such file", "a result file of a load test, or a folder of them", "check the path"
                )
            )
    if len(found) > MOST_FILES:
        problems.append(
            Problem("results", f"{len(found):,} files", f"at most {MOST_FILES:,}", "import the folders one by one")
        )
    if not found and not problems:
        problems.append(
            Problem(
                "results", "no file that may be a result", "files ending in " + ", ".join(ENDINGS), "check the folder"
            )
        )
    if problems:
        raise InputRefused(problems)
    return list(found), passed, lost


def _inside(folder: Path, lost: list[Problem]) -> Iterator[Path]:
    """Files of a folder and those below; folders that cannot be opened and links that lead nowhere are told."""

    def closed(error: OSError) -> None:
        reason = f"a folder that cannot be opened ({error.strerror})"
        lost.append(Problem(str(error.filename), reason, "a folder you may read", "ask for its permissions"))

    for place, _, names in os.walk(folder, onerror=closed):
        for name in names:
            file = Path(place, name)
            if file.is_file():
                yield file
            elif file.is_symlink() and not file.exists():
                lost.append(Problem(str(file), "a link that leads nowhere", "a result file", "copy the file itself"))


def read_all(paths: Iterable[Path], step: Callable[[int, int], None] = lambda _done, _all: None) -> Read:
    """Read result files and folders; what cannot be used is kept with the reason.

    Args:
        paths: files and folders.
        step: called with the number of files done and of all.

    Raises:
        InputRefused: a path does not exist, or a results.toml is wrong.
    """
    files, passed, lost = find(paths)
    read = Read(problems=lost, passed=passed)
    notes: dict[Path, list[tuple[str, Said]]] = {}
    seen: dict[str, Path] = {}
    for i, file in enumerate(files):
        step(i, len(files))
        if file.parent not in notes:
            notes[file.parent] = notes_of(file.parent / NOTES)
        try:
            results = read_file(file)
        except InputRefused as refused:
            read.problems += refused.problems
            continue
        read.files += 1
        digest = results.measurements[0].digest
        first = seen.setdefault(digest, file)
        if first != file:
            read.problems.append(
                Problem(str(file), f"the same content as {first}", "each file once", "nothing to do: it counts once")
            )
            continue
        said = said_of(notes[file.parent], file)
        read.measurements += [(m, said) for m in results.measurements]
        read.problems += results.problems
    step(len(files), len(files))
    return read


def notes_of(path: Path) -> list[tuple[str, Said]]:
    """What a results.toml says: pattern of names -> what it says of those files; * for the folder.

    Raises:
        InputRefused: a key or a value is wrong; all of them at once.
    """
    if not path.is_file():
        return []
    problems = Problems(f"{path}:")
    found = parse(path, problems, set()) or {}
    files = found.pop("files", {})
    tables = [("*", found), *(files.items() if isinstance(files, dict) else [])]
    said = [
        (pattern, _said(f"[files] {pattern} " if pattern != "*" else "", table, problems)) for pattern, table in tables
    ]
    beside = [file.name for file in path.parent.iterdir()]
    for pattern, _ in said:
        if not any(fnmatch(name, pattern) for name in beside):
            problems.add(
                f"[files] {pattern}", "a name that no file beside it has", "the name of a file of this folder, or * in it",
                "correct the name, or delete the table",
            )  # fmt: skip
    problems.raise_if_any()
    return said


def said_of(notes: Iterable[tuple[str, Said]], file: Path) -> Said:
    """What a results.toml says of one file; a table for it wins over the folder's."""
    said = Said()
    for pattern, one in notes:
        if fnmatch(file.name, pattern):
            said = one.over(said)
    return said


def _said(where: str, table: Any, problems: Problems) -> Said:
    if not isinstance(table, dict):
        problems.add(where.strip(), quoted(str(table)), "a table", 'write [files."c64*.json"] and its values below')
        return Said()
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in (*_TEXTS, "gpus"):
            known = "one of " + ", ".join((*_TEXTS, "gpus"))
            problems.add(f"{where}{key}", quoted(str(value)), known, "delete the line, or correct the key")
            continue
        try:
            values[key] = checked(key, str(value))
        except BadCell as bad:
            problems.add(f"{where}{key}", quoted(str(value)), bad.expected, bad.fix)
    return Said(**values)


def checked(key: str, said: str) -> Any:
    """What a user says of a file, read as a cell of a points file would be.

    Raises:
        BadCell: it cannot be that.
    """
    value = points.readers()[key](said.strip())
    if key == "gpus" and not value:
        raise BadCell("a number of GPUs from 1", "count the GPUs of the whole deployment")
    return value


def options(said: dict[str, str]) -> Said:
    """What options say.

    Raises:
        InputRefused: one of them cannot be that; all at once.
    """
    problems, values = [], {}
    for key, text in said.items():
        if not text:
            continue
        try:
            values[key] = checked(key, text)
        except BadCell as bad:
            problems.append(Problem(f"--{key}", quoted(text), bad.expected, bad.fix))
    if problems:
        raise InputRefused(problems)
    return Said(**values)
