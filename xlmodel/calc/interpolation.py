"""Reading a curve between its knots, as expressions: where a target lies, how far on, and what is read there.

`xlmodel.model.curve` states the same in numbers; a test plays the two against each other. Knots stand in three columns,
interactivity (xs), throughput (ys) and slope, curve after curve.
"""

from typing import Any, NamedTuple

from xlmodel.calc.counted import counted
from xlmodel.calc.functions import IF, IFERROR, INDEX, MATCH, MAX, MIN

KEY = 10_000  # a knot is sorted by curve x KEY + interactivity, so an interactivity stays below it
STEFFEN, LINEAR = 1, 2  # numbers of the methods; 3 reads measured points only


class Knots(NamedTuple):
    """The knots of all curves as whole columns: sort keys and curves in ascending order, and what stands at each knot."""

    keys: Any
    curves: Any
    xs: Any
    ys: Any
    slopes: Any

    @classmethod
    def of(cls, cells: Any) -> "Knots":
        """The knots of a book, out of all its cells by key."""
        columns = ("sort_key", "curve", "interactivity", "throughput", "slope")
        return cls(*(cells[f"knots.{column}"].all for column in columns))


def knot_below(knots: Knots, first: Any, target: Any) -> Any:
    """Position among all knots of the last one at or below a target, on the curve whose first knot is given."""
    place = counted(target, "1", "a place in the sorted keys, of which an interactivity is the last part")
    return MATCH(INDEX(knots.curves, first) * KEY + place, knots.keys, 1)


def way_from(knots: Knots, knot: Any, target: Any) -> Any:
    """Share of the way from a knot to the next one at which a target lies, 0 on a knot.

    At the last knot of a curve the next one belongs to another: the distance may be 0, and the way is none.
    """
    start, end = INDEX(knots.xs, knot), INDEX(knots.xs, knot + 1)
    return IFERROR((target - start) / (end - start), 0)


def interpolate(knots: Knots, method: Any, knot: Any, way: Any) -> Any:
    """Throughput (tok/s/GPU) on the way from a knot to the next one.

    All methods go from one knot towards the next by a share; Steffen's cubic adds what the slopes bend, and stays between.
    A measured point alone is answered by the next faster one, which is achievable.
    """
    low, high = INDEX(knots.ys, knot), INDEX(knots.ys, knot + 1)
    width = INDEX(knots.xs, knot + 1) - INDEX(knots.xs, knot)
    bend = INDEX(knots.slopes, knot) * (1 - way) - INDEX(knots.slopes, knot + 1) * way
    share = IF(method.eq(STEFFEN), way**2 * (3 - 2 * way), IF(method.eq(LINEAR), way, 1))
    between = low + (high - low) * share + method.eq(STEFFEN) * width * way * (1 - way) * bend
    return IF(way.eq(0), low, MAX(high, MIN(low, between)))


def slope(curves: Any, xs: Any, ys: Any, slopes: Any) -> Any:
    """Steffen's slope at a knot (tok/s/GPU for each tok/s/user), from the lines in which the knots stand one below another.

    A frontier descends, so all secants are negative; there Steffen's minimum of absolute values is the maximum of the
    signed ones: the larger of twice either secant and of the parabola's slope. The ends are one-sided parabolas; 0 for a
    single knot, and where no knot stands.
    """

    def alike(by: int) -> Any:
        return curves.shift(by).eq(curves)

    before, after = xs - xs.shift(-1), xs.shift(1) - xs
    left, right = (ys - ys.shift(-1)) / before, (ys.shift(1) - ys) / after
    inside = MAX(2 * left, 2 * right, (left * after + right * before) / (xs.shift(1) - xs.shift(-1)))
    last = IF(alike(-2), (3 * left - slopes.shift(-1)) / 2, left)
    first = IF(alike(2), (3 * right - slopes.shift(1)) / 2, right)
    return IF(curves.eq(0), 0, IF(alike(-1), IF(alike(1), inside, last), IF(alike(1), first, 0)))
