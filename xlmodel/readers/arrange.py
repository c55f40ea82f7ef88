"""Points in the order of a book, and the facts and snapshots that belong to them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from xlmodel.model.facts import Platform, Snapshot, newest_last
from xlmodel.model.point import PLATFORMS, WORKLOADS, Point
from xlmodel.readers import bundled

NOT_MEASURED = "no points of the models in this book"


def in_order(points: Iterable[Point], models: Iterable[str] = ()) -> list[Point]:
    """Points sorted so that every group stands together, the fastest point first, of equal ones the one that makes most.

    The workings of the workbook find frontiers in one pass down such rows. Models come in the order given, then in the order in which the points bring them.
    """
    points = list(points)
    rank = {model: i for i, model in enumerate(dict.fromkeys((*models, *(point.model for point in points))))}

    def place(known: tuple[str, ...], name: str) -> tuple[int, str]:
        return (known.index(name), "") if name in known else (len(known), name)

    return sorted(
        points,
        key=lambda p: (
            rank[p.model], place(PLATFORMS, p.platform), place(WORKLOADS, p.workload), p.snapshot, -p.interactivity, -p.throughput,
            p.precision,
        ),
    )  # fmt: skip


def with_facts(points: Sequence[Point]) -> tuple[Platform, ...]:
    """Known facts, then a row without facts for every platform that only the points name; who has no point says why."""
    known = bundled.platforms()
    names = {platform.platform for platform in known}
    held = {point.platform for point in points}
    blank = (None,) * 10
    extra = [
        Platform(name, "", "", *blank, source="named by own points; no facts bundled")
        for name in dict.fromkeys(p.platform for p in points)
        if name not in names
    ]
    known = [replace(p, no_curve="" if p.platform in held else p.no_curve or NOT_MEASURED) for p in known]
    return (*known, *extra)


def snapshots_of(points: Iterable[Point]) -> tuple[Snapshot, ...]:
    """The snapshots that the points use, dated ones last and in order, so that `latest` means a dated one."""
    known = {snapshot.label: snapshot for snapshot in bundled.snapshots()}
    labels = sorted({point.snapshot for point in points}, key=newest_last)
    return tuple(known.get(label) or Snapshot(label, "own measurements", "own points") for label in labels)
