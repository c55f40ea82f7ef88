"""The values behind every chart reference, so that previews and Protected View can draw it."""

from dataclasses import dataclass

from lxml import etree

from xlmodel.xlsx.passes import CHART, Parts, ValueAt, fill_values, places_of, serialized


@dataclass
class _Chart:
    """One chart: its tree, where each of its references leads, and what it drew last."""

    tree: etree._Element
    references: list[tuple[etree._Element, str, list[tuple[int, int]]]]
    said: str = ""
    data: bytes = b""


class ChartCaches:
    """All charts of a package; one whose values stay keeps its part."""

    def __init__(self, parts: Parts) -> None:
        self._charts: dict[str, _Chart] = {}
        for name in [name for name in parts if name.startswith("xl/charts/chart")]:
            tree = etree.fromstring(parts.pop(name))
            found = tree.iter(f"{{{CHART}}}numRef", f"{{{CHART}}}strRef")
            self._charts[name] = _Chart(tree, [(reference, *places_of(reference)) for reference in found])

    def filled(self, value_at: ValueAt) -> Parts:
        """The parts of the charts with the values of a book."""
        return {name: _filled(chart, value_at) for name, chart in self._charts.items()}


def _filled(chart: _Chart, value_at: ValueAt) -> bytes:
    values = [[value_at(sheet, row, col) for row, col in cells] for _, sheet, cells in chart.references]
    said = repr(values)  # which tells TRUE from 1
    if said != chart.said:
        for (reference, _, _), held in zip(chart.references, values, strict=True):
            fill_values(reference, held)
        chart.said, chart.data = said, serialized(chart.tree)
    return chart.data
