"""What people put onto generated sheets as objects: notes, shapes, pictures, charts, tables of their own.

Their parts stay byte for byte, except where a note has to follow a row that moved. What this module does not know how
to carry is said to be left, and then the whole old sheet is kept beside the new one.
"""

import re
from collections.abc import Callable, Iterable, Set
from copy import deepcopy

from lxml import etree

from xlmodel.book.chart import Chart
from xlmodel.book.refs import corners
from xlmodel.returned.refresh.links import Carrier, links_of, place, relate
from xlmodel.xlsx.parts import MAIN, RELATION
from xlmodel.xlsx.passes import Parts, serialized
from xlmodel.xlsx.relations import Relationship
from xlmodel.xlsx.texts import canonical

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_KNOWN = {"comments", "vmlDrawing", "threadedComment", "drawing", "table", "hyperlink", "printerSettings", "image"}
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
    generated = _generated(c.parts, theirs, link.target, c.charts or _new_charts(c))
    own = [anchor for anchor in theirs if anchor not in generated]
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


def marks_of(chart: Chart, follow: Callable[[str], str]) -> frozenset[str]:
    """What tells a generated chart: its description, the cell of its title, and what it reads, with and without the words on its axes.

    No program keeps all four: LibreOffice writes neither the description nor where the title comes from, Gnumeric no words on axes either.

    Args:
        chart: the chart as it was built.
        follow: how a reference of the build reads in the file.
    """
    kind = "scatterChart" if chart.kind == "scatter" else "barChart"
    series = [(kind, *(follow(area.on("")) for area in (one.xs, one.ys))) for one in chart.series]
    title = f"={canonical(follow(chart.title.on('')))}"
    return frozenset({chart.alt, title, _reading(series), _reading(series, [chart.x_title, chart.y_title])} - {""})


def _reading(series: Iterable[tuple[str, ...]], axes: Iterable[str] = ()) -> str:
    """What a chart reads, whatever program wrote it: kind and cells of its series, and the words on its axes."""
    found = sorted(" ".join([kind, *map(_cells, refs)]) for kind, *refs in series if refs)
    return "\n".join([*found, *sorted(filter(None, axes))]) if found else ""


def _cells(ref: str) -> str:
    sheet, _, cells = canonical(ref).replace("$", "").rpartition("!")
    first, _, last = cells.partition(":")
    return f"{sheet}!{first if last == first else cells}"


def _new_charts(c: Carrier) -> list[frozenset[str]]:
    """What tells the charts of the new sheet: they stand for those of an old one that this version cannot describe."""
    drawings = [link.target for link in links_of(c.parts, c.new_part).values() if link.kind == "drawing"]
    return [_marks(c.parts, anchor, part) for part in drawings for anchor in etree.fromstring(c.parts[part])]


def _marks(parts: Parts, anchor: etree._Element, drawing: str) -> frozenset[str]:
    """What an object says about itself, whatever program saved it; see `marks_of`."""
    found = {label.get("descr", "") for label in anchor.iter(DRAWING + "cNvPr")}
    held = {id_: link.target for id_, link in links_of(parts, drawing).items()}
    for chart in anchor.iter(CHART + "chart"):
        part = held.get(chart.get(RELATION + "id", ""), "")
        if part in parts:
            tree = etree.fromstring(parts[part])
            title = tree.findtext(f"{CHART}chart/{CHART}title//{CHART}strRef/{CHART}f")
            found.add(f"={canonical(title)}" if title else "")
            axes = tree.iterfind(f".//{CHART}plotArea/*/{CHART}title")
            words = ("".join(run.text or "" for run in axis.iter("{*}t")) for axis in axes)
            series = list(map(_series, tree.iter(CHART + "ser")))
            found |= {_reading(series), _reading(series, words)}
    return frozenset(found - {""})


def _series(element: etree._Element) -> tuple[str, ...]:
    """Kind and references of a series; its name is left out."""
    refs = (element.iterfind(f"{CHART}{tag}//{CHART}f") for tag in ("cat", "xVal", "val", "yVal"))
    return etree.QName(element.getparent()).localname, *(ref.text or "" for found in refs for ref in found)


def _generated(
    parts: Parts, anchors: Iterable[etree._Element], drawing: str, charts: Iterable[Set[str]]
) -> list[etree._Element]:
    """The charts of the build: each is the one with most of its marks, the first of equals; all further ones are people's own."""
    left = {a: _marks(parts, a, drawing) for a in anchors if a.find(DRAWING + "graphicFrame") is not None}
    found = []
    for chart in charts:
        best = max(left, key=lambda anchor: len(left[anchor] & chart), default=None)
        if best is not None and left[best] & chart:
            found.append(best)
            del left[best]
    return found


def _name(anchor: etree._Element) -> str:
    label = next(anchor.iter(DRAWING + "cNvPr"), None)
    return "an object" if label is None else f"the object {label.get('name', '')}".rstrip()
