"""What a formula says of places and not of values: the row that it stands in, and how many rows an area has."""

from typing import Any

from xlmodel.calc.dimension import NUMBER, Dimension
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Result


class RowNumber(Expr):
    """ROW(): the number of the seat's row, or of each row of an area."""

    __slots__ = ("area",)

    def __init__(self, area: Any = None) -> None:
        self.area = area

    @property
    def dim(self) -> Dimension:
        """A plain number."""
        return NUMBER

    def text(self, seat: Seat) -> str:
        """ROW of nothing, or of an area."""
        return "ROW()" if self.area is None else f"ROW({self.area.text(seat)})"

    def at(self, seat: Seat) -> Result:
        """Row numbers of the sheet, from 1."""
        found: Result = float(seat.row) if self.area is None else self.area.row_numbers(seat)
        return found

    def parts(self) -> tuple[Expr, ...]:
        """The area."""
        return () if self.area is None else (self.area,)


class RowCount(Expr):
    """ROWS(): how many rows an area has; the text grows and shrinks with rows that a reader inserts or deletes."""

    __slots__ = ("area",)

    def __init__(self, area: Any) -> None:
        self.area = area

    @property
    def dim(self) -> Dimension:
        """A plain number."""
        return NUMBER

    def text(self, seat: Seat) -> str:
        """ROWS of the area."""
        return f"ROWS({self.area.text(seat)})"

    def at(self, seat: Seat) -> Result:
        """Rows of the sheet that it covers."""
        area = getattr(self.area, "found", self.area).area(seat)  # found: cells known by key
        return float(area.last_row - area.row + 1)

    def parts(self) -> tuple[Expr, ...]:
        """The area."""
        return (self.area,)


def ROW(area: Any = None) -> RowNumber:  # noqa: N802 - its name in Excel
    """The number of this row, or of each row of an area."""
    return RowNumber(area)


def ROWS(area: Any) -> RowCount:  # noqa: N802 - its name in Excel
    """How many rows an area has."""
    return RowCount(area)
