"""The package rules by subject: the file, its formulas, its cells, its tables and charts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xlmodel.xlsx.parts import Package

Faults = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach of a rule: which, where, and what is wrong there."""

    id: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} [{self.id}]"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its reason; `faults` yields (where, message) for each breach."""

    id: str
    reason: str
    faults: Callable[[Package], Faults]
