"""Checks: one row per promise the workbook makes about itself; the master check stands on every sheet."""

from xlmodel.book.context import Check, Context, old_check
from xlmodel.book.graph import Graph
from xlmodel.book.guards import owed
from xlmodel.book.places import BENCHMARKS, CHECKS, FIRST
from xlmodel.book.spec import Condition, Link, Sheet
from xlmodel.book.table import Table, single
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.constants import MILLIONS_PER_HOUR
from xlmodel.calc.expression import Literal
from xlmodel.calc.functions import ABS, COUNTIF, IF, IFERROR, MAX, MIN, SUMPRODUCT
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.frame import start
from xlmodel.units import ANY, COUNT, TEXT

_LISTED = (
    ("model", "models"), ("workload", "workloads"), ("precision", "codes"), ("snapshot", "snapshots"),
    ("baseline", "platforms"), ("basis", "bases"), ("speculative", "switches"), ("disaggregated", "switches"),
    ("interpolation", "interpolations"), ("below_range", "below"),
)  # fmt: skip


def collect_target(ctx: Context, target: Target) -> None:
    """Gather the checks of the results at the target; the largest gap row by row, so that one #N/A hides no other."""
    t, use = target.table, ctx.graph["scenario.utilization"]
    trips, ratios = [], []
    for i in range(t.count):
        price, rate, usd = (t.lines[key].cell(i) for key in ("price", "throughput", "cost"))
        performance, price_ratio = t.lines["performance"].cell(i), t.lines["price_ratio"].cell(i)
        better, relative = t.lines["performance_per_usd"].cell(i), t.lines["relative_cost"].cell(i)
        trips.append(owed((price, rate), usd, usd * rate * MILLIONS_PER_HOUR * use / price - 1))
        ratios.append(owed((better,), relative, better * relative - 1))
        ratios.append(owed((performance, price_ratio), better, performance / price_ratio / better - 1))
    count = Literal(t.count)
    ctx.checks += [
        Check("Cost is price over throughput", "Cost x throughput x 0.0036 x utilization gives back the price, on every platform.",
              t.lines["cost"], MAX(*trips), 1e-9),
        Check("Four ratios agree", "Performance per USD is performance over price ratio and the reciprocal of relative cost.",
              t.lines["performance_per_usd"], MAX(*ratios), 1e-9),
        Check("Ranking is complete", "Every rank from 1 to the number of platforms occurs once.", t.lines["rank"],
              ABS(SUMPRODUCT(t.lines["rank"].all) - count * (count + 1) / 2)),
    ]  # fmt: skip


