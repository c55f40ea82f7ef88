"""Expressions: something with an Excel text and a value in every row, a dimension, and what it reads.

Business functions are plain Python. Called with numbers or numpy arrays they give numbers or arrays; called with
cells or columns they give an expression, since the operators and the functions of `xlmodel.calc.functions` build one as
soon as one ingredient is an expression.

>>> price, rate = Literal(2.65), Literal(6000.0)
>>> def cost(price, throughput): return price * 1_000_000 / (3600 * throughput)
>>> round(cost(2.65, 6000.0), 6), cost(price, rate).text(NOWHERE)
(0.122685, '2.65*1000000/(3600*6000)')
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from xlmodel.calc.arithmetic import ON_FLOATS, general
from xlmodel.calc.dimension import NUMBER, WORDS, Dimension, UnitError, common, power, product, show
from xlmodel.calc.matrix import Matrix, Result, operate
from xlmodel.calc.values import ExcelError, Value

STRENGTH = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
ATOM = 9


class Seat(NamedTuple):
    """The cell in which an expression stands.

    Attributes:
        sheet, row, col: where it is. i: its place in its column (0-based), which picks the cells of other columns.
        form: how references to cells of the same row are written: absolute, col, row or relative.
    """

    sheet: str
    row: int
    col: int
    i: int
    form: str = "absolute"


NOWHERE = Seat("", 0, 0, 0)


def _before(sign: str) -> Callable[["Expr", Any], Any]:
    """The operator with the expression on its left."""
    return lambda self, other: Binary(sign, self, lift(other))


def _behind(sign: str) -> Callable[["Expr", Any], Any]:
    """The operator with the expression on its right."""
    return lambda self, other: Binary(sign, lift(other), self)


class Expr:
    """An expression; operators on it build larger ones."""

    __slots__ = ()
    __array_ufunc__ = None  # numpy leaves the operators to this class
    strength = ATOM

    @property
    def dim(self) -> Dimension | None:
        """What it is counted in; None for what goes with anything, such as 0, "" and #N/A.

        Raises:
            UnitError: its parts do not go together.
        """
        raise NotImplementedError

    def text(self, seat: Seat) -> str:
        """The Excel text as the seat's cell writes it, without =."""
        raise NotImplementedError

    def at(self, seat: Seat) -> Result:
        """The value in the seat's cell."""
        raise NotImplementedError

    def parts(self) -> tuple["Expr", ...]:
        """The expressions that it is made of; cells have none."""
        return ()

    def walk(self) -> Iterator["Expr"]:
        """The expression and all parts below it."""
        yield self
        for part in self.parts():
            yield from part.walk()

    def inside(self, seat: Seat, strength: int) -> str:
        """The text as an operand of an operator: in brackets where it binds less tightly."""
        text = self.text(seat)
        return f"({text})" if self.strength < strength else text

    __add__, __radd__ = _before("+"), _behind("+")
    __sub__, __rsub__ = _before("-"), _behind("-")
    __mul__, __rmul__ = _before("*"), _behind("*")
    __truediv__, __rtruediv__ = _before("/"), _behind("/")
    __pow__, __rpow__ = _before("^"), _behind("^")
    __and__, __rand__ = _before("&"), _behind("&")
    __lt__, __le__, __gt__, __ge__ = _before("<"), _before("<="), _before(">"), _before(">=")

    def __neg__(self) -> "Expr":
        return Negative(self)

    def eq(self, other: Any) -> "Expr":
        """`self = other`; not spelt == so that expressions stay usable as keys."""
        return Binary("=", self, lift(other))

    def ne(self, other: Any) -> "Expr":
        """`self <> other`."""
        return Binary("<>", self, lift(other))

    def __bool__(self) -> bool:
        raise TypeError("an expression has no truth value in Python; use IF, AND and OR of xlmodel.calc.functions")


def lift(value: Any) -> Expr:
    """An expression as it is; anything else as a literal."""
    return value if isinstance(value, Expr) else Literal(value)


