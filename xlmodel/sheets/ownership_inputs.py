"""Ownership, its inputs: assumptions for every platform, and capital and power of each."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.form import Form, guard
from xlmodel.book.graph import Graph
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import IF, IFERROR, ISNUMBER, NA, TRIM, lookup
from xlmodel.model.bounds import KINDS
from xlmodel.model.ownership import SERVER_ONLY, UNITS, share_left
from xlmodel.sheets import doubt_checks
from xlmodel.sheets.frame import headers
from xlmodel.units import CAPITAL, KILOWATT, SHARE, TEXT, USD_PER_GPU

_NONE = "left empty, so nothing is assumed"
_ASSUMED: dict[str, tuple[str, str]] = {
    "life": ("Economic life", "SemiAnalysis AI Cloud TCO Model: hyperscalers underwrite 4 years; NVIDIA's published example too"),
    "cost_of_capital": ("Cost of capital", f"{_NONE}; the result then leaves out financing"),
    "residual": ("Residual value, share of capital", f"{_NONE}; wins over the price decline"),
    "decline": ("Price decline of used hardware", f"{_NONE}; residual share = (1 - decline) ^ life"),
    "spares": ("Spare parts, share of capital", _NONE),
    "colocation": ("Colocation without electricity", f"{_NONE}; counted on the power below, which is utility power"),
    "support": ("Support, staff and hosting, flat",
                f"{_NONE}; NVIDIA's example has 3,000 a server, less than its electricity alone"),
    "support_share": ("The same as share of the capital charge", f"{_NONE}; a published estimate for GB200 adds 20 %"),
    "software": ("Software licence", f"{_NONE}; NVIDIA's example has 4,500, unclear whether a server or a GPU"),
    "availability": ("Availability, share of hours", "100 %: none lost is assumed; idle hours belong into Utilization, not here"),
}  # fmt: skip


def assumptions(ctx: Context, sheet: Sheet) -> Form:
    """The assumptions for every platform; an empty cell counts as 0."""
    headers(sheet, FIRST - 1, 1, ("Assumption for every platform", "Unit", "Value", "Allowed", "Source and doubts"))
    form = Form(ctx.graph, sheet, "ownership", FIRST)
    for name, (label, source) in _ASSUMED.items():
        asked = doubt_checks.beside(ctx.graph, name, ctx.graph[f"ownership.{name}"]) if name in KINDS else None
        note = source if asked is None else TRIM(asked & " " & source)
        form.input(name, label, UNITS[name], getattr(ctx.inputs.ownership, name), note)
    doubt_checks.of_typed(
        ctx,
        "ownership.colocation",
        "colocation",
        "Colocation is per kW and month",
        "The rent of a kW does not look like the price of a kWh, or of an hour.",
    )
    typed, decline, life = (form.cells[name] for name in ("residual", "decline", "life"))
    left = IF(ISNUMBER(typed), typed, IF(ISNUMBER(decline), share_left(decline, life), 0))
    form.calc("share_left", "Share of capital left at the end", SHARE, left)
    return form


def facts(ctx: Context, t: Table, spares: Expr) -> None:
    """Capital in use, what it covers, and power of each platform."""
    g, owned, names = ctx.graph, ctx.inputs.ownership.capital, ctx.places.platforms
    server, all_in = (
        t.line(heading, USD_PER_GPU, stated(g, fact), style="Link", note=note)
        for heading, fact, note in (
            ("Server capital", "capex_server", "from Platforms, with source and doubts there"),
            ("All-in capital", "capex_all_in", "from Platforms: server, network and storage"),
        )
    )
    own = t.typed_line(
        "Own capital", CAPITAL, [owned.get(name) for name in names], [f"ownership.capital/{name}" for name in names],
        guard(CAPITAL, "Own capital", "USD per GPU, all-in: server, network, storage. Say in your notes where it comes from."),
        note="yours, all-in; wins over the two rows above",
    )  # fmt: skip
    covers = IF(
        ISNUMBER(own),
        TRIM("own " & doubt_checks.beside(g, "capital", own)),
        IF(ISNUMBER(all_in), "all-in", IF(ISNUMBER(server), SERVER_ONLY, "none")),
    )
    t.line("It covers", TEXT, covers, style="Unit", note="own, else all-in, else server only")
    must = "No own capital looks like thousands, or like the capital of a server or rack."
    doubt_checks.of_typed(ctx, own.key, "capital", "Own capital is per GPU", must)
    capital = IF(ISNUMBER(own), own, IFERROR(all_in, server)) * (1 + spares)
    t.line("Capital in use", USD_PER_GPU, capital, note="the best of the three, with spares")
    t.line("Power", KILOWATT, stated(g, "kilowatt"), style="Link", note="utility power, from Platforms")


def stated(g: Graph, fact: str) -> Any:
    """A number on Platforms for each platform of the list; #N/A where no source states it."""
    found = lookup(g[f"platforms.{fact}"], g["platforms.platform"], g["menu.platforms"])
    return IF(ISNUMBER(found), found, NA)
