"""Fleet, the money: revenue and margin of a GPU-hour, payback, and self-hosting against an API."""

from xlmodel.book import fleet_places as at
from xlmodel.book import ownership_places as owned
from xlmodel.book.context import Context, Given, record
from xlmodel.book.spec import Sheet
from xlmodel.calc.record import Formula
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model import fleet_formulas as f
from xlmodel.model.cost import cost as cost_per_token
from xlmodel.model.ownership import SERVER_ONLY
from xlmodel.model.ownership_formulas import MONTHS
from xlmodel.sheets.cost_target import Target
from xlmodel.units import USD_PER_GPU_HOUR, UTILIZATION

_NO_TOKENS = "no token prices typed"
_NO_COST = "no cost at the target"
_NO_CAPITAL = "no capital cost on Ownership"
_NEVER = "revenue does not cover running costs"
_LATE = "pays back after its life"
_SERVER = "capital of the server only, so payback too short"
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
    busy = got["Utilization of the fleet"] = _busy(ctx, sheet, col, column["Idle share"])
    write("Revenue", f.revenue, throughput=rate, utilization=busy, blended=given["blended"])
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
    up = Given(ctx.inputs.ownership.number("availability"), owned.assumed("availability"))
    running = got["Running costs if owned"]
    write("Payback if owned", f.payback, capital=capital, revenue=got["Revenue"], running=running, availability=up)
    write("Self-hosting", cost_per_token, price=price, throughput=rate, utilization=busy)
    alone = got["Self-hosting"]
    saved = f.api_saved.excel.format(cost="{cost}", api="{api}")
    even = f.breakeven_utilization.excel.format(price="{price}", throughput="{rate}", api="{api}")
    refs = {"cost": alone.ref or "", "api": api.ref or "", "price": price.ref or "", "rate": rate.ref or ""}
    for name, text, value, fmt in (
        ("Saved against the API", saved, f.api_saved(cost=alone.value, api=api.value), f.api_saved.unit.format),
        ("Break-even utilization", even, f.breakeven_utilization(price=price.value, throughput=rate.value, api=api.value), "0.0%"),
    ):  # fmt: skip
        ref = sheet.calc(at.row(name), col, f"IF(ISNUMBER({{api}}),{text},NA())", value, "Calculation", fmt, **refs)
        got[name] = Given(value, ref)
    covers = owned.at("It covers", i)
    life = Given(ctx.inputs.ownership.number("life"), owned.assumed("life"))
    doubts = {"covers": Given(ownership.value(covers), covers), "life": life}
    _words(sheet, col, got, given, {"capital": capital, "api": api, **doubts})
    return got


def _busy(ctx: Context, sheet: Sheet, col: int, idle: Given) -> Given:
    """How much of its hours the fleet works; without a demand, as Scenario says."""
    use = ctx.given("utilization")
    value = use.value if isinstance(idle.value, ExcelError) else f.busy(utilization=use.value, idle=idle.value)
    text = f.busy.excel.format(utilization="{use}", idle="{idle}")
    ref = sheet.calc(
        at.row("Utilization of the fleet"), col, f"IF(ISNUMBER({{idle}}),{text},{{use}})", value, "Calculation", UTILIZATION.format,
        idle=idle.ref or "", use=use.ref or "",
    )  # fmt: skip
    return Given(value, ref)


def _words(sheet: Sheet, col: int, got: dict[str, Given], given: dict[str, Given], more: dict[str, Given]) -> None:
    """Why a number above is missing (cost first, then tokens, capital, running costs, API), or what is doubtful."""
    payback, capital, api = got["Payback if owned"].value, more["capital"], more["api"]
    first = ""
    if isinstance(got["Self-hosting"].value, ExcelError):
        first = _NO_COST
    elif isinstance(given["blended"].value, ExcelError):
        first = _NO_TOKENS
    elif isinstance(capital.value, ExcelError):
        first = _NO_CAPITAL
    elif isinstance(payback, ExcelError):
        first = _NEVER
    else:
        late = payback > MONTHS * float(more["life"].value)  # type: ignore[operator, arg-type]
        first = "; ".join([_LATE] * late + [_SERVER] * (more["covers"].value == SERVER_ONLY))
    words = "; ".join([first] * bool(first) + [_NO_API] * isinstance(api.value, ExcelError))
    refs = {"cost": got["Self-hosting"], "blended": given["blended"], "payback": got["Payback if owned"], **more}
    sheet.calc(
        at.row("Money in words"), col,
        f'MID(IF(ISNUMBER({{cost}}),IF(ISNUMBER({{blended}}),IF(ISNUMBER({{capital}}),IF(ISNUMBER({{payback}}),'
        f'IF({{payback}}>{MONTHS}*N({{life}}),"; {_LATE}","")&IF({{covers}}="{SERVER_ONLY}","; {_SERVER}",""),"; {_NEVER}"),'
        f'"; {_NO_CAPITAL}"),"; {_NO_TOKENS}"),"; {_NO_COST}")&IF(ISNUMBER({{api}}),"","; {_NO_API}"),3,200)',
        words, "Note", **{name: given.ref or "" for name, given in refs.items()},
    )  # fmt: skip
