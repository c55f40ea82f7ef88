"""Cost curves: every platform at the target, along its own frontier, and across snapshots.

The Summary and its charts show what is computed here.
"""

from dataclasses import dataclass

from xlmodel.book.address import Area, Ref, letters
from xlmodel.book.context import Context, Given, ReadingRow, record
from xlmodel.book.places import COST_CURVES, FIRST, KEY, STEPS
from xlmodel.book.sheets.cost_flags import flag_text
from xlmodel.book.sheets.frame import headers, start, widths
from xlmodel.book.sheets.platforms import KILOWATT
from xlmodel.book.sheets.readings import curve_areas
from xlmodel.book.spec import Sheet
from xlmodel.domain.market import Reading
from xlmodel.formulas.cost import breakeven, cost, gain, permw, ratio, relative, saved, users
from xlmodel.formulas.curve import INTERPOLATE, WAY
from xlmodel.formulas.values import NA, ExcelError, Value
from xlmodel.units import KILOWATT as KW
from xlmodel.units import TOKENS_PER_GPU, TOKENS_PER_USER, USD_PER_GPU_HOUR, USD_PER_MILLION

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

    def area(self, name: str) -> Area:
        """One column of the results."""
        col = TARGET.index(name) + 1
        return Area(COST_CURVES, self.row, col, self.row + len(self.values["Platform"]) - 1, col)


@dataclass(slots=True)
class Grids:
    """Areas that the charts draw."""

    xs: list[Area]
    throughput: list[Area]
    cost: list[Area]
    names: list[Ref]
    snapshots: list[tuple[Ref, Area]]
    snapshot_platforms: Area


def describe(ctx: Context) -> tuple[Sheet, Target, Grids]:
    """The sheet, and where its results stand."""
    sheet = start(
        ctx, COST_CURVES, "workings", "Cost curves",
        "Each platform at the target of the Summary, along its frontier, and across snapshots. Nothing to type here.", 17,
    )  # fmt: skip
    target = _target(ctx, sheet)
    top = FIRST + len(ctx.places.platforms) + 4
    snapshot_cols, names = _snapshots(ctx, sheet, top)
    grid_top = top + len(ctx.places.platforms) + 5
    xs, ys, costs, heads = _grid(ctx, sheet, grid_top)
    widths(sheet, (18, *(12.5,) * 12, 40, 34, 12, 8))
    widths(sheet, (12.5,) * 40, 18)
    sheet.freeze = f"B{FIRST}"
    return sheet, target, Grids(xs, ys, costs, heads, snapshot_cols, names)


def _target(ctx: Context, sheet: Sheet) -> Target:
    p, market, s = ctx.places, ctx.market, ctx.market.scenario
    sheet.put(FIRST - 3, 1, "At the target", "Heading")
    for offset, unit in enumerate(_TARGET_UNITS):
        sheet.put(FIRST - 2, offset + 1, unit, "Unit")
    headers(sheet, FIRST - 1, 1, (*TARGET, "Point below", "Point above"))
    choice = {name: ctx.given(name) for name in ("model", "workload", "precision", "interactivity")}
    snapshot = Given(market.snapshot_of(s.model, s.snapshot) or "none", p.derived("snapshot"))
    count = len(p.platforms)
    col = {name: i + 1 for i, name in enumerate(TARGET)}
    table = Target({name: [] for name in TARGET}, FIRST)
    base = p.platforms.index(s.baseline) if s.baseline in p.platforms else -1
    rows = [
        ctx.read("Summary", Given(name, p.menu("platforms").cell(i)), choice["interactivity"], choice["model"],
                 choice["workload"], snapshot, choice["precision"])
        for i, name in enumerate(p.platforms)
    ]  # fmt: skip
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
        mw = record(sheet, r, col["tok/s/MW"], permw, throughput=rate, kilowatt=power)
        share = Given(_share(ctx), p.derived("output_share"))
        people = record(
            sheet,
            r,
            col["Users per GPU"],
            users,
            throughput=rate,
            output_share=share,
            interactivity=choice["interactivity"],
        )
        got |= {
            "Cost": usd.value, "Performance": performance.value, "Price ratio": price_ratio.value,
            "Performance per USD": per_usd.value, "Relative cost": rel.value, "Saved": save.value,
            "Break-even price": even.value, "Power": power.value, "tok/s/MW": mw.value, "Users per GPU": people.value,
        }  # fmt: skip
        got["Flags"] = flag_text(ctx, sheet, r, col["Flags"], reading)
        got["Reason"] = _reason(ctx, sheet, r, col["Reason"], reading, price, platform, baseline["Cost"])
        text = f"IF(ISNUMBER({letters(col['Cost'])}{r}),{letters(col['Cost'])}{r},1000000000)"
        score = usd.value if isinstance(usd.value, float) else 1e9
        sheet.calc(r, col["Score"], text, score, "Calculation", "0.000")
        got["Score"] = score
        for name, value in got.items():
            table.values[name].append(value)
    scores = [float(v) for v in table.values["Score"]]  # type: ignore[arg-type]
    area = table.area("Score").absolute
    for i in range(count):
        r, c = FIRST + i, letters(col["Score"])
        rank = 1 + sum(1 for j in range(count) if scores[j] < scores[i] or (scores[j] == scores[i] and j < i))
        sheet.calc(
            r,
            col["Rank"],
            f"1+SUMPRODUCT(({area}<{c}{r})+({area}={c}{r})*(ROW({area})<ROW()))",
            rank,
            "Calculation",
            "0",
        )
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
        "" if isinstance(values["Cost"], float) else "the baseline has no cost at the target", "Text", cost=found["Cost"].ref or "",
    )  # fmt: skip
    return found


