"""Tokens and power: cost by class of token in two conventions, energy and carbon, and money in the reporting currency."""

from xlmodel.book import fleet_places
from xlmodel.book.context import Context, Given, old_check, record
from xlmodel.book.guards_by_hand import owed
from xlmodel.book.places import FIRST, TOKENS
from xlmodel.book.spec import Chart, Condition, Series, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.record import Formula
from xlmodel.calc.values import ExcelError, Value
from xlmodel.model import tokens as f
from xlmodel.model.scenario import output_share
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.frame import fixed, headers, least, span, start, widths
from xlmodel.units import TOKENS_PER_MW, USD_PER_MILLION

COLUMNS = (
    "Platform", "Cost, all tokens", "All cost on output", "All cost on input", "Input", "Cached input", "Output", "Throughput per MW",
    "Energy per token", "Energy", "Electricity", "Carbon", "Cost in reporting currency", "Why no number",
)  # fmt: skip
_UNITS = (
    None, USD_PER_MILLION.label, USD_PER_MILLION.label, USD_PER_MILLION.label, USD_PER_MILLION.label, USD_PER_MILLION.label,
    USD_PER_MILLION.label, TOKENS_PER_MW.label, "J/token", "kWh/M tokens", USD_PER_MILLION.label, "g CO2/M tokens", None, None,
)  # fmt: skip
_BANDS = (
    (3, 4, "one class bears all cost (InferenceX)"),
    (5, 7, "the classes share it by price (finance)"),
    (8, 12, "provisioned power, busy or idle"),
)
_HUES = ("56B4E9", "9CA3AF", "0B5394")
_NONE = "No platform has a number at the target"
_UNSET = {
    "Output": "shares by price: no price ratio on Scenario", "Carbon": "carbon: no intensity on Scenario",
    "Cost in reporting currency": "no exchange rate on Scenario",
}  # fmt: skip


def column(name: str) -> int:
    """Column number of a result."""
    return COLUMNS.index(name) + 1


def place(name: str, platform: int) -> Ref:
    """A result of a platform (0-based)."""
    return Ref(TOKENS, FIRST + platform, column(name))


def area(ctx: Context, name: str) -> Area:
    """One result of all platforms."""
    return Area(TOKENS, FIRST, column(name), FIRST + len(ctx.places.platforms) - 1, column(name))


def describe(ctx: Context, target: Target) -> Sheet:
    """The sheet; `target` holds the results at the Summary's target."""
    sheet = start(
        ctx, TOKENS, "presentation", "Tokens and power",
        "What a token of each class costs and draws at the Summary's target. Shares and prices of the classes: Scenario and Fleet.",
        len(COLUMNS), freeze=f"B{FIRST}",
    )  # fmt: skip
    for first, last, text in _BANDS:
        sheet.put(FIRST - 3, first, text, "Column unit")
        sheet.merges.append(span(FIRST - 3, first, FIRST - 3, last))
    for offset, unit in enumerate(_UNITS, 1):
        sheet.put(FIRST - 2, offset, unit, "Column unit")
    currency = ctx.inputs.reporting.currency
    sheet.calc(
        FIRST - 2, column("Cost in reporting currency"), '{currency}&"/M tokens"', f"{currency}/M tokens", "Column unit",
        currency=ctx.places.reporting("currency"),
    )  # fmt: skip
    headers(sheet, FIRST - 1, 1, COLUMNS, 44)
    rows = [_platform(ctx, sheet, i, target) for i in range(len(ctx.places.platforms))]
    _notes(sheet, FIRST + len(rows) + 1)
    _charts(ctx, sheet, rows)
    _checks(ctx)
    sheet.conditions.append(Condition(span(FIRST, 2, FIRST + len(rows) - 1, 13), f"ISNA(B{FIRST})", "muted"))
    widths(sheet, (16, *(13.5,) * 12, 52))
    sheet.repeat_rows, sheet.one_page = "", True
    return sheet


