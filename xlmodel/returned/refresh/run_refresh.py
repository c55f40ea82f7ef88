"""Refresh: the new book in the package of the old one."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from xlmodel.book.places import CHANGES
from xlmodel.book.spec import Book
from xlmodel.errors import Problem, WorkbookRefused
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.bridge import Bridge, bridge
from xlmodel.model.facts import Quote
from xlmodel.model.point import Point
from xlmodel.returned.check import Finding
from xlmodel.returned.check.outside import macros
from xlmodel.returned.check.reference import near
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.mailed_file import ADD_AGAIN, PART, Mailed
from xlmodel.returned.refresh import Remark
from xlmodel.returned.refresh.cell_places import CellPlaces, follow, places
from xlmodel.returned.refresh.history import history
from xlmodel.returned.refresh.new_data import renew
from xlmodel.returned.refresh.surgery import Surgery
from xlmodel.returned.refresh.transfer import Transfer, plan, typed_over
from xlmodel.returned.refresh.undone import undone
from xlmodel.sheets.remembered import remembered, retold
from xlmodel.xlsx.graft import Parts
from xlmodel.xlsx.sound import sound


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A refreshed workbook, not yet written.

    Attributes:
        parts: its package. book: what its generated sheets are.
        bridge: what the new data did to the results.
        remarks: what could not be carried as it was, and where it stands now.
        carried: objects on generated sheets that came along. own_sheets: sheets of people's own.
        left: what `check` finds in the result beyond notes; it came along with what people typed.
    """

    parts: Parts
    book: Book
    bridge: Bridge
    remarks: tuple[Remark, ...]
    carried: tuple[str, ...]
    own_sheets: tuple[str, ...]
    left: tuple[Finding, ...] = ()


def refreshed(
    mailed: Mailed, today: datetime.date, points: Sequence[Point], quotes: Sequence[Quote], version: str,
    hosted: Sequence[ApiPrice] = (),
) -> Refreshed:  # fmt: skip
    """The new book in the package of the old one.

    Args:
        mailed: the workbook that people have been working in.
        today: the day of the refresh.
        points: further measurements.
        quotes: further prices.
        version: of the generator.
        hosted: further prices of hosted models.

    Raises:
        WorkbookRefused: it is no full build, it holds macros, or parts of it contradict each other.
    """
    if not mailed.whole:
        expected = "a workbook that xlmodel build wrote"
        raise WorkbookRefused(
            [
                Problem(
                    mailed.name,
                    f"a workbook with {PART}",
                    expected,
                    f"{ADD_AGAIN}, new data with --prices and --points",
                )
            ]
        )
    with sound(mailed.name):
        s = Subject(mailed, today, valued=False)
        for fault in macros(s):
            raise WorkbookRefused(
                [
                    Problem(
                        f"{mailed.name}, {fault.where}",
                        fault.found,
                        fault.expected,
                        "save it as .xlsx, which drops macros",
                    )
                ]
            )
        return _Refresh(s, today.isoformat(), points, quotes, version, hosted).run()


_OTHERWISE = "The file is of a version that laid its sheets out otherwise: how their cells and lines look, and what is printed, is the build's own again"


class _Refresh:
    def __init__(
        self, s: Subject, day: str, points: Sequence[Point], quotes: Sequence[Quote], version: str,
        hosted: Sequence[ApiPrice],
    ) -> None:  # fmt: skip
        self.s = s
        self.day = day
        self.version = version
        self.renewed = renew(s, points, quotes, hosted)
        self.book = remembered(self.renewed.inputs, s.contract.title, day, edition=s.contract.edition)
        if self.renewed.inputs == s.contents.inputs:
            s.near = near(self.book, s.contents.inputs, s.contract)
        self.over = typed_over(s)
        self.undone = tuple(undone(s))
        self.decided: dict[str, Transfer] = {}
        self.bridge = bridge(s.contents.inputs, self.renewed.inputs)

    def run(self) -> Refreshed:
        """Again where the surgery itself leaves something: its line belongs into the book."""
        s, inputs = self.s, self.renewed.inputs
        where = places(s, self.book, self.renewed)
        remarks = list(self._plan(self.book, where).remarks)
        while True:
            lines = history(s, self.bridge, remarks, self.day, len(inputs.points), len(inputs.quotes))
            book = retold(self.book, replace(inputs, changes=lines))
            if CHANGES in s.mailed.sheets:
                follow(where, (CHANGES,), s, book, self.renewed)
            made = self._plan(book, where)
            carried: list[str] = []
            parts = Surgery(s, book, where, made, self.version).run(carried)
            if len(made.remarks) <= len(remarks):
                own = tuple(s.mailed.own_sheets)
                return Refreshed(parts, book, self.bridge, tuple(remarks), tuple(carried), own)
            remarks = list(made.remarks)

    def _plan(self, book: Book, where: CellPlaces) -> Transfer:
        """What is done with every cell on its way into the new book."""
        s = self.s
        old, new = s.contents.inputs.scenario, self.renewed.inputs.scenario
        replaced = {f"scenario.{f.name}" for f in fields(old) if getattr(old, f.name) != getattr(new, f.name)}
        made = plan(s, book, self.renewed, where, replaced, self.over, self.decided)
        made.remarks[:0] = (*self.renewed.remarks, *self.undone)
        if s.reference is None:
            made.remarks.insert(0, Remark(_OTHERWISE))
        if s.mailed.origin.lost:
            made.remarks.insert(0, Remark(s.mailed.origin.written_again))
        return made
