"""What a refresh writes again as the build has it: each is told, because somebody may have meant it."""

from collections.abc import Iterator

from xlmodel.returned.check import (
    NOTE,
    AuditRule,
    chart_rules,
    conditions,
    contract_rules,
    page_rules,
    protection_rules,
)
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.origin import explained
from xlmodel.returned.refresh import Remark

_RULES: tuple[AuditRule, ...] = (
    *conditions.RULES,
    *chart_rules.RULES,
    *(rule for rule in protection_rules.RULES if rule.id == "validation"),
    *(rule for rule in page_rules.RULES if rule.id == "frozen"),
    *(rule for rule in contract_rules.RULES if rule.id == "names"),
)


def undone(s: Subject) -> Iterator[Remark]:
    """Lights, limits, charts, panes and names that are not as built, which the new book has as built."""
    for rule in _RULES:
        for found in rule.findings(s):
            lies_over = rule in conditions.RULES and "is gone" not in found.found
            if (
                found.severity != NOTE
                and not explained(s.mailed.origin, found)
                and not lies_over
                and "#REF!" not in found.found
            ):
                what = "Not as it was built; the build's own stands again"
                yield Remark(what, found.where, found.found, found.expected)
