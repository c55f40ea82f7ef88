"""Rules about the page and the table: what is printed, what stays in sight, where tables begin and end."""

import re
from collections.abc import Iterator

from xlmodel.book.refs import corners
from xlmodel.returned.check import ERROR, NOTE, WARNING, AuditRule, Fault
from xlmodel.returned.check.areas import Corners, covers, uncovered
from xlmodel.returned.check.protection_rules import AGAIN, named, typed_into
from xlmodel.returned.check.subject import Subject
from xlmodel.xlsx.parts import MAIN, finite
from xlmodel.xlsx.raw_cells import TRUE

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?$")
_BUILD = re.compile(r"build (\w{4,20})")
UNITS = re.compile(
    r"€|£|¥|\b(?:EUR|GBP|JPY|CNY|RMB|CHF|INR)\b|(?i:\b(?:euros?|pounds|yen|(?:in|USD) (?:thousands?|millions?|billions?|cents?))\b)"
)
_RESULTS = re.compile(r"(?i)\bchecks?\b.{0,30}\b(?:pass|ok)|\d[\d.,]*\s?(?:USD|%|tok/s|x\b)|USD\s?\d")
_HEADS = [f"{MAIN}{which}{end}" for which in ("odd", "even", "first") for end in ("Header", "Footer")]
_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|.)')  # of a header: side, font, colour, size
LONG = 200  # rows that nobody reads on one page
PAPER = 7.0  # inches between which a page of the usual paper has a few words left
SMALLEST = 30  # per cent at which the text of a build is still read on paper


def printed(s: Subject) -> Iterator[Fault]:
    """Print areas that leave out what the build prints, and pages that say or show something else."""
    repeated = dict(_names(s, "_xlnm.Print_Titles"))
    areas = _print_areas(s) if s.built else {}
    for sheet, built in s.described.items():
        where = f"sheet {s.mailed.sheets[sheet]}"
        now = areas.get(sheet)
        if built.print_area and now is not None:
            wanted = [area for part in built.print_area.split(",") if (area := s.moves[sheet].area(corners(part)))]
            yield from _left_out(s, sheet, where, wanted, now)
        elif not built.print_area and now is not None:
            held = [at for at, cell in s.mailed.cells(sheet).items() if cell.stored is not None]
            whole = (1, 1, max((r for r, _ in held), default=1), max((c for _, c in held), default=1))
            yield from _left_out(s, sheet, where, [whole], now)
        foot = "".join(e.text or "" for e in s.rest(sheet).iter(*_HEADS))
        build = _BUILD.search(foot)
        if build and s.contract.build_id and build[1] != s.contract.build_id:
            found = f"printed pages name the build {build[1]}"
            yield Fault(where, found, f"build {s.contract.build_id}", AGAIN, WARNING)
        if unit := UNITS.search(_CODES.sub(" ", foot)):
            yield Fault(where, f"printed pages say {unit[0]!r}: the numbers are read in it", "USD", AGAIN, WARNING)
        elif told := _RESULTS.search(_CODES.sub(" ", foot)):
            found = f"printed pages say {told[0]!r}, whatever the numbers become"
            yield Fault(
                where, found, "words that no number changes", "Page Layout, Print Titles, Header/Footer", WARNING
            )
        yield from _paper(s, sheet, where)
        if built.repeat_rows and (repeated or not s.mailed.origin.lost) and not s.moves[sheet]:
            again = repeated.get(sheet, "nothing")
            if f"${built.repeat_rows.replace(':', ':$')}" not in again:
                found = f"printed pages repeat {again}, not the headings: numbers stand under no name"
                yield Fault(where, found, f"rows {built.repeat_rows}", "Page Layout, Print Titles", WARNING)


