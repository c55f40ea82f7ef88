"""`check` finds what misleads a reader, in words that say what the reader would now believe, and nothing else.

Each row plants one fault: the grade it deserves, what the words must say, and how it is planted. The second table holds what
people may do without an alarm. A sixth of the rows runs by default, all of them with XLMODEL_MUTANTS=all.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desk import MAIN, OFFICE, Desk, bar_chart, chart_frame, condition, put_on, text_box
from dress import (
    A,
    C,
    axis,
    cache,
    chart_part,
    column,
    drawing,
    dxf,
    element,
    on_chart,
    repoint,
    restyle,
    row,
    rule,
    rules,
    scale,
    series,
    style_named,
    typed_title,
    validation,
    view,
)  # fmt: skip
from lxml import etree
from test_audit import BASE, LAST, SPARE, TODAY, build, named, over, own_sheet, state, stored, typed

from xlmodel.book.places import Places
from xlmodel.book.refs import corners
from xlmodel.calc.address import letters
from xlmodel.calc.values import ExcelError, same
from xlmodel.engines import recalculate
from xlmodel.engines.programs import IronCalc
from xlmodel.errors import WorkbookRefused
from xlmodel.returned.check import ERROR, NOTE, WARNING, Finding
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.check.together import together
from xlmodel.xlsx.contract_part import seal_of

Plant = Callable[[Desk], object]
CURVES = "Cost curves"


def looks(sheet: str, cells: str, **look: object) -> Plant:
    return lambda d: restyle(d, sheet, cells, **look)


def lights(sheet: str, sqref: str, change: Callable[[etree._Element], object]) -> Plant:
    def plant(d: Desk) -> None:
        for found in rules(d, sheet, sqref):
            change(found)

    return plant


def gone(found: etree._Element | None) -> None:
    assert found is not None
    parent = found.getparent()
    assert parent is not None
    parent.remove(found)


def relook(sheet: str, sqref: str, number: int, **look: str) -> Plant:
    return lambda d: rules(d, sheet, sqref)[number].set("dxfId", str(dxf(d, **look)))


def added(sheet: str, sqref: str, formula: str = "TRUE", stop: bool = False, **look: str) -> Plant:
    return lambda d: rule(d, sheet, sqref, formula, dxf(d, **look), 1, **({"stopIfTrue": "1"} if stop else {}))


def from_least_to_most(d: Desk, kind: str, *colours: str, **options: str) -> None:
    """Bars or a scale of colours over the costs, from the least to the most."""
    rule(d, "Summary", "E16:E18", "", 0)
    found = rules(d, "Summary", "E16:E18")[0]
    found.attrib.pop("dxfId")
    found.set("type", kind)
    found[:] = []
    made = etree.SubElement(found, MAIN + kind, options)
    for end in ("min", "max"):
        etree.SubElement(made, MAIN + "cfvo", type=end)
    for colour in colours:
        etree.SubElement(made, MAIN + "color", rgb="FF" + colour)


def bars_only(d: Desk) -> None:
    from_least_to_most(d, "dataBar", "638EC6", showValue="0")


def unprotected(*sheets: str) -> Plant:
    def plant(d: Desk) -> None:
        for sheet in sheets:
            gone(d.tree(d.part_of(sheet)).find(MAIN + "sheetProtection"))

    return plant


def let_in(sheet: str, cell: str, change: Callable[[etree._Element], object]) -> Plant:
    return lambda d: change(validation(d, sheet, cell))


def bounds(low: str, high: str) -> Callable[[etree._Element], object]:
    def change(found: etree._Element) -> None:
        found.find(MAIN + "formula1").text = low  # type: ignore[union-attr]
        found.find(MAIN + "formula2").text = high  # type: ignore[union-attr]

    return change


def another_list(text: str) -> Callable[[etree._Element], object]:
    return lambda found: setattr(found.find(MAIN + "formula1"), "text", text)


def print_area(sheet: str, text: str) -> Plant:
    def plant(d: Desk) -> None:
        number = str(d.sheets().index(sheet))
        names = d.tree("xl/workbook.xml").find(MAIN + "definedNames")
        assert names is not None
        for name in list(names):
            if name.get("name") == "_xlnm.Print_Area" and name.get("localSheetId") == number:
                names.remove(name)
        made = etree.SubElement(names, MAIN + "definedName", name="_xlnm.Print_Area", localSheetId=number)
        made.text = text

    return plant


def table(number: int, **attributes: str) -> Plant:
    def plant(d: Desk) -> None:
        name = sorted(p for p in d.parts if p.startswith("xl/tables/"))[number]
        root = d.tree(name)
        for key, value in attributes.items():
            root.set(key, value)
        filter_ = root.find(MAIN + "autoFilter")
        if "ref" in attributes and filter_ is not None:
            filter_.set("ref", attributes["ref"])

    return plant


def filtered(d: Desk) -> None:
    name = sorted(p for p in d.parts if p.startswith("xl/tables/"))
    root = next(d.tree(n) for n in name if d.tree(n).get("displayName") == "tblBenchmarks")
    filter_ = root.find(MAIN + "autoFilter")
    assert filter_ is not None
    values = etree.SubElement(etree.SubElement(filter_, MAIN + "filterColumn", colId="1"), MAIN + "filters")
    etree.SubElement(values, MAIN + "filter", val="MI355X")
    row(d, "Benchmarks", *range(7, 40), hidden="1")


def folded(d: Desk) -> None:
    row(d, "Fleet", 30, 31, 32, hidden="1", outlineLevel="1")


def merge(sheet: str, ref: str) -> Plant:
    def plant(d: Desk) -> None:
        etree.SubElement(element(d, sheet, "mergeCells"), MAIN + "mergeCell", ref=ref)

    return plant


def boxed(sheet: str, text: str, at: int) -> Plant:
    return lambda d: put_on(d, sheet, text_box("Box", text, at))


def picture(d: Desk) -> None:
    anchor = (
        "<xdr:oneCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>14</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
        '<xdr:ext cx="3000000" cy="900000"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="Better numbers"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        "<xdr:blipFill><a:blip/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
    )
    put_on(d, "Summary", anchor)


def other_chart(at: int) -> Plant:
    return lambda d: put_on(
        d,
        "Summary",
        chart_frame("Chart 9", "{0}", at),
        charts=(bar_chart("Summary!$C$16:$C$18", "Summary!$B$16:$B$18"),),
    )


def no_chart(d: Desk) -> None:
    gone(next(e for e in d.tree(drawing(d, "Summary")) if e.find(f".//{C}chart") is not None))


def shrunk_chart(d: Desk) -> None:
    anchor = d.tree(drawing(d, "Summary"))[0]
    start, end = anchor[0], anchor[1]
    for a, b in zip(start, end, strict=True):
        b.text = a.text


def moved_chart(d: Desk) -> None:
    anchor = d.tree(drawing(d, "Summary"))[0]
    for end in list(anchor)[:2]:
        for child in end:
            if str(child.tag).endswith("}row"):
                child.text = str(int(child.text or 0) - 7)


def swap_axes(root: etree._Element) -> None:
    one = series(root)
    x, y = (next(one.find(C + tag).iter(C + "f")) for tag in ("xVal", "yVal"))  # type: ignore[union-attr]
    x.text, y.text = y.text, x.text


def unseen(root: etree._Element) -> None:
    one = series(root)
    one.find(C + "spPr").find(A + "ln")[:] = [etree.Element(A + "noFill")]  # type: ignore[union-attr, index]
    one.find(C + "marker").find(C + "symbol").set("val", "none")  # type: ignore[union-attr]


def literal(root: etree._Element) -> None:
    values = series(root).find(C + "val")
    assert values is not None
    values[:] = []
    made = etree.SubElement(values, C + "numLit")
    etree.SubElement(made, C + "ptCount", val="1")
    etree.SubElement(etree.SubElement(made, C + "pt", idx="0"), C + "v").text = "0.01"


def typed_label(root: etree._Element) -> None:
    labels = etree.SubElement(series(root), C + "dLbls")
    label = etree.SubElement(labels, C + "dLbl")
    etree.SubElement(label, C + "idx", val="0")
    rich = etree.SubElement(etree.SubElement(label, C + "tx"), C + "rich")
    etree.SubElement(etree.SubElement(etree.SubElement(rich, A + "p"), A + "r"), A + "t").text = "0.01"


def swap_words(root: etree._Element) -> None:
    x, y = (next(axis(root, i).find(C + "title").iter(A + "t")) for i in (0, 1))  # type: ignore[union-attr]
    x.text, y.text = y.text, x.text


def covered_bars(root: etree._Element) -> None:
    bars = next(root.iter(C + "barChart"))
    bars.find(C + "gapWidth").addnext(etree.Element(C + "overlap", val="100"))  # type: ignore[union-attr]


def axis_words(root: etree._Element, old: str, new: str) -> None:
    found = next(t for t in root.iter(A + "t") if t.text == old)
    found.text = new


def theme(d: Desk) -> None:
    name = next(p for p in d.parts if p.startswith("xl/theme/"))
    space = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    scheme = next(d.tree(name).iter(space + "clrScheme"))
    for slot in ("dk1", "lt1"):
        found = scheme.find(space + slot)
        assert found is not None
        found[:] = [etree.Element(space + "srgbClr", val="FFFFFF")]


def file_link(d: Desk) -> None:
    id_ = d.relate(d.part_of("Prices"), "hyperlink", "file:///C:/offers/price.xlsx", external=True)
    link = etree.SubElement(element(d, "Prices", "hyperlinks"), MAIN + "hyperlink", ref="A20")
    link.set(f"{{{OFFICE}}}id", id_)


def shadow(d: Desk) -> None:
    names = d.tree("xl/workbook.xml").find(MAIN + "definedNames")
    assert names is not None
    made = etree.SubElement(names, MAIN + "definedName", name="Utilization", localSheetId="2")
    made.text = "0.95"


def array_entered(d: Desk) -> None:
    formula = d.cell("Fleet", "D35").find(MAIN + "f")
    assert formula is not None
    formula.attrib.clear()
    formula.set("t", "array")
    formula.set("ref", "D35")


def spilled(d: Desk) -> None:
    d.set("Functions", "I23", 77_000.0)


def example_typed(d: Desk) -> None:
    d.set("Functions", "B22", "MI355X")


def history_edited(d: Desk) -> None:
    d.set("Changes", "B7", "Built as agreed with finance")


def own_stale(d: Desk) -> None:
    d.add_sheet("Mine")
    d.formula("Mine", "A1", "Summary!E16*1000", 1.0)


def hidden_macro(d: Desk) -> None:
    d.add_part(
        "xl/media/image9.png", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "VBA".encode("utf-16-le"), "image/png"
    )


def dde(d: Desk) -> None:
    xml = f'<externalLink xmlns="{MAIN[1:-1]}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    d.add_part("xl/links/other.xml", xml.encode(), "application/xml", "externalLink")


def chart_outside(root: etree._Element) -> None:
    repoint(root, 0, "yVal", "[1]Prices!$B$2:$B$12")


def contract_altered(d: Desk) -> None:
    name = next(p for p in d.parts if p.startswith("customXml/item") and b"urn:xlmodel:contract" in d.parts[p])
    assert b"$X$" in d.parts[name] or b"labels" in d.parts[name]
    d.parts[name] = d.parts[name].replace(b"tok/s/GPU", b"tok/s/MW!", 1)


def contract_forged(d: Desk) -> None:
    contract_altered(d)
    name = next(p for p in d.parts if p.startswith("customXml/item") and b"urn:xlmodel:contract" in d.parts[p])
    root = etree.fromstring(d.parts[name])
    root.set("seal", seal_of(root))
    d.parts[name] = etree.tostring(root)


def open_range(d: Desk) -> None:
    made = etree.Element(MAIN + "protectedRanges")
    etree.SubElement(made, MAIN + "protectedRange", sqref="C45:CJ104", name="Range1")
    element(d, "Plan months", "sheetProtection").addnext(made)


def scaled(*colours: str) -> Plant:
    """A scale of two colours over the costs."""
    return lambda d: from_least_to_most(d, "colorScale", *colours)


def extended_icons(d: Desk) -> None:
    x14, xm = (f"http://schemas.microsoft.com/office/{path}/main" for path in ("spreadsheetml/2009/9", "excel/2006"))
    bounds_ = "".join(f'<a:cfvo type="percent"><b:f>{n}</b:f></a:cfvo>' for n in (0, 33, 67))
    xml = (
        f'<extLst xmlns="{MAIN[1:-1]}"><ext uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}" xmlns:a="{x14}" xmlns:b="{xm}">'
        '<a:conditionalFormattings><a:conditionalFormatting><a:cfRule type="iconSet" priority="1" id="{A1}"><a:iconSet iconSet="3Stars" '
        f'showValue="0">{bounds_}</a:iconSet></a:cfRule><b:sqref>E16:E18</b:sqref></a:conditionalFormatting></a:conditionalFormattings></ext></extLst>'
    )
    d.tree(d.part_of("Summary")).append(etree.fromstring(xml))


def written(xml: str) -> etree._Element:
    """An element of a chart."""
    return etree.fromstring(f'<x xmlns:c="{C[1:-1]}" xmlns:a="{A[1:-1]}">{xml}</x>')[0]


def hung_bars(root: etree._Element) -> None:
    gone_ = axis(root, 0).find(C + "crosses")
    if gone_ is not None:
        gone(gone_)
    axis(root, 0).find(C + "crossAx").addnext(etree.Element(C + "crossesAt", val="0.5"))  # type: ignore[union-attr]


def coloured_point(fill: str) -> Callable[[etree._Element], object]:
    point = f'<c:dPt><c:idx val="0"/><c:spPr>{fill}<a:ln><a:noFill/></a:ln></c:spPr></c:dPt>'
    return lambda root: series(root).find(C + "spPr").addnext(written(point))  # type: ignore[union-attr]


def struck_name(root: etree._Element) -> None:
    entry = written('<c:legendEntry><c:idx val="1"/><c:delete val="1"/></c:legendEntry>')
    root.find(f"{C}chart/{C}legend/{C}legendPos").addnext(entry)  # type: ignore[union-attr]


def inked(words: str, ground: str = "") -> Callable[[etree._Element], object]:
    """The words of a chart in one colour, on a ground."""

    def change(root: etree._Element) -> None:
        for old in [*root.iter(C + "txPr"), *root.findall(C + "spPr")]:
            gone(old)
        body = f'<a:bodyPr/><a:p><a:pPr><a:defRPr><a:solidFill><a:srgbClr val="{words}"/></a:solidFill></a:defRPr></a:pPr></a:p>'
        fill = f'<c:spPr><a:solidFill><a:srgbClr val="{ground}"/></a:solidFill></c:spPr>' if ground else ""
        for xml in filter(None, (f"<c:txPr>{body}</c:txPr>", fill)):
            root.find(C + "chart").addnext(written(xml))  # type: ignore[union-attr]

    return change


def trend(root: etree._Element) -> None:
    line = written('<c:trendline><c:name>measured</c:name><c:trendlineType val="linear"/></c:trendline>')
    series(root).find(C + "marker").addnext(line)  # type: ignore[union-attr]


def recolour(root: etree._Element, number: int, hue: str) -> None:
    for colour in series(root, number).iter(A + "srgbClr"):
        colour.set("val", hue)


def tiny_words(root: etree._Element) -> None:
    for words in root.iter(A + "defRPr"):
        words.set("sz", "100")


def squeezed(root: etree._Element) -> None:
    area = root.find(f"{C}chart/{C}plotArea")
    assert area is not None
    for old in area.findall(C + "layout"):
        area.remove(old)
    area.insert(0, written('<c:layout><c:manualLayout><c:w val="0.02"/><c:h val="0.02"/></c:manualLayout></c:layout>'))


def drawn_in_chart(d: Desk) -> None:
    part = chart_part(d, "Summary", 0)
    xml = f'<c:userShapes xmlns:c="{C[1:-1]}" xmlns:a="{A[1:-1]}"><a:t>GB200 is 15x cheaper</a:t></c:userShapes>'
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chartshapes+xml"
    d.add_part("xl/drawings/drawing77.xml", xml.encode(), kind, "chartUserShapes", part)


def frame(sheet: str, name: str, value: str) -> Plant:
    """An attribute of the first object of a sheet."""
    return lambda d: next(d.tree(drawing(d, sheet)).iter("{*}cNvPr")).set(name, value)


def note_in_sight(place: str) -> Plant:
    def plant(d: Desk) -> None:
        d.note("Summary", "P16", "Ann", "0.050 USD per million tokens")
        for name in [n for n in d.parts if n.endswith(".vml")]:
            shown = f"<x:Visible/><x:Anchor>{place}</x:Anchor><x:Row>".encode()
            d.parts[name] = d.parts[name].replace(b"<x:Row>", shown)

    return plant


def titles(sheet: str, text: str) -> Plant:
    def plant(d: Desk) -> None:
        number = str(d.sheets().index(sheet))
        for name in d.tree("xl/workbook.xml").iter(MAIN + "definedName"):
            if name.get("name") == "_xlnm.Print_Titles" and name.get("localSheetId") == number:
                name.text = text

    return plant


def head(sheet: str, text: str) -> Plant:
    return lambda d: setattr(d.tree(d.part_of(sheet)).find(f"{MAIN}headerFooter/{MAIN}oddHeader"), "text", text)


def text_of(d: Desk, sheet: str, a1: str) -> str:
    """The text of a cell."""
    cell = d.cell(sheet, a1)
    shared = d.tree("xl/sharedStrings.xml")[int(cell.findtext(MAIN + "v") or 0)] if cell.get("t") == "s" else cell
    return "".join(str(t) for t in shared.itertext())


def one_word(sheet: str, a1: str, word: str, font: str, shared: bool = False) -> Plant:
    """One word of a text in a font of its own."""

    def plant(d: Desk) -> None:
        before, after = text_of(d, sheet, a1).split(word, 1)
        home = etree.Element(MAIN + "si")
        for text, look in ((before, ""), (word, font), (after, "")):
            run = etree.SubElement(home, MAIN + "r")
            run.append(etree.fromstring(f'<rPr xmlns="{MAIN[1:-1]}">{look or OWN_FONT}</rPr>'))
            etree.SubElement(run, MAIN + "t").text = text
        cell = d.cell(sheet, a1)
        if shared:
            d.tree("xl/sharedStrings.xml")[int(cell.findtext(MAIN + "v") or 0)][:] = list(home)
        else:
            home.tag = MAIN + "is"
            cell[:] = [home]
            cell.set("t", "inlineStr")

    return plant


OWN_FONT = '<sz val="9"/><color rgb="FF5F6B76"/><rFont val="Calibri"/>'


def of_sheet(sheet: str, tag: str, xml: str, **attributes: str) -> Plant:
    """Something in an element of a sheet."""

    def plant(d: Desk) -> None:
        found = element(d, sheet, tag, **attributes)
        found.extend(etree.fromstring(f'<x xmlns="{MAIN[1:-1]}">{xml}</x>'))

    return plant


def selected(*sheets: str) -> Plant:
    def plant(d: Desk) -> None:
        for sheet in sheets:
            view(d, sheet).set("tabSelected", "1")

    return plant


def frozen_far(d: Desk) -> None:
    pane = view(d, "Summary").find(MAIN + "pane")
    assert pane is not None
    pane.set("xSplit", "3")
    pane.set("topLeftCell", "G3")
    view(d, "Summary").set("topLeftCell", "D1")


def headings(sheet: str, part: str, text: str) -> Plant:
    return lambda d: setattr(d.tree(d.part_of(sheet)).find(f"{MAIN}headerFooter/{MAIN}{part}"), "text", text)


def no_print_titles(d: Desk) -> None:
    for name in list(d.tree("xl/workbook.xml").iter(MAIN + "definedName")):
        if name.get("name") == "_xlnm.Print_Titles":
            gone(name)


def table_column(heading: str, change: Callable[[etree._Element], object]) -> Plant:
    def plant(d: Desk) -> None:
        name = next(
            n for n in d.parts if n.startswith("xl/tables/") and d.tree(n).get("displayName") == "tblBenchmarks"
        )
        change(next(c for c in d.tree(name).iter(MAIN + "tableColumn") if c.get("name") == heading))

    return plant


def filled_down(column: etree._Element) -> None:
    etree.SubElement(column, MAIN + "calculatedColumnFormula").text = "J7*500"


def turned_bounds(found: etree._Element) -> None:
    low, high = found.find(MAIN + "formula1"), found.find(MAIN + "formula2")
    assert low is not None
    assert high is not None
    low.text, high.text = high.text, low.text


def icons(*bounds_: str, **options: str) -> Plant:
    """Icons beside the lights of the checks, with their bounds."""
    steps = "".join(f'<cfvo type="num" val="{n}"/>' for n in bounds_)
    said = "".join(f' {name}="{value}"' for name, value in options.items())
    rule_ = (
        f'<cfRule type="iconSet" priority="9"><iconSet{said}><cfvo type="percent" val="0"/>{steps}</iconSet></cfRule>'
    )

    def plant(d: Desk) -> None:
        rule(d, "Checks", "E7:E58", "TRUE", 0)
        rules(d, "Checks", "E7:E58")[0].getparent()[:] = [etree.fromstring(f'<x xmlns="{MAIN[1:-1]}">{rule_}</x>')[0]]  # type: ignore[index]

    return plant


def struck_by_condition(d: Desk) -> None:
    number = dxf(d, ink="1F2933")
    formats = d.tree("xl/styles.xml").find(MAIN + "dxfs")
    assert formats is not None
    formats[number][0].insert(0, etree.Element(MAIN + "strike"))
    rule(d, "Summary", "E16:E18", "TRUE", number, 1)


def contract_name(d: Desk) -> str:
    return next(n for n in d.parts if n.startswith("customXml/item") and b"urn:xlmodel:contract" in d.parts[n])


def contract_gone(d: Desk) -> None:
    d.parts[contract_name(d)] = b"<a/>"


def resealed(**attributes: str) -> Plant:
    """A contract that says something else of itself, with a seal that holds."""

    def plant(d: Desk) -> None:
        name = contract_name(d)
        root = etree.fromstring(d.parts[name])
        for key, value in attributes.items():
            root.set(key, value)
        root.set("seal", seal_of(root))
        d.parts[name] = etree.tostring(root)

    return plant


def helped(d: Desk) -> None:
    name = next(n for n in d.parts if n.startswith("customXml/item") and b"IntelliSense" in d.parts[n])
    d.parts[name] = d.parts[name].replace(b"USD/M tokens", b"USD/k tokens")


def described_otherwise(d: Desk) -> None:
    for name in d.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        if name.get("name") == "TOKCOST":
            name.set("comment", "Cost of one thousand tokens, in EUR")


def control(d: Desk) -> None:
    old_shape(d, "Scenario", b'<x:ClientData ObjectType="Scroll"><x:FmlaLink>$C$7</x:FmlaLink></x:ClientData>')


def old_shape(d: Desk, sheet: str, content: bytes) -> None:
    """A shape of the old kind, in the drawing that holds the notes of a sheet."""
    d.note(sheet, "W60", "Ann", "x")
    name = next(n for n in d.parts if n.endswith(".vml"))
    d.parts[name] = d.parts[name].replace(b"</xml>", b'<v:shape id="s2">' + content + b"</v:shape></xml>")


def drawn(sheet: str, shape: str, *corners_: int) -> Plant:
    """A shape from one cell to another."""
    ends = "".join(
        f"<xdr:{end}><xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{line}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{end}>"
        for end, col, line in (("from", *corners_[:2]), ("to", *corners_[2:]))
    )
    return lambda d: put_on(d, sheet, f"<xdr:twoCellAnchor>{ends}{shape}<xdr:clientData/></xdr:twoCellAnchor>")


def ring(fill: str, words: str = "", geometry: str = "ellipse") -> str:
    body = f"<a:r><a:t>{words}</a:t></a:r>" if words else "<a:endParaRPr/>"
    return (
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Ring"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>'
        f'<a:prstGeom prst="{geometry}"><a:avLst/></a:prstGeom>{fill}<a:ln w="28575"/></xdr:spPr><xdr:txBody><a:bodyPr/><a:p>{body}</a:p></xdr:txBody></xdr:sp>'
    )


ARROW = (
    '<xdr:cxnSp macro=""><xdr:nvCxnSpPr><xdr:cNvPr id="2" name="Arrow"/><xdr:cNvCxnSpPr/></xdr:nvCxnSpPr><xdr:spPr>'
    '<a:prstGeom prst="straightConnector1"><a:avLst/></a:prstGeom><a:ln w="12700"/></xdr:spPr></xdr:cxnSp>'
)
MARKER = '<a:solidFill><a:srgbClr val="FFFF00"><a:alpha val="30000"/></a:srgbClr></a:solidFill>'


def one_chart_over_another(d: Desk) -> None:
    first, second, *_ = d.tree(drawing(d, "Summary"))
    for mine, theirs in zip(list(second)[:2], list(first)[:2], strict=True):
        for a, b in zip(mine, theirs, strict=True):
            a.text = b.text


def labels_look(font: str) -> Callable[[etree._Element], object]:
    def change(root: etree._Element) -> None:
        labels = next(root.iter(C + "dLbls"))
        for old in labels.findall(C + "txPr"):
            gone(old)
        text = f"<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr>{font}</a:defRPr></a:pPr></a:p></c:txPr>"
        labels.find(C + "numFmt").addnext(written(text))  # type: ignore[union-attr]

    return change


def labels_of_cells(root: etree._Element) -> None:
    space = "http://schemas.microsoft.com/office/drawing/2012/chart"
    xml = f'<c:extLst><c:ext><b:datalabelsRange xmlns:b="{space}"><b:f>Summary!$C$16:$C$18</b:f></b:datalabelsRange></c:ext></c:extLst>'
    series(root).append(written(xml))


def picture_behind(root: etree._Element) -> None:
    area = root.find(f"{C}chart/{C}plotArea")
    assert area is not None
    for old in area.findall(C + "spPr"):
        gone(old)
    area.append(written("<c:spPr><a:blipFill><a:blip/></a:blipFill></c:spPr>"))


def no_points(root: etree._Element) -> None:
    for point in list(series(root).find(C + "val").iter(C + "pt")):  # type: ignore[union-attr]
        gone(point)


def waiting(kind: str = "", value: str = "") -> Plant:
    """A filter on the points that is set, with all rows in sight; without a kind only its button is hidden."""

    def plant(d: Desk) -> None:
        column_ = filter_column(d)
        if kind == "filters":
            etree.SubElement(etree.SubElement(column_, MAIN + "filters"), MAIN + "filter", val=value)
        elif kind:
            etree.SubElement(column_, MAIN + kind, val=value)
        else:
            column_.set("hiddenButton", "1")

    return plant


def filter_column(d: Desk) -> etree._Element:
    """A new filter on the platforms of the points."""
    root = next(d.tree(n) for n in sorted(d.parts) if n.startswith("xl/tables/") and b"tblBenchmarks" in d.parts[n])
    filter_ = root.find(MAIN + "autoFilter")
    assert filter_ is not None
    return etree.SubElement(filter_, MAIN + "filterColumn", colId="1")


def read_aloud(sheet: str, a1: str, above: str, shown: str = "1") -> Plant:
    """A text with a reading, as Excel stores what is typed in Japanese."""

    def plant(d: Desk) -> None:
        text, cell = text_of(d, sheet, a1) or "x", d.cell(sheet, a1)
        item = f'<is xmlns="{MAIN[1:-1]}"><t>{text}</t><rPh sb="0" eb="1"><t>{above}</t></rPh></is>'
        cell[:] = [etree.fromstring(item)]
        cell.set("t", "inlineStr")
        cell.set("ph", shown)

    return plant


def read_aloud_shared(d: Desk) -> None:
    """The same in a shared text, shown for a whole row."""
    item = d.tree("xl/sharedStrings.xml")[int(d.cell("Summary", "E15").findtext(MAIN + "v") or 0)]
    item.append(written(f'<x:rPh xmlns:x="{MAIN[1:-1]}" sb="0" eb="1"><x:t>Saved</x:t></x:rPh>'))
    row(d, "Summary", 15, ph="1")


def recorded(d: Desk) -> None:
    """A result that is shown as a record of Excel's newer kind."""
    d.cell("Summary", "E16").set("vm", "1")
    d.add_part("xl/richData/rdrichvalue.xml", b"<rvData/>", "application/vnd.ms-excel.rdrichvalue+xml")


