"""From the text of a settings file to its tables: a line that is no TOML is said in words of the file, not of the parser."""

import re
import tomllib
from pathlib import Path
from typing import Any

from xlmodel.readers.csv_file import read_text
from xlmodel.readers.problems import Problems, quoted
from xlmodel.readers.toml_values import as_meant

MAX_BYTES = 1_000_000
MAX_DOTS = 200  # of one line; the parser's memory grows with the square of the parts of a key
MAX_MENDED = 20  # lines set aside to see what else is wrong; each costs one more reading
MAX_SHOWN = 120  # characters of a line that a fix may repeat
MEND_UP_TO = 100_000  # characters
SAVE_AS = "save it as UTF-8 text, for example in Notepad: Save as, Encoding UTF-8"

_LINE = re.compile(
    r"""\s*(?P<key>"[^"]*"|'[^']*'|[^\s=:"'\[\]{}#][^=:"'\[\]{}#]*?)\s*(?P<mark>[=:])\s*(?P<value>.*?)\s*"""
)
_TABLE = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]")
_BARE = re.compile(r"[A-Za-z0-9_-]+(\s*\.\s*[A-Za-z0-9_-]+)*")


def parse(path: Path, problems: Problems, lost: set[str]) -> dict[str, Any] | None:
    """The file's tables, not yet checked; None when they cannot be told, with the reason in the problems.

    A line that is wrong by itself is set aside, so that the rest of the file is still read and checked; its key, such
    as ``[build] output``, joins those lost.

    Raises:
        InputRefused: the file cannot be read as text.
    """
    text = read_text(path, MAX_BYTES, SAVE_AS, may_be_empty=True)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    before = problems.count
    for i, line in enumerate(lines, 1):
        if (dots := line.count(".")) > MAX_DOTS:
            problems.add(f"line {i}", f"{dots:,} dots", f"at most {MAX_DOTS}", "write each value in a line of its own")
    if problems.count > before:
        return None
    for _ in range(MAX_MENDED):
        try:
            return tomllib.loads("\n".join(lines) + "\n")  # a fault in the last line has its line number too
        except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
            at = _note(error, lines, problems)
            if at is None or len(text) > MEND_UP_TO:
                return None
            lost.add(_key(lines, at))
            lines[at] = ""
    return None


def _note(error: Exception, lines: list[str], problems: Problems) -> int | None:
    """Add what is wrong; the position of the line when the others can be read without it."""
    said = str(error)
    place = re.search(r"line (\d+)", said)
    if not place:  # something is still open when the file ends
        unclosed = isinstance(error, tomllib.TOMLDecodeError | RecursionError)
        found = "a bracket or quotation mark that is not closed" if unclosed else said[:200]
        fix = "close every bracket and quotation mark, and shorten what is very long"
        problems.add("end of the file", found, "TOML such as interactivity = 60", fix)
        return None
    at = int(place[1]) - 1
    line = lines[at]
    twice = said.startswith(("Cannot overwrite", "Cannot declare"))
    entry = _LINE.fullmatch(_bare(line))
    alone = entry is not None and (twice or not _reads(line)) and '"""' not in line and "'''" not in line
    fix = _fix(line.strip(), entry, twice=twice)
    shown = quoted(line.strip()) if line.strip() else said[:200]
    problems.add(place[0], shown, "TOML such as interactivity = 60", fix)
    return at if alone else None


def _key(lines: list[str], at: int) -> str:
    """The key of a line, with the table above it."""
    table = next((head[1] for line in reversed(lines[:at]) if (head := _TABLE.match(line))), "")
    return f"[{table}] {lines[at].partition('=')[0].strip()}"


def _bare(line: str) -> str:
    """A line without a comment behind it; a # between quotation marks is none."""
    return re.sub(r"""^((?:[^#"']|"[^"]*"|'[^']*')*)#.*$""", r"\1", line)


def _reads(line: str) -> bool:
    try:
        tomllib.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _fix(line: str, found: re.Match[str] | None, *, twice: bool) -> str:
    """How to mend a line that is no TOML."""
    if not line.isprintable() or len(line) > MAX_SHOWN:
        return "write the line anew: it is very long, or holds a character that cannot be seen"
    if line.startswith("["):
        return f"{line} is there twice: put both together" if twice else "write the name of the table between [ and ]"
    if found is None:
        return (
            "write texts in quotation marks, numbers with a decimal point, and close every bracket and quotation mark"
        )
    return f"the key {found['key']} is set twice: delete one" if twice else _entry_fix(**found.groupdict())


def _entry_fix(key: str, mark: str, value: str) -> str:
    """How to mend a key and its value."""
    if mark == ":":
        return f"write {key} = {value}"
    if key[0] not in "\"'" and not _BARE.fullmatch(key):
        return f'put the name into quotation marks: "{key}" = {value}'
    meant = as_meant(value)
    if meant is not None:
        return f"write {key} = {meant}"
    fix = next(fix for cause, fix in _CAUSES if cause.fullmatch(value))
    return fix.format(key=key, low=value.casefold(), text=_CURLY.sub("", value))


_CURLY = re.compile("[“”„‘’«»]")
_CAUSES = tuple((re.compile(pattern, re.IGNORECASE), fix) for pattern, fix in (
    (r"", "write a value behind {key} =, or delete the line"),
    (r"true|false", "write {key} = {low}"),
    (r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}", 'write the year, the month and the day, with hyphens: {key} = "2026-11-23"'),
    (r"[-+.0-9$€£].*", "write a number with a decimal point and without a unit"),
    (r".*\\.*", "write / instead of \\ in a path"),
    (r"[\"'{\[].*", "close every bracket and quotation mark"),
    (r".*", 'write texts in straight quotation marks: {key} = "{text}"'),
))  # fmt: skip
