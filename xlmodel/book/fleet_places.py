"""Where things stand on Fleet: one column a platform, one row an ingredient, in the order of the formula."""

from xlmodel.book.places import FIRST, Places
from xlmodel.calc.address import Area, Ref

FLEET = "Fleet"
VALUE = 3  # column of the inputs, and of the first platform below

INPUTS = (
    "mode", "users", "tokens", "power", "peak", "price_input", "price_output", "price_cached", "cached_share", "api",
)  # fmt: skip
DERIVED = ("number", "demand", "limit", "load", "cached", "blended")
ROWS = (
    "Throughput", "Users per GPU", "Price in use", "GPUs per domain", "GPUs for the users", "GPUs for the tokens",
    "GPUs for the power", "GPUs needed", "Whole domains", "GPUs", "Users served", "Power", "Idle share", "Cost per hour",
    "Cost per month", "Cost per year", "In words", "Utilization of the fleet", "Revenue", "Gross margin", "Margin share",
    "Running costs if owned", "Payback if owned", "Self-hosting", "Saved against the API", "Break-even utilization",
    "Money in words", "Sort key",
)  # fmt: skip
_TOP = FIRST + len(INPUTS) + len(DERIVED) + 3


def entry(name: str) -> Ref:
    """An input cell, or a cell that follows from the inputs alone."""
    return Ref(FLEET, FIRST + (*INPUTS, *DERIVED).index(name), VALUE)


def modes() -> Area:
    """The labels of the three demands, which are the list behind the menu."""
    first = entry("users")
    return Area(FLEET, first.row, 1, first.row + 2, 1)


def row(name: str) -> int:
    """Row of an ingredient."""
    return _TOP + ROWS.index(name)


def at(name: str, platform: int) -> Ref:
    """An ingredient of a platform (0-based)."""
    return Ref(FLEET, row(name), VALUE + platform)


def across(places: Places, name: str) -> Area:
    """An ingredient of all platforms."""
    return Area(FLEET, row(name), VALUE, row(name), VALUE + len(places.platforms) - 1)
