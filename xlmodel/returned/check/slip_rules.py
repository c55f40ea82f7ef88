"""Rules about numbers that look like another unit: what the workbook asks by formula, asked again of what stands in it."""

from collections.abc import Iterator

from xlmodel.model.doubts import Peers, of_hosted, of_quote, of_settings
from xlmodel.model.market import Market
from xlmodel.model.plausible import FAR_OFF, of_point
from xlmodel.returned.check import NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.input_rules import place_of_row
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.returned.table_rows import HOSTED, POINTS, QUOTES

FIX = "correct the number, or confirm it with a text in the Note of its row"
AGAIN = "correct the number; a quote of the platform at the same price with a Note confirms it"


def points(s: Subject) -> Iterator[Fault]:
    """Points that look like other units or swapped columns; own ones are also held beside all others."""
    inputs, held = s.contents.inputs, s.contents.rows[POINTS]
    own, first = set(inputs.own_rows), len(inputs.points)
    rows = Market(inputs).rows
    beside = Peers(rows, (p for i, p in enumerate(inputs.points) if i not in own))
    for i, (point, row) in enumerate(zip(rows, (*held.built, *held.typed), strict=True)):
        doubt = "" if point.note else beside.doubt(point) if i >= first or i in own else of_point(point)
        if doubt:
            severity = NOTE if doubt == FAR_OFF else ""  # without concurrency and GPUs nobody can tell
            found = f"interactivity {said(row.cells['Interactivity'])}, throughput {said(row.cells['Throughput'])}"
            yield Fault(
                place_of_row(s, POINTS, row), found, f"numbers in the units of the headings: {doubt}", FIX, severity
            )


def quotes(s: Subject) -> Iterator[Fault]:
    """Quotes that look as if they were no prices per GPU-hour."""
    inputs, held = s.contents.inputs, s.contents.rows[QUOTES]
    rows = zip((*inputs.quotes, *inputs.typed_quotes), (*held.built, *held.typed), strict=True)
    for quote, row in rows:
        doubt = of_quote(quote, inputs.quotes)
        if doubt:
            found = f"{said(row.cells['Platform'])} at {said(row.cells['USD/GPU-hour'])}"
            yield Fault(place_of_row(s, QUOTES, row), found, f"USD per GPU-hour: {doubt}", FIX)


def hosted(s: Subject) -> Iterator[Fault]:
    """Prices of tokens that look as if they were in cents, per another count of tokens, or swapped."""
    inputs, held = s.contents.inputs, s.contents.rows.get(HOSTED)
    rows = zip((*inputs.api_prices, *inputs.typed_api), (*held.built, *held.typed) if held else (), strict=False)
    for i, (offer, row) in enumerate(rows):
        typed = i >= len(inputs.api_prices)
        doubt = "" if typed and offer.note else of_hosted(offer, inputs.api_prices if typed else ())
        if doubt:
            found = f"{offer.model} by {offer.provider}: {offer.in_words}"
            yield Fault(place_of_row(s, HOSTED, row), found, f"USD per million tokens: {doubt}", "correct the number")


def settings(s: Subject) -> Iterator[Fault]:
    """Own prices, electricity, capital, limits and the plan where they look like another unit."""
    for key, number, doubt in of_settings(s.contents.inputs):
        if doubt and key in s.mailed.typed:
            ref = s.mailed.typed[key].ref
            unit = "a number in the unit beside it"
            yield Fault(
                s.where(ref.sheet, ref.row, ref.col),
                said(number),
                f"{unit}: {doubt}",
                AGAIN if key.startswith("prices") else "correct it",
            )


def slips(s: Subject) -> Iterator[Fault]:
    """All of them."""
    yield from points(s)
    yield from quotes(s)
    yield from hosted(s)
    yield from settings(s)


RULES = (AuditRule("slips", WARNING, "a number in another unit goes through every result without a word", slips),)
