"""Reader of the bundled claims."""

from dataclasses import fields
from pathlib import Path

from xlmodel.model.claims import KINDS, RELATIONS
from xlmodel.model.facts import Claim
from xlmodel.readers.bundled import FACT, FOLDER, rows_of
from xlmodel.readers.cell_readers import Reader, choice, free_text, number, spellings

FILE = FOLDER / "claims.csv"
COLUMNS = tuple(field.name for field in fields(Claim))


def bundled_claims() -> list[Claim]:
    """The published claims that come with the package, in their order."""
    return read_claims(FILE)


def read_claims(path: Path) -> list[Claim]:
    """Read a claims file.

    Raises:
        InputRefused: the file is missing, or a column or cell is not as expected; all problems at once.
    """
    kinds = tuple(KINDS)
    special: dict[str, Reader] = {
        "recompute": choice(spellings(kinds), kinds), "relation": choice(spellings(RELATIONS), RELATIONS),
        **dict.fromkeys(("published", "interactivity", "given", "given_baseline"), number(FACT, empty=True)),
    }  # fmt: skip
    return [Claim(**row) for row in rows_of(path, {name: special.get(name, free_text()) for name in COLUMNS})]
