"""The look: what each role of a cell wears. A brand workbook may replace any of it by style name.

Inputs are told apart by colour, fill and border, so that they also read in grey.
"""

from dataclasses import dataclass, replace

from xlmodel.book.chart import Marker

INK, MUTED, ACCENT, PALE, RULE = "1F2933", "52606D", "0B5394", "EAF1F8", "CBD2D9"
INPUT_INK, INPUT_FILL = "0000C8", "FFF9DB"
LINK_INK = "00663D"
GOOD, GOOD_FILL, BAD, BAD_FILL = "0B6B3A", "E3F5EA", "A61B1B", "FCE4E4"
WHITE = "FFFFFF"

# hue and marker of each platform: vendors differ by hue family, platforms by shade and shape (Okabe-Ito based)
PLATFORM_LOOK: dict[str, tuple[str, Marker]] = {
    "GB300 NVL72": ("004D25", "diamond"),
    "GB200 NVL72": ("009E73", "circle"),
    "B300": ("0072B2", "square"),
    "B200": ("56B4E9", "triangle"),
    "H200": ("6B7280", "x"),
    "H100": ("9CA3AF", "plus"),
    "MI355X": ("D55E00", "diamond"),
    "MI325X": ("E69F00", "square"),
    "MI300X": ("8C4A00", "triangle"),
}
SPARE_LOOKS: tuple[tuple[str, Marker], ...] = (("CC79A7", "star"), ("7B3294", "circle"), ("000000", "square"))


@dataclass(frozen=True, slots=True)
class Role:
    """How a kind of cell looks; `locked` cells resist typing when the sheet is protected."""

    ink: str = INK
    fill: str = ""
    bold: bool = False
    italic: bool = False
    size: float = 10
    align: str = ""
    indent: int = 0
    wrap: bool = False
    border: str = ""
    format: str = "General"
    locked: bool = True
    underline: bool = False


BASE = Role()
ROLES: dict[str, Role] = {
    "Text": BASE,
    "Title": replace(BASE, ink=WHITE, fill=ACCENT, bold=True, size=16),
    "Subtitle": replace(BASE, ink=WHITE, fill=ACCENT, size=10),
    "Band": replace(BASE, ink=WHITE, fill=ACCENT, align="right"),
    "Heading": replace(BASE, ink=ACCENT, bold=True, size=12, border="bottom"),
    "Column": replace(BASE, ink=WHITE, fill=ACCENT, bold=True, wrap=True, align="center"),
    "Label": replace(BASE, ink=INK),
    "Strong": replace(BASE, bold=True),
    "Unit": replace(BASE, ink=MUTED, size=9, align="left", indent=1),
    "Column unit": replace(BASE, ink=MUTED, size=9, align="center"),
    "Note": replace(BASE, ink=MUTED, size=9, wrap=True),
    "Footnote": replace(BASE, ink=MUTED, size=9),
    "Finding": replace(BASE, bold=True, size=12, fill=PALE, wrap=True),
    "Figure": replace(BASE, ink=ACCENT, bold=True, size=18, fill=PALE, align="centerContinuous"),
    "Figure label": replace(BASE, ink=MUTED, size=9, fill=PALE, align="centerContinuous"),
    "Input": replace(BASE, ink=INPUT_INK, fill=INPUT_FILL, border="box", locked=False),
    "Input text": replace(BASE, ink=INPUT_INK, fill=INPUT_FILL, border="box", locked=False, format="@", wrap=True),
    "Data": replace(BASE, ink=INPUT_INK),
    "Data text": replace(BASE, ink=INPUT_INK, align="left", indent=1),
    "Calculation": replace(BASE, align="right"),
    "Result": replace(BASE, border="hair", align="right"),
    "Result text": replace(BASE, border="hair", align="left", indent=1),
    "Result strong": replace(BASE, border="hair", bold=True, align="right"),
    "Result head": replace(BASE, border="hair", bold=True, wrap=True),
    "Result note": replace(BASE, ink=MUTED, size=9, border="hair", wrap=True),
    "Result name": replace(BASE, border="hair", bold=True, align="left", indent=1),
    "Rank": replace(BASE, border="hair", align="center"),
    "Link": replace(BASE, ink=LINK_INK),
    "Hyperlink": replace(BASE, ink=ACCENT, underline=True),
    "Check": replace(BASE, bold=True, align="center", format='"OK";;"Error"'),
}

# looks that a condition switches on: font, fill
LOOKS: dict[str, tuple[str, str]] = {
    "good": (GOOD, GOOD_FILL),
    "bad": (BAD, BAD_FILL),
    "muted": ("9AA5B1", ""),
    "highlight": (INK, PALE),
    "best": (GOOD, GOOD_FILL),
}

FONT = "Calibri"
TAB_COLOURS = {"presentation": ACCENT, "inputs": "B8860B", "workings": "7B8794", "control": GOOD}
