"""Fleet, its inputs: the demand, the token prices, and what follows from them alone."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.form import Form
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.functions import AND, IF, INDEX, ISNUMBER, MATCH, NA
from xlmodel.calc.place import Content
from xlmodel.model.fleet import MODES, UNITS, blended, token_load
from xlmodel.sheets.frame import headers
from xlmodel.units import ANY, COUNT, FACTOR, TEXT, TOKEN_PRICE, Unit

_NO_PRICE = "empty until you type it"
_INPUTS: dict[str, tuple[str, str]] = {
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


def entries(ctx: Context, sheet: Sheet) -> Form:
    """The inputs and what follows from them; an empty cell counts as 0 in a formula."""
    headers(sheet, FIRST - 1, 1, ("Demand and token prices", "Unit", "Value", "Allowed", "Source and doubts"))
    g, assumed = ctx.graph, ctx.inputs.fleet
    form = Form(g, sheet, "fleet", FIRST)
    mode = form.input(
        "mode", "Size the fleet by", TEXT, assumed.mode, "which of the three demands below counts", menu="fleet.modes",
        prompt="users, million tokens a day, or kW of power.", height=27,  # the longest choice takes two lines
    )  # fmt: skip
    for name, (label, source) in _INPUTS.items():
        form.input(name, label, UNITS[name], getattr(assumed, name), source)
    modes, demands = g.add("fleet.modes", form.label_list("users", "power")), form.value_list("users", "power").all
    number = form.calc("number", "Number of the demand that counts", COUNT, MATCH(mode, modes.all, 0), shown="1 to 3")
    demand = IF(INDEX(demands, number) > 0, INDEX(demands, number), NA)
    missing = "no demand: type it above"
    _follows(form, "demand", "Demand that counts", ANY, demand, missing, shown="as above", fmt=COUNT.format)
    form.calc("limit", "It is a limit, so round down", COUNT, IF(number.eq(3), 1, 0), shown="1 = yes")
    load = token_load(form.cells["peak"], g["scenario.utilization"])
    form.calc("load", "Full over average load for tokens", FACTOR, load)
    _prices(ctx, form)
    return form


def _prices(ctx: Context, form: Form) -> None:
    read, output, own, share = (
        form.cells[name] for name in ("price_input", "price_output", "price_cached", "cached_share")
    )
    used = IF(ISNUMBER(own), own, IF(ISNUMBER(read), read, NA))
    _follows(form, "cached", "Price of cached input in use", TOKEN_PRICE, used, "no price of input tokens above")
    mix = blended(ctx.graph["scenario.output_share"], output, read, form.cells["cached"], share)
    _follows(
        form, "blended", "Price of the mix of tokens", TOKEN_PRICE, IF(AND(ISNUMBER(read), ISNUMBER(output)), mix, NA),
        "no price of input and output tokens above: no revenue, margin and payback",
    )  # fmt: skip


def _follows(form: Form, name: str, label: str, unit: Unit, content: Content, reason: str, **looks: Any) -> None:
    """A result, and beside it the reason when there is none."""
    form.calc(name, label, unit, content, IF(ISNUMBER(form.graph[f"{form.key}.{name}"]), "", reason), **looks)
