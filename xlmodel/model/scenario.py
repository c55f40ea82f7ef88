"""The set of choices under which the workbook computes."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from xlmodel.model.api_price import ApiPrice
from xlmodel.model.curve import BELOW_RANGE, INTERPOLATIONS, REFUSE, STEFFEN
from xlmodel.model.facts import Change, Claim, Platform, Quote, Snapshot
from xlmodel.model.fleet import Fleet
from xlmodel.model.forecast import Forecast
from xlmodel.model.ownership import BUILD_UP, Ownership
from xlmodel.model.plan import Plan
from xlmodel.model.point import BEST, LATEST, Point
from xlmodel.model.variants import (
    LEAST,
    NAMING,
    NEGOTIATED,
    REPORTING,
    SENSITIVITY,
    STRESS,
    Naming,
    Reporting,
    Sensitivity,
    Variant,
)

ALL, WITHOUT, ONLY = "all", "without", "only"
SWITCHES = (ALL, WITHOUT, ONLY)
# what may be chosen where a scenario holds a word of a list that no data change
MENUS = {
    "speculative": SWITCHES, "disaggregated": SWITCHES, "interpolation": INTERPOLATIONS, "below_range": BELOW_RANGE,
}  # fmt: skip

BASES = (
    "Oracle list", "CoreWeave list", "AWS on demand", "AWS capacity block", "Azure on demand", "GCP on demand",
    "Hyperscaler 2025-08", "Neocloud 2025-08", "3-year rental 2025-08",
    "Hyperscaler 2026-07", "Neocloud 2026-07", "3-year rental 2026-07", "Rental 2026-09",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """Every choice a reader can make; the defaults are those of the default book.

    Attributes:
        interactivity: the target in output tok/s/user.
        utilization: share of paid hours in which the GPUs produce at the measured rate.
        speculative, disaggregated: `all` points, `without` such points, or `only` such points.
        interpolation: between measured points: Steffen, linear, or measured points only.
        below_range: below the slowest measured point: no answer (#N/A), or hold that point.
        near_end: share of a curve's fastest interactivity from which a reading is flagged.
        price_change: share added to every quoted price in use; own prices and the own build-up stay.
        ttft_limit: longest median time to first token in ms of the points that take part; None is no limit.
        output_ratio, cached_ratio: price of an output and of a cached input token over that of an input token.
        pue: utility kW per kW of the platform's power figure, which already is utility power.
        g_per_kwh: grams of CO2 for a kWh.
    """

    model: str = "DeepSeek-R1"
    workload: str = "8k/1k"
    precision: str = BEST
    snapshot: str = LATEST
    interactivity: float = 60.0
    baseline: str = "MI355X"
    basis: str = "3-year rental 2026-07"
    utilization: float = 1.0
    speculative: str = ALL
    disaggregated: str = ALL
    interpolation: str = STEFFEN
    below_range: str = REFUSE
    near_end: float = 0.9
    price_change: float = 0.0
    ttft_limit: float | None = None
    output_ratio: float | None = 4.0
    cached_ratio: float | None = 0.1
    pue: float | None = 1.0
    usd_per_kwh: float | None = 0.08
    g_per_kwh: float | None = None

    def number(self, name: str) -> float:
        """A number as a formula reads it: an empty cell is 0, or the least that makes sense."""
        value: float | None = getattr(self, name)
        return max(value or 0.0, LEAST[name]) if name in LEAST else value or 0.0


@dataclass(frozen=True)
class Inputs:
    """Everything the workbook is computed from.

    Attributes:
        points: the rows of the Benchmarks table, in order.
        typed, typed_quotes: rows typed under the tables, in order.
        own_prices: USD/GPU-hour by platform; wins over every quote.
        left_out: measured points that the book does not carry.
        own_rows: positions in `points` that a file of the user brought; own_quotes: how many of the last quotes.
        api_prices: of hosted models, those of files last; typed_api: typed under them; own_api: how many of the last came from files.
        forecasts: published, of falling prices and of gains by software.
        own_facts: platforms whose facts a reader edited.
        changes: what earlier versions of the workbook changed, oldest first.
        platforms: facts; those with a curve come first, in the order of the Summary.
        ownership: the assumptions behind the basis "Own build-up".
        fleet: the demand, and token prices.
        plan: what is assumed of the coming years.
        scenario: the base; naming, second, third: the three scenarios by name, and what two of them change.
    """

    points: tuple[Point, ...]
    quotes: tuple[Quote, ...]
    platforms: tuple[Platform, ...]
    snapshots: tuple[Snapshot, ...]
    claims: tuple[Claim, ...] = ()
    scenario: Scenario = Scenario()
    typed: tuple[Point, ...] = ()
    typed_quotes: tuple[Quote, ...] = ()
    own_prices: dict[str, float] = field(default_factory=dict)
    left_out: int = 0
    ownership: Ownership = field(default_factory=Ownership)
    fleet: Fleet = field(default_factory=Fleet)
    plan: Plan = field(default_factory=Plan)
    own_rows: tuple[int, ...] = ()
    own_quotes: int = 0
    own_facts: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    naming: Naming = NAMING
    second: Variant = NEGOTIATED
    third: Variant = STRESS
    reporting: Reporting = REPORTING
    sensitivity: Sensitivity = SENSITIVITY
    api_prices: tuple[ApiPrice, ...] = ()
    typed_api: tuple[ApiPrice, ...] = ()
    own_api: int = 0
    forecasts: tuple[Forecast, ...] = ()

    @property
    def variants(self) -> tuple[Variant, Variant, Variant]:
        """What each scenario changes, in the order of their columns."""
        return Variant(), self.second, self.third

    def scenario_of(self, number: int) -> Scenario:
        """The choices of a scenario, from 1."""
        changes: dict[str, Any] = self.variants[number - 1].changes
        return replace(self.scenario, **changes)

    @cached_property
    def in_use(self) -> Scenario:
        """The choices of the active scenario."""
        return self.scenario_of(self.naming.number)

    @cached_property
    def facts(self) -> dict[str, Platform]:
        """Facts by platform."""
        return {fact.platform: fact for fact in self.platforms}

    @cached_property
    def models(self) -> tuple[str, ...]:
        """Models in the order in which the points bring them."""
        return tuple(dict.fromkeys(point.model for point in self.points))

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """Columns of the price book: the known bases, those that only the quotes bring, and the computed one."""
        own = dict.fromkeys(q.basis for q in self.quotes if q.basis)
        return (*BASES, *(basis for basis in own if basis not in (*BASES, BUILD_UP)), BUILD_UP)

    @cached_property
    def workloads(self) -> tuple[str, ...]:
        """Workloads, the default one first."""
        return tuple(dict.fromkeys(("8k/1k", "1k/1k", "1k/8k", *(p.workload for p in self.points))))


def output_share(workload: str) -> float:
    """Output tokens as a share of all tokens of a workload such as 8k/1k.

    >>> output_share("1k/1k")
    0.5
    """
    tokens_in, tokens_out = (float(part.removesuffix("k")) for part in workload.split("/"))
    return tokens_out / (tokens_in + tokens_out)
