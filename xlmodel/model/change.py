"""One change of a workbook from one version to the next, and what it did to the headline."""

from dataclasses import dataclass

from xlmodel.calc.values import Value


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the Changes sheet.

    Attributes:
        day: when, in ISO form.
        what: in words, such as "Own price of B200".
        place: the cell, such as Prices!B9; empty for none.
        before, after: the value then and now.
        effect: USD per million tokens that the change adds to the cost at the target; None when it has none to state.
        note: who changed it and why, as typed by a reader.
    """

    day: str
    what: str
    place: str = ""
    before: Value = None
    after: Value = None
    effect: float | None = None
    note: str = ""
