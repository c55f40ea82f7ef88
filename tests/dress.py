"""What people do to the looks of a workbook, the way Excel writes it: formats, fonts, fills, lines, charts, pages."""

from collections.abc import Callable
from typing import Any

from desk import CHART, DML, MAIN, OFFICE, REL, Desk, target_of
from lxml import etree

STYLES = "xl/styles.xml"
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges",
    "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "ignoredErrors",
    "drawing", "legacyDrawing", "picture", "tableParts", "extLst",
)  # fmt: skip
C = f"{{{CHART}}}"
A = f"{{{DML}}}"


def restyle(d: Desk, sheet: str, cells: str, **look: Any) -> None:
    """Give cells another look: `format`, `align` (attributes), `locked`, `hidden`, `fill`, or attributes of the font."""
    root = d.tree(STYLES)
    xfs = root.find(MAIN + "cellXfs")
    assert xfs is not None
    for a1 in cells.split():
        cell = d.cell(sheet, a1)
        made = etree.fromstring(etree.tostring(xfs[int(cell.get("s", "0"))]))
        _change(d, made, **look)
        xfs.append(made)
        cell.set("s", str(len(xfs) - 1))


def _change(d: Desk, xf: etree._Element, **look: Any) -> None:
    root = d.tree(STYLES)
    if "format" in look:
        xf.set("numFmtId", str(number_format(d, look["format"])))
        xf.set("applyNumberFormat", "1")
    for tag, names in (("alignment", ("align",)), ("protection", ("locked", "hidden"))):
        given = {name: look[name] for name in names if name in look}
        if not given:
            continue
        child = xf.find(MAIN + tag)
        if child is None:
            child = etree.SubElement(xf, MAIN + tag)
        for name, value in given.items():
            attributes = value if isinstance(value, dict) else {name: str(int(value))}
            for key, text in attributes.items():
                child.set(key, text)
    if "fill" in look:
        fills = root.find(MAIN + "fills")
        assert fills is not None
        fill = etree.SubElement(fills, MAIN + "fill")
        pattern = etree.SubElement(fill, MAIN + "patternFill", patternType="solid")
        etree.SubElement(pattern, MAIN + "fgColor", rgb="FF" + look["fill"])
        xf.set("fillId", str(len(fills) - 1))
    font = {name: look[name] for name in ("color", "theme", "sz", "name", "b", "strike") if name in look}
    if font:
        fonts = root.find(MAIN + "fonts")
        assert fonts is not None
        made = etree.fromstring(etree.tostring(fonts[int(xf.get("fontId", "0"))]))
        fonts.append(made)
        change_font(made, **font)
        xf.set("fontId", str(len(fonts) - 1))


def change_font(font: etree._Element, **look: Any) -> None:
    """Change a font in place."""
    for name, value in look.items():
        tag = "color" if name == "theme" else name
        child = font.find(MAIN + tag)
        if child is None:
            child = etree.SubElement(font, MAIN + tag)
        child.attrib.clear()
        if name == "color":
            child.set("rgb", "FF" + value)
        else:
            child.set("theme" if name == "theme" else "val", str(value))


def number_format(d: Desk, code: str) -> int:
    """The id of a number format."""
    root = d.tree(STYLES)
    formats = root.find(MAIN + "numFmts")
    if formats is None:
        formats = etree.Element(MAIN + "numFmts")
        root.insert(0, formats)
    for known in formats:
        if known.get("formatCode") == code:
            return int(known.get("numFmtId", "0"))
    number = 1 + max([163, *(int(f.get("numFmtId", "0")) for f in formats)])
    etree.SubElement(formats, MAIN + "numFmt", numFmtId=str(number), formatCode=code)
    return number


def style_named(d: Desk, name: str, **look: Any) -> None:
    """Edit a cell style: it and every cell that follows it, as Excel does."""
    root = d.tree(STYLES)
    style = next(s for s in root.iter(MAIN + "cellStyle") if s.get("name") == name)
    for group in ("cellStyleXfs", "cellXfs"):
        parent = root.find(MAIN + group)
        assert parent is not None
        for i, xf in enumerate(parent):
            if (group == "cellStyleXfs" and str(i) == style.get("xfId")) or (
                group == "cellXfs" and xf.get("xfId") == style.get("xfId")
            ):
                _change(d, xf, **look)


def element(d: Desk, sheet: str, tag: str, **attributes: str) -> etree._Element:
    """An element of a sheet, made in its place when it has none."""
    root = d.tree(d.part_of(sheet))
    found = root.find(MAIN + tag)
    if found is None:
        found = etree.Element(MAIN + tag)
        at = ORDER.index(tag)
        before = [c for c in root if isinstance(c.tag, str) and ORDER.index(etree.QName(c).localname) < at]
        before[-1].addnext(found)
    for name, value in attributes.items():
        found.set(name, value)
    return found


def row(d: Desk, sheet: str, *numbers: int, **attributes: str) -> None:
    """Attributes of rows."""
    for line in d.tree(d.part_of(sheet)).iter(MAIN + "row"):
        if int(line.get("r", "0")) in numbers:
            for name, value in attributes.items():
                line.set(name, value)


def column(d: Desk, sheet: str, number: int, **attributes: str) -> None:
    """Attributes of a column."""
    for col in d.tree(d.part_of(sheet)).iter(MAIN + "col"):
        if int(col.get("min", "0")) <= number <= int(col.get("max", "0")):
            for name, value in attributes.items():
                col.set(name, value)


