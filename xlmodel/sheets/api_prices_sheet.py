"""API prices: what others ask for the tokens of the model, ranked against hosting it yourself at the target."""

from xlmodel.book.context import Context
from xlmodel.book.form import Columns, Form
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Chart, Condition, Link, Series, Sheet
from xlmodel.book.table import Table, single
from xlmodel.calc.address import Area
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import (
    AND,
    COUNT,
    IF,
    IFERROR,
    INDEX,
    ISNUMBER,
    LOWER,
    MATCH,
    MEDIAN,
    MIN,
    NA,
    ROW,
    SUBSTITUTE,
    SUMPRODUCT,
    said,
)
from xlmodel.model.api_price import API_PRICE, breakeven_use
from xlmodel.model.economics import ratio
from xlmodel.sheets import api_quotes
from xlmodel.sheets.api_quotes import Mix, Offers
from xlmodel.sheets.frame import span, start
from xlmodel.units import COUNT as PLAIN
from xlmodel.units import RATIO, SHARE, TEXT, USD_PER_MILLION, Unit

NAME = "API prices"
SHOWN, DRAWN = 22, 14  # places of the ranking on the page, and in the chart
BELOW = 5  # rows by which the table under the chart begins further down than that beside it
_HUES = {"api": "E69F00", "hosting": "0B5394"}
_WIDTHS = (6, 24, 12, 11, 9, 9, 9, 10, 11, 11, 3, 20, 9, 19, 10, 10, 3)
_BESIDE = Columns(12, 0, 14, 0, 15)
_LEFT, _RIGHT, _AWAY = 1, 12, 36  # columns of the ranking, of what stands beside it, and of the workings
_FORMAT = "#,##0.00##"
_NOTE = (
    "Like for like on the model, at the book's own mix of tokens. Hosting is at the Summary's target, price and utilization; an API has no promised "
    "speed, and where its precision is not said it may be lower."
)


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx, NAME, "inputs", "API prices",
        "USD per million tokens of the chosen model: providers beside hosting it yourself. Own prices and quotes: at the right.",
        _RIGHT + 4,
    )  # fmt: skip
    for col, width in enumerate(_WIDTHS, 1):
        sheet.widths[col] = width
    _known_models(ctx, sheet)
    mix = _mix(ctx, sheet)
    hosted_at = FIRST + SHOWN + 3
    end = hosted_at + BELOW + len(ctx.places.platforms) + len(ctx.inputs.models)
    offers = api_quotes.describe(ctx, sheet, end + 4, len(_WIDTHS) + 1, mix)
    _in_use(ctx, sheet, offers)
    hosted = _hosted(ctx, sheet, hosted_at)
    ranking = _ranking(ctx, sheet, offers, hosted)
    by_model = _by_model(ctx, sheet, offers, FIRST + SHOWN + 3 + BELOW)
    _chart(ctx, sheet, ranking)
    _finding(ctx, sheet)
    end = max(hosted.end, by_model.end)
    sheet.put(end, _LEFT, _NOTE, "Footnote")
    link = sheet.put(FIRST - 2, _RIGHT + 3, "To the quotes →", "Hyperlink")
    top = offers.worth
    sheet.links.append(Link(link.a1, place=f"'{NAME}'!{offers.quotes.top.a1}"))
    sheet.print_area = (
        f"{span(1, 1, end, _RIGHT + 4)},{span(top.row - 3, top.col, top.row + offers.quotes.built - 1, _last(offers))}"
    )
    sheet.repeat_rows = f"{top.row - 1}:{top.row - 1}"
    sheet.freeze = f"A{FIRST - 3}"
    return sheet


def _last(offers: Offers) -> int:
    return offers.quotes.first.col + len(offers.quotes.headings) - 1


