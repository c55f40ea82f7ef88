"""Editions of the same book: where its functions come from.

native     named LAMBDAs inside the workbook; nothing to install
xlwings    Python functions by COM, in an add-in on Windows; also in Excel 2016 to 2021
lite       Python code inside the workbook, run by the xlwings Lite add-in

A LAMBDA and a Python function of the same name must never meet in one workbook.
"""

import re
from collections.abc import Sequence
from typing import Any

from xlmodel.calc.expression import Expr, Literal
from xlmodel.calc.named_call import Name, NamedCall, Twin
from xlmodel.model.feed import RANGE
from xlmodel.model.function_records import DATA, Function, from_python

EDITIONS = NATIVE, XLWINGS, LITE = "native", "xlwings", "lite"
OFFICE = "_xldudf_"  # how the file marks a function of a web add-in; one without a namespace, as here, follows at once
_CALL = re.compile(r"\b(TOK[A-Z]+)\(([^()]*)\)")


def called(function: Function, arguments: Sequence[Any], twin: Twin, edition: str) -> NamedCall:
    """A call of a function as an edition types it; `twin` states its value from the arguments."""
    given = tuple(arguments)
    more: tuple[Expr, ...] = ()
    if edition != NATIVE and function.on_book:  # the workbook's data last, so that Excel knows what it depends on
        more = (*(Literal(None),) * (len(function.arguments) - len(given)), Name(RANGE))
    name = f"{OFFICE}{function.name}" if edition == LITE else function.name
    python = "" if edition == NATIVE else edition
    return NamedCall(name, (*given, *more), function.unit, lambda *values: twin(*values[: len(given)]), python)


def with_data(call: str) -> str:
    """A call as the Python editions type it: the workbook's data last, so that Excel knows what it depends on.

    >>> with_data("TOKPRICE(B22)"), with_data("SUM(TOKFRONTIER(E1:E9,F1:F9))")
    ('TOKPRICE(B22,,TOKDATA)', 'SUM(TOKFRONTIER(E1:E9,F1:F9))')
    """
    return _CALL.sub(lambda found: _with_data(found[1], found[2].split(",")), call)


def _with_data(name: str, given: list[str]) -> str:
    arguments = _function(name).arguments
    if DATA in arguments:
        given = [*given, *("",) * (len(arguments) - 1 - len(given)), RANGE]
    return f"{name}({','.join(given)})"


def _function(name: str) -> Function:
    return next(function for function in from_python() if function.name == name)
