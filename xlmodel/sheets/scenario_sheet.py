"""Scenario: prices, use, curves and power in three named scenarios side by side, and what follows from the choices."""

from xlmodel.book.context import Context
from xlmodel.book.guards_by_hand import within_range
from xlmodel.book.places import FIRST, SCENARIO, SCENARIOS
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.values import Value
from xlmodel.model.curve import HOLD
from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.point import LATEST
from xlmodel.model.scenario import output_share
from xlmodel.model.variants import LEAST, UNITS
from xlmodel.sheets import scenario_lists
from xlmodel.sheets.choice_inputs import CHOICES, choice_input, price_words
from xlmodel.sheets.frame import headers, start, widths
from xlmodel.sheets.scenario_rules import ROWS, TEXTS
from xlmodel.units import EXCHANGE_RATE

_COLUMNS = ("Assumption", "In use", "", "", "", "Unit", "Allowed", "What it does, and where the value comes from")
_REPORTING = (
    (
        "currency",
        "Reporting currency",
        "text",
        "three letters; the cost per token is shown in it too, on Tokens and power; all else stays in USD",
    ),
    ("rate", "Exchange rate", "per USD", "units of the reporting currency for one USD"),
    ("as_of", "Rate as of", "date", "day of the rate; needed as soon as the currency is not USD"),
    ("source", "Source of the rate", "text", "where the rate was read; needed as soon as the currency is not USD"),
)
_NOTHING = ("ttft_limit", "g_per_kwh")
NOT_SET = "no limit set"
NOT_RECORDED = "cannot be applied: no point of this model and snapshot records a time to first token; empty it, or pick another snapshot"


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx, SCENARIO, "inputs", "Scenario",
        "How the curves are read, and what is assumed of prices, use and power, in three scenarios. Framed cells are yours to change"
        + ("." if ctx.places.compact else "; model, workload and target are picked on Summary."),
        len(_COLUMNS),
    )  # fmt: skip
    _selector(ctx, sheet)
    headers(sheet, FIRST - 1, 1, _COLUMNS)
    for name in SCENARIOS:
        ref = ctx.places.naming(name)
        sheet.input(ref.row, ref.col, getattr(ctx.inputs.naming, name), f"naming.{name}", "Input text")
    for name, rule in ROWS.items():
        _assumption(ctx, sheet, name)
        sheet.validations.append(rule.validation(ctx.places, name))
    _reporting(ctx, sheet)
    _chosen(ctx, sheet)
    _derived(ctx, sheet)
    scenario_lists.describe(ctx, sheet)
    within_range(ctx, sheet)
    widths(sheet, (36, 20, 14, 14, 14, 16, 28, 74, 3, 18, 11, 12, 11, 13, 16, 24, 11, 22, 20, 14, 14))
    sheet.freeze = f"C{FIRST}"
    sheet.print_area = f"A1:H{ctx.places.derived('price_words').row}"
    return sheet


def _selector(ctx: Context, sheet: Sheet) -> None:
    """Which of the three scenarios counts."""
    ref = ctx.places.naming("active")
    sheet.put(ref.row, 1, "Active scenario", "Strong")
    sheet.input(ref.row, ref.col, ctx.inputs.naming.active, "naming.active", "Input text")
    words = "The scenario that the whole workbook computes; the others stand beside it and are never overwritten."
    sheet.validations.append(Validation((ref.a1,), "Active scenario", words, source=ctx.places.scenario_names.absolute))
    sheet.put(ref.row, 3, f"{words} An empty cell of the second and third takes the value of the first.", "Footnote")
    for i, name in enumerate(("first", "second", "third")):  # constant words above the names, which a reader may change
        sheet.put(ref.row + 1, 3 + i, name, "Column unit")


