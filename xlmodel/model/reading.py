"""A curve read at one interactivity, or why there is no answer."""

from dataclasses import dataclass

from xlmodel.calc.values import ExcelError

NO_POINTS = "no points under these choices"
NOT_IN_TIME = "no points within the limit on the time to first token, or none that record it"
ABOVE = "above the measured range"
BELOW = "below the measured range"
NO_SPEED = "no interactivity to read at"


@dataclass(frozen=True, slots=True)
class Reading:
    """One curve read at one interactivity.

    Attributes:
        group: number of the group, 0 if none.
        first: position of the curve's first knot among all knots (1-based), 0 if empty.
        read_at: interactivity at which it is read (tok/s/user), or #N/A.
        knot: position of the knot at or below `read_at` among all knots.
        way: share of the way to the next knot.
        throughput: tok/s/GPU, or #N/A with the `reason` in words.
    """

    group: int
    knots: int
    first: int
    lowest: float | ExcelError
    highest: float | ExcelError
    read_at: float | ExcelError
    knot: int | ExcelError
    way: float | ExcelError
    throughput: float | ExcelError
    reason: str
