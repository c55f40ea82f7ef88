"""The summary of many books as a workbook: a row a book with its key figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from xlmodel.book.graph import Graph
from xlmodel.book.spec import Book, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import ExcelError, Value
from xlmodel.sheets.frame import data_looks
from xlmodel.units import RATIO, TEXT, USD_PER_GPU_HOUR, USD_PER_MILLION, Unit

FIRST = 5
# heading, key of the figure, unit, number format, width
COLUMNS: tuple[tuple[str, str, Unit, str, float], ...] = (
    ("Book", "name", TEXT, "", 28), ("State", "state", TEXT, "", 9), ("Cheapest platform", "platform", TEXT, "", 16),
    ("Cost at the target", "cost", USD_PER_MILLION, "#,##0.0000", 14), ("Performance per USD", "gain", RATIO, '0.00"x"', 14),
    ("Break-even price", "break_even", USD_PER_GPU_HOUR, "#,##0.00", 14), ("Answer", "answer", TEXT, "", 70),
    ("Fleet", "fleet", TEXT, "", 50), ("Plan", "plan", TEXT, "", 70), ("Failing checks", "failing_checks", TEXT, "", 30),
    ("Why there is no book", "problem", TEXT, "", 50), ("File", "file", TEXT, "", 32),
)  # fmt: skip


def summary(rows: Sequence[Mapping[str, Any]], title: str, date: str) -> Book:
    """The summary.

    Args:
        rows: facts of each book by the keys of `COLUMNS`; errors of Excel by their code.
        title: what the books were made from.
        date: day of the build, in ISO form.
    """
    graph, sheet = Graph(), Sheet("Books", "presentation", title, freeze=f"B{FIRST}", repeat_rows=f"1:{FIRST - 1}")
    for col in range(1, len(COLUMNS) + 1):
        sheet.put(1, col, None, "Title")
        sheet.put(2, col, None, "Subtitle")
    sheet.put(1, 1, title, "Title")
    sheet.put(2, 1, f"{len(rows):,} books; values as their models compute them", "Subtitle")
    sheet.heights |= {1: 26, 2: 16}
    t = Table(graph, sheet, "books", FIRST, 1, len(rows), units=True)
    for heading, key, unit, fmt, width in COLUMNS:
        values = [_cell(row.get(key), unit) for row in rows]
        styles, _ = data_looks(values)
        t.column(heading, unit, values, style=styles if unit is TEXT else "Data", fmt=fmt, width=width)
    graph.finish()
    return Book((sheet,), {}, title, "Key figures of many books", date, "", opens_on=0)


def _cell(value: Any, unit: Unit) -> Value:
    """A figure as a cell: errors as errors, nothing as nothing."""
    if unit is not TEXT:
        return value if is_number(value) else ExcelError(value) if value else None
    return str(value) if value else None
