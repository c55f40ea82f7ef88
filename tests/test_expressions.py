"""Expressions compute what an engine computes from their text, with the fewest brackets, over numbers and arrays alike."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.calc import functions as f
from xlmodel.calc.address import Ref
from xlmodel.calc.arithmetic import COMPARE, RECKON, single
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.expression import NOWHERE, Expr, Literal, Seat
from xlmodel.calc.matrix import Matrix, each, operate, scalar
from xlmodel.calc.values import DIV0, NA, ExcelError, Value, same
from xlmodel.engines.programs import IronCalc
from xlmodel.model.economics import cost
from xlmodel.units import ANY

COUNT = int(os.environ.get("XLMODEL_EXPRESSIONS", "400"))
NUMBERS: list[Value] = [3.0, -2.5, 0.0, 60.0, 1e6, 0.1, 7.0, 2.0]
MIXED: list[Value] = [3.0, "GB200", None, -1.0, "b", 2.0, "GB200", 0.5]
ERRORS: list[Value] = [1.0, NA, 2.0, DIV0, 5.0, 0.0, NA, 4.0]
TEXTS: list[Value] = ["GB200", "b200", "8k/1k", "", "x", "B200", "latest", "1"]
ASCENDING: list[Value] = [0.1, 1.0, 2.0, 3.0, 5.0, 9.0, 60.0, 100.0]
LINES = [
    Line(ANY, values, 8, Ref("Data", 2, col), form="col")
    for col, values in enumerate((NUMBERS, MIXED, ERRORS, TEXTS, ASCENDING), 1)
]
N, M, E, T, A = LINES


def numbers(r: random.Random, depth: int) -> Expr:
    """A random expression that usually is a number."""
    if depth == 0:
        return r.choice((Literal(r.choice((0, 1, 2, 0.5, -3, 1000))), N, N, A, E, N.cell(r.randrange(8)), N.shift(0)))

    def sub() -> Expr:
        return numbers(r, depth - 1)

    choices: list[Callable[[], Any]] = [
        lambda: sub() + sub(), lambda: sub() - sub(), lambda: sub() * sub(), lambda: sub() / sub(), lambda: -sub(), lambda: sub() ** 2,
        lambda: f.IF(truths(r, depth - 1), sub(), sub()), lambda: f.IFERROR(sub(), sub()), lambda: f.MAX(sub(), sub(), 0),
        lambda: f.MIN(N.all, sub()), lambda: f.SUM(N.all, M.all), lambda: f.COUNT(M.all), lambda: f.COUNTA(T.all),
        lambda: f.ROUND(sub(), r.choice((0, 1, 2))), lambda: f.ROUNDUP(f.MIN(1000, f.ABS(sub())), 1), lambda: f.ABS(sub()), lambda: f.INT(sub()),
        lambda: f.INDEX(N.all, r.randint(1, 8)), lambda: f.INDEX(E.all, r.randint(1, 8)), lambda: f.MATCH(r.choice((60, 2, 7)), N.all, 0),
        lambda: f.MATCH(sub(), A.all, 1), lambda: f.MATCH(r.choice(("gb200", "x", "none")), T.all, 0),
        lambda: f.SUMPRODUCT((N.all > sub()) * (A.all < 50)), lambda: f.SUMPRODUCT(M.all.eq("GB200") * 1), lambda: f.SUMPRODUCT(N.all, A.all),
        lambda: f.COUNTIF(N.all, r.choice((">0", "<=2", "<>3", 60))), lambda: f.COUNTIF(M.all, "gb200"),
        lambda: f.SUMIF(M.all, "GB200", N.all), lambda: f.LEN(words(r, depth - 1)), lambda: f.typed_number(M), lambda: f.ISNUMBER(M) * 1,
        lambda: f.PMT(0.08, r.choice((1, 5)), sub()), lambda: f.MOD(f.ROUND(sub(), 0), 3), lambda: f.MEDIAN(N.all), lambda: f.SMALL(A.all, r.randint(1, 9)), lambda: f.LARGE(N.all, 2), lambda: f.largest((N.all > 0) * A.all),
        lambda: f.LOOKUP(f.ABS(sub()), A.all, N.all), f.ROW, lambda: f.SUMPRODUCT(f.ROW(N.all) * (N.all > 0)),
    ]  # fmt: skip
    return r.choice(choices)()


def truths(r: random.Random, depth: int) -> Expr:
    a, b = numbers(r, max(0, depth - 1)), numbers(r, 0)
    choices: list[Callable[[], Any]] = [
        lambda: a > b, lambda: a <= b, lambda: a.eq(b), lambda: a.ne(b), lambda: T.eq(r.choice(("B200", "x"))), lambda: M.eq(""), lambda: f.AND(a > 0, b > 0),
        lambda: f.OR(a > 0, f.ISNA(E)), lambda: f.NOT(a > b), lambda: f.ISNUMBER(M), lambda: f.ISTEXT(M), lambda: f.ISBLANK(M), lambda: f.ISERROR(E),
    ]  # fmt: skip
    return r.choice(choices)()


def words(r: random.Random, depth: int) -> Expr:
    choices: list[Callable[[], Any]] = [
        lambda: T & "-" & f.ROUND(numbers(r, depth), 3), lambda: f.said(f.MIN(1e9, numbers(r, depth)), 2), lambda: f.TRIM("  a " & T & " "),
        lambda: f.MID(T, 2, 2), lambda: f.LEFT(T, 3), lambda: f.SUBSTITUTE(T, "2", "3"), lambda: f.LOWER(T & "A"),
    ]  # fmt: skip
    return r.choice(choices)()


def expressions() -> list[Expr]:
    r = random.Random(20261127)
    kinds = (numbers, numbers, numbers, truths, words)
    return [kinds[i % 5](r, 1 + i % 4) for i in range(COUNT)]


@pytest.mark.engine
def test_an_engine_computes_from_the_text_what_the_expression_says(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    data = book.active
    assert data is not None
    data.title = "Data"
    for line in LINES:
        for i in range(8):
            value = line.value(i)
            data[line.ref(i).a1] = f"={value.code}" if isinstance(value, ExcelError) else value
    made = book.create_sheet("Made")
    found = expressions()
    seats = [Seat("Made", 2 + i % 8, 1 + i // 8, i % 8, "col") for i in range(len(found))]
    for expression, seat in zip(found, seats, strict=True):
        made.cell(seat.row, seat.col).value = "=" + expression.text(seat)
    book.save(tmp_path / "a.xlsx")
    values = IronCalc().values(tmp_path / "a.xlsx", {})
    wrong = []
    for expression, seat in zip(found, seats, strict=True):
        here, there = scalar(expression.at(seat)), values["Made", Ref("Made", seat.row, seat.col).a1]
        here = 0.0 if here is None else here
        if isinstance(here, ExcelError) and isinstance(there, ExcelError):
            continue  # which of two errors comes first is the engine's own choice
        if not same(here, there, 1e-9):
            wrong.append((expression.text(seat), here, there))
    assert not wrong, f"{len(wrong)} of {len(found)}: {wrong[:5]}"


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Literal(1) - (Literal(2) - 3), "1-(2-3)"),
        (Literal(1) - Literal(2) - 3, "1-2-3"),
        (Literal(1) / (Literal(2) * 3), "1/(2*3)"),
        (Literal(2) * (Literal(3) + 4) * 5, "2*(3+4)*5"),
        ((Literal(1) + 2).eq(3) * 4, "(1+2=3)*4"),
        ("a" & (Literal(1) + 2), '"a"&1+2'),
        (-(Literal(1) + 2), "-(1+2)"),
        (Literal(2) ** (Literal(3) ** 2), "2^(3^2)"),
        (f.IF(Literal(True), "say ""x", f.NA), 'IF(TRUE,"say x",NA())'),
        (Literal('"'), '""""'),
        (Literal(1e99), "1E+99"),
        (Literal(0.0036), "0.0036"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)  # fmt: skip
