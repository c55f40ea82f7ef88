"""Cells of their own on a sheet, under a key: one that is computed, one that is typed into, one that calls a function."""

from dataclasses import replace

from xlmodel.book.graph import Graph
from xlmodel.book.spec import Sheet, Validation
from xlmodel.book.written import Look
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Cell
from xlmodel.calc.expression import Expr
from xlmodel.calc.named_call import CallingCell
from xlmodel.calc.place import Content
from xlmodel.calc.values import Value
from xlmodel.units import TEXT, Unit


def single(
    graph: Graph, sheet: Sheet, key: str, unit: Unit, content: Content, row: int, col: int, *, style: str = "Calculation", fmt: str | None = None,
    heading: str = "",
) -> Cell:  # fmt: skip
    """One cell of its own on a sheet, under a key."""
    found = graph.add(key, Cell(unit, content, Ref(sheet.name, row, col), heading=heading or key))
    graph.printed(sheet, found, style, format_of(unit, fmt))
    return found


def entry(
    graph: Graph, sheet: Sheet, name: str, unit: Unit, value: Value, row: int, col: int, *, key: str = "", rule: Validation | None = None,
    fmt: str | None = None,
) -> Cell:  # fmt: skip
    """One cell that a reader types into, under the name of its input and under a key.

    Raises:
        ValueError: the name is taken.
    """
    style = "Input text" if unit is TEXT else "Input"
    fmt = unit.format if fmt is None and unit is not TEXT else fmt or ""
    found = graph.add(key or name, Cell(unit, value, sheet.input(row, col, value, name, style, fmt), heading=name))
    if rule:
        sheet.validations.append(replace(rule, areas=(found.ref().a1,)))
    return found


def format_of(unit: Unit, fmt: Look | None) -> Look:
    """The number format of cells: one of their own, or that of the unit."""
    return unit.format if fmt is None and unit is not TEXT else fmt or ""


def calling(
    graph: Graph, sheet: Sheet, key: str, unit: Unit, content: Expr, row: int, col: int, *, style: str = "Calculation", fmt: str | None = None,
    heading: str = "",
) -> CallingCell:  # fmt: skip
    """A cell that calls a function of the workbook by its name, under a key; a range of values spills from it."""
    found = graph.add(key, CallingCell(unit, content, Ref(sheet.name, row, col), heading=heading or key))
    graph.printed(sheet, found, style, unit.format if fmt is None else fmt)
    return found
