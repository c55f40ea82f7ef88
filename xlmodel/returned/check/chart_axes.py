"""What is wrong with the axes of a chart: where they begin and end, how they run, what their numbers read as."""

from collections.abc import Iterator

from xlmodel.book.chart import ACROSS, Chart
from xlmodel.returned.check import ERROR, WARNING, Fault
from xlmodel.returned.check.protection_rules import AGAIN
from xlmodel.xlsx.chart_reading import Axis, DrawnChart
from xlmodel.xlsx.shown import reading

FIX = f"delete the chart's change, or {AGAIN}"


def swapped(where: str, chart: Chart, read: DrawnChart) -> Iterator[Fault]:
    """Words of one axis on the other."""
    for axis in read.axes:
        across = axis.kind[-1:] in ("b", "t") if chart.kind == "scatter" else not axis.kind.startswith("valAx")
        other, own = (chart.y_title, chart.x_title) if across else (chart.x_title, chart.y_title)
        if other and axis.title.split() == other.split() != own.split():
            yield Fault(
                where,
                f"{other!r} stands on the other axis: each is read in the unit of the other",
                own or "no words",
                FIX,
                ERROR,
            )


def axes(where: str, chart: Chart, read: DrawnChart) -> Iterator[Fault]:
    """Bounds, scale, direction and numbers of the axes, and of the labels on bars."""
    values = [axis for axis in read.axes if axis.kind.startswith("valAx")]
    upright = [axis for axis in values if axis.kind[-1:] in ("l", "r")]
    vertical = upright if chart.kind == "scatter" else values
    main = vertical[0] if vertical else None
    if main is None:
        return
    if main.log != chart.log:
        now = (
            "a logarithmic axis: differences look smaller" if main.log else "an even axis in place of a logarithmic one"
        )
        yield Fault(where, now, "a logarithmic axis" if chart.log else "an even axis", FIX, ERROR)
    low = None if chart.log else chart.low if chart.kind != "scatter" else None
    for axis in vertical:
        yield from _bounds(where, axis, low)
    for axis in (a for a in values if a not in vertical):
        yield from _bounds(where, axis, 0.0)
    for axis in values if chart.kind == "scatter" else values[:1]:
        usual_format = chart.y_format if axis in vertical else ACROSS
        yield from _numbers(where, usual_format, axis.format, f"numbers on the axis {axis.title}")
    for code in read.label_formats:
        yield from _numbers(where, chart.y_format, code, "labels on the bars")
    usual = 2 if len(read.axes) >= 2 else len(read.axes)
    if len(read.axes) > usual:
        yield Fault(where, "a second axis: lines of two scales seem to compare", "one scale", FIX, ERROR)
    for axis in read.axes:
        yield from _axis(where, chart, axis)


def _axis(where: str, chart: Chart, axis: Axis) -> Iterator[Fault]:
    """Direction, numbers and names of one axis, and where bars stand on it."""
    turned = chart.kind == "bar" and not axis.kind.startswith("valAx")
    if axis.reversed != turned and axis.reversed:
        yield Fault(
            where,
            f"the axis {axis.title} runs backwards: falling looks like rising",
            "its usual direction",
            FIX,
            ERROR,
        )
    if axis.gone or not axis.labels:
        yield Fault(where, f"an axis {axis.title} without its numbers", "numbers on each axis", FIX, WARNING)
    if axis.skips:
        yield Fault(where, f"names left out along the axis {axis.title}", "a name for each", FIX, WARNING)
    if axis.crosses and chart.kind != "scatter" and not axis.kind.startswith("valAx"):
        found = f"bars begin at {axis.crosses}: their lengths stand for other numbers"
        yield Fault(where, found, "bars that begin at the axis", FIX, ERROR)
    if axis.units:
        found = f"numbers divided into {axis.units} on the axis {axis.title}: 1,000 reads as 1"
        yield Fault(where, found, "numbers as they are", FIX, ERROR)


def _bounds(where: str, axis: Axis, low: float | None) -> Iterator[Fault]:
    if axis.low is not None and axis.low != low and not (low is None and axis.low == 0):
        found = f"the axis {axis.title} begins at {axis.low:g}: differences look larger than they are, and what is below is cut off"
        yield Fault(
            where, found, f"an axis from {low:g}" if low is not None else "an axis that follows the numbers", FIX, ERROR
        )
    elif axis.low is None and low is not None:
        yield Fault(where, f"the axis {axis.title} no longer begins at {low:g}", f"an axis from {low:g}", FIX, WARNING)
    if axis.high is not None:
        found = f"the axis {axis.title} ends at {axis.high:g} whatever the numbers are: what is above is cut off"
        yield Fault(where, found, "an axis that follows the numbers", FIX, ERROR)


def _numbers(where: str, built: str, code: str, what: str) -> Iterator[Fault]:
    if code and code != built:
        unit = reading(1.0, built).scale
        for sample in (1234.5 * unit, 0.0551 * unit):
            was, now = reading(sample, built), reading(sample, code)
            meant = sample / unit
            near = was.number is not None and now.number is not None and abs(now.number - meant) <= max(
                abs(was.number - meant) * 2, 0.05 * meant
            )  # fmt: skip
            if not near or now.words != was.words:
                found = f"{what} by the format {code}: {sample:g} reads {now.text or 'nothing'}"
                yield Fault(where, found, f"the format {built}", FIX, ERROR)
                return