def _assumption(ctx: Context, sheet: Sheet, name: str) -> None:
    """One row: the value in use, then the value of each scenario."""
    p, rule, live = ctx.places, ROWS[name], ctx.places.choice(name)
    unit = UNITS.get(name)
    fmt = unit.format if unit else ""
    sheet.put(live.row, 1, rule.label, "Label")
    values: tuple[Value, ...] = (
        getattr(ctx.inputs.scenario, name), *(getattr(v, name) for v in ctx.inputs.variants[1:])
    )  # fmt: skip
    style = "Input text" if name in TEXTS else "Input"
    for number, (who, value) in enumerate(zip(("scenario", *SCENARIOS[1:]), values, strict=True), 1):
        ref = p.typed_choice(name, number)
        sheet.input(ref.row, ref.col, value, f"{who}.{name}", style, fmt)
    base, last = p.typed_choice(name), p.typed_choice(name, len(SCENARIOS))
    picked = f"INDEX({base.a1}:{last.a1},{p.derived('number').absolute})"
    text = f'IF({picked}="",{base.a1},{picked})'
    used: Value = getattr(ctx.market.scenario, name)
    if name not in TEXTS:
        text, used = f"N({text})", ctx.market.scenario.number(name)
    if name in LEAST:
        text = f"MAX({LEAST[name]:g},{text})"
    if name in _NOTHING:
        fmt = f"{fmt};;"  # nothing is set, rather than zero
    shown = "Result text" if name in TEXTS else "Calculation"
    sheet.calc(live.row, live.col, text, used, shown, fmt)
    sheet.put(live.row, 6, unit.label if unit else "choice", "Unit")
    sheet.put(live.row, 7, rule.allowed, "Unit")
    sheet.put(live.row, 8, rule.says, "Note")
    sheet.heights[live.row] = 28


def _reporting(ctx: Context, sheet: Sheet) -> None:
    for name, label, unit, says in _REPORTING:
        ref = ctx.places.reporting(name)
        if name == "currency":
            sheet.put(ref.row - 1, 1, "Currency of reports", "Heading")
        sheet.put(ref.row, 1, label, "Label")
        style, fmt = ("Input", EXCHANGE_RATE.format) if name == "rate" else ("Input text", "@")
        sheet.input(ref.row, ref.col, getattr(ctx.inputs.reporting, name) or None, f"reporting.{name}", style, fmt)
        sheet.put(ref.row, 6, unit, "Unit")
        sheet.put(ref.row, 8, says, "Note")
    rate = ctx.places.reporting("rate")
    rule = Validation((rate.a1,), "Exchange rate", "Units of the reporting currency for one USD.", low=EXCHANGE_RATE.low, high=EXCHANGE_RATE.high)  # fmt: skip
    sheet.validations.append(rule)


def _chosen(ctx: Context, sheet: Sheet) -> None:
    """The choices of the Summary, or, in a book without one, the choices themselves."""
    compact, row = ctx.places.compact, ctx.places.chosen_row
    sheet.put(row - 1, 1, "Choices" if compact else "Chosen on the Summary", "Heading")
    for name, label, unit in CHOICES:
        sheet.put(row, 1, label, "Label")
        if compact:
            choice_input(ctx, sheet, name, label)
        else:
            sheet.calc(row, 2, "{ref}", getattr(ctx.market.scenario, name), "Link", ref=ctx.places.choice(name))
        sheet.put(row, 6, unit, "Unit")
        row += 1


def _derived(ctx: Context, sheet: Sheet) -> None:
    p, market, s = ctx.places, ctx.market, ctx.market.scenario
    top = p.derived("number").row
    sheet.put(top - 2, 1, "What follows", "Heading")
    sheet.put(top - 1, 1, "Used by the workings", "Footnote")
    counts = p.snapshot_counts
    first_snapshot = p.menu("snapshots").cell(0)
    labels = f"{first_snapshot.absolute}:{p.menu('snapshots').cell(counts.last_row - counts.row).absolute}"
    newest = (
        f"INDEX({labels},SUMPRODUCT(MAX((INDEX({counts.absolute},0,MATCH({p.choice('model').on(SCENARIO)},"
        f"{p.menu('models').absolute},0))>0)*(ROW({labels})-{first_snapshot.row - 1}))))"
    )
    workload = p.choice("workload").on(SCENARIO)
    shares = f"INDEX({p.menu('output shares').absolute},MATCH({workload},{p.menu('workloads').absolute},0))"

    def switch(name: str, special: bool, recorded: bool = True) -> str:
        cell = p.choice(name).absolute
        if not recorded:
            return f'IF({cell}="all",1,0)'
        return f'IF({cell}="{"without" if special else "only"}",0,1)'

    none, mtp, unknown, aggregated, disaggregated = market.switches
    rows: tuple[tuple[str, str, str, Value, str], ...] = (
        ("number", "Number of the active scenario",
         # no MATCH: a name such as "~10% off" would be a pattern to it
         "IF({0}={1},1,IF({0}={2},2,IF({0}={3},3,1)))".format(*(p.naming(name).absolute for name in ("active", *SCENARIOS))),
         ctx.inputs.naming.number, "1 to 3"),
        ("snapshot", "Snapshot in use",
         f'IF({p.choice("snapshot").on(SCENARIO)}="{LATEST}",IFERROR({newest},"none"),{p.choice("snapshot").on(SCENARIO)})',
         market.snapshot_of(s.model, s.snapshot) or "none", "text"),
        ("output_share", "Output share of tokens", shares, output_share(s.workload), "share"),
        ("method", "Interpolation number",
         f"MATCH({p.choice('interpolation').absolute},{p.menu('interpolations').absolute},0)", market.method, "1 to 3"),
        ("hold", "Hold slowest point", f'IF({p.choice("below_range").absolute}="{HOLD}",1,0)', market.hold, "1 = yes"),
        ("spec_none", "Points without MTP take part", switch("speculative", False), none, "1 = yes"),
        ("spec_mtp", "Points with MTP take part", switch("speculative", True), mtp, "1 = yes"),
        ("spec_unknown", "Points that do not record MTP take part", switch("speculative", True, False), unknown, "1 = yes"),
        ("dis_no", "Aggregated points take part", switch("disaggregated", False), aggregated, "1 = yes"),
        ("dis_yes", "Disaggregated points take part", switch("disaggregated", True), disaggregated, "1 = yes"),
    )  # fmt: skip
    for name, label, text, value, unit in rows:
        ref = p.derived(name)
        sheet.put(ref.row, 1, label, "Label")
        sheet.calc(ref.row, 2, text, value, "Calculation", "0.0%" if name == "output_share" else "")
        sheet.put(ref.row, 6, unit, "Unit")
    _in_time(ctx, sheet)
    _price_words(ctx, sheet)


