"""The frame every sheet wears: title band, subtitle, master check, column headers."""

import math
from collections.abc import Sequence
from itertools import accumulate

from xlmodel.book.context import Context
from xlmodel.book.keys import slug
from xlmodel.book.one_cell import single
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import letters
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import IF, ROW, SUMPRODUCT
from xlmodel.calc.place import Written
from xlmodel.calc.values import Value
from xlmodel.units import TEXT

SMALLEST = 70  # percent at which a wide sheet may be printed
ROOM = 195  # characters that a landscape page holds at that scale, in a program that spaces them widely


def start(ctx: Context, name: str, kind: str, title: str, subtitle: str, width: int, freeze: str = "A7") -> Sheet:
    """A sheet with its title band across `width` columns and the master check at the band's end."""
    sheet = Sheet(name, kind, title, subtitle, freeze=freeze)
    for col in range(1, width + 1):
        sheet.put(1, col, None, "Title")
        sheet.put(2, col, None, "Subtitle")
    sheet.put(1, 1, title, "Title")
    sheet.put(2, 1, subtitle, "Subtitle")
    sheet.light = width
    sheet.put(2, width, band(ctx.build_date, ctx.build_id), "Band")
    sheet.heights[1], sheet.heights[2] = 26, 16
    sheet.repeat_rows = "1:2"
    return sheet


def band(build_date: str, build_id: str) -> str:
    """What stands at the end of the title band: the day of a build and its name."""
    return f"built {build_date} · {build_id}"


def light(ctx: Context, sheet: Sheet) -> None:
    """The master check as words in the frozen header."""
    g = ctx.graph
    words = IF(g["checks.master"].eq(1), "Checks: all pass", "Checks: " & g["checks.failing"] & " fail")
    single(g, sheet, f"{slug(sheet.name)}.light", TEXT, words, 1, sheet.light, style="Band", heading="master check")


def headers(sheet: Sheet, row: int, col: int, names: Sequence[str], height: float = 30) -> None:
    """A row of column headers."""
    for offset, name in enumerate(names):
        sheet.put(row, col + offset, name, "Column")
    sheet.heights[row] = max(height, sheet.heights.get(row, 0))


def widths(sheet: Sheet, sizes: Sequence[float], col: int = 1) -> None:
    """Column widths from a column on."""
    for offset, size in enumerate(sizes):
        sheet.widths[col + offset] = size


def paged(sheet: Sheet, last_col: int, beside: int) -> list[tuple[int, int]]:
    """Print a sheet at 70 %, its wide tables by columns: the first and last column of each page.

    Args:
        sheet: with the widths of its columns.
        last_col: its last printed column.
        beside: columns that stand on every page, from the first.
    """
    wide = [sheet.widths.get(col, 8.43) for col in range(1, last_col + 1)]
    sheet.scale = SMALLEST
    if sum(wide) <= ROOM:
        return [(1, last_col)]
    sheet.repeat_columns = f"A:{letters(beside)}"
    rest, room = sum(wide[beside:]), ROOM - sum(wide[:beside])
    even = rest / math.ceil(rest / room)  # pages about equally full
    pages, first, held = [], 1, 0.0
    for col in range(beside + 1, last_col + 1):
        if held and (held + wide[col - 1] / 2 > even or held + wide[col - 1] > room):
            pages.append((first, col - 1))
            first, held = col, 0.0
        held += wide[col - 1]
    return [*pages, (first, last_col)]


def held(sheet: Sheet, last_col: int) -> int:
    """The last column, at most `last_col`, of what a page at 70 % holds from the first column on.

    >>> held(Sheet("S", "inputs", "S", widths={1: 100, 2: 90, 3: 10}), 3)
    2
    """
    reached = accumulate(sheet.widths.get(col, 8.43) for col in range(1, last_col + 1))
    return sum(1 for width in reached if width <= ROOM)


def lines_high(texts: Sequence[tuple[str | None, float]], low: float = 15) -> float:
    """Height in points of a row whose wrapped texts stand in columns of these widths, at 9 points."""
    lines = max((math.ceil(len(text or "") * 1.05 / width) for text, width in texts), default=1)
    return max(low, 11.6 * lines + 3)


def data_looks(values: Sequence[Value]) -> tuple[list[str], list[str]]:
    """Style and number format of each cell of a column that may hold numbers and words.

    >>> data_looks([2.5, "B200"])
    (['Data', 'Data text'], ['General', '@'])
    """
    numbers = [is_number(value) for value in values]
    return ["Data" if n else "Data text" for n in numbers], ["General" if n else "@" for n in numbers]


def span(row: int, col: int, last_row: int, last_col: int) -> str:
    """An A1 range on the same sheet."""
    return f"{letters(col)}{row}:{letters(last_col)}{last_row}"


def rank_among(score: Line, form: str = "relative", *, largest: bool = False) -> Expr:
    """The rank of a score among its column, the smallest (or largest) first; of equals the upper one comes first."""
    own, every = Written(score, form), score.all
    better = every > own if largest else every < own
    return 1 + SUMPRODUCT(better + every.eq(own) * (ROW(every) < ROW()))
