"""Function data: all that the Python functions read of this workbook, in one range that their calls pass on.

Its rows are described in `xlmodel.model.feed`. Each cell is a link, so Excel knows that a call depends on every
price, point and choice; what it would show as 0 because it is blank stays blank.
"""

from collections.abc import Iterator, Sequence

from xlmodel.book.context import Context, Given
from xlmodel.book.places import Places
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Area, letters
from xlmodel.calc.values import Value
from xlmodel.model.feed import HEAD, PAIRS, RANGE
from xlmodel.model.held import Held
from xlmodel.sheets.frame import start
from xlmodel.sheets.platforms_sheet import DOMAIN, KILOWATT

FUNCTION_DATA = "Function data"
_TOP = FIRST - 1

Row = tuple[str, Sequence[Given]]


def describe(ctx: Context) -> Sheet:
    """The sheet, and the name of its range."""
    rows = list(_rows(ctx))
    wide = max(len(cells) for _, cells in rows) + 1
    sheet = start(
        ctx, FUNCTION_DATA, "workings", "Function data",
        f"What the Python functions read: the range {RANGE}, passed on by every call. Nothing to type here.", wide,
    )  # fmt: skip
    for row, (kind, cells) in enumerate(rows, _TOP):
        sheet.put(row, 1, kind, "Unit")
        for col, given in enumerate(cells, 2):
            if given.ref is None:
                sheet.put(row, col, given.value, "Text")
            else:
                blank = 'IF({x}="","",{x})' if kind == "fact" else "{x}"
                sheet.calc(row, col, blank, "" if given.value is None else given.value, "Link", x=given.ref)
    sheet.widths |= {1: 11} | dict.fromkeys(range(2, wide + 1), 18)
    area = sheet.area(_TOP, 1, _TOP + len(rows) - 1, wide)
    sheet.freeze = f"B{_TOP}"
    sheet.print_area = f"A1:{letters(area.last_col)}{area.last_row}"
    ctx.names[RANGE] = area
    return sheet


def _rows(ctx: Context) -> Iterator[Row]:
    p, held, market = ctx.places, ctx.market.held, ctx.market
    yield HEAD, ()
    derived = (Given(market.method, p.derived("method")), Given(market.hold, p.derived("hold")))
    choices = (ctx.given(name) for name in ("workload", "precision", "snapshot"))
    yield "choices", (*choices, *derived, ctx.given("utilization"), ctx.assumed("pue"))
    yield "bases", _cells(held.bases, p.bases_header)
    for i, name in enumerate(p.platforms):
        book = Area(
            p.price_book.sheet, p.price_book.row + i, p.price_book.col, p.price_book.row + i, p.price_book.last_col
        )
        prices = _cells([held.price(name, basis) for basis in held.bases], book)
        yield "price", (_cell(name, p.menu("platforms"), i), _cell(held.price(name), p.prices_in_use, i), *prices)
    for i, fact in enumerate(ctx.inputs.platforms):
        values = ((fact.platform, 1), (fact.kilowatt, KILOWATT), (fact.domain, DOMAIN))
        yield "fact", [_cell(value, p.platform_fact(col), i) for value, col in values]
    for i, model in enumerate(held.models):
        newest = Given(held.newest[model] or "none", p.newest.cell(0, i))
        yield "model", (_cell(model, p.menu("models"), i), newest)
    for i, (workload, share) in enumerate(held.shares.items()):
        yield "workload", (_cell(workload, p.menu("workloads"), i), _cell(share, p.menu("output shares"), i))
    for kind, names, menu in (("precision", held.codes, "codes"), ("snapshot", held.snapshots, "snapshots")):
        for i, name in enumerate(names):
            yield kind, [_cell(name, p.menu(menu), i)]
    yield from _curves(p, held)
    yield from _knots(p, held)


def _curves(p: Places, held: Held) -> Iterator[Row]:
    groups = list(held.spans.items())
    for i in range(p.group_rows):
        group, spans = groups[i] if i < len(groups) else (None, ((0, 0),) * len(held.codes))
        parts = ("Model", "Platform", "Workload", "Snapshot")
        names = [_cell(getattr(group, part.lower()) if group else "", p.index(part), i) for part in parts]
        counts = [
            Given(value, p.directory(name).cell(i * len(held.codes) + code))
            for code, (first, count) in enumerate(spans)
            for name, value in (("Knots", count), ("First knot", first))
        ]
        yield "curve", (*names, *counts)


def _knots(p: Places, held: Held) -> Iterator[Row]:
    xs, ys = p.knots("Interactivity"), p.knots("Throughput")
    for first in range(0, p.knot_rows, PAIRS):
        yield (
            "knots",
            [
                Given(values[i] if i < len(values) else 0, place.cell(i))
                for i in range(first, min(first + PAIRS, p.knot_rows))
                for values, place in ((held.xs, xs), (held.ys, ys))
            ],
        )


def _cell(value: Value, area: Area, row: int) -> Given:
    return Given(value, area.cell(row))


def _cells(values: Sequence[Value], area: Area) -> list[Given]:
    """One row of an area."""
    return [Given(value, area.cell(0, i)) for i, value in enumerate(values)]
