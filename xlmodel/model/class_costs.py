"""What a million tokens cost by class, in both conventions, of a throughput and a price."""

from dataclasses import dataclass

from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.economics import cost
from xlmodel.model.tokens import class_cost, input_cost, other_cost


@dataclass(frozen=True, slots=True)
class ClassCosts:
    """USD per million tokens; None where the lengths of the requests, or a ratio of prices, are not known.

    Attributes:
        total: of all tokens alike.
        all_output, all_input: of one class when it bears all cost (InferenceX); these two do not add up.
        input, cached, output: when the classes share the cost in proportion to their prices.
    """

    total: float
    all_output: float | None = None
    all_input: float | None = None
    input: float | None = None
    cached: float | None = None
    output: float | None = None


def class_costs(
    price: float,
    throughput: float,
    output_share: float | None,
    output_ratio: float,
    cached_ratio: float,
    cached_share: float = 0.0,
) -> ClassCosts:
    """USD per million tokens by class, by the formulas of the sheet Tokens and power.

    Args:
        price: USD/GPU-hour.
        throughput: tok/s/GPU, input and output.
        output_share: output tokens as a share of all; None when not known.
        output_ratio: price of an output token over that of an input token.
        cached_ratio: the same of a cached input token.
        cached_share: share of the input tokens that is cached.

    >>> found = class_costs(3.6, 1000.0, 0.5, 4.0, 0.1)
    >>> found.total, found.all_output, found.all_input, found.input, found.output, round(found.cached, 9)
    (1.0, 2.0, 2.0, 0.4, 1.6, 0.04)
    """
    total = cost(price, throughput, 1.0)
    if output_share is None or not 0 < output_share < 1:
        return ClassCosts(total)
    read = input_cost(
        cost=total, output_share=output_share, output_ratio=output_ratio, cached_share=cached_share, cached_ratio=cached_ratio
    )  # fmt: skip
    split: tuple[float | None, float | None, float | None] = (None, None, None)
    if not isinstance(read, ExcelError):
        one = _plain(read)
        split = (
            one,
            _plain(other_cost(input_cost=one, ratio=cached_ratio)),
            _plain(other_cost(input_cost=one, ratio=output_ratio)),
        )
    every = _plain(class_cost(cost=total, share=output_share)), _plain(class_cost(cost=total, share=1 - output_share))
    return ClassCosts(total, *every, *split)


def _plain(value: Value) -> float:
    """The number of a formula whose arguments are numbers."""
    assert isinstance(value, int | float)
    return float(value)
