"""One record per formula: Excel text, Python twin, unit, help and worked example in one place.

The text and the twin are two statements written by hand; tests play them against each other in a
calculation engine.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from xlmodel.calc.values import DIV0, NUM, ExcelError, Value
from xlmodel.units import Unit

Twin = Callable[..., Value]

REGISTRY: dict[str, "Formula"] = {}


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as Excel text with `{ingredients}` and as a Python function of the same names."""

    name: str
    excel: str
    twin: Twin
    unit: Unit
    ingredients: Mapping[str, Unit]
    example: Mapping[str, float]
    gives: float

    @property
    def help(self) -> str:
        """First sentence of the twin's docstring: what comes out, and its unit."""
        return (self.twin.__doc__ or "").strip().split("\n")[0]

    def __call__(self, **values: Value) -> Value:
        """The twin's value; an error among the ingredients comes through, as it does in Excel."""
        for value in values.values():
            if isinstance(value, ExcelError):
                return value
        try:
            return self.twin(**values)
        except ZeroDivisionError:
            return DIV0
        except (OverflowError, ValueError):
            return NUM


def formula(
    name: str, excel: str, unit: Unit, ingredients: Mapping[str, Unit], example: Mapping[str, float], gives: float
) -> Callable[[Twin], Formula]:
    """Register a twin as the Python side of a formula."""

    def register(twin: Twin) -> Formula:
        record = Formula(name, excel, twin, unit, ingredients, example, gives)
        if name in REGISTRY:
            raise ValueError(f"formula {name} is registered twice")
        REGISTRY[name] = record
        return record

    return register
