"""What people set on tables of the build: their style, and the filters and the order that they chose."""

from copy import deepcopy

from lxml import etree

from xlmodel.returned.refresh.links import Carrier, links_of
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import serialized

_FILTER, _COLUMN, _ORDER, _STYLE = (
    MAIN + name for name in ("autoFilter", "filterColumn", "sortState", "tableStyleInfo")
)


def carry_table_looks(c: Carrier, old: etree._Element) -> None:
    """Give the table of the same name on the new sheet what people set on the old one."""
    name = old.get("displayName", "")
    for link in links_of(c.parts, c.new_part).values():
        new = etree.fromstring(c.parts[link.target]) if link.kind == "table" else None
        if new is not None and new.get("displayName", "").casefold() == name.casefold():
            if [_style(old, new), _filters(c, old, new)] != [False, False]:
                c.parts[link.target] = serialized(new)
                c.carried.append(f"how {name} is shown")
            return


def _style(old: etree._Element, new: etree._Element) -> bool:
    was, is_ = old.find(_STYLE), new.find(_STYLE)
    if was is None or is_ is None or _set(was) == _set(is_):
        return False
    new.replace(is_, deepcopy(was))
    return True


def _set(style: etree._Element) -> dict[str, str]:
    return {str(k): str(v) for k, v in style.attrib.items() if v not in ("0", "false")}


def _filters(c: Carrier, old: etree._Element, new: etree._Element) -> bool:
    """Filters by the name of their column, and the order of the rows; buttons that somebody took away stay away."""
    was, is_ = old.find(_FILTER), new.find(_FILTER)
    if is_ is None:
        return False
    if was is None:
        new.remove(is_)
        return True
    headings, now = ([e.get("name", "") for e in table.iter(MAIN + "tableColumn")] for table in (old, new))
    held = [column for column in was.findall(_COLUMN) if int(column.get("colId", "0")) < len(headings)]
    for column in held:
        heading = headings[int(column.get("colId", "0"))]
        if heading in now:
            copy = deepcopy(column)
            copy.set("colId", str(now.index(heading)))
            is_.append(copy)
        else:
            c.left.append(f"the filter of {heading}")
    order = [*old.findall(_ORDER), *was.findall(_ORDER)]
    for state in order:
        copy = deepcopy(state)
        for element in copy.iter():
            if isinstance(element.tag, str) and element.get("ref"):
                element.set("ref", c.ref(element.get("ref", "")) or element.get("ref", ""))
        if state.getparent() is was:
            is_.append(copy)
        else:
            is_.addnext(copy)
    return bool(held or order)
