"""Finishing passes over the package that openpyxl saved: each does one thing openpyxl cannot.

A package is a dict of part name -> bytes. The order of the passes does not matter, except that
`zipped` comes last.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count

from lxml import etree

from xlmodel.book.refs import column_number
from xlmodel.book.spec import Book, NamedFunction, Sheet
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import ExcelError, Value
from xlmodel.xlsx.escaping import quoteattr
from xlmodel.xlsx.sheetdata import brief, xml_text

Parts = dict[str, bytes]
ValueAt = Callable[[str, int, int], Value]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
INTELLISENSE = "http://schemas.excel-dna.net/intellisense/1.0"
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CACHED = 7  # significant digits of the values behind a chart, which previews draw
_FONT_ORDER = ("b", "i", "strike", "condense", "extend", "outline", "shadow", "u", "vertAlign", "sz", "color", "name",
               "family", "charset", "scheme")  # fmt: skip
_RANGE = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$")


def serialized(tree: etree._Element) -> bytes:
    """An XML part as Excel writes its declaration."""
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def fonts_in_order(parts: Parts) -> None:
    """Children of `font` in the order of the schema; openpyxl's order is one the validator reports."""
    tree = etree.fromstring(parts["xl/styles.xml"])
    for font in tree.iter(f"{{{MAIN}}}font"):
        font[:] = sorted(font, key=lambda child: _FONT_ORDER.index(etree.QName(child).localname))
    parts["xl/styles.xml"] = serialized(tree)


def properties(parts: Parts, book: Book, version: str) -> None:
    """Title, subject and a build date instead of the clock and a user's name."""
    day = book.build_date or "1980-01-01"
    parts["docProps/core.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{xml_text(book.title)}</dc:title><dc:subject>{xml_text(book.subject)}</dc:subject>"
        f"<dc:creator>xlmodel {version}</dc:creator><dc:language>en-US</dc:language>"
        f"<cp:keywords>build {book.build_id}</cp:keywords>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:modified></cp:coreProperties>'
    ).encode()


def string_table(parts: Parts) -> None:
    """Announce the string table; openpyxl does so only when it has written text itself."""
    _announce(parts, "/xl/sharedStrings.xml", "spreadsheetml.sharedStrings+xml", "sharedStrings", "rIdStrings")


def _announce(parts: Parts, name: str, kind: str, relation: str, id_: str) -> None:
    """Content type of a part, and its relationship to the workbook; either may be left out."""
    types = etree.fromstring(parts["[Content_Types].xml"])
    if kind and not any(element.get("PartName") == name for element in types):
        content = f"application/vnd.openxmlformats-officedocument.{kind}"
        etree.SubElement(types, f"{{{types.nsmap[None]}}}Override", PartName=name, ContentType=content)
        parts["[Content_Types].xml"] = serialized(types)
    relations = etree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    if relation and not any(str(element.get("Target")).endswith(name.removeprefix("/xl")) for element in relations):
        tag = f"{{{relations.nsmap[None]}}}Relationship"
        etree.SubElement(relations, tag, Id=id_, Target=name, Type=f"{OFFICE}/{relation}")
        parts["xl/_rels/workbook.xml.rels"] = serialized(relations)


def dynamic_arrays(parts: Parts) -> None:
    """The metadata part that cells with cm="1" point to: they fill their range as Excel's dynamic arrays do."""
    parts["xl/metadata.xml"] = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<metadata xmlns="{MAIN}" xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">'
        '<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1" '
        'pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" '
        'coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst>'
        '<ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/>'
        '</ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
    ).encode()
    _announce(parts, "/xl/metadata.xml", "spreadsheetml.sheetMetadata+xml", "sheetMetadata", "rIdMetadata")


def function_help(parts: Parts, functions: Iterable[NamedFunction]) -> None:
    """Help on every function and argument, where Excel-DNA's IntelliSense add-in looks for it."""
    items = []
    for function in functions:
        said = "".join(
            f"<Argument Name={quoteattr(name)} Description={quoteattr(text)}/>" for name, text in function.arguments
        )
        text = function.comment.partition(". ")[0]
        items.append(f"<Function Name={quoteattr(function.name)} Description={quoteattr(text)}>{said}</Function>")
    data = (
        f'{_HEAD}<IntelliSense xmlns="{INTELLISENSE}"><FunctionInfo>{"".join(items)}</FunctionInfo></IntelliSense>'
    ).encode()
    custom_xml(parts, data, INTELLISENSE, "{7B0F4F53-9C1B-4C55-8D0E-5A1E6C7A9F10}")


