"""Refresh: the new book in the package of the old one."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from lxml import etree

from xlmodel.book.address import quoted
from xlmodel.book.contract import contract_of
from xlmodel.book.order import describe, fingerprint
from xlmodel.book.spec import Book
from xlmodel.domain.bridge import Bridge, bridge
from xlmodel.domain.change import Change
from xlmodel.domain.facts import Quote
from xlmodel.domain.point import Point
from xlmodel.errors import Problem, WorkbookRefused
from xlmodel.verify.audit.outside import macros
from xlmodel.verify.audit.subject import Subject
from xlmodel.verify.mailed.file import ADD_AGAIN, PART, Mailed
from xlmodel.verify.parts import MAIN, sound
from xlmodel.verify.refresh import Remark, registers
from xlmodel.verify.refresh.cells import Copier, Sheet
from xlmodel.verify.refresh.data import renew
from xlmodel.verify.refresh.elements import carry_elements
from xlmodel.verify.refresh.history import history
from xlmodel.verify.refresh.kept import keep_sheet, kept_name
from xlmodel.verify.refresh.links import Carrier, Link, links_of
from xlmodel.verify.refresh.objects import carry_objects, marks_of
from xlmodel.verify.refresh.own import Follower
from xlmodel.verify.refresh.places import Places, places
from xlmodel.verify.refresh.plan import Plan, plan
from xlmodel.verify.texts import moved_by, renamed
from xlmodel.write.graft import Parts, graft
from xlmodel.write.graft.places import workbook_part
from xlmodel.write.package import streams
from xlmodel.write.passes import serialized


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A refreshed workbook, not yet written.

    Attributes:
        parts: its package. book: what its generated sheets are.
        bridge: what the new data did to the results.
        remarks: what could not be carried as it was, and where it stands now.
        carried: objects on generated sheets that came along. own_sheets: sheets of people's own.
    """

    parts: Parts
    book: Book
    bridge: Bridge
    remarks: tuple[Remark, ...]
    carried: tuple[str, ...]
    own_sheets: tuple[str, ...]


