"""Rules about where prices come from: those without a source, and those that have grown old."""

import datetime
import re
from collections.abc import Callable, Iterator, Sequence

from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value
from xlmodel.returned.check import WARNING, AuditRule, Fault
from xlmodel.returned.check.input_rules import place_of_row
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.returned.table_rows import HOSTED, QUOTES, Row

YEAR = 365  # days after which a price is stale
_DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_EPOCH = datetime.date(1899, 12, 30)  # day 0 of Excel's calendar


def sources(s: Subject) -> Iterator[Fault]:
    """Prices without a source."""
    for row in (*s.contents.rows[QUOTES].built, *s.contents.rows[QUOTES].typed):
        usd = row.cells["USD/GPU-hour"]
        if isinstance(usd, int | float) and usd > 0 and not row.cells["Source"]:
            found = f"{said(row.cells['Platform'])} at {said(usd)} without a source"
            yield Fault(
                place_of_row(s, QUOTES, row), found, "an address, an offer or a contract", "fill the column Source"
            )
    hosted = s.contents.rows.get(HOSTED)
    for row in (*hosted.built, *hosted.typed) if hosted else ():
        if isinstance(row.cells["Input"], int | float) and not row.cells["Source"]:
            found = f"{said(row.cells['Model'])} of {said(row.cells['Provider'])} without a source"
            yield Fault(
                place_of_row(s, HOSTED, row), found, "an address, an offer or a contract", "fill the column Source"
            )


def stale(s: Subject) -> Iterator[Fault]:
    """Prices of GPU-hours in use that are old."""
    basis = s.contents.inputs.scenario.basis.casefold()
    own = {name for name, usd in s.contents.inputs.own_prices.items() if usd > 0}
    yield from _old(
        s, QUOTES, lambda row: _text(row, "Basis") == basis and row.cells["Platform"] not in own,
        ("Platform",), "ask for a new quote, and add it below",
    )  # fmt: skip


def stale_hosted(s: Subject) -> Iterator[Fault]:
    """API prices of the book's model that are old."""
    model = s.contents.inputs.scenario.model.casefold()
    wanted = ("Model", "Provider")
    yield from _old(
        s, HOSTED, lambda row: _text(row, "Model") == model, wanted, "look the price up again, and add it below"
    )


def _old(s: Subject, table: str, used: Callable[[Row], bool], names: Sequence[str], fix: str) -> Iterator[Fault]:
    """Prices in use that were fresh at the build and are more than a year old now; typed ones whenever they are."""
    built = _first_day(s.contract.date)
    held = s.contents.rows.get(table)
    for row, typed in [*((r, False) for r in held.built), *((r, True) for r in held.typed)] if held else ():
        day = _last_day(row.cells["As of"])
        if not used(row) or day is None or (s.today - day).days <= YEAR:
            continue
        if typed or (built is not None and (built - day).days <= YEAR):
            what = " of ".join(str(said(row.cells[name])) for name in names)
            found = f"{what}, as of {said(row.cells['As of'])}: {(s.today - day).days // 30} months old"
            yield Fault(place_of_row(s, table, row), found, "a price of the last twelve months", fix)


def _text(row: Row, heading: str) -> str:
    return str(row.cells[heading] or "").casefold()


def _last_day(value: Value) -> datetime.date | None:
    """The last day that a date or period speaks of; an Excel date is a number of days."""
    if is_number(value) and 20_000 < value < 80_000:
        return _EPOCH + datetime.timedelta(days=int(value))
    found = _DAY.findall(str(value or ""))
    if not found:
        return None
    year, month, day = found[-1]
    return _date(int(year), int(month), int(day or 28))


def _first_day(text: str) -> datetime.date | None:
    match = _DAY.match(text)
    return _date(int(match[1]), int(match[2]), int(match[3] or 1)) if match else None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


RULES = (
    AuditRule("source", WARNING, "a price without a source cannot be defended", sources),
    AuditRule("stale", WARNING, "prices of GPU-hours fall fast; an old one makes the answer too high", stale),
    AuditRule(
        "stale API price", WARNING, "prices of tokens fall fast; an old one makes hosting look too good", stale_hosted
    ),
)
