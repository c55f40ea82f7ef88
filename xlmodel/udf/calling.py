"""The workbook that calls: what its functions need, computed anew from the areas into which people type.

For a call without data, by COM. While Excel calculates, formulas may still show old values; what is typed never
does. So everything from the frontier to the price in use is computed here, by the Python model.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from xlmodel.book.places import CHOSEN
from xlmodel.book.record_rows import PLATFORM_FIELDS, POINT_FIELDS, QUOTE_FIELDS, record_of
from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import ExcelError, Value
from xlmodel.model.facts import Platform, Quote, Snapshot
from xlmodel.model.market import Market
from xlmodel.model.ownership import UNITS as OWNED
from xlmodel.model.ownership import Ownership
from xlmodel.model.point import Point
from xlmodel.model.ranges import Answer
from xlmodel.model.scenario import MENUS, Inputs, Scenario
from xlmodel.model.variants import VARIED, Naming, Variant
from xlmodel.model.workbook_functions import Functions
from xlmodel.udf.converters import taken

AREAS = (
    "in_points", "in_points_typed", "in_quotes", "in_quotes_typed", "in_prices", "in_platforms", "in_snapshots",
    "in_chosen", "in_active", "in_scenarios", "in_assumed", "in_ownership", "in_capital",
)  # fmt: skip
STATES = 4  # of workbooks whose model is kept ready
Cells = tuple[tuple[Value, ...], ...]
R = TypeVar("R", Point, Quote, Platform)


def answer(name: str, arguments: Sequence[Any], read: Callable[[str], Sequence[Sequence[Value]]]) -> Any:
    """The answer of a function on a workbook as it is now; errors as their codes, so that any module understands them.

    Args:
        name: the function.
        arguments: as xlwings hands them over.
        read: gives the rows of a named area of `xlmodel.book.input_areas`; every area is read at every call.
    """
    areas = tuple(tuple(map(tuple, read(name))) for name in AREAS)
    return _coded(_functions(areas)(name, *map(taken, arguments)))


def _coded(found: Answer) -> Any:
    if isinstance(found, list):
        return [[_coded(cell) for cell in row] for row in found]
    return found.code if isinstance(found, ExcelError) else found


@lru_cache(maxsize=STATES)
def _functions(areas: tuple[Cells, ...]) -> Functions:
    """The functions on one state of a workbook."""
    return Functions(Market(inputs_of(dict(zip(AREAS, areas, strict=True)))))


def inputs_of(areas: dict[str, Cells]) -> Inputs:
    """The inputs of the Python model, as far as the functions need them."""
    platforms = [str(row[0]) for row in areas["in_prices"]]
    capital = {name: usd for name, usd in zip(platforms, areas["in_capital"][0], strict=False) if is_number(usd)}
    owned = {
        name: row[0] if is_number(row[0]) else None for name, row in zip(OWNED, areas["in_ownership"], strict=True)
    }
    chosen: dict[str, Any] = dict(zip(CHOSEN, areas["in_chosen"][0], strict=True))
    base, second, third = (
        {name: row[i] for name, row in zip(VARIED, areas["in_assumed"], strict=True)} for i in range(3)
    )
    return Inputs(
        points=tuple(_records(Point, areas["in_points"], (), POINT_FIELDS)),
        quotes=tuple(_records(Quote, areas["in_quotes"], (), QUOTE_FIELDS)),
        platforms=tuple(_records(Platform, areas["in_platforms"], (), PLATFORM_FIELDS)),
        snapshots=tuple(Snapshot(str(row[0]), "", "") for row in areas["in_snapshots"]),
        scenario=Scenario(**chosen, **{name: _assumed(name, cell) for name, cell in base.items()}),
        second=_variant(second),
        third=_variant(third),
        naming=Naming(str(areas["in_active"][0][0]), *map(str, areas["in_scenarios"][0])),
        typed=tuple(_records(Point, areas["in_points"], areas["in_points_typed"], POINT_FIELDS)),
        typed_quotes=tuple(_records(Quote, areas["in_quotes"], areas["in_quotes_typed"], QUOTE_FIELDS)),
        own_prices={str(row[0]): row[1] for row in areas["in_prices"] if is_number(row[1])},
        ownership=Ownership(capital=capital, **owned),
    )


def _records(kind: type[R], table: Cells, below: Cells, fields: dict[str, str]) -> Iterator[R]:
    """The records of a table, or those typed below it under the same headings."""
    headings = [str(cell) for cell in table[0]]
    for row in below or table[1:]:
        cells = dict(zip(headings, row, strict=True))
        if not below or any(cell not in (None, "") for cell in row):
            yield record_of(kind, cells, fields)


def _assumed(name: str, cell: Value) -> Any:
    """An assumption as the workbook's formulas read it.

    Raises:
        ValueError: it is none of its menu.
    """
    if name not in MENUS:
        return cell if is_number(cell) else 0.0
    if cell not in MENUS[name]:
        raise ValueError(f"{name}: {cell!r}")
    return cell


def _variant(cells: dict[str, Value]) -> Variant:
    """What a scenario changes; an empty cell takes the base's value."""
    return Variant(**{name: _assumed(name, cell) for name, cell in cells.items() if cell not in (None, "")})
