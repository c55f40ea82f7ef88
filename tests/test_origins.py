"""A book that another program saved is the same model: checked, compared, refreshed, and its planted faults found."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import programs
import pytest
from books import first_quote, make
from conftest import need
from desk import Desk
from test_cli import run

from xlmodel.book.places import PRICES, QUOTE_COLUMNS
from xlmodel.book.point_places import BENCHMARKS
from xlmodel.commands.produce import refresh_book
from xlmodel.engines.programs import IronCalc
from xlmodel.readers.assemble import gather
from xlmodel.returned.check import ERROR
from xlmodel.returned.check.run_check import audit
from xlmodel.returned.diff.compare import compare
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.origin import CHARTS, FUNCTIONS, MENUS, PROTECTION, RECORD, RESULTS, TABLES
from xlmodel.returned.typed_inputs import read_contents

INPUTS = gather(models=["GLM-5.1"])  # the smallest book: every program and every command opens it
DAY = datetime.date(2026, 11, 27)
office, node, engine = pytest.mark.office, pytest.mark.node, pytest.mark.engine


@dataclass(frozen=True)
class Program:
    """A program, and what of a build it takes away when it saves."""

    name: str
    save: Callable[[Path, Path], None]
    lost: tuple[str, ...] = ()
    ending: str = ".xlsx"


PROGRAMS = [
    pytest.param(Program("Gnumeric", programs.gnumeric, (FUNCTIONS, TABLES, RECORD)), marks=office),
    pytest.param(Program("LibreOffice", programs.libreoffice, (FUNCTIONS,)), marks=office),
    pytest.param(Program("LibreOffice", programs.libreoffice_ods, (FUNCTIONS, RECORD), ".ods"), marks=office),
    pytest.param(Program("IronCalc", programs.ironcalc, (CHARTS, TABLES, MENUS, PROTECTION, RECORD)), marks=engine),
    pytest.param(Program("ExcelJS", programs.exceljs, (FUNCTIONS, CHARTS, RECORD)), marks=node),
    pytest.param(Program("SheetJS", programs.sheetjs, (CHARTS, TABLES, MENUS, PROTECTION, RECORD)), marks=node),
    pytest.param(Program("openpyxl", programs.openpyxl, (RESULTS, RECORD))),
    pytest.param(Program("Google Sheets", programs.google_sheets, (FUNCTIONS, RECORD))),
    pytest.param(Program("Excel for the web", programs.excel_web)),
]  # fmt: skip
IDS = ["gnumeric", "libreoffice", "ods", "ironcalc", "exceljs", "sheetjs", "openpyxl", "google", "web"]
each = pytest.mark.parametrize("program", PROGRAMS, ids=IDS)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "book.xlsx"
    make(INPUTS, path)
    return path


@cache
def saved(program: Program, source: Path) -> Path:
    """The book as the program saves it, once for all tests: some programs take seconds to start."""
    target = source.with_name(f"{source.stem} of {program.name}{program.ending}")
    need(lambda: program.save(source, target))
    return target


@each
def test_a_saved_book_is_the_same_model_and_one_line_says_what_is_gone(program: Program, book: Path) -> None:
    found = audit(saved(program, book), DAY)
    said = [finding for finding in found.findings if finding.rule == "origin"]
    assert [finding for finding in found.findings if finding.rule != "origin"] == []
    assert len(said) == (1 if program.lost else 0)
    for finding in said:
        assert program.name in finding.found
        assert "xlmodel refresh" in finding.fix
        assert ("functions add" in finding.fix) == (FUNCTIONS in program.lost)
    assert all(words in found.facts["taken_away"] for words in program.lost)
    assert found.facts["compared"]


@each
def test_a_saved_book_is_compared_and_refreshed(program: Program, book: Path, tmp_path: Path) -> None:
    path = saved(program, book)
    assert compare(book, path).same
    made = refresh_book(path, tmp_path / "new.xlsx", day=DAY)
    assert made.left == ()
    assert charts(tmp_path / "new.xlsx") == charts(book), "none lost, and none of the build beside its own double"
    assert [remark for remark in made.remarks if "saved the file" not in remark.what] == []
    assert audit(tmp_path / "new.xlsx", DAY).findings == ()
    results = compare(book, tmp_path / "new.xlsx")
    assert results.before == results.after


def charts(path: Path) -> int:
    return sum(name.startswith("xl/charts/chart") for name in Desk(path).parts)


@pytest.fixture(scope="module")
def faulty(book: Path) -> Path:
    """A formula typed over and another one changed, a label reworded, a quote and a point edited, an own price."""
    desk = Desk(book)
    desk.set(PRICES, "B7", 9.5)
    desk.set("Cost curves", "C8", 12345.0)
    desk.formula("Summary", "C17", "1+1", 2)
    desk.set("Cover", "A8", "Bild")
    desk.set(PRICES, first_quote(INPUTS).step(3, QUOTE_COLUMNS.index("USD/GPU-hour")).a1, 99.0)
    desk.set(BENCHMARKS, "K9", 77.0)
    return desk.save(book.with_name("faulty.xlsx"))


@each
def test_faults_planted_before_another_program_saved_are_found(program: Program, faulty: Path) -> None:
    path = saved(program, faulty)
    found = audit(path, DAY)
    where = {(finding.rule, finding.where) for finding in found.findings}
    assert ("overwritten", "'Cost curves'!C8") in where
    assert ("formula", "Summary!C17") in where
    assert ("words", "Cover!A8") in where
    assert found.counts[ERROR] >= 2
    inputs = read_contents(open_mailed(path)).inputs
    assert next(iter(inputs.own_prices.values())) == 9.5
    assert inputs.quotes[3].usd_per_gpu_hour == 99
    assert inputs.points[2].throughput == 77


def test_a_book_of_excel_keeps_its_faults_to_itself(book: Path, tmp_path: Path) -> None:
    desk = Desk(book)
    desk.parts["docProps/app.xml"] = re.sub(
        b"<Application>.*</AppVersion>",
        b"<Application>Microsoft Excel</Application><AppVersion>16.0300</AppVersion>",
        desk.parts["docProps/app.xml"],
    )
    names = desk.parts["xl/workbook.xml"].replace(b"_xlfn.LAMBDA(", b"_xlfn.lambda(")
    desk.parts["xl/workbook.xml"] = names
    rules = {finding.rule for finding in audit(desk.save(tmp_path / "a.xlsx"), DAY).findings}
    assert "functions" in rules
    assert "origin" not in rules


def test_the_functions_come_back_into_a_book_of_libreoffice(book: Path, tmp_path: Path) -> None:
    desk = Desk(book)
    desk.parts["docProps/app.xml"] = desk.parts["docProps/app.xml"].replace(
        b"Microsoft Excel Compatible / Openpyxl", b"LibreOffice/7.4"
    )
    desk.parts["xl/workbook.xml"] = desk.parts["xl/workbook.xml"].replace(b"_xlfn.LAMBDA(", b"_xlfn.lambda(")
    path = desk.save(tmp_path / "a.xlsx")
    assert FUNCTIONS in open_mailed(path).origin.lost
    ran = run("functions", "add", path)
    assert ran.code == 0, ran.out
    assert open_mailed(path).origin.lost == ()
    values = IronCalc().values(path)
    assert values["Functions", "F7"] == pytest.approx(values["Functions", "G7"], rel=1e-9)
