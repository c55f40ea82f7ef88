"""Writes the starter of a brand workbook: every role of the book as a cell style, ready to be restyled.

Run `python -m xlmodel.xlsx.template templates/brand.xlsx` after a change to the roles.
"""

import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from lxml import etree
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font, NamedStyle, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.theme import theme_xml
from PIL import Image as Picture
from PIL import ImageDraw

from xlmodel.book.spec import Book
from xlmodel.book.theme import ACCENT, BAD, FONT, GOOD, INK, INPUT_INK, LINK_INK, MUTED, PALE, ROLES, WHITE
from xlmodel.xlsx import passes, zipped
from xlmodel.xlsx.brand import Brand
from xlmodel.xlsx.palette import DRAWING, SLOTS
from xlmodel.xlsx.styles import named

# the theme's colours in the order of SLOTS; roles that wear one of the first five follow the theme
_THEME = (WHITE, INK, PALE, MUTED, ACCENT, INPUT_INK, LINK_INK, GOOD, BAD, "B8860B", ACCENT, MUTED)
_FOLLOWING = {colour: slot for slot, colour in enumerate(_THEME[:5])}

_HOW = (
    "Restyle: Home, Cell Styles, right-click a style named below, Modify, Format: font, fill and border. Cells formatted by hand change nothing.",
    "Fonts and colours at once: Page Layout, Colors and Fonts. Styles that use a theme colour or font follow, and so do the fonts of charts.",
    "Logo: replace the picture on the right (PNG or JPEG, at most 1 MB). It stands on the Cover, up to 40 pixels high.",
    "Paper, margins and left footer: Page Layout, Page Setup of this sheet. A4 or Letter; the footer is plain text.",
    "Kept by the book: number formats, alignment, what is locked, and the colours of platforms in charts. Contrast below 3:1 is refused.",
    "Use it: xlmodel build --template brand.xlsx",
)

# role -> sample, what it is for
SAMPLES: dict[str, tuple[str | float, str]] = {
    "Text": ("Plain text", "Running text and constants"),
    "Title": ("Token economics", "First line of the title band of every sheet"),
    "Subtitle": ("Economics of LLM inference", "Second line of the title band"),
    "Band": ("Checks: all pass", "Right end of the title band: master check and build"),
    "Heading": ("Cost at the target", "Heading of a section"),
    "Column": ("USD per million tokens", "Header of a table column"),
    "Label": ("Utilization", "Name of a number in the same row"),
    "Strong": ("Master check", "Emphasized label"),
    "Unit": ("USD/GPU-hour", "Unit beside a number"),
    "Column unit": ("tok/s/GPU", "Unit under a column header"),
    "Note": ("Why a number is missing", "Explanation, wrapped"),
    "Footnote": ("Source and licence", "Explanation on one line"),
    "Finding": ("One platform costs half as much", "The finding of the Summary in one sentence"),
    "Figure": (2.5, "Large figure of the Summary"),
    "Figure label": ("x performance per dollar", "Label under a large figure"),
    "Input": (10.5, "A number that the reader may type; stays unlocked"),
    "Input text": ("GB200 NVL72", "A text that the reader may type or pick; stays unlocked"),
    "Data": (1310.5, "A measured or quoted number with its source in the row"),
    "Data text": ("InferenceX", "The words beside such a number"),
    "Calculation": (0.32, "A formula in the workings"),
    "Result": (0.32, "A number in a table of results"),
    "Result text": ("measured", "A text in a table of results"),
    "Result strong": (0.32, "The number of a result row that counts most"),
    "Result head": ("TOKCOST(platform, ...)", "The head of a row of several lines"),
    "Result note": ("what it returns", "A note in such a row"),
    "Result name": ("MI355X", "The name of a result row"),
    "Rank": (1, "Place in a ranking"),
    "Link": (0.32, "A number taken from another sheet"),
    "Hyperlink": ("Prices", "A click target"),
    "Check": (1, "A check: OK or Error"),
}  # fmt: skip


