"""Every package rule finds its planted fault, and a sound workbook has none."""

import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from xlmodel.errors import WorkbookRefused
from xlmodel.xlsx.rules.run_rules import RULES, check

Change = str | Callable[[str], str]
Rewritten = Callable[[Path, Mapping[str, Change], Path], Path]
BOOK, SHEET, OTHER = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
RELS, SHEET_RELS = "xl/_rels/workbook.xml.rels", "xl/worksheets/_rels/sheet1.xml.rels"
TABLE, CHART, DRAWING = "xl/tables/table1.xml", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml"


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory, rewritten: Rewritten) -> Path:
    """A workbook with a bit of everything and nothing wrong."""
    folder = tmp_path_factory.mktemp("book")
    path = folder / "stamped.xlsx"
    workbook = xlsxwriter.Workbook(path)
    costs = workbook.add_worksheet("Costs")
    other = workbook.add_worksheet("Other sheet")
    workbook.define_name("Hours", "='Other sheet'!$B$1")
    workbook.define_name("TWICE", "=_xlfn.LAMBDA(_xlpm.amount,_xlpm.amount*2)")
    other.write("A1", "hours")
    other.write("B1", 8760)
    columns = [{"header": "Price"}, {"header": "Cost"}]
    costs.add_table("A1:B4", {"name": "Prices", "columns": columns})
    for row in range(1, 4):
        costs.write(row, 0, row)
        costs.write_formula(row, 1, f"=A{row + 1}*Hours", None, row * 8760)
    costs.write_formula("D1", "=SUM(Prices[Cost])", None, 52560)
    costs.write_formula("D2", '=IFERROR(_xlfn.XLOOKUP(9,Prices[Price],Prices[Cost]),"none")', None, "none")
    costs.write_formula("D3", "=NA()", None, "#N/A")
    costs.write_formula("D4", "=D1>'Other sheet'!B1", None, True)
    costs.write_formula("D5", '=HYPERLINK("#Costs!A1","up")', None, "up")
    costs.write_dynamic_array_formula("D6", "=TWICE(21)", None, 42)
    costs.write_dynamic_array_formula("F1:F3", "=A2:A4*2", None, 2)
    costs.write_formula("D7", "=_xlfn.LET(_xlpm.total,SUM(A:A),_xlpm.total+1)", None, 7)
    costs.write_formula("D8", "=SUM(Prices[[Price]:[Cost]])+SUM(Prices[[#All],[Price]])", None, 52572)
    costs.write_url("A9", "https://example.org/prices")
    costs.data_validation("H1", {"validate": "list", "source": ["yes", "no"], "input_message": "Choose"})
    costs.conditional_format("A2:A4", {"type": "formula", "criteria": "=A2>Hours", "format": None})
    costs.print_area("A1:F9")
    costs.repeat_rows(0)
    costs.repeat_columns("A:B")
    other.autofilter("A1:B1")
    other.write_url("A5", "internal:Costs!A1")
    chart = workbook.add_chart({"type": "line"})
    chart.add_series({"values": "=Costs!$B$2:$B$4", "categories": "=Costs!$A$2:$A$4", "name": "=Costs!$B$1"})
    chart.set_title({"name": "Cost"})
    costs.insert_chart("H3", chart, {"description": "Cost rises with price"})
    workbook.close()
    return rewritten(path, {}, folder / "sound.xlsx")  # XlsxWriter's entries say 31 January


def swap(old: str, new: str) -> Callable[[str], str]:
    """Replace the first occurrence of a text that must be there."""

    def change(text: str) -> str:
        assert old in text, f"{old!r} is not in the part"
        return text.replace(old, new, 1)

    return change


def formula(text: str) -> Mapping[str, Change]:
    """The formula in D1 replaced by another."""
    return {SHEET: swap("<f>SUM(Prices[Cost])</f>", f"<f>{text}</f>")}


def new_name(element: str) -> Mapping[str, Change]:
    return {BOOK: swap("</definedNames>", element + "</definedNames>")}


def validation(attributes: str) -> Mapping[str, Change]:
    return {SHEET: swap('prompt="Choose"', attributes)}


D1 = '<c r="D1"><f>SUM(Prices[Cost])</f><v>52560</v></c>'
COLUMN_FORMULA = "<calculatedColumnFormula>NOW()</calculatedColumnFormula>"
LONG = "+".join(["1"] * 4100)

DATA = '<definedName name="TOKDATA">Costs!$A$1:$B$4</definedName>'
WEB = "xl/webextensions/webextension1.xml"
LITE = '<we:reference id="wa200008175" version="1.0.0.0" store="OMEX" storeType="omex"/>'


def extension(reference: str, code: str) -> str:
    return (
        f'<we:webextension xmlns:we="http://schemas.microsoft.com/office/webextensions/webextension/2010/11">{reference}'
        f"<we:properties><we:property name='main.py' value='{code}'/></we:properties></we:webextension>"
    )


