"""Arithmetic on cell values and blocks of them, as far as following a formula needs it."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from xlmodel.calc.values import DIV0, NA, NUM, VALUE, ExcelError, Value


class Unknown:
    """The result of something that is not followed."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(slots=True)
class Matrix:
    """A block of values, row by row."""

    rows: "list[list[Value]]"


Scalar = Value | Unknown
Result = Value | Unknown | Matrix


def scalar(value: Result) -> Scalar:
    """The one value of a result; a block has none."""
    if isinstance(value, Matrix):
        return value.rows[0][0] if len(value.rows) == 1 and len(value.rows[0]) == 1 else UNKNOWN
    return value


def number(value: Result) -> float | ExcelError | Unknown:
    """A value as a number: empty is 0, a logical 1 or 0, text an error unless it spells a number."""
    if isinstance(value, Matrix):
        return UNKNOWN
    if value is None:
        return 0.0
    if isinstance(value, ExcelError | Unknown):
        return value
    if isinstance(value, str):
        try:
            found = float(value)
        except ValueError:
            return VALUE
        return found if math.isfinite(found) else VALUE
    return float(value)


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
    return _is_number(value) and _is_number(limit) and float(str(value)) <= float(str(limit))


def operate(sign: str, operands: list[Result]) -> Result:
    """An operator on one or two operands, value by value where one is a block."""
    if len(operands) == 1:
        return _each(lambda a, _: _arithmetic("*", a, {"-": -1.0, "%": 0.01}.get(sign, 1.0)), operands[0], None)
    if sign in _COMPARE:
        return _each(lambda a, b: _compare(sign, a, b), operands[0], operands[1])
    if sign == "&":
        return _each(_join, operands[0], operands[1])
    return _each(lambda a, b: _arithmetic(sign, a, b), operands[0], operands[1])


def call(name: str, arguments: list[Result]) -> Result:
    """A function that takes values; UNKNOWN when it is not one of the few known here."""
    if name in _TESTS and len(arguments) == 1:
        test = _TESTS[name]
        return _each(lambda a, _: test(a), arguments[0], None)
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
    return _TOTALS[name]([float(str(value)) for value in values if _is_number(value)])


def _ranked(block: Result, place: Scalar, *, largest: bool) -> Scalar:
    """The number at a place from 1, counted from the largest or from the smallest."""
    values = list(_flat([block]))
    for value in (*values, place):
        if isinstance(value, ExcelError | Unknown):
            return value
    found = sorted((float(str(value)) for value in values if _is_number(value)), reverse=largest)
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
    if sign not in ("=", "<>") and _is_number(value) is not _is_number(text):
        return False
    return _compare(sign, value, text) is True


def _flat(arguments: Iterable[Result]) -> Iterator[Scalar]:
    for argument in arguments:
        if isinstance(argument, Matrix):
            for row in argument.rows:
                yield from row
        else:
            yield float(argument) if isinstance(argument, bool) else argument


def _each(function: Callable[[Scalar, Scalar], Scalar], a: Result, b: Result) -> Result:
    """Apply to two values, or to blocks of them; a single row or column is repeated."""
    if not isinstance(a, Matrix) and not isinstance(b, Matrix):
        return function(a, b)
    blocks = [block for block in (a, b) if isinstance(block, Matrix)]
    height = max(len(block.rows) for block in blocks)
    width = max(len(block.rows[0]) for block in blocks)
    rows: list[list[Value]] = []
    for r in range(height):
        row: list[Value] = []
        for c in range(width):
            value = function(_at(a, r, c), _at(b, r, c))
            if isinstance(value, Unknown):
                return UNKNOWN
            row.append(value)
        rows.append(row)
    return Matrix(rows)


def _at(block: Result, row: int, col: int) -> Scalar:
    if not isinstance(block, Matrix):
        return block
    line = block.rows[0] if len(block.rows) == 1 else block.rows[row] if row < len(block.rows) else []
    return line[0] if len(line) == 1 else line[col] if col < len(line) else NA


def _arithmetic(sign: str, a: Scalar, b: Scalar) -> Scalar:
    x, y = number(a), number(b)
    for value in (x, y):
        if isinstance(value, ExcelError | Unknown):
            return value
    assert isinstance(x, float)
    assert isinstance(y, float)
    if sign == "/" and y == 0:
        return DIV0
    try:
        found = {"+": x + y, "-": x - y, "*": x * y}.get(sign)
        if found is None:
            found = x / y if sign == "/" else math.pow(x, y)
    except (OverflowError, ValueError):
        return NUM
    return found if math.isfinite(found) else NUM


def _compare(sign: str, a: Scalar, b: Scalar) -> Scalar:
    for value in (a, b):
        if isinstance(value, ExcelError | Unknown):
            return value
    left, right = _rank(a, b), _rank(b, a)
    return _COMPARE[sign]((left > right) - (left < right))


def _rank(value: Scalar, other: Scalar) -> tuple[int, float, str]:
    """What Excel sorts by: numbers before texts before logicals; empty is like the other side."""
    if value is None:
        return (1, 0.0, "") if isinstance(other, str) else (0, 0.0, "")
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, str):
        return 1, 0.0, value.casefold()
    return 0, float(str(value)), ""


def _join(a: Scalar, b: Scalar) -> Scalar:
    for value in (a, b):
        if isinstance(value, ExcelError | Unknown):
            return value
    return _text(a) + _text(b)


def _text(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else f"{value:.15g}" if isinstance(value, float) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_COMPARE: dict[str, Callable[[int], bool]] = {
    "=": lambda way: way == 0, "<>": lambda way: way != 0, "<": lambda way: way < 0,
    ">": lambda way: way > 0, "<=": lambda way: way <= 0, ">=": lambda way: way >= 0,
}  # fmt: skip
_TESTS: dict[str, Callable[[Scalar], Scalar]] = {
    "ISNUMBER": lambda a: a if isinstance(a, Unknown) else _is_number(a),
    "ISTEXT": lambda a: a if isinstance(a, Unknown) else isinstance(a, str),
    "ISBLANK": lambda a: a if isinstance(a, Unknown) else a is None,
    "ISERROR": lambda a: a if isinstance(a, Unknown) else isinstance(a, ExcelError),
    "ISNA": lambda a: a if isinstance(a, Unknown) else a == NA,
    "NOT": lambda a: not a if isinstance(a, bool | int | float) else a if isinstance(a, ExcelError | Unknown) else VALUE,
    "ABS": lambda a: abs(x) if isinstance(x := number(a), float) else x,
    "N": lambda a: a if isinstance(a, Unknown | ExcelError) or _is_number(a) else 0.0,
    "INT": lambda a: float(math.floor(x)) if isinstance(x := number(a), float) else x,
}  # fmt: skip
_TOTALS: dict[str, Callable[[list[float]], Value]] = {
    "SUM": math.fsum, "SUMPRODUCT": math.fsum, "COUNT": len,
    "MAX": lambda values: max(values, default=0.0), "MIN": lambda values: min(values, default=0.0),
    "AND": lambda values: 0.0 not in values, "OR": lambda values: values.count(0.0) < len(values),
}  # fmt: skip
