"""Sensitivity, last part: the own build-up of the chosen platform with one assumption changed in each row."""

from collections.abc import Mapping
from typing import NamedTuple

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import IF, ISNUMBER, lookup, typed_number
from xlmodel.model.ownership import annuity, colocation, electricity, hourly, residual, share_left, support, yearly
from xlmodel.model.variants import SIDES, swung


class Assumed(NamedTuple):
    """An assumption of the build-up: its heading, its unit, and what the tornado calls it."""

    heading: str
    unit: units.Unit
    label: str = ""


ASSUMED = {
    "capital": Assumed("Capital", units.USD_PER_GPU, "Capital"),
    "life": Assumed("Life", units.YEARS, "Economic life"),
    "cost_of_capital": Assumed("Cost of capital", units.RATE, "Cost of capital"),
    "share_left": Assumed("Share left", units.SHARE),
    "power": Assumed("Power", units.KILOWATT),
    "pue": Assumed("PUE", units.PUE, "PUE"),
    "usd_per_kwh": Assumed("Electricity price", units.USD_PER_KWH, "Electricity price"),
    "availability": Assumed("Availability", units.UTILIZATION, "Availability"),
}
CHANGED = ("capital", "life", "cost_of_capital", "usd_per_kwh", "pue", "availability")
_ROWS = [(name, side) for name in CHANGED for side in SIDES]


def row_of(name: str, side: str) -> int:
    """Where the build-up with an assumption changed stands; the unchanged one is 0."""
    return 1 + _ROWS.index((name, side))


def describe(ctx: Context, sheet: Sheet, given: Mapping[str, Cell], row: int) -> int:
    """Declare the build-up as it is, then two rows for each assumption; gives the first row below."""
    g = ctx.graph
    sheet.put(row, 1, "Workings of the tornado: the own build-up", "Heading")
    sheet.put(
        row + 1, 1, "The first row repeats Ownership; each row below changes one assumption by the swing.", "Footnote"
    )
    t = Table(g, sheet, "build_up", row + 3, 1, 1 + len(_ROWS))
    labels = ["As on Ownership", *(ASSUMED[name].label for name, _ in _ROWS)]
    t.column("Own build-up with one assumption changed", units.TEXT, labels, key="label", style="Label")
    t.column("Side", units.TEXT, [None, *(side for _, side in _ROWS)], style=lambda i: "Unit" if i else "")
    cells: dict[str, Expr] = {}
    for name, source in _as_they_are(ctx, given["platform"]).items():
        heading, unit, _ = ASSUMED[name]
        rows = [_changed(ctx, name, given["swing"], *changed) for changed in _ROWS]
        cells[name] = t.column(heading, unit, [source, *rows], key=name, style=lambda i: "Calculation" if i else "Link")
    o = {name: g[f"ownership.{name}"] for name in ("colocation", "support", "support_share", "software")}
    left = residual(cells["capital"], cells["share_left"])
    capital = annuity(cells["cost_of_capital"], cells["life"], cells["capital"], left)
    charge = t.column("Capital charge", units.USD_PER_GPU_YEAR, capital)
    current = t.column(
        "Electricity", units.USD_PER_GPU_YEAR, electricity(cells["power"], cells["pue"], cells["usd_per_kwh"])
    )
    staff = t.column("Support and staff", units.USD_PER_GPU_YEAR, support(o["support"], o["support_share"], charge))
    space = colocation(cells["power"], o["colocation"])
    year = t.column("All costs of a year", units.USD_PER_GPU_YEAR, yearly(charge, current, space, staff, o["software"]))
    hour = hourly(year, cells["availability"])
    t.column("Own build-up", units.USD_PER_GPU_HOUR, hour, key="hourly", style="Result strong")
    return t.row + t.count


def _as_they_are(ctx: Context, platform: Cell) -> dict[str, Expr]:
    """The assumptions unchanged: of the platform where Ownership has a column for each; an empty one counts as 0."""
    g, names = ctx.graph, ctx.graph["menu.platforms"]
    cells = {name: typed_number(g[f"ownership.{name}"]) for name in ASSUMED}
    cells |= {
        "capital": lookup(g["ownership.capital_in_use"], names, platform),
        "power": lookup(g["ownership.power"], names, platform),
    }
    return cells | {name: g[f"scenario.{name}"] for name in ("pue", "usd_per_kwh")}


def _changed(ctx: Context, name: str, swing: Cell, changed: str, side: str) -> Expr:
    """An assumption in the row that changes one; a price decline makes the share left depend on the life."""
    g = ctx.graph
    now: Expr = g[f"build_up.{name}"].cell(0)
    if name == changed:
        moved: Expr = swung(name, now, swing, side)
        return moved
    if (name, changed) != ("share_left", "life"):
        return now
    left = share_left(g["ownership.decline"], g["build_up.life"])
    again: Expr = IF(ISNUMBER(g["ownership.residual"]), now, IF(ISNUMBER(g["ownership.decline"]), left, now))
    return again
