"""Plan, its checks: cohorts, years, capital, the mix, the API, and present values that agree two ways."""

from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.places import SCENARIOS
from xlmodel.calc.functions import ABS, IF, IFERROR, INDEX, ISNUMBER, MAX, SUM, SUMPRODUCT, largest
from xlmodel.model.plan import MONTHS, YEARS, served
from xlmodel.sheets.plan_spending import AGAINST, ONE_DOMAIN, WAYS


def describe(ctx: Context) -> None:
    """Append them; ways without a number are left out of each."""
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
