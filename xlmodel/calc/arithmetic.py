"""Excel's operators on cell values and on blocks of them: errors pass through, empty is 0 or "", texts ignore case."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from xlmodel.calc.values import DIV0, NA, NUM, VALUE, ExcelError, Value


@dataclass(frozen=True, slots=True)
class Matrix:
    """A block of values, row by row."""

    rows: list[list[Value]]


Result = Value | Matrix


def scalar(value: Result) -> Value:
    """The one value of a result; of a block the upper left, which a formula here never relies on."""
    return value.rows[0][0] if isinstance(value, Matrix) else value


def flat(value: Result) -> Iterator[Value]:
    """All values of a result, row by row."""
    if isinstance(value, Matrix):
        for row in value.rows:
            yield from row
    else:
        yield value


def number(value: Value) -> float | ExcelError:
    """A value as a number: empty is 0, a logical 1 or 0, a text an error unless it spells a number.

    >>> number(None), number(True), number("2.5"), number("much")
    (0.0, 1.0, 2.5, ExcelError(code='#VALUE!'))
    """
    if isinstance(value, float):
        return value
    if value is None:
        return 0.0
    if isinstance(value, ExcelError):
        return value
    if isinstance(value, str):
        try:
            found = float(value)
        except ValueError:
            return VALUE
        return found if math.isfinite(found) else VALUE
    return float(value)


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number to Excel, which truth values are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def words(value: Value) -> str | ExcelError:
    """A value as the & operator writes it: numbers in at most 15 digits."""
    if isinstance(value, str | ExcelError):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    return "" if value is None else general(float(value))


def general(value: float) -> str:
    """A number as Excel writes it into a text.

    >>> general(60.0), general(0.1), general(1e21)
    ('60', '0.1', '1E+21')
    """
    text = f"{value:.15g}"
    if "e" not in text:
        return text
    if abs(value) < 1e20 and float(value).is_integer():
        return str(int(value))
    mantissa, exponent = text.split("e")
    return f"{mantissa}E{exponent[0]}{exponent[1:].lstrip('0').zfill(2)}"


def order(a: Value, b: Value) -> int:
    """-1, 0 or 1 as Excel sorts two values: numbers, then texts, then truth values; empty is like the other side."""
    left, right = _rank(a, b), _rank(b, a)
    return (left > right) - (left < right)


def _rank(value: Value, other: Value) -> tuple[int, float, str]:
    if isinstance(value, float):
        return 0, value, ""
    if value is None:
        return (1, 0.0, "") if isinstance(other, str) else (2, 0.0, "") if isinstance(other, bool) else (0, 0.0, "")
    if isinstance(value, bool):
        return 2, float(value), ""
    if isinstance(value, str):
        return 1, 0.0, value.casefold()
    return 0, float(value), ""  # type: ignore[arg-type] # errors never come here


COMPARE: dict[str, Callable[[int], bool]] = {
    "=": lambda way: way == 0, "<>": lambda way: way != 0, "<": lambda way: way < 0,
    ">": lambda way: way > 0, "<=": lambda way: way <= 0, ">=": lambda way: way >= 0,
}  # fmt: skip


def operate(sign: str, a: Result, b: Result) -> Result:
    """An operator on two operands, value by value where one is a block.

    >>> operate("/", 1.0, 0.0), operate("&", "at ", 60.0), operate("=", "a", "A")
    (ExcelError(code='#DIV/0!'), 'at 60', True)
    """
    if isinstance(a, Matrix) or isinstance(b, Matrix):
        return each(lambda x, y: _operate(sign, x, y), a, b)
    return _operate(sign, a, b)


def each(function: Callable[[Value, Value], Value], a: Result, b: Result) -> Matrix:
    """Apply to every pair of values of two blocks; a single value, row or column is repeated, a gap is #N/A."""
    blocks = [block for block in (a, b) if isinstance(block, Matrix)]
    height = max(len(block.rows) for block in blocks)
    width = max(len(block.rows[0]) for block in blocks)
    left, right = _spread(a, height, width), _spread(b, height, width)
    return Matrix([[function(x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(left, right, strict=True)])


def _spread(block: Result, height: int, width: int) -> list[list[Value]]:
    rows = block.rows if isinstance(block, Matrix) else [[block]]
    if len(rows[0]) < width:
        rows = [row * width if len(row) == 1 else [*row, *[NA] * (width - len(row))] for row in rows]
    gap: list[Value] = [NA] * width
    return rows * height if len(rows) == 1 else [*rows, *[gap] * (height - len(rows))]


def _operate(sign: str, a: Value, b: Value) -> Value:
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    if sign in COMPARE:
        return COMPARE[sign](order(a, b))
    if sign == "&":
        return words(a) + words(b)  # type: ignore[operator] # errors were answered above
    return arithmetic(sign, number(a), number(b))


def arithmetic(sign: str, x: float | ExcelError, y: float | ExcelError) -> float | ExcelError:
    """One of + - * / ^ on two numbers, with Excel's errors."""
    if isinstance(x, ExcelError):
        return x
    if isinstance(y, ExcelError):
        return y
    try:
        match sign:
            case "+":
                found = x + y
            case "-":
                found = x - y
            case "*":
                found = x * y
            case "/":
                if y == 0:
                    return DIV0
                found = x / y
            case _:
                found = math.pow(x, y)
    except (OverflowError, ValueError):
        return NUM
    return found + 0.0 if math.isfinite(found) else NUM  # a cell never shows -0
