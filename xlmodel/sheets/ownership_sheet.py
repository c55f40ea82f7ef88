"""Ownership: from capital, interest, power and running costs to USD per GPU-hour of one's own."""

from xlmodel.book import ownership_places as at
from xlmodel.book.context import Context, Given, old_check, record
from xlmodel.book.guards_by_hand import owed, tied, within_range
from xlmodel.book.ownership_places import OWNERSHIP
from xlmodel.book.spec import Chart, Condition, Series, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.record import Formula
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model import ownership_formulas as f
from xlmodel.model.cost import ratio
from xlmodel.model.ownership import SERVER_ONLY
from xlmodel.sheets.frame import fixed, headers, span, start, widths
from xlmodel.sheets.ownership_inputs import assumptions, facts
from xlmodel.units import USD_PER_GPU_HOUR

_HUES = ("0B5394", "56B4E9", "E69F00", "009E73", "CC79A7", "9CA3AF")
_NO_CAPITAL = "no sourced capital: type your own"
_NO_POWER = "no power figure on Platforms"
_BAD = "an assumption above is empty or out of range"
_SERVER = f"{SERVER_ONLY}: network and storage are missing"


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    p = ctx.places
    count = len(p.platforms)
    sheet = start(
        ctx, OWNERSHIP, "inputs", "Ownership",
        "What a GPU-hour costs when you own it. The result is the price basis Own build-up, which the whole workbook can use.",
        at.VALUE + count, freeze="C3",
    )  # fmt: skip
    sheet.put(5, 1, "An empty assumption counts as nothing. As delivered, financing, colocation, staff and software are empty, and until they "
              "are typed the build-up is no full cost. The published tiers on Prices include financing and colocation, for other buyers and at other "
              "prices of the hardware: the build-up can lie on either side of them.", "Footnote")  # fmt: skip
    given = assumptions(ctx, sheet)
    top = at.row(at.ROWS[0])
    sheet.put(top - 2, 1, "Build-up per platform", "Heading")
    headers(sheet, top - 1, 1, ("Ingredient", "Unit", *p.platforms, "How"))
    results = [_platform(ctx, sheet, i, given) for i in range(count)]
    _labels(sheet, at.VALUE + count)
    _title(ctx, sheet, results)
    _checks(ctx, results)
    within_range(ctx, sheet)
    _look(ctx, sheet, count)
    return sheet


def _platform(ctx: Context, sheet: Sheet, i: int, given: dict[str, Given]) -> dict[str, Value]:
    """One column: from capital to the hour."""
    p = ctx.places
    col = at.VALUE + i
    capital, power, covers = facts(ctx, sheet, i, given["spares"])

    def write(name: str, formula: Formula, style: str = "Calculation", **args: Given) -> Given:
        return record(sheet, at.row(name), col, formula, style, **args)

    left = write("Residual value", f.residual, capital=capital, share=given["share_left"])
    charge = write(
        "Capital charge", f.charge, rate=given["cost_of_capital"], life=given["life"], capital=capital, residual=left
    )
    down = write("of which depreciation", f.depreciation, capital=capital, residual=left, life=given["life"])
    interest = write("of which financing", f.financing, charge=charge, depreciation=down)
    current = write(
        "Electricity", f.electricity, kilowatt=power, pue=ctx.assumed("pue"), usd_per_kwh=ctx.assumed("usd_per_kwh")
    )
    space = write("Colocation", f.colocation, kilowatt=power, usd_per_kw_month=given["colocation"])
    staff = write("Support and staff", f.support, flat=given["support"], share=given["support_share"], charge=charge)
    year = write(
        "All costs of a year", f.yearly, charge=charge, electricity=current, colocation=space, support=staff,
        software=given["software"],
    )  # fmt: skip
    amounts = (down, interest, current, space, staff, given["software"])
    for name, amount in zip(at.PARTS, amounts, strict=True):
        _part(sheet, at.row(name), col, amount, given["availability"], capital)
    total = write("Own build-up", f.hourly, "Result strong", yearly=year, availability=given["availability"])
    price: Value = ctx.market.price(p.platforms[i])
    used = Given(
        price,
        sheet.calc(
            at.row("Price in use"), col, "{ref}", price, "Link", USD_PER_GPU_HOUR.format, ref=p.prices_in_use.cell(i)
        ),
    )
    write("Own over price in use", ratio, subject=total, baseline=used)
    return {"total": total.value} | _words(sheet, i, total, capital, power, covers)


