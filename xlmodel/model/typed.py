"""What a reader types into single cells, by the key of the cell; and the inputs without it, on which the form of a book depends."""

from dataclasses import replace
from typing import Any

from xlmodel.calc.values import Value
from xlmodel.model.fleet import Fleet
from xlmodel.model.ownership import Ownership
from xlmodel.model.plan import Plan
from xlmodel.model.scenario import Inputs, Scenario
from xlmodel.model.variants import NAMING, REPORTING, SENSITIVITY, Variant

OWN_PRICE = "prices.own/"
SECTIONS: dict[str, type] = {
    "scenario": Scenario, "second": Variant, "third": Variant, "naming": type(NAMING), "reporting": type(REPORTING),
    "sensitivity": type(SENSITIVITY), "ownership": Ownership, "fleet": Fleet, "plan": Plan,
}  # fmt: skip
# these decide which points take part, so curves hang on them; all else is computed from the curves as they stand
TAKE_PART = ("speculative", "disaggregated", "ttft_limit")


def is_typed(key: str) -> bool:
    """Whether an input belongs to the Python model; sign-off, tolerances and arguments of examples do not.

    >>> is_typed("fleet.users"), is_typed("cover.prepared/name")
    (True, False)
    """
    return key.startswith(OWN_PRICE) or key.partition(".")[0] in SECTIONS


def typed_value(inputs: Inputs, key: str) -> Value:
    """What stands in an input cell; None for an empty one.

    >>> typed_value(Inputs((), (), (), (), own_prices={"B200": 2.5}), "prices.own/B200"), typed_value(Inputs((), (), (), ()), "plan.season/May")
    (2.5, None)
    """
    if key.startswith(OWN_PRICE):
        return inputs.own_prices.get(key.removeprefix(OWN_PRICE))
    section, _, field = key.partition(".")
    name, _, item = field.partition("/")
    held: Any = getattr(getattr(inputs, section), name)
    return held.get(item) if item else held


def untyped(inputs: Inputs) -> Inputs:
    """The inputs with the defaults in place of all that is typed; books of equal ones differ in what is typed and computed alone."""
    chosen = {name: getattr(inputs.in_use, name) for name in TAKE_PART}
    return replace(
        inputs, scenario=Scenario(**chosen), own_prices={}, ownership=Ownership(), fleet=Fleet(), plan=Plan(), naming=NAMING,
        second=Variant(), third=Variant(), reporting=REPORTING, sensitivity=SENSITIVITY,
    )  # fmt: skip
