"""Where a formula counts in another unit than its ingredients say, with the reason; and where it must come out in a unit."""

from typing import Any

from xlmodel.calc.around import Around
from xlmodel.calc.dimension import Dimension, UnitError, dimension, show
from xlmodel.calc.expression import Expr


def counted(value: Any, unit: str, reason: str) -> Any:
    """A number that counts in another unit than its ingredients say, such as years as compounding periods."""
    return Counted(value, unit, reason) if isinstance(value, Expr) else value


def declared(value: Any, unit: str) -> Any:
    """A number that must come out in a unit, where the cell itself goes by any."""
    return Declared(value, unit, "") if isinstance(value, Expr) else value


class Counted(Around):
    """An expression that counts something else than its text says; the one way round the units, each with its reason."""

    __slots__ = ("reason", "unit")

    def __init__(self, inner: Expr, unit: str, reason: str) -> None:
        super().__init__(inner)
        self.unit, self.reason = unit, reason

    @property
    def dim(self) -> Dimension:
        """What it counts."""
        return dimension(self.unit)


class Declared(Counted):
    """An expression that must come out in a unit, for cells of which each goes by its own."""

    __slots__ = ()

    @property
    def dim(self) -> Dimension:
        """The declared one.

        Raises:
            UnitError: the expression gives another.
        """
        found, wanted = self.inner.dim, dimension(self.unit)
        if found is not None and dict(found) != dict(wanted):
            raise UnitError(f"declared {show(wanted)}, the formula gives {show(found)}")
        return wanted
