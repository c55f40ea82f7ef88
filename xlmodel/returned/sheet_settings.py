"""How a sheet is set: its tab, view, panes, outline, paper, margins, header and footer, whatever program wrote it."""

import re
from collections import Counter
from collections.abc import Mapping

from lxml import etree

from xlmodel.xlsx.parts import MAIN, finite
from xlmodel.xlsx.raw_cells import TRUE

Setting = tuple[str, str]  # element below the sheet, and its attribute; for a header its text
Settings = Mapping[Setting, str]
PANE, FORMAT, PAPER = "sheetViews/sheetView/pane", "sheetFormatPr", "headerFooter"
HEADS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_HEIGHT = (FORMAT, "defaultRowHeight")  # counts only where somebody set it
_READ: dict[str, tuple[str, ...]] = {
    "sheetPr/tabColor": ("rgb", "theme", "tint", "indexed"),
    "sheetPr/outlinePr": ("summaryBelow", "summaryRight", "applyStyles", "showOutlineSymbols"),
    "sheetPr/pageSetUpPr": ("fitToPage", "autoPageBreaks"),
    "sheetViews/sheetView": (
        "showFormulas", "showGridLines", "showRowColHeaders", "showZeros", "rightToLeft", "showRuler", "showOutlineSymbols",
        "showWhiteSpace", "view", "zoomScale", "zoomScaleNormal", "zoomScaleSheetLayoutView", "zoomScalePageLayoutView",
        "defaultGridColor", "colorId",
    ),
    PANE: ("xSplit", "ySplit", "state"),
    FORMAT: ("customHeight", "defaultRowHeight", "defaultColWidth", "zeroHeight", "outlineLevelRow", "outlineLevelCol"),
    "printOptions": ("horizontalCentered", "verticalCentered", "headings", "gridLines"),
    "pageMargins": ("left", "right", "top", "bottom", "header", "footer"),
    "pageSetup": (
        "paperSize", "scale", "firstPageNumber", "fitToWidth", "fitToHeight", "pageOrder", "orientation", "blackAndWhite", "draft",
        "cellComments", "useFirstPageNumber", "errors", "copies",
    ),
    PAPER: ("differentOddEven", "differentFirst", "scaleWithDoc", "alignWithMargins"),
}  # fmt: skip
_USUAL = {  # what counts where an element says nothing, other than 0 or nothing
    "summaryBelow": "1", "summaryRight": "1", "showOutlineSymbols": "1", "autoPageBreaks": "1", "showGridLines": "1",
    "showRowColHeaders": "1", "showZeros": "1", "showRuler": "1", "showWhiteSpace": "1", "view": "normal", "defaultGridColor": "1",
    "colorId": "64", "zoomScale": "100", "zoomScaleNormal": "100", "zoomScaleSheetLayoutView": "100", "zoomScalePageLayoutView": "100",
    "scale": "100", "firstPageNumber": "1", "fitToWidth": "1", "fitToHeight": "1", "pageOrder": "downThenOver",
    "orientation": "default", "cellComments": "none", "errors": "displayed", "copies": "1", "scaleWithDoc": "1", "alignWithMargins": "1",
}  # fmt: skip
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|[BIUESXYHO])|\s')  # of a header: font, colour, size, style


def settings_of(sheet: etree._Element, build_id: str) -> Settings:
    """What is set otherwise than in an empty sheet; the build that headers name counts as the same in all books.

    Args:
        sheet: its XML, with or without rows.
        build_id: of the book it belongs to.
    """
    found: dict[Setting, str] = {}
    for path, names in _READ.items():
        element = element_at(sheet, path)
        for name in names:
            value = _plain(name, element.get(name)) if element is not None else ""
            if value:
                found[path, name] = value
    if (FORMAT, "customHeight") not in found:
        found.pop(_HEIGHT, None)
    fits = ("sheetPr/pageSetUpPr", "fitToPage") in found
    for name in ("scale",) if fits else ("fitToWidth", "fitToHeight"):  # what does not count
        found.pop(("pageSetup", name), None)
    for name in HEADS:
        text = _CODES.sub("", sheet.findtext(f"{MAIN}{PAPER}/{MAIN}{name}") or "")
        if text:
            found[PAPER, name] = text.replace(f"build{build_id}", "build") if build_id else text
    return found


def changed(now: Settings, built: Settings) -> dict[Setting, str]:
    """Settings that are not as built, with what they are now; empty for what is as in an empty sheet."""
    return {key: now.get(key, "") for key in dict.fromkeys((*now, *built)) if now.get(key) != built.get(key)}


def shared(sheets: Mapping[str, Mapping[Setting, str]]) -> set[tuple[Setting, str]]:
    """Changes that half of all sheets have: a program or another version set them, and nobody by hand."""
    counts = Counter(change for changes in sheets.values() for change in changes.items())
    return {change for change, count in counts.items() if count > 1 and 2 * count >= len(sheets)}


def element_at(sheet: etree._Element, path: str) -> etree._Element | None:
    """An element below a sheet."""
    return sheet.find("/".join(MAIN + name for name in path.split("/")))


def _plain(name: str, value: str | None) -> str:
    """A setting however it is spelled; empty for the usual one."""
    if value is None:
        return ""
    number = finite(value)
    said = "1" if value in TRUE else f"{round(number, 2):g}" if number is not None and len(value) < 12 else value
    return "" if said == _USUAL.get(name, "0") or said == "false" or (name.startswith("zoom") and said == "0") else said
