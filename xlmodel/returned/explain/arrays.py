"""Arithmetic on cell values and blocks of them, as far as following a formula needs it."""

import math
from collections.abc import Callable, Iterable, Iterator

from xlmodel.calc import arithmetic, matrix
from xlmodel.calc.arithmetic import COMPARE, is_number, order
from xlmodel.calc.matrix import Matrix
from xlmodel.calc.values import NA, NUM, VALUE, ExcelError, Value


class Unknown:
    """The result of something that is not followed."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


Scalar = Value | Unknown
Result = Value | Unknown | Matrix


def scalar(value: Result) -> Scalar:
    """The one value of a result; a block has none."""
    if isinstance(value, Matrix):
        return value.values[0] if len(value.values) == 1 else UNKNOWN
    return value


def number(value: Result) -> float | ExcelError | Unknown:
    """A value as a number: empty is 0, a logical 1 or 0, text an error unless it spells a number."""
    if isinstance(value, Matrix | Unknown):
        return UNKNOWN
    return arithmetic.number(value)


def equal(a: Value, b: Value) -> bool:
    """Whether two values are equal to Excel, which does not tell upper from lower case."""
    if isinstance(a, str) and isinstance(b, str):
        return a.casefold() == b.casefold()
    if isinstance(a, str) or isinstance(b, str) or isinstance(a, bool) is not isinstance(b, bool):
        return False
    return a is not None and a == b


def at_most(value: Value, limit: Value) -> bool:
    """Whether a value is of the same kind as the limit and not above it."""
    if isinstance(value, str) and isinstance(limit, str):
        return value.casefold() <= limit.casefold()
    return is_number(value) and is_number(limit) and float(str(value)) <= float(str(limit))


def operate(sign: str, operands: list[Result]) -> Result:
    """An operator on one or two operands, value by value where one is a block."""
    first, *more = operands
    if isinstance(first, Unknown) or (isinstance(first, ExcelError) and not any(isinstance(x, Matrix) for x in more)):
        return first
    second: Result = more[0] if more else {"-": -1.0, "%": 0.01}.get(sign, 1.0)
    return second if isinstance(second, Unknown) else matrix.operate(sign if more else "*", first, second)


def call(name: str, arguments: list[Result]) -> Result:
    """A function that takes values; UNKNOWN when it is not one of the few known here."""
    if name in _TESTS and len(arguments) == 1:
        test = _TESTS[name]
        value = arguments[0]
        if isinstance(value, Matrix):
            return Matrix([test(one) for one in value.values], value.width)
        return UNKNOWN if isinstance(value, Unknown) else test(value)
    if name in ("COUNTIF", "COUNTIFS"):
        return _count_if(arguments)
    if name in ("LARGE", "SMALL") and len(arguments) == 2:
        return _ranked(arguments[0], number(scalar(arguments[1])), largest=name == "LARGE")
    if name == "NA":
        return NA
    known = name in _TOTALS and arguments and not (name == "SUMPRODUCT" and len(arguments) > 1)
    return _total(name, list(_flat(arguments))) if known else UNKNOWN


def _total(name: str, values: list[Scalar]) -> Scalar:
    """A function over all numbers of its arguments."""
    if any(isinstance(value, Unknown) for value in values):
        return UNKNOWN
    error = next((value for value in values if isinstance(value, ExcelError)), None)
    if error is not None and name != "COUNT":
        return error
    return _TOTALS[name](_numbers(values))


def _numbers(values: Iterable[Scalar]) -> list[float]:
    return [float(str(value)) for value in values if not isinstance(value, Unknown) and is_number(value)]


def _ranked(block: Result, place: Scalar, *, largest: bool) -> Scalar:
    """The number at a place from 1, counted from the largest or from the smallest."""
    values = list(_flat([block]))
    for value in (*values, place):
        if isinstance(value, ExcelError | Unknown):
            return value
    found = sorted(_numbers(values), reverse=largest)
    at = int(float(str(place)))
    return found[at - 1] if 1 <= at <= len(found) else NUM


def _count_if(arguments: list[Result]) -> Scalar:
    """Rows in which every range meets its criterion; UNKNOWN for criteria with wildcards."""
    met: list[bool] = []
    for block, wanted in zip(arguments[::2], arguments[1::2], strict=True):
        criterion = scalar(wanted)
        if isinstance(criterion, Unknown | ExcelError) or (isinstance(criterion, str) and set("*?~") & set(criterion)):
            return UNKNOWN
        hits = [_meets(value, criterion) for value in _flat([block])]
        met = [a and b for a, b in zip(met, hits, strict=True)] if met else hits
    return float(sum(met))


def _meets(value: Scalar, criterion: Value) -> bool:
    sign, text = "=", criterion
    if isinstance(criterion, str):
        sign = next((sign for sign in ("<=", ">=", "<>", "<", ">", "=") if criterion.startswith(sign)), "")
        text = criterion[len(sign) :]
        limit = number(text)
        if isinstance(limit, float) and text:
            text = limit
        sign = sign or "="
    if isinstance(value, ExcelError | Unknown) or (value is None and sign != "<>"):
        return False
    if sign not in ("=", "<>") and is_number(value) is not is_number(text):
        return False
    return COMPARE[sign](order(value, text), 0)


def _flat(arguments: Iterable[Result]) -> Iterator[Scalar]:
    for argument in arguments:
        if isinstance(argument, Matrix):
            yield from argument.values
        else:
            yield float(argument) if isinstance(argument, bool) else argument


_TESTS: dict[str, Callable[[Value], Value]] = {
    "ISNUMBER": is_number,
    "ISTEXT": lambda a: isinstance(a, str),
    "ISBLANK": lambda a: a is None,
    "ISERROR": lambda a: isinstance(a, ExcelError),
    "ISNA": lambda a: a == NA,
    "NOT": lambda a: not a if isinstance(a, bool | int | float) else a if isinstance(a, ExcelError) else VALUE,
    "ABS": lambda a: abs(x) if isinstance(x := arithmetic.number(a), float) else x,
    "N": lambda a: a if isinstance(a, ExcelError) or is_number(a) else 0.0,
    "INT": lambda a: float(math.floor(x)) if isinstance(x := arithmetic.number(a), float) else x,
}  # fmt: skip
_TOTALS: dict[str, Callable[[list[float]], Value]] = {
    "SUM": math.fsum, "SUMPRODUCT": math.fsum, "COUNT": len,
    "MAX": lambda values: max(values, default=0.0), "MIN": lambda values: min(values, default=0.0),
    "AND": lambda values: 0.0 not in values, "OR": lambda values: values.count(0.0) < len(values),
}  # fmt: skip
