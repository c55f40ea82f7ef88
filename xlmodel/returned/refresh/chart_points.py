"""The points stored behind every chart, after results were stored anew: previews draw them."""

from collections.abc import Mapping

from lxml import etree

from xlmodel.calc.values import Value
from xlmodel.returned.check.caches import MAX_POINTS
from xlmodel.returned.check.formulas import Cell
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.explain.trace import area_of
from xlmodel.xlsx.chart_looks import CHART
from xlmodel.xlsx.graft import Parts
from xlmodel.xlsx.passes import fill_cache, serialized


def chart_points(s: Subject, results: Mapping[Cell, Value]) -> Parts:
    """The chart parts whose points change.

    Args:
        s: the refreshed workbook.
        results: results that are stored anew, by sheet and cell; all others are as the file has them.
    """
    now = {(s.mailed.sheets.get(sheet, sheet), at): value for (sheet, at), value in results.items()}

    def value_at(sheet: str, row: int, col: int) -> Value:
        return now[sheet, (row, col)] if (sheet, (row, col)) in now else s.mailed.book.value(sheet, row, col)

    found: Parts = {}
    for part in [name for name in s.package.data if name.startswith("xl/charts/chart") and name.endswith(".xml")]:
        root = etree.fromstring(s.package.data[part])
        for reference in root.iter(f"{CHART}numRef", f"{CHART}strRef"):
            if reference.find(f"{CHART}numCache") is None and reference.find(f"{CHART}strCache") is None:
                continue  # a chart that stores no points
            area = area_of(reference.findtext(f"{CHART}f") or "", "", s.mailed.book)
            if (
                area is not None
                and area.count <= MAX_POINTS
                and not _holds_hidden(s, area.sheet, area.top, area.bottom)
            ):
                fill_cache(reference, value_at)
        data = serialized(root)
        if data != serialized(etree.fromstring(s.package.data[part])):
            found[part] = data
    return found


def _holds_hidden(s: Subject, sheet: str, top: int, bottom: int) -> bool:
    """Whether a range has hidden rows, which a chart leaves out."""
    return any(top <= row <= bottom for row in s.package.grid(sheet).hidden_rows)