def barred(*ends: str, direction: str = "") -> Plant:
    """Bars over the costs between two ends, each a kind and its number."""

    def plant(d: Desk) -> None:
        from_least_to_most(d, "dataBar", "638EC6", **({"direction": direction} if direction else {}))
        for end, said in zip(rules(d, "Summary", "E16:E18")[0].iter(MAIN + "cfvo"), ends, strict=False):
            kind, _, number = said.partition(" ")
            end.set("type", kind)
            end.attrib.update({"val": number} if number else {})

    return plant


def smoothed(root: etree._Element) -> None:
    next(series(root).iter(C + "smooth")).set("val", "1")


def pivoted(d: Desk) -> None:
    xml = f'<pivotTableDefinition xmlns="{MAIN[1:-1]}" name="p" cacheId="1"><location ref="B16:D18"/></pivotTableDefinition>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotTable+xml"
    d.add_part("xl/pivotTables/pivotTable1.xml", xml.encode(), kind, "pivotTable", d.part_of("Summary"))


def unprinted(d: Desk) -> None:
    for data in d.tree(drawing(d, "Summary")).iter("{*}clientData"):
        data.set("fPrintsWithSheet", "0")


def crossed(d: Desk) -> None:
    """A border from corner to corner."""
    restyle(d, "Summary", "E16", b="1")
    root = d.tree("xl/styles.xml")
    borders, xfs = root.find(MAIN + "borders"), root.find(MAIN + "cellXfs")
    assert borders is not None
    assert xfs is not None
    line = etree.SubElement(borders, MAIN + "border", diagonalUp="1")
    etree.SubElement(line, MAIN + "diagonal", style="thick")
    xfs[-1].set("borderId", str(len(borders) - 1))


