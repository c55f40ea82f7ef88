"""What worksheet functions compute: one Python function each, over cell values and blocks of them.

Only functions that Excel 2010, LibreOffice, Gnumeric and IronCalc know alike; `xlmodel.calc.functions` makes expressions of them.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from statistics import median

from xlmodel.calc.arithmetic import (
    COMPARE,
    Matrix,
    Result,
    each,
    flat,
    is_number,
    number,
    operate,
    order,
    scalar,
)
from xlmodel.calc.values import NUM, VALUE, ExcelError, Value

Function = Callable[..., Result]
KNOWN: dict[str, Function] = {}


def known(function: Function) -> Function:
    """Register a function under its name in capitals."""
    KNOWN[function.__name__.rstrip("_").upper()] = function
    return function


def _numbers(values: Iterable[Result]) -> Iterator[float]:
    """Numbers of blocks and of single values; a text within a block is passed over, an error ends the count."""
    for value in values:
        if isinstance(value, Matrix):
            yield from (_sound(v) for v in flat(value) if is_number(v) or isinstance(v, ExcelError))
        else:
            yield _sound(number(value))


class FoundError(Exception):
    """An error value among the arguments; it is what the function returns."""

    def __init__(self, error: ExcelError) -> None:
        self.error = error


def _sound(value: Value) -> float:
    if isinstance(value, ExcelError):
        raise FoundError(value)
    return float(value)  # type: ignore[arg-type]


def one(value: Result) -> float:
    """A single value as a number.

    Raises:
        FoundError: it is none.
    """
    return _sound(number(scalar(value)))


def compute(name: str, arguments: list[Result]) -> Result:
    """The value of a function.

    >>> compute("ROUND", [2.675, 2]), compute("MAX", [1.0, NUM]), compute("SUM", [Matrix([[1.0, "x", None, 2.0]])])
    (2.68, ExcelError(code='#NUM!'), 3.0)
    """
    try:
        return KNOWN[name](*arguments)
    except FoundError as found:
        return found.error
    except (OverflowError, ValueError):
        return NUM


# --- totals ---------------------------------------------------------------------------------------


@known
def sum_(*values: Result) -> Result:
    """Sum."""
    return math.fsum(_numbers(values))


@known
def max_(*values: Result) -> Result:
    """Largest number, 0 where there is none."""
    return max(_numbers(values), default=0.0)


@known
def min_(*values: Result) -> Result:
    """Smallest number, 0 where there is none."""
    return min(_numbers(values), default=0.0)


@known
def median_(*values: Result) -> Result:
    """Middle number."""
    found = list(_numbers(values))
    return median(found) if found else NUM


@known
def count(*values: Result) -> Result:
    """How many numbers."""
    return float(sum(1 for value in values for v in flat(value) if is_number(v)))


@known
def counta(*values: Result) -> Result:
    """How many cells that are not empty."""
    return float(sum(1 for value in values for v in flat(value) if v is not None))


@known
def sumproduct(*values: Result) -> Result:
    """Sum of the products, cell by cell."""
    if len(values) == 1:
        return math.fsum(_sound(v) for v in flat(values[0]) if is_number(v) or isinstance(v, ExcelError))
    product: Result = 1.0
    for value in values:
        product = operate("*", product, each(_or_nothing, value, Matrix([[0.0]])))
    return sumproduct(product)


def _or_nothing(value: Value, _: Value) -> Value:
    return value if is_number(value) or isinstance(value, ExcelError) else 0.0


@known
def and_(*values: Result) -> Result:
    """Whether all hold."""
    return all(list(_numbers(values)))


@known
def or_(*values: Result) -> Result:
    """Whether any holds."""
    return any(list(_numbers(values)))


@known
def small(values: Result, place: Result) -> Result:
    """The number at a place, counted from the smallest."""
    found, k = sorted(_numbers([values])), int(one(place))
    return found[k - 1] if 0 < k <= len(found) else NUM


@known
def large(values: Result, place: Result) -> Result:
    """The number at a place, counted from the largest."""
    found, k = sorted(_numbers([values]), reverse=True), int(one(place))
    return found[k - 1] if 0 < k <= len(found) else NUM


@known
def rank(value: Result, values: Result, ascending: Result = 0.0) -> Result:
    """The place of a number among others, equals at the same place."""
    mine = one(value)
    up = one(ascending) != 0
    return 1.0 + sum(1 for v in _numbers([values]) if (v < mine if up else v > mine))


# --- by criteria ----------------------------------------------------------------------------------


@known
def countif(cells: Result, criterion: Result) -> Result:
    """Cells that meet a criterion."""
    return countifs(cells, criterion)


@known
def countifs(*pairs: Result) -> Result:
    """Rows in which every block meets its criterion."""
    return float(sum(_met(pairs)))


@known
def sumif(cells: Result, criterion: Result, totals: Result | None = None) -> Result:
    """Sum where a criterion is met."""
    return sumifs(cells if totals is None else totals, cells, criterion)


@known
def sumifs(totals: Result, *pairs: Result) -> Result:
    """Sum of the cells whose rows meet every criterion."""
    taken = (v for v, met in zip(flat(totals), _met(pairs), strict=True) if met)
    return math.fsum(_sound(v) for v in taken if is_number(v) or isinstance(v, ExcelError))


def _met(pairs: tuple[Result, ...]) -> list[bool]:
    met: list[bool] = []
    for block, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        test = _criterion(scalar(wanted))
        values = flat(block)
        met = [a and test(v) for a, v in zip(met, values, strict=True)] if met else [test(v) for v in values]
    return met


def _criterion(wanted: Value) -> Callable[[Value], bool]:
    sign, limit = "=", wanted
    if isinstance(wanted, str):
        sign = next((sign for sign in ("<=", ">=", "<>", "<", ">", "=") if wanted.startswith(sign)), "=")
        text = wanted.removeprefix(sign)
        spelt = number(text) if text else VALUE
        limit = text if isinstance(spelt, ExcelError) else spelt

    if sign == "=" and isinstance(limit, str):
        folded = limit.casefold()
        return lambda value: isinstance(value, str) and value.casefold() == folded

    def meets(value: Value) -> bool:
        if isinstance(value, ExcelError) or (value is None and sign != "<>"):
            return False
        if is_number(value) is not is_number(limit):
            return sign == "<>"
        return COMPARE[sign](order(value, limit))

    return meets


# --- lookups --------------------------------------------------------------------------------------
