"""The Summary's charts. Titles are cells, so that they say the finding of the moment."""

from itertools import cycle

from xlmodel.book.context import Context
from xlmodel.book.places import FIRST
from xlmodel.book.spec import Chart, Marker, Series, Sheet
from xlmodel.book.table import single
from xlmodel.book.theme import ACCENT, PLATFORM_LOOK, SPARE_LOOKS
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.functions import IF, INDEX, ISNUMBER, MATCH, said
from xlmodel.sheets.cost_curves_sheet import Grids
from xlmodel.sheets.cost_target import Target
from xlmodel.units import TEXT

TITLE_COL = 22  # chart titles stand on Cost curves, right of the results
_SNAPSHOT_HUES = ("C9D6E8", "E69F00", "56B4E9", "0B5394", "009E73", "CC79A7")


def charts(ctx: Context, sheet: Sheet, workings: Sheet, target: Target, grids: Grids, last: int) -> list[Chart]:
    """Five charts below the table: two curves, then cost, performance per USD and software progress."""
    titles = _titles(ctx, workings, target)
    top = last + 2
    looks = _looks(ctx)
    platforms = Area(sheet.name, last - len(ctx.places.platforms) + 1, 2, last, 2)
    ranked_cost = Area(sheet.name, platforms.row, 5, last, 5)
    ranked_gain = Area(sheet.name, platforms.row, 8, last, 8)

    def curves(ys: list[Area]) -> tuple[Series, ...]:
        return tuple(
            Series(name, x, y, hue, marker)
            for name, x, y, (hue, marker) in zip(grids.names, grids.drawn("interactivity"), ys, looks, strict=True)
        )

    bars = Ref(sheet.name, platforms.row - 1, 5), Ref(sheet.name, platforms.row - 1, 8)
    return [
        Chart("scatter", titles[0], "Interactivity (output tok/s per user)", "Throughput (tok/s per GPU)", curves(grids.drawn("throughput")),
              (top, 1, top + 17, 7), "Throughput per GPU against interactivity per user, one measured frontier per platform; "
              "the curve that lies highest serves most tokens at that speed.", log=True, y_format="#,##0"),
        Chart("scatter", titles[1], "Interactivity (output tok/s per user)", "Cost (USD per million tokens, log scale)",
              curves(grids.drawn("cost")), (top, 8, top + 17, 14), "Cost per million tokens against interactivity on a logarithmic scale, "
              "one curve per platform; the lowest curve is the cheapest.", log=True, y_format="0.00"),
        Chart("bar", titles[2], "", "USD per million tokens", (Series(bars[0], platforms, ranked_cost, ACCENT),),
              (top + 18, 1, top + 33, 5), "Cost per million tokens at the target by platform, cheapest first; platforms without a "
              "number are left out.", y_format="0.00", legend=False),
        Chart("bar", titles[3], "", "x baseline", (Series(bars[1], platforms, ranked_gain, "009E73"),),
              (top + 18, 6, top + 33, 9), "Performance per USD as a multiple of the baseline's, by platform.", y_format='0.0"x"',
              legend=False),
        Chart("column", titles[4], "", "Throughput (tok/s per GPU)",
              tuple(Series(name, grids.progress.area("platform"), area, _SNAPSHOT_HUES[i % 6])
                    for i, (name, area) in enumerate(grids.snapshots)),
              (top + 18, 10, top + 33, 14), "Throughput at the target by platform and snapshot: what newer software changed on the "
              "same hardware.", y_format="#,##0"),
    ]  # fmt: skip


def _looks(ctx: Context) -> list[tuple[str, Marker]]:
    spare = cycle(SPARE_LOOKS)
    return [PLATFORM_LOOK.get(platform) or next(spare) for platform in ctx.places.platforms]


def _titles(ctx: Context, workings: Sheet, target: Target) -> list[Ref]:
    """The title of each chart as a cell of the workings."""
    g, t = ctx.graph, target.table.lines
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
    workings.put(FIRST - 1, TITLE_COL, "Chart titles", "Heading")
    return [
        single(g, workings, f"titles.{key}", TEXT, words, FIRST + i, TITLE_COL, style="Text").ref()
        for i, (key, words) in enumerate(titles.items())
    ]
