"""What all cells with an address have in common, and the ways to write a reference to one of them."""

from xlmodel.calc.address import Area, Ref
from xlmodel.calc.dimension import Dimension, UnitError, dimension, show
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Result
from xlmodel.calc.values import Value
from xlmodel.units import Unit

Content = Expr | Value  # what stands in a cell: a formula, or a constant


class Place(Expr):
    """Cells with an address, an expression each, and the unit that they declare."""

    __slots__ = ()
    key: str
    heading: str
    unit: Unit

    @property
    def dim(self) -> Dimension | None:
        """The declared unit, whatever the cells compute."""
        return None if self.unit.of == "any" else dimension(self.unit.of)

    def ref(self, i: int = 0) -> Ref:
        """Where a cell stands."""
        raise NotImplementedError

    def held(self, i: int) -> Value:
        """The value of cell number i; nothing where there is no such cell."""
        raise NotImplementedError

    @property
    def area(self) -> Area:
        """All its cells."""
        at = self.ref()
        return Area(at.sheet, at.row, at.col, at.row, at.col)

    def text(self, seat: Seat) -> str:
        """The address of the cell in the same place, as the seat's cell writes it."""
        return self.ref(seat.i).on(seat.sheet, seat.form)

    @property
    def absolute(self) -> "Written":
        """Written with both parts fixed, as in $B$7."""
        return Written(self, "absolute")

    @property
    def relative(self) -> "Written":
        """Written with no part fixed, as in B7."""
        return Written(self, "relative")

    @property
    def by_row(self) -> "Written":
        """Written with the row fixed, as in B$7."""
        return Written(self, "row")

    @property
    def by_col(self) -> "Written":
        """Written with the column fixed, as in $B7."""
        return Written(self, "col")

    def row_numbers(self, seat: Seat) -> Result:
        """The row number of the cell in the same place, for ROW."""
        return float(self.ref(seat.i).row)

    def check(self, name: str, content: Content) -> None:
        """Hold the unit of a formula against the declared one; where any is right, its parts must still go together.

        Raises:
            UnitError: they differ; says where, and both units.
        """
        if not isinstance(content, Expr):
            return
        try:
            found = content.dim
        except UnitError as error:
            raise UnitError(f"{name}: {error}") from None
        if self.unit.of != "any" and found is not None and dict(found) != dict(self.dim or {}):
            raise UnitError(f"{name}: declared {show(self.dim or {})}, the formula gives {show(found)}")


class Written(Expr):
    """A reference to a cell in a form of its own: fixed differently, to one cell of a line, or some places off."""

    __slots__ = ("by", "form", "i", "inner")

    def __init__(self, inner: Place, form: str, i: int | None = None, by: int = 0) -> None:
        self.inner, self.form, self.i, self.by = inner, form, i, by

    def _seat(self, seat: Seat) -> int:
        return (seat.i if self.i is None else self.i) + self.by

    @property
    def dim(self) -> Dimension | None:
        """That of the cell."""
        return self.inner.dim

    def ref(self, seat: Seat) -> Ref:
        """Where the cell stands."""
        return self.inner.ref(self._seat(seat))

    def text(self, seat: Seat) -> str:
        """The address in this form."""
        return self.ref(seat).on(seat.sheet, self.form or seat.form)

    def at(self, seat: Seat) -> Result:
        """The value of the cell."""
        return self.inner.held(self._seat(seat))

    def parts(self) -> tuple[Expr, ...]:
        """The cell or line."""
        return (self.inner,)

    def formed(self, form: str) -> "Written":
        """The same cell written in another form: absolute, row, col or relative."""
        return Written(self.inner, form, self.i, self.by)
