"""A workbook of somebody else, with what a library that loads and saves would lose."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def make(path: Path) -> Path:
    """Charts, a shape, sparklines, a data bar, comments, a table, names, a spilled formula, a list, a pivot table."""
    book = xlsxwriter.Workbook(path)
    budget, extra = book.add_worksheet("Budget 2027"), book.add_worksheet("Charts & more")
    money = book.add_format({"bold": True, "bg_color": "#FFEEAA", "num_format": '0.00 "kUSD"', "font_color": "#AA0000"})
    for row in range(1, 10):
        budget.write(row, 0, f"line {row}")
        budget.write_number(row, 1, row * 1.5, money)
        budget.write_formula(row, 2, f"=B{row + 1}*2", None, row * 3)
    budget.write_row(0, 0, ("what", "amount", "twice"))
    budget.write_dynamic_array_formula("E1:E3", "=SORT(B2:B4,1,-1)", None, 4.5)
    budget.write_comment("A1", "keep this note")
    budget.conditional_format("B2:B10", {"type": "data_bar", "bar_only": True})
    budget.conditional_format("C2:C10", {"type": "cell", "criteria": ">", "value": 5, "format": money})
    budget.add_table("G1:H4", {"name": "OwnList", "columns": [{"header": "a"}, {"header": "b"}]})
    budget.data_validation("A12", {"validate": "list", "source": ["x", "y"]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='Budget 2027'!$B$2:$B$10"})
    extra.insert_chart("B2", chart)
    extra.insert_textbox("H2", "a shape with words")
    extra.add_sparkline("A1", {"range": "'Budget 2027'!B2:B10"})
    book.define_name("Rate", "='Budget 2027'!$B$2")
    budget.print_area("A1:H20")
    book.close()
    return rewrite(path, _with_pivot)


def rewrite(path: Path, change: Callable[[dict[str, str]], None]) -> Path:
    """Apply a change to the text of the parts."""
    with zipfile.ZipFile(path) as archive:
        raw = {name: archive.read(name) for name in archive.namelist()}
    texts = {name: data.decode() for name, data in raw.items() if name.endswith((".xml", ".rels", ".vml"))}
    change(texts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ({**raw, **{n: t.encode() for n, t in texts.items()}}).items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, 4, 3, 2, 0)), data)
    return path


def _with_pivot(parts: dict[str, str]) -> None:
    """A pivot table over A1:B10 and a calculation chain, as Excel keeps them."""
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        f'{HEAD}<pivotCacheDefinition xmlns="{_MAIN}" xmlns:r="{_OFFICE}" refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet">'
        '<worksheetSource ref="A1:B10" sheet="Budget 2027"/></cacheSource><cacheFields count="2"><cacheField name="what">'
        '<sharedItems/></cacheField><cacheField name="amount" numFmtId="0"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
    )
    parts["xl/pivotTables/pivotTable1.xml"] = (
        f'{HEAD}<pivotTableDefinition xmlns="{_MAIN}" name="Pivot" cacheId="7" dataCaption="Values"><location ref="J1:K3" firstHeaderRow="1" '
        'firstDataRow="1" firstDataCol="1"/><pivotFields count="2"><pivotField axis="axisRow" showAll="0"><items count="1"><item t="default"/>'
        '</items></pivotField><pivotField dataField="1" showAll="0"/></pivotFields><rowFields count="1"><field x="0"/></rowFields>'
        '<dataFields count="1"><dataField name="Sum" fld="1"/></dataFields></pivotTableDefinition>'
    )
    _relate(
        parts,
        "xl/pivotTables/pivotTable1.xml",
        "pivotCacheDefinition",
        "../pivotCache/pivotCacheDefinition1.xml",
        "rId1",
    )
    _relate(parts, "xl/worksheets/sheet1.xml", "pivotTable", "../pivotTables/pivotTable1.xml", "rId90")
    _relate(parts, "xl/workbook.xml", "pivotCacheDefinition", "pivotCache/pivotCacheDefinition1.xml", "rId91")
    _relate(parts, "xl/workbook.xml", "calcChain", "calcChain.xml", "rId92")
    parts["xl/calcChain.xml"] = f'{HEAD}<calcChain xmlns="{_MAIN}"><c r="C2" i="1"/><c r="C3"/></calcChain>'
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "</workbook>", '<pivotCaches><pivotCache cacheId="7" r:id="rId91"/></pivotCaches></workbook>'
    )
    kinds = {
        "pivotCache/pivotCacheDefinition1": "pivotCacheDefinition", "pivotTables/pivotTable1": "pivotTable",
        "calcChain": "calcChain",
    }  # fmt: skip
    added = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", added + "</Types>")


def _relate(parts: dict[str, str], part: str, kind: str, target: str, id_: str) -> None:
    folder, name = part.rsplit("/", 1)
    rels = f"{folder}/_rels/{name}.rels"
    empty = (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    line = f'<Relationship Id="{id_}" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    parts[rels] = re.sub("</Relationships>|/>$", line, parts.get(rels, empty), count=1)