def _part(sheet: Sheet, row: int, col: int, amount: Given, availability: Given, capital: Given) -> None:
    """An hourly part; without capital there is none, so that the chart draws no half-built column."""
    text = f.hourly.excel.format(yearly="{amount}", availability="{availability}")
    value = f.hourly(yearly=amount.value, availability=availability.value)
    sheet.calc(
        row, col, f"IF(ISNUMBER({{capital}}),{text},NA())", value if isinstance(capital.value, int | float) else NA,
        "Calculation", USD_PER_GPU_HOUR.format, capital=capital.ref or "", amount=amount.ref or "",
        availability=availability.ref or "",
    )  # fmt: skip


def _words(sheet: Sheet, i: int, total: Given, capital: Given, power: Given, covers: str) -> dict[str, Value]:
    """Why there is no number, or what is doubtful about it; and the key by which the cheapest is found."""
    col = at.VALUE + i
    found = isinstance(total.value, int | float)
    reason = (_SERVER if covers == SERVER_ONLY else "") if found else _BAD
    if isinstance(capital.value, ExcelError):
        reason = _NO_CAPITAL
    elif isinstance(power.value, ExcelError):
        reason = _NO_POWER
    sheet.calc(
        at.row("In words"), col,
        f'IF(ISNUMBER({{total}}),IF({{covers}}="{SERVER_ONLY}","{_SERVER}",""),IF({{covers}}="none","{_NO_CAPITAL}",'
        f'IF(ISNUMBER({{power}}),"{_BAD}","{_NO_POWER}")))',
        reason, "Note", total=total.ref or "", covers=at.at("It covers", i), power=power.ref or "",
    )  # fmt: skip
    key = total.value if found else 1e9
    sheet.calc(
        at.row("Sort key"), col, "IF(ISNUMBER({total}),{total},1000000000)", key, "Calculation", "[<1000000]0.000;",
        total=total.ref or "",
    )  # fmt: skip
    return {"key": key, "reason": reason}


_HOW = {
    "Server capital": ("USD/GPU", "from Platforms, with source and doubts there"),
    "All-in capital": ("USD/GPU", "from Platforms: server, network and storage"),
    "Own capital": ("USD/GPU", "yours, all-in; wins over the two rows above"),
    "It covers": ("text", "own, else all-in, else server only"),
    "Capital in use": ("USD/GPU", "the best of the three, with spares"),
    "Power": ("kW/GPU", "utility power, from Platforms"),
    "Residual value": ("USD/GPU", "capital x share left"),
    "Capital charge": ("USD/GPU-year", "PMT(cost of capital, life, capital, residual)"),
    "of which depreciation": ("USD/GPU-year", "(capital - residual) / life"),
    "of which financing": ("USD/GPU-year", "charge - depreciation"),
    "Electricity": ("USD/GPU-year", "kW x 8,760 h x PUE x USD/kWh of Scenario"),
    "Colocation": ("USD/GPU-year", "kW x 12 x USD/kW-month"),
    "Support and staff": ("USD/GPU-year", "flat + share x capital charge"),
    "All costs of a year": ("USD/GPU-year", "charge + running costs + software"),
    **dict.fromkeys(at.PARTS, ("USD/GPU-hour", "")),
    "Own build-up": ("USD/GPU-hour", "a year / (8,760 h x availability)"),
    "Price in use": ("USD/GPU-hour", "from Prices, to compare"),
    "Own over price in use": ("x", "own build-up / price in use"),
    "In words": ("text", "why #N/A, or what is doubtful"),
    "Sort key": (None, "finds the lowest and the highest"),
}


def _labels(sheet: Sheet, col: int) -> None:
    for name, (unit, how) in _HOW.items():
        r = at.row(name)
        sheet.put(r, 1, name, "Strong" if name == "Own build-up" else "Label")
        sheet.put(r, 2, unit, "Unit")
        sheet.put(r, col, how or None, "Unit")


