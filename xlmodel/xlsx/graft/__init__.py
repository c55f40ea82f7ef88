"""Puts generated sheets into somebody's package without touching what is in it.

Of the package that takes them in, only the registers change: the list of sheets and names, relationships, content
types, the formats (new ones are appended), and the metadata of dynamic arrays. Every other part stays byte for
byte, except the calculation chain, an index that Excel builds anew when it is absent.
"""

import re
from collections.abc import Mapping

from lxml import etree

from xlmodel.xlsx.graft import registers, style_merge
from xlmodel.xlsx.graft.part_places import moved_names, shifted
from xlmodel.xlsx.graft.registers import collisions
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import Parts
from xlmodel.xlsx.relations import related, workbook_part
from xlmodel.xlsx.sheetdata import xml_text

__all__ = ["Parts", "collisions", "graft"]

_STYLE = re.compile(rb'(<c r="[A-Z]+[0-9]+" s=")([0-9]+)')
_TEXT = re.compile(rb'(<c r="[A-Z]+[0-9]+" s="[0-9]+") t="s"><v>([0-9]+)</v></c>')
_INLINE = b' t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
_DYNAMIC = re.compile(rb'(<c r="[A-Z]+[0-9]+" s="[0-9]+"[^>]*?) cm="1"')
_COLUMN = re.compile(rb'(<col [^>]*?style=")([0-9]+)"')
_LOOK = re.compile(rb'(<cfRule [^>]*?dxfId=")([0-9]+)"')


def graft(target: Mapping[str, bytes], source: Mapping[str, bytes], *, dressed: bool = False) -> Parts:
    """The parts of `target` with all sheets, names and custom XML of `source` added behind its own.

    Both are packages as part name -> bytes; `source` was written by this project. Names must not collide: see `collisions`.
    `dressed` lets the new cells wear the named styles of `target` where it has them: somebody may have restyled them.
    """
    parts: Parts = dict(target)
    formats = style_merge.merged(parts, source, dressed=dressed)
    dynamic = registers.dynamic_index(parts, source)
    strings = _strings(source)
    moved = moved_names(parts, source)
    sheets = set(related(source, workbook_part(source), "worksheet"))
    for old, new in moved.items():
        data = source[old]
        if old in sheets:
            data = _sheet(data, formats, strings, dynamic)
        elif old.endswith(".rels"):
            data = shifted(old, data, moved)
        elif old.startswith("xl/tables/"):
            data = registers.table(data, parts)
        parts[new] = data
    registers.announce(parts, source, moved)
    registers.list_sheets(parts, source, moved)
    registers.drop_calculation_chain(parts)
    return parts


def _strings(source: Mapping[str, bytes]) -> list[str]:
    """The shared strings of a package that this project wrote: plain texts only."""
    for part in related(source, workbook_part(source), "sharedStrings"):
        items = etree.fromstring(source[part]).iter(MAIN + "si")
        return ["".join(t.text or "" for t in item.iter(MAIN + "t")) for item in items]
    return []


def _sheet(data: bytes, formats: style_merge.Formats, strings: list[str], dynamic: int) -> bytes:
    """A sheet in the formats of its new home; texts move into their cells, so that no string table grows."""
    styles = _STYLE.split(data)
    numbers = {number: b"%d" % formats.cells[int(number)] for number in set(styles[2::3])}
    styles[2::3] = map(numbers.__getitem__, styles[2::3])
    data = b"".join(styles)
    texts = _TEXT.split(data)
    said = {n: _INLINE % xml_text(strings[int(n)]).encode() for n in set(texts[2::3])}
    texts[2::3] = map(said.__getitem__, texts[2::3])
    data = _DYNAMIC.sub(lambda m: b'%s cm="%d"' % (m[1], dynamic), b"".join(texts))
    data = _COLUMN.sub(lambda m: b'%s%d"' % (m[1], formats.cells[int(m[2])]), data)
    data = _LOOK.sub(lambda m: b'%s%d"' % (m[1], formats.looks[int(m[2])]), data)
    return data.replace(b' tabSelected="1"', b"")  # two selected sheets are a group: typing would fill both
