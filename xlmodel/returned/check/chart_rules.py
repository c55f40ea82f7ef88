"""Rules about charts: each must draw what the build draws, and say so."""

from collections.abc import Iterator

from xlmodel.book.chart import Chart, Series
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.chart_axes import FIX, axes, swapped
from xlmodel.returned.check.ink import FAINT, TINY
from xlmodel.returned.check.overlays import Laid, laid
from xlmodel.returned.check.protection_rules import AGAIN, named
from xlmodel.returned.check.subject import Subject
from xlmodel.xlsx.cell_looks import Look
from xlmodel.xlsx.chart_looks import PALE
from xlmodel.xlsx.chart_reading import ChartReference, DrawnChart, DrawnSeries, read_chart
from xlmodel.xlsx.palette import contrast
from xlmodel.xlsx.texts import canonical

SQUEEZED = 0.2  # share of its frame
AWAY = 40  # rows or columns beyond everything else of a sheet
HALF = 50  # per cent of a bar that another may cover
_PLOTS = {"scatter": "scatterChart", "bar": "barChart bar", "column": "barChart"}
Drawn = tuple[Laid, DrawnChart]


def charts(s: Subject) -> Iterator[Fault]:
    """Charts of the build that are gone or draw something else."""
    for sheet, built in s.described.items():
        drawn = [
            (item, read_chart(s.package.tree(item.chart)))
            for item in laid(s, s.mailed.sheets[sheet])
            if item.chart and item.chart in s.package.data
        ]
        left = list(drawn)
        pairs: list[tuple[int, Chart, Drawn | None]] = []
        for number, chart in enumerate(built.charts, 1):  # the surest first: a chart that was repointed is what is left
            match = max(left, key=lambda one: _likeness(s, chart, one), default=None)
            if match is not None and _likeness(s, chart, match) >= 1:
                left.remove(match)
                pairs.append((number, chart, match))
            else:
                pairs.append((number, chart, None))
        for number, chart, known in pairs:
            match = known or next((one for one in left if _placed(chart, one)), left[0] if left else None)
            if known is None and match is not None:
                left.remove(match)
            where = f"sheet {s.mailed.sheets[sheet]}, chart {number} ({chart.y_title})"
            if match is None:
                yield Fault(where, "no such chart: what it showed is gone", "the chart of the build", AGAIN, ERROR)
            else:
                yield from _place(s, sheet, where, chart, match[0])
                yield from _compared(s, where, chart, match)


def _likeness(s: Subject, chart: Chart, one: Drawn) -> float:
    """How much a chart of the file is one of the build: by what its series read, by its title, by its place."""
    wanted = {canonical(_now(s, area)) for series in chart.series for area in (series.ys, series.xs)}
    held = {canonical(source.ref) for line in one[1].lines for source in (line.ys, line.xs) if source}
    shared = len(wanted & held) / max(1, len(wanted))
    title = one[1].title is not None and canonical(one[1].title.ref) == canonical(_now(s, chart.title))
    return 2 * shared + 2 * title + _placed(chart, one) * 0.75


def _placed(chart: Chart, one: Drawn) -> bool:
    top, left, _, _ = chart.anchor
    return abs(one[0].area[0] - top) <= 1 and abs(one[0].area[1] - left) <= 1


def _now(s: Subject, place: object) -> str:
    """A reference of the build as the file writes it now."""
    return s.as_now(place.on(""))  # type: ignore[attr-defined]


def _place(s: Subject, sheet: str, where: str, chart: Chart, item: Laid) -> Iterator[Fault]:
    """A chart that stands where nobody looks, or is drawn too small to be read."""
    cells = s.mailed.cells(sheet)
    last, end = max((row for row, _ in cells), default=1), max((col for _, col in cells), default=1)
    if item.area[0] > last + AWAY or item.area[1] > end + AWAY:
        yield Fault(
            where, f"moved to {named(item.area)}, away from all else: nobody finds it", "in sight", FIX, WARNING
        )
    if not item.printed:
        yield Fault(where, "left out on paper and in a PDF", "a chart that is printed", FIX, WARNING)
    top, left, bottom, right = chart.anchor
    now = (item.area[2] - item.area[0] + 1, item.area[3] - item.area[1] + 1)
    if not item.small and any(4 * n < was for n, was in zip(now, (bottom - top, right - left + 1), strict=True)):
        found = f"drawn over {now[0]} rows and {now[1]} columns: nobody reads it"
        yield Fault(where, found, f"{bottom - top} rows and {right - left + 1} columns", FIX, WARNING)


