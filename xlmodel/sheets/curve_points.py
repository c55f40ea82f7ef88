"""Workings beside the Benchmarks table: which points take part, and which of them are on a frontier.

A point competes only within its curve. Points of a group stand together when the book is built, so the
usual formula looks at that block alone; as soon as a point of the group stands elsewhere (typed below,
or the table sorted) the same formula looks at all rows. Comparisons are numeric, never by criteria such
as ">="&B2, which pass through 15-digit text.

Every formula here refers to this sheet only, so that it can be stored once and filled down: Excel does
not load shared formulas that refer to other sheets. What is needed from elsewhere is linked in first.
"""

from xlmodel.book.context import Context
from xlmodel.book.places import BENCHMARKS, FIRST, POINT_COLUMNS, SPARE_POINTS
from xlmodel.book.spec import Block, Column, Run, Sheet
from xlmodel.calc.values import Value
from xlmodel.model.membership import KEY, usable
from xlmodel.sheets.frame import headers, widths

HEADERS = ("Group", "Curve", "Key on pooled frontier", "Key on own frontier", "Key of typed row", "New group")
_FLAGS = ("spec_none", "spec_mtp", "spec_unknown", "dis_no", "dis_yes", "ttft_limit")
_PARTS = ("Model", "Platform", "Workload", "Snapshot")

