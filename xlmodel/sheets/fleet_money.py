"""Fleet, the money: revenue and margin of a GPU-hour, payback, self-hosting against an API; and the checks of the sheet."""

from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.form import Form
from xlmodel.book.guards import owed
from xlmodel.book.table import Table
from xlmodel.calc.cells import across
from xlmodel.calc.constants import MONTHS_PER_YEAR, MTOK_S_PER_TOK_DAY, MTOK_S_PER_TOK_H
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import ABS, AND, IF, IFERROR, ISNUMBER, MAX, MID, MOD, NA, SUM, typed_number
from xlmodel.model.economics import cost
from xlmodel.model.fleet import api_saved, breakeven_utilization, busy, margin, margin_share, payback, revenue
from xlmodel.model.ownership import BUILD_UP, SERVER_ONLY
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
    sold, how = revenue(rate, works, blended), "throughput x utilization of the fleet x price of the mix"
    earned = t.line("Revenue", USD_PER_GPU_HOUR, sold, note=how)
    left = t.line("Gross margin", MARGIN, margin(earned, price), note="revenue - price in use")
    t.line("Margin share", SHARE, margin_share(left, earned), note="gross margin / revenue")
    running = t.line(
        "Running costs if owned", USD_PER_GPU_HOUR, SUM(across(*(g.find(f"ownership.{part}") for part in _RUNNING)).relative),
        note="own build-up less capital (Ownership)",
    )  # fmt: skip
    back = payback(g["ownership.capital_in_use"], earned, running, g["ownership.availability"])
    t.line("Payback if owned", MONTHS, back, note="capital / (revenue - running costs), over hours up")
    usd = cost(price, rate, works)
    alone = t.line("Self-hosting", USD_PER_MILLION, usd, note="price / tokens that the fleet serves in the hour")
    saved = IF(ISNUMBER(api), api_saved(alone, api), NA)
    t.line("Saved against the API", SHARE, saved, note="1 - self-hosting / API price")
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
    words = MID(why & api, 3, 200)
    t.line("Money in words", TEXT, words, style="Note", note="why a number is missing, or what is doubtful")


def checks(ctx: Context, t: Table, form: Form) -> None:
    """Append the checks; platforms without a number are left out of each."""
    g, given = ctx.graph, form.cells
    owned, every = AND(g["scenario.basis"].eq(BUILD_UP), typed_number(g["ownership.availability"]) > 0), range(t.count)
    ctx.checks += [
        Check("Fleet cost is cost per token", "USD per hour = GPUs x tokens per hour x cost per token, at the Summary's cost and at the fleet's own.",
              t.lines["cost_per_hour"], MAX(*(gap for i in every for gap in _ties(ctx, t, i))), 1e-9),
        Check("Fleets serve the demand", "A fleet works off its demand: the tokens of a day, or the users at the peak.", t.lines["idle_share"],
              IF(given["limit"].eq(1), 0, MAX(*(_served(ctx, t, form, i) for i in every))), 1e-9),
        Check("Owned fleets cost what they cost a year", "On the own build-up, USD per year = GPUs / availability x all costs of a year on Ownership.",
              t.lines["cost_per_year"], IF(owned, MAX(*(_yearly(ctx, t, i) for i in every)), 0), 1e-9),
        Check("Fleets are whole and enough", "GPUs are whole domains, no fewer than the demand needs, no more than a budget feeds.",
              t.lines["gpus"], MAX(*(_whole(t, form, i) for i in every)), 1e-3),
        Check("Margin is what cost leaves", "Margin share = 1 - cost per token of the fleet / price of the mix of tokens.",
              t.lines["margin_share"], IF(typed_number(IFERROR(given["blended"], 0)) > 0, MAX(*(_margin(t, form, i) for i in every)), 0), 1e-9),
    ]  # fmt: skip


def _ties(ctx: Context, t: Table, i: int) -> tuple[Any, ...]:
    g = ctx.graph
    cost, rate = g["target.cost"].cell(i), g["target.throughput"].cell(i)
    gpus, hour, works, alone = (
        t.lines[key].cell(i) for key in ("gpus", "cost_per_hour", "utilization_of_the_fleet", "self_hosting")
    )
    made = gpus * rate * MTOK_S_PER_TOK_H  # at full load

    def gap(busy: Any, usd: Any) -> Any:
        return IF(ISNUMBER(cost) * ISNUMBER(gpus), IFERROR(ABS((made * busy * usd - hour) / MAX(1, hour)), 1), 0)

    return gap(g["scenario.utilization"], cost), gap(works, alone)


def _served(ctx: Context, t: Table, form: Form, i: int) -> Any:
    rate, given = ctx.graph["target.throughput"].cell(i), form.cells
    gpus, waits, works, needed = (
        t.lines[key].cell(i) for key in ("gpus", "idle_share", "utilization_of_the_fleet", "gpus_needed")
    )
    tokens = gpus * rate * MTOK_S_PER_TOK_DAY * works / given["tokens"]
    users = gpus * (1 - waits) * MAX(1, typed_number(given["peak"])) / needed
    return owed((gpus,), waits, IF(given["number"].eq(2), tokens, users) - 1)


def _yearly(ctx: Context, t: Table, i: int) -> Any:
    g = ctx.graph
    gpus, price, year = (t.lines[key].cell(i) for key in ("gpus", "price_in_use", "cost_per_year"))
    spent = gpus * g["ownership.all_costs_of_a_year"].cell(i) / g["ownership.availability"]
    return IF(typed_number(g["prices.own"].cell(i)) > 0, 0, owed((price, gpus), year, (spent - year) / MAX(1, year)))


def _whole(t: Table, form: Form, i: int) -> Any:
    needed, domain, gpus = (t.lines[key].cell(i) for key in ("gpus_needed", "gpus_per_domain", "gpus"))
    short = MAX(0, (needed - gpus) * IF(form.cells["limit"].eq(1), -1, 1))
    off = short + MOD(gpus, counted(domain, "GPU", "the GPUs of one domain"))
    return owed((needed, domain), gpus, counted(off, "1", "a GPU out of place is a fault"))


def _margin(t: Table, form: Form, i: int) -> Any:
    alone, share = t.lines["self_hosting"].cell(i), t.lines["margin_share"].cell(i)
    return owed((alone,), share, share + alone / form.cells["blended"] - 1)
