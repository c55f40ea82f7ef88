"""Claims, last part: published forecasts of falling prices and of gains by software, held against the book's own numbers."""

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from xlmodel.book.context import Context
from xlmodel.book.keys import slugs
from xlmodel.book.spec import Condition, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.expression import Expr, lift
from xlmodel.calc.functions import AND, COUNT, IF, IFERROR, ISNUMBER, MAX, MEDIAN, MIN, NA
from xlmodel.model import claims as c
from xlmodel.model.economics import ratio
from xlmodel.model.forecast import Forecast, a_year, by_unit, months_of, period, yearly
from xlmodel.units import COUNT as PLAIN
from xlmodel.units import RATIO, SHARE, TEXT, TOKENS_PER_GPU

SOFTWARE, COST, NOTHING = "largest gain of a Blackwell platform", "cost of a token, where it falls slowest", "none"
SHORTEST = 3  # months between two snapshots from which a gain is a rate of progress
RENT = {  # heading, and the bases of two dates
    f"Rent, {says}": (f"{name} 2025-08", f"{name} 2026-07")
    for name, says in (("Hyperscaler", "large cloud"), ("Neocloud", "neocloud"), ("3-year rental", "3 years"))
}
_RENT_MONTHS = months_of("2026-07") - months_of("2025-08")
_DATED = re.compile(r"\d{4}-(0[1-9]|1[0-2])")  # a snapshot of one's own may have any name
_FORMAT = '0.00"x"_)'


class Criterion(NamedTuple):
    """How a forecast is held against the book: by what, in which relation, for which model, and what speaks against it."""

    measure: str
    relation: str
    why: str
    model: str = ""


AUDITED = {
    "F06": Criterion(COST, c.MORE_THAN, "The book's fall: throughput of the same platform from the oldest to the newest snapshot at the target, times the "
                     "fall of its rent, both by year, on the platform where that is least: early runs that barely worked make the others large."),
    "F08": Criterion(COST, c.ABOUT, "A price to the buyer at equal quality, held against the cost of the same model on the same platform: newer models "
                     "that reach the quality with less are not in the book's number."),
    "F09": Criterion(SOFTWARE, c.UP_TO, "The book's gain is over the months between its oldest and newest snapshot, not three, at the target's interactivity; "
                     "the published one is the best point of a curve.", "DeepSeek-R1"),
    "F07": Criterion(NOTHING, c.ABOUT, "The book holds one price of a provider and model, of one date: a fall of posted prices cannot be seen in it."),
}  # fmt: skip


def describe(ctx: Context, sheet: Sheet, top: int) -> int:
    """Declare the forecasts, then the book's own numbers by platform; returns the last row."""
    forecasts = [forecast for forecast in ctx.inputs.forecasts if forecast.id in AUDITED]
    if not forecasts:
        return top
    sheet.put(top, 1, "Forecasts: falling prices and gains by software", "Heading")
    sheet.put(top + 1, 1, "Published numbers as the factor of a year, judged as the claims are, by what this workbook's snapshots and rents show.",
              "Footnote")  # fmt: skip
    own = _own(ctx, sheet, top + len(forecasts) + 7)
    _forecasts(ctx, sheet, top + 3, forecasts, own)
    sheet.breaks = [top - 2, own.row - 4]
    return own.end


def _own(ctx: Context, sheet: Sheet, top: int) -> Table:
    """By platform: gain by software between its oldest and newest snapshot, fall of the rent, and both together, a year."""
    g, p = ctx.graph, ctx.places
    sheet.put(top - 2, 1, "The book's own numbers, by platform at the target of the Summary", "Heading")
    labels = [ctx.inputs.snapshots[i].label for i in p.progress]
    dated = [
        (g[f"progress.{key}"], months_of(label[:7]))
        for label, key in zip(labels, slugs(labels), strict=True)
        if _DATED.match(label)
    ]
    rates, months = [rate for rate, _ in dated], [month for _, month in dated]
    t = Table(g, sheet, "own_progress", top, 2, len(p.platforms), height=44)
    t.column("Platform", TEXT, g["menu.platforms"], style="Strong")
    old, new = (_first(order, rates) for order in (range(len(rates)), reversed(range(len(rates)))))
    first = t.column("Oldest snapshot", TOKENS_PER_GPU, old)
    last = t.column("Newest snapshot", TOKENS_PER_GPU, new)
    begins, ends = (_first(order, rates, months) for order in (range(len(rates)), reversed(range(len(rates)))))
    between = t.column("Months between", PLAIN, IF(ISNUMBER(first), ends - begins, NA), fmt="0")
    gain = t.column(
        "Gain", RATIO, IF(ISNUMBER(between), IF(between >= SHORTEST, ratio(last, first), NA), NA), key="gain"
    )
    software = t.column("Gain a year", RATIO, IF(ISNUMBER(gain), a_year(gain, between), NA), style="Result strong")
    for k, (name, pair) in enumerate(RENT.items()):
        t.column(name, RATIO, _fall(ctx, *pair), key=f"rent_{k}")
    falls = t.across("rent_0", f"rent_{len(RENT) - 1}").relative
    rent = IF(COUNT(falls) > 0, a_year(MEDIAN(falls), _RENT_MONTHS), NA)
    fallen = t.column("Rent falls a year", RATIO, rent, style="Result strong")
    cost = t.column("Cost falls a year", RATIO, software * fallen, key="cost", style="Result strong")
    t.column("Where known", RATIO, IF(ISNUMBER(cost), cost, ""), key="known")
    t.mute("oldest_snapshot", "cost")
    return t


