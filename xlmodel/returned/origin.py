"""Which program saved a workbook, by what it writes into it; what it took away; and its spellings undone.

Excel leaves a build as it is. Other programs drop what they do not know, and write some of the rest in their own way. That
is no fault of a reader: `check` tells it in one line, and judges everything else.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape

from xlmodel.model.feed import RANGE
from xlmodel.returned.check import NOTE, WARNING, Finding
from xlmodel.xlsx.parts import Package

RULE = "origin"
APPLICATION = "docProps/app.xml"
FUNCTIONS, RESULTS, RECORD = "the functions (TOKCOST and the others)", "the stored results", "the record of the build"
CHARTS, TABLES, MENUS = "the charts", "the tables", "the menus and limits of the inputs"
PROTECTION, CONDITIONS = "the protection of the formulas", "the formats by condition"
EXCEL, LIBREOFFICE, GNUMERIC = "Excel", "LibreOffice", "Gnumeric"
_RULES_OF = {  # what the loss of a kind explains
    CHARTS: ("chart", "cache", "printed"), TABLES: ("tables",), MENUS: ("validation",), PROTECTION: ("protection",), CONDITIONS: ("conditions",),
}  # fmt: skip
# what a program never lets go of: who finds that gone took it; a build names openpyxl too, since that writes its frame
_KEEPS = {"openpyxl": (FUNCTIONS, TABLES, MENUS, PROTECTION, CONDITIONS)}
_PARTLY = {  # what a program lets go of what it keeps: the rule that finds it, and what the finding says
    GNUMERIC: {
        "titles and gaps of the charts": ("chart", r"a typed title|no axis called|missing numbers are drawn as zero"),
        "formats by condition where two overlap": ("conditions", r"the (?:light|mark) .* is gone"),
    },
}  # fmt: skip

_TELLING: tuple[tuple[str, str, str], ...] = (  # program, part, what its text holds; the first group is a version
    (LIBREOFFICE, APPLICATION, r"<Application>LibreOffice/(\d[\d.]*)"),
    (GNUMERIC, APPLICATION, r"(?i)<Application>gnumeric\b()"),
    ("IronCalc", APPLICATION, r"<Application>IronCalc\b()"),
    ("SheetJS", APPLICATION, r"<Application>SheetJS\b()"),
    ("openpyxl", APPLICATION, r"(?i)<Application>[^<]*openpyxl ?([\d.]*)"),
    ("openpyxl", APPLICATION, r"<AppVersion>([123]\.\d)</AppVersion>"),  # before it told its name; Excel counts from 12
    ("ExcelJS", "xl/workbook.xml", r'rupBuild="9303"[^§]*calcId="171027"()'),
    ("Google Sheets", "xl/theme/theme1.xml", r'<a:theme [^>]*name="Sheets"()'),
    ("Excel for the web", APPLICATION, r"<Application>Microsoft Excel Online\b()"),
)  # fmt: skip
METADATA = "xl/metadata.xml"  # of functions that fill a range: openpyxl writes none
_DUMMY = "__xludf.DUMMYFUNCTION"  # Google Sheets around a call that it thinks Excel does not know
_LAMBDA = re.compile(rb"(?i)<(?:\w+:)?definedName [^>]*>_xlfn\.LAMBDA\(")
_WRAPPED = re.compile(r'IFERROR\(__xludf\.DUMMYFUNCTION\("((?:[^"]|"")*)"\),[^()]*\)')
_ERROR = re.compile(r'ERROR\("((?:[^"]|"")*)"\)')
_LOWER = re.compile(r"_xlfn\.[a-z.]+\(")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who saved a workbook last.

    Attributes:
        program: its name; `EXCEL` where nothing says otherwise.
        version: as it says itself; empty where it does not.
        lost: what a build has and this file has not, in words; empty for a file of Excel.
    """

    program: str = EXCEL
    version: str = ""
    lost: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.program} {self.version}".strip()

    @property
    def told(self) -> str:
        """One line: what that program took away, and how to get it back; empty when it took nothing."""
        return f"{self} saved it, which took away {_joined(self.lost)}; {self.fix}" if self.lost else ""

    @property
    def written_again(self) -> str:
        """What a refresh says of it."""
        return f"{self} saved the file, which took away {_joined(self.lost)}; written again"

    @property
    def fix(self) -> str:
        """How to get it back."""
        only = "; for the functions alone: xlmodel functions add FILE" if FUNCTIONS in self.lost else ""
        return f"xlmodel refresh FILE writes it again{only}"


def origin_of(package: Package) -> Origin:
    """Who saved a package, and what it has lost; call it before `mended`."""
    program, version = _program(package)
    if program == EXCEL:
        return Origin()
    kept = (*_KEEPS.get(program, ()), *([RECORD] if _kept_beside(package, program) else ()))
    return Origin(program, version, tuple(kind for kind in _lost(package) if kind not in kept))


def _kept_beside(package: Package, program: str) -> bool:
    """Whether the package holds what every program drops that drops the record: then no program took the record."""
    held = any(part.startswith("customXml/item") for part in package.data)
    return held or (program == "openpyxl" and METADATA in package.data)


def _program(package: Package) -> tuple[str, str]:
    for program, part, words in _TELLING:
        match = re.search(words, package.data.get(part, b"")[:200_000].decode("utf-8", "replace"))
        if match:
            return program, match[1]
    if any(_DUMMY.encode() in package.data[part] for part in package.sheets.values()):
        return "Google Sheets", ""
    return EXCEL, ""


