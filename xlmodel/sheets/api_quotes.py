"""API prices, second part: the quotes with room for more, what each comes to for the book's mix, and its rank."""

from dataclasses import dataclass

from xlmodel.book.context import Check, Context
from xlmodel.book.graph import Graph
from xlmodel.book.places import SPARE_HOSTED
from xlmodel.book.record_rows import API_FIELDS
from xlmodel.book.record_table import RecordTable, declared
from xlmodel.book.spec import Sheet, Validation
from xlmodel.book.table import Table
from xlmodel.calc.address import Ref
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, IF, ISNUMBER, LOWER, MATCH, ROW, SUBSTITUTE, SUMPRODUCT
from xlmodel.model.api_price import API_PRICE, blended, paid, priced
from xlmodel.sheets.frame import lines_high
from xlmodel.units import COUNT, SWITCH

NO_PRICE = 1_000_000_000  # sorts behind every price
LEAST = 0.005  # USD per million input tokens; below, the price is of another unit
_OWN = ("Own input", "Own cached input", "Own output")
_PRICES = {"input": API_PRICE, "cached_input": API_PRICE, "output": API_PRICE} | dict.fromkeys(
    ("own_input", "own_cached", "own_output"), API_PRICE
)
_WIDTHS = (19, 15, 8.5, 8.5, 8.5, 8.5, 8.5, 8.5, 9, 8.5, 10.5, 10.5, 26.5, 27.5)
_FORMAT = "#,##0.00##"
_NOTED = ("Source", "Note", "Confidence", "Provider")


@dataclass(frozen=True)
class Mix:
    """The book's own mix of tokens: its model, and the shares of input, cached input and output."""

    model: Expr
    input: Expr
    cached: Expr
    output: Expr


@dataclass(frozen=True)
class Offers:
    """The quotes as typed, and beside them what each comes to."""

    quotes: RecordTable
    read: Table
    worth: Table

    def all(self, key: str) -> Expr:
        """A whole column, spare rows included."""
        for table in (self.read, self.worth):
            if key in table.lines:
                return table.lines[key].all
        return self.quotes.all(key)


def describe(ctx: Context, sheet: Sheet, top: int, col: int, mix: Mix) -> Offers:
    """Declare the quotes: blended price and rank, then the quotes as Excel table, then the workings behind them."""
    g, inputs = ctx.graph, ctx.inputs
    sheet.put(top - 3, col, "Quotes", "Heading")
    sheet.put(top - 2, col, "USD per million tokens. A price that you agreed goes under Own and wins over the list; a quote of your own goes "
              "under the last row and is ranked at once.", "Footnote")  # fmt: skip
    own = tuple(range(len(inputs.api_prices) - inputs.own_api, len(inputs.api_prices)))
    quotes = declared(
        g, sheet, "offers", Ref(sheet.name, top, col + 2), API_FIELDS, inputs.api_prices, inputs.typed_api, SPARE_HOSTED, units=_PRICES,
        style=_style, name="tblApiPrices", own=own, free=_OWN, formats=dict.fromkeys(("Input", "Cached input", "Output", *_OWN), _FORMAT),
    )  # fmt: skip
    first = quotes.first
    for offset, width in enumerate(_WIDTHS):
        sheet.widths[first.col + offset] = width
    for r, price in enumerate(inputs.api_prices, top):
        sheet.heights[r] = lines_high(
            [(price.source, 30), (price.note, 31), (price.provider, 16)]
        )  # at 9 points more goes into a line
    sheet.heights[top - 1] = 44
    sheet.open_columns += range(first.col, first.col + len(API_FIELDS))
    sheet.open_formats[first.col + list(API_FIELDS).index("As of")] = "@"
    read = _read(g, sheet, quotes, mix, first.col + len(API_FIELDS) + 1)
    worth = Table(g, sheet, "offers", top, col, quotes.count, form="relative")
    usd = worth.column("Blended", API_PRICE, read.lines["usd"], fmt="0.000", width=9)
    wanted = IF(ISNUMBER(usd), _rank(g["offers.sort"], g["offers.model"]), "")
    worth.column("Rank in its model", COUNT, wanted, key="place", fmt="0", width=8)
    _ranked(g, read)
    offers = Offers(quotes, read, worth)
    _validations(sheet, quotes)
    _checks(ctx, offers)
    return offers


