"""Reader of price quotes: the bundled file and a user's own share one form."""

from collections.abc import Hashable
from dataclasses import fields
from pathlib import Path

from xlmodel.model.facts import Quote
from xlmodel.readers import names
from xlmodel.readers.cell_readers import (
    TEXT_LENGTH,
    BadCell,
    Memo,
    Reader,
    choice,
    free_text,
    note_bad_cells,
    number,
    period,
    spellings,
)
from xlmodel.readers.csv_file import read_rows
from xlmodel.readers.problems import Problems
from xlmodel.units import USD_PER_GPU_HOUR

COLUMNS = tuple(field.name for field in fields(Quote))
REQUIRED = ("platform", "provider", "usd_per_gpu_hour", "as_of", "source")
OPTIONAL = tuple(name for name in COLUMNS if name not in REQUIRED)
OTHER_NAMES = {
    **dict.fromkeys(("price", "usd", "cost", "rate", "hourly", "usdhour", "usdperhour", "usdgpuhour", "usdpergpuhr"), "usd_per_gpu_hour"),
    **dict.fromkeys(("gpu", "hardware", "accelerator", "chip"), "platform"), "vendor": "provider", "cloud": "provider", "supplier": "provider",
    **dict.fromkeys(("date", "day", "when"), "as_of"), **dict.fromkeys(("url", "link", "address"), "source"), "term": "commitment",
    "list": "basis", "comment": "note", "remark": "note",
}  # fmt: skip
CONFIDENCE = ("high", "medium", "low")


def readers(unpriced: bool = False, until: str = "") -> dict[str, Reader]:
    """The reader of each column, fresh for one file; `unpriced` allows an empty price, `until` ends the dates."""
    return {
        "platform": names.platform(),
        "provider": free_text(TEXT_LENGTH, required=True),
        "usd_per_gpu_hour": number(USD_PER_GPU_HOUR, empty=unpriced),
        "as_of": period(until=until),
        "source": free_text(required=True),
        "commitment": free_text(TEXT_LENGTH),
        "basis": names.basis(),
        "confidence": choice(spellings(CONFIDENCE), CONFIDENCE, empty="medium"),
        "note": free_text(),
    }


def read_prices(path: Path, *, unpriced: bool = False) -> list[Quote]:
    """Read a price list in USD per GPU-hour; see `quotes_by_line`."""
    return list(quotes_by_line(path, unpriced=unpriced).values())


def quotes_by_line(path: Path, *, unpriced: bool = False, until: str = "") -> dict[int, Quote]:
    """Read a price list in USD per GPU-hour, each quote with the line it begins in.

    Args:
        path: the CSV file.
        unpriced: whether an empty price is accepted, as "offered without a list price".
        until: last day that a quote may be dated, in ISO form; empty for none.

    Raises:
        InputRefused: the file or any cell in it is unusable, or two rows price one platform on one basis.
    """
    problems = Problems(str(path))
    columns = readers(unpriced, until)
    memos = [Memo(read) for read in columns.values()]
    quotes: dict[int, Quote] = {}
    seen: dict[Hashable, int] = {}
    for line, row in read_rows(path, REQUIRED, OPTIONAL, problems, OTHER_NAMES):
        try:
            values = [memo[text] for memo, text in zip(memos, row, strict=False)]  # a row may carry one cell more
        except BadCell:
            note_bad_cells(memos, tuple(columns), row, line, problems)
            continue
        quote = Quote(**dict(zip(columns, values, strict=True)))
        first = seen.setdefault(identity(quote), line)
        if first != line:
            what, expected, fix = again(quote)
            problems.add(f"line {line}", f"{what} of line {first} again", expected, fix)
        quotes[line] = quote
    of = dict(zip(columns, memos, strict=True))
    problems.raise_if_any({*of["platform"].values(), *of["basis"].values()})
    return quotes


def identity(quote: Quote) -> Hashable:
    """What two quotes must not share: the place in the price book, or everything when they only inform."""
    return (quote.platform, quote.basis) if quote.basis else quote


def again(quote: Quote) -> tuple[str, str, str]:
    """The words for a quote that is there already: what it is, what is expected, and how to mend it."""
    if quote.basis:
        what, fix = f"{quote.platform} on the basis {quote.basis}", "keep one, or give the other a basis of its own"
    else:
        what, fix = "the row", "delete one of the two rows"
    return what, "one price for a platform and basis", fix
