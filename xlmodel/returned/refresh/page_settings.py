"""How people set generated sheets, and what they put onto them that no build has: views, paper, scenarios, watches, filters."""

from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

from xlmodel.returned.check.subject import Subject
from xlmodel.returned.refresh.links import Carrier, place
from xlmodel.returned.sheet_settings import HEADS, PANE, PAPER, Setting, changed, element_at, settings_of, shared
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.raw_cells import TRUE

_FOREIGN = (
    "scenarios", "autoFilter", "dataConsolidate", "customSheetViews", "phoneticPr", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "webPublishItems",
)  # fmt: skip
_HIDING = {("pageSetup", "draft"), ("pageSetup", "errors")}
_PAGED = {
    ("sheetPr/pageSetUpPr", "fitToPage"),
    *(("pageSetup", name) for name in ("scale", "fitToWidth", "fitToHeight")),
}
_PLACES = ("r", "ref", "sqref")
_INSIDE = ("tabColor", "outlinePr", "pageSetUpPr")  # of sheetPr, in the order of the schema
_LAST_BREAK = {"rowBreaks": "16383", "colBreaks": "1048575"}


def own_settings(s: Subject, new: Mapping[str, etree._Element], build_id: str) -> dict[str, set[Setting]]:
    """What people set on each sheet; what a program or another version sets on most sheets is not theirs.

    Args:
        s: the old workbook.
        new: the new sheets without their rows.
        build_id: name of the new build.
    """
    found = {}
    for name, frame in new.items():
        found[name] = changed(settings_of(s.rest(name), s.contract.build_id), settings_of(frame, build_id))
    usual = shared(found) if s.mailed.origin.lost or s.reference is None else set()
    paged = _PAGED if s.reference is None else set()  # another version has other columns on its pages
    return {
        name: {key for key, now in held.items() if (key, now) not in usual and key not in paged}
        for name, held in found.items()
    }


def carry_settings(c: Carrier, wanted: set[Setting], builds: tuple[str, str]) -> None:
    """Set the new sheet as people set the old one.

    Args:
        c: the sheet on its way.
        wanted: the settings that are theirs.
        builds: name of the old build, which headers name, and of the new one.
    """
    wanted = {key for key in wanted if not _hides(c, key)}
    for path in dict.fromkeys(path for path, _ in wanted):
        old, names = element_at(c.old, path), [name for p, name in wanted if p == path]
        if path == PANE:
            _panes(c, old)
            continue
        new = _made(c, path)
        for name in names:
            if path == PAPER and name in HEADS:
                _head(c, new, name, builds)
            elif old is not None and old.get(name) is not None:
                new.set(name, old.get(name, ""))
            else:
                new.attrib.pop(name, "")
        if not new.attrib and not len(new):
            new.getparent().remove(new)  # type: ignore[union-attr]
    if wanted:
        c.carried.append(f"{len(wanted)} settings of the sheet")


def _hides(c: Carrier, key: Setting) -> bool:
    """Whether a setting keeps from sight what the build shows: a check names it, and the build's own stands again."""
    frozen = element_at(c.new, PANE) is not None and element_at(c.old, PANE) is None
    return key in _HIDING or (key[0] == PANE and frozen)


def carry_foreign(c: Carrier) -> None:
    """What no build puts onto a sheet goes along; places follow their cells."""
    for name in _FOREIGN:
        old = c.old.find(MAIN + name)
        if old is None or c.new.find(MAIN + name) is not None:
            continue
        copy = deepcopy(old)
        for element in list(copy.iter()):
            for key in _PLACES:
                text = element.get(key) if isinstance(element.tag, str) else None
                if text and not (now := c.ref(text)):
                    c.left.append(f"{name} on {text}")
                elif text:
                    element.set(key, now)
        c.relink(copy, c.new_part, c.links)
        place(c.new, copy)
        c.carried.append(name)


def carry_breaks(c: Carrier, built: list[int] | None) -> None:
    """Page breaks that people set or took away; those of a build that nobody knows are left to the new one.

    Args:
        c: the sheet on its way.
        built: the rows after which the old build broke its pages; None where that is not known.
    """
    for name, last in _LAST_BREAK.items():
        rows = name == "rowBreaks"
        now = {int(e.get("id", "0")) for e in c.old.iterfind(f"{MAIN}{name}/{MAIN}brk") if e.get("man") in TRUE}
        then = set(built or ()) if rows else set()
        if now == then or (rows and built is None):
            continue
        home = c.home_of(MAIN + name)
        there = {int(e.get("id", "0")): e for e in home}
        for line in now - then:
            to = _line(c, line, rows=rows)
            if to is not None and to not in there:
                there[to] = etree.SubElement(home, MAIN + "brk", id=str(to), max=last, man="1")
        for line in then - now:
            gone = there.pop(_line(c, line, rows=rows) or 0, None)
            if gone is not None:
                home.remove(gone)
        home[:] = sorted(home, key=lambda e: int(e.get("id", "0")))
        for count in ("count", "manualBreakCount"):
            home.set(count, str(len(home)))
        if not len(home):
            c.new.remove(home)
        c.carried.append("page breaks")


def _line(c: Carrier, line: int, *, rows: bool) -> int | None:
    """Where a break stands now: behind the same row or column."""
    to = c.move((line, 1, line, 1) if rows else (1, line, 1, line))
    return None if to is None else to[0] if rows else to[1]


def _panes(c: Carrier, old: etree._Element | None) -> None:
    new = _made(c, PANE.rpartition("/")[0])
    for tag in ("pane", "selection"):
        for element in new.findall(MAIN + tag):
            new.remove(element)
    if old is None:
        return
    held = [old, *old.getparent().findall(MAIN + "selection")]  # type: ignore[union-attr]
    new[:0] = map(deepcopy, held)


def _head(c: Carrier, new: etree._Element, name: str, builds: tuple[str, str]) -> None:
    held = new.find(MAIN + name)
    text = c.old.findtext(f"{MAIN}{PAPER}/{MAIN}{name}") or ""
    if held is None:
        held = etree.Element(MAIN + name)
        new.insert(sum(1 for e in new if HEADS.index(etree.QName(e).localname) < HEADS.index(name)), held)
    held.text = text.replace(*builds) if builds[0] else text


def _made(c: Carrier, path: str) -> etree._Element:
    """An element of the new sheet, made in its place when absent."""
    first, _, rest = path.partition("/")
    found = c.home_of(MAIN + first)
    for name in filter(None, rest.split("/")):
        inner = found.find(MAIN + name)
        if inner is None:
            inner = etree.Element(MAIN + name)
            before = _INSIDE[: _INSIDE.index(name)] if name in _INSIDE else ()
            found.insert(sum(1 for e in found if etree.QName(e).localname in before), inner)
        found = inner
    return found
