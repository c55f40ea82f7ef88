"""Worksheet functions that look at their arguments before they compute them: IF, IFERROR, INDEX, MATCH and SUM."""

from collections.abc import Callable
from typing import Any

from xlmodel.calc.arithmetic import number
from xlmodel.calc.expression import Expr, Seat
from xlmodel.calc.matrix import Matrix, Result, scalar
from xlmodel.calc.values import ExcelError
from xlmodel.calc.worksheet import compute


def _sum(seat: Seat, *values: Expr) -> Result:
    """A cell that is referred to counts when it holds a number, and only then; a value within the formula always does."""
    found = [value.at(seat) for value in values]
    if len(found) == 1 and isinstance(found[0], float):  # nearly always, so without asking further
        return found[0] + 0.0
    referred = [
        v if isinstance(v, Matrix) or not _refers(value) else Matrix([v])
        for v, value in zip(found, values, strict=True)
    ]
    return compute("SUM", list(referred))


def _refers(value: Expr) -> bool:
    """Whether an expression is a reference: a cell, or what INDEX picks."""
    found = getattr(value, "found", value)
    return hasattr(found, "ref") or getattr(found, "name", "") == "INDEX"


def _if(seat: Seat, test: Expr, then: Expr, other: Expr) -> Result:
    found = test.at(seat)
    if found is True:
        return then.at(seat)
    if found is False:
        return other.at(seat)
    if isinstance(found, Matrix):
        return Matrix([scalar(_chosen(v, seat, then, other)) for v in found.values], found.width)
    return _chosen(found, seat, then, other)


def _chosen(test: Any, seat: Seat, then: Expr, other: Expr) -> Result:
    taken = test if isinstance(test, bool) else number(test)
    if isinstance(taken, ExcelError):
        return taken
    return (then if taken else other).at(seat)


def _iferror(seat: Seat, value: Expr, instead: Expr) -> Result:
    found = value.at(seat)
    return instead.at(seat) if isinstance(found, ExcelError) else found


def _index(seat: Seat, block: Expr, row: Expr, col: Expr | None = None) -> Result:
    places = [scalar(place.at(seat)) for place in (row, col) if place is not None]
    for place in places:
        if isinstance(place, ExcelError):
            return place
    pick = getattr(block, "pick", None)  # an area hands out one cell without computing the others
    found = pick(seat, *[int(number(place)) for place in places]) if pick else None  # type: ignore[arg-type]
    return compute("INDEX", [block.at(seat), *places]) if found is None else found[0]


def _match(seat: Seat, wanted: Expr, block: Expr, kind: Expr) -> Result:
    value, how = scalar(wanted.at(seat)), scalar(kind.at(seat))
    search = getattr(block, "search", None)  # an area remembers where its values stand
    found = search(seat, value, how) if search and not isinstance(value, ExcelError) else None
    return compute("MATCH", [value, block.at(seat), how]) if found is None else found


LAZY: dict[str, Callable[..., Result]] = {"IF": _if, "IFERROR": _iferror, "INDEX": _index, "MATCH": _match, "SUM": _sum}
