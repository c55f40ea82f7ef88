"""Sensitivity: the chosen platform against the baseline, when price, speed or an assumption is another.

Every cell is the plain formula with one input replaced: no what-if tables, which other programs cannot compute.
"""

import math
from collections.abc import Callable

from xlmodel.book import sensitivity_places as at
from xlmodel.book.context import Context, Given, old_check
from xlmodel.book.guards_by_hand import tied, within_range
from xlmodel.book.places import FIRST, SENSITIVITY
from xlmodel.book.spec import Condition, Sheet, Validation
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.variants import SENSITIVITY_UNITS
from xlmodel.sheets import sens_grid, sens_owned, sens_pairs, sens_scenarios, sens_tornado
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.frame import start, widths
from xlmodel.units import STEP, SWING, TOKENS_PER_GPU, TOKENS_PER_USER, USD_PER_GPU_HOUR, USD_PER_MILLION

_INPUTS = {
    "platform": ("Platform", "pick", "whose price and assumptions are varied; the baseline is picked on Summary"),
    "price_step": ("Step between prices", STEP.label, "of the grid: two steps down, two up"),
    "swing": ("Swing of assumptions", SWING.label, "each is made lower and higher by this share; utilization and availability end at 100 %, PUE at 1"),
}  # fmt: skip


def describe(ctx: Context, target: Target, ownership: Sheet) -> Sheet:
    """The sheet; it reads curves, so describe it before Curves."""
    sheet = start(
        ctx, SENSITIVITY, "presentation", "Sensitivity",
        "What happens to the cost at the Summary's target when price, speed or an assumption is another. Framed cells are yours to change.",
        17, freeze="A3",
    )  # fmt: skip
    sheet.put(FIRST - 2, 1, "What is varied", "Heading")
    _inputs(ctx, sheet)
    given = _derived(ctx, sheet, target)
    sens_grid.describe(ctx, sheet, given)
    sens_pairs.describe(ctx, sheet, given)
    hourly = sens_owned.describe(ctx, sheet, ownership, given)
    sens_tornado.describe(ctx, sheet, given, hourly)
    sens_scenarios.describe(ctx, sheet, target)
    _check(ctx, target)
    listed = at.entry("platform").on(""), ctx.places.menu("platforms").on("")
    known = ctx.inputs.sensitivity.platform.casefold() in [name.casefold() for name in ctx.places.platforms]
    within_range(ctx, sheet, "+ISNA(MATCH({},{},0))".format(*listed), int(not known))
    widths(sheet, (34, 15, *(12.5,) * 15))
    last = at.owned_row(ctx.places) + len(at.SIDES) * len(at.OWNED)
    sheet.conditions.append(Condition(f"B{FIRST}:Q{last}", f"ISNA(B{FIRST})", "muted"))
    sheet.print_area = f"A1:Q{last}"
    sheet.repeat_rows = "1:2"
    sheet.breaks = [at.pairs(ctx.places).row - 6, at.scenarios_row(ctx.places) - 5]
    return sheet


def _inputs(ctx: Context, sheet: Sheet) -> None:
    p, typed = ctx.places, ctx.inputs.sensitivity
    for name, (label, unit, says) in _INPUTS.items():
        ref = at.entry(name)
        sheet.put(ref.row, 1, label, "Label")
        style, fmt = ("Input text", "") if name == "platform" else ("Input", "0%")
        sheet.input(ref.row, ref.col, getattr(typed, name), f"sensitivity.{name}", style, fmt)
        sheet.put(ref.row, 3, unit, "Unit")
        sheet.put(ref.row, 4, says, "Footnote")
    for name, rule in SENSITIVITY_UNITS.items():
        text = f"A share from {rule.low:g} to {rule.high:g}."
        sheet.validations.append(Validation((at.entry(name).a1,), _INPUTS[name][0], text, low=rule.low, high=rule.high))
    menu = p.menu("platforms").on(SENSITIVITY)
    sheet.validations.append(
        Validation((at.entry("platform").a1,), "Platform", "A platform of this workbook.", source=menu)
    )


