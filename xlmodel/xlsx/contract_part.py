"""The contract as a custom XML part of the package: written by the last pass, read back by what follows a mail."""

import hashlib
import re
from collections.abc import Iterator

from lxml import etree

from xlmodel.book.built_text import PARTS, Packed
from xlmodel.book.contract import BuiltTable, Contract
from xlmodel.book.refs import column_number
from xlmodel.calc.address import Area, Ref
from xlmodel.xlsx.escaping import escape, quoteattr
from xlmodel.xlsx.texts import LAST_COL, LAST_ROW

NAMESPACE = "urn:xlmodel:contract:1"
ITEM = "{3C2B0F6E-5D5B-4E0C-9B57-6E1D2A7C4F21}"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
MAX_ITEMS = 2_000  # sheets, inputs, outputs and tables; a book has about a hundred
MAX_ROWS = 500_000  # of all tables, built and spare, with the knots: a reader looks at each
MAX_COLUMNS = 100  # of a table


class BadContract(Exception):
    """A contract that cannot be read; the argument says what is wrong."""


def to_xml(contract: Contract) -> bytes:
    """The part's text: one element a sheet, so that its name is said once."""
    c = contract
    facts = {
        "version": c.version, "edition": c.edition, "build": c.build_id, "date": c.date, "title": c.title,
        "models": "|".join(c.models), "leftOut": str(c.left_out),
        "knots": str(c.knot_rows), "form": c.form,
    }  # fmt: skip
    head = " ".join(f"{name}={quoteattr(value)}" for name, value in facts.items())
    body = "".join(
        f"<sheet name={quoteattr(sheet)} seal={quoteattr(c.seals.get(sheet, ''))}>{''.join(_places(c, sheet))}</sheet>"
        for sheet in c.sheets
    )
    built = _built_xml(c.built) if c.built else ""
    text = f'<contract xmlns="{NAMESPACE}" {head}>{body}{built}</contract>'
    seal = seal_of(etree.fromstring(text))
    text = text.replace("<contract ", f'<contract seal="{seal}" ', 1)
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def seal_of(root: etree._Element) -> str:
    """Digest of all that a contract says but its own seal: it tells an altered contract from a whole one."""
    held = root.get("seal")
    if held is not None:
        del root.attrib["seal"]
    digest = hashlib.sha256(etree.tostring(root, method="c14n")).hexdigest()[:16]
    if held is not None:
        root.set("seal", held)
    return digest


def _built_xml(built: Packed) -> str:
    """Part by part, not sheet by sheet: like beside like packs best."""
    parts = (
        f"<{part} of={quoteattr(name)}>{escape(texts[part])}</{part}>"
        for part in PARTS
        for name, texts in built.sheets.items()
    )
    return f"<built>{''.join(parts)}<shared>{escape(built.shared)}</shared></built>"


def _built(root: etree._Element) -> Packed | None:
    element = root.find(_tag("built"))
    if element is None:
        return None
    texts: dict[str, dict[str, str]] = {}
    for part in PARTS:
        for text in element.iterfind(_tag(part)):
            texts.setdefault(_said(text, "of"), dict.fromkeys(PARTS, ""))[part] = text.text or ""
    return Packed(texts, element.findtext(_tag("shared")) or "")


def _places(c: Contract, sheet: str) -> Iterator[str]:
    for key, ref in c.inputs.items():
        if ref.sheet == sheet:
            yield f'<input key={quoteattr(key)} at="{ref.a1}" mark="{c.marks[key]}"/>'
    for key, place in c.outputs.items():
        if place.sheet == sheet:
            yield f'<output key={quoteattr(key)} at="{place.a1}"/>'
    for table in c.tables.values():
        if table.area.sheet == sheet:
            headers, free = quoteattr("|".join(table.headers)), quoteattr("|".join(table.free))
            yield (
                f'<table name={quoteattr(table.name)} at="{table.area.a1}" spare="{table.spare}" own="{_runs(table.own)}" '
                f'columns={headers} free={free} seals="{"".join(table.seals)}"/>'
            )


