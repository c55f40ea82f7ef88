"""Frontiers by the workbook's formulas = the pairwise definition, whatever is typed, left out or edited by hand."""

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from books import Edits
from hypothesis import given
from hypothesis import strategies as st

from xlmodel.book.point_places import BENCHMARKS, FIRST, POINT_COLUMNS, SPARE_GROUPS, SPARE_POINTS
from xlmodel.book.record_rows import POINT_FIELDS, row_of
from xlmodel.book.spec import formula_cells
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value, same
from xlmodel.engines.programs import IronCalc, LibreOffice
from xlmodel.model.market import Market
from xlmodel.model.point import Group, Point
from xlmodel.model.scenario import Inputs
from xlmodel.model.sort_order import Order
from xlmodel.readers.arrange import in_order
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe_functions
from xlmodel.xlsx.package import write

GROUPS = (("B200", "8k/1k"), ("B200", "1k/1k"), ("H100", "8k/1k"), ("MI355X", "8k/1k"))
SPEEDS, RATES = (10.0, 20.0, 30.0, 30.5, 45.0, 60.25), (100.0, 200.0, 250.5, 400.0, 900.0)
LONG = os.environ.get("XLMODEL_ORDER_ROUNDS", "")
ROUNDS, IN_LIBREOFFICE = int(LONG or "60"), int(LONG or "40")


def _point(rng: random.Random, platform: str, workload: str, precisions: tuple[str, ...]) -> Point:
    speed, rate = rng.choice(SPEEDS), rng.choice(RATES)  # few values, so that ties and duplicates are common
    if rng.random() < 0.3:
        speed, rate = round(rng.uniform(5, 90), 6), round(rng.uniform(50, 999), 6)
    return Point("DeepSeek-R1", platform, workload, rng.choice(precisions), "2026-07", speed, rate, "own")


def _base() -> Inputs:
    """Four groups of points: of one precision and of two, and one of a single point."""
    rng = random.Random(5)
    inputs = gather(models=["DeepSeek-R1"])
    points = []
    for (platform, workload), count in zip(GROUPS, (14, 9, 7, 1), strict=True):
        precisions = ("FP8",) if platform == "H100" else ("FP4", "FP8")
        points += [_point(rng, platform, workload, precisions) for _ in range(count)]
    known = {"B200", "H100", "MI355X"}
    return replace(
        inputs, points=tuple(in_order(points)), claims=(), left_out=0,
        platforms=tuple(p for p in inputs.platforms if p.platform in known),
    )  # fmt: skip


BASE = _base()
KNOTS = 80
BOOK = describe_functions(BASE, "2026-01-02", "test", KNOTS)
BUILT = len({point.group for point in BASE.points})
CODES = Market(BASE).codes
WORKINGS = ("flag.", "working.", "typed.", "index.", "directory.", "knots.", "blocks.", "in_use.", "curves_in_use.")


@dataclass
class Round:
    """What a reader typed, and the rows as they then stand; None where a row no longer takes part."""

    rows: list[Point | None]
    edits: Edits = field(default_factory=dict)
    renamed: bool = False

    def set(self, row: int, column: str, value: Value) -> None:
        self.edits[BENCHMARKS, f"{letters(POINT_COLUMNS.index(column) + 1)}{FIRST + row}"] = value


def _round(seed: int) -> Round:
    """Typed rows, exclusions, numbers and names edited, rows emptied, and the table sorted by hand."""
    rng = random.Random(seed)
    rows: list[Point | None] = list(BASE.points)
    made = Round(rows)
    if rng.random() < 0.1:  # sorted by hand, by something else
        rng.shuffle(rows)
        made.renamed = True
        for i, point in enumerate(rows):
            assert point is not None
            for column, value in zip(POINT_COLUMNS, row_of(point, POINT_FIELDS), strict=True):
                made.set(i, column, value)
    for _ in range(rng.choice([0, 0, 1, 2, 5])):
        i = rng.randrange(len(rows))
        point = rows[i]
        if point is None:
            continue
        kind = rng.choice(["Include", "Interactivity", "Throughput", "Precision", "Platform", "text", "blank"])
        if kind == "Include":
            rows[i] = None
            made.set(i, kind, 0)
        elif kind in ("Interactivity", "Throughput"):
            value = rng.choice(SPEEDS if kind == "Interactivity" else RATES)
            rows[i] = (
                replace(point, interactivity=value) if kind == "Interactivity" else replace(point, throughput=value)
            )
            made.set(i, kind, value)
        elif kind == "Precision":
            rows[i] = replace(point, precision=rng.choice(["FP4", "FP8", "INT1"]))
            made.set(i, kind, rows[i].precision)  # type: ignore[union-attr]
        elif kind == "Platform":
            rows[i] = replace(point, platform=rng.choice(["B200", "H100", "MI355X"]), workload="8k/1k")
            made.set(i, kind, rows[i].platform)  # type: ignore[union-attr]
            made.set(i, "Workload", "8k/1k")
            made.renamed = True
        else:
            rows[i] = None
            made.set(i, "Interactivity", "n/a" if kind == "text" else None)
    for j in range(rng.choice([0, 0, 1, 3, 8])):
        platform, workload = rng.choice([*GROUPS, ("B300", "8k/1k"), ("GB200 NVL72", "1k/8k")])
        point = _point(rng, platform, workload, ("FP4", "FP8"))
        if rng.random() < 0.3:  # the same point as one of the table
            point = replace(rng.choice(BASE.points), note="again")
        rows.append(point)
        for column, value in zip(POINT_COLUMNS, row_of(point, POINT_FIELDS), strict=True):
            made.set(len(BASE.points) + j, column, value)
    return made


