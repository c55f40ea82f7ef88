"""Points of many result files: each measurement once, with what others have against it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from xlmodel.errors import Problem
from xlmodel.model.point import Point
from xlmodel.readers.points import POINTS
from xlmodel.readers.results.placing import Placed


@dataclass(slots=True)
class Books:
    """Points in the order in which they came, each once.

    Attributes:
        points: place in the order of the files -> point. again: those that were there already, with the reason.
    """

    points: list[Placed] = field(default_factory=list)
    again: list[Problem] = field(default_factory=list)
    _seen: dict[Any, str] = field(default_factory=dict)

    def add(self, placed: Placed) -> None:
        """Take a point, unless the same measurement is there already."""
        if placed.point is None:
            return
        where = placed.measurement.where
        first = self._seen.setdefault(POINTS.identity(placed.point), where)
        if first != where:
            self.again.append(
                Problem(
                    where, f"the measurement of {first} again", "each measurement once", "nothing to do: it counts once"
                )
            )
        else:
            self.points.append(placed)

    def doubt(self, doubts: Callable[[Point], Iterable[str]]) -> None:
        """Add what somebody else has against the points, to them and to their notes."""
        for i, placed in enumerate(self.points):
            assert placed.point is not None
            for text in doubts(placed.point):
                m = replace(placed.measurement, doubts=(*placed.measurement.doubts, text))
                point = replace(placed.point, note=f"{placed.point.note}; doubt: {text}".removeprefix("; "))
                self.points[i] = replace(placed, measurement=m, point=point)