def test_the_text_has_the_fewest_brackets(expression: Expr, text: str) -> None:
    assert expression.text(NOWHERE) == text


def test_one_function_serves_numbers_arrays_and_cells() -> None:
    prices = np.array([2.6, 16.0])
    assert cost(2.6, 6000.0, 1.0) == pytest.approx(0.12037037)
    assert cost(prices, 6000.0, 0.8) == pytest.approx([0.150462962, 0.925925926])
    cells = Cell(ANY, 2.6, Ref("Prices", 7, 2)), Cell(ANY, 6000.0, Ref("Curves", 7, 3))
    formula = cost(*cells, 1)
    assert formula.text(Seat("Summary", 1, 1, 0)) == "Prices!$B$7*1000000/(3600*Curves!$C$7*1)"
    assert formula.at(Seat("Summary", 1, 1, 0)) == pytest.approx(0.12037037)
    assert {part.ref().sheet for part in formula.walk() if isinstance(part, Cell)} == {"Prices", "Curves"}


def test_an_expression_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="use IF"):
        bool(Literal(1) > 2)


# --- blocks ---------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, 1.0, -0.0, 2, 1e308, None, True, False, NA, DIV0]),
    st.sampled_from(["", "a", "A", "b", "2.5"]),
)  # fmt: skip
COLUMNS = st.one_of(
    *(st.lists(kind, min_size=3, max_size=3) for kind in (VALUES, st.floats(-9, 9), st.booleans(), st.sampled_from("aAbB")))
)  # fmt: skip


@given(st.sampled_from([*COMPARE, *RECKON, "&"]), COLUMNS, st.one_of(COLUMNS, VALUES), st.booleans())
def test_an_operator_on_a_whole_block_is_the_operator_on_each_pair(
    sign: str, column: list[Value], other: list[Value] | Value, swapped: bool
) -> None:
    pair = [Matrix(side) if isinstance(side, list) else side for side in (column, other)]
    a, b = pair[::-1] if swapped else pair
    found, wanted = operate(sign, a, b), each(lambda x, y: single(sign, x, y), a, b)
    assert isinstance(found, Matrix)
    assert found.values == wanted.values
    assert list(map(type, found.values)) == list(map(type, wanted.values))
