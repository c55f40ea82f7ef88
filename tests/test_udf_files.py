"""What is written for Excel: the module, the VBA modules, the add-in; and that the module needs nothing but xlwings."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from excel_stand_ins import load, pywin32
from typer.testing import CliRunner

from xlmodel.calc.excel import CELL_LIKE
from xlmodel.commands.app import app
from xlmodel.errors import EngineMissing
from xlmodel.model.function_records import DATA, FUNCTIONS, LINE, Function, from_python
from xlmodel.udf import addin, bundle, server, vba
from xlmodel.udf.bundle import printed

NAMES = sorted(function.name for function in from_python())
# words of VBA that cannot be names of arguments, as far as an argument might be called so
VBA_WORDS = """
    and as base boolean byref byval call case close const date declare dim do double each else empty end error event exit
    false for friend function get global gosub goto if imp implements in input integer is let lib like line lock long loop
    me mod name new next not nothing null object on open option optional or paramarray print private property public put
    raiseevent redim rem resume return select set single static step stop string sub then time to true type typeof until
    variant wend while width with withevents write xor
"""


@pytest.fixture(scope="module")
def modules() -> dict[str, str]:
    return vba.modules()


@pytest.fixture(scope="module")
def text() -> str:
    return bundle.bundle()


def test_the_python_functions_are_the_registered_ones_with_the_data_last() -> None:
    by_name = {function.name: function for function in from_python()}
    for function in FUNCTIONS:
        mine = by_name.pop(function.name)
        assert mine.arguments == (*function.arguments, *((DATA,) if function.on_book else ()))
        assert (mine.returns, mine.unit, mine.category) == (function.returns, function.unit, function.category)
    assert list(by_name) == [LINE.name]


@pytest.mark.parametrize("function", from_python(), ids=lambda f: f.name)
def test_names_and_texts_fit_excel_and_vba(function: Function) -> None:
    for argument in function.arguments:
        assert argument.name not in VBA_WORDS.split()
        assert not CELL_LIKE.fullmatch(argument.name)
        assert 0 < len(argument.help) <= 255
    assert not CELL_LIKE.fullmatch(function.name)
    optional = [argument.optional for argument in function.arguments]
    assert optional == sorted(optional)


@pytest.mark.parametrize("com", [False, True], ids=["office", "com"])
def test_xlwings_knows_every_function_with_its_help(com: bool) -> None:
    from xlwings import server  # noqa: PLC0415

    with pywin32():
        from xlwings import udfs  # noqa: PLC0415

        module = load(udfs if com else server, com=com)
    for function in from_python():
        known = getattr(module, function.name).__xlfunc__
        shown = [argument for argument in known["args"] if argument["name"] != "caller"]
        assert [argument["name"] for argument in shown] == [a.name for a in function.arguments]
        assert [argument["doc"] for argument in shown] == [a.help for a in function.arguments]
        assert [argument.get("optional", "required") for argument in shown] == [
            None if a.optional else "required" for a in function.arguments
        ]
        assert known["ret"]["doc"].startswith(f"{function.returns}, in {function.unit.label}.")
        assert len(known["ret"]["doc"]) <= 255
        assert known["volatile"] is (com and function.on_book), "only a call that reads the book itself is volatile"
        if com:
            assert known["category"] == f"xlmodel: {function.category}"
            assert (known["args"][-1]["name"] == "caller") is function.on_book


# --- the module -------------------------------------------------------------------------------

RUN = """
import sys, types
for name in ("numpy", "pandas", "xlmodel", "openpyxl"):
    sys.modules[name] = None
xlwings = types.ModuleType("xlwings")
def plain(*_, **__):
    return lambda function: function
