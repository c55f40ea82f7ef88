"""Cells that a reader may change: how they are written, and what may be typed into them."""

from collections.abc import Iterable

from xlmodel.book.graph import Graph
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.cells import Cell, Line, Place
from xlmodel.calc.expression import Expr
from xlmodel.calc.values import Value
from xlmodel.units import Unit


def frame(sheet: Sheet, place: Place, keys: Iterable[str]) -> None:
    """Write cells that a reader may change, each under its key in the contract."""
    style, fmt = ("Input text", "") if place.unit.of == "text" else ("Input", place.unit.format)
    for i, key in enumerate(keys):
        ref = place.ref(i)
        sheet.input(ref.row, ref.col, _content(place, i), key, style, fmt)


def guard(sheet: Sheet, place: Place, prompt: str) -> None:
    """Let only numbers within the range of their unit be typed into cells."""
    rule = Validation((_a1(place),), place.heading, prompt, low=place.unit.low, high=place.unit.high)
    sheet.validations.append(rule)


def pick(graph: Graph, sheet: Sheet, place: Place, menu: Place | str, prompt: str) -> None:
    """Let only what a list holds be picked in cells; the list may be declared later."""

    def rule() -> None:
        listed = graph.find(menu) if isinstance(menu, str) else menu
        source = listed.area.on(sheet.name)
        sheet.validations.append(Validation((_a1(place),), place.heading, prompt, source=source))

    graph.later(rule)


def within(unit: Unit) -> str:
    """The range of a unit in words.

    >>> from xlmodel.units import STEP, USD_PER_GPU
    >>> within(STEP), within(USD_PER_GPU)
    ('0.01 to 0.45', '0 to 10,000,000')
    """
    return " to ".join(
        f"{bound:,.0f}" if float(bound).is_integer() else f"{bound:g}" for bound in (unit.low, unit.high)
    )


def _content(place: Place, i: int) -> Value:
    content = place.content_at(i) if isinstance(place, Line) else place.content if isinstance(place, Cell) else None
    if isinstance(content, Expr):
        raise TypeError(f"{place.key}: an input holds no formula")
    return content


def _a1(place: Place) -> str:
    area = place.area
    return area.a1 if isinstance(place, Line) and place.count > 1 else place.ref().a1
