"""Opens a result file of unknown origin: bytes of bounded size, text of one of a few encodings, then what its content is."""

import csv
import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlmodel.errors import InputRefused, Problem
from xlmodel.readers.csv_file import COMMENT, MAX_BYTES, MAX_LINE, SAVE_AS
from xlmodel.readers.results.measurement import Unusable

MAX_DUMP = 250_000_000  # a dump of a database, which is read row by row
MAX_REPORT = 100_000_000  # a report that carries all its requests
DEEPEST = 60
MOST_RUNS = 20_000  # in one appended file
MOST_NODES = 200_000  # of a YAML report; those written by tools hold a few thousand
HEAD = 65_536
JSON, LINES, CSV, YAML, TEXT, WORKBOOK = "json", "lines", "csv", "yaml", "text", "workbook"
SAVE_TEXT = "save it as UTF-8 text, as the load test wrote it"
AGAIN = "copy the file again from where the load test wrote it, or run the test again"
_BAR = "\n" + "=" * 40  # above the sections of a printed report
_BOMS = (
    ("utf-32-le", b"\xff\xfe\0\0"),
    ("utf-32-be", b"\0\0\xfe\xff"),
    ("utf-16", b"\xff\xfe"),
    ("utf-16", b"\xfe\xff"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """An opened file.

    Attributes:
        kind: what its content is: JSON, LINES (several JSON values), CSV, YAML, TEXT or WORKBOOK.
        data: the value; for LINES the values with their places; for CSV the cells of the header; for TEXT the text.
        raw, encoding: of a CSV file, which is read row by row. skipped: lines above its header.
        broken: places that could not be read in an otherwise sound file.
    """

    path: Path
    digest: str
    kind: str
    data: Any = None
    raw: bytes = field(default=b"", repr=False)
    encoding: str = ""
    skipped: int = 0
    broken: tuple[Problem, ...] = ()

    @property
    def text(self) -> str:
        """The text of a file that is no JSON, YAML or workbook."""
        return self.raw.decode(self.encoding).removeprefix("\ufeff") if self.kind == CSV else str(self.data or "")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line and cells of each row below the header of a CSV file.

        Raises:
            InputRefused: a quotation mark that is not closed, or a line that no row can fill.
        """
        with io.TextIOWrapper(io.BytesIO(self.raw), self.encoding, newline="") as stream:
            for _ in range(self.skipped):
                stream.readline()
            reader = csv.reader(_short(stream), strict=True)
            line = 0
            try:
                next(reader, None)
                line = reader.line_num
                for row in reader:
                    yield self.skipped + line + 1, row
                    line = reader.line_num
            except (csv.Error, Unusable) as error:
                place = f"{self.path} line {self.skipped + line + 1}"
                found = error.found if isinstance(error, Unusable) else f"a cell that is not closed ({error})"
                raise InputRefused.one(place, found, "balanced quotation marks", AGAIN) from None


def open_result(path: Path) -> Document:
    """Open a result file.

    Raises:
        InputRefused: it is missing, too large, in an unknown encoding, or damaged.
    """
    raw, digest = _bytes(path)
    if raw.startswith(b"PK\x03\x04"):
        return Document(path, digest, WORKBOOK)
    text, encoding = _text(path, raw)
    if text[:HEAD].lstrip()[:1] in ("{", "[") and _BAR not in text[:HEAD]:  # a log may begin with [INFO]
        return _json(path, digest, text)
    table = _table(path, text[:HEAD])
    if table:
        names, skipped = table
        return Document(path, digest, CSV, names, raw, encoding, skipped)
    return _yaml(path, digest, text) or Document(path, digest, TEXT, text)


def _bytes(path: Path) -> tuple[bytes, str]:
    try:
        with path.open("rb") as stream:
            raw = stream.read(HEAD)
            most = _most(raw)
            raw += stream.read(most + 1 - len(raw))
            digest = hashlib.sha256(raw).hexdigest()[:16]
            if raw.startswith(b"\x1f\x8b") and len(raw) <= most:
                with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
                    raw = packed.read(MAX_BYTES + 1)
                most = MAX_BYTES
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputRefused.one(str(path), f"a damaged gzip file ({error})", "a sound one", AGAIN) from None
    except (OSError, ValueError) as error:
        reason = f"an unreadable file ({getattr(error, 'strerror', None) or error})"
        found = "no such file" if isinstance(error, FileNotFoundError) else reason
        fix = "check the path" + " and its permissions" * isinstance(error, PermissionError)
        raise InputRefused.one(str(path), found, "a result file of a load test", fix) from None
    if len(raw) > most:
        fix = "leave out the requests one by one (no --save-detailed or raw export), or drop rows"
        raise InputRefused.one(str(path), f"more than {most:,} bytes", f"at most {most:,} bytes", fix)
    if not raw.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InputRefused.one(
            str(path), "an empty file", "a result file of a load test", "run the load test to its end"
        )
    return raw, digest


def _most(head: bytes) -> int:
    """Bytes that a file of this kind may hold."""
    start = head.split(b"\n", 1)[0]
    if b"config_id" in start and b"conc" in start:
        return MAX_DUMP
    carries = head.lstrip()[:1] in (b"{", b"[") and (b'"benchmarks"' in head or b'"input_lens"' in head)
    return MAX_REPORT if carries else MAX_BYTES


def _text(path: Path, raw: bytes) -> tuple[str, str]:
    """The text, and its encoding."""
    encoding = next((name for name, mark in _BOMS if raw.startswith(mark)), "utf-8-sig")
    save_as = SAVE_TEXT if raw.lstrip()[:1] in (b"{", b"[") else SAVE_AS
    if encoding.startswith("utf-32") or (encoding == "utf-8-sig" and b"\0" in raw):
        fix = f"check the file, or {save_as}"
        raise InputRefused.one(str(path), "bytes that are no text in UTF-8", "a result file of a load test", fix)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problem = Problem(
            f"{path} line {line}", f"byte 0x{raw[error.start]:02X}, which is not UTF-8", "UTF-8 text", save_as
        )
        raise InputRefused([problem]) from None
    return text.removeprefix("\ufeff"), encoding


class _TwiceError(Exception):
    """A key that stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in found if keys.count(key) > 1))
    return found


