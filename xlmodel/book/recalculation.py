"""Cells computed again after others changed, as a spreadsheet does it: what reads a change, and only as far as values differ."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import starmap
from typing import Any

from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.named_call import CallingCell
from xlmodel.calc.span import Span

Node = Cell | Line


class Recalculation:
    """All cells of a book in an order in which each comes after those that it reads.

    Lines that read one another, such as the months of a plan, are one step together. What a formula reads is known by its parts.

    >>> from xlmodel.calc.address import Ref
    >>> from xlmodel.units import COUNT
    >>> a = Cell(COUNT, 2.0, Ref("S", 1, 1))
    >>> b = Cell(COUNT, a * 3, Ref("S", 2, 1))
    >>> book = Recalculation([b])
    >>> b.value, setattr(a, "content", 5.0), book.after([a]) == [a, b], b.value
    (6.0, None, True, 15.0)
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._spans: dict[int, list[Span]] = {}
        self._step: dict[int, int] = {}
        self._steps: list[list[Node]] = []
        self._readers: list[set[int]] = []
        self._runs: list[bool] = []  # whether a step reads its own cells
        reads = self._read(nodes)
        for nodes_ in _steps(reads):
            self._step |= {id(node): len(self._steps) for node in nodes_}
            self._steps.append(nodes_)
        self._readers = [set() for _ in self._steps]
        self._runs = [False] * len(self._steps)
        for node, known in reads.values():
            step = self._step[id(node)]
            for read in known:
                before = self._step[id(read)]
                self._readers[before].add(step)
                self._runs[step] |= before == step
        self._open = [
            step for step, nodes_ in enumerate(self._steps) if any(isinstance(n, CallingCell) for n in nodes_)
        ]

    def after(self, changed: Iterable[Node]) -> list[Node]:
        """Compute what hangs on some cells whose content is another now.

        Calls of functions of the workbook are computed each time, since they read its data unseen.

        Returns:
            The cells whose values differ from those before, in order; what nobody asked for before stays unknown.
        """
        found: list[Node] = []
        waiting = sorted({*(self._step[id(node)] for node in changed), *self._open})
        seen = set(waiting)
        while waiting:
            step = heappop(waiting)
            differ = self._again(step)
            if differ:
                found += differ
                for reader in self._readers[step] - seen:
                    seen.add(reader)
                    heappush(waiting, reader)
        return found

    def _again(self, step: int) -> list[Node]:
        """Compute the cells of a step; those whose values differ."""
        nodes = self._steps[step]
        before = [_known(node) for node in nodes]
        for node in nodes:
            node.forget()
            if self._runs[step]:
                self._forget_areas(node)
        differ = [node for node, old in zip(nodes, before, strict=True) if not _same(old, _computed(node, old))]
        for node in differ:
            self._forget_areas(node)
        return differ

    def _forget_areas(self, node: Node) -> None:
        for span in self._spans.get(id(node), ()):
            span.forget()
        if isinstance(node, Line) and node._whole is not None:
            node._whole.forget()

    def _read(self, nodes: Iterable[Node]) -> dict[int, tuple[Node, list[Node]]]:
        """Each cell with those that it reads, by its id; also those that only others name."""
        reads: dict[int, tuple[Node, list[Node]]] = {}
        ahead = [*nodes]
        while ahead:
            node = ahead.pop()
            if id(node) not in reads:
                known, spans = _parts(node)
                for span in spans:
                    for line in span.lines:
                        self._spans.setdefault(id(line), []).append(span)
                reads[id(node)] = node, known
                ahead += known
        return reads


def _contents(node: Node) -> Iterator[Expr]:
    contents: Iterable[Any] = [node.content]
    if isinstance(node, Line) and isinstance(node.content, list | tuple):
        contents = node.content
    return (content for content in contents if isinstance(content, Expr))


def _parts(node: Node) -> tuple[list[Node], list[Span]]:
    """The cells that some cells read, and the areas through which they do, each once."""
    cells: list[Node] = []
    spans: list[Span] = []
    seen: dict[int, Expr] = {}
    ahead = list(_contents(node))
    while ahead:
        part = ahead.pop()
        if id(part) in seen:
            continue
        seen[id(part)] = part
        if isinstance(part, Cell | Line):
            cells.append(part)
            continue
        if isinstance(part, Span):
            spans.append(part)
        ahead += part.parts()
    return cells, spans


def _known(node: Node) -> list[Any]:
    """The values that were asked for, by place."""
    if isinstance(node, CallingCell):
        return [node.block]
    return list(node._memo)


def _computed(node: Node, before: list[Any]) -> list[Any]:
    """The values of the same places as they are now."""
    if isinstance(node, CallingCell):
        return [node.block]
    return [node.held(i) if node.asked(value) else value for i, value in enumerate(before)]


def _same(before: list[Any], now: list[Any]) -> bool:
    """Whether values are equal and of one kind, since TRUE and 1 are not."""
    return before == now and all(starmap(lambda a, b: type(a) is type(b), zip(before, now, strict=True)))


def _steps(reads: dict[int, tuple[Node, list[Node]]]) -> Iterator[list[Node]]:
    """Groups of cells that read one another, each after the groups that it reads (Tarjan 1972, without recursion)."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    held: dict[int, None] = {}  # in the order in which they were met
    for start in reads:
        path = [] if start in number else [start]
        others: dict[int, Iterator[Node]] = {}
        while path:
            key = path[-1]
            if key not in others:
                number[key] = low[key] = len(number)
                held[key] = None
                others[key] = iter(reads[key][1])
            other = next((id(o) for o in others[key] if id(o) not in number or id(o) in held), None)
            if other is None:
                path.pop()
                if path:
                    low[path[-1]] = min(low[path[-1]], low[key])
                if low[key] == number[key]:
                    group: list[Node] = []
                    while not group or group[-1] is not reads[key][0]:
                        group.append(reads[held.popitem()[0]][0])
                    yield group
            elif other in number:
                low[key] = min(low[key], number[other])
            else:
                path.append(other)