def view(d: Desk, sheet: str) -> etree._Element:
    """The view of a sheet."""
    return next(d.tree(d.part_of(sheet)).iter(MAIN + "sheetView"))


def dxf(d: Desk, ink: str = "", ground: str = "", code: str = "") -> int:
    """A differential format; returns its number."""
    root = d.tree(STYLES)
    formats = root.find(MAIN + "dxfs")
    assert formats is not None
    made = etree.SubElement(formats, MAIN + "dxf")
    if ink:
        etree.SubElement(etree.SubElement(made, MAIN + "font"), MAIN + "color", rgb="FF" + ink)
    if code:
        etree.SubElement(made, MAIN + "numFmt", numFmtId=str(number_format(d, code)), formatCode=code)
    if ground:
        fill = etree.SubElement(etree.SubElement(made, MAIN + "fill"), MAIN + "patternFill", patternType="solid")
        etree.SubElement(fill, MAIN + "bgColor", rgb="FF" + ground)
    return len(formats) - 1


def rule(d: Desk, sheet: str, sqref: str, formula: str, look: int, priority: int = 1, **attributes: str) -> None:
    """A format by condition, before those that are there."""
    block = etree.Element(MAIN + "conditionalFormatting", sqref=sqref)
    made = etree.SubElement(block, MAIN + "cfRule", type="expression", dxfId=str(look), priority=str(priority))
    for name, value in attributes.items():
        made.set(name, value)
    etree.SubElement(made, MAIN + "formula").text = formula
    root = d.tree(d.part_of(sheet))
    at = ORDER.index("conditionalFormatting")
    before = [c for c in root if isinstance(c.tag, str) and ORDER.index(etree.QName(c).localname) < at]
    before[-1].addnext(block)


def rules(d: Desk, sheet: str, sqref: str) -> list[etree._Element]:
    """The conditions of an area, or of the areas that begin in a cell."""
    blocks = d.tree(d.part_of(sheet)).iter(MAIN + "conditionalFormatting")
    found = [r for b in blocks if sqref in (b.get("sqref"), str(b.get("sqref")).partition(":")[0]) for r in b]
    assert found, f"no condition on {sheet}!{sqref}"
    return found


def validation(d: Desk, sheet: str, cell: str) -> etree._Element:
    """The validation of a cell, by the first word of its area."""
    return next(
        v
        for v in d.tree(d.part_of(sheet)).iter(MAIN + "dataValidation")
        if v.get("sqref", "").split(":")[0].split()[0] == cell
    )


def chart(d: Desk, sheet: str, number: int = 0) -> etree._Element:
    """A chart of a sheet."""
    return d.tree(chart_part(d, sheet, number))


def drawing(d: Desk, sheet: str) -> str:
    """The drawing part of a sheet."""
    owner = d.part_of(sheet)
    pointer = d.tree(owner).find(MAIN + "drawing")
    assert pointer is not None
    return _target(d, owner, pointer.get(REL + "id", ""))


def chart_part(d: Desk, sheet: str, number: int = 0) -> str:
    """The part of a chart."""
    part = drawing(d, sheet)
    frames = list(d.tree(part).iter(C + "chart"))
    return _target(d, part, frames[number].get(f"{{{OFFICE}}}id", ""))


def _target(d: Desk, owner: str, id_: str) -> str:
    folder, _, base = owner.rpartition("/")
    rels = d.tree(f"{folder}/_rels/{base}.rels")
    return next(target_of(owner, r) for r in rels if r.get("Id") == id_)


def on_chart(sheet: str, number: int, change: Callable[[etree._Element], object]) -> Callable[[Desk], object]:
    """A change to a chart as a fault."""
    return lambda d: change(chart(d, sheet, number))


def axis(root: etree._Element, number: int) -> etree._Element:
    """An axis of a chart, in their order."""
    return list(root.iter(C + "valAx", C + "catAx"))[number]


def scale(root: etree._Element, number: int, **bounds: str) -> None:
    """Bounds of an axis in the order of the schema; an empty text takes one away."""
    scaling = axis(root, number).find(C + "scaling")
    assert scaling is not None
    for name, value in bounds.items():
        for old in scaling.findall(C + name):
            scaling.remove(old)
        if value:
            etree.SubElement(scaling, C + name, val=value)
    order = ("logBase", "orientation", "max", "min")
    scaling[:] = sorted(scaling, key=lambda e: order.index(etree.QName(e).localname))


def typed_title(root: etree._Element, words: str) -> None:
    """A title typed over the one that follows a cell."""
    text = root.find(f"{C}chart/{C}title/{C}tx")
    assert text is not None
    text[:] = []
    rich = etree.SubElement(text, C + "rich")
    etree.SubElement(rich, A + "bodyPr")
    run = etree.SubElement(etree.SubElement(rich, A + "p"), A + "r")
    etree.SubElement(run, A + "t").text = words


def series(root: etree._Element, number: int = 0) -> etree._Element:
    """A series of a chart."""
    return list(root.iter(C + "ser"))[number]


def repoint(root: etree._Element, number: int, part: str, ref: str) -> None:
    """What a part of a series (tx, xVal, yVal, cat, val) reads."""
    found = next(series(root, number).find(C + part).iter(C + "f"))  # type: ignore[union-attr]
    found.text = ref


def cache(root: etree._Element, number: int, part: str, point: int, value: str) -> None:
    """A stored point of a series."""
    found = next(pt for pt in series(root, number).find(C + part).iter(C + "pt") if pt.get("idx") == str(point))  # type: ignore[union-attr]
    found[0].text = value
