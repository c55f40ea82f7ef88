"""A workbook that already holds the functions: what people typed into their sheets, the package without them, or with them mended.

New sheets take the place of an earlier set. In a full build only the functions are written again, where a program broke them.
"""

import datetime
import re
from dataclasses import replace

from lxml import etree

from xlmodel.book.spec import Book
from xlmodel.calc.address import letters
from xlmodel.model.scenario import Inputs
from xlmodel.returned.check.reference import described
from xlmodel.returned.check.result_rules import FUNCTIONS
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.mailed_file import Mailed
from xlmodel.returned.refresh import package_registers
from xlmodel.returned.refresh.carried_cells import SheetXml, store
from xlmodel.returned.refresh.new_data import renew
from xlmodel.xlsx.graft import Parts
from xlmodel.xlsx.graft.registers import dynamic_index
from xlmodel.xlsx.package import streams
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import serialized
from xlmodel.xlsx.relations import workbook_part

_CALL = re.compile(r"\bTOK[A-Z]+\(")


def carried(mailed: Mailed, inputs: Inputs, today: datetime.date, *, keep: bool) -> Inputs:
    """The inputs of the new set, with what people typed into the earlier one.

    Args:
        mailed: the workbook with the earlier set.
        inputs: new inputs, as gathered.
        today: the day.
        keep: whether the models and files of the earlier set stay, with new data beside them; otherwise only what was typed.
    """
    s = Subject(mailed, today)
    held = s.contents.inputs
    if keep:
        points = [inputs.points[i] for i in inputs.own_rows]
        quotes = inputs.quotes[len(inputs.quotes) - inputs.own_quotes :] if inputs.own_quotes else ()
        return renew(s, points, quotes).inputs
    platforms = {point.platform for point in inputs.points}
    own = {name: price for name, price in held.own_prices.items() if name in platforms}
    return replace(inputs, own_prices=own | dict(inputs.own_prices), typed=held.typed, typed_quotes=held.typed_quotes)


def without(mailed: Mailed) -> Parts:
    """The package without the sheets, names and custom XML of the earlier set; everything else as it was."""
    parts: Parts = dict(mailed.package.data)
    here = package_registers.sheets_of(parts)
    now = list(mailed.sheets.values())
    candidates = {here[name].part for name in now}
    candidates |= {part for name in now for part in package_registers.closure(parts, here[name].part)}
    names = [
        name for name, text in mailed.defined_names.items() if "LAMBDA(" in text.upper() and name.startswith("TOK")
    ]
    package_registers.take_out(parts, now, names)
    package_registers.collect_garbage(parts, candidates)
    return parts


def mended(mailed: Mailed, today: datetime.date) -> tuple[Parts, Book] | None:
    """A full build with its functions written again; None where this version does not lay the book out so."""
    s = Subject(mailed, today)
    book = described(s.contents.inputs, mailed.contract)
    if book is None or s.moved or FUNCTIONS not in mailed.sheets:
        return None
    source = {name: b"".join(chunks) for name, chunks in streams(book).items()}
    parts: Parts = dict(mailed.package.data)
    dynamic = str(dynamic_index(parts, source))
    _names(parts, source, {function.name for function in book.functions})
    part = mailed.package.sheets[mailed.sheets[FUNCTIONS]]
    root = etree.fromstring(parts[part])
    grid = SheetXml(root)
    for row, cells in next(sheet for sheet in book.sheets if sheet.name == FUNCTIONS).cells.items():
        for col, built in cells.items():
            cell = grid.cell(row, col) if built.formula else None
            if cell is None:
                continue
            store(cell, built.value)
            formula = cell.find(MAIN + "f")
            if formula is not None and _CALL.search(built.formula):
                formula.text = formula.text or built.formula
                formula.set("t", "array")
                formula.set("ref", built.spill or f"{letters(col)}{row}")
                cell.set("cm", dynamic)
    parts[part] = serialized(root)
    return parts, book


def _names(parts: Parts, source: Parts, functions: set[str]) -> None:
    """The names of the functions as a build writes them, in place of what is left of them."""
    here = workbook_part(parts)
    book = etree.fromstring(parts[here])
    made = etree.fromstring(source[workbook_part(source)])
    held = book.find(MAIN + "definedNames")
    if held is None:
        held = etree.Element(MAIN + "definedNames")
        sheets = book.find(MAIN + "sheets")
        assert sheets is not None
        sheets.addnext(held)
    for name in list(held):
        if name.get("name") in functions:
            held.remove(name)
    for name in made.iter(MAIN + "definedName"):
        if name.get("name") in functions:
            held.append(name)
    package_registers.calculate(book)
    parts[here] = serialized(book)
