"""Names of the areas that hold what people type, for a function that reads the workbook itself.

It must not read formulas: while Excel calculates they may still show their old values. From these areas the
Python model computes everything anew (`xlmodel.udf.calling`).
"""

from collections.abc import Mapping

from xlmodel.book.graph import Graph
from xlmodel.book.places import CHOSEN, SCENARIOS, Places
from xlmodel.book.record_rows import PLATFORM_FIELDS, POINT_FIELDS, QUOTE_FIELDS
from xlmodel.calc.address import Area, Ref
from xlmodel.model.ownership import UNITS
from xlmodel.model.variants import VARIED


def areas(p: Places, g: Graph) -> dict[str, Area]:
    """Name -> area; those of tables begin with the row of headings, and typed rows follow under another name."""
    points, quotes, facts = (
        _table(g, "points", POINT_FIELDS), _table(g, "quotes", QUOTE_FIELDS), _table(g, "platforms", PLATFORM_FIELDS),
    )  # fmt: skip
    assumed = [g.find(f"typed.{who}.{name}").ref() for name in VARIED for who in ("scenario", *SCENARIOS[1:])]
    return {
        "in_points": points.rows(-1, len(p.inputs.points) - 1),
        "in_points_typed": points.rows(len(p.inputs.points)),
        "in_quotes": quotes.rows(-1, len(p.inputs.quotes) - 1),
        "in_quotes_typed": quotes.rows(len(p.inputs.quotes)),
        "in_prices": g.area("prices.platform").to(g.area("prices.own")),
        "in_platforms": facts.rows(-1),
        "in_snapshots": g.area("menu.snapshots").rows(0, len(p.inputs.snapshots) - 1),
        "in_chosen": _span([g.find(f"scenario.{name}").ref() for name in CHOSEN]),
        "in_active": g.find("naming.active").area,
        "in_scenarios": g.area("naming.names"),
        "in_assumed": _span(assumed),
        "in_ownership": _span([g.find(f"ownership.{name}").ref() for name in UNITS]),
        "in_capital": g.area("ownership.own_capital"),
    }


def _table(g: Graph, key: str, fields: Mapping[str, str]) -> Area:
    """All records of a table, spare rows included."""
    names = list(fields.values())
    return g.area(f"{key}.{names[0]}").to(g.area(f"{key}.{names[-1]}"))


def _span(cells: list[Ref]) -> Area:
    """The area of cells that stand side by side, in order."""
    area = Area(cells[0].sheet, cells[0].row, cells[0].col, cells[-1].row, cells[-1].col)
    if len(cells) != (area.last_row - area.row + 1) * (area.last_col - area.col + 1):
        raise ValueError(f"the inputs of {area.sheet}!{area.a1} do not stand together")
    return area