def _read(g: Graph, sheet: Sheet, quotes: RecordTable, mix: Mix, col: int) -> Table:
    """What is paid for each class of token, and for the mix."""
    f = {name: quotes.line(name) for name in API_FIELDS.values()}
    t = Table(g, sheet, "offers", quotes.first.row, col, quotes.count, form="relative")
    read = t.column(
        "Input in use", API_PRICE, paid(f["own_input"], f["input"]), key="paid_input", fmt=_FORMAT, width=10
    )
    out = t.column(
        "Output in use", API_PRICE, paid(f["own_output"], f["output"]), key="paid_output", fmt=_FORMAT, width=10
    )
    cached = paid(f["own_cached"], f["cached_input"], read)
    held = t.column("Cached in use", API_PRICE, cached, key="paid_cached", fmt=_FORMAT, width=10)
    price = blended(read, held, out, mix.input, mix.cached, mix.output)
    t.column("Blended price", API_PRICE, priced(read, out, price), key="usd", width=10)
    return t


def _ranked(g: Graph, t: Table) -> None:
    """Columns that sort: a price everywhere, that of the chosen model, and the place among hosting and APIs."""
    usd, model = t.lines["usd"], g["offers.model"]
    t.column("Sort price", API_PRICE, IF(ISNUMBER(usd), usd, NO_PRICE), key="sort", fmt="[<1000000]0.0000;", width=10)
    wanted = IF(AND(model.eq(g["scenario.model"]), ISNUMBER(usd)), usd, "")
    mine = t.column("Chosen model", API_PRICE, wanted, key="chosen", width=10)
    score = t.column(
        "Score", API_PRICE, IF(ISNUMBER(mine), mine, NO_PRICE), key="score", fmt="[<1000000]0.0000;", width=10
    )
    ahead = SUMPRODUCT((score.all < score) + score.all.eq(score) * (ROW(score.all) < ROW()))
    hosted = SUMPRODUCT((g["target.score"].all <= score) * 1)
    t.column("Place", COUNT, IF(ISNUMBER(mine), 1 + ahead + hosted, ""), key="rank", fmt="0", width=8)
    plain = SUBSTITUTE(SUBSTITUTE(LOWER(model), " ", ""), "-", "")
    fine = ISNUMBER(MATCH(model, g["api_models.model"].all, 0))
    near = IF(fine, 0, IF(ISNUMBER(MATCH(plain, g["api_models.plain"].all, 0)), 1, 0))
    t.column("Name nearly known", SWITCH, IF(model.eq(""), 0, near), key="near", fmt="0;;", width=10)


def _rank(sort: Expr, model: Expr) -> Expr:
    """The place of a price among those of its model, the cheapest first; of equals the upper one comes first."""
    every, names = sort.all, model.all  # type: ignore[attr-defined]
    before = (every < sort) + every.eq(sort) * (ROW(every) < ROW())
    return 1 + SUMPRODUCT(names.eq(model) * before)


def _style(column: str) -> str:
    if column in _OWN:
        return "Input"
    return "Note" if column in _NOTED else "Data" if API_FIELDS[column] in _PRICES else "Data text"


def _validations(sheet: Sheet, quotes: RecordTable) -> None:
    prices = tuple(quotes.span(heading) for heading, field in API_FIELDS.items() if field in _PRICES)
    sheet.validations.append(
        Validation(prices, "USD per million tokens", f"{API_PRICE.allowed}; not per token, nor per thousand.",
                   low=API_PRICE.low, high=API_PRICE.high)
    )  # fmt: skip


def _checks(ctx: Context, offers: Offers) -> None:
    """Slips that a reader makes in a table of prices."""
    g, every = ctx.graph, offers.all
    read, held, out, usd = (every(key) for key in ("paid_input", "paid_cached", "paid_output", "sort"))
    high = API_PRICE.high
    slips = (
        ((read > 0) * (read < LEAST)) + ((out > 0) * (out < LEAST)) + ((read > high) + (out > high)) * (usd < NO_PRICE)
    )
    begun = every("paid_input").ne("") + every("paid_output").ne("") > 0
    checks = (
        ("API prices have sources", "Every row with a price says where it comes from.", "source",
         SUMPRODUCT((usd < NO_PRICE) * every("source").eq(""))),
        ("API prices are per million tokens", f"Input and output are free, or from {LEAST} to {high:,} USD per million tokens.", "input",
         SUMPRODUCT(slips)),
        ("Cached input costs no more", "A cached input token costs at most as much as any other.", "cached_input",
         SUMPRODUCT((usd < NO_PRICE) * (held > read))),
        ("Rows of API prices are complete", "A row with one price has a model, a provider, and prices of input and output.", "model",
         SUMPRODUCT(begun * (((usd >= NO_PRICE) + every("model").eq("") + every("provider").eq("")) > 0))),
        ("Models of API prices are spelled alike", "No row names a model that differs from a known one in spaces, hyphens or capitals alone.",
         "model", SUMPRODUCT(every("near"))),
    )  # fmt: skip
    for name, says, field, wrong in checks:
        ctx.checks.append(Check(name, says, g.find(f"offers.{field}").ref(), wrong))
