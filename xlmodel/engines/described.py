"""A written workbook against its description: IronCalc recalculates, the Python model is the reference."""

from pathlib import Path

from xlmodel.book.spec import Book, formula_cells
from xlmodel.calc.address import Ref
from xlmodel.calc.values import ExcelError, Value, same
from xlmodel.engines.recalculate import Mismatch


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
