"""Safe opening of a workbook from outside: everything is measured before anything is parsed.

The headers of a zip archive are claims of whoever made it, so they are checked first, which is quick, and
then every member is read through once with a counter. Nothing is kept and no XML is parsed here.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from xlmodel.errors import WorkbookRefused
from xlmodel.readers.problems import quoted

MEGABYTE = 1_000_000
MAX_FILE = 25 * MEGABYTE
MAX_MEMBERS = 500
MAX_MEMBER = 100 * MEGABYTE
MAX_TOTAL = 200 * MEGABYTE
MAX_RATIO = 100  # ordinary workbooks stay below 10
RATIO_FROM = MEGABYTE  # a short part of blanks may shrink by more and does no harm
MAX_CELLS = 8_000_000  # elements of cells and rows in one sheet; 100,000 points with their workings take 5 million
MAX_ELEMENTS = 400_000  # others in one part: those stay in memory as a tree
CHUNK = 1 << 18

OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"
RESAVE = "open it in Excel and save it again as .xlsx"
UNPACK = "unpack it, and name a file in it"
AGAIN = "fetch it again, or have it sent again"
NOT_TRUSTED = "do not use this file; ask where it came from"

_ENCRYPTED = 0x1
_OLE = b"\xd0\xcf\x11\xe0"
_XML = (".xml", ".rels", ".vml")
_DOCTYPE = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_LONGEST = max(map(len, _DOCTYPE))
# In an encoding other than these a DOCTYPE could be spelt in bytes that the search does not know.
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_CELL = re.compile(rb"<(?:\w+:)?(?:c|v|f|is|t|row)[\s/>]")
_STARTS = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<", b"<\0", b"\0<")


def check_package(path: Path, most: int = MAX_TOTAL, *, open_document: bool = False) -> dict[str, bytes]:
    """Make sure that a workbook from outside can be parsed without harm.

    Args:
        path: the file.
        most: bytes that all parts may unpack to.
        open_document: whether an .ods workbook is welcome as well.

    Returns:
        Its parts, unpacked.

    Raises:
        WorkbookRefused: it is no .xlsx package, too large, or made in a way no spreadsheet program would.
    """
    try:
        _check_file(path)
        with zipfile.ZipFile(path) as archive:
            _check_headers(str(path), archive.infolist(), most, open_document=open_document)
            return _checked_contents(str(path), archive, most)
    except OSError as error:
        found = f"an unreadable file ({error.strerror or error})"
        fix = "check the path and its permissions"
        raise WorkbookRefused.one(str(path), found, "a readable workbook", fix) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise WorkbookRefused.one(str(path), f"a damaged file ({error})", "an .xlsx workbook", AGAIN) from error


def _check_file(path: Path) -> None:
    """Existence, kind and size, and the first bytes."""
    name = str(path)
    if not path.exists():
        raise WorkbookRefused.one(name, "no such file", "an .xlsx workbook", "check the path")
    if not path.is_file():
        found = "a folder" if path.is_dir() else "no regular file"
        raise WorkbookRefused.one(name, found, "an .xlsx workbook", "name the workbook itself")
    size = path.stat().st_size
    if size > MAX_FILE:
        raise WorkbookRefused.one(name, f"{_mb(size)}", f"at most {_mb(MAX_FILE)}", "remove pictures and unused sheets")
    with path.open("rb") as stream:
        start = stream.read(4)
    if not start:
        raise WorkbookRefused.one(name, "an empty file", "an .xlsx workbook", "fetch or save the file again")
    if start == _OLE:
        found = "an old .xls workbook, or one with a password"
        fix = "open it in Excel and save it as .xlsx without a password"
        raise WorkbookRefused.one(name, found, "an .xlsx workbook without a password", fix)
    if not start.startswith(b"PK"):
        raise WorkbookRefused.one(name, "a file that is not a workbook", "an .xlsx workbook", RESAVE)


def is_open_document(path: Path) -> bool:
    """Whether a zip archive says that it is an .ods workbook, as its first member does."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        first = members[0] if members else None
        if first is None or first.filename != "mimetype" or first.file_size > len(OPEN_DOCUMENT):
            return False
        return archive.read(first) == OPEN_DOCUMENT


