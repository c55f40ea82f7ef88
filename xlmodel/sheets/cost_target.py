"""Cost curves, first part: every platform at the target of the Summary, and its rank."""

from dataclasses import dataclass, field

from xlmodel.book.address import Area, letters
from xlmodel.book.context import Context, Given, ReadingRow, record
from xlmodel.book.places import COST_CURVES, FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model.cost import breakeven, cost, gain, permw, ratio, relative, saved, users
from xlmodel.model.market import Reading
from xlmodel.model.scenario import output_share
from xlmodel.sheets.cost_flags import flag_text
from xlmodel.sheets.frame import fixed, headers, rank_text, ranks
from xlmodel.sheets.platforms_sheet import KILOWATT
from xlmodel.units import KILOWATT as KW
from xlmodel.units import TOKENS_PER_GPU, USD_PER_GPU_HOUR, USD_PER_MILLION

TARGET = (
    "Platform", "Price", "Throughput", "Cost", "Performance", "Price ratio", "Performance per USD", "Relative cost",
    "Saved", "Break-even price", "Power", "tok/s/MW", "Users per GPU", "Flags", "Reason", "Score", "Rank",
)  # fmt: skip
_TARGET_UNITS = (
    None, "USD/GPU-hour", "tok/s/GPU", "USD/M tokens", "x baseline", "x baseline", "x baseline", "x baseline", "share",
    "USD/GPU-hour", "kW/GPU", "tok/s/MW", "users/GPU", None, None, None, None,
)  # fmt: skip


@dataclass(slots=True)
class Target:
    """Results at the target by platform, in the order of the platform list."""

    values: dict[str, list[Value]]
    row: int
    readings: list[ReadingRow] = field(default_factory=list)

    def reading_area(self, name: str) -> Area:
        """A part of the readings behind the results, by platform."""
        first, last = self.readings[0].cell(name), self.readings[-1].cell(name)
        return Area(first.sheet, first.row, first.col, last.row, last.col)

    def area(self, name: str) -> Area:
        """One column of the results."""
        col = TARGET.index(name) + 1
        return Area(COST_CURVES, self.row, col, self.row + len(self.values["Platform"]) - 1, col)


def describe(ctx: Context, sheet: Sheet) -> Target:
    """Write the results at the target and say where they stand."""
    p, market, s = ctx.places, ctx.market, ctx.market.scenario
    sheet.put(FIRST - 3, 1, "At the target", "Heading")
    for offset, unit in enumerate(_TARGET_UNITS):
        sheet.put(FIRST - 2, offset + 1, unit, "Column unit")
    headers(sheet, FIRST - 1, 1, (*TARGET, "Point below", "Point above"))
    choice = {name: ctx.given(name) for name in ("model", "workload", "precision", "interactivity")}
    snapshot = Given(market.snapshot_of(s.model, s.snapshot) or "none", p.derived("snapshot"))
    col = {name: i + 1 for i, name in enumerate(TARGET)}
    table = Target({name: [] for name in TARGET}, FIRST)
    base = p.platforms.index(s.baseline) if s.baseline in p.platforms else -1
    rows = [
        ctx.read("Summary", Given(name, p.menu("platforms").cell(i)), choice["interactivity"], choice["model"],
                 choice["workload"], snapshot, choice["precision"])
        for i, name in enumerate(p.platforms)
    ]  # fmt: skip
    table.readings = rows
    baseline = _baseline(ctx, sheet, rows, base)
    costs: list[Value] = []
    for i, (platform, reading) in enumerate(zip(p.platforms, rows, strict=True)):
        r = FIRST + i
        got: dict[str, Value] = {"Platform": platform}
        sheet.calc(r, 1, "{ref}", platform, "Link", ref=p.menu("platforms").cell(i))
        price = Given(market.price(platform), p.prices_in_use.cell(i))
        rate = Given(reading.reading.throughput, reading.cell("Throughput"))
        got["Price"], got["Throughput"] = price.value, rate.value
        price = _link(sheet, r, col["Price"], price, USD_PER_GPU_HOUR.format)
        rate = _link(sheet, r, col["Throughput"], rate, TOKENS_PER_GPU.format)
        usd = record(sheet, r, col["Cost"], cost, price=price, throughput=rate, utilization=ctx.given("utilization"))
        costs.append(usd.value)
        performance = record(sheet, r, col["Performance"], ratio, subject=rate, baseline=baseline["Throughput"])
        price_ratio = record(sheet, r, col["Price ratio"], ratio, subject=price, baseline=baseline["Price"])
        per_usd = record(sheet, r, col["Performance per USD"], gain, performance=performance, price_ratio=price_ratio)
        rel = record(sheet, r, col["Relative cost"], relative, cost=usd, baseline_cost=baseline["Cost"])
        save = record(sheet, r, col["Saved"], saved, relative=rel)
        even = record(
            sheet, r, col["Break-even price"], breakeven, baseline_price=baseline["Price"], throughput=rate,
            baseline_throughput=baseline["Throughput"],
        )  # fmt: skip
        power = _power(ctx, sheet, r, col["Power"], platform)
        mw = record(sheet, r, col["tok/s/MW"], permw, throughput=rate, kilowatt=power, pue=ctx.assumed("pue"))
        share = Given(output_share(s.workload), p.derived("output_share"))
        people = record(
            sheet,
            r,
            col["Users per GPU"],
            users,
            throughput=rate,
            output_share=share,
            interactivity=Given(reading.reading.read_at, reading.cell("Read at")),
        )
        got |= {
            "Cost": usd.value, "Performance": performance.value, "Price ratio": price_ratio.value,
            "Performance per USD": per_usd.value, "Relative cost": rel.value, "Saved": save.value,
            "Break-even price": even.value, "Power": power.value, "tok/s/MW": mw.value, "Users per GPU": people.value,
        }  # fmt: skip
        got["Flags"] = flag_text(ctx, sheet, r, col["Flags"], i, reading)
        got["Reason"] = _reason(ctx, sheet, r, col["Reason"], reading, price, platform, baseline["Cost"])
        text = f"IF(ISNUMBER({letters(col['Cost'])}{r}),{letters(col['Cost'])}{r},1000000000)"
        score = usd.value if isinstance(usd.value, float) else 1e9
        sheet.calc(r, col["Score"], text, score, "Calculation", "[<1000000]0.000;")
        got["Score"] = score
        for name, value in got.items():
            table.values[name].append(value)
    scores = [float(v) for v in table.values["Score"]]  # type: ignore[arg-type]
    area = table.area("Score").absolute
    for i, rank in enumerate(ranks(scores)):
        r, c = FIRST + i, letters(col["Score"])
        sheet.calc(r, col["Rank"], rank_text(area, "<", f"{c}{r}"), rank, "Calculation", "0")
        table.values["Rank"].append(rank)
    return table


