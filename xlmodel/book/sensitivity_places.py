"""Where things stand on Sensitivity: inputs, the grid over price and interactivity, price pairs, tornado, scenarios."""

from xlmodel.book.places import FIRST, SENSITIVITY, Places
from xlmodel.calc.address import Area, Ref

INPUTS = ("platform", "price_step", "swing")
DERIVED = ("baseline", "price", "base_price", "throughput", "base_throughput", "cost", "low", "high", "owned")
STEPS = (-2, -1, 0, 1, 2)  # prices of the grid, in steps from the price in use
SPEEDS = 7  # interactivities of the grid, over the range that both curves cover
GRID_ROWS = ("Interactivity", "Throughput", "Throughput of the baseline", "Break-even price", "Price in use")
VALUE = 3  # column of the first interactivity, and of the first basis of the baseline
# what the tornado varies: on every basis, then what makes the own build-up
PRICED = ("price", "utilization", "interactivity")
OWNED = ("capital", "life", "cost_of_capital", "usd_per_kwh", "pue", "availability")
SIDES = ("low", "high")
CHART = 17  # rows of a chart

_GRID = FIRST + len(INPUTS) + len(DERIVED) + 4
_LINE = _GRID + len(GRID_ROWS) + 2 * len(STEPS) + 3  # chart of the break-even line
_PAIRS = _LINE + CHART + 7


def entry(name: str) -> Ref:
    """An input cell, or a cell that follows from the inputs alone."""
    return Ref(SENSITIVITY, FIRST + (*INPUTS, *DERIVED).index(name), 2)


def grid(name: str) -> Area:
    """One row of the grid's head."""
    row = _GRID + GRID_ROWS.index(name)
    return Area(SENSITIVITY, row, VALUE, row, VALUE + SPEEDS - 1)


def grid_cost(step: int) -> Area:
    """Cost at one price (position in STEPS), by interactivity; the price stands in the column before."""
    row = _GRID + len(GRID_ROWS) + 1 + step
    return Area(SENSITIVITY, row, VALUE, row, VALUE + SPEEDS - 1)


def grid_gain(step: int) -> Area:
    """Performance per USD at one price, by interactivity."""
    row = _GRID + len(GRID_ROWS) + len(STEPS) + 2 + step
    return Area(SENSITIVITY, row, VALUE, row, VALUE + SPEEDS - 1)


def line_chart() -> int:
    """First row of the break-even line; its title stands behind it."""
    return _LINE


def pairs(places: Places) -> Area:
    """Performance per USD by basis of the platform (rows) and of the baseline (columns); the price in use comes first."""
    count = len(places.bases) + 1
    return Area(SENSITIVITY, _PAIRS, VALUE, _PAIRS + count - 1, VALUE + count - 1)


def tornado_row(places: Places) -> int:
    """First row of the tornado's workings."""
    return pairs(places).last_row + 5


def sorted_row(places: Places) -> int:
    """First row of the tornado as it is drawn, largest swing first; its chart stands beside it."""
    return tornado_row(places) + len(PRICED) + len(OWNED) + 4


def scenarios_row(places: Places) -> int:
    """First row of the values of the three scenarios; their chart stands beside them."""
    return sorted_row(places) + max(len(PRICED) + len(OWNED), CHART) + 5


def owned_row(places: Places) -> int:
    """The own build-up as it is; below it, with one assumption changed in each row."""
    return scenarios_row(places) + max(4 + len(places.platforms), CHART) + 5
