"""The names that typed rows mean: spelt as on the lists, or by another spelling of the table on Functions, as the functions forgive."""

from functools import reduce
from typing import Any

from xlmodel.book.context import Context
from xlmodel.book.graph import Graph
from xlmodel.book.point_places import FIRST, MEANT, SPARE_POINTS, UNKNOWN
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.each_value import once_for_each
from xlmodel.calc.functions import IF, IFERROR, INDEX, ISNA, LOWER, MATCH, SUBSTITUTE, TRIM
from xlmodel.model.spelling import IGNORED
from xlmodel.units import TEXT

NO_ROW = "no row on Summary for this platform: a refresh or a new build brings it"


def meant(ctx: Context, kind: str, typed: Any) -> Any:
    """The name that a text means; one that no list and no spelling knows stays as it is, without blanks around it."""
    g, kinds = ctx.graph, ctx.places.spellings
    before = [len(found) for name, found in kinds.items()][: list(kinds).index(kind)]
    first = sum(before)
    last = first + len(kinds[kind]) - 1
    bare = reduce(lambda text, part: SUBSTITUTE(text, part, ""), IGNORED, LOWER(typed))
    spelt = g["spellings.spelling"].rows(first, last)
    found = INDEX(g["spellings.means"].rows(first, last), MATCH(bare, spelt, 0))
    return once_for_each(typed, IFERROR(found, TRIM(typed)))


def names(g: Graph) -> dict[str, Any]:
    """What a row of the points typed below the table means by each of its names."""
    return {name: g[f"typed_names.{name.lower()}"] for name in MEANT}


def of_points(ctx: Context, sheet: Sheet, col: int) -> None:
    """The names of the points typed below the table, from a column on, and what is known under none of them."""
    g, built = ctx.graph, len(ctx.inputs.points)
    t = Table(g, sheet, "typed_names", FIRST + built, col, SPARE_POINTS, head="")
    for heading, name in MEANT.items():
        typed = g[f"points.{heading.lower()}"].shift(built).formed("col")
        t.column(name, TEXT, meant(ctx, heading.lower(), typed), key=heading.lower(), style="Text", form="col")
    platform = t.lines["platform"]
    unknown = IF(platform.eq(""), "", IF(ISNA(MATCH(platform, g["menu.platforms"].all, 0)), NO_ROW, ""))
    t.column(UNKNOWN, TEXT, unknown, key="unknown", style="Text", form="col")