def collect(ctx: Context) -> None:
    """Gather the checks of inputs and curves; every sheet's header needs their number before it is described."""
    p, market = ctx.places, ctx.market
    curve, x, y = (p.knots(name) for name in ("Curve", "Interactivity", "Throughput"))
    group, pooled, own = (p.working(n) for n in ("Group", "Key on pooled frontier", "Key on own frontier"))

    def above(area: Area) -> Area:
        return Area(area.sheet, area.row, area.col, area.last_row - 1, area.last_col)

    def below(area: Area) -> Area:
        return Area(area.sheet, area.row + 1, area.col, area.last_row, area.last_col)

    knots = sum(len(c.xs) for _, _, c in market.owned)
    ctx.checks += [
        old_check("Points placed", "Every point that takes part belongs to a curve (a typed row may bring at most 8 new curves).",
              p.points("Model").cell(0), 'SUMPRODUCT(({typed}<>"")*({new}>8))', 0, 0,
              {"typed": p.typed("Key"), "new": p.typed("New group")}),
        old_check("Rows within reach", "No point stands below the rows that the curves read.", p.points("Interactivity").cell(0),
              "COUNT({beyond})", 0, 0,
              {"beyond": Area(BENCHMARKS, p.last_point + 1, p.points("Interactivity").col, p.last_point + 5000, p.points("Interactivity").col)}),
        old_check("Knots have room", "All knots of all frontiers fit the rows kept for them.", p.knots("Sort key").cell(0),
              "MAX(0,COUNTIF({best},\">0\")+COUNTIF({own},\">0\")-{room})", max(0, knots - p.knot_rows), 0,
              {"best": pooled, "own": own, "room": p.knot_rows}),
        old_check("Knots ascend", "Within a curve, interactivity rises from knot to knot.", x.cell(0),
              "SUMPRODUCT(({c1}>0)*({c1}={c2})*({x2}<={x1}))", 0, 0,
              {"c1": above(curve), "c2": below(curve), "x1": above(x), "x2": below(x)}),
        old_check("Throughput descends", "Within a curve, throughput falls from knot to knot.", y.cell(0),
              "SUMPRODUCT(({c1}>0)*({c1}={c2})*({y2}>={y1}))", 0, 0,
              {"c1": above(curve), "c2": below(curve), "y1": above(y), "y2": below(y)}),
        old_check("Frontier found twice", "Counted another way, each curve has as many knots as the index says.", group.cell(0),
              "ABS(COUNTIF({best},\">0\")+COUNTIF({own},\">0\")-COUNTIF({knot},\">0\"))", 0, 0,
              {"best": pooled, "own": own, "knot": curve}),
        old_check("One price per basis", "No platform has two quotes on one basis, or one on a basis the book does not know "
              "(the last row wins, so a double is a slip).",
              p.quotes("Basis").cell(0), "SUM({surplus})", _surplus(ctx), 0, {"surplus": p.surplus_quotes}),
        old_check("Quotes have sources", "Every quote with a price names its source.", p.quotes("Source").cell(0),
              'SUMPRODUCT(({u}>0)*({s}=""))', _sourceless(ctx), 0,
              {"u": p.quotes("USD/GPU-hour"), "s": p.quotes("Source")}),
        old_check("Inputs within range", "Utilization is a number above 0 and at most 1, the target a positive number, no quoted price is taken away in full; every "
              "choice is on its list; own prices are numbers above 0.", p.choice("utilization"),
              "IF(AND(ISNUMBER({u}),ISNUMBER({t})),IF(AND({u}>0,{u}<=1,{t}>0),0,1),1)+IF({change}>-1,0,1)+COUNTA({own})-COUNTIF({own},\">0\")"
              + "".join(f"+ISNA(MATCH({{{name}}},{{{menu}}},0))" for name, menu in _LISTED),
              _bad_inputs(ctx), 0,
              {"u": p.choice("utilization"), "t": p.choice("interactivity"), "change": p.choice("price_change"), "own": p.own_prices,
               **{name: p.choice(name) for name, _ in _LISTED}, **{menu: p.menu(menu) for _, menu in _LISTED}}),
        old_check("Exchange rate has a source", "The reporting currency is USD at 1, or has a rate above 0 with its day and its source.",
              p.reporting("rate"), 'IF({currency}="USD",IF({rate}=1,0,1),IF(N({rate})>0,0,1)+IF({day}="",1,0)+IF({source}="",1,0))',
              _rate_faults(ctx), 0, {"currency": p.reporting("currency"), "rate": p.reporting("rate"), "day": p.reporting("as_of"),
                                     "source": p.reporting("source")}),
        old_check("Snapshot holds the model", "The snapshot in use has points of the chosen model.", p.derived("snapshot"),
              'IF(SUMPRODUCT(({m}={model})*({s}={snap}))>0,0,1)', _empty_choice(ctx), 0,
              {"m": p.points("Model"), "model": p.choice("model"), "s": p.points("Snapshot"), "snap": p.derived("snapshot")}),
    ]  # fmt: skip


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
    limit = t.column("Tolerance", COUNT, [check.limit for check in checks], style="Result", fmt="0.0E+00;;0", width=12)
    passed = t.column("Pass", COUNT, IF(ABS(value) <= limit, 1, 0), style="Check", fmt="", width=10, form="relative")
    links = [place_of(g, check).on(CHECKS, "relative") for check in checks]
    look = t.column("Look here", TEXT, links, style="Hyperlink", width=24)
    sheet.links += [Link(look.ref(i).a1, place=link) for i, link in enumerate(links)]
    sheet.heights |= dict.fromkeys(range(FIRST, FIRST + len(checks)), 28)
    sheet.put(4, 1, "Master check", "Strong")
    sheet.put(4, 4, "Failing", "Unit")
    every = passed.all.relative
    master = single(g, sheet, "checks.master", COUNT, MIN(every), 4, 2, style="Check", fmt="")
    single(g, sheet, "checks.failing", COUNT, COUNTIF(every, 0), 4, 5, fmt="0")
    sheet.outputs["master check"] = master.ref()
    passes = t.area("pass").a1
    sheet.conditions += [
        Condition(passes, passed.relative.eq(1), "good"),
        Condition(passes, passed.relative.eq(0), "bad"),
        Condition("B4", master.eq(1), "good"),
        Condition("B4", master.eq(0), "bad"),
    ]
    sheet.freeze = f"A{FIRST}"
    return sheet


def place_of(graph: Graph, check: Check) -> Ref:
    """The cell to which a check leads."""
    place = graph.find(check.place) if isinstance(check.place, str) else check.place
    return place if isinstance(place, Ref) else place.ref()


def _surplus(ctx: Context) -> int:
    return sum(surplus_of(ctx, platform) for platform in ctx.places.platforms)


def surplus_of(ctx: Context, platform: str) -> int:
    """Priced quotes of a platform beyond one on each basis of the price book."""
    quotes = [q for q in (*ctx.inputs.quotes, *ctx.inputs.typed_quotes) if q.platform == platform and q.basis]
    priced = sum(1 for q in quotes if q.usd_per_gpu_hour)
    return priced - sum(1 for basis in ctx.places.bases if (platform, basis) in ctx.market.quoted)


def _sourceless(ctx: Context) -> int:
    quotes = (*ctx.inputs.quotes, *ctx.inputs.typed_quotes)
    return sum(1 for q in quotes if q.usd_per_gpu_hour is not None and not q.source)


def _rate_faults(ctx: Context) -> int:
    r = ctx.inputs.reporting
    if r.currency.casefold() == "usd":
        return 0 if r.rate == 1 else 1
    return int(not (r.rate or 0) > 0) + int(not r.as_of) + int(not r.source)


def _empty_choice(ctx: Context) -> int:
    s = ctx.market.scenario
    snapshot = ctx.market.snapshot_of(s.model, s.snapshot)
    return 0 if any(p.model == s.model and p.snapshot == snapshot for p in ctx.market.rows) else 1


def _bad_inputs(ctx: Context) -> int:
    """How many inputs are off; the choices come from lists that the readers have checked."""
    s = ctx.market.scenario
    bad = (0 if 0 < s.utilization <= 1 and s.interactivity > 0 else 1) + (0 if s.price_change > -1 else 1)
    return bad + sum(1 for price in ctx.inputs.own_prices.values() if price <= 0)
