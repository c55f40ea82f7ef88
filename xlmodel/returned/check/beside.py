"""Rules about what is read with a cell and does not stand in it: above its text, in its place, in messages that pop up."""

import re
from collections.abc import Iterator

from lxml import etree

from xlmodel.book.refs import corners, position
from xlmodel.returned.check import WARNING, AuditRule, Fault
from xlmodel.returned.check.areas import Corners, covers, meet
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.protection_rules import guards_of, named, typed_into
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.raw_cells import TRUE

_SHOWN = rb'<(?:\w+:)?%b\b(?=[^>]*\sr="%b")[^>]*\sph="(?:1|true)"'  # a cell or row that shows its readings

_RICH = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\svm="[1-9])[^>]*\sr="([A-Z]{1,3}[0-9]{1,7})"')


def readings(s: Subject) -> Iterator[Fault]:
    """Readings, as Japanese has them, shown above words of the build: they need not be those of the words."""
    part = "xl/sharedStrings.xml"
    items = s.package.tree(part).iter(MAIN + "si") if b"rPh" in s.package.data.get(part, b"") else ()
    shared = {str(i): item for i, item in enumerate(items) if item.find(MAIN + "rPh") is not None}
    for sheet, now in s.mailed.sheets.items():
        inline, dressed = s.package.grid(now).pieced, s.dressed.get(sheet, {})
        for at, cell in s.mailed.cells(sheet).items() if shared or inline else ():
            text = shared.get(cell.stored or "") if cell.kind == "s" else inline.get(cell.a1)
            above = "" if text is None else " ".join(t.text or "" for t in text.iterfind(f"{MAIN}rPh/{MAIN}t"))
            if above and at in dressed and not typed_into(s, dressed[at][0]) and _shows(s, now, at, cell.a1):
                found = f"above {said(s.package.value(cell))} stands {above[:60]!r}, which no formula sees"
                fix = "Home, Show Phonetic Field, switch it off"
                yield Fault(s.where(sheet, *at), found, "the words of the build alone", fix)


def _shows(s: Subject, now: str, at: Place, a1: str) -> bool:
    """Whether a cell shows the readings of its words."""
    data, row = s.package.data[s.package.sheets[now]], str(at[0]).encode()
    if re.search(_SHOWN % (b"c", a1.encode()), data) or re.search(_SHOWN % (b"row", row), data):
        return True
    cols = s.package.grid(now).rest.iter(MAIN + "col")
    return any(c.get("phonetic") in TRUE and int(c.get("min", 0)) <= at[1] <= int(c.get("max", 0)) for c in cols)


def records(s: Subject) -> Iterator[Fault]:
    """Cells of the build that show a picture or a record, with words of its own, in place of their value."""
    held = any(part.startswith("xl/richData/") for part in s.package.data)
    for sheet, now in s.mailed.sheets.items() if held else ():
        for match in _RICH.finditer(s.package.data[s.package.sheets[now]]):
            at = position(match[1].decode())
            if at in s.dressed.get(sheet, ()):
                found = "a picture or a record is shown here in place of the value"
                yield Fault(s.where(sheet, *at), found, "the value of the build", "type or copy the value again")


def messages(s: Subject) -> Iterator[Fault]:
    """Messages and tips that pop up on cells of the model which nobody is asked to type into."""
    for sheet, built in s.described.items():
        own = {" ".join(rule.prompt.split()) for rule in built.validations}
        silent = [corners(text) for rule in built.validations if not rule.prompt for text in rule.areas]
        quiet = [area for held in silent if (area := s.moves[sheet].area(held))]  # what they say is not known
        guards = (g for g in guards_of(s, sheet) if s.built and g.speaks and " ".join(g.prompt.split()) not in own)
        spoken = [(g.areas, g.prompt) for g in guards if not any(meet(a, area) for a in g.areas for area in quiet)]
        spoken += [((corners(e.get("ref", "A1")),), e.get("tooltip", "")) for e in _links(s, sheet)]
        for areas, words in spoken:
            if words.strip() and (first := _first(s, sheet, areas)):
                where = f"{s.mailed.sheets[sheet]}!{named(areas[0])}"
                found = (
                    f"a message pops up on {s.where(sheet, *first)}, {words[:80]!r}: a reader takes it for the model's"
                )
                yield Fault(where, found, "messages on inputs alone", "delete it: Data, Data Validation, or Edit Link")


def _links(s: Subject, sheet: str) -> Iterator[etree._Element]:
    return s.rest(sheet).iter(MAIN + "hyperlink")


def _first(s: Subject, sheet: str, areas: tuple[Corners, ...]) -> Place | None:
    """The first cell with content of the build in some areas; of many areas and large ones, all cells are looked at."""
    cells, dressed = s.mailed.cells(sheet), s.dressed[sheet]
    few = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in areas) < len(dressed)
    places = (
        (
            (row, col)
            for top, left, bottom, right in areas
            for row in range(top, bottom + 1)
            for col in range(left, right + 1)
        )
        if few
        else (at for at in dressed if any(covers(area, at) for area in areas))
    )
    held = (at for at in places if at in dressed and at in cells and not typed_into(s, dressed[at][0]))
    return min((at for at in held if cells[at].stored is not None or cells[at].formula), default=None)


RULES = (
    AuditRule("readings", WARNING, "what is written above a word is read as the word", readings),
    AuditRule("records", WARNING, "what is drawn in a cell is read in place of its value", records),
    AuditRule("messages", WARNING, "a message on a result speaks for the model", messages),
)
