"""Follows one formula through the values of its workbook and notes the cells that its result came from.

Not a calculation engine: it reads stored values, knows the functions that choose between cells (IF, INDEX,
MATCH ...) and a few that add up, and says `UNKNOWN` for the rest. What it cannot follow it still lists.

Every cell takes this one way, from the text that stands in the file: the graph of a build has no expression for a cell that
somebody changed, for own sheets and for books of other versions, and describing the book takes three times as long as the answer.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from xlmodel.book.refs import corners
from xlmodel.calc.matrix import Matrix
from xlmodel.calc.values import NA, REF, ExcelError, Value
from xlmodel.returned.explain import arrays
from xlmodel.returned.explain.arrays import UNKNOWN, Result, Unknown, equal, number, scalar
from xlmodel.returned.explain.long_references import NamedTable, of_table, whole_lines
from xlmodel.xlsx.formula_tree import Node, Operation, Reference, Scalar, Unreadable, parse, references

MAX_CELLS = 50_000  # of one range; a longer one is listed and not read
_REFERENCE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^\s'!]+))!)?(\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6}(?::\$?[A-Z]{1,3}\$?[1-9][0-9]{0,6})?"
    r"|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?[1-9][0-9]{0,6}:\$?[1-9][0-9]{0,6})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Range:
    """Cells of one sheet, from the first to the last row and column."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def count(self) -> int:
        """Number of cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass(slots=True)
class Precedent:
    """Cells that a formula read.

    Attributes:
        how: "value" for a cell of its own; "picked" for the one that INDEX took from a range; "searched" for a
            range in which MATCH looked; "range" for one used as a whole; "listed" for one that was not followed.
        hit: the cell picked or found.
        steers: it decided which cells to take and is no part of the number itself.
    """

    area: Range
    how: str
    hit: Range | None = None
    steers: bool = False


class StoredCells(Protocol):
    """What a trace needs of a workbook."""

    @property
    def names(self) -> dict[str, str]:
        """Defined names in lower case, and what they mean."""

    @property
    def tables(self) -> dict[str, NamedTable]:
        """Tables by their name in lower case."""

    def value(self, sheet: str, row: int, col: int) -> Value:
        """The stored value of a cell."""

    def sheet_name(self, text: str) -> str | None:
        """The sheet of that name, in any case."""


def area_of(text: str, sheet: str, cells: StoredCells, depth: int = 0) -> Range | None:
    """The cells a reference or defined name means; None when it is neither."""
    match = _REFERENCE.fullmatch(text)
    if match is None:
        if table := of_table(text, cells.tables):
            return Range(table[0], *table[1])
        target = cells.names.get(text.casefold())
        return area_of(target, sheet, cells, depth + 1) if target and depth < 5 else None
    quoted, bare, a1 = match.groups()
    written = quoted.replace("''", "'") if quoted else bare
    found = cells.sheet_name(written) if written else sheet
    if found is None:
        return None
    top, left, bottom, right = whole_lines(a1) or corners(a1.upper())
    return Range(found, min(top, bottom), min(left, right), max(top, bottom), max(left, right))


class Trace:
    """One formula of one cell, walked once; `reads` are in the order in which they were met."""

    def __init__(self, formula: str, cell: Range, cells: StoredCells) -> None:
        self.cell = cell
        self.cells = cells
        self.reads: list[Precedent] = []
        self.lost: list[str] = []  # references that lead to no cells of the file
        self._steering = 0
        self.result: Value | Unknown = UNKNOWN
        self._node: Node = Scalar(None)
        try:
            self._node = parse(formula)
            self.result = scalar(self.walk(self._node))
        except (Unreadable, RecursionError, OverflowError, ValueError, IndexError):
            self.reads = []
        if isinstance(self.result, Unknown):
            self.list_all()

    def walk(self, node: Node) -> Result:
        """The value of a part of the formula; the cells it came from are noted."""
        if isinstance(node, Scalar):
            return node.value
        if isinstance(node, Reference):
            return self._reference(node)
        if isinstance(node, Operation):
            return arrays.operate(node.sign, [self.walk(part) for part in node.operands])
        special: Callable[[tuple[Node, ...]], Result] | None = getattr(self, f"_do_{node.name.lower()}", None)
        if special:
            return special(node.arguments)
        return arrays.call(node.name, [self.walk(part) for part in node.arguments])

    def note(self, area: Range, how: str, hit: Range | None = None) -> None:
        """Remember that cells were read."""
        self.reads.append(Precedent(area, how, hit, self._steering > 0))

    def steer(self, node: Node) -> Result:
        """The value of a part that only decides where to go on."""
        self._steering += 1
        value = self.walk(node)
        self._steering -= 1
        return value

    def list_all(self) -> None:
        """Add the references that the walk did not reach."""
        known = {read.area for read in self.reads}
        for text in references(self._node):
            area = area_of(text, self.cell.sheet, self.cells)
            if area and area not in known:
                self.note(area, "value" if area.count == 1 else "listed")
            elif area is None and ("!" in text or "[" in text):  # a word alone may be an argument
                self.lost.append(text)

    def _area(self, node: Node) -> Range | None:
        return area_of(node.text, self.cell.sheet, self.cells) if isinstance(node, Reference) else None

    def _reference(self, node: Reference) -> Result:
        area = self._area(node)
        if area is None:
            return UNKNOWN
        self.note(area, "value" if area.count == 1 else "range")
        return self._values(area)

    def _values(self, area: Range) -> Result:
        if area.count == 1:
            return self.cells.value(area.sheet, area.top, area.left)
        if area.count > MAX_CELLS:
            raise Unreadable("a range too long to follow")
        return Matrix.of([
            [self.cells.value(area.sheet, row, col) for col in range(area.left, area.right + 1)]
            for row in range(area.top, area.bottom + 1)
        ])  # fmt: skip

    def _do_if(self, arguments: tuple[Node, ...]) -> Result:
        test = self.steer(arguments[0])
        if isinstance(test, Matrix):
            return UNKNOWN
        test = number(test)
        if isinstance(test, ExcelError | Unknown):
            return test
        branch = 1 if test else 2
        return self.walk(arguments[branch]) if branch < len(arguments) else False

    def _do_iferror(self, arguments: tuple[Node, ...]) -> Result:
        value = self.walk(arguments[0])
        return self.walk(arguments[1]) if isinstance(value, ExcelError) and len(arguments) > 1 else value

    def _do_ifna(self, arguments: tuple[Node, ...]) -> Result:
        value = self.walk(arguments[0])
        return self.walk(arguments[1]) if value == NA and len(arguments) > 1 else value

    def _do_row(self, arguments: tuple[Node, ...]) -> Result:
        area = self._area(arguments[0]) if arguments else self.cell
        if area is None or area.count > MAX_CELLS:
            return UNKNOWN
        rows = [[row] for row in range(area.top, area.bottom + 1)]
        return rows[0][0] if len(rows) == 1 else Matrix([float(row[0]) for row in rows])

    def _do_index(self, arguments: tuple[Node, ...]) -> Result:
        area = self._area(arguments[0])
        places = [number(scalar(self.steer(part))) for part in arguments[1:]]
        if area is None or not places or len(places) > 2:
            return UNKNOWN
        for place in places:
            if isinstance(place, ExcelError | Unknown):
                self.note(area, "listed")
                return place
        whole = [int(place) for place in places if isinstance(place, int | float)]
        if len(whole) == 1:
            whole = [1, whole[0]] if area.top == area.bottom else [whole[0], 1]
        height, width = area.bottom - area.top + 1, area.right - area.left + 1
        row, col = whole
        if not (0 <= row <= height and 0 <= col <= width):
            return REF
        hit = Range(
            area.sheet,
            area.top + row - 1 if row else area.top,
            area.left + col - 1 if col else area.left,
            area.top + row - 1 if row else area.bottom,
            area.left + col - 1 if col else area.right,
        )
        self.note(area if area.count > 1 else hit, "picked", hit)
        return self._values(hit)

    def _do_match(self, arguments: tuple[Node, ...]) -> Result:
        wanted = scalar(self.walk(arguments[0]))
        area = self._area(arguments[1])
        order = number(scalar(self.walk(arguments[2]))) if len(arguments) > 2 else 1.0
        if area is None or isinstance(wanted, Unknown) or order not in (0, 1):
            return UNKNOWN
        if isinstance(wanted, ExcelError):
            return wanted
        place = _place(wanted, self._values(area), exact=order == 0)
        across = area.top == area.bottom
        hit = Range(
            area.sheet,
            area.top if across else area.top + place - 1,
            area.left + place - 1 if across else area.left,
            area.top if across else area.top + place - 1,
            area.left + place - 1 if across else area.left,
        )
        self.note(area, "searched", hit if place else None)
        return place or NA


def _place(wanted: Value, values: Result, *, exact: bool) -> int:
    """Where MATCH finds a value: the first equal one, or the last one in order that is not above it; 0 for nowhere."""
    row = values.values if isinstance(values, Matrix) else [scalar(values)]
    known = [(i, value) for i, value in enumerate(row, 1) if not isinstance(value, Unknown)]
    if exact:
        return next((i for i, value in known if equal(value, wanted)), 0)
    return max((i for i, value in known if arrays.at_most(value, wanted)), default=0)
