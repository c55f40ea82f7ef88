"""Reader of the bundled claims."""

import csv
import math
from dataclasses import fields
from pathlib import Path

from xlmodel.errors import InputRefused, Problem
from xlmodel.model.claims import KINDS, RELATIONS
from xlmodel.model.facts import Claim

FILE = Path(__file__).parents[1] / "data" / "claims.csv"
COLUMNS = tuple(field.name for field in fields(Claim))
NUMBERS = ("published", "interactivity", "given", "given_baseline")
REBUILD = "rebuild the file with python -m xlmodel.data.build_claims"


def bundled_claims() -> list[Claim]:
    """The published claims that come with the package, in their order."""
    return read_claims(FILE)


def read_claims(path: Path) -> list[Claim]:
    """Read a claims file.

    Raises:
        InputRefused: the file is missing, or a column or cell is not as expected; all problems at once.
    """
    if not path.is_file():
        raise InputRefused([Problem(path.name, "no such file", "the table of claims", REBUILD)])
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            found = ", ".join(reader.fieldnames or ()) or "an empty file"
            raise InputRefused([Problem(f"{path.name} line 1", found, ", ".join(COLUMNS), REBUILD)])
        problems: list[Problem] = []
        claims = [_claim(row, f"{path.name} line {reader.line_num}", problems) for row in reader]
    if problems:
        raise InputRefused(problems)
    return claims


def _claim(row: dict[str | None, str | None], where: str, problems: list[Problem]) -> Claim:
    """One row as a claim; what is wrong with it is added to `problems`."""
    if None in row or None in row.values():
        problems.append(Problem(where, "another number of cells", f"{len(COLUMNS)} cells", REBUILD))
    text = {name: row.get(name) or "" for name in COLUMNS}
    for name, words in (("recompute", tuple(KINDS)), ("relation", RELATIONS)):
        if text[name] not in words:
            expected = "one of " + ", ".join(words)
            problems.append(Problem(f"{where}, {name}", repr(text[name]), expected, "use one of these words"))
    numbers = {name: _number(text.pop(name), f"{where}, {name}", problems) for name in NUMBERS}
    return Claim(**text, **numbers)  # type: ignore[arg-type]  # the columns were compared with the fields above


def _number(text: str, where: str, problems: list[Problem]) -> float | None:
    """A cell's number; None when the cell is empty."""
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        problems.append(Problem(where, repr(text), "a number such as 28, or nothing", "correct the number"))
        return None
    return number
