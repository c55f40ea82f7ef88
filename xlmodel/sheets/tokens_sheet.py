"""Tokens and power: cost by class of token in two conventions, energy and carbon, and money in the reporting currency."""

from functools import reduce
from typing import Any

from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Check, Context
from xlmodel.book.guards import owed
from xlmodel.book.one_cell import single
from xlmodel.book.places import TOKENS
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Area
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.constants import WATT_PER_MEGAWATT
from xlmodel.calc.functions import COUNT, IF, IFERROR, INDEX, ISNUMBER, MATCH, MAX, MID, MIN, said
from xlmodel.model.tokens import carbon, class_cost, current, input_cost, joule, kwh, other_cost, reported
from xlmodel.sheets.frame import span, start
from xlmodel.units import (
    GRAMS_PER_MILLION,
    JOULE_PER_TOKEN,
    KWH_PER_MILLION,
    MONEY_PER_MILLION,
    TEXT,
    TOKENS_PER_MW,
    USD_PER_MILLION,
)

_BANDS = (
    ("all_cost_on_output", "all_cost_on_input", "one class bears all cost (InferenceX)"),
    ("input", "output", "the classes share it by price (finance)"),
    ("throughput_per_mw", "carbon", "provisioned power, busy or idle"),
)
_CLASSES = {"input": "56B4E9", "cached_input": "9CA3AF", "output": "0B5394"}
_NONE = "No platform has a number at the target"
_UNSET = {
    "output": "shares by price: no price ratio on Scenario", "carbon": "carbon: no intensity on Scenario",
    "cost_in_reporting_currency": "no exchange rate on Scenario",
}  # fmt: skip
_NOTES = (
    "One class bears all cost: the two columns are alternatives and do not add up. Shared by price: input, cached input and output, each "
    "times its share of the tokens, add up to the cost of all tokens.",
    "Throughput counts the input and output tokens of all GPUs of a deployment, prefill and decode, so disaggregated points need no correction here.",
    "Price ratios (Scenario) share out what tokens cost; the token prices on Fleet are what customers pay. They are kept apart on purpose.",
    "Electricity is part of a rented GPU's price and of the own build-up: it is shown, not added.",
)
_HUGE = 1e99  # more than any number here


def describe(ctx: Context) -> Sheet:
    """The sheet, at the Summary's target."""
    sheet = start(
        ctx, TOKENS, "presentation", "Tokens and power",
        "What a token of each class costs and draws at the Summary's target. Shares and prices of the classes: Scenario and Fleet.",
        14, freeze=f"B{FIRST}",
    )  # fmt: skip
    t = Table(ctx.graph, sheet, "tokens", FIRST, 1, len(ctx.places.platforms), units=True, height=44)
    _classes(ctx, t)
    _power(ctx, t)
    _why(ctx, t)
    t.mute("cost_all_tokens", "cost_in_reporting_currency")
    for first, last, text in _BANDS:
        a, b = t.area(first).col, t.area(last).col
        sheet.put(FIRST - 3, a, text, "Column unit")
        sheet.merges.append(span(FIRST - 3, a, FIRST - 3, b))
    row = FIRST + t.count + 1
    for i, text in enumerate(_NOTES):
        sheet.put(row + i, 1, text, "Footnote")
    _charts(sheet, t, row + len(_NOTES) + 1)
    _checks(ctx, t)
    sheet.repeat_rows, sheet.one_page = "", True
    return sheet


def _classes(ctx: Context, t: Table) -> None:
    """What a million tokens of each class cost."""
    g = ctx.graph
    share, cached = g["scenario.output_share"], g["fleet.cached_share"]
    output_ratio, cached_ratio = g["scenario.output_ratio"], g["scenario.cached_ratio"]

    def column(heading: str, content: Any) -> Line:
        return t.column(heading, USD_PER_MILLION, content, style="Result", width=13.5)

    t.column("Platform", TEXT, g["menu.platforms"], style="Result name", width=16)
    cost = column("Cost, all tokens", g["target.cost"])
    column("All cost on output", class_cost(cost, share))
    column("All cost on input", class_cost(cost, 1 - share))
    read = column("Input", input_cost(cost, share, output_ratio, cached, cached_ratio))
    column("Cached input", other_cost(read, cached_ratio))
    column("Output", other_cost(read, output_ratio))


