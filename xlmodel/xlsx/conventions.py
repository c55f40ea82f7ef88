"""Finishing passes for readers that expect Excel's own habits: prefixes of drawings, and relative relationships.

Both are free by the standard, and a strict reader of it needs neither; ExcelJS 4.4 opens no drawing without them.
"""

import posixpath

from lxml import etree

from xlmodel.xlsx.passes import DRAWING, Parts, serialized

_PREFIXES = {"xdr": DRAWING, "a": "http://schemas.openxmlformats.org/drawingml/2006/main"}


def drawing_prefixes(parts: Parts) -> None:
    """Let every drawing call its own elements `xdr:` and those of DrawingML `a:`."""
    for part in [name for name in parts if name.startswith("xl/drawings/drawing")]:
        old = etree.fromstring(parts[part])
        if old.prefix == "xdr":
            continue
        new = etree.Element(old.tag, attrib={str(k): str(v) for k, v in old.attrib.items()}, nsmap=_PREFIXES)
        new[:] = list(old)
        etree.cleanup_namespaces(new, top_nsmap=_PREFIXES, keep_ns_prefixes=list(_PREFIXES))
        parts[part] = serialized(new)


def relative_targets(parts: Parts) -> None:
    """Let relationships name their targets from the folder of their part, as Excel does."""
    for rels in [name for name in parts if name.endswith(".rels")]:
        tree = etree.fromstring(parts[rels])
        folder = posixpath.dirname(posixpath.dirname(rels))
        changed = False
        for relation in tree:
            target = relation.get("Target", "")
            if target.startswith("/") and relation.get("TargetMode") != "External":
                relation.set("Target", posixpath.relpath(target.lstrip("/"), folder or "."))
                changed = True
        if changed:
            parts[rels] = serialized(tree)
