"""Worksheet functions over expressions, numbers and arrays: IF, INDEX, SUMPRODUCT ... as a formula writes them.

Each builds an expression when one of its arguments is one, and computes at once when none is.

>>> ROUND(2.675, 2), IF(Literal(True), 1, 0).text(NOWHERE)
(2.68, 'IF(TRUE,1,0)')
"""

from collections.abc import Callable
from typing import Any

from xlmodel.calc import worksheet_lookups, worksheet_texts  # noqa: F401 - they register the functions of their kind
from xlmodel.calc.dimension import NUMBER, WORDS, Dimension, UnitError, common, product, show
from xlmodel.calc.expression import NOWHERE, Expr, Literal, Seat, lift
from xlmodel.calc.lazy import LAZY
from xlmodel.calc.matrix import Matrix, Result
from xlmodel.calc.rows import ROW as ROW  # noqa: PLC0414 - functions of places, for those who ask here
from xlmodel.calc.rows import ROWS as ROWS  # noqa: PLC0414
from xlmodel.calc.values import NA as NOT_AVAILABLE
from xlmodel.calc.values import ExcelError
from xlmodel.calc.worksheet import KNOWN, compute

Dims = list[Dimension | None]


def _first(dims: Dims, _name: str) -> Dimension | None:
    return dims[0]


def _all(dims: Dims, name: str) -> Dimension | None:
    return common(f"in {name} beside", *dims)


def _plain(_dims: Dims, _name: str) -> Dimension | None:
    return NUMBER


def _words(_dims: Dims, _name: str) -> Dimension | None:
    return WORDS


def _product(dims: Dims, _name: str) -> Dimension | None:
    found: Dimension = NUMBER
    for dim in dims:
        found = product(found, dim or NUMBER)
    return found


def _payment(dims: Dims, _name: str) -> Dimension | None:
    rate, periods, *money = dims
    if product(rate or NUMBER, periods or NUMBER):
        raise UnitError(f"PMT at a rate in {show(rate or NUMBER)} over {show(periods or NUMBER)}")
    return product(common("in PMT beside", *money) or NUMBER, periods or NUMBER, -1)


def _branches(dims: Dims, name: str) -> Dimension | None:
    return _all(dims[1:], name)


def _sums(dims: Dims, _name: str) -> Dimension | None:
    return dims[2] if len(dims) > 2 else dims[0]


RULES: dict[str, Callable[[Dims, str], Dimension | None]] = {
    "IF": _branches, "IFERROR": _all, "NA": lambda _dims, _name: None, "N": _first, "INDEX": _first, "ABS": _first,
    "SUM": _all, "MAX": _all, "MIN": _all, "MEDIAN": _all, "SMALL": _first, "LARGE": _first, "SUMPRODUCT": _product, "SUMIF": _sums,
    "SUMIFS": _first, "ROUND": _first, "ROUNDUP": _first, "ROUNDDOWN": _first, "INT": _first, "MOD": lambda dims, name: _all(dims[:2], name),
    "PMT": _payment, "LOOKUP": lambda dims, _name: dims[2],
    **dict.fromkeys(("FIXED", "MID", "LEFT", "RIGHT", "SUBSTITUTE", "T", "TRIM", "LOWER"), _words),
}  # fmt: skip


class Call(Expr):
    """A worksheet function and its arguments."""

    __slots__ = ("_last", "_lazy", "arguments", "name")

    def __init__(self, name: str, arguments: tuple[Expr, ...]) -> None:
        self.name, self.arguments = name, arguments
        self._lazy = LAZY.get(name)
        self._last: tuple[Seat | None, Result] = None, None

    @property
    def dim(self) -> Dimension | None:
        """By the rule of the function; functions without one give plain numbers."""
        if self.name in ("COUNT", "COUNTA"):  # count cells of any kind side by side
            return NUMBER
        return RULES.get(self.name, _plain)([argument.dim for argument in self.arguments], self.name)

    def text(self, seat: Seat) -> str:
        """The name, then the arguments; INDEX within one row names the row too, without which Gnumeric counts rows."""
        texts = [argument.text(seat) for argument in self.arguments]
        if self.name == "INDEX" and len(texts) == 2 and _is_row(self.arguments[0], seat):
            texts.insert(1, "1")
        return f"{self.name}({','.join(texts)})"

    def at(self, seat: Seat) -> Result:
        """The function's value, once in a cell; the branch not taken is not computed."""
        last, found = self._last
        if last is not seat:
            if self._lazy is not None:
                found = self._lazy(seat, *self.arguments)
            else:
                found = compute(self.name, [argument.at(seat) for argument in self.arguments])
            if not isinstance(found, Matrix):  # a long block is not kept
                self._last = seat, found
        return found

    def parts(self) -> tuple[Expr, ...]:
        """The arguments."""
        return self.arguments


def _is_row(block: Expr, seat: Seat) -> bool:
    """Whether an area is several cells of one row."""
    area_of = getattr(getattr(block, "found", block), "area", None)
    area = area_of(seat) if callable(area_of) else None
    return area is not None and area.row == area.last_row and area.col < area.last_col


