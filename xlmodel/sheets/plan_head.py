"""Plan months, its head: what the months read, linked in once, so that the formulas below refer to this sheet only."""

from typing import Any

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.form import Columns, Form
from xlmodel.book.spec import Sheet
from xlmodel.calc.constants import MONTHS_PER_YEAR
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import IF, IFERROR, ISNUMBER, MAX, MIN, NA, ROUND, lookup, typed_number
from xlmodel.model.fleet import token_load
from xlmodel.model.plan import MONTHS, MOST_GPUS, UNITS
from xlmodel.model.plan_money import monthly
from xlmodel.sheets.plan_inputs import renting

_RUNNING = ("electricity", "colocation_a_year", "support_and_staff")


def describe(ctx: Context, sheet: Sheet, row: int) -> Form:
    """The links, from a row on."""
    g = ctx.graph
    form = Form(g, sheet, "head", row, Columns(1, 2, 3, 0, 4))
    _asked(ctx, form)
    _served(ctx, form)
    _owned(ctx, form)
    _rented(ctx, form)
    return form


def _link(form: Form, name: str, label: str, unit: units.Unit, content: Any, note: str = "") -> None:
    form.calc(name, label, unit, content, note or None, style="Link" if not note else "Calculation")


def _asked(ctx: Context, form: Form) -> None:
    g = ctx.graph
    _link(form, "start_year", "First month, year", UNITS["start_year"], ROUND(typed_number(g["plan.start_year"]), 0))
    # what is pasted passes no validation: beyond the longest plan the months would end without what is left of the hardware
    first = MIN(12, MAX(1, ROUND(typed_number(g["plan.start_month"]), 0)))
    _link(form, "start_month", "First month", UNITS["start_month"], first)
    length = IF(typed_number(g["plan.months"]) > 0, MIN(MONTHS, MAX(1, ROUND(g["plan.months"], 0))), MONTHS)
    _link(form, "months", "Months of the plan", units.WHOLE_MONTHS, length)
    _link(form, "demand", "Demand of the first month", UNITS["tokens"], g["plan.demand"])
    _link(form, "growth", "Growth a month", UNITS["growth"], typed_number(g["plan.growth"]))
    _link(form, "ceiling", "Ceiling", UNITS["ceiling"], typed_number(g["plan.ceiling"]), "0: none")


def _served(ctx: Context, form: Form) -> None:
    g = ctx.graph
    reading = ctx.readings.ask("Plan", g["plan.platform"], g["plan.speed"])
    _link(form, "rate", "Throughput today", units.TOKENS_PER_GPU, reading.part("Throughput"))
    form.calc("reason", "Reason without one", units.TEXT, reading.part("Reason"), shown="", style="Link")
    _link(form, "progress", "Gain of software a year", UNITS["software"], g["plan.software_in_use"])
    _link(form, "most", "Most gain in all", units.FACTOR, MAX(1, typed_number(g["plan.software_most"])))
    _link(form, "use", "Utilization", units.UTILIZATION, g["scenario.utilization"])
    flat = IFERROR(1 / form.cells["use"], 1)
    _link(form, "flat", "Full over average load without a peak", units.RATIO, flat, "1 / utilization")
    load = token_load(MAX(1, typed_number(g["plan.peak"])), form.cells["use"]) * (1 + typed_number(g["plan.headroom"]))
    words = "the peak, or the hours without work, and the headroom"
    _link(form, "load", "Full over average load", units.RATIO, load, words)
    platform, names = g["plan.platform"], g["platforms.platform"]
    domain, power = (lookup(g[f"platforms.{fact}"], names, platform) for fact in ("domain", "kilowatt"))
    _link(form, "domain", "GPUs of a domain", units.GPUS_PER_DOMAIN, IF(ISNUMBER(domain), domain, NA))
    _link(form, "kilowatt", "Power", units.KILOWATT, IF(ISNUMBER(power), power, NA))
    _link(form, "pue", "PUE", units.PUE, g["scenario.pue"])
    grams = IF(g["scenario.g_per_kwh"] > 0, g["scenario.g_per_kwh"], NA)
    _link(form, "carbon", "Carbon of a kWh", units.GRAMS_PER_KWH, grams)


def _owned(ctx: Context, form: Form) -> None:
    g, platform, names = ctx.graph, ctx.graph["plan.platform"], ctx.graph["menu.platforms"]
    _link(form, "capital", "Capital today", units.USD_PER_GPU, lookup(g["ownership.capital_in_use"], names, platform))
    _link(form, "left", "Share left at the end", units.SHARE, g["ownership.share_left"])
    life = MAX(1, ROUND(typed_number(g["ownership.life"]) * MONTHS_PER_YEAR, 0))
    _link(form, "life", "Life", units.WHOLE_MONTHS, counted(life, "1", "months as rows of the plan"))
    parts = [lookup(g[f"ownership.{key}"], names, platform) for key in _RUNNING]
    year = parts[0] + parts[1] + parts[2] + typed_number(g["ownership.software"])
    words = "electricity, colocation, staff and software of Ownership"
    _link(form, "running", "Running costs", units.USD_PER_GPU_YEAR, year, words)
    up = IF(typed_number(g["ownership.availability"]) > 0, g["ownership.availability"], NA)
    _link(form, "up", "Availability", units.UTILIZATION, up)
    fall = typed_number(g["plan.hardware_decline"])
    _link(form, "fall_new", "Fall of new hardware a year", UNITS["hardware_decline"], fall)
    lead = MAX(0, ROUND(typed_number(g["plan.lead"]), 0))
    _link(form, "lead", "Months to service", units.WHOLE_MONTHS, lead)
    _link(form, "share", "Mix: share of the average demand", units.SHARE, typed_number(g["plan.base_share"]))
    limit = IF(ISNUMBER(g["plan.rent_limit"]), MAX(0, g["plan.rent_limit"]), MOST_GPUS)  # 0 is a limit too
    _link(form, "limit", "Mix: domains that can be rented", UNITS["rent_limit"], limit, f"{MOST_GPUS:,}: no limit")


def _rented(ctx: Context, form: Form) -> None:
    g, platform = ctx.graph, ctx.graph["plan.platform"]
    change = g["scenario.price_change"]
    for name, label in (("on_demand", "on demand"), ("one_year", "for 1 year"), ("three_year", "for 3 years")):
        price = renting(ctx, platform, g[f"plan.basis_{name}"], change)
        if name != "on_demand":  # what nobody contracts needs no quote
            _link(form, f"{name}_share", f"Share rented {label}", units.SHARE, typed_number(g[f"plan.{name}"]))
            price = IF(form.cells[f"{name}_share"].eq(0), 0, price)
        _link(form, f"usd_{name}", f"Price {label}", units.USD_PER_GPU_HOUR, price)
    _link(form, "fall", "Fall of rented GPU-hours a year", UNITS["rent_decline"], g["plan.decline_in_use"])
    _link(form, "api", "API price", units.TOKEN_PRICE, g["plan.api_in_use"])
    _link(form, "fall_api", "Fall of the API price a year", UNITS["api_decline"], typed_number(g["plan.api_decline"]))
    _link(form, "earned", "Price of the mix of tokens", units.TOKEN_PRICE, g["fleet.blended"])
    _link(form, "tax", "Tax rate", UNITS["tax"], typed_number(g["plan.tax"]))
    rate = monthly(typed_number(g["plan.discount"]))
    _link(form, "discount", "Discount rate a month", UNITS["discount"], rate, "compounds to the rate a year")
