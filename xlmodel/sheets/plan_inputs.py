"""Plan, its assumptions: demand, capacity, prices, contracts, ownership and money, and what is measured where a cell is empty."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.form import Columns, Form, guard
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import (
    IF,
    IFERROR,
    INDEX,
    ISNUMBER,
    LEFT,
    MATCH,
    MAX,
    MID,
    MIN,
    NA,
    VALUE,
    lookup,
    said,
    typed_number,
)
from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.plan import SEASONS, UNITS
from xlmodel.sheets.frame import headers
from xlmodel.units import (
    COUNT,
    SEASON,
    SHARE,
    TEXT,
    TOKEN_PRICE,
    TOKENS_PER_GPU,
    TOKENS_PER_USER,
    YEARLY_DECLINE,
    YEARLY_GROWTH,
)

_EXAMPLE = "an example: type yours"
_NONE = "empty: none assumed"
_GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    "Time and demand": {
        "start_year": ("First month, year", "yours"),
        "start_month": ("First month", "yours"),
        "months": ("Length of the plan", "yours; yearly totals are of twelve months from the first one"),
        "tokens": ("Demand of the first month", f"input and output together; {_EXAMPLE}"),
        "users": ("or: users", "counts where the demand above is empty"),
        "user_tokens": ("and tokens of a user a month", "counts where the demand above is empty"),
        "growth": ("Growth of the demand a month", _EXAMPLE),
        "ceiling": ("Ceiling of the demand a month", "empty: no ceiling; the season comes on top"),
    },
    "Service": {
        "interactivity": ("Target interactivity", "empty: the target of the Summary"),
        "peak": ("Peak over average demand", _EXAMPLE),
        "headroom": ("Headroom above the peak", _EXAMPLE),
        "software": ("Throughput gained by software a year", "empty: as measured between the snapshots of this book, see below"),
        "software_most": ("Most that software gains in all", "a multiple of today's throughput: no gain goes on for ever; yours"),
        "software_prudent": ("The same in the third scenario", "0: the prudent case counts on no gain"),
    },
    "Prices and contracts": {
        "rent_decline": ("Fall of the price of a rented GPU-hour a year", "empty: as between the two dates of the rental tiers on Prices, see below"),
        "hardware_decline": ("Fall of the price of new hardware a year", f"replacements are bought at the price of their day; {_NONE}"),
        "api": ("API price of the mix", "USD per million tokens of your mix; empty: that of Fleet, else the median of the offers on API prices"),
        "api_decline": ("Fall of the API price a year", f"{_NONE}; published forecasts for equal quality are on Claims"),
        "one_year": ("Rented on 1-year contracts", "share of the domains needed when it is signed; the rest is on demand"),
        "three_year": ("Rented on 3-year contracts", f"share of the domains needed when it is signed; {_EXAMPLE}"),
    },
    "Own, mix and money": {
        "lead": ("Months from order to service", f"paid when ordered, rented on demand until then; {_EXAMPLE}"),
        "base_share": ("Mix: owned share of the average load", "whole domains that it fills; rent takes the peak, an API what fills no domain"),
        "rent_limit": ("Mix: domains that can be rented", "empty: no limit; 0: none, the API takes what is not owned"),
        "tax": ("Tax rate on profits", "0: no tax; costs lower the tax on profits made elsewhere"),
        "discount": ("Discount rate", _EXAMPLE),
    },
}  # fmt: skip
_BASES = {
    "basis_on_demand": "Quote on demand",
    "basis_one_year": "Quote for 1 year",
    "basis_three_year": "Quote for 3 years",
}
_TIERS = ("3-year rental 2025-08", "3-year rental 2026-07")  # the same tier at two dates
_APART = 11 / 12  # years between them


def describe(ctx: Context, sheet: Sheet, row: int) -> Form:
    """The block of assumptions from a row on, and what follows from them alone."""
    g, typed = ctx.graph, ctx.inputs.plan
    headers(sheet, row, 1, ("Assumption", "Unit", "Value", "Allowed", "", "Source", *[""] * 8), 16)
    form = Form(g, sheet, "plan", row + 1, Columns(note=6))
    form.input("platform", "Platform", TEXT, typed.platform, "what is owned or rented", menu="menu.platforms",
               prompt="A platform of this workbook.", shown="pick")  # fmt: skip
    for group, rows in _GROUPS.items():
        sheet.put(form.row, 1, group, "Strong")
        form.row += 1
        for name, (label, source) in rows.items():
            form.input(name, label, UNITS[name], getattr(typed, name), source)
        if "three_year" in rows:
            for name, label in _BASES.items():
                form.input(name, label, TEXT, getattr(typed, name), "a column of the price book; an own price wins", menu="menu.bases",
                           prompt="A basis of the price book on Prices.", shown="pick", height=27)  # fmt: skip
    _seasons(ctx, sheet, form)
    _in_use(ctx, form)
    return form


def _seasons(ctx: Context, sheet: Sheet, form: Form) -> None:
    """Twelve factors, side by side."""
    sheet.put(form.row, 1, "Season: factor of each calendar month", "Strong")
    t = Table(ctx.graph, sheet, "season", form.row + 1, 3, 12, down=False, units=True)
    for i, name in enumerate(SEASONS):
        sheet.put(form.row, 3 + i, name, "Column unit")
    values = [ctx.inputs.plan.season.get(name) for name in SEASONS]
    rule = guard(SEASON, "Season", "A factor of the trend; empty counts as 1.")
    form.numbers.append(t.typed_line("Factor", SEASON, values, [f"plan.season/{name}" for name in SEASONS], rule))
    t.line("In use", SEASON, IF(ISNUMBER(t.lines["factor"]), t.lines["factor"], 1))
    form.row = t.end + 1


def _in_use(ctx: Context, form: Form) -> None:
    """What counts where an assumption is empty, with its evidence."""
    g, c, sheet = ctx.graph, form.cells, form.sheet
    sheet.put(form.row, 1, "What counts where a cell is empty", "Strong")
    sheet.breaks.append(form.row - 2)
    form.row += 1
    users = typed_number(c["users"]) * typed_number(c["user_tokens"])
    asked = IF(typed_number(c["tokens"]) > 0, c["tokens"], IF(users > 0, users, NA))
    form.calc("demand", "Demand of the first month in use", UNITS["tokens"], asked,
              IF(ISNUMBER(g["plan.demand"]), "", "no demand: type one above"))  # fmt: skip
    speed = IF(typed_number(c["interactivity"]) > 0, c["interactivity"], g["scenario.interactivity"])
    form.calc("speed", "Interactivity in use", TOKENS_PER_USER, speed, "at which the curve of the platform is read")
    mix = "the workload of the Summary, at which the curve was measured"
    form.calc("output_share", "Output share of the tokens", SHARE, g["scenario.output_share"], mix, style="Link")
    cached = "of Fleet: it lowers a price there; the throughput was measured without, which is on the safe side"
    form.calc(
        "cached_share", "Cached share of the input", SHARE, typed_number(g["fleet.cached_share"]), cached, style="Link"
    )
    form.calc("measured", "Measured gain of software a year", YEARLY_GROWTH, *_evidence(ctx, form))
    form.calc("fallen", "Measured fall of rented GPU-hours a year", YEARLY_DECLINE, *_fall(ctx, c["platform"]))
    third = IF(
        g["scenario.number"].eq(3), c["software_prudent"], IF(ISNUMBER(c["software"]), c["software"], c["measured"])
    )
    form.calc(
        "software_in_use", "Gain of software in use", YEARLY_GROWTH, typed_number(third), "of the active scenario"
    )
    fall = IF(ISNUMBER(c["rent_decline"]), c["rent_decline"], c["fallen"])
    form.calc("decline_in_use", "Fall of rented GPU-hours in use", YEARLY_DECLINE, fall)
    typed, fleet, listed = typed_number(c["api"]) > 0, typed_number(g["fleet.api"]) > 0, g["api.median"]
    api = IF(typed, c["api"], IF(fleet, g["fleet.api"], listed))
    missing = "no API price of " & g["scenario.model"] & ": type one above"
    source = IF(ISNUMBER(listed), "the median offer for " & g["scenario.model"] & " on API prices", missing)
    form.calc(
        "api_in_use", "API price in use", TOKEN_PRICE, api, IF(typed, "as typed above", IF(fleet, "of Fleet", source))
    )


def _evidence(ctx: Context, form: Form) -> tuple[Any, Any]:
    """Gain of throughput a year between the first and the last snapshot that reach the target, and its evidence in words."""
    g, platform, labels = ctx.graph, form.cells["platform"], ctx.places.progress
    keys = list(g.tables["progress"].lines)[1:-1]
    t = Table(g, form.sheet, "evidence", form.row, 3, len(keys), down=False, units=True)
    shown = [g["menu.snapshots"].cell(i) for i in labels]
    label = t.line("Snapshots of this book", TEXT, shown, key="label", style="Link", shown="date")
    rates = [IFERROR(lookup(g[f"progress.{key}"], g["menu.platforms"], platform), NA) for key in keys]
    rate = t.line("Throughput at the Summary's target", TOKENS_PER_GPU, rates, key="rate", style="Link")
    month = t.line("Month of the snapshot", COUNT, _month(label), key="month", fmt="0", shown="since the year 0")
    places = [IF(ISNUMBER(rate), i, "") for i in range(1, len(keys) + 1)]
    order = t.line("Place", COUNT, places, key="order", fmt="0", shown="where measured")
    form.row = t.end
    first, last = MIN(order.all), MAX(order.all)

    def at(line: Any, place: Any) -> Any:
        return INDEX(line.all, place)

    between = at(month, last) - at(month, first)
    grown = (at(rate, last) / at(rate, first)) ** (12 / between) - 1
    words = (
        at(label, first)
        & " to "
        & at(label, last)
        & ": "
        & said(at(rate, first), 0, thousands=True)
        & " to "
        & said(at(rate, last), 0, thousands=True)
        & " tok/s/GPU"
    )
    return IF(last > first, MAX(0, grown), 0), IF(
        last > first, words, "fewer than two snapshots reach the target: no gain is counted"
    )


def _month(label: Any) -> Any:
    """Months since the year 0 of a label that begins with year and month."""
    year, month = (
        counted(VALUE(part), "1", "a label counts years and months") for part in (LEFT(label, 4), MID(label, 6, 2))
    )
    return 12 * year + month


def _fall(ctx: Context, platform: Cell) -> tuple[Any, Any]:
    """Fall of the price of a 3-year rental a year between its two dates, and the words of its evidence."""
    old, new = (quote(ctx, platform, tier) for tier in _TIERS)
    fall = IFERROR(MIN(0.9, MAX(0, 1 - (new / old) ** (1 / _APART))), 0)
    words = f"{_TIERS[0]} to {_TIERS[1]}: " & said(old, 2) & " to " & said(new, 2) & " USD/GPU-hour"
    return fall, IFERROR(words, "the tiers of the price book hold no pair for this platform: no fall is counted")


def quote(ctx: Context, platform: Any, basis: Any) -> Any:
    """What the price book says of a platform on a basis."""
    g, count = ctx.graph, len(ctx.places.bases)
    book = g.span([f"prices.basis_{j}" for j in range(count)], 0, len(ctx.places.platforms) - 1)
    return INDEX(book, MATCH(platform, g["menu.platforms"].all, 0), MATCH(basis, g["prices.bases"].all, 0))


def renting(ctx: Context, platform: Any, basis: Any, change: Any) -> Any:
    """USD/GPU-hour of a platform on a basis with a scenario's change; an own price wins."""
    own = lookup(ctx.graph["prices.own"], ctx.graph["menu.platforms"], platform)
    return IF(typed_number(own) > 0, own, quote(ctx, platform, basis) * IF(basis.eq(BUILD_UP), 1, 1 + change))
