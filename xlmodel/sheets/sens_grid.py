"""Sensitivity, first part: cost and gain by price and interactivity, and the price at which the platform breaks even."""

from xlmodel.book import sensitivity_places as at
from xlmodel.book.context import Context, Given, ReadingRow, record
from xlmodel.book.places import SENSITIVITY
from xlmodel.book.spec import Chart, Condition, Series, Sheet
from xlmodel.book.theme import ACCENT
from xlmodel.calc.address import Ref
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model.cost import breakeven, cost, gain, ratio
from xlmodel.sheets.frame import fixed, headers
from xlmodel.units import RATIO, TOKENS_PER_GPU, USD_PER_GPU_HOUR, USD_PER_MILLION

_LABELS = ("two steps down", "one step down", "price in use", "one step up", "two steps up")


def describe(ctx: Context, sheet: Sheet, given: dict[str, Given]) -> None:
    """Write the grid, and the chart of the break-even line."""
    first = at.grid("Interactivity")
    sheet.put(first.row - 2, 1, "By price and interactivity", "Heading")
    headers(sheet, first.row - 1, 1, ("", "Price", *(f"Speed {i + 1}" for i in range(at.SPEEDS))), 16)
    for name, unit in zip(
        at.GRID_ROWS, ("tok/s/user", "tok/s/GPU", "tok/s/GPU", "USD/GPU-hour", "USD/GPU-hour"), strict=True
    ):
        sheet.put(at.grid(name).row, 1, name, "Strong" if name == "Interactivity" else "Label")
        sheet.put(at.grid(name).row, 2, unit, "Unit")
    prices = _prices(sheet, given)
    for i in range(at.SPEEDS):
        _column(ctx, sheet, i, given, prices)
    gains = at.grid_gain(0)
    area = f"{gains.cell(0, 0).a1}:{at.grid_gain(len(at.STEPS) - 1).cell(0, at.SPEEDS - 1).a1}"
    sheet.conditions.append(Condition(area, f"AND(ISNUMBER({gains.cell(0, 0).a1}),{gains.cell(0, 0).a1}>=1)", "good"))
    sheet.conditions.append(Condition(area, f"AND(ISNUMBER({gains.cell(0, 0).a1}),{gains.cell(0, 0).a1}<1)", "bad"))
    _chart(ctx, sheet, given)


def _prices(sheet: Sheet, given: dict[str, Given]) -> list[Given]:
    """The prices down the grid, in both of its parts."""
    prices = []
    for part, heading in (
        (at.grid_cost, f"Cost, {USD_PER_MILLION.label}"),
        (at.grid_gain, "Performance per USD, x baseline"),
    ):
        sheet.put(part(0).row - 1, 1, heading, "Strong")
        for k, step in enumerate(at.STEPS):
            row = part(k).row
            sheet.put(row, 1, _LABELS[k], "Label")
            base, size = given["price"].value, given["step"].value
            value: Value = base if isinstance(base, ExcelError) else base * (1 + step * size)  # type: ignore[operator]
            ref = sheet.calc(
                row, 2, "{price}*(1+{step}*{size})", value, "Calculation", USD_PER_GPU_HOUR.format, price=given["price"].ref or "",
                step=step, size=given["step"].ref or "",
            )  # fmt: skip
            prices.append(Given(value, ref))
    return prices


