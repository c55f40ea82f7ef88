"""Prices of hosted models, and what a mix of tokens costs at them."""

from dataclasses import dataclass
from typing import TypeVar

from xlmodel.units import Unit

API_PRICE = Unit("USD/M tokens", "#,##0.0000", 0, 1_000)
CONTEXT = Unit("tokens", "#,##0", 1, 100_000_000)
PRECISIONS = ("FP4", "FP8", "BF16", "FP16", "INT4", "INT8")
CONFIDENCE = ("primary", "aggregator")

Number = TypeVar("Number")


@dataclass(frozen=True, slots=True)
class ApiPrice:
    """What a provider asks for the tokens of a model it hosts, in USD per million tokens.

    Attributes:
        cached_input: price of input that the provider still holds; None where it quotes none.
        context: most tokens of one request; None where not known.
        precision: of the weights that are served; empty where the provider does not say.
        open_weights: whether the model can be hosted by anybody; None where not said.
        as_of: day, month or period of the quote, as text.
        source: address or document that a reader can open.
        confidence: primary (the provider's own page or offer) or aggregator (a list of prices).
    """

    model: str
    provider: str
    input: float
    output: float
    as_of: str
    source: str
    cached_input: float | None = None
    context: int | None = None
    precision: str = ""
    open_weights: bool | None = None
    confidence: str = CONFIDENCE[0]
    note: str = ""

    @property
    def cached(self) -> float:
        """Price of a cached input token: without a quote for it, it is billed as any other input token.

        >>> ApiPrice("m", "p", 0.5, 2.0, "2026-08-22", "page").cached
        0.5
        """
        return self.input if self.cached_input is None else self.cached_input


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
