"""Blocks of cell values, and Excel's operators on them.

Most blocks are columns of numbers, or of texts, alone: those are worked out as a whole, and only what holds empty cells,
truth values or errors between them goes value by value.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any, TypeVar

from xlmodel.calc.arithmetic import COMPARE, RECKON, number, single
from xlmodel.calc.values import NA, ExcelError, Value

NUMERIC = frozenset((float, int))
FEW = 50  # values of which a block knows what came out
Found = TypeVar("Found")
COUNTING = frozenset((float, int, bool))  # what Python reckons with as an operator of Excel does


class Matrix:
    """A block of values.

    Attributes:
        values: all of them, row by row. width: how many stand in a row.
    """

    __slots__ = ("_folded", "_kinds", "_numbers", "_once", "values", "width")

    def __init__(self, values: list[Value], width: int = 1) -> None:
        self.values, self.width = values, width
        self._kinds: frozenset[type] | None = None
        self._folded: list[Value] | None = None
        self._numbers: Sequence[Any] | None = None
        self._once: dict[tuple[object, ...], Any] | None = None

    @classmethod
    def of(cls, rows: Sequence[Sequence[Value]]) -> "Matrix":
        """A block from its rows."""
        return cls([value for row in rows for value in row], len(rows[0]))

    @property
    def height(self) -> int:
        """How many rows it has."""
        return len(self.values) // self.width

    @property
    def rows(self) -> list[list[Value]]:
        """The values, a list for each row.

        >>> Matrix([1.0, 2.0, 3.0, 4.0], 2).rows
        [[1.0, 2.0], [3.0, 4.0]]
        """
        return [self.values[i : i + self.width] for i in range(0, len(self.values), self.width)]

    @property
    def kinds(self) -> frozenset[type]:
        """The types of its values."""
        if self._kinds is None:
            self._kinds = frozenset(map(type, self.values))
        return self._kinds

    @property
    def folded(self) -> list[Value]:
        """Its values, texts without regard to case."""
        if self._folded is None:
            self._folded = [v.casefold() if isinstance(v, str) else v for v in self.values]
        return self._folded

    @property
    def numbers(self) -> Sequence[Any]:
        """Its values as an operator reads numbers."""
        if self._numbers is None:
            plain = self.kinds <= COUNTING
            self._numbers = self.values if plain else [number(v) for v in self.values]
        return self._numbers

    def once(self, work: Callable[["Matrix", Any], Found], value: Value) -> Found:
        """What comes out of the block and a value; the formulas of a column ask for the same few again and again."""
        if self._once is None or len(self._once) > FEW:
            self._once = {}
        key = work, type(value), value  # 1 and TRUE are two values
        if key not in self._once:
            self._once[key] = work(self, value)
        found: Found = self._once[key]
        return found


Result = Value | Matrix


def scalar(value: Result) -> Value:
    """The one value of a result; of a block the upper left, which a formula here never relies on."""
    return value.values[0] if isinstance(value, Matrix) else value


def flat(value: Result) -> list[Value]:
    """All values of a result, row by row."""
    return value.values if isinstance(value, Matrix) else [value]


def operate(sign: str, a: Result, b: Result) -> Result:
    """An operator on two operands, value by value where one is a block.

    >>> operate("*", Matrix([1.0, None, 3.0]), 2.0).values, operate("=", Matrix(["a", 1.0]), "A").values
    ([2.0, 0.0, 6.0], [True, False])
    """
    if isinstance(a, Matrix):
        if sign in _COMPARING and not isinstance(b, Matrix):
            return a.once(_COMPARING[sign], b)
        shape = a
        alike = not isinstance(b, Matrix) or (a.width == b.width and len(a.values) == len(b.values))
    elif isinstance(b, Matrix):
        shape, alike = b, True
    else:
        return single(sign, a, b)
    found = (_compared if sign in COMPARE else _reckoned)(sign, a, b) if alike and sign != "&" else None
    return each(lambda x, y: single(sign, x, y), a, b) if found is None else Matrix(found, shape.width)


def _reckoned(sign: str, a: Result, b: Result) -> list[Value] | None:
    """One of + - * / ^ on whole blocks; None where a value is an error or becomes one."""
    x = a.numbers if isinstance(a, Matrix) else repeat(number(a))
    y = b.numbers if isinstance(b, Matrix) else repeat(number(b))
    try:  # an error value is no number, and ends here; a cell never shows -0
        found: list[Value] = list(map((0.0).__add__, map(RECKON[sign], x, y)))
    except (ArithmeticError, TypeError, ValueError):
        return None
    sound = math.isfinite(sum(found)) or all(map(math.isfinite, found))  # type: ignore[arg-type] # all are numbers
    return found if sound else None


def _compared(sign: str, a: Result, b: Result) -> list[Value] | None:
    """A comparison of whole blocks; None where kinds are mixed in a way that needs a look at each pair."""
    left, right = (v.kinds if isinstance(v, Matrix) else {type(v)} for v in (a, b))
    if left <= NUMERIC and right <= NUMERIC:
        return list(map(COMPARE[sign], _values(a), _values(b)))
    if left == right == {str}:
        return list(map(COMPARE[sign], _texts(a), _texts(b)))
    text, cells = (a, b) if isinstance(a, str) else (b, a)
    if isinstance(a, Matrix) and isinstance(b, float):
        holds = COMPARE[sign]
        return [holds(v, b) if type(v) is float else single(sign, v, b) for v in a.values]
    plain = isinstance(cells, Matrix) and ExcelError not in cells.kinds and sign in ("=", "<>")
    if plain and isinstance(text, str) and text:
        return list(map(COMPARE[sign], cells.folded, repeat(text.casefold())))  # type: ignore[union-attr]
    return None


def _comparing(sign: str) -> Callable[[Matrix, Value], Matrix]:
    def compare(block: Matrix, value: Value) -> Matrix:
        found = _compared(sign, block, value)
        return each(lambda x, y: single(sign, x, y), block, value) if found is None else Matrix(found, block.width)

    return compare


_COMPARING = {sign: _comparing(sign) for sign in COMPARE}


def _values(side: Result) -> Iterable[Value]:
    return side.values if isinstance(side, Matrix) else repeat(side)


def _texts(side: Result) -> Iterable[Value]:
    return side.folded if isinstance(side, Matrix) else repeat(str(side).casefold())


def each(function: Callable[[Value, Value], Value], a: Result, b: Result) -> Matrix:
    """Apply to every pair of values of two blocks; a single value, row or column is repeated, a gap is #N/A."""
    blocks = [block for block in (a, b) if isinstance(block, Matrix)]
    height, width = max(block.height for block in blocks), max(block.width for block in blocks)
    return Matrix(list(map(function, _spread(a, height, width), _spread(b, height, width))), width)


def _spread(block: Result, height: int, width: int) -> list[Value]:
    rows = block.rows if isinstance(block, Matrix) else [[block]]
    if len(rows[0]) < width:
        rows = [row * width if len(row) == 1 else [*row, *[NA] * (width - len(row))] for row in rows]
    gap: list[Value] = [NA] * width
    rows = rows * height if len(rows) == 1 else [*rows, *[gap] * (height - len(rows))]
    return [value for row in rows for value in row]
