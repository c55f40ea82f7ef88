"""Ranges as a function of a workbook sees them: a list of rows, read element by element."""

from collections.abc import Callable, Sequence

from xlmodel.calc.values import NA, NUM, VALUE, ExcelError, Value

Range = Sequence[Sequence[Value]]
Cells = Value | Range
Answer = Value | list[list[Value]]


def is_range(cells: object) -> bool:
    """Whether an argument is a range and not a single value."""
    return isinstance(cells, list | tuple)


def each(read: Callable[[Value], Value], cells: Cells) -> Answer:
    """A function on a value, or on every element of a range.

    >>> each(lambda v: v * 2, [[1, 2]]), each(lambda v: v * 2, 4)
    ([[2, 4]], 8)
    """
    if isinstance(cells, list | tuple):
        return [[read(cell) for cell in row] for row in cells]
    return read(cells)  # type: ignore[arg-type]


def both(read: Callable[[Value, Value], Value], left: Cells, right: Cells) -> Answer:
    """A function on two values or ranges; one row or column is repeated along the other, as Excel does.

    >>> both(lambda a, b: a * b, [[1], [2]], [[10, 100]])
    [[10, 100], [20, 200]]
    """
    if not is_range(left) and not is_range(right):
        return read(left, right)  # type: ignore[arg-type]
    a = left if isinstance(left, list | tuple) else [[left]]
    b = right if isinstance(right, list | tuple) else [[right]]
    rows, cols = max(len(a), len(b)), max(len(a[0]), len(b[0]))

    def at(cells: Range, row: int, col: int) -> Value:
        row = 0 if len(cells) == 1 else row
        col = 0 if len(cells[0]) == 1 else col
        return cells[row][col] if row < len(cells) and col < len(cells[0]) else NA

    return [[read(at(a, r, c), at(b, r, c)) for c in range(cols)] for r in range(rows)]  # type: ignore[arg-type]


def number(cell: Value, read: Callable[[float], Value], *, blank: bool) -> Value:
    """A function of a number; an error stays, text and truth values are no numbers, an empty cell counts as 0."""
    if cell is None and blank:
        cell = 0
    if isinstance(cell, ExcelError):
        return cell
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return VALUE
    try:
        return read(cell)
    except (OverflowError, ZeroDivisionError):
        return NUM


def flat(cells: Cells) -> list[Value]:
    """All elements, row by row."""
    if isinstance(cells, list | tuple):
        return [cell for row in cells for cell in row]
    return [cells]  # type: ignore[list-item]
