"""The contract says where everything stands that a reader may change, and survives the way into the file and back."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from books import default, make, typed_choice
from lxml import etree

from xlmodel.book.contract import Contract, mark
from xlmodel.book.contract_facts import contract_of
from xlmodel.book.point_places import SPARE_POINTS
from xlmodel.book.spec import Book
from xlmodel.sheets.order import describe
from xlmodel.xlsx.contract_part import NAMESPACE, BadContract, from_xml, to_xml
from xlmodel.xlsx.parts import Package

BASE = default()


@pytest.fixture(scope="module")
def book() -> Book:
    return describe(BASE, build_date="2026-01-02", build_id="test")


@pytest.fixture(scope="module")
def contract(book: Book) -> Contract:
    return contract_of(book, "1.2.3")


def test_every_cell_that_looks_like_an_input_is_one(book: Book) -> None:
    for sheet in book.sheets:
        known = {(ref.row, ref.col) for ref in sheet.inputs.values()}
        tables = [(t.area.row, t.area.last_row + t.spare, t.area.col, t.area.last_col) for t in sheet.tables]
        for row, cells in sheet.cells.items():
            for col, cell in cells.items():
                inside = any(top < row <= low and left <= col <= right for top, low, left, right in tables)
                # the legend on the cover shows an input without being one
                legend = sheet.name == "Cover" and cell.value == 12.5
                if cell.style in ("Input", "Input text") and not inside and not legend:
                    assert (row, col) in known, f"{sheet.name} row {row} column {col} has no key"
        for row, col in known:
            assert sheet.cells[row][col].style in ("Input", "Input text")


def test_it_reads_back_as_it_was_written(contract: Contract) -> None:
    again = from_xml(etree.fromstring(to_xml(contract)))
    assert again == contract
    odd = replace(contract, title='A "title" <with> & \t all', models=("a & b",))
    assert from_xml(etree.fromstring(to_xml(odd))) == replace(odd, title='A "title" <with> & \t all')


def test_it_is_small_and_stands_beside_the_help_on_functions(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    make(BASE, path)
    with zipfile.ZipFile(path) as archive:
        items = [n for n in archive.namelist() if n.startswith("customXml/item") and "Props" not in n]
        spaces = {n: etree.fromstring(archive.read(n)).nsmap[None] for n in items}
        part = next(n for n, space in spaces.items() if space == NAMESPACE)
        assert archive.getinfo(part).compress_size <= 65_000
    assert len(items) == 2
    assert sum(r.kind == "customXml" for r in Package(path).relations("xl/workbook.xml").values()) == 2


def test_inputs_have_marks_that_tell_neighbours_apart(contract: Contract) -> None:
    assert contract.inputs.keys() == contract.marks.keys()
    by_sheet: dict[str, list[str]] = {}
    for key, ref in contract.inputs.items():
        by_sheet.setdefault(ref.sheet, []).append(contract.marks[key])
    for sheet, marks in by_sheet.items():
        assert len(set(marks)) == len(marks), f"two inputs of {sheet} look alike"


def test_another_input_is_no_word_of_a_mark() -> None:
    words = {(7, 1): "Utilization", (7, 2): "typed"}
    look = lambda row, col: words.get((row, col), "")  # noqa: E731
    assert mark(look, 7, 3, [(7, 2)]) == mark(look, 7, 3, [])
    assert mark(look, 7, 3, [(7, 1)]) != mark(look, 7, 3, [])


def test_the_tables_carry_seals_that_any_changed_number_breaks(book: Book, contract: Contract) -> None:
    table = contract.tables["tblBenchmarks"]
    assert table.count == len(BASE.points)
    assert len(table.seals) == -(-table.count // table.step) <= 96
    changed = list(BASE.points)
    changed[700] = replace(changed[700], throughput=changed[700].throughput * 1.01)
    other = contract_of(describe(replace(BASE, points=tuple(changed)), build_id="test"), "1.2.3")
    broken = [
        i for i, (a, b) in enumerate(zip(table.seals, other.tables["tblBenchmarks"].seals, strict=True)) if a != b
    ]
    assert broken == [700 // table.step]
    marked = replace(BASE, points=(replace(BASE.points[0], include=False), *BASE.points[1:]))
    assert contract_of(describe(marked, build_id="test"), "1").tables["tblBenchmarks"].seals == table.seals


SIGN = f'at="{typed_choice("interactivity").a1}"'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version="1.2.3"', ""),
        (SIGN, 'at="B0"'),
        (SIGN, 'at="ZZZ1"'),
        (SIGN, 'at="B45:B46"'),
        (SIGN, ""),
        (f'leftOut="{BASE.left_out}"', 'leftOut="-1"'),
        (f'spare="{SPARE_POINTS}"', 'spare="9999999999"'),
        ('own=""', 'own="1-99999999999999"'),
        ("Model|Platform|", "Model|"),
        ('key="cover.prepared/name"', ""),
    ],
)
def test_a_damaged_contract_is_said_to_be_so(contract: Contract, old: str, new: str) -> None:
    text = to_xml(contract).decode()
    assert old in text
    with pytest.raises(BadContract):
        from_xml(etree.fromstring(text.replace(old, new, 1).encode()))


def test_the_first_line_of_changes_is_the_build(book: Book) -> None:
    sheet = next(sheet for sheet in book.sheets if sheet.name == "Changes")
    summary = next(sheet for sheet in book.sheets if sheet.name == "Summary")
    assert sheet.cells[7][2].value.startswith(f"Built test: {len(BASE.points):,} points")  # type: ignore[union-attr]
    cost = summary.outputs["cost"]
    assert sheet.cells[7][5].value == summary.cells[cost.row][cost.col].value
    assert book.sheets[-1] is sheet
