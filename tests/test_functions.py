"""The functions in the workbook: LAMBDA = Python twin, whatever is asked and whatever is edited."""

import json
import os
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from books import Edited, choose, default, make, usual
from calls import BAND, SHEET, Call, Computed, book_of_calls, cells_of, draw, record
from lxml import etree
from typer.testing import CliRunner
from worlds import Open, thinned

import xlmodel
from xlmodel.calc.excel import CELL_LIKE, FUTURE, LONGEST, RESERVED, file_form
from xlmodel.calc.lambdas import HELPERS
from xlmodel.calc.values import NA, NUM, VALUE, same
from xlmodel.commands.app import app
from xlmodel.commands.functions_command import table
from xlmodel.engines.programs import IronCalc
from xlmodel.errors import InputRefused
from xlmodel.model.function_records import FUNCTIONS, TAKEN, Function
from xlmodel.model.market import Market
from xlmodel.model.point import Point
from xlmodel.model.workbook_functions import Functions
from xlmodel.sheets.order import describe
from xlmodel.xlsx.rules.formula_rules import KNOWN
from xlmodel.xlsx.rules.rule_texts import legal_name
from xlmodel.xlsx.rules.run_rules import check

BASE = default()
TEXTS = {f.name: f.text for f in describe(BASE).functions}
COUNT = int(
    os.environ.get("XLMODEL_CALLS", "500")
)  # argument sets of each function; 5000 in the long run, at most 10,000
TYPED = [
    Point("DeepSeek-R1", "MI355X", "8k/1k", "FP4", "2026-07", 77.123456, 9876.543211, "own"),
    Point("Own model", "Own GPU", "2k/2k", "FP8", "2026-11", 50.0, 900.0, "own"),
    Point("Own model", "Own GPU", "2k/2k", "FP8", "2026-11", 90.0, 400.0, "own"),
]
# the calls that edits must move ask for this workload alone
FEW = replace(BASE, points=tuple(p for p in BASE.points if p.workload == "8k/1k"))
CASES: dict[str, Edited] = {
    **usual(FEW, TYPED),
    "linear": choose(FEW, interpolation="linear", speculative="without"),
    "measured": choose(FEW, interpolation="measured points only", model="gpt-oss-120B"),
    "held": choose(FEW, below_range="hold slowest point", snapshot="2025-12-15"),
}


@pytest.fixture(scope="module")
def functions() -> Functions:
    return Functions(Market(BASE))


@pytest.fixture(scope="module")
def computed(
    tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc
) -> tuple[dict[str, list[Call]], Computed]:
    """Random calls of every function in one workbook: to load it takes longer than thousands of calls."""
    calls: dict[str, list[Call]] = {}
    for function in FUNCTIONS:
        rng = random.Random(function.name)
        calls[function.name] = [draw(rng, function) for _ in range(COUNT)]
    path = tmp_path_factory.mktemp("random") / "calls.xlsx"
    book_of_calls(BASE, path, [call for drawn in calls.values() for call in drawn])
    return calls, Computed(path)


@pytest.mark.engine
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_a_function_equals_its_twin_for_random_arguments(
    function: Function, functions: Functions, computed: tuple[dict[str, list[Call]], Computed]
) -> None:
    drawn, found = computed
    calls, first = drawn[function.name], COUNT * list(drawn).index(function.name)
    wrong, numbers = [], 0
    for i, call in enumerate(calls):
        for row, col, wanted in cells_of(call.value(functions)):
            got = found.at(first + i, row, col)
            numbers += isinstance(wanted, int | float)
            if not same(got, wanted):
                wrong.append(f"={call.text} [{row},{col}]: {got}, twin {wanted}")
    assert not wrong, f"{len(wrong)} of {COUNT}:\n" + "\n".join(wrong[:8])
    assert numbers > COUNT / 8, "too few of the calls have a number for an answer"


def _steady() -> list[Call]:
    """Calls that answer in most scenarios, for edits."""
    pairs = [
        ("GB200 NVL72", "DeepSeek-R1"),
        ("MI355X", "DeepSeek-R1"),
        ("H100", "Llama 3.3 70B"),
        ("Own GPU", "Own model"),
    ]
    calls = []
    for platform, model in pairs:
        for speed in (25.0, 60.0, 77.5):
            one = [platform, model, speed]
            calls += [Call(record(name), list(one)) for name in ("TOKCOST", "TOKRATE", "TOKPERUSD", "TOKPERMW")]
            calls += [Call(record(name), [platform, "H200", model, speed]) for name in ("TOKGAIN", "TOKBREAKEVEN")]
            calls.append(Call(record("TOKGPUS"), [*one, 700]))
        calls.append(Call(record("TOKCOST"), [platform, model, 60, 3.5, "2k/2k", "", "2026-11"]))
        calls += [Call(record("TOKSPEED"), [platform, model, budget]) for budget in (0.05, 0.2, 1, 9)]
        calls.append(Call(record("TOKPRICE"), [platform]))
    return calls


