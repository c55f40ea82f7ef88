"""The Summary's charts. Titles are cells, so that they say the finding of the moment."""

from itertools import cycle

from xlmodel.book.chart import Chart, Marker, Series
from xlmodel.book.context import Context
from xlmodel.book.keys import slugs
from xlmodel.book.spec import Sheet
from xlmodel.book.theme import ACCENT, PLATFORM_LOOK, SPARE_LOOKS
from xlmodel.calc.address import Area
from xlmodel.sheets.chart_titles import TITLES

_SNAPSHOT_HUES = ("C9D6E8", "E69F00", "56B4E9", "0B5394", "009E73", "CC79A7")


def charts(ctx: Context, sheet: Sheet, last: int, width: int) -> list[Chart]:
    """Five charts below the table, over the sheet's width: two curves, then cost, performance per USD and software progress."""
    g, along, progress = ctx.graph, ctx.graph.tables["along"], ctx.graph.tables["progress"]
    titles = [g.find(f"titles.{key}").ref() for key in TITLES]
    top, half, third, rest = last + 2, width // 2, 5 * width // 14, 9 * width // 14
    looks = _looks(ctx)
    platforms, costs, gains = (g.area(f"summary.{key}") for key in ("platform", "cost", "performance_per_usd"))
    names = [g.find(f"along.{key}").ref() for key in slugs(ctx.places.platforms)]

    def drawn(part: str) -> list[Area]:
        """One part of all frontiers."""
        return [along.area(key) for key in along.lines if key.endswith(f".{part}")]

    def curves(ys: list[Area]) -> tuple[Series, ...]:
        return tuple(
            Series(name, x, y, hue, marker)
            for name, x, y, (hue, marker) in zip(names, drawn("interactivity"), ys, looks, strict=True)
        )

    snapshots = [progress.area(key) for key in list(progress.lines)[1:-1]]
    return [
        Chart("scatter", titles[0], "Interactivity (output tok/s per user)", "Throughput (tok/s per GPU)", curves(drawn("throughput")),
              (top, 1, top + 17, half), "Throughput per GPU against interactivity per user, one measured frontier per platform; "
              "the curve that lies highest serves most tokens at that speed.", log=True, y_format="#,##0"),
        Chart("scatter", titles[1], "Interactivity (output tok/s per user)", "Cost (USD per million tokens, log scale)",
              curves(drawn("cost")), (top, half + 1, top + 17, width), "Cost per million tokens against interactivity on a logarithmic scale, "
              "one curve per platform; the lowest curve is the cheapest.", log=True, y_format="0.00"),
        Chart("bar", titles[2], "", "USD per million tokens", (Series(costs.cell(-1), platforms, costs, ACCENT),),
              (top + 18, 1, top + 33, third), "Cost per million tokens at the target by platform, cheapest first; platforms without a "
              "number are left out.", y_format="0.00", legend=False),
        Chart("bar", titles[3], "", "x baseline", (Series(gains.cell(-1), platforms, gains, "009E73"),),
              (top + 18, third + 1, top + 33, rest), "Performance per USD as a multiple of the baseline's, by platform.", y_format='0.0"x"',
              legend=False),
        Chart("column", titles[4], "", "Throughput (tok/s per GPU)",
              tuple(Series(area.cell(-1), progress.area("platform"), area, _SNAPSHOT_HUES[i % 6]) for i, area in enumerate(snapshots)),
              (top + 18, rest + 1, top + 33, width), "Throughput at the target by platform and snapshot: what newer software changed on the "
              "same hardware.", y_format="#,##0"),
    ]  # fmt: skip


def _looks(ctx: Context) -> list[tuple[str, Marker]]:
    spare = cycle(SPARE_LOOKS)
    return [PLATFORM_LOOK.get(platform) or next(spare) for platform in ctx.places.platforms]
