"""Checks: one row per promise the workbook makes about itself; the master check stands on every sheet."""

from xlmodel.book.address import Area
from xlmodel.book.context import Check, Context
from xlmodel.book.guards import owed
from xlmodel.book.places import BENCHMARKS, CHECKS, FIRST
from xlmodel.book.spec import Condition, Link, Sheet
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.frame import headers, span, start, widths
from xlmodel.sheets.prices_sheet import surplus_of

_LISTED = (
    ("model", "models"), ("workload", "workloads"), ("precision", "codes"), ("snapshot", "snapshots"),
    ("baseline", "platforms"), ("basis", "bases"), ("speculative", "switches"), ("disaggregated", "switches"),
    ("interpolation", "interpolations"), ("below_range", "below"),
)  # fmt: skip
HEADERS = ("Check", "What must hold", "Value", "Tolerance", "Pass", "Look here")


def collect_target(ctx: Context, target: Target) -> None:
    """Gather the checks of the results at the target."""
    p = ctx.places
    ctx.checks += [
        Check("Cost is price over throughput", "Cost x throughput x 0.0036 x utilization gives back the price, on every platform.",
              target.area("Cost").cell(0), _round_trip(target), 0.0, 1e-9, {"u": p.choice("utilization"), **_parts(target)}),
        Check("Four ratios agree", "Performance per USD is performance over price ratio and the reciprocal of relative cost.",
              target.area("Performance per USD").cell(0), _reciprocal(target), 0.0, 1e-9, _parts(target)),
        Check("Ranking is complete", "Every rank from 1 to the number of platforms occurs once.", target.area("Rank").cell(0),
              "ABS(SUMPRODUCT({rank})-{n}*({n}+1)/2)", 0, 0, {"rank": target.area("Rank"), "n": len(p.platforms)}),
    ]  # fmt: skip