STEADY = _steady()


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory, ironcalc_engine: IronCalc) -> Open:
    path = tmp_path_factory.mktemp("steady") / "calls.xlsx"
    return Open(path, book_of_calls(FEW, path, STEADY, stored=True))


@pytest.mark.engine
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_calling_cell_follows_an_edit_as_the_twin_says(case: Edited, steady: Open) -> None:
    values, functions = steady.values(case.edits), Functions(Market(FEW))
    edited = Functions(Market(case.inputs))
    moved = 0
    for i, call in enumerate(STEADY):
        wanted = call.value(edited)
        assert not isinstance(wanted, list)
        got = values[SHEET, f"A{1 + i * BAND}"]
        assert same(got, wanted), f"={call.text}: {got}, twin {wanted}"
        moved += not same(wanted, call.value(functions))  # type: ignore[arg-type]
    assert moved > 3, "the edit should move some calls"


def test_names_are_forgiven_and_errors_tell_what_is_wrong(functions: Functions) -> None:
    wanted = functions("TOKCOST", "GB200 NVL72", "DeepSeek-R1", 60)
    for platform, model in (
        ("gb200", "deepseek r1"),
        (" GB200  nvl72", "DEEPSEEK-R1"),
        ("NVIDIA GB200", "deepseek_r1"),
    ):
        assert functions("TOKCOST", platform, model, 60) == wanted
    assert functions("TOKRATE", "H100", "DeepSeek-R1", 60, "8192/1024") == functions(
        "TOKRATE", "H100", "DeepSeek-R1", 60, "8k/1k"
    )
    assert functions("TOKCOST", "H1000", "DeepSeek-R1", 60) == VALUE
    assert functions("TOKCOST", "TPU v7 (Ironwood)", "DeepSeek-R1", 60) == NA
    assert functions("TOKCOST", "H100", "Kimi-K2.5", 60) == NA
    assert functions("TOKCOST", "H100", "DeepSeek-R1", -60) == NUM
    assert functions("TOKCOST", "H100", "DeepSeek-R1", 60, -1) == NUM
    assert functions("TOKCOST", "H100", "DeepSeek-R1", 6000) == NA


def test_a_range_gives_a_range_of_its_shape(functions: Functions) -> None:
    found = functions("TOKRATE", "GB200 NVL72", "DeepSeek-R1", [[50.0, 60.0, "x"]])
    assert isinstance(found, list)
    assert found[0][1] == functions("TOKRATE", "GB200 NVL72", "DeepSeek-R1", 60.0)
    assert found[0][2] == VALUE
    table = functions("TOKGPUS", "GB200 NVL72", "DeepSeek-R1", [[50.0, 60.0]], [[100], [90_000]])
    assert isinstance(table, list)
    assert (len(table), len(table[0])) == (2, 2)


@pytest.mark.parametrize("platform", ["GB200 NVL72", "B200", "MI355X", "H100"])
def test_the_speed_within_a_budget_costs_the_budget(functions: Functions, platform: str) -> None:
    for speed in range(30, 120, 7):
        cost = functions("TOKCOST", platform, "DeepSeek-R1", speed)
        if isinstance(cost, float):
            found = functions("TOKSPEED", platform, "DeepSeek-R1", cost)
            assert isinstance(found, float)
            assert found == pytest.approx(speed, rel=1e-6)


def test_every_function_has_a_twin_and_a_text(functions: Functions) -> None:
    registered = {f.name for f in FUNCTIONS}
    assert {name.upper() for name in dir(Functions) if name.startswith("tok")} == registered
    assert TEXTS.keys() == registered | HELPERS.keys()


@pytest.mark.parametrize("name", [f.name for f in FUNCTIONS] + list(HELPERS))
def test_no_name_is_illegal_in_excel(name: str) -> None:
    text = TEXTS[name]
    stored = file_form(text)
    assert len(stored) <= LONGEST
    assert legal_name(name)
    assert len(name) <= 31
    known = {f.upper() for f in KNOWN | FUTURE}
    assert name not in known
    for variable in set(re.findall(r"_xl[po][mp]\.(\w+)", stored)):
        assert re.fullmatch(r"[a-z][a-z_]*", variable), variable
        assert not CELL_LIKE.fullmatch(variable), variable
        assert variable.upper() not in RESERVED, variable
        assert variable.lower() not in TAKEN, f"{variable} is a name of the workbook"
        assert f"_xlpm.{variable}(" not in stored or variable.upper() not in known, (
            f"{variable} is called like a function"
        )


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_a_record_is_complete(function: Function) -> None:
    assert len(function.comment) <= 255
    assert function.unit.label in function.comment
    optional = [a.optional for a in function.arguments]
    assert optional == sorted(optional), "optional arguments come last"
    required = sum(not flag for flag in optional)
    assert required <= len(function.example) <= len(optional)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("functions") / "book.xlsx"
    make(BASE, path)
    return path


