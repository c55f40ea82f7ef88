"""A number for every group of a book, made of the places of its names, so that it is found by halves."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from xlmodel.model.point import LATEST, Group
from xlmodel.model.scenario import Inputs

PARTS = ("Model", "Platform", "Workload", "Snapshot")
SPARE = 10  # places behind each menu for names that only typed rows bring


@dataclass(frozen=True)
class Numbering:
    """The menus of a book and the numbers of its groups."""

    inputs: Inputs
    built: Sequence[Group]

    @cached_property
    def menus(self) -> dict[str, tuple[str, ...]]:
        """Names in the order of each menu; the last snapshot is `latest`."""
        i = self.inputs
        names = (
            i.models, tuple(p.platform for p in i.platforms), i.workloads, (*(s.label for s in i.snapshots), LATEST),
        )  # fmt: skip
        return dict(zip(PARTS, names, strict=True))

    @cached_property
    def widths(self) -> dict[str, int]:
        """For each part, by how much the number of the parts before it counts more."""
        return {part: len(menu) + SPARE for part, menu in self.menus.items()}

    def place(self, part: str, name: str) -> int:
        """Place of a name in its menu, from 1; 0 where it does not stand there."""
        folded = name.casefold()  # as the workbook compares
        for i, known in enumerate(self.menus[part], 1):
            if known.casefold() == folded:
                return i
        return 0

    def number(self, group: Group) -> int:
        """The group's number; 0 when a menu does not know one of its names."""
        total = 0
        for part in PARTS:
            place = self.place(part, getattr(group, part.lower()))
            if not place:
                return 0
            total = total * self.widths[part] + place
        return total
