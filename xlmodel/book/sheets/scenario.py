"""Scenario: every assumption in one place, what follows from the choices, and the lists behind the menus."""

from xlmodel.book.context import Context
from xlmodel.book.places import FIRST, SCENARIO
from xlmodel.book.sheets.choices import CHOICES, choice_input
from xlmodel.book.sheets.frame import headers, start, widths
from xlmodel.book.spec import Sheet, Validation
from xlmodel.domain.curve import BELOW_RANGE, HOLD, INTERPOLATIONS
from xlmodel.domain.point import DISAGGREGATED, LATEST, SPECULATIVE
from xlmodel.domain.scenario import SWITCHES, output_share
from xlmodel.formulas.values import Value
from xlmodel.units import UTILIZATION

_ASSUMPTIONS = (
    ("utilization", "Utilization", UTILIZATION.label, UTILIZATION.format, "0.01 to 1",
     "Share of paid hours in which the GPUs produce at the measured rate. 100 % compares platforms; budgets need less."),
    ("speculative", "Speculative decoding", "switch", "", "all, without, only",
     "Which points take part: all, without MTP, or only MTP. Points that do not record it take part only under all."),
    ("disaggregated", "Disaggregated serving", "switch", "", "all, without, only",
     "Which points take part: all, without, or only those that run prefill and decode on separate GPUs."),
    ("interpolation", "Between measured points", "method", "", "Steffen, linear, measured",
     "Steffen's monotone cubic as on the InferenceX charts; linear; or the next faster measured point only."),
    ("below_range", "Below the measured range", "method", "", "no answer, hold",
     "Hold the slowest measured point (achievable, so conservative) or answer #N/A. Above the range is always #N/A."),
    ("near_end", "Flag near the end from", "share of range", "0%", "0.5 to 1",
     "Readings at or above this share of a curve's fastest point are flagged: ratios balloon where a curve ends."),
)  # fmt: skip

_MENUS = (
    "models", "workloads", "output shares", "codes", "snapshots", "platforms", "bases", "switches", "interpolations",
    "below", "speculative", "disaggregated",
)  # fmt: skip
_MENU_HEADERS = (
    "Models", "Workloads", "Output share of tokens", "Precisions", "Snapshots", "Platforms", "Bases", "Switch",
    "Interpolation", "Below range", "Speculative", "Disaggregated",
)  # fmt: skip


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx, SCENARIO, "inputs", "Scenario",
        "Every assumption in one place. Framed cells are yours to change"
        + ("." if ctx.places.compact else "; model, workload and target are picked on Summary."),
        5,
    )  # fmt: skip
    sheet.put(FIRST - 3, 1, "Assumptions", "Heading")
    headers(sheet, FIRST - 1, 1, ("Assumption", "Value", "Unit", "Allowed", "What it does"))
    scenario = ctx.market.scenario
    for row, (name, label, unit, fmt, allowed, text) in enumerate(_ASSUMPTIONS, FIRST):
        sheet.put(row, 1, label, "Label")
        sheet.input(row, 2, getattr(scenario, name), f"scenario.{name}", fmt=fmt)
        sheet.put(row, 3, unit, "Unit")
        sheet.put(row, 4, allowed, "Unit")
        sheet.put(row, 5, text, "Note")
        sheet.heights[row] = 30
    _chosen(ctx, sheet)
    _derived(ctx, sheet)
    _menus(ctx, sheet)
    _snapshot_counts(ctx, sheet)
    _newest(ctx, sheet)
    sheet.validations += _validations(ctx)
    widths(sheet, (38, 22, 15, 22, 62, 3, 18, 11, 12, 11, 13, 16, 24, 11, 22, 20, 14, 14))
    sheet.freeze = f"A{FIRST}"
    sheet.print_area = f"A1:E{ctx.places.derived('dis_yes').row}"
    return sheet


def _chosen(ctx: Context, sheet: Sheet) -> None:
    """The choices of the Summary, or, in a book without one, the choices themselves."""
    compact = ctx.places.compact
    row = FIRST + len(_ASSUMPTIONS) + 2
    sheet.put(row - 1, 1, "Choices" if compact else "Chosen on the Summary", "Heading")
    for name, label, unit in CHOICES:
        sheet.put(row, 1, label, "Label")
        if compact:
            choice_input(ctx, sheet, name, label)
        else:
            sheet.calc(row, 2, "{ref}", getattr(ctx.market.scenario, name), "Link", ref=ctx.places.choice(name))
        sheet.put(row, 3, unit, "Unit")
        row += 1


