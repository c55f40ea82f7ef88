"""Reader of price quotes: the bundled file and a user's own share one form."""

from dataclasses import fields
from pathlib import Path

from xlmodel.domain.facts import Quote
from xlmodel.ingest import names
from xlmodel.ingest.cells import (
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
from xlmodel.ingest.table import Problems, read_rows
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


def readers(unpriced: bool = False) -> dict[str, Reader]:
    """The reader of each column, fresh for one file; `unpriced` allows an empty price."""
    return {
        "platform": names.platform(),
        "provider": free_text(TEXT_LENGTH, required=True),
        "usd_per_gpu_hour": number(USD_PER_GPU_HOUR, empty=unpriced),
        "as_of": period(),
        "source": free_text(required=True),
        "commitment": free_text(TEXT_LENGTH),
        "basis": names.basis(),
        "confidence": choice(spellings(CONFIDENCE), CONFIDENCE, empty="medium"),
        "note": free_text(),
    }


def read_prices(path: Path, *, unpriced: bool = False) -> list[Quote]:
    """Read a price list in USD per GPU-hour.

    Args:
        path: the CSV file.
        unpriced: whether an empty price is accepted, as "offered without a list price".

    Raises:
        InputRefused: the file or any cell in it is unusable, or two rows price one platform on one basis.
    """
    problems = Problems(str(path))
    columns = readers(unpriced)
    memos = [Memo(read) for read in columns.values()]
    quotes: list[Quote] = []
    seen: dict[tuple[str, str], int] = {}
    rows: dict[Quote, int] = {}
    for line, row in read_rows(path, REQUIRED, OPTIONAL, problems, OTHER_NAMES):
        try:
            values = [memo[text] for memo, text in zip(memos, row, strict=False)]  # a row may carry one cell more
        except BadCell:
            note_bad_cells(memos, tuple(columns), row, line, problems)
            continue
        quote = Quote(**dict(zip(columns, values, strict=True)))
        first = rows.setdefault(quote, line)
        if quote.basis:
            first = seen.setdefault((quote.platform, quote.basis), line)
        if first != line:
            what = f"{quote.platform} on the basis {quote.basis}" if quote.basis else "the row"
            fix = "keep one, or leave the basis of the other empty" if quote.basis else "delete one of the two rows"
            problems.add(f"line {line}", f"{what} of line {first} again", "one price for a platform and basis", fix)
        quotes.append(quote)
    problems.raise_if_any()
    return quotes
