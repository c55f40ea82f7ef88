"""The functions as one module that needs nothing but xlwings: the project's own modules, in one text.

Nothing is written a second time: each module's source is taken as it stands, without its imports, its
docstrings and what only the type checker reads. The text depends on the sources alone, so it is the same on
every machine and Python version.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from xlmodel.model.function_records import DATA, Function, from_python

MODULE = "tokfunctions"  # name of the file
PARTS = (
    "calc.values", "model.curve", "model.point", "model.spelling", "model.ranges",
    "model.held", "model.feed", "model.ownpoints", "model.function_names", "model.workbook_functions", "udf.converters", "udf.answers",
)  # fmt: skip
_HEAD = '''"""Functions on the economics of LLM inference for Excel, printed by xlmodel {version}. Apache-2.0.

Runs in xlwings on Windows, in xlwings Lite and in xlwings Server; needs nothing else (numpy is used where it is
installed). The functions are at the end. To add your own, write it below them:

    @xw.func
    def MARGIN(price, cost):
        return price / cost - 1
"""
'''


def bundle(*, com: bool = False) -> str:
    """The module's text; `com` for functions by COM, else for web add-ins.

    Raises:
        ValueError: two parts use one name, or import in a way that cannot be joined.
    """
    from xlmodel.version import __version__  # noqa: PLC0415 - heavy modules load when used

    parts = [_Part(import_module(f"xlmodel.{name}")) for name in PARTS]
    owners: dict[str, str] = {}
    for part in parts:
        for name in part.names:
            if name in owners:
                raise ValueError(
                    f"{name} is in {owners[name]} and in {part.name}: rename one, or the bundle cannot join them"
                )
            owners[name] = part.name
    imports = _imports({line for part in parts for line in part.imports})
    bodies = [f"# --- {part.name}\n\n{part.body}" for part in parts]
    text = "\n\n\n".join(
        (_HEAD.format(version=__version__) + "\n" + imports, *bodies, "# --- functions", printed(com=com))
    )
    return text + "\n"


def loaded(*, com: bool = False) -> ModuleType:
    """The module, run as Excel's Python would run it; its decorators are those of xlwings in this process."""
    module = ModuleType(MODULE)
    exec(compile(bundle(com=com), f"{MODULE}.py", "exec"), module.__dict__)
    return module


def _imports(wanted: set[tuple[str, str]]) -> str:
    """Import statements, one a module."""
    modules = sorted({module for module, _ in wanted if module})
    whole = [f"import {name}" for module, name in sorted(wanted) if not module]
    parts = [f"from {m} import {', '.join(sorted(name for module, name in wanted if module == m))}" for m in modules]
    return "\n".join((*whole, *parts))


class _Part:
    """One module on its way into the bundle."""

    def __init__(self, module: ModuleType) -> None:
        self.name = module.__name__
        source = inspect.getsource(module)
        tree = ast.parse(source)
        self.names = {name for node in tree.body for name in _defined(node)}
        self.imports: set[tuple[str, str]] = set()  # module and name; "" for a whole module
        dropped: list[tuple[int, int]] = []
        for node in tree.body:
            if (isinstance(node, ast.Import | ast.ImportFrom) and self._hoisted(node)) or _for_checker(node):
                dropped.append(_lines(node))
        dropped += [_lines(found) for node in ast.walk(tree) if (found := _docstring(node))]
        lines = source.splitlines()
        for first, last in dropped:
            lines[first - 1 : last] = [""] * (last - first + 1)
        self.body = re.sub(r"\n{4,}", "\n\n\n", "\n".join(_tidy(lines))).strip("\n")

    def _hoisted(self, node: ast.Import | ast.ImportFrom) -> bool:
        """An import of a part goes away, another one to the top of the bundle; those that load when used stay."""
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xlmodel."):
            if any(alias.asname for alias in node.names):
                raise ValueError(f"{self.name} imports {node.module} under another name")
            if node.module not in {f"xlmodel.{part}" for part in PARTS}:
                raise ValueError(f"{self.name} imports {node.module}, which is no part of the bundle")
            return True
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        self.imports |= {(module, alias.name + (f" as {alias.asname}" if alias.asname else "")) for alias in node.names}
        return True


def _defined(node: ast.stmt) -> Iterator[str]:
    """Names a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _for_checker(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _docstring(node: ast.AST) -> ast.stmt | None:
    """The docstring of a module, class or function that has more in its body."""
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) or ast.get_docstring(node) is None:
        return None
    return node.body[0] if len(node.body) > 1 else None


def _lines(node: ast.stmt) -> tuple[int, int]:
    return node.lineno, node.end_lineno or node.lineno


def _tidy(lines: list[str]) -> Iterator[str]:
    """Lines without notes to the project's own tools, and without the blank ones that a docstring leaves."""
    before = ""
    for line in lines:
        kept = re.sub(r"\s+# (type: ignore|noqa|fmt: skip).*$", "", line)
        if kept.strip() or not before.rstrip().endswith((":", "):")):
            yield kept
            before = kept or before


# What Lite lists in each of its own workbooks; the functions need nothing of it but xlwings.
REQUIREMENTS = (
    "xlwings==0.33.20  # required\npython-dotenv==1.2.1  # required\npyodide-http  # required\nblack  # required\n"
)


def files() -> dict[str, str]:
    """Name and text of each file."""
    return {"main.py": bundle(), "requirements.txt": REQUIREMENTS}


LONGEST = 255  # characters that Excel's function wizard takes of a text
WIDTH = 110


def printed(*, com: bool = False) -> str:
    """The decorated functions, one after the other.

    By COM (`com`) those on a workbook may leave out its data: they learn the calling cell, read its workbook, and so
    must be computed at every calculation.
    """
    return "\n\n\n".join(_function(function, com=com) for function in from_python())


def _function(f: Function, *, com: bool) -> str:
    reads_book = DATA in f.arguments
    com = com and reads_book
    names = ", ".join(a.name for a in f.arguments if a != DATA)
    caller = ", caller=caller" if com else ""
    call = f'of_book("{f.name}", {DATA.name}, {names}{caller})' if reads_book else f'of_points("{f.name}", {names})'
    lines = [
        f'@xw.func(category="xlmodel: {f.category}"{", volatile=True" if com else ""})',
        *(f"@xw.arg({a.name!r}, doc={a.help[:LONGEST]!r}, **AS_IT_IS)" for a in f.arguments),
        "@xw.ret(**AS_IT_IS)",
        *_head(f, com=com),
        f'    """{_help(f)}"""',
        f"    return {call}",
    ]
    return "\n".join(lines)


def _head(f: Function, *, com: bool) -> list[str]:
    """The line, or lines, that begin with `def`."""
    given = [f"{argument.name}=None" if argument.optional else argument.name for argument in f.arguments]
    inside = ", ".join([*given, "caller=None"] if com else given)
    if len(f.name) + len(inside) < WIDTH - 8:
        return [f"def {f.name}({inside}):"]
    return [f"def {f.name}(", *textwrap.wrap(inside, WIDTH, initial_indent="    ", subsequent_indent="    "), "):"]


def _help(f: Function) -> str:
    """What Excel says about a function: what it returns, and which error means what, as far as there is room."""
    text = f"{f.returns}, in {f.unit.label}."
    longer = f"{text} {f.errors}."
    return longer if len(longer) <= LONGEST else text
