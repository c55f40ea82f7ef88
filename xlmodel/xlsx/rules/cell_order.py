"""Rules about cells: their order, their stored values, their spill ranges."""

from xlmodel.book.refs import corners, position
from xlmodel.xlsx import formula_tokens
from xlmodel.xlsx.parts import Package, finite
from xlmodel.xlsx.rules import Faults, Rule

ERRORS = {*formula_tokens.ERRORS, "#SPILL!", "#CALC!"}
_LONGEST = 32767


def order(package: Package) -> Faults:
    """Cells out of order, doubled, or in another row than they say."""
    for sheet in package.sheets:
        before = (0, 0)
        for cell in package.grid(sheet).cells:
            try:
                at = position(cell.a1)
            except ValueError as error:
                yield sheet, str(error)
                continue
            if at <= before or at[0] != cell.line or at[0] > 1048576 or at[1] > 16384:
                yield f"{sheet}!{cell.a1}", "out of order, doubled or in the wrong row"
            before = at


def values(package: Package) -> Faults:
    """Formulas without a stored value, and stored values that are none."""
    strings = len(package.strings)
    for sheet in package.sheets:
        for cell in package.grid(sheet).cells:
            stored = cell.stored
            if stored is None:
                if cell.formula is not None:
                    yield f"{sheet}!{cell.a1}", "a formula without a stored value"
                continue
            kind = cell.kind
            if kind == "n":
                good = finite(stored) is not None
            elif kind == "s":
                good = stored.isdecimal() and int(stored) < strings
            elif kind == "e":
                good = stored in ERRORS
            elif kind == "b":
                good = stored in ("0", "1")
            else:
                good = kind in ("str", "inlineStr", "d")
            if not good:
                yield f"{sheet}!{cell.a1}", f"{stored[:40]!r} is not a value of type {kind!r}"


def text_length(package: Package) -> Faults:
    """Texts longer than a cell can hold."""
    long = {str(index) for index, text in enumerate(package.strings) if len(text) > _LONGEST}
    for sheet in package.sheets:
        for cell in package.grid(sheet).cells:
            stored = cell.stored
            if stored and (stored in long if cell.kind == "s" else len(stored) > _LONGEST):
                yield f"{sheet}!{cell.a1}", f"text longer than {_LONGEST} characters"


def spills(package: Package) -> Faults:
    """Formulas in the way of an array, and followers of a shared formula that does not reach them."""
    for sheet in package.sheets:
        cells = package.grid(sheet).cells
        masters = {cell.group: corners(cell.ref) for cell in cells if cell.shape == "shared" and cell.ref}
        formulas = {position(cell.a1) for cell in cells if cell.formula is not None}
        for cell in cells:
            if cell.shape == "shared" and not cell.ref and not _reaches(masters.get(cell.group), cell.a1):
                yield f"{sheet}!{cell.a1}", f"shared formula {cell.group} does not reach this cell"
            if cell.shape == "array" and cell.ref:
                own = position(cell.a1)
                top, left, bottom, right = corners(cell.ref)
                area = ((row, col) for row in range(top, bottom + 1) for col in range(left, right + 1))
                if any(at in formulas and at != own for at in area):
                    yield f"{sheet}!{cell.a1}", f"another formula stands in its range {cell.ref}"


def _reaches(area: tuple[int, int, int, int] | None, a1: str) -> bool:
    if area is None:
        return False
    row, col = position(a1)
    return area[0] <= row <= area[2] and area[1] <= col <= area[3]


RULES = (
    Rule("cell-order", "Excel repairs a sheet whose cells are out of order", order),
    Rule("stored-values", "previews, phones and Protected View show what is stored and calculate nothing", values),
    Rule("cell-text", "Excel cuts longer texts", text_length),
    Rule("ranges", "Excel repairs a formula inside another one's range", spills),
)
