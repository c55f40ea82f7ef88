"""The order of the book: one line a sheet, which names its module."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from importlib import import_module

from xlmodel.book import input_areas
from xlmodel.book.context import Context
from xlmodel.book.earlier import Earlier
from xlmodel.book.edition import LITE, NATIVE, XLWINGS
from xlmodel.book.graph import Graph
from xlmodel.book.places import CHANGES, Places
from xlmodel.book.spec import Book, PlainCell, Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import Value
from xlmodel.model.age import last_day, serial
from xlmodel.model.market import Market
from xlmodel.model.scenario import Inputs
from xlmodel.sheets import changes_sheet, checks_sheet, cover_sheet, frame, function_texts

TITLE = "Token economics"
PENDING = "\ue000" * 8  # stands for the name of the build until all formulas are known
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


def fingerprint(inputs: Inputs, sheets: Sequence[Sheet]) -> str:
    """Eight characters that name a build: same inputs and same formulas, same build. What Changes tells is not part of it."""
    parts = (repr(getattr(inputs, f.name)) for f in fields(inputs) if f.name != "changes")
    digest = hashlib.sha256()
    for part in (*parts, *(text for sheet in sheets if sheet.name != "Changes" for text in _texts(sheet))):
        digest.update(part.encode())
    return digest.hexdigest()[:8]


def _texts(sheet: Sheet) -> Iterator[str]:
    """The formulas of a sheet, those filled down once."""
    yield from (cell.formula for cells in sheet.cells.values() for cell in cells.values() if cell.formula)
    yield from (run.formula for block in sheet.blocks for column in block.columns for run in column.runs)


def _named(sheets: list[Sheet], build_id: str) -> None:
    """Write the build's name where sheets left room for it: it is known only when all formulas stand."""
    for sheet in sheets:
        for cells in sheet.cells.values():
            for col, cell in cells.items():
                if isinstance(cell.value, str) and PENDING in cell.value:
                    cells[col] = cell._replace(value=cell.value.replace(PENDING, build_id))


def describe(
    inputs: Inputs, title: str = TITLE, build_date: str = "", build_id: str = "", knot_rows: int = 0,
    edition: str = NATIVE, earlier: Earlier | None = None, *, valued: bool = True,
) -> Book:  # fmt: skip
    """The whole book. Sheets that read curves come before Curves, which writes the readings they asked for.

    `knot_rows` repeats the layout of an earlier build whose points were edited since; 0 counts anew. `earlier` lends the values of
    the book before, and keeps those of this one. Without `valued` formulas have no values, and the book takes a third of the time.
    """
    places, graph = Places(inputs, knot_rows), Graph(valued=valued)
    ctx = Context(inputs, Market(inputs), places, title, build_date, build_id or PENDING, graph, edition=edition)
    entries = [entry for entry in ENTRIES if edition in entry.editions]
    ctx.contents = [(entry.name, entry.says) for entry in entries]
    checks_sheet.collect(ctx)
    checks_sheet.collect_target(ctx)
    sheets = _described(ctx, entries)
    ctx.names = _names(ctx) | ctx.names
    if edition == XLWINGS:
        ctx.names |= input_areas.areas(ctx.places, ctx.graph)
    return _bound(ctx, [cover_sheet.describe(ctx), *sheets], earlier)


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
    places = Places(inputs, knot_rows, compact=True)
    ctx = Context(inputs, Market(inputs), places, "Functions", build_date, build_id or PENDING)
    checks_sheet.collect(ctx)
    sheets = _described(ctx, [entry for entry in ENTRIES if entry.needed])
    return _bound(ctx, sorted(sheets, key=lambda sheet: sheet.name != "Functions"))


def _described(ctx: Context, entries: Sequence[Entry]) -> list[Sheet]:
    """The sheets in the order of the book, each described in its turn."""
    made = {entry.name: entry.describe(ctx) for entry in sorted(entries, key=lambda entry: entry.when)}
    return [made[entry.name] for entry in entries]


def _bound(ctx: Context, sheets: list[Sheet], earlier: Earlier | None = None) -> Book:
    """The sheets as a book, each with the master check in its header."""
    for sheet in sheets:
        frame.light(ctx, sheet)
    if earlier:
        earlier.lend(ctx.graph.pending(), sheets)
    ctx.graph.finish()
    build_id = ctx.build_id
    if build_id == PENDING:
        build_id = fingerprint(ctx.inputs, sheets)
        _named(sheets, build_id)
    native, whole = ctx.edition == NATIVE, not ctx.places.compact
    return Book(
        sheets=tuple(sheets), names=ctx.names if whole else {}, title=ctx.title, subject="Economics of LLM inference",
        build_date=ctx.build_date, build_id=build_id, functions=tuple(function_texts.named(ctx)) if native else (),
        models=ctx.inputs.models, left_out=ctx.inputs.left_out, knot_rows=ctx.places.knot_rows, edition=ctx.edition,
        areas=ctx.graph.areas(),
    )  # fmt: skip


def _names(ctx: Context) -> dict[str, Ref | Area]:
    """Single cells that other workbooks and functions may rely on."""
    choices = ("model", "workload", "precision", "snapshot", "interactivity", "baseline", "basis", "utilization")
    return {choice.capitalize(): ctx.graph.find(f"scenario.{choice}").ref() for choice in choices}