def call(name: str, *arguments: Any) -> Any:
    """A function by name; computed at once, value by value of arrays, when no argument is an expression."""
    if not arguments or any(isinstance(argument, Expr) and argument is not NA for argument in arguments):
        return Call(name, tuple(lift(argument) for argument in arguments))
    shaped = next((argument for argument in arguments if hasattr(argument, "shape")), None)
    if shaped is not None:
        import numpy as np  # noqa: PLC0415 - only who brings arrays needs numpy

        return np.vectorize(lambda *values: _now(name, values), otypes=[float])(*arguments)
    return _now(name, arguments)


def _now(name: str, values: tuple[Any, ...]) -> Any:
    found = Call(name, tuple(lift(float(v) if hasattr(v, "dtype") else v) for v in values)).at(NOWHERE)
    return float("nan") if isinstance(found, ExcelError) else found


def _function(name: str) -> Callable[..., Any]:
    def build(*arguments: Any) -> Any:
        return call(name, *arguments)

    said = KNOWN[name].__doc__ if name in KNOWN else None
    build.__doc__ = (said or f"The worksheet function {name}.").partition("\n")[0]
    return build


IF, IFERROR, INDEX, MATCH = (_function(name) for name in ("IF", "IFERROR", "INDEX", "MATCH"))
SUM, MAX, MIN, MEDIAN, SMALL, LARGE, COUNT, COUNTA = (
    _function(name) for name in ("SUM", "MAX", "MIN", "MEDIAN", "SMALL", "LARGE", "COUNT", "COUNTA")
)
SUMPRODUCT, SUMIF, SUMIFS, COUNTIF, COUNTIFS = (
    _function(name) for name in ("SUMPRODUCT", "SUMIF", "SUMIFS", "COUNTIF", "COUNTIFS")
)
AND, OR, NOT, ISNUMBER, ISTEXT, ISBLANK, ISNA, ISERROR = (
    _function(name) for name in ("AND", "OR", "NOT", "ISNUMBER", "ISTEXT", "ISBLANK", "ISNA", "ISERROR")
)
ABS, INT, MOD, ROUND, ROUNDUP, ROUNDDOWN = map(_function, ("ABS", "INT", "MOD", "ROUND", "ROUNDUP", "ROUNDDOWN"))
EXP, PMT, LOOKUP = map(_function, ("EXP", "PMT", "LOOKUP"))
FIXED, MID, LEFT, RIGHT, LEN, FIND, SUBSTITUTE, T, TRIM, LOWER, VALUE = map(
    _function, ("FIXED", "MID", "LEFT", "RIGHT", "LEN", "FIND", "SUBSTITUTE", "T", "TRIM", "LOWER", "VALUE")
)
NA = Literal(NOT_AVAILABLE)


def equal(left: Any, right: Any) -> Any:
    """Whether two numbers, arrays or cells are equal, since == of a cell compares the cells themselves.

    >>> equal(1.0, 1), equal(Literal(1), 1).text(NOWHERE)
    (True, '1=1')
    """
    if isinstance(left, Expr) or isinstance(right, Expr):
        return lift(left).eq(right)
    return left == right


def typed_number(cell: Any) -> Any:
    """The number that a cell holds, 0 where it is empty or holds words; not by N, which Gnumeric refuses for an empty cell.

    >>> typed_number(2.5), typed_number(IF(Literal(True), 1, 2)).text(NOWHERE)
    (2.5, 'IF(TRUE,SUM(1),SUM(2))')
    """
    if isinstance(cell, Call) and cell.name == "IF":
        test, then, other = cell.arguments
        return IF(test, typed_number(then), typed_number(other))
    return SUM(cell)


def largest(values: Any, place: Any = 1) -> Any:
    """The largest of values worked out cell by cell; not by MAX, which is no array function in every program."""
    return SUMPRODUCT(LARGE(values, place))


def said(value: Any, decimals: int, *, shown: int | None = None, thousands: bool = False) -> Any:
    """A number in words: rounded by ROUND first, since FIXED alone rounds the binary value in some programs.

    `shown` are the decimals written where they are fewer than those that are rounded to.
    """
    rounded, places = ROUND(value, decimals), decimals if shown is None else shown
    return FIXED(rounded, places) if thousands else FIXED(rounded, places, True)


def banded(place: Any, starts: Any, words: Any) -> Any:
    """The words of the band that a number falls into; by T, since Gnumeric finds 0 where an empty cell is looked up."""
    return T(LOOKUP(place, starts, words))


def lookup(results: Any, names: Any, name: Any) -> Any:
    """What stands beside a name: INDEX of the results at the MATCH of the name; both are columns taken whole."""
    return INDEX(results.all, MATCH(name, names.all, 0))


def known(found: Any) -> Any:
    """A number that was looked up; #N/A where none stands."""
    return IFERROR(IF(ISNUMBER(found), found, NA), NA)
