"""How cells of a finished workbook look: number format, ink on ground, size, alignment, whether they are locked."""

import re
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from xlmodel.xlsx.palette import BadTheme, Colour, Palette, contrast
from xlmodel.xlsx.parts import MAIN, Package
from xlmodel.xlsx.raw_cells import TRUE

USUAL_FORMATS = {  # by number, where a file does not say them itself (ECMA-376, 18.8.30; the currency is that of the program)
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"$"#,##0_);("$"#,##0)', 6: '"$"#,##0_);[Red]("$"#,##0)',
    7: '"$"#,##0.00_);("$"#,##0.00)', 8: '"$"#,##0.00_);[Red]("$"#,##0.00)', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "m/d/yy h:mm", 37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)", 41: r'_(* #,##0_);_(* \(#,##0\);_(* "-"_);_(@_)',
    42: r'_("$"* #,##0_);_("$"* \(#,##0\);_("$"* "-"_);_(@_)', 43: r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
    44: r'_("$"* #,##0.00_)_("$"* \(#,##0.00\)_("$"* "-"??_)_(@_)', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
_PICTURES = (  # fonts whose letters are none
    "wingdings", "webdings", "symbol", "marlett", "zapf", "dingbats", "barcode", "outlook", "mt extra", "mdl2", "emoji", "icons",
)  # fmt: skip
_HEX = re.compile("[0-9A-Fa-f]{6}")


class Look(NamedTuple):
    """What a reader sees of a cell's format.

    Attributes:
        format: number format code.
        ink, ground: RRGGBB; the ground of an empty fill is white.
        align: horizontal alignment; empty for the usual one.
        style: name of the cell style behind it.
        hidden: whether the formula is kept from sight while the sheet is protected.
        struck: by its font, or by a border from corner to corner.
        backwards: whether its words run from right to left.
        far_ground: what the ground runs into, if it does.
    """

    format: str = "General"
    ink: str = "000000"
    ground: str = "FFFFFF"
    size: float = 11.0
    font: str = "Calibri"
    struck: bool = False
    align: str = ""
    indent: int = 0
    rotation: int = 0
    locked: bool = True
    hidden: bool = False
    style: str = ""
    backwards: bool = False
    far_ground: str = ""

    @property
    def contrast(self) -> float:
        """Contrast of ink and ground, from 1 (cannot be seen) to 21; where the ground runs into another, the worse one."""
        return min(contrast(self.ink, self.ground), contrast(self.ink, self.far_ground or self.ground))

    @property
    def letters(self) -> bool:
        """Whether its font shows digits as digits."""
        return not any(name in self.font.casefold() for name in _PICTURES)


class Switched(NamedTuple):
    """What a condition switches on; empty where it leaves things as they are."""

    ink: str = ""
    ground: str = ""
    format: str = ""
    struck: bool = False


