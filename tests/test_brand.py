"""A brand workbook restyles the book, never its meaning, and is refused when it cannot be used."""

import re
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Border, Font, GradientFill, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.colors import Color
from openpyxl.styles.numbers import BUILTIN_FORMATS
from PIL import Image as Picture

from xlmodel.book.spec import Book
from xlmodel.book.theme import ROLES
from xlmodel.commands.produce import verify
from xlmodel.errors import InputRefused, WorkbookRefused
from xlmodel.readers.assemble import gather
from xlmodel.sheets.order import describe
from xlmodel.xlsx.brand import Brand, read_brand
from xlmodel.xlsx.cell_looks import USUAL_FORMATS
from xlmodel.xlsx.package import write
from xlmodel.xlsx.page import Margins
from xlmodel.xlsx.palette import Palette, contrast
from xlmodel.xlsx.rules.run_rules import check
from xlmodel.xlsx.template import SAMPLES, make_brand, theme

Change = Callable[[Workbook], None]
Rewritten = Callable[[Path, Mapping[str, str | Callable[[str], str]], Path], Path]
STARTER = Path(__file__).parents[1] / "templates" / "brand.xlsx"
WINE = "6B1F3A"


@pytest.fixture(scope="module")
def book() -> Book:
    return describe(gather(models=["Llama 3.3 70B"]), "Token economics", "2026-11-23")


def style(workbook: Workbook, name: str) -> Any:
    return workbook._named_styles[name]  # type: ignore[attr-defined]


def image(kind: str, size: tuple[int, int], colour: str = WINE) -> Image:
    data = BytesIO()
    Picture.new("RGB", size, f"#{colour}").save(data, kind)
    return Image(data)


def logo(workbook: Workbook, picture: Image) -> None:
    sheet = workbook.worksheets[0]
    sheet._images = []  # type: ignore[attr-defined]
    sheet.add_image(picture, "D4")


def changed(target: Path, *changes: Change) -> Path:
    """The starter, changed and saved as Excel would."""
    workbook = openpyxl.load_workbook(STARTER)
    for change in changes:
        change(workbook)
    workbook.save(target)
    return target


def restyle(workbook: Workbook) -> None:
    """What a company does: own colours, own font, own logo, Letter."""
    style(workbook, "Title").fill = PatternFill("solid", fgColor="FF" + WINE)
    style(workbook, "Input").font = Font(name="Verdana", sz=10, color="FF006100")
    style(workbook, "Input").fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.8))
    style(workbook, "Input").protection = Protection(locked=True)
    style(workbook, "Result").protection = Protection(locked=False, hidden=True)
    style(workbook, "Result").number_format = '"free of charge"'
    workbook.loaded_theme = workbook.loaded_theme.replace(
        b'<a:latin typeface="Calibri"/>', b'<a:latin typeface="Arial"/>'
    )
    sheet = workbook.worksheets[0]
    sheet.page_setup.paperSize = 1
    sheet.page_margins.left, sheet.page_margins.bottom = 0.9, 0.8
    assert sheet.oddFooter is not None
    sheet.oddFooter.left.text = "&BSmith && Co"
    logo(workbook, image("JPEG", (600, 150)))


def built(book: Book, brand: Brand, target: Path) -> Path:
    with target.open("wb") as package:
        write(book, package, brand, "0.1.0")
    return target


@pytest.fixture(scope="module")
def restyled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return changed(tmp_path_factory.mktemp("brand") / "acme.xlsx", restyle)


