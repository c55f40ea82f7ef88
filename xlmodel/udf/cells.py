"""Between Excel and the functions: what xlwings hands over becomes values, and answers become what it can show."""

import datetime as dt
import sys
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlwings as xw
from xlwings.conversion import Pipeline, ReadValueFromRangeStage, ValueAccessor

from xlmodel.domain.ranges import Answer, Cells
from xlmodel.domain.swift import Numbers
from xlmodel.formulas.values import NUM, VALUE, ExcelError, Value

COM = sys.platform == "win32" and not getattr(xw, "on_server", False)
CODES = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!")
ERRORS = {code: ExcelError(code) for code in CODES}
# COM cannot hand over an error value, only text
MEANINGS = {
    "#N/A": "no data, or out of range", "#VALUE!": "unknown name, or wrong kind of argument",
    "#NUM!": "impossible number", "#DIV/0!": "division by zero",
}  # fmt: skip
DAY_ZERO = dt.datetime(1899, 12, 30)
PLAIN = {float, int, bool, type(None)}
KEPT = (PLAIN | {str}) - ({int} if COM else set())  # by COM a number is a float, and an int the number of an error
COM_ERRORS = {
    -2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!", -2146826259: "#NAME?",
    -2146826252: "#NUM!", -2146826246: "#N/A",
}  # fmt: skip


class Exact(ValueAccessor):
    """Reads cells by COM as they are stored: by default money comes in four decimals and a date as a date."""

    @staticmethod
    def reader(options: Any) -> Any:
        """The usual steps with another first one."""
        return ValueAccessor.reader(options).insert_stage(Exact.read, replace=ReadValueFromRangeStage)  # type: ignore[no-untyped-call]

    @staticmethod
    def read(context: Any) -> None:
        """The values of a range; a literal is there already."""
        if context.range is not None:
            context.value = context.range.api.Value2


class Whole(Exact):
    """Hands a range over as it comes, because looking at thousands of cells at every call is what takes the time."""

    @staticmethod
    def reader(options: Any) -> Any:
        """Nothing but the reading."""
        del options
        return Pipeline([Exact.read])


# how xlwings hands over every argument: as rows, errors as their codes; the workbook's data as they are
TAKE: dict[str, Any] = {"ndim": 2, "err_to_str": True} | ({"convert": Exact} if COM else {})
AS_IT_IS = {"convert": Whole}


def taken(cells: Any) -> Cells:
    """An argument as a value, or as rows of values: a single cell is its value, a plain list is a column.

    >>> taken([["#N/A"]]), taken([[1.0, "x"]]), taken([1, 2])
    (ExcelError(code='#N/A'), [[1.0, 'x']], [[1], [2]])
    """
    if hasattr(cells, "tolist"):
        cells = cells.tolist()
    if not isinstance(cells, list | tuple):
        return _value(cells)
    if not cells or not isinstance(cells[0], list | tuple):
        cells = [[cell] for cell in cells]
    if len(cells) == 1 and len(cells[0]) == 1:
        return _value(cells[0][0])
    return [row if set(map(type, row)) <= PLAIN else [_value(cell) for cell in row] for row in cells]


def _value(cell: Any) -> Value:
    """A cell; a date is its serial number, and money of the Currency type a number."""
    if isinstance(cell, str):
        return ERRORS.get(cell, cell)
    if cell is None or isinstance(cell, bool | float | int | ExcelError):
        return cell
    if isinstance(cell, dt.datetime):
        return (cell.replace(tzinfo=None) - DAY_ZERO) / dt.timedelta(days=1)
    return float(cell) if isinstance(cell, Decimal) else VALUE


def shown(answer: Answer, words: str = "") -> Any:
    """An answer as Excel can show it: infinity and not-a-number are #NUM!, an error is its code, by COM with `words`.

    >>> shown([[1.0, float("inf")]]), shown(ExcelError("#N/A"))
    ([[1.0, '#NUM!']], '#N/A')
    """
    if isinstance(answer, Numbers):
        return answer
    if isinstance(answer, list):
        return [[_shown(cell, words) for cell in row] for row in answer]
    return _shown(answer, words)


def _shown(cell: Value, words: str) -> Any:
    if isinstance(cell, float) and not -float("inf") < cell < float("inf"):
        cell = NUM
    if isinstance(cell, ExcelError):
        return f"{cell.code}: {words or MEANINGS.get(cell.code, 'an error among the arguments')}" if COM else cell.code
    return "" if cell is None else cell


def content(cells: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    """A range that came as it is, as a key of a cache: the same content, the same key; errors are their codes.

    >>> content([["B200", 2.5, {"type": "Error", "basicValue": "#N/A"}]])
    (('B200', 2.5, '#N/A'),)
    """
    return tuple(tuple(cell if cell.__class__ in KEPT else _code(cell) for cell in row) for row in cells)


def _code(cell: Any) -> Any:
    """An error as its code, by COM a number and else a record; whatever else is no value of a cell is a blank."""
    if isinstance(cell, int):
        return COM_ERRORS.get(cell, float(cell))
    return cell.get("basicValue") if isinstance(cell, dict) else None
