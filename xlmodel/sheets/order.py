"""The order of the book: one line a sheet."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields

from xlmodel.book import input_areas
from xlmodel.book.context import Context
from xlmodel.book.earlier import Earlier
from xlmodel.book.edition import LITE, NATIVE, XLWINGS
from xlmodel.book.places import Places
from xlmodel.book.spec import Book, NamedFunction, Sheet
from xlmodel.calc.address import Ref
from xlmodel.model.function_records import FUNCTIONS
from xlmodel.model.market import Market
from xlmodel.model.scenario import Inputs
from xlmodel.sheets import (
    api_prices_sheet,
    benchmarks_sheet,
    changes_sheet,
    checks_sheet,
    claims_sheet,
    cost_curves_sheet,
    cover_sheet,
    curves_sheet,
    definitions_sheet,
    fleet_sheet,
    frame,
    function_data,
    functions_sheet,
    lambdas,
    ownership_sheet,
    plan_cases,
    plan_months,
    plan_sheet,
    platforms_sheet,
    prices_sheet,
    scenario_sheet,
    sensitivity_sheet,
    sources_sheet,
    summary_sheet,
    tokens_sheet,
)

TITLE = "Token economics"
PENDING = "\ue000" * 8  # stands for the name of the build until all formulas are known
EARLY, USUAL, CHOICES, READINGS, CHECKED = range(5)  # when a sheet is described: those that list others' rows come late


@dataclass(frozen=True, slots=True)
class Entry:
    """One sheet of the book.

    Attributes:
        says: what the cover says of it.
        when: its turn among the descriptions.
        needed: whether the functions need it in a workbook of somebody else.
        editions: the editions that hold it.
    """

    name: str
    says: str
    describe: Callable[[Context], Sheet]
    when: int = USUAL
    needed: bool = False
    editions: Sequence[str] = (NATIVE, XLWINGS, LITE)


ENTRIES = (
    Entry("Summary", "the answer on one page: cost, ranking, ratios and charts at the chosen target", summary_sheet.describe, CHOICES),
    Entry("Scenario", "curves, prices, use and power in three scenarios; the lists behind the menus", scenario_sheet.describe, CHOICES, True),
    Entry("Prices", "own prices, the price book by platform and basis, and the quotes behind it", prices_sheet.describe, CHOICES, True),
    Entry("Platforms", "hardware facts with source", platforms_sheet.describe, EARLY, True),
    Entry("Benchmarks", "the measured points; exclude some, or add your own; right of them frontiers and knots", benchmarks_sheet.describe, CHOICES, True),
    Entry("Curves", "workings: curves read at the interactivities that results need", curves_sheet.describe, READINGS, True),
    Entry("Cost curves", "workings: each platform at the target, along its frontier, across snapshots", cost_curves_sheet.describe, EARLY),
    Entry("Ownership", "what a GPU-hour costs when you own it; the price basis Own build-up", ownership_sheet.describe, needed=True),
    Entry("Fleet", "GPUs, kilowatts and money for your demand; margin, payback, and an API to compare with", fleet_sheet.describe),
    Entry("API prices", "what providers ask for the model's tokens, ranked against hosting it at the target", api_prices_sheet.describe),
    Entry("Tokens and power", "cost of input, cached and output tokens; energy, carbon, and your currency", tokens_sheet.describe),
    Entry("Plan", "five years: own, rent, call an API, or mix them; cash, cost, NPV, payback, scenarios and assumptions", plan_sheet.describe),
    Entry("Plan months", "workings: the months of the plan, a column an ingredient", plan_months.describe),
    Entry("Plan cases", "workings: the plan in every scenario and with each assumption changed", plan_cases.describe),
    Entry("Sensitivity", "price by speed, every pair of prices, tornado, and the three scenarios side by side", sensitivity_sheet.describe),
    Entry("Claims", "published claims, each recomputed from this workbook's data and prices", claims_sheet.describe, EARLY),
    Entry("Functions", "TOKCOST and ten others to type into any cell, each beside its plain formula", functions_sheet.describe, needed=True),
    Entry("Checks", "what the workbook checks about itself", checks_sheet.describe, CHECKED, True),
    Entry("Definitions", "what TTFT, TPOT, interactivity and throughput mean, and how one follows from the other", definitions_sheet.describe),
    Entry("Sources", "where every number comes from, and how old it is", sources_sheet.describe, needed=True),
    Entry("Changes", "what changed since the first build, and what it did to the cost at the target", changes_sheet.describe),
    Entry("Function data", "workings: what the functions from Python read", function_data.describe, CHECKED, editions=(XLWINGS, LITE)),
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
    edition: str = NATIVE, earlier: Earlier | None = None,
) -> Book:  # fmt: skip
    """The whole book. Sheets that read curves come before Curves, which writes the readings they asked for.

    `knot_rows` repeats the layout of an earlier build whose points were edited since; 0 counts anew. `earlier` lends the values of
    the book before, and keeps those of this one.
    """
    ctx = Context(
        inputs,
        Market(inputs),
        Places(inputs, knot_rows),
        title,
        build_date,
        build_id or PENDING,
        edition=edition,
    )
    entries = [entry for entry in ENTRIES if edition in entry.editions]
    ctx.contents = [(entry.name, entry.says) for entry in entries]
    checks_sheet.collect(ctx)
    checks_sheet.collect_target(ctx)
    ctx.names |= _names(ctx.places)
    sheets = _described(ctx, entries)
    if edition == XLWINGS:
        ctx.names |= input_areas.areas(ctx.places, ctx.graph)
    return _bound(ctx, [cover_sheet.describe(ctx), *sheets], earlier)


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
        build_date=ctx.build_date, build_id=build_id, functions=_functions(ctx.places) if native else (),
        models=ctx.inputs.models, left_out=ctx.inputs.left_out, knot_rows=ctx.places.knot_rows, edition=ctx.edition,
        areas=ctx.graph.areas(),
    )  # fmt: skip


def _functions(places: Places) -> tuple[NamedFunction, ...]:
    """The functions with their texts over the areas of this book."""
    texts = lambdas.texts(places)
    listed = (
        NamedFunction(f.name, texts[f.name], f.comment, tuple((a.name, a.help) for a in f.arguments)) for f in FUNCTIONS
    )
    helpers = (
        NamedFunction(name, texts[name], f"Used by the other functions: {says}")
        for name, says in lambdas.HELPERS.items()
    )
    return (*helpers, *listed)


def _names(places: Places) -> dict[str, Ref]:
    """Single cells that other workbooks and functions may rely on."""
    choices = ("model", "workload", "precision", "snapshot", "interactivity", "baseline", "basis", "utilization")
    return {choice.capitalize(): places.choice(choice) for choice in choices}
