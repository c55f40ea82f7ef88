"""What a worker does: one book from one row, with all that rows share kept from the book before."""

import hashlib
import tempfile
import threading
import time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlmodel.commands.arguments import unusable
from xlmodel.commands.batch.destination import BUILT, FAILED, Destination, Made
from xlmodel.commands.batch.task_list import Task, data_key
from xlmodel.commands.own_process import collect_seldom
from xlmodel.commands.produce import checks_of, described, verify
from xlmodel.errors import Round, XlModelError
from xlmodel.model.comparison import plain
from xlmodel.readers.assemble import Collected, collected
from xlmodel.readers.config import Config
from xlmodel.sheets.order import Earlier
from xlmodel.version import __version__
from xlmodel.xlsx.brand import Brand, read_brand
from xlmodel.xlsx.package import PLAIN, Printed, write

if TYPE_CHECKING:
    from xlmodel.book.spec import Book
    from xlmodel.model.scenario import Inputs

# what a book answers: heading on the summary, key of the cell
FIGURES = {
    "platform": "figure.platform", "cost": "figure.cost", "gain": "figure.gain", "break_even": "figure.breakeven",
    "answer": "summary.finding", "fleet": "fleet.finding", "plan": "plan.finding",
}  # fmt: skip
_ONE = threading.Lock()  # a worker with several threads computes one book at a time: what is kept of the last is one
_EARLIER, _PRINTED = Earlier(), Printed()
_DATA: dict[tuple[Any, ...], Collected] = {}


def make(task: Task, place: Destination) -> Made:
    """Make a book and put it in place; what is wrong with one row is told and stops no other."""
    with _ONE:
        start = time.perf_counter()
        collect_seldom()
        try:
            return _made(task, place, start)
        except Exception as error:
            seconds = round(time.perf_counter() - start, 3)
            return Made(task.name, task.line, FAILED, task.digest, seconds=seconds, problem=_said(error)[:1000])


def _said(error: Exception) -> str:
    """What is wrong with a row, in the words of the other commands; a fault that nobody foresaw by its kind."""
    if isinstance(error, OSError):
        error = unusable(error, "choose another place with -o")
    return str(error) if isinstance(error, XlModelError) else f"{type(error).__name__}: {error}"


def figures(book: "Book") -> dict[str, Any]:
    """The results that a reader quotes, as the model computes them."""
    cells = {sheet.name: sheet.cells for sheet in book.sheets}
    areas = {name: book.areas[key] for name, key in FIGURES.items()}
    return {name: plain(cells[area.sheet][area.row][area.col].value) for name, area in areas.items()}


def _made(task: Task, place: Destination, start: float) -> Made:
    settings = task.settings
    book = described(_inputs(settings), settings.title or "", settings.date or "", task.edition, _EARLIER)
    target = BytesIO()
    write(book, target, _brand(settings.template) if settings.template else PLAIN, __version__, _PRINTED)
    data = target.getvalue()
    if task.recalculate:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.xlsx"
            path.write_bytes(data)
            verify(book, path)
    made = Made(
        task.name, task.line, BUILT, task.digest, hashlib.sha256(data).hexdigest(), len(data),
        round(time.perf_counter() - start, 3), figures(book), checks_of(book)[1],
    )  # fmt: skip
    place.finish(made, data)
    return made


def _inputs(settings: Config) -> "Inputs":
    """The inputs of a row; data that were read for the row before are used again."""
    key, found = data_key(settings), Round()
    if key not in _DATA:
        _DATA.clear()  # rows that share their data come one after another, mostly
        _DATA[key] = collected(found, settings)
    inputs = _DATA[key].chosen(settings, found)
    found.end()
    return inputs


@lru_cache(maxsize=4)
def _brand(template: Path) -> Brand:
    return read_brand(template)