def _compared(s: Subject, where: str, chart: Chart, one: Drawn) -> Iterator[Fault]:
    item, read = one
    if item.small or item.hidden:
        found = "hidden: nobody sees it" if item.hidden else "drawn without any size: nobody sees it"
        yield Fault(where, found, "the chart in sight", FIX, ERROR)
    if item.told and chart.alt and item.told.split() != chart.alt.split():
        found = f"its words for who cannot see it say {item.told[:80]!r}"
        yield Fault(where, found, chart.alt[:80], FIX, WARNING)
    for part in s.package.related(item.chart, "chartUserShapes"):
        words = " ".join(text.text or "" for text in s.package.tree(part).iter("{*}t")).strip()
        found = (
            f"a shape drawn in the chart{f' says {words[:60]!r}' if words else ''}: a reader takes it for the model's"
        )
        yield Fault(where, found, "nothing over the curves", "delete it", ERROR)
    yield from _series(s, where, chart, read)
    yield from _titles(s, where, chart, read)
    yield from axes(where, chart, read)
    yield from _frame(where, chart, read)


def _series(s: Subject, where: str, chart: Chart, read: DrawnChart) -> Iterator[Fault]:
    left = list(read.lines)
    for series in chart.series:
        line = next((one for one in left if _reads(s, one.ys, series.ys) and _reads(s, one.xs, series.xs)), None)
        if line is None:
            line = next((one for one in left if _reads(s, one.ys, series.ys) or _reads(s, one.name, series.name)), None)
        if line is None:
            place = chart.series.index(series)
            line = read.lines[place] if len(read.lines) == len(chart.series) and read.lines[place] in left else None
        name = s.mailed.value(series.name.sheet, series.name.row, series.name.col) or series.name.a1
        if line is None:
            yield Fault(where, f"the series {name} is not drawn", f"a series of {series.ys.on('')}", FIX, ERROR)
            continue
        left.remove(line)
        yield from _one_series(s, where, str(name), series, line)
    for line in left:
        of = line.ys.ref if line.ys and line.ys.ref else "typed numbers"
        yield Fault(
            where, f"a further series of {of}, which the build does not draw", "the series of the build", FIX, WARNING
        )
    if read.dropped:
        yield Fault(where, f"{read.dropped} series left out by the chart's filter", "all series", FIX, ERROR)
    for ref in read.outside:
        yield Fault(where, f"draws {ref[:100]}, another workbook", "cells of this workbook", FIX, ERROR)


def _one_series(s: Subject, where: str, name: str, series: Series, line: DrawnSeries) -> Iterator[Fault]:
    swapped = _reads(s, line.xs, series.ys) and _reads(s, line.ys, series.xs)
    if swapped:
        yield Fault(
            where, f"the series {name} has its axes swapped: x is drawn as y", f"y of {series.ys.on('')}", FIX, ERROR
        )
        return
    for source, area, what in (
        (line.ys, series.ys, "values"),
        (line.xs, series.xs, "positions"),
        (line.name, series.name, "name"),
    ):
        if _reads(s, source, area):
            continue
        found = "typed numbers" if source and source.typed else source.ref if source else "nothing"
        believed = "a legend that names another" if what == "name" else f"numbers that are not those of {name}"
        yield Fault(
            where, f"the {what} of {name} come from {found}: a reader sees {believed}", _now(s, area), FIX, ERROR
        )
    if series.hue and not line.seen:
        yield Fault(where, f"the series {name} is drawn without colour: nobody sees it", "a colour", FIX, ERROR)
    elif line.bare:
        found = f"points of {name} without colour, {len(line.bare)} in all: nobody sees them"
        yield Fault(where, found, "a colour", FIX, ERROR)
    if line.extras:
        found = f"a trend line or error bars over {name}: they look measured"
        yield Fault(where, found, "what was measured", FIX, WARNING)
    if line.smooth:
        found = f"the line of {name} is smoothed: it swings past what was measured"
        yield Fault(where, found, "straight from point to point", FIX, WARNING)
    if line.labels:
        yield Fault(
            where, f"typed labels on {name}: {', '.join(line.labels)[:60]}", "labels that follow the cells", FIX, ERROR
        )