def grounded(xml: str) -> Plant:
    """A result on a ground of its own."""

    def plant(d: Desk) -> None:
        restyle(d, "Summary", "E16", fill="FFFFFF")
        fills = d.tree("xl/styles.xml").find(MAIN + "fills")
        assert fills is not None
        fills[-1][:] = [etree.fromstring(f'<x xmlns="{MAIN[1:-1]}">{xml}</x>')[0]]

    return plant


def silent_help(d: Desk) -> None:
    name = next(n for n in d.parts if n.startswith("customXml/item") and b"IntelliSense" in d.parts[n])
    root = etree.fromstring(d.parts[name])
    root[:] = []
    d.parts[name] = etree.tostring(root)


def unlisted(d: Desk) -> None:
    for name in d.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        if name.get("name", "").startswith("TOK"):
            name.set("hidden", "1")


def old_control(d: Desk) -> None:
    """A label of the old kind over results."""
    label = b'<x:ClientData ObjectType="Label"><x:Anchor>4, 0, 15, 0, 6, 0, 18, 0</x:Anchor></x:ClientData>'
    old_shape(d, "Summary", b"<v:textbox><div>0.050</div></v:textbox>" + label)


def of_newer_kind(d: Desk) -> None:
    """A box that only newer programs draw."""
    drawn("Summary", ring("", "0.050"), 4, 15, 6, 18)(d)
    root = d.tree(drawing(d, "Summary"))
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    home = etree.SubElement(root, f"{{{space}}}AlternateContent")
    etree.SubElement(home, f"{{{space}}}Choice", Requires="a14").append(root[-2])


def placed(first: int, last: int) -> Plant:
    """The first chart of a sheet from one row to another."""

    def plant(d: Desk) -> None:
        for end, line in zip(list(d.tree(drawing(d, "Summary"))[0])[:2], (first, last), strict=True):
            next(child for child in end if str(child.tag).endswith("}row")).text = str(line)

    return plant


def night(d: Desk) -> None:
    """A table in a dark style of somebody's own."""
    number = dxf(d, ground="1F2933")
    root = d.tree("xl/styles.xml").find(MAIN + "tableStyles")
    assert root is not None
    made = etree.SubElement(root, MAIN + "tableStyle", name="Night", pivot="0", count="1")
    etree.SubElement(made, MAIN + "tableStyleElement", type="wholeTable", dxfId=str(number))
    part = next(d.tree(n) for n in sorted(d.parts) if n.startswith("xl/tables/"))
    next(part.iter(MAIN + "tableStyleInfo")).set("name", "Night")