FAULTS: dict[str, list[Mapping[str, Change]]] = {
    "one-edition": [new_name(f'<definedName name="TOKCOST">_xlfn.LAMBDA(_xlpm.price,_xlpm.price)</definedName>{DATA}')],
    "add-in-code": [
        {WEB: extension(LITE, '"x = 1"')},
        {WEB: extension(LITE.replace("wa2", "wa1"), '"x = 1"'), **new_name(DATA)},
        {WEB: extension(LITE, '"x = = 1"'), **new_name(DATA)},
        {WEB: extension(LITE, "x = 1"), **new_name(DATA)},
        {WEB: extension(LITE, '"x = 1"').replace("main.py", "other.py"), **new_name(DATA)},
    ],
    "readable": [
        {SHEET: swap("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet')},
        {OTHER: swap("</sheetData>", "")},
    ],
    "foreign-parts": [
        {"xl/vbaProject.bin": "x"},
        {"xl/externalLinks/externalLink1.xml": "<x/>"},
        {"xl/connections.xml": "<x/>"},
        {"customUI/customUI.xml": "<x/>"},
    ],
    "targets": [
        {SHEET_RELS: swap("https://example.org", "http://example.org")},
        {SHEET_RELS: swap("https://example.org/prices", "file:///c:/prices.xls")},
        {SHEET_RELS: swap("table1.xml", "table9.xml"), SHEET: swap("<tableParts", "<tableParts ")},
    ],
    "people": [
        {"docProps/core.xml": swap("<dc:creator></dc:creator>", "<dc:creator>Ann Smith</dc:creator>")},
        {
            "docProps/core.xml": swap(
                "<cp:lastModifiedBy></cp:lastModifiedBy>", "<cp:lastModifiedBy>Ann</cp:lastModifiedBy>"
            )
        },
        {"docProps/app.xml": swap("<Company></Company>", "<Company>Acme</Company>")},
        {BOOK: swap("<sheets>", '<absPath url="C:\\Users\\ann\\"/><sheets>')},
    ],
    "sheet-names": [
        {BOOK: swap('name="Other sheet"', f'name="{"x" * 32}"')},
        {BOOK: swap('name="Other sheet"', 'name="a/b"')},
        {BOOK: swap('name="Other sheet"', 'name="costs"')},
        {BOOK: swap('name="Other sheet"', 'name="History"')},
    ],
    "hidden": [
        {BOOK: swap('name="Other sheet" sheetId="2"', 'name="Other sheet" sheetId="2" state="veryHidden"')},
        {OTHER: swap("<sheetData>", '<cols><col min="3" max="4" hidden="1"/></cols><sheetData>')},
        {OTHER: swap('<row r="1"', '<row hidden="1" r="1"')},
    ],
    "names": [
        new_name('<definedName name="H100">1</definedName>'),
        new_name('<definedName name="gpu price">1</definedName>'),
        new_name('<definedName name="hours">1</definedName>'),
    ],
    "formula-text": [
        formula("=SUM(A1)"),
        formula("SUM(A1"),
        formula("SUM(A1))"),
        formula(LONG),
        formula('"open'),
    ],
    "functions": [
        formula("XLOOKUP(1,A1:A2,B1:B2)"),
        formula("_xlfn.SORT(A1:A2)"),
        formula("FILTER(A1:A2,A1:A2)"),
        formula("SUMM(A1:A2)"),
        new_name('<definedName name="F">LAMBDA(x,x)</definedName>'),
    ],
    "banned": [
        *(formula(f"{f}(A1)") for f in ("OFFSET", "INDIRECT", "NOW", "TODAY", "RAND", "RANDBETWEEN", "CELL", "INFO")),
        *(formula(f"{f}(A1)") for f in ("_xlfn.WEBSERVICE", "RTD", "CALL", "REGISTER.ID", "_xlfn.RANDARRAY")),
        formula('HYPERLINK("http://example.org","x")'),
        formula("HYPERLINK(A1)"),
        formula("cmd|' /C calc'!A0"),
        {SHEET: swap("A2&gt;Hours", "A2&gt;TODAY()")},
        {
            TABLE: swap(
                'name="Cost"/>',
                'name="Cost"><calculatedColumnFormula>NOW()</calculatedColumnFormula></tableColumn>',
            )
        },
    ],
    "references": [
        formula("Gone!A1"),
        formula("[1]Costs!A1"),
        formula("'[prices.xlsx]Costs'!A1"),
        formula("SUM(Nothing[Cost])"),
        formula("SUM(Prices[Gone])"),
        formula("SUM(Prices[[#All],[Gone]])"),
        formula("Hourz*2"),
        formula("A1+#REF!"),
        formula("Costs!#REF!+1"),
        new_name('<definedName name="Lost">Gone!$A$1</definedName>'),
    ],
    "variables": [
        formula("_xlfn.LET(_xlpm.x1,2,_xlpm.x1)"),
        formula("_xlfn.LET(_xlpm.r,2,_xlpm.r)"),
        formula("_xlfn.LET(_xlpm.result,2,_xlpm.result)"),
    ],
    "lambda-cells": [formula("TWICE(2)")],
    "cell-order": [
        {SHEET: swap(D1, D1 + D1)},
        {SHEET: swap(D1, D1.replace("D1", "D2"))},
        {SHEET: swap('r="A2"', 'r="A0"')},
    ],
    "stored-values": [
        {SHEET: swap("<v>52560</v>", "")},
        {SHEET: swap("<v>52560</v>", "<v>none</v>")},
        {SHEET: swap("<v>52560</v>", "<v>inf</v>")},
        {SHEET: swap("<v>52560</v>", "<v>nan</v>")},
        {SHEET: swap("<v>#N/A</v>", "<v>#OOPS</v>")},
        {OTHER: swap('t="s"><v>', 't="s"><v>999')},
    ],
    "cell-text": [
        {SHEET: swap("<v>none</v>", f"<v>{'x' * 32768}</v>")},
        {"xl/sharedStrings.xml": swap("<t>hours</t>", f"<t>{'x' * 32768}</t>")},
    ],
    "ranges": [
        {SHEET: swap('ref="F1:F3"', 'ref="D1:F3"')},
        {SHEET: swap("<f>SUM(Prices[Cost])</f>", '<f t="shared" si="7"/>')},
    ],
    "tables": [
        {TABLE: swap('name="Cost"', 'name="Costs"')},
        {TABLE: swap('name="Cost"', 'name="price"')},
        {TABLE: swap('count="2"', 'count="3"')},
        {TABLE: swap('displayName="Prices"', 'displayName="Hours"')},
    ],
    "validations": [
        {SHEET: swap('"yes,no"', '"' + "y," * 128 + '"')},
        validation(f'prompt="{"x" * 256}"'),
        validation(f'promptTitle="{"x" * 33}" prompt="a"'),
        validation(f'error="{"x" * 225}"'),
        validation(f'errorTitle="{"x" * 33}"'),
    ],
    "chart-references": [
        {CHART: swap("<c:f>Costs!$B$2:$B$4</c:f>", "<c:f>Gone!$B$2:$B$4</c:f>")},
        {CHART: lambda text: text[: text.index("<c:numCache>")] + text[text.index("</c:numCache>") + 13 :]},
    ],
    "chart-titles": [{CHART: lambda t: t[: t.index("<c:title>")] + t[t.index("</c:title>") + 10 :]}],
    "alt-texts": [{DRAWING: swap('descr="Cost rises with price"', 'descr=" "')}],
}
ZIP_FAULTS = {"entries", "timestamps"}


def test_a_sound_workbook_has_no_findings(sound: Path) -> None:
    assert [str(finding) for finding in check(sound)] == []


def test_every_rule_has_a_reason_a_name_of_its_own_and_a_planted_fault() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert all(rule.reason for rule in RULES)
    assert set(FAULTS) | ZIP_FAULTS == set(ids)


@pytest.mark.parametrize(
    ("rule", "changes"),
    [pytest.param(rule, fault, id=f"{rule}-{i}") for rule, faults in FAULTS.items() for i, fault in enumerate(faults)],
)
def test_a_planted_fault_is_found(
    sound: Path, tmp_path: Path, rewritten: Rewritten, rule: str, changes: Mapping[str, Change]
) -> None:
    assert rule in {finding.id for finding in check(rewritten(sound, changes, tmp_path / "bad.xlsx"))}


def test_a_clock_in_the_package_is_found(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    assert "timestamps" in {finding.id for finding in check(tmp_path / "a.xlsx")}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_doubled_or_misplaced_entry_is_found(sound: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as target:
        for name in reversed(source.namelist()):
            target.writestr(name, source.read(name))
        target.writestr(BOOK, source.read(BOOK))
    messages = {finding.message for finding in check(tmp_path / "a.xlsx") if finding.id == "entries"}
    assert messages == {"this part is in the package twice", "the first entry is not [Content_Types].xml"}


def test_a_finding_says_where_and_what(sound: Path, tmp_path: Path, rewritten: Rewritten) -> None:
    [finding] = check(rewritten(sound, formula("Gone!A1"), tmp_path / "bad.xlsx"))
    assert str(finding) == "Costs!D1: no sheet Gone [references]"


def test_a_doctype_in_any_encoding_is_refused(sound: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == OTHER:
                data = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><a/>'.encode("utf-16")
            target.writestr(name, data)
    assert [(finding.id, finding.where) for finding in check(path)] == [("readable", OTHER)]


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as target:
        target.writestr("hello.txt", "hello")
    with pytest.raises(WorkbookRefused, match="no part xl/_rels"):
        check(tmp_path / "a.xlsx")


@pytest.mark.slow
def test_100_000_cells_are_checked_in_seconds(tmp_path: Path) -> None:
    workbook = xlsxwriter.Workbook(tmp_path / "big.xlsx", {"constant_memory": True})
    sheet = workbook.add_worksheet()
    for row in range(20_000):
        for col in range(4):
            sheet.write_number(row, col, row * col)
        sheet.write_formula(row, 4, f"=IF(A{row + 1}>0,SUM(A{row + 1}:D{row + 1}),0)", None, row)
    workbook.close()
    started = time.process_time()
    assert {finding.id for finding in check(tmp_path / "big.xlsx")} == {"timestamps"}
    assert time.process_time() - started < 10