def refreshed(
    mailed: Mailed, today: datetime.date, points: Sequence[Point], quotes: Sequence[Quote], version: str
) -> Refreshed:
    """The new book in the package of the old one.

    Args:
        mailed: the workbook that people have been working in.
        today: the day of the refresh.
        points: further measurements.
        quotes: further prices.
        version: of the generator.

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
        s = Subject(mailed, today)
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
        return _Refresh(s, today.isoformat(), points, quotes, version).run()


class _Refresh:
    def __init__(self, s: Subject, day: str, points: Sequence[Point], quotes: Sequence[Quote], version: str) -> None:
        self.s = s
        self.day = day
        self.version = version
        self.renewed = renew(s, points, quotes)
        self.bridge = bridge(s.contents.inputs, self.renewed.inputs)

    def run(self) -> Refreshed:
        """Again where the surgery itself leaves something: its line belongs into the book."""
        inputs = self.renewed.inputs
        _, made, _ = self._planned(())
        remarks = list(made.remarks)
        while True:
            lines = history(self.s, self.bridge, remarks, self.day, len(inputs.points), len(inputs.quotes))
            book, made, where = self._planned(lines)
            carried: list[str] = []
            parts = _Graft(self.s, book, where, made, self.version).run(carried)
            if len(made.remarks) <= len(remarks):
                own = tuple(self.s.mailed.own_sheets)
                return Refreshed(parts, book, self.bridge, tuple(remarks), tuple(carried), own)
            remarks = list(made.remarks)

    def _planned(self, changes: tuple[Change, ...]) -> tuple[Book, Plan, Places]:
        """The new book with some lines on Changes, and the way of every cell into it."""
        s, inputs = self.s, self.renewed.inputs
        build_id = fingerprint(replace(inputs, changes=()))
        inputs = replace(inputs, changes=changes or inputs.changes)
        book = describe(inputs, s.contract.title, self.day, build_id, edition=s.contract.edition)
        contract = contract_of(book, self.version)
        where = places(s, book, contract, self.renewed)
        old, new = s.contents.inputs.scenario, inputs.scenario
        replaced = {f"scenario.{f.name}" for f in fields(old) if getattr(old, f.name) != getattr(new, f.name)}
        made = plan(s, book, contract, self.renewed, where, replaced)
        made.remarks[:0] = self.renewed.remarks
        return book, made, where


class _Graft:
    """The surgery on the package."""

    def __init__(self, s: Subject, book: Book, where: Places, made: Plan, version: str) -> None:
        self.s, self.book, self.where, self.made, self.version = s, book, where, made, version
        self.parts: Parts = dict(s.package.data)
        self.old = registers.sheets_of(self.parts)
        self.kept: dict[str, str] = {}  # sheet of the build -> name of the old one beside it

    def run(self, carried: list[str]) -> Parts:
        """The new package."""
        now = self.s.mailed.sheets
        active = self._active()
        trees = {name: etree.fromstring(self.parts[self.old[n].part]) for name, n in now.items()}
        links = {name: links_of(self.parts, self.old[n].part) for name, n in now.items()}
        candidates = {part for n in now.values() for part in registers.closure(self.parts, self.old[n].part)}
        registers.take_out(self.parts, now.values(), self._names())
        self.parts = graft(self.parts, self._source(), dressed=True)
        new = registers.sheets_of(self.parts)
        for name in now:
            if name in new:
                self._carry(name, trees[name], links[name], new[name].part, carried)
        whole = [link for name in self.made.beside if self._whole(name) for link in links.get(name, {}).values()]
        self._follow(set(new) - set(self._described()), registers.reachable(self.parts, whole))
        for name, reason in self.made.beside.items():
            self._keep(name, trees[name], links[name], reason)
        registers.put_in_order(self.parts, self.old, self._order(), self._now(active))
        self._select(self._now(active))
        registers.collect_garbage(self.parts, candidates)
        registers.restamp(self.parts, self.version, self.book.build_id)
        return self.parts

    def _described(self) -> list[str]:
        return [sheet.name for sheet in self.book.sheets]

    def _names(self) -> list[str]:
        """Names that the generator defines, in this version and in that of the old book."""
        books = [self.book, *([self.s.reference] if self.s.reference else [])]
        return [name for book in books for name in (*book.names, *(f.name for f in book.functions))]

    def _source(self) -> Parts:
        return {name: b"".join(chunks) for name, chunks in streams(self.book, version=self.version).items()}

    def _carry(self, name: str, tree: etree._Element, links: dict[str, Link], part: str, carried: list[str]) -> None:
        """What people typed and put onto one generated sheet, into the new one."""
        home = self.s.mailed.sheets[name]
        root = etree.fromstring(self.parts[part])
        self._cells(name, tree, root)

        def move(corners: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
            return self.where.area(name, corners)

        c = Carrier(self.parts, home, links, tree, part, root, move, self.where.move, self._charts(name))
        carry_elements(c)
        tables = frozenset(t.casefold() for t in (*self.s.contract.tables, "tblClaims"))
        unknown = [link.kind for link in links.values() if link.kind in ("oleObject", "control", "package", "ctrlProp")]
        if unknown:
            c.left += [f"an object of the kind {kind}" for kind in unknown]
        else:
            carry_objects(c, tables)
        self.parts[part] = serialized(root)
        carried += [f"{what} on {name}" for what in c.carried]
        if c.left and name not in self.made.beside:
            self.made.beside[name] = "; ".join(c.left)

    def _charts(self, name: str) -> frozenset[str]:
        """What tells the charts that the old build put onto a sheet, by its own description: in the new book they may stand elsewhere."""
        s, found = self.s, set[str]()
        now = {built.casefold(): here for built, here in s.mailed.sheets.items()}
        for chart in s.described[name].charts if name in s.described else ():
            found |= marks_of(chart, renamed(moved_by(chart.title.on(""), "", s.move), now))
        return frozenset(found)

    def _cells(self, name: str, tree: etree._Element, root: etree._Element) -> None:
        old, new = Sheet(tree), Sheet(root)
        copier = Copier.of(self.s.package, self.where)
        home = self.s.mailed.sheets[name]
        for at in self.made.cleared.get(name, ()):
            new.empty(*at)
        cells = self.s.mailed.cells(name)
        for at, to in self.made.copies.get(name, ()):
            cell = old.cell(*at)
            if cell is not None:
                new.put(*to, copier.copy(home, cells[at], cell, self.s.mailed.formula(name, *at), to))

    def _follow(self, own: set[str], reachable: set[str]) -> None:
        """References of people's own to cells that moved; the build's old charts lie unreachable until they are swept out."""
        names = {now.casefold(): name for name, now in self.s.mailed.sheets.items() if now != name}
        back = {now.casefold(): name for name, now in self.s.mailed.sheets.items()}

        def lost(sheet: str, cells: str) -> str:
            name = back[sheet.casefold()]
            self.made.beside.setdefault(name, "own formulas point to cells that the new book does not have")
            return f"{quoted(self._kept(name))}!{cells}"

        follower = Follower(self.where.move, names, lost)
        sheets = registers.sheets_of(self.parts)
        for name in sheets:
            if name in own and sheets[name].part in self.s.package.sheets.values():
                follower.sheet(self.parts, sheets[name].part, name)
        made = set(self.s.package.data)
        for part in sorted(made & self.parts.keys() & reachable):
            theirs = self.parts[part] == self.s.package.data[part]
            if theirs and part.startswith(("xl/charts/chart", "xl/drawings/drawing")) and part.endswith(".xml"):
                follower.chart(self.parts, part)
        follower.defined_names(self.parts, self._names())
        if follower.changed:
            shown = ", ".join(dict.fromkeys(follower.changed[:20]))
            more = f" and {len(follower.changed) - 20} more" if len(follower.changed) > 20 else ""
            self.made.remarks.append(Remark(f"References of your own followed cells that moved: {shown}{more}"))

    def _kept(self, name: str) -> str:
        if name not in self.kept:
            self.kept[name] = kept_name(name, [*self.old, *self.kept.values(), *self._described()])
        return self.kept[name]

    def _keep(self, name: str, tree: etree._Element, links: dict[str, Link], reason: str) -> None:
        beside = self._kept(name)
        keep_sheet(self.parts, beside, tree, links, whole=self._whole(name))
        self.made.remarks.append(
            Remark(f"The old sheet stays beside the new one: {reason}", f"sheet {name}", kept=f"now {beside}")
        )

    def _whole(self, name: str) -> bool:
        """Whether the old sheet is kept with its objects, because one of them could not be carried."""
        return "an object of the kind" in self.made.beside[name]

    def _order(self) -> list[str]:
        """Sheets as they stood; new ones where the book has them, kept ones behind their successors."""
        back = {now: name for name, now in self.s.mailed.sheets.items()}
        described = self._described()
        order = [back.get(name, name) for name in self.old]
        order = [name for name in order if name in described or name not in back.values()]
        for i, name in enumerate(described):
            if name not in order:
                before = next((order.index(d) + 1 for d in reversed(described[:i]) if d in order), 0)
                order.insert(before, name)
        for name, beside in self.kept.items():
            if name in self.made.beside:
                order.insert(order.index(name) + 1 if name in order else len(order), beside)
        return order

    def _active(self) -> str:
        view = next(etree.fromstring(self.parts[workbook_part(self.parts)]).iter(MAIN + "workbookView"), None)
        number = view.get("activeTab", "0") if view is not None else "0"
        names = list(self.old)
        return names[int(number)] if number.isdecimal() and int(number) < len(names) else names[0]

    def _now(self, name: str) -> str:
        """A sheet under its name in the new book."""
        return next((built for built, now in self.s.mailed.sheets.items() if now == name), name)

    def _select(self, name: str) -> None:
        """The sheet on top is the one that is selected."""
        part = registers.sheets_of(self.parts)[name].part
        if name in self._described():
            root = etree.fromstring(self.parts[part])
            for view in root.iter(MAIN + "sheetView"):
                view.set("tabSelected", "1")
            self.parts[part] = serialized(root)
