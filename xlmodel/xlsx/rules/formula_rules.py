"""Rules about formula text and defined names."""

import re

from openpyxl.utils import FORMULAE

from xlmodel.calc.excel import CELL_LIKE, FUTURE, LONGEST, RESERVED, WORKSHEET_ONLY, plain_name, stored_name
from xlmodel.xlsx.formula_tokens import Token
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.rules import Faults, Rule
from xlmodel.xlsx.rules.edition_rules import from_add_in
from xlmodel.xlsx.rules.rule_texts import PLAIN_NAME, defined_names, legal_name, read, table_columns, texts, words

KNOWN = frozenset(FORMULAE) | {
    "AGGREGATE", "NETWORKDAYS.INTL", "WORKDAY.INTL", "ISO.CEILING", "SUBTOTAL", "NA", "PI",
}  # fmt: skip

BANNED = {
    **dict.fromkeys(("OFFSET", "INDIRECT"), "its precedents cannot be traced, and it recalculates at every change"),
    **dict.fromkeys(("NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY"), "two openings would show two results"),
    **dict.fromkeys(("CELL", "INFO"), "it tells about the reader's computer, and differs on each"),
    **dict.fromkeys(("WEBSERVICE", "FILTERXML", "IMAGE", "RTD", "STOCKHISTORY"), "it fetches from outside"),
    **dict.fromkeys(("CUBEMEMBER", "CUBEVALUE", "CUBESET", "SQL.REQUEST"), "it asks a server outside the book"),
    **dict.fromkeys(("CALL", "REGISTER", "REGISTER.ID", "EXEC", "EVALUATE"), "it runs code outside the book"),
}


_BUILT_IN = "_xlnm."
_VARIABLE = re.compile(r"_xl[po][mp]\.([\w.]+)")
_AREA = re.compile(r"(?i)\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+")
_TABLE = re.compile(r"([^\W\d][\w.\\]*)\[(.*)\]", re.DOTALL)
_QUOTED = re.compile(r"""\"[^\"]*\"|'[^']*'|\[[^\]]*\]""")
_SPECIAL = {"#all", "#data", "#headers", "#totals", "#this row"}


def names(package: Package) -> Faults:
    """Defined names that are illegal or doubled."""
    seen: set[tuple[str, str | None]] = set()
    for element in package.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        name = element.get("name", "")
        if not legal_name(name.removeprefix(_BUILT_IN)):
            yield f"name {name}", "not a legal name"
        key = name.lower(), element.get("localSheetId")
        if key in seen:
            yield f"name {name}", "defined twice"
        seen.add(key)


def well_formed(package: Package) -> Faults:
    """Formulas that cannot be read or are too long."""
    for where, text in texts(package):
        if len(text) > LONGEST:
            yield where, f"{len(text)} characters, allowed are {LONGEST}"
        found = words(text)
        if isinstance(found, str):
            yield where, found


def prefixes(package: Package) -> Faults:
    """Younger functions without their prefix, and functions nobody knows."""
    defined = {name.lower() for name, _ in defined_names(package)}
    python = from_add_in(package)
    for where, tokens in read(package):
        for token in tokens:
            if token.kind != Token.FUNC or token.part != Token.OPEN:
                continue
            function = token.value[:-1].lstrip("@")
            plain = plain_name(function).upper()
            if plain in FUTURE or plain in WORKSHEET_ONLY:
                if function != stored_name(plain):
                    yield where, f"{function} must be written {stored_name(plain)}"
            elif not (
                function.upper() in KNOWN
                or plain in BANNED
                or function.lower() in defined
                or function.upper() in python
                or _VARIABLE.fullmatch(function)
            ):
                yield where, f"no function {function} is known"