E1, E2, E3 = "E16", "E17", "E18"
MESSAGE = '<dataValidation sqref="{}" showInputMessage="1" prompt="0.030 after our rebate"/>'
# grade, what the words say, the fault
FAULTS: dict[str, tuple[str, str, Plant]] = {
    # number formats
    "cost in thousands": (ERROR, r"0\.385.*reads 0\.000|reads 0", looks("Summary", E1, format="#,##0.000,")),
    "cost as a share": (ERROR, r"38\.55%|per cent", looks("Summary", E1, format="0.00%")),
    "cost without its cell": (ERROR, r"not shown", looks("Summary", E1, format=";;;")),
    "cost as typed words": (ERROR, r"reads 0\.050|reads '0.050'", looks("Summary", E1, format='"0.050"')),
    "a digit put before the cost": (ERROR, r"reads 1?0", looks("Summary", E1, format='"0.0"0.000')),
    "cost in euros": (ERROR, r"EUR", looks("Summary", E1, format='0.000" EUR"')),
    "cost with a currency sign": (ERROR, r"€", looks("Summary", E1, format="[$€-407] 0.000")),
    "cost in cents": (ERROR, r"ct", looks("Summary", E1, format='0.000" ct"')),
    "throughput in thousands": (ERROR, r"reads 2\b|reads 1\.5|reads 2", looks("Summary", "D16", format="#,##0,")),
    "throughput as a literal thousand": (ERROR, r"reads 1513,000", looks("Summary", "D16", format='0",000"')),
    "throughput in millions": (ERROR, r"reads 0", looks("Summary", "D16", format="0,,")),
    "rank as a date": (ERROR, r"day or a time", looks("Summary", "A16", format="yyyy-mm-dd")),
    "price as a time": (ERROR, r"day or a time", looks("Summary", "C16", format="hh:mm")),
    "users without decimals that count": (ERROR, r"5\.60.*reads 6", looks("Summary", "M16", format="0")),
    "ratio as per cent sign only": (ERROR, r"1%|adds|reads", looks("Summary", "F16", format='0.00"%"')),
    "a check that always reads OK": (ERROR, r"once it is 0.*OK|reads", looks("Checks", "E14", format='"OK";"OK";"OK"')),
    "all checks read OK": (ERROR, r"OK", looks("Checks", " ".join(f"E{i}" for i in range(7, 39)), format='"OK"')),
    "master check reads OK": (ERROR, r"OK", looks("Checks", "B4", format='"OK";;"OK"')),
    "names that read another name": (ERROR, r"reads 'GB200", looks("Summary", "B16", format='0;0;0;"GB200 NVL72"')),
    "failures shown as blanks": (WARNING, r"once it is -|not shown|reads", looks("Fleet", "D41", format="#,##0;;")),
    "an input in thousands": (ERROR, r"reads", looks("Summary", "D7", format="0,")),
    "an own price that will mislead": (WARNING, r"mislead", looks("Prices", "B8", format="0.00,")),
    "a quote in another unit": (ERROR, r"reads|adds", looks("Prices", "Z31", format='0.00" per server"')),
    "points in thousands": (ERROR, r"reads", looks("Benchmarks", "K20 K21 K22", format="0,")),
    "a white format": (ERROR, r"cannot be seen", looks("Summary", E1, format="[White]0.000")),
    "missing shown as zero": (ERROR, r"mislead|reads", looks("Summary", E2, format="0%")),
    # ink
    "white on white": (ERROR, r"cannot be seen", looks("Summary", E1, color="FFFFFF")),
    "ink of the ground": (ERROR, r"cannot be seen", looks("Summary", "B10", color="EAF1F8")),
    "nearly white": (ERROR, r"cannot be seen", looks("Summary", "D16", color="F2F2F2")),
    "ink by theme on white": (ERROR, r"cannot be seen", looks("Summary", E1, theme="0")),
    "black ground under black": (ERROR, r"cannot be seen", looks("Summary", E1, fill="1F2933")),
    "heading unseen": (ERROR, r"cannot be seen", looks("Summary", "E15", fill="FFFFFF")),
    "unit unseen": (ERROR, r"cannot be seen", looks("Summary", "E14", color="FFFFFF")),
    "a failing check unseen": (ERROR, r"cannot be seen", looks("Checks", "E14", color="FFFFFF")),
    "tiny": (ERROR, r"points: nobody", looks("Summary", E1, sz="1")),
    "tiny footnote": (ERROR, r"points: nobody", looks("Summary", "A4", sz="2")),
    "symbols for digits": (ERROR, r"letters are pictures", looks("Summary", E1, name="Wingdings")),
    "struck through": (WARNING, r"struck", looks("Summary", E1, strike="1")),
    "filled with itself": (ERROR, r"repeated to fill", looks("Summary", "A16", align={"horizontal": "fill"})),
    "out of the cell": (ERROR, r"indent", looks("Summary", E1, align={"horizontal": "right", "indent": "60"})),
    "huge number": (ERROR, r"####", looks("Summary", "L16", sz="40")),
    "cell style without ink": (ERROR, r"cannot be seen", lambda d: style_named(d, "Result strong", color="FFFFFF")),
    "cell style in thousands": (ERROR, r"cell style.*|reads", lambda d: style_named(d, "Calculation", format="0,")),
    "cell style of checks": (ERROR, r"OK", lambda d: style_named(d, "Check", format='"OK"')),
    "theme without contrast": (ERROR, r"vanishes", theme),
    # width, height, lines
    "narrow column": (ERROR, r"####", lambda d: column(d, "Summary", 12, width="3")),
    "flat column": (ERROR, r"hidden", lambda d: column(d, "Summary", 5, width="0.1", customWidth="1")),
    "hidden column of results": (ERROR, r"hidden.*Cost|hidden", lambda d: column(d, "Summary", 5, hidden="1")),
    "hidden row of a platform": (ERROR, r"hidden.*GB200", lambda d: row(d, "Summary", 18, hidden="1")),
    "flat row of a platform": (ERROR, r"hidden.*GB200", lambda d: row(d, "Summary", 18, ht="0.5", customHeight="1")),
    "hidden failing check": (ERROR, r"hidden", lambda d: row(d, "Checks", 14, hidden="1")),
    "hidden row of a chart": (ERROR, r"a chart leaves it out", lambda d: row(d, CURVES, 15, hidden="1")),
    "hidden assumptions": (ERROR, r"hidden", lambda d: row(d, "Scenario", 7, 8, 9, hidden="1")),
    "hidden workings": (WARNING, r"hidden", lambda d: row(d, "Curves", 9, hidden="1")),
    "a filter on the points": (WARNING, r"left out by a filter", filtered),
    "folded away": (ERROR, r"hidden", folded),
    "no height by default": (ERROR, r"no height", lambda d: element(d, "Checks", "sheetFormatPr", zeroHeight="1")),
    "zeros unseen": (ERROR, r"zeros", lambda d: view(d, "Checks").set("showZeros", "0")),
    "formulas in place of numbers": (WARNING, r"formulas are shown", lambda d: view(d, "Summary").set("showFormulas", "1")),
    "rows above the frozen ones": (ERROR, r"above the frozen", lambda d: view(d, "Prices").set("topLeftCell", "A5")),
    "very hidden Checks": (ERROR, r"no menu", state("Checks", "veryHidden")),
    "hidden Sources": (WARNING, r"hidden", state("Sources", "hidden")),
    "no tabs": (WARNING, r"no tabs", lambda d: d.tree("xl/workbook.xml").find(f"{MAIN}bookViews/{MAIN}workbookView").set("showSheetTabs", "0")),  # type: ignore[union-attr]
    # conditions
    "no red for a failing check": (WARNING, r"failure is gone|light", lights("Checks", "E7", lambda r: gone(r) if "=0" in (r.findtext(MAIN + "formula") or "") else None)),
    "a failing check in green": (ERROR, r"green", relook("Checks", "E7", 1, ink="0B6B3A", ground="E3F5EA")),
    "a failing check unseen when it fails": (ERROR, r"cannot be seen|looks", relook("Checks", "E7", 1, ink="FFFFFF", ground="FFFFFF")),
    "light that lights for something else": (ERROR, r"something else|gone", lights("Checks", "B4", lambda r: setattr(r.find(MAIN + "formula"), "text", "B4>=0"))),
    "lights that reach half": (WARNING, r"no longer reaches", lambda d: rules(d, "Checks", "E7")[0].getparent().set("sqref", "E7:E20")),  # type: ignore[union-attr]
    "baseline no longer marked": (WARNING, r"gone", lights("Summary", "A16:M18", gone)),
    "a condition that whites out": (ERROR, r"cannot be seen", added("Summary", "C16:E18", "C16>0", ink="FFFFFF")),
    "a condition that blanks": (ERROR, r"not shown", added("Summary", "E16:E18", "E16>0.1", code=";;;")),
    "a condition that scales": (ERROR, r"reads", added("Summary", "D16:D18", "TRUE", code="0,")),
    "green over every check": (ERROR, r"paints over", added("Checks", "E7:E38", ink="0B6B3A", ground="E3F5EA")),
    "green over the master check": (ERROR, r"paints over", added("Checks", "B4", ink="0B6B3A", ground="E3F5EA")),
    "a stop before the lights": (WARNING, r"stops", added("Checks", "E7:E38", stop=True)),
    "bars in place of numbers": (ERROR, r"place of the numbers", bars_only),
    "verdicts in green": (ERROR, r"paints over", added("Claims", "N10:N68", ink="0B6B3A", ground="E3F5EA")),
    # guards
    "protection off": (WARNING, r"no protection", unprotected("Prices")),
    "protection off everywhere": (WARNING, r"and \d+ more", lambda d: unprotected(*d.sheets())(d)),
    "protection switched off": (WARNING, r"no protection", lambda d: element(d, "Summary", "sheetProtection").set("sheet", "0")),
    "results unlocked": (WARNING, r"unlocked", looks("Summary", "E16 E17", locked=False)),
    "a style unlocked": (WARNING, r"unlocked", lambda d: style_named(d, "Result strong", locked=False)),
    "formulas kept from sight": (WARNING, r"kept from sight", looks("Summary", "E16", hidden=True)),
    "validation removed": (WARNING, r"anything may be typed", let_in("Prices", "B7", gone)),
    "validations removed": (WARNING, r"anything may be typed", lambda d: gone(d.tree(d.part_of("Scenario")).find(MAIN + "dataValidations"))),
    "validation widened": (WARNING, r"to 1,000,000|1e\+06", let_in("Prices", "B7", bounds("0.01", "1000000"))),
    "validation of any value": (WARNING, r"any", let_in("Scenario", "C7", lambda v: v.set("type", "none"))),
    "validation that says nothing": (WARNING, r"says nothing", let_in("Scenario", "C7", lambda v: v.set("showErrorMessage", "0"))),
    "validation that only warns": (WARNING, r"only warned", let_in("Scenario", "C7", lambda v: v.set("errorStyle", "information"))),
    "validation of fewer cells": (WARNING, r"gone", let_in("Prices", "B7", lambda v: v.set("sqref", "B7"))),
    "another list": (WARNING, r"another list", let_in("Summary", "H7", another_list('"Cheap list,Cheaper list"'))),
    "a longer list": (WARNING, r"another list", let_in("Summary", "H7", another_list("Scenario!$P$7:$P$30"))),
    "not between": (WARNING, r"in place of two bounds", let_in("Prices", "B7", lambda v: v.set("operator", "greaterThan"))),
    # page and tables
    "print area without the last platforms": (ERROR, r"leaves out", print_area("Summary", "Summary!$A$1:$N$16")),
    "print area without the notes": (ERROR, r"leaves out", print_area("Checks", "Checks!$A$1:$F$12")),
    "print area without columns": (ERROR, r"leaves out", print_area("Prices", "Prices!$A$1:$F$9")),
    "nothing frozen": (WARNING, r"frozen", lambda d: gone(view(d, "Checks").find(MAIN + "pane"))),
    "too much frozen": (ERROR, r"frozen", lambda d: view(d, "Summary").find(MAIN + "pane").set("ySplit", "60")),  # type: ignore[union-attr]
    "another build in the footer": (WARNING, r"name the build", lambda d: setattr(d.tree(d.part_of("Summary")).find(f"{MAIN}headerFooter/{MAIN}oddFooter"), "text", "&Cbuild 0badcafe")),
    "points left out of their table": (ERROR, r"leaves out", table(2, ref="A6:P80")),
    "a table renamed": (ERROR, r"now called", table(2, name="tblPoints", displayName="tblPoints")),
    "quotes left out of their table": (ERROR, r"leaves out", table(0, ref="U12:AC100")),
    "cells merged over numbers": (ERROR, r"nobody sees", merge("Summary", "C16:E16")),
    "rows merged": (ERROR, r"nobody sees", merge("Prices", "A7:A9")),
    # overlays
    "a text box over results": (ERROR, r"says 'All checks pass'.*in their place", boxed("Summary", "All checks pass", 14)),
    "a picture over results": (ERROR, r"picture.*in their place", picture),
    "a chart over results": (ERROR, r"a chart lies over", other_chart(13)),
    "a chart moved over results": (ERROR, r"a chart lies over", moved_chart),
    "a box over a check": (ERROR, r"lies over", boxed("Checks", "OK", 12)),
    # charts
    "a chart deleted": (ERROR, r"no such chart", no_chart),
    "a chart without size": (ERROR, r"without any size", shrunk_chart),
    "a series repointed": (ERROR, r"come from", on_chart("Summary", 0, lambda r: repoint(r, 0, "yVal", "'Cost curves'!$J$23:$J$33"))),
    "bars of another column": (ERROR, r"come from", on_chart("Summary", 2, lambda r: repoint(r, 0, "val", "Summary!$C$16:$C$18"))),
    "bars one row late": (ERROR, r"come from", on_chart("Summary", 2, lambda r: repoint(r, 0, "val", "Summary!$E$17:$E$19"))),
    "names of other bars": (ERROR, r"come from", on_chart("Summary", 2, lambda r: repoint(r, 0, "cat", "Summary!$A$16:$A$18"))),
    "a legend of another platform": (ERROR, r"legend that names another", on_chart("Summary", 0, lambda r: repoint(r, 0, "tx", "'Cost curves'!$G$21"))),
    "axes swapped": (ERROR, r"swapped", on_chart("Summary", 0, swap_axes)),
    "typed numbers": (ERROR, r"typed numbers", on_chart("Summary", 2, literal)),
    "a title typed over": (ERROR, r"typed title", on_chart("Summary", 2, lambda r: typed_title(r, "GB200 is 15x cheaper"))),
    "a title removed": (WARNING, r"no title", on_chart("Summary", 2, lambda r: gone(r.find(f"{C}chart/{C}title")))),
    "a title of another chart": (ERROR, r"its title comes from", on_chart("Summary", 2, lambda r: setattr(next(r.find(f"{C}chart/{C}title").iter(C + "f")), "text", "'Cost curves'!$V$10"))),  # type: ignore[union-attr]
    "an axis in another unit": (ERROR, r"another unit", on_chart("Summary", 2, lambda r: axis_words(r, "USD per million tokens", "EUR per million tokens"))),
    "an axis without words": (WARNING, r"no axis called", on_chart("Summary", 2, lambda r: gone(axis(r, 1).find(C + "title")))),
    "an axis cut off below": (ERROR, r"begins at 0\.3", on_chart("Summary", 2, lambda r: scale(r, 1, min="0.3"))),
    "an axis cut off above": (ERROR, r"ends at", on_chart("Summary", 0, lambda r: scale(r, 1, max="3000"))),
    "an axis that does not begin at zero": (WARNING, r"no longer begins", on_chart("Summary", 2, lambda r: scale(r, 1, min=""))),
    "an axis made even": (ERROR, r"even axis", on_chart("Summary", 1, lambda r: scale(r, 1, logBase=""))),
    "an axis made logarithmic": (ERROR, r"logarithmic", on_chart("Summary", 2, lambda r: scale(r, 1, logBase="10"))),
    "an axis backwards": (ERROR, r"backwards", on_chart("Summary", 0, lambda r: scale(r, 0, orientation="maxMin"))),
    "an axis in thousands": (ERROR, r"divided into thousands", on_chart("Summary", 4, lambda r: etree.SubElement(etree.SubElement(axis(r, 1), C + "dispUnits"), C + "builtInUnit", val="thousands"))),
    "an axis format in thousands": (ERROR, r"by the format", on_chart("Summary", 4, lambda r: axis(r, 1).find(C + "numFmt").set("formatCode", "#,##0,"))),  # type: ignore[union-attr]
    "an axis without numbers": (WARNING, r"without its numbers", on_chart("Summary", 2, lambda r: axis(r, 1).find(C + "delete").set("val", "1"))),  # type: ignore[union-attr]
    "a series removed": (ERROR, r"is not drawn", on_chart("Summary", 0, lambda r: gone(series(r, 1)))),
    "a series unseen": (ERROR, r"without colour", on_chart("Summary", 0, unseen)),
    "a label typed over": (ERROR, r"typed labels", on_chart("Summary", 2, typed_label)),
    "a stored point": (ERROR, r"preview draws", on_chart("Summary", 2, lambda r: cache(r, 0, "val", 0, "0.05"))),
    "a stored name": (ERROR, r"preview draws", on_chart("Summary", 2, lambda r: cache(r, 0, "cat", 0, "GB200 NVL72"))),
    "a stored title": (ERROR, r"preview draws", on_chart("Summary", 2, lambda r: setattr(next(r.find(f"{C}chart/{C}title").iter(C + "v")), "text", "15x cheaper"))),  # type: ignore[union-attr]
    "gaps drawn as zero": (ERROR, r"drawn as zero", on_chart("Summary", 0, lambda r: next(r.iter(C + "dispBlanksAs")).set("val", "zero"))),
    "stacked in per cent": (ERROR, r"percentStacked", on_chart("Ownership", 0, lambda r: next(r.iter(C + "grouping")).set("val", "percentStacked"))),
    "no legend": (WARNING, r"no legend", on_chart("Summary", 0, lambda r: gone(r.find(f"{C}chart/{C}legend")))),
    "a chart of another workbook": (ERROR, r"another workbook|link", on_chart("Summary", 0, chart_outside)),
    "labels on bars in thousands": (ERROR, r"labels on the bars", on_chart("Summary", 4, lambda r: next(r.iter(C + "dLbls")).find(C + "numFmt").set("formatCode", "#,##0,"))),  # type: ignore[union-attr]
    "words of the axes swapped": (ERROR, r"stands on the other axis", on_chart("Summary", 0, swap_words)),
    "bars over bars": (ERROR, r"cover each other", on_chart("Tokens and power", 0, covered_bars)),
    "a row too flat to read": (ERROR, r"hidden", lambda d: row(d, "Summary", 18, ht="5", customHeight="1")),
    "names cut off": (WARNING, r"cut off", lambda d: column(d, "Summary", 2, width="3")),
    "another message beside an input": (WARNING, r"message", let_in("Prices", "B7", lambda v: v.set("prompt", "USD per server and hour"))),
    # what changes the answer
    "an edited quote": (WARNING, r"USD/GPU-hour", over("Prices", "Z31", 1.0)),
    "a formula in an input": (WARNING, r"follows another cell", lambda d: d.formula("Prices", "B8", "Summary!C16*0.5", 1.05)),
    "a hyperlink to a file": (ERROR, r"opens the file", file_link),
    "HYPERLINK in a formula": (ERROR, r"HYPERLINK", own_sheet('HYPERLINK("http://x.test/"&Prices!B8,"details")')),
    "WEBSERVICE in a formula": (ERROR, r"WEBSERVICE", own_sheet('_xlfn.WEBSERVICE("http://x.test/")')),
    "DDE in a formula": (ERROR, r"DDE", own_sheet("cmd|'/c calc'!A1")),
    "DDE in a part": (ERROR, r"DDE", dde),
    "a macro called a picture": (ERROR, r"macro", hidden_macro),
    "array entered": (ERROR, r"array formula", array_entered),
    "typed into a spill": (ERROR, r"#SPILL!", spilled),
    "a name shadowed": (ERROR, r"read that, not the model", shadow),
    "a past change edited": (WARNING, r"past build", history_edited),
    "an altered contract": (ERROR, r"seal does not hold", contract_altered),
    "a forged contract": (ERROR, r"says something else", contract_forged),
    # stale
    "an example typed and not calculated": (ERROR, r"not up to date|by recalculation|stored", example_typed),
    "a tolerance typed and not calculated": (ERROR, r"not up to date|stored", over("Claims", "C4", 0.5)),
    "an own sheet out of date": (WARNING, r"stored 1", own_stale),
    "a stored break-even": (ERROR, r"stored", stored("Summary", "K16", 9.0)),
    "a stored check": (ERROR, r"stored|fails", stored("Checks", "E20", 0)),
    "a stored unit cost": (ERROR, r"stored", stored("Tokens and power", "C8", 0.001)),
    # words
    "another unit in a heading": (ERROR, r"EUR", over("Summary", "E14", "EUR/M tokens")),
    "another column heading": (ERROR, r"Saved", over("Summary", "I15", "Saved")),
    "a row under another name": (WARNING, r"Cooling", over("Ownership", "A33", "Cooling")),
    # what is drawn, guarded and printed beside the cells
    "a fraction of one digit": (ERROR, r"0.08 now reads", looks("Scenario", "C18", format="# ?/?")),
    "a scale that reaches the ink": (ERROR, r"cannot be seen", scaled("FFFFFF", "1F2933")),
    "icons of a newer kind in place of numbers": (ERROR, r"place of the numbers", extended_icons),
    "bars that begin at 0.5": (ERROR, r"bars begin at 0.5", on_chart("Fleet", 0, hung_bars)),
    "one bar unseen": (ERROR, r"points of Cost without colour", on_chart("Summary", 2, coloured_point("<a:noFill/>"))),
    "a name taken out of the legend": (WARNING, r"taken out of the legend", on_chart("Summary", 0, struck_name)),
    "white words in a chart": (WARNING, r"words cannot be seen", on_chart("Plan", 0, inked("FFFFFF"))),
    "a trend line": (WARNING, r"look measured", on_chart("Summary", 0, trend)),
    "a text drawn in a chart": (ERROR, r"15x cheaper.*takes it for", drawn_in_chart),
    "a text box over a chart": (ERROR, r"15x.*lies over a chart", boxed("Summary", "15x cheaper", 24)),
    "a chart hidden": (ERROR, r"hidden: nobody sees it", frame("Plan", "hidden", "1")),
    "a curve as pale as the paper": (ERROR, r"pale as the paper", on_chart("Summary", 0, lambda r: recolour(r, 1, "FFFFFF"))),
    "two curves in one colour": (WARNING, r"in one colour", on_chart("Summary", 0, lambda r: recolour(r, 1, next(series(r, 0).iter(A + "srgbClr")).get("val", "")))),
    "names left out along an axis": (WARNING, r"names left out", on_chart("Fleet", 0, lambda r: axis(r, 0).append(etree.Element(C + "tickLblSkip", val="5")))),
    "words of a chart in one point": (WARNING, r"too small", on_chart("Summary", 0, tiny_words)),
    "a plot squeezed": (ERROR, r"squeezed", on_chart("Summary", 0, squeezed)),
    "another text for who cannot see a chart": (WARNING, r"cannot see it say '15x", frame("Summary", "descr", "15x cheaper")),
    "a note shown over results": (ERROR, r"a note in sight that says '0.050", note_in_sight("4, 0, 15, 0, 6, 0, 18, 0")),
    "another refusal of a wrong price": (WARNING, r"refusal of a wrong value", let_in("Prices", "B7", lambda v: v.set("error", "USD per server"))),
    "messages switched off": (WARNING, r"switched off", let_in("Prices", "B7", lambda v: v.set("showInputMessage", "0"))),
    "a list without its button": (WARNING, r"without its button", let_in("Summary", "H7", lambda v: v.set("showDropDown", "1"))),
    "protection that lets rows be deleted": (WARNING, r"delete rows", lambda d: element(d, "Plan", "sheetProtection", deleteRows="0")),
    "inputs that cannot be picked": (WARNING, r"nobody can type", lambda d: element(d, "Summary", "sheetProtection", selectUnlockedCells="1")),
    "other rows repeated in print": (WARNING, r"not the headings", titles("Benchmarks", "Benchmarks!$7:$7")),
    "printed at a tenth": (WARNING, r"printed at 10 %", lambda d: element(d, "Plan", "pageSetup", scale="10")),
    "errors printed as blanks": (WARNING, r"printed as blanks", lambda d: element(d, "Summary", "pageSetup", errors="blank")),
    "euros in the header": (WARNING, r"say 'EUR'", head("Fleet", "&CAll amounts in EUR")),
    "the 1904 calendar": (ERROR, r"four years late", lambda d: d.tree("xl/workbook.xml").find(MAIN + "workbookPr").set("date1904", "1")),  # type: ignore[union-attr]
    "a result turned on its side": (WARNING, r"turned on its side", looks("Summary", E1, align={"textRotation": "90"})),
    "a dark style under a table": (WARNING, r"dark words", lambda d: next(d.tree(n) for n in d.parts if n.startswith("xl/tables/")).find(MAIN + "tableStyleInfo").set("name", "TableStyleDark1")),  # type: ignore[union-attr]
    "a query of Power Query": (ERROR, r"Power Query", lambda d: d.add_part("customXml/item9.xml", b"<DataMashup>AAAA</DataMashup>", "application/xml")),
    "a cached token dearer than another": (WARNING, r"Scenario!C16: 10", over("Scenario", "C16", 10)),
    "rent of a kW in USD per kWh": (WARNING, r"per kWh", over("Ownership", "C12", 0.12)),
    "carbon in kg": (WARNING, r"in kg", over("Scenario", "C19", 0.4)),
    # the plan, hosted models and other workings
    "millions shown as thousands": (ERROR, r"shown as 5,652\.52 before, now reads 5,652,519\.14 in the same unit", looks("Plan", "C11", format="#,##0.00,;-#,##0.00,;-")),
    "millions shown as billions": (ERROR, r"now reads 5\.65 in the same unit", looks("Plan", "C11", format="#,##0.00,,,;-#,##0.00,,,;-")),
    "millions that hide a loss": (WARNING, r"once it is -", looks("Plan", "C11", format="#,##0.00,,;#,##0.00,,;-")),
    "months of a chart in thousands": (ERROR, r"numbers on the axis", on_chart("Plan", 3, lambda r: axis(r, 0).find(C + "numFmt").set("formatCode", "0,"))),  # type: ignore[union-attr]
    "a range that protection leaves open": (WARNING, r"unlocked", open_range),
    "a month of the workings renumbered": (ERROR, r"Plan cases'!A44: 2; 1", over("Plan cases", "A44", 2)),
    "a tolerance of a check widened": (ERROR, r"Checks!D9: 5; 0", over("Checks", "D9", 5)),
    "a number of a worked run changed": (ERROR, r"not up to date", over("Definitions", "C20", 1000)),
    "another unit in a heading of a grid": (ERROR, r"USD/k tokens", over("Sensitivity", "A28", "Cost, USD/k tokens")),
    "another unit of a plan input": (ERROR, r"B tokens", over("Plan", "B96", "B tokens")),
    "a month of the plan typed over": (ERROR, r"the value 720", over("Plan months", "AE50", 720)),
    "a season in use typed over": (ERROR, r"the value 1", over("Plan", "D126", 1.0)),
    "a total of the years typed": (ERROR, r"the value 400", over("Plan", "H34", 400_000_000)),
    "a discount rate in per cent": (WARNING, r"Plan!C123: 8; .*per cent", over("Plan", "C123", 8)),
    "an API price of the plan in cents": (WARNING, r"Plan!C111: 173; .*in cents", over("Plan", "C111", 173)),
    "agreed API prices in cents": (WARNING, r"input 133, .*output 418.*in cents", typed("API prices", {"Y45": 133, "AA45": 418})),
    "agreed API prices swapped": (WARNING, r"input and output swapped", typed("API prices", {"Y45": 4.18, "AA45": 1.33})),
    "a target as seconds per token": (WARNING, r"Plan!C102: 0\.2; .*seconds per token", over("Plan", "C102", 0.2)),
    "an offer of a provider edited": (WARNING, r"Input 0\.1", over("API prices", "V45", 0.1)),
    # words in pieces, digits of other scripts, and formats that write what the number is not
    "one word in white": (ERROR, r"'never' in .*cannot be seen", one_word("Summary", "A55", "never", '<color rgb="FFFFFFFF"/>')),
    "one word in white in a shared text": (ERROR, r"'never' in .*cannot be seen", one_word("Summary", "A55", "never", '<color rgb="FFFFFFFF"/>', shared=True)),
    "a part of a unit in one point": (ERROR, r"'M' in .*nobody reads it", one_word("Summary", "E14", "M ", '<sz val="1"/>')),
    "a part of a heading in symbols": (ERROR, r"letters are pictures", one_word("Summary", "E15", "Cost", '<rFont val="Wingdings"/>')),
    "a word struck through": (WARNING, r"'never' .*struck", one_word("Summary", "A55", "never", '<strike/><sz val="9"/>')),
    "Thai digits": (ERROR, r"reads ๐\.๓๘๕.*another script", looks("Summary", E1, format="[$-D00041E]0.000")),
    "Chinese numerals": (ERROR, r"reads '一", looks("Summary", "D16", format="[DBNum1]0")),
    "Arabic digits on an axis": (ERROR, r"numbers on the axis", on_chart("Summary", 2, lambda r: axis(r, 1).find(C + "numFmt").set("formatCode", "[$-2000401]0.00"))),  # type: ignore[union-attr]
    "Thai digits by a condition": (ERROR, r"another script", added("Summary", "E16:E18", code="[$-D00041E]0.000")),
    "a dash that fills the cell before a number": (ERROR, r"reads ---", looks("Summary", E1, format="*-0.000")),
    "a format of text under an input": (WARNING, r"next number typed here is words", looks("Summary", "D7", format="@")),
    "a ratio where a cost stands": (ERROR, r"adds 'x'", looks("Summary", E1, format='0.000"x"')),
    "a count of failures that is always 0": (ERROR, r"once it is 1: 1 now reads 0", looks("Checks", "E4", format='"0"')),
    "a day that is typed": (ERROR, r"now reads 2026-11-20", looks("Sources", "B24", format='"2026-11-20"')),
    "a light in words whatever the checks say": (ERROR, r"once it is 'other words'", added("Summary", "N1", code=';;;"Checks: all pass"')),
    "a font of pictures": (ERROR, r"letters are pictures", looks("Summary", E1, name="MS Outlook")),
    # what a reader does not see coming
    "another scenario of Excel's own": (WARNING, r"'Best case' puts 0\.5 here", of_sheet("Prices", "scenarios", '<scenario name="Best case" count="1"><inputCells r="B8" val="0.5"/></scenario>')),
    "sheets selected together": (WARNING, r"goes into the same cell of all 3", selected("Prices", "Plan")),
    "inputs locked": (WARNING, r"Summary!D7.*nobody can type", looks("Summary", "D7", locked=True)),
    "a style of inputs locked": (WARNING, r"nobody can type", lambda d: style_named(d, "Input", locked=True)),
    "columns left of the frozen ones": (ERROR, r"columns A to C lie left", frozen_far),
    "a window that opens minimized": (WARNING, r"minimized", lambda d: d.tree("xl/workbook.xml").find(f"{MAIN}bookViews/{MAIN}workbookView").set("minimized", "1")),  # type: ignore[union-attr]
    "charts not shown": (ERROR, r"charts and pictures are not shown", lambda d: d.tree("xl/workbook.xml").find(MAIN + "workbookPr").set("showObjects", "none")),  # type: ignore[union-attr]
    "no width by default": (ERROR, r"columns have no width", lambda d: element(d, "Checks", "sheetFormatPr", defaultColWidth="0")),
    "a sheet that looks like Checks": (WARNING, r"looks like 'Checks'", lambda d: d.add_sheet("\u0421hecks")),
    "a sheet that looks like Summary": (WARNING, r"looks like 'Summary'", lambda d: d.add_sheet("Summary ")),
    # guards, pages and tables
    "whole prices only": (WARNING, r"whole numbers only", let_in("Prices", "B7", lambda v: v.set("type", "whole"))),
    "bounds turned round": (WARNING, r"nothing can be typed", let_in("Prices", "B7", turned_bounds)),
    "another title of a message": (WARNING, r"title of the message", let_in("Prices", "B7", lambda v: v.set("promptTitle", "Per server"))),
    "euros in the header of the first page": (WARNING, r"say 'EUR'", headings("Fleet", "firstHeader", "&CAll amounts in EUR")),
    "thousands in the footer of even pages": (WARNING, r"say 'USD thousand'", headings("Plan", "evenFooter", "&CUSD thousand")),
    "no headings in print": (WARNING, r"repeat nothing, not the headings", no_print_titles),
    "margins that leave a strip": (WARNING, r"margins of 12 inches", lambda d: element(d, "Summary", "pageMargins", left="6", right="6")),
    "all points on one page": (WARNING, r"rows printed on one page", lambda d: element(d, "Benchmarks", "pageSetup", fitToHeight="1", fitToWidth="1")),
    "new points by formula": (WARNING, r"gets =J7\*500 as its Throughput", table_column("Throughput", filled_down)),
    "a table without headings": (ERROR, r"no heading row", table(2, headerRowCount="0")),
    # conditions, charts and what lies over them
    "icons that are always the best": (ERROR, r"best for a check that fails", icons("-2", "-1")),
    "icons turned round": (ERROR, r"best for a check that fails", icons("0.5", "1", reverse="1")),
    "results struck by a condition": (WARNING, r"strikes cells through", struck_by_condition),
    "labels of other cells": (ERROR, r"what Summary!\$C\$16:\$C\$18 holds", on_chart("Summary", 2, labels_of_cells)),
    "labels in white": (WARNING, r"labels cannot be seen", on_chart("Summary", 2, labels_look('<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'))),
    "labels in symbols": (WARNING, r"pictures for letters", on_chart("Summary", 2, labels_look('<a:latin typeface="Wingdings"/>'))),
    "one bar in white": (ERROR, r"points of Cost without colour", on_chart("Summary", 2, coloured_point('<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'))),
    "a picture behind the curves": (WARNING, r"picture behind the curves", on_chart("Summary", 0, picture_behind)),
    "no points stored": (ERROR, r"preview draws nothing", on_chart("Summary", 2, no_points)),
    "one chart over another": (ERROR, r"of two only one is seen", one_chart_over_another),
    "a unit in a box over a heading": (ERROR, r"'EUR/M tokens' lies over", drawn("Summary", ring("<a:noFill/>", "EUR/M tokens"), 4, 13, 5, 14)),
    "a bar that writes into an input": (ERROR, r"writes into \$C\$7", control),
    # the record of the build, help, and what goes outside
    "a contract taken out": (ERROR, r"emptied or taken out, and no program", contract_gone),
    "a contract of no version": (ERROR, r"which no xlmodel has", resealed(version="final")),
    "a contract of another day": (ERROR, r"of 2026-11-19 in a workbook whose sheets say .*2026-09-20", resealed(date="2026-11-19")),
    "help in another unit": (WARNING, r"its help .*USD/k tokens", helped),
    "a function described in another unit": (WARNING, r"TOKCOST: its description says 'Cost of one thousand", described_otherwise),
    "an API price in words": (WARNING, r"Own input '\$1\.33', with which nothing", over("API prices", "Y45", "$1.33")),
    "Python in a cell": (ERROR, r"PY, which sends cells", own_sheet("_xlfn._xlws.PY(0,1,Prices!B8)")),
    "a translation by a server": (ERROR, r"TRANSLATE, which sends cells", own_sheet('_xlfn.TRANSLATE(Summary!A4,"en","de")')),
    "a number fetched by Google": (ERROR, r"GOOGLEFINANCE, which fetches", own_sheet('GOOGLEFINANCE("NVDA")')),
    # digits among digits, words that only later appear, and how a text runs
    "a digit among those of the cost": (ERROR, r"reads 0\.39|digits of its own", looks("Summary", E1, format='0.0"9"00')),
    "a digit behind the cost": (ERROR, r"digits or marks of its own", looks("Summary", E1, format='0.000"9"')),
    "a comma among the digits": (ERROR, r"digits or marks of its own", looks("Summary", "D16", format='#,##0","0')),
    "a doubt that nobody will see": (WARNING, r"empty now; .*cannot be seen", looks("Benchmarks", "R20", color="FFFFFF")),
    "an own price that nobody will see": (WARNING, r"empty now; .*cannot be seen", looks("Prices", "B8", color="FFFFFF")),
    "a finding from right to left": (WARNING, r"runs from right to left", looks("Summary", "A4", align={"readingOrder": "2"})),
    "a sheet from right to left": (WARNING, r"laid out from right to left", lambda d: view(d, "Summary").set("rightToLeft", "1")),
    "a zoom of a tenth": (WARNING, r"a zoom of 10 %", lambda d: view(d, "Summary").set("zoomScale", "10")),
    "a result crossed out": (WARNING, r"struck through", crossed),
    "a pattern of the ink": (ERROR, r"cannot be seen", grounded('<patternFill patternType="darkGray"><fgColor rgb="FF1F2933"/><bgColor rgb="FFFFFFFF"/></patternFill>')),
    "a ground that runs into the ink": (ERROR, r"cannot be seen", grounded('<gradientFill><stop position="0"><color rgb="FFFFFFFF"/></stop><stop position="1"><color rgb="FF1F2933"/></stop></gradientFill>')),
    "a row lower than its letters": (WARNING, r"cut through", lambda d: row(d, "Summary", 4, ht="8", customHeight="1")),
    "inputs merged": (WARNING, r"2 inputs into which nobody can type", merge("Prices", "B7:B9")),
    "a change of prices in per cent": (WARNING, r"Scenario!C8: 10; .*in per cent", over("Scenario", "C8", 10)),
    # what waits, pops up, or stands above
    "a filter that waits": (WARNING, r"vanish at the next Reapply", waiting("filters", "MI355X")),
    "a filter of the largest that waits": (WARNING, r"vanish at the next Reapply", waiting("top10", "10")),
    "a message on a result": (WARNING, r"pops up on Summary!E16, '0\.030 after", of_sheet("Summary", "dataValidations", MESSAGE.format("E16"))),
    "a message on a whole sheet": (WARNING, r"pops up on", of_sheet("Summary", "dataValidations", MESSAGE.format("A1:XFD1048576"))),
    "a tip on a result": (WARNING, r"pops up on Summary!E16", of_sheet("Summary", "hyperlinks", '<hyperlink ref="E16" location="Summary!A1" tooltip="0.030 after our rebate"/>')),
    "a reading above a heading": (WARNING, r"above 'Cost' stands 'Saved'", read_aloud("Summary", "E15", "Saved")),
    "a reading above a shared heading": (WARNING, r"above 'Cost' stands 'Saved'", read_aloud_shared),
    "functions that no list shows": (WARNING, r"kept out of the Name Manager", unlisted),
    "help that says nothing": (WARNING, r"says nothing of \d+ functions", silent_help),
    "a contract of other models": (ERROR, r"something else about models", resealed(models="Llama 3.3 70B")),
    "all pass in the header": (WARNING, r"whatever the numbers become", head("Summary", "&CAll checks pass")),
    "a result in the header": (WARNING, r"whatever the numbers become", head("Summary", "&C0.030 USD per million")),
    "a record in place of a result": (WARNING, r"Summary!E16.*in place of the value", recorded),
    "a name like that of a function": (WARNING, r"looks like TOKCOST", named("TOKC0ST", "Prices!$B$7")),
    "a number typed among results": (WARNING, r"Summary!G10: 0\.03 among the results", over("Summary", "G10", 0.03)),
    # what lies on, behind and beside the cells
    "a picture behind the cells": (WARNING, r"a picture behind the cells", lambda d: element(d, "Summary", "picture")),
    "a control over results": (ERROR, r"a control that says '0\.050' lies over", old_control),
    "a box of a newer kind over results": (ERROR, r"says '0\.050' lies over", of_newer_kind),
    "a chart where nobody looks": (WARNING, r"away from all else", placed(500, 517)),
    "a chart as flat as a row": (WARNING, r"drawn over 1 rows", placed(24, 25)),
    "a dark style of their own under a table": (WARNING, r"the table style Night", night),
    "bars from right to left": (WARNING, r"run from right to left", barred("min", "max", direction="rightToLeft")),
    "bars that end early": (WARNING, r"all above look alike", barred("num 0", "num 0.1")),
    "bars that begin late": (WARNING, r"all below look like nothing", barred("num 0.39", "max")),
    "a pivot table over results": (WARNING, r"a pivot table stands here", pivoted),
    "a window of three points": (WARNING, r"too small to show a cell", lambda d: d.tree("xl/workbook.xml").find(f"{MAIN}bookViews/{MAIN}workbookView").set("windowHeight", "60")),  # type: ignore[union-attr]
    "all columns frozen": (ERROR, r"14 columns are frozen", lambda d: view(d, "Summary").find(MAIN + "pane").set("xSplit", "14")),  # type: ignore[union-attr]
    "formats by condition switched off": (WARNING, r"by condition are switched off", lambda d: element(d, "Checks", "sheetPr", enableFormatConditionsCalculation="0")),
    "charts left out of print": (WARNING, r"left out on paper", unprinted),
    "charts that no drawing shows": (ERROR, r"no such chart", lambda d: gone(d.tree(d.part_of("Summary")).find(MAIN + "drawing"))),
    "a stop before the mark of the baseline": (WARNING, r"stops", added("Summary", "A16:M18", stop=True)),
    "curves smoothed": (WARNING, r"swings past", on_chart("Summary", 0, smoothed)),
    "bars turned round": (WARNING, r"the least number has the longest bar", barred("max", "min")),
}  # fmt: skip
SHARE = 1 if os.environ.get("XLMODEL_MUTANTS") == "all" else 6
CHOSEN = [name for i, name in enumerate(FAULTS) if i % SHARE == 0]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(BASE, tmp_path_factory.mktemp("faults") / "small.xlsx")


