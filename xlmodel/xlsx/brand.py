"""A brand workbook: its cell styles, theme, logo and page setup replace the built-in look.

Fonts, fills and borders are the brand's. Number formats, alignment and protection stay the book's own:
they carry meaning and layout, and inputs must stay typable whatever a brand says.
"""

import math
import warnings
import zipfile
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.theme import theme_xml
from PIL import Image as Picture

from xlmodel.book.theme import FONT, INK, ROLES, RULE, WHITE, Role
from xlmodel.errors import WorkbookRefused
from xlmodel.readers.problems import Problems
from xlmodel.readers.safe_package import check_package
from xlmodel.xlsx.page import A4, Margins, footer, margins, paper
from xlmodel.xlsx.palette import BadTheme, Palette, contrast
from xlmodel.xlsx.styles import named

START = "start from templates/brand.xlsx"
MAX_BYTES = 5_000_000
MAX_UNPACKED = 10_000_000  # the whole workbook is held as objects
MAX_LOGO = 1_000_000
MAX_PIXELS = 16_000_000
MIN_CONTRAST = 3.0  # WCAG for large text and marks; the built-in look keeps 4.5
# Excel in another language saves its own styles under translated names and these numbers
_BUILT_IN = {8: "Hyperlink", 10: "Note", 15: "Title", 20: "Input", 22: "Calculation"}
_KINDS = {"png", "jpeg"}


@dataclass(slots=True)
class Brand:
    """What a brand workbook may change.

    Attributes:
        styles: named cell styles by role.
        theme: the theme part (fonts and colours) as XML.
        logo: a PNG or JPEG image for the cover.
        paper: paper size number of the page setup: 9 is A4, 1 is Letter.
        footer: text at the left of every page's foot.
    """

    styles: dict[str, NamedStyle] = field(default_factory=dict)
    theme: bytes = b""
    logo: bytes = b""
    paper: int = A4
    margins: Margins = field(default_factory=Margins)
    footer: str = ""


def read_brand(path: Path) -> Brand:
    """Read a brand workbook; what it does not say keeps the built-in look.

    Raises:
        WorkbookRefused: it is no .xlsx that can be read safely.
        InputRefused: a style, the theme, the logo or the page setup cannot be used; all problems at once.
    """
    check_package(path, MAX_UNPACKED)
    _check_kind(path)
    workbook, dropped = _load(path)
    problems = Problems(str(path))
    palette = _palette(workbook, problems)
    first = workbook.worksheets[0]
    brand = Brand(
        styles=_styles(workbook, palette, problems),
        theme=palette.part if workbook.loaded_theme else b"",
        logo=_logo(first, dropped, problems),
        paper=paper(first, problems),
        margins=margins(first, problems),
        footer=footer(first, problems),
    )
    if not brand.styles and not brand.logo and not problems.count:
        problems.add("", "no cell style named like a role of the book, and no logo",
                     "cell styles such as Title or Input", START)  # fmt: skip
    problems.raise_if_any()
    return brand


def _check_kind(path: Path) -> None:
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise WorkbookRefused.one(
            str(path), f"{size / 1e6:.1f} MB", f"a brand workbook of at most {MAX_BYTES / 1e6:.0f} MB", START
        )
    with zipfile.ZipFile(path) as archive:
        macros = any("vba" in name.casefold() or "macrosheets" in name.casefold() for name in archive.namelist())
    if macros:
        raise WorkbookRefused.one(str(path), "a workbook with macros", "an .xlsx workbook without macros",
                       "save it in Excel as .xlsx, which drops the macros")  # fmt: skip


def _load(path: Path) -> tuple[Workbook, bool]:
    """The workbook, and whether a picture of it could not be read."""
    expected, fix = "an .xlsx workbook with a sheet of cells", "open it in Excel and save it again, or " + START
    with warnings.catch_warnings(record=True) as heard, redirect_stdout(StringIO()):  # the library prints, too
        warnings.simplefilter("always")
        try:
            workbook = load_workbook(path, keep_links=False)
        except Exception as error:  # the library meets damage with errors of every kind
            raise WorkbookRefused.one(str(path), f"a damaged workbook ({error})"[:200], expected, fix) from error
    if not workbook.worksheets:
        raise WorkbookRefused.one(str(path), "no sheet with cells", expected, fix)
    return workbook, any(str(w.message).endswith(("cannot be read", "being dropped")) for w in heard)


def _palette(workbook: Workbook, problems: Problems) -> Palette:
    """The theme; the library's own where the workbook has none or a broken one."""
    indexed = tuple(str(colour) for colour in workbook._colors)  # type: ignore[attr-defined]
    try:
        return Palette(workbook.loaded_theme or theme_xml.encode(), indexed)
    except BadTheme as bad:
        problems.add(
            "theme", str(bad), "a theme with twelve colours and two fonts", "choose one under Page Layout, Themes"
        )
    return Palette(theme_xml.encode(), indexed)


