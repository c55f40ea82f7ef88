"""Takes numbers and texts out of one record of a result file; what a number cannot be is said at once."""

import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from xlmodel.readers.results.measurement import Unusable

LONGEST = 200
MOST = 1e15  # no count, time or rate of a load test is larger
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_ABSENT = frozenset(("", "n/a", "na", "none", "null", "nan", "-", "inf", "+inf", "-inf", "infinity", "-infinity"))


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


class Taker:
    """A record; paths lead into nested ones with dots, such as ``metrics.requests_per_second.mean``.

    Args:
        data: the record.
        thousands: whether texts write 1,234.5 for 1234.5.
    """

    def __init__(self, data: Mapping[str, Any], *, thousands: bool = False) -> None:
        self.data = data
        self.thousands = thousands

    def get(self, path: str) -> Any:
        """What stands at a path; None when nothing does.

        >>> Taker({"a": {"b": 1}}).get("a.b"), Taker({"a": []}).get("a.b")
        (1, None)
        """
        found: Any = self.data
        for step in _steps(path):
            if not isinstance(found, Mapping):
                return None
            found = found.get(step)
        return found

    def at(self, path: str) -> "Taker":
        """The record at a path; an empty one when there is none."""
        found = self.get(path)
        return Taker(found if isinstance(found, Mapping) else {}, thousands=self.thousands)

    def number(self, *paths: str) -> float | None:
        """The first number at one of the paths; None when each is missing, empty, NaN or infinite.

        >>> Taker({"x": None, "y": "12.5"}).number("x", "y")
        12.5

        Raises:
            Unusable: something that is no number, a negative one, or one that no load test gives.
        """
        for path in paths:
            value = self._read(path)
            if value is not None:
                return value
        return None

    def above(self, *paths: str) -> float | None:
        """As `number`, but 0 stands for a number that was not measured."""
        return next((value for path in paths if (value := self.number(path))), None)

    def whole(self, *paths: str) -> int | None:
        """A count.

        Raises:
            Unusable: also for a fraction.
        """
        value = self.number(*paths)
        if value is not None and value != int(value):
            raise Unusable(f"{paths[0]} = {value:g}", "a whole number", "run the load test again, or correct the file")
        return None if value is None else int(value)

    def _read(self, path: str) -> float | None:
        found = self.data.get(path) if "." not in path else self.get(path)
        if found is None:
            return None
        kind = type(found)
        if kind is str:
            value = self._of_text(path, found)
            if value is None:
                return None
        elif kind is float or kind is int:
            value = found
        else:
            raise Unusable(f"{path} = {shown(found)}", "a number", "correct the file, or run the load test again")
        if -MOST <= value <= MOST:
            if value < 0:
                raise Unusable(f"{path} = {value:g}", "a number that is not negative", "run the load test again")
            return float(value)
        if not isinstance(value, int) and not math.isfinite(value):
            return None
        raise Unusable(f"{path} = {shown(found)}", "a number of a load test", "check the unit, or run the test again")

    def _of_text(self, path: str, said: str) -> float | None:
        text = said.strip()
        if self.thousands and _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        if _NUMBER.fullmatch(text):
            return float(text)
        if text.casefold() in _ABSENT:
            return None
        expected = "a number such as 1234.5"
        fix = "write it without a unit, without thousands separators, and with a decimal point"
        raise Unusable(f"{path} = {shown(said)}", expected, fix)

    def text(self, *paths: str) -> str:
        """The first text at one of the paths, on one line; empty when there is none."""
        for path in paths:
            found = self.data.get(path) if "." not in path else self.get(path)
            if type(found) is str:
                if found and (said := plain(found)):
                    return said
                continue
            if type(found) is int or type(found) is float:
                return shown(found)
        return ""

    def flag(self, path: str) -> bool | None:
        """Yes or no, as JSON or as a text says it; None when it is not said."""
        found = self.get(path)
        if isinstance(found, str):
            return {"true": True, "t": True, "yes": True, "1": True, "on": True, "false": False, "f": False, "no": False, "0": False,
                    "off": False}.get(found.strip().casefold())  # fmt: skip
        return found if isinstance(found, bool) else None

    def takers(self, path: str) -> Iterator["Taker"]:
        """The records of a list."""
        found = self.get(path)
        for item in found if isinstance(found, list) else ():
            yield Taker(item if isinstance(item, Mapping) else {}, thousands=self.thousands)


def plain(said: str) -> str:
    r"""A text on one line, without characters that cannot be seen, and not too long.

    >>> plain("  a\n b ")
    'a b'
    """
    if len(said) <= LONGEST and said.isprintable():
        return " ".join(said.split())
    kept = "".join(c if c.isprintable() else " " for c in said[: 4 * LONGEST])
    return " ".join(kept.split())[:LONGEST]


def shown(found: Any) -> str:
    """A value of a file as a problem shows it."""
    if isinstance(found, str):
        return repr(plain(found)[:60])
    if isinstance(found, list | Mapping):
        return "a list" if isinstance(found, list) else "a group of values"
    if isinstance(found, bool):
        return str(found).lower()
    return (
        f"{found:g}" if isinstance(found, float) else "a number of too many digits" if abs(found) > MOST else str(found)
    )
