"""Relationships of parts with their full kinds, and the sheet's elements in the order of the schema."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from xlmodel.book.refs import corners, ref_of
from xlmodel.returned.refresh.new_sheet import NewSheet
from xlmodel.xlsx.parts import RELATION
from xlmodel.xlsx.passes import RELATIONS, Parts, serialized
from xlmodel.xlsx.relations import Relationship, relations, rels_of
from xlmodel.xlsx.texts import Corners, moved_by

_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip


def links_of(parts: Parts, part: str) -> dict[str, Relationship]:
    """The relationships of a part by id."""
    return {link.id: link for link in relations(parts, part)}


def relate(parts: Parts, part: str, link: Relationship) -> str:
    """Let a part lead where a relationship of another part leads; returns the id."""
    for held in links_of(parts, part).values():
        if (held.type, held.target, held.external) == (link.type, link.target, link.external):
            return held.id
    data = parts.get(rels_of(part))
    tree = etree.fromstring(data) if data else etree.Element(f"{{{RELATIONS}}}Relationships", nsmap={None: RELATIONS})  # type: ignore[dict-item]
    taken = {str(element.get("Id")) for element in tree}
    id_ = next(f"rIdKept{i}" for i in range(1, len(taken) + 2) if f"rIdKept{i}" not in taken)
    target = link.target if link.external else f"/{link.target}"
    made = etree.SubElement(tree, f"{{{RELATIONS}}}Relationship", Id=id_, Type=link.type, Target=target)
    if link.external:
        made.set("TargetMode", "External")
    parts[rels_of(part)] = serialized(tree)
    return id_


class Landmarks(NamedTuple):
    """What a build put onto a sheet, where that stands in the file now.

    Attributes:
        charts: what tells each chart. frames: where they stand, with their lines or without.
        linked, merged: its linked and merged cells. guarded: the cells that it lets nobody type anything into.
    """

    charts: Sequence[Set[str]] = ()
    frames: Sequence[Set[Corners]] = ()
    linked: Set[str] = frozenset()
    merged: Set[str] = frozenset()
    guarded: Sequence[Corners] = ()


@dataclass(slots=True)
class Carrier:
    """One generated sheet on its way into the new book: the package, the old sheet, and the new one in its place.

    Attributes:
        home: name of the sheet in the old file, which unqualified references of its formulas mean.
        old: its XML without rows. sheet: the new sheet.
        links: the relationships of the old part.
        move: where its cells stand in the new sheet. follow: the same for any sheet.
        built: what the build put onto the old sheet, and where.
        rewritten: whether a program wrote the old file anew, in its own way.
        carried, left: what was taken along, and what could not be.
    """

    parts: Parts
    home: str
    links: dict[str, Relationship]
    old: etree._Element
    new_part: str
    sheet: NewSheet
    move: Callable[[Corners], Corners | None]
    follow: Callable[[str, Corners], Corners | None]
    built: Landmarks
    rewritten: bool
    carried: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @property
    def new(self) -> etree._Element:
        """The XML of the new sheet; of its rows only those whose cells were asked for."""
        return self.sheet.root

    def ref(self, sqref: str) -> str:
        """Ranges where they stand now; those that cannot be followed are left out."""
        areas = (self.move(corners(part)) for part in sqref.split())
        return " ".join(ref_of(area) for area in areas if area)

    def text(self, formula: str | None) -> str:
        """A formula with its references followed."""
        return moved_by(formula or "", self.home, self.follow)

    def relink(self, element: etree._Element, part: str, held: dict[str, Relationship]) -> None:
        """Let all ids in an element lead from another part where they led before."""
        for inner in element.iter():
            for name, value in list(inner.attrib.items()):
                if str(name).startswith(RELATION) and str(value) in held:
                    inner.set(str(name), relate(self.parts, part, held[str(value)]))

    def home_of(self, tag: str) -> etree._Element:
        """An element of the new sheet, made in its place when absent."""
        found = self.new.find(tag)
        if found is None:
            found = etree.Element(tag)
            place(self.new, found)
        return found


def place(root: etree._Element, element: etree._Element) -> None:
    """Put an element into a sheet where the schema wants it."""
    rank = _rank(element)
    before = [i for i, child in enumerate(root) if isinstance(child.tag, str) and _rank(child) <= rank]
    root.insert(before[-1] + 1 if before else 0, element)


def _rank(element: etree._Element) -> int:
    name = etree.QName(element).localname
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
