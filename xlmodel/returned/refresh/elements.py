"""What people put onto generated sheets as rules and links: conditions, validations, merged cells, hyperlinks, sparklines.

What the generator writes itself is known by what it says, because programs renumber and regroup it when they save.
"""

from collections.abc import Collection
from copy import deepcopy

from lxml import etree

from xlmodel.book.refs import corners, ref_of, relative
from xlmodel.book.spec import Book
from xlmodel.book.theme import ROLES
from xlmodel.returned.check.areas import meet, uncovered
from xlmodel.returned.check.outside import plain_target
from xlmodel.returned.refresh.links import Carrier, links_of, place, relate
from xlmodel.xlsx.parts import MAIN, RELATION
from xlmodel.xlsx.texts import canonical

X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM = "{http://schemas.microsoft.com/office/excel/2006/main}"


def carry_elements(c: Carrier, *, protection: bool = True, across: Collection[tuple[int, int]] = ()) -> None:
    """Carry all of them into the new sheet, but for what not its owner but a program did.

    Args:
        c: the sheet on its way.
        protection: whether the protection is as its owner left it.
        across: cells of the new sheet from which a program merged others because the build centres across them.
    """
    _conditions(c)
    _validations(c)
    _merges(c, across)
    _hyperlinks(c)
    _extensions(c)
    if protection:
        _protection(c)


def centred_across(book: Book, name: str) -> frozenset[tuple[int, int]]:
    """Cells of a new sheet that are centred across others: LibreOffice merges them when it saves."""
    sheet = next(sheet for sheet in book.sheets if sheet.name == name)
    cells = ((row, col, cell) for row, held in sheet.cells.items() for col, cell in held.items())
    return frozenset((row, col) for row, col, cell in cells if ROLES[cell.style].align == "centerContinuous")


def _conditions(c: Carrier) -> None:
    blocks = list(c.new.iter(MAIN + "conditionalFormatting"))
    known = {_rule_key(rule, block) for block in blocks for rule in block}
    top = max([int(r.get("priority", "0")) for r in c.new.iter(MAIN + "cfRule")], default=0)
    for block in c.old.iter(MAIN + "conditionalFormatting"):
        rules = [rule for rule in block if _rule_key(rule, block) not in known]
        if not rules:
            continue
        ref = c.ref(block.get("sqref", ""))
        if not ref:
            c.left.append(f"a format by condition on {block.get('sqref')}")
            continue
        made = etree.Element(MAIN + "conditionalFormatting", sqref=ref)
        for rule in rules:
            top += 1
            copy = deepcopy(rule)
            copy.set("priority", str(top))
            for formula in copy.iter(MAIN + "formula"):
                formula.text = c.text(formula.text)
            made.append(copy)
        place(c.new, made)
        c.carried.append("a format by condition")


def _validations(c: Carrier) -> None:
    known = {_validation_key(v) for v in c.new.iter(MAIN + "dataValidation")}
    for validation in c.old.iter(MAIN + "dataValidation"):
        areas = [corners(part) for part in validation.get("sqref", "").split()]
        own = [ref_of(rest) for area in areas for rest in uncovered(area, c.built.guarded)]
        if not own or (_validation_key(validation) in known and not c.built.guarded):
            continue
        ref = c.ref(" ".join(own))
        if not ref:
            c.left.append(f"a validation on {' '.join(own)}")
            continue
        copy = deepcopy(validation)
        copy.set("sqref", ref)
        for formula in copy.iter(MAIN + "formula1", MAIN + "formula2"):
            formula.text = c.text(formula.text)
        _append(c, "dataValidations", copy)
        c.carried.append("a validation")


def _merges(c: Carrier, across: Collection[tuple[int, int]]) -> None:
    held = [corners(m.get("ref", "")) for m in c.new.iter(MAIN + "mergeCell")]
    starts = {area[:2] for area in held}
    for merge in c.old.iter(MAIN + "mergeCell"):
        if merge.get("ref", "") in c.built.merged:
            continue
        area = c.move(corners(merge.get("ref", "")))
        if area is None or any(meet(area, other) for other in held):
            if area is None or area[:2] not in starts:  # a title band may have grown wider
                c.left.append(f"merged cells {merge.get('ref')}")
            continue
        if area[:2] in across and area[0] == area[2]:
            continue
        _append(c, "mergeCells", etree.Element(MAIN + "mergeCell", ref=ref_of(area)))
        held.append(area)


