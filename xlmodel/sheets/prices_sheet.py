"""Prices: the price book the model reads, own prices first, and the quotes behind it."""

from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.places import PRICES, QUOTE_COLUMNS, SPARE_QUOTES
from xlmodel.book.point_places import FIRST
from xlmodel.book.record_rows import QUOTE_FIELDS
from xlmodel.book.record_table import RecordTable, declared
from xlmodel.book.spec import Condition, Link, Sheet, Validation
from xlmodel.book.table import Table
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import (
    AND,
    COUNT,
    IF,
    IFERROR,
    INDEX,
    INT,
    ISNA,
    ISNUMBER,
    MATCH,
    NA,
    ROW,
    SUMPRODUCT,
    largest,
    typed_number,
)
from xlmodel.model.ownership import BUILD_UP, SERVER_ONLY
from xlmodel.sheets import doubt_checks
from xlmodel.sheets.frame import lines_high, span, start
from xlmodel.units import COUNT as PLAIN
from xlmodel.units import TEXT, USD_PER_GPU_HOUR

BESIDE = 8  # columns of the price book that are no basis
HIGHEST = 1_000_000  # a text is more than any number: whatever is not below this is no price


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    p, bases = ctx.places, ctx.places.bases
    sheet = start(
        ctx, PRICES, "inputs", "Prices",
        "USD per GPU-hour. Type your own price into the framed column: it wins over every list.",
        len(bases) + BESIDE,
    )  # fmt: skip
    sheet.put(FIRST - 3, 1, "Price book: platform by basis", "Heading")
    sheet.put(FIRST - 2, 1, "A basis is where a price comes from. #N/A means that the basis has no price for the platform; Not "
              "quoted says how many are missing. The quotes stand to the right; Own build-up comes from Ownership.", "Footnote")  # fmt: skip
    book = Table(ctx.graph, sheet, "prices", FIRST, 1, len(p.platforms), height=44)
    quotes = _quotes(ctx, sheet, p.quotes_row, len(bases) + BESIDE)
    link = sheet.put(FIRST - 2, len(bases) + 4, "To the quotes →", "Hyperlink")
    sheet.links.append(Link(link.a1, place=f"'{PRICES}'!{quotes.top.a1}"))
    _price_book(ctx, book, quotes)
    _without_curve(ctx, sheet, quotes)
    first, last = book.lines["basis_0"].ref(), book.lines[f"basis_{len(bases) - 1}"].ref(book.count - 1)
    sheet.conditions.append(Condition(f"{first.a1}:{last.a1}", ISNA(book.lines["basis_0"].relative), "muted"))
    price, basis = quotes.span("USD/GPU-hour"), quotes.span("Basis")
    sheet.validations += [
        Validation((price,), "USD/GPU-hour", "Per GPU, not per server or superchip.", low=USD_PER_GPU_HOUR.low, high=USD_PER_GPU_HOUR.high),
        Validation((basis,), "Basis", "The column of the price book that reads this quote; empty: for information only.",
                   menu="menu.quotable"),
    ]  # fmt: skip
    sheet.freeze = f"C{FIRST}"
    sheet.repeat_rows = f"{p.quotes_row - 1}:{p.quotes_row - 1}"  # the quotes are long, the price book fits on a page
    sheet.print_area = f"{span(1, 1, p.quotes_row - 4, book.last_col)},{quotes.printed}"
    return sheet


def _price_book(ctx: Context, t: Table, quotes: RecordTable) -> None:
    """One row a platform: its own price, what each basis says, and the price in use."""
    g, platforms, bases = ctx.graph, ctx.places.platforms, ctx.places.bases
    name = t.column("Platform", TEXT, list(platforms), style="Strong", width=16)
    rule = Validation((), "Own price", "USD per GPU-hour, 0.01 to 1,000. Note beside the quotes where it comes from. Empty: the chosen basis "
                      "is used.", low=USD_PER_GPU_HOUR.low, high=USD_PER_GPU_HOUR.high)  # fmt: skip
    typed = [ctx.inputs.own_prices.get(platform) for platform in platforms]
    keys = [f"prices.own/{platform}" for platform in platforms]
    own = t.inputs("Own price", USD_PER_GPU_HOUR, typed, keys, rule, key="own", width=11)
    head = g.add(
        "prices.bases", Line(TEXT, list(bases), len(bases), Ref(PRICES, FIRST - 1, t.last_col + 1), down=False)
    )
    for j, basis in enumerate(bases):
        text = quoted(quotes, name.by_col, head.cell(j).formed("row"))
        if basis == BUILD_UP:
            built = g["ownership.own_build_up"]
            text = IF(ISNUMBER(built), built, NA)
        t.column(basis, USD_PER_GPU_HOUR, text, key=f"basis_{j}", style="Result", width=10.5)
    listed = t.across("basis_0", f"basis_{len(bases) - 1}").relative
    basis, moved = g["scenario.basis"], g["scenario.price_change"]
    price = picked(own, listed, basis, head.all, moved)
    used = t.column("Price in use", USD_PER_GPU_HOUR, price, key="in_use", style="Result strong", width=10)
    t.column("Where it comes from", TEXT, _origin(ctx, own, used), style="Result text", width=27)
    count = len(bases)
    missing = IF(COUNT(listed).eq(count), "priced on every basis", "no price on " & (count - COUNT(listed)) & " bases")
    t.column("Not quoted", TEXT, missing, style="Unit", width=22)
    usd = quotes.all("usd_per_gpu_hour")
    names, based = (ctx.graph[f"quote_names.{key}"].all for key in ("platform", "basis"))
    priced = SUMPRODUCT(names.eq(name) * based.ne("") * (usd > 0) * (usd < HIGHEST))
    read = t.across("basis_0", f"basis_{count - 2}").relative
    t.column("Double quotes", PLAIN, priced - COUNT(read), key="surplus", fmt="0;-0;-", width=9)
    doubt_checks.of_own_prices(ctx, t, quotes, name, own, INDEX(listed, MATCH(basis, head.all, 0)))


