"""Fleet: from a demand or a power budget to whole servers or racks, kilowatts and money, per platform."""

from xlmodel.book import fleet_places as at
from xlmodel.book.context import Context, Given, record
from xlmodel.book.fleet_places import FLEET
from xlmodel.book.guards_by_hand import within_range
from xlmodel.book.spec import Chart, Condition, Series, Sheet
from xlmodel.book.theme import ACCENT
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.record import Formula
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model import fleet_formulas as f
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.fleet_checks import checks
from xlmodel.sheets.fleet_inputs import entries
from xlmodel.sheets.fleet_money import money
from xlmodel.sheets.frame import fixed, headers, span, start, widths
from xlmodel.sheets.ownership_inputs import fact
from xlmodel.sheets.platforms_sheet import DOMAIN
from xlmodel.units import COUNT, GPUS, TOKENS_PER_GPU, USD_PER_GPU_HOUR, USERS_PER_GPU

_LINKS = (
    ("Throughput", "Throughput", TOKENS_PER_GPU), ("Users per GPU", "Users per GPU", USERS_PER_GPU),
    ("Price in use", "Price", USD_PER_GPU_HOUR),
)  # fmt: skip
_MISSING = "no demand typed, or facts missing on Platforms"
_NOTHING = "the budget feeds no whole server or rack"
_DEAR = 1e15  # sort key of a platform without a number


def describe(ctx: Context, target: Target, ownership: Sheet) -> Sheet:
    """The sheet; `target` holds the results at the Summary's target."""
    p = ctx.places
    count = len(p.platforms)
    sheet = start(
        ctx, FLEET, "inputs", "Fleet",
        "How many GPUs, kilowatts and dollars the demand takes at the Summary's target, and what the tokens earn.",
        at.VALUE + count, freeze="C3",
    )  # fmt: skip
    given = entries(ctx, sheet)
    top = at.row(at.ROWS[0])
    sheet.put(top - 2, 1, "Fleet per platform at the Summary's target", "Heading")
    headers(sheet, top - 1, 1, ("Ingredient", "Unit", *p.platforms, "How"))
    columns = []
    for i in range(count):
        column = _demand(ctx, sheet, i, given, target)
        columns.append(column | money(ctx, sheet, i, given, target, column, ownership))
    for name, (unit, how) in _HOW.items():
        sheet.put(at.row(name), 1, name, "Strong" if name in ("GPUs", "Cost per month") else "Label")
        sheet.put(at.row(name), 2, unit, "Unit")
        sheet.put(at.row(name), at.VALUE + count, how, "Unit")
    _title(ctx, sheet, columns)
    checks(ctx, columns, target)
    within_range(ctx, sheet)
    _look(ctx, sheet, count)
    return sheet


def _demand(ctx: Context, sheet: Sheet, i: int, given: dict[str, Given], target: Target) -> dict[str, Given]:
    """One column: from the demand to USD a year."""
    col = at.VALUE + i
    got: dict[str, Given] = {}
    for name, source, unit in _LINKS:
        value = target.values[source][i]
        ref = sheet.calc(at.row(name), col, "{ref}", value, "Link", unit.format, ref=target.area(source).cell(i))
        got[name] = Given(value, ref)
    known = ctx.inputs.facts.get(ctx.places.platforms[i])
    got["GPUs per domain"] = fact(
        ctx, sheet, at.row("GPUs per domain"), col, i, DOMAIN, known.domain if known else None, COUNT
    )
    kilowatt = Given(target.values["Power"][i], target.area("Power").cell(i))
    pue = ctx.assumed("pue")

    def write(name: str, formula: Formula, style: str = "Calculation", **args: Given) -> None:
        got[name] = record(sheet, at.row(name), col, formula, style, **args)

    write("GPUs for the users", f.gpus_for_users, users=given["users"], users_per_gpu=got["Users per GPU"])
    write(
        "GPUs for the tokens",
        f.gpus_for_tokens,
        tokens=given["tokens"],
        load=given["load"],
        throughput=got["Throughput"],
    )
    write("GPUs for the power", f.gpus_for_power, power=given["power"], kilowatt=kilowatt, pue=pue)
    ways = [got[name] for name in at.ROWS[4:7]]
    needed: Value = NA if isinstance(given["demand"].value, ExcelError) else ways[ctx.inputs.fleet.number - 1].value
    ref = sheet.calc(
        at.row("GPUs needed"), col, "IF(ISNUMBER({demand}),INDEX({ways},{number}),NA())", needed, "Calculation", GPUS.format,
        demand=at.entry("demand"), number=at.entry("number"), ways=Area(FLEET, at.row(at.ROWS[4]), col, at.row(at.ROWS[6]), col),
    )  # fmt: skip
    got["GPUs needed"] = Given(needed, ref)
    write(
        "Whole domains", f.whole_domains, gpus=got["GPUs needed"], domain=got["GPUs per domain"], limit=given["limit"]
    )
    write("GPUs", f.times, "Result strong", count=got["Whole domains"], each=got["GPUs per domain"])
    write("Users served", f.times, count=got["GPUs"], each=got["Users per GPU"])
    write("Power", f.fleet_power, gpus=got["GPUs"], kilowatt=kilowatt, pue=pue)
    write(
        "Idle share",
        f.idle,
        needed=got["GPUs needed"],
        gpus=got["GPUs"],
        peak=given["peak"],
        load=given["load"],
        number=given["number"],
    )
    write("Cost per hour", f.per_hour, gpus=got["GPUs"], price=got["Price in use"])
    write("Cost per month", f.per_month, "Result strong", hour=got["Cost per hour"])
    write("Cost per year", f.per_year, hour=got["Cost per hour"])
    _words(sheet, i, got, target)
    return got


