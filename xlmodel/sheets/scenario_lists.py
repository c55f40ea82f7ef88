"""The lists behind the menus, right of the assumptions, and which snapshots hold which model."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.places import SCENARIO
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Line
from xlmodel.calc.counted import counted
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import FIND, IF, INDEX, LEFT, MAX, MID, ROW, SUBSTITUTE, SUMPRODUCT, largest
from xlmodel.calc.values import Value
from xlmodel.model.curve import BELOW_RANGE, INTERPOLATIONS
from xlmodel.model.point import DISAGGREGATED, LATEST, SPECULATIVE
from xlmodel.model.scenario import SWITCHES
from xlmodel.units import COUNT, SHARE, TEXT

LISTS = 10  # first column


def describe(ctx: Context, sheet: Sheet) -> None:
    """Write the lists, then the counts of points below them."""
    p, inputs, g = ctx.places, ctx.inputs, ctx.graph
    sheet.put(FIRST - 3, LISTS, "Lists behind the menus", "Heading")
    t = Table(g, sheet, "menu", FIRST, LISTS, 0)

    def menu(heading: str, key: str, items: tuple[Value, ...]) -> Any:
        return t.column(heading, TEXT, list(items), key=key, style="Text", count=len(items))

    models = menu("Models", "models", inputs.models)
    workloads = menu("Workloads", "workloads", inputs.workloads)
    t.column(
        "Output share of tokens", SHARE, output_share(workloads.relative), key="output_shares", count=workloads.count
    )
    codes = menu("Precisions", "codes", p.codes)
    snapshots = menu("Snapshots", "snapshots", (*(s.label for s in inputs.snapshots), LATEST))
    menu("Platforms", "platforms", p.platforms)
    bases = menu("Bases", "bases", p.bases)
    menu("Switch", "switches", SWITCHES)
    menu("Interpolation", "interpolations", INTERPOLATIONS)
    menu("Below range", "below", BELOW_RANGE)
    menu("Speculative", "speculative", SPECULATIVE)
    menu("Disaggregated", "disaggregated", DISAGGREGATED)
    g.add("menu.measured", codes.part(1, codes.count - 1))  # precisions that a point may have: all but the pooled one
    g.add("menu.quotable", bases.part(0, bases.count - 1))  # bases that a quote may carry: all but the computed one
    longest = max(
        line.count for key, line in t.lines.items() if key in ("models", "workloads", "snapshots", "platforms", "bases")
    )
    _held(ctx, sheet, FIRST + longest + 5, models, snapshots)


def output_share(workload: Expr) -> Expr:
    """Output tokens over all tokens of a workload such as 8k/1k."""
    slash = FIND("/", workload)

    def thousands(text: Expr) -> Expr:
        return counted(SUBSTITUTE(text, "k", ""), "1", "the name of a workload counts thousands of tokens")

    into, out = thousands(LEFT(workload, slash - 1)), thousands(MID(workload, slash + 1, 9))
    return out / (into + out)


def _held(ctx: Context, sheet: Sheet, row: int, models: Any, snapshots: Any) -> None:
    """Points by snapshot and model: which snapshots hold a model, and so which is its newest.

    Not by COUNTIFS: as a criterion the label 2025-10 would be read as a date.
    """
    g, count = ctx.graph, len(ctx.inputs.snapshots)
    sheet.put(row - 2, LISTS, "Points by snapshot and model", "Heading")
    t = Table(g, sheet, "held", row, LISTS, count)
    label = t.column("Snapshot", TEXT, [snapshots.cell(i) for i in range(count)], style="Text")
    sheet.put(row + count, LISTS, "Newest", "Strong")
    newest_of = []
    for j, model in enumerate(ctx.inputs.models):
        rows = g["points.model"].all.eq(models.cell(j)) * g["points.snapshot"].all.eq(label)
        held = t.column(model, COUNT, SUMPRODUCT(rows), key=f"model_{j}", fmt="0;;-").all
        newest = IF(MAX(held).eq(0), "none", last_held(held, snapshots.all, row - 1))
        newest_of.append(t.below(f"model_{j}", f"newest_{j}", newest, style="Text", unit=TEXT))
    # begins with its label, since an area of one cell is no area to every program
    g.add(
        "held.newest",
        Line(TEXT, ["Newest", *newest_of], len(newest_of) + 1, Ref(SCENARIO, row + count, LISTS), down=False),
    )


def last_held(counts: Any, labels: Any, above: int) -> Expr:
    """The last of some labels whose count is above 0; the rows that count begin below row `above`."""
    return INDEX(labels, largest((counts > 0) * (ROW(counts) - above)))
