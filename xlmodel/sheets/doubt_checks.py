"""Doubts in words beside what readers type, the table of bounds that they follow, and the checks that count them.

A doubt fails its check until it is answered: the number corrected, or a note beside it that confirms it.
"""

from functools import reduce
from operator import add, mul
from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.graph import Graph
from xlmodel.book.record_table import RecordTable
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import AND, COUNTIFS, IF, IFERROR, ISNA, ISNUMBER, MATCH, SUMIFS, SUMPRODUCT, typed_number
from xlmodel.calc.place import Place
from xlmodel.model import plausible
from xlmodel.model.bounds import BANDS, FAR_ABOVE, FAR_BELOW
from xlmodel.sheets import meant
from xlmodel.units import ANY, RATIO, TEXT

NO_BASIS = "no basis of this name: pick one of the list"
NO_PLATFORM = "no row of the price book for this platform: a new build with its points brings it"
MOST = 1e9  # a text is more than any number: whatever is not below this is none


def bounds(ctx: Context, sheet: Sheet, row: int) -> Table:
    """The table of bounds; its headings stand in the row before."""
    held = BANDS
    sheet.put(row - 3, 1, "What a plausible number is", "Heading")
    sheet.put(row - 2, 1, "A number falls into the band that begins at or below it. A band without words is plausible; the others ask a "
              "question beside the number.", "Footnote")  # fmt: skip
    t = Table(ctx.graph, sheet, "bounds", row, 1, len(held))
    t.column("What is asked", TEXT, [band.says or None for band in held], style="Note", key="says")
    t.column(
        "What is measured, and why the bound stands there", TEXT, [band.why for band in held], style="Note", key="why"
    )
    t.column("From", ANY, [float(band.start) for band in held], style="Result", fmt="General", key="from")
    t.column("Of", TEXT, [band.kind for band in held], style="Note", key="kind")
    sheet.heights |= dict.fromkeys(range(t.row, t.end), 28)
    return t


def places(graph: Graph) -> plausible.Places:
    """Where the bounds of a kind and their words stand."""
    kinds = [band.kind for band in BANDS]

    def of(kind: str) -> tuple[Any, Any]:
        first = kinds.index(kind)
        last = first + kinds.count(kind) - 1
        return graph["bounds.from"].rows(first, last), graph["bounds.says"].rows(first, last)

    return of


def beside(graph: Graph, kind: str, typed: Any) -> Any:
    """The doubt about a typed number of a kind; an empty cell raises none."""
    return IF(typed_number(typed) > 0, plausible.told(kind, typed, places(graph)), "")


def of_typed(ctx: Context, key: str, kind: str, name: str, says: str) -> Any:
    """The first doubt about the numbers of a typed line, or cell, in words; the check that counts all of them is added."""
    typed = ctx.graph.find(key)
    cells = [typed.cell(i) for i in range(typed.count)] if isinstance(typed, Line) else [typed]
    asked = [beside(ctx.graph, kind, cell) for cell in cells]
    ctx.checks.append(Check(name, says, typed, reduce(add, (one.ne("") * 1 for one in asked))))
    return reduce(lambda words, one: IF(one.eq(""), words, one), reversed(asked))


def marked(sheet: Sheet, cells: Place) -> None:
    """Doubts in the colours of a failing check."""
    sheet.conditions.append(Condition(cells.area.a1, cells.relative.ne(""), "bad"))


def of_quotes(ctx: Context, sheet: Sheet, quotes: RecordTable) -> None:
    """The doubt about every quote, right of it; quotes of the build are held against each other, typed ones against those."""
    g, col = ctx.graph, quotes.first.col + len(quotes.headings)
    t = Table(g, sheet, "quote_doubts", quotes.top_row, col, quotes.count)
    usd, off, written = (
        quotes.line("usd_per_gpu_hour").relative,
        g["quote_times.off"].relative,
        quotes.count - quotes.built,
    )
    asked = plausible.price(usd, off, IF(ISNUMBER(off), 1, 0), places(g))
    built = IF(usd.eq(""), "", IF(ISNUMBER(usd), asked, plausible.NO_NUMBER))
    doubt = t.column(
        "Doubt", TEXT, [built] * quotes.built + [_named(g, built)] * written, style="Note", width=44, form="relative"
    )
    names = Table(g, sheet, "quote_names", quotes.top_row, col + 1, quotes.count)
    for key in ("platform", "basis"):
        typed = quotes.line(key).relative
        known, meaning = IF(typed.eq(""), "", typed), meant.meant(ctx, key, typed)
        meanings = [known] * quotes.built + [meaning] * written
        names.column(f"{key.capitalize()} meant", TEXT, meanings, key=key, style="Text", width=20, form="relative")
    times = Table(g, sheet, "quote_times", quotes.top_row, col + 3, quotes.count, long=True)
    of_build, of_reader = (_off(g, quotes, own) for own in (1, 0))
    far = [of_build] * quotes.built + [of_reader] * written
    times.column("Far off, times", RATIO, far, key="off", fmt="0.00", width=10, form="relative")
    g.later(times.finish)
    marked(sheet, doubt)
    ctx.checks.append(
        Check("Quotes are per GPU-hour", "No quote looks as if it were per server, rack, month or year, or in cents or thousands, or is for a "
              "basis or platform that nobody knows; a text in its Note confirms one that is.", doubt, open_doubts(doubt.all, quotes.all("note"))))  # fmt: skip


