"""Rectangles of cells: what one covers of another."""

from collections.abc import Iterable, Iterator

Corners = tuple[int, int, int, int]  # first row, first column, last row, last column


def covers(area: Corners, at: tuple[int, int]) -> bool:
    """Whether a cell lies in an area.

    >>> covers((1, 1, 3, 3), (2, 3)), covers((1, 1, 3, 3), (4, 1))
    (True, False)
    """
    return area[0] <= at[0] <= area[2] and area[1] <= at[1] <= area[3]


def meet(a: Corners, b: Corners) -> bool:
    """Whether two areas share a cell."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def uncovered(area: Corners, by: Iterable[Corners]) -> list[Corners]:
    """What of an area lies in none of some others.

    >>> uncovered((1, 1, 9, 2), [(1, 1, 4, 2)])
    [(5, 1, 9, 2)]
    """
    left = [area]
    for other in by:
        left = [rest for piece in left for rest in _minus(piece, other)]
        if len(left) > 1000:  # a file may hold any number of pieces
            return left
    return left


def _minus(a: Corners, b: Corners) -> Iterator[Corners]:
    if not meet(a, b):
        yield a
        return
    top, left, bottom, right = a
    if b[0] > top:
        yield top, left, b[0] - 1, right
    if b[2] < bottom:
        yield b[2] + 1, left, bottom, right
    first, last = max(top, b[0]), min(bottom, b[2])
    if b[1] > left:
        yield first, left, last, b[1] - 1
    if b[3] < right:
        yield first, b[3] + 1, last, right
