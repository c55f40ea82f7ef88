"""Build a workbook: describe, write, recalculate, and only then put it in place."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xlmodel.commands.drafts import check_writable, draft_of
from xlmodel.commands.own_process import collecting_seldom
from xlmodel.errors import CheckFailed, InputRefused

if TYPE_CHECKING:
    import datetime

    from xlmodel.book.spec import Book
    from xlmodel.model.comparison import Comparison
    from xlmodel.model.point import Point
    from xlmodel.model.scenario import Inputs
    from xlmodel.returned.refresh.run_refresh import Refreshed
    from xlmodel.sheets.order import Earlier
    from xlmodel.xlsx.brand import Brand

VERIFY_UP_TO = 50_000  # own points that the engine computes in half a minute and 300 MB, both in proportion
FAST = 8  # compression of a refreshed file: two thirds of the time of a build's for one per cent more bytes


@dataclass(frozen=True, slots=True)
class Report:
    """What a build made.

    Attributes:
        path: the workbook. headline: the Summary's sentence.
        points, curves, formulas: how many of each the workbook holds, formulas in every edition with the calls.
        own_points, own_quotes, own_api: those from files of the user.
        elsewhere: own quotes for platforms that are not in the book, with their places.
        checks, failing: the workbook's own checks, and the names of those that fail.
        recalculated: formula cells that an independent engine computed and found equal; 0 if it was not run.
        not_recalculated: why a comparison that files of the user call for was not made; empty otherwise.
        doubts: what speaks against files, settings and results of load tests that went in.
    """

    path: Path
    headline: str
    points: int
    left_out: int
    curves: int
    formulas: int
    checks: int
    failing: tuple[str, ...]
    recalculated: int
    bytes: int
    own_points: int = 0
    own_quotes: int = 0
    own_api: int = 0
    elsewhere: tuple[str, ...] = ()
    not_recalculated: str = ""
    doubts: tuple[str, ...] = ()


@collecting_seldom()
def write_book(
    inputs: "Inputs",
    output: Path,
    *,
    title: str = "",
    date: str = "",
    brand: "Brand | None" = None,
    edition: str = "native",
    recalculate: bool | None = None,
    step: Callable[[str], None] = lambda _: None,
) -> Report:
    """Write the workbook of some inputs; the file appears complete or not at all.

    Args:
        inputs: see `xlmodel.readers.assemble.gather`.
        output: path of the .xlsx; replaced if it exists.
        title: title on the cover.
        date: day printed on the cover, in ISO form.
        brand: the look, see `xlmodel.xlsx.brand.read_brand`; the built-in one when None.
        edition: where the functions come from, see `xlmodel.book.edition`.
        recalculate: compare every formula cell with an independent engine first; None up to `VERIFY_UP_TO` own points.
        step: called with a few words before each stage.

    Raises:
        InputRefused: the output path is not usable.
        CheckFailed: the engine's values differ from the Python model; nothing was written.
    """
    from xlmodel.version import __version__  # noqa: PLC0415 - heavy modules load when used
    from xlmodel.xlsx.brand import Brand  # noqa: PLC0415
    from xlmodel.xlsx.package import write  # noqa: PLC0415

    check_writable(output)
    step("describing the workbook")
    book = described(inputs, title, date, edition)
    step("writing the workbook")
    recalculated = 0
    with draft_of(output) as draft:
        with draft.open("wb") as target:
            write(book, target, brand or Brand(), __version__)
        many = recalculate is None and len(inputs.own_rows) > VERIFY_UP_TO
        if recalculate is not False and not many:
            step("recalculating every formula")
            recalculated = verify(book, draft)
    return _report(book, inputs, output, recalculated, many=many)


def described(inputs: "Inputs", title: str, date: str, edition: str, earlier: "Earlier | None" = None) -> "Book":
    """The book of some inputs, with the code that its edition carries; an empty title and day are the usual ones."""
    from xlmodel.book.edition import LITE  # noqa: PLC0415
    from xlmodel.readers.assemble import DATA_DATE  # noqa: PLC0415
    from xlmodel.sheets.order import TITLE, describe  # noqa: PLC0415

    book = describe(inputs, title or TITLE, date or DATA_DATE, edition=edition, earlier=earlier)
    if edition == LITE:
        from xlmodel.udf.bundle import files  # noqa: PLC0415

        book = replace(book, code=files())
    return book


def checks_of(book: "Book") -> tuple[int, tuple[str, ...]]:
    """How many checks a book has, and the names of those that fail."""
    cells = next(sheet for sheet in book.sheets if sheet.name == "Checks").cells
    rows = [row for row in cells.values() if 5 in row and row[5].style == "Check"]
    return len(rows), tuple(str(row[1].value) for row in rows if row[5].value != 1)


def write_report(found: "Comparison", output: Path) -> None:
    """Write the report on two workbooks; the file appears complete or not at all.

    Raises:
        InputRefused: the output path is not usable.
    """
    from xlmodel.sheets.comparison_report import report  # noqa: PLC0415
    from xlmodel.version import __version__  # noqa: PLC0415
    from xlmodel.xlsx.package import write  # noqa: PLC0415

    check_writable(output)
    with draft_of(output) as draft, draft.open("wb") as target:
        write(report(found), target, version=__version__)


def refresh_book(
    file: Path,
    output: Path,
    *,
    points: Iterable[Path] = (),
    prices: Iterable[Path] = (),
    api_prices: Iterable[Path] = (),
    measured: "Iterable[Point]" = (),
    day: "datetime.date",
    step: Callable[[str], None] = lambda _: None,
) -> "Refreshed":
    """Bring new data, and this version, into an edited workbook; the original stays as it is.

    Args:
        file: the workbook that people have been working in.
        output: the workbook to write; it appears complete or not at all.
        points: further measurements (CSV).
        prices: further price lists (CSV).
        api_prices: further prices of hosted models (CSV).
        measured: further points, from result files.
        day: the day of the refresh, as its lines on Changes say.
        step: called with a few words before each stage.

    Raises:
        InputRefused: a file is not usable, or the workbook is open elsewhere.
        CheckFailed: the result is not the model; nothing was written.
    """
    from xlmodel.readers.assemble import latest  # noqa: PLC0415
    from xlmodel.readers.user_files import Source, add_measured, read_own  # noqa: PLC0415
    from xlmodel.returned.opening import all_rows, open_mailed  # noqa: PLC0415
    from xlmodel.returned.refresh.run_refresh import refreshed  # noqa: PLC0415
    from xlmodel.returned.refresh.settle import left, settled  # noqa: PLC0415
    from xlmodel.version import __version__  # noqa: PLC0415

    check_writable(output)
    own = read_own(map(Source, prices), map(Source, points), latest(day.isoformat()), api_files=map(Source, api_prices))
    if own.problems:
        raise InputRefused(own.problems)
    add_measured(own, measured)
    step("reading the workbook")
    mailed = open_mailed(file)
    all_rows(mailed)
    step("carrying everything into the new book")
    made = refreshed(mailed, day, own.points, own.quotes, __version__, own.api_prices)
    with draft_of(output) as draft:
        step("proving the result")
        with ThreadPoolExecutor(1) as pool:  # the file is packed beside the proof
            written = pool.submit(_put, draft, made.parts)
            changed, remain = settled(draft, made.parts, day)
            written.result()
        if changed:
            made.parts.update(changed)
            _put(draft, made.parts)
            remain = left(draft, made.parts, day)
    return replace(made, left=remain)


def _put(path: Path, parts: Mapping[str, bytes]) -> None:
    from xlmodel.xlsx import zipped  # noqa: PLC0415

    with path.open("wb") as target:
        zipped.write(target, {name: (data,) for name, data in parts.items()}, FAST)


def verify(book: "Book", path: Path) -> int:
    """Recalculate a written book in IronCalc and compare every formula cell with the Python model.

    Returns:
        The number of formula cells compared.

    Raises:
        CheckFailed: at least one differs.
    """
    from xlmodel.engines.recalculate import compare  # noqa: PLC0415

    count, differences = compare(book, path)
    if differences:
        shown = "\n".join(str(difference) for difference in differences[:10])
        raise CheckFailed(f"{len(differences)} of {count} formula cells differ from the Python model:\n{shown}")
    return count


def _report(book: "Book", inputs: "Inputs", output: Path, recalculated: int, *, many: bool) -> Report:
    from xlmodel.book.spec import formula_count  # noqa: PLC0415
    from xlmodel.model.age import old  # noqa: PLC0415

    sheets = {sheet.name: sheet for sheet in book.sheets}
    python = sum(bool(cell.python) for sheet in book.sheets for row in sheet.cells.values() for cell in row.values())
    checks, failing = checks_of(book)
    return Report(
        path=output,
        headline=str(sheets["Summary"].cells[4][1].value),
        points=len(inputs.points),
        left_out=inputs.left_out,
        curves=len({(p.group, p.precision) for p in inputs.points}),
        formulas=formula_count(book) + python,  # all that `check` will count; no engine here computes those from Python
        checks=checks,
        failing=failing,
        recalculated=recalculated,
        bytes=output.stat().st_size,
        own_points=len(inputs.own_rows),
        own_quotes=inputs.own_quotes,
        own_api=inputs.own_api,
        not_recalculated=f"more than {VERIFY_UP_TO:,} points of yours" if many else "",
        doubts=old(inputs.quotes, inputs.points, book.build_date),
    )
