"""The graph of a book: every cell by a key and by its place, from which texts, values and units are read.

Sheets declare cells and tables; nothing is printed before all of them stand, so that they may refer to one another in
any order.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from xlmodel.book.recalculation import Recalculation
from xlmodel.book.refs import corners
from xlmodel.book.spec import Block, Sheet
from xlmodel.book.written import Look, refilled, rewrite, write
from xlmodel.calc.address import Area
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.dimension import Dimension, UnitError
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Result
from xlmodel.calc.place import Content, Place
from xlmodel.calc.span import Span
from xlmodel.calc.values import Value

Found = TypeVar("Found", bound=Expr)
DEEPEST = 20_000  # cells that may hang on one another in a chain, such as running maxima


class Known(Expr):
    """Cells known by a key, found when they are first used: a sheet may refer to one that is described later."""

    __slots__ = ("_found", "_resolve")

    def __init__(self, resolve: Callable[[], Any]) -> None:
        self._resolve = resolve
        self._found: Any = None

    @property
    def found(self) -> Any:
        """The cells themselves.

        Raises:
            LookupError: no sheet declares them.
        """
        if self._found is None:
            self._found = self._resolve()
        return self._found

    def __getattr__(self, name: str) -> Any:
        """`all`, `absolute` and the like, found later as well."""
        if name.startswith("_"):
            raise AttributeError(name)
        return Known(lambda: getattr(self.found, name))

    def __call__(self, *arguments: Any) -> "Known":
        """`cell(3)`, `shift(-1)` and the like, found later as well."""
        return Known(lambda: self.found(*arguments))

    @property
    def dim(self) -> Dimension | None:
        """That of the cells."""
        return self.found.dim

    def text(self, seat: Seat) -> str:
        """That of the cells."""
        return self.found.text(seat)

    def at(self, seat: Seat) -> Result:
        """That of the cells."""
        return self.found.at(seat)

    def parts(self) -> tuple[Expr, ...]:
        """The cells."""
        return (self.found,)

    def pick(self, seat: Seat, *places: int) -> tuple[Value] | None:
        """See `Span.pick`."""
        return self.found.pick(seat, *places) if isinstance(self.found, Span) else None

    def search(self, seat: Seat, wanted: Value, kind: Value) -> Value:
        """See `Span.search`."""
        return self.found.search(seat, wanted, kind) if isinstance(self.found, Span) else None

    def row_numbers(self, seat: Seat) -> Result:
        """See `Span.row_numbers`."""
        return self.found.row_numbers(seat)


class Graph:
    """All cells of a book by key; where only its form is asked, formulas are written without their values.

    A book described `again`, to hold another against it, was held against its units when it was built.
    """

    def __init__(self, *, valued: bool = True, again: bool = False) -> None:
        self.valued, self.again = valued, again
        self.nodes: dict[str, Expr] = {}
        self._printed: list[tuple[Sheet, Place, Look, Look]] = []
        self._long: list[tuple[Sheet, int, list[Line], range]] = []
        self._later: list[Callable[[], None]] = []
        self._always: list[Callable[[], None]] = []
        self.tables: dict[str, Any] = {}

    def add(self, key: str, node: Found) -> Found:
        """Know cells, or an area, under a key, such as prices.in_use."""
        self.nodes[key] = node
        if isinstance(node, Place):
            node.key = key
        return node

    def __getitem__(self, key: str) -> Any:
        """The cells of a key, declared already or later."""
        return Known(lambda: self.find(key))

    def find(self, key: str) -> Any:
        """The cells of a key that must be declared by now.

        Raises:
            LookupError: no sheet declares it.
        """
        if key not in self.nodes:
            raise LookupError(f"no sheet declares {key}")
        return self.nodes[key]

    def span(self, keys: Sequence[str], first: int | None = None, last: int | None = None, form: str = "") -> "Known":
        """Neighbouring lines of these keys as one area, declared already or later; see `Span`."""
        return Known(lambda: Span([self.find(key) for key in keys], first, last, form))

    def area(self, node: Line | str) -> Area:
        """Where a line stands, for charts, names and menus."""
        line = self.find(node) if isinstance(node, str) else node
        assert isinstance(line, Line)
        return line.area

    def areas(self) -> dict[str, Area]:
        """Where all cells stand, by key."""
        return {key: node.area for key, node in self.nodes.items() if isinstance(node, Place)}

    def _rules(self, sheet: Sheet) -> None:
        """Menus by key become areas, conditions become texts."""
        for i, condition in enumerate(sheet.conditions):
            if isinstance(condition.formula, Expr):
                row, col, _, _ = corners(condition.area)
                text = condition.formula.text(Seat(sheet.name, row, col, 0, "relative"))
                sheet.conditions[i] = replace(condition, formula=text)
        for i, rule in enumerate(sheet.validations):
            if rule.menu:
                sheet.validations[i] = replace(rule, source=self.area(rule.menu).on(sheet.name), menu="")

    def printed(self, sheet: Sheet, node: Place, style: Look, fmt: Look) -> None:
        """Cells that go onto a sheet once all cells of the book stand; those of a line without a style stay away."""
        self._printed.append((sheet, node, style, fmt))

    def block(self, sheet: Sheet, lines: list[Line], cells: range, block: Block) -> None:
        """Put lines onto a sheet as a block: these of their cells, by number."""
        self._long.append((sheet, len(sheet.blocks), lines, cells))
        sheet.blocks.append(block)

    def all(self) -> list[Cell | Line]:
        """All cells that are known, those to be printed first."""
        long = [line for table in self.tables.values() if table.long for line in table.lines.values()]
        known = (*(node for _, node, _, _ in self._printed), *long, *self.nodes.values())
        return list({id(node): node for node in known if isinstance(node, Cell | Line)}.values())

    def later(self, step: Callable[[], None], *, always: bool = False) -> None:
        """Do something once all cells of the book stand, such as writing a long table.

        With `always` also whenever values changed, such as giving rows the height that a computed text needs.
        """
        (self._always if always else self._later).append(step)

    def _hold_units(self) -> None:
        places = {id(node): node for node in self.nodes.values() if isinstance(node, Place)}
        places |= {id(node): node for _, node, _, _ in self._printed}
        problems = [problem for node in places.values() for problem in _wrong(node)]
        if problems:
            raise UnitError("\n".join(dict.fromkeys(problems)))

    def finish(self) -> None:
        """Hold every unit against its declaration, then write texts and values onto the sheets.

        Raises:
            UnitError: formulas give another unit than their cells declare; all of them at once.
        """
        if self.valued and not self.again:
            self._hold_units()
        with _deep():
            for step in (*self._later, *self._always):
                step()
            for sheet, node, style, fmt in self._printed:
                write(sheet, node, style, fmt, valued=self.valued)
            for sheet in {id(sheet): sheet for sheet, *_ in self._printed}.values():
                self._rules(sheet)

    def renew(self, book: Recalculation, changed: Iterable[Cell | Line]) -> None:
        """Compute what hangs on some cells whose content is another now, and write other values onto the sheets.

        Raises:
            Spilled: the result of a call fills other cells than before.
        """
        with _deep():
            differ = book.after(changed)
            for sheet, node, style, fmt in self._printed:
                if id(node) in differ or callable(style) or callable(fmt):
                    rewrite(sheet, node, style, fmt)
            for sheet, number, lines, cells in self._long:
                if any(id(line) in differ for line in lines):
                    sheet.blocks[number] = refilled(sheet.blocks[number], lines, cells)
            for step in self._always:
                step()


@contextmanager
def _deep() -> Iterator[None]:
    """Chains of cells may be longer than Python's own limit of calls within calls."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _contents(node: Place) -> list[Content]:
    if isinstance(node, Line) and isinstance(node.content, list | tuple):
        return list(node.content[: node.count])
    held = isinstance(node, Cell) or (isinstance(node, Line) and node.count > 0)
    return [node.content] if held else []  # type: ignore[attr-defined]


def _wrong(node: Place) -> Iterator[str]:
    """What is wrong with the units of some cells, once for formulas alike."""
    for content in dict.fromkeys(c for c in _contents(node) if isinstance(c, Expr)):
        try:
            node.check(f"{node.ref().sheet}, {node.heading or node.key}", content)
        except UnitError as error:
            yield str(error)