def banned(package: Package) -> Faults:
    """Functions the workbook must not use, and DDE."""
    for where, text in texts(package):
        # Only DDE has a bar outside of texts, sheet names and table columns.
        if "|" in text and "|" in _QUOTED.sub("", text):
            yield where, "calls another program by DDE"
    for where, tokens in read(package):
        for token, following in zip(tokens, (*tokens[1:], None), strict=True):
            if token.kind != Token.FUNC or token.part != Token.OPEN:
                continue
            function = plain_name(token.value[:-1]).upper()
            if function in BANNED:
                yield where, f"uses {function}: {BANNED[function]}"
            if function == "HYPERLINK" and (following is None or not following.value.startswith('"#')):
                yield where, "HYPERLINK may only point into this workbook, with a text that starts with #"


def references(package: Package) -> Faults:
    """References to sheets, tables, columns and names that are not there."""
    sheets = {name.lower() for name in package.sheets}
    tables = table_columns(package)
    defined = {name.lower() for name, _ in defined_names(package)}
    for where, tokens in read(package):
        for token in tokens:
            if token.kind == Token.OPERAND and token.part == Token.ERROR and token.value == "#REF!":
                yield where, "holds #REF!"
            if token.kind == Token.OPERAND and token.part == Token.RANGE:
                fault = _reference(token.value.lstrip("@"), sheets, tables, defined)
                if fault:
                    yield where, fault


def _reference(text: str, sheets: set[str], tables: dict[str, set[str]], names_: set[str]) -> str:
    """What is wrong with one reference, "" when nothing is."""
    place, mark, area = text.rpartition("!")
    if "#REF" in text:
        return "holds #REF!"
    if mark:
        sheet = place.strip("'").replace("''", "'").lower()
        if "[" in place:
            return f"{text} points to another workbook"
        if sheet not in sheets:
            return f"no sheet {place}"
        text = area
    if table := _TABLE.fullmatch(text):
        name, inside = table[1].lower(), table[2]
        if name not in tables:
            return f"no table {table[1]}"
        wanted = re.findall(r"\[([^\[\]]*)\]", inside) or [inside]
        missing = [w for w in wanted if w and w.lower() not in tables[name] | _SPECIAL and "'" not in w]
        return f"table {table[1]} has no column {missing[0]}" if missing else ""
    known = text.lower() in names_ or text.lower() in tables or _VARIABLE.fullmatch(text)
    # A range between two names or function results arrives in pieces, so only a plain word is judged.
    return "" if known or _AREA.fullmatch(text) or not PLAIN_NAME.fullmatch(text) else f"no name {text}"


def variables(package: Package) -> Faults:
    """Variables of LET and LAMBDA that Excel refuses."""
    for where, text in texts(package):
        for name in sorted(set(_VARIABLE.findall(text))):
            if CELL_LIKE.fullmatch(name) or name.upper() in RESERVED:
                yield where, f"a variable must not be called {name}"


def lambda_cells(package: Package) -> Faults:
    """Cells that call a named LAMBDA without being marked as dynamic."""
    calls = [re.escape(name) for name, text in defined_names(package) if text.startswith("_xlfn.LAMBDA(")]
    if not calls:
        return
    call = re.compile(rf"(?i)(?<![\w.])({'|'.join(calls)})\(")
    for sheet in package.sheets:
        for cell in package.grid(sheet).cells:
            if cell.formula and call.search(cell.formula) and not (cell.dynamic and cell.shape == "array"):
                yield f"{sheet}!{cell.a1}", "calls a named LAMBDA but is not stored as a dynamic array"


RULES = (
    Rule("names", "Excel repairs the file and drops the name, with all that uses it", names),
    Rule("formula-text", "Excel refuses to open a formula it cannot read", well_formed),
    Rule("functions", "a function unknown to the file format shows #NAME?", prefixes),
    Rule("banned", "results must be traceable, repeatable and stay inside the workbook", banned),
    Rule("references", "a reference to nothing shows #REF! or #NAME?", references),
    Rule("variables", "Excel repairs a LET or LAMBDA whose variable looks like a cell", variables),
    Rule("lambda-cells", "Excel would show '@' and read one cell instead of the range", lambda_cells),
)
