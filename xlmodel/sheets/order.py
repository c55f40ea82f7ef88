"""The order of the book: one line a sheet, which names its module."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from xlmodel.book import input_areas
from xlmodel.book.context import Context
from xlmodel.book.edition import LITE, NATIVE, XLWINGS
from xlmodel.book.graph import Graph
from xlmodel.book.places import CHANGES, Places
from xlmodel.book.spec import Book, PlainCell, Sheet
from xlmodel.book.written import Spilled
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value
from xlmodel.model.age import last_day, serial
from xlmodel.model.market import Market
from xlmodel.model.scenario import Inputs
from xlmodel.model.typed import untyped
from xlmodel.sheets import changes_sheet, checks_sheet, cover_sheet, frame
from xlmodel.sheets.description import PENDING, UNTITLED, Description

TITLE = "Token economics"
EARLY, USUAL, CHOICES, READINGS, CHECKED = range(5)  # when a sheet is described: those that list others' rows come late


@dataclass(frozen=True, slots=True)
class Entry:
    """One sheet of the book.

    Attributes:
        says: what the cover says of it.
        module: in sheets/, whose `describe` describes it.
        when: its turn among the descriptions.
        needed: whether the functions need it in a workbook of somebody else.
        editions: the editions that hold it.
    """

    name: str
    says: str
    module: str
    when: int = USUAL
    needed: bool = False
    editions: Sequence[str] = (NATIVE, XLWINGS, LITE)

    def describe(self, ctx: Context) -> Sheet:
        """The sheet; its module is loaded now."""
        sheet: Sheet = import_module(f"xlmodel.sheets.{self.module}").describe(ctx)
        return sheet


ENTRIES = (
    Entry("Summary", "the answer on one page: cost, ranking, ratios and charts at the chosen target", "summary_sheet", CHOICES),
    Entry("Scenario", "curves, prices, use and power in three scenarios; the lists behind the menus", "scenario_sheet", CHOICES, True),
    Entry("Prices", "own prices, the price book by platform and basis, and the quotes behind it", "prices_sheet", CHOICES, True),
    Entry("Platforms", "hardware facts with source", "platforms_sheet", EARLY, True),
    Entry("Benchmarks", "the measured points; exclude some, or add your own; right of them frontiers and knots", "benchmarks_sheet", CHOICES, True),
    Entry("Curves", "workings: curves read at the interactivities that results need", "curves_sheet", READINGS, True),
    Entry("Cost curves", "workings: each platform at the target, along its frontier, across snapshots", "cost_curves_sheet", EARLY),
    Entry("Ownership", "what a GPU-hour costs when you own it; the price basis Own build-up", "ownership_sheet", needed=True),
    Entry("Fleet", "GPUs, kilowatts and money for your demand; margin, payback, and an API to compare with", "fleet_sheet"),
    Entry("API prices", "what providers ask for the model's tokens, ranked against hosting it at the target", "api_prices_sheet"),
    Entry("Tokens and power", "cost of input, cached and output tokens; energy, carbon, and your currency", "tokens_sheet"),
    Entry("Plan", "five years: own, rent, call an API, or mix them; cash, cost, NPV, payback, scenarios and assumptions", "plan_sheet"),
    Entry("Plan months", "workings: the months of the plan, a column an ingredient", "plan_months"),
    Entry("Plan cases", "workings: the plan in every scenario and with each assumption changed", "plan_cases"),
    Entry("Sensitivity", "price by speed, every pair of prices, tornado, and the three scenarios side by side", "sensitivity_sheet"),
    Entry("Claims", "published claims, each recomputed from this workbook's data and prices", "claims_sheet", EARLY),
    Entry("Functions", "TOKCOST and ten others to type into any cell, each beside its plain formula", "functions_sheet", needed=True),
    Entry("Checks", "what the workbook checks about itself", "checks_sheet", CHECKED, True),
    Entry("Definitions", "what TTFT, TPOT, interactivity and throughput mean, and how one follows from the other", "definitions_sheet"),
    Entry("Sources", "where every number comes from, and how old it is", "sources_sheet", needed=True),
    Entry("Changes", "what changed since the first build, and what it did to the cost at the target", "changes_sheet", CHECKED),
    Entry("Function data", "workings: what the functions from Python read", "function_data", CHECKED, editions=(XLWINGS, LITE)),
)  # fmt: skip


class Earlier:
    """What the last book leaves for the next; give it to `describe` for one book after another."""

    def __init__(self) -> None:
        self._asked: tuple[Any, ...] = ()
        self._kept: Description | None = None

    def take(self, *asked: Any) -> Description | None:
        """The description of the same form, if there is one; it has to be kept again once its book stands."""
        kept, self._kept = self._kept, None
        return kept if asked == self._asked else None

    def keep(self, description: Description, *asked: Any) -> None:
        """Keep a description for the next book."""
        self._asked, self._kept = asked, description


def describe(
    inputs: Inputs, title: str = TITLE, build_date: str = "", build_id: str = "", knot_rows: int = 0,
    edition: str = NATIVE, earlier: Earlier | None = None, *, valued: bool = True, again: bool = False,
) -> Book:  # fmt: skip
    """The whole book.

    `knot_rows` repeats the layout of an earlier build whose points were edited since; 0 counts anew. `earlier` lends what the book
    before has in common with this one, and keeps it for the next. Without `valued` formulas have no values, and the book takes a
    third of the time. Described `again`, to hold a file against it, it is not held against its units once more.
    """
    form = untyped(inputs)
    asked = (form, build_date, knot_rows, edition, valued, again)
    description = earlier.take(*asked) if earlier else None
    try:
        description = description or _description(*asked)
        book = description.book(inputs, title, build_id)
    except Spilled:
        description = _description(*asked)
        book = description.book(inputs, title, build_id)
    if earlier:
        earlier.keep(description, *asked)
    return book


def _description(
    form: Inputs, build_date: str, knot_rows: int, edition: str, valued: bool, again: bool
) -> Description:  # fmt: skip
    """The sheets of a form. Those that read curves come before Curves, which writes the readings they asked for."""
    ctx = Context(
        form, Market(form), Places(form, knot_rows), UNTITLED, build_date, PENDING, Graph(valued=valued, again=again),
        edition=edition,
    )  # fmt: skip
    entries = [entry for entry in ENTRIES if edition in entry.editions]
    ctx.contents = [(entry.name, entry.says) for entry in entries]
    checks_sheet.collect(ctx)
    checks_sheet.collect_target(ctx)
    told = [entry.name for entry in entries].index(CHANGES)
    sheets = _described(ctx, [entry for entry in entries if entry.name != CHANGES])
    ctx.names = _names(ctx) | ctx.names
    if edition == XLWINGS:
        ctx.names |= input_areas.areas(ctx.places, ctx.graph)
    return Description(ctx, [cover_sheet.describe(ctx), *sheets], entries[told - 1].name)


def retold(book: Book, inputs: Inputs) -> Book:
    """The same book with the lines on Changes of some inputs, which are its own in all else: no other sheet reads them."""
    ctx = Context(
        inputs, Market(inputs), Places(inputs, book.knot_rows), book.title, book.build_date, book.build_id, edition=book.edition
    )  # fmt: skip
    made = changes_sheet.describe(ctx)
    ctx.graph.finish()
    sheets = {sheet.name: sheet for sheet in book.sheets}
    areas = {key: area for key, area in ctx.graph.areas().items() if area.sheet == CHANGES}
    made.cells[1][made.light] = sheets[CHANGES].cells[1][made.light]
    return replace(book, sheets=tuple((sheets | {CHANGES: made}).values()), areas={**book.areas, **areas})


def redated(book: Book, build_date: str, build_id: str) -> Book:
    """The book of the same inputs as built on another day; for its form, since ages and other values stay those of its own day."""
    said: dict[Value, Value] = {
        frame.band(book.build_date, book.build_id): frame.band(build_date, build_id), book.build_date: build_date, book.build_id: build_id,
        serial(last_day(book.build_date)): serial(last_day(build_date)),
    }  # fmt: skip

    def anew(cell: PlainCell) -> PlainCell:
        known = not cell.formula and cell.value is not None and cell.value in said
        return cell._replace(value=said[cell.value]) if known else cell

    sheets = tuple(
        replace(sheet, cells={row: {col: anew(c) for col, c in cells.items()} for row, cells in sheet.cells.items()})
        for sheet in book.sheets
    )
    return replace(book, sheets=sheets, build_date=build_date, build_id=build_id)


def describe_functions(inputs: Inputs, build_date: str = "", build_id: str = "", knot_rows: int = 0) -> Book:
    """What the functions need and nothing more, to go into somebody else's workbook; `knot_rows` as in `describe`."""
    form = untyped(inputs)
    ctx = Context(form, Market(form), Places(form, knot_rows, compact=True), "Functions", build_date, PENDING)
    checks_sheet.collect(ctx)
    sheets = _described(ctx, [entry for entry in ENTRIES if entry.needed])
    return Description(ctx, sorted(sheets, key=lambda sheet: sheet.name != "Functions")).book(
        inputs, "Functions", build_id
    )


def _described(ctx: Context, entries: Sequence[Entry]) -> list[Sheet]:
    """The sheets in the order of the book, each described in its turn."""
    made = {entry.name: entry.describe(ctx) for entry in sorted(entries, key=lambda entry: entry.when)}
    return [made[entry.name] for entry in entries]


def _names(ctx: Context) -> dict[str, Ref | Area]:
    """Single cells that other workbooks and functions may rely on."""
    choices = ("model", "workload", "precision", "snapshot", "interactivity", "baseline", "basis", "utilization")
    return {choice.capitalize(): ctx.graph.find(f"scenario.{choice}").ref() for choice in choices}
