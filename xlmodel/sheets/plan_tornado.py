"""Plan, second page: the three scenarios side by side, and the tornado of the NPV of owning against renting."""

from typing import Any

from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.places import SCENARIOS
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.functions import (
    IF,
    IFERROR,
    INDEX,
    ISNA,
    ISNUMBER,
    LEFT,
    LOWER,
    MATCH,
    MAX,
    MID,
    MIN,
    NA,
    ROUND,
    said,
)
from xlmodel.sheets.frame import headers, rank_among
from xlmodel.sheets.plan_scenarios import SWUNG
from xlmodel.sheets.plan_spending import DEAR
from xlmodel.sheets.sens_tornado import HIGH, LOW
from xlmodel.units import COUNT as NUMBER
from xlmodel.units import MILLION_USD, TEXT, WHOLE_DOMAINS, YEARLY_GROWTH

TOP = 10  # assumptions that are shown
_ELSEWHERE = "#N/A: its curves are others; make it active on Scenario to see it"


def scenarios(ctx: Context, sheet: Sheet, row: int) -> int:
    """The plan in each scenario; gives the first row below."""
    g = ctx.graph
    sheet.put(row, 1, "By scenario", "Heading")
    headers(sheet, row + 1, 1, ("Scenario", "Unit"), 16)
    cases = [f"case{k + 1}" for k in range(len(SCENARIOS))]
    heads = Table(g, sheet, "plan_by", row + 1, 3, len(cases), down=False)
    heads.line("Name", TEXT, [g[f"naming.{name}"] for name in SCENARIOS], style="Column")
    t = Table(g, sheet, "plan_by", row + 2, 3, len(cases), down=False, units=True)
    api = g["ways.worth"].cell(2)
    gains = [g[f"{case}.progress"] for case in cases]
    t.line("Gain of software a year", YEARLY_GROWTH, gains, style="Link", key="progress")
    own = t.line("Own: present value", MILLION_USD, [g[f"{case}.own"] for case in cases], style="Result", key="own")
    rent = t.line("Rent: present value", MILLION_USD, [g[f"{case}.rent"] for case in cases], style="Result", key="rent")
    t.line("API: present value", MILLION_USD, [api] * len(cases), style="Result", key="api")
    npvs = [g[f"{case}.npv"] for case in cases]
    t.line("NPV of owning against renting", MILLION_USD, npvs, style="Result strong", key="npv")
    over_api = IF(ISNUMBER(api), api - own, NA)
    t.line("NPV of owning against the API", MILLION_USD, over_api, style="Result strong", key="npv_api")
    most = [MAX(g[f"{case}.need"].all) for case in cases]
    t.line("Most domains needed", WHOLE_DOMAINS, most, style="Result", key="most")
    least = MIN(*(IFERROR(value, DEAR) for value in (own, rent, api)))
    who = IF(
        least < DEAR,
        IF(IFERROR(own, DEAR).eq(least), "Own", IF(IFERROR(rent, DEAR).eq(least), "Rent", "API")),
        _ELSEWHERE,
    )
    t.line("Cheapest of the three", TEXT, who, style="Result text", key="cheapest", shown="")
    sheet.conditions.append(Condition(t.body.a1, ISNA(own.cell(0).formed("relative")), "muted"))
    return t.end


def tornado(ctx: Context, sheet: Sheet, row: int, width: int) -> int:
    """The ten strongest assumptions, the workings behind them, and the chart; gives the first row below."""
    g, count = ctx.graph, len(SWUNG)
    sheet.put(
        row,
        1,
        "NPV of owning against renting, with one assumption at a time changed by the swing on Sensitivity",
        "Heading",
    )
    top, now = row + 3 + TOP + 3, g["case0.npv"]
    sheet.put(top - 2, 1, "All assumptions that are varied", "Strong")
    t = Table(g, sheet, "plan_swing", top, 1, count)
    name = t.column("Assumption", TEXT, [label for label, _ in SWUNG.values()], key="name", style="Label")
    t.column("Unit", TEXT, [MILLION_USD.label] * count, key="unit", style="Unit")
    pairs = [(g[f"case{4 + 2 * i}.npv"], g[f"case{5 + 2 * i}.npv"]) for i in range(count)]
    lower = t.column("NPV when lower", MILLION_USD, [low for low, _ in pairs], key="lower", style="Result")
    higher = t.column("NPV when higher", MILLION_USD, [high for _, high in pairs], key="higher", style="Result")
    ends = (IFERROR(lower - now, 0), IFERROR(higher - now, 0), 0)
    swing = t.column("Swing", MILLION_USD, ROUND(MAX(*ends) - MIN(*ends), 2), key="swing", style="Result")
    rank = t.column("Rank", NUMBER, rank_among(swing, "relative", largest=True), key="rank", fmt="0", style="Result")

    def at(line: Line, place: int) -> Any:
        return INDEX(line.all, MATCH(place, rank.all, 0))

    s = Table(g, sheet, "plan_tornado", row + 3, 1, TOP, height=16)
    names = s.column("Assumption", TEXT, [at(name, k) for k in range(1, TOP + 1)], key="name", style="Label")
    s.column("Unit", TEXT, [MILLION_USD.label] * TOP, key="unit", style="Unit")
    less, more = (  # to a cent: what changes nothing is nothing in every program
        s.column(head, MILLION_USD, [ROUND(at(side, k) - now, 2) for k in range(1, TOP + 1)], key=key, style="Result")
        for head, side, key in (("Lower", lower, "lower"), ("Higher", higher, "higher"))
    )
    first = (
        "The NPV of owning moves most with "
        & LOWER(LEFT(at(name, 1), 1))
        & MID(at(name, 1), 2, 99)
        & ": "
        & said(MAX(swing.all) / 1_000_000, 1)
        & " M USD between lower and higher"
    )
    words = IF(ISNUMBER(now), first, "No NPV of owning against renting")
    title = single(g, sheet, "plan_tornado.finding", TEXT, words, row + 1, 1, style="Strong")
    series = tuple(Series(line.ref().step(-1), names.area, line.area, hue) for line, hue in ((less, LOW), (more, HIGH)))
    sheet.charts.append(
        Chart("bar", title.ref(), "", "change of the NPV, USD", series, (row + 2, 7, top + count, width),
              "Tornado: change of the NPV of owning against renting when each assumption is lower and higher by the swing, largest first.",
              y_format='#,##0.0,,"M"', low=None)
    )  # fmt: skip
    sheet.conditions.append(Condition(f"{less.area.a1}", ISNA(less.relative), "muted"))
    return top + count
