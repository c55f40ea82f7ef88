"""Interpolation stated twice, as an expression for the workbook and in numbers for Python, and played against each other."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Cell, Line
from xlmodel.calc.dimension import show
from xlmodel.calc.expression import Expr
from xlmodel.calc.interpolation import KEY, Knots, interpolate, knot_below, slope, way_from
from xlmodel.calc.values import NA, Value
from xlmodel.model.curve import INTERPOLATIONS, Curve
from xlmodel.units import COUNT, SHARE, SLOPE, TOKENS_PER_GPU, TOKENS_PER_USER, Unit

SPARE = 3  # rows below the knots in which nothing stands
LENGTHS = st.lists(st.integers(1, 6), min_size=1, max_size=4)
SPEEDS = st.lists(st.floats(0.5, 900), min_size=6, max_size=6, unique_by=lambda x: round(x, 1))
RATES = st.lists(st.floats(1, 90_000), min_size=6, max_size=6, unique_by=round)


@st.composite
def books(draw: st.DrawFn) -> list[Curve]:
    """The curves of a book, each with one knot to six."""
    curves = []
    for length in draw(LENGTHS):
        xs, ys = sorted(draw(SPEEDS)[:length]), sorted(draw(RATES)[:length], reverse=True)
        curves.append(Curve.fit([(i, x, y) for i, (x, y) in enumerate(zip(xs, ys, strict=True))]))
    return curves


def knots_of(curves: list[Curve]) -> tuple[Knots, dict[str, Line]]:
    """The knots one below another as on the sheet, with the slopes as expressions."""
    rows = [(i * 10, x, y) for i, curve in enumerate(curves, 1) for x, y in zip(curve.xs, curve.ys, strict=True)]
    spare = [(0, 0.0, 0.0)] * SPARE
    units: dict[str, Unit] = {"curve": COUNT, "x": TOKENS_PER_USER, "y": TOKENS_PER_GPU}
    columns = dict(zip(units, zip(*rows, *spare, strict=True), strict=True))
    lines = {
        name: Line(unit, [float(v) for v in columns[name]], len(rows) + SPARE, Ref("S", 7, col))
        for col, (name, unit) in enumerate(units.items(), 2)
    }
    keys: list[Value] = [*(curve * KEY + x for curve, x, _ in rows), *[9e14] * SPARE]
    lines["key"] = Line(COUNT, keys, len(keys), Ref("S", 7, 1))
    lines["m"] = Line(SLOPE, None, len(keys), Ref("S", 7, 5))
    lines["m"].content = slope(lines["curve"], lines["x"], lines["y"], lines["m"])
    return Knots(*(lines[name].all for name in ("key", "curve", "x", "y", "m"))), lines


def computed(unit: Unit, content: Expr) -> Value:
    cell = Cell(unit, content, Ref("S", 1, 1))
    cell.check("the cell", content)
    return cell.value


@given(books())
def test_slopes_of_the_sheet_are_those_of_python(curves: list[Curve]) -> None:
    _, lines = knots_of(curves)
    wanted = [m for curve in curves for m in curve.slopes]
    assert lines["m"].values == pytest.approx([*wanted, *[0.0] * SPARE], rel=1e-9)


@given(books(), st.integers(0, 3), st.floats(0, 1), st.sampled_from(INTERPOLATIONS))
def test_a_reading_of_the_sheet_is_that_of_python(curves: list[Curve], which: int, share: float, method: str) -> None:
    chosen = which % len(curves)
    curve, first = curves[chosen], 1 + sum(len(c.xs) for c in curves[:chosen])
    knots, _ = knots_of(curves)
    asked = curve.xs[0] + (curve.xs[-1] - curve.xs[0]) * share
    asked = min(max(asked, curve.xs[0]), curve.xs[-1])
    assume(all(x == asked or abs(x - asked) > 1e-6 for x in curve.xs))  # a sort key keeps about ten digits
    target = Cell(TOKENS_PER_USER, asked, Ref("S", 1, 1))
    knot = Cell(COUNT, knot_below(knots, Cell(COUNT, float(first), Ref("S", 1, 2)), target), Ref("S", 1, 3))
    way = Cell(SHARE, way_from(knots, knot, target), Ref("S", 1, 4))
    number = Cell(COUNT, INTERPOLATIONS.index(method) + 1.0, Ref("S", 1, 5))
    found = computed(TOKENS_PER_GPU, interpolate(knots, number, knot, way))
    assert knot.value == first + curve.knot(asked)
    assert found == pytest.approx(curve.throughput(asked, method), rel=1e-9)


def test_below_the_first_key_there_is_no_knot() -> None:
    knots, _ = knots_of([Curve.fit([(0, 10.0, 9.0)])])
    target = Cell(TOKENS_PER_USER, -200_000.0, Ref("S", 1, 1))
    assert computed(COUNT, knot_below(knots, Cell(COUNT, 1.0, Ref("S", 1, 2)), target)) == NA


def test_a_slope_is_throughput_for_interactivity() -> None:
    _, lines = knots_of([Curve.fit([(0, 10.0, 9.0), (1, 20.0, 5.0)])])
    content = lines["m"].content
    assert isinstance(content, Expr)
    assert content.dim is not None
    assert show(content.dim) == "user/GPU"
    assert lines["m"].values[:2] == [pytest.approx(-0.4)] * 2  # 4 tok/s/GPU lost over 10 tok/s/user