def _price_words(ctx: Context, sheet: Sheet) -> None:
    """How sentences on other sheets name the prices."""
    p = ctx.places
    basis, words = price_words(ctx)
    rows = (
        ("basis_words", "Basis with its change", basis,
         f'{{basis}}&IF(OR({{change}}=0,{{basis}}="{BUILD_UP}"),""," "&IF({{change}}>0,"+","")&FIXED(ROUND(100*{{change}},9),1,TRUE)&"%")'),
        ("price_words", "Prices in words", words,
         '{words}&IF(COUNTIF({own},">0")>0,", own prices where typed","")&IF({use}=1,"",", utilization "&FIXED(ROUND(100*{use},9),1,TRUE)&"%")'),
    )  # fmt: skip
    for name, label, value, text in rows:
        ref = p.derived(name)
        sheet.put(ref.row, 1, label, "Label")
        sheet.calc(
            ref.row, 2, text, value, "Text", basis=p.choice("basis"), change=p.choice("price_change"), words=p.derived("basis_words"),
            own=p.own_prices, use=p.choice("utilization"),
        )  # fmt: skip


def _in_time(ctx: Context, sheet: Sheet) -> None:
    """Whether a limit on the time to first token can be applied to the chosen model and snapshot at all."""
    p, s, ref = ctx.places, ctx.market.scenario, ctx.places.derived("in_time")
    snapshot = ctx.market.snapshot_of(s.model, s.snapshot) or "none"
    rows = [point for point in ctx.market.rows if point.model == s.model and point.snapshot == snapshot]
    timed = sum(1 for point in rows if point.ttft_ms is not None and point.ttft_ms > 0)
    words = NOT_SET
    if s.number("ttft_limit") > 0:
        words = (
            f"{timed} of {len(rows)} points record a time to first token; the others do not take part"
            if timed
            else NOT_RECORDED
        )
    sheet.put(ref.row, 1, "Limit on the time to first token", "Label")
    sheet.calc(
        ref.row, 2,
        f'IF({{limit}}>0,IF(SUMPRODUCT({{mine}}*({{ttft}}>0)*({{ttft}}<1000000000))=0,"{NOT_RECORDED}",'
        'SUMPRODUCT({mine}*({ttft}>0)*({ttft}<1000000000))&" of "&SUMPRODUCT({mine}*1)'
        f'&" points record a time to first token; the others do not take part"),"{NOT_SET}")'.replace(
            "{mine}", "({models}={model})*({snapshots}={snapshot})"
        ),
        words, "Text", limit=p.choice("ttft_limit"), models=p.points("Model"), model=p.choice("model"),
        snapshots=p.points("Snapshot"), snapshot=p.derived("snapshot"), ttft=p.points("TTFT"),
    )  # fmt: skip
