"""What people put onto generated sheets as objects: notes, shapes, pictures, charts, tables of their own.

Their parts stay byte for byte, except where a note has to follow a row that moved. What this module does not know how
to carry is said to be left, and then the whole old sheet is kept beside the new one.
"""

import re
from copy import deepcopy

from lxml import etree

from xlmodel.book.refs import corners
from xlmodel.returned.refresh.carried_tables import carry_table_looks
from xlmodel.returned.refresh.chart_marks import DRAWING, generated, marks
from xlmodel.returned.refresh.links import Carrier, links_of, place, relate
from xlmodel.xlsx.parts import MAIN, RELATION
from xlmodel.xlsx.passes import serialized
from xlmodel.xlsx.relations import Relationship

_KNOWN = {
    "comments",
    "vmlDrawing",
    "threadedComment",
    "drawing",
    "table",
    "hyperlink",
    "printerSettings",
    "image",
    "customProperty",
}
_POINTERS = {
    "legacyDrawing": "notes",
    "legacyDrawingHF": "a picture in the header",
    "picture": "a picture behind the sheet",
}
_BOX = re.compile(
    rb"(<x:Row>\s*)(\d+)(\s*</x:Row>)((?:(?!</x:ClientData>).)*?<x:Column>\s*)(\d+)(\s*</x:Column>)", re.DOTALL
)


def carry_objects(c: Carrier, generated_tables: frozenset[str]) -> None:
    """Carry all of them into the new sheet.

    Args:
        c: the sheet on its way.
        generated_tables: names, in lower case, of the tables that the generator writes itself.
    """
    links = c.links
    for name, words in _POINTERS.items():
        pointer = c.old.find(MAIN + name)
        link = links.get(pointer.get(RELATION + "id", "")) if pointer is not None else None
        if pointer is not None and link:
            made = deepcopy(pointer)
            made.set(RELATION + "id", relate(c.parts, c.new_part, link))
            place(c.new, made)
            c.carried.append(words)
    for link in links.values():
        if link.kind in ("comments", "threadedComment"):
            relate(c.parts, c.new_part, link)
            _follow_notes(c, link.target)
        elif link.kind == "vmlDrawing":
            _follow_boxes(c, link.target)
        elif link.kind == "printerSettings":
            setup = c.new.find(MAIN + "pageSetup")
            if setup is not None:
                setup.set(RELATION + "id", relate(c.parts, c.new_part, link))
        elif link.kind == "table":
            _table(c, link, generated_tables)
        elif link.kind not in _KNOWN:
            c.left.append(f"a part of the kind {link.kind}")
    _drawing(c, links)


def _follow_notes(c: Carrier, part: str) -> None:
    """Notes on the cells where they stand now; an untouched part stays byte for byte."""
    tree, changed = etree.fromstring(c.parts[part]), False
    for note in tree.iter("{*}comment", "{*}threadedComment"):
        old = note.get("ref", "")
        new = c.ref(old)
        if not new:
            c.left.append(f"the note on {old}, whose cell is gone")
        elif new != old:
            note.set("ref", new)
            changed = True
    if changed:
        c.parts[part] = serialized(tree)


def _follow_boxes(c: Carrier, part: str) -> None:
    """Row and column of the boxes that show notes."""

    def box(match: re.Match[bytes]) -> bytes:
        row, col = int(match[2]) + 1, int(match[5]) + 1
        at = c.move((row, col, row, col))
        if at is None or at[:2] == (row, col):
            return match[0]
        return b"%s%d%s%s%d%s" % (match[1], at[0] - 1, match[3], match[4], at[1] - 1, match[6])

    if part in c.parts:
        c.parts[part] = _BOX.sub(box, c.parts[part])


def _table(c: Carrier, link: Relationship, generated: frozenset[str]) -> None:
    """A table of people's own; its cells are carried with the others."""
    tree = etree.fromstring(c.parts[link.target])
    name, ref = tree.get("displayName", ""), tree.get("ref", "")
    if name.casefold() in generated:
        carry_table_looks(c, tree)
        return
    if c.move(corners(ref)) != corners(ref):
        c.left.append(f"the table {name}, whose place moved")
        return
    home = c.home_of(MAIN + "tableParts")
    etree.SubElement(home, MAIN + "tablePart").set(RELATION + "id", relate(c.parts, c.new_part, link))
    home.set("count", str(len(home)))
    c.carried.append(f"the table {name}")


