"""What a chart of a finished workbook says: its series with references and caches, titles and axes."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from xlmodel.xlsx.chart_looks import CHART, DML, PALE, WordsLook, extent, hues, pictures, words_looks
from xlmodel.xlsx.palette import contrast
from xlmodel.xlsx.parts import finite
from xlmodel.xlsx.raw_cells import TRUE

PLOTS = (
    "scatterChart", "barChart", "lineChart", "areaChart", "pieChart", "doughnutChart", "radarChart", "bubbleChart", "stockChart",
    "surfaceChart", "bar3DChart", "line3DChart", "pie3DChart", "area3DChart", "surface3DChart", "ofPieChart",
)  # fmt: skip
_LINES = tuple(CHART + kind for kind in ("scatterChart", "lineChart", "line3DChart", "radarChart", "stockChart"))


@dataclass(frozen=True, slots=True)
class ChartReference:
    """A reference of a chart and the values cached behind it, by position; `typed` where it has values and no reference.

    `count` is the number of cached positions: cells on hidden lines have none.
    """

    ref: str
    cache: tuple[tuple[int, str], ...]
    numeric: bool
    typed: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """One series; `seen` is false where neither line, fill nor marker is drawn, `bare` are such points of it by number."""

    name: ChartReference | None
    xs: ChartReference | None
    ys: ChartReference | None
    seen: bool
    labels: tuple[str, ...]  # typed texts in place of values
    bare: tuple[int, ...] = ()
    extras: int = 0  # trend lines and error bars
    hues: tuple[str, ...] = ()  # RRGGBB of its line, fill and markers
    smooth: bool = False  # whether its line swings past the points


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis; bounds are None where they follow the values."""

    kind: str
    title: str
    low: float | None
    high: float | None
    log: bool
    reversed: bool
    gone: bool
    format: str
    units: str
    labels: bool
    skips: bool = False  # whether names along it are left out
    crosses: str = ""  # where it stands on the other axis, if somewhere of its own: a number, or max


@dataclass(frozen=True, slots=True)
class DrawnChart:
    """A chart as it is in the file."""

    plots: tuple[str, ...]
    grouping: str
    lines: tuple[DrawnSeries, ...]
    title: ChartReference | None
    words: str  # of a typed title
    axes: tuple[Axis, ...]
    legend: bool
    blanks: str
    dropped: int  # series that a filter of the chart leaves out
    outside: tuple[str, ...]  # references that leave the workbook
    label_formats: tuple[str, ...]  # number formats of the labels beside points
    overlap: float  # per cent by which bars of one place cover each other
    struck: int  # names taken out of the legend
    words_look: tuple[WordsLook, ...]
    pictures: int  # behind the curves
    extent: float  # share of the frame that the plot takes across or down, the smaller one; 1 where Excel chooses


def read_chart(root: etree._Element) -> DrawnChart:
    """A chart part."""
    plots = list(root.iter(*(CHART + kind for kind in PLOTS)))
    area = root.find(f"{CHART}chart/{CHART}plotArea")
    title = root.find(f"{CHART}chart/{CHART}title")
    source, words = _title(title)
    refs = [f.text or "" for f in root.iter(CHART + "f")]
    return DrawnChart(
        tuple(f"{etree.QName(p).localname}{'' if (d := _val(p, 'barDir')) in ('', 'col') else ' ' + d}" for p in plots),
        next((g for p in plots if (g := _val(p, "grouping"))), ""),
        tuple(_line(ser, plot.tag not in _LINES) for plot in plots for ser in plot.iterfind(CHART + "ser")),
        source, words, tuple(_axes(area)), root.find(f"{CHART}chart/{CHART}legend") is not None,
        next((e.get("val", "zero") for e in root.iter(CHART + "dispBlanksAs")), "zero"),
        sum(1 for e in root.iter() if isinstance(e.tag, str) and e.tag.startswith("{http://schemas.microsoft.com/") and e.tag.endswith("}ser")),
        tuple(ref for ref in refs if "[" in ref),
        tuple(f.get("formatCode", "") for f in root.iterfind(f".//{CHART}dLbls//{CHART}numFmt") if f.get("sourceLinked") not in TRUE),
        next((n for p in plots if (n := finite(_val(p, "overlap") or "0"))), 0.0),
        sum(_val(entry, "delete") in TRUE for entry in root.iter(CHART + "legendEntry")), tuple(words_looks(root)), pictures(root), extent(area),
    )  # fmt: skip


def sources(read: DrawnChart) -> Iterator[ChartReference]:
    """All references with their caches."""
    if read.title:
        yield read.title
    for line in read.lines:
        yield from (source for source in (line.name, line.xs, line.ys) if source)


