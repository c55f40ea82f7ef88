"""One answer for one call: reads the workbook's data once for each of its states, and lets no error out as a traceback."""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from xlmodel.domain.feed import RANGE, NotData, parse
from xlmodel.domain.functions import Functions
from xlmodel.domain.ownpoints import tokfrontier, tokinterp, tokline
from xlmodel.domain.ranges import Answer
from xlmodel.formulas.values import DIV0, NA, NUM, VALUE, ExcelError
from xlmodel.udf.cells import COM, content, shown, taken

OWN: dict[str, Callable[..., Answer]] = {"TOKINTERP": tokinterp, "TOKFRONTIER": tokfrontier, "TOKLINE": tokline}
STATES = 16  # workbooks, or states of them, whose curves are kept ready
LOG = logging.getLogger("xlmodel")


def of_book(name: str, data: Any, *arguments: Any) -> Any:
    """The answer of a function on a workbook's curves and prices.

    Args:
        name: the function.
        data: the values of the range TOKDATA; None to read the calling workbook, which only COM can.
        arguments: as xlwings hands them over.
    """

    def work() -> Answer:
        if data is None or data == [[None]]:
            return Functions(_calling_book())(name, *map(taken, arguments))
        if len(data) == 1 and len(data[0]) == 1:
            only = taken(data)
            if isinstance(only, ExcelError):
                return only  # such as #NAME? where no TOKDATA is defined
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


def _calling_book() -> Any:
    """What the calling workbook holds; only Excel on Windows can tell."""
    if not COM:
        raise NotData(
            f"add the range {RANGE} of the workbook as the last argument, so that the cell follows its prices"
        )
    try:
        from xlmodel.udf.caller import held_by_caller  # noqa: PLC0415 - needs the whole package
    except ImportError:
        raise NotData(f"add {RANGE} as the last argument, or install xlmodel for this Python") from None
    return held_by_caller()
