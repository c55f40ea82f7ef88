"""Three named scenarios side by side, the currency that reports are written in, and how Sensitivity varies a number."""

from dataclasses import dataclass, fields
from typing import Any

from xlmodel import units
from xlmodel.calc.functions import IFERROR, MAX, MIN, ROUND


@dataclass(frozen=True, slots=True)
class Variant:
    """What a scenario changes of the base; None is an empty cell, which takes the base's value.

    The fields are those of `xlmodel.model.scenario.Scenario` that have a column for each scenario.
    """

    utilization: float | None = None
    price_change: float | None = None
    speculative: str | None = None
    disaggregated: str | None = None
    ttft_limit: float | None = None
    interpolation: str | None = None
    below_range: str | None = None
    near_end: float | None = None
    output_ratio: float | None = None
    cached_ratio: float | None = None
    pue: float | None = None
    usd_per_kwh: float | None = None
    g_per_kwh: float | None = None

    @property
    def changes(self) -> dict[str, float | str]:
        """Field -> value of what differs from the base.

        >>> Variant(utilization=0.6).changes
        {'utilization': 0.6}
        """
        found = {name: getattr(self, name) for name in VARIED}
        return {name: value for name, value in found.items() if value is not None}


VARIED = tuple(field.name for field in fields(Variant))
UNITS: dict[str, units.Unit] = {
    "utilization": units.UTILIZATION, "price_change": units.CHANGE, "ttft_limit": units.MILLISECONDS,
    "near_end": units.SHARE_OF_RANGE, "output_ratio": units.PRICE_RATIO, "cached_ratio": units.PRICE_RATIO, "pue": units.PUE,
    "usd_per_kwh": units.USD_PER_KWH, "g_per_kwh": units.GRAMS_PER_KWH,
}  # fmt: skip
LEAST = {"pue": 1.0}  # a building draws no less than the machines in it
SENSITIVITY_UNITS: dict[str, units.Unit] = {"price_step": units.STEP, "swing": units.SWING}
# those that decide which points make the curves and how they are read; the others only price what is read
CURVE_FIELDS = ("speculative", "disaggregated", "ttft_limit", "interpolation", "below_range")


# as delivered, both to be replaced: a tenth off or on, and the utilization that InferenceX's profit estimate begins with
NEGOTIATED, STRESS = Variant(price_change=-0.1), Variant(utilization=0.6, price_change=0.1)


@dataclass(frozen=True, slots=True)
class Naming:
    """The names of the three scenarios, and the active one."""

    active: str = "Base"
    base: str = "Base"
    second: str = "Negotiated"
    third: str = "Stress"

    @property
    def names(self) -> tuple[str, str, str]:
        """The three names in the order of their columns."""
        return self.base, self.second, self.third

    @property
    def number(self) -> int:
        """Position of the active scenario, from 1; a name that none has means the base.

        >>> Naming(active="STRESS").number, Naming(active="?").number
        (3, 1)
        """
        folded = [name.casefold() for name in self.names]
        wanted = self.active.casefold()
        return folded.index(wanted) + 1 if wanted in folded else 1


@dataclass(frozen=True, slots=True)
class Reporting:
    """The currency of reports: units of it for one USD, with the day and the source of the rate."""

    currency: str = "USD"
    rate: float | None = 1.0
    as_of: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What Sensitivity varies: the platform, the step between its prices, and the swing of every assumption (shares)."""

    platform: str = "GB200 NVL72"
    price_step: float = 0.2
    swing: float = 0.2


NAMING, REPORTING, SENSITIVITY = Naming(), Reporting(), Sensitivity()


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
