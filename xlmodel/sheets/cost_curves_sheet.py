"""Cost curves: every platform at the target, along its own frontier, and across snapshots.

The Summary and its charts show what is computed here; the results at the target are in `cost_target`.
"""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.keys import slugs
from xlmodel.book.one_cell import single
from xlmodel.book.places import COST_CURVES, STEPS
from xlmodel.book.point_places import FIRST
from xlmodel.book.readings import ReadingRow
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.expression import lift
from xlmodel.calc.functions import COUNT, IF, ISNUMBER, NA
from xlmodel.calc.interpolation import Knots, interpolate, knot_below, way_from
from xlmodel.model.economics import cost
from xlmodel.sheets import chart_titles, cost_target
from xlmodel.sheets.frame import span, start, widths
from xlmodel.units import COUNT as PLAIN
from xlmodel.units import SHARE, TEXT, TOKENS_PER_GPU, TOKENS_PER_USER, USD_PER_MILLION

PARTS = 5  # columns of a platform along its frontier
ABREAST = 3  # platforms on a printed page


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx, COST_CURVES, "workings", "Cost curves",
        "Each platform at the target of the Summary, along its frontier, and across snapshots. Nothing to type here.", 17,
    )  # fmt: skip
    widths(sheet, (18, *(12.5,) * 12, 40, 46, 12, 12.5))
    widths(sheet, (12.5,) * 40, 18)
    readings = cost_target.describe(ctx, sheet)
    target = ctx.graph.tables["target"]
    results = {"platforms": "platform", "costs": "cost", "gains": "performance_per_usd"}
    sheet.outputs |= {key: target.area(name) for key, name in results.items()}
    progress = _progress(ctx, sheet, target.end + 4)
    along = _along(ctx, sheet, progress.end + 6, readings)
    chart_titles.describe(ctx, sheet)
    sheet.freeze = f"B{FIRST}"
    sheet.repeat_rows = ""  # the pages of the grid start in other columns, where the title would be cut
    pages = range(along.col + 1, along.last_col, PARTS * ABREAST)
    grids = (span(along.row - 2, col, along.end - 1, min(col + PARTS * ABREAST - 1, along.last_col)) for col in pages)
    sheet.print_area = ",".join((span(1, 1, along.row - 5, 17), *grids))
    return sheet


def _progress(ctx: Context, sheet: Sheet, top: int) -> Table:
    """Throughput at the target by snapshot: what software alone has changed."""
    p, g, count = ctx.places, ctx.graph, len(ctx.places.platforms)
    sheet.put(top - 2, 1, "Software progress: throughput at the target by snapshot (tok/s/GPU)", "Heading")
    t = Table(g, sheet, "progress", top, 1, count)
    t.column("Platform", TEXT, g["menu.platforms"], style="Link")
    labels, menu = [ctx.inputs.snapshots[i].label for i in p.progress], g["menu.snapshots"]
    keys = slugs(labels)
    platforms, speed = g["menu.platforms"], g["scenario.interactivity"]
    rates = [
        [ctx.readings.ask("Software progress", platforms.cell(j), speed, snapshot=menu.cell(i)).part("Throughput") for i in p.progress]
        for j in range(count)
    ]  # fmt: skip
    for k, i in enumerate(p.progress):
        read = [line[k] for line in rates]
        t.column(labels[k], TOKENS_PER_GPU, read, key=keys[k], style="Result", title=menu.cell(i))
    held = COUNT(t.across(keys[0], keys[-1])) if keys else lift(0)
    words = IF(held.eq(len(keys)), "", len(keys) - held & " without points or out of range")
    t.column("Empty because", TEXT, words, style="Result text", form="relative")
    return t


def _along(ctx: Context, sheet: Sheet, top: int, readings: list[ReadingRow]) -> Table:
    """Every platform along its own frontier, from its slowest to its fastest measured point."""
    g = ctx.graph
    title = "Along the frontier: interactivity, throughput and cost from the slowest to the fastest point"
    sheet.put(top - 4, 1, title, "Heading")
    sheet.put(top - 3, 1, "#N/A: no points under the choices of the Summary, or no price; the reason stands in the table at the top.",
              "Footnote")  # fmt: skip
    t = Table(g, sheet, "along", top, 1, STEPS + 1, form="relative")
    step = t.column("Step", PLAIN, list(range(STEPS + 1)), style="Text", fmt="").by_col
    for i, key in enumerate(slugs(ctx.places.platforms)):
        single(g, sheet, f"along.{key}", TEXT, g["menu.platforms"].cell(i), top - 2, t.last_col + 1, style="Strong")
        _frontier(ctx, t, key, step, readings[i], g["prices.in_use"].cell(i))
    return t


def _frontier(ctx: Context, t: Table, key: str, step: Any, reading: ReadingRow, price: Any) -> None:
    """One platform in equal steps of interactivity."""
    g, knots = ctx.graph, Knots.of(ctx.graph)
    held, low, high, first = (reading.part(part) for part in ("Knots", "Lowest", "Highest", "First knot"))
    speeds = IF(held.eq(0), NA, IF(step.eq(STEPS), high, low + (high - low) * step / STEPS))
    speed = t.column("Interactivity", TOKENS_PER_USER, speeds, key=f"{key}.interactivity")
    below = IF(ISNUMBER(speed), knot_below(knots, first, speed), NA)
    knot = t.column("Knot", PLAIN, below, key=f"{key}.knot", fmt="0")
    way = t.column("Way", SHARE, IF(ISNUMBER(knot), way_from(knots, knot, speed), NA), key=f"{key}.way", fmt="0.000")
    read = IF(ISNUMBER(way), interpolate(knots, g["scenario.method"], knot, way), NA)
    rate = t.column("Throughput", TOKENS_PER_GPU, read, key=f"{key}.throughput")
    usd = cost(price, rate, g["scenario.utilization"])
    t.column("Cost", USD_PER_MILLION, usd, key=f"{key}.cost", form="absolute")