def test_a_calling_cell_and_its_metadata_are_stored_as_excel_stores_them(book: Path) -> None:
    with zipfile.ZipFile(book) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}
    sheet = next(text for text in parts.values() if "TOKFRONTIER($E" in text and "<sheetData>" in text)
    scalar = re.search(r'<c r="F7"[^>]*>.*?</c>', sheet)
    assert scalar
    assert re.fullmatch(
        r'<c r="F7" s="\d+" cm="1"><f t="array" ref="F7">TOKCOST\(B\d+,B\d+,B\d+\)</f><v>[\d.]+</v></c>', scalar[0]
    )
    assert re.search(r'cm="1"><f t="array" ref="H\d+:I\d+">TOKFRONTIER', sheet)
    assert 'name="XLDAPR"' in parts["xl/metadata.xml"]
    assert "/xl/metadata.xml" in parts["[Content_Types].xml"]
    assert "sheetMetadata" in parts["xl/_rels/workbook.xml.rels"]
    workbook = parts["xl/workbook.xml"]
    for function in FUNCTIONS:
        found = re.search(rf'<definedName name="{function.name}"[^>]*>(.*?)</definedName>', workbook)
        assert found
        assert found[1].startswith("_xlfn.LAMBDA(_xlpm.")
        assert f'name="{function.name}" comment="' in workbook


def test_the_readme_prints_the_registry() -> None:
    assert table() in (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [[], ["--json"], ["--markdown"]], ids=["text", "json", "markdown"])
def test_the_command_lists_every_function(options: list[str]) -> None:
    found = CliRunner().invoke(app, ["functions", *options])
    assert found.exit_code == 0
    for function in FUNCTIONS:
        assert function.signature in found.stdout
    if options == ["--json"]:
        assert [f["name"] for f in json.loads(found.stdout)] == [f.name for f in FUNCTIONS]


def test_the_help_for_excel_dna_names_every_argument(book: Path) -> None:
    with zipfile.ZipFile(book) as package:
        tree = etree.fromstring(package.read("customXml/item1.xml"))
    space = "{http://schemas.excel-dna.net/intellisense/1.0}"
    assert tree.tag == space + "IntelliSense"
    said = {f.get("Name"): [a.get("Name") for a in f.iter(space + "Argument")] for f in tree.iter(space + "Function")}
    assert said == {f.name: [a.name for a in f.arguments] for f in FUNCTIONS}


@pytest.mark.node
def test_a_workbook_full_of_calls_breaks_no_rule(tmp_path: Path, validator: Callable[[Path], list[str]]) -> None:
    path = tmp_path / "calls.xlsx"
    rng = random.Random(1)
    book_of_calls(thinned(BASE), path, [draw(rng, f) for f in FUNCTIONS for _ in range(3)], stored=True)
    assert validator(path) == []
    assert check(path) == []


@pytest.mark.parametrize("names", [
    ("gb200", "deepseek r1", "8192/1024", "Best", "2025-12-15"), (" NVIDIA GB200-NVL72 ", "dsr1", "8K / 1K", "any", "2025-12-15"),
    ("GB200 nvl72", "DeepSeek-R1-0528", "8000/1000", "", 46006),
])  # fmt: skip
def test_the_python_interface_forgives_the_spellings_that_the_functions_forgive(names: tuple[Any, ...]) -> None:
    platform, model, *choices = names
    exact = ("GB200 NVL72", "DeepSeek-R1", 60)
    assert xlmodel.throughput(platform, model, 60, *choices) == xlmodel.throughput(*exact, snapshot="2025-12-15")
    assert xlmodel.cost(platform, model, 60, "oracle", *choices) == xlmodel.cost(
        *exact, "Oracle list", snapshot="2025-12-15"
    )
    assert xlmodel.market(model) is xlmodel.market("DeepSeek-R1")


def test_the_python_interface_answers_a_name_that_is_unknown_as_the_functions_do() -> None:
    assert xlmodel.cost("GB400", "DeepSeek-R1", 60) == xlmodel.throughput("GB200", "DeepSeek-R1", 60, "9k/9k") == VALUE
    with pytest.raises(InputRefused, match="GPT-9"):
        xlmodel.throughput("GB200", "GPT-9", 60)
