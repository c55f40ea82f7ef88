"""The contract: where a book keeps what its readers may change, so that later versions find it again.

It travels inside the workbook (`xlmodel.xlsx.contract_part`). A place is held together with a mark of the words
around it: when rows were inserted by hand, the mark tells, and nothing is read from the wrong cell.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from xlmodel.book.built_text import Packed
from xlmodel.book.free import checksum, plain
from xlmodel.book.spec import ExcelTable, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value

CHUNKS = 96  # seals of a table; a longer one seals several rows together
SINGLY = 400  # rows up to which each has a seal of its own, so that sorted ones are known again
FAR = 40  # rows and columns around a cell in which its words are looked for

TextAt = Callable[[int, int], str]  # the constant text of a cell by row and column, "" where there is none


@dataclass(frozen=True, slots=True)
class BuiltTable:
    """An editable or sealed table as it was built.

    Attributes:
        area: header row and built rows.
        spare: rows below that are read as well.
        own: built rows (0-based) that came from a file of the user.
        free: columns that may change without breaking the seal.
        seals: checksum of every `step` built rows, in order.
    """

    name: str
    area: Area
    headers: tuple[str, ...]
    spare: int = 0
    own: tuple[int, ...] = ()
    free: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Built rows."""
        return self.area.last_row - self.area.row

    @property
    def step(self) -> int:
        """Rows under one seal."""
        return 1 if len(self.seals) == self.count else step_of(self.count)


@dataclass(frozen=True, slots=True)
class Contract:
    """What a build says about itself.

    Attributes:
        sheets: the generated sheets, in order.
        inputs, marks: place of each input, and the mark of the words around it, by key.
        outputs: place of the results that a reader quotes, by key.
        models: models of the book in the order of its points.
        left_out: measured points that the book leaves out.
        knot_rows: rows kept for knots; they depend on the points as they were measured.
        seals: checksum of the constants of each sheet outside inputs, tables and results, by sheet.
        form: checksum of all formulas and constants outside inputs and tables; equal forms are equal layouts.
        built: what the build put where; None in a contract of the first form, which does not say it.
        whole: whether its seal holds.
    """

    version: str
    edition: str
    build_id: str
    date: str
    title: str
    sheets: tuple[str, ...]
    inputs: Mapping[str, Ref]
    marks: Mapping[str, str]
    outputs: Mapping[str, Ref | Area]
    tables: Mapping[str, BuiltTable]
    models: tuple[str, ...] = ()
    left_out: int = 0
    knot_rows: int = 0
    seals: Mapping[str, str] = field(default_factory=dict)
    form: str = ""
    built: Packed | None = None
    whole: bool = True


def texts_of(sheet: Sheet) -> TextAt:
    """The constant texts of a described sheet, tables left out."""

    def text_at(row: int, col: int) -> str:
        cell = sheet.cells.get(row, {}).get(col)
        return cell.value if cell and not cell.formula and isinstance(cell.value, str) else ""

    return text_at


def mark(text_at: TextAt, row: int, col: int, typed: Iterable[tuple[int, int]]) -> str:
    """Six characters for the words that name a cell: three for the first of its row, three for the nearest above it.

    Other inputs are no such words, because a reader changes them.

    >>> words = {(7, 1): "Utilization", (6, 2): "Value"}
    >>> mark(lambda row, col: words.get((row, col), ""), 7, 2, [])
    '25c730'
    """
    skip = set(typed)
    left = (text_at(row, c) for c in range(1, col) if (row, c) not in skip)
    above = (text_at(r, col) for r in range(row - 1, max(row - FAR, 0), -1) if (r, col) not in skip)
    return "".join(checksum(next(filter(None, words), ""))[1:] for words in (left, above))


def step_of(count: int) -> int:
    """Rows under one seal, for a table of that many rows."""
    return max(1, -(-count // CHUNKS))


def seals(rows: Sequence[Sequence[Value]], step: int) -> tuple[str, ...]:
    """Checksum of every `step` rows; numbers count in the 15 digits that a workbook keeps.

    >>> seals([["B200", 1.5], ["H200", None]], 1) == seals([["B200", 1.5], ["H200", ""]], 1)
    True
    """
    lines = ["\t".join(map(plain, row)) for row in rows]
    return tuple(checksum("\n".join(lines[i : i + step])) for i in range(0, len(lines), step))


def sealed_columns(headers: Sequence[str], free: Sequence[str]) -> list[int]:
    """Positions of the columns that a seal covers."""
    return [i for i, name in enumerate(headers) if name not in free]


def built_table(sheet: Sheet, table: ExcelTable) -> BuiltTable:
    """A table of a described sheet as it will be built."""
    area = table.area
    inside = Area(area.sheet, area.row + 1, area.col, area.last_row, area.last_col)
    columns = [_constants(sheet, inside.column(i)) for i in sealed_columns(table.headers, table.free)]
    rows = list(zip(*columns, strict=True))
    step = 1 if len(rows) <= SINGLY else step_of(len(rows))
    return BuiltTable(table.name, area, table.headers, table.spare, table.own, table.free, seals(rows, step))


def _constants(sheet: Sheet, column: Area) -> Sequence[Value]:
    """The constants of one column; None for a formula, whose value moves."""
    height = column.last_row - column.row + 1
    for block in sheet.blocks:
        inside = block.col <= column.col < block.col + len(block.columns)
        if inside and block.row <= column.row and column.last_row < block.row + block.height:
            found, first = block.columns[column.col - block.col], column.row - block.row
            return [None] * height if found.runs else found.values[first : first + height]
    cells = (sheet.cells.get(row, {}).get(column.col) for row in range(column.row, column.last_row + 1))
    return [None if cell is None or cell.formula else cell.value for cell in cells]
