"""What the functions search: the groups by number, and the curves in use by model and platform."""

from xlmodel.book.context import Context
from xlmodel.book.point_places import BENCHMARKS, FIRST
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.model.market import Market
from xlmodel.model.membership import KEY
from xlmodel.model.numbering import PARTS, Numbering
from xlmodel.model.point import LATEST
from xlmodel.sheets.curve_knots import SORT_FORMAT, UNUSED
from xlmodel.sheets.frame import headers, widths
from xlmodel.sheets.lambdas_names import listed


def numbering(ctx: Context) -> Numbering:
    """The numbers of the groups of this book."""
    p, groups = ctx.places, ctx.market.groups
    built = len(p.built_groups)
    typed = [*groups[built : p.group_rows], *(None for _ in range(p.group_rows - len(groups)))]
    return Numbering(ctx.inputs, groups[:built], typed)


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the groups by number, and the curves in use."""
    numbers = numbering(ctx)
    _numbers(ctx, sheet, numbers)
    _choices(ctx, sheet, numbers)
    _in_use(ctx, sheet, numbers)
    _blocks(ctx, sheet)


def _numbers(ctx: Context, sheet: Sheet, numbers: Numbering) -> None:
    p = ctx.places
    area, first = p.index("Number"), p.by_number("Number").col
    built = [numbers.number(group) or UNUSED + i for i, group in enumerate(numbers.built)]
    sheet.blocks.append(Block(FIRST, area.col, [Column(built, "Text", "0")]))
    for i, group in enumerate(numbers.typed):
        row = FIRST + len(built) + i
        total = ""
        for part in PARTS:
            menu, own = listed(p, part.lower()), p.spare(p.index(part))
            name = p.index(part).cell(row - FIRST).on(BENCHMARKS, "col")
            place = f"IFERROR(MATCH({name},{menu.on(BENCHMARKS)},0),{len(numbers.menus[part])}+MATCH({name},{own.absolute},0))"
            total = f"({total})*{numbers.widths[part]}+{place}" if total else place
        key = p.index("Model").cell(row - FIRST).on(BENCHMARKS, "col")
        value = (numbers.number(group) if group else 0) or UNUSED
        sheet.calc(row, area.col, f'IF({key}="",{UNUSED},{total})', value, "Calculation", "0")
    order = sorted(range(len(built)), key=built.__getitem__)
    headers(sheet, FIRST - 1, first, ("Number", "Group"))
    sheet.put(3, first, "What the functions search: groups by number, and the curves in use.", "Footnote")
    sheet.blocks.append(
        Block(
            FIRST, first, [Column([built[i] for i in order], "Text", "0"), Column([i + 1 for i in order], "Text", "0")]
        )
    )
    widths(sheet, (3, 14, 7, 3, 14, 12, 9, *(9,) * len(ctx.inputs.platforms)), first - 1)


def _choices(ctx: Context, sheet: Sheet, numbers: Numbering) -> None:
    """The choices for arguments that are left out, and their places in the menus."""
    p, s = ctx.places, ctx.market.scenario
    codes = ctx.market.codes
    places = {
        "workload": numbers.place("Workload", s.workload), "snapshot": numbers.place("Snapshot", s.snapshot),
        "precision": codes.index(s.precision) + 1 if s.precision in codes else 0,
    }  # fmt: skip
    for name, place in places.items():
        ref = p.in_use_choice(name)
        chosen = sheet.calc(ref.row, ref.col, "{ref}", getattr(s, name), "Link", ref=p.choice(name)).absolute
        part = name.capitalize()
        menu = listed(p, name)
        text = f"MATCH({chosen},{menu.on(BENCHMARKS)},0)"
        if name != "precision":
            text = f"IFERROR({text},{len(numbers.menus[part])}+MATCH({chosen},{p.spare(p.index(part)).absolute},0))"
        ref = p.in_use_choice(f"{name} place")
        sheet.calc(ref.row, ref.col, f"IFERROR({text},0)", place, "Calculation", "0")


def _in_use(ctx: Context, sheet: Sheet, numbers: Numbering) -> None:
    """Place in the directory of the curve that a model and a platform have under the choices; 0 without one."""
    p = ctx.places
    curves = p.in_use("Curves")
    headers(sheet, FIRST - 1, p.in_use("Model").col, ("Model", "Snapshot", "Newest"))
    for j in range(len(ctx.inputs.platforms)):
        fact = p.platform_fact(1).cell(j)
        sheet.calc(FIRST - 1, curves.col + j, "{ref}", ctx.inputs.platforms[j].platform, "Column", ref=fact)
    workload, code = p.in_use_choice("workload").absolute, p.in_use_choice("precision place").absolute
    snapshot = p.in_use_choice("snapshot").absolute
    for i, model in enumerate(ctx.inputs.models):
        name, label, newest = (p.in_use(part).cell(i) for part in ("Model", "Snapshot", "Newest"))
        latest = ctx.market.snapshot_of(model, LATEST)
        sheet.calc(name.row, name.col, "{ref}", model, "Link", ref=p.menu("models").cell(i))
        sheet.calc(
            label.row, label.col, f'IF({snapshot}="{LATEST}",{{newest}},{snapshot})',
            ctx.market.snapshot_of(model, ctx.market.scenario.snapshot) or "none", "Text", newest=p.newest.cell(0, i),
        )  # fmt: skip
        sheet.calc(
            newest.row, newest.col, "IFERROR(MATCH({newest},{labels},0),0)", numbers.place("Snapshot", latest),
            "Calculation", "0;;", newest=p.newest.cell(0, i), labels=p.menu("snapshots"),
        )  # fmt: skip
    last = len(ctx.inputs.models) - 1
    key = f'${p.in_use("Model").cell(0).a1}&"|"&{{platform}}&"|"&{workload}&"|"&${p.in_use("Snapshot").cell(0).a1}'
    text = f"IF({code}=0,0,IFERROR((MATCH({key},{p.index('Key').absolute},0)-1)*{len(p.codes)}+{code},0))"
    columns = []
    for j, column in enumerate(ctx.inputs.platforms):
        platform = curves.cell(-1, j).on(BENCHMARKS, "row")
        values = [_slot(ctx.market, model, column.platform) for model in ctx.inputs.models]
        columns.append(Column(values, "Calculation", "0;;", [Run(0, last, text.format(platform=platform))]))
    sheet.blocks.append(Block(FIRST, curves.col, columns))


def _slot(market: Market, model: str, platform: str) -> int:
    s, groups = market.scenario, market.groups
    label = market.snapshot_of(model, s.snapshot)
    found = [
        i
        for i, g in enumerate(groups)
        if (g.model, g.platform, g.workload, g.snapshot) == (model, platform, s.workload, label)
    ]
    if not found or s.precision not in market.codes:
        return 0
    return found[0] * len(market.codes) + market.codes.index(s.precision) + 1


def _blocks(ctx: Context, sheet: Sheet) -> None:
    """The sort keys of the knots in blocks: one search down the first column and one along a row find a knot."""
    p = ctx.places
    area, keys = p.blocks, p.knots("Sort key")
    side, count = area.last_row - area.row + 1, p.knot_rows
    sheet.put(3, area.col, "Sort keys of the knots in blocks, row by row.", "Footnote")
    used = [
        (number * 10 + code) * KEY + x for number, code, curve in ctx.market.owned for x in curve.xs
    ][:count]  # fmt: skip
    values = used + [float(UNUSED)] * (side * side - len(used))
    columns = []
    for j in range(side):
        n = f"(ROW()-{FIRST})*{side}+{j + 1}"
        text = f"IF({n}>{count},{UNUSED},INDEX({keys.absolute},{n}))"
        columns.append(Column(values[j::side], "Calculation", SORT_FORMAT, [Run(0, side - 1, text)]))
    sheet.blocks.append(Block(FIRST, area.col, columns))
