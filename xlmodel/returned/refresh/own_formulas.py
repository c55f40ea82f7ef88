"""Formulas, names and charts of people's own that point to generated sheets: they follow their cells.

A part that points to nothing that moved stays byte for byte.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from lxml import etree

from xlmodel.book.refs import corners, moved, ref_of
from xlmodel.xlsx.parts import MAIN, RELATION
from xlmodel.xlsx.passes import Parts, serialized
from xlmodel.xlsx.relations import workbook_part
from xlmodel.xlsx.texts import moved_by, renamed

_REFERENCES = ("textlink", "cellRange", "fmlaLink", "fmlaRange")  # of shapes, pictures of cells, controls
FOLLOWED = ("xl/charts/chart", "xl/drawings/drawing", "xl/ctrlProps/", "xl/pivotCache/pivotCacheDefinition")  # parts
_TAGS = ("{*}formula", "{*}formula1", "{*}formula2", "{*}f")


@dataclass(slots=True)
class Follower:
    """How references to generated sheets follow.

    Attributes:
        move: where their cells stand now, by the sheet's name in the old file.
        names: old name of a sheet, in lower case -> its name now.
        lost: what to write for cells that are gone, given sheet and cells.
        changed: places whose references moved.
    """

    move: Callable[[str, tuple[int, int, int, int]], tuple[int, int, int, int] | None]
    names: dict[str, str]
    lost: Callable[[str, str], str]
    changed: list[str] = field(default_factory=list)

    def text(self, formula: str, home: str) -> str:
        """A formula of a sheet of people's own."""
        found = moved_by(formula, home, self.move, self.lost)
        return renamed(found, self.names)

    def sheet(self, parts: Parts, part: str, name: str) -> None:
        """All formulas of a sheet of people's own."""
        tree = etree.fromstring(parts[part])
        before = len(self.changed)
        groups = self._groups(tree, name)
        for cell in tree.iter(MAIN + "c"):
            formula = cell.find(MAIN + "f")
            if formula is None:
                continue
            if formula.get("t") == "shared":
                self._shared(formula, cell.get("r", ""), groups, name)
            elif (text := self.text(formula.text or "", name)) != (formula.text or ""):
                formula.text = text
                self.changed.append(f"{name}!{cell.get('r')}")
        for element in tree.iter(*_TAGS):
            if element.tag != MAIN + "f" and element.text and (text := self.text(element.text, name)) != element.text:
                element.text = text
                self.changed.append(f"a rule on {name}")
        for link in tree.iter(MAIN + "hyperlink"):
            self._attribute(link, "location", f"a link on {name}")
        if len(self.changed) > before:
            parts[part] = serialized(tree)

    def _attribute(self, element: etree._Element, name: str, what: str) -> bool:
        """A reference in an attribute; one that cannot be followed stays, since nothing is computed from it."""
        held = element.get(name, "")
        now = renamed(moved_by(held, "", self.move), self.names) if held else ""
        if now == held or "#REF!" in now:
            return False
        element.set(name, now)
        self.changed.append(what)
        return True

    def _groups(self, tree: etree._Element, name: str) -> dict[str, tuple[str, str]]:
        """Shared formulas that cannot stay shared, because a reference in one of their cells moved: group -> master."""
        cells = [
            (c.get("r", ""), f) for c in tree.iter(MAIN + "c") for f in c.iterfind(MAIN + "f") if f.get("t") == "shared"
        ]
        masters = {f.get("si", ""): (f.text, a1) for a1, f in cells if f.text}
        split = {}
        for a1, f in cells:
            master = masters.get(f.get("si", ""))
            if master and self.text(own := moved(*master, a1), name) != own:
                split[f.get("si", "")] = master
        return split

    def _shared(self, formula: etree._Element, a1: str, groups: dict[str, tuple[str, str]], name: str) -> None:
        master = groups.get(formula.get("si", ""))
        if master is None:
            return
        for attribute in ("t", "si", "ref"):
            formula.attrib.pop(attribute, "")
        formula.text = self.text(moved(*master, a1), name)
        self.changed.append(f"{name}!{a1}")

    def chart(self, parts: Parts, part: str) -> None:
        """All references of a chart, a drawing, a control, or the source of a pivot table."""
        tree = etree.fromstring(parts[part])
        changed = sum(map(self._source, tree.iter(MAIN + "worksheetSource"))) > 0
        for element in tree.iter("*"):
            for name in _REFERENCES:
                changed |= self._attribute(element, name, "an object")
        for element in tree.iter("{*}f"):
            text = self.text(element.text or "", "")
            if text != (element.text or ""):
                element.text, changed = text, True
        if changed:
            parts[part] = serialized(tree)
            self.changed.append(f"a chart ({part.rpartition('/')[2]})")

    def _source(self, element: etree._Element) -> bool:
        """What a pivot table reads: sheet and range, each in an attribute."""
        sheet, ref = element.get("sheet", ""), element.get("ref", "")
        if not sheet or not ref or element.get(f"{RELATION}id"):
            return False
        area, name = self.move(sheet, corners(ref)), self.names.get(sheet.casefold(), sheet)
        if (area is None or area == corners(ref)) and name == sheet:
            return False
        element.set("sheet", name)
        element.set("ref", ref_of(area) if area else ref)
        self.changed.append(f"the source of a pivot table ({element.get('ref')} on {name})")
        return True

    def defined_names(self, parts: Parts, generated: Iterable[str]) -> None:
        """Names of people's own."""
        here = workbook_part(parts)
        tree, ours = etree.fromstring(parts[here]), {name.casefold() for name in generated}
        changed = False
        for name in tree.iter(MAIN + "definedName"):
            if name.get("name", "").casefold() in ours or name.get("name", "").startswith("_xlnm."):
                continue
            text = self.text(name.text or "", "")
            if text != (name.text or ""):
                name.text, changed = text, True
                self.changed.append(f"the name {name.get('name')}")
        if changed:
            parts[here] = serialized(tree)
