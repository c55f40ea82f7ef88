"""Curves, first part: which points take part, and which of them are on a frontier.

A point competes only within its curve. Points of a group stand together when the book is built, so the
usual formula looks at that block alone; as soon as a point of the group stands elsewhere (typed below,
or the table sorted) the same formula looks at all rows. Comparisons are numeric, never by criteria such
as ">="&B2, which pass through 15-digit text.
"""

from xlmodel.book.context import Context
from xlmodel.book.places import BENCHMARKS, CURVES, FIRST, KEY, SPARE_POINTS
from xlmodel.book.sheets.frame import headers
from xlmodel.book.spec import Block, Column, Run, Sheet

GROUP, OWN, POOLED_KEY, OWN_KEY = range(1, 5)
HEADERS = ("Group", "Curve", "Key on pooled frontier", "Key on own frontier")

# points of the curve that are at least as good in both: only the point itself when it is on the frontier
_AS_GOOD = "SUMPRODUCT((${id}${a}:${id}${b}=${id}{r})*({x}>={xr})*({y}>={yr}))"
# of those, the ones that are better in one, or the same and higher up (a duplicate counts once)
_BETTER = (
    "SUMPRODUCT((${id}${a}:${id}${b}=${id}{r})*({x}>={xr})*({y}>={yr})*(({x}>{xr})+({y}>{yr})+(ROW({x})<ROW({xr}))>0))"
)
_BEATEN = f"IF({_AS_GOOD}=1,0,{_BETTER})"


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the block of points; row r here is about row r of Benchmarks."""
    headers(sheet, FIRST - 1, 1, HEADERS)
    p, total = ctx.places, len(ctx.inputs.points) + SPARE_POINTS
    blocks = [((a - FIRST, b - FIRST), _frontier(ctx, (a, b), a)) for a, b in p.built_groups]
    blocks.append(((len(ctx.inputs.points), total - 1), _frontier(ctx, None, p.last_built + 1)))
    texts = [_member(ctx), _own(ctx)]
    columns = []
    for i, values in enumerate(_values(ctx, total)):
        runs = [Run(0, total - 1, texts[i])] if i < 2 else [Run(a, b, pair[i - 2]) for (a, b), pair in blocks]
        columns.append(Column(values, "Calculation", "0;;" if i < 2 else "0.00;;", runs))
    sheet.blocks.append(Block(FIRST, 1, columns))


def _cell(ctx: Context, column: str, row: int = FIRST) -> str:
    return ctx.places.points(column).cell(row - FIRST).on(CURVES, "col")


def _member(ctx: Context) -> str:
    p = ctx.places
    x, y, include, speculative, disaggregated = (
        _cell(ctx, name) for name in ("Interactivity", "Throughput", "Include", "Speculative decoding", "Disaggregated")
    )
    flag = {name: p.derived(name).on(CURVES) for name in ("spec_none", "spec_mtp", "spec_unknown", "dis_no", "dis_yes")}
    key = '&"|"&'.join(_cell(ctx, name) for name in ("Model", "Platform", "Workload", "Snapshot"))
    allowed = (
        f'IF({speculative}="MTP",{flag["spec_mtp"]},IF({speculative}="not recorded",{flag["spec_unknown"]},{flag["spec_none"]}))'
        f'*IF({disaggregated}="yes",{flag["dis_yes"]},{flag["dis_no"]})'
    )
    return (
        f"IF(AND(ISNUMBER({x}),ISNUMBER({y}),OR(ISBLANK({include}),{include}=1)),"
        f"IF(AND({x}>0,{y}>0,{allowed}=1),IFERROR(MATCH({key},{p.index('Key').on(CURVES)},0),0),0),0)"
    )


def _own(ctx: Context) -> str:
    precisions = ctx.places.precisions.on(CURVES)
    return f"IF(A{FIRST}=0,0,IFERROR(A{FIRST}*10+MATCH({_cell(ctx, 'Precision')},{precisions},0),0))"


def _frontier(ctx: Context, group: tuple[int, int] | None, r: int) -> tuple[str, str]:
    """Sort keys of a point on the pooled and on its own frontier, 0 off the frontier."""
    p = ctx.places
    x_col, y_col = p.points("Interactivity"), p.points("Throughput")
    xr, yr = x_col.cell(r - FIRST).on(CURVES, "col"), y_col.cell(r - FIRST).on(CURVES, "col")
    elsewhere, single = p.index("Points elsewhere").on(CURVES), p.index("One precision").on(CURVES)

    def count(column: str, a: int, b: int) -> str:
        x, y = (type(area)(BENCHMARKS, a, area.col, b, area.col).on(CURVES) for area in (x_col, y_col))
        return _BEATEN.format(id=column, a=a, b=b, r=r, x=x, y=y, xr=xr, yr=yr)

    def beaten(column: str) -> str:
        whole = count(column, FIRST, p.last_point)
        return f"IF(INDEX({elsewhere},$A{r})=0,{count(column, *group)},{whole})" if group else whole

    return (
        f"IF(A{r}=0,0,IF({beaten('A')}>0,0,A{r}*{10 * KEY}+{xr}))",
        f"IF(B{r}=0,0,IF(INDEX({single},A{r})=1,0,IF({beaten('B')}>0,0,B{r}*{KEY}+{xr})))",
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