def test_there_are_at_least_120_faults() -> None:
    assert len(FAULTS) >= 120


@pytest.mark.parametrize("name", CHOSEN)
def test_a_fault_is_found_with_its_grade_in_words_that_tell(name: str, small: Path, tmp_path: Path) -> None:
    grade, words, plant = FAULTS[name]
    desk = Desk(small)
    plant(desk)
    found = audit(desk.save(tmp_path / "x.xlsx"), TODAY).findings
    told = [(f.severity, f"{f.where}: {f.found}; {f.expected}") for f in found]
    assert any(severity == grade and re.search(words, text, re.DOTALL) for severity, text in told), told


def bold(d: Desk) -> None:
    restyle(d, "Summary", "E16 E17", b="1")


def widened(d: Desk) -> None:
    column(d, "Summary", 5, width="24", customWidth="1")


def own_charts(d: Desk) -> None:
    d.add_sheet("Mine")
    d.set("Mine", "A1", "Ours")
    d.formula("Mine", "B1", "Summary!E16", float(d.cell("Summary", "E16").findtext(MAIN + "v") or 0))
    put_on(d, "Mine", chart_frame("Chart 1", "{0}", 3), charts=(bar_chart("Mine!$B$1:$B$1", "Mine!$A$1:$A$1"),))