# points of the curve that are at least as good in both and better in one; of exact duplicates the first one stays
_BEATEN = (
    "SUMPRODUCT((${id}${a}:${id}${b}=${id}{r})*({x}>={xr})*({y}>={yr})*(({x}>{xr})+({y}>{yr})+(ROW({x})<ROW({xr}))>0))"
)


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the workings right of the table."""
    p, total = ctx.places, len(ctx.inputs.points) + SPARE_POINTS
    first = p.working("Group").col
    headers(sheet, FIRST - 1, first, HEADERS)
    sheet.put(3, first, "Workings: nothing to type here. Below: switches and precisions of the Scenario.", "Footnote")
    _links(ctx, sheet)
    blocks = [((a - FIRST, b - FIRST), _frontier(ctx, (a, b), a)) for a, b in p.built_groups]
    blocks.append(((len(ctx.inputs.points), total - 1), _frontier(ctx, None, p.last_built + 1)))
    texts = [_member(ctx), _own(ctx)]
    columns = []
    for i, values in enumerate(_values(ctx, total)):
        runs = [Run(0, total - 1, texts[i])] if i < 2 else [Run(a, b, pair[i - 2]) for (a, b), pair in blocks]
        columns.append(Column(values, "Calculation", "0;;" if i < 2 else "0.00;;", runs))
    sheet.blocks.append(Block(FIRST, first, columns))
    _typed_keys(ctx, sheet)
    widths(sheet, (3, 8, 9, 14, 14, 30, 8, 3), len(POINT_COLUMNS) + 1)


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
    return ctx.places.points(column).cell(row - FIRST).on(BENCHMARKS, "col")


def _key(ctx: Context, row: int) -> str:
    return '&"|"&'.join(_cell(ctx, name, row) for name in _PARTS)


def _usable(ctx: Context, row: int, then: str, otherwise: str) -> str:
    """A formula for rows with two positive numbers that are not excluded."""
    x, y, include = (_cell(ctx, name, row) for name in ("Interactivity", "Throughput", "Include"))
    return (
        f"IF(AND(ISNUMBER({x}),ISNUMBER({y}),OR(ISBLANK({include}),{include}=1)),"
        f"IF(AND({x}>0,{x}<{KEY},{y}>0),{then},{otherwise}),{otherwise})"
    )


def _member(ctx: Context) -> str:
    p = ctx.places
    speculative, disaggregated, ttft = (_cell(ctx, n) for n in ("Speculative decoding", "Disaggregated", "TTFT"))
    flag = {name: p.flag(name).absolute for name in _FLAGS}
    allowed = (
        f'IF({speculative}="MTP",{flag["spec_mtp"]},IF({speculative}="not recorded",{flag["spec_unknown"]},{flag["spec_none"]}))'
        f'*IF({disaggregated}="yes",{flag["dis_yes"]},{flag["dis_no"]})'
        f"*IF({flag['ttft_limit']}>0,IF(ISNUMBER({ttft}),IF({ttft}<={flag['ttft_limit']},1,0),0),1)"
    )
    found = f"IF({allowed}=0,0,IFERROR(MATCH({_key(ctx, FIRST)},{p.index('Key').absolute},0),0))"
    return _usable(ctx, FIRST, found, "0")


def _own(ctx: Context) -> str:
    group = ctx.places.working("Group").cell(0).on(BENCHMARKS, "col")
    precisions = ctx.places.local_precisions.absolute
    return f"IF({group}=0,0,IFERROR({group}*10+MATCH({_cell(ctx, 'Precision')},{precisions},0),0))"


def _frontier(ctx: Context, group: tuple[int, int] | None, r: int) -> tuple[str, str]:
    """Sort keys of a point on the pooled and on its own frontier, 0 off the frontier."""
    p = ctx.places
    x_col, y_col = p.points("Interactivity"), p.points("Throughput")
    xr, yr = _cell(ctx, "Interactivity", r), _cell(ctx, "Throughput", r)
    elsewhere, single = p.index("Points elsewhere").absolute, p.index("One precision").absolute
    group_col, own_col = (
        p.working(name).cell(0).on(BENCHMARKS, "col")[1:-1].rstrip("0123456789") for name in HEADERS[:2]
    )

    def count(column: str, a: int, b: int) -> str:
        x, y = (type(area)(BENCHMARKS, a, area.col, b, area.col).absolute for area in (x_col, y_col))
        return _BEATEN.format(id=column, a=a, b=b, r=r, x=x, y=y, xr=xr, yr=yr)

    def beaten(column: str) -> str:
        whole = count(column, FIRST, p.last_point)
        return f"IF(INDEX({elsewhere},${group_col}{r})=0,{count(column, *group)},{whole})" if group else whole

    g, o = f"${group_col}{r}", f"${own_col}{r}"
    own_key = p.working("Key on own frontier").cell(r - FIRST).on(BENCHMARKS, "col")  # pooled is part of own
    return (
        f"IF({g}=0,0,IF(AND(INDEX({single},{g})=0,{o}>0,{own_key}=0),0,IF({beaten(group_col)}>0,0,{g}*{10 * KEY}+{xr})))",
        f"IF({o}=0,0,IF(INDEX({single},{g})=1,0,IF({beaten(own_col)}>0,0,{o}*{KEY}+{xr})))",
    )


def _values(ctx: Context, total: int) -> list[list[float]]:
    market = ctx.market
    group, own, pooled, mine = ([0.0] * total for _ in range(4))
    code = {name: i for i, name in enumerate(market.codes) if i}
    for i, (point, number) in enumerate(zip(market.rows, market.membership, strict=True)):
        group[i] = number
        own[i] = number * 10 + code[point.precision] if number and point.precision in code else 0
    for number, precision, curve in market.owned:
        keys = mine if precision else pooled
        for source, x in zip(curve.sources, curve.xs, strict=True):
            keys[source] = (number * 10 + precision) * KEY + x
    return [group, own, pooled, mine]


def _typed_keys(ctx: Context, sheet: Sheet) -> None:
    """Keys of the rows under the table, and a running number where one brings a new group."""
    p = ctx.places
    r, last = p.last_built + 1, p.last_point
    key, new = (p.typed(name).cell(0).a1.rstrip("0123456789") for name in ("Key", "New group"))
    known = p.index("Key")
    built = type(known)(BENCHMARKS, known.row, known.col, known.row + len(p.built_groups) - 1, known.col).absolute
    texts = (
        _usable(ctx, r, _key(ctx, r), '""'),
        f'IF({key}{r}="",0,IF(ISNUMBER(MATCH({key}{r},{built},0)),0,'
        f"IF(MATCH({key}{r},{key}${r}:{key}${last},0)<ROW()-{r - 1},0,MAX({new}${r - 1}:{new}{r - 1})+1)))",
    )
    keys: list[Value] = [""] * SPARE_POINTS
    numbers: list[Value] = [0] * SPARE_POINTS
    held = set(ctx.market.groups[: len(p.built_groups)])
    seen: set[object] = set()
    for i, point in enumerate(ctx.inputs.typed):
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
