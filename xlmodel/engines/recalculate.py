"""Recalculates a workbook and compares cell by cell: in any engine with its stored values, in IronCalc with its description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlmodel.book.refs import moved
from xlmodel.book.spec import Book, formula_cells
from xlmodel.calc.address import Ref
from xlmodel.calc.values import ExcelError, Value, same
from xlmodel.engines.programs import CellKey, Engine, Values
from xlmodel.errors import WorkbookRefused
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.raw_cells import RawCell

NOT_COMPUTED = ExcelError("not computed")
MAX_TEXT = 250_000_000  # characters of all shared formulas of a sheet, written out; 100,000 points take 160 million
FREE_TEXT = 5_000_000  # as many in any sheet; beyond, at most MAX_SWELL times the size of its part
MAX_SWELL = 10  # workbooks built here stay below 3


@dataclass(frozen=True, slots=True)
class Mismatch:
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

    Raises:
        WorkbookRefused: a sheet repeats long formulas so often that only an attack explains it.
    """
    package = path if isinstance(path, Package) else Package(path)
    found: dict[CellKey, tuple[str, Value]] = {}
    for sheet in package.sheets:
        cells = [cell for cell in package.grid(sheet).cells if cell.formula is not None]
        # A range may be written before the cell that carries its text, so the texts are collected first.
        texts = {cell.group: (cell.formula, cell.a1) for cell in cells if cell.shape == "shared" and cell.formula}
        _check_swell(package, sheet, texts, cells)
        for cell in cells:
            text = cell.formula or ""
            if not text and cell.group in texts:
                master, origin = texts[cell.group]
                text = moved(master, origin, cell.a1)
            found[sheet, cell.a1] = text, package.value(cell)
    return found


def _check_swell(package: Package, sheet: str, texts: Mapping[str, tuple[str, str]], cells: Sequence[RawCell]) -> None:
    """A shared formula is stored once, so a small sheet could ask for endless text."""
    swollen = sum(len(texts[cell.group][0]) for cell in cells if not cell.formula and cell.group in texts)
    if swollen > min(MAX_TEXT, FREE_TEXT + MAX_SWELL * len(package.data[package.sheets[sheet]])):
        where = f"{package.path.name}, sheet {sheet[:40]}"
        found = f"formulas that repeat to {swollen / 1e6:,.0f} MB of text"
        raise WorkbookRefused.one(
            where, found, "formulas of a workbook", "do not use this file; ask where it came from"
        )


def differences(
    values: Mapping[CellKey, Value], expected: Mapping[CellKey, Value], rel: float = 1e-9
) -> list[Mismatch]:
    """Where computed `values` miss what is `expected`, in the order of `expected`.

    Only cells in `expected` are looked at; one the engine did not compute is always a difference.
    """
    found = []
    for (sheet, cell), wanted in expected.items():
        computed = values.get((sheet, cell), NOT_COMPUTED)
        if not same(computed, wanted, rel):
            found.append(Mismatch(sheet, cell, wanted, computed))
    return found


def recalculate(
    path: Path, engine: Engine, edits: Mapping[CellKey, Value] | None = None, rel: float = 1e-9
) -> list[Mismatch]:
    """Recalculate and compare with the stored values.

    Without `edits` a sound workbook gives an empty list; with `edits` the list is what they move.
    """
    values: Values = engine.values(path, edits or {})
    return differences(values, {key: value for key, (_, value) in stored(path).items()}, rel)


def _said(value: Value) -> str:
    return "nothing" if value is None else repr(value) if isinstance(value, str) else str(value)


def compare(book: Book, path: Path, first: int = 0) -> tuple[int, list[Mismatch]]:
    """Formula cells compared, and those that differ by more than 1e-9; the book's sheets begin behind `first` others.

    Works on the engine's own cells without reading the package again, so that every build can afford it.
    """
    import ironcalc  # noqa: PLC0415 - loads when used

    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    count, found = 0, []
    for i, sheet in enumerate(book.sheets, first):
        for row, col, value in formula_cells(sheet):
            count += 1
            got = model.get_cell_value(i, row, col)
            if not _agree(got, value):
                found.append(Mismatch(sheet.name, Ref(sheet.name, row, col).a1, value, got))
    return count, found


def _agree(got: object, value: Value) -> bool:
    if isinstance(value, ExcelError):
        return got == value.code
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return same(got, value)  # type: ignore[arg-type]