def custom_xml(parts: Parts, data: bytes, namespace: str, item: str) -> str:
    """Add a custom XML part under the next free number, and return its name; Excel keeps it through every edit.

    Args:
        parts: the package.
        data: the XML.
        namespace: namespace of its root.
        item: GUID of the part, in braces.
    """
    number = next(i for i in count(1) if f"customXml/item{i}.xml" not in parts)
    parts[f"customXml/item{number}.xml"] = data
    parts[f"customXml/itemProps{number}.xml"] = (
        f'{_HEAD}<ds:datastoreItem ds:itemID="{item}" xmlns:ds="{CUSTOM}"><ds:schemaRefs>'
        f'<ds:schemaRef ds:uri="{namespace}"/></ds:schemaRefs></ds:datastoreItem>'
    ).encode()
    parts[f"customXml/_rels/item{number}.xml.rels"] = (
        f'{_HEAD}<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{OFFICE}/customXmlProps" '
        f'Target="itemProps{number}.xml"/></Relationships>'
    ).encode()
    _announce(parts, f"/customXml/itemProps{number}.xml", "customXmlProperties+xml", "", "")
    _announce(parts, f"/customXml/item{number}.xml", "", "customXml", f"rIdCustom{number}")
    return f"customXml/item{number}.xml"


def fill_cache(reference: etree._Element, value_at: ValueAt) -> None:
    """Store the values behind one reference of a chart."""
    sheet, cells = places_of(reference)
    fill_values(reference, [value_at(sheet, row, col) for row, col in cells])


def places_of(reference: etree._Element) -> tuple[str, list[tuple[int, int]]]:
    """The sheet and the cells that a reference of a chart leads to."""
    sheet, area = (reference.findtext(f"{{{CHART}}}f") or "").rsplit("!", 1)
    return sheet.strip("'").replace("''", "'"), cells_of(area)


def fill_values(reference: etree._Element, values: Sequence[Value]) -> None:
    """Store these values behind one reference of a chart."""
    numeric = reference.tag.endswith("numRef")
    for old in reference.findall(f"{{{CHART}}}{'numCache' if numeric else 'strCache'}"):
        reference.remove(old)
    cache = etree.SubElement(reference, f"{{{CHART}}}{'numCache' if numeric else 'strCache'}")
    if numeric:
        etree.SubElement(cache, f"{{{CHART}}}formatCode").text = "General"
    etree.SubElement(cache, f"{{{CHART}}}ptCount", val=str(len(values)))
    for i, value in enumerate(values):
        if value is None or (numeric and (isinstance(value, str | bool | ExcelError))):
            continue
        point = etree.SubElement(cache, f"{{{CHART}}}pt", idx=str(i))
        plain = is_number(value)
        text = brief(value, CACHED) if plain else str(value)  # type: ignore[arg-type]
        etree.SubElement(point, f"{{{CHART}}}v").text = text


def cells_of(area: str) -> list[tuple[int, int]]:
    """(row, column) of every cell of an A1 range, row by row.

    >>> cells_of("$B$2:$B$3")
    [(2, 2), (3, 2)]
    """
    match = _RANGE.match(area)
    if not match:
        raise ValueError(f"{area} is not an A1 range")
    first, top, last, bottom = match[1], int(match[2]), match[3] or match[1], int(match[4] or match[2])
    return [(r, c) for r in range(top, bottom + 1) for c in range(column_number(first), column_number(last) + 1)]


def alt_text(parts: Parts, sheets: tuple[Sheet, ...], drawings: Mapping[str, str]) -> None:
    """A name and a description on every chart's frame, for those who hear the page."""
    for sheet in sheets:
        part = drawings.get(sheet.name)
        if not part or not sheet.charts:
            continue
        tree = etree.fromstring(parts[part])
        frames = tree.findall(f".//{{{DRAWING}}}graphicFrame/{{{DRAWING}}}nvGraphicFramePr/{{{DRAWING}}}cNvPr")
        for i, (frame, chart) in enumerate(zip(frames, sheet.charts, strict=True), 1):
            frame.set("name", f"Chart {i}")
            frame.set("descr", chart.alt)
        parts[part] = serialized(tree)


def picture_text(parts: Parts, words: str) -> None:
    """A name and a description on every picture; openpyxl calls each of them a picture."""
    for part in [name for name in parts if name.startswith("xl/drawings/drawing")]:
        tree = etree.fromstring(parts[part])
        labels = tree.findall(f".//{{{DRAWING}}}pic/{{{DRAWING}}}nvPicPr/{{{DRAWING}}}cNvPr")
        for label in labels:
            label.set("name", words)
            label.set("descr", words)
        if labels:
            parts[part] = serialized(tree)


def recalculate_on_load(parts: Parts) -> None:
    """Stored values are right, and Excel still computes once on load with its own engine."""
    tree = etree.fromstring(parts["xl/workbook.xml"])
    calc = tree.find(f"{{{MAIN}}}calcPr")
    if calc is not None:
        calc.set("fullCalcOnLoad", "1")
    parts["xl/workbook.xml"] = serialized(tree)
