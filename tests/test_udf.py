"""The functions from Python: the same answers as the LAMBDAs, through xlwings' own code, whatever is asked and edited."""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from books import Edited, assume, choose, default, usual
from calls import Call, cells_of, draw, record
from excel_stand_ins import Book, Com, Data, Office, pywin32

from xlmodel.book.refs import position
from xlmodel.book.spec import Book as Described
from xlmodel.book.spec import formula_cells
from xlmodel.calc.address import Ref
from xlmodel.calc.values import NA, NUM, VALUE, ExcelError, Value, same
from xlmodel.engines.programs import IronCalc
from xlmodel.engines.recalculate import differences
from xlmodel.model.curve import INTERPOLATIONS, Curve
from xlmodel.model.feed import NotData, parse
from xlmodel.model.function_records import FUNCTIONS, Function
from xlmodel.model.market import Market
from xlmodel.model.ownpoints import tokinterp, tokline
from xlmodel.model.point import Point
from xlmodel.model.ranges import LONG, between, swift
from xlmodel.model.scenario import Inputs
from xlmodel.model.variants import STRESS, Naming
from xlmodel.model.workbook_functions import Functions
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe
from xlmodel.udf.calling import AREAS, answer, inputs_of
from xlmodel.udf.converters import shown, taken
from xlmodel.xlsx.package import write

BASE = default()
COUNT = int(os.environ.get("XLMODEL_CALLS", "25"))  # argument sets by function and runtime; 1000 in the long run
# a smaller book to edit, whose points record how soon they answer
SMALL = gather(models=["gpt-oss-120B"])
SMALL = replace(SMALL, points=tuple(replace(p, ttft_ms=20.0 * i) for i, p in enumerate(SMALL.points)))
TYPED = [
    Point("gpt-oss-120B", "MI355X", "8k/1k", "FP4", "2026-07", 77.123456, 9876.543211, "own"),
    Point("Own model", "Own GPU", "2k/2k", "FP8", "2026-11", 50.0, 900.0, "own"),
    Point("Own model", "Own GPU", "2k/2k", "FP8", "2026-11", 90.0, 400.0, "own"),
]
CASES: dict[str, Edited] = {
    **usual(SMALL, TYPED),
    "linear": choose(SMALL, interpolation="linear", disaggregated="without"),
    "measured": choose(SMALL, interpolation="measured points only", workload="1k/1k"),
    "held": choose(SMALL, below_range="hold slowest point", snapshot="2026-07"),
    "in time": choose(SMALL, ttft_limit=2_500.0),
    "scenario": Edited(
        {("Scenario", "B4"): "stress"},
        replace(SMALL, naming=Naming("stress"), third=replace(STRESS, interpolation="linear", pue=1.3)),
    ),
    "owned": assume(SMALL, {"B200": 51_000.0}, life=3.0, cost_of_capital=0.08),
}
TOGETHER = ("price", "typed", "basis", "in time")  # in the engine at once; the others follow the same links


def rows_of(book: Described) -> list[list[Value]]:
    """The range TOKDATA as described."""
    return area_of(book, "TOKDATA")


def area_of(book: Described, name: str) -> list[list[Value]]:
    """The values of a named area as described."""
    from xlmodel.xlsx.package import values_of  # noqa: PLC0415

    area, value_at = book.names[name], values_of(book)
    last_row, last_col = getattr(area, "last_row", area.row), getattr(area, "last_col", area.col)
    return [[value_at(area.sheet, r, c) for c in range(area.col, last_col + 1)] for r in range(area.row, last_row + 1)]


def described(inputs: Inputs) -> Described:
    return describe(inputs, build_date="2026-01-02", build_id="test", edition="xlwings")


@pytest.fixture(scope="module")
def book() -> Described:
    return described(BASE)


@pytest.fixture(scope="module")
def data(book: Described) -> Data:
    return rows_of(book)


@pytest.fixture(scope="module")
def functions() -> Functions:
    return Functions(Market(BASE))


@pytest.fixture(scope="module")
def com() -> Iterator[Com]:
    with pywin32():
        yield Com()


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


