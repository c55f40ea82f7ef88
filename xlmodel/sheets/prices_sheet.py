"""Prices: the price book the model reads, own prices first, and the quotes behind it."""

from xlmodel.book.context import Context
from xlmodel.book.ownership_places import at
from xlmodel.book.places import FIRST, PRICES, QUOTE_COLUMNS, SPARE_QUOTES, Places
from xlmodel.book.rows import QUOTE_FIELDS, row_of
from xlmodel.book.spec import Block, Column, Condition, ExcelTable, Link, Sheet, Validation
from xlmodel.calc.address import Area, letters
from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.facts import Quote
from xlmodel.model.ownership import BUILD_UP, SERVER_ONLY
from xlmodel.sheets.choice_inputs import price_words
from xlmodel.sheets.frame import headers, lines_high, span, start, widths
from xlmodel.units import USD_PER_GPU_HOUR

_PRICE = USD_PER_GPU_HOUR.format


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    p = ctx.places
    book = p.price_book
    quotes_row, quotes_col = p.quotes("Platform").row, p.quotes("Platform").col
    sheet = start(
        ctx, PRICES, "inputs", "Prices",
        "USD per GPU-hour. Type your own price into the framed column: it wins over every list.",
        book.last_col + 4,
    )  # fmt: skip
    sheet.put(FIRST - 3, 1, "Price book: platform by basis", "Heading")
    sheet.put(FIRST - 2, 1, "A basis is where a price comes from. #N/A means that the basis has no price for the platform; the last "
              "column says how many are missing. The quotes stand to the right; Own build-up comes from Ownership.", "Footnote")  # fmt: skip
    link = sheet.put(FIRST - 2, book.last_col + 2, "To the quotes →", "Hyperlink")
    sheet.links.append(Link(link.a1, place=f"'{PRICES}'!{letters(quotes_col)}{quotes_row - 3}"))
    headers(
        sheet,
        FIRST - 1,
        1,
        ("Platform", "Own price", *p.bases, "Price in use", "Where it comes from", "Not quoted", "Double quotes"),
        44,
    )
    for i, platform in enumerate(p.platforms):
        _book_row(ctx, sheet, i, platform)
    _quotes(ctx, sheet, quotes_col)
    area = span(FIRST, 3, book.last_row, book.last_col)
    sheet.conditions.append(Condition(area, f"ISNA({letters(3)}{FIRST})", "muted"))
    widths(sheet, (16, 11, *(10.5,) * len(p.bases), 10, 27, 22, 9, 3))
    widths(sheet, (16, 20, 24, 22, 11, 19, 11, 46, 62), quotes_col)
    sheet.validations += [
        Validation(
            (span(FIRST, 2, book.last_row, 2),), "Own price", "USD per GPU-hour, 0.01 to 1,000. Note beside the quotes where it "
            "comes from. Empty: the chosen basis is used.", low=USD_PER_GPU_HOUR.low, high=USD_PER_GPU_HOUR.high,
        ),
        Validation(
            (span(quotes_row, quotes_col + 4, p.quotes("Platform").last_row, quotes_col + 4),), "USD/GPU-hour",
            "Per GPU, not per server or superchip.", low=USD_PER_GPU_HOUR.low, high=USD_PER_GPU_HOUR.high,
        ),
        Validation(
            (span(quotes_row, quotes_col + 3, p.quotes("Platform").last_row, quotes_col + 3),), "Basis",
            "The column of the price book that reads this quote; empty: for information only.",
            source=_quotable(p).on(PRICES),
        ),
    ]  # fmt: skip
    sheet.open_columns += range(quotes_col, quotes_col + len(QUOTE_COLUMNS))
    sheet.freeze = f"C{FIRST}"
    last_quote = letters(quotes_col + len(QUOTE_COLUMNS) - 1)
    sheet.print_area = (
        f"A1:{letters(book.last_col + 4)}{book.last_row},"
        f"{letters(quotes_col)}{quotes_row - 3}:{last_quote}{quotes_row + len(ctx.inputs.quotes) - 1}"
    )
    return sheet


