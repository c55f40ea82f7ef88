"""All sheets of a book described once, and a book for each set of typed inputs.

What is typed into single cells has no say in a description (`xlmodel.model.typed.untyped`), so the cells that a book of
other typed inputs changes are these and what is computed from them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.edition import NATIVE
from xlmodel.book.graph import Graph
from xlmodel.book.places import CHANGES
from xlmodel.book.recalculation import Recalculation
from xlmodel.book.spec import Book, Sheet
from xlmodel.book.typed_cells import TypedCells
from xlmodel.calc.address import Area
from xlmodel.calc.cells import Line
from xlmodel.model.scenario import Inputs
from xlmodel.sheets import changes_sheet, frame, function_texts

PENDING = "\ue000" * 8  # stands for the name of the build until all formulas are known
UNTITLED = "\ue001" * 8  # stands for the title
_TOLD = ("target.cost", "checks.master", "checks.failing")  # what Changes reads


class Description:
    """The sheets of a book in their order, Changes apart: it is the one sheet whose constants tell results.

    Attributes:
        ctx: in which they were described, of inputs without what is typed. after: the sheet behind which Changes stands.
    """

    def __init__(self, ctx: Context, sheets: Sequence[Sheet], after: str = "") -> None:
        self.ctx, self.sheets, self._after = ctx, sheets, after
        for sheet in sheets:
            frame.light(ctx, sheet)
        self._nodes = ctx.graph.all()
        self._typed = TypedCells(self._nodes, sheets)
        self._book: Book | None = None
        self._again: Recalculation | None = None
        self._marked: list[tuple[Sheet, int, int]] = []
        self._said: list[bytes] = []
        self._told: dict[str, tuple[Any, bytes]] = {}

    def book(self, inputs: Inputs, title: str, build_id: str = "") -> Book:
        """The book of some inputs; without a name of the build it is named by its inputs and formulas.

        Raises:
            Spilled: see `Graph.renew`; nothing more can be made of this description.
        """
        ctx, changed = self.ctx, self._typed.type(inputs)
        ctx.market = ctx.market.typed_over(inputs)
        if self._book is None:
            for node in changed:
                node.forget(range(node.count) if isinstance(node, Line) else ())
            ctx.graph.finish()
            self._marked = [(sheet, row, col) for sheet in self.sheets for row, col in _marks(sheet)]
            self._said = [text.encode() for sheet in self.sheets for text in _texts(sheet)]
            self._book = self._bound()
        else:
            self._again = self._again or Recalculation(self._nodes)
            ctx.graph.renew(self._again, changed)
        return self._named(inputs, title, build_id or self._fingerprint(inputs))

    def _bound(self) -> Book:
        """The book but for its sheets and names."""
        ctx = self.ctx
        native, whole = ctx.edition == NATIVE, not ctx.places.compact
        return Book(
            sheets=(), names=ctx.names if whole else {}, title="", subject="Economics of LLM inference", build_date=ctx.build_date, build_id="",
            functions=tuple(function_texts.named(ctx)) if native else (), models=ctx.inputs.models, left_out=ctx.inputs.left_out,
            knot_rows=ctx.places.knot_rows, edition=ctx.edition, areas=ctx.graph.areas(),
        )  # fmt: skip

    def _named(self, inputs: Inputs, title: str, build_id: str) -> Book:
        """The book with copies of the sheets, its name and title where they left room for them."""
        said = {PENDING: build_id, UNTITLED: title}
        sheets = {sheet.name: sheet.copy() for sheet in self.sheets}
        for sheet, row, col in self._marked:
            _name(sheets[sheet.name], row, col, said)
        for sheet in sheets.values():
            sheet.title = _with(sheet.title, said)
        assert self._book is not None
        areas = self._book.areas
        if self._after:
            made, more = self._changes(inputs)
            for row, col in list(_marks(made)):
                _name(made, row, col, said)
            areas = {**areas, **more}
            at = list(sheets).index(self._after) + 1
            order = [*list(sheets.values())[:at], made, *list(sheets.values())[at:]]
        else:
            order = list(sheets.values())
        return replace(self._book, sheets=tuple(order), title=title, build_id=build_id, areas=areas)

    def _changes(self, inputs: Inputs) -> tuple[Sheet, dict[str, Area]]:
        """The sheet Changes, and where its cells stand; no other sheet reads them."""
        graph = Graph(valued=self.ctx.graph.valued, again=self.ctx.graph.again)
        ctx = replace(self.ctx, inputs=inputs, graph=graph)
        graph.nodes |= {key: self.ctx.graph.find(key) for key in _TOLD}
        sheet = changes_sheet.describe(ctx)
        frame.light(ctx, sheet)
        graph.finish()
        return sheet, {key: area for key, area in graph.areas().items() if area.sheet == CHANGES}

    def _fingerprint(self, inputs: Inputs) -> str:
        """Eight characters that name a build: same inputs and same formulas, same build. What Changes tells is not part of it."""
        digest = hashlib.sha256()
        for name in (f.name for f in fields(inputs) if f.name != "changes"):
            held = getattr(inputs, name)
            if name not in self._told or self._told[name][0] is not held:
                self._told[name] = held, repr(held).encode()
            digest.update(self._told[name][1])
        digest.update(b"".join(self._said))
        return digest.hexdigest()[:8]


def _marks(sheet: Sheet) -> Iterator[tuple[int, int]]:
    """The cells that leave room for the name of the build or for the title."""
    for row, cells in sheet.cells.items():
        for col, cell in cells.items():
            if isinstance(cell.value, str) and (PENDING in cell.value or UNTITLED in cell.value):
                yield row, col


def _name(sheet: Sheet, row: int, col: int, said: dict[str, str]) -> None:
    cell = sheet.cells[row][col]
    sheet.change(row, col, cell._replace(value=_with(str(cell.value), said)))


def _with(text: str, said: dict[str, str]) -> str:
    for mark, words in said.items():
        text = text.replace(mark, words)
    return text


def _texts(sheet: Sheet) -> Iterator[str]:
    """The formulas of a sheet, those filled down once."""
    yield from (cell.formula for cells in sheet.cells.values() for cell in cells.values() if cell.formula)
    yield from (run.formula for block in sheet.blocks for column in block.columns for run in column.runs)