def _platform(ctx: Context, sheet: Sheet, i: int, target: Target) -> dict[str, Value]:
    """One row."""
    p, row, fleet = ctx.places, FIRST + i, ctx.inputs.fleet
    sheet.calc(row, 1, "{ref}", p.platforms[i], "Result name", ref=p.menu("platforms").cell(i))
    got: dict[str, Value] = {}

    def linked(name: str, source: str, fmt: str) -> Given:
        value = target.values[source][i]
        ref = sheet.calc(row, column(name), "{ref}", value, "Result", fmt, ref=target.area(source).cell(i))
        got[name] = value
        return Given(value, ref)

    def write(name: str, formula: Formula, /, **args: Given) -> Given:
        made = record(sheet, row, column(name), formula, "Result", **args)
        got[name] = made.value
        return made

    cost = linked("Cost, all tokens", "Cost", USD_PER_MILLION.format)
    linked("Throughput per MW", "tok/s/MW", TOKENS_PER_MW.format)
    share = output_share(ctx.market.scenario.workload)
    out = Given(share, p.derived("output_share"))
    cached = Given(fleet.cached_share or 0.0, fleet_places.entry("cached_share"))
    write("All cost on output", f.class_cost, cost=cost, share=out)
    text = f.class_cost.excel.format(cost="{cost}", share="(1-{share})")
    value = f.class_cost(cost=cost.value, share=1 - share)
    sheet.calc(
        row, column("All cost on input"), text, value, "Result", USD_PER_MILLION.format, cost=cost.ref or "", share=out.ref or ""
    )  # fmt: skip
    ratios = {name: ctx.assumed(name) for name in ("output_ratio", "cached_ratio")}
    read = write("Input", f.input_cost, cost=cost, output_share=out, cached_share=cached, **ratios)
    write("Cached input", f.other_cost, input_cost=read, ratio=ratios["cached_ratio"])
    write("Output", f.other_cost, input_cost=read, ratio=ratios["output_ratio"])
    power = Given(target.values["Power"][i], target.area("Power").cell(i))
    rate = Given(target.values["Throughput"][i], target.area("Throughput").cell(i))
    joule = write(
        "Energy per token", f.joule, kilowatt=power, pue=ctx.assumed("pue"), throughput=rate, utilization=ctx.given("utilization")
    )  # fmt: skip
    energy = write("Energy", f.kwh, joule=joule)
    write("Electricity", f.current, kwh=energy, usd_per_kwh=ctx.assumed("usd_per_kwh"))
    write("Carbon", f.carbon, kwh=energy, g_per_kwh=ctx.assumed("g_per_kwh"))
    write(
        "Cost in reporting currency",
        f.reported,
        usd=cost,
        rate=Given(ctx.inputs.reporting.rate or 0.0, p.reporting("rate")),
    )
    _why(sheet, row, target, i, got)
    return got


def _why(sheet: Sheet, row: int, target: Target, i: int, got: dict[str, Value]) -> None:
    """Why a number is missing: the reason of the Summary, else what is not known here."""
    said = str(target.values["Reason"][i] or "")
    words = said if isinstance(got["Cost, all tokens"], ExcelError) else ""
    if not words and isinstance(got["Energy per token"], ExcelError):
        words = "power not known"
    missing = [says for name, says in _UNSET.items() if isinstance(got[name], ExcelError)]
    words = words or "; ".join(missing)
    cells = {
        key: Ref(TOKENS, row, column(name))
        for key, name in (("usd", "Cost, all tokens"), ("joule", "Energy per token"))
    }
    unset = "&".join(
        f'IF(ISNUMBER({Ref(TOKENS, row, column(name)).a1}),"","; {says}")' for name, says in _UNSET.items()
    )
    sheet.calc(
        row, len(COLUMNS),
        f'IF(ISNUMBER({{usd}}),IF(ISNUMBER({{joule}}),MID({unset},3,200),"power not known"),{{reason}})',
        words, "Result text", reason=target.area("Reason").cell(i), **cells,
    )  # fmt: skip


