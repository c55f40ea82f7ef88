"""Prices of hosted models, and what a mix of tokens costs at them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from xlmodel.calc.functions import AND, IF, ISNUMBER, typed_number
from xlmodel.units import Unit

API_PRICE = Unit("USD/M tokens", "#,##0.0000", 0, 1_000, of="USD/Mtok")
CONTEXT = Unit("tokens", "#,##0", 1, 100_000_000)
PRECISIONS = ("FP4", "FP8", "BF16", "FP16", "INT4", "INT8")
CONFIDENCE = ("primary", "aggregator")

Number = TypeVar("Number")


@dataclass(frozen=True, slots=True)
class ApiPrice:
    """What a provider asks for the tokens of a model it hosts, in USD per million tokens.

    Attributes:
        input, output: None only in a row that somebody typed and did not fill.
        cached_input: price of input that the provider still holds; None where it quotes none.
        context: most tokens of one request; None where not known.
        precision: of the weights that are served; empty where the provider does not say.
        open_weights: whether the model can be hosted by anybody; None where not said.
        as_of: day, month or period of the quote, as text.
        source: address or document that a reader can open.
        confidence: primary (the provider's own page or offer) or aggregator (a list of prices).
        own_input, own_cached, own_output: what the reader pays instead, typed beside the quote; None for nothing agreed.
    """

    model: str
    provider: str
    input: float | None
    output: float | None
    as_of: str
    source: str
    cached_input: float | None = None
    context: int | None = None
    precision: str = ""
    open_weights: bool | None = None
    confidence: str = CONFIDENCE[0]
    note: str = ""
    own_input: float | None = None
    own_cached: float | None = None
    own_output: float | None = None

    @property
    def cached(self) -> float | None:
        """Price of a cached input token: without a quote for it, it is billed as any other input token.

        >>> ApiPrice("m", "p", 0.5, 2.0, "2026-08-22", "page").cached
        0.5
        """
        return self.input if self.cached_input is None else self.cached_input

    @property
    def in_words(self) -> str:
        """Its prices in USD per million tokens: input, cached input and output; what is agreed wins.

        >>> ApiPrice("m", "p", 0.5, 2.0, "2026-08-22", "page", own_output=1.5).in_words
        'input 0.5, output 1.5'
        """
        pairs = {
            "input": (self.own_input, self.input),
            "cached": (self.own_cached, self.cached_input),
            "output": (self.own_output, self.output),
        }
        said = {name: own or listed for name, (own, listed) in pairs.items()}
        return ", ".join(f"{name} {price:g}" for name, price in said.items() if price is not None)


def blended(
    input_price: Number,
    cached_price: Number,
    output_price: Number,
    input_share: Number,
    cached_share: Number,
    output_share: Number,
) -> Number:
    """USD per million tokens of a mix, for numbers, arrays, or anything else that multiplies and adds.

    Args:
        input_price: USD per million input tokens that are not cached.
        cached_price: USD per million cached input tokens.
        output_price: USD per million output tokens.
        input_share: input tokens that are not cached, as a share of all tokens.
        cached_share: cached input tokens, as a share of all tokens.
        output_share: output tokens, as a share of all tokens; the three add up to 1.

    Returns:
        The price of an average token of the mix, in the shape of the arguments.

    Eight input tokens to one of output, half of the input cached, at 0.60, 0.10 and 3.00:
    (4 x 0.60 + 4 x 0.10 + 1 x 3.00) / 9 = 5.80 / 9 = 0.6444.

    >>> round(blended(0.60, 0.10, 3.00, 4 / 9, 4 / 9, 1 / 9), 4)
    0.6444
    """
    return input_price * input_share + cached_price * cached_share + output_price * output_share  # type: ignore[operator]


def paid(own: Any, listed: Any, without: Any = "") -> Any:
    """USD per million tokens that count: what is agreed wins over the list; `without` stands where neither has a price.

    >>> paid(0.0, 0.6), paid(0.45, 0.6)
    (0.6, 0.45)
    """
    return IF(typed_number(own) > 0, own, IF(ISNUMBER(listed), listed, without))


def priced(input_price: Any, output_price: Any, price: Any) -> Any:
    """A price that needs both that of input and that of output; empty without one of them."""
    return IF(AND(ISNUMBER(input_price), ISNUMBER(output_price)), price, "")


def breakeven_use(cost: Any, utilization: Any, api: Any) -> Any:
    """Share of hours from which hosting costs less than an API; above 1 it never does.

    0.12 USD per million tokens at full use against an API at 0.30: busy 40 % of the hours, it costs the same.

    >>> round(breakeven_use(0.12, 1.0, 0.30), 9)
    0.4
    """
    return cost * utilization / api


def reference(prices: Iterable[ApiPrice], models: Iterable[str]) -> tuple[ApiPrice, ...]:
    """What a book of some models holds: their prices, then those of closed models, which nobody else can host.

    The context is left out: a table of prices has no room for it.
    """
    prices, wanted = tuple(prices), tuple(dict.fromkeys(models))
    mine = (price for model in wanted for price in prices if price.model == model)
    closed = (price for price in prices if price.open_weights is False and price.model not in wanted)
    return tuple(as_shown(price) for price in (*mine, *closed))


def joined(listed: Iterable[ApiPrice], own: Iterable[ApiPrice]) -> tuple[ApiPrice, ...]:
    """Listed prices, then own ones, which take the place of those of the same model and provider."""
    own = tuple(map(as_shown, own))
    taken = {place(price) for price in own}
    return (*(price for price in listed if place(price) not in taken), *own)


def place(price: ApiPrice) -> tuple[str, str]:
    """What two prices of a table do not share, whatever their capitals."""
    return price.model.casefold(), price.provider.casefold()


def unmarked(price: ApiPrice) -> ApiPrice:
    """A price without what a reader typed beside it."""
    return replace(price, own_input=None, own_cached=None, own_output=None)


def as_shown(price: ApiPrice) -> ApiPrice:
    """A price as the table of a book holds it."""
    return replace(price, context=None)
