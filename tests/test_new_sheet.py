"""A refresh keeps rows of new sheets as bytes: what comes out is what a tree of the whole sheet would give."""

import pytest
from lxml import etree

from xlmodel.returned.refresh.carried_cells import SheetXml
from xlmodel.returned.refresh.new_sheet import NewSheet
from xlmodel.xlsx.passes import serialized

HEAD = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols><col min="1" max="1"/></cols>'
)
ROWS = (
    b'<row r="1" ht="22" customHeight="1"><c r="A1" s="3" t="inlineStr"><is><t xml:space="preserve">a &amp; b &gt; c</t></is></c>'
    b'<c r="B1" s="4"></c><c r="C1" s="4"/></row><row r="2" ht="9" customHeight="1"></row>'
    b'<row r="4"><c r="A4" s="5" t="inlineStr"><is><t xml:space="preserve"></t></is></c><c r="B4" s="6" t="str"><f>""</f><v></v></c></row>'
    b'<row r="12"><c r="A12" s="7"><f t="shared" ref="A12:A13" si="0">B12*2</f><v>4.5</v></c></row>'
    b'<row r="13"><c r="A13" s="7"><f t="shared" si="0"/><v>5</v></c></row>'
)
TAIL = b'<pageMargins left="0.7"/></worksheet>'
PARTS = {
    "rows": HEAD + b"<sheetData>" + ROWS + b"</sheetData>" + TAIL,
    "none": HEAD + b"<sheetData/>" + TAIL,
    "return": HEAD + b"<sheetData>" + ROWS.replace(b"a &amp;", b"a\r&amp;") + b"</sheetData>" + TAIL,
}
TYPED = [(), ((4, 1),), ((12, 1), (1, 2)), ((3, 2),), ((2, 1), (20, 1)), ((13, 5), (4, 2), (1, 1))]


@pytest.mark.parametrize("typed", TYPED, ids=str)
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS.keys())
def test_rows_as_bytes_and_rows_as_a_tree_are_the_same_part(part: bytes, typed: tuple[tuple[int, int], ...]) -> None:
    light, whole = NewSheet(part), SheetXml(etree.fromstring(part))
    for sheet in (light, whole):
        for at in typed:
            made = etree.Element("{http://schemas.openxmlformats.org/spreadsheetml/2006/main}c", s="9")
            sheet.put(*at, made)
    assert light.part() == serialized(whole.root)
    cells = list(whole.root.iter("{*}c"))
    assert light.formats() == {cell.get("r"): cell.get("s") for cell in cells}
    assert (light.cell(12, 1) is None) == (whole.cell(12, 1) is None)
    assert light.cell(40, 1) is None
