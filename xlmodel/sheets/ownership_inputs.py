"""Ownership, its inputs: assumptions for every platform, and capital and power of each."""

from xlmodel.book import ownership_places as at
from xlmodel.book.context import Context, Given
from xlmodel.book.places import FIRST
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.address import Ref
from xlmodel.calc.values import NA, Value
from xlmodel.model import ownership_formulas as f
from xlmodel.model.ownership import UNITS, capital_of
from xlmodel.sheets.frame import headers, span
from xlmodel.sheets.platforms_sheet import CAPEX_ALL_IN, CAPEX_SERVER, KILOWATT
from xlmodel.units import (
    CAPITAL,
    SHARE,
    USD_PER_GPU,
    Unit,
)
from xlmodel.units import KILOWATT as KW

_NONE = "left empty, so nothing is assumed"
_ASSUMED: dict[str, tuple[str, str]] = {
    "life": ("Economic life", "SemiAnalysis AI Cloud TCO Model: hyperscalers underwrite 4 years; NVIDIA's published example too"),
    "cost_of_capital": ("Cost of capital", f"{_NONE}; the result then leaves out financing"),
    "residual": ("Residual value, share of capital", f"{_NONE}; wins over the price decline"),
    "decline": ("Price decline of used hardware", f"{_NONE}; residual share = (1 - decline) ^ life"),
    "spares": ("Spare parts, share of capital", _NONE),
    "colocation": ("Colocation without electricity", f"{_NONE}; counted on the power below, which is utility power"),
    "support": ("Support, staff and hosting, flat",
                f"{_NONE}; NVIDIA's example has 3,000 a server, less than its electricity alone"),
    "support_share": ("The same as share of the capital charge", f"{_NONE}; a published estimate for GB200 adds 20 %"),
    "software": ("Software licence", f"{_NONE}; NVIDIA's example has 4,500, unclear whether a server or a GPU"),
    "availability": ("Availability, share of hours", "100 %: none lost is assumed; idle hours belong into Utilization, not here"),
}  # fmt: skip
_DECIMALS = {"availability": "0.0%"}


def assumptions(ctx: Context, sheet: Sheet) -> dict[str, Given]:
    """Write the assumptions for every platform; an empty cell counts as 0."""
    headers(sheet, FIRST - 1, 1, ("Assumption for every platform", "Unit", "Value", "Allowed", "Source and doubts"))
    assumed = ctx.inputs.ownership
    given: dict[str, Given] = {}
    for name, (label, source) in _ASSUMED.items():
        ref, unit = at.assumed(name), UNITS[name]
        sheet.put(ref.row, 1, label, "Label")
        sheet.put(ref.row, 2, unit.label, "Unit")
        sheet.input(ref.row, 3, getattr(assumed, name), f"ownership.{name}", fmt=_DECIMALS.get(name, unit.format))
        sheet.put(ref.row, 4, f"{unit.low:g} to {unit.high:,.0f}", "Unit")
        sheet.put(ref.row, 5, source, "Footnote")
        sheet.validations.append(
            Validation(
                (ref.a1,), label, f"{unit.label}, {unit.low:g} to {unit.high:,.0f}.", low=unit.low, high=unit.high
            )
        )
        given[name] = Given(assumed.number(name), ref)
    ref = at.share_left()
    sheet.put(ref.row, 1, "Share of capital left at the end", "Label")
    sheet.put(ref.row, 2, SHARE.label, "Unit")
    declined = f.share_left.excel.format(decline="{decline}", life="{life}")
    sheet.calc(
        ref.row, 3, f"IF(ISNUMBER({{residual}}),{{residual}},IF(ISNUMBER({{decline}}),{declined},0))", assumed.share_left,
        "Calculation", SHARE.format, **{name: at.assumed(name) for name in ("residual", "decline", "life")},
    )  # fmt: skip
    given["share_left"] = Given(assumed.share_left, ref)
    return given


def facts(ctx: Context, sheet: Sheet, i: int, spares: Given) -> tuple[Given, Given, str]:
    """Capital in use and power of a platform, and what the capital covers."""
    platform = ctx.places.platforms[i]
    known = ctx.inputs.facts.get(platform)
    assumed = ctx.inputs.ownership
    col = at.VALUE + i
    server = fact(
        ctx, sheet, at.row("Server capital"), col, i, CAPEX_SERVER, known.capex_server if known else None, USD_PER_GPU
    )
    all_in = fact(
        ctx, sheet, at.row("All-in capital"), col, i, CAPEX_ALL_IN, known.capex_all_in if known else None, USD_PER_GPU
    )
    key = f"ownership.capital/{platform}"
    own = sheet.input(at.row("Own capital"), col, assumed.capital.get(platform), key, fmt=USD_PER_GPU.format)
    if i == 0:
        row = at.row("Own capital")
        area = span(row, col, row, col + len(ctx.places.platforms) - 1)
        sheet.validations.append(
            Validation((area,), "Own capital", "USD per GPU, all-in: server, network, storage. Say in your notes where it comes from.",
                       low=CAPITAL.low, high=CAPITAL.high)
        )  # fmt: skip
    bare, covers = capital_of(platform, known, assumed)
    refs = {"own": own, "all_in": all_in.ref or "", "server": server.ref or ""}
    sheet.calc(
        at.row("It covers"), col,
        'IF(ISNUMBER({own}),"own",IF(ISNUMBER({all_in}),"all-in",IF(ISNUMBER({server}),"server only","none")))',
        covers, "Unit", **refs,
    )  # fmt: skip
    value: Value = bare * (1 + ctx.inputs.ownership.number("spares")) if isinstance(bare, int | float) else NA
    capital = sheet.calc(
        at.row("Capital in use"), col, "IF(ISNUMBER({own}),{own},IFERROR({all_in},{server}))*(1+{spares})", value, "Calculation",
        USD_PER_GPU.format, spares=spares.ref or "", **refs,
    )  # fmt: skip
    power = fact(ctx, sheet, at.row("Power"), col, i, KILOWATT, known.kilowatt if known else None, KW)
    return Given(value, capital), power, covers


def fact(
    ctx: Context, sheet: Sheet, row: int, col: int, platform: int, column: int, value: float | None, unit: Unit
) -> Given:
    """Link to a fact on Platforms; #N/A where no source states it."""
    p = ctx.places
    look = "INDEX({area},MATCH({name},{names},0))"
    shown: Value = NA if value is None else value
    ref: Ref = sheet.calc(
        row, col, f"IF(ISNUMBER({look}),{look},NA())", shown, "Link", unit.format, area=p.platform_fact(column),
        name=p.menu("platforms").cell(platform), names=p.platform_fact(1),
    )  # fmt: skip
    return Given(shown, ref)
