"""What a reader must know about a reading: precision, serving mode, and how close the curve's end is."""

from typing import Any

from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, IF, INDEX, ISNUMBER, OR, typed_number
from xlmodel.model.ownership import BUILD_UP, SERVER_ONLY

DISAGGREGATED, MTP, UNRECORDED = ", disaggregated", ", MTP", ", MTP not recorded"
CAPITAL = ", capital of the server only"
NEAR_END, HELD = ", near the end of its curve", ", held at its slowest point"


def point_below(knot: Expr, points: Expr) -> Expr:
    """Row of the measured point at or below a reading, 0 where there is none."""
    return IF(ISNUMBER(knot), INDEX(points, knot), 0)


def point_above(knot: Expr, way: Expr, points: Expr) -> Expr:
    """Row of the next measured point; the same one on a knot."""
    return IF(ISNUMBER(knot), INDEX(points, knot + IF(way > 0, 1, 0)), 0)


def flags(below: Expr, above: Expr, points: Any, read_at: Expr, highest: Expr, asked: Expr, near_end: Expr) -> Expr:
    """The flags of a reading in words, from the points around it; empty when there is nothing to read."""
    precision, speculative, disaggregated = (points(name).all for name in ("precision", "speculative", "disaggregated"))

    def either(column: Expr, word: str) -> Expr:
        return OR(INDEX(column, below).eq(word), INDEX(column, above).eq(word))

    both = INDEX(precision, below) & IF(
        INDEX(precision, below).eq(INDEX(precision, above)), "", "/" & INDEX(precision, above)
    )
    mode = IF(either(speculative, "MTP"), MTP, IF(either(speculative, "not recorded"), UNRECORDED, ""))
    return (
        both
        & IF(either(disaggregated, "yes"), DISAGGREGATED, "")
        & mode
        & IF(read_at >= near_end * highest, NEAR_END, "")
        & IF(read_at > asked, HELD, "")
    )


def capital_flag(basis: Expr, own_price: Expr, covers: Expr) -> Expr:
    """Says that the price in use counts the server's capital alone."""
    return IF(AND(basis.eq(BUILD_UP), typed_number(own_price) <= 0, covers.eq(SERVER_ONLY)), CAPITAL, "")