xlwings.func = xlwings.arg = xlwings.ret = plain
conversion = types.ModuleType("xlwings.conversion")
conversion.Accessor, conversion.Pipeline = object, list
sys.modules |= {"xlwings": xlwings, "xlwings.conversion": conversion}
sys.path.insert(0, sys.argv[1])
module = __import__(sys.argv[2])
print(round(module.TOKINTERP(25, [[20], [30]], [[7000.0], [2500.0]], "linear"), 6))
print([len(row) for row in module.TOKLINE([[10], [20], [15]], [[9.0], [5.0], [6.0]], 3.6, 300)][-1])
print(module.TOKCOST("B200", "DeepSeek-R1", 60))
print(sorted(name for name in vars(module) if name.startswith("TOK")))
print(sorted({name.partition(".")[0] for name in sys.modules} & {"numpy", "pandas", "lxml"} - {n for n, m in sys.modules.items() if m is None}))
"""


def test_the_module_runs_alone_with_the_standard_library(text: str, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "-c", RUN, str(tmp_path), "main"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines() == ["4750.0", "3", "#N/A", str(NAMES), "[]"]


def test_the_module_is_small_and_the_same_everywhere(text: str) -> None:
    assert len(text) < 60_000
    assert text == bundle.bundle()
    assert text.isascii() or max(map(ord, text)) < 0x2100
    code = "from xlmodel.udf.bundle import bundle; import sys; sys.stdout.buffer.write(bundle().encode())"
    other = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo"}
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=other).stdout == text.encode()
    )


def test_the_module_defines_every_name_once_and_imports_only_what_lite_has(text: str) -> None:
    tree = ast.parse(text)
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert len(defined) == len(set(defined))
    tops = {
        (node.module or "").partition(".")[0] if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0]
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert tops - set(sys.stdlib_module_names) == {"xlwings"}
    assert "TYPE_CHECKING:" not in text
    assert "noqa" not in text
    said = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(n)]
    assert sorted(n.name for n in said if len(n.body) > 1) == NAMES, "docstrings stay only where Excel shows them"


def test_parts_that_cannot_be_joined_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "PARTS", (*bundle.PARTS, "model.economics"))
    with pytest.raises(ValueError, match="no part of the bundle"):
        bundle.bundle()
    monkeypatch.setattr(bundle, "PARTS", ("calc.values", "calc.values"))
    with pytest.raises(ValueError, match="rename one"):
        bundle.bundle()


def test_by_com_a_call_learns_its_cell_and_elsewhere_it_does_not() -> None:
    assert printed(com=True).count("caller=None") == sum(function.on_book for function in FUNCTIONS)
    assert "caller" not in printed()
    assert "volatile" not in printed()


# --- VBA --------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # olevba calls pyparsing by its older names
def test_the_vba_modules_parse_and_list_each_function_with_its_help(modules: dict[str, str]) -> None:
    from oletools.olevba import VBA_Parser  # noqa: PLC0415

    calls, helps = modules[vba.FUNCTIONS], modules[vba.HELP]
    for name, source in modules.items():
        assert source.startswith(f'Attribute VB_Name = "{name}"')
        parser = VBA_Parser(f"{name}.bas", data=source.encode("cp1252"))
        assert parser.detect_vba_macros()
        assert [code for *_, code in parser.extract_all_macros()] == [source.encode("cp1252").decode("cp1252")]
        parser.close()
    assert re.findall(r"(?m)^Function (\w+)\(", calls) == NAMES
    assert calls.count("End Function") == len(NAMES)
    assert re.findall(r'MacroOptions Macro:="(\w+)"', helps) == NAMES
    for function in from_python():
        head = re.search(rf"(?m)^Function {function.name}\((.*)\)$", calls)
        assert head
        wanted = [f"Optional {a.name}" if a.optional else a.name for a in function.arguments]
        assert head[1].split(", ") == wanted
        body = calls[head.end() :].partition("End Function")[0]
        assert ("Application.Volatile" in body) is function.on_book
        described = helps[helps.index(f'"{function.name}"') :].partition("Application.MacroOptions")[0]
        for said in (function.returns, function.category, *(a.help for a in function.arguments)):
            assert said.replace('"', '""') in described
    for line in (*calls.splitlines(), *helps.splitlines()):
        assert len(line) < 1023, "longer lines are refused by the VBA editor"


def test_the_generator_is_that_of_xlwings(modules: dict[str, str]) -> None:
    assert "'Autogenerated code by xlwings" in modules[vba.FUNCTIONS]
    assert f'XLPy.CallUDF("{bundle.MODULE}", "TOKCOST", Array(' in modules[vba.FUNCTIONS]
    assert ", data, Nothing), ActiveWorkbook, Application.Caller)" in modules[vba.FUNCTIONS]


# --- the command ------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    return tmp_path  # type: ignore[return-value]


def test_the_command_writes_what_a_colleague_needs_and_says_what_is_left(here: Path, modules: dict[str, str]) -> None:
    done = CliRunner().invoke(app, ["addin"])
    assert done.exit_code == 0, done.output
    folder = here / "xlmodel-addin"
    assert sorted(path.name for path in folder.iterdir()) == sorted(addin.names())
    assert (folder / "tokfunctions.py").read_text(encoding="utf-8") == bundle.bundle(com=True)
    for name, source in modules.items():
        assert (folder / f"{name}.bas").read_bytes() == source.replace("\n", "\r\n").encode("cp1252")
    for step in ("pip install xlwings==", "xlwings addin install -f", "ImportPythonUDFsToAddin", "--edition xlwings"):
        assert step in done.output
    again = CliRunner().invoke(app, ["addin"])
    assert again.exit_code == 2
    assert "--force" in again.output
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert CliRunner().invoke(app, ["addin", "--force"]).exit_code == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, "same input, same bytes"


def test_the_add_in_knows_its_module_and_names_nobody(here: Path) -> None:
    addin.write(here / "files")
    with zipfile.ZipFile(here / "files" / addin.ADD_IN) as package:
        assert package.testzip() is None
        assert "xl/vbaProject.bin" in package.namelist()
        workbook, sheet = (package.read(f"xl/{part}").decode() for part in ("workbook.xml", "worksheets/sheet1.xml"))
    assert 'name="myaddin.conf"' in workbook
    assert "absPath" not in workbook
    assert f"<t>{bundle.MODULE}</t>" in sheet
    assert f"<t>{addin.HOME}</t>" in sheet
    assert [int(row) for row in re.findall(r'<row r="(\d+)"', sheet)] == [*range(1, 10), 13]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--install"], 3, "Missing: the installation needs Excel on Windows"),
        (["taken.txt"], 2, "a folder"),
        (["--nonsense"], 2, "No such option"),
        (["taken.txt/x"], 2, "name another folder"),
    ],
)
def test_mistakes_are_told(here: Path, arguments: list[str], code: int, words: str) -> None:
    (here / "taken.txt").write_text("x")
    done = CliRunner().invoke(app, ["addin", *arguments])
    assert done.exit_code == code
    assert words in done.output
    assert sorted(path.name for path in here.iterdir()) == ["taken.txt"]


def test_a_folder_that_may_not_be_written_is_called_so(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    done = CliRunner().invoke(app, ["addin", "mine/files"])
    assert done.exit_code == 2
    for words in ("folder mine/files", "a folder without write permission", "name another folder"):
        assert words in done.output
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "words"),
    [
        ([], {server.LICENSE: ""}, 3, ["Missing: xlwings Server", server.LICENSE]),
        (["--port", "0", "--workers", "x"], {}, 2, ["2 problems", "--port", "from 1 to 65,535", "--workers", "'x'"]),
        (["--port", "0", "--host", "10.1.2.3", "--key", "no.pem"], {}, 2, ["4 problems", "no token", "both or none"]),
    ],
)
def test_a_server_that_cannot_start_says_all_that_it_lacks(
    arguments: list[str], environment: dict[str, str], code: int, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: True)  # as if xlwings Server were there
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv(server.TOKEN, raising=False)
    done = CliRunner().invoke(app, ["serve", *arguments])
    assert done.exit_code == code, done.output
    for word in words:
        assert word in done.output


def test_on_windows_xlwings_own_commands_install_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addin, "HOME", str(here / "home"))
    addin.write(here / "files")
    ran: list[list[str]] = []
    addin.install(here / "files", ran.append)
    assert (here / "home" / "tokfunctions.py").is_file()
    assert ran[0][-4:] == ["addin", "install", "-f", str(here / "files" / addin.ADD_IN)]
    assert ran[1][-2:] == ["xlmodel.udf.importing", addin.ADD_IN]

    assert addin.held() is None
    module = here / "home" / "tokfunctions.py"
    with module.open("a") as target:
        target.write("# mine")
    monkeypatch.setattr(addin, "missing", lambda: "")
    refused = CliRunner().invoke(app, ["addin"])
    assert refused.exit_code == 2
    assert "functions of your own" in refused.output
    assert not (here / "xlmodel-addin").exists()
    addin.install(here / "files", ran.append)
    assert module.with_suffix(".old.py").read_text().endswith("# mine"), "what was added by hand is kept"

    def stops(command: list[str]) -> None:
        addin._run([sys.executable, "-c", "import sys; sys.exit('Excel is open')"])

    with pytest.raises(EngineMissing, match="Excel is open"):
        addin.install(here / "files", stops)
