"""Plan months, its head: what the months read, linked in once, so that the formulas below refer to this sheet only."""

from typing import Any

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
from xlmodel.units import (
    FACTOR,
    GPUS_PER_DOMAIN,
    GRAMS_PER_KWH,
    KILOWATT,
    PUE,
    RATIO,
    SHARE,
    TEXT,
    TOKEN_PRICE,
    TOKENS_PER_GPU,
    USD_PER_GPU,
    USD_PER_GPU_HOUR,
    USD_PER_GPU_YEAR,
    UTILIZATION,
    WHOLE_MONTHS,
    Unit,
)

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


def _link(form: Form, name: str, label: str, unit: Unit, content: Any, note: str = "") -> None:
    form.calc(name, label, unit, content, note or None, style="Link" if not note else "Calculation")


def _asked(ctx: Context, form: Form) -> None:
    g = ctx.graph
    _link(form, "start_year", "First month, year", UNITS["start_year"], ROUND(typed_number(g["plan.start_year"]), 0))
    # what is pasted passes no validation: beyond the longest plan the months would end without what is left of the hardware
    first = MIN(12, MAX(1, ROUND(typed_number(g["plan.start_month"]), 0)))
    _link(form, "start_month", "First month", UNITS["start_month"], first)
    length = IF(typed_number(g["plan.months"]) > 0, MIN(MONTHS, MAX(1, ROUND(g["plan.months"], 0))), MONTHS)
    _link(form, "months", "Months of the plan", WHOLE_MONTHS, length)
    _link(form, "demand", "Demand of the first month", UNITS["tokens"], g["plan.demand"])
    _link(form, "growth", "Growth a month", UNITS["growth"], typed_number(g["plan.growth"]))
    _link(form, "ceiling", "Ceiling", UNITS["ceiling"], typed_number(g["plan.ceiling"]), "0: none")


def _served(ctx: Context, form: Form) -> None:
    g = ctx.graph
    reading = _reading(ctx)
    _link(form, "rate", "Throughput today", TOKENS_PER_GPU, reading.part("Throughput"))
    form.calc("reason", "Reason without one", TEXT, reading.part("Reason"), shown="", style="Link")
    _link(form, "progress", "Gain of software a year", UNITS["software"], g["plan.software_in_use"])
    _link(form, "most", "Most gain in all", FACTOR, MAX(1, typed_number(g["plan.software_most"])))
    _link(form, "use", "Utilization", UTILIZATION, g["scenario.utilization"])
    flat = IFERROR(1 / form.cells["use"], 1)
    _link(form, "flat", "Full over average load without a peak", RATIO, flat, "1 / utilization")
    load = token_load(MAX(1, typed_number(g["plan.peak"])), form.cells["use"]) * (1 + typed_number(g["plan.headroom"]))
    _link(form, "load", "Full over average load", RATIO, load, "the peak, or the hours without work, and the headroom")
    platform, names = g["plan.platform"], g["platforms.platform"]
    domain, power = (lookup(g[f"platforms.{fact}"], names, platform) for fact in ("domain", "kilowatt"))
    _link(form, "domain", "GPUs of a domain", GPUS_PER_DOMAIN, IF(ISNUMBER(domain), domain, NA))
    _link(form, "kilowatt", "Power", KILOWATT, IF(ISNUMBER(power), power, NA))
    _link(form, "pue", "PUE", PUE, g["scenario.pue"])
    _link(
        form, "carbon", "Carbon of a kWh", GRAMS_PER_KWH, IF(g["scenario.g_per_kwh"] > 0, g["scenario.g_per_kwh"], NA)
    )


def _owned(ctx: Context, form: Form) -> None:
    g, platform, names = ctx.graph, ctx.graph["plan.platform"], ctx.graph["menu.platforms"]
    _link(form, "capital", "Capital today", USD_PER_GPU, lookup(g["ownership.capital_in_use"], names, platform))
    _link(form, "left", "Share left at the end", SHARE, g["ownership.share_left"])
    life = MAX(1, ROUND(typed_number(g["ownership.life"]) * MONTHS_PER_YEAR, 0))
    _link(form, "life", "Life", WHOLE_MONTHS, counted(life, "1", "months as rows of the plan"))
    parts = [lookup(g[f"ownership.{key}"], names, platform) for key in _RUNNING]
    year = parts[0] + parts[1] + parts[2] + typed_number(g["ownership.software"])
    _link(
        form,
        "running",
        "Running costs",
        USD_PER_GPU_YEAR,
        year,
        "electricity, colocation, staff and software of Ownership",
    )
    up = IF(typed_number(g["ownership.availability"]) > 0, g["ownership.availability"], NA)
    _link(form, "up", "Availability", UTILIZATION, up)
    _link(
        form,
        "fall_new",
        "Fall of new hardware a year",
        UNITS["hardware_decline"],
        typed_number(g["plan.hardware_decline"]),
    )
    lead = MAX(0, ROUND(typed_number(g["plan.lead"]), 0))
    _link(form, "lead", "Months to service", WHOLE_MONTHS, lead)
    _link(form, "share", "Mix: share of the average demand", SHARE, typed_number(g["plan.base_share"]))
    _link(
        form,
        "limit",
        "Mix: domains that can be rented",
        UNITS["rent_limit"],
        IF(ISNUMBER(g["plan.rent_limit"]), MAX(0, g["plan.rent_limit"]), MOST_GPUS),  # 0 is a limit too
        f"{MOST_GPUS:,}: no limit",
    )


def _rented(ctx: Context, form: Form) -> None:
    g, platform = ctx.graph, ctx.graph["plan.platform"]
    change = g["scenario.price_change"]
    for name, label in (("on_demand", "on demand"), ("one_year", "for 1 year"), ("three_year", "for 3 years")):
        price = renting(ctx, platform, g[f"plan.basis_{name}"], change)
        if name != "on_demand":  # what nobody contracts needs no quote
            _link(form, f"{name}_share", f"Share rented {label}", SHARE, typed_number(g[f"plan.{name}"]))
            price = IF(form.cells[f"{name}_share"].eq(0), 0, price)
        _link(form, f"usd_{name}", f"Price {label}", USD_PER_GPU_HOUR, price)
    _link(form, "fall", "Fall of rented GPU-hours a year", UNITS["rent_decline"], g["plan.decline_in_use"])
    _link(form, "api", "API price", TOKEN_PRICE, g["plan.api_in_use"])
    _link(form, "fall_api", "Fall of the API price a year", UNITS["api_decline"], typed_number(g["plan.api_decline"]))
    _link(form, "earned", "Price of the mix of tokens", TOKEN_PRICE, g["fleet.blended"])
    _link(form, "tax", "Tax rate", UNITS["tax"], typed_number(g["plan.tax"]))
    rate = monthly(typed_number(g["plan.discount"]))
    _link(form, "discount", "Discount rate a month", UNITS["discount"], rate, "compounds to the rate a year")


def _reading(ctx: Context) -> Any:
    """The curve of the plan's platform at its interactivity."""
    return ctx.readings.ask("Plan", ctx.graph["plan.platform"], ctx.graph["plan.speed"])