@pytest.fixture(params=["com", "office"])
def excel(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


def steady() -> list[Call]:
    """Calls that answer in most scenarios, for edits."""
    calls = []
    for platform, model in (("GB200 NVL72", "gpt-oss-120B"), ("MI355X", "gpt-oss-120B"), ("Own GPU", "Own model")):
        one = [platform, model, 77.5]
        calls.append(Call(record("TOKRATE"), [platform, model, 3]))
        calls += [Call(record(name), list(one)) for name in ("TOKCOST", "TOKRATE", "TOKPERMW")]
        calls += [Call(record(name), [platform, "H200", model, 60]) for name in ("TOKGAIN", "TOKBREAKEVEN")]
        calls += [Call(record("TOKGPUS"), [*one, 700]), Call(record("TOKSPEED"), [platform, model, 0.2])]
        calls += [Call(record("TOKPRICE"), [platform, *basis]) for basis in ([], ["Oracle list"], ["own build-up"])]
    return calls


# --- the same answers -------------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.name)
def test_a_function_answers_as_its_twin_through_xlwings(
    function: Function, excel: Any, data: Data, functions: Functions
) -> None:
    rng = random.Random(function.name)  # the argument sets that LAMBDA and twin are held to as well
    excel.rng = random.Random(function.name)
    wrong, numbers = [], 0
    for call in [draw(rng, function) for _ in range(COUNT)]:
        got = excel(function.name, call.arguments, data if function.on_book else None)
        for row, col, wanted in cells_of(call.value(functions)):
            cell = got[row][col] if isinstance(got, list) else got
            numbers += isinstance(wanted, int | float)
            if not same(cell, wanted):
                wrong.append(f"{function.name}{call.arguments} [{row},{col}]: {cell}, twin {wanted}")
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong[:8])
    assert numbers > COUNT / 15, "too few of the calls have a number for an answer"


def test_a_line_is_the_interpolation_at_even_steps(excel: Any) -> None:
    rng = random.Random("TOKLINE")
    for _ in range(COUNT):
        size, steps, price = rng.randint(2, 9), rng.randint(1, 30), round(rng.uniform(0.5, 20), 2)
        xs = [[rng.choice([None, "n/a", round(rng.uniform(1, 200), 3)])] for _ in range(size - 1)] + [[7.5]]
        ys = [[round(rng.uniform(5, 9000), 2)] for _ in range(size)]
        method = rng.choice(["Steffen", "linear"])
        found = excel("TOKLINE", [xs, ys, price, steps, method])
        across = sorted({x for (x,) in xs if isinstance(x, float)})
        if len(across) == 1:
            found = [found] if not isinstance(found[0], list) else found
            assert len(found) == 1
            continue
        assert len(found) == steps + 1
        for i, (x, y, usd) in enumerate(found):
            assert same(x, across[0] + (across[-1] - across[0]) * i / steps)
            assert same(y, tokinterp(x, xs, ys, method))  # type: ignore[arg-type]
            assert same(usd, price / (y * 3600) * 1e6)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (([[1]], [[2]], -1), NUM), (([[1]], [[2]], "dear"), VALUE), (([[1]], [[2]], 3, 0), NUM),
        (([[1]], [[2], [3]], 3), VALUE), (([["x"]], [["y"]], 3), NA), (([[1]], [[2]], NA), NA),
        (([[1], [2]], [[2], [1]], 3, 5, "cubic"), VALUE), (([[1]], [[2]], 3, 1001), NUM),
    ],
)  # fmt: skip
def test_a_line_says_what_is_wrong(arguments: Any, error: ExcelError) -> None:
    assert tokline(*arguments) == error


def test_a_long_range_is_read_as_its_elements(data: Data, functions: Functions, office: Office) -> None:
    rng = random.Random(1)
    odd: list[Value] = [None, "x", True, NA, -3.0, 0, 5000.0, 25]
    speeds: list[list[Value]] = [
        [rng.choice(odd) if rng.random() < 0.1 else rng.uniform(5, 320)] for _ in range(3 * LONG)
    ]
    for name, first in (("TOKRATE", 2), ("TOKCOST", 2), ("TOKPERUSD", 2), ("TOKPERMW", 2)):
        arguments = ["GB200 NVL72", "DeepSeek-R1"][:first]
        got = office(name, [*arguments, speeds], data)
        for (cell,), (speed,) in zip(got, speeds, strict=True):
            assert same(cell, functions(name, *arguments, speed)), speed  # type: ignore[arg-type]


