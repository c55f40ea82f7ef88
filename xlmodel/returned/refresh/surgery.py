"""The surgery on the package: new generated sheets in the places of the old ones, everything else as it was."""

from lxml import etree

from xlmodel.book.spec import Book
from xlmodel.calc.address import quoted
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.origin import APPLICATION, LIBREOFFICE, PROTECTION
from xlmodel.returned.refresh import Remark, package_registers
from xlmodel.returned.refresh.carried_cells import Copier, SheetXml
from xlmodel.returned.refresh.cell_places import CellPlaces
from xlmodel.returned.refresh.chart_marks import landmarks
from xlmodel.returned.refresh.elements import carry_elements, centred_across
from xlmodel.returned.refresh.kept import keep_sheet, kept_name
from xlmodel.returned.refresh.links import Carrier, links_of
from xlmodel.returned.refresh.looks import FormatLooks, carry_looks
from xlmodel.returned.refresh.new_sheet import NewSheet, frame_of
from xlmodel.returned.refresh.objects import carry_objects
from xlmodel.returned.refresh.own_formulas import FOLLOWED, Follower
from xlmodel.returned.refresh.page_lines import GROUPED, Lined, carry_lines, own_print_names
from xlmodel.returned.refresh.page_settings import carry_breaks, carry_foreign, carry_settings, own_settings
from xlmodel.returned.refresh.transfer import Transfer
from xlmodel.returned.sheet_settings import Setting
from xlmodel.sheets.remembered import contract
from xlmodel.xlsx.graft import Parts, graft
from xlmodel.xlsx.package import streams
from xlmodel.xlsx.relations import Relationship
from xlmodel.xlsx.texts import moved_by, renamed

_STYLES = "xl/styles.xml"


