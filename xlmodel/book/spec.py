"""What a book is made of, as plain descriptions; nothing here knows a spreadsheet library.

Every formula is described together with the value the Python model expects, so that a workbook
leaves with all its numbers, and every engine can be held against the model cell by cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from xlmodel.book.chart import Chart
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.expression import Expr
from xlmodel.calc.values import Value


class PlainCell(NamedTuple):
    """One cell: a constant, or a formula (without =) with the value it must give.

    A formula that calls a LAMBDA names the range it fills (`spill`): Excel stores it as a dynamic array. One that
    calls a function from Python names its edition (`python`): only Excel with its add-in can compute it.
    """

    value: Value
    style: str
    format: str = ""
    formula: str = ""
    spill: str = ""
    python: str = ""


class Run(NamedTuple):
    """The same formula filled down rows first..last (0-based within a column), as text of its first row."""

    first: int
    last: int
    formula: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a block: its values and, when calculated, its formulas."""

    values: Sequence[Value]
    style: str
    format: str = ""
    runs: Sequence[Run] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Equally long columns side by side, kept as columns so that 100,000 rows stay small.

    Attributes:
        digits: significant ones of its stored results; few keep the file small, but small differences of large numbers need all.
    """

    row: int
    col: int
    columns: Sequence[Column]
    digits: int = 10

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values)


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """A named Excel table over an area whose first row is the header.

    Attributes:
        spare: rows under the table that are read as well, for a reader to type into.
        own: rows (0-based) that a file of the user brought, in ascending order.
        free: columns that a reader edits without changing what was measured or quoted.
        kept: whether later versions read the rows back; what only repeats bundled data is not.
    """

    name: str
    area: Area
    headers: tuple[str, ...]
    spare: int = 0
    own: tuple[int, ...] = ()
    free: tuple[str, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Validation:
    """What may be typed into cells: a list, or a number between two bounds.

    `menu` is the key of a list that another sheet declares; `source` takes its place once all stand.
    """

    areas: tuple[str, ...]
    prompt_title: str
    prompt: str
    source: str = ""
    low: float | None = None
    high: float | None = None
    stop: bool = True
    menu: str = ""

    @property
    def refusal(self) -> str:
        """What Excel says to a wrong value."""
        if self.source or self.high is None:
            return f"Pick one of the list. {self.prompt}"[:224]
        high = f"{self.high:,.0f}" if float(self.high).is_integer() else f"{self.high:,.7g}"
        return f"A number from {self.low:,.7g} to {high}. {self.prompt}"[:224]


@dataclass(frozen=True, slots=True)
class Condition:
    """A look that a formula, as its first cell sees it, switches on over an area; an expression until all cells stand."""

    area: str
    formula: str | Expr
    look: str


@dataclass(frozen=True, slots=True)
class Link:
    """A click target on a cell: a place in the book, or an https address."""

    cell: str
    place: str = ""
    address: str = ""


@dataclass(slots=True)
class Sheet:
    """One sheet under construction; `kind` is presentation, inputs, workings or control.

    It prints fitted to the width of a page, or at `scale` percent where that is given.
    """

    name: str
    kind: str
    title: str
    subtitle: str = ""
    cells: dict[int, dict[int, PlainCell]] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    merges: list[str] = field(default_factory=list)
    tables: list[ExcelTable] = field(default_factory=list)
    validations: list[Validation] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    freeze: str = ""
    print_area: str = ""
    repeat_rows: str = ""
    repeat_columns: str = ""
    breaks: list[int] = field(default_factory=list)
    scale: int = 0
    portrait: bool = False
    one_page: bool = False
    open_columns: list[int] = field(default_factory=list)
    open_formats: dict[int, str] = field(default_factory=dict)
    inputs: dict[str, Ref] = field(default_factory=dict)
    outputs: dict[str, Ref | Area] = field(default_factory=dict)
    zoom: int = 100
    light: int = 1

    def put(self, row: int, col: int, value: Value, style: str = "Text", fmt: str = "") -> Ref:
        """Write a constant and return where it stands."""
        self.cells.setdefault(row, {})[col] = PlainCell(value, style, fmt)
        return Ref(self.name, row, col)

    def input(self, row: int, col: int, value: Value, key: str, style: str = "Input", fmt: str = "") -> Ref:
        """Write a cell that a reader may change, under a key that stays the same from build to build.

        The key says where the value belongs in the inputs: `scenario.model`, `ownership.capital/B200`.

        Raises:
            ValueError: the key is taken.
        """
        if key in self.inputs:
            raise ValueError(f"two inputs are called {key}")
        self.inputs[key] = self.put(row, col, value, style, fmt)
        return self.inputs[key]

    def change(self, row: int, col: int, cell: PlainCell) -> None:
        """Put another cell in a place; its row is then another one, and who holds the row before keeps it as it was."""
        if self.cells[row][col] != cell:
            self.cells[row] = {**self.cells[row], col: cell}

    def copy(self) -> "Sheet":
        """The sheet as it is now, whatever changes in this one; rows that stay are the same objects."""
        return replace(self, cells=dict(self.cells), blocks=list(self.blocks), heights=dict(self.heights))

    def area(self, row: int, col: int, last_row: int, last_col: int) -> Area:
        """A rectangle on this sheet."""
        return Area(self.name, row, col, last_row, last_col)


class NamedFunction(NamedTuple):
    """A LAMBDA with a name: its text as typed, what Excel says about it, and its arguments with their meaning."""

    name: str
    text: str
    comment: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets in order, the names, what the cover prints, and the Python files it carries.

    `areas` says where declared cells stand, by their key, such as ownership.life or fleet.gpus.
    """

    sheets: tuple[Sheet, ...]
    names: Mapping[str, Ref | Area]
    title: str
    subject: str
    build_date: str
    build_id: str
    functions: tuple[NamedFunction, ...] = ()
    models: tuple[str, ...] = ()
    left_out: int = 0
    knot_rows: int = 0
    edition: str = "native"
    code: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, Area] = field(default_factory=dict)
    opens_on: int = 1


def formula_cells(sheet: Sheet) -> Iterator[tuple[int, int, Value]]:
    """Row, column and value of every formula cell of a sheet that an engine can compute."""
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            if cell.formula and not cell.python:
                yield row, col, cell.value
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            for run in column.runs:
                for i in range(run.first, run.last + 1):
                    yield block.row + i, block.col + offset, column.values[i]


def formula_count(book: Book) -> int:
    """Number of formula cells of a book."""
    return sum(1 for sheet in book.sheets for _ in formula_cells(sheet))
