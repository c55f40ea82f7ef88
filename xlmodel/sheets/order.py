"""The order of the book: one line a sheet."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields

from xlmodel.book import input_areas
from xlmodel.book.address import Area, Ref
from xlmodel.book.context import Context
from xlmodel.book.edition import NATIVE, XLWINGS
from xlmodel.book.places import Places
from xlmodel.book.spec import Book, NamedFunction, Sheet
from xlmodel.model.feed import RANGE
from xlmodel.model.function_records import FUNCTIONS
from xlmodel.model.market import Market
from xlmodel.model.scenario import Inputs
from xlmodel.sheets import (
    benchmarks_sheet,
    changes_sheet,
    checks_sheet,
    claims_sheet,
    cost_curves_sheet,
    cover_sheet,
    curves_sheet,
    fleet_sheet,
    frame,
    function_data,
    functions_python,
    functions_sheet,
    lambdas,
    ownership_sheet,
    platforms_sheet,
    prices_sheet,
    scenario_sheet,
    sensitivity_sheet,
    sources_sheet,
    summary_sheet,
    tokens_sheet,
)

TITLE = "Token economics"
CONTENTS = (
    ("Summary", "the answer on one page: cost, ranking, ratios and charts at the chosen target"),
    ("Scenario", "curves, prices, use and power in three scenarios; the lists behind the menus"),
    ("Prices", "own prices, the price book by platform and basis, and the quotes behind it"),
    ("Platforms", "hardware facts with source"),
    ("Benchmarks", "the measured points; exclude some, or add your own; right of them frontiers and knots"),
    ("Curves", "workings: curves read at the interactivities that results need"),
    ("Cost curves", "workings: each platform at the target, along its frontier, across snapshots"),
    ("Ownership", "what a GPU-hour costs when you own it; the price basis Own build-up"),
    ("Fleet", "GPUs, kilowatts and money for your demand; margin, payback, and an API to compare with"),
    ("Tokens and power", "cost of input, cached and output tokens; energy, carbon, and your currency"),
    ("Sensitivity", "price by speed, every pair of prices, tornado, and the three scenarios side by side"),
    ("Claims", "published claims, each recomputed from this workbook's data and prices"),
    ("Functions", "TOKCOST and ten others to type into any cell, each beside its plain formula"),
    ("Checks", "what the workbook checks about itself"),
    ("Sources", "where every number comes from"),
    ("Changes", "what changed since the first build, and what it did to the cost at the target"),
)


def fingerprint(inputs: Inputs) -> str:
    """Eight characters that name the inputs of a build: same inputs, same build.

    >>> len(fingerprint(Inputs((), (), (), ())))
    8
    """
    parts = (repr(getattr(inputs, f.name)) for f in fields(inputs))
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
    return digest.hexdigest()[:8]


def describe(
    inputs: Inputs, title: str = TITLE, build_date: str = "", build_id: str = "", knot_rows: int = 0,
    edition: str = NATIVE,
) -> Book:  # fmt: skip
    """The whole book. Sheets that read curves come before Curves, which writes the readings they asked for.

    `knot_rows` repeats the layout of an earlier build whose points were edited since; 0 counts anew.
    """
    ctx = Context(inputs, Market(inputs), Places(inputs, knot_rows), title, build_date, build_id or fingerprint(inputs))
    found: dict[str, Sheet] = {}
    draft, target, grids = cost_curves_sheet.describe(ctx)
    checks_sheet.collect(ctx)
    checks_sheet.collect_target(ctx, target)
    found["Claims"] = claims_sheet.describe(ctx)
    found["Cost curves"] = draft
    found["Ownership"] = ownership_sheet.describe(ctx)
    found["Fleet"] = fleet_sheet.describe(ctx, target, found["Ownership"])
    found["Tokens and power"] = tokens_sheet.describe(ctx, target)
    found["Sensitivity"] = sensitivity_sheet.describe(ctx, target, found["Ownership"])
    found["Functions"] = functions_sheet.describe(ctx)
    found["Changes"] = changes_sheet.describe(ctx, target)
    found["Summary"] = summary_sheet.describe(ctx, target, grids, draft)
    found |= _plain(ctx)
    contents, names = list(CONTENTS), dict[str, Ref | Area](_names(ctx.places))
    if edition != NATIVE:
        contents.append(("Function data", "workings: what the functions from Python read"))
        found["Function data"], names[RANGE] = function_data.describe(ctx)
        functions_python.rewrite(ctx, found["Functions"], edition)
    if edition == XLWINGS:
        names |= input_areas.areas(ctx.places)
    order = [cover_sheet.describe(ctx, contents), *(found[name] for name, _ in contents)]
    return _bound(ctx, order, names, edition)


def describe_functions(inputs: Inputs, build_date: str = "", build_id: str = "", knot_rows: int = 0) -> Book:
    """What the functions need and nothing more, to go into somebody else's workbook; `knot_rows` as in `describe`."""
    places = Places(inputs, knot_rows, compact=True)
    ctx = Context(inputs, Market(inputs), places, "Functions", build_date, build_id or fingerprint(inputs))
    checks_sheet.collect(ctx)
    found = {"Ownership": ownership_sheet.describe(ctx), "Functions": functions_sheet.describe(ctx)} | _plain(ctx)
    order = [
        found[name] for name in ("Functions", *(name for name, _ in CONTENTS if name != "Functions")) if name in found
    ]
    return _bound(ctx, order, {})


def _plain(ctx: Context) -> dict[str, Sheet]:
    """The sheets that need nothing from others, in an order in which readings and checks are known to those that list them."""
    modules = (
        ("Scenario", scenario_sheet), ("Prices", prices_sheet), ("Platforms", platforms_sheet), ("Benchmarks", benchmarks_sheet), ("Curves", curves_sheet),
        ("Checks", checks_sheet), ("Sources", sources_sheet),
    )  # fmt: skip
    return {name: module.describe(ctx) for name, module in modules}


def _bound(ctx: Context, order: list[Sheet], names: Mapping[str, Ref | Area], edition: str = NATIVE) -> Book:
    """The sheets as a book, each with the master check in its header."""
    for sheet in order:
        frame.light(ctx, sheet)
    return Book(
        sheets=tuple(order), names=names, title=ctx.title, subject="Economics of LLM inference", build_date=ctx.build_date,
        build_id=ctx.build_id, functions=_functions(ctx.places) if edition == NATIVE else (), models=ctx.inputs.models, left_out=ctx.inputs.left_out,
        knot_rows=ctx.places.knot_rows, edition=edition,
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