@pytest.mark.parametrize("method", INTERPOLATIONS)
def test_numpy_and_python_read_the_same_between_knots(method: str) -> None:
    np = pytest.importorskip("numpy")
    rng = random.Random(method)
    for _ in range(20):
        curve = Curve.fit((i, rng.uniform(1, 300), rng.uniform(1, 9000)) for i in range(rng.randint(5, 60)))
        if len(curve.xs) < 2:
            continue
        targets = [rng.uniform(0, 320) for _ in range(200)] + list(curve.xs)
        found = between(np.array(targets), curve.xs, curve.ys, curve.slopes, method).tolist()
        for target, got in zip(targets, found, strict=True):
            wanted = curve.throughput(target, method)
            assert (got != got) if wanted == NA else same(got, wanted)  # noqa: PLR0124 - not a number


def test_a_range_keeps_its_shape_and_a_short_one_needs_no_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = [[float(i), float(i + 1)] for i in range(LONG)]
    assert swift(wide, lambda v: v, lambda a: a * 2) == [[2 * a, 2 * b] for a, b in wide]
    monkeypatch.setitem(__import__("sys").modules, "numpy", None)
    assert swift(wide, lambda v: -v, lambda a: a * 2)[1] == [-1.0, -2.0]  # type: ignore[operator]
    assert swift([[1.0]], lambda v: -v, None) == [[-1.0]]  # type: ignore[operator,arg-type]


# --- never stale ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_the_data_of_an_edited_book_answers_as_the_edited_model(case: str, office: Office) -> None:
    inputs = CASES[case].inputs
    rows = rows_of(described(inputs))
    held = parse(rows)
    wanted, edited = Market(inputs).held, Functions(Market(inputs))
    for name in held.__dataclass_fields__:
        mine, theirs = getattr(held, name), getattr(wanted, name)
        assert (mine[: len(theirs)] if name in ("xs", "ys") else mine) == theirs, name
    for call in steady():
        assert same(office(call.function.name, call.arguments, rows), call.value(edited)), call  # type: ignore[arg-type]


@pytest.mark.engine
def test_after_edits_the_next_answer_is_right_and_so_is_every_other_cell(
    com: Com, tmp_path: Path, ironcalc_engine: IronCalc
) -> None:
    """The engine recalculates the range that the cells pass on; nothing of the answer before is left."""
    book = described(SMALL)
    with (tmp_path / "book.xlsx").open("wb") as target:
        write(book, target)
    edits = {cell: value for case in TOGETHER for cell, value in CASES[case].edits.items()}
    price, typed, basis, timed = (CASES[case].inputs for case in TOGETHER)
    scenario = replace(basis.scenario, ttft_limit=timed.scenario.ttft_limit)
    inputs = replace(SMALL, own_prices=price.own_prices, typed=typed.typed, scenario=scenario)
    values = ironcalc_engine.values(tmp_path / "book.xlsx", edits)
    wanted = {
        (sheet.name, Ref(sheet.name, row, col).a1): value
        for sheet in described(inputs).sheets
        for row, col, value in formula_cells(sheet)
    }
    assert len(wanted) > 5_000
    assert differences(values, wanted) == []
    area, data = book.names["TOKDATA"], rows_of(book)
    now = [list(row) for row in data]
    for (sheet_name, a1), value in values.items():
        if sheet_name == area.sheet:
            row, col = position(a1)
            if row >= area.row:
                now[row - area.row][col - area.col] = value
    before, edited = Functions(Market(SMALL)), Functions(Market(inputs))
    moved = 0
    for call in steady():
        assert same(com(call.function.name, call.arguments, data), call.value(before))  # type: ignore[arg-type]
        assert same(com(call.function.name, call.arguments, now), call.value(edited)), call  # type: ignore[arg-type]
        moved += not same(call.value(before), call.value(edited))  # type: ignore[arg-type]
    assert moved > 5, "the edits should move most calls"


@pytest.mark.parametrize("case", CASES)
def test_without_data_a_call_by_com_reads_what_is_typed_into_the_calling_book(case: str, com: Com) -> None:
    described_book = described(CASES[case].inputs)
    calling = Book({name: area_of(described_book, name) for name in AREAS})
    edited = Functions(Market(CASES[case].inputs))
    for call in steady()[::3]:
        assert same(com(call.function.name, call.arguments, book=calling), call.value(edited)), call  # type: ignore[arg-type]


