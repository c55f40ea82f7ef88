"""Cost curves, third part: the titles of the Summary's charts, which say the finding of the moment."""

from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.functions import IF, INDEX, ISNUMBER, MATCH, said
from xlmodel.units import TEXT

TITLE_COL = 22  # right of the results
TITLES = ("throughput", "cost", "cheapest", "gain", "progress")


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the title of each chart into a cell of its own."""
    g, t = ctx.graph, ctx.graph.tables["target"].lines
    model, speed, baseline = g["scenario.model"], g["scenario.interactivity"], g["scenario.baseline"]
    first = MATCH(1, t["rank"].all, 0)
    name, usd, gain = (INDEX(t[key].all, first) for key in ("platform", "cost", "performance_per_usd"))
    chosen = ", " & g["scenario.workload"] & ", " & g["scenario.precision"] & ", " & g["scenario.snapshot_in_use"]
    cheapest = name & " is cheapest at " & speed & " tok/s/user: " & said(usd, 3) & " USD/M"
    gained = name & " gives " & said(gain, 1) & "x the performance per USD of " & baseline
    titles = {
        "throughput": "Throughput falls as each user is served faster: " & model & chosen,
        "cost": "What speed costs: USD per million tokens at prices of " & g["scenario.price_words"],
        "cheapest": IF(ISNUMBER(usd), cheapest, "No cost at " & speed & " tok/s/user"),
        "gain": IF(ISNUMBER(gain), gained, "No comparison with " & baseline),
        "progress": "Software progress: " & model & " at " & speed & " tok/s/user by snapshot",
    }
    sheet.put(FIRST - 1, TITLE_COL, "Chart titles", "Heading")
    for i, key in enumerate(TITLES):
        single(g, sheet, f"titles.{key}", TEXT, titles[key], FIRST + i, TITLE_COL, style="Text")
