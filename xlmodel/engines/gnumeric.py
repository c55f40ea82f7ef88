"""Gnumeric as a further judge: a calculator of other people's making, which reads what Excel 2010 knows."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlmodel.calc.values import Value
from xlmodel.engines.programs import CellKey, Values, refuse_edits, run, values_of
from xlmodel.errors import CheckFailed, EngineMissing
from xlmodel.xlsx.edited import edited_copy
from xlmodel.xlsx.parts import Package


class Gnumeric:
    """Gnumeric without a window, by its program for conversions."""

    name = "Gnumeric"

    def __init__(self, program: str = "ssconvert", timeout: float = 120) -> None:
        found = shutil.which(program)
        if found is None:
            raise EngineMissing(
                f"Gnumeric is not installed: no program {program!r} on the PATH. Install it with: apt-get install gnumeric"
            )
        self._program = found
        self._timeout = timeout

    def values(self, path: Path, edits: Mapping[CellKey, Value] = {}) -> Values:
        """The value of every formula cell after `edits` to cells without a formula."""
        package = Package(path)
        refuse_edits(package, edits)
        with tempfile.TemporaryDirectory(prefix="xlmodel-", ignore_cleanup_errors=True) as folder:
            book = Path(folder) / "book.xlsx"
            edited_copy(package, book, edits)
            (saved,) = self.save([book], Path(folder) / "saved", path.name)
            return values_of(Package(saved), package)

    def save(self, books: Sequence[Path], folder: Path, name: str = "", *, calculated: bool = True) -> list[Path]:
        """Each of the books as Gnumeric saves it, under its own name in `folder`; without calculation as after a mere look."""
        folder.mkdir(exist_ok=True)
        made = []
        for book in books:
            target = folder / f"{book.stem}.xlsx"
            command = [self._program, *(["--recalc"] if calculated else []), "--export-type=Gnumeric_Excel:xlsx2"]
            command += [str(book), str(target)]
            said = run(command, self._timeout, f"Gnumeric on {name or book.name}")[2]
            if not target.exists():
                reason = said.strip()[-300:] or "it said nothing"
                raise CheckFailed(f"Gnumeric could not calculate {name or book.name}: {reason}")
            made.append(target)
        return made
