"""Rules about cells: formulas that were typed over or changed, words that were changed, cells typed beside the inputs."""

import re
from collections.abc import Iterator

from xlmodel.book.built import Mark, agrees
from xlmodel.book.free import Free
from xlmodel.calc.values import Value
from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.formulas import Place
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import Hit, as_one, cut, grouped, said
from xlmodel.xlsx.raw_cells import RawCell

NAMING = ("Column", "Column unit", "Unit", "Figure label")  # styles of words that say what a number is
_UNIT = re.compile(r"[^\W\d]+(?:/[^\W\d]+)+(?:[ -]tokens)?|\b[kMBG] tokens\b")  # USD/M tokens, tok/s/user
MOST = 25  # cells typed beside the inputs that are listed one by one on a sheet


def overwritten(s: Subject) -> Iterator[Fault]:
    """Cells that must hold a formula and hold a value, or nothing."""
    for sheet in _unproven(s):
        hits: list[Hit] = []
        held, cells = s.formulas[sheet], s.mailed.cells(sheet)
        for built, at, e in s.places[sheet]:
            if at not in held:
                cell = cells.get(at)
                value = None if cell is None else s.package.value(cell)
                found = "an empty cell" if value is None else f"the value {said(value)}"
                hits.append((at, found, f"={cut(s.wanted(sheet, built, e))}"))
        fix = "restore the formula: xlmodel refresh writes it again; a price of your own belongs into a framed cell"
        yield from grouped(s, sheet, hits, fix)


def changed(s: Subject) -> Iterator[Fault]:
    """Cells whose formula is not that of the build."""
    for sheet in _unproven(s):
        hits: list[Hit] = []
        held, proven = s.formulas[sheet], s.proven[sheet]
        for built, at, e in s.places[sheet]:
            if at in held and at not in proven:
                hits.append((at, f"={cut(held[at].own)}", f"={cut(s.wanted(sheet, built, e))}"))
        yield from grouped(s, sheet, hits, "restore the formula: xlmodel refresh writes it again")


def _unproven(s: Subject) -> list[str]:
    """Sheets on which a cell does not hold its formula of the build."""
    return [sheet for sheet in s.described if len(s.proven[sheet]) < len(s.places[sheet])]


def words(s: Subject) -> Iterator[Fault]:
    """Labels, units and other constants that are not those of the build."""
    for sheet in s.expected:
        hits: dict[str, list[Hit]] = {}
        for at, cell, value, label in unlike(s, sheet):
            found = f"={cut(cell.formula or '')}" if cell is not None and cell.formula else said(value)
            style = s.dressed[sheet].get(at, ("", ""))[0]
            number = isinstance(label, int | float) and style in s.styles and s.styles[style].locked
            grave = style in NAMING or number or other_unit(label, value)
            hits.setdefault(ERROR if grave else "", []).append((at, found, said(label)))
        for severity, lines in hits.items():
            yield from grouped(s, sheet, lines, "restore it, unless the new words are meant", severity)


def other_unit(built: object, now: object) -> bool:
    """Whether words name other units than those of the build.

    >>> other_unit("Cost, USD/M tokens", "Cost, USD/k tokens"), other_unit("Cost, USD/M tokens", "Our cost, USD/M tokens")
    (True, False)
    """
    if not isinstance(built, str) or not isinstance(now, str):
        return False
    units, given = ({unit.casefold() for unit in _UNIT.findall(text)} for text in (built, now))
    return bool(units) and not units <= given


def unlike(s: Subject, sheet: str) -> Iterator[tuple[Place, RawCell | None, Value, Value | Mark]]:
    """Constants that are not those of the build: where, the cell, what it holds, and what it must hold."""
    moves, cells = s.moves[sheet] or None, s.mailed.cells(sheet)
    for built, label in s.described[sheet].labels.items():
        if (at := moves.cell(*built) if moves else built) is None:
            continue
        cell = cells.get(at)
        value = None if cell is None else s.package.value(cell)
        if (cell is not None and cell.formula is not None) or not agrees(value, label):
            yield at, cell, value, label


def beside(s: Subject) -> Iterator[Fault]:
    """Cells with content where the build left none: remarks, own calculations."""
    for sheet in s.expected:
        hits: list[Hit] = []
        amid: list[Hit] = []
        for at, cell in cells_beside(s, sheet):
            value = s.package.value(cell)
            if cell.formula is not None or (value is not None and value != ""):
                hit = (at, f"={cut(cell.formula)}" if cell.formula else said(value), "an empty cell")
                (amid if _amid(s, sheet, at, value) else hits).append(hit)
        fix = "nothing: xlmodel refresh keeps it"
        among = [(at, f"{found} among the results: a reader takes it for one", wanted) for at, found, wanted in amid]
        yield from as_one(s, sheet, among, "move it to a cell that is nobody's", WARNING)
        yield from grouped(s, sheet, hits[:MOST], fix)
        if len(hits) > MOST:
            where = f"sheet {s.mailed.sheets[sheet]}"
            yield Fault(where, f"{len(hits) - MOST} more such cells", "empty cells", fix)


def _amid(s: Subject, sheet: str, at: Place, value: Value) -> bool:
    """Whether digits stand in a cell that the build dressed like its own and left empty."""
    worn = s.styles.get(s.dressed[sheet].get(at, ("", ""))[0])
    return worn is not None and worn.locked and any(map(str.isdigit, str(value)))


def cells_beside(s: Subject, sheet: str) -> Iterator[tuple[Place, RawCell]]:
    """The cells of a sheet of the build where it has nothing of its own and lets nobody type."""
    moves, expected = s.moves[sheet], s.expected[sheet]
    known = {moves.cell(*built) for built in expected} if moves else expected.keys()
    free = free_now(s, sheet)
    for at, cell in s.mailed.cells(sheet).items():
        if at not in known and at not in free.cells and not free.holds(*at):
            yield at, cell


def free_now(s: Subject, sheet: str) -> Free:
    """The free places where they stand now."""
    moves, free = s.moves[sheet], Free.agreed(s.contract, sheet)
    cells = frozenset(at for built in free.cells if (at := moves.cell(*built)))
    cells |= {(t.ref.row, t.ref.col) for t in s.mailed.typed.values() if t.ref.sheet == sheet}
    return Free(cells, tuple(area for built in free.areas if (area := moves.area(built))))


def formula_inputs(s: Subject) -> Iterator[Fault]:
    """Inputs that hold a formula: they follow something else."""
    for typed in s.mailed.typed.values():
        if typed.formula:
            where = s.where(typed.ref.sheet, typed.ref.row, typed.ref.col)
            yield Fault(
                where,
                f"={cut(typed.formula)}: the input follows another cell, and so does every result",
                f"a typed value for {typed.key}",
                "type the value; if the link is meant, say so beside it",
            )


RULES = (
    AuditRule("overwritten", ERROR, "a typed value stops following the inputs", overwritten),
    AuditRule("formula", ERROR, "a changed formula computes something else under the same label", changed),
    AuditRule("words", WARNING, "a changed label or unit makes a right number say something wrong", words),
    AuditRule("linked-input", WARNING, "an input that is a formula moves with something else", formula_inputs),
    AuditRule("beside", NOTE, "what was typed beside the inputs is no part of the model", beside),
)
