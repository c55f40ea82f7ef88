"""The last step of a refresh: stored results that follow what the Python model cannot see, and the proof.

An input that holds a formula or a text, a tolerance, an argument of an example: the model describes the book without
them, so where stored results differ the engine decides, and its results are stored.
"""

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path

from lxml import etree

from xlmodel.book.spec import Book
from xlmodel.calc.values import Value
from xlmodel.errors import CheckFailed
from xlmodel.returned.check import ERROR, NOTE, Finding
from xlmodel.returned.check.results import agree, judged
from xlmodel.returned.check.run_check import RULES
from xlmodel.returned.check.subject import Cell, Subject
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.refresh.carried_cells import Sheet, store
from xlmodel.xlsx.graft import Parts
from xlmodel.xlsx.passes import serialized

_BUILT = ("contract", "sheets", "names", "overwritten", "formula", "words", "functions")


def settled(path: Path, today: datetime.date, book: Book) -> tuple[Parts, tuple[Finding, ...]]:
    """Parts of a refreshed workbook in which stored results have to change, after proof that it is the model again.

    Without such parts also what `check` still finds in it beyond notes, because it came along with the inputs. `book` is
    what was written: formulas and words are held against it, and results against the model of what the file now says.

    Raises:
        CheckFailed: a formula or name is not as this version builds it; the workbook must not be used.
    """
    s = Subject(open_mailed(path), today, book)
    known = {rule.id: list(rule.findings(s)) for rule in RULES if rule.id in _BUILT}
    _prove(known)
    cells, expected = judged(s), s.modelled
    wrong: dict[Cell, Value] = {}
    if not all(key in expected and agree(value, expected[key]) for key, value in cells.items()):
        again = s.computed
        wrong = {key: again[key] for key, value in cells.items() if key in again and not agree(value, again[key])}
    found: Parts = {}
    for sheet in dict.fromkeys(name for name, _ in wrong):
        part = s.package.sheets[s.mailed.sheets[sheet]]
        root = etree.fromstring(s.package.data[part])
        grid = Sheet(root)
        for (name, at), value in wrong.items():
            cell = grid.cell(*at) if name == sheet else None
            if cell is not None:
                store(cell, value)
        found[part] = serialized(root)
    return found, () if found else tuple(_left(s, known))


def _left(s: Subject, known: Mapping[str, list[Finding]]) -> Iterator[Finding]:
    rules = (rule for rule in RULES if rule.id != "stored")  # results were stored anew
    for rule in rules:
        found = known[rule.id] if rule.id in known else rule.findings(s)
        yield from (f for f in found if f.severity != NOTE)


def _prove(known: Mapping[str, list[Finding]]) -> None:
    found = [f for findings in known.values() for f in findings if f.severity == ERROR]
    if found:
        shown = "\n".join(f"{f.where}: {f.found}, expected {f.expected} [{f.rule}]" for f in found[:10])
        raise CheckFailed(f"{len(found)} places of the refreshed workbook are not as built:\n{shown}")