def _styles(workbook: Workbook, palette: Palette, problems: Problems) -> dict[str, NamedStyle]:
    roles = {name.casefold(): name for name in ROLES}
    listed: list[NamedStyle] = list(workbook._named_styles)  # type: ignore[attr-defined]
    found = {roles[s.name.casefold()]: s for s in listed if s.name.casefold() in roles}
    for style in listed:
        name = _BUILT_IN.get(style.builtinId if style.builtinId is not None else -1)
        if name and name not in found:
            found[name] = style
    return {name: _dressed(name, role, found[name], palette, problems) for name, role in ROLES.items() if name in found}


def _dressed(name: str, role: Role, brand: NamedStyle, palette: Palette, problems: Problems) -> NamedStyle:
    """The role in the brand's font, fill and border."""
    style = named(name, role)
    style.font = _font(name, role, brand.font, palette, problems)
    style.fill, ground = _fill(name, brand, palette, problems)
    left, right, top, bottom = (
        _side(getattr(brand.border, edge), palette) for edge in ("left", "right", "top", "bottom")
    )
    style.border = Border(left=left, right=right, top=top, bottom=bottom)
    ink = palette.rgb(brand.font.color, INK)
    ratio = contrast(ink, ground)
    if ratio < MIN_CONTRAST:
        problems.add(f"style {name}", f"text {ink} on {ground} (contrast {ratio:.1f}:1)",
                     f"at least {MIN_CONTRAST:g}:1, better 4.5:1",
                     "choose a darker or lighter font colour for the style")  # fmt: skip
    return style


def _font(name: str, role: Role, font: Font, palette: Palette, problems: Problems) -> Font:
    size = font.sz or role.size
    most = math.ceil(role.size * 1.1)  # rows and columns are laid out for the built-in size
    if not 6 <= size <= most:
        problems.add(f"style {name}", f"{size:g} pt", f"6 to {most} pt", "choose another font size for the style")
    scheme = font.scheme if font.scheme in palette.fonts else None
    face = palette.fonts[scheme] if scheme else font.name or FONT
    return Font(
        name=face, sz=size, b=bool(font.b), i=bool(font.i), u=font.u, scheme=scheme, family=font.family,
        color=palette.portable(font.color, INK),
    )  # fmt: skip


def _fill(name: str, brand: NamedStyle, palette: Palette, problems: Problems) -> tuple[PatternFill, str]:
    """The fill for the book, and the colour that the text stands on."""
    fill = brand.fill
    pattern = fill.fill_type if isinstance(fill, PatternFill) else "gradient"
    if pattern in (None, "none"):
        return PatternFill(), WHITE
    if pattern != "solid" or not isinstance(fill, PatternFill):
        problems.add(f"style {name}", f"a fill of the kind {pattern}", "a plain colour or no fill",
                     "choose one colour, without pattern or gradient")  # fmt: skip
        return PatternFill(), WHITE
    return PatternFill("solid", fgColor=palette.portable(fill.fgColor, WHITE)), palette.rgb(fill.fgColor, WHITE)


def _side(side: Side | None, palette: Palette) -> Side:
    if side is None or not side.style:
        return Side()
    return Side(side.style, color=palette.portable(side.color, RULE))


def _logo(sheet: Worksheet, dropped: bool, problems: Problems) -> bytes:
    """The first picture of the sheet."""
    pictures: list[Image] = sheet._images  # type: ignore[attr-defined]
    expected, fix = "a PNG or JPEG picture of at most 1 MB", "insert the logo as a PNG picture"
    if not pictures:
        if dropped:
            problems.add("logo", "a picture that cannot be read", expected, fix)
        return b""
    source = pictures[0].ref
    data = source.getvalue() if isinstance(source, BytesIO) else b""
    try:
        with Picture.open(BytesIO(data)) as picture:
            kind, pixels = str(picture.format).lower(), picture.width * picture.height
            if kind not in _KINDS:
                problems.add("logo", f"a picture of the kind {kind.upper()}", expected, fix)
            elif len(data) > MAX_LOGO or pixels > MAX_PIXELS:
                found = f"a picture of {len(data) / 1e6:.1f} MB and {pixels / 1e6:.1f} million pixels"
                problems.add("logo", found, f"{expected} and {MAX_PIXELS // 1_000_000} million pixels",
                             "make the picture smaller")  # fmt: skip
            else:
                picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        problems.add("logo", f"a damaged picture ({error})"[:120], expected, fix)
    return data
