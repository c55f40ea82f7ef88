"""Worksheet functions that look something up: INDEX, MATCH and LOOKUP."""

from bisect import bisect_right

from xlmodel.calc.arithmetic import is_number, order
from xlmodel.calc.matrix import Matrix, Result, flat, scalar
from xlmodel.calc.values import NA, REF, VALUE, ExcelError
from xlmodel.calc.worksheet import known, one


@known
def index(block: Result, row: Result, col: Result | None = None) -> Result:
    """A cell of a block, or a whole row or column of it where the other number is 0."""
    rows = block.rows if isinstance(block, Matrix) else [[block]]
    down, across = int(one(row)), 1 if col is None else int(one(col))
    if col is None and len(rows) == 1:
        down, across = 1, down
    if down < 0 or across < 0:
        return VALUE
    if down > len(rows) or across > len(rows[0]):
        return REF
    taken = rows if down == 0 else [rows[down - 1]]
    taken = taken if across == 0 else [[line[across - 1]] for line in taken]
    return taken[0][0] if len(taken) == 1 and len(taken[0]) == 1 else Matrix.of(taken)


@known
def match_(wanted: Result, block: Result, kind: Result = 1.0) -> Result:
    """The place of a value: the first equal one (kind 0), or the last that is not above it (kind 1) in ascending order."""
    value, values = scalar(wanted), flat(block)
    if isinstance(value, ExcelError):
        return value
    alike = [(i, v) for i, v in enumerate(values, 1) if isinstance(v, str) is isinstance(value, str) and v is not None]
    if one(kind) == 0:
        return next((float(i) for i, v in alike if not isinstance(v, ExcelError) and order(v, value) == 0), NA)
    if is_number(value):
        below = bisect_right([float(v) for _, v in alike if is_number(v)], float(value))
        places = [i for i, v in alike if is_number(v)]
        return float(places[below - 1]) if below else NA
    return max((float(i) for i, v in alike if order(v, value) <= 0), default=NA)


@known
def lookup(wanted: Result, block: Result, results: Result) -> Result:
    """The result beside the last value that is not above the wanted one, in ascending order."""
    place = match_(wanted, block, 1.0)
    return place if isinstance(place, ExcelError) else flat(results)[int(one(place)) - 1]
