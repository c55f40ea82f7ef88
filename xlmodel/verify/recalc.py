"""Recalculates a workbook in an engine and compares cell by cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xlmodel.book.refs import moved
from xlmodel.formulas.values import ExcelError, Value, same
from xlmodel.verify.engines import CellKey, Engine, Values
from xlmodel.verify.parts import Package

NOT_COMPUTED = ExcelError("not computed")


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell whose computed value is not the stored or expected one."""

    sheet: str
    cell: str
    stored: Value
    computed: Value

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}: stored {_said(self.stored)}, computed {_said(self.computed)}"


def stored(path: Path | Package) -> dict[CellKey, tuple[str, Value]]:
    """Text (without =) and stored value of every formula cell, shared formulas written out.

    A follower whose shared formula is nowhere in the sheet gets the text "".
    """
    package = path if isinstance(path, Package) else Package(path)
    found: dict[CellKey, tuple[str, Value]] = {}
    for sheet in package.sheets:
        cells = [cell for cell in package.grid(sheet).cells if cell.formula is not None]
        # A range may be written before the cell that carries its text, so the texts are collected first.
        texts = {cell.group: (cell.formula, cell.a1) for cell in cells if cell.shape == "shared" and cell.formula}
        for cell in cells:
            text = cell.formula or ""
            if not text and cell.group in texts:
                master, origin = texts[cell.group]
                text = moved(master, origin, cell.a1)
            found[sheet, cell.a1] = text, package.value(cell)
    return found


def differences(
    values: Mapping[CellKey, Value], expected: Mapping[CellKey, Value], rel: float = 1e-9
) -> list[Difference]:
    """Where computed `values` miss what is `expected`, in the order of `expected`.

    Only cells in `expected` are looked at; one the engine did not compute is always a difference.
    """
    found = []
    for (sheet, cell), wanted in expected.items():
        computed = values.get((sheet, cell), NOT_COMPUTED)
        if not same(computed, wanted, rel):
            found.append(Difference(sheet, cell, wanted, computed))
    return found


def recalculate(
    path: Path, engine: Engine, edits: Mapping[CellKey, Value] | None = None, rel: float = 1e-9
) -> list[Difference]:
    """Recalculate and compare with the stored values.

    Without `edits` a sound workbook gives an empty list; with `edits` the list is what they move.
    """
    values: Values = engine.values(path, edits or {})
    return differences(values, {key: value for key, (_, value) in stored(path).items()}, rel)


def _said(value: Value) -> str:
    return "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)
