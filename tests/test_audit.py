"""`check` finds what people and programs do to a mailed workbook, and raises no alarm where nothing was done.

Every mutant is one planted fault; a sixth of them runs by default, all of them with XLMODEL_MUTANTS=all.
"""

import datetime
import os
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from books import add, assume, choose, demand, exclude, reprice
from desk import MAIN, OFFICE, Desk, spots

from xlmodel.book.places import Places
from xlmodel.engines.programs import LibreOffice
from xlmodel.errors import WorkbookRefused
from xlmodel.model.facts import Quote
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs
from xlmodel.readers.arrange import in_order, snapshots_of
from xlmodel.readers.assemble import gather
from xlmodel.returned.check import NOTE, Finding
from xlmodel.returned.check.run_check import RULES, audit
from xlmodel.returned.opening import all_rows, open_mailed
from xlmodel.sheets.order import describe
from xlmodel.xlsx.package import write
from xlmodel.xlsx.parts import Package

TODAY = datetime.date(2026, 11, 24)
BASE = choose(gather(models=["GLM-5.1"]), interactivity=30.0).inputs
LAST = 6 + len(BASE.points)  # last built row of Benchmarks
SPARE = LAST + 1
QUOTES = Places(BASE).quotes_row
QUOTE = QUOTES + len(BASE.quotes)  # first spare row of the quotes
HOSTED = describe(BASE).areas["offers.model"].row + len(BASE.api_prices)  # first spare row of the API prices
Plant = Callable[[Desk], object]


def build(inputs: Inputs, path: Path) -> Path:
    with path.open("wb") as target:
        write(describe(inputs, build_date="2026-09-20"), target, version="0.1.0")
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(BASE, tmp_path_factory.mktemp("audit") / "small.xlsx")


def over(sheet: str, a1: str, value: float | str | None = 1.23) -> Plant:
    return lambda d: d.set(sheet, a1, value)


def edit(sheet: str, a1: str, old: str, new: str) -> Plant:
    return lambda d: d.change(sheet, a1, old, new)


def typed(sheet: str, cells: Mapping[str, Any]) -> Plant:
    def plant(d: Desk) -> None:
        for a1, value in cells.items():
            d.set(sheet, a1, value)

    return plant


def stored(sheet: str, a1: str, value: float | str | None) -> Plant:
    return lambda d: d.store(sheet, a1, value)


def named(name: str, text: str | None) -> Plant:
    def plant(d: Desk) -> None:
        names = d.tree("xl/workbook.xml").find(MAIN + "definedNames")
        assert names is not None
        element = next((n for n in names if n.get("name") == name), None)
        if text is None:
            assert element is not None
            names.remove(element)
        elif element is not None:
            element.text = text
        else:
            made = names.makeelement(MAIN + "definedName", {"name": name})
            made.text = text
            names.append(made)

    return plant


def part(name: str, kind: str = "application/octet-stream", data: bytes = b"x") -> Plant:
    return lambda d: d.add_part(name, data, kind)


def external(d: Desk) -> None:
    link = f'<externalLink xmlns="{MAIN[1:-1]}" xmlns:r="{OFFICE}"><externalBook r:id="rIdDesk1"/></externalLink>'
    d.add_part("xl/externalLinks/externalLink1.xml", link.encode(), "application/xml", "externalLink")
    d.relate("xl/externalLinks/externalLink1.xml", "externalLinkPath", "file:///C:/prices.xlsx", external=True)


def own_sheet(formula: str) -> Plant:
    def plant(d: Desk) -> None:
        d.add_sheet("Mine")
        d.formula("Mine", "A1", formula, 1)

    return plant


def attribute(tag: str, name: str, value: str) -> Plant:
    def plant(d: Desk) -> None:
        element = d.tree("xl/workbook.xml").find(MAIN + tag)
        assert element is not None
        element.set(name, value)

    return plant


def state(sheet: str, value: str) -> Plant:
    def plant(d: Desk) -> None:
        next(s for s in d.tree("xl/workbook.xml").iter(MAIN + "sheet") if s.get("name") == sheet).set("state", value)

    return plant