def _paper(s: Subject, sheet: str, where: str) -> Iterator[Fault]:
    """How a sheet is printed, where that keeps something from sight."""
    setup, fit = s.rest(sheet).find(MAIN + "pageSetup"), s.rest(sheet).find(f"{MAIN}sheetPr/{MAIN}pageSetUpPr")
    if setup is None:
        return
    fits = fit is not None and fit.get("fitToPage") in TRUE
    scale = finite(setup.get("scale", "100"))
    margins = s.rest(sheet).find(MAIN + "pageMargins")
    aside = sum(finite(margins.get(side, "0")) or 0.0 for side in ("left", "right")) if margins is not None else 0.0
    pages, rows = setup.get("fitToHeight", "1"), max((row for row, _ in s.mailed.cells(sheet)), default=1)
    for found, holds in (
        (f"printed at {setup.get('scale')} %: nobody reads it", not fits and scale is not None and scale < SMALLEST),
        ("errors are printed as blanks: what has no answer looks like nothing", setup.get("errors") == "blank"),
        ("printed as a draft: without its charts", setup.get("draft") in TRUE),
        (f"{rows} rows printed on one page: nobody reads them", fits and pages == "1" and rows > LONG),
        (f"margins of {aside:g} inches: a strip is left of the page", aside > PAPER),
    ):
        if holds:
            yield Fault(where, found, "pages as they were built", f"Page Layout, Page Setup; {AGAIN}", WARNING)


def _left_out(s: Subject, sheet: str, where: str, wanted: list[Corners], now: list[Corners]) -> Iterator[Fault]:
    left = [rest for area in wanted for rest in uncovered(area, now)]
    cells = s.mailed.cells(sheet)
    gone = [rest for rest in left if any(covers(rest, at) and cell.stored is not None for at, cell in cells.items())]
    if gone:
        lines = ", ".join(named(rest) for rest in gone[:3])
        found = f"the print area leaves out {lines}: on paper and in a PDF those rows are missing without a word"
        yield Fault(where, found, " and ".join(named(area) for area in wanted[:4]), "Page Layout, Print Area", ERROR)


def _print_areas(s: Subject) -> dict[str, list[Corners]]:
    """Sheet -> its print areas; a sheet without one prints all."""
    found = {}
    for sheet, text in _names(s, "_xlnm.Print_Area"):
        areas = [match for part in text.split(",") if (match := _AREA.search(part.strip()))]
        if areas:
            found[sheet] = [corners(match[0].replace("$", "")) for match in areas]
    return found


def _names(s: Subject, name: str) -> Iterator[tuple[str, str]]:
    """Generated sheet -> what a name of each sheet stands for."""
    order = s.sheet_order
    back = {now: sheet for sheet, now in s.mailed.sheets.items()}
    for element in s.package.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        number = element.get("localSheetId", "")
        if element.get("name") == name and number.isdecimal() and int(number) < len(order):
            sheet = back.get(order[int(number)])
            if sheet:
                yield sheet, element.text or ""


def frozen(s: Subject) -> Iterator[Fault]:
    """Headings, and the light of all checks, that no longer stay in sight."""
    loose = []
    for sheet, built in s.described.items():
        if not built.freeze:
            continue
        pane = s.rest(sheet).find(f"{MAIN}sheetViews/{MAIN}sheetView/{MAIN}pane")
        if pane is None or not pane.get("state", "").startswith("frozen"):
            loose.append(s.mailed.sheets[sheet])
            continue
        rows = float(pane.get("ySplit", "0"))
        cols = float(pane.get("xSplit", "0"))
        wanted, beside = corners(built.freeze)[0] - 1, corners(built.freeze)[1] - 1
        for many, kind, most, than in ((rows, "rows", 25, wanted), (cols, "columns", 10, beside)):
            if many > than + most:
                found = f"{many:g} {kind} are frozen: on a usual screen nothing beyond them can be reached"
                yield Fault(f"sheet {s.mailed.sheets[sheet]}", found, f"{than} {kind}", "View, Freeze Panes", ERROR)
    if loose:
        shown = ", ".join(loose[:3]) + (f" and {len(loose) - 3} more" if len(loose) > 3 else "")
        found = "nothing is frozen: headings and the light of all checks scroll out of sight"
        dropped = len(loose) == sum(
            1 for built in s.described.values() if built.freeze
        )  # by a program that keeps no view
        yield Fault(f"sheet {shown}", found, "frozen headings", "View, Freeze Panes", NOTE if dropped else WARNING)


def tables(s: Subject) -> Iterator[Fault]:
    """Tables that are gone, have another name, or end elsewhere."""
    for sheet, built in s.described.items():
        now = dict(_tables(s, sheet))
        held = {name.casefold() for name in now}
        strange = [name for name in now if name.casefold() not in {n.casefold() for n in built.tables}]
        for name, text in built.tables.items():
            area = s.moves[sheet].area(corners(text))
            if area is None:
                continue
            where = f"{s.mailed.sheets[sheet]}!{named(area)}"
            if name.casefold() not in held:
                other = next((n for n in strange if covers(now[n], area[:2])), "")
                found = f"the table {name} is now called {other}" if other else f"no table {name}"
                fix = f"name it {name} again: Table Design, Table Name" if other else AGAIN
                yield Fault(where, f"{found}: its rows are no longer read by its name", f"the table {name}", fix, ERROR)
                continue
            yield from _filled_in(s, sheet, name)
            yield from _resized(
                s, sheet, name, area, next(a for n, a in now.items() if n.casefold() == name.casefold())
            )