def _known_models(ctx: Context, sheet: Sheet) -> None:
    """The models of the built quotes and points, and their names without what people write differently."""
    names = tuple(dict.fromkeys((*ctx.inputs.models, *(price.model for price in ctx.inputs.api_prices))))
    sheet.put(FIRST - 2, _AWAY, "Workings: the names of models", "Footnote")
    t = Table(ctx.graph, sheet, "api_models", FIRST, _AWAY, len(names))
    name = t.column("Model", TEXT, list(names), style="Data text", width=18)
    plain = SUBSTITUTE(SUBSTITUTE(LOWER(name.relative), " ", ""), "-", "")
    t.column("Plain", TEXT, plain, width=18, style="Text")


def _mix(ctx: Context, sheet: Sheet) -> Mix:
    """The book's own mix of tokens, as shares of all of them."""
    g = ctx.graph
    sheet.put(FIRST - 1, _RIGHT, "Your mix of tokens, and the prices that count", "Heading")
    form = Form(g, sheet, "api", FIRST, _BESIDE, note_style="Unit")
    output, cached = g["scenario.output_share"], g["fleet.cached_share"]
    model = form.calc("chosen_model", "Model", TEXT, g["scenario.model"], "chosen on Summary", style="Result strong")
    fresh = form.calc("share_input", "Input, not cached", SHARE, (1 - output) * (1 - cached), style="Result")
    held = form.calc("share_cached", "Cached input", SHARE, (1 - output) * cached, "share: Fleet", style="Result")
    out = form.calc("share_output", "Output", SHARE, output, "by the workload", style="Result")
    return Mix(model, fresh, held, out)


def _in_use(ctx: Context, sheet: Sheet, offers: Offers) -> None:
    """The prices of the chosen model that other sheets take: those of its cheapest provider, and the median."""
    g, chosen = ctx.graph, offers.all("chosen")
    count = COUNT(chosen)
    form = Form(g, sheet, "api", FIRST + 4, _BESIDE, note_style="Unit")
    best = form.calc(
        "blended_best",
        "Cheapest API",
        API_PRICE,
        IF(count > 0, MIN(chosen), NA),
        "USD/M tokens",
        style="Result strong",
        fmt="0.000",
    )
    form.calc(
        "median",
        "Median API",
        API_PRICE,
        IF(count > 0, MEDIAN(chosen), NA),
        "USD/M tokens",
        style="Result",
        fmt="0.000",
    )
    row = MATCH(best, chosen, 0)
    form.calc("provider", "Cheapest provider", TEXT, IF(count > 0, INDEX(offers.all("provider"), row), "none"),
              IF(count > 0, "", "no price: type one"), style="Result")  # fmt: skip
    cost = g["target.cost"].all
    found = IF(COUNT(g["target.cost"].all) > 0, MIN(g["target.score"].all), NA)
    form.calc(
        "hosting_best", "Cheapest hosting", USD_PER_MILLION, found, "at the target", style="Result strong", fmt="0.000"
    )
    sheet.put(FIRST - 2, _AWAY + 10, "Workings: the cheapest offer of the chosen model", "Footnote")
    more = Form(g, sheet, "api", FIRST - 1, Columns(_AWAY + 10, 0, _AWAY + 11, 0, 0))
    for key, label in (("input", "Its input"), ("cached", "Its cached input"), ("output", "Its output")):
        more.calc(key, label, API_PRICE, IF(count > 0, INDEX(offers.all(f"paid_{key}"), row), NA), fmt=_FORMAT)
    name = INDEX(g["menu.platforms"].all, MATCH(g["api.hosting_best"], cost, 0))
    more.calc("hosting_name", "Cheapest platform", TEXT, IFERROR(name, "none"))
    sheet.widths[_AWAY + 10] = 20


