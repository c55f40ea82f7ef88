"""Checks: one row per promise the workbook makes about itself; the master check stands on every sheet."""

from collections.abc import Callable
from functools import reduce
from operator import add
from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.graph import Graph
from xlmodel.book.guards import owed
from xlmodel.book.one_cell import single
from xlmodel.book.places import CHECKS
from xlmodel.book.point_places import FIRST, SPARE_GROUPS
from xlmodel.book.spec import Condition, Link, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Ref
from xlmodel.calc.constants import MTOK_S_PER_TOK_H
from xlmodel.calc.expression import Expr, Literal
from xlmodel.calc.functions import (
    ABS,
    AND,
    COUNT,
    COUNTA,
    COUNTIF,
    COUNTIFS,
    IF,
    IFERROR,
    INDEX,
    INT,
    ISNA,
    ISNUMBER,
    MATCH,
    MAX,
    MIN,
    MOD,
    SUM,
    SUMPRODUCT,
    typed_number,
)  # fmt: skip
from xlmodel.model.age import STALE
from xlmodel.sheets import doubt_checks
from xlmodel.sheets.choice_inputs import MENUS
from xlmodel.sheets.frame import start
from xlmodel.sheets.scenario_rules import ROWS
from xlmodel.units import ANY, TEXT
from xlmodel.units import COUNT as PLAIN

# choices that must be on their list
_LISTED = (*MENUS.items(), *((name, row.menu) for name, row in ROWS.items() if row.menu))
BEYOND = 5_000  # rows below those that are read in which a stray point is looked for


def collect_target(ctx: Context) -> None:
    """Gather the checks of the results at the target."""
    g, count = ctx.graph, len(ctx.places.platforms)
    ctx.checks += [
        Check("Cost is price over throughput", "Cost x throughput x 0.0036 x utilization gives back the price, on every platform.",
              "target.cost", MAX(*(_round_trip(g, i) for i in range(count))), 1e-9),
        Check("Four ratios agree", "Performance per USD is performance over price ratio and the reciprocal of relative cost.",
              "target.performance_per_usd", MAX(*(gap for i in range(count) for gap in _reciprocal(g, i))), 1e-9),
        Check("Ranking is complete", "Every rank from 1 to the number of platforms occurs once.", "target.rank",
              ABS(SUMPRODUCT(g["target.rank"].all) - Literal(count) * (Literal(count) + 1) / 2)),
    ]  # fmt: skip


def _round_trip(g: Graph, i: int) -> Expr:
    """Relative gap of a platform; row by row, so that one #N/A does not hide the others."""
    usd, rate, price = (g[f"target.{key}"].cell(i) for key in ("cost", "throughput", "price"))
    return owed((price, rate), usd, usd * rate * MTOK_S_PER_TOK_H * g["scenario.utilization"] / price - 1)


def _reciprocal(g: Graph, i: int) -> tuple[Expr, Expr]:
    names = ("performance_per_usd", "relative_cost", "performance", "price_ratio")
    gain, relative, performance, ratio = (g[f"target.{key}"].cell(i) for key in names)
    return owed((gain,), relative, gain * relative - 1), owed(
        (performance, ratio), gain, performance / ratio / gain - 1
    )


