"""What people did to the lines and pages of generated sheets: widths, heights, what they hid, and what is printed."""

from collections.abc import Callable, Mapping

from lxml import etree

from xlmodel.book.refs import corners, position
from xlmodel.book.spec import Sheet as Built
from xlmodel.returned.refresh.links import Carrier, ref_of
from xlmodel.xlsx.parts import MAIN, Grid
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.texts import LAST_COL, LAST_ROW, canonical

CLOSE = 0.8  # characters or points by which programs differ when they save a width or height again
Back = Callable[[int, int], tuple[int, int] | None]  # where a cell of the old sheet was built
_NAMES = ("_xlnm.Print_Area", "_xlnm.Print_Titles")


def carry_lines(c: Carrier, built: Built, back: Back, grid: Grid, rows: Callable[[], etree._Element]) -> None:
    """Carry widths, heights and hidden lines into the new sheet where they are not those of the build.

    Args:
        c: the sheet on its way.
        built: the old sheet as it was built.
        back: where its cells were built.
        grid: the old sheet.
        rows: its XML with all rows, which is asked for where one of them may be other than built.
    """
    _columns(c, built, back)

    def other(line: int) -> bool:
        return abs(grid.heights[line] - (built.heights.get((back(line, 1) or (0, 0))[0]) or 15)) > CLOSE

    if grid.hidden_rows or any(map(other, grid.heights)):
        _rows(c, built, back, rows())


def _columns(c: Carrier, built: Built, back: Back) -> None:
    changed: dict[int, etree._Element] = {}
    for element in c.old.iter(MAIN + "col"):
        first, last = int(element.get("min", "0")), int(element.get("max", "0"))
        for col in range(first, min(last, first + 200) + 1):
            width = float(element.get("width", "0") or 0)
            hidden = element.get("hidden") in TRUE
            known = built.widths.get((back(1, col) or (0, 0))[1])
            if hidden or (element.get("customWidth") in TRUE and known is not None and abs(width - known) > CLOSE):
                to = c.move((1, col, LAST_ROW, col))
                if to is not None:
                    changed[to[1]] = element
    if not changed:
        return
    home = c.home_of(MAIN + "cols")
    for col, element in changed.items():
        own = _column_of(home, col)
        for key in ("width", "customWidth", "hidden"):
            value = element.get(key)
            if value is not None:
                own.set(key, value)
        own.set("width", own.get("width", "9"))
    c.carried.append(f"{len(changed)} widths or hidden columns")


def _column_of(home: etree._Element, col: int) -> etree._Element:
    """The element of one column alone, cut out of a run of several."""
    for element in list(home):
        first, last = int(element.get("min", "0")), int(element.get("max", "0"))
        if first <= col <= last:
            for low, high in ((first, col - 1), (col + 1, last)):
                if low <= high:
                    part = etree.Element(MAIN + "col", attrib={str(k): str(v) for k, v in element.attrib.items()})
                    part.set("min", str(low))
                    part.set("max", str(high))
                    element.addprevious(part) if low < col else element.addnext(part)
            element.set("min", str(col))
            element.set("max", str(col))
            return element
    made = etree.Element(MAIN + "col", min=str(col), max=str(col))
    home.insert(sum(int(e.get("max", "0")) < col for e in home), made)
    return made


def _rows(c: Carrier, built: Built, back: Back, old: etree._Element) -> None:
    changed: dict[int, etree._Element] = {}
    for row in old.iter(MAIN + "row"):
        line, height = int(row.get("r", "0")), row.get("ht")
        known = built.heights.get((back(line, 1) or (0, 0))[0])
        taller = height is not None and row.get("customHeight") in TRUE and abs(float(height) - (known or 15)) > CLOSE
        if row.get("hidden") in TRUE or taller:
            to = _row_now(c, line, row)
            if to is not None:
                changed[to] = row
    if not changed:
        return
    for line, row in changed.items():
        own = c.sheet.row(line)
        for key in ("ht", "customHeight", "hidden"):
            value = row.get(key)
            if value is not None:
                own.set(key, value)
    c.carried.append(f"{len(changed)} heights or hidden rows")


def _row_now(c: Carrier, line: int, row: etree._Element) -> int | None:
    """Where a row stands now: by its first column, as a whole, or by any of its cells, as a row of a table."""
    cols = (position(cell.get("r", ""))[1] for cell in row)
    ways = ((line, 1, line, 1), (line, 1, line, LAST_COL), *((line, col, line, col) for col in cols))
    return next((to[0] for way in ways if (to := c.move(way))), None)


def own_print_names(
    book: etree._Element, sheet: str, number: int, built: Built, *, rewritten: bool
) -> Mapping[str, str]:
    """Print areas and titles of a sheet that people set: name -> text; those of the build are left out.

    So are some of them in a book that a program has `rewritten`: ExcelJS keeps the first of several areas.
    """
    ours = {_NAMES[0]: built.print_area, _NAMES[1]: ",".join(filter(None, (built.repeat_rows, built.repeat_columns)))}
    found = {}
    for name in book.iter(MAIN + "definedName"):
        if name.get("localSheetId") == str(number) and name.get("name") in _NAMES and "#REF!" not in (name.text or ""):
            text = name.text or ""
            now, was = _plain(text), _plain(ours[name.get("name", "")])
            if now != was and not (rewritten and now < was):
                found[name.get("name", "")] = text
    return found


def _plain(text: str) -> frozenset[str]:
    """The ranges of a name without sheets and dollars."""
    words = (canonical(part).rpartition("!")[2].replace("$", "") for part in _split(text))
    return frozenset(
        ref_of(corners(word)) if word[:1].isalpha() and word[-1:].isdigit() else word for word in words if word
    )


def _split(text: str) -> list[str]:
    """A list of ranges at its commas, those in names of sheets left alone."""
    found, quoted = [""], False
    for letter in text:
        quoted ^= letter == "'"
        if letter == "," and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return [part.strip() for part in found]
