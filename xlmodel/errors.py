"""The errors a caller can meet; catch `XlModelError` for all of them.

XlModelError
├── InputRefused      a file or argument from outside is not usable; lists every problem
├── WorkbookRefused   a workbook from outside cannot be read safely
├── EngineMissing     a calculation engine or validator is not installed
└── CheckFailed       the finished workbook does not agree with the Python model
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input, said with the four facts a person needs.

    >>> print(Problem("prices.csv line 14, usd_per_gpu_hour", "'3,50'", "a number such as 3.50",
    ...               "use a decimal point"))
    prices.csv line 14, usd_per_gpu_hour: found '3,50', expected a number such as 3.50. Fix: use a decimal point.
    """

    where: str
    found: str
    expected: str
    fix: str

    def __post_init__(self) -> None:
        """Characters of a file that a terminal would obey, or show as nothing, are spelt out."""
        for name in ("where", "found"):
            said = str(getattr(self, name))
            if not said.isprintable():
                plain = (c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in said)
                object.__setattr__(self, name, "".join(plain))

    def __str__(self) -> str:
        return f"{self.where}: found {self.found}, expected {self.expected}. Fix: {self.fix.rstrip('.')}."


class XlModelError(Exception):
    """Any error this project raises on purpose."""


class InputRefused(XlModelError):
    """A file or argument from outside is not usable; `problems` lists all of them, in file order.

    `names` are the platforms, models, snapshots and bases that a refused file brings, as far as it could be read:
    a choice of one of them is no mistake of its own.
    """

    def __init__(self, problems: Iterable[Problem], names: Iterable[str] = ()) -> None:
        self.problems = tuple(problems)
        self.names = frozenset(names)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def one(cls, where: str, found: str, expected: str, fix: str) -> Self:
        """A refusal with a single problem."""
        return cls([Problem(where, found, expected, fix)])


class WorkbookRefused(InputRefused):
    """A workbook from outside cannot be read safely."""


class EngineMissing(XlModelError):
    """A calculation engine or validator is not installed; the sentence says how to install it."""


class CheckFailed(XlModelError):
    """The finished workbook does not agree with the Python model; nothing was written."""


class Round:
    """One round of checks that do not depend on one another, so that a person mends everything before the next try."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, problems: Iterable[Problem]) -> None:
        """Note problems that were found; the same one is noted once."""
        self.problems += [problem for problem in dict.fromkeys(problems) if problem not in self.problems]

    @contextmanager
    def step(self) -> Iterator[None]:
        """A step whose refusal is noted, and does not keep the next ones from being made."""
        try:
            yield
        except InputRefused as refused:
            self.add(refused.problems)

    def end(self) -> None:
        """Refuse what was asked when any step found a problem.

        Raises:
            InputRefused: with the problems of all steps, in their order.
        """
        if self.problems:
            raise InputRefused(self.problems)