def _line(ser: etree._Element, filled: bool) -> DrawnSeries:
    seen = not _blank(ser.find(CHART + "spPr"), filled) or not _no_marker(ser)
    cells = (f"what {ref.text} holds" for ranges in ser.iter("{*}datalabelsRange") for ref in ranges.iter("{*}f"))
    labels = tuple(
        "".join(t.text or "" for t in rich.iter(DML + "t"))
        for rich in ser.iterfind(f"{CHART}dLbls/{CHART}dLbl//{CHART}rich")
    )
    return DrawnSeries(
        _source(ser.find(CHART + "tx")), _source(ser.find(CHART + "xVal"), ser.find(CHART + "cat")),
        _source(ser.find(CHART + "yVal"), ser.find(CHART + "val")), seen, (*filter(None, labels), *cells), tuple(_bare(ser, filled)),
        len(ser.findall(CHART + "trendline")) + len(ser.findall(CHART + "errBars")), hues(ser),
        _val(ser, "smooth") in TRUE,
    )  # fmt: skip


def _bare(ser: etree._Element, filled: bool) -> Iterator[int]:
    """The points that are drawn without colour in a series that has one; a point without a marker has that of its series."""
    for point in ser.iterfind(CHART + "dPt"):
        number, marked = finite(_val(point, "idx")), point if point.find(CHART + "marker") is not None else ser
        inks = hues(point)
        pale = bool(inks) and all(contrast(ink, "FFFFFF") < PALE for ink in inks)
        if (
            number is not None
            and (pale or _blank(point.find(CHART + "spPr"), filled))
            and (filled or _no_marker(marked))
        ):
            yield int(number)
    values = _source(ser.find(CHART + "val"))
    if _val(ser, "invertIfNegative") in TRUE and values and next(ser.iter("{*}invertSolidFillFmt"), None) is None:
        yield from (number for number, text in values.cache if (finite(text) or 0.0) < 0)


def _blank(shape: etree._Element | None, filled: bool) -> bool:
    """Whether a series is drawn without line and fill; what is filled takes a colour of the theme where it names none."""
    if shape is None:
        return False
    line = shape.find(DML + "ln")
    no_line = line is not None and line.find(DML + "noFill") is not None
    faded = any(int(a.get("val", "100000")) < 5000 for a in shape.iter(DML + "alpha"))
    no_fill = shape.find(DML + "noFill") is not None or (
        not filled and all(shape.find(DML + fill) is None for fill in ("solidFill", "gradFill"))
    )
    return faded or (no_line and no_fill)


def _no_marker(ser: etree._Element) -> bool:
    marker = ser.find(CHART + "marker")
    if marker is None:
        return True
    symbol = marker.find(CHART + "symbol")
    return (symbol is not None and symbol.get("val") == "none") or _blank(marker.find(CHART + "spPr"), True)


def _source(*elements: etree._Element | None) -> ChartReference | None:
    element = next((e for e in elements if e is not None), None)
    if element is None:
        return None
    ref = next(element.iter(CHART + "f"), None)
    cache = next(element.iter(CHART + "numCache", CHART + "strCache", CHART + "numLit", CHART + "strLit"), None)
    points = tuple(
        (int(pt.get("idx", "0")), pt.findtext(CHART + "v") or "")
        for pt in (cache.iterfind(CHART + "pt") if cache is not None else ())
    )
    numeric = element.find(CHART + "numRef") is not None or element.find(CHART + "numLit") is not None
    typed = ref is None
    if typed and cache is None:
        value = element.findtext(CHART + "v")
        points = ((0, value),) if value else ()
    size = None if cache is None else cache.find(CHART + "ptCount")
    count = int(size.get("val", "0")) if size is not None else 0
    return ChartReference("" if ref is None else ref.text or "", points, numeric, typed, count)


def _title(title: etree._Element | None) -> tuple[ChartReference | None, str]:
    if title is None:
        return None, ""
    text = title.find(CHART + "tx")
    if text is None:
        return None, ""
    if text.find(CHART + "strRef") is not None:
        return _source(text), ""
    return None, "".join(t.text or "" for t in text.iter(DML + "t"))


def _axes(area: etree._Element | None) -> Iterator[Axis]:
    for axis in area if area is not None else ():
        kind = etree.QName(axis).localname if isinstance(axis.tag, str) else ""
        if kind not in ("valAx", "catAx", "dateAx", "serAx"):
            continue
        scale = axis.find(CHART + "scaling")
        title = axis.find(CHART + "title")
        source, words = _title(title)
        numbers = axis.find(CHART + "numFmt")
        linked = numbers is not None and numbers.get("sourceLinked") in TRUE
        units = axis.find(CHART + "dispUnits")
        yield Axis(
            kind + _val(axis, "axPos"), words or " ".join(v for _, v in (source.cache if source else ())), _bound(scale, "min"),
            _bound(scale, "max"), scale is not None and scale.find(CHART + "logBase") is not None,
            scale is not None and _val(scale, "orientation") == "maxMin", _val(axis, "delete") in TRUE,
            "" if numbers is None or linked else numbers.get("formatCode", ""),
            "" if units is None else _val(units, "builtInUnit") or "of its own", _val(axis, "tickLblPos") != "none",
            (finite(_val(axis, "tickLblSkip")) or 0) > 1, _val(axis, "crossesAt") or ("max" if _val(axis, "crosses") == "max" else ""),
        )  # fmt: skip


def _bound(scale: etree._Element | None, name: str) -> float | None:
    text = "" if scale is None else _val(scale, name)
    return finite(text) if text else None


def _val(element: etree._Element, tag: str) -> str:
    child = element.find(CHART + tag)
    return "" if child is None else child.get("val", "")
