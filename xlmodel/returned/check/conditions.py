"""Rules about formats by condition: they must light what the build lights, and hide or paint over nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from xlmodel.book.refs import corners, moved
from xlmodel.book.spec import Condition
from xlmodel.calc.address import letters
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.areas import Corners, covers, meet, uncovered
from xlmodel.returned.check.formats import misread
from xlmodel.returned.check.ink import FAINT
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.origin import LIBREOFFICE
from xlmodel.xlsx.cell_looks import Look, Switched
from xlmodel.xlsx.palette import contrast
from xlmodel.xlsx.parts import MAIN, finite
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.texts import canonical

FIX = "delete it, or take the workbook through xlmodel refresh, which writes the build's own again"
CHECKED = ("good", "bad")
LIGHTS = (*CHECKED, "best")  # looks that say how something is, not only which row it is
CELLS = 40  # of an area that a rule is tried on


@dataclass(frozen=True, slots=True)
class FormatRule:
    """A rule of the file: where, what kind, on what, and what it switches on."""

    areas: tuple[Corners, ...]
    kind: str
    formula: str
    look: Switched
    grounds: tuple[str, ...]  # of a scale of colours
    priority: int
    stops: bool
    blanks: bool  # a bar, scale or icon that leaves out the number
    home: str  # the cell that the formula is written for
    praises: bool  # icons of which nought has a better one than 1


def conditions(s: Subject) -> Iterator[Fault]:
    """Conditions of the build that are gone or changed, and others that hide or paint over."""
    for sheet, built in s.described.items():
        rules = list(rules_of(s, sheet))
        own: set[int] = set()
        properties = s.rest(sheet).find(MAIN + "sheetPr")
        if properties is not None and properties.get("enableFormatConditionsCalculation") in ("0", "false"):
            found = "formats by condition are switched off: what fails looks like all else"
            yield Fault(f"sheet {s.mailed.sheets[sheet]}", found, "formats by condition", FIX, WARNING)
        for condition in built.conditions:
            yield from _built(s, sheet, condition, rules, own)
        for i, rule in enumerate(rules):
            if i not in own:
                yield from _added(s, sheet, rule)


def rules_of(s: Subject, sheet: str) -> Iterator[FormatRule]:
    """The rules of a generated sheet."""
    for block in s.rest(sheet).iter("{*}conditionalFormatting"):  # those of Excel's extensions as well
        text = block.get("sqref") or block.findtext("{*}sqref") or ""
        areas = tuple(corners(part) for part in text.split()[:500])
        for element in block.iterfind("{*}cfRule"):
            if areas:
                yield _rule(s, areas, element)


def _rule(s: Subject, areas: tuple[Corners, ...], element: etree._Element) -> FormatRule:
    number = element.get("dxfId")
    looks = s.looks.switched
    own = element.find("{*}dxf")
    look = looks[int(number)] if number and int(number) < len(looks) else Switched()
    look = look if own is None else s.looks.switch(own)
    bar = next((child for child in element.iter("{*}dataBar", "{*}iconSet")), None)
    formula = element.find("{*}formula") if element.find("{*}formula") is not None else element.find("{*}f")
    grounds = tuple(s.looks.colour(stop) for stop in element.iterfind("{*}colorScale/{*}color"))
    return FormatRule(
        areas, element.get("type", ""), "" if formula is None else formula.text or "", look, grounds,
        int(element.get("priority", "0")), element.get("stopIfTrue") in TRUE, bar is not None and bar.get("showValue") in ("0", "false"),
        _home(areas[:1] if s.mailed.origin.program == LIBREOFFICE else areas), _praises(element),
    )  # fmt: skip


def _praises(element: etree._Element) -> bool:
    """Whether icons show a failing check, which is 0, as well as a pass, which is 1, or better."""
    icons = next(element.iter("{*}iconSet"), None)
    if icons is None:
        return False
    steps = list(icons.iterfind("{*}cfvo"))[1:]
    texts = (step.get("val") or step.findtext("{*}f") or "" for step in steps)
    bounds = [finite(text) if step.get("type") == "num" else 0.5 for step, text in zip(steps, texts, strict=True)]
    fails, passes = (sum(bound is not None and value >= bound for bound in bounds) for value in (0.0, 1.0))
    return passes <= fails if icons.get("reverse") not in TRUE else passes >= fails


def _home(areas: Sequence[Corners]) -> str:
    """The cell in the upper left corner of all areas; LibreOffice joins rules and writes for the first area alone."""
    return f"{letters(min(a[1] for a in areas))}{min(a[0] for a in areas)}"


def _built(s: Subject, sheet: str, condition: Condition, rules: list[FormatRule], own: set[int]) -> Iterator[Fault]:
    areas = [area for part in condition.area.split() if (area := s.moves[sheet].area(corners(part)))]
    if not areas:
        return
    home = _home(areas)
    wanted = canonical(s.follow(str(condition.formula), sheet))
    same = [
        i for i, rule in enumerate(rules)
        if rule.kind == "expression" and canonical(s.as_built(moved(rule.formula, rule.home, home))) == wanted
        and any(meet(a, b) for a in rule.areas for b in areas)
    ]  # fmt: skip
    light = "the light" if condition.look in LIGHTS else "the mark"
    where = f"{s.mailed.sheets[sheet]}!{condition.area}"
    if not same:
        near = [
            i for i, r in enumerate(rules) if i not in own and r.kind == "expression" and set(r.areas) == set(areas)
        ]
        changed = next((i for i in near if rules[i].look.ground == _look(s, condition)[1]), None)
        if changed is not None:
            own.add(changed)
            found = f"{light} follows ={rules[changed].formula}: it lights for something else"
            yield Fault(where, found, f"={condition.formula}", FIX, ERROR)
            return
        found = f"{light} that {_says(condition)} is gone: what fails or stands out looks like all else"
        yield Fault(where, found, f"a format for ={condition.formula}", FIX, WARNING)
        return
    own.update(same)
    left = [rest for area in areas for rest in uncovered(area, [a for i in same for a in rules[i].areas])]
    if left:
        top, col, bottom, right = left[0]
        found = f"{light} no longer reaches {letters(col)}{top}:{letters(right)}{bottom}"
        yield Fault(where, found, f"a format for {condition.area}", FIX, WARNING)
    for i in same:
        yield from _look_changed(s, sheet, where, condition, rules[i])


def _look(s: Subject, condition: Condition) -> tuple[str, str]:
    return s.built.looks.get(condition.look, ("", "")) if s.built else ("", "")


def _says(condition: Condition) -> str:
    return {"bad": "shows a failure", "good": "shows a pass"}.get(condition.look, "marks cells")


def _look_changed(s: Subject, sheet: str, where: str, condition: Condition, rule: FormatRule) -> Iterator[Fault]:
    ink, ground = _look(s, condition)
    if rule.look.format:
        yield from _formats(s, sheet, rule, where)
    problem = _hides(s, sheet, rule)
    if problem:
        yield Fault(
            where, f"when ={condition.formula}, {problem}", f"ink {ink} on {ground or 'its ground'}", FIX, ERROR
        )
    elif condition.look in LIGHTS and _hue(rule.look.ground or rule.look.ink) not in (_hue(ground or ink), ""):
        now = _hue(rule.look.ground or rule.look.ink)
        found = f"what {_says(condition).removeprefix('shows a ')} means now looks {now}: a reader takes it for the opposite"
        yield Fault(where, found, f"a {_hue(ground or ink)} look", FIX, ERROR)
    elif condition.look in LIGHTS and not rule.look.ground and not rule.look.ink:
        yield Fault(where, "the light switches nothing on: what fails looks like all else", "its colours", FIX, WARNING)


def _hue(rgb: str) -> str:
    """Red, green, or nothing of both."""
    if len(rgb) != 6:
        return ""
    red, green, blue = (int(rgb[i : i + 2], 16) for i in (0, 2, 4))
    if green > red + 8 and green >= blue:
        return "green"
    return "red" if red > green + 8 and red >= blue else ""


def _added(s: Subject, sheet: str, rule: FormatRule) -> Iterator[Fault]:
    top, left, bottom, right = rule.areas[0]
    where = f"{s.mailed.sheets[sheet]}!{letters(left)}{top}:{letters(right)}{bottom}"
    if not any(_filled(s, sheet, area) for area in rule.areas):
        return
    if rule.blanks:
        yield Fault(where, "bars or icons stand in place of the numbers", "numbers in sight", FIX, ERROR)
    if rule.look.struck:
        found = "a format by condition strikes cells through: a reader takes them for void"
        yield Fault(where, found, "cells that can be read", FIX, WARNING)
    if rule.look.format:
        yield from _formats(s, sheet, rule, where)
    if problem := _hides(s, sheet, rule):
        yield Fault(where, f"a format by condition: {problem}", "cells that can be read", FIX, ERROR)
    seems = _hue(rule.look.ground or rule.look.ink)
    said: tuple[str, ...] = (
        LIGHTS if seems else CHECKED
    )  # a person may mark what is cheapest in a colour that judges nothing
    if rule.stops and not any(rule.look):
        said = (*LIGHTS, *{c.look for c in s.described[sheet].conditions})  # it does nothing but keep marks from sight
    lights = [c for c in s.described[sheet].conditions if c.look in said]
    areas = [area for c in lights for part in c.area.split() if (area := s.moves[sheet].area(corners(part)))]
    if (rule.look.ground or rule.look.ink) and any(meet(a, b) for a in rule.areas for b in areas):
        seems = seems or "otherwise"
        found = f"a format by condition paints over the lights of checks: they look {seems} whatever they say"
        yield Fault(where, found, "the lights of the build", FIX, ERROR)
    elif rule.praises and any(meet(a, b) for a in rule.areas for b in areas):
        yield Fault(where, "icons that show the best for a check that fails", "the best for a pass", FIX, ERROR)
    elif rule.stops and any(meet(a, b) for a in rule.areas for b in areas):
        yield Fault(where, "a format by condition stops those of the build", "none before them", FIX, WARNING)


def _filled(s: Subject, sheet: str, area: Corners) -> bool:
    return any(covers(area, at) for at in s.dressed[sheet])


def _hides(s: Subject, sheet: str, rule: FormatRule) -> str:
    """What a rule keeps from sight; empty for nothing."""
    if not rule.look.ink and not rule.look.ground and not rule.grounds:
        return ""
    looks = (s.looks.at(number) for number, worn in s.worn[sheet] if worn)
    if not any(_faint(rule, look) for look in looks):
        return ""
    cells, tried = s.mailed.cells(sheet), 0
    for at in s.dressed[sheet]:
        cell = cells.get(at)
        if cell is None or cell.stored is None or not any(covers(area, at) for area in rule.areas):
            continue
        if said := _faint(rule, s.looks.at(cell.style)):
            return f"{s.where(sheet, *at)} cannot be seen: {said}"
        tried += 1
        if tried >= CELLS:
            break
    return ""


def _faint(rule: FormatRule, look: Look) -> str:
    """The ink and the ground that a rule brings together where one cannot be told from the other."""
    ink = rule.look.ink or look.ink
    faint = (g for g in rule.grounds or (rule.look.ground or look.ground,) if contrast(ink, g) < FAINT)
    return next((f"ink {ink} on {ground}" for ground in faint), "")


def _formats(s: Subject, sheet: str, rule: FormatRule, where: str) -> Iterator[Fault]:
    cells = s.mailed.cells(sheet)
    for at, (_, format_) in s.dressed[sheet].items():
        cell = cells.get(at)
        if cell is not None and cell.stored is not None and any(covers(area, at) for area in rule.areas):
            verdict = misread(s.package.value(cell), format_, rule.look.format)
            if verdict:
                yield Fault(where, f"a format by condition: {verdict[1]}", f"the format {format_}", FIX, verdict[0])
                return


RULES = (AuditRule("conditions", ERROR, "colours say pass or fail before anybody reads a number", conditions),)
