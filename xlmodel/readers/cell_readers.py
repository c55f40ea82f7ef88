"""Readers of one cell: text to value, or the reason why not, with what to do about it."""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xlmodel.readers.problems import Problems, quoted
from xlmodel.units import COUNT, Unit

Reader = Callable[[str], Any]

NAME_LENGTH = 60  # names become list entries, chart labels and parts of keys
TEXT_LENGTH = 255
CELL_LENGTH = 32_767  # the most characters an Excel cell can hold
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
DAY = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
NOT_KNOWN = "leave out what was not measured or not priced"
LATE_FIX = "correct the year, or say the day of the build: --date, or date in [build]"
PERIOD = re.compile(rf"(?:median of runs to )?({DAY})(?: to ({DAY}))?", re.ASCII)


class BadCell(Exception):
    """A cell that cannot be used: what was expected instead, and how to mend it."""

    def __init__(self, expected: str, fix: str) -> None:
        super().__init__(expected, fix)
        self.expected = expected
        self.fix = fix


class Memo(dict[str, Any]):
    """A reader that reads each different text once: columns repeat a few texts many times."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, text: str) -> Any:
        value = self[text] = self.read(text)
        return value


def note_bad_cells(
    memos: Sequence[Memo], names: Sequence[str], row: Sequence[str], line: int, to: Problems, word: str = "line"
) -> None:
    """Add every unusable cell of a row to the problems; values already read come from the memos."""
    for memo, name, text in zip(memos, names, row, strict=False):  # a row may carry one empty cell more
        try:
            memo[text]
        except BadCell as bad:
            to.add(f"{word} {line}, {name}", quoted(text), bad.expected, bad.fix)


def number(unit: Unit, empty: bool = False, decimals: int | None = None) -> Reader:
    """A decimal number within the range of its unit; None for an empty cell where `empty` allows it."""

    def read(text: str) -> float | None:
        text = text.strip()
        if not text and empty:
            return None
        if not NUMBER.fullmatch(text):
            raise _not_a_number(text, unit)
        value = float(text)
        if not unit.holds(value):
            raise BadCell(f"a number from {unit.allowed}{_in(unit, ' ')}", _range_fix(value, unit))
        return value if decimals is None else round(value, decimals)

    return read


def whole(unit: Unit, unknown: int | None = 0) -> Reader:
    """A whole number; `unknown`, which stands for not recorded, for 0 or an empty cell."""
    inner = number(unit, empty=True)

    def read(text: str) -> int | None:
        value = inner(text) or 0.0
        if value != int(value):
            raise BadCell("a whole number", "round it, or leave the cell empty when not recorded")
        return int(value) or unknown

    return read


def milliseconds(unit: Unit) -> Reader:
    """A time in ms; a time below 1 ms is one in seconds under the wrong name."""
    inner = number(unit, empty=True)

    def read(text: str) -> float | None:
        value: float | None = inner(text)
        if value is not None and value < 1:
            raise BadCell(
                "milliseconds, at least 1", "multiply seconds by 1000, or leave the cell empty when not recorded"
            )
        return value

    return read


def choice(values: Mapping[str, Any], words: Sequence[str], empty: str | None = None) -> Reader:
    """One of some words, in any case; `values` maps every spelling, in lower case, to its meaning."""

    def read(text: str) -> Any:
        text = text.strip()
        if not text and empty is not None:
            text = empty
        try:
            return values[text.casefold()]
        except KeyError:
            raise BadCell("one of " + ", ".join(words), "use one of these words") from None

    return read


def spellings(words: Sequence[str], **more: str) -> dict[str, str]:
    """The words by themselves in lower case, and further spellings.

    >>> spellings(["FP4"], nvfp4="FP4")
    {'fp4': 'FP4', 'nvfp4': 'FP4'}
    """
    return {word.casefold(): word for word in words} | more


def free_text(limit: int = CELL_LENGTH, required: bool = False) -> Reader:
    """Text of one line, kept as it is: text that looks like a formula is still text."""

    def read(text: str) -> str:
        text = text.strip()
        if required and not text:
            raise BadCell("a text", "fill the cell")
        bad = UNPRINTABLE.search(text) or INVISIBLE.search(text)
        if bad:
            raise BadCell("text on one line, without invisible characters", f"delete the character U+{ord(bad[0]):04X}")
        if len(text) > limit or (len(text) * 2 > limit and len(text.encode("utf-16-le")) // 2 > limit):
            raise BadCell(f"at most {limit:,} characters", "shorten the text")
        return text

    return read


def period(empty: bool = False, until: str = "") -> Reader:
    """A day, month, year or a period of them, as text in ISO form; none that ends after the day `until`."""
    expected = "a date such as 2026-07-31, 2026-07 or 2026, or a period such as 2025-10 to 2026-07"

    def read(text: str) -> str:
        text = text.strip()
        if not text and empty:
            return text
        found = PERIOD.fullmatch(text)
        if not found:
            fix = "write the year, the month and the day, with hyphens"
            raise BadCell(expected, "fill the cell" if not text else fix)
        first, last = found[1], found[2] or found[1]
        if not (_on_calendar(first) and _on_calendar(last)):
            raise BadCell("a date of the calendar, from 1900 to 2999", "correct the date")
        if last < first[: len(last)]:
            raise BadCell("a period that ends after it begins", "swap the two dates")
        if until and last > until[: len(last)]:
            raise BadCell(f"a date up to {until}, a year after the day of the build", LATE_FIX)
        return text

    return read


def _on_calendar(text: str) -> bool:
    """Whether a year, month or day in ISO form exists."""
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return 1900 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _range_fix(value: float, unit: Unit) -> str:
    """What to do about a number outside its range."""
    if value <= 0:
        return NOT_KNOWN
    if value > unit.high and "GPU-hour" in unit.label:
        return "give one GPU for one hour: divide by the GPUs of the node and the hours (730 a month)"
    return "check the number" if unit is COUNT else f"check the unit: the column is in {unit.label}"


def _in(unit: Unit, word: str = " in ") -> str:
    """The unit behind a number; nothing where things are counted."""
    return "" if unit is COUNT else word + unit.label


_CAUSES = tuple((re.compile(pattern, re.IGNORECASE), fix) for pattern, fix in (
    (r"", "fill the cell"),
    (r"['’‘].*", "delete the apostrophe in front of the number"),
    (r".*%.*", "write the number without a percent sign"),
    (r".*([$€£¥]|usd|eur).*", "write the number alone; the currency is USD"),
    (r"[+-]?(nan|inf|infinity)", NOT_KNOWN),
    (r"[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})", "use a decimal point, not a decimal comma"),
    (r"[+-]?[0-9]{1,3}([.,'’ \u00a0\u202f][0-9]{3})+([.,][0-9]+)?",
     "write the number without thousands separators and with a decimal point"),
    (r"#?n/?a|-+|none|null|\?|tbd", "delete the row when there is no number"),
    (r".*", "write digits with a decimal point, without units or signs"),
))  # fmt: skip


def _not_a_number(text: str, unit: Unit) -> BadCell:
    """Why a text is not a number, said so that the fix is plain."""
    fix = next((fix for cause, fix in _CAUSES if cause.fullmatch(text)), _CAUSES[-1][1])
    return BadCell("a whole number such as 8" if unit is COUNT else f"a number such as 3.50{_in(unit)}", fix)
