"""Expressions around another that read the same and say one thing more about it."""

from xlmodel.calc.dimension import Dimension
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Result


class Around(Expr):
    """An expression that is another one in all that its kind does not say otherwise."""

    __slots__ = ("inner",)

    def __init__(self, inner: Expr) -> None:
        self.inner = inner

    @property
    def strength(self) -> int:  # type: ignore[override]
        """As it is."""
        return self.inner.strength

    @property
    def dim(self) -> Dimension | None:
        """As it is."""
        return self.inner.dim

    def text(self, seat: Seat) -> str:
        """As it is."""
        return self.inner.text(seat)

    def at(self, seat: Seat) -> Result:
        """As it is."""
        return self.inner.at(seat)

    def parts(self) -> tuple[Expr, ...]:
        """What it stands around."""
        return (self.inner,)