def _link(sheet: Sheet, row: int, col: int, given: Given, fmt: str) -> Given:
    ref = sheet.calc(row, col, "{ref}", given.value, "Link", fmt, ref=given.ref or "")
    return Given(given.value, ref)


def _share(ctx: Context) -> float:
    from xlmodel.book.sheets.scenario import output_share  # noqa: PLC0415

    return output_share(ctx.market.scenario.workload)


def _power(ctx: Context, sheet: Sheet, row: int, col: int, platform: str) -> Given:
    p = ctx.places
    facts = {fact.platform: fact.kilowatt for fact in ctx.inputs.platforms}
    value: Value = NA if facts.get(platform) is None else facts[platform]
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
        'IF({reason}<>"",{reason}&IF(ISNUMBER({low})," ("&TEXT({low},"0.0")&" to "&TEXT({high},"0.0")&" tok/s/user)",""),'
        'IF(ISNUMBER({price}),IF(ISNUMBER({base}),"","the baseline has no cost here"),"no "&{basis}&" price"))',
        words, "Text", reason=reading.cell("Reason"), low=low, high=high, price=price.ref or "",
        base=baseline.ref or "", basis=ctx.places.choice("basis"),
    )  # fmt: skip
    return words


def _edge(reading: Reading) -> str:
    if isinstance(reading.lowest, ExcelError) or isinstance(reading.highest, ExcelError):
        return ""
    return f" ({fixed(reading.lowest, 1)} to {fixed(reading.highest, 1)} tok/s/user)"


