"""Frontier and interpolation, against a second implementation that shares nothing with the first."""

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from books import default, make
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import fine_points, points

from xlmodel.book.context import Context
from xlmodel.book.readings import ReadingRow
from xlmodel.book.spec import Sheet
from xlmodel.calc.expression import NOWHERE
from xlmodel.calc.values import NA, ExcelError
from xlmodel.engines.programs import IronCalc
from xlmodel.model.curve import HOLD, LINEAR, MEASURED, Curve, frontier
from xlmodel.model.market import Market
from xlmodel.model.membership import reachable
from xlmodel.model.point import Point
from xlmodel.readers import bundled
from xlmodel.readers.arrange import in_order
from xlmodel.readers.assemble import gather
from xlmodel.sheets import claims_sheet as claims

Row = tuple[float, float]


def undominated(rows: list[Row]) -> list[Row]:
    """The frontier by its definition: no other point is at least as good in both."""
    distinct = set(rows)
    return sorted((x, y) for x, y in distinct if not any((a, b) != (x, y) and a >= x and b >= y for a, b in distinct))


def steffen(rows: list[Row]) -> Callable[[float], float | None]:
    """Steffen's curve in exact fractions, as a Bezier curve evaluated by de Casteljau."""
    knots = [(Fraction(x), Fraction(y)) for x, y in undominated(rows)]
    steps = [(b[0] - a[0], (b[1] - a[1]) / (b[0] - a[0])) for a, b in itertools.pairwise(knots)]
    slopes: list[Fraction] = []
    for (h0, s0), (h1, s1) in itertools.pairwise(steps):
        p = (s0 * h1 + s1 * h0) / (h0 + h1)
        slopes.append(-min(2 * abs(s0), 2 * abs(s1), abs(p)))  # a frontier descends: both signs are -1
    if slopes:
        slopes = [(3 * steps[0][1] - slopes[0]) / 2, *slopes, (3 * steps[-1][1] - slopes[-1]) / 2]
    elif steps:
        slopes = [steps[0][1]] * 2

    def read(t: float) -> float | None:
        target = Fraction(t)
        if not knots[0][0] <= target <= knots[-1][0]:
            return None
        if len(knots) == 1:
            return float(knots[0][1])
        i = max(k for k in range(len(knots) - 1) if knots[k][0] <= target)
        (x, y), h, end = knots[i], steps[i][0], knots[i + 1][1]
        control = [y, y + h * slopes[i] / 3, end - h * slopes[i + 1] / 3, end]
        u = (target - x) / h
        while len(control) > 1:
            control = [a + (b - a) * u for a, b in itertools.pairwise(control)]
        return float(control[0])

    return read


def curve_of(rows: list[Row]) -> Curve:
    return Curve.fit((i, x, y) for i, (x, y) in enumerate(rows))


@given(points)
def test_the_frontier_is_the_set_of_undominated_points(rows: list[Row]) -> None:
    keep = frontier([x for x, _ in rows], [y for _, y in rows])
    assert [rows[i] for i in keep] == undominated(rows)


@given(fine_points, st.integers(0, 100))
def test_throughput_equals_an_independent_steffen(rows: list[Row], share: int) -> None:
    curve = curve_of(rows)
    t = curve.xs[0] + (curve.xs[-1] - curve.xs[0]) * share / 100
    want = steffen(rows)(t)
    got = curve.throughput(t)
    assert (want is None) == isinstance(got, ExcelError)
    if want is not None:
        assert got == pytest.approx(want, rel=1e-9)


