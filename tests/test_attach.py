"""`xlmodel functions add`: the functions go into somebody's workbook, and nothing else in it changes."""

import warnings
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import foreign
import pytest
from books import make, own_price
from desk import Desk
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from test_cli import refused, run
from typer.testing import CliRunner

from xlmodel.book.places import Places
from xlmodel.book.point_places import BENCHMARKS
from xlmodel.commands.app import app
from xlmodel.commands.attach import Attached, add_functions
from xlmodel.engines.recalculate import compare
from xlmodel.errors import InputRefused
from xlmodel.model.function_records import FUNCTIONS
from xlmodel.model.market import Market
from xlmodel.model.workbook_functions import Functions
from xlmodel.readers.assemble import DATA_DATE, gather
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.typed_inputs import read_contents
from xlmodel.sheets.order import describe_functions
from xlmodel.xlsx.rules.run_rules import check

INPUTS = gather(models=["Llama 3.3 70B"])
REGISTERS = {
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/calcChain.xml",
}


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return foreign.make(tmp_path_factory.mktemp("foreign") / "budget.xlsx")


@pytest.fixture(scope="module")
def added(mine: Path) -> Attached:
    return add_functions(mine, INPUTS, mine.with_name("with functions.xlsx"))


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def opened(path: Path) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it would lose
        return load_workbook(BytesIO(path.read_bytes()), data_only=True)


def look(cell: Cell | MergedCell) -> tuple[str, ...]:
    return (*map(repr, (cell.font, cell.fill, cell.border, cell.alignment)), cell.number_format)


def test_every_part_but_the_registers_stays_byte_for_byte(mine: Path, added: Attached) -> None:
    before, after = parts_of(mine), parts_of(added.path)
    changed = {name for name, data in before.items() if after.get(name) != data}
    assert changed == REGISTERS
    assert added.kept == len(before) - len(changed)
    for kind in ("charts/chart", "drawings/drawing", "pivotTables/", "pivotCache/", "comments", "tables/table"):
        assert any(kind in name for name in before.keys() - changed), kind
    assert list(after)[: len(before) - 1] == [name for name in before if name != "xl/calcChain.xml"]


@pytest.mark.node
def test_the_package_stays_valid(mine: Path, added: Attached, validator: Callable[[Path], list[str]]) -> None:
    assert validator(mine) == []
    assert validator(added.path) == []
    ours = [f for f in check(added.path) if "timestamps" not in str(f) and "Budget" not in str(f)]
    assert not [f for f in ours if "Charts & more" not in str(f)], ours


def test_own_values_and_formats_are_as_they_were(mine: Path, added: Attached) -> None:
    before, after = (opened(path)["Budget 2027"] for path in (mine, added.path))
    for row in before.iter_rows(max_row=12, max_col=9):
        for cell in row:
            other = after[cell.coordinate]
            assert other.value == cell.value
            assert look(other) == look(cell)


def test_added_sheets_look_as_in_a_book_of_their_own(added: Attached, tmp_path: Path) -> None:
    from xlmodel.xlsx.package import write  # noqa: PLC0415

    with (tmp_path / "own.xlsx").open("wb") as target:
        write(describe_functions(INPUTS, DATA_DATE), target)
    own, here = opened(tmp_path / "own.xlsx"), opened(added.path)
    for name in ("Functions", "Prices", "Scenario"):
        for row in own[name].iter_rows(max_row=40):
            for cell in row:
                other = here[name][cell.coordinate]
                assert other.value == cell.value
                assert look(other) == look(cell), cell.coordinate
                assert other.protection.locked == cell.protection.locked


@pytest.mark.engine
def test_every_added_formula_gives_the_value_of_the_python_model(added: Attached) -> None:
    count, differences = compare(describe_functions(INPUTS, DATA_DATE), added.path, first=2)
    assert count > 4000
    assert differences == []