def _power(ctx: Context, t: Table) -> None:
    """What a token draws, and the cost of all tokens in the currency of reports."""
    g = ctx.graph
    spent = joule(g["target.power"], g["scenario.pue"], g["target.throughput"], g["scenario.utilization"])
    t.column("Throughput per MW", TOKENS_PER_MW, g["target.tok_s_mw"], style="Result", width=13.5)
    each = t.column("Energy per token", JOULE_PER_TOKEN, spent, style="Result", width=13.5)
    energy = t.column("Energy", KWH_PER_MILLION, kwh(each), style="Result", width=13.5)
    t.column("Electricity", USD_PER_MILLION, current(energy, g["scenario.usd_per_kwh"]), style="Result", width=13.5)
    t.column("Carbon", GRAMS_PER_MILLION, carbon(energy, g["scenario.g_per_kwh"]), style="Result", width=13.5)
    money = reported(t.lines["cost_all_tokens"], g["reporting.rate"])
    t.column("Cost in reporting currency", MONEY_PER_MILLION, money, style="Result", width=13.5, shown="")
    unit = g["reporting.currency"] & "/M tokens"
    place = t.area("cost_in_reporting_currency")
    single(g, t.sheet, "tokens.money_unit", TEXT, unit, FIRST - 2, place.col, style="Column unit")


def _why(ctx: Context, t: Table) -> None:
    """Why a number is missing: the reason of the Summary, else what is not known here."""
    usd, drawn = t.lines["cost_all_tokens"], t.lines["energy_per_token"]
    unset = reduce(
        lambda a, b: a & b, (IF(ISNUMBER(t.lines[key].relative), "", f"; {says}") for key, says in _UNSET.items())
    )
    known = IF(ISNUMBER(drawn), MID(unset, 3, 200), "power not known")
    words = IF(ISNUMBER(usd), known, ctx.graph["target.reason"])
    t.column("Why no number", TEXT, words, style="Result text", width=52, shown="")


def _charts(sheet: Sheet, t: Table, top: int) -> None:
    by_class = _title(sheet, t, top, 1, "output", "USD per million output tokens, cost shared by price")
    by_energy = _title(sheet, t, top, 8, "energy", "kWh per million tokens, provisioned power")
    bars = tuple(_bar(t, key, hue) for key, hue in _CLASSES.items())
    sheet.charts += [
        Chart("column", by_class.ref(), "", "USD per million tokens", bars, (top, 1, top + 18, 7),
              "Cost of a million input, cached input and output tokens by platform, the cost shared in proportion to their prices.", y_format="0.00"),
        Chart("column", by_energy.ref(), "", "kWh per million tokens", (_bar(t, "energy", "009E73"),), (top, 8, top + 18, 14),
              "Energy of a million tokens by platform: the power that is provisioned, busy or idle.", y_format="0.00", legend=False),
    ]  # fmt: skip
    sheet.print_area = span(1, 1, top + 18, len(t.lines))


def _title(sheet: Sheet, t: Table, row: int, col: int, key: str, says: str) -> Cell:
    """Which platform has the smallest number, as a sentence."""
    values, names = t.lines[key].all, t.lines["platform"].all
    # AGGREGATE would say it shorter, but not every engine knows it
    least = MIN(*(IFERROR(t.lines[key].cell(i).formed("relative"), _HUGE) for i in range(t.count)))
    found = INDEX(names, MATCH(least, values, 0)) & " has the lowest: " & said(least, 3) & f" {says}"
    return single(
        t.graph, sheet, f"tokens.least_{key}", TEXT, IF(COUNT(values).eq(0), _NONE, found), row, col, style="Heading"
    )


def _bar(t: Table, key: str, hue: str) -> Series:
    area: Area = t.area(key)
    return Series(area.cell(-1), t.area("platform"), area, hue)


def _checks(ctx: Context, t: Table) -> None:
    g = ctx.graph
    share, cached, use = g["scenario.output_share"], g["fleet.cached_share"], g["scenario.utilization"]
    classes, energy = [], []
    for i in range(t.count):
        cost, read, other, out = (t.lines[key].cell(i) for key in ("cost_all_tokens", *_CLASSES))
        total = (1 - share) * ((1 - cached) * read + cached * other) + share * out
        classes.append(owed((cost,), read, total / cost - 1))
        rate, each = (t.lines[key].cell(i) for key in ("throughput_per_mw", "energy_per_token"))
        energy.append(owed((rate,), each, rate * each * use / WATT_PER_MEGAWATT - 1))
    ctx.checks += [
        Check("Classes of tokens add up", "Input, cached input and output, each times its share, give the cost of all tokens.",
              t.lines["input"], IF(g["scenario.output_ratio"] > 0, MAX(*classes), 0), 1e-9),
        Check("Energy is power over tokens", "Throughput per MW x joule per token x utilization = 1,000,000.",
              t.lines["energy_per_token"], MAX(*energy), 1e-9),
    ]  # fmt: skip
