"""The page setup that a brand workbook may give: paper, margins and the left of the footer."""

import re
from dataclasses import astuple, dataclass

from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from xlmodel.readers.problems import Problems, quoted

LETTER, A4 = 1, 9  # Excel's paper size numbers
FOOTER_LENGTH = 80
_DRESS = re.compile(r"&(?:[BEISUXY]|K[0-9]{2}[+-][0-9]{3})")  # bold, italic and colours: the book has its own


@dataclass(frozen=True, slots=True)
class Margins:
    """Page margins in inches."""

    left: float = 0.4
    right: float = 0.4
    top: float = 0.5
    bottom: float = 0.6


def paper(sheet: Worksheet, problems: Problems) -> int:
    """The paper size number of a sheet, A4 where it says none."""
    size = sheet.page_setup.paperSize
    number = int(size) if size else A4
    if number not in (LETTER, A4):
        problems.add(f"sheet {quoted(sheet.title)}, paper", f"paper size number {number}", "A4 or Letter",
                     "choose it under Page Layout, Size")  # fmt: skip
    return number


def margins(sheet: Worksheet, problems: Problems) -> Margins:
    """The margins of a sheet; those of a sheet that nobody set up are the built-in ones."""
    page, unset = sheet.page_margins, PageMargins()
    sides = ("left", "right", "top", "bottom")
    if all(getattr(page, side) == getattr(unset, side) for side in sides):
        return Margins()
    found = Margins(*(float(getattr(page, side)) for side in sides))
    for side, inches in zip(sides, astuple(found), strict=True):
        if not 0.2 <= inches <= 1.5:
            problems.add(f"sheet {quoted(sheet.title)}, {side} margin", f"{inches:g} inches",
                         "0.2 to 1.5 inches (0.5 to 3.8 cm)", "set it under Page Layout, Margins")  # fmt: skip
    return found


def footer(sheet: Worksheet, problems: Problems) -> str:
    """Plain text of the left footer; the book adds the sheet's name, the build and the page numbers."""
    foot = sheet.oddFooter.left.text if sheet.oddFooter else None
    text = _DRESS.sub("", " ".join((foot or "").split()).replace("&&", "\0"))
    place = f"sheet {quoted(sheet.title)}, left footer"
    if "&" in text:
        problems.add(place, quoted(text.replace("\0", "&&")), "plain text without fields",
                     "delete fields such as &[Page]; the book adds sheet and page itself")  # fmt: skip
    if len(text) > FOOTER_LENGTH:
        problems.add(place, f"{len(text)} characters", f"at most {FOOTER_LENGTH}", "shorten it")
    return text.replace("\0", "&")
