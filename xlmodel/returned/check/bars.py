"""Rules about bars in cells: which way they run, and where they begin and end."""

from collections.abc import Iterator

from lxml import etree

from xlmodel.book.refs import corners
from xlmodel.calc.arithmetic import is_number
from xlmodel.returned.check import WARNING, AuditRule, Fault
from xlmodel.returned.check.areas import Corners, covers
from xlmodel.returned.check.protection_rules import named
from xlmodel.returned.check.subject import Subject
from xlmodel.xlsx.parts import finite


def bars(s: Subject) -> Iterator[Fault]:
    """Bars over cells of the model whose length says another thing than the numbers."""
    for sheet in s.described:
        for block in s.rest(sheet).iter("{*}conditionalFormatting"):  # those of Excel's extensions as well
            text = block.get("sqref") or block.findtext("{*}sqref") or ""
            areas = [corners(part) for part in text.split()[:500]]
            for bar in block.iterfind("{*}cfRule/{*}dataBar") if areas else ():
                numbers = [float(n) for n in _numbers(s, sheet, areas)]
                if numbers and (found := _wrong(bar, numbers)):
                    where = f"{s.mailed.sheets[sheet]}!{named(areas[0])}"
                    fix = "delete them, or edit the rule: Home, Conditional Formatting, Manage Rules"
                    yield Fault(where, found, "bars as long as their numbers", fix, WARNING)


def _numbers(s: Subject, sheet: str, areas: list[Corners]) -> Iterator[float]:
    cells = s.mailed.cells(sheet)
    for at in s.dressed[sheet]:
        if any(covers(area, at) for area in areas):
            value = s.package.value(cells[at]) if at in cells else None
            if is_number(value):
                yield float(value)


def _wrong(bar: etree._Element, numbers: list[float]) -> str:
    """What a bar makes a reader believe that the numbers do not say; empty for nothing."""
    ends = list(bar.iterfind("{*}cfvo"))
    kinds = [end.get("type", "") for end in ends]
    low, high = (_bound(end) for end in ends) if len(ends) == 2 else (None, None)
    if bar.get("direction") == "rightToLeft":
        return "bars that run from right to left, unlike all others of the workbook"
    if kinds == ["max", "min"] or (low is not None and high is not None and low > high):
        return "bars that end where they should begin: the least number has the longest bar"
    if high is not None and high < max(numbers) * (1 - 1e-9):
        return f"bars that end at {high:g}, although numbers go to {max(numbers):g}: all above look alike"
    if low is not None and low > 0 and min(numbers) < low * (1 - 1e-9):
        return f"bars that begin at {low:g}, although numbers go down to {min(numbers):g}: all below look like nothing"
    return ""


def _bound(end: etree._Element) -> float | None:
    """The number at which bars end or begin, where it does not follow the cells."""
    return finite(end.get("val") or end.findtext("{*}f") or "") if end.get("type") == "num" else None


RULES = (AuditRule("bars", WARNING, "the length of a bar is read before its number", bars),)
