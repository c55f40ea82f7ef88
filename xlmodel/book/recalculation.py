"""Cells computed again after others changed, as a spreadsheet does it: what reads a change, and only as far as values differ."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any, NamedTuple

from xlmodel.book.components import components
from xlmodel.calc.cells import UNKNOWN, Cell, Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.named_call import CallingCell
from xlmodel.calc.place import Written
from xlmodel.calc.span import Span

Node = Cell | Line


class Stretch(NamedTuple):
    """The cells of a node, by number, in which one formula stands; or its constants."""

    node: Node
    cells: tuple[int, ...]


class Recalculation:
    """All cells of a book in an order in which each comes after those that it reads.

    Cells that read one another, such as the months of a plan, are one step together. What a formula reads is known by its parts.

    >>> from xlmodel.calc.address import Ref
    >>> from xlmodel.units import COUNT
    >>> a = Cell(COUNT, 2.0, Ref("S", 1, 1))
    >>> b = Cell(COUNT, a * 3, Ref("S", 2, 1))
    >>> book = Recalculation([b])
    >>> b.value, setattr(a, "content", 5.0), book.after([a]) == {id(a), id(b)}, b.value
    (6.0, None, True, 15.0)
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._spans: dict[int, list[Span]] = {}
        self._groups: list[Stretch] = []
        self._of: dict[int, list[int]] = {}  # id of a node -> the numbers of its groups
        reads = self._read(nodes)
        self._steps = list(components(reads))
        self._step = {group: step for step, groups in enumerate(self._steps) for group in groups}
        self._readers: list[set[int]] = [set() for _ in self._steps]
        self._runs = [False] * len(self._steps)  # whether a step reads its own cells
        for group, others in enumerate(reads):
            step = self._step[group]
            for other in others:
                self._readers[self._step[other]].add(step)
                self._runs[step] |= self._step[other] == step
        calls = (group for group, (node, _) in enumerate(self._groups) if isinstance(node, CallingCell))
        self._open = {self._step[group] for group in calls}

    def after(self, changed: Iterable[Node]) -> set[int]:
        """Compute what hangs on some cells whose content is another now.

        Calls of functions of the workbook are computed each time, since they read its data unseen.

        Returns:
            The ids of the nodes with a value that differs from before; what nobody asked for before stays unknown.
        """
        found: set[int] = set()
        seen = {self._step[group] for node in changed for group in self._of[id(node)]} | self._open
        waiting = sorted(seen)
        while waiting:
            step = heappop(waiting)
            differ = self._again(step)
            if differ:
                found |= differ
                for reader in self._readers[step] - seen:
                    seen.add(reader)
                    heappush(waiting, reader)
        return found

    def _again(self, step: int) -> set[int]:
        """Compute the cells of a step; the ids of the nodes whose values differ."""
        groups = [self._groups[group] for group in self._steps[step]]
        before = [[node.kept(i) for i in cells] for node, cells in groups]
        for node, cells in groups:
            node.forget(cells)
            if self._runs[step]:
                self._forget_areas(node)
        differ = {id(g.node): g.node for g, held in zip(groups, before, strict=True) if not _same(g, held)}
        for node in differ.values():
            self._forget_areas(node)
        return set(differ)

    def _forget_areas(self, node: Node) -> None:
        for span in self._spans.get(id(node), ()):
            span.forget()
        if isinstance(node, Line) and node._whole is not None:
            node._whole.forget()

    def _read(self, nodes: Iterable[Node]) -> list[list[int]]:
        """For each group the numbers of those that it reads; cells that only others name are found here."""
        ahead, told = [*nodes], []
        while ahead:
            node = ahead.pop()
            if id(node) in self._of:
                continue
            self._of[id(node)] = []
            for content, cells in _formulas(node):
                self._of[id(node)].append(len(self._groups))
                self._groups.append(Stretch(node, cells))
                lines, spans = read_by(content)
                for span in spans:
                    for line in span.lines:
                        self._spans.setdefault(id(line), []).append(span)
                told.append(lines)
                ahead += [other for other, _ in lines]
        return [[group for node, i in lines for group in self._of[id(node)] if self._holds(group, i)] for lines in told]

    def _holds(self, group: int, i: int | None) -> bool:
        return i is None or i in self._groups[group].cells


def read_by(content: Expr | None) -> tuple[list[tuple[Node, int | None]], list[Span]]:
    """The nodes that a formula reads, of a single cell with its number; and the areas through which it does."""
    nodes: list[tuple[Node, int | None]] = []
    spans: list[Span] = []
    seen: dict[int, Expr] = {}
    ahead = [content] if content is not None else []
    while ahead:
        part = ahead.pop()
        if id(part) in seen:
            continue
        seen[id(part)] = part
        if isinstance(part, Cell | Line):
            nodes.append((part, None))
        elif isinstance(part, Written) and part.i is not None and isinstance(part.inner, Line):
            nodes.append((part.inner, part.i + part.by))
        else:
            if isinstance(part, Span):
                spans.append(part)
            ahead += part.parts()
    return nodes, spans


def _formulas(node: Node) -> Iterator[tuple[Expr | None, tuple[int, ...]]]:
    """The formulas of a node with the cells in which they stand; None for constants."""
    if isinstance(node, Cell):
        yield node.content if isinstance(node.content, Expr) else None, (0,)
        return
    if not isinstance(node.content, list | tuple):
        yield node.content if isinstance(node.content, Expr) else None, tuple(range(node.count))
        return
    found: dict[int, tuple[Expr | None, list[int]]] = {}
    for i, content in enumerate(node.content[: node.count]):
        formula = content if isinstance(content, Expr) else None
        found.setdefault(id(formula), (formula, []))[1].append(i)
    yield from ((formula, tuple(cells)) for formula, cells in found.values())


def _same(group: Stretch, before: list[Any]) -> bool:
    """Whether the values are those before and of one kind, since TRUE and 1 are not; only those asked for before are computed."""
    node = group.node
    for i, held in zip(group.cells, before, strict=True):
        if held is not UNKNOWN:
            now = node.block if isinstance(node, CallingCell) else node.held(i)
            if now is not held and (now != held or type(now) is not type(held)):
                _ask(group, before)
                return False
    return True


def _ask(group: Stretch, before: list[Any]) -> None:
    for i, held in zip(group.cells, before, strict=True):
        if held is not UNKNOWN:
            group.node.held(i)