def filter_off(d: Desk) -> None:
    name = next(n for n in d.parts if n.startswith("xl/tables/") and d.tree(n).get("displayName") == "tblBenchmarks")
    filter_ = d.tree(name).find(MAIN + "autoFilter")
    assert filter_ is not None
    gone(filter_)


def sorted_points(d: Desk) -> None:
    """The points table sorted by its rows back to front, as a reader does with the button of a heading."""
    back_to_front(d, "Benchmarks", [chr(65 + i) for i in range(17)], 7, LAST)


def sorted_quotes(d: Desk) -> None:
    """The quotes sorted likewise."""
    area = Places(BASE).quotes_row
    table = next(
        d.tree(n) for n in d.parts if n.startswith("xl/tables/") and d.tree(n).get("displayName") == "tblPrices"
    )
    _, left, _, right = corners(table.get("ref", ""))
    back_to_front(d, "Prices", [letters(col) for col in range(left, right + 1)], area, area + len(BASE.quotes) - 1)


def back_to_front(d: Desk, sheet: str, cols: list[str], first: int, last: int) -> None:
    """Rows in the opposite order, and what an engine then computes."""
    for low, high in zip(range(first, last), range(last, first, -1), strict=False):
        if low >= high:
            break
        for col in cols:
            a, b = d.cell(sheet, f"{col}{low}"), d.cell(sheet, f"{col}{high}")
            kept = [dict(x.attrib) for x in (a, b)]
            a[:], b[:] = list(b), list(a)
            for cell, other in ((a, kept[1]), (b, kept[0])):
                cell.attrib.pop("t", "")
                if "t" in other:
                    cell.set("t", other["t"])
    calculated(d)


