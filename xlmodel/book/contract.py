"""The contract: where a book keeps what its readers may change, so that later versions find it again.

It travels inside the workbook (`xlmodel.xlsx.contract_part`). A place is held together with a mark of the words
around it: when rows were inserted by hand, the mark tells, and nothing is read from the wrong cell.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlmodel.book.spec import Book, ExcelTable, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value

CHUNKS = 96  # seals of a table; a longer one seals several rows together
FAR = 40  # rows and columns around a cell in which its words are looked for

TextAt = Callable[[int, int], str]  # the constant text of a cell by row and column, "" where there is none


@dataclass(frozen=True, slots=True)
class Table:
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
        return step_of(self.count)


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
    tables: Mapping[str, Table]
    models: tuple[str, ...] = ()
    left_out: int = 0
    knot_rows: int = 0
    seals: Mapping[str, str] = field(default_factory=dict)
    form: str = ""


def contract_of(book: Book, version: str) -> Contract:
    """The contract of a described book."""
    inputs = {key: ref for sheet in book.sheets for key, ref in sheet.inputs.items()}
    marks: dict[str, str] = {}
    for sheet in book.sheets:
        typed = {(ref.row, ref.col) for ref in sheet.inputs.values()}
        text = texts_of(sheet)
        marks |= {key: mark(text, ref.row, ref.col, typed) for key, ref in sheet.inputs.items()}
    return Contract(
        version=version,
        edition=book.edition,
        build_id=book.build_id,
        date=book.build_date,
        title=book.title,
        sheets=tuple(sheet.name for sheet in book.sheets),
        inputs=inputs,
        marks=marks,
        outputs={key: place for sheet in book.sheets for key, place in sheet.outputs.items()},
        tables={table.name: _table(sheet, table) for sheet in book.sheets for table in sheet.tables if table.kept},
        models=book.models,
        left_out=book.left_out,
        knot_rows=book.knot_rows,
        seals={sheet.name: seal(_constant_cells(sheet)) for sheet in book.sheets},
        form=form(book),
    )


def form(book: Book) -> str:
    """Eight characters that are equal for books with the same formulas and constants in the same places."""
    crc = 0
    for sheet in book.sheets:
        free = Free.of(sheet)
        lines = [sheet.name]
        lines += (f"{row},{col},{text}" for row, col, text in _formulas(sheet) if not free.holds(row, col))
        lines += (f"{row},{col},{_plain(value)}" for row, col, value in _constant_cells(sheet))
        crc = zlib.crc32("\n".join(lines).encode(), crc)
    return f"{crc:08x}"


def seal(cells: Iterable[tuple[int, int, Value]]) -> str:
    """Checksum of the constants of a sheet, given as row, column and value in any order."""
    return _checksum(
        "\n".join(f"{row},{col},{_plain(value)}" for row, col, value in sorted(cells, key=lambda c: c[:2]))
    )


@dataclass(frozen=True, slots=True)
class Free:
    """The places of one sheet that a reader, or a result that spills, fills: inputs, tables with spare rows, outputs."""

    cells: frozenset[tuple[int, int]]
    areas: tuple[tuple[int, int, int, int], ...]

    @classmethod
    def of(cls, sheet: Sheet) -> "Free":
        """The free places of a described sheet."""
        tables = [(table.area, table.spare) for table in sheet.tables if table.kept]
        return cls._made(sheet.inputs.values(), tables, sheet.outputs.values())

    @classmethod
    def agreed(cls, contract: Contract, sheet: str) -> "Free":
        """The free places of a sheet by its contract."""
        tables = [(table.area, table.spare) for table in contract.tables.values() if table.area.sheet == sheet]
        inputs = [ref for ref in contract.inputs.values() if ref.sheet == sheet]
        return cls._made(inputs, tables, [place for place in contract.outputs.values() if place.sheet == sheet])

    @classmethod
    def _made(cls, inputs: Iterable[Ref], tables: Iterable[tuple[Area, int]], outputs: Iterable[Ref | Area]) -> "Free":
        areas = [(a.row + 1, a.col, a.last_row + spare, a.last_col) for a, spare in tables]
        areas += [(p.row, p.col, p.last_row, p.last_col) for p in outputs if isinstance(p, Area)]
        return cls(frozenset((ref.row, ref.col) for ref in inputs), tuple(areas))

    def covers(self, first: int, last: int, col: int) -> bool:
        """Whether a stretch of a column is free as a whole."""
        return any(top <= first and last <= bottom and left <= col <= right for top, left, bottom, right in self.areas)

    def holds(self, row: int, col: int) -> bool:
        """Whether a cell is free."""
        if (row, col) in self.cells:
            return True
        return any(top <= row <= bottom and left <= col <= right for top, left, bottom, right in self.areas)


def _constant_cells(sheet: Sheet) -> Iterator[tuple[int, int, Value]]:
    """Row, column and value of every constant outside the free places."""
    free = Free.of(sheet)
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            if not cell.formula and cell.value is not None and cell.value != "" and not free.holds(row, col):
                yield row, col, cell.value
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            col, last = block.col + offset, block.row + block.height - 1
            if free.covers(block.row, last, col):
                continue
            computed = {i for run in column.runs for i in range(run.first, run.last + 1)}
            for i, value in enumerate(column.values):
                if i not in computed and value is not None and value != "" and not free.holds(block.row + i, col):
                    yield block.row + i, col, value


def _formulas(sheet: Sheet) -> Iterator[tuple[int, int, str]]:
    """Row, column and text of every formula; one that is filled down is said once with its last row."""
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            if cell.formula:
                yield row, col, cell.formula
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            for run in column.runs:
                yield block.row + run.first, block.col + offset, f"{run.last}:{run.formula}"


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
    return "".join(_checksum(next(filter(None, words), ""))[1:] for words in (left, above))


def step_of(count: int) -> int:
    """Rows under one seal, for a table of that many rows."""
    return max(1, -(-count // CHUNKS))


def seals(rows: Sequence[Sequence[Value]], step: int) -> tuple[str, ...]:
    """Checksum of every `step` rows; numbers count in the 15 digits that a workbook keeps.

    >>> seals([["B200", 1.5], ["H200", None]], 1) == seals([["B200", 1.5], ["H200", ""]], 1)
    True
    """
    lines = ["\t".join(map(_plain, row)) for row in rows]
    return tuple(_checksum("\n".join(lines[i : i + step])) for i in range(0, len(lines), step))


def sealed_columns(headers: Sequence[str], free: Sequence[str]) -> list[int]:
    """Positions of the columns that a seal covers."""
    return [i for i, name in enumerate(headers) if name not in free]


def _table(sheet: Sheet, table: ExcelTable) -> Table:
    area = table.area
    inside = Area(area.sheet, area.row + 1, area.col, area.last_row, area.last_col)
    columns = [_constants(sheet, inside.column(i)) for i in sealed_columns(table.headers, table.free)]
    rows = list(zip(*columns, strict=True))
    return Table(table.name, area, table.headers, table.spare, table.own, table.free, seals(rows, step_of(len(rows))))


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


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.15g}"
    return str(value)


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()) & 0xFFFF:04x}"