def _resized(s: Subject, sheet: str, name: str, area: Corners, now: Corners) -> Iterator[Fault]:
    where = f"{s.mailed.sheets[sheet]}!{named(now)}"
    table = s.contract.tables.get(name)
    if now[0] != area[0] or now[1] > area[1] or now[2] < area[2] or now[3] < area[3]:
        found = f"the table {name} covers {named(now)}: what it leaves out takes no part in it"
        yield Fault(where, found, named(area), "Table Design, Resize Table", ERROR)
    elif table and now[2] > area[2] + table.spare:
        found = (
            f"the table {name} ends in row {now[2]}, {now[2] - area[2] - table.spare} rows below the last that is read"
        )
        yield Fault(where, found, f"at most row {area[2] + table.spare}", "Table Design, Resize Table", WARNING)


def _filled_in(s: Subject, sheet: str, name: str) -> Iterator[Fault]:
    """A table of the build that fills new rows by formula, or has lost its headings."""
    for part in s.package.related(s.package.sheets[s.mailed.sheets[sheet]], "table"):
        root = s.package.tree(part)
        if root.get("displayName", "").casefold() != name.casefold():
            continue
        where = f"{s.mailed.sheets[sheet]}!{root.get('ref', '')}"
        if root.get("headerRowCount", "1") == "0":
            yield Fault(
                where, f"the table {name} has no heading row: its headings count as data", "headings", AGAIN, ERROR
            )
        for column in root.iter(MAIN + "tableColumn"):
            if formula := column.findtext(MAIN + "calculatedColumnFormula"):
                found = f"a row typed below {name} gets ={formula[:60]} as its {column.get('name', '')} by itself"
                yield Fault(where, found, "what a person types", "clear the formula of the column", WARNING)


def _tables(s: Subject, sheet: str) -> Iterator[tuple[str, Corners]]:
    for part in s.package.related(s.package.sheets[s.mailed.sheets[sheet]], "table"):
        root = s.package.tree(part)
        yield root.get("displayName", ""), corners(root.get("ref", "A1"))


def merged(s: Subject) -> Iterator[Fault]:
    """Cells merged over others that hold something, which nobody sees any more."""
    for sheet, built in s.described.items():
        own = {area for text in built.merges if (area := s.moves[sheet].area(corners(text)))}
        cells = s.mailed.cells(sheet)
        for element in s.rest(sheet).iter(MAIN + "mergeCell"):
            area = corners(element.get("ref", "A1"))
            if area in own:
                continue
            under = [at for at, c in cells.items() if covers(area, at) and at != area[:2] and (c.stored or c.formula)]
            where = f"{s.mailed.sheets[sheet]}!{named(area)}"
            if under:
                found = f"merged cells: {len(under)} of them hold something that nobody sees, the first {s.where(sheet, *min(under))}"
                yield Fault(where, found, "cells side by side", "Home, Unmerge Cells", ERROR)
            elif shut := [
                at
                for at in s.dressed[sheet]
                if covers(area, at) and at != area[:2] and typed_into(s, s.dressed[sheet][at][0])
            ]:
                found = f"merged cells: {len(shut)} inputs into which nobody can type, the first {s.where(sheet, *min(shut))}"
                yield Fault(where, found, "cells side by side", "Home, Unmerge Cells", WARNING)
            elif any(at in s.dressed[sheet] and s.expected.get(sheet, {}).get(at) for at in [area[:2]]):
                yield Fault(where, "merged cells", "cells side by side", "nothing, if it is meant", NOTE)


RULES = (
    AuditRule("printed", ERROR, "a printed page or a PDF is all that some readers see", printed),
    AuditRule("frozen", WARNING, "the light of all checks stands in the frozen header", frozen),
    AuditRule("tables", ERROR, "formulas, functions and refresh find the rows by their table", tables),
    AuditRule("merged", ERROR, "merged cells show the first of them and hide the others", merged),
)