def _lost(package: Package) -> Iterator[str]:
    """What every build has and this file has not; in other editions than the native one the functions are no names."""
    sheets = [package.data[part] for part in package.sheets.values()]

    def none_has(mark: bytes) -> bool:
        return not any(mark in data for data in sheets)

    book = package.data["xl/workbook.xml"]
    names = _LAMBDA.findall(book)
    native = f'name="{RANGE}"'.encode() not in book
    if (
        native
        and (b"TOKCOST" in book or any(b"TOKCOST(" in data for data in sheets))
        and (not names or any(b"LAMBDA" not in name for name in names))
    ):
        yield FUNCTIONS
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        (CHARTS, lambda: not any(part.startswith("xl/charts/chart") for part in package.data)),
        (TABLES, lambda: not any(part.startswith("xl/tables/") for part in package.data)),
        (MENUS, lambda: none_has(b"dataValidation ")),
        (PROTECTION, lambda: none_has(b"sheetProtection ")),
        (CONDITIONS, lambda: none_has(b"conditionalFormatting ")),
        (RESULTS, lambda: _without_results(sheets)),
        (RECORD, lambda: b"urn:xlmodel:contract" not in b"".join(
            data for part, data in package.data.items() if part.startswith("customXml/"))),
    )  # fmt: skip
    yield from (words for words, gone in checks if gone())


def _without_results(sheets: Iterable[bytes]) -> bool:
    """Whether most formulas stand without a result; where most results stand right behind their formulas, none is looked for."""
    formulas = empty = 0
    for data in sheets:
        held = data.count(b"<f") + data.count(b":f>")
        formulas += held
        if 2 * (data.count(b"</f><v>") + data.count(b"/><v>") - data.count(b"<v></v>")) < held:
            empty += len(
                re.findall(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>|<f[^>]*/>\s*(?:<v\s*/>|<v></v>)?\s*</c>", data)
            )
    return 2 * empty > formulas > 0


def mended(package: Package, origin: Origin) -> None:
    """Undo, in memory, how a program spells what it kept: names of functions, calls, settings that it writes by itself."""
    book = package.data["xl/workbook.xml"].decode("utf-8", "replace")
    new = book
    if origin.program in (LIBREOFFICE, "IronCalc"):
        new = _LOWER.sub(lambda m: m[0].upper().replace("_XLFN", "_xlfn"), book)
    elif origin.program == GNUMERIC:
        new = re.sub(r"(<definedName [^>]*>)([^<]*)", lambda m: m[1] + _unwrapped(_ERROR, m[2]), book)
        new = re.sub(r'(<calcPr\b[^>]*?)\siterate="(?:true|1)"', r"\1", new)
    elif origin.program == "ExcelJS":
        new = re.sub(r"<definedName [^>]*>([^<]*)</definedName>", lambda m: "" if _torn(m[1]) else m[0], book)
    if new != book:
        package.data["xl/workbook.xml"] = new.encode()
    if origin.program == "Google Sheets":
        for part in package.sheets.values():
            if _DUMMY.encode() in package.data[part]:
                text = package.data[part].decode("utf-8", "replace")
                text = re.sub(r"(<f[^>]*>)([^<]*)", lambda m: m[1] + _unwrapped(_WRAPPED, m[2]), text)
                package.data[part] = text.encode()
    package.forget()


def _unwrapped(wrapper: re.Pattern[str], text: str) -> str:
    """The formula inside a text, where the program wrapped it; XML escaped on both sides."""
    match = wrapper.fullmatch(unescape(text))
    return escape(match[1].replace('""', '"'), quote=False) if match else text


def _torn(text: str) -> bool:
    """Whether a name holds pieces of a formula that ExcelJS took for sheets."""
    return any(sheet.count("(") != sheet.count(")") for sheet in re.findall(r"'([^']*)'!", unescape(text)))


def settled(origin: Origin, name: str, found: list[Finding]) -> list[Finding]:
    """Findings with those that the program explains in one line of its own, behind the errors."""
    if origin.program == EXCEL or not origin.lost:
        return found
    rest = [finding for finding in found if not explained(origin, finding)]
    partly = [words for words in _PARTLY.get(origin.program, ()) if any(words == _part(origin, f) for f in found)]
    severity = NOTE if set(origin.lost) <= {RECORD} and not partly else WARNING
    what = f"saved by {origin}, which took away {_joined((*origin.lost, *partly))}"
    return [*rest, Finding(RULE, severity, name, what, "the workbook as it was built", origin.fix)]


def explained(origin: Origin, f: Finding) -> bool:
    """Whether a finding is what the program does to every build that it saves."""
    if origin.program == EXCEL or not origin.lost:
        return False
    if any(f.rule in rules for kind, rules in _RULES_OF.items() if kind in origin.lost) or _part(origin, f):
        return True
    if (
        f.rule in ("merged", "frozen") and f.severity == NOTE
    ):  # LibreOffice merges what is centred across, and lets panes go
        return True
    if f.rule == "narrow":  # who writes the sheets anew without charts and tables leaves widths and panes too
        return CHARTS in origin.lost and TABLES in origin.lost
    if f.rule == "functions":  # another text of a function is not: its spelling was undone before
        kept = FUNCTIONS not in origin.lost
        gone = f.found in (
            "no such name",
            "a name of cells",
        )  # ExcelJS keeps the cells that a function names, and nothing else
        return "without the mark" in f.found or (not kept and gone) or "lower case" in f.found
    return (RECORD in origin.lost and (f.rule, f.found[:5]) == ("contract", "none:")) or (
        RESULTS in origin.lost and (f.rule, f.found) == ("stored", "no stored results")
    )


def _part(origin: Origin, f: Finding) -> str:
    """What the program let go of a thing that it kept, by a finding; empty for any other finding."""
    parts = _PARTLY.get(origin.program, {})
    return next((words for words, (rule, said) in parts.items() if f.rule == rule and re.match(said, f.found)), "")


def _joined(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
