"""A sheet that was just written, in the hands of a refresh: its rows stay bytes until one of their cells is asked for.

Most rows of a book go along as they were written; a tree of all of them would take longer than all that is done to it.
"""

import re
from collections.abc import Iterator

from lxml import etree

from xlmodel.returned.refresh.carried_cells import SheetXml
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import serialized

_ROW = re.compile(rb'<row r="([0-9]+)"')
_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"')
_OPEN, _CLOSED, _NONE = b"<sheetData>", b"</sheetData>", b"<sheetData/>"
_BARE = (
    (b"<v></v>", b"<v/>"), (b"<f></f>", b"<f/>"), (b'"></c>', b'"/>'), (b'"></t>', b'"/>'), (b'"></f>', b'"/>'), (b'"></row>', b'"/>'),
)  # fmt: skip


class NewSheet(SheetXml):
    """The part of a sheet as this project writes it."""

    def __init__(self, part: bytes) -> None:
        start, end = part.find(_OPEN), part.rfind(_CLOSED)
        self._texts: dict[int, bytes] = {}
        if 0 <= start < end and b"\r" not in part:  # which a parser would read as another character
            inside = part[start + len(_OPEN) : end]
            for long, short in _BARE:  # as the parser's own writer puts it
                inside = inside.replace(long, short)
            self._texts = dict(_rows(inside))
            part = part[:start] + _NONE + part[end + len(_CLOSED) :]
        super().__init__(etree.fromstring(part))

    def formats(self) -> dict[str, str]:
        """Address of every cell and the number of its format."""
        known = {cell.get("r", ""): cell.get("s", "0") for cell in self.root.iter(MAIN + "c")}
        return dict(_CELL.findall(b"".join(self._texts.values()).decode())) | known

    def part(self) -> bytes:
        """The part as it stands now."""
        written = serialized(self.root)
        if not self._texts:
            return written
        start, end = written.find(_OPEN), written.rfind(_CLOSED)
        known = dict(_rows(written[start + len(_OPEN) : end])) if start >= 0 else {}
        rows = self._texts | known
        body = _OPEN + b"".join(rows[number] for number in sorted(rows)) + _CLOSED
        if start < 0:
            return written.replace(_NONE, body, 1)
        return written[:start] + body + written[end + len(_CLOSED) :]

    def _known(self, row: int) -> etree._Element | None:
        if row in self._texts:
            text = self._texts.pop(row)
            self._put(row, etree.fromstring(b'<sheetData xmlns="%s">%s</sheetData>' % (MAIN[1:-1].encode(), text))[0])
        return super()._known(row)


def frame_of(part: bytes) -> etree._Element:
    """A sheet as this project writes it, without its rows."""
    start, end = part.find(_OPEN), part.rfind(_CLOSED)
    whole = start < 0 or end < start
    return etree.fromstring(part if whole else part[:start] + _NONE + part[end + len(_CLOSED) :])


def _rows(text: bytes) -> Iterator[tuple[int, bytes]]:
    starts = [(match.start(), int(match[1])) for match in _ROW.finditer(text)]
    ends = [*(start for start, _ in starts[1:]), len(text)]
    return ((number, text[start:end]) for (start, number), end in zip(starts, ends, strict=True))
