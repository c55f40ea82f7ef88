"""Plan months: sixty months down, a column an ingredient; every formula is filled down and refers to this sheet only."""

import math

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.form import Form
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.constants import HOURS_IN_MONTH
from xlmodel.calc.functions import IF, INDEX, INT, MAX, MOD, NA, RIGHT
from xlmodel.model.fleet import fleet_power
from xlmodel.model.plan import MONTHS, MOST_GPUS, SEASONS, YEARS, demand, domains, gpus, price, spared, throughput
from xlmodel.model.plan_money import factor
from xlmodel.sheets import plan_head
from xlmodel.sheets.frame import span, start, widths
from xlmodel.sheets.plan_spending import base, called, cohorts, compared, mixed, owned, rented, totals

NAME = "Plan months"
ABREAST = 14  # most columns on a printed page, beside the month


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    words = "The months behind Plan: everything is in USD, months end to end. Nothing to type here."
    sheet = start(ctx, NAME, "workings", NAME, words, 16)
    form = plan_head.describe(ctx, sheet, FIRST - 2)
    t = Table(
        ctx.graph,
        sheet,
        "months",
        form.row + 3,
        1,
        MONTHS,
        units=True,
        form="relative",
        long=True,
        digits=15,
        height=56,
    )
    _time(ctx, t, form)
    _needs(t, form)
    cohorts(t, "own", "Own", t.lines["own_need"], form)
    owned(t, form)
    _drawn(t, form)
    rented(t, form)
    called(t, form)
    cohorts(t, "mix", "Mix", base(t, form), form)
    mixed(t, form)
    _earned(t, form)
    compared(t, form)
    totals(t)
    for line in t.lines.values():
        ctx.graph.printed(sheet, line, "", "")  # held against its unit; the block writes it
    ctx.graph.later(t.finish)
    _look(sheet, t, form)
    return sheet


def _time(ctx: Context, t: Table, form: Form) -> None:
    h = form.cells
    month = t.column("Month", units.COUNT, list(range(1, MONTHS + 1)), style="Label", fmt="0")
    since = h["start_month"] + month - 2
    year = h["start_year"] + INT(since / 12)
    calendar = MOD(since, 12) + 1
    t.column("Calendar", units.TEXT, year & "-" & RIGHT("0" & calendar, 2), style="Label")
    inside = t.column("Within the plan", units.SWITCH, IF(month <= h["months"], 1, 0), key="inside")
    t.column("Year of the plan", units.COUNT, IF(inside.eq(1), INT((month - 1) / 12) + 1, 0), key="year", fmt="0;;-")
    t.column("Discount factor", units.SHARE, factor(h["discount"], month), key="factor", fmt="0.0000")
    seasons = Table(ctx.graph, t.sheet, "seasons", FIRST - 1, 8, len(SEASONS), head="")
    t.sheet.put(FIRST - 2, 8, "Season", "Column unit")
    factors = [ctx.graph["season.in_use"].cell(i) for i in range(len(SEASONS))]
    used = seasons.column("Season", units.SEASON, factors, key="factor", style="Link")
    t.column("Season", units.SEASON, INDEX(used.all, calendar))


def _needs(t: Table, form: Form) -> None:
    """Demand, and the domains that serve it."""
    h, month, inside = form.cells, t.lines["month"], t.lines["inside"]
    asked = demand(h["demand"], h["growth"], h["ceiling"], t.lines["season"], month) * inside
    asked = t.column("Demand", units.MILLION_TOKENS, asked)
    rate = t.column(
        "Throughput", units.TOKENS_PER_GPU, throughput(h["rate"], h["progress"], h["most"], month), key="rate"
    )
    full = gpus(asked, h["load"], rate)
    full = t.column("GPUs at the peak", units.GPU_COUNT, IF(full > MOST_GPUS, NA, full), key="gpus")
    need = t.column("Domains needed", units.WHOLE_DOMAINS, domains(full, h["domain"]), key="need")
    t.column("Domains to own", units.WHOLE_DOMAINS, spared(need, h["up"]), key="own_need")
    new = price(h["capital"], h["fall_new"], MAX(1, month - h["lead"]))
    t.column("New GPU, when ordered", units.USD_PER_GPU, new, key="new")
    t.column("GPU-hour on demand", units.USD_PER_GPU_HOUR, price(h["usd_on_demand"], h["fall"], month), key="now")


def _drawn(t: Table, form: Form) -> None:
    """Own GPUs with those rented until they come, how busy they are, and their energy."""
    h, inside = form.cells, t.lines["inside"]
    fleet = (t.lines["own_closing"] + t.lines["own_bridge"]) * h["domain"] * inside
    fleet = t.column("Own: GPUs", units.GPU_COUNT, fleet, key="own_gpus")
    rent = t.column("Rent: GPUs", units.GPU_COUNT, t.lines["need"] * h["domain"], key="rent_gpus")
    busy = gpus(t.lines["demand"], 1, t.lines["rate"])
    t.column("Own: share of full load", units.SHARE, IF(fleet > 0, busy / fleet, 0), key="own_busy")
    t.column("Rent: share of full load", units.SHARE, IF(rent > 0, busy / rent, 0), key="rent_busy")
    kilowatt = t.column(
        "Own: power", units.POWER_DRAWN, fleet_power(fleet, h["kilowatt"], h["pue"]), key="own_kilowatt"
    )
    energy = t.column("Own: energy", units.KILOWATT_HOURS, kilowatt * HOURS_IN_MONTH, key="own_energy")
    t.column("Own: carbon", units.GRAMS, energy * h["carbon"], key="own_carbon")


def _earned(t: Table, form: Form) -> None:
    """Revenue, where customers' token prices are typed on Fleet; they fall as API prices do."""
    h = form.cells
    t.column(
        "Revenue", units.USD, t.lines["demand"] * price(h["earned"], h["fall_api"], t.lines["month"]), key="revenue"
    )


def _look(sheet: Sheet, t: Table, form: Form) -> None:
    widths(sheet, (30, 14, 12, *(12.5,) * (len(t.lines) - 3)))
    sheet.freeze = f"C{t.row}"
    sheet.repeat_rows = f"{t.row - 2}:{t.row - 1}"
    sheet.repeat_columns = "A:B"
    count = t.last_col - 2
    even = math.ceil(count / math.ceil(count / ABREAST))  # pages about equally full
    blocks = (
        span(t.row - 2, col, t.end - 1, min(col + even - 1, t.last_col)) for col in range(3, t.last_col + 1, even)
    )
    sheet.breaks = [t.row + 3 * MONTHS // YEARS - 1]  # whole years on a page
    sheet.print_area = ",".join((span(1, 1, form.row - 1, 16), *blocks))