def _baseline(ctx: Context, sheet: Sheet, rows: list[ReadingRow], base: int) -> dict[str, Given]:
    """The baseline's own price, throughput and cost, one row under the results."""
    p, market = ctx.places, ctx.market
    count = len(p.platforms)
    r = FIRST + count
    name = ctx.given("baseline")
    sheet.calc(r, 1, '"Baseline: "&{ref}', f"Baseline: {name.value}", "Strong", ref=p.choice("baseline"))
    found: dict[str, Given] = {}
    price: Value = market.price(str(name.value)) if base >= 0 else NA
    values: dict[str, Value] = {"Price": price, "Throughput": rows[base].reading.throughput if base >= 0 else NA}
    values["Cost"] = cost(price=price, throughput=values["Throughput"], utilization=market.scenario.utilization)
    formats = {"Price": USD_PER_GPU_HOUR.format, "Throughput": TOKENS_PER_GPU.format, "Cost": USD_PER_MILLION.format}
    for label, value in values.items():
        c = TARGET.index(label) + 1
        area = Area(COST_CURVES, FIRST, c, r - 1, c)
        ref = sheet.calc(
            r, c, "INDEX({area},MATCH({name},{platforms},0))", value, "Result strong", formats[label], area=area,
            name=p.choice("baseline"), platforms=p.menu("platforms"),
        )  # fmt: skip
        found[label] = Given(value, ref)
    sheet.calc(
        r, TARGET.index("Reason") + 1, 'IF(ISNUMBER({cost}),"","the baseline has no cost at the target")',
        "" if isinstance(values["Cost"], float) else "the baseline has no cost at the target", "Result text", cost=found["Cost"].ref or "",
    )  # fmt: skip
    return found


def _link(sheet: Sheet, row: int, col: int, given: Given, fmt: str) -> Given:
    ref = sheet.calc(row, col, "{ref}", given.value, "Link", fmt, ref=given.ref or "")
    return Given(given.value, ref)


def _power(ctx: Context, sheet: Sheet, row: int, col: int, platform: str) -> Given:
    p = ctx.places
    fact = ctx.inputs.facts.get(platform)
    value: Value = NA if fact is None or fact.kilowatt is None else fact.kilowatt
    look = "INDEX({area},MATCH({name},{names},0))"
    ref = sheet.calc(
        row, col, f"IFERROR(IF(ISNUMBER({look}),{look},NA()),NA())", value, "Link", KW.format, area=p.platform_fact(KILOWATT),
        name=p.menu("platforms").cell(p.platforms.index(platform)), names=p.platform_fact(1),
    )  # fmt: skip
    return Given(value, ref)


def _reason(
    ctx: Context, sheet: Sheet, row: int, col: int, reading: ReadingRow, price: Given, platform: str, baseline: Given
) -> str:
    """Why a platform has no cost or no ratio; empty when it has both."""
    no_price = f"no {ctx.market.scenario.basis} price"
    if reading.reading.reason:
        words = reading.reading.reason + _edge(reading.reading)
    elif isinstance(price.value, ExcelError):
        words = no_price
    elif isinstance(baseline.value, ExcelError):
        words = "the baseline has no cost here"
    else:
        words = ""
    low, high = reading.cell("Lowest").on(sheet.name), reading.cell("Highest").on(sheet.name)
    sheet.calc(
        row, col,
        'IF({reason}<>"",{reason}&IF(ISNUMBER({low})," ("&FIXED(ROUND({low},1),1,TRUE)&" to "&FIXED(ROUND({high},1),1,TRUE)&" tok/s/user)",""),'
        'IF(ISNUMBER({price}),IF(ISNUMBER({base}),"","the baseline has no cost here"),"no "&{basis}&" price"))',
        words, "Result text", reason=reading.cell("Reason"), low=low, high=high, price=price.ref or "",
        base=baseline.ref or "", basis=ctx.places.choice("basis"),
    )  # fmt: skip
    return words


def _edge(reading: Reading) -> str:
    if isinstance(reading.lowest, ExcelError) or isinstance(reading.highest, ExcelError):
        return ""
    return f" ({fixed(reading.lowest, 1)} to {fixed(reading.highest, 1)} tok/s/user)"
