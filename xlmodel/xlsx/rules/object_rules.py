"""Rules about tables, data validations and charts."""

from collections.abc import Iterator

from lxml import etree

from xlmodel.book.refs import corners
from xlmodel.calc.address import letters
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.rules import Faults, Rule
from xlmodel.xlsx.rules.rule_texts import legal_name

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_LIMITS = {"prompt": 255, "promptTitle": 32, "error": 224, "errorTitle": 32}
_LIST = 255


def tables(package: Package) -> Faults:
    """Tables whose header, columns or name do not fit the sheet."""
    taken = {d.get("name", "").lower() for d in package.tree("xl/workbook.xml").iter(MAIN + "definedName")}
    for sheet, part in package.sheets.items():
        for table in package.related(part, "table"):
            root = package.tree(table)
            name = root.get("displayName", "")
            where = f"{sheet}, table {name}"
            if not legal_name(name) or name.lower() in taken:
                yield where, "its name is illegal or used twice"
            taken.add(name.lower())
            yield from ((where, message) for message in _columns(package, sheet, root))


def _columns(package: Package, sheet: str, root: etree._Element) -> Iterator[str]:
    columns = [column.get("name", "") for column in root.iter(MAIN + "tableColumn")]
    top, left, _, right = corners(root.get("ref", "A1"))
    listed = root.find(MAIN + "tableColumns")
    count = listed.get("count", "") if listed is not None else ""
    if len({column.lower() for column in columns}) != len(columns):
        yield "two columns have the same name"
    if count != str(len(columns)) or len(columns) != right - left + 1:
        yield f"{len(columns)} columns, count {count}, but the range is {right - left + 1} wide"
    if root.get("headerRowCount", "1") == "0":
        return
    shown = {cell.a1: package.value(cell) for cell in package.grid(sheet).cells if cell.line == top}
    for offset, column in enumerate(columns):
        a1 = f"{letters(left + offset)}{top}"
        # A line break in a header is written _x000a_ in the table and as itself in the cell.
        if shown.get(a1) != column.replace("_x000a_", "\n"):
            yield f"header {a1} shows {shown.get(a1)!r}, the column is called {column!r}"


def validations(package: Package) -> Faults:
    """Validations with texts longer than Excel takes."""
    for sheet in package.sheets:
        for rule in package.grid(sheet).rest.iter(MAIN + "dataValidation"):
            where = f"{sheet}!{rule.get('sqref')}"
            source = rule.findtext(MAIN + "formula1") or ""
            if source.startswith('"') and len(source) - 2 > _LIST:
                yield where, f"its list has {len(source) - 2} characters, allowed are {_LIST}"
            for field, limit in _LIMITS.items():
                text = rule.get(field, "")
                if len(text) > limit:
                    yield where, f"{field} has {len(text)} characters, allowed are {limit}"


def charts(package: Package) -> Iterator[tuple[str, str, etree._Element]]:
    """Sheet, part and XML of every chart."""
    for sheet, part in package.sheets.items():
        for drawing in package.related(part, "drawing"):
            for chart in package.related(drawing, "chart"):
                yield sheet, chart, package.tree(chart)


def chart_references(package: Package) -> Faults:
    """Chart references to missing sheets, and without stored points."""
    for sheet, part, root in charts(package):
        where = f"{sheet}, {part}"
        for reference in root.iter(CHART + "numRef", CHART + "strRef", CHART + "multiLvlStrRef"):
            text = reference.findtext(CHART + "f") or ""
            place = text.strip("()").rpartition("!")[0].strip("'").replace("''", "'")
            if place not in package.sheets:
                yield where, f"{text} points to no sheet of the workbook"
            # A series of nothing but gaps has a count and no points.
            count = reference.find(f".//{CHART}ptCount")
            if count is None or int(count.get("val", "0")) < 1:
                yield where, f"{text} has no stored points"


def chart_titles(package: Package) -> Faults:
    """Charts without a title."""
    for sheet, part, root in charts(package):
        title = root.find(f"{CHART}chart/{CHART}title")
        said = "" if title is None else "".join(t.text or "" for t in title.iter("{*}t", "{*}v")).strip()
        if not said:
            yield f"{sheet}, {part}", "the chart has no title"


def alt_texts(package: Package) -> Faults:
    """Charts and pictures without a description."""
    for sheet, part in package.sheets.items():
        for drawing in package.related(part, "drawing"):
            for frame in package.tree(drawing).iter(DRAWING + "graphicFrame", DRAWING + "pic"):
                label = next(frame.iter(DRAWING + "cNvPr"), None)
                if label is None or not label.get("descr", "").strip():
                    name = "" if label is None else label.get("name", "")
                    yield f"{sheet}, {name or drawing}", "has no alternative text"


RULES = (
    Rule("tables", "Excel repairs a table that disagrees with its cells", tables),
    Rule("validations", "Excel repairs the file and drops the validation", validations),
    Rule(
        "chart-references",
        "a chart without stored points is blank in previews; one without a sheet is broken",
        chart_references,
    ),
    Rule("chart-titles", "a reader must learn what a chart says without its sheet", chart_titles),
    Rule("alt-texts", "a screen reader has nothing else to read out", alt_texts),
)
