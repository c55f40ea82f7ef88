"""Plan in words: the finding, why a way has no number, and what is to be known of those that have one."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Sheet
from xlmodel.calc.cells import Cell
from xlmodel.calc.functions import COUNT, IF, IFERROR, INDEX, ISNUMBER, MATCH, MID, MIN, SUM, SUMPRODUCT, said
from xlmodel.model.plan import MONTHS
from xlmodel.sheets.frame import span
from xlmodel.sheets.plan_spending import DEAR, WAYS
from xlmodel.units import TEXT


def reasons(ctx: Context, sheet: Sheet, row: int) -> None:
    """Why a way has no number, and what is to be known of those that have one."""
    g = ctx.graph
    h: Mapping[str, Any] = {
        key: g[f"head.{key}"]
        for key in ("domain", "capital", "running", "up", "usd_on_demand", "months", "life", "lead")
    }
    beyond = COUNT(g["months.need"].all) < MONTHS
    common = IF(
        ISNUMBER(g["plan.demand"]),
        IF(g["head.reason"].eq(""), IF(ISNUMBER(h["domain"]), IF(beyond, "the demand is beyond any fleet", ""), "no size of a domain on Platforms"),
           g["head.reason"]),
        "no demand is typed",
    )  # fmt: skip
    priced = IF(
        ISNUMBER(h["usd_on_demand"]), "a contract without a quote", "no " & g["plan.basis_on_demand"] & " price"
    )
    power = IF(ISNUMBER(h["running"]), priced, "no power figure on Platforms")
    owned = IF(
        ISNUMBER(h["capital"]),
        IF(ISNUMBER(h["up"]), power, "no availability on Ownership"),
        "no capital on Ownership: type your own there",
    )
    hosted = {"own": owned, "rent": priced}
    why = {key: IF(common.eq(""), text, common) for key, text in hosted.items()}
    why["api"] = IF(ISNUMBER(g["plan.demand"]), "no API price", "no demand is typed")
    why["mix"] = IF(
        common.eq(""),
        IF(
            ISNUMBER(h["capital"]),
            IF(ISNUMBER(h["usd_on_demand"]), "the API, which has no price, has to serve", priced),
            owned,
        ),
        common,
    )
    texts = [
        IF(ISNUMBER(g["ways.worth"].cell(i)), "", f"; {who}: " & why[key]) for i, (key, who) in enumerate(WAYS.items())
    ]
    single(g, sheet, "plan.reasons", TEXT, MID(_joined(texts), 3, 250), row, 1, style="Note")
    over = SUMPRODUCT(
        (g["months.one_year"].all + g["months.three_year"].all > g["months.need"].all) * g["months.inside"].all
    )
    doubts = [
        IF(h["life"] < h["months"], "; hardware is replaced after " & h["life"] & " months, within the plan", ""),
        IF(ISNUMBER(g["head.carbon"]), "", "; no carbon intensity on Scenario"),
        IF(ISNUMBER(g["head.earned"]), "", "; no token prices on Fleet, so no revenue"),
        IF(h["lead"] < h["months"], "", "; nothing that is ordered arrives within the plan"),
        IFERROR(
            IF(over > 0, "; months in which contracts hold more domains than are needed, and are paid: " & over, ""), ""
        ),
    ]
    single(g, sheet, "plan.doubts", TEXT, MID(_joined(doubts), 3, 250), row + 1, 1, style="Note")
    for at in (row, row + 1):  # beside the charts, which would hide the end of a long line
        sheet.merges.append(span(at, 1, at, 8))
        sheet.heights[at] = 26


def _joined(texts: list[Any]) -> Any:
    return reduce(lambda a, b: a & b, texts)


def finding(ctx: Context, sheet: Sheet, row: int, width: int) -> Cell:
    """The sentence that says which way is worth most."""
    g = ctx.graph
    value, names = g["ways.worth"], g["ways_named.name"]
    least = MIN(*(IFERROR(value.cell(i), DEAR) for i in range(len(WAYS))))
    cheapest = INDEX(names.all, MATCH(least, value.all, 0))
    others = [
        IF(ISNUMBER(value.cell(i)), f", {who} " & _millions(value.cell(i)), f", {who} without a number")
        for i, who in enumerate(WAYS.values())
    ]
    npv, back = g["plan.npv_rent"], g["plan.payback_rent"]
    never = IF(g["months.rent_sum"].cell(MONTHS - 1) >= 0, "is never behind", "does not pay back")
    owning = IF(
        ISNUMBER(npv),
        " Owning instead of renting has an NPV of "
        & _millions(npv)
        & " M USD and "
        & IF(ISNUMBER(back), "pays back in month " & back & ", undiscounted", never)
        & ".",
        "",
    )
    head = (
        g["plan.platform"]
        & " over "
        & g["head.months"]
        & " months: in present value, "
        & cheapest
        & " is the cheapest way at "
        & _millions(least)
        & " M USD ("
    )
    text = IF(
        least < DEAR, head & MID(_joined(others), 3, 200) & ")." & owning, "No way has a number: see the reasons below"
    )
    idle = IFERROR(SUM(g["months.demand"].all), 1).eq(0)
    text = IF(idle, "No month of the plan has a demand: see the season among the assumptions", text)
    for col in range(2, width + 1):
        sheet.put(row, col, None, "Finding")
    return single(g, sheet, "plan.finding", TEXT, text, row, 1, style="Finding", heading="finding")


def _millions(usd: Any) -> Any:
    return said(usd / 1_000_000, 1, thousands=True)
