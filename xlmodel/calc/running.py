"""The cells of a column above the one that reads them, as running totals and ages need them."""

from xlmodel.calc.cells import Line
from xlmodel.calc.dimension import Dimension
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Matrix, Result
from xlmodel.calc.values import Value


class Above(Expr):
    """The cells of a column above the seat's row, its heading first: a formula that reads them can stand in that column.

    >>> from xlmodel.calc.address import Ref
    >>> from xlmodel.units import COUNT
    >>> bought = Line(COUNT, [3, 5, 8], 3, Ref("Plan", 7, 2), heading="Bought")
    >>> seat = Seat("Plan", 9, 2, 2, "relative")
    >>> Above(bought).text(seat), Above(bought).at(seat).rows
    ('B$6:B8', [['Bought'], [3], [5]])
    """

    __slots__ = ("line",)

    def __init__(self, line: Line) -> None:
        self.line = line

    @property
    def dim(self) -> Dimension | None:
        """That of the column."""
        return self.line.dim

    def text(self, seat: Seat) -> str:
        """From the heading, whose row is fixed, to the row above."""
        top = self.line.ref(-1).on(seat.sheet, "row")
        return f"{top}:{self.line.ref(seat.i - 1).on(self.line.ref().sheet, 'relative')}"

    def at(self, seat: Seat) -> Result:
        """The heading, then the values."""
        return Matrix([self.line.heading, *self.line.before(seat.i)])

    def pick(self, seat: Seat, row: int, col: int | None = None) -> tuple[Value] | None:
        """The value of one cell by its place, as INDEX counts them; None where INDEX must see all."""
        return (self.line.value(row - 2),) if 2 <= row <= seat.i + 1 and col in (None, 1) else None

    def parts(self) -> tuple[Expr, ...]:
        """The column."""
        return (self.line,)
