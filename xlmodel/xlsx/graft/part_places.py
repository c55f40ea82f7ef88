"""Where the parts that come into a package stand: free names beside those that are there."""

import posixpath
import re
from collections.abc import Mapping
from itertools import count

from lxml import etree

from xlmodel.xlsx.passes import RELATIONS, serialized
from xlmodel.xlsx.relations import led_to, related, relations, rels_of, workbook_part

_NUMBER = re.compile(r"(\d*)(?=\.[A-Za-z]+$)")
_OWNED = ("worksheet", "customXml")  # what a workbook brings along; styles, theme and strings are those of its new home


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
            target = led_to(owner, element.get("Target", ""))
            element.set("Target", posixpath.relpath(moved.get(target, target), home))
    return serialized(tree)
