"""What formula cells must show: by the Python model, and by an engine.

A file from outside may hold formulas that take hours, and parts that native code stumbles over. So the engine never
sees it: it gets the book as described here, with what the file's cells hold typed into it.
"""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from xlmodel.book.refs import position
from xlmodel.book.spec import Book, formula_cells
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.engines.programs import IronCalc
from xlmodel.returned.check.reference import described
from xlmodel.returned.mailed_file import Mailed
from xlmodel.returned.typed_inputs import Contents
from xlmodel.xlsx.package import write

Cell = tuple[str, tuple[int, int]]  # a sheet by its name in the build, and a place on it


def modelled(contents: Contents, mailed: Mailed) -> Book | None:
    """The book as the Python model computes it from the inputs now; None when it would be laid out otherwise."""
    return described(contents.inputs, mailed.contract)


def values_of(book: Book) -> dict[Cell, Value]:
    """Value of every formula cell of a described book."""
    return {(sheet.name, (row, col)): value for sheet in book.sheets for row, col, value in formula_cells(sheet)}


def computed(book: Book, typed: Mapping[Cell, Value]) -> dict[Cell, Value]:
    """Formula cells of a described book as the engine computes them, after values were typed into it, formulas or not."""
    edits = {(sheet, f"{letters(col)}{row}"): value for (sheet, (row, col)), value in typed.items()}
    with tempfile.TemporaryDirectory(prefix="xlmodel-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "book.xlsx"
        with path.open("wb") as target:
            write(book, target)
        found = IronCalc().values(path, edits, over_formulas=True)
    return {(sheet, position(a1)): value for (sheet, a1), value in found.items()}
