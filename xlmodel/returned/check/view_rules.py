"""Rules about what a reader does not see coming: sheets selected together, values that wait, charts switched off."""

from collections.abc import Iterator

from lxml import etree

from xlmodel.book.refs import corners, position
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import same
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.areas import covers
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.xlsx.parts import MAIN, finite
from xlmodel.xlsx.raw_cells import TRUE

WINDOW = 1500  # twentieths of a point, about two rows, below which a window shows nothing
SMALLEST = 25  # per cent of a view at which nothing of a build can be read


def together(s: Subject) -> Iterator[Fault]:
    """Sheets that are selected together: what is typed into one goes into all."""
    chosen = [
        name
        for name in s.package.sheets
        if any(view.get("tabSelected") in TRUE for view in s.package.grid(name).rest.iter(MAIN + "sheetView"))
    ]
    if len(chosen) > 1 and set(chosen) & set(s.mailed.sheets.values()):
        more = f" and {len(chosen) - 3} more" if len(chosen) > 3 else ""
        found = f"sheets selected together: what a reader types into one goes into the same cell of all {len(chosen)}"
        yield Fault(
            f"sheet {', '.join(chosen[:3])}{more}", found, "one sheet selected", "right-click a tab, Ungroup Sheets"
        )


def waiting(s: Subject) -> Iterator[Fault]:
    """Scenarios of Excel's own that put other values into cells of the model."""
    for sheet, now in s.mailed.sheets.items():
        for scenario in s.rest(sheet).iter(MAIN + "scenario"):
            for cell in scenario.iter(MAIN + "inputCells"):
                a1, text = cell.get("r", ""), cell.get("val", "")
                held, number = s.mailed.book.value(now, *position(a1)), finite(text)
                alike = same(held, number, 1e-12) if is_number(held) and number is not None else str(held or "") == text
                if not alike:
                    found = f"the scenario {scenario.get('name', '')!r} puts {text[:40]} here, where {said(held)} stands, when it is shown"
                    fix = "delete it: Data, What-If Analysis, Scenario Manager; the workbook has scenarios of its own"
                    yield Fault(f"{now}!{a1}", found, "one value that a reader sees", fix)
                    break


def unapplied(s: Subject) -> Iterator[Fault]:
    """Filters that are set and not yet applied: rows vanish when somebody presses Reapply, or sorts."""
    for sheet, now in s.mailed.sheets.items():
        tables = s.package.related(s.package.sheets[now], "table")
        for root in (s.rest(sheet), *map(s.package.tree, tables)):
            for held in root.iter(MAIN + "autoFilter"):
                if rows := _to_go(s, sheet, held):
                    where = f"sheet {now}, rows {held.get('ref', '')}"
                    found = f"a filter that is set and not applied: {rows} rows in sight vanish at the next Reapply"
                    yield Fault(where, found, "no filter, or one whose rows are gone", "Data, Clear", WARNING)


def pivots(s: Subject) -> Iterator[Fault]:
    """Pivot tables over cells of the build."""
    for sheet, now in s.mailed.sheets.items():
        for part in s.package.related(s.package.sheets[now], "pivotTable"):
            place = s.package.tree(part).find(MAIN + "location")
            area = corners(place.get("ref", "A1")) if place is not None else (0, 0, 0, 0)
            if first := min((at for at in s.dressed.get(sheet, ()) if covers(area, at)), default=None):
                found = "a pivot table stands here: at its next refresh it writes over the model"
                yield Fault(s.where(sheet, *first), found, "pivot tables on own sheets", "delete it", WARNING)


def _to_go(s: Subject, sheet: str, held: etree._Element) -> int:
    """Rows in sight that a filter leaves out; all of them where it says more than a list of values and hides none."""
    top, left, bottom, _ = corners(held.get("ref", "A1"))
    shut = set(s.package.grid(s.mailed.sheets[sheet]).hidden_rows)
    seen = [row for row in range(top + 1, bottom + 1) if row not in shut]
    for column in held.iter(MAIN + "filterColumn"):
        col = left + int(column.get("colId", "0"))
        values = column.find(MAIN + "filters")
        if values is not None and values.find(MAIN + "dateGroupItem") is None:
            let = {v.get("val", "").casefold() for v in values.iter(MAIN + "filter")}
            blank = values.get("blank") in TRUE
            texts = [str(s.mailed.value(sheet, row, col) or "").casefold() for row in seen]
            gone = sum(text not in let and not (blank and not text) for text in texts if _words(text))
        else:
            gone = len(seen) if len(column) and len(seen) == bottom - top else 0
        if gone:
            return gone
    return 0


def _words(text: str) -> bool:
    """Whether a filter writes a value as the cell does: numbers follow their formats."""
    return finite(text) is None


def switched_off(s: Subject) -> Iterator[Fault]:
    """Charts that the workbook does not show, sheets that cannot be read as they open, and a window that opens small."""
    root = s.package.tree("xl/workbook.xml")
    properties = root.find(MAIN + "workbookPr")
    if properties is not None and properties.get("showObjects", "all") != "all":
        yield Fault("setting", "charts and pictures are not shown", "charts in sight", "press Ctrl+6", ERROR)
    for sheet, now in s.mailed.sheets.items():
        for view in s.rest(sheet).iter(MAIN + "sheetView"):
            if view.get("rightToLeft") in TRUE:
                found = "laid out from right to left: tables and what stands beside them change sides"
                yield Fault(f"sheet {now}", found, "from left to right", "Page Layout, Sheet Right-to-Left", WARNING)
            if (scale := finite(view.get("zoomScale") or "100")) is not None and scale < SMALLEST:
                yield Fault(f"sheet {now}", f"a zoom of {scale:g} %: nobody reads it", "100 %", "View, 100%", WARNING)
    windows = list(root.iter(MAIN + "workbookView"))
    sizes = [finite(window.get(side, "")) or WINDOW for window in windows for side in ("windowWidth", "windowHeight")]
    if min(sizes, default=WINDOW) < WINDOW:
        yield Fault("setting", "a window too small to show a cell", "a window in sight", "drag it larger", WARNING)
    if any(view.get("minimized") in TRUE for view in windows):
        yield Fault("setting", "a window that opens minimized", "a window in sight", "restore it", WARNING)


RULES = (
    AuditRule("together", WARNING, "a number typed into one sheet overwrites the same cell of all others", together),
    AuditRule("waiting", WARNING, "values that are kept aside replace those in sight without a word", waiting),
    AuditRule("unapplied", WARNING, "a filter that waits takes rows away when nobody expects it", unapplied),
    AuditRule("pivots", WARNING, "a pivot table writes where it stands, without a word", pivots),
    AuditRule("switched-off", ERROR, "what the workbook is told not to show is missed by nobody", switched_off),
)