def calculated(d: Desk) -> None:
    """Store what an engine computes, as Excel does at every edit."""
    with TemporaryDirectory() as folder:
        path = d.copy().save(Path(folder) / "x.xlsx")
        now, then = IronCalc().values(path), recalculate.stored(path)
    for (sheet, a1), (_, value) in then.items():
        if not same(now[sheet, a1], value, 1e-8) and not isinstance(now[sheet, a1], bool):
            new = now[sheet, a1]
            d.store(sheet, a1, "" if new is None else str(new))
            cell = d.cell(sheet, a1)
            cell.attrib.pop("t", "")
            if isinstance(new, str | ExcelError):
                cell.set("t", "str" if isinstance(new, str) else "e")


def own_validation(d: Desk) -> None:
    block = d.tree(d.part_of("Prices")).find(MAIN + "dataValidations")
    made = etree.SubElement(block, MAIN + "dataValidation", sqref="B30", type="list", showErrorMessage="1")  # type: ignore[arg-type]
    etree.SubElement(made, MAIN + "formula1").text = '"a,b"'


def own_name(d: Desk) -> None:
    named("MyBudget", "Prices!$B$7")(d)


def note(sheet: str, a1: str) -> Plant:
    return lambda d: d.note(sheet, a1, "Ann", "agreed with procurement")


def own_box(d: Desk) -> None:
    put_on(d, "Prices", text_box("Box", "our contract ends in May", 40))


def repeated(d: Desk) -> None:
    d.tree("xl/workbook.xml").find(f"{MAIN}bookViews/{MAIN}workbookView").set("activeTab", "3")  # type: ignore[union-attr]


def password(d: Desk) -> None:
    element(d, "Prices", "sheetProtection", password="CC1A")


def moved_box(d: Desk) -> None:
    anchor = d.tree(drawing(d, "Fleet"))[0]
    for end in list(anchor)[:2]:
        for child in end:
            if str(child.tag).endswith("}row"):
                child.text = str(int(child.text or 0) + 3)


def web_link(d: Desk) -> None:
    id_ = d.relate(d.part_of("Prices"), "hyperlink", "https://example.test/offer", external=True)
    link = etree.SubElement(element(d, "Prices", "hyperlinks"), MAIN + "hyperlink", ref="A20")
    link.set(f"{{{OFFICE}}}id", id_)


def recoloured(root: etree._Element) -> None:
    next(series(root).iter(A + "srgbClr")).set("val", "7B3294")


def typed_point(d: Desk) -> None:
    words = {"A": "GLM-5.1", "B": "MI355X", "C": "8k/1k", "D": "FP8", "E": "no", "O": "our load test"}
    for col, value in words.items():
        d.set("Benchmarks", f"{col}{SPARE}", value)


def waiting_all(d: Desk) -> None:
    values = etree.SubElement(filter_column(d), MAIN + "filters")
    for name in {text_of(d, "Benchmarks", f"B{line}") for line in range(7, LAST + 1)}:
        etree.SubElement(values, MAIN + "filter", val=name)


def lightly(d: Desk) -> None:
    part = next(d.tree(n) for n in sorted(d.parts) if n.startswith("xl/tables/"))
    next(part.iter(MAIN + "tableStyleInfo")).set("name", "TableStyleMedium2")


def view_of_own(d: Desk) -> etree._Element:
    d.add_sheet("Mine")
    root = d.tree(d.part_of("Mine"))
    root.insert(0, written(f'<x:sheetViews xmlns:x="{MAIN[1:-1]}"><x:sheetView workbookViewId="0"/></x:sheetViews>'))
    return view(d, "Mine")


