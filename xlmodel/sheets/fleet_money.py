"""Fleet, the money: revenue and margin of a GPU-hour, payback, and self-hosting against an API."""

from xlmodel.book.context import Context
from xlmodel.book.form import Form
from xlmodel.book.table import Table
from xlmodel.calc.cells import across
from xlmodel.calc.constants import MONTHS_PER_YEAR
from xlmodel.calc.functions import IF, ISNUMBER, MID, NA, SUM, typed_number
from xlmodel.model.economics import cost
from xlmodel.model.fleet import api_saved, breakeven_utilization, busy, margin, margin_share, payback, revenue
from xlmodel.model.ownership import SERVER_ONLY
from xlmodel.units import MARGIN, MONTHS, SHARE, TEXT, USD_PER_GPU_HOUR, USD_PER_MILLION, UTILIZATION

_NO_TOKENS = "no token prices typed"
_NO_COST = "no cost at the target"
_NO_CAPITAL = "no capital cost on Ownership"
_NEVER = "revenue does not cover running costs"
_LATE = "pays back after its life"
_SERVER = "capital of the server only, so payback too short"
_NO_API = "no API price typed"
_RUNNING = ("electricity_hourly", "colocation_hourly", "support_and_staff_hourly", "software_hourly")


def money(ctx: Context, t: Table, form: Form) -> None:
    """From tokens sold to the break-even utilization."""
    g = ctx.graph
    rate, price, waits = (t.lines[key] for key in ("throughput", "price_in_use", "idle_share"))
    blended, api, use = form.cells["blended"], form.cells["api"], g["scenario.utilization"]
    works = t.line(
        "Utilization of the fleet", UTILIZATION, IF(ISNUMBER(waits), busy(use, waits), use), shown="share",
        note="that of Scenario, but no more than 1 - idle share",
    )  # fmt: skip
    earned = t.line(
        "Revenue",
        USD_PER_GPU_HOUR,
        revenue(rate, works, blended),
        note="throughput x utilization of the fleet x price of the mix",
    )
    left = t.line("Gross margin", MARGIN, margin(earned, price), note="revenue - price in use")
    t.line("Margin share", SHARE, margin_share(left, earned), note="gross margin / revenue")
    running = t.line(
        "Running costs if owned", USD_PER_GPU_HOUR, SUM(across(*(g.find(f"ownership.{part}") for part in _RUNNING)).relative),
        note="own build-up less capital (Ownership)",
    )  # fmt: skip
    back = payback(g["ownership.capital_in_use"], earned, running, g["ownership.availability"])
    t.line("Payback if owned", MONTHS, back, note="capital / (revenue - running costs), over hours up")
    alone = t.line(
        "Self-hosting",
        USD_PER_MILLION,
        cost(price, rate, works),
        note="price / tokens that the fleet serves in the hour",
    )
    t.line(
        "Saved against the API",
        SHARE,
        IF(ISNUMBER(api), api_saved(alone, api), NA),
        note="1 - self-hosting / API price",
    )
    even = breakeven_utilization(price, rate, api)
    t.line("Break-even utilization", SHARE, IF(ISNUMBER(api), even, NA), note="at which it costs what the API charges")
    _words(ctx, t, form)


def _words(ctx: Context, t: Table, form: Form) -> None:
    """Why a number above is missing (cost first, then tokens, capital, running costs, API), or what is doubtful."""
    owned = {key: ctx.graph[f"ownership.{key}"] for key in ("capital_in_use", "life", "it_covers")}
    back = t.lines["payback_if_owned"]
    late = IF(back > MONTHS_PER_YEAR * typed_number(owned["life"]), f"; {_LATE}", "")
    doubts = late & IF(owned["it_covers"].eq(SERVER_ONLY), f"; {_SERVER}", "")
    why = doubts
    for known, missing in (
        (back, _NEVER), (owned["capital_in_use"], _NO_CAPITAL), (form.cells["blended"], _NO_TOKENS), (t.lines["self_hosting"], _NO_COST),
    ):  # fmt: skip
        why = IF(ISNUMBER(known), why, f"; {missing}")
    api = IF(ISNUMBER(form.cells["api"]), "", f"; {_NO_API}")
    t.line(
        "Money in words",
        TEXT,
        MID(why & api, 3, 200),
        style="Note",
        note="why a number is missing, or what is doubtful",
    )