def _hosted(ctx: Context, sheet: Sheet, top: int) -> Table:
    """Each platform at the target beside the APIs: cost, ratios, and the use from which hosting is cheaper."""
    g, platforms = ctx.graph, ctx.places.platforms
    sheet.put(top - 2, _LEFT, "Hosting it yourself, at the target", "Heading")
    t = Table(g, sheet, "hosted", top, _LEFT, len(platforms), height=44)
    usd, score, below = (g[f"target.{key}"] for key in ("cost", "score", "point_below"))
    place = IF(ISNUMBER(usd), g["target.rank"] + SUMPRODUCT((g["offers.score"].all < score) * 1), "")
    t.column("Rank", PLAIN, place, style="Result", fmt="0")
    t.column("Platform", TEXT, g["menu.platforms"], style="Result name")
    t.column("Precision", TEXT, IF(below > 0, INDEX(g["points.precision"].all, below), "none"), style="Result text")
    cost = t.column("Cost", USD_PER_MILLION, usd, style="Result strong", fmt="0.000")
    best, median, use = g["api.blended_best"], g["api.median"], g["scenario.utilization"]
    t.column("x cheapest API", RATIO, ratio(cost, best), style="Result")
    t.column("x median API", RATIO, ratio(cost, median), style="Result")
    t.column(
        "Cheaper APIs",
        PLAIN,
        IF(ISNUMBER(usd), SUMPRODUCT((g["offers.score"].all < score) * 1), NA),
        style="Result",
        fmt="0",
    )
    needed = t.column("Break-even use", SHARE, breakeven_use(cost, use, best), style="Result")
    words = IF(needed > 1, "the API at any use", IF(ratio(cost, best) <= 1, "hosting", "hosting when busier"))
    why = IF(ISNUMBER(usd), IF(ISNUMBER(best), words, "no API price"), g["target.reason"])
    t.column("Cheaper is", TEXT, why, style="Result text")
    sheet.put(top - 1, t.last_col + 1, None, "Column")
    for row in range(top, t.end):
        sheet.put(row, t.last_col + 1, None, "Result text")
    t.mute("cost", "break_even_use")
    return t


def _ranking(ctx: Context, sheet: Sheet, offers: Offers, hosted: Table) -> Table:
    """Providers and own platforms in one order, the cheapest first."""
    g = ctx.graph
    found = Table(g, sheet, "found", FIRST, _AWAY + 4, SHOWN)
    t = Table(g, sheet, "ranking", FIRST, _LEFT, SHOWN)
    place = t.column("Rank", PLAIN, list(range(1, SHOWN + 1)), style="Result", fmt="0")
    quote = found.column("Row of the quote", PLAIN, IFERROR(MATCH(place, offers.all("rank"), 0), 0), width=10)
    row = found.column("Row of the platform", PLAIN, IFERROR(MATCH(place, hosted.lines["rank"].all, 0), 0), width=10)

    def either(field: str, own: str, nothing: object = "") -> Expr:
        mine: object = INDEX(hosted.lines[own].all, row) if own else ""
        picked: Expr = IF(quote > 0, INDEX(offers.all(field), quote), IF(row > 0, mine, nothing))
        return picked

    def column(heading: str, unit: Unit, content: Expr, style: str = "Result", fmt: str | None = None) -> None:
        t.column(heading, unit, content, style=style, fmt=fmt)

    column("Who", TEXT, either("provider", "platform"), "Result name")
    column("Way", TEXT, IF(quote > 0, "API", IF(row > 0, "hosting", "")), "Result text")
    precision = INDEX(offers.all("precision"), quote)
    column("Precision", TEXT, IF(quote > 0, IF(precision.eq(""), "not said", precision), IF(row > 0, INDEX(hosted.lines["precision"].all, row), "")),
           "Result text")  # fmt: skip
    for heading, field in (("Input", "paid_input"), ("Cached input", "paid_cached"), ("Output", "paid_output")):
        column(heading, API_PRICE, either(field, ""), fmt=_FORMAT)
    column("USD/M tokens", API_PRICE, either("usd", "cost"), "Result strong", "0.000")
    usd, base = t.lines["usd_m_tokens"], g["api.hosting_best"]
    column("x cheapest hosting", RATIO, IF(AND(ISNUMBER(usd), ISNUMBER(base)), ratio(usd, base), ""))
    column("As of", TEXT, either("as_of", "", "") & "", "Result text")
    for heading, mark in (("API", quote), ("Hosting", row)):
        found.column(heading, API_PRICE, IF(mark > 0, usd, NA), fmt="0.000", width=10)
    sheet.conditions.append(
        Condition(span(FIRST, 1, t.end - 1, t.last_col), t.lines["way"].by_col.eq("hosting"), "highlight")
    )
    return t


