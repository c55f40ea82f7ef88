"""The registers of a package: content types, sheets and names, tables, calculation chain, and what dynamic arrays point to."""

import posixpath
from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

from xlmodel.errors import Problem
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import OFFICE, RELATIONS, Parts, serialized
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.relations import related, relations, rels_of, workbook_part

_TYPES = "[Content_Types].xml"
_KIND = "http://schemas.openxmlformats.org/package/2006/content-types"
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")


def collisions(target: Mapping[str, bytes], source: Mapping[str, bytes], file: str) -> list[Problem]:
    """Why the sheets and names of `source` cannot go into `target`; empty when they can."""
    ours, theirs = (etree.fromstring(parts[workbook_part(parts)]) for parts in (target, source))
    if ours.tag != MAIN + "workbook":
        found = "the strict form of the file format"
        return [Problem(file, found, "an ordinary .xlsx", "save it in Excel as Excel Workbook (*.xlsx)")]
    problems = []
    protection = ours.find(MAIN + "workbookProtection")
    if protection is not None and protection.get("lockStructure") in TRUE:
        fix = "unprotect the workbook in Excel (Review, Protect Workbook), add, and protect it again"
        problems.append(Problem(file, "a workbook whose structure is protected", "one that takes new sheets", fix))
    held = {str(s.get("name")).casefold(): str(s.get("name")) for s in ours.iter(MAIN + "sheet")}
    for sheet in theirs.iter(MAIN + "sheet"):
        name = held.get(str(sheet.get("name")).casefold())
        if name is not None:
            fix = "rename your sheet in Excel (its formulas follow), then add again"
            problems.append(Problem(f"{file}, sheet {name}", "a sheet of that name", "the name free", fix))
    names = {str(n.get("name")).casefold() for n in ours.iter(MAIN + "definedName")} | _tables(target).keys()
    wanted = {str(n.get("name")).casefold() for n in theirs.iter(MAIN + "definedName") if n.get("localSheetId") is None}
    if wanted and wanted <= names:
        fix = "they are of another version: take the workbook as it was before they were added, and add them to that"
        return [Problem(file, "the functions already", "a workbook without them", fix)]
    for name in [*(str(n.get("name")) for n in theirs.iter(MAIN + "definedName")), *_tables(source).values()]:
        if name.casefold() in names and not name.startswith("_xlnm."):
            fix = "rename or delete it in the name manager, then add again"
            problems.append(Problem(f"{file}, name {name}", "a name or table so called", "the name free", fix))
    return problems


