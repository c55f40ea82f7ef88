"""The head of Claims: tolerances, how many claims came out how, and the headline's arithmetic."""

from collections.abc import Sequence
from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.one_cell import entry, single
from xlmodel.book.spec import Validation
from xlmodel.book.table import Table
from xlmodel.calc.functions import COUNTIF, FIXED, IF, ISNUMBER, OR, ROUND
from xlmodel.model import claims as c
from xlmodel.model.curve import STEFFEN
from xlmodel.model.economics import gain, ratio
from xlmodel.model.facts import Claim
from xlmodel.model.scenario import ALL
from xlmodel.units import COUNT, RATIO, SHARE, TEXT

HEADLINE = "S37"  # 15x performance per dollar: 28x at Oracle's pair of prices
SECOND = "C11"  # one tenth of the cost per token: 10x at CoreWeave's pair
SWITCHED = "Switches on Scenario limit or reread the points; the reasons under Why are for the full data."
_TOP = 3
_PADDED = RATIO.format + "_)"  # keeps the number off the words to its right
_MISSING = "no price for one of the two"
_TIMES = "times what the public data of that date give"
_NONE = "The measured ratio has no value: the Reason of this claim says why."


def head(ctx: Context, t: Table, claims: Sequence[Claim]) -> None:
    """Declare the head above the claims."""
    _tolerances(ctx, t)
    if claims:
        _counts(ctx, t)
    ids = [claim.id for claim in claims]
    if HEADLINE in ids and SECOND in ids:
        _headline(ctx, t, claims, ids.index(HEADLINE), ids.index(SECOND))
    t.sheet.heights |= (
        dict.fromkeys(range(_TOP, _TOP + 6), 16) | dict.fromkeys(range(_TOP + 1, _TOP + 4), 26) | {_TOP + 4: 36}
    )


def _tolerances(ctx: Context, t: Table) -> None:
    g, sheet = ctx.graph, t.sheet
    sheet.put(_TOP, 1, "How a claim is judged", "Heading")
    kinds = {"close": ("Confirmed within", c.CLOSE), "near": ("Consistent within", c.NEAR)}
    cells = []
    for row, (name, (label, value)) in enumerate(kinds.items(), _TOP + 1):
        sheet.put(row, 1, label, "Label")
        cells.append(entry(g, sheet, f"claims.{name}", SHARE, value, row, 3, fmt="0%"))
    sheet.put(_TOP + 3, 1, "of the published number. The arithmetic decides where a claim is one,", "Footnote")
    sheet.put(
        _TOP + 4, 1, "else the closer of two software dates. A lower bound is missed only from below.", "Footnote"
    )
    words = "Share of the published number by which the recomputed one may miss it."
    areas = tuple(cell.ref().a1 for cell in cells)
    sheet.validations.append(Validation(areas, "Tolerance", words, low=SHARE.low, high=SHARE.high))
    full = {"speculative": ALL, "disaggregated": ALL, "interpolation": STEFFEN}
    limited = OR(*(g[f"scenario.{name}"].ne(word) for name, word in full.items()))
    single(g, sheet, "claims.switched", TEXT, IF(limited, SWITCHED, ""), _TOP + 5, 1, style="Strong")


def _counts(ctx: Context, t: Table) -> None:
    """How many claims came out how, as a claim and from the data alone."""
    label, first = t.lines["published"].ref().col, t.lines["relation"].ref().col
    t.sheet.put(_TOP, label, "Claims by verdict", "Heading")
    words = Table(ctx.graph, t.sheet, "verdicts", _TOP + 1, label, len(c.VERDICTS), head="")
    name = words.column("Verdict", TEXT, list(c.VERDICTS), style="Label")
    counts = Table(ctx.graph, t.sheet, "verdicts", _TOP + 1, first, len(c.VERDICTS), head="Column unit", height=16)
    counts.column("claim", COUNT, COUNTIF(t.lines["verdict"].all, name), style="Result", fmt="0")
    alone = COUNTIF(t.lines["verdict_from_the_data"].all, name)
    counts.column(
        "data alone", COUNT, alone, style=lambda i: "" if c.VERDICTS[i] == c.NO_BENCHMARK else "Result", fmt="0"
    )


def _headline(ctx: Context, t: Table, claims: Sequence[Claim], first: int, second: int) -> None:
    """Performance over price ratio is performance per USD: as published, by the second pair, and as measured."""
    g, claim = ctx.graph, claims[first]
    label, col = (t.lines[key].ref().col for key in ("from_the_data", "difference"))
    t.sheet.put(_TOP, label, "The headline, step by step", "Heading")
    for offset in (1, 2):
        t.sheet.put(_TOP, label + offset, None, "Heading")
    when = f"{claim.interactivity:.15g} tok/s/user, {claim.second_snapshot}"
    lines = {
        f"Published, {claim.basis}": (first, g["claims.starts_from"].cell(first)),
        f"Published, {claims[second].basis}": (second, g["claims.starts_from"].cell(second)),
        f"Measured at {when}": (
            first,
            ratio(*(g[f"evidence.{name}throughput_second_snapshot"].cell(first) for name in ("", "baseline_"))),
        ),
    }
    pairs = [tuple(g[f"evidence.{name}"].cell(i) for name in ("price", "baseline_price")) for i, _ in lines.values()]
    for row, text in enumerate((*lines, "Headline over measured"), _TOP + 1):
        t.sheet.put(row, label, text, "Unit")
    steps = Table(g, t.sheet, "headline", _TOP + 1, col, len(lines), head="Column unit", height=16)
    performance = steps.column("performance", RATIO, [found for _, found in lines.values()], style="Result")
    prices = steps.column("price ratio", RATIO, [ratio(*pair) for pair in pairs], style="Result")
    better = steps.column("per USD", RATIO, gain(performance, prices), style="Result strong", fmt=_PADDED)
    words = Table(g, t.sheet, "headline", _TOP + 1, col + 3, len(lines), head="")
    said = [_pair(claims[i], prices, *pair) for (i, _), pair in zip(lines.values(), pairs, strict=True)]
    words.column("Pair of prices", TEXT, said, style="Note")
    row, published, measured = steps.body.last_row + 1, better.cell(0), better.cell(2)
    over = ratio(published, measured)
    single(g, t.sheet, "headline.over_measured", RATIO, over, row, col + 2, style="Result strong", fmt=_PADDED)
    single(g, t.sheet, "headline.says", TEXT, IF(ISNUMBER(measured), _TIMES, _NONE), row, col + 3, style="Note")


def _pair(claim: Claim, prices: Any, price: Any, other: Any) -> Any:
    """A pair of platforms with their prices in words."""
    pair = f"{claim.subject} / {claim.baseline} at "
    return pair & IF(ISNUMBER(prices), _usd(price) & " / " & _usd(other) & " USD", _MISSING)


def _usd(price: Any) -> Any:
    """A price with two decimals, or three where they matter."""
    return FIXED(ROUND(price, 3), IF(ROUND(price, 2).eq(ROUND(price, 3)), 2, 3), True)
