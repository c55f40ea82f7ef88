"""Packages from outside that would harm their reader are refused before anything is parsed, and quickly."""

import io
import re
import struct
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from xlmodel.errors import WorkbookRefused
from xlmodel.readers.safe_package import MAX_MEMBERS, check_package
from xlmodel.returned.explain.explain_cell import explain

Zip = zipfile.ZipFile
CONTENT = '<?xml version="1.0" encoding="UTF-8"?><Types/>'
LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'


def _pack(extra: Callable[[Zip], None] = lambda _: None, workbook: bytes | str = "<workbook/>") -> bytes:
    target = io.BytesIO()
    with Zip(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT)
        archive.writestr("xl/workbook.xml", workbook)
        extra(archive)
    return target.getvalue()


def _many(archive: Zip) -> None:
    for i in range(MAX_MEMBERS):
        archive.writestr(f"xl/media/{i}.bin", b"x")


def _large(archive: Zip) -> None:
    for i in range(3):
        archive.writestr(f"xl/media/{i}.bin", bytes(90_000_000), compresslevel=1)


def _twice(archive: Zip) -> None:
    archive.writestr("xl/Workbook.xml", "<workbook/>")


def _flagged(data: bytes, flag: int) -> bytes:
    """The archive with a flag set on every member, as encryption does."""
    raw = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(mark), data):
            struct.pack_into("<H", raw, match.start() + offset, flag)
    return bytes(raw)


def _lying() -> bytes:
    """A member that holds more than its header states."""
    data = bytearray(_pack(lambda archive: archive.writestr("xl/big.bin", bytes(2_000_000), zipfile.ZIP_STORED)))
    for match in re.finditer(re.escape(struct.pack("<I", 2_000_000)), bytes(data)):
        struct.pack_into("<I", data, match.start(), 10)
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "ratio bomb": (lambda: _pack(lambda z: z.writestr("xl/a.xml", b"<a>" + bytes(50_000_000))), "times its size"),
    "large member": (lambda: _pack(lambda z: z.writestr("a.bin", bytes(101_000_000))), "unpacked"),
    "large in all": (lambda: _pack(_large), ""),
    "many members": (lambda: _pack(_many), "502 parts"),
    "lying size": (_lying, ""),
    "DOCTYPE": (lambda: _pack(lambda z: z.writestr("xl/a.xml", LAUGHS)), "DOCTYPE"),
    "DOCTYPE in UTF-16": (lambda: _pack(lambda z: z.writestr("xl/a.xml", LAUGHS.encode("utf-16"))), "DOCTYPE"),
    "DOCTYPE in relations": (lambda: _pack(lambda z: z.writestr("_rels/.rels", LAUGHS)), "DOCTYPE"),
    "DOCTYPE across a chunk": (
        lambda: _pack(lambda z: z.writestr("xl/a.xml", b"<" + b"x" * ((1 << 18) - 5) + b"<!DOCTYPE a>")),
        "DOCTYPE",
    ),
    "DOCTYPE in UTF-7": (
        lambda: _pack(lambda z: z.writestr("xl/a.xml", '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-')),
        "encoding",
    ),
    "XML that is none": (lambda: _pack(workbook=b"\x00\x01\x02"), "other than XML"),
    "same name twice": (lambda: _pack(_twice), "twice"),
    "name with ..": (lambda: _pack(lambda z: z.writestr("../evil.xml", "<a/>")), "leads outside"),
    "absolute name": (lambda: _pack(lambda z: z.writestr("/etc/x.xml", "<a/>")), "leads outside"),
    "drive name": (lambda: _pack(lambda z: z.writestr("C:/x.xml", "<a/>")), "leads outside"),
    "encrypted": (lambda: _flagged(_pack(), 1), "encrypted"),
    "other compression": (
        lambda: _pack(lambda z: z.writestr("xl/a.bin", b"x" * 99, compress_type=zipfile.ZIP_LZMA)),
        "compression method",
    ),
    "password or .xls": (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
    ".xlsb": (
        lambda: _pack(lambda z: z.writestr("xl/workbook.bin", b"x")).replace(b"xl/workbook.xml", b"xl/workbook.xm_"),
        "xlsb",
    ),
    "another zip": (lambda: _pack().replace(b"xl/workbook.xml", b"xl/nothing_.xml"), "not a workbook"),
    "not a zip": (lambda: b"platform,price\n", "not a workbook"),
    "cut zip": (lambda: _pack()[:-30], "damaged"),
    "flipped bytes": (lambda: _pack().replace(b"PK\x01\x02", b"PK\x01\x09"), "damaged"),
    "empty file": (lambda: b"", "empty"),
    "more than 25 MB": (lambda: b"PK\x03\x04" + bytes(25_000_001), "25.0 MB"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_package_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    make, words = HOSTILE[kind]
    path = tmp_path / "x.xlsx"
    path.write_bytes(make())
    start = time.perf_counter()
    with pytest.raises(WorkbookRefused) as caught:
        check_package(path)
    assert time.perf_counter() - start < 1
    problem = caught.value.problems[0]
    assert words in problem.found
    assert all((problem.where, problem.found, problem.expected, problem.fix))
    with pytest.raises(WorkbookRefused):  # the reader of workbooks asks first
        explain("Summary!A1", path)


@pytest.mark.parametrize("name", [".", "none.xlsx"])
def test_a_folder_or_a_missing_file_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(WorkbookRefused):
        check_package(tmp_path / name)


def test_a_plain_package_passes(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(_pack(lambda z: z.writestr("xl/a.xml", "\ufeff<a/>".encode())))
    check_package(path)
