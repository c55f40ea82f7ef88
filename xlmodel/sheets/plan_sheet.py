"""Plan: five years of owning, renting, calling an API, or a mix of them; results, scenarios and assumptions on a page each."""

from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.guards import within_range
from xlmodel.book.places import SCENARIOS
from xlmodel.book.spec import Link, Sheet
from xlmodel.calc.functions import ABS, IF, IFERROR, INDEX, ISNUMBER, MAX, SUM, SUMPRODUCT, largest
from xlmodel.model.plan import MONTHS, YEARS, served
from xlmodel.sheets import plan_charts, plan_inputs, plan_results, plan_tornado, plan_words
from xlmodel.sheets.frame import paged, span, start, widths
from xlmodel.sheets.plan_spending import AGAINST, ONE_DOMAIN, WAYS

NAME = "Plan"
WIDTH = 14
CHART = 9  # first column of the charts
LINE, GAP = 14.25, 6.75  # points of a row and of an empty one, at which the results fill a page at 70 %


def describe(ctx: Context) -> Sheet:
    """The sheet; it reads Cost curves, so describe that before."""
    g = ctx.graph
    sheet = start(
        ctx, NAME, "presentation", NAME,
        "Own the GPUs, rent them, call an API, or mix: what the coming years cost. The assumptions stand below, and are yours.",
        WIDTH, freeze="A3",
    )  # fmt: skip
    finding = plan_words.finding(ctx, sheet, 4, WIDTH)
    sheet.merges.append(span(4, 1, 4, WIDTH))
    sheet.heights[4] = 36
    ways = plan_results.ways(ctx, sheet, 6)
    plan_words.reasons(ctx, sheet, ways.end)
    plan_results.invested(ctx, sheet, ways.end + 3)
    plan_results.against_api(ctx, sheet, ways.end + 7)
    years = plan_results.by_year(ctx, sheet, ways.end + 10)
    sheet.put(years.end, 1, "Own: paid when ordered, depreciated in equal parts, sold at the end of its life, at book value at the end of the plan. "
              "Months are discounted from their ends.", "Footnote")  # fmt: skip
    plan_charts.describe(ctx, sheet, years, 6, CHART, WIDTH)
    page = max(years.end + 1, 6 + 4 * plan_charts.HIGH) + 1
    below = plan_tornado.scenarios(ctx, sheet, page + 1) + 1
    second = plan_tornado.tornado(ctx, sheet, below, WIDTH) + 1
    sheet.put(second + 1, 1, "Assumptions", "Heading")
    form = plan_inputs.describe(ctx, sheet, second + 2)
    for col, (words, row) in enumerate((("Scenarios and tornado", page + 1), ("Assumptions", second + 1))):
        at = sheet.put(3, 1 + 3 * col, f"To {words.casefold()} ↓", "Hyperlink")
        sheet.links.append(Link(at.a1, place=f"'{NAME}'!A{row}"))
    for line in range(3, page):
        sheet.heights.setdefault(line, LINE if line in sheet.cells else GAP)
    _checks(ctx)
    within_range(ctx, sheet, form.numbers)
    sheet.outputs |= {"plan finding": finding.ref(), "plan present values": g.area("ways.worth")}
    widths(sheet, (34.5, 15, *(12,) * 6, *(11,) * 6))
    paged(sheet, WIDTH, 2)
    sheet.print_area = span(1, 1, form.row - 1, WIDTH)
    sheet.breaks = [page - 1, second - 1, *sheet.breaks]  # each page begins with an empty row below its head
    return sheet


