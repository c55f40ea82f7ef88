"""The editions with functions from Python: sound workbooks that hold without their add-in."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from config_files import read_config
from typer.testing import CliRunner

import xlmodel
from xlmodel.book.edition import EDITIONS, LITE, XLWINGS, with_data
from xlmodel.book.spec import Book, Sheet, formula_cells
from xlmodel.calc.address import Area, Ref
from xlmodel.commands.app import app
from xlmodel.commands.produce import refresh_book
from xlmodel.engines.programs import LibreOffice
from xlmodel.engines.recalculate import differences
from xlmodel.errors import InputRefused
from xlmodel.model.feed import RANGE, parse
from xlmodel.model.function_records import FUNCTIONS, from_python
from xlmodel.model.market import Market
from xlmodel.readers.assemble import gather
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.origin import origin_of
from xlmodel.returned.recover import recover
from xlmodel.sheets.order import describe
from xlmodel.udf.bundle import files
from xlmodel.udf.calling import AREAS
from xlmodel.xlsx.parts import Package
from xlmodel.xlsx.rules import edition_rules as editions
from xlmodel.xlsx.rules import formula_rules as formulas
from xlmodel.xlsx.rules.run_rules import check

CONFIG = Path(__file__).parent.parent / "samples" / "inputs" / "scenario.toml"  # a small book with prices of one's own
BASE = gather(read_config(CONFIG))
PYTHON = (XLWINGS, LITE)
EXTENSION = "xl/webextensions/webextension1.xml"
Rewritten = Callable[[Path, Mapping[str, str | Callable[[str], str]], Path], Path]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("editions")
    for edition in PYTHON:
        xlmodel.build(folder / f"{edition}.xlsx", config=CONFIG, edition=edition, recalculate=False)
    return {edition: folder / f"{edition}.xlsx" for edition in PYTHON}


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("native") / "native.xlsx"
    xlmodel.build(path, config=CONFIG, recalculate=False)
    return path


def described(edition: str) -> Book:
    return describe(BASE, build_date="2026-01-02", build_id="test", edition=edition)


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}


def stored_data(path: Path) -> list[list[Any]]:
    """The range TOKDATA as the file stores it, as a web add-in receives it."""
    package = Package(path)
    (text,) = (n.text for n in package.tree("xl/workbook.xml").iter("{*}definedName") if n.get("name") == RANGE)
    sheet, _, a1 = str(text).replace("$", "").replace("'", "").partition("!")
    top, bottom = (int(row) for row in re.findall(r"\d+", a1))
    values = {cell.a1: package.value(cell) for cell in package.grid(sheet).cells}
    last = re.findall(r"[A-Z]+", a1)[1]
    letters = [chr(c) for c in range(ord("A"), ord(last) + 1)]
    rows = [[values.get(f"{col}{row}") for col in letters] for row in range(top, bottom + 1)]
    return [
        [{"type": "Error", "basicValue": str(v)} if type(v).__name__ == "ExcelError" else v for v in r] for r in rows
    ]


@pytest.mark.parametrize("edition", PYTHON)
def test_no_lambda_and_no_help_for_one_is_left(edition: str, built: dict[str, Path]) -> None:
    found = parts(built[edition])
    assert "LAMBDA" not in found["xl/workbook.xml"]
    assert not any("intellisense" in text for text in found.values())
    assert not any(f'name="{function.name}"' in found["xl/workbook.xml"] for function in FUNCTIONS)
    assert f'name="{RANGE}"' in found["xl/workbook.xml"]
    assert ("xl/metadata.xml" in found) is (edition == LITE)
    assert any(name.startswith("xl/webextensions/") for name in found) is (edition == LITE)
    contract = next(text for text in found.values() if "urn:xlmodel:contract" in text and "<contract" in text)
    assert f'edition="{edition}"' in contract


def test_the_native_edition_has_nothing_of_the_others(native: Path) -> None:
    found = parts(native)
    assert not any(RANGE in text or "webextension" in text or "_xldudf_" in text for text in found.values())


@pytest.mark.parametrize("edition", PYTHON)
def test_the_functions_sheet_calls_them_as_the_edition_does(edition: str, built: dict[str, Path]) -> None:
    sheet = next(text for text in parts(built[edition]).values() if "TOKCOST(B" in text and "<sheetData>" in text)
    calls = dict(re.findall(r'<c r="(F\d+)"[^>]*><f[^>]*>([^<]*TOK[^<]*)</f><v>[^<]+</v></c>', sheet))
    assert len(calls) == len(FUNCTIONS), "each with a stored value"
    if edition == XLWINGS:
        assert re.search(r'<c r="F7" s="\d+"><f>TOKCOST\(B\d+,B\d+,B\d+,,,,,,TOKDATA\)</f>', sheet)
        assert re.search(r'<c r="H22" s="\d+"><f t="array" ref="H22:I\d+">TOKFRONTIER\(', sheet)
        assert "cm=" not in sheet
    else:
        assert re.search(
            r'<c r="F7" s="\d+" cm="1"><f t="array" ref="F7">_xldudf_TOKCOST\(B\d+,B\d+,B\d+,,,,,,TOKDATA\)</f>', sheet
        )
        assert re.search(r'cm="1"><f t="array" ref="H22:I\d+">_xldudf_TOKFRONTIER\(', sheet)
    shown = json.dumps(parts(built[edition])["xl/sharedStrings.xml"])
    for function in from_python():
        assert function.signature in shown
    assert "xlwings Lite" in shown if edition == LITE else "xlmodel addin" in shown
    assert "nothing to install" not in shown


@pytest.mark.parametrize("edition", PYTHON)
def test_nothing_reads_a_cell_that_needs_the_add_in(edition: str) -> None:
    book = described(edition)
    functions = next(sheet for sheet in book.sheets if sheet.name == "Functions")
    called: set[str] = set()
    for row, line in functions.cells.items():
        for cell in line.values():
            if cell.python:
                first, _, last = cell.spill.partition(":")
                a, b = (re.fullmatch(r"([A-Z])(\d+)", a1) for a1 in (first, last or first))
                assert a and b and int(a[2]) == row  # noqa: PT018 - one address
                called |= {
                    f"{chr(c)}{r}" for c in range(ord(a[1]), ord(b[1]) + 1) for r in range(int(a[2]), int(b[2]) + 1)
                }
    assert len(called) > len(FUNCTIONS)
    for sheet in book.sheets:
        here = sheet.name == "Functions"
        for line in sheet.cells.values():
            for cell in line.values():
                text = cell.formula.replace("$", "") if not cell.python else ""
                mine = re.findall(
                    r"(?<![!\w])[A-Z]\d+(?::[A-Z]\d+)?" if here else r"(?<=Functions!)[A-Z]\d+(?::[A-Z]\d+)?", text
                )
                assert not _cells(mine) & called, f"{sheet.name}: {cell.formula}"


def _cells(references: list[str]) -> set[str]:
    found = set()
    for text in references:
        first, _, last = text.partition(":")
        for col in range(ord(first[0]), ord((last or first)[0]) + 1):
            found |= {f"{chr(col)}{row}" for row in range(int(first[1:]), int((last or first)[1:]) + 1)}
    return found


@pytest.mark.engine
@pytest.mark.office
def test_everything_but_the_calls_recalculates_in_libreoffice(
    built: dict[str, Path], libreoffice_engine: LibreOffice
) -> None:
    values = libreoffice_engine.values(built[LITE])
    settings = read_config(CONFIG)
    book = describe(BASE, settings.title or "", settings.date or "", edition=LITE)
    wanted = {
        (sheet.name, Ref(sheet.name, row, col).a1): value
        for sheet in book.sheets
        for row, col, value in formula_cells(sheet)
    }
    assert differences(values, wanted) == []


@pytest.mark.node
@pytest.mark.parametrize("edition", PYTHON)
def test_the_workbook_is_valid_and_breaks_no_rule(
    edition: str, built: dict[str, Path], validator: Callable[[Path], list[str]]
) -> None:
    assert validator(built[edition]) == []
    assert check(built[edition]) == []


def test_the_command_check_finds_nothing(built: dict[str, Path]) -> None:
    done = CliRunner().invoke(app, ["check", str(built[LITE])])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("edition", PYTHON)
def test_the_same_inputs_give_the_same_bytes(edition: str, built: dict[str, Path], tmp_path: Path) -> None:
    xlmodel.build(tmp_path / "again.xlsx", config=CONFIG, edition=edition, recalculate=False)
    assert (tmp_path / "again.xlsx").read_bytes() == built[edition].read_bytes()


def test_a_refresh_keeps_the_edition_and_what_modellers_added_to_the_code(
    built: dict[str, Path], rewritten: Rewritten, tmp_path: Path
) -> None:
    mine = {EXTENSION: lambda text: text.replace("\\nimport logging\\n", "\\nimport logging\\nMINE = 1\\n")}
    before, after = rewritten(built[LITE], mine, tmp_path / "before.xlsx"), tmp_path / "after.xlsx"
    refresh_book(before, after, day=date(2026, 12, 1))
    found = parts(after)
    assert found[EXTENSION] == parts(before)[EXTENSION]
    assert found["xl/workbook.xml"].count(f'name="{RANGE}"') == 1
    assert "LAMBDA" not in found["xl/workbook.xml"]
    assert check(after) == []
    assert open_mailed(after).contract.edition == LITE


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_workbook_that_lost_its_contract_is_known_by_its_names(
    edition: str, built: dict[str, Path], native: Path, rewritten: Rewritten, tmp_path: Path
) -> None:
    book = built.get(edition, native)
    (part,) = (name for name, text in parts(book).items() if "urn:xlmodel:contract" in text and "<contract" in text)
    path = rewritten(book, {part: "<nothing/>"}, tmp_path / "book.xlsx")
    package = Package(path)
    assert recover(package, origin_of(package)).contract.edition == edition


# --- Lite -------------------------------------------------------------------------------------

RUN = """
import json, sys, types
sys.modules["xlmodel"] = None
sys.path.insert(0, sys.argv[1])
data = json.load(open(sys.argv[1] + "/data.json"))
import main
print(json.dumps([main.TOKCOST(*json.loads(sys.argv[2]), data=data), main.TOKPRICE("b200", "oracle", data=data)]))
"""


def test_the_code_runs_as_it_is_stored(built: dict[str, Path], tmp_path: Path) -> None:
    package = Package(built[LITE])
    properties = {p.get("name"): json.loads(p.get("value", "")) for p in package.tree(EXTENSION).iter("{*}property")}
    assert {"main.py", "requirements.txt", "pyodideVersion", "addinVersion"} == properties.keys()
    assert properties["requirements.txt"] == files()["requirements.txt"]
    (tmp_path / "main.py").write_text(properties["main.py"], encoding="utf-8")
    (tmp_path / "data.json").write_text(json.dumps(stored_data(built[LITE])))
    arguments = json.dumps(["GB200 NVL72", BASE.scenario.model, BASE.scenario.interactivity])
    command = [sys.executable, "-c", RUN, str(tmp_path), arguments]
    cost, price = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout)
    cells = {cell.a1: package.value(cell) for cell in package.grid("Functions").cells}
    assert cost == pytest.approx(cells["F7"], rel=1e-9)
    assert price == Market(BASE).price("B200", "Oracle list")


def test_the_stored_code_is_small(built: dict[str, Path]) -> None:
    with zipfile.ZipFile(built[LITE]) as package:
        assert package.getinfo(EXTENSION).compress_size < 20_000
    assert built[LITE].stat().st_size - built[XLWINGS].stat().st_size < 20_000


def test_the_extension_is_that_of_xlwings_lite(built: dict[str, Path]) -> None:
    found = parts(built[LITE])
    assert found[EXTENSION].count('id="wa200008175"') == 2
    assert 'visibility="0"' in found["xl/webextensions/taskpanes.xml"]
    assert "webextensiontaskpanes" in found["_rels/.rels"]
    for kind in ("webextension", "webextensiontaskpanes"):
        assert f'"application/vnd.ms-office.{kind}+xml"' in found["[Content_Types].xml"]


@pytest.mark.parametrize(
    ("here", "there", "words"),
    [
        ("wa200008175", "wa100000001", "an add-in other than xlwings Lite"), ("def TOKCOST(", "def TOKCOST((", "is no Python"),
        ('name="main.py"', 'name="other.py"', "no main.py"), ("&quot;0.27.5&quot;", "0.27.5.1", "is no JSON string"),
    ],
)  # fmt: skip
def test_foreign_code_is_found(
    here: str, there: str, words: str, built: dict[str, Path], rewritten: Rewritten, tmp_path: Path
) -> None:
    path = rewritten(built[LITE], {EXTENSION: lambda text: text.replace(here, there)}, tmp_path / "book.xlsx")
    assert [words in message for _, message in editions.code(Package(path))] == [True]
    assert list(editions.code(Package(built[LITE]))) == []


def test_a_lambda_beside_python_functions_is_found(
    built: dict[str, Path], rewritten: Rewritten, tmp_path: Path
) -> None:
    name = '<definedName name="TOKCOST">_xlfn.LAMBDA(_xlpm.price,_xlpm.price)</definedName></definedNames>'
    path = rewritten(
        built[XLWINGS], {"xl/workbook.xml": lambda t: t.replace("</definedNames>", name)}, tmp_path / "book.xlsx"
    )
    assert len(list(editions.one_kind(Package(path)))) == 1
    assert list(editions.one_kind(Package(built[XLWINGS]))) == []


def test_without_the_range_a_python_function_is_unknown(
    built: dict[str, Path], rewritten: Rewritten, tmp_path: Path
) -> None:
    path = rewritten(
        built[XLWINGS],
        {"xl/workbook.xml": lambda t: t.replace('name="TOKDATA"', 'name="ELSE"')},
        tmp_path / "book.xlsx",
    )
    assert any("no function TOKCOST is known" in message for _, message in formulas.prefixes(Package(path)))


# --- descriptions -----------------------------------------------------------------------------


def test_the_data_sheet_holds_what_the_market_holds() -> None:
    book = described(LITE)
    area, sheet = book.names[RANGE], book.sheets[-1]
    assert isinstance(area, Area)
    held = parse([[_at(sheet, r, c) for c in range(1, area.last_col + 1)] for r in range(area.row, area.last_row + 1)])
    assert held.spans == Market(BASE).held.spans
    linked = [
        cell.formula
        for line in sheet.cells.values()
        for col, cell in line.items()
        if col > 1 and cell.value is not None
    ]
    assert sum(bool(formula) for formula in linked) > 800


def _at(sheet: Sheet, row: int, col: int) -> Any:
    cell = sheet.cells.get(row, {}).get(col)
    return cell.value if cell else None


def test_the_names_of_the_inputs_are_those_that_a_call_reads() -> None:
    assert {name for name in described(XLWINGS).names if name.startswith("in_")} == set(AREAS)
    assert not set(AREAS) & set(described(LITE).names)


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("TOKPRICE(B1)", "TOKPRICE(B1,,TOKDATA)"), ("TOKCOST(A1,B1,C1,,D1)", "TOKCOST(A1,B1,C1,,D1,,,,TOKDATA)"),
        ('TOKINTERP(25,A1:A2,B1:B2,"linear")', 'TOKINTERP(25,A1:A2,B1:B2,"linear")'), ("SUM(A1)", "SUM(A1)"),
    ],
)  # fmt: skip
def test_a_call_passes_the_data_last(typed: str, called: str) -> None:
    assert with_data(typed) == called


def test_an_unknown_edition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="one of native, xlwings, lite"):
        xlmodel.build(tmp_path / "book.xlsx", edition="web")
    done = CliRunner().invoke(app, ["build", "--edition", "LITE", "-o", str(tmp_path / "book.xlsx")])
    assert done.exit_code == 2
    assert "--edition" in done.output
    assert list(tmp_path.iterdir()) == []
    assert EDITIONS == ("native", "xlwings", "lite")
