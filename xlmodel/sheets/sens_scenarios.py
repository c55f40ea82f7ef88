"""Sensitivity, fifth part: the three scenarios side by side, cost of every platform at the target."""

from itertools import combinations

from xlmodel.book import sensitivity_places as at
from xlmodel.book.context import Context, Given, old_check
from xlmodel.book.guards_by_hand import tied
from xlmodel.book.places import SCENARIOS, SENSITIVITY
from xlmodel.book.spec import Chart, Series, Sheet
from xlmodel.calc.address import Area, Ref, letters
from xlmodel.calc.values import NA, Value
from xlmodel.model.cost import cost
from xlmodel.model.ownership import BUILD_UP
from xlmodel.model.variants import CURVE_FIELDS, LEAST
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.frame import fixed, headers, least
from xlmodel.units import CHANGE, USD_PER_MILLION, UTILIZATION


def price_text(bases: str) -> str:
    """The price of a platform in use, from its line of the price book; see `xlmodel.sheets.prices_sheet.picked`."""
    return f'IF(N({{own}})>0,{{own}},INDEX({bases},MATCH({{basis}},{{header}},0))*IF({{basis}}="{BUILD_UP}",1,1+{{change}}))'


_HUES = ("0B5394", "009E73", "D55E00")
_POWER = ("pue", "usd_per_kwh")  # what else changes the own build-up
_ELSEWHERE = "make it active on Scenario to see it: its curves, or its own build-up, are others"


def describe(ctx: Context, sheet: Sheet, target: Target) -> None:
    """Write the table and its chart."""
    p, top = ctx.places, at.scenarios_row(ctx.places)
    sheet.put(top - 3, 1, "By scenario: cost at the target, USD per million tokens", "Heading")
    headers(sheet, top - 1, 1, ("Platform", "Unit", "", "", ""), 16)
    for k, name in enumerate(SCENARIOS):
        ref = p.naming(name)
        sheet.calc(top - 1, at.VALUE + k, "{ref}", getattr(ctx.inputs.naming, name), "Column", ref=ref)
    given = [_values(ctx, sheet, top, k) for k in range(3)]
    first = top + 4
    costs: list[list[Value]] = []
    for i, platform in enumerate(p.platforms):
        sheet.calc(first + i, 1, "{ref}", platform, "Label", ref=p.menu("platforms").cell(i))
        costs.append([_cost(ctx, sheet, first + i, k, i, given[k], target) for k in range(3)])
    last = first + len(costs) - 1
    _title(ctx, sheet, first, costs)
    columns = [Area(SENSITIVITY, first, at.VALUE + k, last, at.VALUE + k) for k in range(3)]
    series = tuple(
        Series(Ref(SENSITIVITY, top - 1, at.VALUE + k), Area(SENSITIVITY, first, 1, last, 1), columns[k], _HUES[k])
        for k in range(3)
    )
    sheet.charts.append(
        Chart("column", Ref(SENSITIVITY, top - 2, 1), "", "USD per million tokens", series, (top - 1, 8, top - 1 + at.CHART, 17),
              "Cost at the target by platform in the three scenarios; a scenario with other curves is left out until it is made active.",
              y_format="0.00")
    )  # fmt: skip
    _check(ctx, target, columns)


def _values(ctx: Context, sheet: Sheet, top: int, k: int) -> dict[str, Given]:
    """What a scenario changes of the cost, and whether it is read from the same curves."""
    p, col = ctx.places, at.VALUE + k
    scenario = ctx.inputs.scenario_of(k + 1)
    given: dict[str, Given] = {}
    for row, (name, label, unit) in enumerate(
        (("utilization", "Utilization", UTILIZATION), ("price_change", "Change of quoted prices", CHANGE)), top
    ):
        sheet.put(row, 1, label, "Label")
        sheet.put(row, 2, unit.label, "Unit")
        value: Value = scenario.number(name)
        ref = sheet.calc(row, col, f"N({_own(ctx, name, k)})", value, "Link", unit.format)
        given[name] = Given(value, ref)
    same = "*".join(
        f"({_own(ctx, name, k)}={p.choice(name).on(SENSITIVITY)})" for name in CURVE_FIELDS if name != "ttft_limit"
    )
    same += f"*(N({_own(ctx, 'ttft_limit', k)})={p.choice('ttft_limit').on(SENSITIVITY)})"
    power = "*".join(f"({_number(ctx, name, k)}={p.choice(name).on(SENSITIVITY)})" for name in _POWER)
    used = ctx.market.scenario
    alike = all(_plain(scenario, name) == _plain(used, name) for name in CURVE_FIELDS)
    powered = all(scenario.number(name) == used.number(name) for name in _POWER)
    seen = int(alike and (used.basis != BUILD_UP or powered))
    sheet.put(top + 2, 1, "Read from the curves in use", "Label")
    sheet.put(top + 2, 2, "1 = yes", "Unit")
    ref = sheet.calc(
        top + 2, col, f'{same}*IF({{basis}}="{BUILD_UP}",{power},1)', seen, "Calculation", "0", basis=p.choice("basis")
    )
    given["seen"] = Given(seen, ref)
    words = "" if seen else _ELSEWHERE
    sheet.calc(top + 3, col, f'IF({ref.a1}=1,"","#N/A: {_ELSEWHERE}")', f"#N/A: {words}" if words else "", "Footnote")
    return given


