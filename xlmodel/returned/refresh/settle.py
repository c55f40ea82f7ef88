"""The last step of a refresh: stored results that follow what the Python model cannot see, and the proof.

An input that holds a formula or a text, a tolerance, an argument of an example: the model describes the book without
them, so where stored results differ the engine decides, and its results are stored.
"""

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path

from lxml import etree

from xlmodel.calc.values import Value
from xlmodel.errors import CheckFailed
from xlmodel.returned.check import ERROR, NOTE, Finding
from xlmodel.returned.check.formulas import Cell
from xlmodel.returned.check.result_rules import agree, confirmed, judged, owned
from xlmodel.returned.check.run_check import RULES
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.opening import opened
from xlmodel.returned.refresh.carried_cells import SheetXml, store
from xlmodel.returned.refresh.chart_points import chart_points
from xlmodel.xlsx.graft import Parts
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.passes import serialized

_BUILT = ("contract", "sheets", "names", "overwritten", "formula", "words", "functions")


def settled(path: Path, parts: Parts, today: datetime.date) -> tuple[Parts, tuple[Finding, ...]]:
    """Parts of a refreshed workbook in which stored results have to change, after proof that it is the model again.

    The parts are judged as they go into the file at `path`.

    Without such parts also what `check` still finds in it beyond notes, because it came along with the inputs.

    Raises:
        CheckFailed: a formula or name is not as this version builds it; the workbook must not be used.
    """
    s = Subject(opened(Package(path, parts)), today)
    proven = {rule.id: list(rule.findings(s)) for rule in RULES if rule.id in _BUILT}
    _prove(f for found in proven.values() for f in found)
    cells, theirs = judged(s), owned(s)
    wrong: dict[Cell, Value] = {}
    if theirs or not confirmed(s, cells):
        cells, again = {**cells, **theirs}, s.computed
        wrong = {key: again[key] for key, value in cells.items() if key in again and not agree(value, again[key])}
    found: Parts = {}
    for sheet in dict.fromkeys(name for name, _ in wrong):
        part = s.package.sheets[s.mailed.sheets.get(sheet, sheet)]
        root = etree.fromstring(s.package.data[part])
        grid = SheetXml(root)
        for (name, at), value in wrong.items():
            cell = grid.cell(*at) if name == sheet else None
            if cell is not None:
                store(cell, value)
        found[part] = serialized(root)
    found |= chart_points(s, wrong)
    return found, () if found else _left(s, proven)


def left(path: Path, parts: Parts, today: datetime.date) -> tuple[Finding, ...]:
    """What `check` still finds in a settled workbook beyond notes, because it came along with the inputs."""
    return _left(Subject(opened(Package(path, parts)), today), {})


def _left(s: Subject, known: Mapping[str, Iterable[Finding]]) -> tuple[Finding, ...]:
    rules = (rule for rule in RULES if rule.id not in ("stored", "own"))  # results were stored anew
    found = (known[rule.id] if rule.id in known else rule.findings(s) for rule in rules)
    return tuple(f for findings in found for f in findings if f.severity != NOTE)


def _prove(findings: Iterable[Finding]) -> None:
    found = [f for f in findings if f.severity == ERROR]
    if found:
        shown = "\n".join(f"{f.where}: {f.found}, expected {f.expected} [{f.rule}]" for f in found[:10])
        raise CheckFailed(f"{len(found)} places of the refreshed workbook are not as built:\n{shown}")
