"""Reader of price quotes: the bundled file and a user's own share one form."""

from collections.abc import Hashable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

from xlmodel.model.facts import Quote
from xlmodel.readers import names
from xlmodel.readers.cell_readers import TEXT_LENGTH, Reader, choice, free_text, number, period, spellings
from xlmodel.readers.records import FileKind
from xlmodel.units import USD_PER_GPU_HOUR

COLUMNS = tuple(field.name for field in fields(Quote))
REQUIRED = ("platform", "provider", "usd_per_gpu_hour", "as_of", "source")
OTHER_NAMES = {
    **dict.fromkeys(("price", "usd", "cost", "rate", "hourly", "usdhour", "usdperhour", "usdgpuhour", "usdpergpuhr"), "usd_per_gpu_hour"),
    **dict.fromkeys(("gpu", "hardware", "accelerator", "chip"), "platform"), "vendor": "provider", "cloud": "provider", "supplier": "provider",
    **dict.fromkeys(("date", "day", "when"), "as_of"), **dict.fromkeys(("url", "link", "address"), "source"), "term": "commitment",
    "list": "basis", "comment": "note", "remark": "note",
}  # fmt: skip
CONFIDENCE = ("high", "medium", "low")


def readers(until: str = "", *, unpriced: bool = False) -> dict[str, Reader]:
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


QUOTES = FileKind(
    "prices", "usd_per_gpu_hour", Quote, readers, REQUIRED, OTHER_NAMES, identity=identity, again=again, names=("platform", "basis")
)  # fmt: skip


def read_prices(path: Path, *, unpriced: bool = False) -> list[Quote]:
    """Read a price list in USD per GPU-hour.

    Args:
        path: the CSV file.
        unpriced: whether an empty price is accepted, as "offered without a list price".

    Raises:
        InputRefused: see `xlmodel.readers.records.FileKind.by_line`.
    """
    return replace(QUOTES, readers=partial(readers, unpriced=unpriced)).read(path)