def _own(ctx: Context, name: str, k: int) -> str:
    """A value of a scenario as text of a formula: its own cell, or the base's when that is empty."""
    base = ctx.places.typed_choice(name).on(SENSITIVITY)
    mine = ctx.places.typed_choice(name, k + 1).on(SENSITIVITY)
    return f'IF({mine}="",{base},{mine})' if k else base


def _number(ctx: Context, name: str, k: int) -> str:
    """The same as a number, not below the least that makes sense."""
    text = f"N({_own(ctx, name, k)})"
    return f"MAX({LEAST[name]:g},{text})" if name in LEAST else text


def _plain(scenario: object, name: str) -> Value:
    value: Value = getattr(scenario, name)
    return 0.0 if value is None else value


def _cost(ctx: Context, sheet: Sheet, row: int, k: int, i: int, given: dict[str, Given], target: Target) -> Value:
    """Cost of a platform under a scenario: its price and utilization, the throughput in use."""
    p, name = ctx.places, ctx.places.platforms[i]
    price = ctx.market.price_after(name, float(given["price_change"].value))  # type: ignore[arg-type]
    made = cost(price=price, throughput=target.values["Throughput"][i], utilization=given["utilization"].value)
    value = made if given["seen"].value else NA
    bases = p.price_book
    line = f"{bases.sheet}!{letters(bases.col)}{bases.row + i}:{letters(bases.last_col)}{bases.row + i}"
    text = cost.excel.format(price=price_text(line), throughput="{rate}", utilization="{use}")
    ref = sheet.calc(
        row, at.VALUE + k, f"IF({{seen}}=1,{text},NA())", value, "Result", USD_PER_MILLION.format, seen=given["seen"].ref or "",
        own=p.own_prices.cell(i), basis=p.choice("basis"), header=p.bases_header, change=given["price_change"].ref or "",
        rate=target.area("Throughput").cell(i), use=given["utilization"].ref or "",
    )  # fmt: skip
    return sheet.value(ref)


def _title(ctx: Context, sheet: Sheet, first: int, costs: list[list[Value]]) -> None:
    """What the scenarios make of the cheapest platform's cost."""
    p, names = ctx.places, ctx.inputs.naming.names
    parts, texts = [], []
    for k in range(3):
        numbers = [float(row[k]) for row in costs if isinstance(row[k], int | float)]  # type: ignore[arg-type]
        parts.append(f"{names[k]} {fixed(min(numbers), 3) if numbers else 'not seen'}")
        area = Area(SENSITIVITY, first, at.VALUE + k, first + len(costs) - 1, at.VALUE + k)
        texts.append(
            f'{p.naming(SCENARIOS[k]).on(SENSITIVITY)}&" "&IF(COUNT({area.absolute})=0,"not seen",FIXED(ROUND({least(area)},3),3,TRUE))'
        )
    sheet.calc(first - 6, 1, '"Lowest cost: "&' + '&", "&'.join(texts), "Lowest cost: " + ", ".join(parts), "Strong")


def _check(ctx: Context, target: Target, columns: list[Area]) -> None:
    """The active scenario's column is the Summary's cost."""
    p, count = ctx.places, len(ctx.places.platforms)
    number = p.derived("number")
    gaps = []
    for i in range(count):
        row = columns[0].cell(i)
        line = f"{SENSITIVITY}!{row.a1}:{letters(row.col + 2)}{row.row}"
        gaps.append(tied(f"INDEX({line},{{number}})", target.area("Cost").cell(i).on("")))
    ctx.checks += [
        old_check("Active scenario is the Summary", "The active scenario's costs side by side are those of the Summary.", columns[0].cell(0),
              f"MAX({','.join(gaps)})", 0.0, 1e-9, {"number": number}),
        old_check("One scenario is active", "The active scenario is one of three different names.", p.naming("active"),
              "ABS(SUMPRODUCT(({names}={active})*1)-1)+({a}={b})+({a}={c})+({b}={c})", _active(ctx), 0,
              {"names": p.scenario_names, "active": p.naming("active"),
               **{key: p.naming(name) for key, name in zip("abc", SCENARIOS, strict=True)}}),
    ]  # fmt: skip


def _active(ctx: Context) -> int:
    folded = [name.casefold() for name in ctx.inputs.naming.names]
    return abs(folded.count(ctx.inputs.naming.active.casefold()) - 1) + sum(a == b for a, b in combinations(folded, 2))
