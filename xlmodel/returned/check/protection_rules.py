"""Rules about guards: protection, locked cells, and what may be typed."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from xlmodel.book.refs import corners
from xlmodel.book.spec import Validation
from xlmodel.calc.address import letters
from xlmodel.returned.check import WARNING, AuditRule, Fault
from xlmodel.returned.check.areas import Corners, covers, meet, uncovered
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import Hit, as_one
from xlmodel.xlsx.parts import MAIN, finite
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.texts import canonical

_LOOSE = {  # what protection forbids unless it says otherwise, and what a reader may then do
    "insertRows": "insert rows", "deleteRows": "delete rows", "insertColumns": "insert columns",
    "deleteColumns": "delete columns", "formatCells": "give cells another format",
}  # fmt: skip
AGAIN = "xlmodel refresh writes the build's own again"


@dataclass(frozen=True, slots=True)
class Guard:
    """What the file lets into some cells."""

    areas: tuple[Corners, ...]
    kind: str
    operator: str
    first: str
    second: str
    stops: bool  # whether a wrong value is refused
    warns: bool  # whether Excel says anything at all
    title: str
    prompt: str
    speaks: bool  # whether the prompt is shown
    refusal: str
    button: bool  # whether a list shows that it is one


def protection(s: Subject) -> Iterator[Fault]:
    """Sheets without protection, cells of the model that are open, and formulas kept from sight."""
    open_sheets = []
    for sheet in s.described:
        guard = s.rest(sheet).find(MAIN + "sheetProtection")
        if guard is None or guard.get("sheet") not in TRUE:
            open_sheets.append(s.mailed.sheets[sheet])
        else:
            yield from _allows(s, sheet, guard)
        yield from _locks(s, sheet)
    if open_sheets:
        found = "no protection: a slip of the keyboard types over formulas"
        shown = ", ".join(open_sheets[:3]) + (f" and {len(open_sheets) - 3} more" if len(open_sheets) > 3 else "")
        yield Fault(f"sheet {shown}", found, "protection without a password", "Review, Protect Sheet", WARNING)


def _allows(s: Subject, sheet: str, guard: etree._Element) -> Iterator[Fault]:
    """What the protection of a sheet lets a reader do, or keeps from all."""
    where = f"sheet {s.mailed.sheets[sheet]}"
    may = [words for name, words in _LOOSE.items() if guard.get(name) in ("0", "false")]
    if may:
        found = f"protection that lets anybody {' and '.join(may)}: the model can be cut or repainted under it"
        yield Fault(where, found, "protection of rows, columns and formats", "Review, Protect Sheet", WARNING)
    if guard.get("selectUnlockedCells") in TRUE:
        found = "protection under which no cell can be picked: nobody can type an input"
        yield Fault(where, found, "inputs that can be picked", "Review, Protect Sheet", WARNING)


def _locks(s: Subject, sheet: str) -> Iterator[Fault]:
    hits: list[Hit] = []
    kept: list[Hit] = []
    shut: list[Hit] = []
    guarded = s.rest(sheet).find(MAIN + "sheetProtection[@sheet]") is not None
    styles = s.styles
    ranges = s.rest(sheet).iter("{*}protectedRange")  # what protection leaves open
    spared = [corners(part) for element in ranges for part in element.get("sqref", "").split()][:200]
    cells = s.mailed.cells(sheet)
    looks = [(s.looks.at(number), styles[worn[0]]) for number, worn in s.worn[sheet] if worn and worn[0] in styles]
    odd = any(look.hidden or wear.locked != look.locked or (wear.locked and spared) for look, wear in looks)
    for at, (style, _) in s.dressed[sheet].items() if odd else ():
        cell = cells.get(at)
        if cell is None or style not in styles:
            continue
        look = s.looks.at(cell.style)
        filled = cell.stored is not None or cell.formula is not None  # nothing stands in the others to type over
        if styles[style].locked and filled and (not look.locked or any(covers(area, at) for area in spared)):
            hits.append((at, "unlocked: anybody types over it although the sheet is protected", "a locked cell"))
        if guarded and look.locked and not styles[style].locked and not any(covers(area, at) for area in spared):
            shut.append(
                (at, "an input that is locked: nobody can type here while the sheet is protected", "an open cell")
            )
        if look.hidden and cell.formula is not None:
            kept.append((at, "its formula is kept from sight", "a formula that can be read"))
    yield from as_one(s, sheet, hits, "lock it again: Format Cells, Protection", WARNING, most=3)
    yield from as_one(s, sheet, shut, "Format Cells, Protection, clear Locked", WARNING, most=3)
    yield from as_one(s, sheet, kept, "Format Cells, Protection, clear Hidden", WARNING, most=3)


def validations(s: Subject) -> Iterator[Fault]:
    """What may be typed: rules of the build that are gone, wider, of another list, or no longer refuse."""
    for sheet, built in s.described.items():
        held = list(guards_of(s, sheet))
        for rule in built.validations:
            yield from _guarded(s, sheet, rule, held)


def guards_of(s: Subject, sheet: str) -> Iterator[Guard]:
    """The validations of a generated sheet, those in Excel's extensions as well."""
    for element in s.rest(sheet).iter("{*}dataValidation"):
        text = element.get("sqref") or element.findtext("{*}sqref") or ""
        areas = tuple(corners(part) for part in text.split()[:2000])
        if areas:
            yield Guard(
                areas, element.get("type", "none"), element.get("operator", "between"), _formula(element, 1), _formula(element, 2),
                element.get("errorStyle", "stop") == "stop", element.get("showErrorMessage") in TRUE, element.get("promptTitle", ""), element.get("prompt", ""),
                element.get("showInputMessage") in TRUE and _of_all(element, "disablePrompts") not in TRUE, element.get("error", ""), element.get("showDropDown") not in TRUE,
            )  # fmt: skip


