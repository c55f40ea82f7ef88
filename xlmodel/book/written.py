"""Cells of the graph as cells of a sheet: text, value, style and number format."""

from collections.abc import Callable, Sequence

from xlmodel.book.spec import Column, PlainCell, Run, Sheet
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.named_call import CallingCell
from xlmodel.calc.place import Content, Place
from xlmodel.calc.values import Value

# a style or number format: of all cells, one for each, or by the number of the cell
Look = str | Sequence[str] | Callable[[int], str]


def write(sheet: Sheet, node: Place, style: Look, fmt: Look, *, valued: bool = True) -> None:
    """Write some cells onto a sheet; without `valued` a formula that calls no function of the book stands without its value."""
    if isinstance(node, CallingCell):
        _write_call(sheet, node, look_of(style, 0), look_of(fmt, 0))
    elif isinstance(node, Cell):
        ref, value = node.ref(), _value(node, node.content, 0, valued)
        _put(sheet, Seat(ref.sheet, ref.row, ref.col, 0), node.content, value, look_of(style, 0), look_of(fmt, 0))
    elif isinstance(node, Line):
        for i in range(node.count):
            if look_of(style, i):
                content = node.content_at(i)
                value = _value(node, content, i, valued)
                _put(sheet, node.seat(i), content, value, look_of(style, i), look_of(fmt, i))


def _value(node: Cell | Line, content: Content, i: int, valued: bool) -> Value:
    return node.held(i) if valued or not isinstance(content, Expr) else None


def look_of(look: Look, i: int) -> str:
    """The style or number format of cell number i."""
    return look if isinstance(look, str) else look(i) if callable(look) else look[i]


def _put(sheet: Sheet, seat: Seat, content: Content, value: Value, style: str, fmt: str) -> None:
    text = content.text(seat) if isinstance(content, Expr) else ""
    sheet.cells.setdefault(seat.row, {})[seat.col] = PlainCell(value, style, fmt, text)


def _write_call(sheet: Sheet, node: CallingCell, style: str, fmt: str) -> None:
    """The call, and as constants what spills from it."""
    area, text = node.filled, node.content.text(Seat(sheet.name, node.ref().row, node.ref().col, 0))  # type: ignore[union-attr]
    for i, line in enumerate(node.block):
        for j, value in enumerate(line):
            sheet.put(area.row + i, area.col + j, value, style, fmt)
    spill = area.a1 if (area.row, area.col) != (area.last_row, area.last_col) else node.ref().a1
    sheet.cells[area.row][area.col] = PlainCell(node.value, style, fmt, text, spill, node.edition)


def filled(line: Line, style: Look, fmt: Look, first: int, end: int, *, valued: bool = True) -> Column:
    """Cells of a long line as a column of a block: one text for each stretch of cells with the same formula.

    A formula that refers to another sheet stands in each cell by itself, since Excel cannot share it.
    """
    runs: list[Run] = []
    start = first
    for i in range(first + 1 if isinstance(line.content, list | tuple) else end, end + 1):
        if i == end or line.content_at(i) is not line.content_at(start):
            content = line.content_at(start)
            if isinstance(content, Expr):
                text = content.text(line.seat(start))
                if "!" in text:
                    runs += [Run(k - first, k - first, content.text(line.seat(k))) for k in range(start, i)]
                else:
                    runs.append(Run(start - first, i - 1 - first, text))
            start = i
    values = [_value(line, line.content_at(i), i, valued) for i in range(first, end)]
    return Column(values, look_of(style, first), look_of(fmt, first), runs)
