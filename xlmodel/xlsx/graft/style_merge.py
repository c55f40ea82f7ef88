"""Two style parts made one: the formats of the second are found in the first, or appended to it.

Formats are compared by what they say, not by their number, so that grafting twice does not grow the part.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import Parts, serialized
from xlmodel.xlsx.relations import related, workbook_part

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles",
          "colors", "extLst")  # fmt: skip
_FIRST_CUSTOM = 164  # number formats below are Excel's own


@dataclass(frozen=True, slots=True)
class Formats:
    """Old -> new number of every cell format, and of every look that a condition switches on."""

    cells: list[int]
    looks: list[int]


def merged(parts: Parts, source: Mapping[str, bytes], *, dressed: bool = False) -> Formats:
    """Append the formats of `source` to those of `parts`; `dressed` in the named styles that are there already."""
    theirs = etree.fromstring(source[related(source, workbook_part(source), "styles")[0]])
    home = related(parts, workbook_part(parts), "styles")[0]
    ours = etree.fromstring(parts[home])
    codes = _number_formats(ours, theirs)
    pieces = {name: _pieces(ours, theirs, name) for name in ("fonts", "fills", "borders")}

    def renumbered(xf: etree._Element) -> etree._Element:
        xf = deepcopy(xf)
        for name, attribute in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            xf.set(attribute, str(pieces[name][int(xf.get(attribute, "0"))]))
        number = int(xf.get("numFmtId", "0"))
        xf.set("numFmtId", str(codes.get(number, number)))
        return xf

    held = len(_group(ours, "cellStyleXfs"))
    named = _named(ours, theirs, renumbered)
    bases, homes = _group(theirs, "cellStyleXfs"), _group(ours, "cellStyleXfs")

    def cell(given: etree._Element) -> etree._Element:
        xf, old = renumbered(given), int(given.get("xfId", "0"))
        new = named.get(old, 0)
        xf.set("xfId", str(new))
        if dressed and new < held:
            for attribute in ("fontId", "fillId", "borderId"):
                if given.get(attribute, "0") == bases[old].get(attribute, "0"):
                    xf.set(attribute, homes[new].get(attribute, "0"))
        return xf

    formats = Formats(_pieces(ours, theirs, "cellXfs", cell), _pieces(ours, theirs, "dxfs"))
    for name in _ORDER:
        group = ours.find(MAIN + name)
        if group is not None and group.get("count") is not None:
            group.set("count", str(len(group)))
    parts[home] = serialized(ours)
    return formats


def _group(tree: etree._Element, name: str) -> etree._Element:
    """A group of the style part, made in its place when absent."""
    found = tree.find(MAIN + name)
    if found is None:
        found = etree.Element(MAIN + name, count="0")
        rank = _ORDER.index(name)
        after = [i for i, child in enumerate(tree) if etree.QName(child).localname in _ORDER[:rank]]
        tree.insert(after[-1] + 1 if after else 0, found)
    return found


def _said(element: etree._Element) -> bytes:
    """An element as text that is equal for equal formats."""
    return etree.tostring(element, method="c14n", exclusive=True)


def _pieces(
    ours: etree._Element, theirs: etree._Element, name: str,
    made: Callable[[etree._Element], etree._Element] = deepcopy,
) -> list[int]:  # fmt: skip
    """Old -> new number of the members of a group; those that are not there yet are appended."""
    group = _group(ours, name)
    known: dict[bytes, int] = {}
    for i, member in enumerate(group):
        known.setdefault(_said(member), i)
    found = []
    for member in _group(theirs, name):
        new = made(member)
        text = _said(new)
        if text not in known:
            known[text] = len(group)
            group.append(new)
        found.append(known[text])
    return found


def _number_formats(ours: etree._Element, theirs: etree._Element) -> dict[int, int]:
    """Old -> new number of the number formats that a workbook defines itself."""
    group = _group(ours, "numFmts")
    known = {str(f.get("formatCode")): int(str(f.get("numFmtId"))) for f in group}
    free = max([_FIRST_CUSTOM - 1, *known.values()]) + 1
    found = {}
    for f in _group(theirs, "numFmts"):
        code = str(f.get("formatCode"))
        if code not in known:
            known[code], free = free, free + 1
            etree.SubElement(group, MAIN + "numFmt", numFmtId=str(known[code]), formatCode=code)
        found[int(str(f.get("numFmtId")))] = known[code]
    if not len(group):
        ours.remove(group)
    return found


def _named(
    ours: etree._Element, theirs: etree._Element, renumbered: Callable[[etree._Element], etree._Element]
) -> dict[int, int]:
    """Old -> new number of the named styles; one whose name is taken stays as its owner made it."""
    styles, formats = _group(ours, "cellStyles"), _group(ours, "cellStyleXfs")
    known = {str(s.get("name")).casefold(): int(str(s.get("xfId"))) for s in styles}
    bases = _group(theirs, "cellStyleXfs")
    found = {}
    for style in _group(theirs, "cellStyles"):
        name, old = str(style.get("name")).casefold(), int(str(style.get("xfId")))
        if name not in known:
            known[name] = len(formats)
            formats.append(renumbered(bases[old]))
            new = deepcopy(style)
            new.set("xfId", str(known[name]))
            styles.append(new)
        found[old] = known[name]
    return found