@pytest.mark.engine
def test_the_functions_answer_in_a_sheet_that_was_there_before(added: Attached) -> None:
    import ironcalc  # noqa: PLC0415 - skipped where it is missing

    model = ironcalc.load_from_xlsx(str(added.path), "en", "UTC", "en")
    model.set_user_input(0, 30, 1, '=TOKCOST("h100","llama-3.3-70b",30)')
    model.evaluate()
    twin = Functions(Market(INPUTS))
    assert model.get_cell_value(0, 30, 1) == pytest.approx(twin("TOKCOST", "H100", "Llama 3.3 70B", 30), rel=1e-9)
    own = own_price(INPUTS, "H100")
    sheet = 2 + [s.name for s in describe_functions(INPUTS).sheets].index("Prices")
    model.set_user_input(sheet, own.row, own.col, "7.25")
    model.evaluate()
    assert model.get_cell_value(0, 30, 1) == pytest.approx(twin("TOKCOST", "H100", "Llama 3.3 70B", 30, 7.25), rel=1e-9)


def _named(sheet: str) -> Callable[[dict[str, str]], None]:
    def change(parts: dict[str, str]) -> None:
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace('name="Charts &amp; more"', f'name="{sheet}"')

    return change


def _replaced(part: str, old: str, new: str) -> Callable[[dict[str, str]], None]:
    def change(parts: dict[str, str]) -> None:
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)

    return change


