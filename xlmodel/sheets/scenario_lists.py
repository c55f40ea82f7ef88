"""The lists behind the menus, right of the assumptions, and which snapshots hold which model."""

from xlmodel.book.context import Context
from xlmodel.book.places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.values import Value
from xlmodel.model.curve import BELOW_RANGE, INTERPOLATIONS
from xlmodel.model.point import DISAGGREGATED, LATEST, SPECULATIVE
from xlmodel.model.scenario import SWITCHES, output_share
from xlmodel.sheets.frame import headers

LISTS = 10  # first column
_MENUS = (
    "models", "workloads", "output shares", "codes", "snapshots", "platforms", "bases", "switches", "interpolations",
    "below", "speculative", "disaggregated",
)  # fmt: skip
_MENU_HEADERS = (
    "Models", "Workloads", "Output share of tokens", "Precisions", "Snapshots", "Platforms", "Bases", "Switch",
    "Interpolation", "Below range", "Speculative", "Disaggregated",
)  # fmt: skip


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the lists and the counts."""
    _menus(ctx, sheet)
    _snapshot_counts(ctx, sheet)
    _newest(ctx, sheet)


def _menus(ctx: Context, sheet: Sheet) -> None:
    p, inputs = ctx.places, ctx.inputs
    sheet.put(FIRST - 3, LISTS, "Lists behind the menus", "Heading")
    headers(sheet, FIRST - 1, LISTS, _MENU_HEADERS)
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
    sheet.put(area.row - 2, LISTS, "Points by snapshot and model", "Heading")
    headers(sheet, area.row - 1, LISTS, ("Snapshot", *ctx.inputs.models))
    for i, snapshot in enumerate(ctx.inputs.snapshots):
        row = area.row + i
        label = sheet.calc(row, LISTS, "{ref}", snapshot.label, "Text", ref=ctx.places.menu("snapshots").cell(i))
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
    sheet.put(area.row, LISTS, "Newest", "Strong")
    text = "IF(MAX({counts})=0,{none},INDEX({labels},SUMPRODUCT(MAX(({counts}>0)*(ROW({counts})-{above})))))"
    for j, model in enumerate(ctx.inputs.models):
        sheet.calc(
            area.row, area.col + j, text, ctx.market.snapshot_of(model, LATEST) or "none", "Text", counts=counts.column(j),
            labels=labels, above=counts.row - 1, none='"none"',
        )  # fmt: skip