def _words(sheet: Sheet, i: int, got: dict[str, Given], target: Target) -> None:
    """Why there is no cost; and the key by which the cheapest is found: USD a month, under a limit per user served."""
    col = at.VALUE + i
    month, served = got["Cost per month"].value, got["Users served"].value
    seen = all(isinstance(got[name].value, int | float) for name in ("Throughput", "Price in use"))
    reason = _MISSING if seen else target.values["Reason"][i]
    if isinstance(month, int | float):
        reason = "" if got["GPUs"].value else _NOTHING
    refs = {name.split()[0].lower(): given.ref or "" for name, given in got.items()}
    sheet.calc(
        at.row("In words"), col,
        f'IF(ISNUMBER({{month}}),IF({{gpus}}>0,"","{_NOTHING}"),IF(AND(ISNUMBER({{rate}}),ISNUMBER({{price}})),"{_MISSING}",{{reason}}))', reason, "Note",
        gpus=got["GPUs"].ref or "", month=got["Cost per month"].ref or "", rate=refs["throughput"], price=refs["price"], reason=target.area("Reason").cell(i),
    )  # fmt: skip
    limit = sheet.value(at.entry("limit")) == 1
    key: Value = _DEAR
    if isinstance(month, int | float) and isinstance(served, int | float) and (not limit or served > 0):
        key = month / served if limit else month
    ref = sheet.calc(
        at.row("Sort key"), col, f"IFERROR({{month}}/IF({{limit}}=1,{{served}},1),{_DEAR:.0f})", key, "Calculation",
        "[<1000000000000]#,##0.00;", month=got["Cost per month"].ref or "", served=got["Users served"].ref or "", limit=at.entry("limit"),
    )  # fmt: skip
    got["Sort key"] = Given(key, ref)


_HOW = {
    "Throughput": ("tok/s/GPU", "from Cost curves, at the target"),
    "Users per GPU": ("users/GPU", "from Cost curves, at the target"),
    "Price in use": ("USD/GPU-hour", "from Prices"),
    "GPUs per domain": ("GPUs", "from Platforms: server or rack"),
    "GPUs for the users": ("GPUs", "users / users per GPU"),
    "GPUs for the tokens": ("GPUs", "tokens per second x full over average load / throughput"),
    "GPUs for the power": ("GPUs", "kW / (kW per GPU x PUE of Scenario)"),
    "GPUs needed": ("GPUs", "the demand that counts"),
    "Whole domains": ("domains", "rounded up; down under a power budget"),
    "GPUs": ("GPUs", "domains x GPUs per domain, all of them up"),
    "Users served": ("users", "GPUs x users per GPU"),
    "Power": ("kW", "GPUs x kW per GPU x PUE"),
    "Idle share": ("share", "by rounding, and below the peak"),
    "Cost per hour": ("USD/hour", "GPUs x price, busy or idle"),
    "Cost per month": ("USD/month", "730 hours"),
    "Cost per year": ("USD/year", "8,760 hours; owned: with spares for GPUs that are down"),
    "In words": ("text", "why there is no cost"),
    "Utilization of the fleet": ("share", "that of Scenario, but no more than 1 - idle share"),
    "Revenue": ("USD/GPU-hour", "throughput x utilization of the fleet x price of the mix"),
    "Gross margin": ("USD/GPU-hour", "revenue - price in use"),
    "Margin share": ("share", "gross margin / revenue"),
    "Running costs if owned": ("USD/GPU-hour", "own build-up less capital (Ownership)"),
    "Payback if owned": ("months", "capital / (revenue - running costs), over hours up"),
    "Self-hosting": ("USD/M tokens", "price / tokens that the fleet serves in the hour"),
    "Saved against the API": ("share", "1 - self-hosting / API price"),
    "Break-even utilization": ("share", "at which it costs what the API charges"),
    "Money in words": ("text", "why a number is missing, or what is doubtful"),
    "Sort key": (None, "finds the cheapest"),
}


