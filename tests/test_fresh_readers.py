"""Readers that share no line with this project open the default book and read the numbers of the Summary as they are stored."""

import importlib
import json
import math
import warnings
from collections.abc import Callable
from pathlib import Path

import programs
import pytest
from books import default, make
from conftest import need

from xlmodel.engines.gnumeric import Gnumeric
from xlmodel.returned.explain.labels import Workbook
from xlmodel.xlsx.parts import Package

SHEET = "Summary"
Grid = dict[tuple[int, int], float]
EXCELJS = """
const ExcelJS = require('exceljs');
const book = new ExcelJS.Workbook();
book.xlsx.readFile(process.argv[1]).then(() => {
  const found = [];
  book.getWorksheet('Summary').eachRow((row, r) => row.eachCell((cell, c) => {
    const value = cell.result ?? cell.value;
    if (typeof value === 'number') found.push([r, c, value]);
  }));
  console.log(JSON.stringify(found));
});
"""
SHEETJS = """
const xlsx = require('xlsx');
const sheet = xlsx.readFile(process.argv[1]).Sheets['Summary'];
const found = [];
for (const [a1, cell] of Object.entries(sheet))
  if (cell.t === 'n') { const at = xlsx.utils.decode_cell(a1); found.push([at.r + 1, at.c + 1, cell.v]); }
console.log(JSON.stringify(found));
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "book.xlsx"
    make(default(), path)
    return path


def stored(path: Path) -> Grid:
    """The numbers of the sheet as the package stores them."""
    found = Workbook(Package(path))
    cells = {at: found.value(SHEET, *at) for at in found.cells(SHEET)}
    return {at: float(v) for at, v in cells.items() if isinstance(v, int | float) and not isinstance(v, bool)}


def by_node(script: str) -> Callable[[Path], Grid]:
    def read(path: Path) -> Grid:
        return {(int(r), int(c)): float(value) for r, c, value in json.loads(programs.node(script, path))}

    return read


def calamine(path: Path) -> Grid:
    reader = importlib.import_module("python_calamine")
    rows = reader.CalamineWorkbook.from_path(str(path)).get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    return numbers(rows)


def pandas(path: Path) -> Grid:
    read = importlib.import_module("pandas").read_excel
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = read(path, sheet_name=SHEET, header=None, engine="openpyxl")
    return numbers(frame.values.tolist())


def numbers(rows: list[list[object]]) -> Grid:
    return {
        (r, c): float(value)
        for r, row in enumerate(rows, 1)
        for c, value in enumerate(row, 1)
        if isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
    }


def gnumeric(path: Path) -> Grid:
    (saved,) = Gnumeric().save([path], path.parent / "saved", calculated=False)
    return stored(saved)


READERS = [
    pytest.param(by_node(EXCELJS), id="ExcelJS", marks=pytest.mark.node),
    pytest.param(by_node(SHEETJS), id="SheetJS", marks=pytest.mark.node),
    pytest.param(calamine, id="calamine"),
    pytest.param(pandas, id="pandas"),
    pytest.param(gnumeric, id="Gnumeric", marks=pytest.mark.office),
]


@pytest.mark.parametrize("read", READERS)
def test_a_fresh_reader_finds_the_numbers_of_the_summary(read: Callable[[Path], Grid], book: Path) -> None:
    expected = stored(book)
    found = need(lambda: read(book))
    assert len(expected) > 80
    assert {at: found.get(at) for at in expected} == pytest.approx(expected, rel=1e-12)
