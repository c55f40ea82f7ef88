"""What it costs to own a GPU: capital as an annuity, running costs, and USD per GPU-hour.

The functions take numbers, numpy arrays or cells alike.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from xlmodel.calc.constants import HOURS_PER_YEAR, MONTHS_PER_YEAR
from xlmodel.calc.counted import counted
from xlmodel.calc.functions import IF, PMT
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model.facts import Platform
from xlmodel.units import RATE, SHARE, USD_PER_GPU_YEAR, USD_PER_KW_MONTH, UTILIZATION, YEARS, Unit

BUILD_UP = "Own build-up"  # the price basis that is computed, never quoted
SERVER_ONLY = "server only"
NO_INTEREST = 0.0001


def share_left(decline: Any, life: Any) -> Any:
    """Share of the purchase price that is left when used hardware loses the same share of its value each year.

    >>> round(share_left(0.3, 4.0), 4)
    0.2401
    """
    each_year = counted(1 - decline, "1", "what is left of a value after a year")
    return IF(life > 0, each_year ** counted(life, "1", "years as compounding periods"), 1)


def residual(capital: Any, share: Any) -> Any:
    """USD per GPU for which it can be sold at the end of its life.

    >>> residual(31_250.0, 0.1)
    3125.0
    """
    return capital * share


def annuity(rate: Any, life: Any, capital: Any, residual: Any) -> Any:
    """USD per GPU and year that pay back the capital less its residual value, with interest, in equal parts.

    A rate below a hundredth of a percent counts as none: what PMT gives then is noise.

    >>> round(annuity(0.08, 4.0, 31_250.0, 3_000.0), 2)
    8769.26
    """
    straight = depreciation(capital, residual, life)
    return IF(rate < NO_INTEREST, straight, PMT(rate, life, -capital, residual))


def depreciation(capital: Any, residual: Any, life: Any) -> Any:
    """USD per GPU and year by which its value falls, in equal parts.

    >>> depreciation(320_000.0, 0.0, 4.0)
    80000.0
    """
    return (capital - residual) / life


def financing(charge: Any, depreciation: Any) -> Any:
    """USD per GPU and year of the capital charge that is interest.

    >>> round(financing(8769.26, 7062.5), 2)
    1706.76
    """
    return charge - depreciation


def electricity(kilowatt: Any, pue: Any, usd_per_kwh: Any) -> Any:
    """USD per year of the electricity that the given kilowatts draw around the clock.

    >>> round(electricity(10.2, 1.3, 0.08), 3)
    9292.608
    """
    return kilowatt * HOURS_PER_YEAR * pue * usd_per_kwh


def colocation(kilowatt: Any, usd_per_kw_month: Any) -> Any:
    """USD per GPU and year of data-centre space, which is let by the kilowatt and month.

    >>> round(colocation(1.37, 100.0), 2)
    1644.0
    """
    return kilowatt * MONTHS_PER_YEAR * usd_per_kw_month


def support(flat: Any, share: Any, charge: Any) -> Any:
    """USD per GPU and year of support, staff and hosting: a flat sum and a share of the capital charge.

    >>> round(support(0.0, 0.2, 23_148.148148), 2)
    4629.63
    """
    return flat + share * charge


def yearly(charge: Any, electricity: Any, colocation: Any, support: Any, software: Any) -> Any:
    """USD per year of owning and running: capital charge and all running costs.

    >>> yearly(80_000.0, 0.0, 0.0, 3_000.0, 4_500.0)
    87500.0
    """
    return charge + electricity + colocation + support + software


def hourly(yearly: Any, availability: Any) -> Any:
    """USD per GPU-hour that can be used or sold: a year's cost over the hours in which the GPU is up.

    >>> round(hourly(27_777.777778, 1.0), 6)
    3.170979
    """
    return yearly / (HOURS_PER_YEAR * availability)


UNITS: dict[str, Unit] = {
    "life": YEARS, "cost_of_capital": RATE, "residual": SHARE, "decline": RATE, "spares": SHARE, "colocation": USD_PER_KW_MONTH,
    "support": USD_PER_GPU_YEAR, "support_share": SHARE, "software": USD_PER_GPU_YEAR, "availability": UTILIZATION,
}  # fmt: skip


class Power(Protocol):
    """Assumptions by name, an empty one as 0."""

    def number(self, name: str) -> float:
        """An assumption as a formula reads it."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """The assumptions; None is an empty cell, which counts as nothing.

    Attributes:
        capital: own all-in capital in USD per GPU by platform; wins over the published one.
        life: years until the hardware is sold or scrapped.
        cost_of_capital: interest a year.
        residual: share of the capital left at the end; wins over `decline`.
        decline: share of its value that used hardware loses a year.
        spares: share of the capital kept as spare parts.
        colocation: USD/kW-month. support, software: USD/GPU-year. support_share: share of the capital charge.
        availability: share of hours in which the GPU is up.
    """

    capital: Mapping[str, float] = field(default_factory=dict)
    life: float | None = 4.0
    cost_of_capital: float | None = None
    residual: float | None = None
    decline: float | None = None
    spares: float | None = None
    colocation: float | None = None
    support: float | None = None
    support_share: float | None = None
    software: float | None = None
    availability: float | None = 1.0

    def number(self, name: str) -> float:
        """An assumption as a formula reads it: an empty cell is 0."""
        value: float | None = getattr(self, name)
        return 0.0 if value is None else value

    @property
    def share_left(self) -> float:
        """Share of the capital that is left at the end of the life."""
        if self.residual is not None:
            return self.residual
        return 0.0 if self.decline is None else float(share_left(self.decline, self.number("life")))


def capital_of(platform: str, fact: Platform | None, assumed: Ownership) -> tuple[Value, str]:
    """USD per GPU before spares, and what it covers: own, all-in, server only, or none."""
    if platform in assumed.capital:
        return assumed.capital[platform], "own"
    if fact and fact.capex_all_in is not None:
        return fact.capex_all_in, "all-in"
    if fact and fact.capex_server is not None:
        return fact.capex_server, SERVER_ONLY
    return NA, "none"


def build_up(platform: str, fact: Platform | None, assumed: Ownership, power: Power) -> float | ExcelError:
    """USD per GPU-hour of a platform of one's own; #N/A where an ingredient has no source or makes no sense.

    `power` gives PUE and the price of electricity, which the scenario holds.
    """
    o = assumed.number
    bare, _ = capital_of(platform, fact, assumed)
    if not isinstance(bare, int | float) or fact is None or fact.kilowatt is None:
        return NA
    capital = bare * (1 + o("spares"))
    try:
        charge = annuity(o("cost_of_capital"), o("life"), capital, residual(capital, assumed.share_left))
        year = yearly(
            charge,
            electricity(fact.kilowatt, power.number("pue"), power.number("usd_per_kwh")),
            colocation(fact.kilowatt, o("colocation")),
            support(o("support"), o("support_share"), charge),
            o("software"),
        )
        found = float(hourly(year, o("availability")))
    except ZeroDivisionError:  # no life, or no hours: nothing to spread the cost over
        return NA
    return found if math.isfinite(found) else NA
