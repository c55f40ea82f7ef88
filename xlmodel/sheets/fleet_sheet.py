"""Fleet: from a demand or a power budget to whole servers or racks, kilowatts and money, per platform."""

from typing import Any

from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Context
from xlmodel.book.form import Form
from xlmodel.book.guards import within_range
from xlmodel.book.one_cell import single
from xlmodel.book.places import FLEET
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.book.theme import ACCENT
from xlmodel.calc.cells import Line
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import AND, IF, IFERROR, INDEX, ISNUMBER, MATCH, MAX, MIN, NA, said
from xlmodel.model.economics import ratio
from xlmodel.model.fleet import (
    fleet_power,
    gpus_for_power,
    gpus_for_tokens,
    gpus_for_users,
    idle,
    per_hour,
    per_month,
    per_year,
    whole_domains,
)
from xlmodel.sheets.fleet_inputs import entries
from xlmodel.sheets.fleet_money import checks, money
from xlmodel.sheets.frame import held, paged, span, start, widths
from xlmodel.sheets.ownership_inputs import stated
from xlmodel.units import (
    DOMAINS,
    GPUS,
    GPUS_PER_DOMAIN,
    SHARE,
    TEXT,
    TOKENS_PER_GPU,
    TOTAL_KILOWATT,
    USD_PER_GPU_HOUR,
    USD_PER_HOUR,
    USD_PER_MONTH,
    USD_PER_YEAR,
    USERS,
    USERS_PER_GPU,
    WHOLE_GPUS,
)

VALUE = 3  # column of the first platform
HIGH = 11  # rows of the chart, which stands on a page with the table
_MISSING = "no demand typed, or facts missing on Platforms"
_NOTHING = "the budget feeds no whole server or rack"
_DEAR = 1e15  # sort key of a platform without a number


def describe(ctx: Context) -> Sheet:
    """The sheet, at the Summary's target."""
    platforms = ctx.places.platforms
    sheet = start(
        ctx, FLEET, "inputs", "Fleet",
        "How many GPUs, kilowatts and dollars the demand takes at the Summary's target, and what the tokens earn.",
        VALUE + len(platforms), freeze="C3",
    )  # fmt: skip
    form = entries(ctx, sheet)
    sheet.put(form.row + 1, 1, "Fleet per platform at the Summary's target", "Heading")
    t = Table(ctx.graph, sheet, "fleet", form.row + 3, VALUE, len(platforms), down=False, units=True)
    names = t.headed(("Ingredient", "Unit"), platforms, "How")
    _needed(ctx, t, form)
    _cost(ctx, t, form)
    money(ctx, t, form)
    _sort_key(t, form)
    single(ctx.graph, sheet, "fleet.finding", TEXT, _finding(ctx, t, form, names), 4, 1, style="Heading")
    checks(ctx, t, form)
    within_range(ctx, sheet, form.numbers)
    _look(sheet, t, names)
    return sheet


def _needed(ctx: Context, t: Table, form: Form) -> None:
    """From the demand to whole servers or racks."""
    g, given = ctx.graph, form.cells
    rate = t.line(
        "Throughput", TOKENS_PER_GPU, g["target.throughput"], style="Link", note="from Cost curves, at the target"
    )
    each = t.line(
        "Users per GPU", USERS_PER_GPU, g["target.users_per_gpu"], style="Link", note="from Cost curves, at the target"
    )
    t.line("Price in use", USD_PER_GPU_HOUR, g["target.price"], style="Link", note="from Prices")
    domain = t.line(
        "GPUs per domain", GPUS_PER_DOMAIN, stated(g, "domain"), style="Link", note="from Platforms: server or rack"
    )
    t.line("GPUs for the users", GPUS, gpus_for_users(given["users"], each), note="users / users per GPU")
    by_tokens = gpus_for_tokens(given["tokens"], given["load"], rate)
    t.line("GPUs for the tokens", GPUS, by_tokens, note="tokens per second x full over average load / throughput")
    by_power = gpus_for_power(given["power"], g["target.power"], g["scenario.pue"])
    t.line("GPUs for the power", GPUS, by_power, note="kW / (kW per GPU x PUE of Scenario)")
    counts = INDEX(t.across("gpus_for_the_users", "gpus_for_the_power"), given["number"])
    needed = t.line("GPUs needed", GPUS, IF(ISNUMBER(given["demand"]), counts, NA), note="the demand that counts")
    whole = whole_domains(needed, domain, given["limit"])
    domains = t.line("Whole domains", DOMAINS, whole, note="rounded up; down under a power budget")
    words = "domains x GPUs per domain, all of them up"
    t.line("GPUs", WHOLE_GPUS, domains * domain, style="Result strong", strong=True, note=words)