def fixed(number: float, decimals: int) -> str:
    """A number as Excel's TEXT prints it: halves go away from zero.

    >>> fixed(0.25, 1), fixed(2.0, 1)
    ('0.3', '2.0')
    """
    from decimal import ROUND_HALF_UP, Decimal  # noqa: PLC0415

    # Excel rounds the 15-digit decimal, not the binary value behind it
    return str(Decimal(f"{number:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _snapshots(ctx: Context, sheet: Sheet, top: int) -> tuple[list[tuple[Ref, Area]], Area]:
    """Throughput at the target by snapshot: what software alone has changed."""
    p, market = ctx.places, ctx.market
    labels = ctx.inputs.snapshots
    sheet.put(top - 2, 1, "Software progress: throughput at the target by snapshot (tok/s/GPU)", "Heading")
    headers(sheet, top - 1, 1, ("Platform", *(snapshot.label for snapshot in labels), "Empty because"))
    for j, snapshot in enumerate(labels):
        sheet.calc(top - 1, 2 + j, "{ref}", snapshot.label, "Column", ref=p.menu("snapshots").cell(j))
    count = len(p.platforms)
    for i, platform in enumerate(p.platforms):
        sheet.calc(top + i, 1, "{ref}", platform, "Link", ref=p.menu("platforms").cell(i))
        numbers = 0
        for j, snapshot in enumerate(labels):
            reading = ctx.read(
                "Software progress", Given(platform, p.menu("platforms").cell(i)), ctx.given("interactivity"),
                ctx.given("model"), ctx.given("workload"), Given(snapshot.label, p.menu("snapshots").cell(j)),
                ctx.given("precision"),
            )  # fmt: skip
            value = reading.reading.throughput
            numbers += not isinstance(value, ExcelError)
            sheet.calc(top + i, 2 + j, "{ref}", value, "Result", TOKENS_PER_GPU.format, ref=reading.cell("Throughput"))
        row_area = f"{letters(2)}{top + i}:{letters(1 + len(labels))}{top + i}"
        empty = len(labels) - numbers
        sheet.calc(
            top + i, 2 + len(labels),
            f'IF(COUNT({row_area})={len(labels)},"",({len(labels)}-COUNT({row_area}))&" without points or out of range")',
            f"{empty} without points or out of range" if empty else "", "Text",
        )  # fmt: skip
    del market
    areas = [
        (Ref(COST_CURVES, top - 1, 2 + j), Area(COST_CURVES, top, 2 + j, top + count - 1, 2 + j))
        for j in range(len(labels))
    ]
    return areas, Area(COST_CURVES, top, 1, top + count - 1, 1)


def _grid(ctx: Context, sheet: Sheet, top: int) -> tuple[list[Area], list[Area], list[Area], list[Ref]]:
    """Every platform along its own frontier, from its slowest to its fastest measured point."""
    p, market, s = ctx.places, ctx.market, ctx.market.scenario
    sheet.put(
        top - 3,
        1,
        "Along the frontier: interactivity, throughput and cost from the slowest to the fastest point",
        "Heading",
    )
    sheet.put(top - 2, 1, "#N/A: no points under the choices of the Summary, or no price; the reason stands in the table at the top.",
              "Footnote")  # fmt: skip
    areas = curve_areas(p, COST_CURVES)
    headers(sheet, top, 1, ("Step",))
    for step in range(STEPS + 1):
        sheet.put(top + 1 + step, 1, step, "Text")
    xs, ys, costs, heads = [], [], [], []
    summary = [row for row in ctx.readings if row.used_by == "Summary"]
    for i, platform in enumerate(p.platforms):
        c = 2 + 5 * i
        heads.append(sheet.calc(top - 1, c, "{ref}", platform, "Strong", ref=p.menu("platforms").cell(i)))
        headers(sheet, top, c, ("Interactivity", "Knot", "Way", "Throughput", "Cost"))
        cells = {name: summary[i].cell(name).on(COST_CURVES) for name in ("Knots", "Lowest", "Highest", "First")}
        curve_id = f"INDEX({p.knots('Curve').on(COST_CURVES)},{cells['First']})"
        t, k, u, y = (letters(c + offset) for offset in range(4))
        price = Given(market.price(platform), p.prices_in_use.cell(i))
        for step in range(STEPS + 1):
            r = top + 1 + step
            point, knot, way, rate = _along(ctx, summary[i].reading, platform, step)
            sheet.calc(
                r, c,
                f"IF({cells['Knots']}=0,NA(),IF($A{r}={STEPS},{cells['Highest']},"
                f"{cells['Lowest']}+({cells['Highest']}-{cells['Lowest']})*$A{r}/{STEPS}))",
                point, "Calculation", TOKENS_PER_USER.format,
            )  # fmt: skip
            sheet.calc(
                r, c + 1,
                f"IF(ISNUMBER({t}{r}),MATCH({curve_id}*{KEY}+{t}{r},{p.knots('Sort key').on(COST_CURVES)},1),NA())", knot,
                "Calculation", "0",
            )  # fmt: skip
            sheet.calc(
                r, c + 2, f"IF(ISNUMBER({k}{r}),{WAY.format(t=f'{t}{r}', k=f'{k}{r}', **areas)},NA())", way, "Calculation",
                "0.000",
            )  # fmt: skip
            method = p.derived("method").on(COST_CURVES)
            sheet.calc(
                r, c + 3,
                f"IF(ISNUMBER({u}{r}),{INTERPOLATE.format(k=f'{k}{r}', u=f'{u}{r}', method=method, **areas)},NA())", rate,
                "Calculation", TOKENS_PER_GPU.format,
            )  # fmt: skip
            record(
                sheet, r, c + 4, cost, price=price, throughput=Given(rate, Ref(COST_CURVES, r, c + 3)),
                utilization=ctx.given("utilization"),
            )  # fmt: skip
        xs.append(Area(COST_CURVES, top + 1, c, top + 1 + STEPS, c))
        ys.append(Area(COST_CURVES, top + 1, c + 3, top + 1 + STEPS, c + 3))
        costs.append(Area(COST_CURVES, top + 1, c + 4, top + 1 + STEPS, c + 4))
        del y
    del s
    return xs, ys, costs, heads


def _along(ctx: Context, target: Reading, platform: str, step: int) -> tuple[Value, Value, Value, Value]:
    if isinstance(target.lowest, ExcelError) or isinstance(target.highest, ExcelError):
        return NA, NA, NA, NA
    t = target.highest if step == STEPS else target.lowest + (target.highest - target.lowest) * step / STEPS
    s = ctx.market.scenario
    got = ctx.market.reading(platform, s.model, s.workload, s.precision, s.snapshot, t)
    return t, got.knot, got.way, got.throughput
