"""Lines of an old sheet followed into a new one by the words on them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value

REPEATS = re.compile(r"(?:'[^']+'!|[A-Za-z_]\w*!)?\$?[A-Z]{1,3}\$?[0-9]{1,7}")  # a formula that only repeats a cell


@dataclass(frozen=True, slots=True)
class Lines:
    """Old line -> new line; lines beyond the last one with words keep their distance from it."""

    found: Mapping[int, int]
    last: int
    shift: int

    def get(self, line: int) -> int | None:
        """The new line; None for one that cannot be followed."""
        return self.found.get(line, line + self.shift if line > self.last else None)


def by_line(texts: Mapping[tuple[int, int], str], axis: int) -> list[tuple[str, ...]]:
    """The texts of every line from the first to the last, in order across the line."""
    lines: dict[int, list[tuple[int, str]]] = {}
    for at, text in texts.items():
        lines.setdefault(at[axis], []).append((at[1 - axis], text))
    last = max(lines, default=0)
    return [tuple(text for _, text in sorted(lines.get(line, ()))) for line in range(1, last + 1)]


def followed(old: list[tuple[str, ...]], new: list[tuple[str, ...]]) -> Lines:
    """Equal words first, then what lies between two followed lines where it is as long."""
    if old == new:  # what the search below would find, line by line
        return Lines({line: line for line in range(1, len(old) + 1)}, len(old), 0)
    found: dict[int, int] = {}
    for block in SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks():
        for i in range(block.size):
            if old[block.a + i]:
                found[block.a + i + 1] = block.b + i + 1
    anchors = [(0, 0), *sorted(found.items()), (len(old) + 1, len(new) + 1)]
    for (a, b), (c, d) in pairwise(anchors):
        if c - a == d - b:
            found |= {a + i: b + i for i in range(1, c - a)}
    return Lines(found, len(old), len(new) - len(old))


def word(value: Value, formula: str | None) -> str:
    """What a cell says to those who look for its line: a constant, or a text that is only taken from a list."""
    if formula is not None:
        return value if isinstance(value, str) and REPEATS.fullmatch(formula) else ""
    if is_number(value):
        return f"{value:.15g}"
    return value if isinstance(value, str) else ""
