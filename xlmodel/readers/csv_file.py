"""Safe opening of a CSV file: from bytes of unknown origin to rows with line numbers."""

import csv
import difflib
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

from xlmodel.readers.problems import Problems, quoted

MAX_BYTES = 25_000_000
MAX_LINE = 100_000
MAX_ROWS = 1_000_000
SAVE_AS = "save it as 'CSV UTF-8 (comma delimited)'"
NO_NAMES: Mapping[str, str] = MappingProxyType({})
_UNITS = ("us", "ms", "s", "sec", "seconds")  # a column of times is no speed under another name
COMMENT = ("#", '"#')  # InferenceX exports begin with licence lines; a spreadsheet may quote them

Row = tuple[int, Sequence[str]]


def read_text(path: Path, limit: int = MAX_BYTES, save_as: str = SAVE_AS, *, may_be_empty: bool = False) -> str:
    """The text of a UTF-8 file; a byte-order mark is accepted.

    Args:
        path: the file.
        limit: bytes that it may hold.
        save_as: how to save such a file in the right encoding.
        may_be_empty: whether a file without content says what it should.

    Raises:
        InputRefused: the file is missing, unreadable, too large, empty, or in another encoding.
    """
    problems = Problems(str(path))
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)  # one byte more shows that it is too large, however it grows
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        found = "no such file" if isinstance(error, FileNotFoundError) else f"an unreadable file ({reason})"
        fix = "check the path" + " and its permissions" * isinstance(error, PermissionError)
        problems.add("", found, "a readable file", fix)
        problems.raise_if_any()
    if len(raw) > limit:
        problems.add("", f"more than {limit:,} bytes", f"at most {limit:,} bytes", "split the file or drop unused rows")
    elif not may_be_empty and not raw.strip(b"\xef\xbb\xbf \t\r\n"):
        problems.add("", "an empty file", "a header line and at least one row", "start from the one in templates/")
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add("", "UTF-16 text", "UTF-8 text", save_as)
    elif raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        problems.add(
            "", "a workbook or zip archive", "a text file", f"open it in the program it belongs to and {save_as}"
        )
    elif b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        problems.add(f"line {line}", "a NUL byte", "UTF-8 text", save_as)
    problems.raise_if_any()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{raw[error.start]:02X}, which is not UTF-8"
        problems.add(f"line {line}", found, "UTF-8 text", save_as)
    problems.raise_if_any()
    raise AssertionError  # the line above has raised


def read_rows(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    other_names: Mapping[str, str] = NO_NAMES,
) -> Iterator[Row]:
    """Yield line number and cells of each row, the cells in the order `required`, `optional`.

    Cells of absent optional columns are empty; comment lines on top and blank lines are left out. What is
    wrong with a row's shape is added to `problems`, and the row is left out. `other_names` holds what people call
    a column, in letters and digits only.

    Raises:
        InputRefused: the file cannot be read, or its header is unusable, so that no row makes sense.
    """
    stream = io.StringIO(read_text(path), newline="")
    skipped, first = 0, stream.readline()
    while first and (first.startswith(COMMENT) or not first.strip(" \t\r\n,")):
        skipped, first = skipped + 1, stream.readline()
    reader = csv.reader(chain([first], map(_short_enough, stream)), strict=True)
    line, rows = skipped + 1, 0
    try:
        _short_enough(first)
        header = next(reader, [])
        pick = _header(header, line, required, optional, problems, other_names)
        width, names = len(header), (*required, *optional)
        named = sum(map(bool, map(str.strip, header)))  # a spreadsheet may leave empty cells behind
        straight = pick == tuple(range(len(names)))
        cells = itemgetter(*pick)
        line = skipped + reader.line_num + 1
        for row in reader:
            at, line = line, skipped + reader.line_num + 1
            if (len(row) != width or named != width) and not _shape(row, named, width, at, problems):
                continue
            if not any(row) or not any(map(str.strip, row)):
                continue
            if row == header:
                problems.add(f"line {at}", "the header once more", "a row of values", "keep one table in the file")
                continue
            rows += 1
            if rows > MAX_ROWS:
                problems.add(f"line {at}", f"more than {MAX_ROWS:,} rows", "fewer rows", "split the file")
                return
            row.append("")  # what absent columns are picked from
            yield at, (row if straight else cells(row))
    except csv.Error as error:
        fix = 'close every quotation mark, and write a mark inside a cell twice ("")'
        problems.add(f"line {line}", f"a cell that is not closed ({error})", "balanced quotation marks", fix)
        return
    except _LongLineError as error:
        place = f"line {skipped + reader.line_num + 1}"
        found = f"a line of {error.args[0]:,} characters"
        problems.add(place, found, f"at most {MAX_LINE:,}", "break the text into rows")
        return
    if not rows and not problems.count:
        problems.add("", "a header without rows", "at least one row", "add a row under the header")