def _without_curve(ctx: Context, sheet: Sheet, quotes: RecordTable) -> None:
    """The platforms that have no cost, and why."""
    facts, first = ctx.places.without_curve, FIRST + len(ctx.places.platforms) + 3
    if not facts:
        return
    sheet.put(first - 2, 1, "Platforms without a cost", "Heading")
    t = Table(ctx.graph, sheet, "no_cost", first, 1, len(facts))
    name = t.column("Platform", TEXT, [fact.platform for fact in facts], style="Strong")
    usd = quotes.all("usd_per_gpu_hour")
    priced = SUMPRODUCT(quotes.all("platform").eq(name.by_col) * (usd > 0) * (usd < HIGHEST))
    t.column("Priced quotes", PLAIN, priced, fmt="0;-0;-")
    t.column("Why", TEXT, [fact.no_curve for fact in facts], style="Text")


def quoted(quotes: RecordTable, platform: Expr, basis: Expr) -> Expr:
    """The last quote with a price of a platform on a basis, so that a newer row wins; #N/A where there is none."""
    usd = quotes.all("usd_per_gpu_hour")
    row = ROW(usd) - (quotes.top_row - 1)
    names, bases = (quotes.graph[f"quote_names.{key}"].all for key in ("platform", "basis"))
    last = largest(names.eq(platform) * bases.eq(basis) * (usd > 0) * (usd < HIGHEST) * row)
    return IFERROR(INDEX(usd, INT(0.5 + 1 / (1 / last))), NA)


def picked(own: Any, listed: Any, basis: Any, bases: Any, change: Any) -> Any:
    """USD/GPU-hour in use: the own price, else the chosen basis of a row of the price book with the scenario's change.

    What is built up from costs does not change with a scenario's discount. `Market.price_after` states the same for Python.
    """
    return IF(typed_number(own) > 0, own, INDEX(listed, MATCH(basis, bases, 0)) * IF(basis.eq(BUILD_UP), 1, 1 + change))


def _origin(ctx: Context, own: Expr, used: Expr) -> Expr:
    """Where the price in use comes from, in words."""
    g = ctx.graph
    basis = g["scenario.basis"]
    server = IF(AND(basis.eq(BUILD_UP), g["ownership.it_covers"].eq(SERVER_ONLY)), f", {SERVER_ONLY}", "")
    return IF(
        typed_number(own) > 0,
        "own price",
        IF(ISNUMBER(used), g["scenario.basis_words"] & server, "no " & basis & " price"),
    )


def _style(column: str) -> str:
    if column == "USD/GPU-hour":
        return "Input"
    return "Note" if column in ("Provider", "Commitment", "Source", "Note") else "Data text"


def _quotes(ctx: Context, sheet: Sheet, top: int, col: int) -> RecordTable:
    """The quotes below and right of the price book, so that long notes do not stretch its rows."""
    inputs = ctx.inputs
    sheet.put(top - 3, col, "Quotes", "Heading")
    sheet.put(top - 2, col, "Add a quote under the last row: with a basis it joins the price book, and the last row of a platform and "
              "basis wins. An empty price is offered without a list price.", "Footnote")  # fmt: skip
    units = {"usd_per_gpu_hour": USD_PER_GPU_HOUR}
    own = tuple(range(len(inputs.quotes) - inputs.own_quotes, len(inputs.quotes)))
    found = declared(
        ctx.graph, sheet, "quotes", Ref(PRICES, top, col), QUOTE_FIELDS, inputs.quotes, inputs.typed_quotes, SPARE_QUOTES,
        units=units, style=_style, name="tblPrices", own=own,
    )  # fmt: skip
    for offset, width in enumerate((16, 20, 24, 22, 11, 19, 11, 46, 62)):
        sheet.widths[col + offset] = width
    for r, q in enumerate(inputs.quotes, top):
        sheet.heights[r] = lines_high([(q.source, 46), (q.note, 62), (q.provider, 20), (q.commitment, 24)])
    sheet.open_columns += range(col, col + len(QUOTE_COLUMNS))
    doubt_checks.of_quotes(ctx, sheet, found)
    return found
