"""Sensitivity, second part: the headline ratio under every pair of price bases that exists."""

import statistics

from xlmodel.book import sensitivity_places as at
from xlmodel.book.context import Context, Given
from xlmodel.book.spec import Condition, Sheet
from xlmodel.calc.address import Area, letters
from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.cost import gain, ratio
from xlmodel.sheets.frame import fixed, headers
from xlmodel.units import RATIO, USD_PER_GPU_HOUR

IN_USE = "Price in use"
_NONE = "No pair of prices exists for these two platforms at the target"


def describe(ctx: Context, sheet: Sheet, given: dict[str, Given]) -> None:
    """Write the matrix, with the prices beside it, and one sentence on its span."""
    p, area = ctx.places, at.pairs(ctx.places)
    names = (IN_USE, *p.bases)
    sheet.put(area.row - 4, 1, "By pair of prices: performance per USD against the baseline at the target", "Heading")
    headers(
        sheet, area.row - 2, 1, ("Basis of the platform (down), of the baseline (across)", "USD/GPU-hour", *names), 44
    )
    sheet.put(area.row - 1, 2, "baseline →", "Unit")
    mine, theirs = [], []
    for i, name in enumerate(names):
        mine.append(_price(ctx, sheet, area.row + i, 2, i, "platform", given))
        theirs.append(_price(ctx, sheet, area.row - 1, at.VALUE + i, i, "baseline", given))
        if i:
            basis = p.menu("bases").cell(i - 1)
            sheet.calc(area.row + i, 1, "{ref}", name, "Label", ref=basis)
            sheet.calc(area.row - 2, at.VALUE + i, "{ref}", name, "Column", ref=basis)
        else:
            sheet.put(area.row, 1, name, "Label")
    performance = ratio(subject=given["throughput"].value, baseline=given["base_throughput"].value)
    found: list[float] = []
    for i in range(len(names)):
        for j in range(len(names)):
            value: Value = gain(performance=performance, price_ratio=ratio(subject=mine[i], baseline=theirs[j]))
            shown: Value = "" if isinstance(value, ExcelError) else value
            place = area.cell(i, j)
            sheet.calc(
                place.row, place.col, f'IFERROR({{a}}/{{b}}/($B{place.row}/{letters(place.col)}${area.row - 1}),"")', shown, "Result",
                RATIO.format, a=given["throughput"].ref or "", b=given["base_throughput"].ref or "",
            )  # fmt: skip
            if i and j and isinstance(shown, int | float):
                found.append(float(shown))
    corner = area.cell(0, 0).a1
    sheet.conditions.append(Condition(area.a1, f"AND(ISNUMBER({corner}),{corner}<1)", "bad"))
    listed = Area(
        area.sheet, area.row + 1, area.col + 1, area.last_row, area.last_col
    )  # the price in use repeats one of them
    _sentence(sheet, area.row - 3, listed, found, given)


def _price(ctx: Context, sheet: Sheet, row: int, col: int, i: int, who: str, given: dict[str, Given]) -> Value:
    """A price of the platform or the baseline: the one in use first, then by basis; a missing one is empty."""
    p = ctx.places
    name = str(given[who].value)
    known = next((platform for platform in p.platforms if platform.casefold() == name.casefold()), "")
    value: Value = given["price" if who == "platform" else "base_price"].value
    if i:
        value = ctx.market.price(known, p.bases[i - 1]) if known else ""
    shown: Value = "" if isinstance(value, ExcelError) else value
    book = p.prices_in_use if i == 0 else p.price_book.column(i - 1)
    sheet.calc(
        row, col, 'IFERROR(INDEX({book},MATCH({name},{names},0)),"")', shown, "Link", USD_PER_GPU_HOUR.format, book=book,
        name=given[who].ref or "", names=p.menu("platforms"),
    )  # fmt: skip
    return value if isinstance(value, int | float) else ExcelError("#VALUE!")


def _sentence(sheet: Sheet, row: int, area: Area, found: list[float], given: dict[str, Given]) -> None:
    """How far the ratio goes from pair to pair."""
    words = _NONE
    platform, baseline = given["platform"], given["baseline"]
    if found:
        wins = sum(1 for value in found if value > 1)
        words = (
            f"{len(found)} pairs of price lists: {platform.value} gives {fixed(min(found), 2)}x to {fixed(max(found), 2)}x the performance per USD of {baseline.value}, "
            f"{fixed(statistics.median(found), 2)}x in the middle; more than 1x in {wins}"
        )
    sheet.calc(
        row, 1,
        f'IF(COUNT({{area}})=0,"{_NONE}",COUNT({{area}})&" pairs of price lists: "&{{platform}}&" gives "&FIXED(ROUND(MIN({{area}}),2),2,TRUE)&"x to "'
        '&FIXED(ROUND(MAX({area}),2),2,TRUE)&"x the performance per USD of "&{baseline}&", "&FIXED(ROUND(MEDIAN({area}),2),2,TRUE)'
        '&"x in the middle; more than 1x in "&COUNTIF({area},">1"))',
        words, "Strong", area=area, platform=platform.ref or "", baseline=baseline.ref or "",
    )  # fmt: skip
