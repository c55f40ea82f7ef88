"""Checks of one value of a settings file: TOML value to what the model takes, or the reason why not."""

import datetime
import re
from collections.abc import Callable
from typing import Any

from xlmodel.readers.cell_readers import NUMBER, BadCell, Reader, period
from xlmodel.units import Unit

MAX_ITEMS = 1_000

Check = Callable[[Any], Any]

_PLAIN = "write a number with a decimal point, without quotation marks and without a unit"
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})")  # three digits may be thousands


def text(read: Reader) -> Check:
    """A text that a reader of cells accepts."""

    def check(value: Any) -> Any:
        if not isinstance(value, str):
            raise BadCell("a text in quotation marks", "put the value into quotation marks")
        if not value.strip():
            raise BadCell("a text", "fill it in, or delete the line")
        return read(value)

    return check


def word(words: tuple[str, ...]) -> Check:
    """One of some words, spelt as they are."""

    def check(value: Any) -> Any:
        if value not in words:
            raise BadCell("one of " + ", ".join(f'"{word}"' for word in words), "use one of these words")
        return value

    return check


def number(unit: Unit) -> Check:
    """A number within the range of its unit."""

    def check(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            meant = as_meant(value, unit) if isinstance(value, str) else None
            raise BadCell(f"a number in {unit.label}", _PLAIN if meant is None else f"write {meant}")
        if not unit.holds(value):
            raise BadCell(_range(unit), _range_fix(value, unit))
        if unit.whole and value != int(value):
            raise BadCell(_range(unit), "round it to a whole number")
        return float(value)

    return check


def _range(unit: Unit) -> str:
    """What a number of a unit may be; a label that is the range is not said twice."""
    words = f"a {'whole ' if unit.whole else ''}number from {unit.allowed}"
    return words if unit.label == unit.allowed else f"{words} {unit.label}"


def _range_fix(value: float, unit: Unit) -> str:
    if unit.low >= 100 and value < unit.low and unit.holds(value * 1000):
        return f"write it in full in {unit.label}, not in thousands"
    return "correct the number or its unit"


def as_meant(said: str, unit: Unit | None = None) -> str | None:
    """The number that a text plainly means, as TOML writes it; None when it may mean another.

    >>> from xlmodel.units import TOTAL_KILOWATT, USD_PER_GPU_HOUR, UTILIZATION
    >>> as_meant("80%", UTILIZATION), as_meant("0,08"), as_meant("5.25 USD", USD_PER_GPU_HOUR)
    ('0.8', '0.08', '5.25')
    >>> print(as_meant("2 MW", TOTAL_KILOWATT), as_meant("5,000"))
    None None
    """
    found = said.strip()
    share = found.endswith("%")
    if share:
        if unit is not None and not unit.label.startswith(("share", "x")):  # a price of so many percent means nothing
            return None
        found = found[:-1].rstrip()
    elif unit is not None:
        found = _without(found, unit)
    found = found.replace(",", ".") if _DECIMAL_COMMA.fullmatch(found) else found
    if not NUMBER.fullmatch(found):
        return None
    value = float(found) / 100 if share else float(found)
    if unit is not None and not unit.holds(value):
        return None
    return f"{value:.12g}"


def _without(said: str, unit: Unit) -> str:
    """A text without the name of its unit, whole or as far as the first stroke: USD/GPU-hour, USD."""
    for name in (unit.label, unit.label.partition("/")[0], *(("$",) if unit.label.startswith("USD") else ())):
        if said.casefold().endswith(name.casefold()):
            return said[: len(said) - len(name)].rstrip()
        if said.casefold().startswith(name.casefold()):
            return said[len(name) :].lstrip()
    return said


def switch(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadCell("true or false", "write true or false without quotation marks")
    return value


def items(value: Any, check: Check) -> list[Any]:
    """A list, each item checked."""
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise BadCell(f"a list of at most {MAX_ITEMS:,} texts", 'write it in brackets, for example ["one", "two"]')
    return [check(item) for item in value]


def day(value: Any) -> str:
    """A day, as a TOML date or as text."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = value.isoformat()
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise BadCell('a day such as "2026-11-23"', "write the year, the month and the day, with hyphens")
    found: str = period()(value)
    return found
