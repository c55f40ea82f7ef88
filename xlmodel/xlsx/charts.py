"""Chart descriptions -> native Excel charts in one look. Caches and alt text are added by the passes."""

from typing import Literal

from openpyxl.chart import BarChart, ScatterChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as BarSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from xlmodel.book.chart import ACROSS, Chart, Series
from xlmodel.book.theme import INK, MUTED, RULE
from xlmodel.calc.address import Area, Ref

_LINE = 19050  # 1.5 pt in EMU


def _text(size: int, *, bold: bool = False, ink: str = INK) -> RichText:
    run = CharacterProperties(sz=size * 100, b=bold, solidFill=ink)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=run), endParaRPr=run)])


def _title(ref: Ref) -> Title:
    title = Title(tx=Text(strRef=StrRef(f=ref.on(""))), overlay=False)
    title.txPr = _text(11, bold=True)
    return title


def _axis_title(text: str) -> Title:
    run = CharacterProperties(sz=900, b=False, solidFill=MUTED)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=run), r=[RegularTextRun(rPr=run, t=text)])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def chart(spec: Chart) -> ScatterChart | BarChart:
    """The native chart of a description."""
    made = _scatter(spec) if spec.kind == "scatter" else _bars(spec)
    made.title = _title(spec.title)
    made.style = 2
    made.roundedCorners = False
    for axis in (made.x_axis, made.y_axis):
        axis.delete = False
        axis.txPr = _text(9, ink=MUTED)
        axis.majorTickMark = "out"
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=RULE))
    made.y_axis.number_format = spec.y_format
    made.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="E4E7EB", w=6350)))
    made.x_axis.majorGridlines = None
    if spec.x_title:
        made.x_axis.title = _axis_title(spec.x_title)
    made.y_axis.title = _axis_title(spec.y_title)
    if spec.log:
        made.y_axis.scaling.logBase = 10
        made.y_axis.crosses = "min"
        made.x_axis.crosses = "min"
    made.legend = _legend("b" if spec.kind == "column" else "r") if spec.legend else None
    made.display_blanks = "gap"
    top, left, bottom, right = spec.anchor
    frame = TwoCellAnchor(
        editAs="oneCell", _from=AnchorMarker(col=left - 1, row=top - 1), to=AnchorMarker(col=right, row=bottom - 1)
    )
    made.anchor = frame  # type: ignore[assignment]  # openpyxl takes an anchor as well as a cell
    return made


def _legend(position: Literal["b", "r"]) -> Legend:
    legend = Legend()
    legend.position = position
    legend.txPr = _text(9)
    legend.overlay = False
    return legend


def _numbers(area: Area) -> NumDataSource:
    return NumDataSource(numRef=NumRef(f=area.on("")))


def _scatter(spec: Chart) -> ScatterChart:
    made = ScatterChart()
    made.scatterStyle = "lineMarker"
    for i, series in enumerate(spec.series):
        xy = XYSeries(
            idx=i, order=i, tx=SeriesLabel(strRef=StrRef(f=series.name.on(""))),
            xVal=AxDataSource(numRef=NumRef(f=series.xs.on(""))), yVal=_numbers(series.ys),
        )  # fmt: skip
        xy.smooth = False
        xy.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=series.hue, w=_LINE))
        xy.marker = Marker(symbol=series.marker, size=4)
        xy.marker.graphicalProperties = GraphicalProperties(
            solidFill=series.hue, ln=LineProperties(solidFill=series.hue)
        )
        made.series.append(xy)
    made.x_axis.axPos = "b"
    made.x_axis.number_format = ACROSS
    made.x_axis.scaling.min = 0
    return made


def _bars(spec: Chart) -> BarChart:
    made = BarChart()
    made.type = "bar" if spec.kind == "bar" else "col"
    made.grouping = "stacked" if spec.stacked else "clustered"
    made.overlap = 100 if spec.stacked else None
    made.gapWidth = 60
    for i, series in enumerate(spec.series):
        made.series.append(_bar_series(i, series))
    made.x_axis.majorTickMark = "none"
    if spec.kind == "bar":
        made.x_axis.scaling.orientation = "maxMin"  # the first row of the table on top
        made.y_axis.crosses = "max"
    if len(spec.series) == 1:  # small bars beside large ones are read by their numbers
        made.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
        made.dLbls.numFmt = spec.y_format
        made.dLbls.txPr = _text(9)
    made.y_axis.scaling.min = spec.low
    if spec.low is None:  # bars to both sides: the names stand at the edge, not across the bars
        made.x_axis.tickLblPos = "low"
    return made


def _bar_series(i: int, series: Series) -> BarSeries:
    bar = BarSeries(
        idx=i, order=i, tx=SeriesLabel(strRef=StrRef(f=series.name.on(""))),
        cat=AxDataSource(strRef=StrRef(f=series.xs.on(""))), val=_numbers(series.ys),
    )  # fmt: skip
    seen = GraphicalProperties(solidFill=series.hue, ln=LineProperties(solidFill="FFFFFF", w=3175))
    bar.graphicalProperties = seen if series.hue else GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    bar.invertIfNegative = False
    return bar
