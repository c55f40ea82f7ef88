"""What checks share: a missing number is excused only where something it needs is missing."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.spec import Sheet
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import ABS, IF, IFERROR, ISNA, ISNUMBER, SUMPRODUCT
from xlmodel.calc.place import Place


def tied(shown: Expr, source: Expr) -> Any:
    """How far a number is from the one it repeats, relatively; 1 where only one of the two is a number.

    >>> from xlmodel.calc.expression import NOWHERE, Literal
    >>> tied(Literal(3), Literal(2)).text(NOWHERE)
    'IF(ISNUMBER(2),IFERROR(ABS(3/2-1),1),ISNUMBER(3)*1)'
    """
    return IF(ISNUMBER(source), IFERROR(ABS(shown / source - 1), 1), ISNUMBER(shown) * 1)


def owed(needs: Iterable[Expr], result: Expr, gap: Expr) -> Any:
    """A gap, where all is known that the result needs; there an error counts as 1, and elsewhere a number does.

    >>> from xlmodel.calc.expression import NOWHERE, Literal
    >>> owed((Literal(1), Literal(2)), Literal(3), Literal(4)).text(NOWHERE)
    'IF(ISNA(1)+ISNA(2),ISNUMBER(3)*1,IFERROR(ABS(4),1))'
    """
    return IF(reduce(add, map(ISNA, needs)), ISNUMBER(result) * 1, IFERROR(ABS(gap), 1))


def within_range(ctx: Context, sheet: Sheet, numbers: Iterable[Place], *more: Expr) -> None:
    """Add the check that every number typed on a sheet is a number within the range of its unit.

    Validation stops a slip of the keyboard, not a paste. `numbers` are the cells into which numbers may be typed, `more`
    counts further faults.
    """
    ctx.checks.append(
        Check(f"{sheet.name} within range", "What is typed into framed number cells is a number within its range, or nothing.",
              next(iter(sheet.inputs.values())), reduce(add, (*map(_outside, numbers), *more)))
    )  # fmt: skip


def _outside(place: Place) -> Any:
    """How many cells hold something else than nothing or a number within range."""
    cells = place.all.relative if isinstance(place, Line) and place.count > 1 else place.relative
    unit = place.unit
    # a text is more than any number, and a truth value more than any text
    return SUMPRODUCT(cells.ne("") * ((cells < unit.low) + (cells > unit.high)))
