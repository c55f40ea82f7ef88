"""Summary: one page that answers the question, by formula and by chart."""

from itertools import cycle
from typing import Any

from xlmodel.book.chart import Chart, Marker, Series
from xlmodel.book.context import Context
from xlmodel.book.graph import Graph
from xlmodel.book.keys import slugs
from xlmodel.book.one_cell import single
from xlmodel.book.places import SUMMARY
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.book.theme import ACCENT, PLATFORM_LOOK, SPARE_LOOKS
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import IF, INDEX, ISNA, ISNUMBER, MATCH, NA, said, typed_number
from xlmodel.sheets.chart_titles import TITLES
from xlmodel.sheets.choice_inputs import CHOICES, choice_input
from xlmodel.sheets.cost_target import TIMES
from xlmodel.sheets.frame import span, start
from xlmodel.units import (
    COUNT,
    RATIO,
    TEXT,
    USD_PER_GPU_HOUR,
    USD_PER_MILLION,
    UTILIZATION,
    Unit,
)  # fmt: skip

FINDING, CHOICE, FIGURES, TABLE = 4, 7, 10, 16  # rows of the sentence, the choices, the key figures, the first platform
# key of the result at the target, unit as shown, number format, width
COLUMNS: tuple[tuple[str, str, str, float], ...] = (
    ("platform", "", "", 16.5),
    ("price", "USD/GPU-hour", "#,##0.00", 13),
    ("throughput", "tok/s/GPU", "#,##0", 13),
    ("cost", "USD/M tokens", "#,##0.000", 13),
    ("performance", TIMES, '0.00"x"', 13),
    ("price_ratio", TIMES, '0.00"x"', 13),
    ("performance_per_usd", TIMES, '0.00"x"', 15),
    ("relative_cost", TIMES, '0.000"x"', 13),
    ("saved", "% of cost", "0.0%", 11),
    ("break_even_price", "USD/GPU-hour", "#,##0.00", 13),
    ("tok_s_mw", "all-in power", "#,##0", 13),
    ("users_per_gpu", "at the target", "#,##0.0", 11),
)
WIDTH = len(COLUMNS) + 2  # with rank and flags
STRONG = ("cost", "performance_per_usd")
_BASELINE = "the baseline itself"
_NO_LIMIT = "empty the limit on the time to first token, or "
_ADVICE = "choose a lower interactivity or another basis."


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    data = f"Data: {ctx.dates} (InferenceX, SemiAnalysis)"
    sheet = start(ctx, SUMMARY, "presentation", ctx.title, data, WIDTH, freeze="A3")
    _choices(ctx, sheet)
    _table(ctx, sheet)
    _finding(ctx, sheet)
    _figures(ctx, sheet)
    last = TABLE + len(ctx.places.platforms) - 1
    sheet.charts += charts(ctx, sheet, last, WIDTH)
    sheet.outputs |= {"finding": Ref(SUMMARY, FINDING, 1)}
    _footnotes(sheet, last + 35)
    sheet.print_area = span(1, 1, last + 39, WIDTH)
    sheet.repeat_rows = ""
    sheet.one_page = True
    return sheet


def _choices(ctx: Context, sheet: Sheet) -> None:
    g = ctx.graph
    for col, (name, label, unit) in enumerate(CHOICES, 2):
        sheet.put(CHOICE - 1, col, label, "Strong")
        choice_input(ctx, sheet, name, label, CHOICE, col)
        sheet.put(CHOICE + 1, col, unit, "Unit")
    active = INDEX(g["naming.names"].all, g["scenario.number"])
    shown: tuple[tuple[str, Unit, Any, str], ...] = (
        ("Snapshot", TEXT, g["scenario.snapshot_in_use"], "in use"), ("Scenario", TEXT, active, "on Scenario"),
        ("Utilization", UTILIZATION, g["scenario.utilization"], "on Scenario"),
    )  # fmt: skip
    for col, (label, counted, content, where) in enumerate(shown, len(CHOICES) + 3):
        sheet.put(CHOICE - 1, col, label, "Unit")
        single(g, sheet, f"summary.{label.casefold()}", counted, content, CHOICE, col, style="Strong", heading=label)
        sheet.put(CHOICE + 1, col, where, "Unit")
    sheet.put(CHOICE, WIDTH, "Framed cells are yours to change. Everything else follows.", "Note")
    sheet.heights[CHOICE] = 30


def _table(ctx: Context, sheet: Sheet) -> None:
    """The platforms by rank."""
    g, count = ctx.graph, len(ctx.places.platforms)
    t = Table(g, sheet, "summary", TABLE, 1, count, units=True)
    rank = t.column("Rank", COUNT, list(range(1, count + 1)), style="Rank", fmt="", shown="", width=6)
    place = MATCH(rank.by_col, g["target.rank"].all, 0)
    for key, shown, fmt, width in COLUMNS:
        line = g.find(f"target.{key}")
        style = "Result name" if key == "platform" else "Result strong" if key in STRONG else "Result"
        t.column(
            line.heading, line.unit, INDEX(line.all, place), key=key, style=style, fmt=fmt, shown=shown, width=width
        )
    flags, reason = INDEX(g["target.flags"].all, place), INDEX(g["target.reason"].all, place)
    words = IF(reason.eq(""), flags, reason)
    t.column("Flags", TEXT, words, style="Result text", shown="or why there is no number", width=46)
    sheet.heights |= dict.fromkeys(range(TABLE, TABLE + count), 19)
    last = TABLE + count - 1
    sheet.conditions.append(Condition(span(TABLE, 3, last, WIDTH - 1), ISNA(t.lines["price"].relative), "muted"))
    baseline = t.lines["platform"].by_col.eq(g["scenario.baseline"])
    sheet.conditions.append(Condition(span(TABLE, 1, last, WIDTH - 1), baseline, "highlight"))