@pytest.fixture(scope="module")
def dressed(book: Book, restyled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(book, read_brand(restyled), tmp_path_factory.mktemp("built") / "dressed.xlsx")


@pytest.mark.usefixtures("full_compression")
def test_the_starter_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    make_brand(tmp_path / "brand.xlsx")
    fix = "run python -m xlmodel.xlsx.template templates/brand.xlsx"
    assert (tmp_path / "brand.xlsx").read_bytes() == STARTER.read_bytes(), fix


def test_the_starter_shows_every_role_with_a_sample() -> None:
    assert set(SAMPLES) == set(ROLES), "add the new role to SAMPLES"
    assert set(read_brand(STARTER).styles) == set(ROLES)


def test_the_starter_is_a_sound_package(validator: Callable[[Path], list[str]]) -> None:
    assert [str(finding) for finding in check(STARTER)] == []
    assert validator(STARTER) == []


def test_the_built_in_look_has_a_contrast_of_at_least_4_5() -> None:
    for name, role in ROLES.items():
        assert contrast(role.ink, role.fill or "FFFFFF") >= 4.5, name


def test_the_starter_looks_like_the_built_in_look() -> None:
    brand, palette = read_brand(STARTER), Palette(theme())
    for name, role in ROLES.items():
        found = brand.styles[name]
        assert isinstance(found.fill, PatternFill)
        assert palette.rgb(found.font.color, "") == role.ink, name
        assert (palette.rgb(found.fill.fgColor, "") if found.fill.fill_type else "") == role.fill, name
        assert (found.font.name, found.font.sz) == ("Calibri", role.size), name
    assert (brand.paper, brand.margins, brand.footer) == (9, Margins(), "")


def test_a_restyled_brand_shows_in_the_book(restyled: Path, dressed: Path) -> None:
    workbook = openpyxl.load_workbook(dressed)
    title, typed = style(workbook, "Title"), style(workbook, "Input")
    assert isinstance(title.fill, PatternFill)
    assert isinstance(typed.fill, PatternFill)
    assert title.fill.fgColor.rgb == "FF" + WINE
    assert (typed.font.name, typed.font.color.rgb) == ("Verdana", "FF006100")
    assert (typed.fill.fgColor.theme, typed.fill.fgColor.tint) == (4, 0.8)
    assert (style(workbook, "Text").font.name, style(workbook, "Text").font.scheme) == ("Arial", "minor")
    assert workbook["Summary"]["A1"].fill.fgColor.rgb == "FF" + WINE
    tab = workbook["Summary"].sheet_properties.tabColor
    assert tab is not None
    assert tab.rgb == "FF" + WINE
    with zipfile.ZipFile(restyled) as source, zipfile.ZipFile(dressed) as target:
        assert target.read("xl/theme/theme1.xml") == source.read("xl/theme/theme1.xml")
        assert target.read("xl/media/image1.jpeg") == source.read("xl/media/image1.jpeg")
    for sheet in workbook.worksheets:
        assert sheet.page_setup.paperSize == 1
        assert (sheet.page_margins.left, sheet.page_margins.right, sheet.page_margins.bottom) == (0.9, 0.4, 0.8)
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.left.text == "Smith && Co · &A"


def test_no_brand_locks_an_input_or_opens_a_formula(book: Book, dressed: Path) -> None:
    workbook = openpyxl.load_workbook(dressed)
    for sheet in book.sheets:
        for row, cells in sheet.cells.items():
            for col, cell in cells.items():
                guard = workbook[sheet.name].cell(row, col).protection
                assert (guard.locked, guard.hidden) == (ROLES[cell.style].locked, False)
    assert style(workbook, "Result").number_format == ROLES["Result"].format


def test_the_logo_keeps_its_proportions_and_stays_clear_of_the_band(dressed: Path) -> None:
    with zipfile.ZipFile(dressed) as package:
        drawings = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/drawings/drawing")]
    [text] = [drawing for drawing in drawings if "<pic>" in drawing or ":pic>" in drawing]
    assert re.findall(r'ext c[xy]="(\d+)" c[xy]="(\d+)"', text)[0] == (str(160 * 9525), str(40 * 9525))
    assert 'name="Logo" descr="Logo"' in text or 'descr="Logo" name="Logo"' in text
    assert int(re.findall(r"row>(\d+)<", text)[0]) >= 4


def test_a_dressed_book_is_sound_and_computes_the_same(
    book: Book, dressed: Path, validator: Callable[[Path], list[str]]
) -> None:
    assert [str(finding) for finding in check(dressed)] == []
    assert validator(dressed) == []
    assert verify(book, dressed) > 1000


def test_the_same_brand_gives_the_same_bytes(book: Book, restyled: Path, dressed: Path, tmp_path: Path) -> None:
    brand = read_brand(restyled)
    for name in ("a.xlsx", "b.xlsx"):
        assert built(book, brand, tmp_path / name).read_bytes() == dressed.read_bytes()


def test_what_a_brand_does_not_say_keeps_the_built_in_look(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.add_named_style(NamedStyle("title", font=Font(name="Arial", sz=14)))
    workbook.save(tmp_path / "small.xlsx")
    brand = read_brand(tmp_path / "small.xlsx")
    assert set(brand.styles) == {"Title"}
    assert (brand.logo, brand.paper, brand.margins, brand.footer) == (b"", 9, Margins(), "")


def test_excel_in_another_language_names_its_own_styles_by_number(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.add_named_style(NamedStyle("Eingabe", builtinId=20, font=Font(name="Arial", color="FF3F3F76")))
    workbook.save(tmp_path / "de.xlsx")
    assert read_brand(tmp_path / "de.xlsx").styles["Input"].font.name == "Arial"


def test_palette_numbers_become_colours(tmp_path: Path) -> None:
    def number(workbook: Workbook) -> None:
        side = Side("thin", color=Color(indexed=10))
        style(workbook, "Input").border = Border(left=side)
        style(workbook, "Data").font = Font(name="Arial", color=Color(indexed=12))

    styles: dict[str, Any] = dict(read_brand(changed(tmp_path / "old.xlsx", number)).styles)
    assert styles["Data"].font.color.rgb == "FF0000FF"
    assert styles["Input"].border.left.color.rgb == "FFFF0000"


def test_a_picture_inside_the_theme_becomes_a_plain_fill(tmp_path: Path) -> None:
    picture = (
        '<a:blipFill><a:blip xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'r:embed="rId1"/><a:stretch/></a:blipFill></a:bgFillStyleLst>'
    )

    def fill(workbook: Workbook) -> None:
        workbook.loaded_theme = workbook.loaded_theme.replace(b"</a:bgFillStyleLst>", picture.encode())

    part = read_brand(changed(tmp_path / "picture.xlsx", fill)).theme.decode()
    assert "blip" not in part
    assert "rId1" not in part
    assert part.index("phClr", part.index("bgFillStyleLst")) < part.index("</a:bgFillStyleLst>")


def look(name: str, **look: object) -> Change:
    def change(workbook: Workbook) -> None:
        for part, value in look.items():
            setattr(style(workbook, name), part, value)

    return change


def page(**values: object) -> Change:
    def change(workbook: Workbook) -> None:
        sheet = workbook.worksheets[0]
        for name, value in values.items():
            setattr(sheet.page_setup if name == "paperSize" else sheet.page_margins, name, value)

    return change


def foot(text: str) -> Change:
    def change(workbook: Workbook) -> None:
        footer = workbook.worksheets[0].oddFooter
        assert footer is not None
        footer.left.text = text

    return change


def pictured(kind: str, size: tuple[int, int]) -> Change:
    return lambda workbook: logo(workbook, image(kind, size))


def themed(old: bytes, new: bytes) -> Change:
    def change(workbook: Workbook) -> None:
        assert old in workbook.loaded_theme
        workbook.loaded_theme = workbook.loaded_theme.replace(old, new)

    return change


GREY = PatternFill("solid", fgColor="FF999999")
UNUSABLE: list[tuple[str, Change, str]] = [
    ("grey on grey", look("Input", fill=GREY, font=Font(color="FF888888")), r"style Input: found text 888888 on 999999"),
    ("theme white on white", look("Note", font=Font(sz=9, color=Color(theme=0))), r"style Note: .*contrast 1\.0:1"),
    ("large type", look("Title", font=Font(sz=40, color="FF000000")), r"style Title: found 40 pt, expected 6 to 18 pt"),
    ("tiny type", look("Text", font=Font(sz=3)), r"style Text: found 3 pt"),
    ("pattern", look("Data", fill=PatternFill("lightGrid")), r"style Data: found a fill of the kind lightGrid"),
    ("gradient", look("Data", fill=GradientFill(stop=("FFFFFFFF", "FF000000"))), r"style Data: .*gradient"),
    ("paper", page(paperSize=8), r"paper: found paper size number 8, expected A4 or Letter"),
    ("margin", page(left=4.0), r"left margin: found 4 inches"),
    ("field in footer", foot("Acme &[Date]"), r"left footer: found .*expected plain text"),
    ("long footer", foot("x" * 81), r"left footer: found 81 characters"),
    ("gif", pictured("GIF", (40, 40)), r"logo: found a picture of the kind GIF"),
    ("pixels", pictured("PNG", (4100, 4000)), r"logo: found a picture of .*16\.4 million pixels"),
    ("theme without a colour", themed(b"accent3>", b"other>"), r"theme: found a theme without the colour accent3"),
    ("theme of another kind", themed(b"a:theme ", b"a:thing "), r"theme: found|damaged"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), [pytest.param(c, m, id=i) for i, c, m in UNUSABLE])
def test_an_unusable_brand_is_refused_with_the_four_facts(tmp_path: Path, change: Change, message: str) -> None:
    with pytest.raises(InputRefused, match=message) as refused:
        read_brand(changed(tmp_path / "brand.xlsx", change))
    assert all(
        p.where.startswith(f"{tmp_path}/brand.xlsx") and p.found and p.expected and p.fix
        for p in refused.value.problems
    )


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        read_brand(changed(tmp_path / "brand.xlsx", *(change for _, change, _ in UNUSABLE[2:3] + UNUSABLE[6:9])))
    places = [problem.where.removeprefix(f"{tmp_path / 'brand.xlsx'} ") for problem in refused.value.problems]
    sheet = "sheet 'Brand', "
    assert places == ["style Title", "style Title", sheet + "paper", sheet + "left margin", sheet + "left footer"]


def test_a_large_logo_is_refused(tmp_path: Path) -> None:
    data = BytesIO()
    Picture.effect_noise((1100, 1100), 90).save(data, "PNG")
    with pytest.raises(InputRefused, match=r"logo: found a picture of 1\.\d MB"):
        read_brand(changed(tmp_path / "brand.xlsx", lambda workbook: logo(workbook, Image(data))))


def swapped(part: str, data: bytes) -> Callable[[Path], None]:
    """The starter with one part replaced or added."""

    def make(target: Path) -> None:
        with zipfile.ZipFile(STARTER) as source, zipfile.ZipFile(target, "w") as package:
            for name in source.namelist():
                if name != part:
                    package.writestr(name, source.read(name))
            package.writestr(part, data)

    return make


def plain(target: Path) -> None:
    openpyxl.Workbook().save(target)


def clipped(target: Path) -> None:
    target.write_bytes(STARTER.read_bytes()[:4000])


def bomb(target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<a>" + b" " * 20_000_000 + b"</a>")


WRONG: list[tuple[str, Callable[[Path], object], str]] = [
    ("missing", lambda target: None, "no such file"),
    ("folder", Path.mkdir, "a folder"),
    ("empty", lambda target: target.write_bytes(b""), "an empty file"),
    ("csv", lambda target: target.write_text("a,b\n1,2\n"), "not a workbook"),
    ("old xls", lambda target: target.write_bytes(b"\xd0\xcf\x11\xe0" * 200), r"old \.xls"),
    ("half a file", clipped, "a damaged file"),
    ("macros", swapped("xl/vbaProject.bin", b"x"), "a workbook with macros"),
    ("excel 4 macros", swapped("xl/macrosheets/sheet1.xml", b"<x/>"), "a workbook with macros"),
    ("doctype", swapped("xl/theme/theme1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "a DOCTYPE"),
    ("broken theme", swapped("xl/theme/theme1.xml", b"<a><b></a>"), "theme: found a theme that is not XML"),
    ("broken styles", swapped("xl/styles.xml", b"<styleSheet><fonts>"), "a damaged workbook"),
    ("broken picture", swapped("xl/media/image1.png", b"\x89PNG\r\n\x1a\nnothing"), "logo: found"),
    ("large", swapped("xl/media/image9.png", b"x" * 5_000_000), "5.0 MB"),
    ("bomb", bomb, "unpacks to"),
    ("nothing of a brand", plain, "no cell style named like a role"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message"), [pytest.param(f, m, id=i) for i, f, m in WRONG])
def test_a_wrong_file_is_refused(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    make(tmp_path / "brand.xlsx")
    with pytest.raises(InputRefused, match=message) as refused:
        read_brand(tmp_path / "brand.xlsx")
    assert all(
        p.where.startswith(f"{tmp_path}/brand.xlsx") and p.found and p.expected and p.fix
        for p in refused.value.problems
    )


def test_macros_are_refused_as_an_unsafe_workbook(tmp_path: Path) -> None:
    swapped("xl/vbaProject.bin", b"x")(tmp_path / "brand.xlsm")
    with pytest.raises(WorkbookRefused):
        read_brand(tmp_path / "brand.xlsm")


def test_formats_that_a_file_names_by_number_are_the_usual_ones() -> None:
    assert USUAL_FORMATS == BUILTIN_FORMATS
