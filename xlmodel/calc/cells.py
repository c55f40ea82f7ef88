"""Cells as expressions: single cells, and lines of cells, which are the columns or rows of a table.

A line used within an expression means its cell in the same place, as a column does in a data frame. Every cell is
computed once.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from xlmodel.calc.address import Area, Ref
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Result, scalar
from xlmodel.calc.place import Content, Place, Written
from xlmodel.calc.span import Span
from xlmodel.calc.values import Value
from xlmodel.units import Unit

UNKNOWN: Any = object()  # the value of a cell that was not computed yet


class Cell(Place):
    """One cell: a constant, an input, or a formula.

    Attributes:
        stated: the value of a formula that an algorithm states a second time.
    """

    __slots__ = ("_memo", "content", "heading", "key", "place", "stated", "unit")

    def __init__(
        self, unit: Unit, content: Content = None, place: Ref | None = None, *, key: str = "", heading: str = "",
        stated: Value | Callable[[], Value] = None,
    ) -> None:  # fmt: skip
        self.unit, self.content, self.place, self.key, self.heading = unit, content, place, key, heading
        self.stated = stated
        self._memo: list[Value] = []

    def ref(self, i: int = 0) -> Ref:
        """Where it stands."""
        if self.place is None:
            raise LookupError(f"{self.key or self.heading} stands on no sheet")
        return self.place

    def text(self, seat: Seat) -> str:
        """Its address, fixed: there is only one."""
        return self.ref().on(seat.sheet)

    @property
    def value(self) -> Value:
        """What it holds or computes."""
        if not self._memo:
            stated = self.stated() if callable(self.stated) else self.stated
            if isinstance(self.content, Expr):
                self._memo.append(self._computed(self.content) if stated is None else stated)
            else:
                self._memo.append(self.content if stated is None else stated)
        return self._memo[0]

    def forget(self, _cells: Iterable[int] = ()) -> None:
        """Compute it anew when it is next asked for."""
        self._memo = []

    def kept(self, _i: int) -> Any:
        """What is kept of it; UNKNOWN where nobody asked for it."""
        return self._memo[0] if self._memo else UNKNOWN

    def _computed(self, content: Expr) -> Value:
        place = self.place or Ref("", 0, 0)
        return shown(content.at(Seat(place.sheet, place.row, place.col, 0)))

    def held(self, i: int) -> Value:
        """Its value: there is only one."""
        return self.value

    def at(self, seat: Seat) -> Result:
        """Its value, from wherever it is read."""
        return self.value


class Line(Place):
    """Cells in a column, or in a row, of a table.

    Attributes:
        content: one expression for all cells, or what stands in each.
        stated: the values of formulas that an algorithm states a second time.
        first: where its first cell stands; `down` is false for a row.
        form: how its formulas write references to the same place (see Seat).
    """

    __slots__ = ("_memo", "_whole", "content", "count", "down", "first", "form", "heading", "key", "stated", "unit")

    def __init__(
        self, unit: Unit, content: "Content | Sequence[Content]", count: int, first: Ref | None = None, *, key: str = "",
        heading: str = "", down: bool = True, form: str = "absolute", stated: Sequence[Value] | Callable[[], Sequence[Value]] | None = None,
    ) -> None:  # fmt: skip
        self.unit, self.content, self.count, self.first, self.key, self.heading = (
            unit,
            content,
            count,
            first,
            key,
            heading,
        )
        self.down, self.form, self.stated = down, form, stated
        self._memo: list[Any] = []  # as long as the line, which may still grow, once a value is asked for
        self._whole: Span | None = None

    def ref(self, i: int = 0) -> Ref:
        """Where its cell number i (from 0) stands."""
        if self.first is None:
            raise LookupError(f"{self.key or self.heading} stands on no sheet")
        sheet, row, col = self.first
        return Ref(sheet, row + i, col) if self.down else Ref(sheet, row, col + i)

    def seat(self, i: int) -> Seat:
        """Its cell number i as a place to write a formula in."""
        first = self.first or self.ref()  # which says that it stands on no sheet
        return (
            Seat(first.sheet, first.row + i, first.col, i, self.form)
            if self.down
            else Seat(first.sheet, first.row, first.col + i, i, self.form)
        )

    def content_at(self, i: int) -> Content:
        """What stands in cell number i."""
        return self.content[i] if isinstance(self.content, list | tuple) else self.content  # type: ignore[return-value]

    def value(self, i: int) -> Value:
        """The value of cell number i."""
        if i >= len(self._memo):
            self._memo += [UNKNOWN] * (max(self.count, i + 1) - len(self._memo))
        found = self._memo[i]
        if found is UNKNOWN:
            if callable(self.stated):
                self.stated = self.stated()
            if self.stated is not None:
                found = self.stated[i]
            else:
                content = self.content_at(i)
                found = shown(content.at(self.seat(i))) if isinstance(content, Expr) else content
            self._memo[i] = found
        return found

    def forget(self, cells: Iterable[int]) -> None:
        """Compute the values of these cells anew when they are next asked for."""
        for i in cells:
            if i < len(self._memo):
                self._memo[i] = UNKNOWN

    def kept(self, i: int) -> Any:
        """What is kept of cell number i; UNKNOWN where nobody asked for it."""
        return self._memo[i] if i < len(self._memo) else UNKNOWN

    @property
    def values(self) -> list[Value]:
        """All its values."""
        return [self.value(i) for i in range(self.count)]

    def before(self, i: int) -> list[Value]:
        """The values above cell number i."""
        known = self._memo[:i]
        return known if len(known) == i and UNKNOWN not in known else [self.value(k) for k in range(i)]

    def held(self, i: int) -> Value:
        """The value of cell number i; nothing where the line has no such cell."""
        if 0 <= i < self.count:
            found = self._memo[i] if i < len(self._memo) else UNKNOWN
            return self.value(i) if found is UNKNOWN else found
        return None

    def at(self, seat: Seat) -> Result:
        """The value in the seat's place."""
        return self.held(seat.i)

    @property
    def area(self) -> Area:
        """All its cells."""
        a, b = self.ref(), self.ref(self.count - 1)
        return Area(a.sheet, a.row, a.col, b.row, b.col)

    @property
    def all(self) -> "Span":
        """The whole line as an area."""
        if self._whole is None:  # one area for all, since it remembers where its values stand
            self._whole = Span((self,), 0, self.count - 1)
        return self._whole

    def rows(self, first: int, last: int) -> "Span":
        """A part of the line as an area, by the numbers of its first and last cell."""
        return Span((self,), first, last)

    def part(self, first: int, count: int) -> "Line":
        """Some of its cells as a line of their own."""
        cells = [self.cell(first + i) for i in range(count)]
        return Line(self.unit, cells, count, self.ref(first), heading=self.heading, down=self.down)

    def beyond(self, count: int) -> "Span":
        """That many cells behind its last one, where nothing should stand."""
        after = Line(self.unit, None, count, self.ref(self.count), down=self.down)
        return after.all

    def cell(self, i: int) -> "Written":
        """One fixed cell of the line."""
        return Written(self, "absolute", i)

    def shift(self, by: int) -> "Written":
        """The cell that many places further on, as the line above or below."""
        return Written(self, "", by=by)


def shown(result: Result) -> Value:
    """What a formula's cell holds: an empty cell that it leads to shows as 0, though ISNUMBER and & see that it is empty."""
    value = scalar(result)
    return 0.0 if value is None else value


def across(*lines: Line) -> Span:
    """The cells in the same place of neighbouring lines, from the first to the last."""
    return Span(lines)