def hidden_row(sheet: str, row: int) -> Plant:
    def plant(d: Desk) -> None:
        next(r for r in d.tree(d.part_of(sheet)).iter(MAIN + "row") if r.get("r") == str(row)).set("hidden", "1")

    return plant


def hidden_column(sheet: str) -> Plant:
    def plant(d: Desk) -> None:
        next(d.tree(d.part_of(sheet)).iter(MAIN + "col")).set("hidden", "1")

    return plant


def gone(sheet: str) -> Plant:
    def plant(d: Desk) -> None:
        sheets = d.tree("xl/workbook.xml").find(MAIN + "sheets")
        assert sheets is not None
        sheets.remove(next(s for s in sheets if s.get("name") == sheet))

    return plant


def contract(old: str, new: str) -> Plant:
    def plant(d: Desk) -> None:
        assert old.encode() in d.parts["customXml/item2.xml"]
        d.parts["customXml/item2.xml"] = d.parts["customXml/item2.xml"].replace(old.encode(), new.encode())

    return plant


def column_with_words(d: Desk) -> None:
    d.insert("Ownership", 3, cols=True)
    d.set("Ownership", "C6", "ours")


def no_contract(d: Desk) -> None:
    d.parts["customXml/item2.xml"] = b'<other xmlns="urn:other"/>'


def lower_functions(d: Desk) -> None:
    for name in d.tree("xl/workbook.xml").iter(MAIN + "definedName"):
        name.text = (name.text or "").replace("_xlfn.LAMBDA(", "_xlfn.lambda(")


def unmarked(d: Desk) -> None:
    for cell in d.tree(d.part_of("Functions")).iter(MAIN + "c"):
        cell.attrib.pop("cm", "")


def nothing_stored(d: Desk) -> None:
    for sheet in d.sheets():
        for cell in d.tree(d.part_of(sheet)).iter(MAIN + "c"):
            for result in cell.findall(MAIN + "v") if cell.find(MAIN + "f") is not None else ():
                cell.remove(result)


def text_price(d: Desk) -> None:
    d.set("Prices", "B8", "x")
    d.store("Checks", "E18", 0)


def failing_check(d: Desk) -> None:
    d.store("Checks", "C16", 1)
    d.store("Checks", "E16", 0)


def linked_price(d: Desk) -> None:
    d.add_sheet("Mine")
    d.set("Mine", "A1", 2.0)
    d.formula("Prices", "B8", "Mine!A1", 2.0)


def cleared_readings(d: Desk) -> None:
    for row in (8, 9, 10):
        d.set("Curves", f"Q{row}", None)


def sorted_with_a_slip(d: Desk) -> None:
    """Two rows change places, and one of their numbers with another row's."""
    for col in "IJK":
        a, b = d.cell("Benchmarks", f"{col}20"), d.cell("Benchmarks", f"{col}21")
        a[:], b[:] = list(b), list(a)