# what people may do, with nothing above a note
LEGITIMATE: dict[str, Plant] = {
    "nothing": lambda d: None,
    "saved with another sheet in front": repeated,
    "bold results": bold,
    "a larger font": looks("Summary", "E16", sz="12"),
    "another font": looks("Summary", "E16", name="Arial"),
    "coloured results": looks("Summary", "E16", fill="FFF2CC"),
    "dark ground with white ink": looks("Summary", "E16", fill="1F4E78", color="FFFFFF"),
    "red ink": looks("Summary", "E16", color="C00000"),
    "grey notes": looks("Summary", "N11", color="808080"),
    "one decimal more": looks("Summary", "E16", format="#,##0.0000"),
    "two decimals where they do": looks("Summary", "M16", format="#,##0.00"),
    "no thousands commas": looks("Summary", "D16", format="0"),
    "a dollar sign in a column of USD": looks("Summary", "C16 C17 C18", format='"$"0.00'),
    "brackets for negatives": looks("Fleet", "D41", format="#,##0_);(#,##0)"),
    "a share in more decimals": looks("Summary", "J16", format="0.00%"),
    "left aligned": looks("Summary", "E16", align={"horizontal": "left"}),
    "a border style edited": lambda d: style_named(d, "Result", b="1"),
    "a wider column": widened,
    "a narrower column that still fits": lambda d: column(d, "Summary", 4, width="11"),
    "a higher row": lambda d: row(d, "Summary", 16, ht="40", customHeight="1"),
    "zoom": lambda d: view(d, "Summary").set("zoomScale", "85"),
    "gridlines": lambda d: view(d, "Summary").set("showGridLines", "1"),
    "page break preview": lambda d: view(d, "Summary").set("view", "pageBreakPreview"),
    "headings of rows off": lambda d: view(d, "Summary").set("showRowColHeaders", "0"),
    "an own sheet": lambda d: (d.add_sheet("Mine"), d.set("Mine", "A1", "remarks")),  # type: ignore[func-returns-value]
    "an own sheet with a chart": own_charts,
    "an own calculation in an own sheet": lambda d: (d.add_sheet("Mine"), d.formula("Mine", "A1", "1+1", 2.0)),  # type: ignore[func-returns-value]
    "an own sheet with today": lambda d: (d.add_sheet("Mine"), d.formula("Mine", "A1", "TODAY()", 45_000.0)),  # type: ignore[func-returns-value]
    "a chart in the empty part of a sheet": lambda d: put_on(
        d, "Prices", chart_frame("Chart 1", "{0}", 30), charts=(bar_chart("Prices!$P$7:$P$9", "Prices!$A$7:$A$9"),)
    ),
    "a text box beside": own_box,
    "a chart moved down": moved_box,
    "a chart in other colours": on_chart("Summary", 0, recoloured),
    "a chart with markers enlarged": on_chart("Summary", 0, lambda r: next(r.iter(C + "size")).set("val", "8")),
    "a note": note("Prices", "B8"),
    "a note on a result": note("Summary", "E16"),
    "remarks beside the inputs": over("Prices", "B40", "ask Oracle again"),
    "a name of their own": own_name,
    "a validation of their own": own_validation,
    "a condition of their own": lambda d: condition(d, "Summary", "C16:C18", "C16>2"),
    "the cheapest way marked in yellow": added("Plan", "C9:C12", "C9>0", ground="FFFF00"),
    "a colour scale on costs": added("Summary", "E16:E18", "E16<0.2", ground="C6EFCE", ink="006100"),
    "points sorted": sorted_points,
    "quotes sorted": sorted_quotes,
    "the filter buttons off": filter_off,
    "a second own sheet": lambda d: (d.add_sheet("Mine"), d.add_sheet("Ours")),
    "a password on the protection": password,
    "an empty column hidden": lambda d: column(d, "Prices", 36, hidden="1"),
    "a larger print area": print_area("Summary", "Summary!$A$1:$P$80"),
    "sign-off filled": typed("Cover", {"B53": "Ann", "D53": "checked"}),
    "a tab coloured": lambda d: (
        etree.SubElement(element(d, "Prices", "sheetPr"), MAIN + "tabColor", rgb="FFFF0000") is None
    ),
    "landscape to portrait": lambda d: element(d, "Prices", "pageSetup", orientation="portrait"),
    "a cell in the margin merged": merge("Prices", "A30:C30"),
    "a hyperlink to the web": web_link,
    "millions without decimals": looks("Plan", "C11", format="#,##0,,"),
    "millions that say so": looks("Plan", "C11", format='#,##0.00,,"M"'),
    "a dash spelt as a nought": looks("Plan", "C11 H11", format="#,##0.00,,"),
    "an own sheet hidden": lambda d: d.add_sheet("Mine", state="hidden"),
    "a chart stamped as a draft": boxed("Summary", "Draft", 24),
    "prices that say USD": looks("Prices", "Q7 Q8", format="[$USD] #,##0.00"),
    "a day pasted as a number": lambda d: (
        over("Scenario", "B24", 46327)(d),
        looks("Scenario", "B24", format="yyyy-mm-dd")(d),
    ),
    "a dark chart with white words": on_chart("Plan", 0, inked("FFFFFF", "203864")),
    "one bar in another colour": on_chart(
        "Fleet", 0, coloured_point('<a:solidFill><a:srgbClr val="FFC000"/></a:solidFill>')
    ),
    "a scale in light colours": scaled("FFFFFF", "F8CBAD"),
    "the firm in the header": head("Plan", "&LOurs plc&RConfidential"),
    "a note shown beside": note_in_sight("16, 0, 15, 0, 18, 0, 18, 0"),
    "centred headings": looks("Summary", "C15 D15", align={"horizontal": "left"}),
    "a red ring round the answer": drawn("Summary", ring("<a:noFill/>"), 4, 15, 5, 16),
    "a row marked through": drawn("Summary", ring(MARKER, geometry="rect"), 0, 15, 14, 16),
    "an arrow over results": drawn("Summary", ARROW, 4, 15, 7, 18),
    "one word in bold": one_word("Summary", "A55", "never", f"<b/>{OWN_FONT}"),
    "one word in red in a shared text": one_word(
        "Summary", "A55", "never", '<b/><sz val="9"/><color rgb="FFC00000"/>', shared=True
    ),
    "numbers by a German locale": looks("Summary", E1, format="[$-407]#,##0.000"),
    "numbers by a Japanese locale": looks("Summary", E1, format="[$-411]#,##0.000"),
    "digits of the system by their code": looks("Summary", E1, format="[$-1010000]0.000"),
    "decimals by size": looks("Summary", E1, format="[<1]0.000;0.00"),
    "days written the German way": looks("Sources", "B24", format="dd.mm.yyyy"),
    "the right icons beside checks": icons("0.5", "1"),
    "a scenario of Excel's own that changes nothing": of_sheet(
        "Summary", "scenarios", '<scenario name="Now" count="1"><inputCells r="D7" val="30"/></scenario>'
    ),
    "tighter bounds": let_in("Prices", "B7", bounds("0.01", "50")),
    "an own column hidden": lambda d: (
        d.set("Prices", "AN5", "x"),  # type: ignore[func-returns-value]
        of_sheet("Prices", "cols", '<col min="40" max="40" width="9" hidden="1"/>')(d),
    ),
    "a remark in the note of a point": over("Benchmarks", "P20", "confirmed by the lab"),
    "a newer version of the same layout": resealed(version="99.0.0"),
    "internal in the header": head("Plan", '&R&"Calibri"&10&K000000Internal'),
    "own rows under the ranking": typed("Summary", {"B20": "our H200 estimate", "E20": 0.3}),
    "a zoom of the half": lambda d: view(d, "Plan").set("zoomScale", "50"),
    "an own sheet from right to left": lambda d: view_of_own(d).set("rightToLeft", "1"),
    "a filter that lets every row in": waiting_all,
    "a filter button hidden": waiting(),
    "a message on a cell of their own": of_sheet("Summary", "dataValidations", MESSAGE.format("P3")),
    "a reading that is not shown": read_aloud("Summary", "E15", "Saved", shown="0"),
    "a name with its reading": read_aloud("Cover", "B53", "tanaka"),
    "bars over costs": barred("min", "max"),
    "bars from nought": barred("num 0", "max"),
    "a chart a little lower": placed(20, 35),
    "a light style under a table": lightly,
    "a row a little lower": lambda d: row(d, "Summary", 16, ht="12", customHeight="1"),
    "words typed in the title band": over("Summary", "G1", "Draft for the board"),
    "a dollar sign where a number is missing": looks("Summary", "E16 E17 E18", format='"$"#,##0.000'),
    "a light pattern": grounded(
        '<patternFill patternType="lightGray"><fgColor rgb="FFCCCCCC"/><bgColor rgb="FFFFFFFF"/></patternFill>'
    ),
    "a ground that runs from white to yellow": grounded(
        '<gradientFill><stop position="0"><color rgb="FFFFFFFF"/></stop><stop position="1"><color rgb="FFFFFF99"/></stop></gradientFill>'
    ),
    "a copy of Summary to play with": lambda d: d.add_sheet("Summary (2)"),
    "thousands parted by blanks": looks("Summary", "D16", format="# ##0"),
}
KEPT = [name for i, name in enumerate(LEGITIMATE) if i % SHARE == 0]


def test_there_are_at_least_40_legitimate_edits() -> None:
    assert len(LEGITIMATE) >= 40


@pytest.mark.parametrize("name", KEPT)
def test_what_people_may_do_raises_no_alarm(name: str, small: Path, tmp_path: Path) -> None:
    desk = Desk(small)
    LEGITIMATE[name](desk)
    found = audit(desk.save(tmp_path / "x.xlsx"), TODAY).findings
    assert [(f.severity, f.rule, f.where, f.found) for f in found if f.severity != NOTE] == []


def led_elsewhere(rels: str, part: str) -> Plant:
    """A copy of a part, to which the relationship leads instead."""

    def plant(d: Desk) -> None:
        copied = part.replace(".xml", "2.xml")
        d.add_part(copied, d.parts[part], "application/xml")
        for link in d.tree(rels):
            if link.get("Target", "").endswith(part.removeprefix("xl/")):
                link.set("Target", f"/{copied}")

    return plant


def two_of_a_kind(d: Desk) -> None:
    part = "xl/sharedStrings.xml"
    d.add_part("xl/others.xml", d.parts[part], "application/xml", "sharedStrings")


def chosen_rows(d: Desk) -> None:
    """Rows of which newer programs read others than older ones."""
    data = d.tree(d.part_of("Summary")).find(MAIN + "sheetData")
    assert data is not None
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    home = etree.SubElement(data, f"{{{space}}}AlternateContent")
    etree.SubElement(home, f"{{{space}}}Choice", Requires="x14").append(data[15])


ELSEWHERE: dict[str, tuple[str, Plant]] = {  # what the refusal says, and the fault
    "another workbook": ("officeDocument", led_elsewhere("_rels/.rels", "xl/workbook.xml")),
    "other looks": ("styles", led_elsewhere("xl/_rels/workbook.xml.rels", "xl/styles.xml")),
    "other texts": ("sharedStrings", led_elsewhere("xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml")),
    "two parts of texts": ("sharedStrings", two_of_a_kind),
    "rows to choose from": ("rows of which a program chooses", chosen_rows),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_a_program_reads_from_another_part_is_refused(name: str, small: Path, tmp_path: Path) -> None:
    words, plant = ELSEWHERE[name]
    desk = Desk(small)
    plant(desk)
    with pytest.raises(WorkbookRefused, match=words):
        audit(desk.save(tmp_path / "x.xlsx"), TODAY)


def test_a_newer_version_says_that_it_is_newer(small: Path, tmp_path: Path) -> None:
    desk = Desk(small)
    resealed(version="99.0.0")(desk)
    found = audit(desk.save(tmp_path / "x.xlsx"), TODAY).findings
    assert [(f.severity, f.rule) for f in found] == [(NOTE, "contract")]
    assert found[0].found.startswith("built by xlmodel 99.0.0, newer than")


def test_many_findings_of_one_kind_are_one_that_counts_them() -> None:
    def finding(i: int, sheet: str = "Prices", severity: str = WARNING) -> Finding:
        return Finding("rows", severity, f"{sheet}!A{i}", f"row {i}", "a price", "clear it")

    few = [finding(i) for i in range(25)]
    assert together(few) == few
    found = together([*(finding(i) for i in range(398_000)), finding(1, "Fleet"), finding(1, severity=ERROR)])
    assert [f.where for f in found] == ["Prices!A0, Prices!A1, Prices!A2 and 397,997 more", "Fleet!A1", "Prices!A1"]
    assert found[0].found == "398,000 findings of one kind: row 0, row 1, row 2"
    assert (found[0].expected, len(found[0].cells)) == ("a price", 1000)


@pytest.mark.parametrize("order", ["points sorted", "quotes sorted"])
def test_rows_that_were_only_sorted_are_one_note(order: str, small: Path, tmp_path: Path) -> None:
    desk = Desk(small)
    LEGITIMATE[order](desk)
    found = audit(desk.save(tmp_path / "x.xlsx"), TODAY).findings
    assert [(f.severity, f.rule, f.found) for f in found] == [(NOTE, "data", "rows in another order")]
