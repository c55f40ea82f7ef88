"""The tracer that `explain` follows formulas with: it agrees with the engine's values or says that it does not know."""

import time
from pathlib import Path
from typing import ClassVar

import pytest

from xlmodel.book.refs import position
from xlmodel.calc.values import NA, Value, same
from xlmodel.commands.produce import write_book
from xlmodel.engines.recalculate import stored
from xlmodel.readers.assemble import gather
from xlmodel.returned.explain.arrays import Unknown
from xlmodel.returned.explain.labels import Workbook
from xlmodel.returned.explain.long_references import NamedTable
from xlmodel.returned.explain.trace import Range, Trace
from xlmodel.xlsx.formula_tree import Unreadable, parse
from xlmodel.xlsx.parts import Package


class Grid:
    """Two columns of a sheet called S."""

    names: ClassVar = {"rate": "S!$B$2"}
    tables: ClassVar = {"tblrows": NamedTable("S", (1, 1, 3, 2), ("Key", "Value"))}
    values: ClassVar[dict[tuple[int, int], Value]] = {
        (1, 1): "a", (2, 1): "b", (3, 1): "c", (1, 2): 10.0, (2, 2): 20.0, (3, 2): 30.0, (4, 2): NA,
    }  # fmt: skip

    def value(self, sheet: str, row: int, col: int) -> Value:
        return self.values.get((row, col))

    def sheet_name(self, text: str) -> str | None:
        return "S" if text.casefold() == "s" else None


HERE = Range("S", 9, 9, 9, 9)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1+2*3^2", 19.0),
        ("-2^2", 4.0),
        ("2^3^2", 64.0),
        ("10%*50", 5.0),
        ("(1+2)*-3", -9.0),
        ('"a"&1.5&TRUE', "a1.5TRUE"),
        ('"A"="a"', True),
        ("B5=0", True),
        ('B5=""', True),
        ("1<>2", True),
        ("Rate*2", 40.0),
        ("'s'!$B$3/B1", 3.0),
        ("1/B5", "#DIV/0!"),
        ("B4+1", "#N/A"),
        ("IF(B1>5,B2,B4)", 20.0),
        ("IF(B1<5,B2)", False),
        ("IFERROR(B4,7)", 7.0),
        ("INDEX(B1:B3,2)", 20.0),
        ("INDEX(A1:B3,3,2)", 30.0),
        ("INDEX(B1:B3,9)", "#REF!"),
        ('INDEX(B1:B3,MATCH("B",A1:A3,0))', 20.0),
        ("MATCH(25,B1:B3,1)", 2),
        ('MATCH("z",A1:A3,0)', "#N/A"),
        ('SUMPRODUCT((A1:A3="b")*B1:B3)', 20.0),
        ("SUM(B1:B3,1)", 61.0),
        ("COUNT(B1:B5)", 3),
        ('COUNTIFS(A1:A3,"<>b",B1:B3,">15")', 1.0),
        ("MAX(B1:B3)-MIN(B1:B3)", 20.0),
        ("ROW()", 9),
        ("ROW(B3)", 3),
        ("AND(B1>1,B2>1)", True),
        ("OR(B1>99,B2>99)", False),
        ("ISNUMBER(B4)", False),
        ("ISNUMBER(B1)", True),
        ("ISBLANK(B5)", True),
        ("SUM(tblRows[Value])", 50.0),
        ("SUM(TBLROWS[[#Data],[value]])", 50.0),
    ],
)
def test_what_is_followed_has_the_value_of_a_spreadsheet(formula: str, value: Value) -> None:
    found = Trace(formula, HERE, Grid()).result
    assert not isinstance(found, Unknown)
    assert str(found) == value if isinstance(value, str) else same(found, value)


@pytest.mark.parametrize(
    "formula",
    ["NOSUCH(B1)", "LET(x,B1,x)", "B1:INDEX(B1:B3,2)", "A:A", "tbl[Price]", "1+", "(", "{1,2}", "IF()", "X!A1", ""],
)
def test_what_is_not_followed_is_unknown_and_never_wrong(formula: str) -> None:
    assert isinstance(Trace(formula, HERE, Grid()).result, Unknown)


def test_a_lookup_reads_the_cell_it_takes_and_what_it_was_chosen_by() -> None:
    reads = Trace("INDEX(B1:B3,MATCH(A2,A1:A3,0))*IF(B1>5,2,B3)", HERE, Grid()).reads
    taken = {(r.hit or r.area).top: r.how for r in reads if not r.steers}
    assert taken == {2: "picked"}
    assert {r.how for r in reads if r.steers} == {"value", "searched"}


def test_an_unknown_function_still_lists_what_it_reads() -> None:
    assert {r.area.top for r in Trace("NOSUCH(B1)+IF(NOSUCH(B2),B3,1)", HERE, Grid()).reads} == {1, 2, 3}


@pytest.mark.parametrize(
    ("formula", "rows", "lost"),
    [
        ("SUM(B:B)", 1_048_576, []),
        ("SUM(2:3)", 2, []),
        ("SUM(tblRows[Note])", 0, ["tblRows[Note]"]),
        ("X!A1*2", 0, ["X!A1"]),
        ("[1]S!A1*2", 0, ["[1]S!A1"]),
    ],
)
def test_whole_lines_are_listed_and_what_is_not_in_the_file_is_said(formula: str, rows: int, lost: list[str]) -> None:
    trace = Trace(formula, HERE, Grid())
    assert sum(r.area.bottom - r.area.top + 1 for r in trace.reads) == rows
    assert trace.lost == lost


@pytest.mark.parametrize("formula", ["(" * 5000, "-" * 5000 + "1", "1" + "+1" * 4000, "IF(" * 2000, "A1" * 9000])
def test_a_hostile_formula_is_given_up_quickly(formula: str) -> None:
    start = time.perf_counter()
    Trace(formula, HERE, Grid())
    assert time.perf_counter() - start < 2


def test_too_long_a_formula_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        parse("1+" * 5000 + "1")


@pytest.mark.slow
def test_the_tracer_agrees_with_every_stored_value_that_it_claims_to_know(tmp_path: Path) -> None:
    write_book(gather(models=["Llama 3.3 70B"]), tmp_path / "a.xlsx", recalculate=False)
    package = Package(tmp_path / "a.xlsx")
    book = Workbook(package)
    wrong, known = [], 0
    for (sheet, a1), (text, value) in stored(package).items():
        assert text == book.formula(sheet, *position(a1))
        row, col = position(a1)
        found = Trace(text, Range(sheet, row, col, row, col), book).result
        if isinstance(found, Unknown):
            continue
        known += 1
        if not same(0 if found is None else found, value, 1e-9):  # a formula that leads to an empty cell shows 0
            wrong.append((sheet, a1, text, found, value))
    assert not wrong
    assert known > 2000
