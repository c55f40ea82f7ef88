"""Sensitivity: the chosen platform against the baseline, when price, speed or an assumption is another.

Every cell is the plain formula with one input replaced: no what-if tables, which other programs cannot compute.
"""

from xlmodel import units
from xlmodel.book.context import Check, Context
from xlmodel.book.form import Columns, Form
from xlmodel.book.guards import tied, within_range
from xlmodel.book.places import SENSITIVITY
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Condition, Sheet
from xlmodel.calc.cells import Cell
from xlmodel.calc.functions import IF, IFERROR, ISNA, MATCH, MAX, MIN, ROUNDDOWN, ROUNDUP, lookup, typed_number
from xlmodel.model.ownership import BUILD_UP
from xlmodel.sheets import sens_grid, sens_owned, sens_pairs, sens_scenarios, sens_tornado
from xlmodel.sheets.frame import SMALLEST, start, widths


def describe(ctx: Context) -> Sheet:
    """The sheet; it reads curves, so describe it before Curves."""
    sheet = start(
        ctx, SENSITIVITY, "presentation", "Sensitivity",
        "What happens to the cost at the Summary's target when price, speed or an assumption is another. Framed cells are yours to change.",
        17, freeze="A3",
    )  # fmt: skip
    sheet.put(FIRST - 2, 1, "What is varied", "Heading")
    form = Form(ctx.graph, sheet, "sensitivity", FIRST, Columns(value=2, unit=3, allowed=0, note=4))
    _inputs(ctx, form)
    _derived(ctx, form)
    given = form.cells
    pairs = sens_grid.describe(ctx, sheet, given, form.row + 2) + 3
    tornado = sens_pairs.describe(ctx, sheet, given, pairs) + 1
    scenarios = sens_tornado.describe(ctx, sheet, given, tornado) + 2
    owned = sens_scenarios.describe(ctx, sheet, scenarios) + 2
    last = sens_owned.describe(ctx, sheet, given, owned) - 1
    _checks(ctx, form)
    widths(sheet, (28, 13, *(10.2,) * 15))
    sheet.conditions.append(Condition(f"B{FIRST}:Q{last}", ISNA(given["platform"].relative), "muted"))
    sheet.print_area = f"A1:Q{last}"
    sheet.scale = SMALLEST
    sheet.breaks = [sheet.charts[0].anchor[0] - 2, tornado - 2, scenarios - 2]
    return sheet


def _inputs(ctx: Context, form: Form) -> None:
    typed = ctx.inputs.sensitivity
    form.input("platform", "Platform", units.TEXT, typed.platform, "whose price and assumptions are varied; the baseline is picked on Summary",
               menu="menu.platforms", prompt="A platform of this workbook.", shown="pick")  # fmt: skip
    grid, step = "of the grid: two steps down, two up", units.STEP
    form.input("price_step", "Step between prices", step, typed.price_step, grid, prompt=_share(step))
    form.input("swing", "Swing of assumptions", units.SWING, typed.swing, "each is made lower and higher by this share; utilization and "
               "availability end at 100 %, PUE at 1", prompt=_share(units.SWING))  # fmt: skip


def _share(unit: units.Unit) -> str:
    return f"A share from {unit.low:g} to {unit.high:g}."


def _derived(ctx: Context, form: Form) -> None:
    """What follows for the chosen platform and its baseline at the target."""
    g, platform = ctx.graph, form.cells["platform"]
    names, prices, rates = g["menu.platforms"], g["prices.in_use"], g["target.throughput"]
    base = form.calc("baseline", "Baseline", units.TEXT, g["scenario.baseline"], shown="", style="Link")
    form.calc("price", "Price in use", units.USD_PER_GPU_HOUR, lookup(prices, names, platform))
    form.calc("base_price", "Price of the baseline", units.USD_PER_GPU_HOUR, lookup(prices, names, base))
    form.calc("throughput", "Throughput at the target", units.TOKENS_PER_GPU, lookup(rates, names, platform))
    form.calc("base_throughput", "Throughput of the baseline", units.TOKENS_PER_GPU, lookup(rates, names, base))
    form.calc("cost", "Cost at the target", units.USD_PER_MILLION, lookup(g["target.cost"], names, platform))
    lows, highs = (
        [lookup(g[f"target.{edge}"], names, who) for who in (platform, base)] for edge in ("lowest", "highest")
    )
    form.calc("low", "Slowest speed of both curves", units.TOKENS_PER_USER, ROUNDUP(MAX(*lows), 0), fmt="0")
    form.calc("high", "Fastest speed of both curves", units.TOKENS_PER_USER, ROUNDDOWN(MIN(*highs), 0), fmt="0")
    typed = lookup(g["prices.own"], names, platform)
    owned = IF(g["scenario.basis"].eq(BUILD_UP), IFERROR(IF(typed_number(typed) > 0, 0, 1), 0), 0)
    form.calc("owned", "Its price is the own build-up", units.SWITCH, owned, shown="1 = yes")


def _checks(ctx: Context, form: Form) -> None:
    """The results that Sensitivity shares with Summary are the same, and what is typed makes sense."""
    g, platform = ctx.graph, form.cells["platform"]
    names = g["menu.platforms"]
    pair: Cell = g["pairs.in_use"].cell(0)
    shared = tied(pair, lookup(g["target.performance_per_usd"], names, platform))
    ctx.checks.append(
        Check("Sensitivity begins at the Summary", "The pair of prices in use gives the Summary's performance per USD of the platform.",
              ctx.graph.find("pairs.in_use"), shared, 1e-9)
    )  # fmt: skip
    within_range(ctx, form.sheet, form.numbers, ISNA(MATCH(platform, names.all, 0)))
