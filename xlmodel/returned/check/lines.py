"""Rules about what is out of sight: rows, columns and sheets hidden, filtered, folded, flat, or above frozen rows."""

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from xlmodel.book.refs import corners
from xlmodel.calc.address import letters
from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.subject import Subject
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.raw_cells import TRUE

FLAT, THIN = 6.0, 0.8  # height in points and width in characters that show nothing

LOW, CAPITALS = 12.0, 0.9  # points below which a row may cut its letters, and the share of their size that they need


def hidden(s: Subject) -> Iterator[Fault]:
    """Sheets, rows and columns out of sight."""
    yield from sheets(s)
    yield from lines(s)


def lines(s: Subject) -> Iterator[Fault]:
    """Rows and columns out of sight, by hand, by a filter, folded away, or made flat."""
    for sheet in s.mailed.sheets:
        grid = s.package.grid(s.mailed.sheets[sheet])
        flat = {row for row, height in grid.heights.items() if height < FLAT}
        rows = sorted(set(grid.hidden_rows) | flat)
        cols = sorted(set(_hidden_columns(grid.rest)) | {c for c, w in column_widths(grid.rest) if w < THIN})
        yield from _out_of_sight(s, sheet, rows, cols)
        yield from _cut(s, sheet, {row: height for row, height in grid.heights.items() if FLAT < height < LOW})
        yield from _defaults(s, sheet, grid.rest)


def _out_of_sight(s: Subject, sheet: str, rows: list[int], cols: list[int]) -> Iterator[Fault]:
    if not rows and not cols:
        return
    held = _content(s, sheet)
    filtered = _filtered(s, sheet)
    for axis, kind, numbers in ((0, "row", rows), (1, "column", cols)):
        for first, last in stretches(numbers):
            inside = [at for at in held if first <= at[axis] <= last]
            name = (f"{first}", f"{last}") if axis == 0 else (letters(first), letters(last))
            where = f"sheet {s.mailed.sheets[sheet]}, {kind} {name[0]}" + (f" to {name[1]}" if last > first else "")
            if not any(at in s.dressed.get(sheet, ()) for at in inside):
                found = "hidden, with own cells only" if inside else "hidden, and empty"
                yield Fault(where, found, "every line in sight", "nothing, or unhide it", NOTE)
                continue
            by_filter = axis == 0 and any(top <= first and last <= bottom for top, _, bottom, _ in filtered)
            said_ = "left out by a filter" if by_filter else "hidden"
            grave = WARNING if by_filter or _is_work(s, sheet) else ERROR
            if _read_by_charts(s, sheet, axis, first, last):
                grave = ERROR
                said_ += ", so a chart leaves it out"
            found = f"{said_}: {_named(s, sheet, inside)}; totals and results still count what nobody sees"
            yield Fault(where, found, "every line in sight", "unhide it, or clear the filter", grave)


def _cut(s: Subject, sheet: str, low: Mapping[int, float]) -> Iterator[Fault]:
    """Rows lower than the letters in them."""
    letters_ = dict.fromkeys(low, 0.0)
    for at, cell in s.mailed.cells(sheet).items() if low else ():
        if at[0] in low and at in s.dressed.get(sheet, ()) and cell.stored:
            letters_[at[0]] = max(letters_[at[0]], s.looks.at(cell.style).size)
    for row, size in letters_.items():
        if low[row] < CAPITALS * size:
            found = f"{low[row]:g} points high under letters of {size:g}: they are cut through"
            where = f"sheet {s.mailed.sheets[sheet]}, row {row}"
            yield Fault(where, found, "rows as high as their letters", "Format, AutoFit Row Height", WARNING)


def _content(s: Subject, sheet: str) -> list[Place]:
    return [at for at, cell in s.mailed.cells(sheet).items() if cell.stored is not None or cell.formula is not None]


def _is_work(s: Subject, sheet: str) -> bool:
    """Whether a sheet only works for others."""
    built = s.described.get(sheet)
    return built is not None and built.kind == "workings"


def _named(s: Subject, sheet: str, inside: list[Place]) -> str:
    """The first words on lines that are out of sight."""
    texts = (s.mailed.value(sheet, *at) for at in sorted(inside))
    words = list(dict.fromkeys(t for t in texts if isinstance(t, str) and 1 < len(t) < 40))[:3]
    return f"{len(inside)} cells" + (f" with {', '.join(words)}" if words else "")


def _filtered(s: Subject, sheet: str) -> list[tuple[int, int, int, int]]:
    """Ranges with a filter that is set."""
    roots = [s.rest(sheet)]
    roots += [s.package.tree(t) for t in s.package.related(s.package.sheets[s.mailed.sheets[sheet]], "table")]
    return [
        corners(filter_.get("ref", "A1"))
        for root in roots
        for filter_ in root.iter(MAIN + "autoFilter")
        if filter_.find(MAIN + "filterColumn") is not None
    ]


def _read_by_charts(s: Subject, sheet: str, axis: int, first: int, last: int) -> bool:
    for built in s.described.values():
        for chart in built.charts:
            for series in chart.series:
                a = series.ys
                span = (a.row, a.last_row) if axis == 0 else (a.col, a.last_col)
                if a.sheet == sheet and span[0] <= last and first <= span[1]:
                    return True
    return False


