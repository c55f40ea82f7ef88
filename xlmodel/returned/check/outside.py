"""Rules about what reaches out of the workbook, runs code, or is kept from sight."""

import re
from collections.abc import Iterator

from openpyxl.formula.tokenizer import Token

from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.subject import Subject
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.rules.known_functions import plain_name

DISTRUST = "do not enable content; ask who added it, and why"
_MACROS = re.compile(r"(?i)vbaProject|vbaData|xl/macrosheets/|xl/dialogsheets/")
_LINKS = re.compile(r"(?i)xl/externalLinks/externalLink\d+\.xml")
_CONNECTIONS = re.compile(r"(?i)xl/connections\.xml|xl/queryTables/|xl/volatileDependencies\.xml|xl/model/|customUI/")
_EMBEDDED = re.compile(r"(?i)xl/(activeX|embeddings|ctrlProps)/(?!_rels)")
_WEB = re.compile(r"(?i)xl/webextensions/webextension\d*\.xml")
_OTHER_BOOK = re.compile(r"\[[^\]]+\][^!']*'?!")
_REACHING = {
    **dict.fromkeys(("WEBSERVICE", "IMAGE", "RTD", "STOCKHISTORY", "FILTERXML"), "fetches from outside"),
    **dict.fromkeys(("CUBEMEMBER", "CUBEVALUE", "CUBESET", "SQL.REQUEST"), "asks a server"),
    **dict.fromkeys(("CALL", "REGISTER", "REGISTER.ID", "EXEC", "EVALUATE", "FOPEN", "FWRITE"), "runs code"),
}
_TRUE = ("1", "true")


def macros(s: Subject) -> Iterator[Fault]:
    """Code that travels with the workbook."""
    for part in s.package.data:
        if _MACROS.search(part):
            yield Fault(f"part {part}", "a macro", "no code: the build has none", DISTRUST)


def links(s: Subject) -> Iterator[Fault]:
    """Links to other workbooks, in parts and in formulas."""
    for part in s.package.data:
        if _LINKS.fullmatch(part):
            targets = [r.target for r in s.package.relations(part).values() if r.external]
            found = f"a link to {targets[0]}" if targets else "a link to another workbook"
            yield Fault(f"part {part}", found[:160], "no link outside", "replace the linked cells by their values")
    for where, tokens in s.texts:
        for token in tokens:
            if token.kind == Token.OPERAND and token.part == Token.RANGE and _OTHER_BOOK.search(token.value):
                yield Fault(where, token.value[:120], "cells of this workbook", "replace the link by its value")


def connections(s: Subject) -> Iterator[Fault]:
    """Connections, queries and embedded programs."""
    for part in s.package.data:
        if _CONNECTIONS.search(part) and not part.endswith(".rels"):
            yield Fault(f"part {part}", "a connection to data outside, or a ribbon", "none", DISTRUST)
        elif _EMBEDDED.search(part):
            yield Fault(f"part {part}", "an embedded object or control", "none", DISTRUST)
    for where, tokens in s.texts:
        for token in tokens:
            if token.kind == Token.FUNC and token.part == Token.OPEN:
                name = plain_name(token.value[:-1]).upper()
                if name in _REACHING:
                    yield Fault(where, f"{name}, which {_REACHING[name]}", "a formula that stays inside", DISTRUST)


def web_extensions(s: Subject) -> Iterator[Fault]:
    """Web add-ins stored in the workbook."""
    for part in s.package.data:
        if _WEB.fullmatch(part) and s.contract.edition != "lite":
            yield Fault(f"part {part}", "a web add-in that opens with the workbook", "none in this edition", DISTRUST)


def hidden(s: Subject) -> Iterator[Fault]:
    """Sheets, rows and columns out of sight."""
    for name, state in s.mailed.states.items():
        if state != "visible":
            found = "hidden so that no menu shows it" if state == "veryHidden" else "hidden"
            yield Fault(f"sheet {name}", found, "every sheet in sight", "show it: right-click a tab, Unhide")
    for now in s.mailed.sheets.values():
        grid = s.package.grid(now)
        lines = [f"row {line}" for line in grid.hidden_rows]
        lines += [
            f"columns {c.get('min')} to {c.get('max')}"
            for c in grid.rest.iter(MAIN + "col")
            if c.get("hidden") in _TRUE
        ]
        if lines:
            more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
            yield Fault(
                f"sheet {now}, {lines[0]}{more}",
                "hidden",
                "every line in sight",
                "unhide it, or clear the filter",
                NOTE,
            )


def settings(s: Subject) -> Iterator[Fault]:
    """Settings of the workbook under which the same formulas show other numbers."""
    root = s.package.tree("xl/workbook.xml")
    calc, properties = root.find(MAIN + "calcPr"), root.find(MAIN + "workbookPr")
    if calc is not None:
        if calc.get("calcMode") == "manual":
            yield Fault("setting", "manual calculation", "automatic", "Formulas, Calculation Options, Automatic")
        if calc.get("fullPrecision") in ("0", "false"):
            yield Fault("setting", "precision as displayed", "full precision", "File, Options, Advanced", ERROR)
        if calc.get("iterate") in _TRUE:
            yield Fault(
                "setting", "iterative calculation", "none: it hides circular references", "File, Options, Formulas"
            )
    if properties is not None and properties.get("date1904") in _TRUE:
        yield Fault("setting", "the 1904 calendar", "the 1900 calendar", "File, Options, Advanced")


RULES = (
    AuditRule("macros", ERROR, "code can do anything that its reader can", macros),
    AuditRule("links", ERROR, "a number from another workbook changes without being seen here", links),
    AuditRule("connections", ERROR, "what fetches or runs by itself can leak and mislead", connections),
    AuditRule(
        "web-extensions",
        ERROR,
        "an add-in that opens by itself runs somebody's code beside the workbook",
        web_extensions,
    ),
    AuditRule("hidden", WARNING, "what is hidden is not reviewed", hidden),
    AuditRule("settings", WARNING, "the same formulas show other numbers under other settings", settings),
)
