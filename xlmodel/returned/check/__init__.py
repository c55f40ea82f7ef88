"""Rules about a workbook that came back: is it still the model, and what did people do to it?

The rules of `xlmodel.xlsx.rules` judge a file that this project has just written, and none may be broken. The
rules here judge a file that people have worked in: each finding says where, what, what was expected, how to mend it
and how grave it is. A note is no fault: it says what a reviewer should know.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlmodel.returned.check.subject import Subject

ERROR, WARNING, NOTE = "error", "warning", "note"
SEVERITIES = (ERROR, WARNING, NOTE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found, before its id and severity are put to it.

    Attributes:
        severity: overrides that of the rule.
        cells: each place with its own words, where one cause and one fix are behind many; empty for a single place.
    """

    where: str
    found: str
    expected: str
    fix: str
    severity: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: which rule, how grave, and the four facts; `cells` as in `Fault`."""

    rule: str
    severity: str
    where: str
    found: str
    expected: str
    fix: str
    cells: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The finding for JSON; what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value != ()}


@dataclass(frozen=True, slots=True)
class AuditRule:
    """A rule with its reason.

    Attributes:
        id: short name, stable from version to version.
        severity: error: numbers are wrong or may be; warning: look at it before you rely on it; note: know it.
        reason: why anybody should care.
        faults: yields what is wrong with a workbook.
    """

    id: str
    severity: str
    reason: str
    faults: "Callable[[Subject], Iterable[Fault]]"

    def findings(self, subject: "Subject") -> Iterator[Finding]:
        """What the rule finds, in the order of the file."""
        for f in self.faults(subject):
            yield Finding(self.id, f.severity or self.severity, f.where, f.found, f.expected, f.fix, f.cells)