def _json(path: Path, digest: str, text: str) -> Document:
    """One JSON value, or several behind one another, as an appended file has them."""
    decoder = json.JSONDecoder(object_pairs_hook=_once)
    values: list[tuple[str, Any]] = []
    broken: list[Problem] = []
    at, line, counted = len(text) - len(text.lstrip()), 1, 0
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        place = f"line {line}"
        try:
            value, end = decoder.raw_decode(text, at)
            values.append((place, value))
        except (ValueError, RecursionError, _TwiceError) as error:
            found, fix = _why(error), AGAIN
            broken.append(Problem(f"{path} {place}", found, "JSON as the load test wrote it", fix))
            end = text.find("\n", at)
            if end < 0 or text[end:].lstrip()[:1] not in ("{", "[") or len(broken) > DEEPEST:
                break
        at = end
        while at < len(text) and text[at] in " \t\r\n,\x1e":
            at += 1
        if at < len(text) and (text[at] not in "{[" or len(values) > MOST_RUNS):
            found = "text behind the JSON" if len(values) <= MOST_RUNS else f"more than {MOST_RUNS:,} values"
            broken.append(Problem(f"{path} behind {place}", found, "the runs of a load test", AGAIN))
            break
    if not values:
        raise InputRefused(broken[:1])
    if len(values) == 1 and not broken:
        return Document(path, digest, JSON, values[0][1])
    return Document(path, digest, LINES, values, broken=tuple(broken))


def _why(error: Exception) -> str:
    if isinstance(error, _TwiceError):
        return f"the key {str(error)[:60]!r} twice in one object"
    if isinstance(error, RecursionError):
        return "values nested too deep"
    if isinstance(error, json.JSONDecodeError):
        said = f"{error.msg.removesuffix(' at').removesuffix(' starting')}, line {error.lineno}"
        return f"a place that is no JSON ({said}): the file is damaged or was not written to its end"
    return "a number of too many digits"


def _table(path: Path, head: str) -> tuple[list[str], int] | None:
    """Names of the columns of a table with commas, and how many lines stand above them; None when the text is no table."""
    stream = io.StringIO(head, newline="")
    skipped, first = 0, stream.readline()
    while first and (first.startswith(COMMENT) or not first.strip(" \t\r\n,")):
        skipped, first = skipped + 1, stream.readline()
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if first.count(mark) >= 3 and "," not in first:
            fix = f"{SAVE_AS}, or replace the {word} by commas (and decimal commas by points)"
            raise InputRefused.one(str(path), f"columns separated by {word}", "columns separated by commas", fix)
    try:
        header = next(csv.reader([first], strict=True), [])
    except csv.Error:
        return None
    names = [name.strip() for name in header]
    if len(names) < 2 or any(": " in name for name in names):
        return None
    return names, skipped


def _short(stream: Iterable[str]) -> Iterator[str]:
    for line in stream:
        if len(line) > MAX_LINE:
            raise Unusable(f"a line of {len(line):,} characters", f"at most {MAX_LINE:,}", AGAIN)
        yield line


def _yaml(path: Path, digest: str, text: str) -> Document | None:
    """A YAML report; None when the text is no YAML of a report."""
    if "\nversion:" not in f"\n{text}" and "\nbenchmarks:" not in f"\n{text}":
        return None
    from xlmodel.readers.results.yaml_text import load  # noqa: PLC0415 - loads when used

    return Document(path, digest, YAML, load(path, text))
