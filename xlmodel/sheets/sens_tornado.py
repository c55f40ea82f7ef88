"""Sensitivity, fourth part: the tornado. Which assumption moves the cost at the target most, when each swings alike."""

from xlmodel.book import sensitivity_places as at
from xlmodel.book.context import Context, Given, record
from xlmodel.book.places import SENSITIVITY
from xlmodel.book.spec import Chart, Series, Sheet
from xlmodel.calc.address import Area, Ref, letters
from xlmodel.calc.values import ExcelError
from xlmodel.model.cost import cost, ratio
from xlmodel.sheets.frame import fixed, headers, rank_text, ranks
from xlmodel.sheets.sens_grid import read_at
from xlmodel.sheets.sens_owned import LABELS, Hourly, swung
from xlmodel.units import USD_PER_MILLION

COLUMNS = (
    "Assumption",
    "Now",
    "Lower",
    "Higher",
    "Cost when lower",
    "Cost when higher",
    "Change when lower",
    "Change when higher",
    "Swing",
    "Rank",
    "In words",
)
_NAMES = {"price": "Price in use", "utilization": "Utilization", "interactivity": "Interactivity", **LABELS}
_OUT = "one side not measured"
_QUOTED = "not in this price"  # which is not the own build-up
_CHANGE = "+0.0%;-0.0%;0.0%"
LOW, HIGH = "56B4E9", "E69F00"


def describe(ctx: Context, sheet: Sheet, given: dict[str, Given], hourly: Hourly) -> None:
    """Write the workings, the same rows sorted by swing, and their chart."""
    top = at.tornado_row(ctx.places)
    sheet.put(top - 3, 1, "By assumption", "Heading")
    headers(sheet, top - 1, 1, COLUMNS, 44)
    rows = [*(_priced(ctx, sheet, top + i, name, given) for i, name in enumerate(at.PRICED))]
    rows += [_owned(ctx, sheet, top + len(rows) + i, name, given, hourly) for i, name in enumerate(at.OWNED)]
    swings = [_swing(sheet, top + i, row, given) for i, row in enumerate(rows)]
    area = Area(SENSITIVITY, top, 9, top + len(rows) - 1, 9)
    order = ranks([-swing for swing in swings])
    for row, rank in enumerate(order, top):
        sheet.calc(row, 10, rank_text(area.absolute, ">", f"$I{row}"), rank, "Calculation", "0")
    _sorted(ctx, sheet, top, order, given)


def _priced(ctx: Context, sheet: Sheet, row: int, name: str, given: dict[str, Given]) -> tuple[Given, Given]:
    """Cost with a lower and a higher price, utilization or interactivity."""
    now = given["price"] if name == "price" else ctx.given(name)
    now = _now(sheet, row, name, now)
    costs = []
    for col, side in enumerate(at.SIDES):
        text, value = swung(name, now.value, side, given["swing"])
        ref = sheet.calc(
            row, 3 + col, text, value, "Calculation", _format(name), now=now.ref or "", swing=given["swing"].ref or ""
        )
        changed = Given(value, ref)
        parts = {"price": given["price"], "throughput": given["throughput"], "utilization": ctx.given("utilization")}
        if name == "interactivity":
            reading = read_at(ctx, given["platform"], changed)
            parts["throughput"] = Given(reading.reading.throughput, reading.cell("Throughput"))
        else:
            parts[name] = changed
        costs.append(record(sheet, row, 5 + col, cost, "Calculation", **parts))
    return costs[0], costs[1]


def _owned(
    ctx: Context, sheet: Sheet, row: int, name: str, given: dict[str, Given], hourly: Hourly
) -> tuple[Given, Given]:
    """Cost at the own build-up with one assumption lower and higher, or unchanged when the price is another."""
    _now(sheet, row, name, hourly.base[name])
    costs = []
    enters = given["owned"].value == 1
    for col, side in enumerate(at.SIDES):
        changed, price = hourly.changed[name, side], hourly.price[name, side]
        sheet.calc(row, 3 + col, "{ref}", changed.value, "Link", _format(name), ref=changed.ref or "")
        text = cost.excel.format(price="{price}", throughput="{throughput}", utilization="{utilization}")
        made = cost(
            price=price.value, throughput=given["throughput"].value, utilization=ctx.market.scenario.utilization
        )
        value = made if enters else given["cost"].value
        ref = sheet.calc(
            row, 5 + col, f"IF({{owned}}=1,{text},{{cost}})", value, "Calculation", USD_PER_MILLION.format, owned=given["owned"].ref or "",
            price=price.ref or "", throughput=given["throughput"].ref or "", utilization=ctx.places.choice("utilization"),
            cost=given["cost"].ref or "",
        )  # fmt: skip
        costs.append(Given(value, ref))
    return costs[0], costs[1]


def _now(sheet: Sheet, row: int, name: str, now: Given) -> Given:
    sheet.put(row, 1, _NAMES[name], "Label")
    ref = sheet.calc(row, 2, "{ref}", now.value, "Link", _format(name), ref=now.ref or "")
    return Given(now.value, ref)