class Surgery:
    """One operation: a package, the new book, and the way of everything into it."""

    def __init__(self, s: Subject, book: Book, where: CellPlaces, made: Transfer, version: str) -> None:
        self.s, self.book, self.where, self.made, self.version = s, book, where, made, version
        self.parts: Parts = dict(s.package.data)
        self.old = package_registers.sheets_of(self.parts)
        self.printed: dict[tuple[str, str], str] = {}  # sheet and name -> the ranges that people print
        self.kept: dict[str, str] = {}  # sheet of the build -> name of the old one beside it
        self.settings: dict[str, set[Setting]] = {}  # what people set on each sheet
        self._trees: dict[str, etree._Element] = {}

    def run(self, carried: list[str]) -> Parts:
        """The new package."""
        now = self.s.mailed.sheets
        active = package_registers.active_sheet(self.parts, list(self.old))
        links = {name: links_of(self.parts, self.old[n].part) for name, n in now.items()}
        candidates = {part for n in now.values() for part in package_registers.closure(self.parts, self.old[n].part)}
        package_registers.take_out(self.parts, now.values(), self._names())
        source = self._source()
        self.parts = graft(self.parts, source, dressed=True)
        new = package_registers.sheets_of(self.parts)
        frames = {name: frame_of(self.parts[listed.part]) for name, listed in new.items() if name in now}
        self.settings = own_settings(self.s, frames, self.book.build_id)
        for name in now:
            if name in new:
                self._carry(name, links[name], new[name].part, carried)
        whole = [link for name in self.made.beside if self._whole(name) for link in links.get(name, {}).values()]
        self._follow(set(new) - set(self._described()), package_registers.reachable(self.parts, whole))
        for name, reason in self.made.beside.items():
            self._keep(name, self._tree(name), links[name], reason)
        by_name = {self._now(old): listed for old, listed in self.old.items()}
        package_registers.put_in_order(self.parts, by_name, self._order(), self._now(active))
        package_registers.set_printed(self.parts, self.printed)
        if self._now(active) in self._described():
            package_registers.select(self.parts, self._now(active))
        package_registers.collect_garbage(self.parts, candidates)
        package_registers.restamp(self.parts, self.version, self.book.build_id)
        if self.s.mailed.origin.lost and APPLICATION in self.parts:  # what saved the old file did not make this one
            self.parts[APPLICATION] = source[APPLICATION]
        return self.parts

    def _described(self) -> list[str]:
        return [sheet.name for sheet in self.book.sheets]

    def _names(self) -> list[str]:
        """Names that the generator defines, in this version and in that of the old book."""
        old = self.s.built
        now = [*self.book.names, *(function.name for function in self.book.functions)]
        return [*now, *old.names, *old.functions] if old else now

    def _source(self) -> Parts:
        parts = streams(self.book, version=self.version, contract=contract(self.book, self.version))
        return {name: b"".join(chunks) for name, chunks in parts.items()}

    def _tree(self, name: str) -> etree._Element:
        """An old sheet as XML, rows and all: few sheets need that."""
        if name not in self._trees:
            self._trees[name] = etree.fromstring(self.s.package.data[self.old[self.s.mailed.sheets[name]].part])
        return self._trees[name]

    def _carry(self, name: str, links: dict[str, Relationship], part: str, carried: list[str]) -> None:
        """What people typed and put onto one generated sheet, into the new one."""
        home = self.s.mailed.sheets[name]
        sheet = NewSheet(self.parts[part])
        self._cells(name, sheet)

        def move(corners: tuple[int, int, int, int]) -> tuple[int, int, int, int] | None:
            return self.where.area(name, corners)

        c = Carrier(
            self.parts,
            home,
            links,
            self.s.rest(name),
            part,
            sheet,
            move,
            self.where.move,
            landmarks(self.s, name),
            bool(self.s.mailed.origin.lost),
        )
        carry_foreign(c)
        carry_elements(
            c,
            protection=PROTECTION not in self.s.mailed.origin.lost,
            across=centred_across(self.book, name) if self.s.mailed.origin.program == LIBREOFFICE else (),
        )
        tables = frozenset(t.casefold() for t in (*self.s.contract.tables, "tblClaims"))
        unknown = [link.kind for link in links.values() if link.kind in ("oleObject", "control", "package", "ctrlProp")]
        if unknown:
            c.left += [f"an object of the kind {kind}" for kind in unknown]
        else:
            carry_objects(c, tables)
        self._looks(name, c)
        carry_settings(c, self.settings[name], (self.s.contract.build_id, self.book.build_id))
        self.parts[part] = sheet.part()
        carried += [f"{what} on {name}" for what in c.carried]
        if c.left and name not in self.made.beside:
            self.made.beside[name] = "; ".join(c.left)

    def _looks(self, name: str, c: Carrier) -> None:
        """Formats, widths, heights, what is hidden and what is printed, where people set them."""
        s = self.s
        built = next((sheet for sheet in s.reference.sheets if sheet.name == name), None) if s.reference else None
        carry_breaks(c, built.breaks if built else None)
        home, rewritten = s.mailed.sheets[name], bool(s.mailed.origin.lost)
        if name in s.moves and s.built:
            grouped = GROUPED.search(s.package.data[self.old[home].part]) is not None
            lined = Lined(built.widths, built.heights) if built else Lined(s.described[name].widths, None)
            back, grid = s.moves[name].back().cell, s.package.grid(home)
            carry_lines(c, lined, back, grid, lambda: self._tree(name), grouped=grouped, rewritten=rewritten)
        if built is None:
            return
        looks = FormatLooks(self.parts[_STYLES])
        new = next(sheet for sheet in self.book.sheets if sheet.name == name)
        old, moves = s.mailed.cells(name), s.moves[name]
        count = carry_looks(name, old, c.sheet, built, moves, new, self.where, looks, rewritten=rewritten)
        if count:
            c.carried.append(f"{count} cells' formats")
        number = list(self.old).index(home)
        for print_name, text in own_print_names(
            s.package.tree("xl/workbook.xml"),
            number,
            built,
            lambda text: moved_by(text, name, s.move),
            rewritten=rewritten,
        ).items():
            followed = renamed(moved_by(text, home, self.where.span), {home.casefold(): name})
            if "#REF!" in followed:
                self.made.remarks.append(Remark("What was to be printed is no longer there", f"sheet {name}", text))
            else:
                self.printed[name, print_name] = followed
                c.carried.append("what is printed")

    def _cells(self, name: str, new: NewSheet) -> None:
        for at in self.made.cleared.get(name, ()):
            new.empty(*at)
        copies = self.made.copies.get(name)
        if not copies:
            return
        old, copier = SheetXml(self._tree(name)), Copier.of(self.s.package, self.where)
        home, cells = self.s.mailed.sheets[name], self.s.mailed.cells(name)
        for at, to in copies:
            cell = old.cell(*at)
            if cell is not None:
                made, there = copier.copy(home, cells[at], cell, self.s.mailed.formula(name, *at), to), new.cell(*to)
                if there is not None and PROTECTION in self.s.mailed.origin.lost:  # its cells are all locked
                    made.set("s", there.get("s", "0"))
                new.put(*to, made)

    def _follow(self, own: set[str], reachable: set[str]) -> None:
        """References of people's own to cells that moved; the build's old charts lie unreachable until they are swept out."""
        names = {now.casefold(): name for name, now in self.s.mailed.sheets.items() if now != name}
        back = {now.casefold(): name for name, now in self.s.mailed.sheets.items()}
        frozen: dict[str, None] = {}

        def lost(sheet: str, cells: str) -> str:
            name = back[sheet.casefold()]
            frozen[f"{quoted(name)}!{cells}"] = None
            self.made.beside.setdefault(name, "own formulas point to cells that the new book does not have")
            return f"{quoted(self._kept(name))}!{cells}"

        follower = Follower(self.where.move, names, lost)
        sheets = package_registers.sheets_of(self.parts)
        for name in sheets:
            if name in own and sheets[name].part in self.s.package.sheets.values():
                follower.sheet(self.parts, sheets[name].part, name)
        for part in sorted(self.s.package.data.keys() & self.parts.keys() & reachable):
            theirs = self.parts[part] == self.s.package.data[part]
            if theirs and part.startswith(FOLLOWED) and part.endswith(".xml"):
                follower.chart(self.parts, part)
        follower.defined_names(self.parts, self._names())
        if frozen:
            shown = ", ".join(list(frozen)[:20])
            what = f"Formulas of your own read {shown} as it was, which no longer moves: point them to the new cells"
            self.made.remarks.append(Remark(what))
        if follower.changed:
            shown = ", ".join(dict.fromkeys(follower.changed[:20]))
            more = f" and {len(follower.changed) - 20} more" if len(follower.changed) > 20 else ""
            self.made.remarks.append(Remark(f"References of your own followed cells that moved: {shown}{more}"))

    def _kept(self, name: str) -> str:
        if name not in self.kept:
            self.kept[name] = kept_name(name, [*self.old, *self.kept.values(), *self._described()])
        return self.kept[name]

    def _keep(self, name: str, tree: etree._Element, links: dict[str, Relationship], reason: str) -> None:
        beside = self._kept(name)
        shown = {at: value for (sheet, at), value in self.s.modelled.items() if sheet == name}
        keep_sheet(self.parts, beside, tree, links, shown, whole=self._whole(name))
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

    def _now(self, name: str) -> str:
        """A sheet under its name in the new book."""
        return next((built for built, now in self.s.mailed.sheets.items() if now == name), name)
