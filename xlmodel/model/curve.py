"""Frontier and interpolation of a curve, by the method of InferenceX's charts.

The frontier keeps the non-dominated points; between its knots runs Steffen's monotone cubic (M. Steffen, Astronomy & Astrophysics 239, 1990).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from xlmodel.calc.values import NA, ExcelError

Number = Any  # a float, or an array of them
STEFFEN, LINEAR, MEASURED = "Steffen", "linear", "measured points only"
INTERPOLATIONS = (STEFFEN, LINEAR, MEASURED)
REFUSE, HOLD = "no answer", "hold slowest point"  # not "#N/A": Excel would turn the typed text into an error
BELOW_RANGE = (REFUSE, HOLD)


def frontier(xs: Sequence[float], ys: Sequence[float]) -> list[int]:
    """Indices of the non-dominated points, ascending in x, so that y strictly descends.

    Both coordinates are maximised. Of equal x the larger y stays; exact duplicates count once
    (the first one stays). Coordinates that are not positive are left out.

    >>> frontier([10, 20, 20, 30, 15], [9, 5, 6, 2, 1])
    [0, 2, 3]
    """
    rows = [(x, y, i) for i, (x, y) in enumerate(zip(xs, ys, strict=True))]
    kept: list[int] = []
    highest = 0.0
    for x, y, i in sorted(rows, key=lambda p: (-p[0], -p[1], p[2])):
        if x > 0 and y > highest:
            kept.append(i)
            highest = y
    return kept[::-1]


def steffen_slopes(xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    """Slopes dy/dx at the knots of Steffen's monotone cubic, with one-sided parabolic ends.

    >>> steffen_slopes([0.0, 1.0, 3.0], [4.0, 2.0, 1.0])
    [-2.5, -1.0, -0.25]
    """
    n = len(xs)
    if n == 1:
        return [0.0]
    h = [xs[i + 1] - xs[i] for i in range(n - 1)]
    s = [(ys[i + 1] - ys[i]) / h[i] for i in range(n - 1)]
    if n == 2:
        return [s[0], s[0]]
    slopes = [0.0] * n
    for i in range(1, n - 1):
        parabola = (s[i - 1] * h[i] + s[i] * h[i - 1]) / (h[i - 1] + h[i])
        sign = (-1.0 if s[i - 1] < 0 else 1.0) + (-1.0 if s[i] < 0 else 1.0)
        slopes[i] = sign * min(abs(s[i - 1]), abs(s[i]), abs(parabola) / 2)
    slopes[0] = (3 * s[0] - slopes[1]) / 2
    slopes[-1] = (3 * s[-1] - slopes[-2]) / 2
    return slopes


def cubic(u: Number, h: Number, y0: Number, y1: Number, m0: Number, m1: Number) -> Number:
    """The cubic over a way u (0 to 1) of width h; of numbers, or element by element of numpy arrays."""
    return y0 * (1 + 2 * u) * (1 - u) ** 2 + y1 * u * u * (3 - 2 * u) + h * u * (1 - u) * (m0 * (1 - u) - m1 * u)


def hermite(t: float, x0: float, x1: float, y0: float, y1: float, m0: float, m1: float) -> float:
    """The cubic through (x0, y0) and (x1, y1) with slopes m0 and m1, at t, kept between y0 and y1.

    >>> hermite(1.0, 0.0, 2.0, 4.0, 0.0, -2.0, -2.0)
    2.0
    """
    h = x1 - x0
    value: float = cubic((t - x0) / h, h, y0, y1, m0, m1)
    return min(max(value, min(y0, y1)), max(y0, y1))


@dataclass(frozen=True, slots=True)
class Curve:
    """The frontier of one curve, ready to read.

    Attributes:
        xs: interactivity of the knots (tok/s/user), ascending.
        ys: throughput of the knots (tok/s/GPU), strictly descending.
        slopes: Steffen slope at each knot.
        sources: index of the point behind each knot, as given to `fit`.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    slopes: tuple[float, ...]
    sources: tuple[int, ...]

    @classmethod
    def fit(cls, points: Iterable[tuple[int, float, float]]) -> "Curve":
        """Build the curve of (source index, interactivity, throughput) rows; may be empty.

        >>> Curve.fit([(7, 10.0, 9.0), (8, 20.0, 5.0), (9, 15.0, 1.0)]).sources
        (7, 8)
        """
        rows = list(points)
        keep = [rows[i] for i in frontier([row[1] for row in rows], [row[2] for row in rows])]
        xs = tuple(row[1] for row in keep)
        ys = tuple(row[2] for row in keep)
        return cls(xs, ys, tuple(steffen_slopes(xs, ys)) if keep else (), tuple(row[0] for row in keep))

    def knot(self, target: float) -> int:
        """Position of the last knot at or below the target; -1 below the range."""
        return bisect_right(self.xs, target) - 1

    def reach(self, target: float, below: str = REFUSE) -> float | ExcelError:
        """The interactivity at which the curve is read: the target, or the slowest point if held.

        `#N/A` outside the measured range: above it always, below it unless `below` is HOLD.
        """
        if not self.xs or target > self.xs[-1]:
            return NA
        if target < self.xs[0]:
            return self.xs[0] if below == HOLD else NA
        return target

    def throughput(self, target: float, method: str = STEFFEN, below: str = REFUSE) -> float | ExcelError:
        """Throughput in tok/s/GPU at an interactivity in tok/s/user; `#N/A` outside the range.

        `measured points only` answers with the next faster measured point, which is achievable.

        >>> Curve.fit([(0, 10.0, 9.0), (1, 20.0, 5.0)]).throughput(15.0)
        7.0
        """
        t = self.reach(target, below)
        if isinstance(t, ExcelError):
            return NA
        k = self.knot(t)
        if t == self.xs[k]:
            return self.ys[k]
        x0, x1, y0, y1 = self.xs[k], self.xs[k + 1], self.ys[k], self.ys[k + 1]
        if method == MEASURED:
            return y1
        if method == LINEAR:
            return y0 + (y1 - y0) * (t - x0) / (x1 - x0)
        return hermite(t, x0, x1, y0, y1, self.slopes[k], self.slopes[k + 1])

    def fastest(self, needed: float, method: str = STEFFEN) -> float | ExcelError:
        """The highest interactivity at which the curve still makes `needed` tok/s/GPU; `#N/A` when none does.

        >>> Curve.fit([(0, 10.0, 9.0), (1, 20.0, 5.0)]).fastest(7.0, LINEAR)
        15.0
        """
        fit = sum(1 for y in self.ys if y >= needed)
        if fit == 0:
            return NA
        if fit == len(self.ys):
            return self.xs[-1]
        k = fit - 1
        x0, x1, y0, y1 = self.xs[k], self.xs[k + 1], self.ys[k], self.ys[k + 1]
        if method == MEASURED:
            return x0
        if method == LINEAR:
            return x0 + (x1 - x0) * (y0 - needed) / (y0 - y1)
        low, high = x0, x1
        for _ in range(100):
            middle = (low + high) / 2
            if hermite(middle, x0, x1, y0, y1, self.slopes[k], self.slopes[k + 1]) >= needed:
                low = middle
            else:
                high = middle
        return low
