"""Cells as expressions: single cells, lines of cells (columns or rows of a table) and the areas they span.

A line used within an expression means its cell in the same place, as a column does in a data frame. Every cell is
computed once; an area hands out single cells without computing the rest.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence

from xlmodel.calc.address import Area, Ref
from xlmodel.calc.arithmetic import Matrix, Result, is_number, scalar
from xlmodel.calc.dimension import Dimension, UnitError, dimension, show
from xlmodel.calc.expression import Expr, Seat, common
from xlmodel.calc.values import NA, ExcelError, Value
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

    def _computed(self, content: Expr) -> Value:
        place = self.place or Ref("", 0, 0)
        return shown(content.at(Seat(place.sheet, place.row, place.col, 0)))

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
        self._memo: dict[int, Value] = {}
        self._whole: Span | None = None

    def ref(self, i: int = 0) -> Ref:
        """Where its cell number i (from 0) stands."""
        if self.first is None:
            raise LookupError(f"{self.key or self.heading} stands on no sheet")
        return self.first.step(i, 0) if self.down else self.first.step(0, i)

    def seat(self, i: int) -> Seat:
        """Its cell number i as a place to write a formula in."""
        at = self.ref(i)
        return Seat(at.sheet, at.row, at.col, i, self.form)

    def content_at(self, i: int) -> Content:
        """What stands in cell number i."""
        return self.content[i] if isinstance(self.content, list | tuple) else self.content  # type: ignore[return-value]

    def value(self, i: int) -> Value:
        """The value of cell number i."""
        if i not in self._memo:
            if callable(self.stated):
                self.stated = self.stated()
            if self.stated is not None:
                self._memo[i] = self.stated[i]
            else:
                content = self.content_at(i)
                self._memo[i] = shown(content.at(self.seat(i))) if isinstance(content, Expr) else content
        return self._memo[i]

    @property
    def values(self) -> list[Value]:
        """All its values."""
        return [self.value(i) for i in range(self.count)]

    def held(self, i: int) -> Value:
        """The value of cell number i; nothing where the line has no such cell."""
        return self.value(i) if 0 <= i < self.count else None

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
        i = self._seat(seat)
        if isinstance(self.inner, Line):
            return self.inner.held(i)
        return self.inner.at(seat)

    def parts(self) -> tuple[Expr, ...]:
        """The cell or line."""
        return (self.inner,)

    def formed(self, form: str) -> "Written":
        """The same cell written in another form: absolute, row, col or relative."""
        return Written(self.inner, form, self.i, self.by)


class Span(Expr):
    """An area: cells first to last of some neighbouring lines; without first, the cells in the seat's place.

    >>> from xlmodel.units import COUNT
    >>> line = Line(COUNT, [3, 5, 8], 3, Ref("Data", 7, 2))
    >>> line.all.text(Seat("Data", 1, 1, 0)), line.all.text(Seat("Other", 1, 1, 0)), line.all.pick(Seat("", 1, 1, 0), 3)
    ('$B$7:$B$9', 'Data!$B$7:$B$9', (8,))
    """

    __slots__ = ("_memo", "_places", "_rising", "first", "form", "last", "lines")

    def __init__(
        self, lines: Sequence[Line], first: int | None = None, last: int | None = None, form: str = ""
    ) -> None:
        self.lines, self.first, self.last, self.form = tuple(lines), first, last, form
        self._memo: list[Matrix] = []
        self._places: dict[object, int] | None = None
        self._rising: tuple[list[float], list[int]] | None = None

    def formed(self, form: str) -> "Span":
        """The same area written in another form: absolute, row, col or relative."""
        return Span(self.lines, self.first, self.last, form)

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
        area = self.area(seat)
        form = self.form or ("absolute" if self.first is not None else seat.form)
        first, last = Ref(area.sheet, area.row, area.col), Ref(area.sheet, area.last_row, area.last_col)
        return f"{first.on(seat.sheet, form)}:{last.on(area.sheet, form)}"

    def at(self, seat: Seat) -> Result:
        """All values, as rows of the sheet."""
        if self._memo:
            return self._memo[0]
        first, last = self._ends(seat)
        across = [[line.held(i) for i in range(first, last + 1)] for line in self.lines]
        found = Matrix([list(row) for row in zip(*across, strict=True)] if self.lines[0].down else across)
        if self.first is not None:
            self._memo.append(found)
        return found

    def pick(self, seat: Seat, row: int, col: int | None = None) -> tuple[Value] | None:
        """The value of one cell by row and column (from 1) as INDEX counts them; None where INDEX must see the whole area."""
        area = self.area(seat)
        height, width = area.last_row - area.row + 1, area.last_col - area.col + 1
        down, across = (row, col or 1) if col is not None or height > 1 else (1, row)
        if not (1 <= down <= height and 1 <= across <= width) or col == 0:
            return None
        line, i = (across, down) if self.lines[0].down else (down, across)
        return (self.lines[line - 1].held(self._ends(seat)[0] + i - 1),)

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
        return Matrix([[float(row)] for row in range(area.row, area.last_row + 1)])

    def parts(self) -> tuple[Expr, ...]:
        """The lines."""
        return self.lines


def shown(result: Result) -> Value:
    """What a formula's cell holds: an empty cell that it leads to shows as 0, though ISNUMBER and & see that it is empty."""
    value = scalar(result)
    return 0.0 if value is None else value


def _alike(value: Value) -> object:
    """What equal values to Excel share."""
    if isinstance(value, str):
        return value.casefold()
    return float(value) if is_number(value) else (value,)


def across(*lines: Line) -> Span:
    """The cells in the same place of neighbouring lines, from the first to the last."""
    return Span(lines)
