"""The registers of a package in which generated sheets are replaced: sheets and their order, names, content types.

Sheets keep their numbers and places; names of people's own stay, those that belong to one sheet follow it.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lxml import etree

from xlmodel.returned.refresh.links import links_of
from xlmodel.xlsx.contract_part import NAMESPACE
from xlmodel.xlsx.parts import MAIN, RELATION
from xlmodel.xlsx.passes import INTELLISENSE, Parts, serialized
from xlmodel.xlsx.relations import Relationship, rels_of, workbook_part

_TYPES = "[Content_Types].xml"
_BUILT_IN = ("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase")
_OWNER = "xlmodel-sheet"  # attribute that holds a name's sheet while sheets are taken out and put in


def take_out(parts: Parts, generated: Iterable[str], names: Iterable[str]) -> None:
    """Remove generated sheets, their custom XML, and names of the workbook; what only they led to stays for now."""
    here = workbook_part(parts)
    book, links = etree.fromstring(parts[here]), links_of(parts, here)
    sheets = book.find(MAIN + "sheets")
    assert sheets is not None
    order = [sheet.get("name", "") for sheet in sheets]
    gone, ids = set(generated), set()
    for sheet in list(sheets):
        if sheet.get("name") in gone:
            ids.add(sheet.get(RELATION + "id", ""))
            sheets.remove(sheet)
    _names(book, order, gone, {name.casefold() for name in names})
    parts[here] = serialized(book)
    dropped = {links[id_].target for id_ in ids if id_ in links}
    _unlink(parts, here, ids)
    for owner in (here, ""):  # some programs let the package lead to custom XML, others the workbook
        ours = {link.id: link.target for link in links_of(parts, owner).values() if _is_ours(parts, link)}
        dropped |= set(ours.values()).union(*(closure(parts, part) for part in ours.values()))
        _unlink(parts, owner, set(ours))
    drop(parts, dropped)


def _is_ours(parts: Parts, link: Relationship) -> bool:
    data = parts.get(link.target, b"") if link.kind == "customXml" else b""
    return NAMESPACE.encode() in data or INTELLISENSE.encode() in data


def _names(book: etree._Element, order: list[str], gone: set[str], ours: set[str]) -> None:
    """Take out the names that the new book brings, and note which sheet the others belong to."""
    held = book.find(MAIN + "definedNames")
    for name in list(held) if held is not None else ():
        local = name.get("localSheetId")
        owner = order[int(local)] if local is not None and int(local) < len(order) else ""
        built_in = name.get("name", "") in _BUILT_IN and owner in gone
        if built_in or (local is None and name.get("name", "").casefold() in ours):
            held.remove(name)  # type: ignore[union-attr]
        elif local is not None:
            name.set(_OWNER, owner)
            del name.attrib["localSheetId"]


def put_in_order(parts: Parts, old: "Mapping[str, Listed]", order: list[str], active: str) -> None:
    """Give sheets their places and numbers back, and names the sheets they belong to.

    Args:
        parts: the package, with the new sheets at the end.
        old: the sheets as they were.
        order: all sheets in the order in which they are to stand.
        active: the sheet that was on top.
    """
    here = workbook_part(parts)
    book = etree.fromstring(parts[here])
    sheets = book.find(MAIN + "sheets")
    assert sheets is not None
    now = [sheet.get("name", "") for sheet in sheets]
    for name in book.iter(MAIN + "definedName"):  # those that came with the new sheets count as the sheets stand now
        local = name.get("localSheetId")
        if local is not None:
            name.set(_OWNER, now[int(local)])
    by_name = {sheet.get("name", ""): sheet for sheet in sheets}
    sheets[:] = [by_name[name] for name in order]
    _number(sheets, old)
    place = {name: i for i, name in enumerate(order)}
    for name in book.iter(MAIN + "definedName"):
        owner = name.get(_OWNER)
        if owner is not None:
            del name.attrib[_OWNER]
            if owner in place:
                name.set("localSheetId", str(place[owner]))
    for view in book.iter(MAIN + "workbookView"):
        view.set("activeTab", str(place.get(active, 0)))
        view.attrib.pop("firstSheet", "")
    calculate(book)
    parts[here] = serialized(book)


def active_sheet(parts: Parts, names: list[str]) -> str:
    """The sheet on top, of the names of all sheets."""
    view = next(etree.fromstring(parts[workbook_part(parts)]).iter(MAIN + "workbookView"), None)
    number = view.get("activeTab", "0") if view is not None else "0"
    return names[int(number)] if number.isdecimal() and int(number) < len(names) else names[0]


def select(parts: Parts, name: str) -> None:
    """Select a sheet: the one on top is."""
    part = sheets_of(parts)[name].part
    root = etree.fromstring(parts[part])
    for view in root.iter(MAIN + "sheetView"):
        view.set("tabSelected", "1")
    parts[part] = serialized(root)


def set_printed(parts: Parts, printed: Mapping[tuple[str, str], str]) -> None:
    """Let sheets print what people chose, given as sheet and name of the setting -> ranges."""
    if not printed:
        return
    here = workbook_part(parts)
    book = etree.fromstring(parts[here])
    place = {sheet.get("name", ""): str(i) for i, sheet in enumerate(book.iter(MAIN + "sheet"))}
    held = book.find(MAIN + "definedNames")
    assert held is not None  # the build has names
    for (sheet, name), text in printed.items():
        for old in list(held):
            if (old.get("name"), old.get("localSheetId")) == (name, place[sheet]):
                held.remove(old)
        etree.SubElement(held, MAIN + "definedName", name=name, localSheetId=place[sheet]).text = text
    parts[here] = serialized(book)


def _number(sheets: etree._Element, old: "Mapping[str, Listed]") -> None:
    """Sheets keep their numbers and stay out of sight where they were; new ones get free numbers."""
    free = max([0, *(int(sheet.number) for sheet in old.values() if sheet.number.isdecimal())])
    for sheet in sheets:
        name = sheet.get("name", "")
        if name in old:
            sheet.set("sheetId", old[name].number)
            if old[name].state:
                sheet.set("state", old[name].state)
        else:
            free += 1
            sheet.set("sheetId", str(free))


def calculate(book: etree._Element) -> None:
    """Excel computes anew when it opens the book."""
    calc = book.find(MAIN + "calcPr")
    if calc is None:
        calc = etree.Element(MAIN + "calcPr", calcId="0")
        names = [i for i, child in enumerate(book) if etree.QName(child).localname in ("sheets", "definedNames")]
        book.insert(names[-1] + 1, calc)
    calc.set("fullCalcOnLoad", "1")


def collect_garbage(parts: Parts, candidates: Iterable[str]) -> None:
    """Drop the candidates that nothing leads to any more."""
    held = reachable(parts)
    drop(parts, {part for part in candidates if part not in held})


def reachable(parts: Parts, also: Iterable[Relationship] = ()) -> set[str]:
    """All parts that the package, or one of some other relationships, leads to."""
    held: set[str] = set()
    waiting = [link.target for link in (*links_of(parts, "").values(), *also) if not link.external]
    while waiting:
        part = waiting.pop()
        if part not in held:
            held.add(part)
            waiting += [link.target for link in links_of(parts, part).values() if not link.external]
    return held


def closure(parts: Parts, part: str) -> set[str]:
    """All parts that a part leads to, itself left out."""
    found: set[str] = set()
    waiting = [part]
    while waiting:
        for link in links_of(parts, waiting.pop()).values():
            if not link.external and link.target in parts and link.target not in found:
                found.add(link.target)
                waiting.append(link.target)
    return found


def drop(parts: Parts, gone: set[str]) -> None:
    """Remove parts with their relationships and content types."""
    types = etree.fromstring(parts[_TYPES])
    for part in gone:
        parts.pop(part, None)
        parts.pop(rels_of(part), None)
    for element in list(types):
        if str(element.get("PartName", "")).lstrip("/") in gone:
            types.remove(element)
    parts[_TYPES] = serialized(types)


def _unlink(parts: Parts, part: str, ids: set[str]) -> None:
    if not ids:
        return
    tree = etree.fromstring(parts[rels_of(part)])
    for element in list(tree):
        if element.get("Id") in ids:
            tree.remove(element)
    parts[rels_of(part)] = serialized(tree)


class Listed(NamedTuple):
    """A sheet of the register: its number, whether it is hidden, and its part."""

    number: str
    state: str
    part: str


def sheets_of(parts: Parts) -> dict[str, Listed]:
    """Every sheet in order, chart sheets as well."""
    here = workbook_part(parts)
    links = links_of(parts, here)
    found = {}
    for sheet in etree.fromstring(parts[here]).iter(MAIN + "sheet"):
        link = links.get(sheet.get(RELATION + "id", ""))
        target = link.target if link else ""
        found[sheet.get("name", "")] = Listed(sheet.get("sheetId", ""), sheet.get("state", ""), target)
    return found


def restamp(parts: Parts, version: str, build_id: str) -> None:
    """Let the document properties, which some programs write with a namespace in every element, name the new build, where they named the old one."""
    core = "docProps/core.xml"
    if core in parts:
        data = re.sub(rb"(<dc:creator[^>]*>)xlmodel [^<]*", rb"\g<1>xlmodel " + version.encode(), parts[core])
        parts[core] = re.sub(rb"(<cp:keywords[^>]*>)build [^<]*", rb"\g<1>build " + build_id.encode(), data)