def _named(g: Graph, asked: Expr) -> Expr:
    """The doubt about a typed quote: first whether the price book has a place for it."""
    platform, basis = (g[f"quote_names.{key}"].relative for key in ("platform", "basis"))
    lost = IF(ISNA(MATCH(platform, g["prices.platform"].all, 0)), NO_PLATFORM, asked)
    return IF(basis.eq(""), asked, IF(ISNA(MATCH(basis, g["prices.bases"].all, 0)), NO_BASIS, lost))


def _off(g: Graph, quotes: RecordTable, own: int) -> Expr:
    """How far off a quote is, of this sheet alone; `own` is 1 where it is one of those that it is held against."""
    usd = quotes.line("usd_per_gpu_hour").relative
    platform, basis = (g[f"quote_names.{key}"].relative for key in ("platform", "basis"))
    count, above, below, total = _others(quotes, platform, usd)
    if own:
        found = IF(count < 2, "", plausible.far_off(usd / ((total - usd) / (count - 1)), above - 1, below - 1))
    else:
        held = {key: quotes.line(key).rows(0, quotes.built - 1) for key in ("usd_per_gpu_hour", "platform", "basis")}
        replaced = SUMIFS(held["usd_per_gpu_hour"], held["platform"], platform, held["basis"], basis)
        times = usd / IF(basis.eq(""), total / count, IF(replaced > 0, replaced, total / count))
        exact = AND(basis.ne(""), replaced > 0, plausible.multiple(times))
        found = IF(count < 1, "", plausible.far_off(times, above, below, exact))
    return IF(ISNUMBER(usd), found, "")


def _others(quotes: RecordTable, platform: Expr, usd: Expr) -> tuple[Any, Any, Any, Any]:
    """Of the build's quotes of a platform: how many there are, how many are dear and how many cheap beside a price, and their sum."""
    held, names = (quotes.line(key).rows(0, quotes.built - 1) for key in ("usd_per_gpu_hour", "platform"))
    return (
        COUNTIFS(names, platform, held, ">0"),
        COUNTIFS(names, platform, held, ">" & usd / FAR_ABOVE),
        COUNTIFS(names, platform, held, "<" & usd / FAR_BELOW, held, ">0"),
        SUMIFS(held, names, platform),
    )


def of_own_prices(ctx: Context, t: Table, quotes: RecordTable, name: Line, own: Line, listed: Expr) -> None:
    """The doubt about each own price: beside the platform's quotes, and as a multiple of the listed price that it replaces.

    A quote of the platform at the same price with a note confirms it.
    """
    g, usd = ctx.graph, own.relative
    count, above, below, total = _others(quotes, name.relative, usd)
    ratio = IF(ISNUMBER(usd), IFERROR(usd / listed, ""), "")
    times = t.column("Times the list", RATIO, ratio, fmt="0.00", width=9, form="relative")
    exact = IF(ISNUMBER(times), plausible.multiple(times), False)
    ratio = IF(ISNUMBER(times), times, usd / (total / count))
    doubt = plausible.price(usd, plausible.far_off(ratio, above, below, exact), count, places(g))
    noted = quotes.all("note")
    same = COUNTIFS(quotes.all("platform"), name.relative, quotes.all("usd_per_gpu_hour"), usd, noted, "<>")
    asked = IF(usd.eq(""), "", IF(ISNUMBER(usd), IF(same > 0, "", doubt), plausible.NO_NUMBER))
    line = t.column("Doubt", TEXT, asked, style="Note", form="relative")
    marked(t.sheet, line)
    ctx.checks.append(
        Check("Own prices are per GPU-hour", "No own price looks as if it were per server, rack, month or year, or in cents or thousands; a "
              "quote at the same price with a Note confirms one that does.", own, SUMPRODUCT(line.all.ne("") * 1)))  # fmt: skip


def open_doubts(doubts: Any, notes: Any, *also: Any) -> Any:
    """How many doubts no note answers, of those for which `also` holds."""
    return SUMPRODUCT(reduce(mul, (doubts.ne(""), notes.eq(""), *also)))
