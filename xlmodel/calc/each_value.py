"""A part of a formula that depends on one cell, and on constants: worked out once for each value that the cell may hold."""

from typing import Any

from xlmodel.calc.around import Around
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Matrix, Result
from xlmodel.calc.values import Value


def once_for_each(cell: Any, value: Any) -> Any:
    """The value as it is; where it is an expression, remembered by what the cell holds, since few names stand in many rows."""
    return EachValue(cell, value) if isinstance(value, Expr) else value


class EachValue(Around):
    """An expression that reads one cell and nothing else that changes."""

    __slots__ = ("_known", "cell")

    def __init__(self, cell: Expr, inner: Expr) -> None:
        super().__init__(inner)
        self.cell = cell
        self._known: dict[tuple[type, Value], Result] = {}

    def at(self, seat: Seat) -> Result:
        """As it is, from memory where the cell's value was met before."""
        held = self.cell.at(seat)
        if isinstance(held, Matrix):
            return self.inner.at(seat)
        key = type(held), held  # 1 and TRUE are two values
        if key not in self._known:
            self._known[key] = self.inner.at(seat)
        return self._known[key]
