"""Rules about number formats: what a reader takes from a number must be the number."""

import re
from collections.abc import Collection, Iterator

from xlmodel.calc.values import ExcelError, Value
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import Hit, as_one, said
from xlmodel.xlsx.shown import ShownValue, reading, sections

CLOSE = 0.05  # share by which a shown number may miss the value and still reads right
SAMPLE = 12.5  # stands for a number that will be typed into an empty cell
MULTIPLES = {1e3: ("k", "K"), 1e6: ("M", "mn", "mio"), 1e9: ("bn", "B")}  # words for what a format divides by
Verdict = tuple[str, str] | None  # severity, words


def formats(s: Subject) -> Iterator[Fault]:
    """Cells whose number format is not that of the build, and makes a number read as another."""
    for sheet in s.described:
        hits: dict[str, list[Hit]] = {}
        seen: dict[tuple[Value, str, str], Verdict] = {}
        dressed = s.dressed[sheet]
        open_ = {name for name, wear in s.styles.items() if not wear.locked}
        odd = {(n, worn) for n, worn in s.worn[sheet] if worn and s.looks.at(n).format != worn[1]}
        for at, cell in s.mailed.cells(sheet).items() if odd else ():
            worn = dressed.get(at)
            if worn is None or (cell.style, worn) not in odd:
                continue
            now, value = s.looks.at(cell.style).format, s.package.value(cell)
            if value is None and worn[0] not in open_:
                continue
            key = (value, worn[1], now)
            if key not in seen:
                seen[key] = misread(value, worn[1], now)
            verdict = seen[key] or _as_text(value, worn, now, open_)
            if verdict and not _unit_said(s, sheet, at, value, now):
                hits.setdefault(verdict[0], []).append((at, verdict[1], f"the format {worn[1]}"))
        for severity, found in hits.items():
            fix = "give it the format again: xlmodel refresh does"
            yield from as_one(s, sheet, found, fix, severity)


def _as_text(value: Value, worn: tuple[str, str], now: str, inputs: Collection[str]) -> Verdict:
    """What a text format makes of a number that is typed under it."""
    number = worn[1] not in ("@", "General") if value is None else isinstance(value, int | float)
    if now != "@" or worn[0] not in inputs or not number:
        return None
    return WARNING, "a format of text: the next number typed here is words, with which nothing is computed"


def misread(value: Value, was: str, now: str) -> Verdict:
    """What a reader would believe under another format: severity and words; None while it reads right.

    >>> misread(0.055, "0.000", "0.00%")[1]
    '0.055 now reads 5.50%: the format 0.00% makes it a share in per cent'
    >>> misread(0.055, "0.000", "0.0000") is None
    True
    >>> misread(138351014, "0.0,,", "0.0,")[1]
    '138351014, shown as 138.4 before, now reads 138351.0 in the same unit by the format 0.0,'
    """
    failed = isinstance(value, ExcelError)
    empty = value is None or value == "" or failed
    actual = SAMPLE if empty else value
    found = _judged(actual, was, now)
    if found and empty:
        return found[0] if failed else WARNING, f"the next number here will mislead: {found[1]}"
    if found:
        return found
    for other in _others(actual, was, now):
        latent = _judged(other, was, now)
        if latent and latent[0] == ERROR:
            told = isinstance(value, str) or _literal(was) or _typed(now)
            return ERROR if told else WARNING, f"once it is {said(other)}: {latent[1]}"
    return None


def _typed(code: str) -> bool:
    """Whether a format writes digits of its own where it writes none of the number."""
    return any(
        not section.holds("digit") and any(c.isdigit() for kind, text in section.pieces if kind == "text" for c in text)
        for section in sections(code)
    )


def _stuffed(code: str) -> bool:
    """Whether a format puts digits of its own beside those of the number, or a point or comma of its own among them."""
    for section in sections(code):
        places = [i for i, (kind, _) in enumerate(section.pieces) if kind == "digit"]
        for i, (kind, text) in enumerate(section.pieces if places else ()):
            if kind == "text" and (any(map(str.isdigit, text)) or (text in ".," and places[0] < i < places[-1])):
                return True
    return False


def _literal(code: str) -> bool:
    """Whether a format says words instead of numbers, as a light of a check does."""
    return any(
        any(character.isalpha() for kind, text in section.pieces if kind == "text" for character in text)
        and not section.holds("digit")
        and not section.holds("general")
        for section in sections(code)
    )