def _checks(ctx: Context) -> None:
    """Cohorts, years, capital, the mix, the API, and present values that agree two ways; ways without a number are left out of each."""
    g = ctx.graph

    def months(key: str) -> Any:
        return g[f"months.{key}"]

    ctx.checks += [
        Check("Cohorts balance", "Each month opening + bought - retired = closing, of own domains and of the mix, and closing is what was bought within one life.",
              "months.own_closing", MAX(*(_cohorts(g, key) for key in ("own", "mix"))), 1e-9),
        Check("Years are their months", "The years of the plan add up to its months: demand, and cost and cash of every way.", "years.demand",
              MAX(*(_years(g, key) for key in ("demand", *(f"{way}_{part}" for way in WAYS for part in ("cost", "cash"))))), 1e-9),
        Check("Capital is depreciated or left", "Depreciation + sales + what is left at the end = capital bought.", "months.own_capital",
              MAX(*(_capital(months, key) for key in ("own", "mix"))), 1e-9),
        Check("The mix serves the demand", "Tokens of own domains, of rented ones and of the API are the demand, and no domain serves more than it can.",
              "months.mix_own", _served(g), 1e-9),
        Check("The API's bill is demand x price", "Its cost in the plan is demand times price, month by month.", "months.api_bill",
              IF(ISNUMBER(g["ways.cost"].cell(2)), _apart(SUMPRODUCT(months("demand").all, months("api_price").all), g["ways.cost"].cell(2), g["ways.cost"].cell(2)), 0), 1e-9),
        Check("Shares of contracts fit", "The shares rented for one year and for three years are together at most the whole.", "plan.one_year",
              MAX(0, g["head.one_year_share"] + g["head.three_year_share"] - 1), 1e-9),
        Check("Present values agree", "The NPVs by discount factors are those counted back month by month and, against renting, by cohorts.",
              "plan.npv_rent", MAX(*(_worth(g, key) for key in AGAINST), _cohort(g)), 1e-9),
        Check("The active scenario is the plan", "Own and rent of the active scenario side by side are those of the plan.", "plan_by.own",
              MAX(*(_repeated(INDEX(g.span([f"plan_by.{key}"], 0, len(SCENARIOS) - 1), g["scenario.number"]), g["ways.worth"].cell(i),
                              g["ways.cost"].cell(i)) for i, key in enumerate(("own", "rent")))), 1e-9),
    ]  # fmt: skip


def _cohorts(g: Any, key: str) -> Any:
    opening, bought, retired, closing = (
        g[f"months.{key}_{part}"] for part in ("opening", "bought", "retired", "closing")
    )
    gap = SUMPRODUCT((opening.all + bought.all - retired.all - closing.all) * g["months.inside"].all)
    last = g["head.months"]
    age = (g["months.month"].all <= last) * (g["months.month"].all > last - g["head.life"])
    held = SUMPRODUCT(bought.all * age) - INDEX(closing.all, last)
    return IF(ISNUMBER(closing.cell(MONTHS - 1)), (ABS(gap) + ABS(held)) / ONE_DOMAIN, 0)


def _apart(one: Any, other: Any, size: Any) -> Any:
    """How far two amounts are apart, as a share of what is spent: a full tax leaves nothing of the amounts themselves."""
    return IFERROR(ABS(one - other) / MAX(1, ABS(size)), 1)


def _repeated(shown: Any, source: Any, size: Any) -> Any:
    return IF(ISNUMBER(source), _apart(shown, source, size), ISNUMBER(shown) * 1)


def _years(g: Any, key: str) -> Any:
    line, total = g[f"months.{key}"], g[f"years.{key}"].cell(YEARS)
    size = g[f"years.{key.replace('_cash', '_cost')}"].cell(YEARS)
    return IF(ISNUMBER(line.cell(MONTHS - 1)), _apart(SUM(line.all), total, size), 0)


def _capital(months: Any, key: str) -> Any:
    bought, *parts = (SUM(months(f"{key}_{part}").all) for part in ("capital", "depreciation", "sold", "end"))
    return IF(ISNUMBER(bought), ABS(parts[0] + parts[1] + parts[2] - bought) / MAX(1, bought), 0)


def _served(g: Any) -> Any:
    asked, own, hired, api = (g[f"months.{key}"].all for key in ("demand", "mix_own", "mix_hired", "mix_api"))
    off = own + hired + api - asked
    gap = MAX(largest(off), largest(0 - off)) / MAX(1, SUM(asked))
    rate, room = g["months.rate"].all, g["months.mix_rented"].all * g["head.domain"]
    full = served(room, g["head.flat"], rate)
    over = SUMPRODUCT((hired > full * (1 + 1e-9)) * (hired - full)) / MAX(1, SUM(asked))
    return IF(ISNUMBER(SUM(own)), gap + over, 0)


def _worth(g: Any, key: str) -> Any:
    npv, back = g[f"plan.npv_{key}"], g[f"months.{key}_worth"].cell(0)
    size = MAX(1, ABS(g["ways.worth"].cell(0)))
    return IF(ISNUMBER(npv), IFERROR(ABS(npv - back) / size, 1), 0)


def _cohort(g: Any) -> Any:
    npv, other = g["plan.npv_rent"], g["case0.rent"] - g["case0.own"]
    return IF(ISNUMBER(npv), IFERROR(ABS(npv - other) / MAX(1, ABS(g["ways.worth"].cell(0))), 1), 0)
