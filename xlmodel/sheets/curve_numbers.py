"""What the functions search: the groups by number, the curves in use by model and platform, and the sort keys in blocks."""

from math import isqrt
from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.functions import IF, IFERROR, INDEX, MATCH, ROW, lookup
from xlmodel.calc.lambdas_names import listed
from xlmodel.calc.place import Content
from xlmodel.model.economics import busy_cost
from xlmodel.model.numbering import PARTS, Numbering
from xlmodel.model.point import LATEST
from xlmodel.sheets.curve_knots import SORT_FORMAT, UNUSED
from xlmodel.units import COST_AT_ONE, COUNT, TEXT

CHOICES = ("workload", "snapshot", "precision")


def numbers(ctx: Context) -> list[Content]:
    """A number for each group of the index, made of the places of its names."""
    numbering, count = _numbering(ctx), ctx.places.group_rows
    built: list[Content] = [numbering.number(group) or UNUSED + i for i, group in enumerate(numbering.built)]
    total: Any = None
    for part in PARTS:
        place = _place(ctx, numbering, part, ctx.graph[f"index.{part.lower()}"])
        total = place if total is None else total * numbering.widths[part] + place
    typed = IF(ctx.graph["index.model"].eq(""), UNUSED, total)
    return [*built, *[typed] * (count - len(built))]


def _numbering(ctx: Context) -> Numbering:
    return Numbering(ctx.inputs, ctx.market.groups[: len(ctx.places.built_groups)])


def _place(ctx: Context, numbering: Numbering, part: str, name: Any) -> Any:
    """Place of a name from 1: in its menu, or behind it by the first typed group that brings it."""
    p, menu = ctx.places, ctx.graph[listed(part.lower())].all
    own = ctx.graph[f"index.{part.lower()}"].rows(len(p.built_groups), p.group_rows - 1)
    return IFERROR(MATCH(name, menu, 0), len(numbering.menus[part]) + MATCH(name, own, 0))


def describe(ctx: Context, sheet: Sheet, col: int) -> None:
    """Write the groups by number, the curves in use, and the blocks of sort keys, from a column on."""
    numbering = _numbering(ctx)
    sheet.put(3, col, "What the functions search: groups by number, and the curves in use.", "Footnote")
    found = sorted((numbering.number(group) or UNUSED + i, i + 1) for i, group in enumerate(numbering.built))
    t = Table(ctx.graph, sheet, "by_number", FIRST, col, len(found), long=True)
    t.column("Number", COUNT, [number for number, _ in found], style="Text", fmt="0", width=14)
    t.column("Group", COUNT, [group for _, group in found], style="Text", fmt="0", width=7)
    ctx.graph.later(t.finish)
    sheet.widths |= {col - 1: 3, t.last_col + 1: 3}
    _choices(ctx, sheet, numbering, t.last_col + 2)
    _blocks(ctx, sheet, _in_use(ctx, sheet, t.last_col + 2))


def _choices(ctx: Context, sheet: Sheet, numbering: Numbering, col: int) -> None:
    """The choices for arguments that are left out, and their places in the menus."""
    g = ctx.graph
    for i, name in enumerate(CHOICES):
        chosen = single(g, sheet, f"in_use.{name}", TEXT, g[f"scenario.{name}"], 4, col + i, style="Link")
        if name == "precision":
            place = MATCH(chosen, g[listed(name)].all, 0)
        else:
            place = _place(ctx, numbering, name.capitalize(), chosen)
        single(g, sheet, f"in_use.{name}_place", COUNT, IFERROR(place, 0), 4, col + len(CHOICES) + i, fmt="0")


def _in_use(ctx: Context, sheet: Sheet, col: int) -> int:
    """Place in the directory of the curve that a model and a platform have under the choices; 0 without one."""
    g, count, codes = ctx.graph, len(ctx.inputs.models), len(ctx.places.codes)
    t = Table(g, sheet, "in_use", FIRST, col, count)
    models = [g["menu.models"].cell(i) for i in range(count)]
    newest = [g["held.newest"].cell(i + 1) for i in range(count)]
    snapshot, workload, code = (g[f"in_use.{key}"] for key in ("snapshot", "workload", "precision_place"))
    model = t.column("Model", TEXT, models, style="Link", width=14)
    label = t.column(
        "Snapshot",
        TEXT,
        [IF(snapshot.eq(LATEST), new, snapshot) for new in newest],
        key="label",
        style="Text",
        fmt="",
        width=12,
    )
    places = [IFERROR(MATCH(new, g["menu.snapshots"].all, 0), 0) for new in newest]
    t.column("Newest", COUNT, places, fmt="0;;", width=9)
    curves = Table(g, sheet, "curves_in_use", FIRST, t.last_col + 1, count, form="col", long=True, head="")
    for j, platform in enumerate(ctx.inputs.platforms):
        at = curves.col + j
        head = single(
            g, sheet, f"curves_in_use.head_{j}", TEXT, g["platforms.platform"].cell(j), FIRST - 1, at, style="Column"
        )
        asked = model & "|" & head.by_row & "|" & workload & "|" & label
        found = (MATCH(asked, g["index.key"].all, 0) - 1) * codes + code
        curves.column(platform.platform, COUNT, IF(code.eq(0), 0, IFERROR(found, 0)), key=str(j), fmt="0;;", width=9)
    g.later(curves.finish)
    _cost_in_use(ctx, sheet, curves.col)
    return curves.last_col + 2


def _cost_in_use(ctx: Context, sheet: Sheet, col: int) -> None:
    """Cost of a million tokens on each platform at 1 tok/s/GPU, over the curves in use; empty without a price."""
    g, count = ctx.graph, len(ctx.inputs.platforms)
    t = Table(g, sheet, "cost_in_use", FIRST - 2, col, count, down=False, units=True)
    name, utilization = g["platforms.platform"], g["scenario.utilization"]
    prices = [lookup(g["prices.in_use"], g["menu.platforms"], name.cell(j)) for j in range(count)]
    cost = [IFERROR(busy_cost(price, utilization), "") for price in prices]
    t.line("Cost at", COST_AT_ONE, cost, key="at_one", shown="1 tok/s/GPU")


def _blocks(ctx: Context, sheet: Sheet, col: int) -> None:
    """The sort keys of the knots in blocks: one search down the first column and one along a row find a knot."""
    g, count = ctx.graph, ctx.places.knot_rows
    side = isqrt(count - 1) + 1
    sheet.put(3, col, "Sort keys of the knots in blocks, row by row.", "Footnote")
    t = Table(g, sheet, "blocks", FIRST, col, side, long=True, head="")
    for j in range(side):
        n = (ROW() - FIRST) * side + (j + 1)
        t.column(str(j), COUNT, IF(n > count, UNUSED, INDEX(g["knots.sort_key"].all, n)), fmt=SORT_FORMAT)
    g.later(t.finish)
