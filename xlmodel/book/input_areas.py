"""Names of the areas that hold what people type, for a function that reads the workbook itself.

It must not read formulas: while Excel calculates they may still show their old values. From these areas the
Python model computes everything anew (`xlmodel.udf.calling`).
"""

from xlmodel.book.graph import Graph
from xlmodel.book.places import CHOSEN, PLATFORMS, PRICES, SCENARIOS, Places
from xlmodel.book.rows import PLATFORM_FIELDS, QUOTE_FIELDS
from xlmodel.calc.address import Area, Ref
from xlmodel.model.ownership import UNITS
from xlmodel.model.variants import VARIED


def areas(p: Places, g: Graph) -> dict[str, Area]:
    """Name -> area; those of tables begin with the row of headings, and typed rows follow under another name."""
    points, quotes = (p.points(name) for name in ("Model", "Note")), p.quotes("Platform")
    first, last = points
    above, built = quotes.row - 1, quotes.row + len(p.inputs.quotes) - 1
    wide = quotes.col + len(QUOTE_FIELDS) - 1
    facts = p.platform_fact(1)
    snapshots, active = p.menu("snapshots"), p.naming("active")
    assumed = [p.typed_choice(name, number) for name in VARIED for number in range(1, len(SCENARIOS) + 1)]
    return {
        "in_points": Area(first.sheet, first.row - 1, first.col, p.last_built, last.col),
        "in_points_typed": Area(first.sheet, p.last_built + 1, first.col, p.last_point, last.col),
        "in_quotes": Area(PRICES, above, quotes.col, built, wide),
        "in_quotes_typed": Area(PRICES, built + 1, quotes.col, quotes.last_row, wide),
        "in_prices": Area(PRICES, p.own_prices.row, p.own_prices.col - 1, p.own_prices.last_row, p.own_prices.col),
        "in_platforms": Area(PLATFORMS, facts.row - 1, 1, facts.last_row, len(PLATFORM_FIELDS)),
        "in_snapshots": Area(snapshots.sheet, snapshots.row, snapshots.col, snapshots.last_row - 1, snapshots.col),
        "in_chosen": _span([p.choice(name) for name in CHOSEN]),
        "in_active": Area(active.sheet, active.row, active.col, active.row, active.col),
        "in_scenarios": p.scenario_names,
        "in_assumed": _span(assumed),
        "in_ownership": _span([g.find(f"ownership.{name}").ref() for name in UNITS]),
        "in_capital": g.area("ownership.own_capital"),
    }


def _span(cells: list[Ref]) -> Area:
    """The area of cells that stand side by side, in order."""
    area = Area(cells[0].sheet, cells[0].row, cells[0].col, cells[-1].row, cells[-1].col)
    if len(cells) != (area.last_row - area.row + 1) * (area.last_col - area.col + 1):
        raise ValueError(f"the inputs of {area.sheet}!{area.a1} do not stand together")
    return area