def _by_model(ctx: Context, sheet: Sheet, offers: Offers, top: int) -> Table:
    """The cheapest offer of each model of the book, and of the first closed model of each provider."""
    g, inputs = ctx.graph, ctx.inputs
    closed = {p.provider: p.model for p in reversed(inputs.api_prices) if p.open_weights is False}
    firsts = [p.model for p in inputs.api_prices if closed.get(p.provider) == p.model]
    names = list(dict.fromkeys((*inputs.models, *firsts)))[: max(len(ctx.places.platforms), len(inputs.models))]
    sheet.put(top - 2, _RIGHT, "Cheapest offer by model", "Heading")
    t = Table(g, sheet, "offered", top, _RIGHT, len(names))
    name = t.column("Model", TEXT, names, style="Result name")
    model, place = offers.all("model"), offers.all("place")
    count = SUMPRODUCT(model.eq(name) * (offers.all("sort") < api_quotes.NO_PRICE))
    offered = t.column("Offers", PLAIN, count, style="Result", fmt="0")
    first = offers.quotes.top_row - 1
    row = SUMPRODUCT(model.eq(name) * place.eq(1) * (ROW(model) - first))
    t.column(
        "Cheapest provider", TEXT, IF(offered > 0, INDEX(offers.all("provider"), row), "none"), style="Result text"
    )
    t.column(
        "USD/M tokens",
        API_PRICE,
        IF(offered > 0, INDEX(offers.all("usd"), row), NA),
        style="Result strong",
        fmt="0.000",
    )
    weights = IF(offered > 0, INDEX(offers.all("open_weights"), row), "")
    t.column("Weights", TEXT, IF(weights.eq("yes"), "open", IF(weights.eq("no"), "closed", "")), style="Result text")
    t.mute("usd_m_tokens", "usd_m_tokens")
    return t


def _chart(ctx: Context, sheet: Sheet, ranking: Table) -> None:
    g = ctx.graph
    found = g.tables["found"]
    words = "USD per million tokens: " & g["scenario.model"] & ", your mix"
    title = single(g, sheet, "api.chart_title", TEXT, words, FIRST - 3, _AWAY + 4, style="Text")
    names = _few(ranking.area("who"))
    bars = tuple(Series(found.area(key).cell(-1), names, _few(found.area(key)), hue) for key, hue in _HUES.items())
    sheet.charts.append(
        Chart("bar", title.ref(), "", "USD per million tokens", bars, (FIRST + 9, _RIGHT, FIRST + SHOWN + 1 + BELOW, _RIGHT + 4),
              "Price of a million tokens of the mix by provider, and cost of hosting by platform, the cheapest first.", y_format="0.00", stacked=True)
    )  # fmt: skip


def _few(area: Area) -> Area:
    return Area(area.sheet, area.row, area.col, area.row + DRAWN - 1, area.last_col)


def _finding(ctx: Context, sheet: Sheet) -> None:
    """What hosting costs beside the cheapest API, as a sentence."""
    g = ctx.graph
    best, cost, use = g["api.blended_best"], g["api.hosting_best"], g["scenario.utilization"]
    api = g["api.provider"] & " at " & said(best, 3)
    own = "hosting on " & g["api.hosting_name"] & " costs " & said(cost, 3) & " USD per million tokens"
    needed = breakeven_use(cost, use, best)
    busy = IF(needed > 1, "no use makes it cheaper", "it is cheaper from " & said(100 * needed, 1) & "% use")
    both = own & ", " & said(ratio(cost, best), 2) & "x the cheapest API (" & api & "); " & busy
    none = "no API price of it is known here; type one under the quotes"
    words = IF(
        ISNUMBER(best), IF(ISNUMBER(cost), both, "no platform has a cost at the target; cheapest API: " & api), none
    )
    single(g, sheet, "api.finding", TEXT, g["scenario.model"] & ": " & words, FIRST - 3, _LEFT, style="Heading")
