"""Rules about what reaches out of the workbook, runs code, or is kept from sight."""

import re
from collections.abc import Iterator

from xlmodel.book.refs import corners
from xlmodel.calc.address import letters
from xlmodel.calc.excel import plain_name
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.subject import Subject
from xlmodel.xlsx.formula_tokens import Token
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.rules.edition_rules import EXTENSION
from xlmodel.xlsx.rules.rule_texts import texts

DISTRUST = "do not enable content; ask who added it, and why"
_MACROS = re.compile(r"(?i)vbaProject|vbaData|xl/macrosheets/|xl/dialogsheets/")
_LINKS = re.compile(r"(?i)xl/externalLinks/externalLink\d+\.xml")
_CONNECTIONS = re.compile(r"(?i)xl/connections\.xml|xl/queryTables/|xl/volatileDependencies\.xml|xl/model/|customUI/")
_EMBEDDED = re.compile(r"(?i)xl/(activeX|embeddings|ctrlProps)/(?!_rels)")
_OTHER_BOOK = re.compile(r"\[[^\]]+\][^!']*'?!")
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")  # how old Office files, and macros, begin
_CODE = ("VBA".encode("utf-16-le"), b"_VBA_PROJECT", b"Attribute VB_")
_DEFAULT = re.compile(rb'<(?:\w+:)?Default\b[^>]*?Extension="([^"]*)"[^>]*>')
_BUTTON = re.compile(rb'\smacro="([^"]+)"')
_CONTROL = re.compile(rb"<x:FmlaLink>([^<]+)")
_AUTO = re.compile(r"(?i)(?:_xlnm\.)?auto_?(?:open|close|activate|deactivate)")
_REACHING = {
    "HYPERLINK": "opens an address or a file of somebody's choice",
    **dict.fromkeys(
        ("WEBSERVICE", "IMAGE", "RTD", "STOCKHISTORY", "FILTERXML", "IMPORTTEXT", "IMPORTCSV"), "fetches from outside"
    ),
    **dict.fromkeys(
        ("GOOGLEFINANCE", "IMPORTRANGE", "IMPORTDATA", "IMPORTXML", "IMPORTHTML", "IMPORTFEED"), "fetches from outside"
    ),
    **dict.fromkeys(("PY", "COPILOT", "TRANSLATE", "DETECTLANGUAGE", "GOOGLETRANSLATE"), "sends cells to a server"),
    **dict.fromkeys(("CUBEMEMBER", "CUBEVALUE", "CUBESET", "SQL.REQUEST"), "asks a server"),
    **dict.fromkeys(("CALL", "REGISTER", "REGISTER.ID", "EXEC", "EVALUATE", "FOPEN", "FWRITE"), "runs code"),
}
_DDE = re.compile(r"[\w.]+\|\S+")
_TEXT = re.compile(r'"(?:[^"]|"")*"')


def macros(s: Subject) -> Iterator[Fault]:
    """Code that travels with the workbook, under whatever name."""
    for part, data in s.package.data.items():
        head = data[:2000]
        compound = head.startswith(_COMPOUND)
        if _MACROS.search(part) or b"<macrosheet" in head or b":macrosheet" in head:
            yield Fault(f"part {part}", "a macro", "no code: the build has none", DISTRUST)
        elif compound and any(word in data for word in _CODE):
            yield Fault(f"part {part}", "a macro under another name", "no code: the build has none", DISTRUST)
        elif compound and not _EMBEDDED.search(part) and "printerSettings" not in part:
            yield Fault(f"part {part}", "an embedded program or document", "no code: the build has none", DISTRUST)
        elif part.startswith("xl/drawings/") and (button := _BUTTON.search(data)):
            yield Fault(
                f"part {part}", f"a shape that runs {button[1].decode(errors='replace')[:60]}", "no code", DISTRUST
            )
    endings = {part.rpartition(".")[2].encode() for part in s.package.data}
    # SheetJS declares a binary workbook for an ending that no part has
    types = _DEFAULT.sub(lambda m: m[0] if m[1] in endings else b"", s.package.data.get("[Content_Types].xml", b""))
    if b"macroEnabled" in types or b"vbaProject" in types:
        yield Fault("content types", "a workbook that says it holds macros", "a workbook without code", DISTRUST)
    for name in s.package.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        runs = any(name.get(word) in TRUE for word in ("xlm", "vbProcedure", "function"))
        if runs or _AUTO.match(name.get("name", "")):
            yield Fault(f"name {name.get('name')}", "a name that runs code", "no code: the build has none", DISTRUST)


def links(s: Subject) -> Iterator[Fault]:
    """Links to other workbooks and files: in parts, formulas, charts, pictures and hyperlinks."""
    for part, data in s.package.data.items():
        if _LINKS.fullmatch(part) or b"<externalLink" in data[:600]:
            targets = [r.target for r in s.package.relations(part).values() if r.external]
            found = f"a link to {targets[0]}" if targets else "a link to another workbook"
            found = "a link to another program (DDE)" if b"ddeLink" in data else found
            yield Fault(f"part {part}", found[:160], "no link outside", "replace the linked cells by their values")
        elif part.endswith(".rels"):
            yield from _reaching(s, part)
    for where, tokens in s.texts:
        for token in tokens:
            if token.kind == Token.OPERAND and token.part == Token.RANGE and _OTHER_BOOK.search(token.value):
                yield Fault(where, token.value[:120], "cells of this workbook", "replace the link by its value")
            elif token.kind == Token.OPERAND and "|" in token.value and token.part != Token.TEXT:
                yield Fault(
                    where,
                    f"{token.value[:120]}, which starts another program (DDE)",
                    "cells of this workbook",
                    DISTRUST,
                )

    for where, text in texts(s.package, s.known):
        if "|" in text and (dde := _DDE.search(_TEXT.sub('""', text))):
            yield Fault(where, f"{dde[0][:80]}, which starts another program (DDE)", "cells of this workbook", DISTRUST)


