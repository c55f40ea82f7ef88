"""Plan, by year: totals of the months, most GPUs and megawatts, and cost per million tokens."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.constants import KILOWATT_PER_MEGAWATT
from xlmodel.calc.functions import IF, INDEX, ISNA, MAX, MIN, SUM, SUMIFS
from xlmodel.model.plan import MONTHS, YEARS
from xlmodel.sheets.plan_spending import WAYS
from xlmodel.units import GPU_COUNT, GRAMS, MILLION_TOKENS, MILLION_USD, TOKENS_PER_GPU, Unit

MEGAWATT = Unit("MW", "#,##0.00;-#,##0.00;-", of="MW")
MEGAWATT_HOURS = Unit("MWh", "#,##0;-#,##0;-", of="MW*h")
EACH = Unit("USD/M tokens", "#,##0.000;-#,##0.000;-", of="USD/Mtok")


def describe(ctx: Context, sheet: Sheet, row: int) -> Table:
    """The table from a row on: a column a year, and the total."""
    g = ctx.graph
    sheet.put(row, 1, "Year by year", "Heading")
    t = Table(g, sheet, "years", row + 2, 3, YEARS + 1, down=False, units=True, height=16)
    t.headed(("Line", "Unit"), [*(f"Year {k}" for k in range(1, YEARS + 1)), "Plan"], "")
    year = g["months.year"].all

    def whole(key: str) -> Any:
        """The years of a line, which its last cell adds up."""
        return g.span([f"years.{key}"], 0, YEARS - 1, "relative")

    def sums(heading: str, unit: Unit, key: str) -> Line:
        parts = [SUMIFS(g[f"months.{key}"].all, year, k) for k in range(1, YEARS + 1)]
        return t.line(heading, unit, [*parts, SUM(whole(key))], key=key, style="Result")

    def most(heading: str, unit: Unit, key: str, part: str, of: Any = None) -> Line:
        parts = [MAX(g[f"months.{part}"].rows(12 * k, 12 * k + 11)) for k in range(YEARS)]
        parts = parts if of is None else [found / of for found in parts]
        return t.line(heading, unit, [*parts, MAX(whole(key))], key=key, style="Result")

    tokens = sums("Demand", MILLION_TOKENS, "demand")
    ends = [INDEX(g["months.rate"].all, MIN(MONTHS, 12 * k)) for k in range(1, YEARS + 1)]
    rates = [*(IF(tokens.cell(k).formed("relative").eq(0), "", end) for k, end in enumerate(ends)), None]
    t.line("Throughput of a GPU, at its end", TOKENS_PER_GPU, rates, key="rate", style="Result")
    most("Own: most GPUs", GPU_COUNT, "own_gpus", "own_gpus")
    most("Rent: most GPUs", GPU_COUNT, "rent_gpus", "rent_gpus")
    most("Own: most power", MEGAWATT, "own_power", "own_kilowatt", KILOWATT_PER_MEGAWATT)
    energy = [SUMIFS(g["months.own_energy"].all, year, k) / KILOWATT_PER_MEGAWATT for k in range(1, YEARS + 1)]
    t.line("Own: energy", MEGAWATT_HOURS, [*energy, SUM(whole("own_energy"))], key="own_energy", style="Result")
    sums("Own: carbon", GRAMS, "own_carbon")
    for key, who in WAYS.items():
        sums(f"{who}: cost", MILLION_USD, f"{key}_cost")
    for key, who in WAYS.items():
        sums(f"{who}: cash after tax", MILLION_USD, f"{key}_cash")
    for key, who in WAYS.items():
        cost = t.lines[f"{key}_cost"]
        each = IF(tokens.eq(0), "", cost / tokens)
        t.line(f"{who}: cost per M tokens", EACH, each, key=f"{key}_each", style="Result strong")
    sums("Revenue", MILLION_USD, "revenue")
    sheet.conditions.append(Condition(t.body.a1, ISNA(tokens.cell(0).formed("relative")), "muted"))
    return t
