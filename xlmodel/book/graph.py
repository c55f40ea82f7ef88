"""The graph of a book: every cell by a key and by its place, from which texts, values and units are read.

Sheets declare cells and tables; nothing is printed before all of them stand, so that they may refer to one another in
any order.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from xlmodel.book.spec import Cell as PlainCell
from xlmodel.book.spec import Column, Run, Sheet
from xlmodel.calc.arithmetic import Result
from xlmodel.calc.cells import Cell, Content, Line, Place, Span
from xlmodel.calc.dimension import Dimension, UnitError
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.values import Value

Found = TypeVar("Found", bound=Place)
DEEPEST = 20_000  # cells that may hang on one another in a chain, such as running maxima


class Forward(Expr):
    """A reference to cells that a sheet described later declares under a key; it is resolved when it is first used."""

    __slots__ = ("resolve",)

    def __init__(self, resolve: Callable[[], Any]) -> None:
        self.resolve = resolve

    def __getattr__(self, name: str) -> Any:
        """`all`, `absolute` and the like, resolved later as well."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Forward(lambda: getattr(self.resolve(), name))

    def __call__(self, *arguments: Any) -> "Forward":
        """`cell(3)`, `shift(-1)` and the like, resolved later as well."""
        return Forward(lambda: self.resolve()(*arguments))

    @property
    def dim(self) -> Dimension | None:
        """That of the cells."""
        found: Dimension | None = self.resolve().dim
        return found

    def text(self, seat: Seat) -> str:
        """That of the cells."""
        return str(self.resolve().text(seat))

    def at(self, seat: Seat) -> Result:
        """That of the cells."""
        found: Result = self.resolve().at(seat)
        return found

    def parts(self) -> tuple[Expr, ...]:
        """The cells."""
        return (self.resolve(),)

    def pick(self, seat: Seat, *places: int) -> tuple[Value] | None:
        """See `Span.pick`."""
        found = self.resolve()
        return found.pick(seat, *places) if isinstance(found, Span) else None

    def search(self, seat: Seat, wanted: Value, kind: Value) -> Value:
        """See `Span.search`."""
        found = self.resolve()
        return found.search(seat, wanted, kind) if isinstance(found, Span) else None

    def row_numbers(self, seat: Seat) -> Result:
        """See `Span.row_numbers`."""
        rows: Result = self.resolve().row_numbers(seat)
        return rows


class Graph:
    """All cells of a book by key."""

    def __init__(self) -> None:
        self.nodes: dict[str, Place] = {}
        self._printed: list[tuple[Sheet, Place, str, str]] = []
        self._later: list[Callable[[], None]] = []

    def add(self, key: str, node: Found) -> Found:
        """Know cells under a key, such as prices.in_use."""
        self.nodes[key] = node
        node.key = key
        return node

    def __getitem__(self, key: str) -> Any:
        """The cells of a key, declared already or later."""
        return self.nodes[key] if key in self.nodes else Forward(lambda: self.find(key))

    def find(self, key: str) -> Place:
        """The cells of a key that must be declared by now.

        Raises:
            LookupError: no sheet declares it.
        """
        if key not in self.nodes:
            raise LookupError(f"no sheet declares {key}")
        return self.nodes[key]

    def printed(self, sheet: Sheet, node: Place, style: str, fmt: str) -> None:
        """Cells that go onto a sheet once all cells of the book stand."""
        self._printed.append((sheet, node, style, fmt))

    def later(self, step: Callable[[], None]) -> None:
        """Do something once all cells of the book stand, such as naming a list that a later sheet declares."""
        self._later.append(step)

    def finish(self) -> None:
        """Hold every unit against its declaration, then write texts and values onto the sheets.

        Raises:
            UnitError: formulas give another unit than their cells declare; all of them at once.
        """
        for step in self._later:
            step()
        self._later.clear()
        problems = [problem for sheet, node, _, _ in self._printed for problem in _wrong(sheet, node)]
        if problems:
            raise UnitError("\n".join(dict.fromkeys(problems)))
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, DEEPEST))
        try:
            for sheet, node, style, fmt in self._printed:
                _write(sheet, node, style, fmt)
        finally:
            sys.setrecursionlimit(limit)
        self._printed.clear()


def _contents(node: Place) -> list[Content]:
    if isinstance(node, Line):
        return [node.content_at(i) for i in range(node.count)]
    return [node.content] if isinstance(node, Cell) else []


def _wrong(sheet: Sheet, node: Place) -> Iterator[str]:
    """What is wrong with the units of some cells, once for formulas alike."""
    for content in dict.fromkeys(c for c in _contents(node) if isinstance(c, Expr)):
        try:
            node.check(f"{sheet.name}, {node.heading or node.key}", content)
        except UnitError as error:
            yield str(error)


def _write(sheet: Sheet, node: Place, style: str, fmt: str) -> None:
    cells = [(node.ref(), node.content, node.value)] if isinstance(node, Cell) else []
    if isinstance(node, Line):
        cells = [(node.ref(i), node.content_at(i), node.value(i)) for i in range(node.count)]
    for i, (ref, content, value) in enumerate(cells):
        row = sheet.cells.setdefault(ref.row, {})
        if isinstance(content, Expr):
            seat = node.seat(i) if isinstance(node, Line) else Seat(ref.sheet, ref.row, ref.col, 0)
            row[ref.col] = PlainCell(value, style, fmt, content.text(seat))
        else:
            row[ref.col] = PlainCell(value, style, fmt)


def filled(line: Line, style: str, fmt: str) -> Column:
    """A long line as a column of a block: one text for each stretch of cells with the same formula."""
    runs: list[Run] = []
    start = 0
    for i in range(1, line.count + 1):
        if i == line.count or line.content_at(i) is not line.content_at(start):
            content = line.content_at(start)
            if isinstance(content, Expr):
                runs.append(Run(start, i - 1, content.text(line.seat(start))))
            start = i
    return Column(line.values, style, fmt, runs)