def _column(ctx: Context, sheet: Sheet, i: int, given: dict[str, Given], prices: list[Given]) -> None:
    """One interactivity: both throughputs, the break-even price, and cost and gain at every price."""
    cells = {name: at.grid(name).cell(0, i) for name in at.GRID_ROWS}
    low, high = given["low"].value, given["high"].value
    speed: Value = NA
    if isinstance(low, float) and isinstance(high, float) and high > low:
        speed = float(fixed(low + (high - low) * i / (at.SPEEDS - 1), 0))
    ref = sheet.calc(
        cells["Interactivity"].row, cells["Interactivity"].col, f"IF({{high}}>{{low}},ROUND({{low}}+({{high}}-{{low}})*{i}/{at.SPEEDS - 1},0),NA())",
        speed, "Result strong", "0", low=given["low"].ref or "", high=given["high"].ref or "",
    )  # fmt: skip
    rates = []
    for name, who in (("Throughput", "platform"), ("Throughput of the baseline", "baseline")):
        reading = read_at(ctx, given[who], Given(speed, ref))
        rate: Value = reading.reading.throughput if not isinstance(speed, ExcelError) else NA
        place = sheet.calc(
            cells[name].row, cells[name].col, "IF(ISNUMBER({speed}),{rate},NA())", rate, "Link", TOKENS_PER_GPU.format, speed=ref,
            rate=reading.cell("Throughput"),
        )  # fmt: skip
        rates.append(Given(rate, place))
    record(
        sheet, cells["Break-even price"].row, cells["Break-even price"].col, breakeven, baseline_price=given["base_price"], throughput=rates[0],
        baseline_throughput=rates[1],
    )  # fmt: skip
    sheet.calc(
        cells["Price in use"].row, cells["Price in use"].col, "{price}", given["price"].value, "Link", USD_PER_GPU_HOUR.format,
        price=given["price"].ref or "",
    )  # fmt: skip
    for k in range(len(at.STEPS)):
        place = at.grid_cost(k).cell(0, i)
        record(
            sheet,
            place.row,
            place.col,
            cost,
            "Result",
            price=prices[k],
            throughput=rates[0],
            utilization=ctx.given("utilization"),
        )
        place, price = at.grid_gain(k).cell(0, i), prices[len(at.STEPS) + k]
        performance = ratio(subject=rates[0].value, baseline=rates[1].value)
        value = gain(
            performance=performance, price_ratio=ratio(subject=price.value, baseline=given["base_price"].value)
        )
        sheet.calc(
            place.row, place.col, "({a}/{b})/({c}/{d})", value, "Result", RATIO.format, a=rates[0].ref or "", b=rates[1].ref or "",
            c=price.ref or "", d=given["base_price"].ref or "",
        )  # fmt: skip


def read_at(ctx: Context, platform: Given, speed: Given) -> ReadingRow:
    """A reading of the chosen model's curve on a platform, which need not be one of the list."""
    s = ctx.market.scenario
    snapshot = Given(ctx.market.snapshot_of(s.model, s.snapshot) or "none", ctx.places.derived("snapshot"))
    model, load, kind = (ctx.given(name) for name in ("model", "workload", "precision"))
    return ctx.read("Sensitivity", platform, speed, model, load, snapshot, kind)


def _chart(ctx: Context, sheet: Sheet, given: dict[str, Given]) -> None:
    """The break-even price over interactivity, beside the price in use."""
    top = at.line_chart()
    even, used = at.grid("Break-even price"), at.grid("Price in use")
    values = [sheet.value(even.cell(0, i)) for i in range(at.SPEEDS)]
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    platform, baseline = str(given["platform"].value), str(given["baseline"].value)
    words = "No break-even price: the two curves share no range, or a price is missing"
    if numbers:
        words = f"{platform} equals {baseline} at {fixed(min(numbers), 2)} to {fixed(max(numbers), 2)} USD per GPU-hour, depending on the speed"
    title = sheet.calc(
        top, 1,
        'IF(COUNT({even})=0,"No break-even price: the two curves share no range, or a price is missing",{platform}&" equals "&{baseline}'
        '&" at "&FIXED(ROUND(MIN({even}),2),2,TRUE)&" to "&FIXED(ROUND(MAX({even}),2),2,TRUE)&" USD per GPU-hour, depending on the speed")',
        words, "Heading", even=even, platform=given["platform"].ref or "", baseline=given["baseline"].ref or "",
    )  # fmt: skip
    xs = at.grid("Interactivity")
    series = (
        Series(Ref(SENSITIVITY, even.row, 1), xs, even, ACCENT, "circle"), Series(Ref(SENSITIVITY, used.row, 1), xs, used, "D55E00"),
    )  # fmt: skip
    sheet.charts.append(
        Chart("scatter", title, "Interactivity (output tok/s per user)", "USD per GPU-hour", series, (top, 1, top + at.CHART, 11),
              "Price per GPU-hour at which the platform's tokens cost as much as the baseline's, over interactivity, with the price in use.",
              y_format="0.00")
    )  # fmt: skip
    del ctx
