"""The named constants that lead from one unit to another; beside plain numbers they are plain numbers."""

from typing import Any

from xlmodel.calc.arithmetic import general
from xlmodel.calc.dimension import Dimension, dimension
from xlmodel.calc.expression import ATOM, STRENGTH, Binary, Expr, Seat
from xlmodel.calc.matrix import Result


class Constant(Expr):
    """A number with a unit, such as 3,600 s/h; beside plain numbers and arrays it is a plain number.

    >>> from xlmodel.calc.dimension import show
    >>> from xlmodel.calc.expression import Literal
    >>> hour = Constant(3600, "s/h")
    >>> hour * 2.0, show((hour * Literal(2)).dim)
    (7200.0, 's/h')
    """

    __slots__ = ("number", "unit", "written")

    def __init__(self, number: float, unit: str, written: str = "") -> None:
        self.number = float(number)
        self.unit = unit
        self.written = written  # as a product, which readers recognise sooner: 3600*1000

    @property
    def strength(self) -> int:  # type: ignore[override] # a product binds less tightly than a number
        """How tightly it binds."""
        return STRENGTH["*"] if self.written else ATOM

    @property
    def dim(self) -> Dimension:
        """Its unit."""
        return dimension(self.unit)

    def text(self, seat: Seat) -> str:
        """The number."""
        return self.written or general(self.number)

    def at(self, seat: Seat) -> Result:
        """The number."""
        return self.number

    def __mul__(self, other: Any) -> Any:
        return Binary("*", self, other) if isinstance(other, Expr) else self.number * other

    def __rmul__(self, other: Any) -> Any:
        return other * self.number

    def __truediv__(self, other: Any) -> Any:
        return Binary("/", self, other) if isinstance(other, Expr) else self.number / other

    def __rtruediv__(self, other: Any) -> Any:
        return other / self.number


MILLION = Constant(1_000_000, "tok/Mtok")
SECONDS_PER_HOUR = Constant(3_600, "s/h")
SECONDS_PER_DAY = Constant(86_400, "s/day")
HOURS_PER_MONTH = Constant(730, "h/month")
HOURS_PER_YEAR = Constant(8_760, "h/year")
MONTHS_PER_YEAR = Constant(12, "month/year")
WATT_PER_KILOWATT = Constant(1_000, "W/kW")
WATT_PER_MEGAWATT = Constant(1_000_000, "W/MW")
JOULE_PER_KILOWATT_HOUR = Constant(3_600_000, "J/kWh", "3600*1000")
KILOWATT_PER_MEGAWATT = Constant(1_000, "kW/MW")
MILLISECONDS_PER_SECOND = Constant(1_000, "ms/s")
MTOK_S_PER_TOK_H = Constant(0.0036, "Mtok*s/tok/h")  # 3,600 s/h over a million tok/Mtok
MTOK_S_PER_TOK_DAY = Constant(0.0864, "Mtok*s/tok/day")  # 86,400 s/day over a million tok/Mtok
SECONDS_IN_MONTH = Constant(2_628_000, "s", "730*3600")  # what flows within a month, as an amount
HOURS_IN_MONTH = Constant(730, "h")
MONTHS_IN_YEAR = Constant(12, "1/year")
