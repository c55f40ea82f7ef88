"""Areas as expressions: a whole line of cells, a part of it, or neighbouring lines together.

An area hands out single cells without computing the rest, and remembers where its values stand.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlmodel.calc.address import Area
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.dimension import Dimension, common
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Matrix, Result
from xlmodel.calc.values import NA, ExcelError, Value

if TYPE_CHECKING:
    from xlmodel.calc.cells import Line


class Span(Expr):
    """An area: cells first to last of some neighbouring lines; without first, the cells in the seat's place.

    >>> from xlmodel.calc.address import Ref
    >>> from xlmodel.calc.cells import Line
    >>> from xlmodel.units import COUNT
    >>> line = Line(COUNT, [3, 5, 8], 3, Ref("Data", 7, 2))
    >>> line.all.text(Seat("Data", 1, 1, 0)), line.all.text(Seat("Other", 1, 1, 0)), line.all.pick(Seat("", 1, 1, 0), 3)
    ('$B$7:$B$9', 'Data!$B$7:$B$9', (8,))
    """

    __slots__ = ("_memo", "_places", "_rising", "first", "form", "last", "lines")

    def __init__(
        self, lines: "Sequence[Line]", first: int | None = None, last: int | None = None, form: str = ""
    ) -> None:
        self.lines, self.first, self.last, self.form = tuple(lines), first, last, form
        self._memo: list[Matrix] = []
        self._places: dict[object, int] | None = None
        self._rising: tuple[list[float], list[int]] | None = None

    def formed(self, form: str) -> "Span":
        """The same area written in another form: absolute, row, col or relative."""
        return Span(self.lines, self.first, self.last, form)

    def forget(self) -> None:
        """Look at its cells anew when they are next asked for: their values changed."""
        self._memo, self._places, self._rising = [], None, None

    @property
    def relative(self) -> "Span":
        """Written with nothing fixed."""
        return self.formed("relative")

    @property
    def dim(self) -> Dimension | None:
        """What all its lines have in common."""
        return common("beside", *(line.dim for line in self.lines))

    def area(self, seat: Seat) -> Area:
        """The cells that it covers."""
        first, last = self._ends(seat)
        a, b = self.lines[0].ref(first), self.lines[-1].ref(last)
        return Area(a.sheet, a.row, a.col, b.row, b.col)

    def _ends(self, seat: Seat) -> tuple[int, int]:
        if self.first is None:
            return seat.i, seat.i
        return self.first, self.first if self.last is None else self.last

    def text(self, seat: Seat) -> str:
        """Both corners, fixed unless another form is asked."""
        first, last = self._ends(seat)
        a, b = self.lines[0].ref(first), self.lines[-1].ref(last)
        form = self.form or ("absolute" if self.first is not None else seat.form)
        return f"{a.on(seat.sheet, form)}:{b.on(a.sheet, form)}"

    def at(self, seat: Seat) -> Result:
        """All values, as rows of the sheet."""
        if self._memo:
            return self._memo[0]
        first, last = self._ends(seat)
        across = [[line.held(i) for i in range(first, last + 1)] for line in self.lines]
        if self.lines[0].down:
            found = Matrix([value for row in zip(*across, strict=True) for value in row], len(across))
        else:
            found = Matrix.of(across)
        if self.first is not None:
            self._memo.append(found)
        return found

    def pick(self, seat: Seat, row: int, col: int | None = None) -> tuple[Value] | None:
        """The value of one cell by row and column (from 1) as INDEX counts them; None where INDEX must see the whole area."""
        first, last = self._ends(seat)
        height, width = last - first + 1, len(self.lines)
        if not self.lines[0].down:
            height, width = width, height
        down, across = (row, col or 1) if col is not None or height > 1 else (1, row)
        if not (1 <= down <= height and 1 <= across <= width) or col == 0:
            return None
        line, i = (across, down) if self.lines[0].down else (down, across)
        return (self.lines[line - 1].held(first + i - 1),)

    def search(self, _seat: Seat, wanted: Value, kind: Value) -> Value:
        """The place of a value as MATCH finds it; None where MATCH must look itself."""
        if self.first is None or len(self.lines) > 1 or wanted is None:
            return None
        if kind == 1 and is_number(wanted):
            return self._last_up_to(float(wanted))
        if kind != 0:
            return None
        if self._places is None:
            self._places = {}
            for i in range(self.first, (self.first if self.last is None else self.last) + 1):
                value = self.lines[0].value(i)
                if value is not None and not isinstance(value, ExcelError):
                    self._places.setdefault(_alike(value), i - self.first + 1)
        place = self._places.get(_alike(wanted))
        return NA if place is None else float(place)

    def _last_up_to(self, wanted: float) -> Value:
        """The place of the last number that is not above a wanted one, among numbers in ascending order."""
        if self._rising is None:
            last = self.first if self.last is None else self.last
            held: dict[int, float] = {}
            for i in range(self.first or 0, (last or 0) + 1):
                value = self.lines[0].value(i)
                if is_number(value):
                    held[i - (self.first or 0) + 1] = float(value)
            self._rising = list(held.values()), list(held)
        numbers, places = self._rising
        below = bisect_right(numbers, wanted)
        return float(places[below - 1]) if below else NA

    def row_numbers(self, seat: Seat) -> Matrix:
        """The row number of each of its rows, for ROW."""
        area = self.area(seat)
        return Matrix([float(row) for row in range(area.row, area.last_row + 1)])

    def parts(self) -> tuple[Expr, ...]:
        """The lines."""
        return self.lines


def _alike(value: Value) -> object:
    """What equal values to Excel share."""
    if isinstance(value, str):
        return value.casefold()
    return float(value) if is_number(value) else (value,)
