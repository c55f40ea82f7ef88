"""Reader of prices of hosted models: the bundled file and a user's own share one form."""

from operator import attrgetter
from pathlib import Path

from xlmodel.model.api_price import API_PRICE, CONFIDENCE, CONTEXT, PRECISIONS, ApiPrice
from xlmodel.readers import names
from xlmodel.readers.cell_readers import BadCell, Reader, choice, free_text, number, period, spellings, whole
from xlmodel.readers.points import YES_NO
from xlmodel.readers.records import FileKind

FILE = Path(__file__).parents[1] / "data" / "api_prices.csv"
REQUIRED = ("model", "provider", "input", "output", "as_of", "source")
OTHER_NAMES = {
    **dict.fromkeys(("inputprice", "prompt", "promptprice", "inputpermillion", "inputusd", "uncached"), "input"),
    **dict.fromkeys(("cached", "cachedprice", "cacheread", "cachehit", "cachedinputprice", "inputcached"), "cached_input"),
    **dict.fromkeys(("outputprice", "completion", "completionprice", "outputpermillion", "outputusd"), "output"),
    **dict.fromkeys(("vendor", "host", "cloud", "supplier"), "provider"), "llm": "model",
    **dict.fromkeys(("contextwindow", "contextlength", "maxtokens"), "context"), "quantization": "precision",
    **dict.fromkeys(("open", "openweight", "weights"), "open_weights"), **dict.fromkeys(("date", "day", "when"), "as_of"),
    **dict.fromkeys(("url", "link", "address"), "source"), "comment": "note", "remark": "note",
}  # fmt: skip
PER_TOKEN = 1e-4  # below, even a cached token would be cheaper than any quoted
PER_THOUSAND = 5e-3  # below, an uncached token would be


def readers(until: str = "") -> dict[str, Reader]:
    """The reader of each column, fresh for one file; `until` ends the dates."""
    return {
        "model": names.model(),
        "provider": names.provider(),
        "input": price(PER_THOUSAND),
        "cached_input": price(PER_TOKEN, empty=True),
        "output": price(PER_THOUSAND),
        "context": whole(CONTEXT, unknown=None),
        "precision": choice({"": "", **spellings(PRECISIONS, nvfp4="FP4", mxfp4="FP4")}, PRECISIONS),
        "open_weights": choice({"": None, **YES_NO}, ("yes", "no")),
        "as_of": period(until=until),
        "source": free_text(required=True),
        "confidence": choice(spellings(CONFIDENCE), CONFIDENCE, empty=CONFIDENCE[0]),
        "note": free_text(),
    }


def price(least: float, empty: bool = False) -> Reader:
    """A price in USD per million tokens; one below `least`, but for nothing, is in another unit."""
    inner = number(API_PRICE, empty=empty)

    def read(text: str) -> float | None:
        value: float | None = inner(text)
        if value and value < PER_TOKEN:
            raise BadCell("USD per million tokens", "it looks like USD per token: multiply it by 1,000,000")
        if value and value < least:
            raise BadCell("USD per million tokens", "it looks like USD per thousand tokens: multiply it by 1,000")
        return value

    return read


def _again(found: ApiPrice) -> tuple[str, str, str]:
    """The words for a price that is there already: what it is, what is expected, and how to mend it."""
    fix = "keep one, or say in the provider's name what tells them apart, for example (batch)"
    return f"{found.model} of {found.provider}", "one price for a model and provider", fix


def _fault(found: ApiPrice) -> tuple[str, str, str, str] | None:
    """A cached token costs no more than another."""
    if (found.cached or 0) <= (found.input or 0):
        return None
    fix = "swap the two, or leave cached_input empty when cached tokens get no discount"
    return "cached_input", f"{found.cached:g} above the input price", f"at most {found.input:g}", fix


API_PRICES = FileKind(
    "api_prices", "output", ApiPrice, readers, REQUIRED, OTHER_NAMES, attrgetter("model", "provider"), _again, names=("model",), fault=_fault,
)  # fmt: skip


def bundled_api_prices() -> list[ApiPrice]:
    """The prices that come with the package: models with curves first."""
    return API_PRICES.read(FILE)


def api_prices_of(model: str) -> list[ApiPrice]:
    """The bundled prices of a model, whatever spelling it comes in.

    >>> api_prices_of("a model that nobody hosts")
    []
    """
    wanted = names.plain(model)
    return [quote for quote in bundled_api_prices() if names.plain(quote.model) == wanted]
