"""How the parts of a package lead to each other."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree


class Relationship(NamedTuple):
    """A relationship: its id, full type, and the part, or when external the address, that it leads to."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """What it is to its part: the last word of the type."""
        return self.type.rsplit("/", 1)[-1]


def rels_of(part: str) -> str:
    """The part that holds a part's relationships.

    >>> rels_of("xl/workbook.xml"), rels_of("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def led_to(part: str, target: str) -> str:
    """The part that a relationship of another part names.

    >>> led_to("xl/worksheets/sheet1.xml", "../drawings/drawing1.xml"), led_to("xl/workbook.xml", "/xl/styles.xml")
    ('xl/drawings/drawing1.xml', 'xl/styles.xml')
    """
    return posixpath.normpath(posixpath.join("/" + posixpath.dirname(part), target)).lstrip("/")


def listed(elements: Iterable[etree._Element], part: str) -> Iterator[Relationship]:
    """The relationships of a part, from the elements that say them."""
    for element in elements:
        target, external = element.get("Target", ""), element.get("TargetMode") == "External"
        found = target if external else led_to(part, target)
        yield Relationship(element.get("Id", ""), element.get("Type", ""), found, external)


def relations(parts: Mapping[str, bytes], part: str) -> Iterator[Relationship]:
    """The relationships of a part, or of the package when `part` is empty."""
    data = parts.get(rels_of(part))
    return listed(etree.fromstring(data) if data else (), part)


def related(parts: Mapping[str, bytes], part: str, kind: str) -> list[str]:
    """The existing parts of one kind that a part leads to."""
    return of_kind(relations(parts, part), kind, parts)


def of_kind(links: Iterable[Relationship], kind: str, parts: Mapping[str, bytes]) -> list[str]:
    """The existing parts among what relationships of one kind lead to."""
    return [link.target for link in links if link.kind == kind and not link.external and link.target in parts]


def workbook_part(parts: Mapping[str, bytes]) -> str:
    """The part that lists the sheets."""
    return next(iter(related(parts, "", "officeDocument")), "xl/workbook.xml")
