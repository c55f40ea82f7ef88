"""Rules about what a reader does not see coming: sheets selected together, values that wait, charts switched off."""

from collections.abc import Iterator

from xlmodel.book.refs import position
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import same
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.xlsx.parts import MAIN, finite
from xlmodel.xlsx.raw_cells import TRUE


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


def switched_off(s: Subject) -> Iterator[Fault]:
    """Charts that the workbook does not show, and a window that opens small."""
    root = s.package.tree("xl/workbook.xml")
    properties = root.find(MAIN + "workbookPr")
    if properties is not None and properties.get("showObjects", "all") != "all":
        yield Fault("setting", "charts and pictures are not shown", "charts in sight", "press Ctrl+6", ERROR)
    if any(view.get("minimized") in TRUE for view in root.iter(MAIN + "workbookView")):
        yield Fault("setting", "a window that opens minimized", "a window in sight", "restore it", WARNING)


RULES = (
    AuditRule("together", WARNING, "a number typed into one sheet overwrites the same cell of all others", together),
    AuditRule("waiting", WARNING, "values that are kept aside replace those in sight without a word", waiting),
    AuditRule("switched-off", ERROR, "what the workbook is told not to show is missed by nobody", switched_off),
)