def best(g: Graph, key: str) -> Expr:
    """A result of the cheapest platform at the target."""
    return INDEX(g[f"target.{key}"].all, MATCH(1, g["target.rank"].all, 0))


def _finding(ctx: Context, sheet: Sheet) -> None:
    """One sentence that says which platform is cheapest, and by how much."""
    g = ctx.graph
    speed, baseline = g["scenario.interactivity"], g["scenario.baseline"]
    choices = (
        g["scenario.model"]
        & " ("
        & g["scenario.workload"]
        & ", "
        & g["scenario.precision"]
        & ", "
        & g["scenario.snapshot_in_use"]
    )
    gained = said(best(g, "performance_per_usd"), 2) & "x the performance per USD of " & baseline
    won = (
        ", " & IF(best(g, "platform").eq(baseline), _BASELINE, gained) & " (prices: " & g["scenario.price_words"] & ")."
    )
    cheapest = (
        "At " & speed & " tok/s/user, " & choices & ") is cheapest on " & best(g, "platform") & ": " & said(best(g, "cost"), 3)
        & " USD per million tokens"
        & IF(ISNUMBER(best(g, "performance_per_usd")), won, "; " & baseline & " has no cost at this target.")
    )  # fmt: skip
    advice = IF(typed_number(g["scenario.ttft_limit"]) > 0, _NO_LIMIT, "") & _ADVICE
    nothing = "No platform has both a measured point and a price at " & speed & " tok/s/user: " & advice
    for col in range(2, WIDTH + 1):
        sheet.put(FINDING, col, None, "Finding")
    words = IF(ISNUMBER(best(g, "cost")), cheapest, nothing)
    single(g, sheet, "summary.finding", TEXT, words, FINDING, 1, style="Finding", heading="finding")
    sheet.merges.append(span(FINDING, 1, FINDING, WIDTH))
    sheet.heights |= {FINDING - 1: 6, FINDING: 30, FINDING + 1: 6}


def _figures(ctx: Context, sheet: Sheet) -> None:
    """Four key figures, each centred over three columns without merging them."""
    g = ctx.graph
    baseline, speed = g["scenario.baseline"], g["scenario.interactivity"]
    figures: tuple[tuple[str, str, Unit, Any], ...] = (
        ("cost", "cost", USD_PER_MILLION, "USD per million tokens at " & speed & " tok/s/user"),
        ("platform", "platform", TEXT, "cheapest platform at the target"),
        ("gain", "performance_per_usd", RATIO, "performance per USD against " & baseline),
        ("breakeven", "break_even_price", USD_PER_GPU_HOUR, "USD/GPU-hour at which it would only equal " & baseline),
    )
    for k, (name, key, unit, label) in enumerate(figures):
        col = 2 + 3 * k
        for c in range(col, col + 3):
            sheet.put(FIGURES, c, None, "Figure")
            sheet.put(FIGURES + 1, c, None, "Figure label")
        value = IF(ISNUMBER(best(g, "cost")), best(g, key), "none" if unit is TEXT else NA)
        figure = single(g, sheet, f"figure.{name}", unit, value, FIGURES, col, style="Figure", heading=name)
        single(g, sheet, f"figure.{name}_label", TEXT, label, FIGURES + 1, col, style="Figure label")
        sheet.outputs[name] = figure.ref()
    sheet.heights[FIGURES], sheet.heights[FIGURES + 1] = 30, 18
    sheet.put(FIGURES, WIDTH, "Four different numbers", "Strong")
    sheet.put(FIGURES + 1, WIDTH, "performance, price ratio, performance per USD, saved", "Unit")


def _footnotes(sheet: Sheet, row: int) -> None:
    notes = (
        "Cost = price x 1,000,000 / (3,600 x throughput x utilization), input and output tokens together; throughput is read from each "
        "platform's measured frontier at the same interactivity.",
        "Flags: precision of the measured points around the target; disaggregated = prefill and decode on separate GPUs; MTP = "
        "speculative decoding; near the end = the curve stops soon, ratios balloon there.",
        "#N/A is never zero: the last column says why. A platform that is out of range cannot serve this interactivity, or was not "
        "measured there. Relative cost of 1/15 is a saving of 93.3 %, not of 15x.",
        "Benchmarks: InferenceX (formerly InferenceMAX) by SemiAnalysis, Apache-2.0 with attribution. Prices: see Prices and Sources.",
    )
    for i, text in enumerate(notes):
        sheet.put(row + i, 1, text, "Footnote")


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