def make_brand(path: Path) -> None:
    """Write the starter; the same roles give the same bytes."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Brand"
    workbook.loaded_theme = theme()
    for name in ROLES:
        workbook.add_named_style(themed(name))
    _fill_in(sheet)
    _page(sheet)
    picture = Image(BytesIO(mark()))
    picture.anchor = "D4"
    sheet.add_image(picture)
    saved = BytesIO()
    workbook.save(saved)
    with ZipFile(saved) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    passes.fonts_in_order(parts)
    passes.properties(
        parts, Book((), {}, "Brand workbook", "Cell styles, theme, logo and page setup", "", "starter"), ""
    )
    passes.picture_text(parts, "Logo")
    with path.open("wb") as target:
        zipped.write(target, {name: (data,) for name, data in parts.items()})


def themed(name: str) -> NamedStyle:
    """The built-in look of a role, with theme slots in place of the theme's colours and font."""
    style = named(name, ROLES[name])
    role, font = ROLES[name], style.font
    style.font = Font(
        name=FONT, sz=font.sz, b=font.b, i=font.i, u=font.u, scheme="minor", family=2, color=_colour(role.ink)
    )
    if role.fill:
        style.fill = PatternFill("solid", fgColor=_colour(role.fill))
    return style


def _colour(rgb: str) -> Color:
    return Color(theme=_FOLLOWING[rgb]) if rgb in _FOLLOWING else Color("FF" + rgb)


def theme() -> bytes:
    """The theme part with the built-in colours and fonts."""
    root = etree.fromstring(theme_xml.encode())
    root.set("name", "Token economics")
    for tag in ("clrScheme", "fontScheme"):
        for scheme in root.iter(f"{{{DRAWING}}}{tag}"):
            scheme.set("name", "Token economics")
    for slot, colour in zip(SLOTS, _THEME, strict=True):
        for element in root.iterfind(f".//{{{DRAWING}}}clrScheme/{{{DRAWING}}}{slot}"):
            element[:] = [etree.Element(f"{{{DRAWING}}}srgbClr", val=colour)]
    for latin in root.iterfind(f".//{{{DRAWING}}}fontScheme/*/{{{DRAWING}}}latin"):
        latin.set("typeface", FONT)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def mark() -> bytes:
    """A neutral mark as PNG: four rising bars.

    Straight edges and no compression keep its bytes the same under every version of the libraries.
    """
    picture = Picture.new("P", (80, 80), 0)
    picture.putpalette(bytes.fromhex(WHITE + ACCENT + MUTED))
    draw = ImageDraw.Draw(picture)
    for i, height in enumerate((20, 38, 56, 74)):
        draw.rectangle((3 + 19 * i, 76 - height, 17 + 19 * i, 76), fill=1 if i % 2 else 2)
    png = BytesIO()
    picture.save(png, "PNG", compress_level=0)
    return png.getvalue()


def _fill_in(sheet: Worksheet) -> None:
    rows: list[tuple[str, Sequence[tuple[int, str | float, str]]]] = [
        ("Title", [(1, "Brand workbook", "Title")]),
        ("Subtitle", [(1, "Restyle it in Excel, and every sheet of the book follows", "Subtitle")]),
        ("", []),
        *(("", [(1, line, "Text")]) for line in _HOW),
        ("", []),
        ("", [(1, "Cell style", "Column"), (2, "Sample", "Column"), (3, "What it is for", "Column")]),
        *(("", [(1, name, "Strong"), (2, SAMPLES[name][0], name), (3, SAMPLES[name][1], "Text")]) for name in ROLES),
    ]
    for row, (band, cells) in enumerate(rows, 1):
        for col in range(1, 5 if band else 1):
            sheet.cell(row, col).style = band
        for col, value, style in cells:
            sheet.cell(row, col, value).style = style
    sheet.row_dimensions[1].height = 26
    for row in range(12, 12 + len(ROLES)):
        sheet.cell(row, 3).alignment = Alignment("left", "center", indent=1)
    for name, row in zip(ROLES, range(12, 12 + len(ROLES)), strict=True):
        sheet.row_dimensions[row].height = 26 if ROLES[name].size > 12 else 18
    for letter, width in zip("ABCD", (18, 34, 78, 16), strict=True):
        sheet.column_dimensions[letter].width = width


def _page(sheet: Worksheet) -> None:
    page, margins = Brand(), Brand().margins
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", page.paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    own = sheet.page_margins
    own.left, own.right, own.top, own.bottom = margins.left, margins.right, margins.top, margins.bottom


if __name__ == "__main__":
    make_brand(Path(sys.argv[1]))
