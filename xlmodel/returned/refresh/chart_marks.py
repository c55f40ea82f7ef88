"""What tells the charts and links that a build put onto a sheet, whatever program saved it and wherever they stand."""

from collections.abc import Callable, Iterable, Set

from lxml import etree

from xlmodel.book.chart import Chart
from xlmodel.book.refs import corners, ref_of
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.refresh.links import Landmarks, links_of
from xlmodel.xlsx.parts import RELATION
from xlmodel.xlsx.passes import Parts
from xlmodel.xlsx.texts import canonical

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def landmarks(s: Subject, name: str) -> Landmarks:
    """What the old build put onto a sheet; nothing where that is not known."""
    built = s.described.get(name)
    if built is None:
        return Landmarks()
    frames = [{s.move(name, chart.anchor) or chart.anchor, chart.anchor} for chart in built.charts]
    linked, merged = (
        frozenset(ref_of(at) for area in areas if (at := s.move(name, corners(area))))
        for areas in ([link.cell for link in built.links], built.merges)
    )
    guarded = [at for rule in built.validations for area in rule.areas if (at := s.move(name, corners(area)))]
    return Landmarks([marks_of(chart, s.as_now) for chart in built.charts], frames, linked, merged, guarded)


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


def marks(parts: Parts, anchor: etree._Element, drawing: str) -> frozenset[str]:
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


def generated(
    parts: Parts, anchors: Iterable[etree._Element], drawing: str, charts: Iterable[Set[str]]
) -> list[etree._Element | None]:
    """The charts of the build, None for one that is gone: each is the one with most of its marks, the first of equals; all further ones are people's own."""
    left = {a: marks(parts, a, drawing) for a in anchors if a.find(DRAWING + "graphicFrame") is not None}
    found: list[etree._Element | None] = []
    for chart in charts:
        best = max(left, key=lambda anchor: len(left[anchor] & chart), default=None)
        if best is not None and left[best] & chart:
            found.append(best)
            del left[best]
        else:
            found.append(None)
    return found
