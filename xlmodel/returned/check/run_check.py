"""All rules over one workbook."""

import datetime
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xlmodel.returned.check import (
    ERROR,
    NOTE,
    SEVERITIES,
    AuditRule,
    Finding,
    bars,
    beside,
    caches,
    cell_rules,
    chart_rules,
    conditions,
    contract_rules,
    formats,
    ink,
    input_rules,
    lines,
    observed,
    outside,
    overlays,
    page_rules,
    protection_rules,
    result_rules,
    slip_rules,
    source_rules,
    table_looks,
    view_rules,
)
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.together import together
from xlmodel.returned.mailed_file import ADD_AGAIN
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.origin import settled
from xlmodel.xlsx.sound import sound

RULES: tuple[AuditRule, ...] = (
    *contract_rules.RULES, *cell_rules.RULES, *input_rules.RULES, *source_rules.RULES, *slip_rules.RULES, *outside.RULES, *result_rules.RULES,
    *formats.RULES, *ink.RULES, *lines.RULES, *conditions.RULES, *bars.RULES, *protection_rules.RULES, *page_rules.RULES, *table_looks.RULES, *overlays.RULES, *beside.RULES, *chart_rules.RULES,
    *caches.RULES, *view_rules.RULES, *observed.RULES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in a workbook, the gravest first.

    Attributes:
        facts: which build it is, and what it holds beside it.
    """

    facts: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def grave(self) -> bool:
        """Whether anything beyond notes was found."""
        return any(finding.severity != NOTE for finding in self.findings)

    @property
    def counts(self) -> dict[str, int]:
        """Findings by severity."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in SEVERITIES}

    def as_facts(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {**self.facts, "counts": self.counts, "findings": [finding.facts() for finding in self.findings]}


def audit(path: Path, today: datetime.date | None = None) -> Audit:
    """Review a workbook that came back.

    Args:
        path: the workbook.
        today: the day against which prices are stale.

    Raises:
        WorkbookRefused: it cannot be read safely, or was not built by xlmodel.
    """
    mailed = open_mailed(path)
    with sound(path.name):
        subject = Subject(mailed, today or datetime.datetime.now(tz=datetime.UTC).date())
        found = [finding for rule in RULES for finding in rule.findings(subject)]
        found = settled(mailed.origin, mailed.name, found)
        if not mailed.whole:  # what a refresh would mend
            found = [replace(f, fix=ADD_AGAIN) if "xlmodel refresh" in f.fix else f for f in found]
        found = together(found)
        found.sort(key=lambda finding: SEVERITIES.index(finding.severity))
        return Audit(facts(subject), tuple(found))


def facts(s: Subject) -> dict[str, Any]:
    """Which build the workbook is, and what it holds beside it."""
    c = s.contract
    return {
        "file": s.mailed.name, "version": c.version, "edition": c.edition, "whole": s.mailed.whole, "build": c.build_id, "date": c.date,
        "points": len(s.contents.inputs.points), "formulas": sum(map(len, s.formulas.values())), "own_sheets": s.mailed.own_sheets,
        "compared": s.built is not None, "taken_away": s.mailed.origin.told,
    }  # fmt: skip


__all__ = ["ERROR", "RULES", "Audit", "audit"]