def _reaching(s: Subject, part: str) -> Iterator[Fault]:
    """Relations of a part to something outside."""
    for relation in s.package.tree(part):
        kind, target = relation.get("Type", "").rsplit("/", 1)[-1], relation.get("Target", "")
        if relation.get("TargetMode") != "External" or kind == "externalLinkPath":
            continue
        owner = part.replace("_rels/", "").removesuffix(".rels")
        sheet = next((name for name, own in s.package.sheets.items() if own == owner), "")
        where = f"sheet {sheet}" if sheet else f"part {owner}"
        if kind != "hyperlink":
            yield Fault(where, f"a link to {target[:120]} ({kind})", "no link outside", "replace it by its content")
        elif not target.casefold().startswith(("http://", "https://", "mailto:")):
            yield Fault(where, f"a hyperlink that opens the file {target[:120]}", "web addresses only", DISTRUST)


def addresses(s: Subject) -> Iterator[Fault]:
    """Links of the build that lead elsewhere."""
    renamed = any(name != now for name, now in s.mailed.sheets.items())  # then their places follow
    for sheet, built in s.described.items():
        relations = s.package.relations(s.package.sheets[s.mailed.sheets[sheet]])
        held = {}
        for element in s.rest(sheet).iter(MAIN + "hyperlink"):
            id_ = next((v for k, v in element.attrib.items() if str(k).endswith("}id")), "")
            relation = relations.get(str(id_))
            held[element.get("ref", "")] = relation.target if relation else element.get("location", "")
        for link in built.links:
            at = s.moves[sheet].area(corners(link.cell))
            now = held.get(f"{letters(at[1])}{at[0]}") if at else None
            wanted = link.address or s.follow(link.place)
            if now and not s.moved and not renamed and plain_target(now) != plain_target(wanted):
                where = s.where(sheet, at[0], at[1]) if at else sheet
                found = f"the link leads to {now[:120]}: a reader takes that for the source"
                yield Fault(where, found, wanted, "xlmodel refresh writes the build's own again")


def plain_target(target: str) -> str:
    """An address or a place without what programs write differently."""
    return target.strip("#/").replace("'", "").replace("$", "").casefold()


def connections(s: Subject) -> Iterator[Fault]:
    """Connections, queries and embedded programs."""
    for part, data in s.package.data.items():
        named = _CONNECTIONS.search(part) and not part.endswith(".rels")
        if named or any(tag in data[:600] for tag in (b"<connections", b"<queryTable", b"<volTypes")):
            yield Fault(f"part {part}", "a connection to data outside, or a ribbon", "none", DISTRUST)
        elif any(word in data[:600] for word in (b"DataMashup", "DataMashup".encode("utf-16-le"))):
            yield Fault(f"part {part}", "a query of Power Query, which fetches data", "none", DISTRUST)
        elif control := _CONTROL.search(data) if part.endswith(".vml") else None:
            found = f"a control that writes into {control[1].decode(errors='replace')[:60]}"
            yield Fault(f"part {part}", found, "inputs that a person types", "delete the control")
        elif _EMBEDDED.search(part):
            yield Fault(f"part {part}", "an embedded object or control", "none", DISTRUST)
    for where, tokens in s.texts:
        for token in tokens:
            if token.kind == Token.FUNC and token.part == Token.OPEN:
                name = plain_name(token.value[:-1]).upper()
                inside = name == "HYPERLINK" and any(t.value.startswith('"#') for t in tokens)
                if name in _REACHING and not inside:
                    yield Fault(where, f"{name}, which {_REACHING[name]}", "a formula that stays inside", DISTRUST)


def web_extensions(s: Subject) -> Iterator[Fault]:
    """Web add-ins stored in the workbook."""
    for part in s.package.data:
        if EXTENSION.fullmatch(part) and s.contract.edition != "lite":
            yield Fault(f"part {part}", "a web add-in that opens with the workbook", "none in this edition", DISTRUST)


def settings(s: Subject) -> Iterator[Fault]:
    """Settings of the workbook under which the same formulas show other numbers."""
    root = s.package.tree("xl/workbook.xml")
    calc, properties = root.find(MAIN + "calcPr"), root.find(MAIN + "workbookPr")
    if calc is not None:
        if calc.get("calcMode") == "manual":
            yield Fault("setting", "manual calculation", "automatic", "Formulas, Calculation Options, Automatic")
        if calc.get("fullPrecision") in ("0", "false"):
            yield Fault("setting", "precision as displayed", "full precision", "File, Options, Advanced", ERROR)
        if calc.get("iterate") in TRUE:
            yield Fault(
                "setting", "iterative calculation", "none: it hides circular references", "File, Options, Formulas"
            )
    if properties is not None and properties.get("date1904") in TRUE:
        found = "the 1904 calendar: every day reads four years late"
        yield Fault("setting", found, "the 1900 calendar", "File, Options, Advanced", ERROR)


RULES = (
    AuditRule("macros", ERROR, "code can do anything that its reader can", macros),
    AuditRule("links", ERROR, "a number from another workbook changes without being seen here", links),
    AuditRule("addresses", ERROR, "a source that leads elsewhere is none", addresses),
    AuditRule("connections", ERROR, "what fetches or runs by itself can leak and mislead", connections),
    AuditRule(
        "web-extensions",
        ERROR,
        "an add-in that opens by itself runs somebody's code beside the workbook",
        web_extensions,
    ),
    AuditRule("settings", WARNING, "the same formulas show other numbers under other settings", settings),
)