def collect(ctx: Context) -> None:
    """Gather the checks of inputs and curves; every sheet's header needs their number before it is described."""
    g, p = ctx.graph, ctx.places
    curve, x, y = (g[f"knots.{key}"] for key in ("curve", "interactivity", "throughput"))
    pooled, own = g["working.key_on_pooled_frontier"], g["working.key_on_own_frontier"]
    last = p.knot_rows - 1

    def falls(line: Any, wrong: Callable[[Any, Any], Expr]) -> Expr:
        """Neighbouring knots of one curve whose order is wrong."""
        here, after = curve.rows(0, last - 1), curve.rows(1, last)
        return SUMPRODUCT((here > 0) * here.eq(after) * wrong(line.rows(0, last - 1), line.rows(1, last)))

    usd, change, target, use = (
        g["quotes.usd_per_gpu_hour"].all, g["scenario.price_change"], g["scenario.interactivity"], g["scenario.utilization"],
    )  # fmt: skip
    held = g["points.model"].all.eq(g["scenario.model"]) * g["points.snapshot"].all.eq(g["scenario.snapshot_in_use"])
    ctx.checks += [
        Check("Points placed", f"Every point that takes part belongs to a curve (a typed row may bring at most {SPARE_GROUPS} new curves).",
              "points.model", SUMPRODUCT(g["typed.key"].all.ne("") * (g["typed.new_group"].all > SPARE_GROUPS))),
        Check("Rows within reach", "No point stands below the rows that the curves read.", "points.interactivity",
              COUNT(g["points.interactivity"].beyond(BEYOND))),
        Check("Knots have room", "All knots of all frontiers fit the rows kept for them (else, how many curves miss some).",
              "knots.sort_key", _cut(ctx)),
        Check("Knots ascend", "Within a curve, interactivity rises from knot to knot.", "knots.interactivity",
              falls(x, lambda before, after: after <= before)),
        Check("Throughput descends", "Within a curve, throughput falls from knot to knot.", "knots.throughput",
              falls(y, lambda before, after: after >= before)),
        Check("Frontier found twice", "Counted among the points, the frontiers have as many knots as the list of knots holds.",
              "working.group", _found_twice(ctx, pooled, own)),
        Check("One price per basis", "No platform has two quotes on one basis, or one on a basis the book does not know "
              "(the last row wins, so a double is a slip).", "quotes.basis", SUM(g["prices.surplus"].all)),
        Check("Quotes have sources", "Every quote with a price names its source.", "quotes.source",
              SUMPRODUCT((usd > 0) * g["quotes.source"].all.eq(""))),
        Check("Inputs within range", "Utilization is a number above 0 and at most 1, the target a positive number, no quoted price is taken away in full; every "
              "choice is on its list; own prices are numbers above 0.", "scenario.utilization",
              IF(AND(ISNUMBER(use), ISNUMBER(target)), IF(AND(use > 0, use <= 1, target > 0), 0, 1), 1) + IF(change > -1, 0, 1)
              + COUNTA(g["prices.own"].all) - COUNTIF(g["prices.own"].all, ">0") + _off_list(g)),
        Check("Exchange rate has a source", "The reporting currency is USD at 1, or has a rate above 0 with its day and its source.",
              "reporting.rate", _rate(g)),
        Check("Snapshot holds the model", "The snapshot in use has points of the chosen model.", "scenario.snapshot_in_use",
              IF(SUMPRODUCT(held) > 0, 0, 1)),
    ]  # fmt: skip


def _cut(ctx: Context) -> Expr:
    """How many curves miss knots for want of room: those that come after the last row of the knots."""
    g, count = ctx.graph, len(ctx.places.codes)
    orders, end = g["directory.order"].all, ctx.places.knot_rows - 1
    last, following = g["knots.curve"].cell(end), g["knots.next"].cell(end)
    place = (INT(last / 10) - 1) * count + MOD(last, 10) + 1
    return MAX(orders) - IF(typed_number(last).eq(0), MAX(orders), INDEX(orders, place) - IF(following > 0, 1, 0))


def _found_twice(ctx: Context, pooled: Any, own: Any) -> Expr:
    """Knots counted among the points, each precision beside the keys of its points out of order, against the list of knots."""
    g, end = ctx.graph, len(ctx.inputs.points) - 1
    keys = g.span(("working.key_on_pooled_frontier", "working.key_on_own_frontier"), 0, ctx.places.last_point - FIRST)
    in_order = [
        COUNTIFS(g[f"working.back_to_knot_{code}"].all, 1, (own if code else pooled).rows(0, end), 0)
        for code in range(len(ctx.places.codes))
    ]
    return ABS(reduce(add, in_order) + COUNTIF(keys, ">0") - COUNTIF(g["knots.curve"].all, ">0"))


def _off_list(g: Graph) -> Expr:
    """How many choices are on no list."""
    return reduce(add, (ISNA(MATCH(g[f"scenario.{name}"], g[f"menu.{menu}"].all, 0)) for name, menu in _LISTED))


