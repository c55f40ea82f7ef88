"""The cells of a described book into which the inputs of the Python model are typed, found by their keys."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

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
        for node in nodes:
            for i, ref in _constants(node):
                if ref in self._at:
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


def _constants(node: Node) -> Iterable[tuple[int, Ref]]:
    """The cells in which a constant stands, by their numbers."""
    if isinstance(node, Cell):
        return [] if isinstance(node.content, Expr) or node.place is None else [(0, node.ref())]
    held = node.content if isinstance(node.content, list | tuple) and node.first is not None else ()
    return [(i, node.ref(i)) for i, content in enumerate(held[: node.count]) if not isinstance(content, Expr)]


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
