"""The book as it was built, described again from the file: what every formula and label must say.

The layout of a book depends on its points, quotes and platforms, never on a scenario. Rows that were edited since
are replaced by those of the bundle where the seals say so; the checksum in the contract proves the result.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import NamedTuple, TypeVar

from xlmodel.book.built import BuiltSheet, Mark
from xlmodel.book.contract import Contract, seals
from xlmodel.book.record_rows import API_FIELDS, PLATFORM_FIELDS, POINT_FIELDS, QUOTE_FIELDS, row_of
from xlmodel.book.refs import moved
from xlmodel.book.spec import Book
from xlmodel.calc.address import letters
from xlmodel.calc.values import Value
from xlmodel.model.api_price import ApiPrice, joined, reference
from xlmodel.model.facts import Platform, Quote
from xlmodel.model.membership import reachable
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs, Scenario
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import bundled_api_prices
from xlmodel.readers.arrange import in_order, with_facts
from xlmodel.returned.mailed_file import CHANGES
from xlmodel.returned.table_rows import HOSTED, PLATFORMS, POINTS, QUOTES, Rows
from xlmodel.returned.typed_inputs import Contents
from xlmodel.sheets.order import describe_functions, redated, retold
from xlmodel.sheets.remembered import form, remembered

T = TypeVar("T", Point, Quote, Platform, ApiPrice)
K = TypeVar("K")


class Expected(NamedTuple):
    """What a cell must hold: a formula (its master text and where that stands), or a constant."""

    value: Value | Mark
    formula: str = ""
    master: str = ""  # address of the cell whose text `formula` is

    def text(self, a1: str) -> str:
        """The formula as it reads in its own cell."""
        return moved(self.formula, self.master, a1) if self.master != a1 else self.formula


def as_built(contents: Contents, contract: Contract) -> Inputs:
    """The inputs of the build, as far as its layout depends on them; choices and typed rows are the default ones."""
    now = contents.inputs
    points = _mended(now.points, contents.rows[POINTS], lambda: _bundled_points(now, contract), POINT_FIELDS)
    quotes = _mended(now.quotes, contents.rows[QUOTES], lambda: _padded(bundled.quotes(), now.quotes), QUOTE_FIELDS)
    platforms = _mended(
        now.platforms, contents.rows[PLATFORMS], lambda: _padded(with_facts(points), now.platforms), PLATFORM_FIELDS
    )
    models = tuple(dict.fromkeys(point.model for point in points))
    hosted: tuple[ApiPrice, ...] = ()
    if HOSTED in contents.rows:
        hosted = _mended(now.api_prices, contents.rows[HOSTED], lambda: _bundled_hosted(now, models), API_FIELDS)
    held = tuple(dict.fromkeys(point.platform for point in points))
    scenario = Scenario()
    if scenario.model not in models:
        scenario = replace(scenario, model=models[0])
    if scenario.baseline not in held:
        scenario = replace(scenario, baseline=held[-1])
    return Inputs(
        points, quotes, platforms, now.snapshots, now.claims, scenario, left_out=contract.left_out,
        own_rows=now.own_rows, own_quotes=now.own_quotes, changes=now.changes,
        api_prices=hosted, own_api=now.own_api, forecasts=now.forecasts,
    )  # fmt: skip


def reference_of(contents: Contents, contract: Contract) -> Book | None:
    """The book as it was built, without values; None when this version of xlmodel lays it out in another way."""
    return described(as_built(contents, contract), contract, valued=False)


def near(book: Book | None, inputs: Inputs, c: Contract) -> Book | None:
    """A book that is known, under the day and with the lines on Changes of another; None when that one was laid out otherwise."""
    if book is None or CHANGES not in c.tables or not inputs.changes:
        return None
    try:
        found = retold(redated(book, c.date, c.build_id), inputs)
    except (ValueError, LookupError, ArithmeticError):
        return None
    return found if form(found) == c.form else None


def built_cells(sheet: BuiltSheet) -> dict[tuple[int, int], Expected]:
    """Content of every cell that a build filled outside inputs and tables."""
    found = {at: Expected(label) for at, label in sheet.labels.items()}
    for fill in sheet.fills:
        content = Expected(None, fill.formula, f"{letters(fill.col)}{fill.row}")
        found |= dict.fromkeys(product(range(fill.row, fill.last + 1), (fill.col,)), content)
    return found


def described(inputs: Inputs, c: Contract, *, valued: bool = True) -> Book | None:
    """The book of some inputs, full or the functions alone as the contract says; None when it would be laid out otherwise.

    Without `valued` its formulas may stand without values.
    """
    book = described_anyway(inputs, c, valued=valued)
    return book if book is not None and form(book) == c.form else None


def described_anyway(inputs: Inputs, c: Contract, *, valued: bool = True) -> Book | None:
    """The same in the layout of this version, whatever that of the file; None for rows that no build would lay out."""
    try:
        if CHANGES in c.tables:
            return remembered(inputs, c.title, c.date, c.build_id, c.knot_rows, c.edition, valued=valued)
        return describe_functions(inputs, c.date, c.build_id)
    except (ValueError, LookupError, ArithmeticError):
        return None


def _mended(now: Sequence[T], rows: Rows, others: Callable[[], Sequence[T]], fields: dict[str, str]) -> tuple[T, ...]:
    """Records as built: those of the bundle where a seal is broken and they mend it, else those of the file."""
    if not rows.broken:
        return tuple(now)
    table, bundle = rows.table, others()
    if len(bundle) != len(now):
        return tuple(now)
    names = [name for name in table.headers if name not in table.free]
    cells = [dict(zip(fields, row_of(record, fields), strict=True)) for record in bundle]
    theirs = seals([[row[name] for name in names] for row in cells], table.step)
    found = list(now)
    for i, (seal, wanted) in enumerate(zip(theirs, table.seals, strict=False)):
        span = range(i * table.step, min((i + 1) * table.step, len(found)))
        if seal == wanted and span.start in rows.broken:
            found[span.start : span.stop] = bundle[span.start : span.stop]
    return tuple(found)


def _bundled_points(now: Inputs, contract: Contract) -> list[Point]:
    """The bundle's points with those that a file brought, in the order of a book."""
    models = [model for model in contract.models if model in bundled.available_models()]
    own = [now.points[i] for i in now.own_rows if i < len(now.points)]
    return in_order([*reachable(bundled.points(models), 1), *own], contract.models)


def _bundled_hosted(now: Inputs, models: Iterable[str]) -> tuple[ApiPrice, ...]:
    """The bundle's prices of hosted models as a book of some models holds them, with those that a file brought."""
    own = now.api_prices[len(now.api_prices) - now.own_api :]
    return joined(reference(bundled_api_prices(), models), own)


def _padded(bundle: Sequence[K], now: Sequence[K]) -> list[K]:
    """The bundle's records, then those that the file has beyond them."""
    return [*bundle, *now[len(bundle) :]]