def arranged(
    table: Iterable[Row],
    required: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    other_names: Mapping[str, str] = NO_NAMES,
) -> Iterator[Row]:
    """As `read_rows`, of a table that was read from a sheet: its first row is the header, and rows may lack empty cells at the end.

    Raises:
        InputRefused: the header is unusable.
    """
    rows = iter(table)
    line, header = next(rows, (1, ()))
    pick = _header(header, line, required, optional, problems, other_names)
    named = len(header)
    for at, cells in rows:
        if not any(map(str.strip, cells)):
            continue
        if any(map(str.strip, cells[named:])):
            expected = f"{named} cells as in the header"
            problems.add(f"row {at}", f"{len(cells)} cells", expected, "clear what stands beside the table")
            continue
        row = [*cells[:named], *[""] * (named - len(cells)), ""]
        yield at, [row[i] for i in pick]


class _LongLineError(Exception):
    """A line longer than any row can be; its argument is the length."""


def _short_enough(line: str) -> str:
    if len(line) > MAX_LINE:
        raise _LongLineError(len(line))
    return line


def _shape(row: list[str], named: int, width: int, line: int, problems: Problems) -> bool:
    """Whether the row has one cell a column and nothing beside the named ones; blank lines are left out.

    A cell too many is never forgiven, not even an empty one at the end: a decimal comma shifts a row so.
    """
    if not any(map(str.strip, row)):
        return False
    if len(row) == width and not any(map(str.strip, row[named:])):
        return True
    if row[0].startswith("#"):
        fix = "move comments above the header or delete them"
    elif len(row) >= width:
        fix = "write numbers without thousands separators, and put text with a comma into quotation marks"
    else:
        fix = "add the missing commas; an empty cell still needs its comma"
    problems.add(f"line {line}", f"{len(row)} cells", f"{named} cells as in the header", fix)
    return False


def _header(
    header: Sequence[str],
    line: int,
    required: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    other_names: Mapping[str, str],
) -> tuple[int, ...]:
    """Position of each known column; absent ones point behind the row.

    Raises:
        InputRefused: a column is missing, doubled or unknown, or the separator is not a comma.
    """
    names, place = (*required, *optional), f"line {line}"
    cells = [cell.strip() for cell in header]
    while cells and not cells[-1]:
        cells.pop()
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if len(cells) == 1 and mark in cells[0]:
            fix = f"{SAVE_AS}, or replace the {word} by commas (and decimal commas by points)"
            problems.add(place, f"columns separated by {word}", "columns separated by commas", fix)
            problems.raise_if_any()
    at: dict[str, int] = {}
    meant: set[str] = set()
    folded = [cell.casefold() for cell in cells]
    for i, (cell, name) in enumerate(zip(cells, folded, strict=True)):
        if not name:
            fix = "name or delete the column"
            problems.add(f"{place}, column {i + 1}", "no column name", "a name in every column", fix)
        elif name in at:
            problems.add(place, f"the column {name} twice", "each column once", "delete one of them")
        elif name in names:
            at[name] = i
        else:
            free = [n for n in names if n not in folded and n not in meant]
            other = other_names.get("".join(filter(str.isalnum, name)))
            close = [other] if other in free else difflib.get_close_matches(name.replace(" ", "_"), free, 1)
            meant.update(close)
            fix = f"rename it to {close[0]}" if close else "delete the column"
            if close and (mark := name.rpartition("_")[2]) in _UNITS and not close[0].endswith(mark):
                fix = f"{close[0]} is in another unit than {mark}: work the numbers out, then {fix}"
            problems.add(place, f"the column {quoted(cell)}", "one of " + ", ".join(names), fix)
    for name in required:
        if name not in at and name not in meant:
            expected = f"the column{'s' * (len(required) > 1)} " + ", ".join(required)
            problems.add(place, f"no column {name}", expected, f"add the column {name}")
    problems.raise_if_any()
    return tuple(at.get(name, len(header)) for name in names)