def _title(ctx: Context, sheet: Sheet, results: list[dict[str, Value]]) -> Ref:
    """The finding, which is the chart's title too."""
    p = ctx.places
    keys = [float(result["key"]) for result in results]  # type: ignore[arg-type]
    known = [key for key in keys if key < 1e9]
    words = "No platform has a build-up: type capital costs"
    if known:
        (low, first), (high, last) = ((pick(known), p.platforms[keys.index(pick(known))]) for pick in (min, max))
        words = f"An own GPU-hour costs {fixed(low, 2)} ({first}) to {fixed(high, 2)} USD ({last}); {len(known)} of {len(keys)} platforms have a sourced or own capital cost"
    area = at.across(p, "Sort key").absolute
    dearest = f"SUMPRODUCT(MAX(({area}<1000000000)*{area}))"
    head = span(at.row(at.ROWS[0]) - 1, at.VALUE, at.row(at.ROWS[0]) - 1, at.VALUE + len(keys) - 1)
    total = at.across(p, "Own build-up").absolute
    return sheet.calc(
        4, 1,
        f'IF(COUNT({total})=0,"No platform has a build-up: type capital costs","An own GPU-hour costs "&FIXED(ROUND(MIN({area}),2),2,TRUE)'
        f'&" ("&INDEX({head},MATCH(MIN({area}),{area},0))&") to "&FIXED(ROUND({dearest},2),2,TRUE)&" USD ("&INDEX({head},MATCH({dearest},{area},0))'
        f'&"); "&COUNT({total})&" of {len(keys)} platforms have a sourced or own capital cost")',
        words, "Heading",
    )  # fmt: skip


def _checks(ctx: Context, results: list[dict[str, Value]]) -> None:
    p = ctx.places
    count = len(results)
    first, last = at.row(at.PARTS[0]), at.row(at.PARTS[-1])
    gaps, reached = [], []
    for i in range(count):
        total, capital, power = (at.at(name, i).on("") for name in ("Own build-up", "Capital in use", "Power"))
        parts = f"SUM({OWNERSHIP}!{span(first, at.VALUE + i, last, at.VALUE + i)})"
        gaps.append(owed((capital, power), total, f"{parts}/{total}-1"))
        reached.append(tied(p.price_book.cell(i, len(p.bases) - 1).on(""), total))
    # without a life or without hours there is nothing to add up
    sound = {name: at.assumed(name) for name in ("life", "availability")}
    ctx.checks += [
        old_check("Ownership parts make the whole", "The hourly parts add up to the build-up of every platform.",
              at.at("Own build-up", 0), f"IF(AND(N({{life}})>0,N({{availability}})>0),MAX({','.join(gaps)}),0)", 0.0, 1e-9, sound),
        old_check("Own build-up is a price", "The price book shows the build-up of Ownership.",
              p.price_book.cell(0, len(p.bases) - 1), f"MAX({','.join(reached)})", 0.0, 1e-9, {}),
    ]  # fmt: skip


def _look(ctx: Context, sheet: Sheet, count: int) -> None:
    p = ctx.places
    last_col = at.VALUE + count - 1
    first, last = at.row(at.ROWS[0]), at.row("Own over price in use")
    sheet.conditions.append(Condition(span(first, at.VALUE, last, last_col), f"ISNA(C{first})", "muted"))
    sheet.heights[at.row("In words")] = 62
    bottom = at.row("Sort key") + 2
    heads = Area(OWNERSHIP, first - 1, at.VALUE, first - 1, last_col)
    series = tuple(
        Series(Ref(OWNERSHIP, at.row(part), 1), heads, at.across(p, part), hue)
        for part, hue in zip(at.PARTS, _HUES, strict=True)
    )
    sheet.charts.append(
        Chart("column", Ref(OWNERSHIP, 4, 1), "", "USD per GPU-hour", series, (bottom, 1, bottom + 18, last_col + 1),
              "Own build-up in USD per GPU-hour by platform, stacked from depreciation, financing, electricity, colocation, support "
              "and software; platforms without a sourced capital cost are left out.", y_format="0.00", stacked=True)
    )  # fmt: skip
    widths(sheet, (29, 16, *(13.5,) * count, 42))
    sheet.print_area = span(1, 1, bottom + 18, last_col + 1)
    sheet.repeat_rows = ""
    sheet.one_page = True
