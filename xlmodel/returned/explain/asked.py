"""From what a person types to a cell of a workbook, and back to an address."""

import difflib

from xlmodel.calc.address import letters
from xlmodel.errors import InputRefused, Problem
from xlmodel.returned.explain.labels import Workbook
from xlmodel.returned.explain.trace import Range, area_of


def address(area: Range) -> str:
    """An area as a formula would write it.

    >>> address(Range("Cost curves", 7, 4, 15, 4))
    "'Cost curves'!D7:D15"
    """
    plain = area.sheet.isidentifier()
    sheet = area.sheet if plain else "'" + area.sheet.replace("'", "''") + "'"
    first, last = f"{letters(area.left)}{area.top}", f"{letters(area.right)}{area.bottom}"
    return f"{sheet}!{first}" if first == last else f"{sheet}!{first}:{last}"


def asked(reference: str, book: Workbook) -> Range:
    """The cell that is asked about."""
    where, fix = f"cell {reference!r}", "write it like 'Summary!E16', in single quotes"
    text = reference.strip().removeprefix("=")
    sheet, mark, a1 = text.rpartition("!")
    sheet = sheet.strip("'").replace("''", "'") if mark else ""
    found = None if mark else area_of(text, "", book)
    if not mark and text.casefold() not in book.names and not (found and found.sheet):
        spelt = sorted(book.spelt_names)
        names = ", ".join(spelt)
        near = difflib.get_close_matches(text.casefold(), [name.casefold() for name in spelt], 1)
        fix = next((f"write {name}" for name in spelt if [name.casefold()] == near), fix)
        expected = f"a sheet and a cell, or one of the names {names}" if names else "a sheet and a cell"
        raise InputRefused([Problem(where, "no sheet", expected, fix)])
    if mark and book.sheet_name(sheet) is None:
        near = difflib.get_close_matches(sheet.casefold(), [name.casefold() for name in book.package.sheets], 1, 0.5)
        fix = f"write {address_of(book.sheet_name(near[0]) or '', a1)}" if near else "use one of these names"
        raise InputRefused([Problem(where, f"no sheet {sheet!r}", "one of " + ", ".join(book.package.sheets), fix)])
    area = area_of(f"'{sheet.replace(chr(39), chr(39) * 2)}'!{a1}", "", book) if mark else found
    if area is None and not mark:
        stands = f"a name that stands for ={book.names[text.casefold()][:60]}"
        raise InputRefused([Problem(where, stands, "a name of one cell, or a cell such as Summary!E16", fix)])
    if area is None or area.bottom > 1_048_576 or area.right > 16_384:
        raise InputRefused([Problem(where, f"{a1 or text!r}", "a cell such as E16", fix)])
    if area.count > 1:
        first = address(Range(area.sheet, area.top, area.left, area.top, area.left))
        raise InputRefused(
            [Problem(where, f"a range of {area.count:,} cells", "one cell", f"ask for one, such as {first}")]
        )
    if (cell := book.cells(area.sheet).get((area.top, area.left))) is None or (
        cell.formula is None and book.package.value(cell) is None
    ):
        raise InputRefused(
            [Problem(where, "an empty cell", "a cell with a value", "look the address up in the workbook")]
        )
    return area


def address_of(sheet: str, a1: str) -> str:
    """A sheet and an address as they are typed on a command line.

    >>> address_of("Cost curves", "d8")
    "'Cost curves!D8'"
    """
    return f"'{sheet}!{a1.upper()}'"
