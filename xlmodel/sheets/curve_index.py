"""The index of groups with the points of each, right of the points they count."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Line
from xlmodel.calc.functions import AND, COUNTIF, COUNTIFS, IF, IFERROR, INDEX, MATCH, MAX, ROWS, SUM
from xlmodel.calc.place import Content
from xlmodel.model.numbering import PARTS
from xlmodel.sheets.curve_numbers import numbers
from xlmodel.sheets.curve_points import key
from xlmodel.units import COUNT, TEXT

_WIDTHS = {"Model": 16, "Platform": 14, "Workload": 10, "Snapshot": 12}


def describe(ctx: Context, sheet: Sheet, col: int) -> int:
    """Write the index from a column on: first the built groups, then those that typed rows may bring; the first column after it.

    Parts and key of built groups are constants, which engines search faster.
    """
    g, p, market = ctx.graph, ctx.places, ctx.market
    built, count = len(p.built_groups), p.group_rows
    sheet.put(3, col, "Index: a group is a model on a platform, of one workload and snapshot.", "Footnote")
    codes = Line(
        TEXT,
        [g["menu.codes"].cell(i) for i in range(1, len(p.codes))],
        len(p.codes) - 1,
        Ref(sheet.name, 4, col),
        down=False,
    )
    g.printed(sheet, g.add("local.precisions", codes), "Link", "")
    t = Table(g, sheet, "index", FIRST, col, count, form="col", long=True, cuts=(built,))
    groups, spare = market.groups[:built], count - built
    t.column("Group", COUNT, list(range(1, count + 1)), style="Text", fmt="", width=7)
    place = MATCH(g["index.group"] - built, g["typed.new_group"].all, 0)
    for name in PARTS:
        typed = IFERROR(INDEX(g[f"typed_names.{name.lower()}"].all, place), "")
        names = [getattr(group, name.lower()) for group in groups]
        t.column(name, TEXT, [*names, *[typed] * spare], style="Text", fmt="", width=_WIDTHS[name])
    parts = {name: t.lines[name.lower()] for name in PARTS}
    joined = IF(parts["Model"].eq(""), "", key(parts))
    t.column(
        "Key",
        TEXT,
        [*(group.key for group in groups), *[joined] * spare],
        style="Text",
        fmt="",
        width=40,
        form="relative",
    )
    for code, name in enumerate(p.codes):
        counts = [market.count(number, code) for number in range(1, count + 1)]
        t.column(f"Points {name}", COUNT, _counts(ctx, code), key=f"points_{code}", fmt="0;;", width=9, stated=counts)
    every, apart = t.lines["points_0"], t.across("points_1", f"points_{len(p.codes) - 1}").relative
    t.column("One precision", COUNT, IF(AND(every > 0, MAX(apart).eq(every)), 1, 0), fmt="0;;", width=9)
    t.column("Out of order", COUNT, _out(ctx), fmt="0;;", width=9)
    number, above = t.lines["group"], g["index.last_row"].shift(-1).formed("relative")
    first = IF(number.eq(1), 1, SUM(above) + 1)  # above the first group stands a heading
    t.column("First row", COUNT, [first] * built + [0] * spare, fmt="0;;", width=9)
    last = [ROWS(g["points.model"].rows(0, b - FIRST)) for _, b in p.built_groups]
    t.column("Last row", COUNT, [*last, *[0] * spare], fmt="0;;", width=9)
    looks = ["Text"] * built + ["Calculation"] * spare
    t.column("Number", COUNT, numbers(ctx), style=looks, fmt="0", width=3)
    g.later(t.finish)
    return t.last_col + 2


def _counts(ctx: Context, code: int) -> list[Content]:
    """Points of each group in a precision, or in all: in the rows of its block alone, and in all rows when one is out of order."""
    g, p = ctx.graph, ctx.places
    line = g["working.curve" if code else "working.group"]
    number = g["index.group"]
    asked = number * 10 + code if code else number
    whole, under = COUNTIF(line.all, asked), COUNTIF(_under(ctx, line), asked)
    blocks = (COUNTIF(line.rows(a - FIRST, b - FIRST), asked) for a, b in p.built_groups)
    found = [IF(g["flag.out_of_order"].eq(0), block + under, whole) for block in blocks]
    return [*found, *[whole] * (p.group_rows - len(found))]


def _out(ctx: Context) -> Any:
    """Points of a group that are out of order, typed ones included."""
    g, built = ctx.graph, len(ctx.inputs.points)
    groups, number = g["working.group"], g["index.group"]
    edited = COUNTIFS(groups.rows(0, built - 1), number, g["working.back_to_order"].all, "<>1")
    return COUNTIF(_under(ctx, groups), number) + IF(g["flag.out_of_order"].eq(0), 0, edited)


def _under(ctx: Context, line: Any) -> Any:
    """The cells of the rows under the table."""
    return line.rows(len(ctx.inputs.points), ctx.places.last_point - FIRST)
