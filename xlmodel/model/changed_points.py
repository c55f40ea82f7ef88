"""What changed between the points of two sets of inputs, each change with the step that makes it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from xlmodel.model.difference import POINT, Difference
from xlmodel.model.point import Group, Point
from xlmodel.model.scenario import Inputs

FEW = 8  # points of one curve that are told one by one; more are one change


def points(old: Inputs, new: Inputs) -> Iterator[Difference]:
    """Point by point; as one change where a curve has many."""
    then, now = _grouped(old), _grouped(new)
    for group in dict.fromkeys((*then, *now)):
        a, b = then.get(group, []), now.get(group, [])
        gone, come = Counter(a) - Counter(b), Counter(b) - Counter(a)
        if not gone and not come:
            continue
        pairs = list(_paired(list(gone.elements()), list(come.elements())))
        if len(pairs) <= FEW:
            for was, is_ in pairs:
                yield _point(group, was, is_)
        else:
            yield _many(group, pairs)


def _grouped(inputs: Inputs) -> dict[Group, list[Point]]:
    found: dict[Group, list[Point]] = {}
    for point in (*inputs.points, *inputs.typed):
        if point.interactivity or point.throughput or point.model:  # an empty row is no point
            found.setdefault(point.group, []).append(point)
    return found


def _paired(gone: list[Point], come: list[Point]) -> Iterator[tuple[Point | None, Point | None]]:
    """Points that are one measurement before and after, then those that are gone or new."""
    for alike in (_same_numbers, _same_run):
        for was in list(gone):
            found = [point for point in come if alike(was, point)]
            if len(found) == 1 and sum(alike(other, found[0]) for other in gone) == 1:
                gone.remove(was)
                come.remove(found[0])
                yield was, found[0]
    yield from ((was, None) for was in gone)
    yield from ((None, is_) for is_ in come)


def _same_numbers(a: Point, b: Point) -> bool:
    return (a.interactivity, a.throughput, a.precision) == (b.interactivity, b.throughput, b.precision)


def _same_run(a: Point, b: Point) -> bool:
    """The same set-up, another number."""
    names = ("precision", "framework", "speculative", "disaggregated", "concurrency")
    return all(getattr(a, name) == getattr(b, name) for name in names) and bool(a.concurrency)


def _point(group: Group, was: Point | None, is_: Point | None) -> Difference:
    point = is_ or was
    assert point is not None
    where = f"{group.model} on {group.platform}, {group.workload}, {group.snapshot}, {point.precision}"
    before, after = (None if p is None else _said(p) for p in (was, is_))
    if was and is_ and _same_numbers(was, is_):
        word = "noted" if was.include == is_.include else "included again" if is_.include else "excluded"
        before, after = (int(was.include), int(is_.include)) if was.include != is_.include else (was.note, is_.note)  # type: ignore[assignment]
    else:
        word = "changed" if was and is_ else "added" if is_ else "removed"

    def apply(inputs: Inputs) -> Inputs:
        rows = list(inputs.points)
        if was:
            rows.remove(was)
        return replace(inputs, points=(*rows, *([is_] if is_ else ())))

    key = f"point/{group.key}|{point.precision}|{point.interactivity:g}"
    return Difference(POINT, key, f"Point {word}: {where}, {_said(point)}", before, after, apply, (is_ or point).note)


def _many(group: Group, pairs: Sequence[tuple[Point | None, Point | None]]) -> Difference:
    count = Counter("changed" if a and b else "added" if b else "removed" for a, b in pairs)
    said = ", ".join(f"{count[word]} {word}" for word in ("added", "removed", "changed") if count[word])
    place = f"{group.model} on {group.platform}, {group.workload}, {group.snapshot}"

    def apply(inputs: Inputs) -> Inputs:
        rows = list(inputs.points)
        for was, is_ in pairs:
            if was:
                rows.remove(was)
            if is_:
                rows.append(is_)
        return replace(inputs, points=tuple(rows))

    details = tuple(f"{_said(a) if a else 'new'} -> {_said(b) if b else 'gone'}" for a, b in pairs)
    return Difference(POINT, f"points/{group.key}", f"Points of {place}: {said}", count["removed"] + count["changed"],
                      count["added"] + count["changed"], apply, details=details)  # fmt: skip


def _said(p: Point) -> str:
    mark = "" if p.include else ", excluded"
    return f"{p.interactivity:,.6g} tok/s/user at {p.throughput:,.6g} tok/s/GPU{mark}"
