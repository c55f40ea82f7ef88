"""Claims: every published number, computed again from this workbook's data and prices, and judged."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from xlmodel.book.context import Check, Context
from xlmodel.book.keys import slug
from xlmodel.book.places import CLAIMS
from xlmodel.book.spec import Condition, ExcelTable, Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Line
from xlmodel.calc.functions import ABS, AND, IF, ISNA, ISNUMBER, ROUND
from xlmodel.calc.place import Content
from xlmodel.model import claims as c
from xlmodel.model.facts import Claim
from xlmodel.sheets import claim_evidence, claim_forecasts
from xlmodel.sheets.claim_evidence import ClaimEvidence, Collector, there
from xlmodel.sheets.claim_head import HEADLINE, head
from xlmodel.sheets.frame import SMALLEST, span, start
from xlmodel.units import ANY, SHARE, TEXT, TOKENS_PER_USER

TOP = 10  # first row of a claim
_WRAPPED = ("Claim (as published)", "Reason", "Why", "How recomputed", "Testable", "Source")
_COUNTED = (c.NONE, c.DOMAIN, c.PEAK, c.THROUGHPUT)  # published as whole numbers
_SUBTITLE = (
    "Published numbers on the cost of inference, computed again by formula from this workbook's points and prices."
)
_DIFFERENCE = "0.0%_)"


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    collector = Collector(ctx)
    items = [collector.known(claim) for claim in ctx.inputs.claims]
    sheet = start(ctx, CLAIMS, "presentation", "Claims", _SUBTITLE, 16, freeze=f"C{TOP}")  # on paper up to Why
    t = Table(ctx.graph, sheet, "claims", TOP, 1, len(items), height=54)
    _published(t, ctx.inputs.claims)
    _judged(ctx, t, items)
    _sources(t, ctx.inputs.claims)
    more = claim_evidence.describe(ctx, sheet, items, TOP, t.last_col + 2)
    against = [_off(ctx) if _measured(known.claim) else None for known in items]
    more.column(
        "Difference from the data", SHARE, against, style=there("Calculation", against), fmt=_DIFFERENCE, width=15
    )
    head(ctx, t, ctx.inputs.claims)
    _check(ctx, t, [claim.id for claim in ctx.inputs.claims])
    end = claim_forecasts.describe(ctx, sheet, TOP + max(t.count, 1) + 2)
    _look(ctx, t)
    sheet.print_area, sheet.scale = span(1, 1, end, t.lines["why"].ref().col), SMALLEST
    return sheet


def _published(t: Table, claims: Sequence[Claim]) -> None:
    """What was claimed, as published."""
    _texts(t, claims, {
        "ID": (5, "id"), "Claim (as published)": (22, "as_published"), "Subject": (11, "subject"), "Baseline": (11, "baseline"),
    })  # fmt: skip
    t.column(
        "Interactivity", TOKENS_PER_USER, [claim.interactivity for claim in claims], style="Data", fmt="0", width=11
    )
    t.column("Published", ANY, [claim.published for claim in claims], style="Data", fmt=_format(t, claims), width=9.5)
    _texts(t, claims, {"Unit": (11.5, "unit"), "Relation": (9, "relation")})


def _judged(ctx: Context, t: Table, items: Sequence[ClaimEvidence]) -> None:
    """The number computed again in up to three ways, and what follows for the claim."""
    g, claims = ctx.graph, [known.claim for known in items]
    first = c.Evidence(
        rate=g["evidence.throughput"], other=g["evidence.baseline_throughput"], price=g["evidence.price"],
        other_price=g["evidence.baseline_price"], fact=g["evidence.fact"], other_fact=g["evidence.baseline_fact"],
        given=g["claims.starts_from"], other_given=g["claims.starts_from_baseline"],
    )  # fmt: skip
    second = replace(
        first, rate=g["evidence.throughput_second_snapshot"], other=g["evidence.baseline_throughput_second_snapshot"]
    )
    arithmetic = {kind: c.as_arithmetic(kind, first) for kind in c.KINDS}
    dates = [{kind: c.from_data(kind, known) for kind in c.KINDS} for known in (first, second)]
    again = {
        "As arithmetic": (10, [arithmetic[claim.recompute] for claim in claims]),
        "From the data": (9, [dates[0][claim.recompute] if claim.snapshot else None for claim in claims]),
        "From the data, second snapshot": (
            9.5,
            [dates[1][claim.recompute] if claim.second_snapshot else None for claim in claims],
        ),
    }
    for heading, (width, ways) in again.items():
        t.column(heading, ANY, ways, style=there("Calculation", ways), fmt=_format(t, claims), width=width)
    reasons = [known.reason for known in items]
    t.column("Reason", TEXT, reasons, style=there("Note", reasons), width=16.5)
    off = t.column("Difference", SHARE, _off(ctx, g["claims.as_arithmetic"].by_col), fmt=_DIFFERENCE, width=10)

    def verdict(difference: Any) -> Any:
        kind, testable = g["evidence.kind"].by_col, g["claims.testable"].by_col
        return c.verdict(kind, testable, difference.by_col, g["claims.close"], g["claims.near"])

    t.column("Verdict", TEXT, verdict(off), style="Text", width=13.5)
    alone = verdict(g["evidence.difference_from_the_data"])
    judged = [alone if _measured(claim) else None for claim in claims]
    t.column("Verdict from the data", TEXT, judged, style=there("Text", judged), width=12)


def _off(ctx: Context, arithmetic: Any = "") -> Any:
    """How far a claim is from what comes out, by its arithmetic or by the data alone."""
    published, relation, data, second = (
        ctx.graph[f"claims.{key}"].by_col
        for key in ("published", "relation", "from_the_data", "from_the_data_second_snapshot")
    )
    return c.difference(published, relation, data, second, arithmetic)


def _measured(claim: Claim) -> bool:
    return bool(c.RECIPES[claim.recompute].data and claim.snapshot)


def _sources(t: Table, claims: Sequence[Claim]) -> None:
    """Why, how, and from what each claim is recomputed."""
    _texts(t, claims, {"Why": (24, "why")})
    t.column("How recomputed", TEXT, [c.KINDS[claim.recompute] for claim in claims], style="Note", width=40)
    _texts(t, claims, {
        "Model": (14, "model"), "Workload": (10, "workload"), "Snapshot": (11, "snapshot"), "Second snapshot": (11, "second_snapshot"),
        "Baseline snapshot": (19, "baseline_snapshot"), "Price basis": (15, "basis"),
    })  # fmt: skip
    for heading, width, name in (("Starts from", 10, "given"), ("Starts from (baseline)", 11, "given_baseline")):
        numbers: list[Content] = [getattr(claim, name) for claim in claims]
        t.column(heading, ANY, numbers, style="Data", fmt=_plain(numbers), width=width)
    _texts(t, claims, {"Testable": (28, "testable"), "Source": (90, "source")})


def _texts(t: Table, claims: Sequence[Claim], columns: dict[str, tuple[float, str]]) -> None:
    """Columns of words, each with its width and field."""
    styles = dict.fromkeys(_WRAPPED, "Note") | {"ID": "Strong", "Unit": "Unit"}
    for heading, (width, name) in columns.items():
        words: list[Content] = [getattr(claim, name) or None for claim in claims]
        t.column(heading, TEXT, words, style=styles.get(heading, "Text"), width=width)


def _format(t: Table, claims: Sequence[Claim]) -> Callable[[int], str]:
    """A number format with about three digits of what each claim is about."""

    def of(i: int) -> str:
        claim = claims[i]
        if claim.recompute in _COUNTED and claim.published and claim.published.is_integer():
            return "#,##0_)"
        if claim.recompute == c.PRICE:
            return "0.000_)"
        known = (t.lines[key].value(i) for key in ("published", "as_arithmetic", "from_the_data"))
        sample = next((value for value in known if isinstance(value, float)), 1.0)
        return "#,##0_)" if sample >= 100 else "0.00_)" if sample >= 1 else "0.000_)" if sample >= 0.1 else "0.0000_)"

    return of


def _plain(numbers: Sequence[Content]) -> Callable[[int], str]:
    def of(i: int) -> str:
        number = numbers[i]
        return ("#,##0" if number.is_integer() else "0.00") if isinstance(number, float) else ""

    return of


def _check(ctx: Context, t: Table, ids: Sequence[str]) -> None:
    """The headline's arithmetic, while the price book holds the pair of prices it rests on."""
    if HEADLINE not in ids:
        return
    g, i = ctx.graph, ids.index(HEADLINE)
    again, price, other = (
        g[key].cell(i) for key in ("claims.as_arithmetic", "evidence.price", "evidence.baseline_price")
    )
    pair = AND(ROUND(price, 2).eq(16), ROUND(other, 2).eq(8.6))
    ctx.checks.append(
        Check("Headline arithmetic", "28 x at 16.00 / 8.60 USD is 15.05 x performance per USD (while the price book holds that pair).",
              t.lines["as_arithmetic"].ref(i), IF(ISNUMBER(again), IF(pair, ABS(again - 15.05), 0), 0), 0.01)
    )  # fmt: skip


