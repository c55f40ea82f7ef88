"""The house keeps its order: who may import whom, how long a module may grow, what is public."""

import ast
import inspect
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

import xlmodel

ROOT = Path(xlmodel.__file__).parent
MODULES = sorted(path for path in ROOT.rglob("*.py"))
# rooms that may use a library; which room may use which other is the contract of import-linter in pyproject.toml
LIBRARIES = {
    "openpyxl": {"xlsx", "engines", "returned"},
    "pandas": {"data", "commands", "__init__"},
    "xlwings": {"udf"},
    "ironcalc": {"engines"},
}


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def test_imports_run_downwards() -> None:
    linter = pytest.importorskip("importlinter.cli", reason="import-linter is not installed")
    assert linter.lint_imports(config_filename=str(ROOT.parent / "pyproject.toml"), no_logo=True) == 0


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_library_stays_in_its_rooms(path: Path) -> None:
    here = room(path)
    for top in {name.split(".")[0] for name in imports(path)} & LIBRARIES.keys():
        assert here in LIBRARIES[top], f"{top} does not belong in {here}/"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_is_a_page(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 250
    assert ast.get_docstring(tree(path)), "a module says what it is for"


def shared(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def test_no_two_modules_share_a_name() -> None:
    named = (path.parent.name if path.stem == "__init__" else path.stem for path in MODULES if path.stem != "__main__")
    assert shared(named) == []


def test_no_two_classes_share_a_name() -> None:
    nodes = (node for path in MODULES for node in tree(path).body)
    assert shared(node.name for node in nodes if isinstance(node, ast.ClassDef)) == []


def test_the_public_surface_is_small_and_sorted() -> None:
    assert sorted(xlmodel.__all__) == xlmodel.__all__
    assert all(hasattr(xlmodel, name) for name in xlmodel.__all__)
    assert len(xlmodel.__all__) <= 12


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, xlmodel; print(sorted({'openpyxl','pandas','numpy','xlwings','ironcalc','lxml','rich','typer'} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


@pytest.mark.parametrize("word", ["interactivity", "throughput", "basis", "snapshot", "workload", "precision"])
def test_the_words_of_the_glossary_are_the_words_of_the_functions(word: str) -> None:
    names = {*inspect.signature(xlmodel.cost).parameters, "throughput", "basis"}
    assert word in names
