"""Fleet, the money: revenue and margin of a GPU-hour, payback, and self-hosting against an API."""

from xlmodel.book import fleet_places as at
from xlmodel.book import ownership_places as owned
from xlmodel.book.context import Context, Given, record
from xlmodel.book.sheets.cost_target import Target
from xlmodel.book.spec import Sheet
from xlmodel.formulas import fleet as f
from xlmodel.formulas.record import Formula
from xlmodel.formulas.values import NA, ExcelError, Value
from xlmodel.units import USD_PER_GPU_HOUR, USD_PER_MILLION

_NO_TOKENS = "no token prices typed"
_NO_COST = "no cost at the target"
_NO_CAPITAL = "no capital cost on Ownership"
_NEVER = "revenue does not cover running costs"
_NO_API = "no API price typed"


def money(
    ctx: Context,
    sheet: Sheet,
    i: int,
    given: dict[str, Given],
    target: Target,
    column: dict[str, Given],
    ownership: Sheet,
) -> dict[str, Given]:
    """One column: from tokens sold to the break-even utilization."""
    col = at.VALUE + i
    got: dict[str, Given] = {}
    api = Given(NA if ctx.inputs.fleet.api is None else ctx.inputs.fleet.api, given["api"].ref)

    def write(name: str, formula: Formula, /, **args: Given) -> None:
        got[name] = record(sheet, at.row(name), col, formula, "Calculation", **args)

    rate, price = column["Throughput"], column["Price in use"]
    write("Revenue", f.revenue, throughput=rate, utilization=ctx.given("utilization"), blended=given["blended"])
    write("Gross margin", f.margin, revenue=got["Revenue"], price=price)
    write("Margin share", f.margin_share, margin=got["Gross margin"], revenue=got["Revenue"])
    parts = [owned.at(name, i) for name in owned.PARTS[2:]]
    cells = [ownership.value(part) for part in parts]
    failed = [cell for cell in cells if isinstance(cell, ExcelError)]
    value: Value = failed[0] if failed else sum(cell for cell in cells if isinstance(cell, int | float))
    ref = sheet.calc(
        at.row("Running costs if owned"), col, f"SUM({owned.OWNERSHIP}!{parts[0].a1}:{parts[-1].a1})", value, "Calculation",
        USD_PER_GPU_HOUR.format,
    )  # fmt: skip
    got["Running costs if owned"] = Given(value, ref)
    capital_ref = owned.at("Capital in use", i)
    capital = Given(ownership.value(capital_ref), capital_ref)
    write("Payback", f.payback, capital=capital, revenue=got["Revenue"], running=got["Running costs if owned"])
    cost: Value = target.values["Cost"][i]
    ref = sheet.calc(
        at.row("Self-hosting"), col, "{ref}", cost, "Link", USD_PER_MILLION.format, ref=target.area("Cost").cell(i)
    )
    got["Self-hosting"] = Given(cost, ref)
    saved = f.api_saved.excel.format(cost="{cost}", api="{api}")
    even = f.breakeven_utilization.excel.format(price="{price}", throughput="{rate}", api="{api}")
    refs = {"cost": ref, "api": api.ref or "", "price": price.ref or "", "rate": rate.ref or ""}
    for name, text, value, fmt in (
        ("Saved against the API", saved, f.api_saved(cost=cost, api=api.value), f.api_saved.unit.format),
        ("Break-even utilization", even, f.breakeven_utilization(price=price.value, throughput=rate.value, api=api.value), "0.0%"),
    ):  # fmt: skip
        ref = sheet.calc(at.row(name), col, f"IF(ISNUMBER({{api}}),{text},NA())", value, "Calculation", fmt, **refs)
        got[name] = Given(value, ref)
    _words(sheet, col, got, given, capital, api)
    return got


def _words(sheet: Sheet, col: int, got: dict[str, Given], given: dict[str, Given], capital: Given, api: Given) -> None:
    """Why a number above is missing: cost first, then tokens, capital, running costs, API."""
    first = ""
    if isinstance(got["Self-hosting"].value, ExcelError):
        first = _NO_COST
    elif isinstance(given["blended"].value, ExcelError):
        first = _NO_TOKENS
    elif isinstance(capital.value, ExcelError):
        first = _NO_CAPITAL
    elif isinstance(got["Payback"].value, ExcelError):
        first = _NEVER
    second = f"; {_NO_API}" if isinstance(api.value, ExcelError) else ""
    sheet.calc(
        at.row("Money in words"), col,
        f'IF(ISNUMBER({{cost}}),IF(ISNUMBER({{blended}}),IF(ISNUMBER({{capital}}),IF(ISNUMBER({{payback}}),"","{_NEVER}"),'
        f'"{_NO_CAPITAL}"),"{_NO_TOKENS}"),"{_NO_COST}")&IF(ISNUMBER({{api}}),"","; {_NO_API}")',
        first + second, "Note", cost=got["Self-hosting"].ref or "", blended=given["blended"].ref or "",
        capital=capital.ref or "", payback=got["Payback"].ref or "", api=api.ref or "",
    )  # fmt: skip
