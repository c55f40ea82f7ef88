"""What people did to the lines and pages of generated sheets: widths, heights, what they hid, and what is printed."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from lxml import etree

from xlmodel.book.refs import corners, position, ref_of
from xlmodel.book.spec import Sheet as Built
from xlmodel.returned.refresh.links import Carrier
from xlmodel.xlsx.parts import MAIN, Grid
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.texts import LAST_COL, LAST_ROW, canonical

CLOSE = 0.8  # characters or points by which programs differ when they save a width or height again
WIDER = 0.15  # characters from which a column is another one: programs round its width to whole pixels
_OF_COLUMNS = ("width", "customWidth", "hidden", "outlineLevel", "collapsed", "style")
_OF_ROWS = ("ht", "customHeight", "hidden", "outlineLevel", "collapsed", "s", "customFormat")
GROUPED = re.compile(rb' (?:outlineLevel="[1-9]|customFormat="(?:1|true)|collapsed="(?:1|true))')


class Lined(NamedTuple):
    """Widths and heights by line; None where nobody knows them."""

    widths: Mapping[int, float]
    heights: Mapping[int, float] | None


Back = Callable[[int, int], tuple[int, int] | None]  # where a cell of the old sheet was built
_NAMES = ("_xlnm.Print_Area", "_xlnm.Print_Titles")


def carry_lines(
    c: Carrier, built: Lined, back: Back, grid: Grid, rows: Callable[[], etree._Element], *, grouped: bool, rewritten: bool
) -> None:  # fmt: skip
    """Carry widths, heights and hidden lines into the new sheet where they are not those of the build.

    Args:
        c: the sheet on its way.
        built: the widths that the old build gave, and its heights where these are known.
        back: where its cells were built.
        grid: the old sheet.
        rows: its XML with all rows, which is asked for where one of them may be other than built.
        grouped: whether rows of it are grouped or have a format of their own.
        rewritten: whether a program wrote widths and formats anew.
    """
    _columns(c, built, back, CLOSE if rewritten else WIDER, rewritten)

    def other(line: int) -> bool:
        known = (built.heights or {}).get((back(line, 1) or (0, 0))[0]) or 15
        return abs(grid.heights[line] - known) > CLOSE

    if grid.hidden_rows or grouped or (built.heights is not None and any(map(other, grid.heights))):
        _rows(c, built, back, rows(), rewritten)


def _columns(c: Carrier, built: Lined, back: Back, close: float, rewritten: bool) -> None:
    changed: dict[tuple[int, int], etree._Element] = {}
    last_built = max(built.widths, default=0)
    for element in c.old.iter(MAIN + "col"):
        first, last = int(element.get("min", "0")), int(element.get("max", "0"))
        own = max(first, last_built + 1)  # beyond the last of the build the columns of an element stay one
        for low, high in (*((col, col) for col in range(first, min(last + 1, own))), (own, last)):
            if low <= high and _own_column(element, built.widths.get((back(1, low) or (0, 0))[1]), close, rewritten):
                to = c.move((1, low, LAST_ROW, high))
                if to is not None:
                    changed[to[1], to[3]] = element
    if not changed:
        return
    home = c.home_of(MAIN + "cols")
    for (low, high), element in changed.items():
        own_ = _column_of(home, low, high)
        for key in _OF_COLUMNS:
            value = element.get(key)
            if value is not None and (key != "style" or low > last_built):
                own_.set(key, value)
        own_.set("width", own_.get("width", "9"))
    c.carried.append(f"{len(changed)} widths, groups or hidden columns")


def _own_column(element: etree._Element, known: float | None, close: float, rewritten: bool) -> bool:
    """Whether somebody set a column: `known` is the width that the build gave it."""
    width = float(element.get("width", "0") or 0)
    wider = element.get("customWidth") in TRUE and (not rewritten if known is None else abs(width - known) > close)
    styled = known is None and not rewritten and element.get("style", "0") != "0"
    return wider or styled or element.get("hidden") in TRUE or element.get("outlineLevel", "0") != "0"


def _column_of(home: etree._Element, col: int, end: int) -> etree._Element:
    """The element of these columns alone, cut out of a run of several."""
    for element in list(home):
        first, last = int(element.get("min", "0")), int(element.get("max", "0"))
        if first <= col <= last:
            for low, high in ((first, col - 1), (end + 1, last)):
                if low <= high:
                    part = etree.Element(MAIN + "col", attrib={str(k): str(v) for k, v in element.attrib.items()})
                    part.set("min", str(low))
                    part.set("max", str(high))
                    element.addprevious(part) if low < col else element.addnext(part)
            element.set("min", str(col))
            element.set("max", str(end))
            return element
    made = etree.Element(MAIN + "col", min=str(col), max=str(end))
    home.insert(sum(int(e.get("max", "0")) < col for e in home), made)
    return made


def _rows(c: Carrier, built: Lined, back: Back, old: etree._Element, rewritten: bool) -> None:
    changed: dict[int, etree._Element] = {}
    for row in old.iter(MAIN + "row"):
        line, height = int(row.get("r", "0")), row.get("ht")
        known = (built.heights or {}).get((back(line, 1) or (0, 0))[0])
        taller = (
            built.heights is not None
            and height is not None
            and row.get("customHeight") in TRUE
            and abs(float(height) - (known or 15)) > CLOSE
        )
        styled = row.get("customFormat") in TRUE and not rewritten
        grouped = row.get("outlineLevel", "0") != "0" or row.get("collapsed") in TRUE
        if row.get("hidden") in TRUE or taller or styled or grouped:
            to = _row_now(c, line, row)
            if to is not None:
                changed[to] = row
    if not changed:
        return
    for line, row in changed.items():
        own = c.sheet.row(line)
        for key in _OF_ROWS:
            value = row.get(key)
            if value is not None:
                own.set(key, value)
    c.carried.append(f"{len(changed)} heights, groups or hidden rows")


def _row_now(c: Carrier, line: int, row: etree._Element) -> int | None:
    """Where a row stands now: by its first column, as a whole, or by any of its cells, as a row of a table."""
    cols = (position(cell.get("r", ""))[1] for cell in row)
    ways = ((line, 1, line, 1), (line, 1, line, LAST_COL), *((line, col, line, col) for col in cols))
    return next((to[0] for way in ways if (to := c.move(way))), None)


def own_print_names(
    book: etree._Element, number: int, built: Built, follow: Callable[[str], str], *, rewritten: bool
) -> Mapping[str, str]:
    """Print areas and titles of a sheet that people set: name -> text; those of the build are left out.

    So are some of them in a book that a program has `rewritten`: ExcelJS keeps the first of several areas. What the build
    prints is followed to where it stands in the file: Excel moves it with the lines that people insert.
    """
    ours = {_NAMES[0]: built.print_area, _NAMES[1]: ",".join(filter(None, (built.repeat_rows, built.repeat_columns)))}
    found = {}
    for name in book.iter(MAIN + "definedName"):
        if name.get("localSheetId") == str(number) and name.get("name") in _NAMES and "#REF!" not in (name.text or ""):
            text = name.text or ""
            now, was = _plain(text), _plain(follow(ours[name.get("name", "")]))
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