def _others(value: Value, was: str, now: str) -> tuple[Value, ...]:
    """Other values that a format may treat in another way."""
    if isinstance(value, str):
        return ("other words",)
    if not isinstance(value, int | float):
        return ()
    if _literal(was):
        return (0.0, 1.0)
    parts, unit = sections(now), reading(1.0, was).scale
    if not value:
        return (unit, -unit)
    if len(parts) < 2 and not any(part.test for part in parts):
        return ()
    return (-float(value), float(value) * 1000, float(value) / 1000)


def _judged(value: Value, was: str, now: str) -> Verdict:
    before, after = reading(value, was), reading(value, now)
    here = said(value)
    if not before.text.strip():
        return None
    if not after.text.strip():
        return ERROR, f"{here} is not shown: the format {now} leaves the cell blank"
    if isinstance(value, str):
        return None if after.text == before.text else (ERROR, f"{here} now reads {after.text!r} by the format {now}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _number(float(value), before, after, here, was, now)


def _number(value: float, before: ShownValue, after: ShownValue, here: str, was: str, now: str) -> Verdict:
    """The same for a number that is shown before and after."""
    reads = f"{here} now reads {after.text.strip()}"
    if after.date and was == "@":
        return None  # a day pasted where days are texts
    if before.date or after.date:
        apart = (ERROR if _typed(now) else WARNING, f"a day that now reads {after.text}") if before.date else (
            ERROR, f"{here} now reads as a day or a time by the format {now}"
        )  # fmt: skip
        return None if before.date and after.date else apart
    if before.number is None:
        dash = value == 0 == after.number and not before.words  # a dash for nothing is no word
        same = dash or after.text == before.text
        return None if same else (ERROR, f"{before.text!r} now reads {after.text!r} by the format {now}")
    if after.number is None:
        dash = value == 0 == before.number and not after.words
        return None if dash else (ERROR, f"{here} now reads {after.text!r}: the format {now} shows no number")
    share, was_share = "%" in after.words, "%" in before.words
    meant = value / before.scale  # in the unit that stands beside the cell
    off, was_off = (abs(shown.number - meant) / (abs(meant) or 1.0) for shown in (after, before))  # type: ignore[operator]
    if before.scale != after.scale and off > CLOSE:
        reads = f"{here}, shown as {before.text.strip()} before, now reads {after.text.strip()} in the same unit"
    added = after.words.replace("%", "") and after.words != before.words
    reasons = (
        (share and not was_share, ERROR, f"{reads}: the format {now} makes it a share in per cent"),
        (off > max(CLOSE, 2 * was_off), ERROR, f"{reads} by the format {now}"),
        (_stuffed(now) and not _stuffed(was), ERROR, f"{reads}: the format {now} writes digits or marks of its own"),
        (was_share and not share, WARNING, f"{reads}: a share that no longer says per cent"),
        (added, ERROR, f"{reads}: the format {now} adds {after.words!r}"),
    )
    return next(((grade, words) for holds, grade, words in reasons if holds), None)


def _unit_said(s: Subject, sheet: str, at: Place, value: Value, now: str) -> bool:
    """Whether the words that a format adds repeat the unit beside the cell, as $ does, or say what it divides by."""
    value = SAMPLE if value is None or value == "" or isinstance(value, ExcelError) else value
    if not isinstance(value, int | float):
        return False
    plain = reading(value, now)
    words = (
        plain.words.replace("$", "USD").replace("US", "", 1)
        if plain.words == "US$"
        else plain.words.replace("$", "USD")
    )
    meant = value / plain.scale
    if not words or "%" in words or plain.number is None or abs(plain.number - meant) > CLOSE * abs(meant):
        return False
    if words in MULTIPLES.get(plain.scale, ()):
        return True
    label = s.mailed.book.label(s.mailed.sheets[sheet], *at)
    if words == "USD" and not label.unit:
        return True  # all money of a build is in USD
    spaced = r"\s*".join(map(re.escape, words))
    around = " | ".join((label.unit, label.column, label.row))
    return re.search(rf"(?i)(?<!\w){spaced}(?!\w)", around) is not None


RULES = (
    AuditRule(
        "format", ERROR, "a number format can make a right number read as another, and no formula shows it", formats
    ),
)