def _hyperlinks(c: Carrier) -> None:
    links, ours = c.links, links_of(c.parts, c.new_part)

    def said(element: etree._Element, place: str, held: dict[str, str]) -> tuple[str, str]:
        # LibreOffice ends an address that names a host alone with a slash
        return plain_target(place), held.get(element.get(RELATION + "id", ""), "").rstrip("/")

    targets = {id_: link.target for id_, link in ours.items()}
    known = {said(h, h.get("location", ""), targets) for h in c.new.iter(MAIN + "hyperlink")}
    theirs = {id_: link.target for id_, link in links.items()}
    for hyperlink in c.old.iter(MAIN + "hyperlink"):
        held = hyperlink.get("location", "")
        place_now = c.text(held)
        told = {said(hyperlink, held, theirs), said(hyperlink, place_now, theirs)} & known  # Excel lets places stand
        if told and (hyperlink.get("ref", "") in c.built.linked or not c.built.linked):
            continue
        ref = c.ref(hyperlink.get("ref", ""))
        if not ref:
            c.left.append(f"a link on {hyperlink.get('ref')}")
            continue
        copy = deepcopy(hyperlink)
        copy.set("ref", ref)
        if place_now and "#REF!" not in place_now:
            copy.set("location", place_now)
        link = links.get(hyperlink.get(RELATION + "id", ""))
        if link:
            copy.set(RELATION + "id", relate(c.parts, c.new_part, link))
        c.home_of(MAIN + "hyperlinks").append(copy)
        c.carried.append("a link")


def _extensions(c: Carrier) -> None:
    """Sparklines and what else newer Excel keeps in the list of extensions."""
    held = c.old.find(MAIN + "extLst")
    known = {_validation_key(v) for v in c.new.iter(MAIN + "dataValidation")}
    for extension in () if held is None else held:
        copy = deepcopy(extension)
        for validation in list(copy.iter(X14 + "dataValidation")):
            if _validation_key(validation) in known:  # Excel keeps lists on other sheets here
                _remove(validation)
        for group in list(copy.iter(X14 + "dataValidations")):
            group.set("count", str(len(group)))
            if not len(group):
                _remove(group)
        if not len(copy):
            continue
        for element in copy.iter(XM + "f"):
            element.text = c.text(element.text)
        for element in copy.iter(XM + "sqref"):
            element.text = c.ref(element.text or "") or element.text
        c.relink(copy, c.new_part, c.links)
        c.home_of(MAIN + "extLst").append(copy)
        c.carried.append("sparklines or another extension")


def _protection(c: Carrier) -> None:
    """Protection as its owner left it."""
    for name in ("sheetProtection", "protectedRanges"):
        for element in c.new.findall(MAIN + name):
            c.new.remove(element)
        old = c.old.find(MAIN + name)
        if old is not None:
            place(c.new, deepcopy(old))


def _append(c: Carrier, group: str, element: etree._Element) -> None:
    home = c.home_of(MAIN + group)
    home.append(element)
    home.set("count", str(len(home)))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _rule_key(rule: etree._Element, block: etree._Element) -> tuple[str, ...]:
    """What a rule says, whatever cells it is about."""
    first = block.get("sqref", "A1").split()[0].partition(":")[0].replace("$", "")
    texts = (relative(canonical(f.text or ""), first) for f in rule.iter(MAIN + "formula"))
    return (rule.get("type", ""), rule.get("operator", ""), rule.get("text", ""), *texts)


def _validation_key(element: etree._Element) -> tuple[str, ...]:
    """What a validation says to a reader; those without words are told apart by their rule."""
    words = tuple(element.get(name, "") for name in ("promptTitle", "prompt"))
    return words if any(words) else tuple(e.text or "" for e in element.iter() if isinstance(e.tag, str))
