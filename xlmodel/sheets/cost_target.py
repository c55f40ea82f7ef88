"""Cost curves, first part: every platform at the target of the Summary, and its rank."""

from typing import Any

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.graph import Graph
from xlmodel.book.point_places import FIRST
from xlmodel.book.readings import ReadingRow
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, IF, INDEX, ISNUMBER, OR, known, lookup, said, typed_number
from xlmodel.model import economics
from xlmodel.model.ownership import BUILD_UP, SERVER_ONLY
from xlmodel.sheets.frame import rank_among

NO_COST = 1_000_000_000  # sorts behind every cost
TIMES = "x baseline"


def describe(ctx: Context, sheet: Sheet) -> list[ReadingRow]:
    """Declare the results at the target; returns the readings of all platforms there."""
    g, count = ctx.graph, len(ctx.places.platforms)
    sheet.put(FIRST - 3, 1, "At the target", "Heading")
    readings = _readings(ctx)

    def read(part: str) -> list[Expr]:
        return [reading.part(part) for reading in readings]

    t = Table(g, sheet, "target", FIRST, 1, count, units=True)
    platforms, use = g["menu.platforms"], g["scenario.utilization"]
    base = {key: g[f"target.base_{key}"] for key in ("price", "throughput", "cost")}
    t.column("Platform", units.TEXT, platforms, style="Link", width=18)
    price = t.column("Price", units.USD_PER_GPU_HOUR, g["prices.in_use"], style="Link")
    rate = t.column("Throughput", units.TOKENS_PER_GPU, read("Throughput"), style="Link")
    usd = t.column("Cost", units.USD_PER_MILLION, economics.cost(price, rate, use))
    performance = t.column("Performance", units.RATIO, economics.ratio(rate, base["throughput"]), shown=TIMES)
    price_ratio = t.column("Price ratio", units.RATIO, economics.ratio(price, base["price"]), shown=TIMES)
    t.column("Performance per USD", units.RATIO, economics.gain(performance, price_ratio), shown=TIMES)
    relative = t.column("Relative cost", units.RATIO, economics.ratio(usd, base["cost"]), shown=TIMES)
    t.column("Saved", units.SHARE, economics.saved(relative))
    t.column("Break-even price", units.USD_PER_GPU_HOUR, economics.breakeven(base["price"], rate, base["throughput"]))
    kilowatt = known(lookup(g["platforms.kilowatt"], g["platforms.platform"], platforms))
    power = t.column("Power", units.KILOWATT, kilowatt, style="Link")
    t.column("tok/s/MW", units.TOKENS_PER_MW, economics.per_megawatt(rate, power, g["scenario.pue"]))
    served = [economics.users(rate, g["scenario.output_share"], at) for at in read("Read at")]
    t.column("Users per GPU", units.USERS_PER_GPU, served)
    t.column("Flags", units.TEXT, [_flags(ctx, reading) for reading in readings], style="Result text", width=40)
    reasons = [_reason(g, reading, price, base["cost"]) for reading in readings]
    t.column("Reason", units.TEXT, reasons, style="Result text", width=46)
    sortable = IF(ISNUMBER(usd.relative), usd.relative, NO_COST)
    score = t.column("Score", units.USD_PER_MILLION, sortable, fmt="[<1000000]0.000;", shown="", width=12)
    t.column("Rank", units.COUNT, rank_among(score), fmt="0", shown="", width=12.5)
    points = g["knots.point"].all
    t.column("Point below", units.COUNT, [point_below(k, points) for k in read("Knot")], fmt="0;;", shown="")
    ways = zip(read("Knot"), read("Way"), strict=True)
    t.column("Point above", units.COUNT, [point_above(k, way, points) for k, way in ways], fmt="0;;", shown="")
    t.below("platform", "base_name", "Baseline: " & g["scenario.baseline"], style="Strong")
    for key in base:
        found = lookup(t.lines[key], platforms, g["scenario.baseline"])
        t.below(key, f"base_{key}", found, style="Result strong")
    none = IF(ISNUMBER(base["cost"]), "", "the baseline has no cost at the target")
    t.below("reason", "base_reason", none, style="Result text")
    for part in ("lowest", "highest"):
        g.add(f"target.{part}", ctx.readings.lines[part].part(readings[0].i, count))
    return readings


