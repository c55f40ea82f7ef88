"""An old sheet kept beside the new one: what it showed, as values, so that it computes nothing any more."""

from collections.abc import Iterable, Mapping

from lxml import etree

from xlmodel.book.refs import position
from xlmodel.calc.values import Value
from xlmodel.returned.refresh.carried_cells import store
from xlmodel.returned.refresh.links import relate
from xlmodel.xlsx.parts import MAIN, RELATION
from xlmodel.xlsx.passes import Parts, serialized
from xlmodel.xlsx.relations import Relationship, workbook_part

LONGEST = 31  # characters of a sheet's name
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LINKED = ("drawing", "legacyDrawing", "legacyDrawingHF", "picture", "oleObjects", "controls", "hyperlinks", "extLst")


def kept_name(name: str, taken: Iterable[str]) -> str:
    """The name of an old sheet beside the new one.

    >>> kept_name("Prices", ["Prices"]), kept_name("Prices", ["Prices", "Prices (before)"])
    ('Prices (before)', 'Prices (before 2)')
    """
    held = {other.casefold() for other in taken}
    for i in range(1, 1000):
        mark = " (before)" if i == 1 else f" (before {i})"
        found = name[: LONGEST - len(mark)] + mark
        if found.casefold() not in held:
            return found
    raise ValueError(f"a thousand sheets called {name}")


def keep_sheet(
    parts: Parts,
    name: str,
    old: etree._Element,
    links: dict[str, Relationship],
    shown: Mapping[tuple[int, int], Value],
    *,
    whole: bool,
) -> str:
    """Add a copy of an old sheet without its formulas; returns its part.

    Args:
        parts: the package.
        name: the sheet's new name.
        old: its XML, which is changed.
        links: its relationships.
        shown: what its formulas give, for those without a stored result: some programs store none.
        whole: whether objects stay on it, because the new sheet could not take them.
    """
    for cell in old.iter(MAIN + "c"):
        cell.attrib.pop("cm", "")
        formulas = cell.findall(MAIN + "f")
        if formulas and cell.find(MAIN + "v") is None:
            store(cell, shown.get(position(cell.get("r", ""))))
        for formula in formulas:
            cell.remove(formula)
    for tag in (
        "tableParts",
        "dataValidations",
        "conditionalFormatting",
        "sheetProtection",
        *(() if whole else _LINKED),
    ):
        for element in old.findall(MAIN + tag):
            old.remove(element)
    for setup in old.iter(MAIN + "pageSetup"):
        setup.attrib.pop(RELATION + "id", "")
    for view in old.iter(MAIN + "sheetView"):
        view.attrib.pop("tabSelected", "")
    part = next(p for i in range(1, 10_000) if (p := f"xl/worksheets/kept{i}.xml") not in parts)
    parts[part] = serialized(old)
    if whole:
        for link in links.values():
            if link.kind not in ("table", "printerSettings"):
                _same_id(parts, part, link)
    _announce(parts, part)
    _list(parts, part, name)
    return part


def _same_id(parts: Parts, part: str, link: Relationship) -> None:
    """A relationship under the id that the sheet's XML already speaks of."""
    from xlmodel.xlsx.relations import rels_of  # noqa: PLC0415

    given = relate(parts, part, link)
    rels = rels_of(part)
    tree = etree.fromstring(parts[rels])
    for element in tree:
        if element.get("Id") == given:
            element.set("Id", link.id)
    parts[rels] = serialized(tree)


def _announce(parts: Parts, part: str) -> None:
    types = etree.fromstring(parts["[Content_Types].xml"])
    etree.SubElement(types, f"{{{types.nsmap[None]}}}Override", PartName=f"/{part}", ContentType=_TYPE)
    parts["[Content_Types].xml"] = serialized(types)


def _list(parts: Parts, part: str, name: str) -> None:
    here = workbook_part(parts)
    id_ = relate(parts, here, Relationship("", _KIND, part, external=False))
    book = etree.fromstring(parts[here])
    sheets = book.find(MAIN + "sheets")
    assert sheets is not None
    number = 1 + max(int(sheet.get("sheetId", "0")) for sheet in sheets)
    etree.SubElement(sheets, MAIN + "sheet", name=name, sheetId=str(number)).set(RELATION + "id", id_)
    parts[here] = serialized(book)
