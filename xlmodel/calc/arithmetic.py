"""Excel's operators on cell values: errors pass through, empty is 0 or "", texts ignore case."""

import math
import operator
from collections.abc import Callable
from typing import Any, TypeGuard

from xlmodel.calc.values import DIV0, NUM, VALUE, ExcelError, Value


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
    return type(value) is float or (isinstance(value, int | float) and not isinstance(value, bool))


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


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge,
}  # fmt: skip
RECKON: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "^": math.pow,
}  # fmt: skip


def _reckoning(reckon: Callable[[float, float], float]) -> Callable[[float, float], float | ExcelError]:
    """An operator of Python with Excel's errors."""

    def reckoned(x: float, y: float) -> float | ExcelError:
        try:
            found = reckon(x, y)
        except ZeroDivisionError:
            return DIV0
        except (OverflowError, ValueError):
            return NUM
        return found + 0.0 if math.isfinite(found) else NUM  # a cell never shows -0

    return reckoned


ON_FLOATS: dict[str, Callable[[float, float], Value]] = {
    **COMPARE, **{sign: _reckoning(reckon) for sign, reckon in RECKON.items()},
    "&": lambda x, y: general(x) + general(y),
}  # fmt: skip


def single(sign: str, a: Value, b: Value) -> Value:
    """An operator on two values.

    >>> single("/", 1.0, 0.0), single("&", "at ", 60.0), single("=", "a", "A")
    (ExcelError(code='#DIV/0!'), 'at 60', True)
    """
    if isinstance(a, ExcelError):
        return a
    if isinstance(b, ExcelError):
        return b
    if sign in COMPARE:
        return COMPARE[sign](order(a, b), 0)
    if sign == "&":
        return words(a) + words(b)  # type: ignore[operator] # errors were answered above
    x, y = number(a), number(b)
    if isinstance(x, ExcelError):
        return x
    return y if isinstance(y, ExcelError) else ON_FLOATS[sign](x, y)
