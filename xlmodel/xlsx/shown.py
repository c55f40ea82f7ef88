"""What a cell shows: a value written by a number format, and the number that a reader takes from it.

Enough of Excel's format codes to tell whether a number still reads right; colours and widths are left out.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from xlmodel.calc.values import ExcelError, Value
from xlmodel.xlsx.scripts import digits_of
from xlmodel.xlsx.written_digits import Pieces, among, digits, general, thousands

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<filled>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<exponent>[Ee][+-])|(?P<half>AM/PM|A/P)|(?P<time>[yYdDhHsS]+|[mM]+)"
    r"|(?P<digit>[0#?])|(?P<mark>[.,%@/])|(?P<plain>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)(-?[0-9.]+(?:[Ee][+-]?[0-9]+)?)$")
INKS = {  # colours that a format code may name
    "black": "000000", "white": "FFFFFF", "red": "FF0000", "green": "00FF00", "blue": "0000FF", "yellow": "FFFF00",
    "magenta": "FF00FF", "cyan": "00FFFF", "color1": "000000", "color2": "FFFFFF", "color 1": "000000", "color 2": "FFFFFF",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?\(?\d[\d,]*(?:\.\d+)?(?:[Ee][+-]?\d+)?|[+-]?\.\d+")


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a format: its pieces (kind, text), the condition that chooses it, the colour it sets, and digits of another script."""

    pieces: Pieces
    test: tuple[str, float] | None
    ink: str = ""
    digits: str = ""

    def holds(self, kind: str) -> bool:
        """Whether a piece of a kind is in it."""
        return any(k == kind for k, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class ShownValue:
    """What a reader takes from a cell.

    Attributes:
        text: as shown. number: the number in it; None where there is none.
        words: letters and signs around the number, without blanks.
        date: whether it is shown as a day or a time.
        scale: what one in the text stands for: 1e6 under a format of millions.
    """

    text: str
    number: float | None
    words: str
    date: bool = False
    scale: float = 1.0


def reading(value: Value, code: str) -> ShownValue:
    """What a reader takes from a value under a number format.

    >>> reading(0.055, "0.0%").number, reading(1234567, "#,##0,").text, reading(5, ";;;").text
    (0.055, '1,235', '')
    >>> reading(1234567, "#,##0,").scale
    1000.0
    """
    text = shown(value, code)
    if isinstance(value, str) or value is None or isinstance(value, bool | ExcelError):
        return ShownValue(text, None, text.strip())
    section = _chosen(sections(code), float(value))
    if section is not None and section.holds("time") and not section.holds("general"):
        return ShownValue(text, None, text.strip(), date=True)
    match = _NUMBER.search(text)
    number = None
    if match:
        number = float(match[0].replace(",", "").replace("(", "")) / (100 if "%" in text[match.end() :] else 1)
        number = -number if "(" in text[: match.end()] and number > 0 else number
    words = (text[: match.start()] + text[match.end() :]) if match else text
    scale = 1000.0 ** thousands(section.pieces) if section else 1.0
    script = "digits of another script" if section and section.digits else ""
    return ShownValue(text, number, re.sub(r"[\s()\-+]", "", words) + script, scale=scale)


def shown(value: Value, code: str) -> str:
    """The text of a cell under a number format."""
    if value is None:
        return ""
    found = sections(code)
    if isinstance(value, bool | ExcelError):
        return str(value).upper()
    if isinstance(value, str):
        if len(found) >= 4 or (found and ("mark", "@") in found[-1].pieces):
            pieces = found[-1].pieces
            return "".join(value if kind == "mark" else text for kind, text in pieces if kind in ("mark", "text"))
        return value
    number = float(value)
    section = _chosen(found, number)
    if section is None:
        return "####" if any(s.test for s in found) and len(found) > 1 else general(number)
    sized = abs(number) if _drops_sign(found, section) else number
    written = _written(section, sized)
    return written.translate(str.maketrans("0123456789", section.digits)) if section.digits else written


def ink_of(value: Value, code: str) -> str:
    """The colour that a format code gives to a value; empty where it leaves it."""
    if not isinstance(value, int | float) or "[" not in code:
        return ""
    section = _chosen(sections(code), float(value))
    return section.ink if section else ""


@lru_cache(maxsize=2048)
def sections(code: str) -> tuple[Section, ...]:
    """The parts of a format code, between its semicolons."""
    parts: list[list[tuple[str, str]]] = [[]]
    tests: list[tuple[str, float] | None] = [None]
    inks, digits = [""], [""]
    for match in _PIECE.finditer(code):
        kind, text = match.lastgroup or "plain", match[match.lastgroup or 0]
        if kind == "plain" and text == ";":
            parts.append([])
            tests.append(None)
            inks.append("")
            digits.append("")
        elif kind == "bracket":
            digits[-1] = digits[-1] or digits_of(text)
            test = _CONDITION.match(text)
            if test:
                tests[-1] = (test[1], float(test[2]))
            elif text.casefold() in INKS:
                inks[-1] = INKS[text.casefold()]
            elif text.startswith("$"):
                parts[-1].append(("text", text[1:].partition("-")[0]))
            elif re.fullmatch(r"[hHmMsS]+", text):
                parts[-1].append(("time", text))
        elif kind in ("quoted", "escaped", "plain"):
            parts[-1].append(("text", text))
        elif kind == "filled":
            parts[-1].append(("text", text * 3 if text.isalnum() or text == "-" else ""))
        elif kind != "space":
            parts[-1].append((kind, text))
    rows = zip(parts, tests, inks, digits, strict=True)
    return tuple(Section(tuple(pieces), test, ink, script) for pieces, test, ink, script in rows)


def _chosen(found: tuple[Section, ...], number: float) -> Section | None:
    """The part that a number is written by."""
    if any(section.test for section in found):
        plain = [section for section in found if section.test is None]
        for section in found:
            if section.test and _meets(number, section.test):
                return section
        return plain[0] if plain else None
    if len(found) == 1 or number > 0:
        return found[0]
    if number < 0:
        return found[1]
    return found[2] if len(found) > 2 else found[0]


def _meets(number: float, test: tuple[str, float]) -> bool:
    sign, bound = test
    return {
        "<": number < bound, ">": number > bound, "<=": number <= bound, ">=": number >= bound, "=": number == bound,
        "<>": number != bound,
    }[sign]  # fmt: skip


def _drops_sign(found: tuple[Section, ...], section: Section) -> bool:
    return len(found) > 1 and not any(s.test for s in found) and section is found[1]


def _written(section: Section, number: float) -> str:
    if not section.pieces:
        return ""
    if section.holds("general") or (section.holds("mark") and ("mark", "@") in section.pieces):
        return "".join(general(number) if kind in ("general", "mark") else text for kind, text in section.pieces)
    if section.holds("time"):
        return "".join("0" if kind in ("time", "half") else text for kind, text in section.pieces if text != "@")
    places = [i for i, (kind, _) in enumerate(section.pieces) if kind == "digit"]
    before = "".join(text for kind, text in section.pieces[: places[0] if places else None] if kind == "text")
    if not places:
        return before + ("%" if ("mark", "%") in section.pieces else "")
    held = among(section.pieces, places)
    after = "".join(
        text
        for i, (kind, text) in enumerate(section.pieces[places[0] :], places[0])
        if (kind == "text" and i not in held) or (kind == "mark" and text == "%")
    )
    percent = "%" if ("mark", "%") in section.pieces[: places[0]] else ""
    body = digits(section.pieces, number * 100 ** sum(piece == ("mark", "%") for piece in section.pieces), places)
    sign = "-" if number < 0 else ""
    return f"{sign}{before}{percent}{body}{after}"
