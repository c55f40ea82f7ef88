"""Cost curves: every platform at the target, along its own frontier, and across snapshots.

The Summary and its charts show what is computed here; the results at the target are in `cost_target`.
"""

from dataclasses import dataclass

from xlmodel.book.context import Context, Given, record
from xlmodel.book.places import COST_CURVES, FIRST, STEPS
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Area, Ref, letters
from xlmodel.calc.curve_formulas import INTERPOLATE, WAY
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model.cost import cost
from xlmodel.model.market import Reading
from xlmodel.model.membership import KEY
from xlmodel.sheets import cost_target
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.curves_sheet import curve_areas
from xlmodel.sheets.frame import headers, span, start, widths
from xlmodel.units import TOKENS_PER_GPU, TOKENS_PER_USER


@dataclass(slots=True)
class Grids:
    """Areas that the charts draw."""

    xs: list[Area]
    throughput: list[Area]
    cost: list[Area]
    names: list[Ref]
    snapshots: list[tuple[Ref, Area]]
    snapshot_platforms: Area


def describe(ctx: Context) -> tuple[Sheet, Target, Grids]:
    """The sheet, and where its results stand."""
    sheet = start(
        ctx, COST_CURVES, "workings", "Cost curves",
        "Each platform at the target of the Summary, along its frontier, and across snapshots. Nothing to type here.", 17,
    )  # fmt: skip
    target = cost_target.describe(ctx, sheet)
    results = {"platforms": "Platform", "costs": "Cost", "gains": "Performance per USD"}
    sheet.outputs |= {key: target.area(name) for key, name in results.items()}
    top = FIRST + len(ctx.places.platforms) + 4
    snapshot_cols, names = _snapshots(ctx, sheet, top)
    grid_top = top + len(ctx.places.platforms) + 5
    xs, ys, costs, heads = _grid(ctx, sheet, grid_top)
    widths(sheet, (18, *(12.5,) * 12, 40, 46, 12, 8))
    widths(sheet, (12.5,) * 40, 18)
    sheet.freeze = f"B{FIRST}"
    sheet.repeat_rows = ""  # the pages of the grid start in other columns, where the title would be cut
    last, count = grid_top + 1 + STEPS, len(ctx.places.platforms)
    grids = (span(grid_top - 1, 2 + 5 * i, last, 1 + 5 * min(i + 3, count)) for i in range(0, count, 3))
    sheet.print_area = ",".join((span(1, 1, grid_top - 4, 17), *grids))
    return sheet, target, Grids(xs, ys, costs, heads, snapshot_cols, names)


def _snapshots(ctx: Context, sheet: Sheet, top: int) -> tuple[list[tuple[Ref, Area]], Area]:
    """Throughput at the target by snapshot: what software alone has changed."""
    p = ctx.places
    labels = [ctx.inputs.snapshots[i] for i in p.progress]
    cells = [p.menu("snapshots").cell(i) for i in p.progress]
    sheet.put(top - 2, 1, "Software progress: throughput at the target by snapshot (tok/s/GPU)", "Heading")
    headers(sheet, top - 1, 1, ("Platform", *(snapshot.label for snapshot in labels), "Empty because"))
    for j, snapshot in enumerate(labels):
        sheet.calc(top - 1, 2 + j, "{ref}", snapshot.label, "Column", ref=cells[j])
    count = len(p.platforms)
    for i, platform in enumerate(p.platforms):
        sheet.calc(top + i, 1, "{ref}", platform, "Link", ref=p.menu("platforms").cell(i))
        numbers = 0
        for j, snapshot in enumerate(labels):
            reading = ctx.read(
                "Software progress", Given(platform, p.menu("platforms").cell(i)), ctx.given("interactivity"),
                ctx.given("model"), ctx.given("workload"), Given(snapshot.label, cells[j]),
                ctx.given("precision"),
            )  # fmt: skip
            value = reading.reading.throughput
            numbers += not isinstance(value, ExcelError)
            sheet.calc(top + i, 2 + j, "{ref}", value, "Result", TOKENS_PER_GPU.format, ref=reading.cell("Throughput"))
        row_area = f"{letters(2)}{top + i}:{letters(1 + len(labels))}{top + i}"
        empty = len(labels) - numbers
        sheet.calc(
            top + i, 2 + len(labels),
            f'IF(COUNT({row_area})={len(labels)},"",({len(labels)}-COUNT({row_area}))&" without points or out of range")',
            f"{empty} without points or out of range" if empty else "", "Result text",
        )  # fmt: skip
    areas = [
        (Ref(COST_CURVES, top - 1, 2 + j), Area(COST_CURVES, top, 2 + j, top + count - 1, 2 + j))
        for j in range(len(labels))
    ]
    return areas, Area(COST_CURVES, top, 1, top + count - 1, 1)


