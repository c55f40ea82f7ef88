"""Workings beside the Benchmarks table: which points take part, and which of them are on a frontier.

A point competes only within its curve. Rows of the table are sorted (`xlmodel.model.order`), so a row in order is
compared with the last knot above it alone. A row out of order, or typed under the table, is compared with every row,
and every row in order of its group with it. Comparisons are numeric, never by criteria such as ">="&B2, which pass
through 15-digit text.

Every formula here refers to this sheet only, so that it can be stored once and filled down: Excel does
not load shared formulas that refer to other sheets. What is needed from elsewhere is linked in first.
"""

from xlmodel.book.context import Context
from xlmodel.book.point_places import BENCHMARKS, FIRST, MEANT, POINT_COLUMNS, SPARE_POINTS
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.address import Area
from xlmodel.calc.values import Value
from xlmodel.model.membership import KEY, usable
from xlmodel.model.numbering import PARTS
from xlmodel.model.order import Order
from xlmodel.sheets.frame import headers, widths
from xlmodel.sheets.point_order import Orders

_FLAGS = ("spec_none", "spec_mtp", "spec_unknown", "dis_no", "dis_yes", "ttft_limit")


def describe(ctx: Context, sheet: Sheet, order: Order) -> None:
    """Write the workings right of the table."""
    p = ctx.places
    first = p.working("Group").col
    headers(sheet, FIRST - 1, first, p.working_columns)
    sheet.put(
        3,
        first,
        "Workings: nothing to type here. Below: switches of the Scenario, and points out of order.",
        "Footnote",
    )
    _links(ctx, sheet)
    _members(ctx, sheet)
    Orders(ctx, order).describe(sheet)
    _typed_keys(ctx, sheet)
    narrow = len(p.working_columns) - len(MEANT) - 9
    widths(sheet, (3, 8, 9, *(8,) * (narrow + 1), 14, 14, 30, 8, 16, 14, 10, 10, 12, 30, 9, 3), len(POINT_COLUMNS) + 1)


def _links(ctx: Context, sheet: Sheet) -> None:
    """Link in the switches and the precisions."""
    p, market = ctx.places, ctx.market
    limit = market.scenario.number("ttft_limit")
    for name, value in zip(_FLAGS, (*market.switches, limit), strict=True):
        ref = p.flag(name)
        source = p.choice(name) if name == "ttft_limit" else p.derived(name)
        sheet.calc(ref.row, ref.col, "{ref}", value, "Link", "0", ref=source)
    for i, code in enumerate(market.codes[1:]):
        ref = p.local_precisions.cell(0, i)
        sheet.calc(ref.row, ref.col, "{ref}", code, "Link", ref=p.precisions.cell(i))


def _cell(ctx: Context, column: str, row: int = FIRST) -> str:
    if row > ctx.places.last_built and column in MEANT:  # what a reader types may be spelt otherwise
        return ctx.places.working(MEANT[column]).cell(row - FIRST).on(BENCHMARKS, "col")
    return ctx.places.points(column).cell(row - FIRST).on(BENCHMARKS, "col")


def _key(ctx: Context, row: int) -> str:
    return '&"|"&'.join(_cell(ctx, name, row) for name in PARTS)


def _usable(ctx: Context, row: int, then: str, otherwise: str) -> str:
    """A formula for rows with two positive numbers that are not excluded."""
    x, y, include = (_cell(ctx, name, row) for name in ("Interactivity", "Throughput", "Include"))
    return (
        f"IF(AND(ISNUMBER({x}),ISNUMBER({y}),OR(ISBLANK({include}),{include}=1)),"
        f"IF(AND({x}>0,{x}<{KEY},{y}>0),{then},{otherwise}),{otherwise})"
    )


