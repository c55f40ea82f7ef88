"""Plan cases, their assumptions: as they are, as each scenario changes them, and with one of them lower or higher."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.calc.functions import IF, ISNUMBER, MAX, MIN, NA, ROUND, lookup, typed_number
from xlmodel.model.fleet import token_load
from xlmodel.model.ownership import electricity
from xlmodel.model.variants import swung as moved
from xlmodel.sheets.plan_inputs import renting
from xlmodel.sheets.sens_scenarios import assumed
from xlmodel.units import YEARLY_DECLINE

# what the tornado swings: what it calls it, and which assumptions of a case it changes
SWUNG: dict[str, tuple[str, tuple[str, ...]]] = {
    "demand": ("Demand", ("demand",)), "growth": ("Growth of the demand", ("growth",)), "progress": ("Gain of software", ("progress",)),
    "rate": ("Throughput", ("rate",)), "load": ("Peak, headroom, utilization", ("load",)),
    "rent": ("Rental prices", ("usd_on_demand", "usd_one_year", "usd_three_year")), "fall": ("Fall of rental prices", ("fall",)),
    "capital": ("Capital", ("capital",)), "running": ("Running costs", ("running",)), "life": ("Economic life", ("life",)),
    "lead": ("Months to service", ("lead",)), "discount": ("Discount rate", ("discount",)),
}  # fmt: skip
_WHOLE = ("life", "lead")
_LINKED = tuple(name for _, names in SWUNG.values() for name in names if name != "discount")
_RENTED = ("on_demand", "one_year", "three_year")


def as_it_is(ctx: Context) -> dict[str, Any]:
    """The assumptions in use."""
    g = ctx.graph
    return {name: g[f"head.{name}"] for name in _LINKED} | {"discount": typed_number(g["plan.discount"])}


def swung(ctx: Context, key: str, side: str) -> dict[str, Any]:
    """The assumptions that are lower or higher by the swing of Sensitivity."""
    g, (_, names) = ctx.graph, SWUNG[key]
    given: dict[str, Any] = {}
    for name in names:
        changed = moved(name, g[f"case0.{name}"], g["sensitivity.swing"], side)
        if name == "load":
            changed = MAX(1, changed)
        if name == "fall":
            changed = MIN(YEARLY_DECLINE.high, changed)
        given[name] = ROUND(changed, 0) if name in _WHOLE else changed
    return given


def in_scenario(ctx: Context, k: int) -> dict[str, Any]:
    """The assumptions that a scenario has of its own; no throughput where it reads other curves than those in use."""
    g, platform = ctx.graph, ctx.graph["plan.platform"]
    use, change = g["scenarios.utilization"].cell(k), g["scenarios.change_of_quoted_prices"].cell(k)
    seen = g["scenarios.read_from_the_curves_in_use"].cell(k)
    given: dict[str, Any] = {}
    software = IF(ISNUMBER(g["plan.software"]), g["plan.software"], g["plan.measured"])
    given["progress"] = typed_number(g["plan.software_prudent"]) if k == 2 else software
    given["rate"] = IF(seen.eq(1), g["head.rate"], NA)
    given["load"] = token_load(MAX(1, typed_number(g["plan.peak"])), use) * (1 + typed_number(g["plan.headroom"]))
    for name in _RENTED:
        price = renting(ctx, platform, g[f"plan.basis_{name}"], change)
        given[f"usd_{name}"] = price if name == "on_demand" else IF(g[f"head.{name}_share"].eq(0), 0, price)
    pue, usd = (assumed(ctx, name, k) for name in ("pue", "usd_per_kwh"))
    names = g["menu.platforms"]
    power = lookup(g["ownership.power"], names, platform)
    own = electricity(power, pue, usd) - lookup(g["ownership.electricity"], names, platform)
    given["running"] = g["head.running"] + own
    return given