def _book_row(ctx: Context, sheet: Sheet, i: int, platform: str) -> None:
    p, market = ctx.places, ctx.market
    row, book = p.book_row(i), p.price_book
    name = sheet.put(row, 1, platform, "Strong")
    own = sheet.input(row, 2, ctx.inputs.own_prices.get(platform), f"prices.own/{platform}", fmt=_PRICE)
    areas = {
        key: p.quotes(column) for key, column in (("plat", "Platform"), ("base", "Basis"), ("usd", "USD/GPU-hour"))
    }
    for j, basis in enumerate(p.bases):
        col = book.col + j
        value: Value = market.price(platform, basis)
        if basis == BUILD_UP:
            sheet.calc(row, col, "IF(ISNUMBER({x}),{x},NA())", value, "Result", _PRICE, x=at("Own build-up", i))
            continue
        sheet.calc(
            row, col,
            "IFERROR(INDEX({usd},INT(0.5+1/(1/SUMPRODUCT(MAX(({plat}=$A{row})*({base}={col}${head})"
            "*({usd}>0)*({usd}<1000000)*(ROW({usd})-{above})))))),NA())",  # text is more than any number; 1/0: no quote
            value, "Result", _PRICE, row=row, col=letters(col), head=FIRST - 1, above=p.quotes("Platform").row - 1, **areas,
        )  # fmt: skip
    bases, quoted = span(row, book.col, row, book.last_col), span(row, book.col, row, book.last_col - 1)
    used = sheet.calc(
        row, book.last_col + 1, price_text(bases),
        market.price(platform), "Result strong", _PRICE, own=own, basis=p.choice("basis"), header=p.bases_header,
        change=p.choice("price_change"),
    )  # fmt: skip
    if ctx.inputs.own_prices.get(platform, 0) > 0:
        reason = "own price"
    elif isinstance(market.price(platform), float | int):
        reason = price_words(ctx)[0]
        if market.server_only(platform):
            reason += f", {SERVER_ONLY}"
    else:
        reason = f"no {market.scenario.basis} price"
    sheet.calc(
        row, book.last_col + 2,
        'IF(N({own})>0,"own price",IF(ISNUMBER({used}),{words}&IF(AND({basis}="' + BUILD_UP
        + f'",{{covers}}="{SERVER_ONLY}"),", {SERVER_ONLY}",""),"no "&{{basis}}&" price"))',
        reason, "Result text", own=own, used=used, basis=p.choice("basis"), words=p.derived("basis_words"),
        covers=at("It covers", i),
    )  # fmt: skip
    missing = sum(1 for basis in p.bases if isinstance(market.price(platform, basis), ExcelError))
    count = len(p.bases)
    sheet.calc(
        row, book.last_col + 3, f'IF(COUNT({bases})={count},"priced on every basis","no price on "&({count}-COUNT({bases}))&" bases")',
        f"no price on {missing} bases" if missing else "priced on every basis", "Unit",
    )  # fmt: skip
    sheet.calc(
        row, book.last_col + 4, 'SUMPRODUCT(({plat}={name})*({base}<>"")*({usd}>0)*({usd}<1000000))-COUNT(' + quoted + ")", surplus_of(ctx, platform),
        "Calculation", "0;-0;-", name=name, **areas,
    )  # fmt: skip


def price_text(bases: str) -> str:
    """The price of a platform in use, from its line of the price book; the twin is `Market.price_after`."""
    return f'IF(N({{own}})>0,{{own}},INDEX({bases},MATCH({{basis}},{{header}},0))*IF({{basis}}="{BUILD_UP}",1,1+{{change}}))'


def _quotable(p: Places) -> Area:
    """The bases that a quote may carry: all but the computed one, which is the last."""
    area = p.menu("bases")
    return Area(area.sheet, area.row, area.col, area.last_row - 1, area.last_col)


def surplus_of(ctx: Context, platform: str) -> int:
    """Priced quotes of a platform beyond one on each basis of the price book."""
    quotes = [q for q in (*ctx.inputs.quotes, *ctx.inputs.typed_quotes) if q.platform == platform and q.basis]
    priced = sum(1 for q in quotes if q.usd_per_gpu_hour)
    return priced - sum(1 for basis in ctx.places.bases if (platform, basis) in ctx.market.quoted)


def _quote_style(column: str) -> str:
    if column == "USD/GPU-hour":
        return "Input"
    return "Note" if column in ("Provider", "Commitment", "Source", "Note") else "Data text"


def quote_row(q: Quote) -> tuple[Value, ...]:
    """One quote as a row of the table, in the order of QUOTE_COLUMNS."""
    return row_of(q, QUOTE_FIELDS)


def _quotes(ctx: Context, sheet: Sheet, col: int) -> None:
    top = ctx.places.quotes("Platform").row
    sheet.put(top - 3, col, "Quotes", "Heading")
    sheet.put(top - 2, col, "Add a quote under the last row: with a basis it joins the price book, and the last row of a platform and "
              "basis wins. An empty price is offered without a list price.", "Footnote")  # fmt: skip
    headers(sheet, top - 1, col, QUOTE_COLUMNS)
    rows = [quote_row(q) for q in ctx.inputs.quotes]
    columns = [
        Column(values, _quote_style(name), _PRICE if name == "USD/GPU-hour" else "@")
        for name, values in zip(QUOTE_COLUMNS, zip(*rows, strict=True), strict=True)
    ]
    sheet.blocks.append(Block(top, col, columns))
    for r, q in enumerate(ctx.inputs.quotes, top):
        texts = [(q.source, 46), (q.note, 62), (q.provider, 20), (q.commitment, 24)]
        sheet.heights[r] = lines_high(texts)
    for i, quote in enumerate(ctx.inputs.typed_quotes, len(rows)):
        for offset, value in enumerate(quote_row(quote)):
            sheet.put(top + i, col + offset, value, "Input")
    own = tuple(range(len(rows) - ctx.inputs.own_quotes, len(rows)))
    area = sheet.area(top - 1, col, top + len(rows) - 1, col + len(QUOTE_COLUMNS) - 1)
    sheet.tables.append(ExcelTable("tblPrices", area, QUOTE_COLUMNS, SPARE_QUOTES, own))
