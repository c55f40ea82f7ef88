"""Ownership: from capital, interest, power and running costs to USD per GPU-hour of one's own."""

from typing import Any

from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Check, Context
from xlmodel.book.form import Form
from xlmodel.book.guards import owed, tied, within_range
from xlmodel.book.keys import slug
from xlmodel.book.one_cell import single
from xlmodel.book.places import OWNERSHIP
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import (
    AND,
    COUNT,
    COUNTIF,
    IF,
    INDEX,
    ISNUMBER,
    LARGE,
    MATCH,
    MAX,
    MIN,
    NA,
    SUM,
    said,
    typed_number,
)
from xlmodel.calc.span import Span
from xlmodel.model.economics import ratio
from xlmodel.model.ownership import (
    SERVER_ONLY,
    annuity,
    colocation,
    depreciation,
    electricity,
    financing,
    hourly,
    residual,
    support,
    yearly,
)
from xlmodel.sheets.frame import held, paged, span, start, widths
from xlmodel.sheets.ownership_inputs import assumptions, facts
from xlmodel.units import RATIO, TEXT, USD_PER_GPU, USD_PER_GPU_HOUR, USD_PER_GPU_YEAR

VALUE = 3  # column of the first platform
HIGH = 16  # rows of the chart, which stands on a page with the build-up
PARTS = {
    "Depreciation, hourly": "0B5394", "Financing, hourly": "56B4E9", "Electricity, hourly": "E69F00", "Colocation, hourly": "009E73",
    "Support and staff, hourly": "CC79A7", "Software, hourly": "9CA3AF",
}  # fmt: skip
_NO_CAPITAL = "no sourced capital: type your own"
_NO_POWER = "no power figure on Platforms"
_BAD = "an assumption above is empty or out of range"
_SERVER = f"{SERVER_ONLY}: network and storage are missing"
_DEAR = 1_000_000_000  # sorts behind every build-up


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    platforms = ctx.places.platforms
    sheet = start(
        ctx, OWNERSHIP, "inputs", "Ownership",
        "What a GPU-hour costs when you own it. The result is the price basis Own build-up, which the whole workbook can use.",
        VALUE + len(platforms), freeze="C3",
    )  # fmt: skip
    sheet.put(5, 1, "An empty assumption counts as nothing. As delivered, financing, colocation, staff and software are empty, and until they "
              "are typed the build-up is no full cost. The published tiers on Prices include financing and colocation, for other buyers and at other "
              "prices of the hardware: the build-up can lie on either side of them.", "Note")  # fmt: skip
    form = assumptions(ctx, sheet)
    sheet.put(form.row + 1, 1, "Build-up per platform", "Heading")
    t = Table(ctx.graph, sheet, "ownership", form.row + 3, VALUE, len(platforms), down=False, units=True)
    names = t.headed(("Ingredient", "Unit"), platforms, "How")
    _build_up(ctx, t, form)
    total = t.lines["own_build_up"]
    single(
        ctx.graph, sheet, "ownership.finding", TEXT, _finding(names, total, t.lines["sort_key"]), 4, 1, style="Heading"
    )
    _checks(ctx, t, form)
    within_range(ctx, sheet, [*form.numbers, t.lines["own_capital"]])
    _look(sheet, t, names)
    return sheet


def _build_up(ctx: Context, t: Table, form: Form) -> None:
    """One column a platform: from capital to the hour."""
    g, given = ctx.graph, form.cells
    facts(ctx, t, given["spares"])
    capital, power, life = t.lines["capital_in_use"], t.lines["power"], given["life"]
    left = t.line("Residual value", USD_PER_GPU, residual(capital, given["share_left"]), note="capital x share left")

    def year(heading: str, content: Expr, note: str, key: str = "") -> Line:
        return t.line(heading, USD_PER_GPU_YEAR, content, note=note, key=key)

    paid = annuity(given["cost_of_capital"], life, capital, left)
    charge = year("Capital charge", paid, "PMT(cost of capital, life, capital, residual)")
    down = year("of which depreciation", depreciation(capital, left, life), "(capital - residual) / life")
    interest = year("of which financing", financing(charge, down), "charge - depreciation")
    drawn = electricity(power, g["scenario.pue"], g["scenario.usd_per_kwh"])
    current = year("Electricity", drawn, "kW x 8,760 h x PUE x USD/kWh of Scenario")
    space = year("Colocation", colocation(power, given["colocation"]), "kW x 12 x USD/kW-month", "colocation_a_year")
    staff = year(
        "Support and staff", support(given["support"], given["support_share"], charge), "flat + share x capital charge"
    )
    spent = yearly(charge, current, space, staff, given["software"])
    every = year("All costs of a year", spent, "charge + running costs + software")
    up = given["availability"]
    for part, amount in zip(PARTS, (down, interest, current, space, staff, given["software"]), strict=True):
        # without capital there is none, so that the chart draws no half-built column
        t.line(part, USD_PER_GPU_HOUR, IF(ISNUMBER(capital), hourly(amount, up), NA))
    total = t.line(
        "Own build-up", USD_PER_GPU_HOUR, hourly(every, up), style="Result strong", strong=True, note="a year / (8,760 h x availability)"
    )  # fmt: skip
    used = t.line("Price in use", USD_PER_GPU_HOUR, g["prices.in_use"], style="Link", note="from Prices, to compare")
    t.line("Own over price in use", RATIO, ratio(total, used), note="own build-up / price in use")
    covers = t.lines["it_covers"]
    missing = IF(covers.eq("none"), _NO_CAPITAL, IF(ISNUMBER(power), _BAD, _NO_POWER))
    words = IF(ISNUMBER(total), IF(covers.eq(SERVER_ONLY), _SERVER, ""), missing)
    t.line("In words", TEXT, words, style="Note", note="why #N/A, or what is doubtful")
    key = IF(ISNUMBER(total), total, _DEAR)
    t.line("Sort key", USD_PER_GPU_HOUR, key, fmt="[<1000000]0.000;", shown="", note="finds the lowest and the highest")