def _reads(s: Subject, source: ChartReference | None, area: object) -> bool:
    return source is not None and canonical(source.ref) == canonical(_now(s, area))


def _titles(s: Subject, where: str, chart: Chart, read: DrawnChart) -> Iterator[Fault]:
    shown = s.mailed.value(chart.title.sheet, chart.title.row, chart.title.col)
    if read.title is None and not read.words:
        yield Fault(where, "no title", f"the title in {_now(s, chart.title)}", FIX, WARNING)
    elif read.title is None and read.words.split() != str(shown or "").split():
        found = f"a typed title {read.words[:80]!r}: it no longer follows the numbers"
        yield Fault(where, found, f"the title in {_now(s, chart.title)}: {str(shown)[:80]!r}", FIX, ERROR)
    elif read.title is not None and not _reads(s, read.title, chart.title):
        yield Fault(where, f"its title comes from {read.title.ref}", _now(s, chart.title), FIX, ERROR)
    yield from swapped(where, chart, read)
    held = {" ".join(axis.title.split()) for axis in read.axes if axis.title}
    for title in filter(None, (chart.x_title, chart.y_title)):
        if " ".join(title.split()) not in held:
            other = next((text for text in held if text not in (chart.x_title, chart.y_title)), "")
            found = (
                f"an axis called {other!r}: the numbers read in another unit" if other else f"no axis called {title!r}"
            )
            yield Fault(where, found, title, FIX, ERROR if other else WARNING)


def _frame(where: str, chart: Chart, read: DrawnChart) -> Iterator[Fault]:
    kind = _PLOTS.get(chart.kind, "")
    if kind and any(plot != kind for plot in read.plots):
        yield Fault(where, f"drawn as {', '.join(read.plots)}", kind, FIX, WARNING)
    if kind.startswith("barChart") and read.grouping and read.grouping != ("stacked" if chart.stacked else "clustered"):
        found = f"bars that are {read.grouping}: their ends stand for other numbers"
        yield Fault(where, found, "stacked" if chart.stacked else "clustered", FIX, ERROR)
    if read.overlap > HALF and not chart.stacked and len(chart.series) > 1:
        yield Fault(where, "bars that cover each other: of two only one is seen", "bars side by side", FIX, ERROR)
    if read.blanks == "zero":
        yield Fault(where, "missing numbers are drawn as zero", "a gap where no number is", FIX, ERROR)
    if chart.legend and not read.legend and len(chart.series) > 1:
        yield Fault(where, "no legend: nobody can tell the series apart", "a legend", FIX, WARNING)
    elif read.struck:
        found = f"names taken out of the legend, {read.struck} in all: nobody can tell whose series those are"
        yield Fault(where, found, "all names", FIX, WARNING)
    yield from _looks(where, chart, read)


def _looks(where: str, chart: Chart, read: DrawnChart) -> Iterator[Fault]:
    """Words and lines that nobody can see or tell apart."""
    words = sorted({w.words for w in read.words_look if w.ink and w.ground and contrast(w.ink, w.ground) < FAINT})
    small = sorted({w.words for w in read.words_look if w.size is not None and w.size < TINY})
    symbols = sorted({w.words for w in read.words_look if not Look(font=w.font).letters})
    seen = (
        (words, "cannot be seen"),
        (small, "are too small to be read"),
        (symbols, "are written in pictures for letters"),
    )
    for names, found in seen:
        if names:
            yield Fault(where, f"{', '.join(names)} {found}", "words in sight", FIX, WARNING)
    if read.pictures:
        yield Fault(
            where, "a picture behind the curves: a reader takes what it shows for measured", "paper", FIX, WARNING
        )
    if read.extent < SQUEEZED:
        yield Fault(where, "a plot squeezed into a corner of its frame: nobody reads it", "a plot in full", FIX, ERROR)
    pale = [line for line in read.lines if line.hues and all(contrast(hue, "FFFFFF") < PALE for hue in line.hues)]
    if pale:
        found = f"series as pale as the paper, {len(pale)} in all: nobody sees them"
        yield Fault(where, found, "their colours", FIX, ERROR)
    first = [line.hues[0] for line in read.lines if line.hues]
    if len({s.hue for s in chart.series}) == len(chart.series) == len(first) > len(set(first)):
        yield Fault(where, "series in one colour: nobody can tell them apart", "a colour for each", FIX, WARNING)


RULES = (AuditRule("chart", ERROR, "a chart is believed before any number is read", charts),)
