"""Cells of the graph as cells of a sheet: text, value, style and number format."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from xlmodel.book.spec import Block, Column, PlainCell, Run, Sheet
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


class Spilled(Exception):
    """The result of a call fills other cells than before, so that its sheet has to be described anew."""


def rewrite(sheet: Sheet, node: Place, style: Look, fmt: Look) -> None:
    """Write other values of cells that stand on a sheet already; their texts say the same as before.

    Raises:
        Spilled: the result of a call fills other cells.
    """
    if isinstance(node, CallingCell):
        area = node.filled
        if sheet.cells[area.row][area.col].spill != _spill(node):
            raise Spilled(node.key)
        for i, line in enumerate(node.block, area.row):
            for j, value in enumerate(line, area.col):
                sheet.change(i, j, sheet.cells[i][j]._replace(value=value))
    elif isinstance(node, Cell | Line):
        for i in range(node.count if isinstance(node, Line) else 1):
            if look := look_of(style, i):
                at = node.ref(i)
                cell = sheet.cells[at.row][at.col]._replace(value=node.held(i), style=look, format=look_of(fmt, i))
                sheet.change(at.row, at.col, cell)


def refilled(block: Block, lines: Sequence[Line], cells: range) -> Block:
    """A block with the values that these cells of its lines have now."""
    columns = zip(block.columns, lines, strict=True)
    return replace(block, columns=[replace(column, values=[line.held(i) for i in cells]) for column, line in columns])


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
    sheet.cells[area.row][area.col] = PlainCell(node.value, style, fmt, text, _spill(node), node.edition)


def _spill(node: CallingCell) -> str:
    """The range that a call fills, often its cell alone."""
    area = node.filled
    return area.a1 if (area.row, area.col) != (area.last_row, area.last_col) else node.ref().a1


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
