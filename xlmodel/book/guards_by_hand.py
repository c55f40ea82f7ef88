"""The formulas of `xlmodel.book.guards` as text, for sheets that are not yet described by expressions; goes with them."""

from collections.abc import Iterable

from xlmodel.book.context import Context, old_check
from xlmodel.book.refs import corners
from xlmodel.book.spec import Sheet
from xlmodel.calc.values import Value


def tied(shown: str, source: str) -> str:
    """How far a number is from the one it repeats, relatively; 1 where only one of the two is a number.

    >>> tied("A1", "B1")
    'IF(ISNUMBER(B1),IFERROR(ABS(A1/B1-1),1),ISNUMBER(A1)*1)'
    """
    return f"IF(ISNUMBER({source}),IFERROR(ABS({shown}/{source}-1),1),ISNUMBER({shown})*1)"


def owed(needs: Iterable[str], result: str, gap: str) -> str:
    """A gap, where all is known that the result needs; there an error counts as 1, and elsewhere a number does.

    >>> owed(("A1", "B1"), "C1", "C1-A1*B1")
    'IF(ISNA(A1)+ISNA(B1),ISNUMBER(C1)*1,IFERROR(ABS(C1-A1*B1),1))'
    """
    unknown = "+".join(f"ISNA({need})" for need in needs)
    return f"IF({unknown},ISNUMBER({result})*1,IFERROR(ABS({gap}),1))"


def within_range(ctx: Context, sheet: Sheet, more: str = "", more_bad: int = 0) -> None:
    """Add the check that every number typed on a sheet is a number within the bounds of its cell.

    Validation stops a slip of the keyboard, not a paste.
    """
    terms, bad = [], more_bad
    for rule in sheet.validations:
        if rule.low is None or rule.high is None:
            continue
        for area in rule.areas:
            place = f"{sheet.name}!{area}"
            # a text is more than any number, and a truth value more than any text
            terms.append(f'SUMPRODUCT(({place}<>"")*(({place}<{rule.low:.15g})+({place}>{rule.high:.15g})))')
            bad += sum(_bad(value, rule.low, rule.high) for value in _values(sheet, area))
    first = next(ref for ref in sheet.inputs.values())
    ctx.checks.append(
        old_check(f"{sheet.name} within range", "What is typed into framed number cells is a number within its range, or nothing.", first,
              "+".join(terms) + more, bad, 0, {})
    )  # fmt: skip


def _values(sheet: Sheet, area: str) -> list[Value]:
    top, left, bottom, right = corners(area)
    cells = (sheet.cells.get(row, {}).get(col) for row in range(top, bottom + 1) for col in range(left, right + 1))
    return [cell.value for cell in cells if cell is not None]


def _bad(value: Value, low: float, high: float) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(not low <= value <= high)
    return int(value is not None)
