"""Which points take part: in a curve under the switches, and in the default book at all."""

from collections.abc import Iterable, Sequence

from xlmodel.calc.interpolation import KEY as KEY  # noqa: PLC0414 - what makes a point usable, for those who ask here
from xlmodel.model.curve import Curve
from xlmodel.model.point import Point
from xlmodel.model.scenario import ALL, ONLY


def usable(point: Point) -> bool:
    """Whether a point can take part at all, whatever the switches say."""
    return point.include and 0 < point.interactivity < KEY and point.throughput > 0


def allowed(switch: str, kind: str, special: str, unrecorded: str) -> bool:
    """Whether a switch lets a kind of point through; what is not recorded passes only under `all`."""
    if switch == ALL:
        return True
    return kind == special if switch == ONLY else kind not in (special, unrecorded)


def in_time(limit: float, ttft_ms: float | None) -> bool:
    """Whether a point answers in time; a limit of 0 is none, and a time that is not recorded is within none.

    >>> in_time(0, None), in_time(500, None), in_time(500, 320.0)
    (True, False, True)
    """
    return not limit > 0 or (ttft_ms is not None and ttft_ms <= limit)


def reachable(points: Iterable[Point], depth: int) -> list[Point]:
    """The points that can come onto a frontier: the first `depth` layers of each serving mode.

    A point is left out when at least `depth` others of the same platform, model, workload, snapshot,
    precision, speculative decoding and disaggregation dominate it: no switch can then bring it onto a
    frontier, and it takes the exclusion of `depth` measured points to do so. A point that answers sooner
    than all that dominate it stays: a limit on the time to first token can bring it back.
    """
    modes: dict[tuple[str, ...], list[tuple[int, Point]]] = {}
    kept: list[tuple[int, Point]] = []
    for i, p in enumerate(points):
        if not p.include:
            kept.append((i, p))
            continue
        key = (p.model, p.platform, p.workload, p.snapshot, p.precision, p.speculative, p.disaggregated)
        modes.setdefault(key, []).append((i, p))
    for rows in modes.values():
        rest = rows
        for _ in range(depth):
            layer = set(Curve.fit((i, p.interactivity, p.throughput) for i, p in rest).sources)
            kept += [row for row in rest if row[0] in layer]
            rest = [row for row in rest if row[0] not in layer]
        sooner = {i for i, p in rows if p.ttft_ms is not None and not _beaten_in_time(i, p, rows)}
        held = {i for i, _ in kept}
        kept += [row for row in rows if row[0] in sooner - held]
    return [point for _, point in sorted(kept, key=lambda row: row[0])]


def _beaten_in_time(i: int, p: Point, rows: Sequence[tuple[int, Point]]) -> bool:
    """Whether another point is at least as fast and productive, and answers as soon."""
    mine = (p.interactivity, p.throughput, -(p.ttft_ms or 0))
    for j, q in rows:
        if i != j and q.ttft_ms is not None:
            other = (q.interactivity, q.throughput, -q.ttft_ms)
            if all(a >= b for a, b in zip(other, mine, strict=True)) and (other != mine or j < i):
                return True
    return False
