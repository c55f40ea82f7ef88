"""Fleet, its inputs: the demand, the token prices, and what follows from them alone."""

from xlmodel.book import fleet_places as at
from xlmodel.book.context import Context, Given
from xlmodel.book.places import FIRST
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.address import Area
from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.fleet import MODES, UNITS
from xlmodel.model.fleet_formulas import blended, token_load
from xlmodel.model.scenario import output_share
from xlmodel.sheets.frame import headers
from xlmodel.units import FACTOR, TEXT, TOKEN_PRICE, Unit

_NO_PRICE = "empty until you type it"
_INPUTS: dict[str, tuple[str, str]] = {
    "mode": ("Size the fleet by", "which of the three demands below counts"),
    "users": (MODES[0], "served at the same time, at the peak; 5,000 is an example, type yours"),
    "tokens": (MODES[1], "input and output together, on an average day"),
    "power": (MODES[2], "utility power budget; the fleet is rounded down to it"),
    "peak": ("Peak over average demand", "1: no peak assumed; raises the tokens' fleet and the idle share"),
    "price_input": ("Price of input tokens", f"what customers pay; {_NO_PRICE}"),
    "price_output": ("Price of output tokens", f"what customers pay; {_NO_PRICE}"),
    "price_cached": ("Price of cached input tokens", "empty: as other input; kept apart from the ratios on Scenario, which share out the cost"),
    "cached_share": ("Cached share of input tokens", "empty: none assumed"),
    "api": ("API price to compare with", f"for the same mix of tokens; {_NO_PRICE}"),
}  # fmt: skip


def entries(ctx: Context, sheet: Sheet) -> dict[str, Given]:
    """Write the inputs and what follows from them; an empty cell counts as 0 in a formula."""
    headers(sheet, FIRST - 1, 1, ("Demand and token prices", "Unit", "Value", "Allowed", "Source and doubts"))
    assumed = ctx.inputs.fleet
    given: dict[str, Given] = {}
    for name, (label, source) in _INPUTS.items():
        ref, unit = at.entry(name), UNITS.get(name, TEXT)
        value: Value = getattr(assumed, name)
        sheet.put(ref.row, 1, label, "Label")
        sheet.put(ref.row, 2, unit.label, "Unit")
        style, fmt = ("Input text", "") if name == "mode" else ("Input", unit.format)
        sheet.input(ref.row, 3, value, f"fleet.{name}", style, fmt)
        sheet.put(ref.row, 4, None if name == "mode" else f"{unit.low:g} to {unit.high:,.0f}", "Unit")
        sheet.put(ref.row, 5, source, "Footnote")
        if name == "mode":
            rule = Validation(
                (ref.a1,), label, "users, million tokens a day, or kW of power.", source=at.modes().absolute
            )
        else:
            rule = Validation(
                (ref.a1,), label, f"{unit.label}, {unit.low:g} to {unit.high:,.0f}.", low=unit.low, high=unit.high
            )
        sheet.validations.append(rule)
        given[name] = Given(0.0 if value is None else value, ref)
    return given | _derived(ctx, sheet)


def _derived(ctx: Context, sheet: Sheet) -> dict[str, Given]:
    p, assumed = ctx.places, ctx.inputs.fleet
    share = output_share(ctx.market.scenario.workload)
    refs = {name: at.entry(name) for name in (*at.INPUTS, *at.DERIVED)}
    priced = blended.excel.format(output_share="{share}", output="{price_output}", input="{price_input}", cached="{cached}",
                                  cached_share="{cached_share}")  # fmt: skip
    load, use = token_load.excel.format(peak="{peak}", utilization="{use}"), ctx.market.scenario.utilization
    rows: tuple[tuple[str, str, Unit | str, str, Value, str], ...] = (
        ("number", "Number of the demand that counts", "1 to 3", "MATCH({mode},{modes},0)", assumed.number, ""),
        ("demand", "Demand that counts", "as above", "IF(INDEX({demands},{number})>0,INDEX({demands},{number}),NA())",
         assumed.demand, "no demand: type it above"),
        ("limit", "It is a limit, so round down", "1 = yes", "IF({number}=3,1,0)", int(assumed.number == 3), ""),
        ("load", "Full over average load for tokens", FACTOR, load, token_load(peak=assumed.peak or 0.0, utilization=use), ""),
        ("cached", "Price of cached input in use", TOKEN_PRICE, "IF(ISNUMBER({price_cached}),{price_cached},IF(ISNUMBER({price_input}),{price_input},NA()))",
         assumed.cached, "no price of input tokens above"),
        ("blended", "Price of the mix of tokens", TOKEN_PRICE,
         f"IF(AND(ISNUMBER({{price_input}}),ISNUMBER({{price_output}})),{priced},NA())", assumed.blended(share),
         "no price of input and output tokens above: no revenue, margin and payback"),
    )  # fmt: skip
    given: dict[str, Given] = {}
    for name, label, unit, text, value, reason in rows:
        ref = refs[name]
        sheet.put(ref.row, 1, label, "Label")
        sheet.put(ref.row, 2, unit if isinstance(unit, str) else unit.label, "Unit")
        sheet.calc(
            ref.row, 3, text, value, "Calculation", "#,##0" if isinstance(unit, str) else unit.format, modes=at.modes(),
            demands=Area(at.FLEET, refs["users"].row, 3, refs["power"].row, 3), share=p.derived("output_share"),
            use=p.choice("utilization"), **refs,
        )  # fmt: skip
        if reason:
            words = reason if isinstance(value, ExcelError) else ""
            sheet.calc(ref.row, 5, f'IF(ISNUMBER({{x}}),"","{reason}")', words, "Footnote", x=ref)
        given[name] = Given(value, ref)
    return given
