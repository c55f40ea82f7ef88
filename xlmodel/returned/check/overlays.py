"""Rules about what lies on the cells: pictures, shapes, text boxes and charts that were not built there."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.areas import Corners, covers, meet
from xlmodel.returned.check.lines import column_widths
from xlmodel.returned.check.page_rules import UNITS
from xlmodel.returned.check.protection_rules import named
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.origin import LIBREOFFICE
from xlmodel.xlsx.old_shapes import old_shapes
from xlmodel.xlsx.parts import RELATION
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.relations import of_kind

_EMU = 9525  # drawing units of a pixel
_BROAD = 152_400  # drawing units of a line that covers digits: 12 points
_THIN = 60_000  # thousandths of a per cent of colour through which digits are read
_LOGO = "Logo"
LINES = 3  # by which LibreOffice lets a chart end lower
_KINDS = {
    "pic": "a picture", "sp": "a shape", "cxnSp": "a line", "grpSp": "a group of shapes", "graphicFrame": "a chart", "contentPart": "ink",
    "note": "a note in sight", "control": "a control",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Laid:
    """An object on a sheet: what kind, which cells it covers, its name and words, and the chart part behind it."""

    kind: str
    area: Corners
    name: str
    words: str
    chart: str
    small: bool  # whether it has no extent to speak of
    hidden: bool
    told: str  # what stands in its place for who cannot see
    clear: bool = False  # whether the cells are seen through it: a ring, a line, a marker
    printed: bool = True


def laid(s: Subject, sheet: str) -> Iterator[Laid]:
    """The objects of a sheet, by its name in the file."""
    owner = s.package.sheets[sheet]
    shown = {element.get(RELATION + "id") for element in s.package.grid(sheet).rest.iter("{*}drawing")}
    drawings = [link for link in s.package.relations(owner).values() if link.kind == "drawing" and link.id in shown]
    for drawing in of_kind(drawings, "drawing", s.package.data):
        relations = s.package.relations(drawing)
        for anchor in s.package.tree(drawing).iter("{*}twoCellAnchor", "{*}oneCellAnchor", "{*}absoluteAnchor"):
            yield from _laid(s, sheet, anchor, {id_: r.target for id_, r in relations.items() if r.kind == "chart"})
    yield from _notes(s, owner)


def _notes(s: Subject, owner: str) -> Iterator[Laid]:
    """The notes of a sheet that are always in sight, and its controls of the old kind."""
    for part in s.package.related(owner, "vmlDrawing"):
        for shape in old_shapes(s.package.data[part]):
            if shape.control:
                yield Laid("control", shape.area, "", shape.words, "", False, False, "")
                continue
            texts = (
                text.text or ""
                for comments in s.package.related(owner, "comments")
                for comment in s.package.tree(comments).iter("{*}comment")
                if comment.get("ref") == shape.a1
                for text in comment.iter("{*}t")
            )
            yield Laid("note", shape.area, shape.a1, " ".join(texts).strip(), "", False, False, "")


def _laid(s: Subject, sheet: str, anchor: etree._Element, charts: dict[str, str]) -> Iterator[Laid]:
    for child in anchor.iter():
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if kind not in _KINDS or child.tag.rpartition("}")[0] != anchor.tag.rpartition("}")[0]:
            continue
        label = next(child.iter("{*}cNvPr"), None)
        words = " ".join(text.text or "" for text in child.iter("{*}t"))
        frame = next(child.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"), None)
        id_ = "" if frame is None else next((v for k, v in frame.attrib.items() if str(k).endswith("}id")), "")
        area, small = _covered(s, sheet, anchor)
        name = "" if label is None else label.get("name", "")
        hidden, told = (False, "") if label is None else (label.get("hidden") in TRUE, label.get("descr", ""))
        yield Laid(
            kind,
            area,
            name,
            words.strip(),
            charts.get(str(id_), ""),
            small,
            hidden,
            told,
            _clear(kind, child),
            _printed(anchor),
        )
        return


def _printed(anchor: etree._Element) -> bool:
    data = anchor.find("{*}clientData")
    return data is None or data.get("fPrintsWithSheet") not in ("0", "false")


def _clear(kind: str, child: etree._Element) -> bool:
    """Whether an object without words lets the cells under it be read."""
    shape = child.find("{*}spPr")
    if shape is None or kind not in ("sp", "cxnSp"):
        return False
    broad = any(int(line.get("w", "0")) > _BROAD for line in shape.iterfind("{*}ln"))
    thin = [int(alpha.get("val", "100000")) for alpha in shape.iterfind("{*}solidFill/*/{*}alpha")]
    seen = kind == "cxnSp" or shape.find("{*}noFill") is not None or any(alpha <= _THIN for alpha in thin)
    return seen and not broad


def _covered(s: Subject, sheet: str, anchor: etree._Element) -> tuple[Corners, bool]:
    """The cells under an anchor; one that is sized in drawing units is measured in usual lines."""
    start, end, size = anchor.find("{*}from"), anchor.find("{*}to"), anchor.find("{*}ext")
    top, left = (_line(start, "row"), _line(start, "col")) if start is not None else _pixels(anchor)
    if end is not None:
        bottom, right = _line(end, "row"), _line(end, "col")
        bottom -= int(end.findtext("{*}rowOff") or 0) <= 0 and bottom > top
        right -= int(end.findtext("{*}colOff") or 0) <= 0 and right > left
        small = (_line(end, "row"), _line(end, "col")) <= (top, left)
        return (top, left, bottom, right), small
    across, down = (int(size.get(side, "0")) / _EMU for side in ("cx", "cy")) if size is not None else (0.0, 0.0)
    widths = dict(column_widths(s.package.grid(sheet).rest))
    right, used = left, widths.get(left, 8.43) * 7 + 5
    while used < across and right < left + 200:
        right += 1
        used += widths.get(right, 8.43) * 7 + 5
    return (top, left, top + max(0, int((down - 1) // 20)), right), across < 5 or down < 5


def _line(end: etree._Element, kind: str) -> int:
    return 1 + int(end.findtext(f"{{*}}{kind}") or 0)


def _pixels(anchor: etree._Element) -> tuple[int, int]:
    place = anchor.find("{*}pos")
    x, y = (int(place.get(side, "0")) / _EMU for side in ("x", "y")) if place is not None else (0.0, 0.0)
    return 1 + int(y // 20), 1 + int(x // 64)


def overlays(s: Subject) -> Iterator[Fault]:
    """Objects over cells of the model: a reader takes what they show for what the model says."""
    for sheet, built in s.described.items():
        anchors = [_moved(s, sheet, chart.anchor) for chart in built.charts]
        items = list(laid(s, s.mailed.sheets[sheet]))
        charts = [item.area for item in items if item.chart and item.area in anchors]
        for item in items:
            logo = item.kind == "pic" and item.name == _LOGO and sheet == s.contract.sheets[0]
            if (
                charts.count(item.area) > 1
                and item.chart
                and len({_drawn(s, i) for i in items if i.area == item.area}) > 1
            ):
                charts.remove(item.area)
                where = f"{s.mailed.sheets[sheet]}!{named(item.area)}"
                found = "a chart lies over another chart: of two only one is seen"
                yield Fault(where, found, "charts side by side", "move it aside", ERROR)
            if item.hidden or logo or (item.chart and item.area in anchors):
                continue
            if s.built is not None and not _measured_anew(s, item.area, anchors):
                yield from _over_charts(f"{s.mailed.sheets[sheet]}!{named(item.area)}", item, charts)
            cells = s.mailed.cells(sheet)
            under = [
                at for at in cells
                if covers(item.area, at) and at in s.dressed[sheet] and (cells[at].stored is not None or cells[at].formula is not None)
            ]  # fmt: skip
            if not under:
                continue
            numbers = [at for at in under if isinstance(s.package.value(cells[at]), int | float)]
            if item.chart and not numbers and (s.built is None or _measured_anew(s, item.area, anchors)):
                continue  # a chart stands on the cell of its title
            first = s.where(sheet, *min(numbers or under))
            found = f"{_said(item)} lies over {len(under)} cells of the model, the first {first}: a reader sees it in their place"
            where = f"{s.mailed.sheets[sheet]}!{named(item.area)}"
            grave = ERROR if numbers or UNITS.search(item.words) else WARNING
            if item.clear and not item.words:
                grave, found = NOTE, f"{_said(item)} marks {first} and others: they are seen through it"
            yield Fault(where, found, "nothing over numbers", "move it aside, or delete it", grave)
        if s.rest(sheet).find("{*}picture") is not None:
            yield Fault(
                f"sheet {s.mailed.sheets[sheet]}",
                "a picture behind the cells: what it shows is read with the numbers, and its dark parts hide them",
                "a plain ground",
                "Page Layout, Delete Background",
                WARNING,
            )


def _drawn(s: Subject, item: Laid) -> frozenset[str]:
    """The cells that a chart reads; a chart over its own double hides nothing."""
    refs = s.package.tree(item.chart).iter("{*}f") if item.chart in s.package.data else ()
    return frozenset((ref.text or "").replace("'", "").replace("$", "").casefold() for ref in refs)


def _over_charts(where: str, item: Laid, charts: list[Corners]) -> Iterator[Fault]:
    """What lies over a chart of the build; a line only points at something, and a note is known for one."""
    if (
        item.kind not in ("cxnSp", "note")
        and (item.words or not item.clear)
        and any(meet(item.area, area) for area in charts)
    ):
        found = f"{_said(item)} lies over a chart: a reader takes it for a part of the chart"
        stamp = bool(item.words) and not any(map(str.isdigit, item.words))  # Draft, Confidential: no number of a chart
        grave = NOTE if stamp else WARNING if item.chart else ERROR
        yield Fault(where, found, "nothing over charts", "move it aside, or delete it", grave)


def _said(item: Laid) -> str:
    return _KINDS[item.kind] + (f" that says {item.words[:60]!r}" if item.words else "")


def _measured_anew(s: Subject, area: Corners, anchors: list[Corners]) -> bool:
    """Whether a chart stands where it was built and only ends elsewhere, as after LibreOffice measured the rows by its own fonts."""
    return s.mailed.origin.program == LIBREOFFICE and any(
        area[:2] == built[:2] and area[3] == built[3] and abs(area[2] - built[2]) <= LINES for built in anchors
    )


def _moved(s: Subject, sheet: str, anchor: Corners) -> Corners:
    top, left, bottom, right = anchor
    built = (top, left, max(top, bottom - 1), right)
    return s.moves[sheet].area(built) or built


RULES = (AuditRule("overlay", ERROR, "what lies over a cell is read in its place", overlays),)
