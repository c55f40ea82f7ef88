"""What is not the same in two books beside their inputs, formulas and builds: own sheets, names, settings, looks, objects, the file itself.

Sheets of a build are compared line by line where both books have one layout; what their programs write of themselves is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, TypeGuard

from lxml import etree

from xlmodel.book import places
from xlmodel.calc.address import letters
from xlmodel.calc.values import same
from xlmodel.model.comparison import Told
from xlmodel.returned.check.cell_rules import cells_beside
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.origin import FUNCTIONS, METADATA
from xlmodel.returned.refresh.looks import FormatLooks
from xlmodel.returned.sheet_settings import settings_of
from xlmodel.xlsx.contract_part import NAMESPACE
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import INTELLISENSE
from xlmodel.xlsx.raw_cells import TRUE, RawCell
from xlmodel.xlsx.relations import relations, workbook_part
from xlmodel.xlsx.texts import canonical

KIND = "seen"
Facts = Mapping[Any, object]
_RULES = (
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "customSheetViews", "mergeCells", "conditionalFormatting",
    "dataValidations", "hyperlinks", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "extLst",
)  # fmt: skip
_OBJECTS = (
    "drawing",
    "comments",
    "threadedComment",
    "table",
    "pivotTable",
    "slicer",
    "image",
    "customProperty",
    "vmlDrawing",
)
_OF_BUILD = re.compile(
    rb"<(?:\w+:)?(?:creator|lastModifiedBy|keywords|created|modified|TotalTime|AppVersion|Application)\b[^>]*>[^<]*"
)
_OWN_PARTS = (NAMESPACE.encode(), INTELLISENSE.encode())  # what a build keeps about itself
_CACHE = re.compile(rb"<(?:\w+:)?(numCache|strCache)>.*?</(?:\w+:)?\1>", re.DOTALL)  # numbers that previews draw
_LINE = re.compile(rb'<row r="(\d+)"[^>]*? outlineLevel="([1-9])')


def seen(a: Subject, b: Subject) -> Iterator[Told]:
    """Every kind of thing that differs, sheet by sheet, with the first place and the number of places."""
    origins = a.mailed.origin, b.mailed.origin
    same_hand = origins[0].program == origins[1].program and _saved(a) == _saved(b)
    faithful = same_hand or not any(origin.lost for origin in origins)  # who loses nothing keeps looks as they are
    yield from _told("Names", "", _names(a), _names(b))
    built = [name for name in a.mailed.sheets if name in b.mailed.sheets] if faithful else []
    alike = a.contract.form == b.contract.form and not (a.moved or b.moved)
    looks = FormatLooks(a.package.data["xl/styles.xml"]), FormatLooks(b.package.data["xl/styles.xml"])
    for name in built:
        here = a.mailed.sheets[name], b.mailed.sheets[name]
        yield from _told("Page and view", name, *(settings_of(s.rest(name), s.contract.build_id) for s in (a, b)))
        if alike:
            yield from _told("Typed beside", name, _beside(a, name), _beside(b, name))
            yield from _sheet(a, b, here, looks, same_hand=same_hand)
    own = [name for name in a.mailed.own_sheets if name in b.mailed.own_sheets and name in a.package.sheets]
    for name in own:
        if name in b.package.sheets:
            yield from _told("Cells", name, *(_cells(s, name, s.mailed.book.cells(name)) for s in (a, b)))
            if faithful:
                frames = (settings_of(s.package.grid(name).rest, "") for s in (a, b))
                yield from _told("Page and view", name, *frames)
                yield from _sheet(a, b, (name, name), looks, same_hand=same_hand)
    if same_hand:
        yield from _told("The workbook", "", _workbook(a), _workbook(b))


def results(a: Subject, b: Subject) -> Iterator[Told]:
    """Stored results that differ although nothing else does: one of the files was not recalculated; some programs store none.

    Without the functions the sheet that calls them says so in its results.
    """
    lost = {*a.mailed.origin.lost, *b.mailed.origin.lost}
    for name in a.mailed.sheets if a.contract.form == b.contract.form and not (a.moved or b.moved) else ():
        if name in b.mailed.sheets and not (name == places.FUNCTIONS and FUNCTIONS in lost):
            was, now = (
                {at: s.package.value(c) for at, c in s.mailed.cells(name).items() if c.formula is not None and c.stored}
                for s in (a, b)
            )
            apart = [at for at in was if at in now and not same(was[at], now[at], 1e-9)]
            yield from _told("Stored results", name, {at: was[at] for at in apart}, {at: now[at] for at in apart})


def _sheet(
    a: Subject, b: Subject, names: tuple[str, str], looks: tuple[FormatLooks, FormatLooks], *, same_hand: bool
) -> Iterator[Told]:
    """Looks, lines, rules and objects of a sheet, by its name in both files."""
    pair = tuple(zip((a, b), names, strict=True))
    yield from _told("Formats", names[1], *({at: look(str(cell.style)) for at, cell in s.mailed.book.cells(name).items()}
                                            for (s, name), look in zip(pair, looks, strict=True)))  # fmt: skip
    if not same_hand:  # Excel writes what a build wrote in its own words
        return
    yield from _told("Widths, heights and hidden lines", names[1], *(_lines(s, name) for s, name in pair))
    yield from _told("Rules", names[1], *(_rules(s, name) for s, name in pair))
    yield from _told("Objects and notes", names[1], *(_objects(s, name) for s, name in pair))


def _saved(s: Subject) -> tuple[bool, bool]:
    """What tells a file that Excel or openpyxl saved from one as it was built."""
    return s.package.tree(workbook_part(s.package.data)).find(
        MAIN + "fileVersion"
    ) is not None, METADATA in s.package.data


def _told(what: str, sheet: str, was: Facts, now: Facts) -> Iterator[Told]:
    keys = [key for key in dict.fromkeys((*was, *now)) if not _same(was.get(key), now.get(key))]
    if keys:
        key, more = keys[0], f"and {len(keys) - 1} more" if len(keys) > 1 else ""
        place = f"{sheet}!{letters(key[1])}{key[0]}" if _is_cell(key) else f"sheet {sheet}" if sheet else ""
        named = what if _is_cell(key) else f"{what}: {_words(key)}"
        yield Told(named, place, _words(was.get(key)), _words(now.get(key)), more, {}, KIND)


def _same(a: object, b: object) -> bool:
    """Whether two facts are the same; formulas however they are spelled."""
    if isinstance(a, str) and isinstance(b, str) and a[:1] == b[:1] == "=":
        return a == b or canonical(a[1:]) == canonical(b[1:])
    return a == b


def _is_cell(key: Any) -> TypeGuard[tuple[int, int]]:
    return isinstance(key, tuple) and len(key) == 2 and all(isinstance(line, int) for line in key)


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(filter(None, map(str, value)))[:80]
    return "" if value is None else str(value)[:80]


def _names(s: Subject) -> Facts:
    """Names that are not as built, with what they stand for."""
    ours = {name.casefold(): canonical(s.follow(text)) for name, text in s.built.names.items()} if s.built else {}
    known = {name.casefold() for name in s.built.functions} if s.built else set()
    own = {name: text for name, text in s.mailed.defined_names.items() if name.casefold() not in known}
    held = {name: canonical(s.as_built(text)) for name, text in own.items() if not name.startswith("_xlnm")}
    return {name: text for name, text in held.items() if ours.get(name.casefold()) != text}


def _cells(s: Subject, name: str, cells: Mapping[tuple[int, int], RawCell]) -> Facts:
    """What some cells of a sheet hold: a formula, or a value."""
    return {
        at: f"={s.mailed.book.formula(name, *at)}" if cell.formula is not None else s.package.value(cell)
        for at, cell in cells.items()
        if cell.formula is not None or cell.stored is not None
    }


def _beside(s: Subject, name: str) -> Facts:
    """What people typed on a sheet of the build where it has nothing of its own."""
    return _cells(s, s.mailed.sheets[name], dict(cells_beside(s, name)) if s.expected.get(name) else {})


def _lines(s: Subject, name: str) -> Facts:
    grid = s.package.grid(name)
    found: dict[Any, object] = {f"row {line}": f"height {height:g}" for line, height in grid.heights.items()}
    found |= {f"row {line} in sight": "hidden" for line in grid.hidden_rows}
    data = s.package.data[s.package.sheets[name]]
    found |= {f"group of row {int(m[1])}": int(m[2]) for m in _LINE.finditer(data)}
    for element in grid.rest.iter(MAIN + "col"):
        columns = f"column {letters(int(element.get('min', '1')))}"
        hidden = "hidden" if element.get("hidden") in TRUE else ""
        found[columns] = (f"width {element.get('width', '')}", hidden, element.get("outlineLevel", ""))
    return found


def _rules(s: Subject, name: str) -> Facts:
    rest = s.package.grid(name).rest
    return {
        tag: _digest(b"".join(etree.tostring(e, method="c14n") for e in held))
        for tag in _RULES
        if (held := rest.findall(MAIN + tag))
    }


def _objects(s: Subject, name: str) -> Facts:
    """Parts that a sheet leads to, and what those lead to, by kind and order."""
    found: dict[Any, object] = {}
    counts = Counter[str]()
    waiting, known = [s.package.sheets[name]], set[str]()
    while waiting:
        part = waiting.pop()
        for link in relations(s.package.data, part):
            if not link.external and link.target not in known and link.target in s.package.data:
                known.add(link.target)
                if part != s.package.sheets[name] or link.kind in _OBJECTS:
                    waiting.append(link.target)
                    counts[link.kind] += 1
                    found[f"{link.kind} {counts[link.kind]}"] = _digest(_CACHE.sub(b"", s.package.data[link.target]))
    return found


def _workbook(s: Subject) -> Facts:
    """The file itself: order of its sheets, its protection, views, properties and parts of people's own."""
    book = s.package.tree(workbook_part(s.package.data))
    back = {now: name for name, now in s.mailed.sheets.items()}
    found: dict[Any, object] = {"order of the sheets": " ".join(back.get(name, name) for name in s.sheet_order)}
    for tag in ("workbookProtection", "fileSharing", "customWorkbookViews", "externalReferences", "pivotCaches"):
        element = book.find(MAIN + tag)
        if element is not None:
            found[tag] = _digest(etree.tostring(element, method="c14n"))
    calc = book.find(MAIN + "calcPr")
    if calc is not None and calc.get("calcMode", "auto") != "auto":
        found["calculation"] = calc.get("calcMode")
    for part, data in s.package.data.items():
        if part.startswith("docProps/") and part.endswith(".xml"):
            found[f"properties {part.partition('/')[2]}"] = _digest(_OF_BUILD.sub(b"", data))
        elif part.startswith(("xl/theme/", "customXml/item")) and not any(mark in data for mark in _OWN_PARTS):
            found[part.rpartition("/")[2]] = _digest(data)
    return found


def _digest(data: bytes) -> str:
    """A mark of what has no words of its own."""
    return f"content {sha256(data).hexdigest()[:8]}"
