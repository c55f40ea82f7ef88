"""Sensitivity, third part: the own build-up of the chosen platform with one assumption changed in each row."""

from dataclasses import dataclass

from xlmodel.book import ownership_places as owned
from xlmodel.book import sensitivity_places as at
from xlmodel.book.context import Context, Given, old_check, record
from xlmodel.book.guards_by_hand import tied
from xlmodel.book.spec import Sheet
from xlmodel.calc.values import NA, Value
from xlmodel.model import ownership_formulas as f
from xlmodel.model.variants import LEAST
from xlmodel.sheets.frame import headers
from xlmodel.units import KILOWATT, PUE, RATE, SHARE, USD_PER_GPU, USD_PER_KWH, UTILIZATION, YEARS, Unit

COLUMNS = (
    "Own build-up with one assumption changed", "Side", "Capital", "Life", "Cost of capital", "Share left", "Power", "PUE", "Electricity price",
    "Availability", "Capital charge", "Electricity", "Support and staff", "All costs of a year", "Own build-up",
)  # fmt: skip
_UNITS: dict[str, Unit] = {
    "capital": USD_PER_GPU, "life": YEARS, "cost_of_capital": RATE, "share_left": SHARE, "power": KILOWATT, "pue": PUE, "usd_per_kwh": USD_PER_KWH,
    "availability": UTILIZATION,
}  # fmt: skip
_SHARES = ("utilization", "availability")  # of hours, so no more than all of them
LABELS = {
    "capital": "Capital", "life": "Economic life", "cost_of_capital": "Cost of capital", "usd_per_kwh": "Electricity price", "pue": "PUE",
    "availability": "Availability",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hourly:
    """USD per GPU-hour by assumption and side, and the changed value itself."""

    price: dict[tuple[str, str], Given]
    changed: dict[tuple[str, str], Given]
    base: dict[str, Given]


def describe(ctx: Context, sheet: Sheet, ownership: Sheet, given: dict[str, Given]) -> Hourly:
    """Write the build-up as it is, then two rows for each assumption."""
    top = at.owned_row(ctx.places)
    sheet.put(top - 3, 1, "Workings of the tornado: the own build-up", "Heading")
    sheet.put(
        top - 2, 1, "The first row repeats Ownership; each row below changes one assumption by the swing.", "Footnote"
    )
    headers(sheet, top - 1, 1, COLUMNS)
    rest = _rest(ctx)
    base = _base(ctx, sheet, top, ownership, given)
    sheet.put(top, 1, "As on Ownership", "Label")
    total = _build_up(sheet, top, base, rest)
    price: dict[tuple[str, str], Given] = {}
    changed: dict[tuple[str, str], Given] = {}
    row = top
    for name in at.OWNED:
        for side in at.SIDES:
            row += 1
            sheet.put(row, 1, LABELS[name], "Label")
            sheet.put(row, 2, side, "Unit")
            cells = _changed(sheet, row, name, side, base, given["swing"], rest)
            changed[name, side] = cells[name]
            price[name, side] = _build_up(sheet, row, cells, rest)
    _check(ctx, ownership, given, total)
    return Hourly(price, changed, base)


def _rest(ctx: Context) -> dict[str, Given]:
    """Assumptions of Ownership that the tornado leaves alone."""
    o = ctx.inputs.ownership
    names = ("colocation", "support", "support_share", "software", "residual", "decline")
    return {name: Given(getattr(o, name), owned.assumed(name)) for name in names}


def _base(ctx: Context, sheet: Sheet, row: int, ownership: Sheet, given: dict[str, Given]) -> dict[str, Given]:
    """The assumptions as they are: by platform where Ownership has a column for each."""
    p, o = ctx.places, ctx.inputs.ownership
    names = [name.casefold() for name in p.platforms]
    platform = str(given["platform"].value).casefold()
    i = names.index(platform) if platform in names else -1
    cells: dict[str, Given] = {}
    for col, (name, unit) in enumerate(_UNITS.items(), 3):
        if name in ("capital", "power"):
            area = owned.across(p, "Capital in use" if name == "capital" else "Power")
            value: Value = ownership.value(area.cell(0, i)) if i >= 0 else NA
            ref = sheet.calc(
                row, col, "INDEX({area},MATCH({platform},{names},0))", value, "Link", unit.format, area=area,
                platform=at.entry("platform"), names=p.menu("platforms"),
            )  # fmt: skip
        elif name in ("pue", "usd_per_kwh"):
            value = ctx.market.scenario.number(name)
            ref = sheet.calc(row, col, "{ref}", value, "Link", unit.format, ref=p.choice(name))
        else:
            value = o.share_left if name == "share_left" else o.number(name)
            place = owned.share_left() if name == "share_left" else owned.assumed(name)
            ref = sheet.calc(row, col, "N({ref})", value, "Link", unit.format, ref=place)
        cells[name] = Given(value, ref)
    return cells


def _changed(
    sheet: Sheet, row: int, name: str, side: str, base: dict[str, Given], swing: Given, rest: dict[str, Given]
) -> dict[str, Given]:
    """The assumptions with one changed; a price decline makes the share left depend on the life."""
    cells: dict[str, Given] = {}
    for col, (key, unit) in enumerate(_UNITS.items(), 3):
        value, text = base[key].value, "{now}"
        if key == name:
            text, value = swung(name, value, side, swing)
        elif key == "share_left" and name == "life":
            text, value = _left(cells["life"], base, rest)
        ref = sheet.calc(
            row, col, text, value, "Calculation", unit.format, now=base[key].ref or "", swing=swing.ref or "",
            residual=rest["residual"].ref or "", decline=rest["decline"].ref or "", life=cells["life"].ref or "" if "life" in cells else "",
        )  # fmt: skip
        cells[key] = Given(value, ref)
    return cells


def swung(name: str, value: Value, side: str, swing: Given) -> tuple[str, Value]:
    """Formula and value of an assumption made lower or higher by the swing, within what makes sense; an error stays."""
    text = f"{{now}}*(1{'-' if side == 'low' else '+'}{{swing}})"
    low, high = LEAST.get(name), 1.0 if name in _SHARES else None
    if isinstance(value, int | float) and isinstance(swing.value, int | float):
        value = float(value * (1 - swing.value if side == "low" else 1 + swing.value))
        value = max(value, value if low is None else low)
        value = min(value, value if high is None else high)
    if low is not None:
        text = f"MAX({low:g},{text})"
    return (text if high is None else f"MIN({high:g},{text})"), value


def _left(life: Given, base: dict[str, Given], rest: dict[str, Given]) -> tuple[str, Value]:
    """Share of the capital left after another life: by the price decline, where one is typed and no residual value."""
    text = f.share_left.excel.format(decline="{decline}", life="{life}")
    text = f"IF(ISNUMBER({{residual}}),{{now}},IF(ISNUMBER({{decline}}),{text},{{now}}))"
    decline, residual = rest["decline"].value, rest["residual"].value
    value = base["share_left"].value
    if residual is None and decline is not None:
        value = f.share_left(decline=decline, life=life.value)
    return text, value


def _build_up(sheet: Sheet, row: int, cells: dict[str, Given], rest: dict[str, Given]) -> Given:
    """From the assumptions of one row to USD per GPU-hour; an empty assumption counts as 0."""

    def zero(name: str) -> Given:
        return Given(rest[name].value or 0.0, rest[name].ref)

    col = len(_UNITS) + 3
    capital, share = cells["capital"], cells["share_left"]
    left = f.residual(capital=capital.value, share=share.value)
    text = f.charge.excel.format(rate="{rate}", life="{life}", capital="{capital}", residual="({capital}*{share})")
    value = f.charge(
        rate=cells["cost_of_capital"].value, life=cells["life"].value, capital=capital.value, residual=left
    )
    refs = {"rate": "cost_of_capital", "life": "life", "capital": "capital", "share": "share_left"}
    charge = Given(
        value,
        sheet.calc(
            row,
            col,
            text,
            value,
            "Calculation",
            f.charge.unit.format,
            **{k: cells[n].ref or "" for k, n in refs.items()},
        ),
    )
    current = record(
        sheet, row, col + 1, f.electricity, kilowatt=cells["power"], pue=cells["pue"], usd_per_kwh=cells["usd_per_kwh"]
    )
    staff = record(sheet, row, col + 2, f.support, flat=zero("support"), share=zero("support_share"), charge=charge)
    space = f.colocation(kilowatt=cells["power"].value, usd_per_kw_month=zero("colocation").value)
    year = f.yearly(
        charge=charge.value,
        electricity=current.value,
        colocation=space,
        support=staff.value,
        software=zero("software").value,
    )
    written = f.yearly.excel.format(
        charge="{charge}",
        electricity="{current}",
        colocation="{power}*12*{space}",
        support="{staff}",
        software="{software}",
    )
    total = sheet.calc(
        row, col + 3, written, year, "Calculation", f.yearly.unit.format, charge=charge.ref or "", current=current.ref or "",
        power=cells["power"].ref or "", space=rest["colocation"].ref or "", staff=staff.ref or "", software=rest["software"].ref or "",
    )  # fmt: skip
    return record(
        sheet, row, col + 4, f.hourly, "Result strong", yearly=Given(year, total), availability=cells["availability"]
    )


def _check(ctx: Context, ownership: Sheet, given: dict[str, Given], total: Given) -> None:
    """The row that changes nothing is the build-up of Ownership."""
    p = ctx.places
    del ownership, given
    ctx.checks.append(
        old_check("Tornado begins at Ownership", "The build-up without a change is that of Ownership.", total.ref or at.entry("platform"),
              tied("{total}", "INDEX({built},MATCH({platform},{names},0))"), 0.0, 1e-9,
              {"total": total.ref or "", "built": owned.across(p, "Own build-up"), "platform": at.entry("platform"), "names": p.menu("platforms")})
    )  # fmt: skip