def from_xml(root: etree._Element) -> Contract:
    """The contract of a part that was parsed.

    Raises:
        BadContract: an attribute is missing or is not what it should be.
    """
    inputs: dict[str, Ref] = {}
    marks: dict[str, str] = {}
    outputs: dict[str, Ref | Area] = {}
    tables: dict[str, BuiltTable] = {}
    sheets: dict[str, str] = {}
    rows = _count(root, "knots")
    if sum(1 for _ in root.iter()) > MAX_ITEMS:
        raise BadContract("more items than a workbook has")
    for sheet in root.iterfind(_tag("sheet")):
        name = _said(sheet, "name")
        sheets[name] = sheet.get("seal", "")
        for element in sheet.iterfind(_tag("input")):
            key = _said(element, "key")
            inputs[key] = _ref(name, _said(element, "at"))
            marks[key] = element.get("mark", "")
        for element in sheet.iterfind(_tag("output")):
            outputs[_said(element, "key")] = _place(name, _said(element, "at"))
        for element in sheet.iterfind(_tag("table")):
            table = _table(name, element)
            tables[table.name] = table
            rows += table.count + table.spare + len(table.own)
            if rows > MAX_ROWS:
                raise BadContract("more rows than a workbook has")
    return Contract(
        version=_said(root, "version"), edition=_said(root, "edition"), build_id=root.get("build", ""),
        date=root.get("date", ""), title=root.get("title", ""), sheets=tuple(sheets), inputs=inputs, marks=marks,
        outputs=outputs, tables=tables, models=_words(root, "models"), left_out=_count(root, "leftOut"),
        knot_rows=_count(root, "knots"), seals=sheets, form=root.get("form", ""), built=_built(root),
        whole=root.get("seal") in (None, seal_of(root)),
    )  # fmt: skip


def _table(sheet: str, element: etree._Element) -> BuiltTable:
    place = _place(sheet, _said(element, "at"))
    area = place if isinstance(place, Area) else Area(sheet, place.row, place.col, place.row, place.col)
    seals = element.get("seals", "")
    headers = _words(element, "columns")
    if len(headers) > MAX_COLUMNS:
        raise BadContract(f"{len(headers):,} columns of a table")
    if len(headers) != area.last_col - area.col + 1:
        raise BadContract(f"{len(headers)} columns of {element.get('name')} in {area.a1}")
    return BuiltTable(
        _said(element, "name"), area, headers, _count(element, "spare"), _rows(element.get("own", "")),
        _words(element, "free"), tuple(seals[i : i + 4] for i in range(0, len(seals), 4)),
    )  # fmt: skip


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _said(element: etree._Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise BadContract(f"no {name} of {etree.QName(element).localname}")
    return value


def _words(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple(filter(None, element.get(name, "").split("|")))


def _count(element: etree._Element, name: str) -> int:
    text = element.get(name, "0")
    if not (text.isascii() and text.isdecimal() and len(text) <= 7):
        raise BadContract(f"{name} is {text[:40]!r}")
    return int(text)


def _place(sheet: str, text: str) -> Ref | Area:
    match = _PLACE.fullmatch(text)
    if not match:
        raise BadContract(f"the place {text[:40]!r}")
    row, col = int(match[2]), column_number(match[1])
    last_row, last_col = (int(match[4]), column_number(match[3])) if match[3] else (row, col)
    if not (1 <= row <= last_row <= LAST_ROW and 1 <= col <= last_col <= LAST_COL):
        raise BadContract(f"the place {text[:40]!r}")
    return Area(sheet, row, col, last_row, last_col) if match[3] else Ref(sheet, row, col)


def _ref(sheet: str, text: str) -> Ref:
    place = _place(sheet, text)
    if isinstance(place, Area):
        raise BadContract(f"the place {text[:40]!r} of one input")
    return place


def _runs(rows: tuple[int, ...]) -> str:
    """Ascending numbers as runs.

    >>> _runs((3, 4, 5, 9))
    '3-5 9'
    """
    spans: list[list[int]] = []
    for row in rows:
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    return " ".join(f"{a}-{b}" if b > a else str(a) for a, b in spans)


def _rows(text: str) -> tuple[int, ...]:
    """The numbers of such runs."""
    found: list[int] = []
    for run in text.split():
        first, _, last = run.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal() and len(run) <= 15):
            raise BadContract(f"the rows {run[:40]!r}")
        found += range(int(first), min(int(last or first), LAST_ROW) + 1)
        if len(found) > MAX_ROWS:
            raise BadContract("more rows than a workbook has")
    return tuple(found)
