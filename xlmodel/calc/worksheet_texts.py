"""What worksheet functions compute, second part: tests, single numbers, payments and texts."""

import math
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Context, Decimal

from xlmodel.calc.arithmetic import is_number, number, single, words
from xlmodel.calc.matrix import Matrix, Result, scalar
from xlmodel.calc.values import NA, NUM, VALUE, ExcelError, Value
from xlmodel.calc.worksheet import KNOWN, FoundError, Function, known, one

_ROOMY = Context(prec=350)  # the largest number of a cell has 309 digits, and decimals come on top

# --- tests and numbers ----------------------------------------------------------------------------


def _over(test: Callable[[Value], Value]) -> Function:
    def applied(value: Result) -> Result:
        return Matrix([test(v) for v in value.values], value.width) if isinstance(value, Matrix) else test(value)

    return applied


def _numeric(name: str, function: Callable[[float], float]) -> None:
    def applied(value: Value) -> Value:
        x = number(value)
        return x if isinstance(x, ExcelError) else function(x)

    KNOWN[name] = _over(applied)


KNOWN["ISNUMBER"] = _over(is_number)
KNOWN["ISTEXT"] = _over(lambda v: isinstance(v, str))
KNOWN["ISBLANK"] = _over(lambda v: v is None)
KNOWN["ISNA"] = _over(lambda v: v == NA)
KNOWN["ISERROR"] = _over(lambda v: isinstance(v, ExcelError))
KNOWN["N"] = _over(
    lambda v: v if isinstance(v, ExcelError) or is_number(v) else float(v) if isinstance(v, bool) else 0.0
)
KNOWN["NOT"] = _over(lambda v: v if isinstance(v, ExcelError) else not number(v))
KNOWN["NA"] = lambda: NA
_numeric("ABS", abs)
_numeric("INT", lambda x: float(math.floor(x)))
_numeric("EXP", math.exp)
_numeric("LN", math.log)
_numeric("SQRT", math.sqrt)


def _rounded(name: str, rounding: str) -> None:
    def applied(value: Result, digits: Result = 0.0) -> Result:
        # Excel rounds the 15-digit decimal, not the binary value behind it
        said, places = f"{one(value):.15g}", int(one(digits))
        if places >= 0 and "e" not in said and "n" not in said:  # nearly always, so without the decimals of Python
            whole, _, rest = said.partition(".")
            kept, left = rest[:places], rest[places:]
            up = left and (rounding == ROUND_UP or (rounding == ROUND_HALF_UP and left[0] >= "5"))
            return float(f"{int(whole + kept) + (-1 if said[0] == '-' else 1) * bool(up)}e-{len(kept)}")
        step = Decimal(1).scaleb(-places)
        rounded = (Decimal(said) / step).quantize(Decimal(1), rounding, _ROOMY) * step
        return float(rounded) + 0.0  # a cell never shows -0

    KNOWN[name] = applied


_rounded("ROUND", ROUND_HALF_UP)
_rounded("ROUNDUP", ROUND_UP)
_rounded("ROUNDDOWN", ROUND_DOWN)


@known
def mod(value: Result, divisor: Result) -> Result:
    """Remainder with the sign of the divisor."""
    by = one(divisor)
    return single("/", 1.0, 0.0) if by == 0 else one(value) - by * math.floor(one(value) / by)


@known
def pmt(rate: Result, periods: Result, present: Result, future: Result = 0.0) -> Result:
    """Level payment at the end of each period that pays off `present` and leaves `future`; money paid is negative."""
    r, n, pv, fv = one(rate), one(periods), one(present), one(future)
    if n == 0:
        return NUM
    if r == 0:
        return -(pv + fv) / n
    grown = math.pow(1 + r, n)
    return -(pv * grown + fv) * r / (grown - 1)


# --- texts ----------------------------------------------------------------------------------------


def _text(value: Result) -> str:
    if type(value) is str:
        return value
    found = words(scalar(value))
    if isinstance(found, ExcelError):
        raise FoundError(found)
    return found


@known
def fixed(value: Result, digits: Result = 2.0, plain: Result = False) -> Result:
    """A number as text with that many decimals, thousands apart unless plain.

    >>> fixed(2.675), fixed(1e30, 0.0, True)  # more digits than a decimal keeps by itself
    ('2.68', '1000000000000000000000000000000')
    """
    places = int(one(digits))
    found = Decimal(f"{one(value):.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _ROOMY)
    found = found if found else abs(found)  # no -0.00
    return f"{found:.{max(places, 0)}f}" if one(plain) else f"{found:,.{max(places, 0)}f}"


@known
def mid(text: Result, start: Result, length: Result) -> Result:
    """Some characters from a place, counted from 1."""
    first = int(one(start))
    return VALUE if first < 1 or one(length) < 0 else _text(text)[first - 1 : first - 1 + int(one(length))]


@known
def left(text: Result, length: Result = 1.0) -> Result:
    """The first characters."""
    return VALUE if one(length) < 0 else _text(text)[: int(one(length))]


@known
def right(text: Result, length: Result = 1.0) -> Result:
    """The last characters."""
    count_ = int(one(length))
    return VALUE if count_ < 0 else _text(text)[-count_:] if count_ else ""


@known
def len_(text: Result) -> Result:
    """Number of characters."""
    return float(len(_text(text)))


@known
def find(part: Result, text: Result, start: Result = 1.0) -> Result:
    """Where a part begins, counted from 1."""
    place = _text(text).find(_text(part), int(one(start)) - 1)
    return float(place + 1) if place >= 0 else VALUE


@known
def substitute(text: Result, old: Result, new: Result) -> Result:
    """The text with each part replaced."""
    return _text(text).replace(_text(old), _text(new)) if _text(old) else _text(text)


@known
def trim(text: Result) -> Result:
    """The text without blanks at its ends, and with single ones inside."""
    return " ".join(part for part in _text(text).split(" ") if part)


@known
def lower(text: Result) -> Result:
    """The text in small letters."""
    return _text(text).lower()


@known
def t(text: Result) -> Result:
    """The text; "" for a number, a truth value and an empty cell."""
    found = scalar(text)
    return found if isinstance(found, str | ExcelError) else ""


@known
def value_(text: Result) -> Result:
    """A text as the number that it spells."""
    return number(scalar(text))