def _notes(sheet: Sheet, row: int) -> None:
    notes = (
        "One class bears all cost: the two columns are alternatives and do not add up. Shared by price: input, cached input and output, each "
        "times its share of the tokens, add up to the cost of all tokens.",
        "Throughput counts the input and output tokens of all GPUs of a deployment, prefill and decode, so disaggregated points need no correction here.",
        "Price ratios (Scenario) share out what tokens cost; the token prices on Fleet are what customers pay. They are kept apart on purpose.",
        "Electricity is part of a rented GPU's price and of the own build-up: it is shown, not added.",
    )
    for i, text in enumerate(notes):
        sheet.put(row + i, 1, text, "Footnote")


def _title(ctx: Context, sheet: Sheet, row: int, col: int, name: str, says: str, rows: list[dict[str, Value]]) -> Ref:
    """Which platform has the smallest number, as a sentence."""
    p, values = ctx.places, area(ctx, name)
    found = [
        (float(number), p.platforms[i]) for i, got in enumerate(rows) if isinstance(number := got[name], int | float)
    ]
    words = _NONE
    if found:
        lowest = min(number for number, _ in found)
        who = next(platform for number, platform in found if number == lowest)
        words = f"{who} has the lowest: {fixed(lowest, 3)} {says}"
    return sheet.calc(
        row, col,
        f'IF(COUNT({{values}})=0,"{_NONE}",INDEX({{names}},MATCH({least(values)},{{values}},0))&" has the lowest: "&FIXED(ROUND({least(values)},3),3,TRUE)&" {says}")',
        words, "Heading", values=values, names=area(ctx, "Platform"),
    )  # fmt: skip


def _charts(ctx: Context, sheet: Sheet, rows: list[dict[str, Value]]) -> None:
    top = FIRST + len(rows) + 6
    titles = [
        _title(ctx, sheet, top, 1, "Output", "USD per million output tokens, cost shared by price", rows),
        _title(ctx, sheet, top, 8, "Energy", "kWh per million tokens, provisioned power", rows),
    ]
    names = area(ctx, "Platform")
    classes = tuple(
        Series(Ref(TOKENS, FIRST - 1, column(name)), names, area(ctx, name), hue)
        for name, hue in zip(("Input", "Cached input", "Output"), _HUES, strict=True)
    )
    energy = (Series(Ref(TOKENS, FIRST - 1, column("Energy")), names, area(ctx, "Energy"), "009E73"),)
    sheet.charts += [
        Chart("column", titles[0], "", "USD per million tokens", classes, (top, 1, top + 18, 7),
              "Cost of a million input, cached input and output tokens by platform, the cost shared in proportion to their prices.", y_format="0.00"),
        Chart("column", titles[1], "", "kWh per million tokens", energy, (top, 8, top + 18, 14),
              "Energy of a million tokens by platform: the power that is provisioned, busy or idle.", y_format="0.00", legend=False),
    ]  # fmt: skip
    sheet.print_area = span(1, 1, top + 18, len(COLUMNS))


def _checks(ctx: Context) -> None:
    p = ctx.places
    classes, energy = [], []
    share, cached = p.derived("output_share").on(""), fleet_places.entry("cached_share").on("")
    for i in range(len(p.platforms)):
        c = {name: area(ctx, name).cell(i).on("") for name in COLUMNS}
        total = f"(1-{share})*((1-{cached})*{c['Input']}+{cached}*{c['Cached input']})+{share}*{c['Output']}"
        classes.append(owed((c["Cost, all tokens"],), c["Input"], f"({total})/{c['Cost, all tokens']}-1"))
        energy.append(
            owed((c["Throughput per MW"],), c["Energy per token"],
                 f"{c['Throughput per MW']}*{c['Energy per token']}*{{use}}/1000000-1")
        )  # fmt: skip
    ctx.checks += [
        old_check("Classes of tokens add up", "Input, cached input and output, each times its share, give the cost of all tokens.",
              area(ctx, "Input").cell(0), f"IF({{ratio}}>0,MAX({','.join(classes)}),0)", 0.0, 1e-9, {"ratio": p.choice("output_ratio")}),
        old_check("Energy is power over tokens", "Throughput per MW x joule per token x utilization = 1,000,000.",
              area(ctx, "Energy per token").cell(0), f"MAX({','.join(energy)})", 0.0, 1e-9,
              {"use": p.choice("utilization")}),
    ]  # fmt: skip
