"""Rules about the contract, and the sheets, places and names it speaks of."""

from collections.abc import Iterable, Iterator

from xlmodel.book.built_text import unlike
from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.subject import Subject
from xlmodel.sheets.remembered import agreed
from xlmodel.version import __version__
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.texts import canonical

BUILD_AGAIN = "bring the inputs into a new build: xlmodel refresh FILE"


def contract(s: Subject) -> Iterator[Fault]:
    """A contract that had to be recovered, was altered, or that this version cannot vouch for."""
    if s.mailed.lost:
        found = f"none: {s.mailed.lost}"
        yield Fault("contract", found, "the contract of the build", f"nothing is lost yet; {BUILD_AGAIN}")
    if not s.contract.whole:
        found = "a contract that was altered: its seal does not hold, so it vouches for nothing"
        yield Fault("contract", found, "the contract as built", f"ask who edited it; {BUILD_AGAIN}", ERROR)
    version = s.contract.version
    if s.reference is not None:
        yield from _forged(s)
    elif s.built is not None:
        found = f"a layout of xlmodel {version or '?'} that xlmodel {__version__} here does not describe"
        grave = WARNING if version == __version__ else NOTE
        fix = f"nothing: it was judged by its own contract; to be sure of the contract, {BUILD_AGAIN}"
        yield Fault("contract", found, f"the layout of xlmodel {__version__}", fix, grave)
    else:
        found = (
            f"a layout of xlmodel {version or '?'} that xlmodel {__version__} here does not describe; formats, charts and guards"
            " were judged by themselves, labels by a checksum, formulas by recalculation and by their neighbours"
        )
        fix = f"check it with the version that built it, or {BUILD_AGAIN}"
        yield Fault("contract", found, "a contract that says what was built", fix)


def _forged(s: Subject) -> Iterator[Fault]:
    """A contract that says something else than this version, which has the same layout, would write."""
    if s.reference is None or s.built is None or s.mailed.lost:
        return
    held, sheets = s.contract, s.reference.sheets
    if held == agreed(s.reference):  # as it was written a moment ago, word by word
        return
    parts = {
        "inputs": ({key: ref for sheet in sheets for key, ref in sheet.inputs.items()}, held.inputs),
        "results": ({key: ref for sheet in sheets for key, ref in sheet.outputs.items()}, held.outputs),
        "tables": ({t.name: (t.area, t.headers, t.free, t.spare) for sheet in sheets for t in sheet.tables if t.kept},
                   {t.name: (t.area, t.headers, t.free, t.spare) for t in held.tables.values()}),
    }  # fmt: skip
    apart = [name for name, (a, b) in parts.items() if a != b]
    if held.built is not None:
        apart += unlike(s.built, held.built.opened())
    if apart:
        found = f"a contract that says something else about {', '.join(apart[:4])}"
        yield Fault("contract", found, f"what xlmodel {held.version} writes", f"ask who made it; {BUILD_AGAIN}", ERROR)


def sheets(s: Subject) -> Iterator[Fault]:
    """Generated sheets that are gone or renamed."""
    for name in s.contract.sheets:
        now = s.mailed.sheets.get(name)
        if now is None:
            yield Fault(f"sheet {name}", "no such sheet", "a sheet of the build", BUILD_AGAIN)
        elif now != name:
            fix = f"name it {name} again, or leave it: formulas follow the name"
            yield Fault(f"sheet {now}", f"another name for {name}", f"the name {name}", fix, NOTE)


def layout(s: Subject) -> Iterator[Fault]:
    """Rows and columns that were inserted or deleted, inputs that stand nowhere, headings that are gone."""
    for sheet, moves in s.moves.items():
        for kind, lines, new in (("row", moves.rows, moves.inserted_rows), ("column", moves.cols, moves.inserted_cols)):
            gone = (line for line, now in lines.items() if now is None)
            yield from _lines(s.mailed.sheets[sheet], kind, "inserted", new)
            yield from _lines(s.mailed.sheets[sheet], kind, "deleted", gone)
    for key, ref in s.contract.inputs.items():
        typed = s.mailed.typed.get(key)
        if typed is None and ref.sheet in s.mailed.sheets:
            where, fix = (
                s.where(ref.sheet, ref.row, ref.col),
                "restore the words beside the cell, or undo the insertion",
            )
            yield Fault(where, f"no cell for {key}", "the input among its words", fix, ERROR)
        elif typed and typed.moved and not s.moves.get(ref.sheet):
            here = s.where(typed.ref.sheet, typed.ref.row, typed.ref.col)
            yield Fault(here, f"{key}, built in {ref.a1}", f"{key} in {ref.a1}", "nothing: it was found by its words")
    for name, rows in s.contents.rows.items():
        for heading in rows.missing:
            area = s.mailed.tables.get(name, rows.table.area)
            fix = "restore the heading; the column is read where it was built"
            yield Fault(s.where(area.sheet, area.row, area.col), f"no heading {heading!r} in {name}",
                        f"the heading {heading}", fix, ERROR)  # fmt: skip


def _lines(sheet: str, kind: str, word: str, lines: Iterable[int]) -> Iterator[Fault]:
    """One fault for every run of lines."""
    runs: list[list[int]] = []
    for line in sorted(lines):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    for first, last in runs:
        many = f" to {last}" if last > first else ""
        yield Fault(f"sheet {sheet}, {kind} {first}{many}", f"{word} since the build", f"the {kind}s of the build",
                    "nothing: formulas and inputs were followed to their new places")  # fmt: skip


def names(s: Subject) -> Iterator[Fault]:
    """Names of the book that are gone or point elsewhere, and any name that points to nothing."""
    held = s.mailed.defined_names
    now = {name.casefold(): text for name, text in held.items()}
    wanted = s.built.names if s.built else {}
    for name, text in wanted.items():
        expected = s.follow(text)
        found = now.get(name.casefold())
        if found is None:
            yield Fault(f"name {name}", "no such name", f"={expected}", f"define it again as ={expected}")
        elif canonical(s.as_built(found)) != canonical(expected):
            yield Fault(f"name {name}", f"={found}", f"={expected}", f"let it refer to ={expected} again")
    for name, text in held.items():
        if "#REF!" in text and name not in wanted:
            yield Fault(
                f"name {name}", f"={text}", "a reference to a place", "delete the name, or let it refer to a place"
            )


def shadows(s: Subject) -> Iterator[Fault]:
    """Names of the build that mean something else on one sheet: formulas there read that instead."""
    own = {name.casefold(): name for name in (*s.built.names, *s.built.functions)} if s.built else {}
    order = s.sheet_order
    for element in s.package.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        name, number = element.get("name", ""), element.get("localSheetId", "")
        if number.isdecimal() and name.casefold() in own:
            sheet = order[int(number)] if int(number) < len(order) else "?"
            found = f"={(element.text or '')[:100]} on sheet {sheet}: formulas there read that, not the model"
            yield Fault(f"name {name}", found, "one meaning in the whole workbook", "delete it: Formulas, Name Manager")


RULES = (
    AuditRule("contract", WARNING, "without the contract of the build nothing tells inputs from formulas", contract),
    AuditRule("sheets", ERROR, "a sheet that is gone takes its part of the model with it", sheets),
    AuditRule("layout", WARNING, "an input in another place may be read as something else", layout),
    AuditRule("shadows", ERROR, "a name with two meanings gives two answers", shadows),
    AuditRule("names", ERROR, "formulas that use a broken name show #REF! or #NAME?", names),
)
