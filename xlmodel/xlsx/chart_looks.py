"""How the words and lines of a chart look: ink, ground, size, colours, and how much of its frame the plot takes."""

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from xlmodel.xlsx.parts import finite

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DML = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PALE = 1.25  # contrast to the paper below which a line is not seen; amber has 1.6
_SAID = {"title": "a title", "legend": "the legend", "valAx": "an axis", "catAx": "an axis", "dLbls": "labels"}
_INSIDE = ("ctr", "inEnd", "inBase")  # of a bar: its colour is their ground


class WordsLook(NamedTuple):
    """How some words are written: RRGGBB of ink and ground, points, font; empty or None where the chart does not say it."""

    words: str
    ink: str
    ground: str
    size: float | None
    font: str = ""


def words_looks(root: etree._Element) -> Iterator[WordsLook]:
    """The looks of the words outside bars and lines; a title on a ground of its own is left out."""
    ground = _plain(root.find(CHART + "spPr"), "FFFFFF")
    own = root.find(CHART + "txPr")
    held = [("words", own)] if own is not None else []
    held += [
        (f"the words of {_SAID[etree.QName(part).localname]}", text)
        for part in root.iter(*(CHART + tag for tag in _SAID))
        for text in (part.find(CHART + "txPr"), part.find(f"{CHART}tx/{CHART}rich"))
        if text is not None
        and (part.tag != CHART + "title" or part.find(CHART + "spPr") is None)
        and not _on_bars(part)
    ]
    for words, text in held:
        for properties in text.iter(DML + "defRPr", DML + "rPr"):
            size = finite(properties.get("sz", ""))
            yield WordsLook(
                words, _plain(properties, ""), ground, None if size is None else size / 100, _font(properties)
            )


def _font(properties: etree._Element) -> str:
    latin = properties.find(DML + "latin")
    return "" if latin is None else latin.get("typeface", "")


def _on_bars(part: etree._Element) -> bool:
    place = part.find(CHART + "dLblPos")
    return place is not None and place.get("val") in _INSIDE


def pictures(root: etree._Element) -> int:
    """How many pictures lie behind the curves."""
    grounds = (root.find(f"{CHART}{path}spPr/{DML}blipFill") for path in ("", f"chart/{CHART}plotArea/{CHART}"))
    return sum(ground is not None for ground in grounds)


def hues(ser: etree._Element) -> tuple[str, ...]:
    """The colours of a series, its line or fill first; none where one of them needs a theme."""
    shapes = (ser.find(CHART + "spPr"), ser.find(f"{CHART}marker/{CHART}spPr"))
    fills = [fill for shape in shapes if shape is not None for fill in shape.iter(DML + "solidFill")]
    found = [_plain_fill(fill) for fill in fills]
    return tuple(found) if all(found) else ()


def extent(area: etree._Element | None) -> float:
    """The smaller share of the frame that the plot takes."""
    layout = None if area is None else area.find(f"{CHART}layout/{CHART}manualLayout")
    sides = [layout.find(CHART + side) for side in ("w", "h")] if layout is not None else []
    found = [finite(side.get("val", "1")) for side in sides if side is not None]
    return min((share for share in found if share is not None), default=1.0)


def _plain(shape: etree._Element | None, default: str) -> str:
    """The colour of a fill as RRGGBB; the default without one, empty for one that needs a theme."""
    fill = shape.find(DML + "solidFill") if shape is not None else None
    return default if fill is None else _plain_fill(fill)


def _plain_fill(fill: etree._Element) -> str:
    colour = fill[0] if len(fill) else None
    if colour is None:
        return ""
    if len(colour) == 0 and colour.get("val") in ("bg1", "lt1"):
        return "FFFFFF"
    return colour.get("val", "").upper() if colour.tag == DML + "srgbClr" else ""
