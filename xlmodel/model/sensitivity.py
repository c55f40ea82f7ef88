"""What Sensitivity does with a number: a step of the price, a swing of an assumption, and how far its two sides are apart.

Each function takes numbers, numpy arrays or cells alike.
"""

from typing import Any

from xlmodel.calc.functions import IFERROR, MAX, MIN, ROUND
from xlmodel.model.variants import LEAST

STEPS = (-2, -1, 0, 1, 2)  # prices of the grid, in steps from the price in use
LOW, HIGH = "low", "high"
SIDES = (LOW, HIGH)
MOST = {"utilization": 1, "availability": 1}  # shares of hours, so no more than all of them


def stepped(price: Any, step: int, size: Any) -> Any:
    """A price some steps away, each a share of the price.

    >>> stepped(10.0, -2, 0.2)
    6.0
    """
    return price * (1 + step * size)


def swung(name: str, value: Any, swing: Any, side: str) -> Any:
    """An assumption made lower or higher by a share, within what makes sense for it.

    >>> swung("capital", 40_000.0, 0.2, "high"), swung("utilization", 0.9, 0.2, "high"), swung("pue", 1.1, 0.2, "low")
    (48000.0, 1.0, 1.0)
    """
    moved = value * (1 - swing if side == LOW else 1 + swing)
    if name in LEAST:
        moved = MAX(LEAST[name], moved)
    return MIN(MOST[name], moved) if name in MOST else moved


def swing_of(lower: Any, higher: Any) -> Any:
    """How far apart two changes are, no change at all among them; a side that is not measured counts as none.

    Equal swings stay equal whatever their last digits.

    >>> swing_of(-0.2, 0.25), swing_of(0.1, 0.25)
    (0.45, 0.25)
    """
    sides = (IFERROR(lower, 0), IFERROR(higher, 0), 0)
    return ROUND(MAX(*sides) - MIN(*sides), 9)
