"""Gnumeric computes the default book as it is stored."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from books import default, make

from xlmodel.calc.values import Value
from xlmodel.engines.gnumeric import Gnumeric
from xlmodel.engines.programs import CellKey
from xlmodel.engines.recalculate import differences, stored

CALL = "TOK"  # only programs that know LAMBDA compute a function of the book


def plain(cells: Mapping[CellKey, tuple[str, Value]]) -> dict[CellKey, Value]:
    """The cells that neither call a function of the book nor stand beside a call and read it."""
    calls = {key for key, (text, _) in cells.items() if CALL in text}
    found = {}
    for (sheet, a1), (text, value) in cells.items():
        read = {(sheet, name.replace("$", "")) for name in re.findall(r"\$?[A-Z]+\$?[0-9]+", text)}
        if (sheet, a1) not in calls and not read & calls:
            found[sheet, a1] = value
    return found


@pytest.mark.engine
@pytest.mark.office
def test_gnumeric_computes_every_cell_outside_the_functions(gnumeric_engine: Gnumeric, tmp_path: Path) -> None:
    make(default(), tmp_path / "book.xlsx")
    cells = stored(tmp_path / "book.xlsx")
    wanted = plain(cells)
    assert len(cells) - 30 < len(wanted) < len(cells)
    assert differences(gnumeric_engine.values(tmp_path / "book.xlsx"), wanted) == []
