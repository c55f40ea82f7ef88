"""The cells of a described book into which the inputs of the Python model are typed, found by their keys."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xlmodel.book.recalculation import Node
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.values import Value
from xlmodel.model.scenario import Inputs
from xlmodel.model.typed import is_typed, typed_value


class TypedCells:
    """Input cells on their sheets, and as cells that formulas read."""

    def __init__(self, nodes: Iterable[Node], sheets: Sequence[Sheet]) -> None:
        self._sheets = {sheet.name: sheet for sheet in sheets}
        self._at = {ref: key for sheet in sheets for key, ref in sheet.inputs.items() if is_typed(key)}
        self._nodes: dict[Ref, list[tuple[Node, int]]] = defaultdict(list)
        typed: dict[str, list[Ref]] = defaultdict(list)
        for ref in self._at:
            typed[ref.sheet].append(ref)
        for node in nodes:
            for i, ref in _constants(node, typed):
                self._nodes[ref].append((node, i))

    def type(self, inputs: Inputs) -> list[Node]:
        """Type what the inputs say; the cells that held something else, to be computed from again."""
        changed: dict[int, Node] = {}
        for ref, key in self._at.items():
            said = typed_value(inputs, key)
            value = None if said == "" else said
            for node, i in self._nodes[ref]:
                if _put(node, i, value):
                    changed[id(node)] = node
            sheet = self._sheets[ref.sheet]
            if cell := sheet.cells.get(ref.row, {}).get(ref.col):  # those of tables are written later
                sheet.change(ref.row, ref.col, cell._replace(value=value))
        return list(changed.values())


def _constants(node: Node, typed: Mapping[str, list[Ref]]) -> Iterator[tuple[int, Ref]]:
    """The cells of a node into which something is typed, by their numbers."""
    if isinstance(node, Cell):
        if not isinstance(node.content, Expr) and node.place in typed.get(node.place.sheet if node.place else "", ()):
            yield 0, node.ref()
    elif isinstance(node.content, list | tuple) and node.first is not None and node.count:
        first, area = node.first, node.area
        for ref in typed.get(first.sheet, ()):
            if area.row <= ref.row <= area.last_row and area.col <= ref.col <= area.last_col:
                i = ref.row - first.row + ref.col - first.col
                if not isinstance(node.content[i], Expr):
                    yield i, ref


def _put(node: Node, i: int, value: Value) -> bool:
    """Put a constant into a cell; whether another stood there."""
    before = node.content_at(i) if isinstance(node, Line) else node.content
    if before == value and type(before) is type(value):
        return False
    if isinstance(node, Cell):
        node.content = value
    else:
        node.content = [*node.content[:i], value, *node.content[i + 1 :]]  # type: ignore[index] # one of several contents
    return True
