"""API prices, third part: providers and own platforms in one order, each platform beside the APIs, the cheapest offer by model."""

from xlmodel.book.chart import Chart, Series
from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Area
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, IF, IFERROR, INDEX, ISNUMBER, MATCH, NA, ROW, SUMPRODUCT
from xlmodel.model.api_price import API_PRICE, breakeven_use
from xlmodel.model.economics import ratio
from xlmodel.sheets.api_quotes import NO_PRICE, Offers
from xlmodel.sheets.frame import span
from xlmodel.units import COUNT as PLAIN
from xlmodel.units import RATIO, SHARE, TEXT, USD_PER_MILLION, Unit

LEFT, RIGHT, AWAY = 1, 12, 36  # columns of the ranking, of what stands beside it, and of the workings
FORMAT = "#,##0.00##"
ROWS = 30  # of the ranking and the table of platforms together, so that both stand on one page
DRAWN = 10  # places of the ranking in the chart
_LEAST = 10  # places of the ranking in a book of many platforms
_CHART = (FIRST + 9, FIRST + 20)  # its rows at least
_HUES = {"api": "E69F00", "hosting": "0B5394"}


def shown(ctx: Context) -> int:
    """Places of the ranking on the page."""
    return max(_LEAST, ROWS - len(ctx.places.platforms))


def hosted(ctx: Context, sheet: Sheet) -> Table:
    """Each platform at the target beside the APIs: cost, ratios, and the use from which hosting is cheaper."""
    g, platforms = ctx.graph, ctx.places.platforms
    top = FIRST + shown(ctx) + 3
    sheet.put(top - 2, LEFT, "Hosting it yourself, at the target", "Heading")
    t = Table(g, sheet, "hosted", top, LEFT, len(platforms), height=44)
    usd, score, below = (g[f"target.{key}"] for key in ("cost", "score", "point_below"))
    place = IF(ISNUMBER(usd), g["target.rank"] + SUMPRODUCT((g["offers.score"].all < score) * 1), "")
    t.column("Rank", PLAIN, place, style="Result", fmt="0")
    t.column("Platform", TEXT, g["menu.platforms"], style="Result name")
    t.column("Precision", TEXT, IF(below > 0, INDEX(g["points.precision"].all, below), "none"), style="Result text")
    cost = t.column("Cost", USD_PER_MILLION, usd, style="Result strong", fmt="0.000")
    best, median, use = g["api.blended_best"], g["api.median"], g["scenario.utilization"]
    t.column("x cheapest API", RATIO, ratio(cost, best), style="Result")
    t.column("x median API", RATIO, ratio(cost, median), style="Result")
    cheaper = IF(ISNUMBER(usd), SUMPRODUCT((g["offers.score"].all < score) * 1), NA)
    t.column("Cheaper APIs", PLAIN, cheaper, style="Result", fmt="0")
    needed = t.column("Break-even use", SHARE, breakeven_use(cost, use, best), style="Result")
    words = IF(needed > 1, "the API at any use", IF(ratio(cost, best) <= 1, "hosting", "hosting when busier"))
    why = IF(ISNUMBER(usd), IF(ISNUMBER(best), words, "no API price"), "no cost at the target")
    t.column("Cheaper is", TEXT, why, style="Result text")
    sheet.put(top - 1, t.last_col + 1, None, "Column")
    for row in range(top, t.end):
        sheet.put(row, t.last_col + 1, None, "Result text")
    t.mute("cost", "break_even_use")
    return t