def _cost(ctx: Context, t: Table, form: Form) -> None:
    """What the fleet serves, draws and costs."""
    g, given, gpus = ctx.graph, form.cells, t.lines["gpus"]
    t.line("Users served", USERS, gpus * t.lines["users_per_gpu"], note="GPUs x users per GPU")
    drawn = fleet_power(gpus, g["target.power"], g["scenario.pue"])
    t.line("Power", TOTAL_KILOWATT, drawn, key="power_drawn", note="GPUs x kW per GPU x PUE")
    full = IF(given["number"].eq(2), given["load"], MAX(1, given["peak"]))
    t.line("Idle share", SHARE, idle(t.lines["gpus_needed"], gpus, full), note="by rounding, and below the peak")
    hour = t.line(
        "Cost per hour", USD_PER_HOUR, per_hour(gpus, t.lines["price_in_use"]), note="GPUs x price, busy or idle"
    )
    month = t.line(
        "Cost per month", USD_PER_MONTH, per_month(hour), style="Result strong", strong=True, note="730 hours"
    )
    t.line("Cost per year", USD_PER_YEAR, per_year(hour), note="8,760 hours; owned: with spares for GPUs that are down")
    seen = AND(ISNUMBER(t.lines["throughput"]), ISNUMBER(t.lines["price_in_use"]))
    words = IF(ISNUMBER(month), IF(gpus > 0, "", _NOTHING), IF(seen, _MISSING, g["target.reason"]))
    t.line("In words", TEXT, words, style="Note", note="why there is no cost")


def _sort_key(t: Table, form: Form) -> None:
    """USD a month, under a limit per user served."""
    served = IF(form.cells["limit"].eq(1), t.lines["users_served"], 1)
    each = ratio(
        t.lines["cost_per_month"],
        counted(served, "1", "fleets of one budget are compared per user, those of one demand as they are"),
    )
    key = IFERROR(each, _DEAR)
    t.line("Sort key", USD_PER_MONTH, key, fmt="[<1000000000000]#,##0.00;", shown="", note="finds the cheapest")


def _finding(ctx: Context, t: Table, form: Form, names: Line) -> Any:
    """The finding, which is the chart's title too."""
    keys, given = t.lines["sort_key"].all, form.cells
    least = MIN(keys)
    usd = IF(
        given["limit"].eq(1), said(least, 2, thousands=True) & " USD a month for each user served", said(least, 0, thousands=True) & " USD a month"
    )  # fmt: skip
    demand = said(given["demand"], 0, thousands=True)
    asked = "For " & demand & " " & given["mode"] & " at " & ctx.graph["scenario.interactivity"]
    cheapest = asked & " tok/s/user, " & INDEX(names.all, MATCH(least, keys, 0)) & " costs least: " & usd
    return IF(least < _DEAR, cheapest, "No platform can be sized: see the reasons below")


def _look(sheet: Sheet, t: Table, names: Line) -> None:
    widths(sheet, (29, 15, *(12,) * t.count, 42))
    pages = paged(sheet, t.area("sort_key").last_col + 1, 2)
    t.mute("throughput", "sort_key")
    for key in ("in_words", "money_in_words"):
        sheet.heights[t.area(key).row] = 56
    bottom, month = t.area("sort_key").row + 2, t.area("cost_per_month")
    bars = Series(month.cell(0, -2), names.area, month, ACCENT)
    sheet.charts.append(
        Chart("column", t.graph.find("fleet.finding").ref(), "", "USD per month", (bars,), (bottom, 1, bottom + HIGH, pages[0][1]),
              "Cost of the fleet in USD per month by platform, whole servers or racks; platforms that cannot serve the target or have no "
              "price are left out.", y_format="#,##0", legend=False)
    )  # fmt: skip
    chart = (bottom + HIGH - 1, *(bottom - 2,) * (len(pages) - 1))  # on the first page only
    tables = (span(t.row - 2, first, end, last) for end, (first, last) in zip(chart, pages, strict=True))
    sheet.print_area = ",".join((span(1, 1, t.row - 4, held(sheet, pages[-1][1])), *tables))
    sheet.repeat_rows = ""
