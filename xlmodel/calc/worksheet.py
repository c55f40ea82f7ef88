"""What worksheet functions compute: one Python function each, over cell values and blocks of them.

Only functions that Excel 2010, LibreOffice, Gnumeric and IronCalc know alike; `xlmodel.calc.functions` makes expressions of them.
"""

import math
from collections.abc import Callable, Iterable
from statistics import median

from xlmodel.calc.arithmetic import COMPARE, is_number, number, order
from xlmodel.calc.matrix import NUMERIC, Matrix, Result, flat, operate, scalar
from xlmodel.calc.values import NUM, VALUE, ExcelError, Value

Function = Callable[..., Result]
KNOWN: dict[str, Function] = {}


def known(function: Function) -> Function:
    """Register a function under its name in capitals."""
    KNOWN[function.__name__.rstrip("_").upper()] = function
    return function


def _numbers(values: Iterable[Result]) -> list[float]:
    """Numbers of blocks and of single values; a text within a block is passed over, an error ends the count."""
    found: list[float] = []
    for value in values:
        if type(value) is float:
            found.append(value)
        elif isinstance(value, Matrix):
            found += _counted(value)
        else:
            found.append(_sound(number(value)))
    return found


def _counted(block: Matrix) -> Iterable[float]:
    """The numbers of a block; an error ends the count."""
    if block.kinds <= NUMERIC:
        return block.values  # type: ignore[return-value] # all of them are numbers
    return [_sound(v) for v in block.values if is_number(v) or isinstance(v, ExcelError)]


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
    return value if type(value) is float else _sound(number(scalar(value)))


def compute(name: str, arguments: list[Result]) -> Result:
    """The value of a function.

    >>> compute("ROUND", [2.675, 2]), compute("MAX", [1.0, NUM]), compute("SUM", [Matrix([1.0, "x", None, 2.0])])
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
    found = _numbers(values)
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
        return math.fsum(_counted(_block(values[0])))
    product: Result = 1.0
    for value in values:
        product = operate("*", product, _or_nothing(_block(value)))
    return sumproduct(product)


def _block(value: Result) -> Matrix:
    return value if isinstance(value, Matrix) else Matrix([value])


def _or_nothing(block: Matrix) -> Matrix:
    """A block with 0 for what is no number."""
    if block.kinds <= NUMERIC:
        return block
    return Matrix([v if is_number(v) or isinstance(v, ExcelError) else 0.0 for v in block.values], block.width)


@known
def and_(*values: Result) -> Result:
    """Whether all hold."""
    return all(values if _tests(values) else _numbers(values))


@known
def or_(*values: Result) -> Result:
    """Whether any holds."""
    return any(values if _tests(values) else _numbers(values))


def _tests(values: Iterable[Result]) -> bool:
    """Whether all values say whether something holds, and nothing else."""
    return all(value is True or value is False for value in values)


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
    return math.fsum(v if type(v) is float else _sound(v) for v in taken if is_number(v) or isinstance(v, ExcelError))


def _met(pairs: tuple[Result, ...]) -> list[bool]:
    met: list[bool] = []
    for block, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        found = _block(block).once(_meeting, scalar(wanted))
        met = [a and b for a, b in zip(met, found, strict=True)] if met else found
    return met


def _meeting(block: Matrix, wanted: Value) -> list[bool]:
    """Whether each cell of a block meets a criterion."""
    sign, limit = "=", wanted
    if isinstance(wanted, str):
        sign = next((sign for sign in ("<=", ">=", "<>", "<", ">", "=") if wanted.startswith(sign)), "=")
        text = wanted.removeprefix(sign)
        spelt = number(text) if text else VALUE
        limit = text if isinstance(spelt, ExcelError) else spelt
    if sign in ("=", "<>") and isinstance(limit, str):
        folded = limit.casefold()
        if sign == "=":
            return [value == folded for value in block.folded]
        blank = folded != ""  # an empty cell differs from any text but the empty one
        return [blank if v is None else v != folded and not isinstance(v, ExcelError) for v in block.folded]
    holds, counts = COMPARE[sign], is_number(limit)

    def meets(value: Value) -> bool:
        if isinstance(value, ExcelError) or (value is None and sign != "<>"):
            return False
        return holds(order(value, limit), 0) if is_number(value) is counts else sign == "<>"

    if counts:
        other = sign == "<>"
        return [
            holds(v, limit)
            if type(v) is float or type(v) is int  # numbers of rows and months are whole
            else (other if v is None or type(v) is str else meets(v))
            for v in block.values
        ]
    return [meets(value) for value in block.values]
