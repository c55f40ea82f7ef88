"""No formula is put together by hand: its text comes from an expression, which knows its unit; only calc/ and xlsx/ write text."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import xlmodel
from xlmodel.book.edition import LITE, NATIVE, XLWINGS
from xlmodel.book.graph import Graph
from xlmodel.book.spec import Sheet
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.excel import FUTURE
from xlmodel.calc.expression import Expr
from xlmodel.calc.place import Place
from xlmodel.calc.worksheet import KNOWN
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe, describe_functions
from xlmodel.units import Unit

ROOT = Path(xlmodel.__file__).parent
WRITERS = {"calc", "xlsx"}  # rooms that print and read formula text
TELLERS = {"returned", "engines"}  # rooms that quote a formula which they read, with its =
SHOWN = {  # modules that show how a call is typed, or mark a number
    "model/function_records.py": "the worked example of each function, as a reader types it",
    "sheets/functions_python.py": "the same examples with one more argument",
    "book/built_text.py": "= before a number in the contract",
    "book/earlier.py": "= before the text of an expression, which tells it from a constant",
}
LAZY = (
    "IF",
    "IFERROR",
    "INDEX",
    "MATCH",
    "LOOKUP",
    "ROW",
    "ROWS",
    "NA",
    "TRUE",
    "FALSE",
    "LET",
    "LAMBDA",
    "HYPERLINK",
    "CHOOSE",
)
NAMES = sorted({name.upper() for name in (*KNOWN, *FUTURE, *LAZY)}, key=len, reverse=True)
CALL = re.compile(r"(?<![A-Za-z_.])(?:" + "|".join(map(re.escape, NAMES)) + r")\(")
QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
WORDS = re.compile(r"[a-z]{2,} [a-z]{2,}")  # a sentence, not a formula
SIGN = re.compile(r"[-+*/^&<>=]+[\d(]*")
EQUALS = re.compile(r"=\s*['$A-Z(\d].*[-(+*/&<>\d]")


TEXTS = (ast.Constant, ast.JoinedStr, ast.BinOp)


def by_hand(source: str, *, tells: bool = False) -> list[tuple[int, str]]:
    """Lines of a module in which formula text is put together, and the text; `tells` lets an = before a formula pass."""
    tree = ast.parse(source)
    words, parts = set(_docstrings(tree)), set(_parts(tree))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
            if _formula(node.value, part=id(node) in parts, tells=tells):
                found.append((node.lineno, node.value))
        elif isinstance(node, ast.JoinedStr) and _reckoned(node):
            found.append((node.lineno, ast.unparse(node)))
        elif isinstance(node, ast.Call) and _name(node.func) == "Condition":
            found += [(node.lineno, ast.unparse(text)) for text in node.args[1:2] if isinstance(text, TEXTS)]
    return found


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def _parts(tree: ast.AST) -> Iterator[int]:
    """Texts that stand beside something computed: in an f-string, a sum, a format or a join."""
    for node in ast.walk(tree):
        whole: list[ast.AST] = []
        if isinstance(node, ast.JoinedStr):
            whole = list(node.values)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            whole = [node.left, node.right]
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join")
        ):
            whole = [node.func.value]
        yield from (id(part) for part in whole if isinstance(part, ast.Constant))


def _formula(text: str, *, part: bool, tells: bool) -> bool:
    """Whether a text is a formula, or the part of one that something is put into."""
    bare = QUOTED.sub("", text)
    if EQUALS.match(text):
        return True
    if text == "=" and part and not tells:
        return True
    if not CALL.search(bare) or WORDS.search(bare):
        return False
    return part or bare.count("(") == bare.count(")")


def _reckoned(node: ast.JoinedStr) -> bool:
    """Whether an f-string puts an operator beside an address."""
    for a, sign, b in zip(node.values, node.values[1:], node.values[2:], strict=False):
        if isinstance(sign, ast.Constant) and SIGN.fullmatch(str(sign.value)) and (_address(a) or _address(b)):
            return True
    last = node.values[-2:]
    return (
        len(last) == 2
        and _address(last[0])
        and isinstance(last[1], ast.Constant)
        and bool(re.fullmatch(r"[-+*/^&<>=]+[\d.]+", str(last[1].value)))
    )


def _address(node: ast.AST) -> bool:
    """Whether something in braces is an address."""
    return isinstance(node, ast.FormattedValue) and any(
        isinstance(part, ast.Attribute) and part.attr in ("a1", "absolute", "on") for part in ast.walk(node)
    )


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


MODULES = [path for path in sorted(ROOT.rglob("*.py")) if path.relative_to(ROOT).parts[0] not in WRITERS]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_formula_text_is_put_together_by_hand(path: Path) -> None:
    inside = path.relative_to(ROOT)
    tells = inside.parts[0] in TELLERS or str(inside) in SHOWN
    assert by_hand(path.read_text(), tells=tells) == []


PLANTED = {
    "f-string": 'sheet.put(7, 2, f"IF({a}>0,1,0)")',
    "sum of texts": 'text = "INDEX(" + area + ",1)"',
    "percent": 'text = "SUM(%s)" % area',
    "format": 'text = "SUM({0})".format(area)',
    "join": 'text = "MAX(" + ",".join(cells) + ")"',
    "template": 'TEMPLATE = "IF({x}=0,0,1/{x})"',
    "sign and address": 'sheet.put(7, 2, f"={cell.a1}*2")',
    "two addresses": 'text = f"{a.absolute}*{b.absolute}"',
    "address and number": 'text = f"{a.a1}>=1"',
    "literal formula": 'line(7, "IF(A1>0,1,0)")',
    "literal sum": 'line(7, "=A1+B1")',
    "criterion around a call": "text = f'COUNTIF({area},\">0\")'",
    "condition": 'Condition(area, "$B7>1", "muted")',
    "condition of an address": 'Condition(area, f"ISNA({cell.a1})", "muted")',
    "a new function": 'text = f"XLOOKUP({a},{b},{c})"',
}  # fmt: skip
FINE = {
    "expression": "line(7, IF(a > 0, 1, 0) & \" of \" & SUM(b))",
    "range": 'area = f"{first.a1}:{last.a1}"',
    "sheet and cell": 'link = f"{sheet}!{cell.a1}"',
    "words": 'note("PMT(cost of capital, life, capital, residual)")',
    "docstring": 'def f():\n    """=IF(A1>0,1,0) is what it prints."""',
    "criterion": 'found = COUNTIFS(area, ">0", area, "<>" & other)',
    "a question": 'if text.startswith("LAMBDA("): pass',
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_formula_text_is_refused(name: str) -> None:
    assert by_hand(PLANTED[name])


@pytest.mark.parametrize("name", FINE)
def test_what_is_no_formula_text_passes(name: str) -> None:
    assert by_hand(FINE[name]) == []


@pytest.mark.parametrize("edition", [NATIVE, XLWINGS, LITE, "functions alone"])
def test_every_formula_cell_has_an_expression_with_a_unit(edition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = gather(models=["Llama 3.3 70B"])
    places: dict[int, Place] = {}

    def finish(graph: Graph, then=Graph.finish) -> None:  # type: ignore[no-untyped-def]
        places.update({id(node): node for node in graph.nodes.values() if isinstance(node, Place)})
        places.update({id(node): node for _, node, _, _ in graph._printed})
        then(graph)

    monkeypatch.setattr(Graph, "finish", finish)
    book = describe(inputs, edition=edition) if edition in (NATIVE, XLWINGS, LITE) else describe_functions(inputs)
    known = {at for place in places.values() for at in _stated(place)}
    missing = [
        (sheet.name, row, col)
        for sheet in book.sheets
        for row, col in _formulas(sheet)
        if (sheet.name, row, col) not in known
    ]
    assert missing == []
    assert len(known) > 9_000


def _stated(place: Place) -> Iterator[tuple[str, int, int]]:
    """Where expressions of a place stand; its unit is known, and what they count goes with it."""
    assert isinstance(place.unit, Unit)
    count = place.count if isinstance(place, Line) else 1
    for i in range(count):
        content = place.content_at(i) if isinstance(place, Line) else place.content if isinstance(place, Cell) else None
        if isinstance(content, Expr):
            at = place.ref(i)
            yield at.sheet, at.row, at.col


def _formulas(sheet: Sheet) -> Iterator[tuple[int, int]]:
    for row, cells in sheet.cells.items():
        yield from ((row, col) for col, cell in cells.items() if cell.formula)
    for block in sheet.blocks:
        for offset, column in enumerate(block.columns):
            for run in column.runs:
                yield from ((block.row + i, block.col + offset) for i in range(run.first, run.last + 1))