def _defined(rows: list[Point | None]) -> dict[tuple[Group, str], list[tuple[float, float]]]:
    """Frontiers by their definition: no other point is at least as good in both and better in one."""
    curves: dict[tuple[Group, str], set[tuple[float, float]]] = {}
    for point in rows:
        if point:
            for precision in ("best", point.precision):
                curves.setdefault((point.group, precision), set()).add((point.interactivity, point.throughput))
    return {
        key: sorted(p for p in points if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in points))
        for key, points in curves.items()
        if key[1] != "INT1"  # a precision that the book does not know lies on the pooled frontier alone
    }


def _found(value: Mapping[str, Value]) -> dict[tuple[Group, str], list[tuple[float, float]]]:
    """Frontiers as the directory of curves and the list of knots show them."""
    knots = [BOOK.areas[f"knots.{name}"] for name in ("interactivity", "throughput")]
    parts = [BOOK.areas[f"index.{name}"] for name in ("model", "platform", "workload", "snapshot")]
    found = {}
    groups = list(dict.fromkeys(point.group for point in BASE.points))
    for i in range(BUILT + SPARE_GROUPS):
        group = groups[i] if i < BUILT else Group(*(str(value[part.cell(i).a1]) for part in parts))
        for code, precision in enumerate(CODES):
            row = i * len(CODES) + code
            first, count = (value[BOOK.areas[f"directory.{name}"].cell(row).a1] for name in ("first_knot", "knots"))
            assert isinstance(first, int | float)
            assert isinstance(count, int | float)
            if count:
                rows = range(int(first) - 1, int(first) - 1 + int(count))
                found[group, precision] = [tuple(value[area.cell(k).a1] for area in knots) for k in rows]
    return found  # type: ignore[return-value]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("order") / "book.xlsx"
    with made.open("wb") as target:
        write(BOOK, target)
    return made


def _cells(edited: Inputs) -> dict[str, Value]:
    """What the formulas of Benchmarks must show, by the Python model."""
    book = describe_functions(edited, "2026-01-02", "test", KNOTS)
    sheet = next(sheet for sheet in book.sheets if sheet.name == BENCHMARKS)
    cells = {f"{letters(col)}{row}": value for row, col, value in formula_cells(sheet)}
    return {a1: value for a1, value in cells.items() if a1 in WORKED}


WORKED = {
    area.cell(i, j).a1
    for key, area in BOOK.areas.items()
    if key.startswith(WORKINGS)
    for i in range(area.last_row - area.row + 1)
    for j in range(area.last_col - area.col + 1)
}
KEYS = [(BENCHMARKS, a1) for a1 in _cells(BASE)]


@pytest.mark.engine
def test_frontiers_by_formula_are_those_of_the_definition(path: Path, ironcalc_engine: IronCalc) -> None:
    opened = ironcalc_engine.open(path)
    built = {
        (BENCHMARKS, f"{letters(col)}{FIRST + i}"): value
        for i, point in enumerate(BASE.points)
        for col, value in enumerate(row_of(point, POINT_FIELDS), 1)
    }
    typed: set[tuple[str, str]] = set()
    slow = 0
    for seed in range(ROUNDS):
        made = _round(seed)
        for key in typed - made.edits.keys():
            opened.type(key, built.get(key))
        for key, value in made.edits.items():
            opened.type(key, value)
        typed = set(made.edits)
        opened.compute()
        values = {key[1]: opened.value(key) for key in KEYS}
        assert _found(values) == _defined(made.rows), f"round {seed}: {made.edits}"
        out = values[BOOK.areas["flag.out_of_order"].cell(0).a1]
        slow += out != 0
        if not made.renamed:
            for a1, wanted in _cells(_edited(made)).items():
                assert same(values[a1], wanted), f"round {seed}, {a1}: {values[a1]}, model {wanted}; {made.edits}"
    assert ROUNDS / 10 < slow < ROUNDS * 0.7, "both ways must be taken"


def _edited(made: Round) -> Inputs:
    count = len(BASE.points)
    table = [p or replace(b, include=False) for p, b in zip(made.rows[:count], BASE.points, strict=True)]
    return replace(BASE, points=tuple(table), typed=tuple(p for p in made.rows[count:] if p))


@pytest.mark.engine
@pytest.mark.slow
def test_libreoffice_finds_the_same_frontiers(path: Path, libreoffice_engine: LibreOffice) -> None:
    rounds = [_round(seed) for seed in range(1000, 1000 + IN_LIBREOFFICE)]
    for made, values in zip(rounds, libreoffice_engine.each(path, [made.edits for made in rounds]), strict=True):
        found = _found({a1: value for (sheet, a1), value in values.items() if sheet == BENCHMARKS})
        assert found == _defined(made.rows), made.edits


@given(st.lists(st.tuples(st.sampled_from(SPEEDS), st.sampled_from(RATES)), min_size=1, max_size=30))
def test_points_in_the_order_of_a_book_are_all_in_order(rows: list[tuple[float, float]]) -> None:
    points = tuple(in_order(replace(BASE.points[0], interactivity=x, throughput=y) for x, y in rows))
    order = Order(Market(replace(BASE, points=points)), [(1, len(points))])
    assert set(order.back) == {1}
    assert order.out == [0]


def test_the_rows_under_the_table_are_many_enough_for_these_rounds() -> None:
    assert max(len(_round(seed).rows) for seed in range(ROUNDS)) <= len(BASE.points) + SPARE_POINTS
