"""Where the parts of a package stand, how they refer to each other, and the free names beside them."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import NamedTuple

from lxml import etree

from xlmodel.xlsx.passes import MAIN, OFFICE, RELATIONS, Parts, serialized

__all__ = ["MAIN", "OFFICE", "Parts"]

_NUMBER = re.compile(r"(\d*)(?=\.[A-Za-z]+$)")
_OWNED = ("worksheet", "customXml")  # what a workbook brings along; styles, theme and strings are those of its new home


class Relationship(NamedTuple):
    """A relationship: its id, full type, and the part or address it leads to."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """What it is to its part: the last word of the type."""
        return self.type.rsplit("/", 1)[-1]


def tag(name: str) -> str:
    """A name of the spreadsheet schema as lxml spells it.

    >>> tag("sheet").rpartition("}")[2]
    'sheet'
    """
    return f"{{{MAIN}}}{name}"


def rels_of(part: str) -> str:
    """The part that holds a part's relationships.

    >>> rels_of("xl/workbook.xml"), rels_of("")
    ('xl/_rels/workbook.xml.rels', '_rels/.rels')
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def relations(parts: Mapping[str, bytes], part: str) -> Iterator[Relationship]:
    """The relationships of a part, or of the package when `part` is empty."""
    data = parts.get(rels_of(part))
    for element in etree.fromstring(data) if data else ():
        external = element.get("TargetMode") == "External"
        target = str(element.get("Target"))
        if not external:
            target = posixpath.normpath(posixpath.join("/" + posixpath.dirname(part), target)).lstrip("/")
        yield Relationship(str(element.get("Id")), str(element.get("Type")), target, external)


def related(parts: Mapping[str, bytes], part: str, kind: str) -> list[str]:
    """The existing parts of one kind that a part leads to."""
    return [r.target for r in relations(parts, part) if r.kind == kind and not r.external and r.target in parts]


def workbook_part(parts: Mapping[str, bytes]) -> str:
    """The part that lists the sheets."""
    return next(iter(related(parts, "", "officeDocument")), "xl/workbook.xml")


def moved_names(parts: Mapping[str, bytes], source: Mapping[str, bytes]) -> dict[str, str]:
    """Old -> new name of every part that the sheets and custom XML of `source` need, under free names in `parts`."""
    moved: dict[str, str] = {}
    taken = {name.casefold() for name in parts}

    def take(part: str) -> None:
        if part in moved or part not in source:
            return
        moved[part] = _free(part, taken)
        taken.add(moved[part].casefold())
        for relation in relations(source, part):
            if not relation.external:
                take(relation.target)
        if rels_of(part) in source:
            moved[rels_of(part)] = rels_of(moved[part])

    for kind in _OWNED:
        for part in related(source, workbook_part(source), kind):
            take(part)
    return moved


def _free(part: str, taken: set[str]) -> str:
    if part.casefold() not in taken:
        return part
    return next(name for i in count(1) if (name := _NUMBER.sub(str(i), part, count=1)).casefold() not in taken)


def shifted(old: str, data: bytes, moved: Mapping[str, str]) -> bytes:
    """A relationship part of `source` whose targets follow the moved names."""
    owner = posixpath.join(posixpath.dirname(posixpath.dirname(old)), posixpath.basename(old).removesuffix(".rels"))
    home = posixpath.dirname(moved.get(owner, owner))
    tree = etree.fromstring(data)
    for element in tree.iter(f"{{{RELATIONS}}}Relationship"):
        if element.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + posixpath.dirname(owner), str(element.get("Target"))))
            element.set("Target", posixpath.relpath(moved.get(target.lstrip("/"), target.lstrip("/")), home))
    return serialized(tree)
