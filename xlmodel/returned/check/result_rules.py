"""Rules about results: stored values against a recalculation, the workbook's own checks, and its functions."""

import re
from collections.abc import Iterator, Mapping, Sequence

from xlmodel.book.refs import position
from xlmodel.calc.address import letters
from xlmodel.calc.values import NAME, ExcelError, Value, same
from xlmodel.returned.check import ERROR, WARNING, AuditRule, Fault
from xlmodel.returned.check.cell_rules import unlike
from xlmodel.returned.check.formulas import Cell
from xlmodel.returned.check.recalculated import tame
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.check.telling import said
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.passes import INTELLISENSE

RECALCULATE = "recalculate in Excel (F9) and save"
CHECKS, FUNCTIONS = "Checks", "Functions"
CLOSE = 1e-8  # workings are stored in ten digits
FEW = 3  # cells that are named where one cause is behind many
_LAMBDA = re.compile(r"^_xlfn\.LAMBDA\(")
CHECK, WHAT, VALUE, PASS = 1, 2, 3, 5  # columns of the Checks sheet


def functions(s: Subject) -> Iterator[Fault]:
    """Functions of the workbook that are gone, changed, or spelt so that Excel no longer knows them."""
    if s.contract.edition != "native":
        return
    held = {name.casefold(): text for name, text in s.mailed.defined_names.items()}
    wanted = s.built.functions if s.built else {}
    broken = [name for name, text in held.items() if re.match(r"(?i)_xlfn\.lambda\(", text) and not _LAMBDA.match(text)]
    if broken:
        found = f"{len(broken)} functions in lower case, such as {broken[0].upper()}"
        fix = "the program that saved the file broke them; xlmodel refresh writes them again"
        yield Fault("names of functions", found, "names as Excel writes them", fix)
        return
    for name in wanted:
        if name.casefold() not in held:
            yield Fault(
                f"function {name}", "no such name", "a function of the build", "xlmodel refresh writes it again"
            )
        elif not s.moved and name not in s.functions_held:
            found = "another text" if "lambda(" in held[name.casefold()].casefold() else "a name of cells"
            yield Fault(f"function {name}", found, "that of the build", "xlmodel refresh writes it again")
    yield from _help(s)
    unmarked = [a1 for a1 in _calls(s) if not _dynamic(s, a1)]
    if unmarked:
        found = f"{len(unmarked)} cells that call functions, such as {unmarked[0]}, without the mark of a dynamic array"
        fix = "the program that saved the file dropped it; xlmodel refresh writes it again"
        yield Fault(f"sheet {FUNCTIONS}", found, "the mark", fix, WARNING)


def _help(s: Subject) -> Iterator[Fault]:
    """What Excel and its add-in say of a function while somebody types it, where that is not what the build says."""
    described = {f.name: f for f in s.reference.functions if f.arguments} if s.reference is not None else {}
    said = {
        e.get("name", ""): e.get("comment", "") for e in s.package.tree("xl/workbook.xml").iter(MAIN + "definedName")
    }
    for name, function in described.items():
        if said.get(name) and said[name].split() != function.comment[:255].split():
            found = f"its description says {said[name][:80]!r}"
            yield Fault(f"function {name}", found, function.comment[:80], "xlmodel refresh writes it again", WARNING)
    helped: set[str] = set()
    parts = 0
    for part, data in s.package.data.items():
        if not part.startswith("customXml/item") or INTELLISENSE.encode() not in data[:300]:
            continue
        parts += 1
        for element in s.package.tree(part).iter("{*}Function"):
            helped.add(element.get("Name", ""))
            known = described.get(element.get("Name", ""))
            held = [element.get("Description", "")] + [a.get("Description", "") for a in element.iter("{*}Argument")]
            wanted = [known.comment.partition(". ")[0], *(text for _, text in known.arguments)] if known else held
            if apart := [text for text in held if text not in wanted]:
                found = f"its help in the add-in says {apart[0][:80]!r}"
                where = f"function {element.get('Name', '')}"
                yield Fault(where, found, "the help of the build", "xlmodel refresh writes it again", WARNING)
    if parts and (silent := [name for name in described if name not in helped]):
        found = f"the help in the add-in says nothing of {len(silent)} functions, such as {silent[0]}"
        yield Fault("names of functions", found, "the help of the build", "xlmodel refresh writes it again", WARNING)


def _calls(s: Subject) -> list[str]:
    """Cells of the Functions sheet that hold a function."""
    expected = s.expected.get(FUNCTIONS, {})
    called = {at for at, e in expected.items() if re.search(r"\bTOK[A-Z]+\(", e.formula)}
    return [f"{letters(col)}{row}" for row, col in sorted(called)] if not s.moves.get(FUNCTIONS) else []


def _dynamic(s: Subject, a1: str) -> bool:
    cell = s.mailed.cells(FUNCTIONS).get(position(a1))
    return cell is None or cell.formula is None or cell.dynamic


