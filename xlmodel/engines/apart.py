"""A workbook computed in a process of its own, stopped when it takes too long: for formulas from outside.

`python -m xlmodel.engines.apart BOOK RESULTS` is what runs there.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from xlmodel.calc.values import ExcelError, Value

PATIENCE = 45.0  # seconds; the largest default book takes a tenth of it
_HOME = Path(__file__).resolve().parents[2]  # the folder from which this very package is imported
MEMORY = 2_000_000_000  # bytes, where the system can hold a process to it


def computed_apart(book: Path, cells: Iterable[tuple[int, int, int]]) -> list[Value] | None:
    """The values of cells (0-based sheet, row, column) after a computation; None when it fails or takes too long."""
    asked, results = book.with_suffix(".asked"), book.with_suffix(".results")
    asked.write_text(json.dumps(list(cells)), encoding="utf-8")
    command = [sys.executable, "-m", "xlmodel.engines.apart", str(book), str(asked), str(results)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False, cwd=_HOME
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode != 0 or not results.exists():
        return None
    found = json.loads(results.read_text(encoding="utf-8"))
    return [ExcelError(value["error"]) if isinstance(value, dict) else value for value in found]


def _compute(book: str, asked: str, results: str) -> None:
    import ironcalc  # noqa: PLC0415 - loads when used

    _limit()
    model = ironcalc.load_from_xlsx(book, "en", "UTC", "en")
    model.evaluate()
    failed = ironcalc.CellType.ErrorValue
    out: list[object] = []
    for sheet, row, col in json.loads(Path(asked).read_text(encoding="utf-8")):
        value = model.get_cell_value(sheet, row, col)
        error = isinstance(value, str) and value.startswith("#") and model.get_cell_type(sheet, row, col) == failed
        out.append({"error": value} if error else value)
    Path(results).write_text(json.dumps(out), encoding="utf-8")


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    _compute(*sys.argv[1:4])
