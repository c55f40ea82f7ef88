"""Changes: what changed from version to version, and what each change did to the cost at the target."""

from xlmodel.book.context import Context
from xlmodel.book.places import CHANGES
from xlmodel.book.point_places import FIRST
from xlmodel.book.record_rows import CHANGE_FIELDS, row_of
from xlmodel.book.spec import ExcelTable, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import NA
from xlmodel.model.facts import Change
from xlmodel.sheets.frame import data_looks, lines_high, start
from xlmodel.units import TEXT, USD_PER_MILLION

_COMPUTED = "0.0000"  # nobody reads all digits of what no person typed
SPARE = 30  # rows under the table for lines of one's own
_WIDTHS = {"day": 12, "what": 52, "place": 24, "before": 22, "after": 22, "effect": 14, "note": 46}


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    columns = tuple(CHANGE_FIELDS)
    sheet = start(
        ctx, CHANGES, "control", "Changes",
        "One line a change. Effect: what it added to the cost at the target of the Summary. Notes, and lines below, are yours.",
        len(columns),
    )  # fmt: skip
    changes = ctx.inputs.changes or (built(ctx),)
    rows = [row_of(change, CHANGE_FIELDS) for change in changes]
    t = Table(ctx.graph, sheet, "changes", FIRST, 1, len(rows), units=True)
    for k, (heading, field) in enumerate(CHANGE_FIELDS.items()):
        cells = [row[k] for row in rows]
        styles, formats = data_looks(cells)
        width = _WIDTHS[field]
        if field == "effect":
            t.column(heading, USD_PER_MILLION, cells, style=styles, fmt="+0.000;-0.000;0.000", width=width)
        elif field == "note":
            t.column(heading, TEXT, cells, style="Input text", width=width, shown="who and why")
        elif field == "what":
            t.column(heading, TEXT, cells, style="Note", fmt="@", width=width)
        else:
            formats = [
                _COMPUTED if is_number(v) and v != round(v, 6) else f for v, f in zip(cells, formats, strict=True)
            ]
            t.column(heading, TEXT, cells, style=styles, fmt=formats, width=width)
    for row, change in enumerate(changes, t.row):
        sheet.heights[row] = lines_high([(change.what, _WIDTHS["what"]), (change.note, _WIDTHS["note"])])
    sheet.tables.append(ExcelTable("tblChanges", t.whole, columns, SPARE, free=("Note",)))
    sheet.open_columns += range(1, len(columns) + 1)
    sheet.open_formats[1] = "@"  # a date stays as it is typed
    sheet.freeze = f"A{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    return sheet


def built(ctx: Context) -> Change:
    """The first line: the build itself, and the cost it began with."""
    costs = [cost for cost in ctx.graph.find("target.cost").values if isinstance(cost, float)]
    inputs = ctx.inputs
    what = f"Built {ctx.build_id}: {len(inputs.points):,} points, {len(inputs.quotes):,} quotes. After: lowest cost at the target"
    return Change(ctx.build_date, what, "Summary", None, min(costs, default=NA))
