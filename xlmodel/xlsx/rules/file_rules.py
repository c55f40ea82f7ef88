"""Rules about the package: what may be in the file, who it names, when it says it was made."""

import re

from lxml import etree

from xlmodel.errors import WorkbookRefused
from xlmodel.xlsx.parts import MAIN, Package, parse
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.rules import Faults, Rule

_FOREIGN = re.compile(
    r"(?i)xl/(externalLinks|activeX|ctrlProps|embeddings|queryTables|macrosheets|dialogsheets)/|customUI/"
    r"|xl/connections\.xml|vbaProject|vbaData|xl/volatileDependencies\.xml"
)
_OUTSIDE = re.compile(r"(?i)https://[^\s]+|mailto:[^\s]+")
_TIME = (1980, 1, 1, 0, 0, 0)
_OWN_NAME = "xlmodel"
_PEOPLE = {"creator", "lastModifiedBy", "Manager", "Company"}


def readable(package: Package) -> Faults:
    """Parts that are not plain well-formed XML."""
    for part in (name for name in package.data if name.endswith((".xml", ".rels", ".vml"))):
        try:
            # Sheets are parsed row by row when their cells are read; here only their form counts.
            parse(package.data[part], part)
        except WorkbookRefused as error:
            yield part, f"found {error.problems[0].found}"


def entries(package: Package) -> Faults:
    """Doubled names, and a first entry that is not the content types."""
    seen: set[str] = set()
    for entry in package.entries:
        if entry.filename.lower() in seen:
            yield entry.filename, "this part is in the package twice"
        seen.add(entry.filename.lower())
    if package.entries[0].filename != "[Content_Types].xml":
        yield package.entries[0].filename, "the first entry is not [Content_Types].xml"


def timestamps(package: Package) -> Faults:
    """Entries that carry a clock."""
    for entry in package.entries:
        if entry.date_time != _TIME:
            yield entry.filename, f"stamped {entry.date_time}, expected 1980-01-01 00:00:00"


def foreign(package: Package) -> Faults:
    """Parts that reach out of the workbook or run code."""
    for part in package.data:
        if _FOREIGN.search(part):
            yield part, "a part of this kind has no place in the workbook"


def targets(package: Package) -> Faults:
    """Relationships to nowhere, and to places outside other than https and mail links."""
    for rels in package.data:
        if not rels.endswith(".rels"):
            continue
        folder, _, name = rels.rpartition("_rels/")
        part = folder + name.removesuffix(".rels")
        for relation in package.relations(part).values():
            if not relation.external and relation.target.partition("#")[0] not in package.data:
                yield rels, f"points to {relation.target}, which is not in the package"
            elif relation.external and not (relation.kind == "hyperlink" and _OUTSIDE.fullmatch(relation.target)):
                yield rels, f"{relation.kind} reaches out to {relation.target}"


def people(package: Package) -> Faults:
    """Persons, companies and folders named in the properties."""
    for part in ("docProps/core.xml", "docProps/app.xml"):
        if part in package.data:
            for element in package.tree(part):
                field, text = etree.QName(element).localname, (element.text or "").strip()
                if field in _PEOPLE and text and not text.startswith(_OWN_NAME):
                    yield part, f"{field} is {text!r}"
    for element in package.tree("xl/workbook.xml").iter("{*}absPath", "{*}fileSharing"):
        said = element.get("url") or element.get("userName") or ""
        if said:
            yield "xl/workbook.xml", f"{etree.QName(element).localname} is {said!r}"
    for part in package.data:
        if re.fullmatch(r"xl/(comments\d*|persons/.*|threadedComments/.*)\.xml", part):
            authors = [a.text for a in package.tree(part).iter(MAIN + "author")]
            authors += [p.get("displayName") for p in package.tree(part).iter("{*}person")]
            for author in authors:
                if author and not author.startswith(_OWN_NAME):
                    yield part, f"names {author!r}"


def sheet_names(package: Package) -> Faults:
    """Sheet names Excel does not accept."""
    seen: set[str] = set()
    for sheet in package.tree("xl/workbook.xml").iter(MAIN + "sheet"):
        name = sheet.get("name", "")
        if not 1 <= len(name) <= 31:
            yield name, f"{len(name)} characters, allowed are 1 to 31"
        if re.search(r"[\[\]:*?/\\\x00-\x1f]", name) or name.startswith("'") or name.endswith("'"):
            yield name, "holds a character that a sheet name must not have"
        if name.lower() == "history" or name.lower() in seen:
            yield name, "reserved or used twice"
        seen.add(name.lower())


def hidden(package: Package) -> Faults:
    """Sheets, rows and columns out of sight."""
    for sheet in package.tree("xl/workbook.xml").iter(MAIN + "sheet"):
        if sheet.get("state", "visible") != "visible":
            yield sheet.get("name", ""), f"the sheet is {sheet.get('state')}"
    for name in package.sheets:
        for col in package.grid(name).rest.iter(MAIN + "col"):
            if col.get("hidden") in TRUE:
                yield name, f"columns {col.get('min')} to {col.get('max')} are hidden"
        for line in package.grid(name).hidden_rows:
            yield name, f"row {line} is hidden"


READABLE = Rule("readable", "a DOCTYPE opens the door to entity attacks; broken XML opens nothing", readable)
RULES = (
    Rule("entries", "readers disagree on doubled entries; some look for the content types first", entries),
    Rule("timestamps", "the same inputs must give the same bytes", timestamps),
    Rule("foreign-parts", "macros, connections and links to other books run or fetch without being asked", foreign),
    Rule("targets", "a dangling relationship makes Excel repair the file; an outside one fetches", targets),
    Rule("people", "a workbook that travels must not tell who made it or in which folder", people),
    Rule("sheet-names", "Excel repairs the file, and with it every reference to the sheet", sheet_names),
    Rule("hidden", "what is hidden is not reviewed", hidden),
)
