"""Rules about editions: functions come from LAMBDAs or from Python, never from both, and code only where it belongs."""

import json
import re
from collections.abc import Iterator

from xlmodel.book.edition import OFFICE
from xlmodel.model.feed import RANGE
from xlmodel.model.function_records import from_python
from xlmodel.xlsx.lite import ADD_IN
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.rules import Faults, Rule
from xlmodel.xlsx.rules.rule_texts import defined_names

_NAMES = tuple(function.name for function in from_python())
EXTENSION = re.compile(r"(?i)xl/webextensions/webextension\d*\.xml")


def from_add_in(package: Package) -> frozenset[str]:
    """Functions, in upper case, that an add-in brings to this workbook; none without the range they read."""
    if RANGE.lower() not in {name.lower() for name, _ in defined_names(package)}:
        return frozenset()
    return frozenset(prefix + name for name in _NAMES for prefix in ("", OFFICE.upper()))


def one_kind(package: Package) -> Faults:
    """LAMBDA names in a workbook whose functions come from Python."""
    lambdas = {name for name, text in defined_names(package) if "LAMBDA(" in text and name.upper() in _NAMES}
    if lambdas and from_add_in(package):
        yield f"name {min(lambdas)}", "a LAMBDA has the name of a function that comes from Python here"


def code(package: Package) -> Faults:
    """Web extensions other than xlwings Lite, or whose code cannot be read."""
    for part in package.data:
        if EXTENSION.fullmatch(part):
            if not from_add_in(package):
                yield part, "code of an add-in in a workbook whose functions are LAMBDAs"
            ids = {reference.get("id", "").lower() for reference in package.tree(part).iter("{*}reference")}
            if ids != {ADD_IN}:
                yield part, f"an add-in other than xlwings Lite: {', '.join(sorted(ids)) or 'none named'}"
            yield from ((part, fault) for fault in _unreadable(package, part))


def _unreadable(package: Package, part: str) -> Iterator[str]:
    found = {p.get("name", ""): p.get("value", "") for p in package.tree(part).iter("{*}property")}
    if "main.py" not in found:
        yield "no main.py"
    for name, value in found.items():
        try:
            text = json.loads(value)
        except ValueError:
            yield f"{name} is no JSON string"
            continue
        if name.endswith(".py"):
            try:
                compile(text, name, "exec")
            except (SyntaxError, ValueError, TypeError) as error:
                yield f"{name} is no Python: {error}"


RULES = (
    Rule("one-edition", "a LAMBDA and a Python function of one name stop all functions of the workbook", one_kind),
    Rule("add-in-code", "code travels only in the edition made for it, for the add-in it was made for, and runs", code),
)
