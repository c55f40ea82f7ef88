"""The package's zip file: fixed order, fixed time, one compressor, so that the same book gives the same bytes.

Python's zipfile takes only zlib, whose output differs between machines; libdeflate is smaller and pinned.
"""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, NamedTuple

import deflate

# of libdeflate's 12 levels: 9 takes a third of the time of 11 for a book that is 3 % larger. Parts that are not large are
# the ones that differ among many books of one form: level 7 takes a third of the time of 9, for a book that is 1 % larger
LARGE = 1_000_000  # bytes
LEVELS = {True: 9, False: 7}  # of parts that are large, and of others
# a large part changes from book to book in its first rows at most; they are pieces of their own, so that the rest may be kept:
# up to the end of a row behind so many bytes, not far behind them
OPENING, FARTHEST, PIECE = 12_000, 60_000, 9_000
WHOLE = 12_000_000  # bytes; a larger part is compressed as a stream by zlib, so that memory stays flat
DAY = 0x21  # 1980-01-01, the format's first day: builds never carry the clock

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


class PackedPart(NamedTuple):
    """A part on its way into the file: its pieces, each with its data once compressed, checksum and size before."""

    pieces: "Sequence[tuple[bytes, Future[bytes]]]"
    crc: int
    size: int


Kept = dict[str, PackedPart]  # the parts of the last file by name


def write(target: IO[bytes], parts: Mapping[str, Iterable[bytes]], level: int = 0, kept: Kept | None = None) -> None:
    """Write the parts, content types first, then by name; `level` 0 is the usual compression.

    Parts are compressed beside the making of the next ones, since the compressor lets Python go on. A piece that is the same as in
    the last file is taken from what was `kept` of it.
    """
    with ThreadPoolExecutor() as pool:
        packed = {name: _begun(name, chunks, level, pool, kept) for name, chunks in parts.items()}
    if kept is not None:
        kept.clear()
        kept |= packed
    directory: list[bytes] = []
    offset = 0
    for name in sorted(packed, key=lambda n: (n != "[Content_Types].xml", n)):
        pieces, crc, size = packed[name]
        data = b"".join([compressed.result() for _, compressed in pieces])
        encoded = name.encode()
        common = (0, 8, 0, DAY, crc, len(data), size, len(encoded), 0)
        target.write(_LOCAL.pack(b"PK\3\4", 20, *common))
        target.write(encoded)
        target.write(data)
        directory.append(_CENTRAL.pack(b"PK\1\2", 20, 20, *common, 0, 0, 0, 0, offset) + encoded)
        offset += _LOCAL.size + len(encoded) + len(data)
    for entry in directory:
        target.write(entry)
    count = len(directory)
    target.write(_END.pack(b"PK\5\6", 0, 0, count, count, sum(map(len, directory)), offset, 0))


def _begun(name: str, chunks: Iterable[bytes], level: int, pool: ThreadPoolExecutor, kept: Kept | None) -> PackedPart:
    crc = size = 0
    head: list[bytes] = []
    stream = None
    out: list[bytes] = []
    for chunk in chunks:
        crc, size = zlib.crc32(chunk, crc), size + len(chunk)
        if stream is None and size <= WHOLE:
            head.append(chunk)
            continue
        if stream is None:
            stream = zlib.compressobj(6, zlib.DEFLATED, -15)
            out.append(stream.compress(b"".join(head)))
            head.clear()
        out.append(stream.compress(chunk))
    if stream is not None:
        return PackedPart([(b"", pool.submit(b"".join, [*out, stream.flush()]))], crc, size)
    known = dict(kept[name].pieces) if kept and name in kept else {}
    whole = b"".join(head)
    large = len(whole) >= LARGE
    end = whole.find(b"</row>", OPENING, FARTHEST) + 1 if large else 0  # 0 where none is found
    pieces = [(whole[i : min(i + PIECE, end)], _open) for i in range(0, end, PIECE)] + [(whole[end:], _closed)]
    done = [(data, known.get(data) or pool.submit(pack, data, level or LEVELS[large])) for data, pack in pieces]
    return PackedPart(done if kept is not None else [(b"", compressed) for _, compressed in done], crc, size)


def _closed(data: bytes, level: int) -> bytes:
    """The last piece of a part."""
    return bytes(deflate.deflate_compress(data, level))


def _open(data: bytes, level: int) -> bytes:
    """A piece that another one follows, ending with a byte: one block, which says that it is not the last, and an empty one."""
    block = bytearray(deflate.deflate_compress(data, level))
    if block[0] & 1:  # the first block is the only one
        block[0] &= 0xFE
        for empty in (b"\x00\x00\xff\xff", b"\x00\x00\x00\xff\xff"):  # its first bits may have room in the last byte
            if _reads(found := bytes(block) + empty, data):
                return found
    return struct.pack("<B2H", 0, len(data), len(data) ^ 0xFFFF) + data  # as it is


def _reads(found: bytes, data: bytes) -> bool:
    """Whether a program reads these data, and then the end."""
    try:
        return zlib.decompress(found + b"\x03\x00", -15) == data
    except zlib.error:
        return False
