"""Plan, its four charts; each title is a cell that says the finding of the moment."""

from typing import Any

from xlmodel.book.chart import Chart, Marker, Series
from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.functions import IF, IFERROR, INDEX, ISNUMBER, MATCH, MAX, MIN, said
from xlmodel.model.plan import YEARS
from xlmodel.sheets.plan_spending import DEAR, WAYS
from xlmodel.units import TEXT

# dark to light, so that the ways are told apart in grey as well
LOOKS: dict[str, tuple[str, Marker]] = {
    "own": ("0B3D6B", "none"),
    "rent": ("D55E00", "none"),
    "api": ("C4CAD2", "none"),
    "mix": ("56B4E9", "none"),
}
HIGH = 10  # rows of a chart

# a small plan has no 0M on a logarithmic axis, and no two 2M on any
_POWERS = '[>=1000000]#,##0,,"M";[>=1000]#,##0,"k";0'
_AMOUNTS = '[>=10000000]#,##0,,"M";[<=-10000000]-#,##0,,"M";#,##0'


def describe(ctx: Context, sheet: Sheet, years: Table, row: int, col: int, width: int) -> None:
    """Four charts below each other, from a row on; what they draw stands once the months are described."""
    places = [(row + i * HIGH, col, row + (i + 1) * HIGH, width) for i in range(4)]
    titles = [
        single(ctx.graph, sheet, f"plan.title_{key}", TEXT, text, place[0], col, style="Text").ref()
        for (key, text), place in zip(_titles(ctx).items(), places, strict=True)
    ]
    ctx.graph.later(lambda: sheet.charts.extend(_drawn(ctx, years, titles, places)))


def _drawn(ctx: Context, years: Table, titles: list[Ref], places: list[tuple[int, int, int, int]]) -> list[Chart]:
    g = ctx.graph
    heads = g.area("years.names")
    period = Area(heads.sheet, heads.row, heads.col, heads.row, heads.last_col - 1)

    def bars(part: str) -> tuple[Series, ...]:
        return tuple(
            Series(_named(ctx, key), period, _short(years.area(f"{key}_{part}")), hue)
            for key, (hue, _) in LOOKS.items()
        )

    def lines(part: str, ways: tuple[str, ...]) -> tuple[Series, ...]:
        return tuple(
            Series(_named(ctx, key), g.area("months.month"), g.area(f"months.{key}_{part}"), *LOOKS[key])
            for key in ways
        )

    fleet = tuple(
        Series(g.find(f"months.{key}").ref(-1), g.area("months.month"), g.area(f"months.{key}"), hue)
        for key, hue in (("own_gpus", LOOKS["own"][0]), ("gpus", LOOKS["rent"][0]))
    )
    return [
        Chart("column", titles[0], "", "USD, log scale", bars("cost"), places[0],
              "Cost of each way by year: depreciation and running costs, rent, or the API's bill.", y_format=_POWERS, log=True, low=None),
        Chart("scatter", titles[1], "Month", "USD", lines("paid_up", ("own", "rent", "mix")), places[1],
              "Cash paid after tax, added up over the months, for owning, renting and the mix.", y_format=_AMOUNTS, low=None),
        Chart("scatter", titles[2], "Month", "GPUs", fleet, places[2],
              "GPUs by month: needed at the peak, and owned in whole domains with those rented until they come.", y_format="#,##0"),
        Chart("column", titles[3], "", "USD, log scale", bars("each"), places[3],
              "Cost per million tokens of each way by year.", y_format="0.00", log=True, low=None),
    ]  # fmt: skip


def _short(area: Area) -> Area:
    """A line without its total."""
    return Area(area.sheet, area.row, area.col, area.last_row, area.last_col - 1)


def _named(ctx: Context, key: str) -> Ref:
    """The name of a way."""
    return ctx.graph.area("ways_named.name").cell(list(WAYS).index(key))


def _titles(ctx: Context) -> dict[str, Any]:
    g = ctx.graph
    own, rent, api = (g[f"years.{key}_each"].cell(YEARS) for key in ("own", "rent", "api"))
    costs = [IFERROR(g["ways.cost"].cell(i), DEAR) for i in range(len(WAYS))]
    hosting = (
        IF(ISNUMBER(own), "own " & said(own, 3), "own -") & ", " & IF(ISNUMBER(rent), "rent " & said(rent, 3), "rent -")
    )
    back = g["plan.payback_rent"]
    power = g["years.own_power"].cell(YEARS)
    return {
        "cost": "Cost by way and year, undiscounted: least is "
        & INDEX(g["ways_named.name"].all, MATCH(MIN(*costs), g["ways.cost"].all, 0)),
        "cash": "Undiscounted cash: owning "
        & IF(ISNUMBER(back), "overtakes renting in month " & back, "does not overtake renting"),
        "gpus": "GPUs in service: up to "
        & IF(
            ISNUMBER(power),
            said(MAX(g["months.own_gpus"].all), 0, thousands=True) & " owned, drawing " & said(power, 1) & " MW",
            "-",
        ),
        "each": "USD per million tokens: " & hosting & ", API " & IF(ISNUMBER(api), said(api, 3), "-"),
    }