def _derived(ctx: Context, sheet: Sheet) -> None:
    p, market, s = ctx.places, ctx.market, ctx.market.scenario
    top = p.derived("snapshot").row
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

    spec, dis = s.speculative, s.disaggregated
    rows: tuple[tuple[str, str, str, Value, str], ...] = (
        ("snapshot", "Snapshot in use",
         f'IF({p.choice("snapshot").on(SCENARIO)}="{LATEST}",IFERROR({newest},"none"),{p.choice("snapshot").on(SCENARIO)})',
         market.snapshot_of(s.model, s.snapshot) or "none", "text"),
        ("output_share", "Output share of tokens", shares, output_share(s.workload), "share"),
        ("method", "Interpolation number",
         f"MATCH({p.choice('interpolation').absolute},{p.menu('interpolations').absolute},0)", market.method, "1 to 3"),
        ("hold", "Hold slowest point", f'IF({p.choice("below_range").absolute}="{HOLD}",1,0)', market.hold, "1 = yes"),
        ("spec_none", "Points without MTP take part", switch("speculative", False), int(spec != "only"), "1 = yes"),
        ("spec_mtp", "Points with MTP take part", switch("speculative", True), int(spec != "without"), "1 = yes"),
        ("spec_unknown", "Points that do not record MTP take part", switch("speculative", True, False),
         int(spec == "all"), "1 = yes"),
        ("dis_no", "Aggregated points take part", switch("disaggregated", False), int(dis != "only"), "1 = yes"),
        ("dis_yes", "Disaggregated points take part", switch("disaggregated", True), int(dis != "without"), "1 = yes"),
    )  # fmt: skip
    for name, label, text, value, unit in rows:
        ref = p.derived(name)
        sheet.put(ref.row, 1, label, "Label")
        sheet.calc(ref.row, 2, text, value, "Calculation", "0.0%" if name == "output_share" else "")
        sheet.put(ref.row, 3, unit, "Unit")


def _menus(ctx: Context, sheet: Sheet) -> None:
    p, inputs = ctx.places, ctx.inputs
    sheet.put(FIRST - 3, 7, "Lists behind the menus", "Heading")
    headers(sheet, FIRST - 1, 7, _MENU_HEADERS)
    items: dict[str, tuple[Value, ...]] = {
        "models": inputs.models,
        "workloads": inputs.workloads,
        "output shares": tuple(output_share(w) for w in inputs.workloads),
        "codes": p.codes,
        "snapshots": (*(s.label for s in inputs.snapshots), LATEST),
        "platforms": p.platforms,
        "bases": p.bases,
        "switches": SWITCHES,
        "interpolations": INTERPOLATIONS,
        "below": BELOW_RANGE,
        "speculative": SPECULATIVE,
        "disaggregated": DISAGGREGATED,
    }
    for name in _MENUS:
        area = p.menu(name)
        for i, item in enumerate(items[name]):
            if name == "output shares":
                text = p.menu("workloads").cell(i).a1
                tokens_in = f'SUBSTITUTE(LEFT({text},FIND("/",{text})-1),"k","")'
                tokens_out = f'SUBSTITUTE(MID({text},FIND("/",{text})+1,9),"k","")'
                sheet.calc(
                    area.row + i, area.col, f"{tokens_out}/({tokens_in}+{tokens_out})", item, "Calculation", "0.0%"
                )
            else:
                sheet.put(area.row + i, area.col, item, "Text")


def _snapshot_counts(ctx: Context, sheet: Sheet) -> None:
    """Points by snapshot and model: which snapshots hold a model, and so which is its newest.

    Not by COUNTIFS: as a criterion the label 2025-10 would be read as a date.
    """
    area = ctx.places.snapshot_counts
    sheet.put(area.row - 2, 7, "Points by snapshot and model", "Heading")
    headers(sheet, area.row - 1, 7, ("Snapshot", *ctx.inputs.models))
    for i, snapshot in enumerate(ctx.inputs.snapshots):
        row = area.row + i
        label = sheet.calc(row, 7, "{ref}", snapshot.label, "Text", ref=ctx.places.menu("snapshots").cell(i))
        for j, model in enumerate(ctx.inputs.models):
            count = sum(1 for p in ctx.market.rows if p.model == model and p.snapshot == snapshot.label)
            sheet.calc(
                row, area.col + j, "SUMPRODUCT(({models}={model})*({snaps}={label}))", count, "Calculation", "0;;-",
                models=ctx.places.points("Model"), snaps=ctx.places.points("Snapshot"), label=label,
                model=ctx.places.menu("models").cell(j),
            )  # fmt: skip


def _newest(ctx: Context, sheet: Sheet) -> None:
    """The newest snapshot of each model, which the functions read for `latest`."""
    p = ctx.places
    counts, area, labels = p.snapshot_counts, p.newest, p.menu("snapshots")
    sheet.put(area.row, 7, "Newest", "Strong")
    text = "IF(MAX({counts})=0,{none},INDEX({labels},SUMPRODUCT(MAX(({counts}>0)*(ROW({counts})-{above})))))"
    for j, model in enumerate(ctx.inputs.models):
        sheet.calc(
            area.row, area.col + j, text, ctx.market.snapshot_of(model, LATEST) or "none", "Text", counts=counts.column(j),
            labels=labels, above=counts.row - 1, none='"none"',
        )  # fmt: skip


def _validations(ctx: Context) -> list[Validation]:
    p = ctx.places

    def at(name: str) -> tuple[str, ...]:
        return (p.choice(name).a1,)

    return [
        Validation(at("utilization"), "Utilization", "A share from 0.01 to 1. 100 % means busy every paid hour.", low=0.01, high=1),
        Validation(at("speculative"), "Speculative decoding", "all, without or only.", source=p.menu("switches").absolute),
        Validation(at("disaggregated"), "Disaggregated serving", "all, without or only.", source=p.menu("switches").absolute),
        Validation(at("interpolation"), "Interpolation", "Steffen, linear, or measured points only.",
                   source=p.menu("interpolations").absolute),
        Validation(at("below_range"), "Below the range", "no answer, or hold slowest point.", source=p.menu("below").absolute),
        Validation(at("near_end"), "Near the end", "A share from 0.5 to 1.", low=0.5, high=1),
    ]  # fmt: skip