def _tables(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Names of the tables, by their folded form."""
    found = {}
    for part in _table_parts(parts):
        name = str(etree.fromstring(parts[part]).get("displayName"))
        found[name.casefold()] = name
    return found


def _table_parts(parts: Mapping[str, bytes]) -> list[str]:
    sheets = related(parts, workbook_part(parts), "worksheet")
    return [table for sheet in sheets for table in related(parts, sheet, "table")]


def table(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A table with a number that no table of the workbook has, those just added included."""
    tree = etree.fromstring(data)
    numbers = [
        int(str(etree.fromstring(d).get("id")))
        for n, d in parts.items()
        if n.startswith("xl/tables/") and n.endswith(".xml")
    ]
    tree.set("id", str(max([0, *numbers]) + 1))
    return serialized(tree)


def announce(parts: Parts, source: Mapping[str, bytes], moved: Mapping[str, str]) -> None:
    """Content types of the parts that came in."""
    types, theirs = etree.fromstring(parts[_TYPES]), etree.fromstring(source[_TYPES])
    kinds = {str(e.get("PartName")).lstrip("/"): str(e.get("ContentType")) for e in theirs.iter(f"{{{_KIND}}}Override")}
    endings = {
        str(e.get("Extension")).casefold(): str(e.get("ContentType")) for e in theirs.iter(f"{{{_KIND}}}Default")
    }
    known = {str(e.get("Extension")).casefold() for e in types.iter(f"{{{_KIND}}}Default")}
    for old, new in moved.items():
        ending = new.rpartition(".")[2].casefold()
        if old in kinds:
            etree.SubElement(types, f"{{{_KIND}}}Override", PartName=f"/{new}", ContentType=kinds[old])
        elif ending not in known and ending in endings:
            types.insert(0, etree.Element(f"{{{_KIND}}}Default", Extension=ending, ContentType=endings[ending]))
            known.add(ending)
    parts[_TYPES] = serialized(types)


def list_sheets(parts: Parts, source: Mapping[str, bytes], moved: Mapping[str, str]) -> None:
    """The sheets behind the ones there are, the names, and the relationships to both and to custom XML."""
    here, there = workbook_part(parts), workbook_part(source)
    book, theirs = etree.fromstring(parts[here]), etree.fromstring(source[there])
    sheets = book.find(MAIN + "sheets")
    assert sheets is not None
    offset, number = len(sheets), max([0, *(int(str(s.get("sheetId"))) for s in sheets)])
    ids = relate(parts, here, source, moved)
    by_id = {r.id: r.target for r in relations(source, there)}
    for sheet in theirs.iter(MAIN + "sheet"):
        number += 1
        part = by_id[str(sheet.get(f"{{{OFFICE}}}id"))]
        added = etree.SubElement(sheets, MAIN + "sheet", name=str(sheet.get("name")), sheetId=str(number))
        added.set(f"{{{OFFICE}}}id", ids[part])
    names = book.find(MAIN + "definedNames")
    if names is None:
        names = etree.Element(MAIN + "definedNames")
        places = [i for i, child in enumerate(book) if etree.QName(child).localname in _BEFORE_NAMES]
        book.insert(places[-1] + 1, names)
    for name in theirs.iter(MAIN + "definedName"):
        added = deepcopy(name)
        if added.get("localSheetId") is not None:
            added.set("localSheetId", str(int(str(added.get("localSheetId"))) + offset))
        names.append(added)
    parts[here] = serialized(book)


def relate(parts: Parts, here: str, source: Mapping[str, bytes], moved: Mapping[str, str]) -> dict[str, str]:
    """Relate the workbook to the sheets and custom XML that came in: old part -> new id."""
    tree = etree.fromstring(parts[rels_of(here)])
    taken = {str(e.get("Id")) for e in tree}
    ids: dict[str, str] = {}
    for relation in relations(source, workbook_part(source)):
        if relation.target not in moved:
            continue
        free = next(f"rId{i}" for i in range(1, len(taken) + 2) if f"rId{i}" not in taken)
        taken.add(free)
        ids[relation.target] = free
        target = posixpath.relpath(moved[relation.target], posixpath.dirname(here))
        etree.SubElement(tree, f"{{{RELATIONS}}}Relationship", Id=free, Type=f"{OFFICE}/{relation.kind}", Target=target)
    parts[rels_of(here)] = serialized(tree)
    return ids


def drop_calculation_chain(parts: Parts) -> None:
    """Remove the index of formula cells, which no longer lists all of them; Excel builds it anew."""
    here = workbook_part(parts)
    for part in related(parts, here, "calcChain"):
        del parts[part]
        for register, attribute, value in ((rels_of(here), "Type", "/calcChain"), (_TYPES, "PartName", f"/{part}")):
            tree = etree.fromstring(parts[register])
            for element in tree:
                if str(element.get(attribute)).endswith(value):
                    tree.remove(element)
            parts[register] = serialized(tree)


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
    types = tree.find(MAIN + "metadataTypes")
    if types is None:
        raise ValueError("metadata without types")
    kinds = [str(t.get("name")) for t in types]
    if KIND in kinds:
        kind = str(kinds.index(KIND) + 1)
        for i, block in enumerate(tree.iterfind(f"{MAIN}cellMetadata/{MAIN}bk"), 1):
            if len(block) == 1 and block[0].get("t") == kind:
                return i
    return _extended(parts, home[0], tree, given)


def _extended(parts: Parts, home: str, tree: etree._Element, given: etree._Element) -> int:
    """The metadata with the kind of dynamic arrays, and a block of it, appended."""
    types, their_types = tree.find(MAIN + "metadataTypes"), given.find(MAIN + "metadataTypes")
    future, cells = given.find(MAIN + "futureMetadata"), tree.find(MAIN + "cellMetadata")
    assert types is not None and their_types is not None and future is not None  # noqa: PT018 - one fact for mypy
    kinds = [str(t.get("name")) for t in types]
    held = [f for f in tree.iterfind(MAIN + "futureMetadata") if f.get("name") == KIND]
    if KIND not in kinds:
        types.append(deepcopy(their_types[0]))
        types.set("count", str(len(types)))
        kinds.append(KIND)
    if held:
        held[0].append(deepcopy(future[0]))
        held[0].set("count", str(len(held[0].findall(MAIN + "bk"))))
        value = len(held[0].findall(MAIN + "bk")) - 1
    else:
        places = [i for i, c in enumerate(tree) if etree.QName(c).localname in _BEFORE_FUTURE]
        tree.insert(places[-1] + 1, deepcopy(future))
        value = 0
    if cells is None:
        cells = etree.Element(MAIN + "cellMetadata")
        places = [i for i, c in enumerate(tree) if etree.QName(c).localname == "futureMetadata"]
        tree.insert(places[-1] + 1, cells)
    block = etree.SubElement(cells, MAIN + "bk")
    etree.SubElement(block, MAIN + "rc", t=str(kinds.index(KIND) + 1), v=str(value))
    cells.set("count", str(len(cells.findall(MAIN + "bk"))))
    parts[home] = serialized(tree)
    return len(cells.findall(MAIN + "bk"))


def _new_metadata(parts: Parts, source: Mapping[str, bytes], part: str) -> None:
    """The metadata part of `source` as it is, where there was none."""
    moved = {part: part if part not in parts else "xl/metadata1.xml"}
    parts[moved[part]] = source[part]
    announce(parts, source, moved)
    relate(parts, workbook_part(parts), source, moved)