def stored(s: Subject) -> Iterator[Fault]:
    """Stored values that neither the Python model nor a recalculation confirms."""
    cells = judged(s)
    missing = sum(1 for value in cells.values() if value is None)
    if cells and missing > len(cells) // 2:
        found, fix = (
            "no stored results",
            "open it in Excel and save it: it was saved by a program that does not calculate",
        )
        yield Fault("workbook", found, "a result in every formula cell: previews show nothing else", fix, WARNING)
        return
    if not confirmed(s, cells):
        apart = [
            (s.where(sheet, *at), f"stored {said(value)}", f"{said(s.computed[sheet, at])} by recalculation")
            for (sheet, at), value in cells.items()
            if (sheet, at) in s.computed and not agree(value, s.computed[sheet, at])
        ]
        yield from _as_one(apart, RECALCULATE)
        if not s.computed:
            yield Fault(
                "workbook", "results that could not be recalculated here", "a recalculation", RECALCULATE, WARNING
            )


def confirmed(s: Subject, cells: Mapping[Cell, Value]) -> bool:
    """Whether the Python model, which is the faster, knows every input and confirms every stored result."""
    expected = s.modelled
    return (
        cells.keys() <= expected.keys()
        and all(agree(value, expected[key]) for key, value in cells.items())
        and _inputs_known(s)
        and not any(True for sheet in s.expected for _ in unlike(s, sheet))  # the model has the build's constants
    )


def _inputs_known(s: Subject) -> bool:
    """Whether each input holds what the described book holds there: the model does not see tolerances and examples."""
    sheets = {sheet.name: sheet for sheet in s.model.sheets} if s.model else {}
    for key, typed in s.mailed.typed.items():
        ref = s.contract.inputs[key]
        cell = sheets[ref.sheet].cells.get(ref.row, {}).get(ref.col) if ref.sheet in sheets else None
        if cell is None or not same(typed.value, cell.value):
            return False
    return True


def own(s: Subject) -> Iterator[Fault]:
    """Stored results on sheets of people's own that a recalculation does not confirm."""
    apart = [
        (s.where(sheet, *at), f"stored {said(value)}", f"{said(s.computed[sheet, at])} by recalculation")
        for (sheet, at), value in owned(s).items()
        if (sheet, at) in s.computed and not agree(value, s.computed[sheet, at])
    ]
    yield from _as_one(apart, RECALCULATE)


def owned(s: Subject) -> Mapping[Cell, Value]:
    """Stored value of the formula cells on own sheets that can be judged, and store one."""
    known = {name.casefold() for name in s.functions_held}
    return {
        (sheet, at): value
        for sheet, formulas in s.own_formulas.items()
        for at, held in formulas.items()
        if tame(held, known) and (value := s.package.value(held.cell)) is not None
    }


def _as_one(apart: Sequence[tuple[str, str, str]], fix: str) -> Iterator[Fault]:
    """One fault, given as place, found and expected: an input edited by a script leaves all that follow it behind."""
    if len(apart) == 1:
        yield Fault(*apart[0], fix)
    elif apart:
        places, found, expected = (", ".join(words[:FEW]) for words in zip(*apart, strict=True))
        more = f" and {len(apart) - FEW} more" if len(apart) > FEW else ""
        cells = tuple(f"{place}: {was}, {again}" for place, was, again in apart)
        yield Fault(
            f"{places}{more}", f"{len(apart)} results that are not up to date: {found}", expected, fix, cells=cells
        )


def judged(s: Subject) -> Mapping[Cell, Value]:
    """Stored value of the formula cells that can be judged: functions only where they are whole."""
    whole = s.contract.edition == "native" and not list(functions(s))
    return {
        (sheet, at): s.package.value(held.cell)
        for sheet, formulas in s.formulas.items()
        if whole or sheet != FUNCTIONS
        for at, held in formulas.items()
    }


def agree(value: Value, again: Value) -> bool:
    """Whether a stored value is what was computed again."""
    if isinstance(value, float) and isinstance(again, float):  # nearly always, so without asking further
        return same(value, again, CLOSE)
    if isinstance(again, ExcelError) and (again == NAME or again.code.startswith("#ERROR")):
        return True  # a function that the engine does not know
    if isinstance(again, bool) is not isinstance(value, bool):
        return again in (0, 1) and value in (0, 1) and bool(again) == bool(value)
    return same(value, again, CLOSE)


def checks(s: Subject) -> Iterator[Fault]:
    """Checks of the workbook that fail."""
    if CHECKS not in s.mailed.sheets:
        return
    formulas = s.formulas[CHECKS]
    for row, col in formulas:
        if col != PASS or (row, VALUE) not in formulas:
            continue
        now = _now(s, row, col)
        if now != 1 and not isinstance(now, str):  # words are the verdict of a warning
            what = s.mailed.value(CHECKS, row, CHECK), s.mailed.value(CHECKS, row, WHAT)
            place = s.mailed.value(CHECKS, row, PASS + 1)
            found = f"{what[0]} fails with {said(_now(s, row, VALUE))}"
            yield Fault(s.where(CHECKS, row, col), found, str(what[1]), f"look at {place}")


def _now(s: Subject, row: int, col: int) -> Value:
    """What a cell of the Checks sheet shows; computed where the file stores no result."""
    value = s.mailed.value(CHECKS, row, col)
    return (s.modelled or s.computed).get((CHECKS, (row, col))) if value is None else value


RULES = (
    AuditRule(
        "functions", ERROR, "a function that Excel no longer knows shows #NAME? in every cell that uses it", functions
    ),
    AuditRule("stored", ERROR, "previews, phones and Protected View show what is stored and calculate nothing", stored),
    AuditRule("own", WARNING, "a number on a sheet of your own is as old as its last calculation", own),
    AuditRule("checks", ERROR, "a failing check says that a promise of the workbook does not hold", checks),
)
