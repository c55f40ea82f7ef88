"""A desk on which a workbook is edited the way Excel does it: part by part, everything untouched byte for byte."""

import posixpath
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from xlmodel.book.refs import corners, position
from xlmodel.calc.address import letters
from xlmodel.calc.values import ExcelError, Value
from xlmodel.engines.recalculate import stored
from xlmodel.model.scenario import Inputs
from xlmodel.sheets.order import describe
from xlmodel.xlsx.texts import moved_by

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES, BOOK, RELS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def spots(inputs: Inputs) -> dict[str, tuple[str, str]]:
    """Key -> sheet and address of every input of a book."""
    return {key: (ref.sheet, ref.a1) for sheet in describe(inputs).sheets for key, ref in sheet.inputs.items()}


def target_of(part: str, relation: etree._Element) -> str:
    """The part that a relationship of a part leads to."""
    joined = posixpath.join("/", posixpath.dirname(part), relation.get("Target", ""))
    return posixpath.normpath(joined).lstrip("/")


class Desk:
    """An opened workbook; `save` writes it."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self._trees: dict[str, etree._Element] = {}

    def tree(self, part: str) -> etree._Element:
        """A part to be edited; it is written anew on save."""
        if part not in self._trees:
            self._trees[part] = etree.fromstring(self.parts[part])
        return self._trees[part]

    def copy(self) -> "Desk":
        """A desk with the same parts."""
        made = Desk.__new__(Desk)
        made.parts, made._trees = dict(self.parts), dict(self._trees)
        return made

    def save(self, path: Path) -> Path:
        """Write the package."""
        for part, tree in self._trees.items():
            self.parts[part] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, data in self.parts.items():
                archive.writestr(name, data)
        return path

    # --- cells ------------------------------------------------------------------------------------

    def part_of(self, sheet: str) -> str:
        """The part of a sheet."""
        targets = {r.get("Id"): r.get("Target", "") for r in etree.fromstring(self.parts[RELS])}
        if RELS in self._trees:
            targets = {r.get("Id"): r.get("Target", "") for r in self._trees[RELS]}
        for element in self.tree(BOOK).iter(MAIN + "sheet"):
            if element.get("name") == sheet:
                target = targets[element.get(REL + "id")]
                return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        raise KeyError(sheet)

    def cell(self, sheet: str, a1: str) -> etree._Element:
        """A cell, made in its place when absent."""
        row, col = position(a1)
        data = self.tree(self.part_of(sheet)).find(MAIN + "sheetData")
        assert data is not None
        line = next((r for r in data if int(r.get("r", "0")) == row), None)
        if line is None:
            line = etree.Element(MAIN + "row", r=str(row))
            data.insert(sum(int(r.get("r", "0")) < row for r in data), line)
        for found in line:
            if found.get("r") == a1:
                return found
        made = etree.Element(MAIN + "c", r=a1)
        line.insert(sum(position(c.get("r", ""))[1] < col for c in line), made)
        return made

    def set(self, sheet: str, a1: str, value: Value) -> None:
        """Type a value; None clears the cell."""
        cell = self.cell(sheet, a1)
        for formula in cell.findall(MAIN + "f"):
            if formula.get("ref") and formula.get("t") == "shared":
                self._unshare(sheet, formula.get("si"))
        for child in list(cell):
            cell.remove(child)
        for name in ("t", "cm"):
            cell.attrib.pop(name, "")
        if value is None:
            return
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            etree.SubElement(etree.SubElement(cell, MAIN + "is"), MAIN + "t").text = value
            return
        kind = "b" if isinstance(value, bool) else "e" if isinstance(value, ExcelError) else ""
        if kind:
            cell.set("t", kind)
        etree.SubElement(cell, MAIN + "v").text = str(int(value) if isinstance(value, bool) else value)

    def formula(self, sheet: str, a1: str, text: str, value: Value = None) -> None:
        """Type a formula, with the result that the program stored."""
        self.set(sheet, a1, value)
        cell = self.cell(sheet, a1)
        if cell.get("t") == "inlineStr":
            cell.set("t", "str")
            for child in list(cell):
                cell.remove(child)
            etree.SubElement(cell, MAIN + "v").text = str(value)
        formula = etree.Element(MAIN + "f")
        formula.text = text
        cell.insert(0, formula)

    def text(self, sheet: str, a1: str) -> str:
        """The formula of a cell; empty for a follower or a constant."""
        return self.cell(sheet, a1).findtext(MAIN + "f") or ""

    def change(self, sheet: str, a1: str, old: str, new: str) -> None:
        """Edit a formula; its stored result stays."""
        formula = self.cell(sheet, a1).find(MAIN + "f")
        assert formula is not None, f"{sheet}!{a1} holds no formula"
        if formula.get("t") == "shared":
            self._unshare(sheet, formula.get("si"))
        assert old in (formula.text or ""), f"{old} is not in {formula.text}"
        formula.text = (formula.text or "").replace(old, new, 1)

    def store(self, sheet: str, a1: str, value: float | str | None) -> None:
        """Change the stored result of a formula only."""
        cell = self.cell(sheet, a1)
        for result in cell.findall(MAIN + "v"):
            cell.remove(result)
        if value is not None:
            etree.SubElement(cell, MAIN + "v").text = str(value)

    # --- sheets -----------------------------------------------------------------------------------

    def sheets(self) -> list[str]:
        """Names of the sheets, in order."""
        return [s.get("name", "") for s in self.tree(BOOK).iter(MAIN + "sheet")]

    def add_part(self, name: str, data: bytes, kind: str, relation: str = "", owner: str = BOOK) -> str:
        """Add a part with its content type, and a relation of its owner; returns the relation's id."""
        self.parts[name] = data
        types = self.tree(TYPES)
        etree.SubElement(types, f"{{{types.nsmap[None]}}}Override", PartName=f"/{name}", ContentType=kind)
        return self.relate(owner, relation, f"/{name}") if relation else ""

    def relate(self, owner: str, relation: str, target: str, external: bool = False) -> str:
        """Add a relation of a part."""
        folder, _, base = owner.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels"
        space = "http://schemas.openxmlformats.org/package/2006/relationships"
        if rels not in self.parts:
            self.parts[rels] = f'<Relationships xmlns="{space}"/>'.encode()
        tree = self.tree(rels)
        id_ = f"rIdDesk{len(tree) + 1}"
        kind = relation if relation.startswith("http") else f"{OFFICE}/{relation}"
        element = etree.SubElement(tree, f"{{{space}}}Relationship", Id=id_, Type=kind, Target=target)
        if external:
            element.set("TargetMode", "External")
        return id_

    def add_sheet(self, name: str, data: str | None = None, at: int | None = None, state: str = "") -> str:
        """Add a sheet; returns its part."""
        number = 1 + max(int(n) for n in re.findall(r"xl/worksheets/sheet(\d+)\.xml", " ".join(self.parts)))
        part = f"xl/worksheets/sheet{number}.xml"
        xml = data or f'<worksheet xmlns="{MAIN[1:-1]}" xmlns:r="{OFFICE}"><sheetData/></worksheet>'
        id_ = self.add_part(part, xml.encode(), SHEET_TYPE, "worksheet")
        sheets = self.tree(BOOK).find(MAIN + "sheets")
        assert sheets is not None
        number = 1 + max(int(s.get("sheetId", "0")) for s in sheets)
        element = etree.Element(MAIN + "sheet", name=name, sheetId=str(number))
        element.set(REL + "id", id_)
        if state:
            element.set("state", state)
        place = len(sheets) if at is None else at
        sheets.insert(place, element)
        for local in self.tree(BOOK).iter(MAIN + "definedName"):  # what is printed stays with its sheet, as in Excel
            number = int(local.get("localSheetId", -1))
            if number >= place:
                local.set("localSheetId", str(number + 1))
        return part

    def rename(self, old: str, new: str) -> None:
        """Rename a sheet; every formula and name follows."""
        part_names = [self.part_of(sheet) for sheet in self.sheets()]
        next(s for s in self.tree(BOOK).iter(MAIN + "sheet") if s.get("name") == old).set("name", new)
        written = [f"'{old}'!", f"{old}!"]
        for tree in [*(self.tree(part) for part in part_names), self.tree(BOOK)]:
            for element in tree.iter(*(MAIN + tag for tag in ("f", "formula", "formula1", "formula2", "definedName"))):
                for form in written:
                    if element.text and form in element.text:
                        element.text = element.text.replace(form, f"'{new}'!")

    def insert(self, sheet: str, before: int, count: int = 1, cols: bool = False) -> None:
        """Insert rows (or columns) into a sheet; whatever refers to cells below (or right) of them follows."""
        home = self.part_of(sheet)

        def line(number: int, last: bool = False) -> int:
            del last
            return number + count if number >= before else number

        def area(name: str, c: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
            if name != sheet:
                return c
            top, left, bottom, right = c
            return (top, line(left), bottom, line(right)) if cols else (line(top), left, line(bottom), right)

        self._unshare(sheet)
        for name in self.sheets():
            for element in self.tree(self.part_of(name)).iter(
                *(MAIN + t for t in ("f", "formula", "formula1", "formula2"))
            ):
                element.text = moved_by(element.text or "", name, area)
        for element in self.tree(BOOK).iter(MAIN + "definedName"):
            element.text = moved_by(element.text or "", "", area)
        self._shift(home, lambda c: area(sheet, c), cols)

    def _shift(
        self, part: str, area: Callable[[tuple[int, int, int, int]], tuple[int, int, int, int]], cols: bool
    ) -> None:
        """Cells, and all that lies on them, to their new places."""

        def ref(text: str) -> str:
            top, left, bottom, right = area(corners(text))
            first = f"{letters(left)}{top}"
            return f"{first}:{letters(right)}{bottom}" if ":" in text else first

        root = self.tree(part)
        for cell in root.iter(MAIN + "c"):
            cell.set("r", ref(cell.get("r", "")))
        for row in root.iter(MAIN + "row"):
            row.set("r", str(area((int(row.get("r", "0")), 1, int(row.get("r", "0")), 1))[0]))
        for element in root.iter():
            for name in ("ref", "sqref"):
                if element.get(name) and isinstance(element.tag, str) and element.tag != MAIN + "c":
                    element.set(name, " ".join(ref(text) for text in element.get(name, "").split()))
        if cols:
            for element in root.iter(MAIN + "col"):
                low, high = int(element.get("min", "0")), int(element.get("max", "0"))
                element.set("min", str(area((1, low, 1, low))[1]))
                element.set("max", str(area((1, high, 1, high))[1]))
        folder, _, base = part.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels"
        for relation in self.tree(rels) if rels in self.parts else ():
            if relation.get("Type", "").endswith("/table"):
                table = self.tree(target_of(part, relation))
                for element in (table, *table.iter(MAIN + "autoFilter")):
                    if element.get("ref"):
                        element.set("ref", ref(element.get("ref", "")))

    def _unshare(self, sheet: str, group: str | None = None) -> None:
        """Write shared formulas out, all or those of a group, as Excel does when one of them changes or rows are put between them."""
        with TemporaryDirectory() as folder:
            found = stored(self.copy().save(Path(folder) / "x.xlsx"))
        for cell in self.tree(self.part_of(sheet)).iter(MAIN + "c"):
            for formula in cell.findall(MAIN + "f"):
                if formula.get("t") == "shared" and group in (None, formula.get("si")):
                    text = found[sheet, cell.get("r", "")][0]
                    formula.attrib.clear()
                    formula.text = text

    # --- what people put on sheets ----------------------------------------------------------------

    def note(self, sheet: str, a1: str, author: str, text: str) -> None:
        """A note on a cell, with the drawing that shows it, as Excel stores both."""
        owner = self.part_of(sheet)
        number = 1 + sum(name.startswith("xl/comments") for name in self.parts)
        row, col = position(a1)
        xml = (
            f'<comments xmlns="{MAIN[1:-1]}"><authors><author>{author}</author></authors><commentList>'
            f'<comment ref="{a1}" authorId="0"><text><t>{text}</t></text></comment></commentList></comments>'
        )
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
        self.add_part(f"xl/comments{number}.xml", xml.encode(), kind, "comments", owner)
        shape = (
            '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
            'xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
            'path="m,l,21600r21600,l21600,xe"/><v:shape id="_x0000_s1025" type="#_x0000_t202" style="visibility:hidden">'
            f'<x:ClientData ObjectType="Note"><x:Row>{row - 1}</x:Row><x:Column>{col - 1}</x:Column></x:ClientData></v:shape></xml>'
        )
        part = f"xl/drawings/vmlDrawing{number}.vml"
        self.parts[part] = shape.encode()
        types = self.tree(TYPES)
        if not any(t.get("Extension") == "vml" for t in types):
            kind = "application/vnd.openxmlformats-officedocument.vmlDrawing"
            types.insert(
                0, types.makeelement(f"{{{types.nsmap[None]}}}Default", {"Extension": "vml", "ContentType": kind})
            )
        id_ = self.relate(owner, "vmlDrawing", f"/{part}")
        root = self.tree(owner)
        element = etree.Element(MAIN + "legacyDrawing")
        element.set(REL + "id", id_)
        after = [c for c in root if etree.QName(c).localname in _BEFORE_LEGACY]
        after[-1].addnext(element)


_BEFORE_LEGACY = (
    "sheetData", "sheetProtection", "autoFilter", "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "ignoredErrors", "drawing",
)  # fmt: skip


# --- what Excel writes for things that people put on sheets -------------------------------------------

XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
DML = "http://schemas.openxmlformats.org/drawingml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"


def _anchored(content: str, row: int) -> str:
    ends = "".join(
        f"<xdr:{end}><xdr:col>{col}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{at}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:{end}>"
        for end, col, at in (("from", 2, row), ("to", 5, row + 6))
    )
    return f"<xdr:twoCellAnchor>{ends}{content}<xdr:clientData/></xdr:twoCellAnchor>"


def text_box(name: str, text: str, row: int = 40) -> str:
    """A text box as an anchor of a drawing."""
    shape = (
        f'<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="{name}"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr>'
        '<a:xfrm><a:off x="0" y="0"/><a:ext cx="1000000" cy="300000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f"</xdr:spPr><xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:rPr/><a:t>{text}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    return _anchored(shape, row)


def chart_frame(name: str, id_: str, row: int = 50) -> str:
    """The frame of a chart as an anchor of a drawing."""
    frame = (
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="3" name="{name}"/><xdr:cNvGraphicFramePr/>'
        '</xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
        f'<a:graphicData uri="{CHART}"><c:chart xmlns:c="{CHART}" r:id="{id_}"/></a:graphicData></a:graphic></xdr:graphicFrame>'
    )
    return _anchored(frame, row)


def bar_chart(values: str, names: str) -> str:
    """A chart part with one series."""
    return (
        f'<c:chartSpace xmlns:c="{CHART}" xmlns:a="{DML}" xmlns:r="{OFFICE}"><c:chart><c:autoTitleDeleted val="1"/><c:plotArea>'
        '<c:layout/><c:barChart><c:barDir val="col"/><c:grouping val="clustered"/><c:ser><c:idx val="0"/><c:order val="0"/>'
        f"<c:cat><c:strRef><c:f>{names}</c:f></c:strRef></c:cat><c:val><c:numRef><c:f>{values}</c:f></c:numRef></c:val></c:ser>"
        '<c:axId val="1"/><c:axId val="2"/></c:barChart><c:catAx><c:axId val="1"/><c:scaling/><c:delete val="0"/>'
        '<c:axPos val="b"/><c:crossAx val="2"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling/><c:delete val="0"/>'
        '<c:axPos val="l"/><c:crossAx val="1"/></c:valAx></c:plotArea></c:chart></c:chartSpace>'
    )


def put_on(desk: Desk, sheet: str, *anchors: str, charts: tuple[str, ...] = ()) -> str:
    """Put objects on a sheet, beside those it has; `{0}` in an anchor is the id of the first chart. Returns the drawing."""
    owner = desk.part_of(sheet)
    root = desk.tree(owner)
    pointer = root.find(MAIN + "drawing")
    if pointer is None:
        number = 1 + sum(name.startswith("xl/drawings/drawing") for name in desk.parts)
        part = f"xl/drawings/drawing{number}.xml"
        xml = f'<xdr:wsDr xmlns:xdr="{XDR}" xmlns:a="{DML}" xmlns:r="{OFFICE}"/>'
        id_ = desk.add_part(part, xml.encode(), DRAWING_TYPE, "drawing", owner)
        pointer = etree.Element(MAIN + "drawing")
        pointer.set(REL + "id", id_)
        after = [c for c in root if etree.QName(c).localname in _BEFORE_LEGACY[:-1]]
        after[-1].addnext(pointer)
    folder, _, base = owner.rpartition("/")
    rels = desk.tree(f"{folder}/_rels/{base}.rels")
    part = next(target_of(owner, r) for r in rels if r.get("Id") == pointer.get(REL + "id"))
    ids = []
    for xml in charts:
        number = 1 + sum(name.startswith("xl/charts/chart") for name in desk.parts)
        ids.append(desk.add_part(f"xl/charts/chart{number}.xml", xml.encode(), CHART_TYPE, "chart", part))
    drawing = desk.tree(part)
    for anchor in anchors:
        number = 100 + len(drawing)  # ids are unique within a drawing
        unique = anchor.replace('cNvPr id="2"', f'cNvPr id="{number}"').replace('cNvPr id="3"', f'cNvPr id="{number}"')
        text = f'<x xmlns:xdr="{XDR}" xmlns:a="{DML}" xmlns:r="{OFFICE}">{unique.format(*ids)}</x>'
        drawing.append(etree.fromstring(text)[0])
    return part


def sparkline(desk: Desk, sheet: str, source: str, at: str) -> None:
    """A sparkline, which Excel keeps in the list of extensions."""
    x14, xm = (
        "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main",
        "http://schemas.microsoft.com/office/excel/2006/main",
    )
    xml = (
        f'<extLst xmlns="{MAIN[1:-1]}"><ext xmlns:x14="{x14}" uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}">'
        f'<x14:sparklineGroups xmlns:xm="{xm}"><x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>{source}</xm:f>'
        f"<xm:sqref>{at}</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
    )
    desk.tree(desk.part_of(sheet)).append(etree.fromstring(xml))


def condition(desk: Desk, sheet: str, sqref: str, formula: str) -> None:
    """A format by condition, in the look that is there."""
    root = desk.tree(desk.part_of(sheet))
    block = etree.Element(MAIN + "conditionalFormatting", sqref=sqref)
    rule = etree.SubElement(block, MAIN + "cfRule", type="expression", dxfId="0", priority="99")
    etree.SubElement(rule, MAIN + "formula").text = formula
    after = [
        c for c in root if etree.QName(c).localname in ("sheetData", "sheetProtection", "autoFilter", "mergeCells")
    ]
    after[-1].addnext(block)
