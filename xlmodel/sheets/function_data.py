"""Function data: all that the Python functions read of this workbook, in one range that their calls pass on.

Its rows are described in `xlmodel.model.feed`. Each cell is a link, so Excel knows that a call depends on every
price, point and choice; what it would show as 0 because it is blank stays blank.
"""

from collections.abc import Iterator
from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import letters
from xlmodel.calc.functions import IF
from xlmodel.model.feed import HEAD, PAIRS, RANGE
from xlmodel.sheets.frame import start
from xlmodel.units import ANY

FUNCTION_DATA = "Function data"
_TOP = FIRST - 1


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
        for col, cell in enumerate(cells, 2):
            shown = IF(cell.eq(""), "", cell) if kind == "fact" else cell
            single(ctx.graph, sheet, f"data.{row}.{col}", ANY, shown, row, col, style="Link", fmt="", heading=kind)
    sheet.widths |= {1: 11} | dict.fromkeys(range(2, wide + 1), 18)
    area = sheet.area(_TOP, 1, _TOP + len(rows) - 1, wide)
    sheet.freeze = f"B{_TOP}"
    sheet.print_area = f"A1:{letters(area.last_col)}{area.last_row}"
    ctx.names[RANGE] = area
    return sheet


def _rows(ctx: Context) -> Iterator[tuple[str, list[Any]]]:
    """Kind and cells of each row; see `xlmodel.model.feed`."""
    g, p, inputs = ctx.graph, ctx.places, ctx.inputs

    def each(*keys: str, count: int) -> list[list[Any]]:
        return [[g[key].cell(i) for key in keys] for i in range(count)]

    bases = range(len(p.bases))
    yield HEAD, []
    names = ("workload", "precision", "snapshot", "method", "hold", "utilization", "pue")
    yield "choices", [g[f"scenario.{name}"] for name in names]
    yield "bases", [g["prices.bases"].cell(j) for j in bases]
    priced = each("menu.platforms", "prices.in_use", *(f"prices.basis_{j}" for j in bases), count=len(p.platforms))
    facts = each("platforms.platform", "platforms.kilowatt", "platforms.domain", count=len(inputs.platforms))
    models = [[g["menu.models"].cell(i), g["held.newest"].cell(i + 1)] for i in range(len(inputs.models))]
    loads = each("menu.workloads", "menu.output_shares", count=len(inputs.workloads))
    codes, snapshots = each("menu.codes", count=len(p.codes)), each("menu.snapshots", count=len(inputs.snapshots) + 1)
    for kind, rows in (
        ("price", priced),
        ("fact", facts),
        ("model", models),
        ("workload", loads),
        ("precision", codes),
        ("snapshot", snapshots),
    ):
        yield from ((kind, row) for row in rows)
    for i, names_of in enumerate(
        each("index.model", "index.platform", "index.workload", "index.snapshot", count=p.group_rows)
    ):
        places = range(i * len(p.codes), (i + 1) * len(p.codes))
        yield (
            "curve",
            [*names_of, *(g[f"directory.{key}"].cell(at) for at in places for key in ("knots", "first_knot"))],
        )
    for first in range(0, p.knot_rows, PAIRS):
        places = range(first, min(first + PAIRS, p.knot_rows))
        yield "knots", [g[f"knots.{key}"].cell(at) for at in places for key in ("interactivity", "throughput")]
