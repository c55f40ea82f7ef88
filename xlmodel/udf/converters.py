"""Between Excel and the functions: what xlwings hands over becomes values, and answers become what it can show.

xlwings looks at every cell on its way, which for a workbook's data or a long column takes most of the time of a call.
So it is told to hand ranges over as they come, and they are looked at here, once.
"""

import sys
from collections.abc import Sequence
from itertools import chain
from typing import Any

import xlwings as xw
from xlwings.conversion import Accessor, Pipeline

from xlmodel.calc.values import NUM, VALUE, ExcelError, Value
from xlmodel.model.ranges import Answer, Cells, Numbers

COM = sys.platform == "win32" and not getattr(xw, "on_server", False)
CODES = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!")
ERRORS = {code: ExcelError(code) for code in CODES}
# by COM a number of a cell is a float, and an int the number of an error
COM_ERRORS = {
    -2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!", -2146826259: "#NAME?",
    -2146826252: "#NUM!", -2146826246: "#N/A",
}  # fmt: skip
# a web add-in knows error values from this version of its runtime on, and by these names
OFFICE_ERRORS = {
    "#DIV/0!": "Div0", "#N/A": "NotAvailable", "#NAME?": "Name", "#NULL!": "Null", "#NUM!": "Num", "#REF!": "Ref", "#VALUE!": "Value",
}  # fmt: skip
OFFICE_RUNTIME = 1.4
# COM cannot hand over an error value, only text
MEANINGS = {
    "#N/A": "no data, or out of range", "#VALUE!": "unknown name, or wrong kind of argument",
    "#NUM!": "impossible number", "#DIV/0!": "division by zero",
}  # fmt: skip
PLAIN = {float, bool, type(None)} | (set() if COM else {int})


class AsItIs(Accessor):
    """Hands arguments over as Excel sends them, and answers as they are made, errors by the names of the runtime."""

    @staticmethod
    def reader(options: Any) -> Any:
        """Reads a range; by COM as it is stored, because else money comes in four decimals and a date as a date."""
        del options
        return Pipeline([AsItIs.read])

    @staticmethod
    def read(context: Any) -> None:
        """The values of a range; a literal is there already."""
        if context.range is not None:
            context.value = context.range.api.Value2

    @staticmethod
    def writer(options: Any) -> Any:
        """Writes rows."""
        new = float(options.get("runtime") or 0) >= OFFICE_RUNTIME

        def write(context: Any) -> None:
            rows = context.value if isinstance(context.value, list) else [[context.value]]
            context.value = rows if not new or isinstance(rows, Numbers) else [list(map(_office, row)) for row in rows]

        return Pipeline([write])


AS_IT_IS: dict[str, Any] = {"convert": AsItIs}  # for every argument and answer


def _office(cell: Any) -> Any:
    """An error as a web add-in names it."""
    if isinstance(cell, str) and cell in OFFICE_ERRORS:
        return {"type": "Error", "errorType": OFFICE_ERRORS[cell]}
    return cell


def taken(cells: Any) -> Cells:
    """An argument as a value, or as rows of values: a single cell is its value, a plain list is a row.

    >>> taken([["#N/A"]]), taken([[1.0, ""]]), taken([1, 2])
    (ExcelError(code='#N/A'), [[1.0, None]], [[1, 2]])
    """
    if hasattr(cells, "tolist"):
        cells = cells.tolist()
    if not isinstance(cells, list | tuple):
        return _value(cells)
    if not cells or not isinstance(cells[0], list | tuple):
        cells = [cells]
    if len(cells) == 1 and len(cells[0]) == 1:
        return _value(cells[0][0])
    if set(map(type, chain.from_iterable(cells))) <= PLAIN:
        return cells
    return [[_value(cell) for cell in row] for row in cells]


def _value(cell: Any) -> Value:
    cell = cell if cell.__class__ in PLAIN else coded(cell)
    if isinstance(cell, str):
        return ERRORS.get(cell, cell) if cell else None
    return cell if cell is None or isinstance(cell, bool | float | int) else VALUE


def coded(cell: Any) -> Any:
    """A cell with its error as a code, by COM a number and else a record; what is no value of a cell is blank."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int | float):
        return COM_ERRORS.get(cell, float(cell)) if COM and isinstance(cell, int) else cell
    if isinstance(cell, dict):
        return cell.get("basicValue")
    return cell.code if isinstance(cell, ExcelError) else None


def content(cells: Sequence[Sequence[Any]]) -> tuple[tuple[Any, ...], ...]:
    """A range that came as it is, as a key of a cache: the same content, the same key; errors are their codes.

    >>> content([["B200", 2.5, {"type": "Error", "basicValue": "#N/A"}]])
    (('B200', 2.5, '#N/A'),)
    """
    return tuple(
        tuple([cell if cell.__class__ in PLAIN or cell.__class__ is str else coded(cell) for cell in row])
        for row in cells
    )


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
