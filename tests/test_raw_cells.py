"""Rows in plain spelling are read as the XML parser reads them; whatever the parser would refuse or read otherwise is left to it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from xlmodel.errors import WorkbookRefused
from xlmodel.xlsx.parts import MAIN, Grid, read_grid, read_tree
from xlmodel.xlsx.raw_cells import plain_rows

HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN[1:-1]}"><cols><col min="1" max="1"/></cols>'
TAIL = "<mergeCells/></worksheet>"
PLAIN = {
    "numbers": '<row r="1"><c r="A1"><v>1.5</v></c><c r="B1" s="3"><v>2E-3</v></c></row>',
    "texts": '<row r="2" ht="30.5" customHeight="1"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><t>a &amp;lt; b</t></is></c></row>',
    "formulas": '<row r="3"><c r="A3" cm="1"><f t="array" ref="A3:A4">B1&gt;"x"</f><v>1</v></c><c r="B3"><f t="shared" si="0"/></c></row>',
    "nothing stored": '<row r="4" hidden="1"><c r="A4" s="1"/><c r="B4" s="1" t="n"></c><c r="C4"><f>A1</f><v></v></c><c r="D4"><f>A1</f><v/></c></row>',
    "empty rows": '<row r="5" spans="1:3"/>\n<row r="6" hidden="true" ht="0"></row>\n',
    "letters by number": '<row r="7"><c r="A7" t="str"><v>a &#183; b &quot;&apos;</v></c></row>',
    "blanks kept": '<row r="8"><c r="A8" t="str"><f>" a"</f><v xml:space="preserve"> a\n</v></c></row>',
}
OTHER = {
    "a comment": '<row r="1"><!-- <c r="A1"/> --><c r="A1"><v>1</v></c></row>',
    "CDATA": '<row r="1"><c r="A1" t="str"><v><![CDATA[a<b]]></v></c></row>',
    "rich text": '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>',
    "a control by number": '<row r="1"><c r="A1" t="str"><v>a&#10;b</v></c></row>',
    "a carriage return": '<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
    "quotes of the other kind": "<row r='1'><c r='A1'><v>1</v></c></row>",
    "another name": '<row r="1" dyDescent="0.2"><c r="A1" ph="1"><v>1</v></c></row>',
    "the value first": '<row r="1"><c r="A1"><v>1</v><f>A2</f></c></row>',
    "another namespace": '<row r="1"><c r="A1" xmlns="urn:x"><v>1</v></c></row>',
    "an unknown entity": '<row r="1"><c r="A1"><v>&x;</v></c></row>',
    "the same attribute twice": '<row r="1"><c r="A1" s="1" s="2"><v>1</v></c></row>',
    "an end of CDATA": '<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
    "a row that is not closed": '<row r="1"><c r="A1"><v>1</v></c>',
    "a row too often closed": '<row r="1"><c r="A1"><v>1</v></c></row></row>',
    "a row in a row": '<row r="1"><row r="2"><c r="A2"/></row></row>',
    "text between": '<row r="1">x<c r="A1"/></row>',
    "a long formula": f'<row r="1"><c r="A1"><f>{"A1+" * 6000}1</f></c></row>',
}
PIECES = ("<row", "</row>", '<row r="9">', '<c r="A9">', "</c>", "<v>", "</v>", "<f>", "/>", ">", '"', "&", "&amp;", "&#9;", "&#200;", "]]>",
          "<!--", "-->", "\x0b", " ", "\r", ' s="x"', ' r="1"', "<sheetData>", "</sheetData>", "<is><t>", "·", "\ud7ff", "\ufffe")  # fmt: skip


def part(rows: str) -> bytes:
    return f"{HEAD}<sheetData>{rows}</sheetData>{TAIL}".encode("utf-8", "surrogatepass")


def outcome(data: bytes, reader: object) -> object:
    """Everything of a sheet that is asked for later, or what is wrong with it."""
    try:
        grid: Grid = reader(data, "x")  # type: ignore[operator]
    except (WorkbookRefused, ValueError) as error:
        return type(error)
    rest = [(element.tag, dict(element.attrib)) for element in grid.rest.iter() if element.tag != MAIN + "row"]
    return grid.cells, grid.hidden_rows, grid.heights, rest


@pytest.mark.parametrize("name", PLAIN)
def test_the_plain_spelling_is_read_without_a_tree(name: str) -> None:
    data = part(PLAIN[name])
    assert plain_rows(data) is not None
    assert outcome(data, read_grid) == outcome(data, read_tree)


@pytest.mark.parametrize("name", OTHER)
def test_any_other_spelling_is_left_to_the_parser(name: str) -> None:
    data = part(OTHER[name])
    assert plain_rows(data) is None
    assert outcome(data, read_grid) == outcome(data, read_tree)


@pytest.mark.parametrize(
    "data",
    [
        part("").replace(b"<cols>", b"<!-- <sheetData></sheetData> --><cols>"),
        part("").replace(b"<sheetData></sheetData>", b"<x><sheetData></sheetData></x>"),
        part(PLAIN["numbers"]).replace(b"UTF-8", b"ISO-8859-1"),
        part(PLAIN["numbers"]).replace(MAIN[1:-1].encode(), b"urn:other"),
        etree.tostring(etree.fromstring(part(PLAIN["texts"])), encoding="UTF-16"),
    ],
)
def test_rows_elsewhere_or_in_another_encoding_are_left_to_the_parser(data: bytes) -> None:
    assert outcome(data, read_grid) == outcome(data, read_tree)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(sorted(PLAIN)), min_size=1, max_size=3), st.data())
def test_no_slip_in_a_part_is_read_in_another_way(names: list[str], data: st.DataObject) -> None:
    text = "".join(PLAIN[name] for name in names)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.integers(0, 6))
        text = text[:at] + data.draw(st.sampled_from(("", *PIECES))) + text[at + gone :]
    found = part(text)
    assert outcome(found, read_grid) == outcome(found, read_tree)
