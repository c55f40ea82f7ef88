"""One change of the inputs, with the step that makes it."""

from collections.abc import Callable
from dataclasses import dataclass

from xlmodel.calc.values import Value
from xlmodel.model.scenario import Inputs

FACT, POINT, QUOTE, HOSTED, OWN_PRICE, ASSUMPTION, CHOICE, DEMAND = (
    "fact", "point", "quote", "API price", "own price", "assumption", "choice", "demand",
)  # fmt: skip

Apply = Callable[[Inputs], Inputs]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change.

    Attributes:
        kind: fact, point, quote, API price, own price, assumption, choice or demand.
        key: of the input in the contract, or a name of the row.
        what: in words.
        apply: the inputs with this change made.
        note: what its row says about it.
        details: the points behind a change of many.
    """

    kind: str
    key: str
    what: str
    before: Value
    after: Value
    apply: Apply
    note: str = ""
    details: tuple[str, ...] = ()
