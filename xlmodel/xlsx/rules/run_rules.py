"""Rules over a finished workbook that the schema validator does not check.

Each rule guards against something Excel answers with a repair prompt, an error value or a silent
change, or against something that must not travel in a workbook. `check` gives the findings:

    for finding in check(path):
        print(finding)
"""

from pathlib import Path

from xlmodel.errors import WorkbookRefused
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.rules import Breach, Rule, cell_order, edition_rules, file_rules, formula_rules, object_rules

RULES: tuple[Rule, ...] = (
    file_rules.READABLE,
    *file_rules.RULES,
    *formula_rules.RULES,
    *cell_order.RULES,
    *object_rules.RULES,
    *edition_rules.RULES,
)


def check(path: Path) -> list[Breach]:
    """All findings, by rule and then in file order; empty for a sound workbook.

    A package with unreadable parts is judged no further: the other rules need to read them.

    Raises:
        WorkbookRefused: the file is no .xlsx package at all.
    """
    package = Package(path)
    unreadable = _findings(file_rules.READABLE, package)
    if unreadable:
        return unreadable
    return [finding for rule in RULES if rule is not file_rules.READABLE for finding in _findings(rule, package)]


def _findings(rule: Rule, package: Package) -> list[Breach]:
    try:
        return [Breach(rule.id, where, message) for where, message in rule.faults(package)]
    except WorkbookRefused as error:
        return [Breach(rule.id, problem.where, str(problem)) for problem in error.problems]