# rule, place of the finding, the fault
MUTANTS: dict[str, tuple[str, str, Plant]] = {
    # a formula typed over
    "price in use typed over": ("overwritten", "Prices!Q8", over("Prices", "Q8", 2.0)),
    "price of the book typed over": ("overwritten", "Prices!C8", over("Prices", "C8", 9.0)),
    "reason typed over": ("overwritten", "Prices!Q8", over("Prices", "Q8", "our contract")),
    "cost on the Summary typed over": ("overwritten", "Summary!E16", over("Summary", "E16", 0.05)),
    "figure on the Summary typed over": ("overwritten", "Summary!B10", over("Summary", "B10", 0.05)),
    "sentence typed over": ("overwritten", "Summary!A4", over("Summary", "A4", "All is well.")),
    "cost at the target typed over": ("overwritten", "'Cost curves'!D8", over("Cost curves", "D8", 0.05)),
    "rank typed over": ("overwritten", "'Cost curves'!Q8", over("Cost curves", "Q8", 1)),
    "throughput of a reading typed over": ("overwritten", "Curves!Q9", over("Curves", "Q9", 9000)),
    "a count of the index typed over": ("overwritten", "Benchmarks!AQ9", over("Benchmarks", "AQ9", 3)),
    "a group of a point typed over": ("overwritten", "Benchmarks!R20", over("Benchmarks", "R20", 1)),
    "a slope typed over": ("overwritten", "Benchmarks!BN12", over("Benchmarks", "BN12", -1.5)),
    "a knot typed over": ("overwritten", "Benchmarks!BL15", over("Benchmarks", "BL15", 77.0)),
    "a derived switch typed over": ("overwritten", "Scenario!B44", over("Scenario", "B44", 1)),
    "snapshot in use typed over": ("overwritten", "Scenario!B39", over("Scenario", "B39", "2026-07")),
    "a pass typed over": ("overwritten", "Checks!E18", over("Checks", "E18", 1)),
    "master check typed over": ("overwritten", "Checks!B4", over("Checks", "B4", 1)),
    "light in the header typed over": ("overwritten", "Fleet!F1", over("Fleet", "F1", "Checks: all pass")),
    "a fleet number typed over": ("overwritten", "Fleet!D35", over("Fleet", "D35", 72)),
    "build-up typed over": ("overwritten", "Ownership!D41", over("Ownership", "D41", 2.5)),
    "verdict typed over": ("overwritten", "Claims!N11", over("Claims", "N11", "confirmed")),
    "an example typed over": ("overwritten", "Functions!G7", over("Functions", "G7", 0.1)),
    "a formula cleared": ("overwritten", "'Cost curves'!B9", over("Cost curves", "B9", None)),
    "a check cleared": ("overwritten", "Checks!C12", over("Checks", "C12", None)),
    "a column of readings cleared": (
        "overwritten", "Curves!Q8:Q10", cleared_readings,
    ),
    # a formula changed
    "range one row short": ("formula", "Curves!I9", edit("Curves", "I9", "$AP$20", "$AP$19")),
    "range two rows late": ("formula", "Prices!D8", edit("Prices", "D8", f"$Z${QUOTES}", f"$Z${QUOTES + 2}")),
    "absolute made relative": ("formula", "Summary!E17", edit("Summary", "E17", "'Cost curves'!$D$7", "'Cost curves'!D8")),
    "wrong column": ("formula", "Summary!E16", edit("Summary", "E16", "$D$7:$D$9", "$C$7:$C$9")),
    "hours for seconds": ("formula", "'Cost curves'!D8", edit("Cost curves", "D8", "3600", "60")),
    "a thousand for a million": ("formula", "'Cost curves'!D9", edit("Cost curves", "D9", "1000000", "1000")),
    "utilization left out": ("formula", "'Cost curves'!D7", edit("Cost curves", "D7", "*Scenario!$B$7", "")),
    "a price written into the formula": ("formula", "'Cost curves'!B8", edit("Cost curves", "B8", "Prices!$P$8", "2.6")),
    "ratio upside down": ("formula", "'Cost curves'!F8", edit("Cost curves", "F8", "$B$8/$B$10", "$B$10/$B$8")),
    "sign flipped": ("formula", "Ownership!D30", edit("Ownership", "D30", "$D$28-$D$29", "$D$28+$D$29")),
    "sum for product": ("formula", "Ownership!D31", edit("Ownership", "D31", "*8760", "+8760")),
    "another life": ("formula", "Ownership!D29", edit("Ownership", "D29", "$C$7", "10")),
    "a year of 8,000 hours": ("formula", "Ownership!D41", edit("Ownership", "D41", "8760", "8000")),
    "month for year": ("formula", "Fleet!D41", edit("Fleet", "D41", "8760", "730")),
    "rounded down": ("formula", "Fleet!D34", edit("Fleet", "D34", "ROUNDUP", "ROUNDDOWN")),
    "approximate match": ("formula", "Summary!C16", edit("Summary", "C16", ",0))", ",1))")),
    "volatile function": ("formula", "Scenario!B30", edit("Scenario", "B30", "Summary!$D$7", "OFFSET(Summary!$D$6,1,0)")),
    "tolerance of a check": ("formula", "Checks!E14", edit("Checks", "E14", "D14", "1")),
    "a check that cannot fail": ("formula", "Checks!C13", lambda d: d.formula("Checks", "C13", "0", 0)),
    "master check counts no error": ("formula", "Checks!B4", edit("Checks", "B4", "MIN", "MAX")),
    "a verdict made kinder": ("formula", "Claims!N11", edit("Claims", "N11", "$C$4", "0.9")),
    "own price ignored": ("formula", "Prices!Q9", edit("Prices", "Q9", "N($B$9)>0", "FALSE")),
    "sentence about another platform": ("formula", "Summary!E10", edit("Summary", "E10", "MATCH(1,", "MATCH(2,")),
    "a slope without sign": ("formula", "Benchmarks!BN12", lambda d: d.formula("Benchmarks", "BN12", "ABS(BM12)", 1)),
    "a plain twin that repeats the function": ("formula", "Functions!G8", lambda d: d.formula("Functions", "G8", "F8", 1)),
    # words
    "another unit": ("words", "Summary!C14", over("Summary", "C14", "EUR/GPU-hour")),
    "another heading": ("words", "Prices!N6", over("Prices", "N6", "Our basis")),
    "another label": ("words", "Ownership!A33", over("Ownership", "A33", "Cooling")),
    "another promise": ("words", "Checks!B13", over("Checks", "B13", "Always true.")),
    "another date": ("words", "Cover!B7", over("Cover", "B7", "2027-01-01")),
    "a list behind a menu": ("words", "Scenario!P10", over("Scenario", "P10", "Cheap list")),
    # inputs
    "own price as text": ("unusable", "Prices!B8", over("Prices", "B8", "9.50")),
    "utilization as text": ("unusable", "Scenario!C7", over("Scenario", "C7", "80 %")),
    "an error as price": ("unusable", "Prices!B9", over("Prices", "B9", "n/a")),
    "unknown model": ("unusable", "Summary!B7", over("Summary", "B7", "GPT-9")),
    "unknown basis": ("unusable", "Summary!H7", over("Summary", "H7", "Oracle")),
    "unknown switch": ("unusable", "Scenario!C9", over("Scenario", "C9", "sometimes")),
    "empty target": ("unusable", "Summary!D7", over("Summary", "D7", None)),
    "yes for a number": ("unusable", "Ownership!C7", typed("Ownership", {"C7": True})),
    "unknown demand": ("unusable", "Fleet!C7", over("Fleet", "C7", "racks")),
    "utilization in per cent": ("range", "Scenario!C7", over("Scenario", "C7", 80)),
    "utilization of nothing": ("range", "Scenario!C7", over("Scenario", "C7", 0)),
    "a price a month": ("range", "Prices!B8", over("Prices", "B8", 7300)),
    "a negative price": ("range", "Prices!B9", over("Prices", "B9", -2.5)),
    "a target out of reach": ("range", "Summary!D7", over("Summary", "D7", 50_000)),
    "a life of 400 years": ("range", "Ownership!C7", over("Ownership", "C7", 400)),
    "interest of 900 %": ("range", "Ownership!C8", over("Ownership", "C8", 9)),
    "cents for dollars": ("range", "Scenario!C18", over("Scenario", "C18", 12)),
    "a share above one": ("range", "Fleet!C15", over("Fleet", "C15", 1.5)),
    "unknown platform of the examples": ("range", "Functions!B22", over("Functions", "B22", "H9000")),
    # another unit
    "a price per server": ("slips", "Prices!B7", over("Prices", "B7", 8 * 18.0)),
    "a quote in cents": (
        "slips", f"Prices!V{QUOTE}", typed("Prices", {f"V{QUOTE}": "MI355X", f"Z{QUOTE}": 210.0, f"AC{QUOTE}": "offer"}),
    ),
    "thousands of capital": ("slips", "Ownership!C23", over("Ownership", "C23", 1_500.0)),
    # rows
    "a point without numbers": ("rows", f"Benchmarks!A{SPARE}", typed("Benchmarks", {f"A{SPARE}": "GLM-5.1", f"J{SPARE}": "60 tok/s"})),
    "a word for Include": ("rows", "Benchmarks!A9", over("Benchmarks", "N9", "yes")),
    "a point of nothing": ("rows", f"Benchmarks!A{SPARE}", typed("Benchmarks", {f"B{SPARE}": "B200", f"J{SPARE}": 0.0, f"K{SPARE}": 5.0})),
    "a point without its curve": ("rows", f"Benchmarks!A{SPARE}", typed("Benchmarks", {f"J{SPARE}": 50.0, f"K{SPARE}": 900.0})),
    "a point far below": ("rows", f"Benchmarks!J{LAST + 250}", typed("Benchmarks", {f"J{LAST + 250}": 50.0})),
    "a quote far below": ("rows", f"Prices!V{QUOTE + 80}", typed("Prices", {f"V{QUOTE + 80}": "B200"})),
    "a quote as text": ("rows", f"Prices!V{QUOTE}", typed("Prices", {f"V{QUOTE}": "MI355X", f"Z{QUOTE}": "2,10", f"AC{QUOTE}": "offer"})),
    "a quote on no basis": (
        "rows", f"Prices!V{QUOTE}",
        typed("Prices", {f"V{QUOTE}": "MI355X", f"Y{QUOTE}": "my basis", f"Z{QUOTE}": 2.1, f"AC{QUOTE}": "offer"}),
    ),
    "a quote for no platform": (
        "rows", f"Prices!V{QUOTE}",
        typed("Prices", {f"V{QUOTE}": "MX 999", f"Y{QUOTE}": "Oracle list", f"Z{QUOTE}": 2.1, f"AC{QUOTE}": "offer"}),
    ),
    # data
    "a throughput improved": ("data", "Benchmarks!K30", over("Benchmarks", "K30", 99_999.0)),
    "an interactivity corrected": ("data", "Benchmarks!J31", over("Benchmarks", "J31", 61.5)),
    "a point cleared": ("data", "Benchmarks!K32", over("Benchmarks", "K32", None)),
    "a point under another platform": ("data", "Benchmarks!B33", over("Benchmarks", "B33", "GB200 NVL72")),
    "numbers of two rows exchanged": ("data", "Benchmarks!J20", sorted_with_a_slip),
    "a list price changed": ("data", f"Prices!Z{QUOTES + 1}", over("Prices", f"Z{QUOTES + 1}", 1.0)),
    "a quote under another basis": ("data", "Prices!X14", over("Prices", "X14", "CoreWeave list")),
    "a power figure lowered": ("data", "Platforms!J8", over("Platforms", "J8", 0.5)),
    "a capital figure added": ("data", "Platforms!M7", over("Platforms", "M7", 55_000)),
    # sources and age
    "a quote without source": ("source", f"Prices!V{QUOTE}", typed("Prices", {f"V{QUOTE}": "MI355X", f"Z{QUOTE}": 2.1})),
    "a source deleted": ("source", "Prices!U14", over("Prices", "AB14", None)),
    "a stale quote typed": (
        "stale", f"Prices!V{QUOTE}",
        typed("Prices", {f"V{QUOTE}": "MI355X", f"Y{QUOTE}": "3-year rental 2026-07", f"Z{QUOTE}": 2.1,
                           f"AA{QUOTE}": "2024-03", f"AC{QUOTE}": "offer"}),
    ),
    "a stale quote with an Excel date": (
        "stale", f"Prices!V{QUOTE}",
        typed("Prices", {f"V{QUOTE}": "MI355X", f"Y{QUOTE}": "3-year rental 2026-07", f"Z{QUOTE}": 2.1,
                           f"AA{QUOTE}": 45_000, f"AC{QUOTE}": "offer"}),
    ),
    "a stale price of the API typed": (
        "stale API price", f"API prices!T{HOSTED}",
        typed("API prices", {f"T{HOSTED}": "GLM-5.1", f"U{HOSTED}": "us", f"V{HOSTED}": 0.5, f"X{HOSTED}": 1.5,
                             f"AD{HOSTED}": "2025-03", f"AF{HOSTED}": "offer"}),
    ),
    # sheets, layout, names, contract
    "a sheet deleted": ("sheets", "sheet Sources", gone("Sources")),
    "a sheet renamed": ("sheets", "sheet Our prices", lambda d: d.rename("Prices", "Our prices")),
    "a row inserted": ("layout", "sheet Ownership, row 12", lambda d: d.insert("Ownership", 12)),
    "rows inserted on Prices": ("layout", "sheet Prices, row 7 to 8", lambda d: d.insert("Prices", 7, 2)),
    "a column inserted": ("layout", "sheet Scenario, column 2", lambda d: d.insert("Scenario", 2, cols=True)),
    "a column inserted, with words": ("layout", "sheet Ownership, column 3", column_with_words),
    "a heading renamed": ("layout", "Benchmarks!A6", over("Benchmarks", "K6", "Tokens")),
    "a name deleted": ("names", "name Interactivity", named("Interactivity", None)),
    "a name redirected": ("names", "name Utilization", named("Utilization", "Scenario!$B$12")),
    "a name that broke": ("names", "name Mine", named("Mine", "#REF!$A$1")),
    "no contract": ("contract", "contract", no_contract),
    "a contract of another version": ("contract", "contract", contract('form="', 'form="0')),
    # outside, hidden, settings
    "macros": ("macros", "part xl/vbaProject.bin", part("xl/vbaProject.bin")),
    "macro sheet": ("macros", "part xl/macrosheets/sheet1.xml", part("xl/macrosheets/sheet1.xml", data=b"<a/>")),
    "external link": ("links", "part xl/externalLinks/externalLink1.xml", external),
    "formula to another workbook": ("links", "Mine!A1", own_sheet("[1]Prices!$B$2*2")),
    "connection": ("connections", "part xl/connections.xml", part("xl/connections.xml", data=b"<a/>")),
    "embedded object": ("connections", "part xl/embeddings/oleObject1.bin", part("xl/embeddings/oleObject1.bin")),
    "ActiveX control": ("connections", "part xl/activeX/activeX1.xml", part("xl/activeX/activeX1.xml", data=b"<a/>")),
    "ribbon": ("connections", "part customUI/customUI.xml", part("customUI/customUI.xml", data=b"<a/>")),
    "web request": ("connections", "Mine!A1", own_sheet('_xlfn.WEBSERVICE("https://x.test/"&Prices!B8)')),
    "live data": ("connections", "Mine!A1", own_sheet('RTD("x",,"y")')),
    "web add-in": ("web-extensions", "part xl/webextensions/webextension1.xml", part("xl/webextensions/webextension1.xml", data=b"<a/>")),
    "hidden sheet": ("hidden", "sheet Claims", state("Claims", "hidden")),
    "very hidden sheet": ("hidden", "sheet Mine", lambda d: d.add_sheet("Mine", state="veryHidden")),
    "hidden row": ("hidden", "sheet Prices, row 8", hidden_row("Prices", 8)),
    "hidden column": ("hidden", "sheet Ownership, column A", hidden_column("Ownership")),
    "manual calculation": ("settings", "setting", attribute("calcPr", "calcMode", "manual")),
    "precision as displayed": ("settings", "setting", attribute("calcPr", "fullPrecision", "0")),
    "iteration": ("settings", "setting", attribute("calcPr", "iterate", "1")),
    "the other calendar": ("settings", "setting", attribute("workbookPr", "date1904", "1")),
    # results and functions
    "functions in lower case": ("functions", "names of functions", lower_functions),
    "a function deleted": ("functions", "function TOKCOST", named("TOKCOST", None)),
    "a function changed": ("functions", "function TOKPERMW", named("TOKPERMW", "_xlfn.LAMBDA(_xlpm.a,1)")),
    "no dynamic arrays": ("functions", "sheet Functions", unmarked),
    "a stored cost of yesterday": ("stored", "Summary!E16", stored("Summary", "E16", 0.05)),
    "a stored rank of yesterday": ("stored", "'Cost curves'!Q8", stored("Cost curves", "Q8", 7)),
    "a stored throughput of yesterday": ("stored", "Curves!Q9", stored("Curves", "Q9", 9000)),
    "a stored text of yesterday": ("stored", "Summary!A4", stored("Summary", "A4", "All is well.")),
    "one result missing": ("stored", "Fleet!D35", stored("Fleet", "D35", None)),
    "no results": ("stored", "workbook", nothing_stored),
    "a price edited and not calculated": ("stored", "Prices!Q8", over("Prices", "B8", 3.21)),
    "a check that fails": ("checks", "Checks!E16", failing_check),
    "a text price fails a check": ("checks", "Checks!E18", text_price),
    "remarks beside the inputs": ("beside", "Prices!B120", over("Prices", "B120", "ask Oracle again")),
    "an own calculation beside": ("beside", "Summary!P20", lambda d: d.formula("Summary", "P20", "E16*1000", 1)),
    "an input that follows a sheet": (
        "linked-input", "Prices!B8", linked_price,
    ),
}  # fmt: skip
SHARE = 1 if os.environ.get("XLMODEL_MUTANTS") == "all" else 6
CHOSEN = [name for i, name in enumerate(MUTANTS) if (i + 1) % SHARE == 0]