def _defaults(s: Subject, sheet: str, rest: etree._Element) -> Iterator[Fault]:
    """Lines that are out of sight because all of them are by default, zeros, and rows above a frozen pane."""
    where = f"sheet {s.mailed.sheets[sheet]}"
    usual = rest.find(MAIN + "sheetFormatPr")
    if usual is not None and (usual.get("zeroHeight") in TRUE or float(usual.get("defaultRowHeight", "15")) < FLAT):
        yield Fault(
            where,
            "rows have no height unless they are given one",
            "every line in sight",
            "select all, Format, Row Height",
            ERROR,
        )
    if usual is not None and float(usual.get("defaultColWidth", "9")) < THIN:
        found = "columns have no width unless they are given one"
        yield Fault(where, found, "every column in sight", "select all, Format, Column Width", ERROR)
    for view in rest.iter(MAIN + "sheetView"):
        if view.get("showZeros") in ("0", "false"):
            yield Fault(
                where,
                "zeros are not shown: a cell of 0 looks empty",
                "zeros in sight",
                "File, Options, Advanced",
                ERROR,
            )
        if view.get("showFormulas") in TRUE:
            yield Fault(where, "formulas are shown instead of numbers", "numbers", "press Ctrl+`", WARNING)
        pane = view.find(MAIN + "pane")
        frozen = pane is not None and pane.get("state", "").startswith("frozen")
        top, left = corners(view.get("topLeftCell") or "A1")[:2] if frozen else (1, 1)
        if top > 1:
            found = f"rows 1 to {top - 1} lie above the frozen rows, where nobody can scroll"
            yield Fault(where, found, "frozen from the first row", "View, Unfreeze Panes", ERROR)
        if left > 1 and pane is not None and float(pane.get("xSplit", "0")):
            found = f"columns A to {letters(left - 1)} lie left of the frozen ones, where nobody can scroll"
            yield Fault(where, found, "frozen from the first column", "View, Unfreeze Panes", ERROR)


def column_widths(rest: etree._Element) -> Iterator[tuple[int, float]]:
    """Width of each column that is given one."""
    for col in rest.iter(MAIN + "col"):
        first, last = int(col.get("min", "1")), int(col.get("max", "1"))
        if col.get("width"):
            for number in range(first, min(last, first + 500) + 1):
                yield number, float(col.get("width", "8.43"))


def _hidden_columns(rest: etree._Element) -> Iterator[int]:
    for col in rest.iter(MAIN + "col"):
        if col.get("hidden") in TRUE:
            first = int(col.get("min", "1"))
            yield from range(first, min(int(col.get("max", "1")), first + 500) + 1)


def stretches(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of numbers that follow each other."""
    first = last = None
    for number in sorted(numbers):
        if last is not None and number == last + 1:
            last = number
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = number
    if first is not None and last is not None:
        yield first, last


def sheets(s: Subject) -> Iterator[Fault]:
    """Sheets out of sight, and tabs that are."""
    generated: Mapping[str, str] = {now: name for name, now in s.mailed.sheets.items()}
    for name, state in s.mailed.states.items():
        if state != "visible":
            never = state == "veryHidden"
            found = "hidden so that no menu shows it" if never else "hidden"
            own = name not in generated  # people put their workings aside
            grave = (WARNING if never else NOTE) if own else ERROR if never else WARNING
            yield Fault(f"sheet {name}", found, "every sheet in sight", "show it: right-click a tab, Unhide", grave)
    for view in s.package.tree("xl/workbook.xml").iter(MAIN + "workbookView"):
        if view.get("showSheetTabs") in ("0", "false"):
            yield Fault(
                "setting",
                "no tabs: nobody sees which sheets there are",
                "tabs in sight",
                "File, Options, Advanced",
                WARNING,
            )
        if view.get("visibility", "visible") != "visible":
            yield Fault("setting", "a hidden window", "the window in sight", "View, Unhide", WARNING)
    for view in s.package.tree("xl/workbook.xml").iter(MAIN + "customWorkbookView"):
        yield from _views(s, view.get("name", ""), view.get("guid", ""))


def _views(s: Subject, name: str, guid: str) -> Iterator[Fault]:
    """Views under which lines or zeros are out of sight."""
    for sheet in s.mailed.sheets:
        for view in s.rest(sheet).iter(MAIN + "customSheetView"):
            hides = [word for word in ("hiddenRows", "hiddenColumns", "filter") if view.get(word) in TRUE]
            hides += ["zeros"] if view.get("zeroValues") in ("0", "false") else []
            if view.get("guid") == guid and (hides or view.get("state", "visible") != "visible"):
                found = f"the view {name} hides {', '.join(hides) or 'the sheet'}"
                yield Fault(
                    f"sheet {s.mailed.sheets[sheet]}",
                    found,
                    "views that show all",
                    "View, Custom Views, delete it",
                    WARNING,
                )


RULES = (
    AuditRule("hidden", WARNING, "what is hidden is not reviewed, and still counts or is missing from a chart", hidden),
)
