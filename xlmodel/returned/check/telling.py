"""How findings are told: cells that follow each other as one, values short, places as a reader finds them."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from xlmodel.book.built import Mark
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.returned.check import Fault
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.subject import Subject

SHOWN = 90  # characters of a formula in a finding

Hit = tuple[Place, str, str]  # where, what was found, what was expected


def grouped(s: Subject, sheet: str, hits: Iterable[Hit], fix: str, severity: str = "") -> Iterator[Fault]:
    """Faults of one column that follow each other count as one."""
    ordered = sorted(hits, key=lambda hit: (hit[0][1], hit[0][0]))
    for _, run in groupby(enumerate(ordered), key=lambda item: (item[1][0][1], item[1][0][0] - item[0])):
        found = [hit for _, hit in run]
        (row, col), what, expected = found[0]
        where = s.where(sheet, row, col)
        if len(found) > 1:
            where += f":{letters(col)}{found[-1][0][0]}"
            what = f"{what} and so on, {len(found)} cells"
        yield Fault(where, what, expected, fix, severity)


def as_one(s: Subject, sheet: str, hits: Iterable[Hit], fix: str, severity: str = "", most: int = 6) -> Iterator[Fault]:
    """Faults of one kind on one sheet: a few one by one, many as a single one that lists them."""
    found = list(grouped(s, sheet, hits, fix, severity))
    if len(found) <= most:
        yield from found
        return
    cells = tuple(f"{fault.where}: {fault.found}" for fault in found)
    more = f" and {len(found) - 3} more places"
    where = ", ".join(fault.where for fault in found[:3]) + more
    yield Fault(where, f"{found[0].found}; the same in {len(found)} places", found[0].expected, fix, severity, cells)


def cut(text: str) -> str:
    """A long text short."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def said(value: Value | Mark) -> str:
    """A value as a finding shows it."""
    if value is None or value == "":
        return "nothing"
    return repr(cut(value)) if isinstance(value, str) else f"{value:.10g}" if isinstance(value, float) else str(value)