def test_there_are_at_least_120_mutants() -> None:
    assert len(MUTANTS) >= 120
    assert {rule for rule, _, _ in MUTANTS.values()} <= {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(len(rule.reason) > 20 for rule in RULES)


@pytest.mark.engine
@pytest.mark.parametrize("name", CHOSEN)
def test_a_planted_fault_is_found_where_it_is(name: str, small: Path, tmp_path: Path) -> None:
    rule, place, plant = MUTANTS[name]
    desk = Desk(small)
    plant(desk)
    found = audit(desk.save(tmp_path / "x.xlsx"), TODAY).findings
    hits = [f for f in found if f.rule == rule and any(text.startswith(place) for text in (f.where, *f.cells))]
    assert hits, f"{rule} at {place} is not among {[(f.rule, f.where) for f in found]}"
    assert all(all((f.where, f.found, f.expected, f.fix)) for f in found)


@pytest.mark.engine
def test_what_has_one_cause_and_one_fix_is_one_finding(small: Path, tmp_path: Path) -> None:
    desk = Desk(small)
    desk.set("Prices", "B8", 3.21)  # by a script: nothing was calculated
    found = [f for f in audit(desk.save(tmp_path / "x.xlsx"), TODAY).findings if f.rule == "stored"]
    assert len(found) == 1
    assert len(found[0].cells) > 20
    assert found[0].where.endswith(f" and {len(found[0].cells) - 3} more")
    assert found[0].facts()["cells"] == found[0].cells
    desk = Desk(small)
    desk.store("Summary", "E16", 0.05)
    single = [f for f in audit(desk.save(tmp_path / "y.xlsx"), TODAY).findings if f.rule == "stored"]
    assert ["cells" in f.facts() for f in single] == [False]


def test_a_failing_check_shows_its_value_even_where_none_is_stored(small: Path, tmp_path: Path) -> None:
    desk = Desk(small)
    desk.set(*spots(BASE)["scenario.utilization"], 80)
    nothing_stored(desk)
    found = [f for f in audit(desk.save(tmp_path / "x.xlsx"), TODAY).findings if f.rule == "checks"]
    assert [f.found for f in found] == ["Inputs within range fails with 1", "Scenario within range fails with 1"]


def test_a_file_as_built_raises_no_alarm(small: Path) -> None:
    result = audit(small, TODAY)
    assert result.findings == ()
    assert result.facts["compared"]


def clean(number: int) -> Inputs:
    """Inputs of a build, different for every number."""
    rng = random.Random(number)
    models = (["GLM-5.1"], ["Llama 3.3 70B"], ["GLM-5"], ["Kimi-K2.5"])
    inputs = gather(models=models[number % len(models)])
    held = list(dict.fromkeys(p.platform for p in inputs.points))
    inputs = choose(
        inputs, interactivity=rng.choice([12.5, 33.3, 60.0, 400.0]), utilization=rng.choice([0.3, 0.65, 1.0]),
        baseline=rng.choice(held), basis=rng.choice(inputs.bases), workload=rng.choice(inputs.workloads),
        interpolation=rng.choice(["Steffen", "linear", "measured points only"]), speculative=rng.choice(["all", "without"]),
        below_range=rng.choice(["no answer", "hold slowest point"]),
    ).inputs  # fmt: skip
    if number % 2:
        inputs = exclude(inputs, rng.sample(range(len(inputs.points)), 3)).inputs
        inputs = replace(inputs, own_prices={rng.choice(held): 2.5})
    if number % 3 == 0:
        inputs = assume(inputs, {held[0]: 40_000.0}, life=5.0, cost_of_capital=0.08).inputs
        inputs = demand(inputs, mode="kW of power", power=2_000.0, price_input=0.2, price_output=0.9).inputs
    if number % 4 == 1:
        own = Point(inputs.models[0], held[0], "8k/1k", "FP8", "own", 41.5, 2222.25, "own", source="load test")
        rows = in_order([*inputs.points, own])
        inputs = replace(inputs, points=tuple(rows), own_rows=(rows.index(own),), snapshots=snapshots_of(rows))
    return inputs


@pytest.mark.parametrize("number", range(20 if SHARE == 1 else 3))
def test_clean_builds_raise_no_alarm(number: int, tmp_path: Path) -> None:
    assert audit(build(clean(number), tmp_path / "x.xlsx"), TODAY).findings == ()


def test_what_people_are_meant_to_do_raises_no_alarm_beyond_notes(tmp_path: Path) -> None:
    own = Point("GLM-5.1", "MI355X", "8k/1k", "FP8", "2026-07", 77.123456, 2876.5, "own", source="load test 17")
    quote = Quote("MI355X", "own contract", "3 years", "3-year rental 2026-07", 1.95, "2026-11", "contract 17", "high")
    inputs = add(BASE, [own]).inputs
    inputs = replace(
        inputs, typed_quotes=reprice(BASE, {}, [replace(quote, basis="AWS on demand")]).inputs.typed_quotes
    )
    path = build(replace(inputs, own_prices={"MI355X": 1.8}), tmp_path / "x.xlsx")
    assert not audit(path, TODAY).grave


@pytest.mark.parametrize("name", ["foreign", "empty book"])
def test_a_workbook_of_somebody_else_is_refused(name: str, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    if name == "foreign":
        workbook.worksheets[0]["A1"] = "Budget"
    workbook.save(tmp_path / "x.xlsx")
    with pytest.raises(WorkbookRefused, match="no contract"):
        audit(tmp_path / "x.xlsx", TODAY)


@pytest.mark.office
def test_after_libreoffice_only_what_it_lost_is_found(
    small: Path, tmp_path: Path, libreoffice_engine: LibreOffice
) -> None:
    saved = by_libreoffice(libreoffice_engine, small, tmp_path)
    assert graver(audit(saved, TODAY).findings) == {("origin", "warning")}


def test_after_openpyxl_only_what_it_lost_is_found(small: Path, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(small)
    workbook.properties.title = "anybody's to change"
    workbook.save(tmp_path / "x.xlsx")
    result = audit(tmp_path / "x.xlsx", TODAY)
    assert graver(result.findings) == {("origin", "warning")}, "one line says all that is gone"
    assert result.facts["compared"], "the layout is recovered from the tables"


def by_libreoffice(office: LibreOffice, path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it."""
    (saved,) = office.save([path], folder / "office")
    return saved


def ids(findings: tuple[Finding, ...]) -> set[str]:
    return {rule for rule, _ in graver(findings)}


def graver(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(finding.rule, finding.severity) for finding in findings if finding.severity != NOTE}


def test_rows_pasted_by_the_thousand_are_counted_not_read_and_never_lost(small: Path, tmp_path: Path) -> None:
    part, path = Package(small).sheets["Benchmarks"], tmp_path / "many.xlsx"
    rows = "".join(f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(90_000, 97_000))
    with zipfile.ZipFile(small) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"</sheetData>", f"{rows}</sheetData>".encode()) if name == part else data)
    found = [f for f in audit(path, TODAY).findings if f.rule == "rows"]
    assert [f.severity for f in found] == ["warning"] * len(found)
    assert any("rows more than 5,000 below the last formula" in str(f.found) for f in found)
    with pytest.raises(WorkbookRefused, match="move them to a sheet of their own"):
        all_rows(open_mailed(path))