def _readings(ctx: Context) -> list[ReadingRow]:
    """Every platform read at the target."""
    g = ctx.graph
    platforms, speed = g["menu.platforms"], g["scenario.interactivity"]
    return [ctx.readings.ask("Summary", platforms.cell(i), speed) for i in range(len(ctx.places.platforms))]


def _flags(ctx: Context, reading: ReadingRow) -> Expr:
    g = ctx.graph
    below, above = g["target.point_below"].by_col, g["target.point_above"].by_col

    def points(name: str) -> Any:
        return g[f"points.{name}"]

    read_at, highest, asked = (reading.part(name) for name in ("Read at", "Highest", "Interactivity"))
    words = flags(below, above, points, read_at, highest, asked, g["scenario.near_end"])
    return IF(below.eq(0), "", words & capital_flag(g["scenario.basis"], g["prices.own"], g["ownership.it_covers"]))


def _reason(g: Graph, reading: ReadingRow, price: Expr, baseline: Expr) -> Expr:
    """Why a platform has no cost or no ratio; empty when it has both."""
    reason, low, high = (reading.part(name) for name in ("Reason", "Lowest", "Highest"))
    spread = " (" & said(low, 1) & " to " & said(high, 1) & " tok/s/user)"
    priced = IF(ISNUMBER(baseline), "", "the baseline has no cost here")
    return IF(
        reason.ne(""),
        reason & IF(ISNUMBER(low), spread, ""),
        IF(ISNUMBER(price), priced, "no " & g["scenario.basis"] & " price"),
    )


DISAGGREGATED, MTP, UNRECORDED = ", disaggregated", ", MTP", ", MTP not recorded"
CAPITAL = ", capital of the server only"
NEAR_END, HELD = ", near the end of its curve", ", held at its slowest point"


def point_below(knot: Expr, points: Expr) -> Expr:
    """Row of the measured point at or below a reading, 0 where there is none."""
    return IF(ISNUMBER(knot), INDEX(points, knot), 0)


def point_above(knot: Expr, way: Expr, points: Expr) -> Expr:
    """Row of the next measured point; the same one on a knot."""
    return IF(ISNUMBER(knot), INDEX(points, knot + IF(way > 0, 1, 0)), 0)


def flags(below: Expr, above: Expr, points: Any, read_at: Expr, highest: Expr, asked: Expr, near_end: Expr) -> Expr:
    """The flags of a reading in words, from the points around it; empty when there is nothing to read."""
    precision, speculative, disaggregated = (points(name).all for name in ("precision", "speculative", "disaggregated"))

    def either(column: Expr, word: str) -> Expr:
        return OR(INDEX(column, below).eq(word), INDEX(column, above).eq(word))

    both = INDEX(precision, below) & IF(
        INDEX(precision, below).eq(INDEX(precision, above)), "", "/" & INDEX(precision, above)
    )
    mode = IF(either(speculative, "MTP"), MTP, IF(either(speculative, "not recorded"), UNRECORDED, ""))
    return (
        both
        & IF(either(disaggregated, "yes"), DISAGGREGATED, "")
        & mode
        & IF(read_at >= near_end * highest, NEAR_END, "")
        & IF(read_at > asked, HELD, "")
    )


def capital_flag(basis: Expr, own_price: Expr, covers: Expr) -> Expr:
    """Says that the price in use counts the server's capital alone."""
    return IF(AND(basis.eq(BUILD_UP), typed_number(own_price) <= 0, covers.eq(SERVER_ONLY)), CAPITAL, "")