def _first(order: Any, rates: Sequence[Expr], shown: Sequence[float] | None = None) -> Expr:
    """The first rate in an order that is a number, or what is shown for it; #N/A where none is."""
    found: Any = NA
    for i in reversed(list(order)):
        found = IF(ISNUMBER(rates[i]), rates[i] if shown is None else shown[i], found)
    return lift(found)


def _fall(ctx: Context, old: str, new: str) -> Expr:
    """How many times the old rent is the new one; empty where the book lacks one of them."""
    bases = ctx.places.bases
    if old not in bases or new not in bases:
        return lift("")
    was, now = (ctx.graph[f"prices.basis_{bases.index(name)}"] for name in (old, new))
    found: Expr = IF(AND(ISNUMBER(was), ISNUMBER(now)), ratio(was, now), "")
    return found


def _forecasts(ctx: Context, sheet: Sheet, top: int, forecasts: Sequence[Forecast], own: Table) -> None:
    """The forecasts under the columns of the claims."""
    g, audits = ctx.graph, [AUDITED[forecast.id] for forecast in forecasts]
    t = Table(g, sheet, "forecasts", top + 1, 1, len(forecasts), height=44)

    def words(heading: str, texts: Sequence[str], style: str = "Note") -> None:
        t.column(heading, TEXT, [text or None for text in texts], style=style)

    words("ID", [f.id for f in forecasts], "Strong")
    words("Forecast (as published)", [f.says for f in forecasts])
    words("Who", [f.who for f in forecasts])
    words("Kind", [f.kind for f in forecasts], "Text")
    words("Period", [f"{f.begins} to {f.ends}" if f.begins else "" for f in forecasts])
    said = t.column("Published", RATIO, [f.value for f in forecasts], style="Data", fmt="General")
    words("Unit", [f.unit for f in forecasts])
    words("Relation", [audit.relation for audit in audits], "Text")
    factors = [by_unit(said.relative, f.unit, period(f)) if yearly(f) else None for f in forecasts]
    t.column("Factor a year", RATIO, factors, style=lambda i: "" if factors[i] is None else "Calculation", fmt=_FORMAT)
    data = t.column("From the book", RATIO, [_measured(ctx, audit, own) for audit in audits], fmt=_FORMAT)
    words("Held against", ["a year" if factor is not None else "gain" for factor in factors])
    reasons = [_reason(ctx, audit, data) for audit in audits]
    t.column("Reason", TEXT, reasons, style="Note")
    published = [said.relative if factor is None else g["forecasts.factor_a_year"].relative for factor in factors]
    relation = g["forecasts.relation"].relative
    off = [IF(ISNUMBER(data.relative), c.miss(one, relation, data.relative), "") for one in published]
    missed = t.column("Difference", SHARE, off, fmt="0.0%_)")
    judged = c.verdict(lift("forecast"), lift(c.YES), missed.relative, g["claims.close"], g["claims.near"])
    verdict = t.column("Verdict", TEXT, judged, style="Text")
    words("By", [audit.measure for audit in audits])
    words("Why", [audit.why for audit in audits])
    _look(sheet, t, verdict)


def _measured(ctx: Context, audit: Criterion, own: Table) -> Expr:
    """What the book holds against a forecast; #N/A where it holds nothing."""
    found: Any = NA
    if audit.measure == COST:
        known = own.lines["known"].all
        found = IF(COUNT(known) > 0, MIN(known), NA)
    elif audit.measure == SOFTWARE:
        facts = ctx.inputs.facts
        blackwell = [name in facts and "Blackwell" in facts[name].architecture for name in ctx.places.platforms]
        gains = [IFERROR(own.lines["gain"].cell(i), 0) for i, held in enumerate(blackwell) if held]
        if gains:
            largest = MAX(*gains)
            found = IF(AND(ctx.graph["scenario.model"].eq(audit.model), largest > 0), largest, NA)
    return lift(found)


def _reason(ctx: Context, audit: Criterion, data: Line) -> Expr:
    """Why the book has no number to hold against a forecast."""
    lacks: Any = "no snapshots far enough apart at the target, or no rents of both dates"
    if audit.measure == NOTHING:
        lacks = "no prices of an earlier date"
    elif audit.model:
        lacks = IF(
            ctx.graph["scenario.model"].eq(audit.model),
            "no snapshots far enough apart at the target",
            f"is about {audit.model}: choose it on Summary",
        )
    return IF(ISNUMBER(data.relative), "", lacks)


def _look(sheet: Sheet, t: Table, verdict: Line) -> None:
    """The colours of the verdicts, and rows as high as their texts."""
    looks = {c.CONFIRMED: "good", c.CONSISTENT: "highlight", c.NOT_REPRODUCED: "bad", c.NOT_TESTABLE: "muted"}
    sheet.conditions += [Condition(verdict.area.a1, verdict.eq(word), look) for word, look in looks.items()]
    t.mute("from_the_book", "from_the_book")
    wrapped = [t.lines[key] for key in ("forecast_as_published", "who", "reason", "by", "why")]
    for i in range(t.count):
        lines = [
            math.ceil(len(text) / (sheet.widths[line.ref().col] * 1.2))
            for line in wrapped
            if isinstance(text := line.content_at(i), str)
        ]
        sheet.heights[t.row + i] = max(12.5 * max(lines, default=1) + 7, 50)
