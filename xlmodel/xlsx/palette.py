"""Colours and fonts of a workbook's theme, and what a cell's colour comes to.

A style names a theme slot and a tint; only the theme says which colour a reader sees.
"""

import colorsys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from openpyxl.styles.colors import Color

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# order of the slots as cells count them; the theme part itself lists dark before light
SLOTS = ("lt1", "dk1", "lt2", "dk2", *(f"accent{i}" for i in range(1, 7)), "hlink", "folHlink")
_WINDOW = {64: "000000", 65: "FFFFFF"}  # the system's text and background


class Colour(NamedTuple):
    """A colour as a style names it; `type` is rgb, theme, indexed or auto."""

    type: str
    rgb: str = ""
    theme: int = -1
    indexed: int = -1
    tint: float = 0.0


class BadTheme(Exception):
    """A theme part that cannot be used; the text says what was found."""


class Palette:
    """The colours and fonts that a theme part defines.

    Attributes:
        part: the theme part, ready to go into another workbook.
        colours: RRGGBB in the order of `SLOTS`.
        fonts: typeface by font scheme, "major" and "minor".
    """

    def __init__(self, part: bytes, indexed: Sequence[str] = ()) -> None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(part, parser)
        except etree.XMLSyntaxError as error:
            raise BadTheme(f"a theme that is not XML ({error})") from error
        if root.tag != f"{{{DRAWING}}}theme":
            raise BadTheme("a theme part without a theme")
        self.part = _alone(root, part)
        self.colours = tuple(_slot(root, slot) for slot in SLOTS)
        self.fonts = {kind: _typeface(root, kind) for kind in ("major", "minor")}
        self._own = indexed

    @property
    def _indexed(self) -> Sequence[str]:
        """The palette of the workbook, or the usual one."""
        if self._own:
            return self._own
        from openpyxl.styles.colors import COLOR_INDEX  # noqa: PLC0415 - few files name colours by number

        return COLOR_INDEX

    def rgb(self, colour: "Colour | Color | None", default: str) -> str:
        """RRGGBB as a reader sees it; the default where the colour is automatic."""
        if colour is None or colour.type == "auto":
            return default
        if colour.type == "theme":
            base = self.colours[colour.theme] if 0 <= colour.theme < len(SLOTS) else default
        elif colour.type == "indexed":
            base = _WINDOW.get(colour.indexed) or _at(self._indexed, colour.indexed, default)
        else:
            base = str(colour.rgb)[-6:]
        return tinted(base, colour.tint or 0.0)

    def portable(self, colour: "Colour | Color | None", default: str) -> "Color":
        """The colour for another workbook with this theme: theme slots stay, palette numbers do not."""
        from openpyxl.styles.colors import Color  # noqa: PLC0415 - loads when used

        if colour is not None and colour.type == "theme" and 0 <= colour.theme < len(SLOTS):
            return Color(theme=colour.theme, tint=colour.tint or 0.0)
        return Color("FF" + self.rgb(colour, default))


def tinted(rgb: str, tint: float) -> str:
    """A colour made lighter (tint above 0) or darker, as Excel does.

    >>> tinted("0B5394", 0.0), tinted("808080", 0.5), tinted("808080", -0.5)
    ('0B5394', 'C0C0C0', '404040')
    """
    if not tint:
        return rgb.upper()
    red, green, blue = (int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else 1 - (1 - light) * (1 - tint)
    return "".join(f"{round(255 * c):02X}" for c in colorsys.hls_to_rgb(hue, light, saturation))


def contrast(ink: str, fill: str) -> float:
    """Contrast of two colours by the WCAG formula, from 1 to 21.

    >>> round(contrast("FFFFFF", "000000"), 1), round(contrast("777777", "FFFFFF"), 2)
    (21.0, 4.48)
    """
    high, low = sorted((_luminance(ink), _luminance(fill)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: str) -> float:
    shares = [int(rgb[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _at(colours: Sequence[str], index: int, default: str) -> str:
    return colours[index][-6:] if 0 <= index < len(colours) else default


def _slot(root: etree._Element, slot: str) -> str:
    value = ""
    for colour in root.iterfind(f".//{{{DRAWING}}}clrScheme/{{{DRAWING}}}{slot}/*"):
        value = colour.get("lastClr" if colour.tag == f"{{{DRAWING}}}sysClr" else "val", "")
    try:
        if len(value) == 6 and int(value, 16) >= 0:
            return value.upper()
    except ValueError:
        pass
    raise BadTheme(f"a theme without the colour {slot}")


def _typeface(root: etree._Element, kind: str) -> str:
    latin = root.find(f".//{{{DRAWING}}}fontScheme/{{{DRAWING}}}{kind}Font/{{{DRAWING}}}latin")
    face = "" if latin is None else latin.get("typeface", "").strip()
    if not face:
        raise BadTheme(f"a theme without a {kind} font")
    return face


def _alone(root: etree._Element, part: bytes) -> bytes:
    """The part without pointers to other parts, which stay behind; unchanged when it has none."""
    pointing = [e for e in root.iter("*") if any(str(name).startswith(f"{{{OFFICE}}}") for name in e.attrib)]
    if not pointing:
        return part
    for element in pointing:
        picture = next(element.iterancestors(f"{{{DRAWING}}}blipFill"), None)
        old = element if picture is None else picture
        parent = old.getparent()
        if parent is None:
            continue
        if picture is not None:  # a picture fill of shapes: the slot must stay filled, here by a plain colour
            plain = etree.Element(f"{{{DRAWING}}}solidFill")
            etree.SubElement(plain, f"{{{DRAWING}}}schemeClr", val="phClr")
            parent.replace(old, plain)
        else:
            parent.remove(old)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