@given(points, st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(rows: list[Row], rng: random.Random) -> None:
    shuffled = rows[:]
    rng.shuffle(shuffled)
    a, b = curve_of(rows), curve_of(shuffled)
    assert (a.xs, a.ys, a.slopes) == (b.xs, b.ys, b.slopes)


@given(points)
def test_a_curve_goes_through_its_measured_points_and_descends_between_them(rows: list[Row]) -> None:
    curve = curve_of(rows)
    for x, y in zip(curve.xs, curve.ys, strict=True):
        assert curve.throughput(x) == y
    grid = [curve.xs[0] + (curve.xs[-1] - curve.xs[0]) * i / 50 for i in range(51)]
    values = [curve.throughput(min(t, curve.xs[-1])) for t in grid]
    numbers = [value for value in values if not isinstance(value, ExcelError)]
    assert len(numbers) == len(grid)
    assert all(a >= b - 1e-9 * a for a, b in itertools.pairwise(numbers))


@given(points)
def test_outside_the_measured_range_there_is_no_number(rows: list[Row]) -> None:
    curve = curve_of(rows)
    assert curve.throughput(curve.xs[-1] + 0.01) is NA
    assert curve.throughput(curve.xs[0] - 0.01) is NA
    assert curve.throughput(curve.xs[0] - 0.01, below=HOLD) == curve.ys[0]
    assert curve.throughput(curve.xs[-1] + 0.01, below=HOLD) is NA


@given(points, st.integers(0, 100))
def test_measured_points_only_never_promises_more_than_the_curve(rows: list[Row], share: int) -> None:
    curve = curve_of(rows)
    t = min(curve.xs[0] + (curve.xs[-1] - curve.xs[0]) * share / 100, curve.xs[-1])
    cautious, smooth, straight = curve.throughput(t, MEASURED), curve.throughput(t), curve.throughput(t, LINEAR)
    assert not isinstance(smooth, ExcelError)
    assert not isinstance(straight, ExcelError)
    assert not isinstance(cautious, ExcelError)
    assert cautious <= smooth * (1 + 1e-12)
    assert cautious <= straight * (1 + 1e-12)


def test_every_bundled_curve_at_20_targets_equals_an_independent_steffen() -> None:
    rng = random.Random(7)
    compared = 0
    for model in bundled.available_models():
        market = Market(gather(models=[model]))
        for (number, code), curve in market.curves.items():
            rows = [(x, y) for _, x, y in market.members[number, code]]
            low, high, read = curve.xs[0], curve.xs[-1], steffen(rows)
            for t in [low, high, *(rng.uniform(low, high) for _ in range(18))]:
                assert curve.throughput(t) == pytest.approx(read(t), rel=1e-9), (model, number, code, t)
                compared += 1
    assert compared > 20 * 300


@settings(max_examples=30)
@given(st.sampled_from(("all", "without", "only")), st.sampled_from(("all", "without", "only")))
def test_points_left_out_of_the_book_change_no_curve_under_any_switch(speculative: str, disaggregated: str) -> None:
    base = default()
    scenario = replace(base.scenario, speculative=speculative, disaggregated=disaggregated)
    few = Market(replace(base, scenario=scenario))
    everything = replace(base, points=tuple(_all_points()), scenario=scenario)
    full = Market(everything)
    for number, group in enumerate(full.groups, 1):
        for code, name in enumerate(full.codes):
            want = full.curves.get((number, code))
            got = few.curves.get((few.number[group], few.codes.index(name)))
            assert (want.xs, want.ys) == (got.xs, got.ys) if want and got else want is got is None


def _all_points() -> list[Point]:
    return in_order(bundled.points())


def test_two_layers_keep_a_superset_of_one() -> None:
    every = bundled.points(["Llama 3.3 70B"])
    one, two = reachable(every, 1), reachable(every, 2)
    assert set(map(id, one)) < set(map(id, two))


@pytest.mark.engine
def test_every_curve_of_the_default_book_at_20_targets_in_an_engine_equals_an_independent_steffen(
    tmp_path: Path, ironcalc_engine: IronCalc, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = default()
    market = Market(base)
    rng = random.Random(11)
    wanted: list[tuple[ReadingRow, float]] = []

    def with_readings(ctx: Context) -> Sheet:
        for (number, code), curve in market.curves.items():
            group, rows = market.groups[number - 1], [(x, y) for _, x, y in market.members[number, code]]
            low, high, read = curve.xs[0], curve.xs[-1], steffen(rows)
            for t in [low, high, *(rng.uniform(low, high) for _ in range(18))]:
                row = ctx.readings.ask(
                    "test", group.platform, t, model=group.model, workload=group.workload, snapshot=group.snapshot,
                    precision=market.codes[code],
                )  # fmt: skip
                value = read(t)
                assert value is not None
                wanted.append((row, value))
        return described(ctx)

    described = claims.describe
    monkeypatch.setattr(claims, "describe", with_readings)
    path = tmp_path / "curves.xlsx"
    make(base, path)
    values = ironcalc_engine.values(path)
    assert len(wanted) == 20 * len(market.curves) > 2_000
    for row, value in wanted:
        assert values["Curves", row.part("Throughput").ref(NOWHERE).a1] == pytest.approx(value, rel=1e-9)
