"""Workings beside the Benchmarks table: which points take part, and which of them are on a frontier.

A point competes only within its curve. Rows of the table are sorted (`xlmodel.model.sort_order`), so a row in order is
compared with the last knot above it alone. A row out of order, or typed under the table, is compared with every row,
and every row in order of its group with it. Comparisons are numeric, never by criteria such as ">="&B2, which pass
through 15-digit text.

Every formula here refers to this sheet only, so that it can be stored once and filled down: Excel does
not load shared formulas that refer to other sheets. What is needed from elsewhere is linked in first.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.graph import Graph
from xlmodel.book.one_cell import single
from xlmodel.book.point_places import FIRST, LOAD, MEANT, SPARE_POINTS, UNKNOWN
from xlmodel.book.record_rows import POINT_FIELDS
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.functions import AND, IF, IFERROR, ISBLANK, ISNUMBER, MATCH, MAX, OR, ROW
from xlmodel.calc.running import Above
from xlmodel.model.membership import KEY
from xlmodel.model.numbering import PARTS
from xlmodel.sheets import meant, point_doubts, point_order
from xlmodel.sheets.frame import headers, widths
from xlmodel.units import COUNT, MILLISECONDS, TEXT

FLAGS = ("spec_none", "spec_mtp", "spec_unknown", "dis_no", "dis_yes", "ttft_limit")
Names = Mapping[str, Any]  # a row's cells by the heading of the table


def describe(ctx: Context, sheet: Sheet, col: int) -> int:
    """Write the workings right of the table, from a column on; the first column after those that stand together."""
    g, market, built = ctx.graph, ctx.market, len(ctx.inputs.points)
    sheet.put(3, col, "Workings: nothing to type here. Below: switches of the Scenario, and points out of order.", "Footnote")  # fmt: skip
    for i, name in enumerate(FLAGS):
        unit = MILLISECONDS if name == "ttft_limit" else COUNT
        single(g, sheet, f"flag.{name}", unit, g[f"scenario.{name}"], 4, col + i, style="Link", fmt="0")
    t = Table(g, sheet, "working", FIRST, col, built + SPARE_POINTS, form="col", long=True)
    row, typed = said(g), said(g) | shifted(meant.names(g), -built)
    membership = [*market.membership, *[0] * (t.count - len(market.membership))]
    group = [_member(g, row), *[_member(g, row, below=True)] * (built - 1), *[_member(g, typed)] * SPARE_POINTS]
    t.column("Group", COUNT, group, fmt="0;;", width=8, stated=membership)
    t.column("Curve", COUNT, [_curve(g, row)] * built + [_curve(g, typed)] * SPARE_POINTS, fmt="0;;", width=9)
    point_order.describe(ctx, t, col + len(FLAGS))
    g.later(t.finish)
    return _typed(ctx, sheet, t, shifted(row, built) | meant.names(g))


def said(g: Graph) -> dict[str, Any]:
    """What stands in a row of the table."""
    return {heading: g[f"points.{field}"] for heading, field in POINT_FIELDS.items()}


def shifted(row: Names, by: int) -> dict[str, Any]:
    """The same from a table that begins so many rows further down."""
    return {name: cell.shift(by) for name, cell in row.items()}


def key(row: Names) -> Any:
    """The names that make a group, as one text."""
    return reduce(lambda text, name: text & "|" & row[name], PARTS[1:], row[PARTS[0]])


def usable(row: Names, then: Any, otherwise: Any) -> Any:
    """For rows with two positive numbers that are not excluded."""
    x, y, include = (row[name] for name in ("Interactivity", "Throughput", "Include"))
    return IF(
        AND(ISNUMBER(x), ISNUMBER(y), OR(ISBLANK(include), include.eq(1))),
        IF(AND(x > 0, x < KEY, y > 0), then, otherwise), otherwise,
    )  # fmt: skip


def _member(g: Graph, row: Names, *, below: bool = False) -> Any:
    """Group of a row that takes part; below another row of the same group it need not be searched."""
    speculative, disaggregated, ttft = (row[name] for name in ("Speculative decoding", "Disaggregated", "TTFT"))
    none, mtp, unknown, apart_no, apart_yes, limit = (g[f"flag.{name}"] for name in FLAGS)
    allowed = (
        IF(speculative.eq("MTP"), mtp, IF(speculative.eq("not recorded"), unknown, none))
        * IF(disaggregated.eq("yes"), apart_yes, apart_no)
        * IF(limit > 0, IF(ISNUMBER(ttft), IF(ttft <= limit, 1, 0), 0), 1)
    )
    found = IFERROR(MATCH(key(row), g["index.key"].all, 0), 0)
    if below:
        above = g["working.group"].shift(-1)
        same = AND(*(row[name].eq(row[name].shift(-1)) for name in PARTS))
        found = IF(same, IF(above > 0, above, found), found)
    return usable(row, IF(allowed.eq(0), 0, found), 0)


def _curve(g: Graph, row: Names) -> Any:
    """Curve of a row: its group and the place of its precision."""
    group = g["working.group"]
    place = MATCH(row["Precision"], g["local.precisions"].all, 0)
    return IF(group.eq(0), 0, IFERROR(group * 10 + place, 0))


def _typed(ctx: Context, sheet: Sheet, t: Table, row: Names) -> int:
    """Keys of the rows under the table, and a running number where one brings a new group."""
    g, col, top = ctx.graph, t.last_col + 1, FIRST + len(ctx.inputs.points)
    headers(sheet, FIRST - 1, col, ("Key of typed row", "New group", *MEANT.values(), UNKNOWN, LOAD))
    sizes = (30, 8, 16, 14, 10, 10, 12, 30, 9, 3)
    widths(sheet, sizes, col)
    typed = Table(g, sheet, "typed", top, col, SPARE_POINTS, long=True, head="")
    text = typed.column("Key", TEXT, usable(row, key(row), ""), style="Text", fmt="", form="col")
    new = typed.column("New group", COUNT, fmt="0;;", form="relative")
    sheet.put(top - 1, col + 1, 0, "Text", "0;;")
    known = ISNUMBER(MATCH(text, g["index.key"].rows(0, len(ctx.places.built_groups) - 1), 0))
    again = MATCH(text, text.all.formed("row"), 0) < ROW() - (top - 1)
    new.content = IF(text.eq(""), 0, IF(known, 0, IF(again, 0, MAX(Above(new)) + 1)))
    g.later(typed.finish)
    meant.of_points(ctx, sheet, col + 2)
    point_doubts.of_points(ctx, sheet, col + 3 + len(MEANT))
    return col + len(sizes)