def _grid(ctx: Context, sheet: Sheet, top: int) -> tuple[list[Area], list[Area], list[Area], list[Ref]]:
    """Every platform along its own frontier, from its slowest to its fastest measured point."""
    p, market, _s = ctx.places, ctx.market, ctx.market.scenario
    sheet.put(
        top - 3,
        1,
        "Along the frontier: interactivity, throughput and cost from the slowest to the fastest point",
        "Heading",
    )
    sheet.put(top - 2, 1, "#N/A: no points under the choices of the Summary, or no price; the reason stands in the table at the top.",
              "Footnote")  # fmt: skip
    areas = curve_areas(p, COST_CURVES)
    headers(sheet, top, 1, ("Step",))
    for step in range(STEPS + 1):
        sheet.put(top + 1 + step, 1, step, "Text")
    xs, ys, costs, heads = [], [], [], []
    summary = [row for row in ctx.readings if row.used_by == "Summary"]
    for i, platform in enumerate(p.platforms):
        c = 2 + 5 * i
        heads.append(sheet.calc(top - 1, c, "{ref}", platform, "Strong", ref=p.menu("platforms").cell(i)))
        headers(sheet, top, c, ("Interactivity", "Knot", "Way", "Throughput", "Cost"))
        cells = {name: summary[i].cell(name).on(COST_CURVES) for name in ("Knots", "Lowest", "Highest", "First")}
        curve_id = f"INDEX({p.knots('Curve').on(COST_CURVES)},{cells['First']})"
        t, k, u = (letters(c + offset) for offset in range(3))
        price = Given(market.price(platform), p.prices_in_use.cell(i))
        for step in range(STEPS + 1):
            r = top + 1 + step
            point, knot, way, rate = _along(ctx, summary[i].reading, platform, step)
            sheet.calc(
                r, c,
                f"IF({cells['Knots']}=0,NA(),IF($A{r}={STEPS},{cells['Highest']},"
                f"{cells['Lowest']}+({cells['Highest']}-{cells['Lowest']})*$A{r}/{STEPS}))",
                point, "Calculation", TOKENS_PER_USER.format,
            )  # fmt: skip
            sheet.calc(
                r, c + 1,
                f"IF(ISNUMBER({t}{r}),MATCH({curve_id}*{KEY}+{t}{r},{p.knots('Sort key').on(COST_CURVES)},1),NA())", knot,
                "Calculation", "0",
            )  # fmt: skip
            sheet.calc(
                r, c + 2, f"IF(ISNUMBER({k}{r}),{WAY.format(t=f'{t}{r}', k=f'{k}{r}', **areas)},NA())", way, "Calculation",
                "0.000",
            )  # fmt: skip
            method = p.derived("method").on(COST_CURVES)
            sheet.calc(
                r, c + 3,
                f"IF(ISNUMBER({u}{r}),{INTERPOLATE.format(k=f'{k}{r}', u=f'{u}{r}', method=method, **areas)},NA())", rate,
                "Calculation", TOKENS_PER_GPU.format,
            )  # fmt: skip
            record(
                sheet, r, c + 4, cost, price=price, throughput=Given(rate, Ref(COST_CURVES, r, c + 3)),
                utilization=ctx.given("utilization"),
            )  # fmt: skip
        xs.append(Area(COST_CURVES, top + 1, c, top + 1 + STEPS, c))
        ys.append(Area(COST_CURVES, top + 1, c + 3, top + 1 + STEPS, c + 3))
        costs.append(Area(COST_CURVES, top + 1, c + 4, top + 1 + STEPS, c + 4))
    return xs, ys, costs, heads


def _along(ctx: Context, target: Reading, platform: str, step: int) -> tuple[Value, Value, Value, Value]:
    if isinstance(target.lowest, ExcelError) or isinstance(target.highest, ExcelError):
        return NA, NA, NA, NA
    t = target.highest if step == STEPS else target.lowest + (target.highest - target.lowest) * step / STEPS
    s = ctx.market.scenario
    got = ctx.market.reading(platform, s.model, s.workload, s.precision, s.snapshot, t)
    return t, got.knot, got.way, got.throughput