TAKEN = {
    "a sheet": (_named("PRICES"), ("sheet PRICES", "rename your sheet")),
    "a name": (_replaced("xl/workbook.xml", 'name="Rate"', 'name="TokCost"'), ("name TOKCOST", "name manager")),
    "a table": (_replaced("xl/tables/table1.xml", 'displayName="OwnList"', 'displayName="tblPrices"'), ("name tblPrices", "name manager")),
    "a locked structure": (
        _replaced("xl/workbook.xml", "<bookViews>", '<workbookProtection lockStructure="1"/><bookViews>'), ("structure is protected", "unprotect"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN.values(), ids=TAKEN)
def test_what_is_taken_is_refused_and_nothing_is_written(
    case: tuple[Callable[[dict[str, str]], None], tuple[str, str]], tmp_path: Path
) -> None:
    path = foreign.rewrite(foreign.make(tmp_path / "mine.xlsx"), case[0])
    before = path.read_bytes()
    with pytest.raises(InputRefused) as refused:
        add_functions(path, INPUTS)
    assert len(refused.value.problems) == 1
    assert all(words in str(refused.value) for words in case[1])
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["mine.xlsx"]


@pytest.mark.parametrize("mark", ["~$mine.xlsx", ".~lock.mine.xlsx#"])
def test_a_workbook_that_is_open_in_another_program_is_left_alone(mark: str, tmp_path: Path) -> None:
    path = foreign.make(tmp_path / "mine.xlsx")
    before = path.read_bytes()
    (tmp_path / mark).write_bytes(b"someone")
    with pytest.raises(InputRefused, match="open in another program"):
        add_functions(path, INPUTS)
    assert path.read_bytes() == before


@pytest.mark.engine
def test_an_earlier_set_is_replaced_with_what_was_typed_into_it(mine: Path, added: Attached, tmp_path: Path) -> None:
    d = Desk(added.path)
    d.set("Prices", "B7", 3.5)
    d.set(BENCHMARKS, "N8", 0)
    again = add_functions(d.save(tmp_path / "mine.xlsx"), gather(models=["GLM-5.1"]))
    assert again.functions == added.functions
    found = read_contents(open_mailed(again.path))
    assert found.inputs.own_prices == {Places(INPUTS).platforms[0]: 3.5}
    assert found.inputs.models == INPUTS.models
    assert [p.include for p in found.inputs.points].count(False) == 1
    names = [name for name in parts_of(again.path) if "customXml/item" in name]
    assert names == [name for name in parts_of(added.path) if "customXml/item" in name]
    count, differences = compare(describe_functions(found.inputs, DATA_DATE), again.path, first=2)
    assert count > 4000
    assert differences == []
    before, after = parts_of(mine), parts_of(again.path)
    assert {name for name, data in before.items() if after.get(name) != data} == REGISTERS


def test_a_full_build_has_nothing_to_add(tmp_path: Path) -> None:
    make(INPUTS, tmp_path / "full.xlsx")
    with pytest.raises(InputRefused, match=r"a full build.*xlmodel refresh full.xlsx"):
        add_functions(tmp_path / "full.xlsx", INPUTS)


def test_check_reviews_what_was_added_and_leaves_the_rest_alone(added: Attached) -> None:
    ran = run("check", added.path, "--on", "2026-11-24")
    assert ran.code == 0, ran.out
    assert "holds the functions and the sheets they need, not a full build" in " ".join(ran.out.split())
    assert "own sheets: Budget 2027, Charts & more" in " ".join(ran.out.split())
    assert "No finding" in ran.out


@pytest.mark.engine
def test_check_finds_what_was_done_to_it_and_proposes_only_what_is_possible(added: Attached, tmp_path: Path) -> None:
    d = Desk(added.path)
    used = describe_functions(INPUTS).areas["prices.in_use"].cell(0).a1
    d.set("Prices", used, 2.0)
    d.set("Prices", "B7", "9.5 USD")
    d.set("Benchmarks", "K8", 99_999.0)
    found = {f.rule: f for f in audit(d.save(tmp_path / "x.xlsx")).findings}
    assert found["overwritten"].where == f"Prices!{used}"
    assert found.keys() >= {"overwritten", "unusable", "data", "stored"}
    assert not any("refresh" in f.fix for f in found.values())
    assert found["overwritten"].fix.endswith("xlmodel functions add")


def test_diff_compares_two_of_them_and_tells_one_from_a_full_build(added: Attached, tmp_path: Path) -> None:
    d = Desk(added.path)
    d.set("Prices", "B7", 3.5)
    ran = run("diff", added.path, d.save(tmp_path / "x.xlsx"))
    assert ran.code == 1
    assert "empty -> 3.5 [Prices!B7]" in " ".join(ran.out.split())
    make(INPUTS, tmp_path / "full.xlsx")
    ran = run("diff", added.path, tmp_path / "full.xlsx")
    assert "What it holds: the functions and the sheets they need, not a full build -> a full build" in " ".join(
        ran.out.split()
    )


@pytest.mark.parametrize("command", ["refresh", "check"])
def test_what_cannot_be_done_is_refused_with_a_way_out(command: str, added: Attached, tmp_path: Path) -> None:
    path = added.path
    if command == "check":  # without the contract nothing tells what was added
        path = tmp_path / "saved.xlsx"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            load_workbook(added.path).save(path)
    output = ("-o", tmp_path / "out.xlsx") if command == "refresh" else ()
    refused(
        run(command, path, *output),
        "the functions and the sheets they need, not a full build",
        "add the functions again",
    )
    assert not (tmp_path / "out.xlsx").exists()


def test_the_command_replaces_the_workbook_in_one_step_and_says_what_it_did(tmp_path: Path) -> None:
    path = foreign.make(tmp_path / "mine.xlsx")
    found = CliRunner().invoke(app, ["functions", "add", str(path), "--model", "Llama 3.3 70B"])
    assert found.exit_code == 0, found.output
    assert f"{len(FUNCTIONS)} functions" in found.stdout
    assert [p.name for p in tmp_path.iterdir()] == ["mine.xlsx"]
    with zipfile.ZipFile(path) as package:
        assert "TOKCOST" in package.read("xl/workbook.xml").decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing.xlsx"], "no such file"),
        (["notes.txt"], "a file that is not a workbook"),
        (["mine.xlsx", "-o", "mine.xlsx"], "one of the inputs"),
        (["mine.xlsx", "-o", "out.xlsm"], "-o out.xlsx"),
        (["mine.xlsx", "-o", "taken.xlsx"], "a name that is not taken"),
    ],
)
def test_a_mistake_is_answered_with_its_fix(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    foreign.make(tmp_path / "mine.xlsx")
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "taken.xlsx").write_text("x")
    found = CliRunner().invoke(app, ["functions", "add", *arguments])
    assert found.exit_code == 2
    assert words in " ".join(found.stderr.split())
