"""One answer for one call: reads the workbook's data once for each of its states, and lets no error out as a traceback."""

import logging
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from xlmodel.calc.values import DIV0, NA, NUM, VALUE, ExcelError
from xlmodel.model.feed import RANGE, NotData, parse
from xlmodel.model.ownpoints import tokfrontier, tokinterp, tokline
from xlmodel.model.ranges import Answer
from xlmodel.model.workbook_functions import Functions
from xlmodel.udf.converters import content, shown, taken

OWN: dict[str, Callable[..., Answer]] = {"TOKINTERP": tokinterp, "TOKFRONTIER": tokfrontier, "TOKLINE": tokline}
STATES = 16  # workbooks, or states of them, whose curves are kept ready
LOG = logging.getLogger("xlmodel")


def of_book(name: str, data: Any, *arguments: Any, caller: Any = None) -> Any:
    """The answer of a function on a workbook's curves and prices.

    Args:
        name: the function.
        data: the range TOKDATA as it comes; None to read the calling workbook, which only COM can.
        arguments: as xlwings hands them over.
        caller: the calling cell, by COM.
    """

    def work() -> Answer:
        if data is None:
            return _by_caller(name, arguments, caller)
        if not isinstance(data, list | tuple):
            only = taken(content([[data]]))
            if isinstance(only, ExcelError):
                return only  # such as #NAME? where no TOKDATA is defined
            raise NotData(f"data must be the range {RANGE}, not one cell")
        return _functions(content(data))(name, *map(taken, arguments))

    return _safely(name, work)


def of_points(name: str, *arguments: Any) -> Any:
    """The answer of a function on the user's own points."""
    return _safely(name, lambda: OWN[name](*map(taken, arguments)))


def _safely(name: str, work: Callable[[], Answer]) -> Any:
    try:
        return shown(work())
    except NotData as error:
        LOG.warning("%s: %s", name, error)
        return shown(NA, str(error))
    except ZeroDivisionError:
        return shown(DIV0)
    except OverflowError:
        return shown(NUM)
    except Exception:
        LOG.exception("%s failed", name)
        return shown(VALUE)


@lru_cache(maxsize=STATES)
def _functions(rows: tuple[tuple[Any, ...], ...]) -> Functions:
    """The functions on one state of a workbook; another price is another key."""
    values = taken(rows)
    return Functions(parse(values if isinstance(values, list) else ()))


def _by_caller(name: str, arguments: Sequence[Any], caller: Any) -> Answer:
    """The answer from what people typed into the calling workbook, which only Excel on Windows can tell."""
    if caller is None:
        raise NotData(
            f"add the range {RANGE} of the workbook as the last argument, so that the cell follows its prices"
        )
    try:
        from xlmodel.udf import calling  # noqa: PLC0415 - needs the whole package
    except ImportError:
        raise NotData(f"add {RANGE} as the last argument, or install xlmodel for this Python") from None
    book = caller.sheet.book

    def read(area_name: str) -> Any:
        try:
            area = book.names[area_name].refers_to_range.api
        except Exception:  # COM says it in many ways
            raise NotData(f"{book.name} has no inputs of xlmodel: build it with --edition xlwings") from None
        if area.HasFormula is not False:  # while Excel calculates, it may still show its old value
            raise NotData(f"{area_name} of {book.name} holds a formula: add {RANGE} as the last argument")
        rows = area.Value2
        rows = rows if isinstance(rows, tuple) else ((rows,),)
        if any(type(cell) is int for row in rows for cell in row):  # numbers come as float, errors as int
            raise NotData(f"{area_name} of {book.name} holds an error value: add {RANGE} as the last argument")
        return rows

    return taken(calling.answer(name, arguments, read))  # type: ignore[return-value]