def _format(name: str) -> str:
    formats = {
        "price": "#,##0.00",
        "capital": "#,##0",
        "usd_per_kwh": "0.000",
        "life": "0.0",
        "pue": "0.00",
        "interactivity": "#,##0.0",
    }
    return formats.get(name, "0.0%")


def _swing(sheet: Sheet, row: int, costs: tuple[Given, Given], given: dict[str, Given]) -> float:
    """Change of the cost on both sides, their distance, and why there is none."""
    base = given["cost"]
    changes: list[float] = []
    for col, side in enumerate(costs):
        value = ratio(subject=side.value, baseline=base.value)
        value = value - 1 if isinstance(value, int | float) else value
        sheet.calc(
            row,
            7 + col,
            "{side}/{base}-1",
            value,
            "Result",
            _CHANGE,
            side=side.ref or "",
            base=base.ref or "",
        )
        changes.append(float(value) if isinstance(value, int | float) else 0.0)
    sides = f"IFERROR(G{row},0),IFERROR(H{row},0),0"
    # equal swings stay equal, whatever their last digits
    swing = float(fixed(max(*changes, 0.0) - min(*changes, 0.0), 9))
    sheet.calc(row, 9, f"ROUND(MAX({sides})-MIN({sides}),9)", swing, "Calculation", "0.0%")
    priced = any(sheet.cells[row][1].value == _NAMES[name] for name in at.PRICED)
    missing = any(isinstance(side.value, ExcelError) for side in costs)
    words = _OUT if missing else ""
    text = f'IF(COUNT({{a}},{{b}})<2,"{_OUT}","")'
    if not priced:
        words = words if given["owned"].value == 1 else _QUOTED
        text = f'IF({{owned}}=1,{text},"{_QUOTED}")'
    sheet.calc(row, 11, text, words, "Unit", a=costs[0].ref or "", b=costs[1].ref or "", owned=given["owned"].ref or "")
    return swing


def _sorted(ctx: Context, sheet: Sheet, top: int, ranks: list[int], given: dict[str, Given]) -> None:
    """The rows by rank, and the chart that draws them."""
    first, count = at.sorted_row(ctx.places), len(ranks)
    sheet.put(first - 2, 1, "The same, largest swing first", "Heading")
    headers(sheet, first - 1, 1, ("Assumption", "Lower", "Higher"), 16)
    order = sorted(range(count), key=lambda i: ranks[i])
    for k, i in enumerate(order):
        find = f"MATCH({k + 1},$J${top}:$J${top + count - 1},0)"
        for col, source in ((1, 1), (2, 7), (3, 8)):
            area = f"${letters(source)}${top}:${letters(source)}${top + count - 1}"
            style, text, value = "Result", f"INDEX({area},{find})", sheet.cells[top + i][source].value
            if col == 1:  # the reason for a missing bar stands beside the bar
                doubt = f"INDEX($K${top}:$K${top + count - 1},{find})"
                style, text = "Label", f'{text}&IF({doubt}="",""," ("&{doubt}&")")'
                value = f"{value} ({said})" if (said := sheet.cells[top + i][11].value) else value
            sheet.calc(first + k, col, text, value, style, "" if col == 1 else _CHANGE)
    values = [sheet.cells[top + i][9].value for i in order]
    largest = float(values[0])  # type: ignore[arg-type]
    words = f"No cost of {given['platform'].value} at the target"
    if isinstance(given["cost"].value, int | float):
        most = sheet.cells[top + order[0]]
        both = all(isinstance(most[col].value, int | float) for col in (7, 8))
        words = (
            f"{most[1].value} moves the cost of {given['platform'].value} most: {fixed(100 * largest, 0)}% "
            + ("between lower and higher" if both else "on the side that is measured")
        )  # fmt: skip
    title = sheet.calc(
        first - 1, 5,
        f'IF(ISNUMBER({{cost}}),INDEX({{names}},MATCH(1,{{ranks}},0))&" moves the cost of "&{{platform}}&" most: "&FIXED(ROUND(100*MAX({{swings}}),9),0,TRUE)'
        f'&"% "&IF(COUNT(B{first}:C{first})=2,"between lower and higher","on the side that is measured"),"No cost of "&{{platform}}&" at the target")',
        words, "Heading", cost=given["cost"].ref or "", names=Area(SENSITIVITY, top, 1, top + count - 1, 1),
        ranks=Area(SENSITIVITY, top, 10, top + count - 1, 10), platform=given["platform"].ref or "",
        swings=Area(SENSITIVITY, top, 9, top + count - 1, 9),
    )  # fmt: skip
    names = Area(SENSITIVITY, first, 1, first + count - 1, 1)
    series = tuple(
        Series(Ref(SENSITIVITY, first - 1, col), names, Area(SENSITIVITY, first, col, first + count - 1, col), hue)
        for col, hue in ((2, LOW), (3, HIGH))
    )
    sheet.charts.append(
        Chart("bar", title, "", "change of the cost", series, (first - 1, 5, first - 1 + at.CHART, 15),
              "Tornado: change of the cost at the target when each assumption is lower and higher by the swing, largest first.", y_format="0%",
              stacked=True, low=None)
    )  # fmt: skip