def _check_headers(file: str, members: list[zipfile.ZipInfo], most: int, *, open_document: bool) -> None:
    """What the archive says about its members, before any of them is unpacked."""
    if len(members) > MAX_MEMBERS:
        raise WorkbookRefused.one(file, f"{len(members):,} parts inside", f"at most {MAX_MEMBERS}", NOT_TRUSTED)
    seen: set[str] = set()
    for member in members:
        where = f"{file}, part {quoted(member.filename)}"
        name = member.filename.casefold()  # part names differ in more than case
        if name in seen:
            raise WorkbookRefused.one(where, "the same part twice", "each part once", NOT_TRUSTED)
        seen.add(name)
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name or ":" in name:
            raise WorkbookRefused.one(where, "a name that leads outside", "a relative name", NOT_TRUSTED)
        if member.flag_bits & _ENCRYPTED:
            raise WorkbookRefused.one(
                where, "an encrypted part", "a workbook without a password", "save it without a password"
            )
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise WorkbookRefused.one(where, f"compression method {member.compress_type}", "stored or deflated", RESAVE)
        if member.file_size > MAX_MEMBER:
            raise WorkbookRefused.one(
                where, f"{_mb(member.file_size)} unpacked", f"at most {_mb(MAX_MEMBER)}", NOT_TRUSTED
            )
        if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            ratio = member.file_size / max(member.compress_size, 1)
            found = f"data that unpacks to {ratio:,.0f} times its size"
            raise WorkbookRefused.one(where, found, f"at most {MAX_RATIO} times", NOT_TRUSTED)
    total = sum(member.file_size for member in members)
    if total > most:
        raise WorkbookRefused.one(file, f"{_mb(total)} unpacked", f"at most {_mb(most)}", NOT_TRUSTED)
    if open_document and {"mimetype", "content.xml", "meta-inf/manifest.xml"} <= seen:
        return
    if "[content_types].xml" not in seen or "xl/workbook.xml" not in seen:
        binary = "xl/workbook.bin" in seen
        found = "a binary workbook (.xlsb)" if binary else "a zip archive that is not a workbook"
        raise WorkbookRefused.one(file, found, "an .xlsx workbook", RESAVE if binary else UNPACK)


def _checked_contents(file: str, archive: zipfile.ZipFile, most: int) -> dict[str, bytes]:
    """Unpack every member once, counting, and look for a DOCTYPE: no entity attack works without one."""
    total = 0
    parts: dict[str, bytes] = {}
    for member in archive.infolist():
        where = f"{file}, part {quoted(member.filename)}"
        xml = member.filename.casefold().endswith(_XML)
        size, tail, elements, cells = 0, b"", 0, 0
        chunks = []
        for chunk in _chunks(archive, member):
            if xml and not size:
                _check_start(where, chunk)
            size += len(chunk)
            if size > MAX_MEMBER or total + size > most:
                raise WorkbookRefused.one(where, "more data than its header states", "a sound archive", NOT_TRUSTED)
            if xml and any(mark in tail + chunk for mark in _DOCTYPE):
                raise WorkbookRefused.one(where, "a DOCTYPE", "XML without entities", NOT_TRUSTED)
            chunks.append(chunk)
            tail = chunk[1 - _LONGEST :]
            if xml:
                elements += chunk.count(b"<") - chunk.count(b"</")
                cells += len(_CELL.findall(chunk)) if elements > MAX_ELEMENTS else 0
                if cells > MAX_CELLS or elements - cells > 2 * MAX_ELEMENTS:
                    raise WorkbookRefused.one(
                        where, f"more than {elements:,} elements", "a part of ordinary size", NOT_TRUSTED
                    )
        total += size
        if not member.is_dir():
            parts[member.filename] = b"".join(chunks)
    return parts


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _check_start(where: str, start: bytes) -> None:
    """An XML part begins with its first mark, in an encoding in which a DOCTYPE can be found."""
    if not start.startswith(_STARTS):
        raise WorkbookRefused.one(where, "something other than XML", "XML in UTF-8", RESAVE)
    declared = _DECLARED.search(start[:1024].replace(b"\0", b""))
    if declared and declared[1].decode("latin-1").casefold() not in _ENCODINGS:
        encoding = quoted(declared[1].decode("latin-1"))
        raise WorkbookRefused.one(where, f"XML in the encoding {encoding}", "XML in UTF-8", RESAVE)


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:,.1f} MB"
