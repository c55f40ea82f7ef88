"""The choices that are made by hand: on Summary, or on Scenario in a book that has no Summary."""

from xlmodel.book.context import Context
from xlmodel.book.one_cell import entry
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.values import Value
from xlmodel.units import TEXT, TOKENS_PER_USER

# name, label, unit
CHOICES = (
    ("model", "Model", "pick"), ("workload", "Workload", "tokens in/out"), ("interactivity", "Interactivity", "tok/s/user"),
    ("precision", "Precision", "best pools all"), ("snapshot", "Snapshot", "software date"), ("baseline", "Baseline", "platform"),
    ("basis", "Price basis", "USD/GPU-hour"),
)  # fmt: skip
MENUS = {
    "model": "models", "workload": "workloads", "precision": "codes", "snapshot": "snapshots", "baseline": "platforms",
    "basis": "bases",
}  # fmt: skip
_PROMPTS = {
    "model": "The model that is served.",
    "workload": "Input / output tokens of a request.",
    "precision": "FP4, FP8 ..., or best, which takes whichever precision serves most.",
    "snapshot": "A dated set of measurements; latest takes the newest that holds the model.",
    "baseline": "The platform that the ratios compare with.",
    "basis": "Where prices come from. Own prices on the Prices sheet win over it.",
}


def choice_input(ctx: Context, sheet: Sheet, name: str, label: str, row: int, col: int) -> None:
    """Write the input cell of a choice with its menu, or its range."""
    value: Value = getattr(ctx.market.scenario, name)
    if name == "interactivity":
        prompt = "The target in output tok/s per user, for example 60."
        rule = Validation((), label, prompt, low=TOKENS_PER_USER.low, high=TOKENS_PER_USER.high)
    else:
        rule = Validation((), label, _PROMPTS[name], menu=f"menu.{MENUS[name]}")
    unit = TOKENS_PER_USER if name == "interactivity" else TEXT
    entry(ctx.graph, sheet, f"scenario.{name}", unit, value, row, col, rule=rule)
