"""Changes: what changed from version to version, and what each change did to the cost at the target."""

from xlmodel.book.context import Context
from xlmodel.book.places import CHANGES, FIRST
from xlmodel.book.rows import CHANGE_FIELDS, row_of
from xlmodel.book.spec import ExcelTable, Sheet
from xlmodel.calc.values import NA
from xlmodel.model.change import Change
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.frame import headers, lines_high, start, widths
from xlmodel.units import USD_PER_MILLION

COLUMNS = tuple(CHANGE_FIELDS)
SPARE = 30  # rows under the table for lines of one's own
_UNITS = (None, None, None, None, None, USD_PER_MILLION.label, "who and why")
_WIDTHS = (12, 52, 24, 22, 22, 14, 46)


def describe(ctx: Context, target: Target) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx, CHANGES, "control", "Changes",
        "One line a change. Effect: what it added to the cost at the target of the Summary. Notes, and lines below, are yours.",
        len(COLUMNS),
    )  # fmt: skip
    rows = ctx.inputs.changes or (built(ctx, target),)
    for offset, unit in enumerate(_UNITS):
        sheet.put(FIRST - 2, offset + 1, unit, "Column unit")
    headers(sheet, FIRST - 1, 1, COLUMNS)
    for row, change in enumerate(rows, FIRST):
        _row(sheet, row, change)
    area = sheet.area(FIRST - 1, 1, FIRST + len(rows) - 1, len(COLUMNS))
    sheet.tables.append(ExcelTable("tblChanges", area, COLUMNS, SPARE, free=("Note",)))
    sheet.open_columns += range(1, len(COLUMNS) + 1)
    sheet.open_formats[1] = "@"  # a date stays as it is typed
    widths(sheet, _WIDTHS)
    sheet.freeze = f"A{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    return sheet


def built(ctx: Context, target: Target) -> Change:
    """The first line: the build itself, and the cost it began with."""
    costs = [cost for cost in target.values["Cost"] if isinstance(cost, float)]
    inputs = ctx.inputs
    what = f"Built {ctx.build_id}: {len(inputs.points):,} points, {len(inputs.quotes):,} quotes. After: lowest cost at the target"
    return Change(ctx.build_date, what, "Summary", None, min(costs, default=NA))


def _row(sheet: Sheet, row: int, change: Change) -> None:
    for offset, value in enumerate(row_of(change, CHANGE_FIELDS)[:-1]):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        style = "Note" if offset == 1 else "Data" if number else "Data text"
        fmt = "+0.000;-0.000;0.000" if COLUMNS[offset] == "Effect" else "General" if number else "@"
        sheet.put(row, offset + 1, value, style, fmt)
    sheet.put(row, len(COLUMNS), change.note or None, "Input text")
    sheet.heights[row] = lines_high([(change.what, _WIDTHS[1]), (change.note, _WIDTHS[-1])])
