"""Calls of functions by their name in the workbook, and the cells that hold them.

What such a function computes is an algorithm: its Excel text is a LAMBDA or Python, and its value is stated by the Python
twin. Excel stores the cell as a dynamic array, whether one value or many come out.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from xlmodel.calc.address import Area
from xlmodel.calc.cells import Cell
from xlmodel.calc.dimension import Dimension, dimension
from xlmodel.calc.expression import Expr, Seat, lift
from xlmodel.calc.matrix import Matrix, Result, scalar
from xlmodel.calc.values import Value
from xlmodel.units import Unit

Twin = Callable[..., Any]  # of values and ranges (lists of rows), which gives a value or a range


class Name(Expr):
    """A named range as an argument whose content the twin does not need."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def dim(self) -> None:
        """Of many kinds."""
        return

    def text(self, seat: Seat) -> str:
        """The name."""
        return self.name

    def at(self, seat: Seat) -> Result:
        """Nothing."""
        return None


class NamedCall(Expr):
    """A function by its name in the workbook, with its arguments.

    Attributes:
        unit: what comes out is counted in.
        twin: states the value, from the values of the arguments.
        edition: whose Python computes it; empty for a LAMBDA.

    >>> from xlmodel.calc.expression import NOWHERE
    >>> double = NamedCall("DOUBLE", (lift(21),), Unit("x", "0"), lambda number: number * 2)
    >>> double.text(NOWHERE), double.at(NOWHERE)
    ('DOUBLE(21)', 42.0)
    """

    __slots__ = ("arguments", "edition", "name", "twin", "unit")

    def __init__(self, name: str, arguments: Sequence[Any], unit: Unit, twin: Twin, edition: str = "") -> None:
        self.name, self.unit, self.twin, self.edition = name, unit, twin, edition
        self.arguments = tuple(lift(argument) for argument in arguments)

    @property
    def dim(self) -> Dimension | None:
        """As declared."""
        return None if self.unit.of == "any" else dimension(self.unit.of)

    def text(self, seat: Seat) -> str:
        """As typed."""
        return f"{self.name}({','.join(argument.text(seat) for argument in self.arguments)})"

    def at(self, seat: Seat) -> Result:
        """What the twin says."""
        given = [argument.at(seat) for argument in self.arguments]
        found = self.twin(*(value.rows if isinstance(value, Matrix) else value for value in given))
        return Matrix.of(found) if isinstance(found, list) else found

    def parts(self) -> tuple[Expr, ...]:
        """The arguments."""
        return self.arguments


class CallingCell(Cell):
    """A cell whose formula calls a function by its name; a range of values spills from it."""

    __slots__ = ("_block",)

    @property
    def block(self) -> list[list[Value]]:
        """All that comes out, row by row."""
        if not hasattr(self, "_block"):
            at = self.ref()
            assert isinstance(self.content, Expr)
            found = self.content.at(Seat(at.sheet, at.row, at.col, 0))
            self._block: list[list[Value]] = found.rows if isinstance(found, Matrix) else [[scalar(found)]]
        return self._block

    def forget(self, _cells: Iterable[int] = ()) -> None:
        """Call it anew when its values are next asked for."""
        if hasattr(self, "_block"):
            del self._block

    def kept(self, i: int) -> Any:
        """The block that came out."""
        return getattr(self, "_block", super().kept(i))

    @property
    def value(self) -> Value:
        """The upper left of what comes out, which stands in the cell itself."""
        return self.block[0][0]

    @property
    def filled(self) -> Area:
        """The cells that it fills now."""
        at = self.ref()
        return Area(at.sheet, at.row, at.col, at.row + len(self.block) - 1, at.col + len(self.block[0]) - 1)

    @property
    def edition(self) -> str:
        """Whose Python computes it; empty for a LAMBDA."""
        assert isinstance(self.content, Expr)
        return next(part.edition for part in self.content.walk() if isinstance(part, NamedCall))