def _derived(ctx: Context, sheet: Sheet, target: Target) -> dict[str, Given]:
    """What follows for the chosen platform and its baseline at the target."""
    p, market, typed = ctx.places, ctx.market, ctx.inputs.sensitivity
    names = [name.casefold() for name in p.platforms]
    mine = names.index(typed.platform.casefold()) if typed.platform.casefold() in names else -1
    base = p.platforms.index(market.scenario.baseline) if market.scenario.baseline in p.platforms else -1

    def known(name: str, i: int) -> Value:
        return target.values[name][i] if i >= 0 else NA

    def edge(name: str, i: int) -> float | ExcelError:
        found: float | ExcelError = getattr(target.readings[i].reading, name) if i >= 0 else NA
        return found

    lows, highs = ([edge(name, i) for i in (mine, base)] for name in ("lowest", "highest"))
    low = _rounded(lows, lambda numbers: math.ceil(max(numbers)))
    high = _rounded(highs, lambda numbers: math.floor(min(numbers)))
    own = ctx.inputs.own_prices.get(p.platforms[mine], 0) if mine >= 0 else 0
    owned = int(market.scenario.basis == BUILD_UP and mine >= 0 and not own > 0)
    find, other = (f"MATCH({cell},{p.menu('platforms').on(SENSITIVITY)},0)" for cell in ("{platform}", "{baseline}"))
    rows: dict[str, tuple[str, str, Value, str, str]] = {
        "baseline": ("Baseline", "{chosen}", market.scenario.baseline, "", "Link"),
        "price": ("Price in use", f"INDEX({{prices}},{find})", known("Price", mine), USD_PER_GPU_HOUR.label, USD_PER_GPU_HOUR.format),
        "base_price": ("Price of the baseline", f"INDEX({{prices}},{other})", known("Price", base), USD_PER_GPU_HOUR.label,
                       USD_PER_GPU_HOUR.format),
        "throughput": ("Throughput at the target", f"INDEX({{rates}},{find})", known("Throughput", mine), TOKENS_PER_GPU.label,
                       TOKENS_PER_GPU.format),
        "base_throughput": ("Throughput of the baseline", f"INDEX({{rates}},{other})", known("Throughput", base), TOKENS_PER_GPU.label,
                            TOKENS_PER_GPU.format),
        "cost": ("Cost at the target", f"INDEX({{costs}},{find})", known("Cost", mine), USD_PER_MILLION.label, USD_PER_MILLION.format),
        "low": ("Slowest speed of both curves", f"ROUNDUP(MAX(INDEX({{lowest}},{find}),INDEX({{lowest}},{other})),0)", low,
                TOKENS_PER_USER.label, "0"),
        "high": ("Fastest speed of both curves", f"ROUNDDOWN(MIN(INDEX({{highest}},{find}),INDEX({{highest}},{other})),0)", high,
                 TOKENS_PER_USER.label, "0"),
        "owned": ("Its price is the own build-up", f'IF({{basis}}="{BUILD_UP}",IFERROR(IF(N(INDEX({{own}},{find}))>0,0,1),0),0)', owned,
                  "1 = yes", "0"),
    }  # fmt: skip
    given: dict[str, Given] = {}
    for name, (label, text, value, unit, fmt) in rows.items():
        ref = at.entry(name)
        sheet.put(ref.row, 1, label, "Label")
        style, shown = ("Link", "") if fmt == "Link" else ("Calculation", fmt)
        sheet.calc(
            ref.row, ref.col, text, value, style, shown, platform=at.entry("platform"), baseline=at.entry("baseline"),
            chosen=p.choice("baseline"), prices=p.prices_in_use, rates=target.area("Throughput"), costs=target.area("Cost"),
            lowest=target.reading_area("Lowest"), highest=target.reading_area("Highest"), basis=p.choice("basis"), own=p.own_prices,
        )  # fmt: skip
        sheet.put(ref.row, 3, unit, "Unit")
        given[name] = Given(value, ref)
    given["platform"] = Given(typed.platform, at.entry("platform"))
    given["swing"] = Given(typed.swing, at.entry("swing"))
    given["step"] = Given(typed.price_step, at.entry("price_step"))
    return given


def _rounded(edges: list[float | ExcelError], pick: Callable[[list[float]], int]) -> Value:
    """The common edge of two curves in whole tok/s/user; an error where one has no curve."""
    numbers = [edge for edge in edges if not isinstance(edge, ExcelError)]
    return float(pick(numbers)) if len(numbers) == len(edges) else NA


def _check(ctx: Context, target: Target) -> None:
    """The results that Sensitivity shares with Summary are the same."""
    p = ctx.places
    ctx.checks.append(
        old_check("Sensitivity begins at the Summary", "The pair of prices in use gives the Summary's performance per USD of the platform.",
              at.pairs(p).cell(0, 0),
              tied("{pair}", "INDEX({gain},MATCH({platform},{names},0))"), 0.0, 1e-9,
              {"pair": at.pairs(p).cell(0, 0), "gain": target.area("Performance per USD"), "platform": at.entry("platform"),
               "names": p.menu("platforms")})
    )  # fmt: skip
