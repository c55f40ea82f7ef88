"""The metadata part: what cells that are dynamic arrays point to."""

from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

from xlmodel.xlsx.graft.part_places import Parts, related, tag, workbook_part
from xlmodel.xlsx.graft.registers import announce, relate
from xlmodel.xlsx.passes import serialized

KIND = "XLDAPR"
_BEFORE_FUTURE = ("metadataTypes", "metadataStrings", "mdxMetadata", "futureMetadata")


def dynamic_index(parts: Parts, source: Mapping[str, bytes]) -> int:
    """Number by which cells of the package say that they are dynamic arrays; the metadata part is made or extended."""
    theirs = related(source, workbook_part(source), "sheetMetadata")
    if not theirs:
        return 1
    home = related(parts, workbook_part(parts), "sheetMetadata")
    if not home:
        _new_metadata(parts, source, theirs[0])
        return 1
    tree, given = etree.fromstring(parts[home[0]]), etree.fromstring(source[theirs[0]])
    types = tree.find(tag("metadataTypes"))
    if types is None:
        raise ValueError("metadata without types")
    kinds = [str(t.get("name")) for t in types]
    if KIND in kinds:
        kind = str(kinds.index(KIND) + 1)
        for i, block in enumerate(tree.iterfind(f"{tag('cellMetadata')}/{tag('bk')}"), 1):
            if len(block) == 1 and block[0].get("t") == kind:
                return i
    return _extended(parts, home[0], tree, given)


def _extended(parts: Parts, home: str, tree: etree._Element, given: etree._Element) -> int:
    """The metadata with the kind of dynamic arrays, and a block of it, appended."""
    types, their_types = tree.find(tag("metadataTypes")), given.find(tag("metadataTypes"))
    future, cells = given.find(tag("futureMetadata")), tree.find(tag("cellMetadata"))
    assert types is not None and their_types is not None and future is not None  # noqa: PT018 - one fact for mypy
    kinds = [str(t.get("name")) for t in types]
    held = [f for f in tree.iterfind(tag("futureMetadata")) if f.get("name") == KIND]
    if KIND not in kinds:
        types.append(deepcopy(their_types[0]))
        types.set("count", str(len(types)))
        kinds.append(KIND)
    if held:
        held[0].append(deepcopy(future[0]))
        held[0].set("count", str(len(held[0].findall(tag("bk")))))
        value = len(held[0].findall(tag("bk"))) - 1
    else:
        places = [i for i, c in enumerate(tree) if etree.QName(c).localname in _BEFORE_FUTURE]
        tree.insert(places[-1] + 1, deepcopy(future))
        value = 0
    if cells is None:
        cells = etree.Element(tag("cellMetadata"))
        places = [i for i, c in enumerate(tree) if etree.QName(c).localname == "futureMetadata"]
        tree.insert(places[-1] + 1, cells)
    block = etree.SubElement(cells, tag("bk"))
    etree.SubElement(block, tag("rc"), t=str(kinds.index(KIND) + 1), v=str(value))
    cells.set("count", str(len(cells.findall(tag("bk")))))
    parts[home] = serialized(tree)
    return len(cells.findall(tag("bk")))


def _new_metadata(parts: Parts, source: Mapping[str, bytes], part: str) -> None:
    """The metadata part of `source` as it is, where there was none."""
    moved = {part: part if part not in parts else "xl/metadata1.xml"}
    parts[moved[part]] = source[part]
    announce(parts, source, moved)
    relate(parts, workbook_part(parts), source, moved)