def collect(ctx: Context) -> None:
    """Gather the checks of inputs and curves; every sheet's header needs their number before it is described."""
    p, market = ctx.places, ctx.market
    curve, x, y = (p.knots(name) for name in ("Curve", "Interactivity", "Throughput"))
    group = p.working("Group")
    found = ("pooled", *("own" for _ in p.codes[1:]))  # each precision beside the keys of its points out of order

    def above(area: Area) -> Area:
        return Area(area.sheet, area.row, area.col, area.last_row - 1, area.last_col)

    def below(area: Area) -> Area:
        return Area(area.sheet, area.row + 1, area.col, area.last_row, area.last_col)

    ctx.checks += [
        Check("Points placed", "Every point that takes part belongs to a curve (a typed row may bring at most 8 new curves).",
              p.points("Model").cell(0), 'SUMPRODUCT(({typed}<>"")*({new}>8))', 0, 0,
              {"typed": p.typed("Key"), "new": p.typed("New group")}),
        Check("Rows within reach", "No point stands below the rows that the curves read.", p.points("Interactivity").cell(0),
              "COUNT({beyond})", 0, 0,
              {"beyond": Area(BENCHMARKS, p.last_point + 1, p.points("Interactivity").col, p.last_point + 5000, p.points("Interactivity").col)}),
        Check("Knots have room", "All knots of all frontiers fit the rows kept for them (else, how many curves miss some).",
              p.knots("Sort key").cell(0), "MAX({order})-IF(N({last})=0,MAX({order}),"
              f"INDEX({{order}},(INT({{last}}/10)-1)*{len(p.codes)}+MOD({{last}},10)+1)-IF({{next}}>0,1,0))",
              _cut(ctx), 0, {"order": p.directory("Order"), "last": curve.cell(p.knot_rows - 1), "next": p.knots("Next").cell(p.knot_rows - 1)}),
        Check("Knots ascend", "Within a curve, interactivity rises from knot to knot.", x.cell(0),
              "SUMPRODUCT(({c1}>0)*({c1}={c2})*({x2}<={x1}))", 0, 0,
              {"c1": above(curve), "c2": below(curve), "x1": above(x), "x2": below(x)}),
        Check("Throughput descends", "Within a curve, throughput falls from knot to knot.", y.cell(0),
              "SUMPRODUCT(({c1}>0)*({c1}={c2})*({y2}>={y1}))", 0, 0,
              {"c1": above(curve), "c2": below(curve), "y1": above(y), "y2": below(y)}),
        Check("Frontier found twice", "Counted among the points, the frontiers have as many knots as the list of knots holds.", group.cell(0),
              "ABS(" + "+".join(f'COUNTIFS({{back{i}}},1,{{{key}}},0)' for i, key in enumerate(found)) + "+COUNTIF({keys},\">0\")-COUNTIF({knot},\">0\"))",
              0, 0, {"keys": p.keys, "knot": curve, **{f"back{i}": p.backs.column(i) for i in range(len(p.codes))},
                     "pooled": p.built(p.keys.column(0)), "own": p.built(p.keys.column(1))}),
        Check("One price per basis", "No platform has two quotes on one basis, or one on a basis the book does not know "
              "(the last row wins, so a double is a slip).",
              p.quotes("Basis").cell(0), "SUM({surplus})", _surplus(ctx), 0, {"surplus": p.surplus_quotes}),
        Check("Quotes have sources", "Every quote with a price names its source.", p.quotes("Source").cell(0),
              'SUMPRODUCT(({u}>0)*({s}=""))', _sourceless(ctx), 0,
              {"u": p.quotes("USD/GPU-hour"), "s": p.quotes("Source")}),
        Check("Inputs within range", "Utilization is a number above 0 and at most 1, the target a positive number, no quoted price is taken away in full; every "
              "choice is on its list; own prices are numbers above 0.", p.choice("utilization"),
              "IF(AND(ISNUMBER({u}),ISNUMBER({t})),IF(AND({u}>0,{u}<=1,{t}>0),0,1),1)+IF({change}>-1,0,1)+COUNTA({own})-COUNTIF({own},\">0\")"
              + "".join(f"+ISNA(MATCH({{{name}}},{{{menu}}},0))" for name, menu in _LISTED),
              _bad_inputs(ctx), 0,
              {"u": p.choice("utilization"), "t": p.choice("interactivity"), "change": p.choice("price_change"), "own": p.own_prices,
               **{name: p.choice(name) for name, _ in _LISTED}, **{menu: p.menu(menu) for _, menu in _LISTED}}),
        Check("Exchange rate has a source", "The reporting currency is USD at 1, or has a rate above 0 with its day and its source.",
              p.reporting("rate"), 'IF({currency}="USD",IF({rate}=1,0,1),IF(N({rate})>0,0,1)+IF({day}="",1,0)+IF({source}="",1,0))',
              _rate_faults(ctx), 0, {"currency": p.reporting("currency"), "rate": p.reporting("rate"), "day": p.reporting("as_of"),
                                     "source": p.reporting("source")}),
        Check("Snapshot holds the model", "The snapshot in use has points of the chosen model.", p.derived("snapshot"),
              'IF(SUMPRODUCT(({m}={model})*({s}={snap}))>0,0,1)', _empty_choice(ctx), 0,
              {"m": p.points("Model"), "model": p.choice("model"), "s": p.points("Snapshot"), "snap": p.derived("snapshot")}),
    ]  # fmt: skip


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    failing = sum(1 for c in ctx.checks if abs(c.value) > c.limit)
    sheet = start(
        ctx,
        CHECKS,
        "control",
        "Checks",
        "The workbook checks itself. 1 = pass. The master check stands in the header of every sheet.",
        6,
    )
    last = FIRST + len(ctx.checks) - 1
    passes = span(FIRST, 5, last, 5)
    sheet.put(4, 1, "Master check", "Strong")
    sheet.outputs["master check"] = sheet.calc(4, 2, f"MIN({passes})", int(failing == 0), "Check")
    sheet.put(4, 4, "Failing", "Unit")
    sheet.calc(4, 5, f"COUNTIF({passes},0)", failing, "Calculation", "0")
    headers(sheet, FIRST - 1, 1, HEADERS)
    for r, check in enumerate(ctx.checks, FIRST):
        sheet.put(r, 1, check.id, "Strong")
        sheet.put(r, 2, check.says, "Note")
        sheet.calc(r, 3, f"IFERROR({check.value_formula},1)", check.value, "Result", "0.0E+00;-0.0E+00;0", **check.refs)
        sheet.put(r, 4, check.limit, "Result", "0.0E+00;;0")
        sheet.calc(r, 5, f"IF(ABS(C{r})<=D{r},1,0)", int(abs(check.value) <= check.limit), "Check")
        link = sheet.put(r, 6, check.place.on(CHECKS, "relative"), "Hyperlink")
        sheet.links.append(Link(link.a1, place=check.place.on(CHECKS, "relative")))
        sheet.heights[r] = 28
    sheet.conditions += [
        Condition(passes, f"E{FIRST}=1", "good"),
        Condition(passes, f"E{FIRST}=0", "bad"),
        Condition("B4", "B4=1", "good"),
        Condition("B4", "B4=0", "bad"),
    ]
    widths(sheet, (38, 70, 12, 12, 10, 24))
    sheet.freeze = f"A{FIRST}"
    return sheet


def _parts(target: Target) -> dict[str, Area]:
    names = {
        "cost": "Cost", "rate": "Throughput", "price": "Price", "gain": "Performance per USD", "rel": "Relative cost",
        "perf": "Performance", "ratio": "Price ratio",
    }  # fmt: skip
    return {key: target.area(name) for key, name in names.items()}


def _round_trip(target: Target) -> str:
    """Largest relative gap, row by row, so that one #N/A does not hide the others."""
    cells = [
        {k: a.cell(i).on(CHECKS) for k, a in _parts(target).items()} for i in range(len(target.values["Platform"]))
    ]
    gaps = (
        owed((c["price"], c["rate"]), c["cost"], f"{c['cost']}*{c['rate']}*0.0036*{{u}}/{c['price']}-1") for c in cells
    )
    return f"MAX({','.join(gaps)})"


def _reciprocal(target: Target) -> str:
    cells = [
        {k: a.cell(i).on(CHECKS) for k, a in _parts(target).items()} for i in range(len(target.values["Platform"]))
    ]
    gaps = (
        owed((c["gain"],), c["rel"], f"{c['gain']}*{c['rel']}-1")
        + ","
        + owed((c["perf"], c["ratio"]), c["gain"], f"{c['perf']}/{c['ratio']}/{c['gain']}-1")
        for c in cells
    )
    return f"MAX({','.join(gaps)})"


def _cut(ctx: Context) -> int:
    """Curves of which some knots find no room."""
    room, ends = ctx.places.knot_rows, 0
    cut = 0
    for _, _, curve in ctx.market.owned:
        ends += len(curve.xs)
        cut += ends > room
    return cut


def _surplus(ctx: Context) -> int:
    return sum(surplus_of(ctx, platform) for platform in ctx.places.platforms)


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
