"""The functions of the workbook with their texts over the cells of a book."""

from collections.abc import Iterator

from xlmodel.book.context import Context
from xlmodel.book.spec import NamedFunction
from xlmodel.calc import lambdas
from xlmodel.calc.address import Area
from xlmodel.calc.lambdas_names import Cells
from xlmodel.model.function_records import FUNCTIONS
from xlmodel.model.numbering import PARTS, SPARE
from xlmodel.model.spelling import IGNORED
from xlmodel.model.workbook_functions import SLACK


def named(ctx: Context) -> Iterator[NamedFunction]:
    """Helpers, then functions in the order of the registry; called once all cells stand."""
    cells = Cells(ctx.graph.areas() | dict(_parts(ctx)), IGNORED, SPARE, SLACK)
    arguments = {f.name: [f"[{a.variable}]" if a.optional else a.variable for a in f.arguments] for f in FUNCTIONS}
    texts = lambdas.texts(cells, arguments)
    for name, says in lambdas.HELPERS.items():
        yield NamedFunction(name, texts[name], f"Used by the other functions: {says}")
    for f in FUNCTIONS:
        yield NamedFunction(f.name, texts[f.name], f.comment, tuple((a.name, a.help) for a in f.arguments))


def _parts(ctx: Context) -> Iterator[tuple[str, Area]]:
    """Areas of several lines, and parts of lines."""
    g, first = ctx.graph, 0
    for key in ("blocks", "curves_in_use"):
        yield key, g.tables[key].body
    prices = [g.area(f"prices.basis_{j}") for j in (0, len(ctx.places.bases) - 1)]
    yield "prices.book", prices[0].to(prices[1])
    for part in (*PARTS, "Number"):
        yield f"typed.{part.lower()}", g.area(f"index.{part.lower()}").rows(len(ctx.places.built_groups))
    for kind, found in ctx.places.spellings.items():
        for name, line in (("spelling", "spelling"), ("meaning", "means")):
            yield f"{name}.{kind}", g.area(f"spellings.{line}").rows(first, first + len(found) - 1)
        first += len(found)
