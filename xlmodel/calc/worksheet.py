"""What worksheet functions compute: one Python function each, over cell values and blocks of them.

Only functions that Excel 2010, LibreOffice, Gnumeric and IronCalc know alike; `xlmodel.calc.functions` makes expressions of them.
"""

import math
from bisect import bisect_right
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
from xlmodel.calc.values import NA, NUM, REF, VALUE, ExcelError, Value

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

    >>> compute("ROUND", [2.675, 2]), compute("MAX", [1.0, NA]), compute("SUM", [Matrix([[1.0, "x", None, 2.0]])])
    (2.68, ExcelError(code='#N/A'), 3.0)
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


@known
def index(block: Result, row: Result, col: Result | None = None) -> Result:
    """A cell of a block, or a whole row or column of it where the other number is 0."""
    rows = block.rows if isinstance(block, Matrix) else [[block]]
    down, across = int(one(row)), 1 if col is None else int(one(col))
    if col is None and len(rows) == 1:
        down, across = 1, down
    if down < 0 or across < 0:
        return VALUE
    if down > len(rows) or across > len(rows[0]):
        return REF
    taken = rows if down == 0 else [rows[down - 1]]
    taken = taken if across == 0 else [[line[across - 1]] for line in taken]
    return taken[0][0] if len(taken) == 1 and len(taken[0]) == 1 else Matrix(taken)


@known
def match_(wanted: Result, block: Result, kind: Result = 1.0) -> Result:
    """The place of a value: the first equal one (kind 0), or the last that is not above it (kind 1) in ascending order."""
    value, values = scalar(wanted), list(flat(block))
    if isinstance(value, ExcelError):
        return value
    alike = [(i, v) for i, v in enumerate(values, 1) if isinstance(v, str) is isinstance(value, str) and v is not None]
    if one(kind) == 0:
        return next((float(i) for i, v in alike if not isinstance(v, ExcelError) and order(v, value) == 0), NA)
    if is_number(value):
        below = bisect_right([float(v) for _, v in alike if is_number(v)], float(value))
        places = [i for i, v in alike if is_number(v)]
        return float(places[below - 1]) if below else NA
    return max((float(i) for i, v in alike if order(v, value) <= 0), default=NA)


@known
def lookup(wanted: Result, block: Result, results: Result) -> Result:
    """The result beside the last value that is not above the wanted one, in ascending order."""
    place = match_(wanted, block, 1.0)
    return place if isinstance(place, ExcelError) else list(flat(results))[int(one(place)) - 1]