def _of_all(element: etree._Element, name: str) -> str:
    block = element.getparent()
    return "" if block is None else block.get(name, "")


def _formula(element: etree._Element, number: int) -> str:
    found = element.find(f"{{*}}formula{number}")
    return "" if found is None else "".join(str(text) for text in found.itertext()).strip()


def _guarded(s: Subject, sheet: str, rule: Validation, held: list[Guard]) -> Iterator[Fault]:
    for text in rule.areas:
        area = s.moves[sheet].area(corners(text))
        if area is None:
            continue
        near = [guard for guard in held if any(meet(a, area) for a in guard.areas)]
        where = f"{s.mailed.sheets[sheet]}!{named(area)}"
        wanted = f"one of {rule.source}" if rule.source else f"a number from {rule.low:,g} to {rule.high:,g}"
        left = uncovered(area, [a for guard in near for a in guard.areas])
        if left:
            part = "" if named(left[0]) == named(area) else f" in {named(left[0])}"
            yield Fault(where, f"anything may be typed{part}: the validation is gone", wanted, AGAIN, WARNING)
        for guard in near:
            loose = _looser(s, sheet, rule, guard)
            if loose:
                yield Fault(where, loose, wanted, AGAIN, WARNING)
            if rule.prompt and guard.prompt and not guard.speaks:
                found = "the message beside it is switched off: nobody reads the unit before typing"
                yield Fault(where, found, rule.prompt[:80], AGAIN, WARNING)
            for words, meant, what in (
                (guard.title, rule.prompt_title[:32], "title of the message beside it"),
                (guard.prompt, rule.prompt[:255], "message beside it"),
                (guard.refusal, rule.refusal if s.reference else guard.refusal, "refusal of a wrong value"),
            ):
                if rule.prompt and words and words.split() != meant.split():
                    yield Fault(where, f"the {what} says {words[:80]!r}", meant[:80], AGAIN, WARNING)


def _looser(s: Subject, sheet: str, rule: Validation, guard: Guard) -> str:
    """What a validation of the file lets in beyond that of the build; empty for nothing."""
    if guard.kind in ("none", ""):
        return "anything may be typed: the validation allows any value"
    if not guard.warns:
        return "anything may be typed: the validation says nothing to a wrong value"
    if rule.stop and not guard.stops:
        return "a wrong value is only warned of, not refused"
    if rule.source and not guard.button:
        return "a list without its button: nobody sees that there is one"
    return _other_list(s, sheet, rule, guard) if rule.source else _wider(rule, guard)


def _other_list(s: Subject, sheet: str, rule: Validation, guard: Guard) -> str:
    wanted = canonical(s.follow(rule.source.lstrip("="), sheet))
    if guard.kind != "list":
        return f"a rule of the kind {guard.kind} in place of the list"
    return "" if canonical(s.as_built(guard.first)) == wanted else f"another list: {guard.first[:80]}"


def _wider(rule: Validation, guard: Guard) -> str:
    low, high = finite(guard.first), finite(guard.second)
    if guard.kind not in ("decimal", "whole") or guard.operator != "between" or low is None or high is None:
        return f"a rule of the kind {guard.kind} {guard.operator} {guard.first[:40]} in place of two bounds"
    least, most = rule.low or 0.0, rule.high or 0.0
    if low > high:
        return f"numbers from {low:,g} to {high:,g}, which no number is: nothing can be typed"
    if guard.kind == "whole" and not (least.is_integer() and least):
        return "whole numbers only: a number with decimals is refused"
    wider = low < least - 1e-9 * abs(least) - 1e-12 or high > most + 1e-9 * abs(most)
    return f"numbers from {low:,g} to {high:,g} are let in" if wider else ""


def typed_into(s: Subject, style: str) -> bool:
    """Whether people type into cells that the build gave a style."""
    return style in s.styles and not s.styles[style].locked


def named(area: Corners) -> str:
    """An area as its address."""
    top, left, bottom, right = area
    first = f"{letters(left)}{top}"
    return first if (top, left) == (bottom, right) else f"{first}:{letters(right)}{bottom}"


RULES = (
    AuditRule(
        "protection", WARNING, "protection is all that keeps a slip of the keyboard off the formulas", protection
    ),
    AuditRule(
        "validation",
        WARNING,
        "a validation refuses a price per server or a month before it is computed with",
        validations,
    ),
)
