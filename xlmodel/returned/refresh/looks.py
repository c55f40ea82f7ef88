"""Formats that people gave to cells of generated sheets: they go along with their cells.

Which they are is told by comparison: cells that the build dressed alike, and that look otherwise in the old file than in the
new book. A program that rewrites every format changes all of them alike; then only those that stand out are somebody's own.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from lxml import etree

from xlmodel.book.spec import Sheet as Built
from xlmodel.returned.check.layout import Moves
from xlmodel.returned.refresh.cell_places import CellPlaces
from xlmodel.returned.refresh.new_sheet import NewSheet
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.raw_cells import RawCell

Place = tuple[int, int]
Key = tuple[str, str]  # named style and number format of the build
Look = tuple[str, ...]
_PLAIN: Key = ("", "")  # where the build put no cell
_FONT, _FILL = ("b", "i", "u", "strike", "sz", "name", "color"), "patternFill"
_DEFAULT_FORMATS = {
    "0": "General",
    "1": "0",
    "2": "0.00",
    "3": "#,##0",
    "4": "#,##0.00",
    "9": "0%",
    "10": "0.00%",
    "49": "@",
}


class FormatLooks:
    """What the numbered formats of a styles part look like."""

    def __init__(self, styles: bytes) -> None:
        root = etree.fromstring(styles)
        self._formats = _DEFAULT_FORMATS | {
            e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iter(MAIN + "numFmt")
        }
        self._parts = {name: list(root.findall(f"{MAIN}{name}/*")) for name in ("fonts", "fills", "borders", "cellXfs")}
        self._known: dict[str, Look] = {}

    def __call__(self, number: str) -> Look:
        """What a format looks like, in words that do not depend on numbers."""
        if number not in self._known:
            xfs = self._parts["cellXfs"]
            found = int(number) if number.isdecimal() and int(number) < len(xfs) else 0
            self._known[number] = self._look(xfs[found]) if xfs else ()
        return self._known[number]

    def _look(self, xf: etree._Element) -> Look:
        code = self._formats.get(xf.get("numFmtId", "0"), xf.get("numFmtId", "0"))
        font, fill, border = (self._part(xf, name) for name in ("font", "fill", "border"))
        said = [code]
        for tag in _FONT:
            said.append("" if font is None else _said(font.find(MAIN + tag)))
        pattern = None if fill is None else fill.find(MAIN + _FILL)
        kind = "" if pattern is None else pattern.get("patternType", "none")
        said.append(
            "none" if pattern is None else f"{kind} {_said(pattern.find(MAIN + 'fgColor')) if kind == 'solid' else ''}"
        )
        for side in border if border is not None else ():
            if side.get("style", "none") != "none":
                said.append(f"{etree.QName(side).localname} {side.get('style')} {_said(side.find(MAIN + 'color'))}")
        for tag in ("alignment", "protection"):
            element = xf.find(MAIN + tag)
            values = sorted((str(k), str(v)) for k, v in element.attrib.items()) if element is not None else []
            said.append(" ".join(f"{k}={v}" for k, v in values if (k, v) not in _USUAL))
        return tuple(said)

    def _part(self, xf: etree._Element, name: str) -> etree._Element | None:
        number, held = xf.get(f"{name}Id", "0"), self._parts[f"{name}s"]
        return held[int(number)] if number.isdecimal() and int(number) < len(held) else None


_USUAL = {
    ("horizontal", "general"), ("vertical", "bottom"), ("wrapText", "0"), ("indent", "0"), ("textRotation", "0"),
    ("shrinkToFit", "0"), ("readingOrder", "0"), ("locked", "1"), ("hidden", "0"), ("wrapText", "false"),
    ("locked", "true"), ("hidden", "false"), ("shrinkToFit", "false"),
}  # fmt: skip


def _said(element: etree._Element | None) -> str:
    """An element in a word: its colour, value or presence."""
    if element is None:
        return ""
    value = (
        element.get("rgb")
        or element.get("val")
        or (f"theme {element.get('theme')} {element.get('tint', '')}" if element.get("theme") else "")
    )
    return value.upper() if value not in ("0", "false", "none") else ""


def carry_looks(
    name: str, old: Mapping[Place, RawCell], new: NewSheet, built: Built, moves: Moves, next_built: Built, where: CellPlaces,
    looks: FormatLooks, *,
    rewritten: bool,
) -> int:  # fmt: skip
    """Give the cells of a new sheet the formats that people gave to the old ones.

    Args:
        name: the sheet, by its name in the book.
        old: the cells of the old sheet.
        new: the new one.
        built: the old sheet as it was built.
        moves: how its lines moved since.
        next_built: the new sheet as it is built.
        where: the way of the cells.
        looks: the formats of the package, old and new.
        rewritten: whether a program wrote every format anew.

    Returns:
        The number of cells that took a format along.
    """
    if _alike(old.values(), new, looks):
        return 0
    keys = {moves.cell(*at): key for at, key in _keys(built).items()} if moves else _keys(built)
    groups: dict[tuple[Key, str], list[Place]] = {}
    for at, now in old.items():
        groups.setdefault((keys.get(at, _PLAIN), str(now.style)), []).append(at)
    usual, dressed = _most(groups), _keys(next_built)
    programs_own = set(usual.values())
    theirs: dict[Key, Look] = {}
    count = 0
    for (key, number), places in groups.items():
        if rewritten and number in programs_own:
            continue
        for at in places:
            to = where.cell(name, *at)
            cell = new.cell(*to) if to else None
            if to is None or dressed.get(to, _PLAIN) != key or (cell is None and key != _PLAIN):
                continue
            if key not in theirs:
                theirs[key] = looks("0" if cell is None or key == _PLAIN else cell.get("s", "0"))
            if looks(number) == theirs[key] or (rewritten and _inherited(looks(number), theirs[key])):
                break
            if cell is None:
                cell = etree.Element(MAIN + "c")
                new.put(*to, cell)
            cell.set("s", number)
            count += 1
    return count


def _inherited(now: Look, built: Look) -> bool:
    """Whether a cell only shows its number as the cell it reads does, which LibreOffice writes down."""
    return now[1:] == built[1:] and built[0] == "General"


def _alike(old: Iterable[RawCell], new: NewSheet, looks: FormatLooks) -> bool:
    """Whether all cells of one address look alike, as they do where nobody gave a format and no line moved."""
    there = new.formats()
    pairs = {(cell.style, there.get(cell.a1, "0")) for cell in old}
    return all(looks(str(a)) == looks(b) for a, b in pairs)


def _keys(built: Built) -> dict[Place, Key]:
    """How the build dressed each cell."""
    found = {(row, col): (c.style, c.format) for row, cells in built.cells.items() for col, c in cells.items()}
    for block in built.blocks:
        for offset, column in enumerate(block.columns):
            key = (column.style, column.format)
            found |= {(row, block.col + offset): key for row in range(block.row, block.row + block.height)}
    return found


def _most(groups: Mapping[tuple[Key, str], list[Place]]) -> dict[Key, str]:
    counts: dict[Key, Counter[str]] = {}
    for (key, number), places in groups.items():
        counts.setdefault(key, Counter())[number] += len(places)
    return {key: found.most_common(1)[0][0] for key, found in counts.items()}