def test_the_areas_hold_constants_only(book: Described) -> None:
    """A formula there could still show its old value while Excel calculates."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    for name in AREAS:
        area = book.names[name]
        last_row, last_col = getattr(area, "last_row", area.row), getattr(area, "last_col", area.col)
        for row in range(area.row, last_row + 1):
            for col in range(area.col, last_col + 1):
                cell = sheets[area.sheet].cells.get(row, {}).get(col)
                assert cell is None or not cell.formula, f"{name}: {row},{col}"
    found = inputs_of({name: tuple(map(tuple, area_of(book, name))) for name in AREAS})
    assert Market(found).held == Market(BASE).held


def test_where_neither_data_nor_the_book_is_at_hand_no_number_comes(com: Com, office: Office, book: Described) -> None:
    one = ["GB200 NVL72", "DeepSeek-R1", 60]
    areas = {name: area_of(book, name) for name in AREAS}
    assert office("TOKCOST", one) == NA
    assert com("TOKCOST", one, book=Book(areas, formulas=["in_prices"])) == NA
    assert com("TOKCOST", one, book=Book({})) == NA
    areas["in_prices"][0][1] = VALUE
    assert com("TOKCOST", one, book=Book(areas)) == NA
    assert com("TOKCOST", one, [["something", "else"], [1, 2]]) == NA


@pytest.mark.parametrize("rows", [[], [[None]], [["xlmodel 1"]], [["xlmodel 0", 1]]])
def test_a_range_that_is_not_the_data_is_refused(rows: Data) -> None:
    with pytest.raises(NotData):
        parse(rows)


def test_a_part_of_the_data_is_refused(data: Data) -> None:
    assert parse(data).models == BASE.models
    for lost in {row[0] for row in data} - {"curve"}:
        with pytest.raises(NotData):
            parse([row for row in data if row[0] != lost])


def test_the_calling_book_is_read_at_every_call(book: Described) -> None:
    areas = {name: area_of(book, name) for name in AREAS}
    platform = areas["in_prices"][0][0]
    before = answer("TOKPRICE", [platform], areas.__getitem__)
    areas["in_prices"][0][1] = 99.0
    assert before != answer("TOKPRICE", [platform], areas.__getitem__) == 99.0


# --- errors -----------------------------------------------------------------------------------


def test_infinity_and_not_a_number_never_leave() -> None:
    assert shown([[float("inf"), float("nan"), -float("inf"), 1e308]]) == [["#NUM!", "#NUM!", "#NUM!", 1e308]]
    assert shown(float("nan")) == "#NUM!"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["H1000", "DeepSeek-R1", 60], VALUE), (["H100", "DeepSeek-R1", 6000], NA), (["H100", "DeepSeek-R1", -60], NUM),
        (["H100", "DeepSeek-R1", "fast"], VALUE), (["H100", "DeepSeek-R1", 60, -1], NUM), (["H100", "DeepSeek-R1", NA], NA),
        (["H100", "DeepSeek-R1", 1e-320], NA), (["H100", "DeepSeek-R1", 60, 1e308, None, None, None, "output"], NUM),
    ],
)  # fmt: skip
def test_errors_are_errors_of_excel_or_short_sentences(
    arguments: list[Value], error: ExcelError, excel: Any, data: Data
) -> None:
    assert excel("TOKCOST", arguments, data) == error


def test_an_error_among_the_data_is_the_answer(com: Com, office: Office) -> None:
    """Such as #NAME? where a workbook has no TOKDATA, which arrives as one cell."""
    for excel in (com, office):
        assert excel("TOKPRICE", ["B200"], [[NUM]]) == NUM


def test_an_unforeseen_fault_is_no_traceback(office: Office, data: Data, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(office.module.Functions, "tokcost", fails)
    assert office("TOKCOST", ["B200", "DeepSeek-R1", 60], data) == VALUE


def test_an_older_office_shows_the_code_of_an_error(office: Office, data: Data) -> None:
    assert office("TOKCOST", ["H100", "DeepSeek-R1", 6000], data, runtime="1.1") == "#N/A"


def test_plain_python_calls_take_lists_and_arrays(office: Office, data: Data) -> None:
    np = pytest.importorskip("numpy")
    rate = office.module.TOKRATE
    row = rate("GB200", "deepseek r1", [30.0, 60.0], data=data)
    assert row == rate("GB200", "deepseek r1", [[30.0, 60.0]], data=data)
    assert row == rate("GB200", "deepseek r1", np.array([30.0, 60.0]), data=data)
    assert taken([]) == [[]]