def ranking(ctx: Context, sheet: Sheet, offers: Offers, platforms: Table) -> Table:
    """Providers and own platforms in one order, the cheapest first."""
    g = ctx.graph
    found = Table(g, sheet, "found", FIRST, AWAY + 4, shown(ctx))
    t = Table(g, sheet, "ranking", FIRST, LEFT, shown(ctx))
    place = found.column("Place", PLAIN, list(range(1, t.count + 1)), width=8, fmt="0")
    quote = found.column("Row of the quote", PLAIN, IFERROR(MATCH(place, offers.all("rank"), 0), 0), width=10)
    row = found.column("Row of the platform", PLAIN, IFERROR(MATCH(place, platforms.lines["rank"].all, 0), 0), width=10)

    t.column("Rank", PLAIN, IF(quote + row > 0, place, ""), style="Result", fmt="0")

    def either(field: str, own: str, nothing: object = "") -> Expr:
        mine: object = INDEX(platforms.lines[own].all, row) if own else ""
        picked: Expr = IF(quote > 0, INDEX(offers.all(field), quote), IF(row > 0, mine, nothing))
        return picked

    def column(heading: str, unit: Unit, content: Expr, style: str = "Result", fmt: str | None = None) -> None:
        t.column(heading, unit, content, style=style, fmt=fmt)

    column("Who", TEXT, either("provider", "platform"), "Result name")
    column("Way", TEXT, IF(quote > 0, "API", IF(row > 0, "hosting", "")), "Result text")
    precision = INDEX(offers.all("precision"), quote)
    column("Precision", TEXT, IF(quote > 0, IF(precision.eq(""), "not said", precision), IF(row > 0, INDEX(platforms.lines["precision"].all, row), "")),
           "Result text")  # fmt: skip
    for heading, field in (("Input", "paid_input"), ("Cached input", "paid_cached"), ("Output", "paid_output")):
        column(heading, API_PRICE, either(field, ""), fmt=FORMAT)
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


def by_model(ctx: Context, sheet: Sheet, offers: Offers) -> Table:
    """The cheapest offer of each model of the book, and of the first closed model of each provider."""
    g, inputs = ctx.graph, ctx.inputs
    closed = {p.provider: p.model for p in reversed(inputs.api_prices) if p.open_weights is False}
    firsts = [p.model for p in inputs.api_prices if closed.get(p.provider) == p.model]
    names = list(dict.fromkeys((*inputs.models, *firsts)))
    top = max(FIRST + shown(ctx), _CHART[1]) + 3
    names = names[: FIRST + ROWS + 3 - top]
    sheet.put(top - 2, RIGHT, "Cheapest offer by model", "Heading")
    t = Table(g, sheet, "offered", top, RIGHT, len(names))
    name = t.column("Model", TEXT, names, style="Result name")
    model, place = offers.all("model"), offers.all("place")
    count = SUMPRODUCT(model.eq(name) * (offers.all("sort") < NO_PRICE))
    offered = t.column("Offers", PLAIN, count, style="Result", fmt="0")
    first = offers.quotes.top_row - 1
    row = SUMPRODUCT(model.eq(name) * place.eq(1) * (ROW(model) - first))
    t.column(
        "Cheapest provider", TEXT, IF(offered > 0, INDEX(offers.all("provider"), row), "none"), style="Result text"
    )
    usd = IF(offered > 0, INDEX(offers.all("usd"), row), NA)
    t.column("USD/M tokens", API_PRICE, usd, style="Result strong", fmt="0.000")
    weights = IF(offered > 0, INDEX(offers.all("open_weights"), row), "")
    t.column("Weights", TEXT, IF(weights.eq("yes"), "open", IF(weights.eq("no"), "closed", "")), style="Result text")
    t.mute("usd_m_tokens", "usd_m_tokens")
    return t


def chart(ctx: Context, sheet: Sheet, ranked: Table, bottom: int) -> None:
    """The first places of the ranking as bars."""
    g = ctx.graph
    found = g.tables["found"]
    words = "USD per million tokens: " & g["scenario.model"] & ", your mix"
    title = single(g, sheet, "api.chart_title", TEXT, words, FIRST - 3, AWAY + 4, style="Text")
    names = _few(ranked.area("who"))
    bars = tuple(Series(found.area(key).cell(-1), names, _few(found.area(key)), hue) for key, hue in _HUES.items())
    sheet.charts.append(
        Chart("bar", title.ref(), "", "USD per million tokens", bars, (_CHART[0], RIGHT, bottom, RIGHT + 4),
              "Price of a million tokens of the mix by provider, and cost of hosting by platform, the cheapest first.", y_format="0.00", stacked=True)
    )  # fmt: skip


def _few(area: Area) -> Area:
    return Area(area.sheet, area.row, area.col, area.row + DRAWN - 1, area.last_col)