def _title(ctx: Context, sheet: Sheet, columns: list[dict[str, Given]]) -> None:
    """The finding, which is the chart's title too."""
    p, fleet = ctx.places, ctx.inputs.fleet
    keys = [float(column["Sort key"].value) for column in columns]  # type: ignore[arg-type]
    lowest = min(keys)
    words = "No platform can be sized: see the reasons below"
    if lowest < _DEAR:
        tail = " USD a month for each user served" if fleet.number == 3 else " USD a month"
        words = (
            f"For {_grouped(float(fleet.demand), 0)} {fleet.mode} at {ctx.market.scenario.interactivity:.15g} tok/s/user, "  # type: ignore[arg-type]
            f"{p.platforms[keys.index(lowest)]} costs least: {_grouped(lowest, 2 if fleet.number == 3 else 0)}{tail}"
        )
    row = at.row(at.ROWS[0]) - 1
    sheet.calc(
        4, 1,
        f'IF(MIN({{keys}})<{_DEAR:.0f},"For "&FIXED(ROUND({{demand}},0),0)&" "&{{mode}}&" at "&{{t}}&" tok/s/user, "'
        '&INDEX({heads},MATCH(MIN({keys}),{keys},0))&" costs least: "&IF({limit}=1,FIXED(ROUND(MIN({keys}),2),2)'
        '&" USD a month for each user served",FIXED(ROUND(MIN({keys}),0),0)&" USD a month"),'
        '"No platform can be sized: see the reasons below")',
        words, "Heading", keys=at.across(p, "Sort key"), demand=at.entry("demand"), mode=at.entry("mode"), limit=at.entry("limit"),
        t=p.choice("interactivity"), heads=Area(FLEET, row, at.VALUE, row, at.VALUE + len(keys) - 1),
    )  # fmt: skip


def _grouped(number: float, decimals: int) -> str:
    whole, _, rest = fixed(number, decimals).partition(".")
    return f"{int(whole):,}" + (f".{rest}" if rest else "")


def _look(ctx: Context, sheet: Sheet, count: int) -> None:
    p = ctx.places
    first, last_col = at.row(at.ROWS[0]), at.VALUE + count - 1
    sheet.conditions.append(Condition(span(first, at.VALUE, at.row(at.ROWS[-1]), last_col), f"ISNA(C{first})", "muted"))
    sheet.heights[at.entry("mode").row] = 27  # the longest choice takes two lines
    sheet.heights[at.row("In words")] = sheet.heights[at.row("Money in words")] = 50
    bottom = at.row(at.ROWS[-1]) + 2
    heads = Area(FLEET, first - 1, at.VALUE, first - 1, last_col)
    bars = Series(Ref(FLEET, at.row("Cost per month"), 1), heads, at.across(p, "Cost per month"), ACCENT)
    sheet.charts.append(
        Chart("column", Ref(FLEET, 4, 1), "", "USD per month", (bars,), (bottom, 1, bottom + 16, last_col + 1),
              "Cost of the fleet in USD per month by platform, whole servers or racks; platforms that cannot serve the target or have no "
              "price are left out.", y_format="#,##0", legend=False)
    )  # fmt: skip
    widths(sheet, (29, 16, *(13.5,) * count, 42))
    sheet.print_area = span(1, 1, bottom + 16, last_col + 1)
    sheet.repeat_rows = ""
    sheet.one_page = True
