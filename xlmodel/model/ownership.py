"""What it costs to own a GPU: the assumptions, and the build-up to USD per GPU-hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model import ownership_formulas as f
from xlmodel.model.facts import Platform
from xlmodel.units import RATE, SHARE, USD_PER_GPU_YEAR, USD_PER_KW_MONTH, UTILIZATION, YEARS, Unit

BUILD_UP = "Own build-up"  # the price basis that is computed, never quoted
SERVER_ONLY = "server only"


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
    def share_left(self) -> Value:
        """Share of the capital that is left at the end of the life."""
        if self.residual is not None:
            return self.residual
        if self.decline is None:
            return 0.0
        return f.share_left(decline=self.decline, life=self.number("life"))


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
    """USD per GPU-hour of a platform of one's own; #N/A where an ingredient has no source.

    `power` gives PUE and the price of electricity, which the scenario holds.
    """
    o = assumed.number
    bare, _ = capital_of(platform, fact, assumed)
    if not isinstance(bare, int | float):
        return NA
    capital = bare * (1 + o("spares"))
    kilowatt: Value = NA if fact is None or fact.kilowatt is None else fact.kilowatt
    left = f.residual(capital=capital, share=assumed.share_left)
    charge = f.charge(rate=o("cost_of_capital"), life=o("life"), capital=capital, residual=left)
    year = f.yearly(
        charge=charge,
        electricity=f.electricity(kilowatt=kilowatt, pue=power.number("pue"), usd_per_kwh=power.number("usd_per_kwh")),
        colocation=f.colocation(kilowatt=kilowatt, usd_per_kw_month=o("colocation")),
        support=f.support(flat=o("support"), share=o("support_share"), charge=charge),
        software=o("software"),
    )
    total = f.hourly(yearly=year, availability=o("availability"))
    return float(total) if isinstance(total, int | float) else NA