class Literal(Expr):
    """A number, text, truth value or error written into the formula.

    A plain number counts nothing: it goes with any unit beside + and -, and leaves the unit as it is beside * and /.
    """

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @property
    def strength(self) -> int:  # type: ignore[override] # a negative number is an operation in Excel
        """How tightly it binds."""
        return 6 if isinstance(self.value, float) and self.value < 0 else ATOM

    @property
    def dim(self) -> Dimension | None:
        """None, but for words."""
        return WORDS if isinstance(self.value, str) and self.value else None

    def text(self, seat: Seat) -> str:
        """As Excel writes it."""
        value = self.value
        if isinstance(value, str):
            return '"' + value.replace('"', '""') + '"'
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, ExcelError):
            return "NA()" if value.code == "#N/A" else value.code
        return "" if value is None else _written(value)

    def at(self, seat: Seat) -> Result:
        """The value."""
        return self.value


def _written(number: float) -> str:
    """A number in a formula: a small one without an exponent, as people read it."""
    text = general(number)
    return f"{Decimal(text):f}" if "E-" in text else text


class Binary(Expr):
    """Two expressions and an operator between them."""

    __slots__ = ("_last", "_on_floats", "left", "right", "sign", "strength")

    def __init__(self, sign: str, left: Expr, right: Expr) -> None:
        self.sign, self.left, self.right, self._on_floats = sign, left, right, ON_FLOATS[sign]
        self.strength = STRENGTH[sign]
        self._last: tuple[Seat | None, Result] = None, None

    @property
    def dim(self) -> Dimension | None:
        """By the rules of the operator."""
        a, b = self.left.dim, self.right.dim
        if self.sign == "&":
            return WORDS
        if self.sign in "+-" or self.strength == 1:
            joined = common(self.sign, a, b)
            return joined if self.sign in "+-" else NUMBER
        if WORDS in (a, b):
            raise UnitError(f"words {self.sign} a number")
        if self.sign == "^":
            return self._raised(a, b)
        return product(a or NUMBER, b or NUMBER, 1 if self.sign == "*" else -1)

    def _raised(self, a: Dimension | None, b: Dimension | None) -> Dimension:
        exponent = self.right.value if isinstance(self.right, Literal) else None
        if b:
            raise UnitError(f"an exponent in {show(b)}")
        if a and not (isinstance(exponent, float) and exponent.is_integer()):
            raise UnitError(f"{show(a)} to a power that is no whole number")
        return power(a, int(exponent)) if a and isinstance(exponent, float) else NUMBER

    def text(self, seat: Seat) -> str:
        """Both sides with the fewest brackets."""
        own = self.strength
        tight = self.sign in "-/^" or own == 1
        return self.left.inside(seat, own) + self.sign + self.right.inside(seat, own + tight)

    def at(self, seat: Seat) -> Result:
        """The operator on both values; once in a cell, however often its formula says it."""
        last, found = self._last
        if last is not seat:
            a, b = self.left.at(seat), self.right.at(seat)
            floats = type(a) is float and type(b) is float  # nearly always, so without asking further
            found = self._on_floats(a, b) if floats else operate(self.sign, a, b)  # type: ignore[arg-type]
            if not isinstance(found, Matrix):  # a long block is not kept
                self._last = seat, found
        return found

    def parts(self) -> tuple[Expr, ...]:
        """Both sides."""
        return self.left, self.right


class Negative(Expr):
    """The negative of an expression."""

    __slots__ = ("inner",)
    strength = 6

    def __init__(self, inner: Expr) -> None:
        self.inner = inner

    @property
    def dim(self) -> Dimension | None:
        """As it is."""
        return self.inner.dim

    def text(self, seat: Seat) -> str:
        """With its sign."""
        return "-" + self.inner.inside(seat, 6)

    def at(self, seat: Seat) -> Result:
        """With its sign."""
        return operate("*", -1.0, self.inner.at(seat))

    def parts(self) -> tuple[Expr, ...]:
        """What is negated."""
        return (self.inner,)
