"""Plan, its results: each way in total and by year, owning as an investment, when hosting beats the API, and why a number is missing."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.constants import KILOWATT_PER_MEGAWATT
from xlmodel.calc.functions import (
    AND,
    IF,
    IFERROR,
    INDEX,
    ISNA,
    ISNUMBER,
    MATCH,
    MAX,
    MIN,
    NA,
    SUM,
    SUMIFS,
    SUMPRODUCT,
    said,
)
from xlmodel.model.economics import ratio
from xlmodel.model.plan import MONTHS, YEARS, breakeven_tokens, served
from xlmodel.model.plan_money import HALVINGS, half, yearly
from xlmodel.model.tokens import reported
from xlmodel.model.variants import REPORTING
from xlmodel.sheets.frame import headers
from xlmodel.sheets.plan_spending import AGAINST, DEAR, ONE_DOMAIN, WAYS
from xlmodel.units import (
    GPU_COUNT,
    GRAMS,
    MILLION_TOKENS,
    MILLION_USD,
    TEXT,
    TOKENS_PER_GPU,
    USD_PER_GPU_HOUR,
    USD_PER_MILLION,
    YEARLY_GROWTH,
    Unit,
)

MONEY = Unit("currency of reports", "#,##0.00,,;-#,##0.00,,;-", of="money")
MONTH = Unit("month", "0", of="1")
_IRR = '[>10]"above 1,000%";0.0%'  # beyond, digits say no more than that the outlay was small; the value stays
_SURE = 1 - 1e-12  # a rate that came this near to 100 % a month is above it


def ways(ctx: Context, sheet: Sheet, row: int) -> Table:
    """One row a way: what it costs and is worth over the whole plan."""
    g = ctx.graph
    sheet.put(row, 1, "The four ways over the whole plan", "Heading")
    t = Table(g, sheet, "ways", row + 3, 3, len(WAYS), units=True)
    sheet.put(row + 2, 1, "Way", "Column")
    sheet.put(row + 2, 2, None, "Column")
    for i, who in enumerate(WAYS.values()):
        sheet.put(row + 3 + i, 1, who, "Label")
    inside, worth = g["months.inside"].all, g["months.factor"].all
    tokens = SUMPRODUCT(g["months.demand"].all)
    lines = {key: (g[f"months.{key}_cost"].all, g[f"months.{key}_cash"].all) for key in WAYS}
    cost = t.column("Cost", MILLION_USD, [SUMPRODUCT(c * inside) for c, _ in lines.values()], style="Result")
    t.column(
        "Cash after tax", MILLION_USD, [SUMPRODUCT(c * inside) for _, c in lines.values()], key="cash", style="Result"
    )
    worths = [SUMPRODUCT(c * inside * worth) for _, c in lines.values()]
    value = t.column("Present value", MILLION_USD, worths, key="worth", style="Result strong")
    each = [IF(tokens.eq(0), NA, ratio(cost.cell(i), tokens)) for i in range(len(WAYS))]
    t.column("Cost per M tokens", USD_PER_MILLION, each, key="each", style="Result")
    least = MIN(*(IFERROR(value.cell(i).formed("relative"), DEAR) for i in range(len(WAYS))))
    t.column("Over the least", MILLION_USD, IF(ISNUMBER(value), value - least, NA), key="over", style="Result")
    base = g["reporting.currency"].eq(REPORTING.currency)  # in which the same column stands already
    t.column("Present value", MONEY, IF(base, "", reported(value, g["reporting.rate"])), key="reported", style="Result", shown="",
             title=IF(base, "", "Present value"))  # fmt: skip
    unit = IF(base, "", "M " & g["reporting.currency"])
    single(g, sheet, "ways.currency", TEXT, unit, row + 1, t.last_col, style="Column unit")
    _names(ctx, sheet, t)
    sheet.conditions.append(Condition(t.body.a1, ISNA(t.lines["cost"].by_col), "muted"))
    sheet.conditions.append(Condition(t.body.a1, t.lines["over"].by_col.eq(0), "best"))
    return t


def _names(ctx: Context, sheet: Sheet, t: Table) -> None:
    """The names of the ways as a list, from which the cheapest is picked."""
    at = Table(ctx.graph, sheet, "ways_named", t.row, 1, len(WAYS), head="")
    at.column("Way", TEXT, list(WAYS.values()), key="name", style="Label")


def invested(ctx: Context, sheet: Sheet, row: int) -> None:
    """Owning against renting and against an API: NPV, rate of return, payback, and why one is missing."""
    g = ctx.graph
    sheet.put(row, 1, "Owning as an investment", "Heading")
    headers(sheet, row + 1, 1, ("Against", "", "NPV", "IRR a year", "Payback month", "In words", "", ""))
    for i, (key, words) in enumerate(AGAINST.items()):
        at, flow, total = row + 2 + i, g[f"months.{key}_flow"], g[f"months.{key}_sum"]
        factor = g["months.factor"].all
        sheet.put(at, 1, words, "Label")
        sheet.put(at, 2, "M USD", "Unit")
        end = total.cell(MONTHS - 1)
        behind = [(part < 0) * 1 for part in (total.rows(0, MONTHS - 2), total.rows(1, MONTHS - 1))]
        turns = SUMPRODUCT(behind[0].ne(behind[1]) * 1)  # numbers, as IronCalc saves two comparisons without brackets
        rate = g[f"months.{key}_low"].cell(MONTHS - 1)
        npv, named = SUMPRODUCT(flow.all * factor), f"NPV, {words}"
        single(g, sheet, f"plan.npv_{key}", MILLION_USD, npv, at, 3, style="Result strong", heading=named)
        sure = IF(
            rate >= _SURE, "more than 100% a month", IF(end >= 0, "", "owning never pays back what it costs more")
        )
        once = IF(
            turns > 1,
            IF(end > 0, "no single rate: the saving, added up, changes its sign " & turns & " times", sure),
            sure,
        )
        found = IF(MIN(total.all) < 0, once, "owning is never behind: nothing to pay back")
        reason = IF(ISNUMBER(end), found, "one of the two has no number: see above")
        why = single(g, sheet, f"plan.why_{key}", TEXT, reason, at, 6, style="Unit")
        irr = IF(why.eq(""), yearly(rate + half(HALVINGS + 1)), NA)
        single(g, sheet, f"plan.irr_{key}", YEARLY_GROWTH, irr, at, 4, style="Result strong", fmt=_IRR)
        last = g[f"months.{key}_behind"].cell(MONTHS - 1)
        back = IF(ISNUMBER(end), IF(AND(end >= 0, MIN(total.all) < 0), last + 1, NA), NA)
        single(g, sheet, f"plan.payback_{key}", MONTH, back, at, 5, style="Result strong")
        sheet.conditions.append(Condition(f"D{at}:E{at}", ISNA(g[f"plan.irr_{key}"].relative), "muted"))


def against_api(ctx: Context, sheet: Sheet, row: int) -> None:
    """From which month hosting beats the API, and the demand at which it does today."""
    g = ctx.graph
    sheet.put(row, 1, "Hosting beats the API from month", "Label")
    last = g["months.host_behind"].cell(MONTHS - 1)
    since = IF(last < g["head.months"], last + 1, NA)
    beats = single(
        g, sheet, "plan.beats", MONTH, since, row, 3, style="Result strong", heading="Hosting beats the API from month"
    )
    words = IF(
        ISNUMBER(last),
        "in the last month of the plan the API is cheaper than owning and renting",
        "a way has no number: see above",
    )
    calendar = "from " & INDEX(g["months.calendar"].all, beats) & " on, to the end of the plan"
    single(g, sheet, "plan.beats_words", TEXT, IF(ISNUMBER(beats), calendar, words), row, 4, style="Unit")
    sheet.put(row + 1, 1, "Break-even demand today", "Label")
    sheet.put(row + 1, 2, MILLION_TOKENS.label + " a month", "Unit")
    one, three, domain, api, load, rate = (
        g[f"head.{key}"] for key in ("one_year_share", "three_year_share", "domain", "api", "load", "rate")
    )
    usd_one, usd_three, usd_now = (g[f"head.usd_{key}"] for key in ("one_year", "three_year", "on_demand"))
    rented = one * usd_one + three * usd_three + MAX(0, 1 - one - three) * usd_now
    owned = INDEX(g["ownership.own_build_up"].all, MATCH(g["plan.platform"], g["menu.platforms"].all, 0))
    cheaper = single(g, sheet, "plan.hosting", USD_PER_GPU_HOUR, MIN(IFERROR(owned, DEAR), IFERROR(rented, DEAR)), row + 1, 5, style="Result",
                     heading="GPU-hour of hosting today")  # fmt: skip
    need = breakeven_tokens(ONE_DOMAIN * domain, cheaper, api)
    room = served(ONE_DOMAIN * domain, load, rate)
    fits = IF(AND(cheaper < DEAR, need <= room), need, NA)
    even = single(g, sheet, "plan.breakeven", MILLION_TOKENS, fits, row + 1, 3, style="Result strong")
    sheet.put(row + 1, 4, "at USD/GPU-h", "Unit")
    share = said(100 * even / room, 1)
    text = IF(
        ISNUMBER(even),
        "one domain, " & share & "% of what it serves at its peak",
        IF(ISNUMBER(need), "more than a domain serves: the API is cheaper at any demand", "no number: see above"),
    )
    single(g, sheet, "plan.breakeven_words", TEXT, text, row + 1, 6, style="Unit")


MEGAWATT = Unit("MW", "#,##0.00;-#,##0.00;-", of="MW")
MEGAWATT_HOURS = Unit("MWh", "#,##0;-#,##0;-", of="MW*h")
EACH = Unit("USD/M tokens", "#,##0.000;-#,##0.000;-", of="USD/Mtok")


def by_year(ctx: Context, sheet: Sheet, row: int) -> Table:
    """The table of years from a row on: a column a year, and the total."""
    g = ctx.graph
    sheet.put(row, 1, "Year by year", "Heading")
    t = Table(g, sheet, "years", row + 2, 3, YEARS + 1, down=False, units=True, height=16)
    t.headed(("Line", "Unit"), [*(f"Year {k}" for k in range(1, YEARS + 1)), "Plan"], "")
    year = g["months.year"].all

    def whole(key: str) -> Any:
        """The years of a line, which its last cell adds up."""
        return g.span([f"years.{key}"], 0, YEARS - 1, "relative")

    def sums(heading: str, unit: Unit, key: str) -> Line:
        parts = [SUMIFS(g[f"months.{key}"].all, year, k) for k in range(1, YEARS + 1)]
        return t.line(heading, unit, [*parts, SUM(whole(key))], key=key, style="Result")

    def most(heading: str, unit: Unit, key: str, part: str, of: Any = None) -> Line:
        parts = [MAX(g[f"months.{part}"].rows(12 * k, 12 * k + 11)) for k in range(YEARS)]
        parts = parts if of is None else [found / of for found in parts]
        return t.line(heading, unit, [*parts, MAX(whole(key))], key=key, style="Result")

    tokens = sums("Demand", MILLION_TOKENS, "demand")
    ends = [INDEX(g["months.rate"].all, MIN(MONTHS, 12 * k)) for k in range(1, YEARS + 1)]
    rates = [*(IF(tokens.cell(k).formed("relative").eq(0), "", end) for k, end in enumerate(ends)), None]
    t.line("Throughput of a GPU, at its end", TOKENS_PER_GPU, rates, key="rate", style="Result")
    most("Own: most GPUs", GPU_COUNT, "own_gpus", "own_gpus")
    most("Rent: most GPUs", GPU_COUNT, "rent_gpus", "rent_gpus")
    most("Own: most power", MEGAWATT, "own_power", "own_kilowatt", KILOWATT_PER_MEGAWATT)
    energy = [SUMIFS(g["months.own_energy"].all, year, k) / KILOWATT_PER_MEGAWATT for k in range(1, YEARS + 1)]
    t.line("Own: energy", MEGAWATT_HOURS, [*energy, SUM(whole("own_energy"))], key="own_energy", style="Result")
    sums("Own: carbon", GRAMS, "own_carbon")
    for key, who in WAYS.items():
        sums(f"{who}: cost", MILLION_USD, f"{key}_cost")
    for key, who in WAYS.items():
        sums(f"{who}: cash after tax", MILLION_USD, f"{key}_cash")
    for key, who in WAYS.items():
        cost = t.lines[f"{key}_cost"]
        each = IF(tokens.eq(0), "", cost / tokens)
        t.line(f"{who}: cost per M tokens", EACH, each, key=f"{key}_each", style="Result strong")
    sums("Revenue", MILLION_USD, "revenue")
    sheet.conditions.append(Condition(t.body.a1, ISNA(tokens.cell(0).formed("relative")), "muted"))
    return t
