"""API prices: what others ask for the tokens of the model, ranked against hosting it yourself at the target."""

from xlmodel.book.context import Context
from xlmodel.book.form import Columns, Form
from xlmodel.book.one_cell import single
from xlmodel.book.places import API_PRICES
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Link, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.functions import COUNT, IF, IFERROR, INDEX, ISNUMBER, LOWER, MATCH, MEDIAN, MIN, NA, SUBSTITUTE, said
from xlmodel.model.api_price import API_PRICE, breakeven_use
from xlmodel.model.economics import ratio
from xlmodel.sheets import api_quotes, api_ranking
from xlmodel.sheets.api_quotes import Mix, Offers
from xlmodel.sheets.api_ranking import AWAY, FORMAT, LEFT, RIGHT
from xlmodel.sheets.frame import SMALLEST, span, start
from xlmodel.units import SHARE, TEXT, USD_PER_MILLION

_WIDTHS = (6, 24, 12, 11, 9, 9, 9, 10, 11, 11, 3, 20, 9, 19, 10, 10, 3)
_BESIDE = Columns(12, 0, 14, 0, 15)
_NOTE = (
    "Like for like on the model, at the book's own mix of tokens. Hosting is at the Summary's target, price and utilization; an API has no promised "
    "speed, and where its precision is not said it may be lower. Where no price of cached input is quoted, that of input counts."
)


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx, API_PRICES, "inputs", "API prices",
        "USD per million tokens of the chosen model: providers beside hosting it yourself. Own prices and quotes: at the right.",
        RIGHT + 4,
    )  # fmt: skip
    for col, width in enumerate(_WIDTHS, 1):
        sheet.widths[col] = width
    _known_models(ctx, sheet)
    mix = _mix(ctx, sheet)
    offers = api_quotes.describe(ctx, sheet, FIRST + api_ranking.ROWS + 8, len(_WIDTHS) + 1, mix)
    _in_use(ctx, sheet, offers)
    hosted = api_ranking.hosted(ctx, sheet)
    ranking = api_ranking.ranking(ctx, sheet, offers, hosted)
    by_model = api_ranking.by_model(ctx, sheet, offers)
    api_ranking.chart(ctx, sheet, ranking, by_model.row - 2)
    _finding(ctx, sheet)
    end = max(hosted.end, by_model.end)
    sheet.put(end, LEFT, _NOTE, "Footnote")
    link = sheet.put(FIRST - 2, RIGHT + 3, "To the quotes →", "Hyperlink")
    top = offers.worth
    sheet.links.append(Link(link.a1, place=f"'{API_PRICES}'!{offers.quotes.top.a1}"))
    last = offers.quotes.first.col + len(offers.quotes.headings) - 1
    listed = span(top.row - 3, top.col, top.row + offers.quotes.built - 1, last)
    sheet.print_area = f"{span(1, 1, end, RIGHT + 4)},{listed}"
    sheet.scale = SMALLEST  # at which the results are one page in every program
    sheet.repeat_rows = f"{top.row - 1}:{top.row - 1}"
    sheet.freeze = f"A{FIRST - 3}"
    return sheet


def _known_models(ctx: Context, sheet: Sheet) -> None:
    """The models of the built quotes and points, and their names without what people write differently."""
    names = tuple(dict.fromkeys((*ctx.inputs.models, *(price.model for price in ctx.inputs.api_prices))))
    sheet.put(FIRST - 2, AWAY, "Workings: the names of models", "Footnote")
    t = Table(ctx.graph, sheet, "api_models", FIRST, AWAY, len(names))
    name = t.column("Model", TEXT, list(names), style="Data text", width=18)
    plain = SUBSTITUTE(SUBSTITUTE(LOWER(name.relative), " ", ""), "-", "")
    t.column("Plain", TEXT, plain, width=18, style="Text")


def _mix(ctx: Context, sheet: Sheet) -> Mix:
    """The book's own mix of tokens, as shares of all of them."""
    g = ctx.graph
    sheet.put(FIRST - 1, RIGHT, "Your mix of tokens, and the prices that count", "Heading")
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
    least, median = (IF(count > 0, of(chosen), NA) for of in (MIN, MEDIAN))
    best = form.calc(
        "blended_best", "Cheapest API", API_PRICE, least, "USD/M tokens", style="Result strong", fmt="0.000"
    )
    form.calc("median", "Median API", API_PRICE, median, "USD/M tokens", style="Result", fmt="0.000")
    row = MATCH(best, chosen, 0)
    form.calc("provider", "Cheapest provider", TEXT, IF(count > 0, INDEX(offers.all("provider"), row), "none"),
              IF(count > 0, "", "no price: type one"), style="Result")  # fmt: skip
    cost = g["target.cost"].all
    found = IF(COUNT(g["target.cost"].all) > 0, MIN(g["target.score"].all), NA)
    form.calc(
        "hosting_best", "Cheapest hosting", USD_PER_MILLION, found, "at the target", style="Result strong", fmt="0.000"
    )
    sheet.put(FIRST - 2, AWAY + 10, "Workings: the cheapest offer of the chosen model", "Footnote")
    more = Form(g, sheet, "api", FIRST - 1, Columns(AWAY + 10, 0, AWAY + 11, 0, 0))
    for key, label in (("input", "Its input"), ("cached", "Its cached input"), ("output", "Its output")):
        more.calc(key, label, API_PRICE, IF(count > 0, INDEX(offers.all(f"paid_{key}"), row), NA), fmt=FORMAT)
    name = INDEX(g["menu.platforms"].all, MATCH(g["api.hosting_best"], cost, 0))
    more.calc("hosting_name", "Cheapest platform", TEXT, IFERROR(name, "none"))
    sheet.widths[AWAY + 10] = 20


def _finding(ctx: Context, sheet: Sheet) -> None:
    """What hosting costs beside the cheapest API, as a sentence."""
    g = ctx.graph
    best, cost, use = g["api.blended_best"], g["api.hosting_best"], g["scenario.utilization"]
    api = g["api.provider"] & " at " & said(best, 3)
    own = "hosting on " & g["api.hosting_name"] & " costs " & said(cost, 3) & " USD per million tokens"
    needed = breakeven_use(cost, use, best)
    busy = IF(
        needed > 1, "no use makes it cheaper", "it is cheaper once " & said(100 * needed, 1) & "% of its hours are used"
    )
    both = own & ", " & said(ratio(cost, best), 2) & "x the cheapest API (" & api & "); " & busy
    none = "no API price of it is known here; type one under the quotes"
    words = IF(
        ISNUMBER(best), IF(ISNUMBER(cost), both, "no platform has a cost at the target; cheapest API: " & api), none
    )
    single(g, sheet, "api.finding", TEXT, g["scenario.model"] & ": " & words, FIRST - 3, LEFT, style="Heading")