def _rate(g: Graph) -> Expr:
    """What is wrong with the reporting currency: its rate, the day of it, the source of it."""
    currency, rate, day, source = (g[f"reporting.{name}"] for name in ("currency", "rate", "as_of", "source"))
    faults = IF(typed_number(rate) > 0, 0, 1) + IF(day.eq(""), 1, 0) + IF(source.eq(""), 1, 0)
    return IF(currency.eq("USD"), IF(rate.eq(1), 0, 1), faults)


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    g, checks = ctx.graph, ctx.checks
    words = "The workbook checks itself. 1 = pass. The master check stands in the header of every sheet."
    sheet = start(ctx, CHECKS, "control", "Checks", words, 6)
    t = Table(g, sheet, "checks", FIRST, 1, len(checks))
    t.column("Check", TEXT, [check.id for check in checks], style="Strong", width=38)
    t.column("What must hold", TEXT, [check.says for check in checks], style="Note", width=70)
    found = [IFERROR(check.formula, 1) for check in checks]
    value = t.column("Value", ANY, found, style="Result", fmt="0.0E+00;-0.0E+00;0", width=12)
    limit = t.column("Tolerance", PLAIN, [check.limit for check in checks], style="Result", fmt="0.0E+00;;0", width=12)
    passed = t.column("Pass", PLAIN, IF(ABS(value) <= limit, 1, 0), style="Check", fmt="", width=10, form="relative")
    links = [place_of(g, check).on(CHECKS, "relative") for check in checks]
    look = t.column("Look here", TEXT, links, style="Hyperlink", width=24)
    sheet.links += [Link(look.ref(i).a1, place=link) for i, link in enumerate(links)]
    sheet.heights |= dict.fromkeys(range(FIRST, FIRST + len(checks)), 28)
    sheet.put(4, 1, "Master check", "Strong")
    sheet.put(4, 4, "Failing", "Unit")
    every = passed.all.relative
    master = single(g, sheet, "checks.master", PLAIN, MIN(every), 4, 2, style="Check", fmt="")
    single(g, sheet, "checks.failing", PLAIN, COUNTIF(every, 0), 4, 5, fmt="0")
    sheet.outputs["master check"] = master.ref()
    passes = t.area("pass").a1
    sheet.conditions += [
        Condition(passes, passed.relative.eq(1), "good"),
        Condition(passes, passed.relative.eq(0), "bad"),
        Condition("B4", master.eq(1), "good"),
        Condition("B4", master.eq(0), "bad"),
    ]
    sheet.freeze = f"A{FIRST}"
    doubt_checks.bounds(ctx, sheet, _warnings(ctx, sheet, t.end + 4).end + 4)
    sheet.repeat_rows = f"1:{FIRST - 1}"
    return sheet


def _warnings(ctx: Context, sheet: Sheet, row: int) -> Table:
    """What a reader should know although every promise holds: data that were old at the build."""
    days = ctx.graph.find("age.days")
    kinds = {
        "quote": "Prices are recent",
        "measurement": "Measurements are recent",
        "API price": "API prices are recent",
    }
    what = tuple(kinds)[: days.count]  # functions alone come without API prices
    sheet.put(row - 2, 1, "Warnings", "Heading")
    t = Table(ctx.graph, sheet, "warnings", row, 1, len(what))
    t.column("Warning", TEXT, [kinds[one] for one in what], style="Strong")
    says = [
        f"At the build the newest {one} was at most {STALE} days old; the master check holds without it."
        for one in what
    ]
    t.column("What should hold", TEXT, says, style="Note")
    age = t.column("Days", PLAIN, [days.cell(i) for i in range(len(what))], style="Result", fmt="0")
    most = t.column("At most", PLAIN, [STALE] * len(what), style="Result", fmt="0")
    verdict = t.column("Verdict", TEXT, IF(age <= most, "recent", "old"), style="Result text", form="relative")
    links = [days.ref(i).on(CHECKS, "relative") for i in range(len(what))]
    look = t.column("Look here", TEXT, links, style="Hyperlink")
    sheet.links += [Link(look.ref(i).a1, place=link) for i, link in enumerate(links)]
    sheet.conditions.append(Condition(verdict.area.a1, verdict.relative.eq("old"), "bad"))
    sheet.heights |= dict.fromkeys(range(t.row, t.end), 28)
    return t


def place_of(graph: Graph, check: Check) -> Ref:
    """The cell to which a check leads."""
    place = graph.find(check.place) if isinstance(check.place, str) else check.place
    return place if isinstance(place, Ref) else place.ref()