class Looks:
    """The looks that the styles part of a workbook defines."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._root = package.tree("xl/styles.xml") if "xl/styles.xml" in package.data else etree.Element("none")

    @cached_property
    def cells(self) -> list[Look]:
        """Look by the number of a cell's format."""
        return [self._look(xf) for xf in self._items("cellXfs")]

    @cached_property
    def named(self) -> dict[str, Look]:
        """Look by the name of a cell style."""
        held = [self._look(xf) for xf in self._items("cellStyleXfs")]
        names = {style.get("name", ""): int(style.get("xfId", "0")) for style in self._items("cellStyles")}
        return {name: held[at] for name, at in names.items() if at < len(held)}

    @cached_property
    def switched(self) -> list[Switched]:
        """What each differential format switches on, by number."""
        return [self.switch(dxf) for dxf in self._items("dxfs")]

    def at(self, number: int) -> Look:
        """The look of a cell by the number of its format."""
        return self.cells[number] if 0 <= number < len(self.cells) else Look()

    @cached_property
    def palette(self) -> Palette | None:
        """Colours of the theme; None when the workbook has no usable one."""
        theme = next(iter(self._package.related("xl/workbook.xml", "theme")), "")
        own = [color.get("rgb", "FF000000") for color in self._items("colors", "indexedColors")]
        try:
            return Palette(self._package.data[theme], own) if theme else None
        except BadTheme:
            return None

    @cached_property
    def theme_fonts(self) -> dict[str, str]:
        """Scheme of a font (major, minor) -> the theme's font for it."""
        theme = next(iter(self._package.related("xl/workbook.xml", "theme")), "")
        fonts = self._package.tree(theme).iter("{*}majorFont", "{*}minorFont") if theme else ()
        named = ((etree.QName(font).localname.removesuffix("Font"), font.find("{*}latin")) for font in fonts)
        return {scheme: latin.get("typeface", "") for scheme, latin in named if latin is not None}

    def piece(self, font: etree._Element, base: Look) -> Look:
        """The look of a piece of a text with a font of its own, in a cell of a look."""
        return base._replace(
            ink=self.colour(_child(font, "color"), base.ink),
            size=float(_val(font, "sz", str(base.size))),
            font=_val(font, "rFont", base.font),
            struck=_struck(font),
        )

    def switch(self, dxf: etree._Element) -> Switched:
        """What a differential format switches on."""
        number = dxf.find(MAIN + "numFmt")
        fill = dxf.find(MAIN + "fill")
        return Switched(
            self.colour(_child(dxf.find(MAIN + "font"), "color"), ""),
            self._ground(fill, "", switched=True) if fill is not None else "",
            "" if number is None else number.get("formatCode", ""),
            _struck(dxf.find(MAIN + "font")),
        )

    def colour(self, element: etree._Element | None, default: str = "FFFFFF") -> str:
        """A colour as RRGGBB; the default where none is said."""
        if element is None or element.get("auto") in TRUE:
            return default
        tint = float(element.get("tint", "0"))
        rgb = element.get("rgb", "")[-6:].rjust(6, "0")
        if not _HEX.fullmatch(rgb) or not -1 <= tint <= 1:
            raise ValueError(f"no colour: {rgb} with a tint of {tint}")
        if element.get("rgb"):
            colour = Colour("rgb", rgb, tint=tint)
        elif element.get("theme"):
            colour = Colour("theme", theme=int(element.get("theme", "0")), tint=tint)
        elif element.get("indexed"):
            colour = Colour("indexed", indexed=int(element.get("indexed", "64")), tint=tint)
        else:
            return default
        if self.palette is not None:
            return self.palette.rgb(colour, default or "000000")
        return colour.rgb if colour.type == "rgb" else default

    def _items(self, *path: str) -> list[etree._Element]:
        found = self._root.find("/".join(MAIN + tag for tag in path))
        return [child for child in found if isinstance(child.tag, str)] if found is not None else []

    @cached_property
    def _formats(self) -> dict[int, str]:
        own = {int(f.get("numFmtId", "0")): f.get("formatCode", "General") for f in self._items("numFmts")}
        return {**USUAL_FORMATS, **own}

    @cached_property
    def _fonts(self) -> list[etree._Element]:
        return self._items("fonts")

    @cached_property
    def _grounds(self) -> list[str]:
        return [self._ground(fill, "FFFFFF") for fill in self._items("fills")]

    @cached_property
    def _far(self) -> dict[int, str]:
        stops = (
            (i, fill.findall(f"{MAIN}gradientFill/{MAIN}stop/{MAIN}color"))
            for i, fill in enumerate(self._items("fills"))
        )
        return {i: self.colour(found[-1]) for i, found in stops if len(found) > 1}

    @cached_property
    def _crossed(self) -> set[int]:
        lines = ((i, _child(border, "diagonal"), border) for i, border in enumerate(self._items("borders")))
        turned = ("diagonalUp", "diagonalDown")
        return {
            i
            for i, line, b in lines
            if line is not None and line.get("style") and any(b.get(t) in TRUE for t in turned)
        }

    @cached_property
    def _style_names(self) -> dict[str, str]:
        return {style.get("xfId", ""): style.get("name", "") for style in self._items("cellStyles")}

    def _look(self, xf: etree._Element) -> Look:
        font_at, fill_at = int(xf.get("fontId", "0")), int(xf.get("fillId", "0"))
        font = self._fonts[font_at] if font_at < len(self._fonts) else None
        align, guard = xf.find(MAIN + "alignment"), xf.find(MAIN + "protection")
        aligned = align if align is not None else etree.Element("none")
        return Look(
            self._formats.get(int(xf.get("numFmtId", "0")), "General"), self.colour(_child(font, "color"), "000000"),
            self._grounds[fill_at] if fill_at < len(self._grounds) else "FFFFFF", float(_val(font, "sz", "11")),
            self.theme_fonts.get(_val(font, "scheme", "")) or _val(font, "name", "Calibri"),
            _struck(font) or int(xf.get("borderId", "0")) in self._crossed,
            str(aligned.get("horizontal", "")), int(aligned.get("indent", "0")), int(aligned.get("textRotation", "0")),
            guard is None or guard.get("locked", "1") in TRUE, guard is not None and guard.get("hidden", "0") in TRUE,
            self._style_names.get(xf.get("xfId", "0"), ""), aligned.get("readingOrder") == "2",
            self._far.get(fill_at, ""),
        )  # fmt: skip

    def _ground(self, fill: etree._Element, default: str, *, switched: bool = False) -> str:
        """The colour under the text; of a pattern or a gradient what most of it is."""
        pattern = fill.find(MAIN + "patternFill")
        if pattern is None:
            stop = fill.find(f"{MAIN}gradientFill/{MAIN}stop/{MAIN}color")
            return self.colour(stop, default)
        kind = pattern.get("patternType", "solid" if switched else "none")
        if kind == "none" or (kind in ("gray125", "gray0625") and not switched):
            return default
        front, back = _child(pattern, "fgColor"), _child(pattern, "bgColor")
        if switched:  # a differential format keeps the colour of a solid fill as its background
            return self.colour(back if back is not None else front, default)
        dense = kind == "mediumGray" or kind.startswith("dark")  # half of the ground, or more, is the colour in front
        return self.colour(front, "000000") if dense or kind == "solid" else self.colour(back, default)


def _child(element: etree._Element | None, tag: str) -> etree._Element | None:
    return None if element is None else element.find(MAIN + tag)


def _struck(font: etree._Element | None) -> bool:
    return _child(font, "strike") is not None and _val(font, "strike", "1") in TRUE


def _val(font: etree._Element | None, tag: str, default: str) -> str:
    child = _child(font, tag)
    return default if child is None else child.get("val", default)