def _finding(names: Line, total: Line, key: Line) -> Any:
    """The finding, which is the chart's title too."""
    heads, keys = names.all.relative, key.all
    low, high = MIN(keys), LARGE(keys, 1 + COUNTIF(keys, f">={_DEAR}"))
    cheapest, dearest = (INDEX(heads, MATCH(usd, keys, 0)) for usd in (low, high))
    return IF(
        COUNT(total.all).eq(0),
        "No platform has a build-up: type capital costs",
        "An own GPU-hour costs " & said(low, 2) & " (" & cheapest & ") to " & said(high, 2) & " USD (" & dearest & "); "
        & COUNT(total.all) & f" of {total.count} platforms have a sourced or own capital cost",
    )  # fmt: skip


def _checks(ctx: Context, t: Table, form: Form) -> None:
    total, capital, power = (t.lines[key] for key in ("own_build_up", "capital_in_use", "power"))
    parts = [t.lines[slug(part)] for part in PARTS]
    book = f"prices.basis_{len(ctx.places.bases) - 1}"
    gaps, reached = [], []
    for i in range(t.count):
        own = total.cell(i)
        gaps.append(owed((capital.cell(i), power.cell(i)), own, SUM(Span(parts, i).relative) / own - 1))
        reached.append(tied(ctx.graph[book].cell(i), own))
    # without a life or without hours there is nothing to add up
    sound = AND(typed_number(form.cells["life"]) > 0, typed_number(form.cells["availability"]) > 0)
    ctx.checks += [
        Check("Ownership parts make the whole", "The hourly parts add up to the build-up of every platform.", total,
              IF(sound, MAX(*gaps), 0), 1e-9),
        Check("Own build-up is a price", "The price book shows the build-up of Ownership.", book, MAX(*reached), 1e-9),
    ]  # fmt: skip


def _look(sheet: Sheet, t: Table, names: Line) -> None:
    widths(sheet, (31, 15, *(12,) * t.count, 40))
    pages = paged(sheet, t.area("sort_key").last_col + 1, 2)
    t.mute("server_capital", "own_over_price_in_use")
    sheet.heights[t.lines["in_words"].ref().row] = 62
    bottom = t.area("sort_key").row + 2
    finding = t.graph.find("ownership.finding").ref()
    series = tuple(
        Series(t.area(slug(part)).cell(0, -2), names.area, t.area(slug(part)), hue) for part, hue in PARTS.items()
    )
    sheet.charts.append(
        Chart("column", finding, "", "USD per GPU-hour", series, (bottom, 1, bottom + HIGH, pages[0][1]),
              "Own build-up in USD per GPU-hour by platform, stacked from depreciation, financing, electricity, colocation, support "
              "and software; platforms without a sourced capital cost are left out.", y_format="0.00", stacked=True)
    )  # fmt: skip
    across = held(sheet, pages[-1][1])
    sheet.merges.append(span(5, 1, 5, across))
    sheet.heights[5] = 26
    chart = (bottom + HIGH - 1, *(bottom - 2,) * (len(pages) - 1))  # on the first page only
    tables = (span(t.row - 2, first, end, last) for end, (first, last) in zip(chart, pages, strict=True))
    sheet.print_area = ",".join((span(1, 1, t.row - 4, across), *tables))
    sheet.repeat_rows = ""