def _look(ctx: Context, t: Table) -> None:
    """What stands out, what goes on paper, and rows as high as their texts."""
    sheet = t.sheet
    ctx.graph.later(lambda: _heights(t), always=True)
    sheet.repeat_rows = f"1:{TOP - 1}"
    if not t.count:
        return
    names = tuple(line.heading for line in t.lines.values())
    sheet.tables.append(ExcelTable("tblClaims", sheet.area(TOP - 1, 1, t.body.last_row, t.last_col), names, kept=False))
    words = {
        c.CONFIRMED: "good",
        c.CONSISTENT: "highlight",
        c.NOT_REPRODUCED: "bad",
        c.NOT_TESTABLE: "muted",
        c.NO_BENCHMARK: "muted",
    }
    verdict = t.lines["verdict"]
    sheet.conditions += [
        Condition(_over(verdict, t.lines["verdict_from_the_data"]), verdict.eq(word), look)
        for word, look in words.items()
    ]
    again = t.lines["as_arithmetic"]
    sheet.conditions.append(Condition(_over(again, t.lines["from_the_data_second_snapshot"]), ISNA(again), "muted"))


def _over(first: Line, last: Line) -> str:
    return f"{first.ref().a1}:{last.ref(last.count - 1).a1}"


def _heights(t: Table) -> None:
    wrapped = [t.lines[slug(name)] for name in _WRAPPED]
    for i in range(t.count):
        texts = [(value, t.sheet.widths[line.ref().col]) for line in wrapped if isinstance(value := line.value(i), str)]
        lines = max([1, *(math.ceil(len(text) / (width * 1.2)) for text, width in texts)])
        t.sheet.heights[TOP + i] = 12.5 * lines + 7
