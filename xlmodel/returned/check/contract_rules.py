"""Rules about the contract, and the sheets, places and names it speaks of."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from xlmodel.book.built_text import unlike
from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.origin import RECORD
from xlmodel.returned.recover import properties
from xlmodel.returned.table_rows import POINTS
from xlmodel.sheets.remembered import agreed
from xlmodel.version import __version__
from xlmodel.xlsx.parts import MAIN
from xlmodel.xlsx.raw_cells import TRUE
from xlmodel.xlsx.texts import canonical

_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,3}(?:[-+.]?[A-Za-z][\w.+-]{0,30})?")
_LATIN = str.maketrans("АВЕКМНОРСТУХаеорсухіѕјΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXaeopcyxisjABEZHIKMNOPTYXo")
_DIGITS = str.maketrans("01", "ol")  # digits that look like letters
BUILD_AGAIN = "bring the inputs into a new build: xlmodel refresh FILE"


def contract(s: Subject) -> Iterator[Fault]:
    """A contract that had to be recovered, was altered, or that this version cannot vouch for."""
    if s.mailed.lost:
        found, grave = f"none: {s.mailed.lost}", WARNING if RECORD in s.mailed.origin.lost else ERROR
        yield Fault("contract", found, "the contract of the build", f"nothing is lost yet; {BUILD_AGAIN}", grave)
    if not s.contract.whole:
        found = "a contract that was altered: its seal does not hold, so it vouches for nothing"
        yield Fault("contract", found, "the contract as built", f"ask who edited it; {BUILD_AGAIN}", ERROR)
    version = s.contract.version
    newer = _parts(version) > _parts(__version__)
    if version and not _VERSION.fullmatch(version) and not s.mailed.lost:
        found = f"a contract of version {version[:40]!r}, which no xlmodel has"
        yield Fault("contract", found, "the version that built it", f"ask who edited it; {BUILD_AGAIN}", ERROR)
    elif newer:
        found = (
            f"built by xlmodel {version[:40]}, newer than {__version__} here: results were recalculated, all else was held against"
            " what the workbook says of itself; what the newer version checks besides is not judged"
        )
        yield Fault("contract", found, f"xlmodel {version[:40]}, or a later one", "check it with that version", NOTE)
    if s.reference is not None:
        yield from _forged(s, newer=newer)
    elif newer and s.built is not None:
        return
    elif s.built is not None:
        yield from _signed(s)
        same = version == __version__
        found = (
            f"a workbook that xlmodel {version}, by which it says it was built, does not build so: its contract may have been edited"
            if same
            else f"a layout of xlmodel {version or '?'} that xlmodel {__version__} here does not describe"
        )
        grave = WARNING if same else NOTE
        fix = f"nothing: it was judged by its own contract; to be sure of the contract, {BUILD_AGAIN}"
        yield Fault("contract", found, f"the layout of xlmodel {__version__}", fix, grave)
    else:
        found = (
            f"a layout of xlmodel {version or '?'} that xlmodel {__version__} here does not describe; formats, charts and guards"
            " were judged by themselves, labels by a checksum, formulas by recalculation and by their neighbours"
        )
        fix = f"check it with the version that built it, or {BUILD_AGAIN}"
        yield Fault("contract", found, "a contract that says what was built", fix)


def _signed(s: Subject) -> Iterator[Fault]:
    """A contract of another day or build than the sheets name beside their titles."""
    said = properties(s.package)
    there = (said.get("build", ""), said.get("created", ""))
    here = (s.contract.build_id, s.contract.date)
    if all(there) and there != here:
        found = f"a contract of build {here[0][:20]} of {here[1][:20]} in a workbook whose sheets say build {there[0]} of {there[1]}"
        yield Fault("contract", found, "the contract of the build", f"ask who edited it; {BUILD_AGAIN}", ERROR)


def _parts(version: str) -> tuple[int, ...]:
    """The numbers of a version, for comparison."""
    return tuple(map(int, re.findall(r"\d{1,9}", version)[:4]))


def _forged(s: Subject, *, newer: bool) -> Iterator[Fault]:
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
    points = s.contents.rows.get(POINTS)
    if points is not None and not points.broken and set(s.reference.models) != set(held.models):
        apart.append("models")
    if held.built is not None:
        apart += unlike(s.built, held.built.opened())
    if apart:
        found = f"a contract that says something else about {', '.join(apart[:4])}"
        whose, grave = (__version__, WARNING) if newer else (held.version, ERROR)  # a newer one may well say more
        yield Fault("contract", found, f"what xlmodel {whose} writes", f"ask who made it; {BUILD_AGAIN}", grave)


def sheets(s: Subject) -> Iterator[Fault]:
    """Generated sheets that are gone or renamed."""
    for name in s.contract.sheets:
        now = s.mailed.sheets.get(name)
        if now is None:
            yield Fault(f"sheet {name}", "no such sheet", "a sheet of the build", BUILD_AGAIN)
        elif now != name:
            fix = f"name it {name} again, or leave it: formulas follow the name"
            yield Fault(f"sheet {now}", f"another name for {name}", f"the name {name}", fix, NOTE)


def alike(s: Subject) -> Iterator[Fault]:
    """Sheets of other people whose names look like those of the build."""
    own = {_plain(name): name for name in s.mailed.sheets.values()}
    yield from names_alike(s)
    for name in s.mailed.own_sheets:
        if _plain(name) in own:
            found = f"a sheet {name!r} whose name looks like {own[_plain(name)]!r}: a reader takes it for the model's"
            yield Fault(f"sheet {name}", found, "a name of its own", "rename it", WARNING)
        elif (copied := re.sub(r" ?\(\d+\)$", "", name)) in own.values():
            found = f"a sheet named as a copy of {copied}: nothing of the model is held against it"
            yield Fault(f"sheet {name}", found, "a name of its own", "nothing, or rename it", NOTE)


def names_alike(s: Subject) -> Iterator[Fault]:
    """Names of other people that look like those of the functions."""
    own = {_plain(name).translate(_DIGITS): name for name in s.built.functions} if s.built else {}
    for name in s.mailed.defined_names:
        like = own.get(_plain(name).translate(_DIGITS))
        if like is not None and name.casefold() != like.casefold():
            found = f"a name that looks like {like} and means something else: who types it gets another number"
            yield Fault(f"name {name}", found, "a name of its own", "rename it: Formulas, Name Manager", WARNING)


def _plain(name: str) -> str:
    """A name without what nobody sees: spaces, signs, capitals, and letters of other scripts that look Latin."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).translate(_LATIN).casefold())


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
    yield from _unlisted(s)
    for name, text in held.items():
        if "#REF!" in text and name not in wanted:
            yield Fault(
                f"name {name}", f"={text}", "a reference to a place", "delete the name, or let it refer to a place"
            )


def _unlisted(s: Subject) -> Iterator[Fault]:
    """Names of the build that the Name Manager does not list: nobody can look up what they say."""
    own = {name.casefold() for name in (*s.built.names, *s.built.functions)} if s.built else set()
    names_ = (e for e in s.package.tree("xl/workbook.xml").iter(MAIN + "definedName") if e.get("hidden") in TRUE)
    kept = [name for e in names_ if (name := e.get("name", "")).casefold() in own]
    if kept:
        more = f" and {len(kept) - 3} more" if len(kept) > 3 else ""
        found = "kept out of the Name Manager: nobody can look up what they say"
        fix = "xlmodel refresh lists them again"
        yield Fault(f"name {', '.join(kept[:3])}{more}", found, "names that can be read", fix, WARNING)


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
    AuditRule("alike", ERROR, "what stands on a sheet is believed by the name of the sheet", alike),
    AuditRule("layout", WARNING, "an input in another place may be read as something else", layout),
    AuditRule("shadows", ERROR, "a name with two meanings gives two answers", shadows),
    AuditRule("names", ERROR, "formulas that use a broken name show #REF! or #NAME?", names),
)
