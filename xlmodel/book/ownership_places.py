"""Where things stand on Ownership: one column a platform, one row an ingredient, in the order of the formula."""

from xlmodel.book.places import FIRST, OWNERSHIP, Places
from xlmodel.calc.address import Area, Ref

VALUE = 3  # column of the assumptions for every platform, and of the first platform below

ASSUMED = (
    "life", "cost_of_capital", "residual", "decline", "spares", "colocation", "support",
    "support_share", "software", "availability",
)  # fmt: skip
ROWS = (
    "Server capital", "All-in capital", "Own capital", "It covers", "Capital in use", "Power", "Residual value",
    "Capital charge", "of which depreciation", "of which financing", "Electricity", "Colocation", "Support and staff",
    "All costs of a year", "Depreciation, hourly", "Financing, hourly", "Electricity, hourly", "Colocation, hourly",
    "Support and staff, hourly", "Software, hourly", "Own build-up", "Price in use", "Own over price in use", "In words",
    "Sort key",
)  # fmt: skip
PARTS = ROWS[14:20]  # the hourly parts, which add up to the build-up
_TOP = FIRST + len(ASSUMED) + 4


def assumed(name: str) -> Ref:
    """The input cell of an assumption."""
    return Ref(OWNERSHIP, FIRST + ASSUMED.index(name), VALUE)


def share_left() -> Ref:
    """Share of the capital left at the end, from residual value or price decline."""
    return Ref(OWNERSHIP, FIRST + len(ASSUMED), VALUE)


def row(name: str) -> int:
    """Row of an ingredient."""
    return _TOP + ROWS.index(name)


def at(name: str, platform: int) -> Ref:
    """An ingredient of a platform (0-based)."""
    return Ref(OWNERSHIP, row(name), VALUE + platform)


def across(places: Places, name: str) -> Area:
    """An ingredient of all platforms."""
    return Area(OWNERSHIP, row(name), VALUE, row(name), VALUE + len(places.platforms) - 1)