def _drawing(c: Carrier, links: dict[str, Relationship]) -> None:
    """Shapes, pictures and charts of people's own, beside the generated charts."""
    pointer = c.old.find(MAIN + "drawing")
    link = links.get(pointer.get(RELATION + "id", "")) if pointer is not None else None
    if link is None or link.target not in c.parts:
        return
    theirs = etree.fromstring(c.parts[link.target])
    ours = generated(c.parts, theirs, link.target, c.built.charts or _new_charts(c))
    if not c.rewritten:  # programs put the corners of charts elsewhere
        _frames(c, ours)
    own = [anchor for anchor in theirs if anchor not in ours]
    if not own:
        return
    c.carried += [_name(anchor) for anchor in own]
    home = c.new.find(MAIN + "drawing")
    if home is not None:
        _beside(c, own, link.target, home)
        return
    if len(own) < len(theirs):
        for anchor in list(theirs):
            if anchor not in own:
                theirs.remove(anchor)
        c.parts[link.target] = serialized(theirs)
    made = etree.Element(MAIN + "drawing")
    made.set(RELATION + "id", relate(c.parts, c.new_part, link))
    place(c.new, made)


def _frames(c: Carrier, old: list[etree._Element | None]) -> None:
    """Charts of the build stand where people moved them, in the size that they gave them."""
    targets = [link.target for link in links_of(c.parts, c.new_part).values() if link.kind == "drawing"]
    tree = etree.fromstring(c.parts[targets[0]]) if targets else etree.Element("none")
    new = [anchor for anchor in tree if anchor.find(DRAWING + "graphicFrame") is not None]
    moved = 0
    for anchor, there, built in zip(old, new, c.built.frames, strict=False):
        ends = [(name, anchor.find(DRAWING + name)) for name in ("from", "to")] if anchor is not None else []
        first, last = (_at(ends[0][1]), _at(ends[1][1])) if ends else (None, None)
        if first and last and (first[0] + 1, first[1] + 1, last[0] + 1, last[1]) not in built:
            moved += 1
            for name, end in ends:
                held = there.find(DRAWING + name)
                if held is not None and end is not None:
                    there.replace(held, deepcopy(end))
    if moved:
        c.parts[targets[0]] = serialized(tree)
        c.carried.append(f"places of {moved} charts")


def _at(end: etree._Element | None) -> tuple[int, int] | None:
    """Row and column of a corner, counted from 0."""
    return None if end is None else (int(end.findtext(f"{DRAWING}row") or 0), int(end.findtext(f"{DRAWING}col") or 0))


def _beside(c: Carrier, own: list[etree._Element], part: str, home: etree._Element) -> None:
    """Objects of the old drawing added to the new one."""
    target = links_of(c.parts, c.new_part)[home.get(RELATION + "id", "")].target
    tree = etree.fromstring(c.parts[target])
    held = links_of(c.parts, part)
    number = max([int(e.get("id", "0")) for e in tree.iter(DRAWING + "cNvPr")], default=0)
    for anchor in own:
        copy = deepcopy(anchor)
        c.relink(copy, target, held)
        for label in copy.iter(DRAWING + "cNvPr"):
            number += 1
            label.set("id", str(number))
        tree.append(copy)
    c.parts[target] = serialized(tree)


def _new_charts(c: Carrier) -> list[frozenset[str]]:
    """What tells the charts of the new sheet: they stand for those of an old one that this version cannot describe."""
    drawings = [link.target for link in links_of(c.parts, c.new_part).values() if link.kind == "drawing"]
    return [marks(c.parts, anchor, part) for part in drawings for anchor in etree.fromstring(c.parts[part])]


def _name(anchor: etree._Element) -> str:
    label = next(anchor.iter(DRAWING + "cNvPr"), None)
    return "an object" if label is None else f"the object {label.get('name', '')}".rstrip()
