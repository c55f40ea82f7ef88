"""The functions on a user's own points: interpolation, frontier, and a line through them."""

from xlmodel.calc.values import NA, NUM, VALUE, ExcelError, Value
from xlmodel.model.curve import LINEAR, STEFFEN, Curve, frontier, steffen_slopes
from xlmodel.model.ranges import Answer, Cells, between, each, flat, number, swift

STEPS, MOST_STEPS = 20, 1000  # parts of a line: unless said, and at most


def _pairs(xs: Cells, ys: Cells) -> list[tuple[float, float]] | None:
    """Pairs in which both cells hold a number; None when the ranges differ in shape."""
    if _shape(xs) != _shape(ys):
        return None
    return [
        (float(x), float(y))
        for x, y in zip(flat(xs), flat(ys), strict=True)
        if isinstance(x, int | float)
        and isinstance(y, int | float)
        and not isinstance(x, bool)
        and not isinstance(y, bool)
    ]


def _shape(cells: Cells) -> tuple[int, int]:
    return (len(cells), len(cells[0])) if isinstance(cells, list | tuple) else (1, 1)


def tokinterp(target: Cells, xs: Cells, ys: Cells, method: Value = None) -> Answer:
    """Points read at a target, between them by Steffen's cubic or by straight lines.

    >>> tokinterp(2, [[3], [1]], [[10.0], [30.0]])
    20.0
    """
    if isinstance(method, ExcelError):
        return method
    kind = STEFFEN if method in (None, "") else str(method).strip(" ")
    pairs = _pairs(xs, ys)
    if pairs is None or kind.lower() not in (STEFFEN.lower(), LINEAR):
        return VALUE
    largest: dict[float, float] = {}
    for x, y in pairs:
        largest[x] = max(y, largest.get(x, y))
    px = sorted(largest)
    py = [largest[x] for x in px]
    curve = Curve(tuple(px), tuple(py), tuple(steffen_slopes(px, py)) if px else (), ())
    method = LINEAR if kind.lower() == LINEAR else STEFFEN

    def one(cell: Value) -> Value:
        return number(cell, lambda at: curve.throughput(at, method), blank=True)

    if len(px) == 1 or not px:
        return each(one, target)
    found: Answer = swift(target, one, lambda targets: between(targets, px, py, curve.slopes, method))
    return found


def tokfrontier(xs: Cells, ys: Cells) -> Answer:
    """Points that no other beats in both, ascending, as rows of x and y.

    >>> tokfrontier([[10], [20], ["x"], [15]], [[9], [5], [7], [1]])
    [[10.0, 9.0], [20.0, 5.0]]
    """
    pairs = _pairs(xs, ys)
    if pairs is None:
        return VALUE
    keep = frontier([x for x, _ in pairs], [y for _, y in pairs])
    return [list(pairs[i]) for i in keep] or NA


def tokline(xs: Cells, ys: Cells, price: Value, steps: Value = None, method: Value = None) -> Answer:
    """Points as an even line from the slowest to the fastest: rows of interactivity, throughput and cost.

    The cost is that of GPUs at `price` USD/GPU-hour which are busy all the time.

    >>> tokline([[10], [20]], [[9.0], [5.0]], 3.6, 2, "linear")[1]
    [15.0, 7.0, 142.85714285714286]
    """
    for given in (price, steps):
        if isinstance(given, ExcelError):
            return given
    count = STEPS if steps in (None, "") else steps
    for number_ in (price, count):
        if isinstance(number_, bool) or not isinstance(number_, int | float):
            return VALUE
    if price <= 0 or not 1 <= count <= MOST_STEPS:  # type: ignore[operator]
        return NUM
    pairs = _pairs(xs, ys)
    across = sorted({x for x, _ in pairs or ()})
    if not across:
        return VALUE if pairs is None else NA
    parts = int(count)  # type: ignore[arg-type]
    low, wide = across[0], across[-1] - across[0]
    targets = [low + wide * i / parts for i in range(parts)] if wide else []
    read = tokinterp([[x] for x in (*targets, across[-1])], xs, ys, method)
    if not isinstance(read, list):
        return read
    return [[x, y, _dollars(price, y)] for x, (y,) in zip((*targets, across[-1]), read, strict=True)]


def _dollars(price: Value, rate: Value) -> Value:
    """USD per million tokens; #N/A where nothing is made."""
    if isinstance(rate, ExcelError):
        return rate
    return price / (rate * 0.0036) if rate > 0 else NA  # type: ignore[operator]
