"""The assumptions of the Scenario sheet: label, what may be typed, what it does and where its value comes from."""

from dataclasses import dataclass

from xlmodel.book.graph import Graph
from xlmodel.book.spec import Validation
from xlmodel.model.variants import UNITS


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption; a choice from a list has a `menu`, all others a unit."""

    label: str
    allowed: str
    says: str
    menu: str = ""

    def validation(self, graph: Graph, name: str) -> Validation:
        """What may be typed into the columns of the three scenarios."""
        area = graph.area(graph.find(f"assumed.{name}")).a1
        if self.menu:
            return Validation((area,), self.label, f"{self.allowed}.", menu=f"menu.{self.menu}")
        unit = UNITS[name]
        return Validation((area,), self.label, f"{unit.label}: {self.allowed}.", low=unit.low, high=unit.high)


ROWS: dict[str, Assumption] = {
    "utilization": Assumption("Utilization", "0.01 to 1",
        "Share of paid hours in which the GPUs produce at the measured rate. 100 % compares platforms; budgets need less. InferenceX's profit "
        "estimate begins with 60 %."),
    "price_change": Assumption("Change of quoted prices", "-90% to +1,000%",
        "Added to every quoted price in use; own prices and the own build-up stay. The tenths are examples: type what you negotiated."),
    "speculative": Assumption("Speculative decoding", "all, without, only",
        "Which points take part: all, without MTP, or only MTP. Points that do not record it take part only under all.", "switches"),
    "disaggregated": Assumption("Disaggregated serving", "all, without, only",
        "Which points take part: all, without, or only those that run prefill and decode on separate GPUs.", "switches"),
    "ttft_limit": Assumption("Limit on the time to first token", "empty, or ms",
        "Empty: none. With a limit only points take part whose median time to first token is within it; points that do not record it "
        "drop out, so where none does there is no answer (see What follows)."),
    "interpolation": Assumption("Between measured points", "Steffen, linear, measured",
        "Steffen's monotone cubic as on the InferenceX charts; linear; or the next faster measured point only.", "interpolations"),
    "below_range": Assumption("Below the measured range", "no answer, hold slowest point",
        "Hold the slowest measured point (achievable, so conservative) or answer #N/A. Above the range is always #N/A.", "below"),
    "near_end": Assumption("Flag near the end from", "0.5 to 1",
        "Readings at or above this share of a curve's fastest point are flagged: ratios balloon where a curve ends."),
    "output_ratio": Assumption("Price of an output token", "0 to 100",
        "Over that of an input token, to split the cost by token class. 4: a vendor's list for MiniMax M3 (1.20 / 0.30 USD); GLM's is 3.1."),
    "cached_ratio": Assumption("Price of a cached input token", "0 to 100",
        "Over that of an input token. 0.1: where InferenceX's cache pricing begins; MiniMax M3 lists 0.2. Their share of the input stands on Fleet."),
    "pue": Assumption("PUE on the power figure", "1 to 3",
        "1, since the power figure is utility power already (SemiAnalysis); 1.3 if yours is IT power."),
    "usd_per_kwh": Assumption("Electricity price", "0 to 10",
        "0.08: worked case beside NVIDIA's example (June 2025); replace by your contract."),
    "g_per_kwh": Assumption("Carbon intensity", "0 to 2,000",
        "Empty: it depends on your grid and contract, so none is assumed, and carbon per token stays #N/A."),
}  # fmt: skip
TEXTS = frozenset(name for name, rule in ROWS.items() if rule.menu)
