"""Values of the book before, for cells whose formulas and all that they read are the same: many books of one form differ in little.

A formula's text says all that it reads, so the comparison is that of a spreadsheet: what changed, what reads it, and so on.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from xlmodel.book.refs import cut_references
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Area
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.named_call import CallingCell

_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([\w.]+))!$")
_ALL = 1 << 20
Node = Cell | Line
SPILLED = 500  # rows and columns that a call fills at most


class Earlier:
    """What the last book leaves for the next; give it to `describe` for one book after another."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._places: list[Area] = []
        self._said: list[Any] = []
        self._fixed: dict[Area, Any] = {}
        self._readers: dict[Area, list[int]] = {}
        self._next: list[set[int]] = []

    def lend(self, nodes: Sequence[Node], sheets: Sequence[Sheet]) -> None:
        """Give the nodes the values that stay, before any is computed, and remember them for the next book.

        Args:
            nodes: all cells that the graph knows, in their order.
            sheets: as they are before anything is printed.
        """
        places, said, fixed = list(map(_place, nodes)), list(map(_said, nodes)), dict(_fixed(sheets))
        if places == self._places and fixed.keys() == self._fixed.keys():
            apart = [
                i for i, (old, new) in enumerate(zip(self._said, said, strict=True)) if old != new or _open(nodes[i])
            ]
            moved = [rect for rect, cell in fixed.items() if cell != self._fixed[rect]]
            stale = self._stale(apart, moved, said)
            for i, node in enumerate(nodes):
                if i not in stale:
                    node._memo = self._nodes[i]._memo
        else:
            self._next = []
        self._nodes, self._places, self._said, self._fixed = list(nodes), places, said, fixed

    def _stale(self, apart: list[int], moved: list[Area], said: list[Any]) -> set[int]:
        """The numbers of the nodes that changed or read, at whatever distance, what did."""
        if not self._next or any(_texts(said[i]) != _texts(self._said[i]) for i in apart):
            self._link(said)
        found: set[int] = set()
        ahead = [
            *apart,
            *(i for rect, readers in self._readers.items() if any(map(rect.meets, moved)) for i in readers),
        ]
        while ahead:
            i = ahead.pop()
            if i not in found:
                found.add(i)
                ahead += self._next[i]
        return found

    def _link(self, said: list[Any]) -> None:
        """Who reads whom."""
        self._readers = defaultdict(list)
        for i, (place, one) in enumerate(zip(self._places, said, strict=True)):
            for rect in _reads(place.sheet, one):
                self._readers[rect].append(i)
        on: dict[str, list[int]] = defaultdict(list)
        for i, place in enumerate(self._places):
            on[place.sheet].append(i)
        self._next = [set() for _ in self._places]
        for rect, readers in self._readers.items():
            for i in on[rect.sheet]:
                if rect.meets(self._places[i]):
                    self._next[i].update(readers)


def _place(node: Node) -> Area:
    a = node.ref(0)
    if isinstance(node, CallingCell):  # what spills from it is not known before it is computed
        return Area(a.sheet, a.row, a.col, a.row + SPILLED, a.col + SPILLED)
    b = node.ref(node.count - 1) if isinstance(node, Line) else a
    return Area(a.sheet, a.row, a.col, b.row, b.col)


def _fixed(sheets: Sequence[Sheet]) -> Iterator[tuple[Area, Any]]:
    """The cells that stand on the sheets already."""
    for sheet in sheets:
        for row, cells in sheet.cells.items():
            for col, cell in cells.items():
                yield Area(sheet.name, row, col, row, col), cell
        for block in sheet.blocks:
            for col, column in enumerate(block.columns, block.col):
                yield (
                    Area(sheet.name, block.row, col, block.row + block.height - 1, col),
                    (list(column.values), list(column.runs)),
                )


def _open(node: Node) -> bool:
    """Whether a cell reads what its text does not say: a call of a function of the workbook reads its data."""
    return isinstance(node, CallingCell)


def _said(node: Node) -> Any:
    """What stands in some cells: constants, and the first and last text of each stretch of one formula."""
    if getattr(node, "stated", None) is not None and not isinstance(node.content, Expr | list | tuple):
        return tuple(
            (i, i, value, None) for i, value in enumerate(node.values if isinstance(node, Line) else [node.value])
        )
    if isinstance(node, Cell):
        ref = node.ref()
        return ((0, 0, *_both(node.content, Seat(ref.sheet, ref.row, ref.col, 0), None)),)
    assert isinstance(node, Line)
    found = []
    for _, group in groupby(range(node.count), lambda i: id(node.content_at(i))):
        run = list(group)
        a, b = run[0], run[-1]
        found.append((a, b, *_both(node.content_at(a), node.seat(a), node.seat(b) if b > a else None)))
    return tuple(found)


def _both(content: Any, first: Seat, last: Seat | None) -> tuple[Any, Any]:
    if not isinstance(content, Expr):
        return content, None
    return "=" + content.text(first), content.text(last) if last else None


def _texts(said: Any) -> list[Any]:
    return [one for one in said if isinstance(one[2], str) and one[2].startswith("=")]


def _reads(sheet: str, said: Any) -> Iterator[Area]:
    """The cells that formulas read, each area once; between the first and the last text of a stretch references only move."""
    found: dict[Area, None] = {}
    for _, _, first, last in _texts(said):
        rects = _rects(sheet, first)
        ends = _rects(sheet, last) if last else rects
        for a, b in zip(rects, ends, strict=True):
            top, left = min(a.row, b.row), min(a.col, b.col)
            found[Area(a.sheet, top, left, max(a.last_row, b.last_row), max(a.last_col, b.last_col))] = None
    yield from found


def _rects(sheet: str, text: str) -> list[Area]:
    """The areas of one formula; everything where it calls a function of the workbook."""
    found: list[Area] = []
    before = ""
    for piece in cut_references(text):
        if isinstance(piece, str):
            before = piece
            continue
        _, col, _, row = piece
        if before == ":":
            last = found.pop()
            found.append(last._replace(last_row=row or _ALL, last_col=col or _ALL))
        else:
            named = _SHEET.search(before)
            on = (named[1] or named[2]).replace("''", "'") if named else sheet
            found.append(Area(on, row, col, row or _ALL, col or _ALL))
    return found