def _members(ctx: Context, sheet: Sheet) -> None:
    """Group and curve of every row that takes part."""
    p, market = ctx.places, ctx.market
    total, built = len(ctx.inputs.points) + SPARE_POINTS, len(ctx.inputs.points)
    code = {name: i for i, name in enumerate(market.codes) if i}
    groups, curves = [0] * total, [0] * total
    for i, (point, number) in enumerate(zip(market.rows, market.membership, strict=True)):
        groups[i] = number
        curves[i] = number * 10 + code[point.precision] if number and point.precision in code else 0

    def own(row: int) -> str:
        group = p.working("Group").cell(row - FIRST).on(BENCHMARKS, "col")
        return f"IF({group}=0,0,IFERROR({group}*10+MATCH({_cell(ctx, 'Precision', row)},{p.local_precisions.absolute},0),0))"

    runs = [
        Run(0, 0, _member(ctx, FIRST, below=False)), Run(1, built - 1, _member(ctx, FIRST + 1, below=True)),
        Run(built, total - 1, _member(ctx, FIRST + built, below=False)),
    ]  # fmt: skip
    columns = [
        Column(groups, "Calculation", "0;;", [run for run in runs if run.first <= run.last]),
        Column(
            curves, "Calculation", "0;;", [Run(0, built - 1, own(FIRST)), Run(built, total - 1, own(FIRST + built))]
        ),
    ]
    sheet.blocks.append(Block(FIRST, p.working("Group").col, columns))


def _member(ctx: Context, row: int, *, below: bool) -> str:
    """Group of a row; below another row of the same group it need not be searched."""
    p = ctx.places
    speculative, disaggregated, ttft = (_cell(ctx, n, row) for n in ("Speculative decoding", "Disaggregated", "TTFT"))
    flag = {name: p.flag(name).absolute for name in _FLAGS}
    allowed = (
        f'IF({speculative}="MTP",{flag["spec_mtp"]},IF({speculative}="not recorded",{flag["spec_unknown"]},{flag["spec_none"]}))'
        f'*IF({disaggregated}="yes",{flag["dis_yes"]},{flag["dis_no"]})'
        f"*IF({flag['ttft_limit']}>0,IF(ISNUMBER({ttft}),IF({ttft}<={flag['ttft_limit']},1,0),0),1)"
    )
    found = f"IFERROR(MATCH({_key(ctx, row)},{p.index('Key').absolute},0),0)"
    if below:
        above = p.working("Group").cell(row - 1 - FIRST).on(BENCHMARKS, "col")
        same = ",".join(f"{_cell(ctx, name, row)}={_cell(ctx, name, row - 1)}" for name in PARTS)
        found = f"IF(AND({same}),IF({above}>0,{above},{found}),{found})"
    return _usable(ctx, row, f"IF({allowed}=0,0,{found})", "0")


def _typed_keys(ctx: Context, sheet: Sheet) -> None:
    """Keys of the rows under the table, and a running number where one brings a new group."""
    p = ctx.places
    r, last = p.last_built + 1, p.last_point
    key, new = (p.typed(name).cell(0).a1.rstrip("0123456789") for name in ("Key", "New group"))
    known = p.index("Key")
    built = Area(BENCHMARKS, known.row, known.col, known.row + len(p.built_groups) - 1, known.col).absolute
    texts = (
        _usable(ctx, r, _key(ctx, r), '""'),
        f'IF({key}{r}="",0,IF(ISNUMBER(MATCH({key}{r},{built},0)),0,'
        f"IF(MATCH({key}{r},{key}${r}:{key}${last},0)<ROW()-{r - 1},0,MAX({new}${r - 1}:{new}{r - 1})+1)))",
    )
    keys: list[Value] = [""] * SPARE_POINTS
    numbers: list[Value] = [0] * SPARE_POINTS
    held = set(ctx.market.groups[: len(p.built_groups)])
    seen: set[object] = set()
    for i, point in enumerate(ctx.market.typed):
        if usable(point):
            keys[i] = point.group.key
            if point.group not in held and point.group not in seen:
                seen.add(point.group)
                numbers[i] = len(seen)
    end = SPARE_POINTS - 1
    sheet.put(r - 1, p.typed("New group").col, 0, "Text", "0;;")
    columns = [
        Column(keys, "Text", "", [Run(0, end, texts[0])]),
        Column(numbers, "Calculation", "0;;", [Run(0, end, texts[1])]),
    ]
    sheet.blocks.append(Block(r, p.typed("Key").col, columns))
