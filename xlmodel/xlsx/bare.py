"""A workbook of nothing but names, values and formulas, for an engine to compute."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xlmodel.calc.address import letters
from xlmodel.calc.values import ExcelError, Value
from xlmodel.xlsx.escaping import escape, quoteattr
from xlmodel.xlsx.sheetdata import xml_text

Place = tuple[int, int]
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1">'
    '<fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/>'
    '</cellStyleXfs><cellXfs count="1"><xf/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)


@dataclass(slots=True)
class BareSheet:
    """What one sheet holds.

    Attributes:
        values: constants.
        formulas: text without = in its own cell.
        filled: first row, column, last row -> text of the first cell, for one that points to no other sheet.
        arrays: first cell of a formula that fills a range -> the range.
    """

    values: dict[Place, Value] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    filled: dict[tuple[int, int, int], str] = field(default_factory=dict)
    arrays: dict[Place, str] = field(default_factory=dict)


def write_bare(path: Path, sheets: Mapping[str, BareSheet], names: Mapping[str, str]) -> None:
    """Write the workbook; it is made to be computed, not to be read by people."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="rId{i}"/>' for i, name in zip(numbers, sheets, strict=True)
    )
    defined = "".join(
        f"<definedName name={quoteattr(name)}>{escape(text)}</definedName>" for name, text in names.items()
    )
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets><definedNames>{defined}</definedNames></workbook>'
    relations = "".join(_relation(i, "worksheet", f"worksheets/sheet{i}.xml") for i in numbers)
    relations += _relation(len(sheets) + 1, "styles", "styles.xml")
    types = "".join(_override(f"xl/worksheets/sheet{i}.xml", "worksheet") for i in numbers)
    types += _override("xl/workbook.xml", "sheet.main") + _override("xl/styles.xml", "styles")
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType='
            f'"application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>'
        ),
        "_rels/.rels": _relations(_relation(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations(relations),
        "xl/styles.xml": _STYLES,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, text in parts.items():
            archive.writestr(part, _HEAD + text)
        for i, sheet in zip(numbers, sheets.values(), strict=True):
            archive.writestr(f"xl/worksheets/sheet{i}.xml", "".join(_sheet(sheet)))


def _sheet(sheet: BareSheet) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
    cells: dict[int, list[tuple[int, str]]] = {}
    for (row, col), value in sheet.values.items():
        if value is not None:
            cells.setdefault(row, []).append((col, _constant(f"{letters(col)}{row}", value)))
    for (row, col), text in sheet.formulas.items():
        a1 = f"{letters(col)}{row}"
        area = sheet.arrays.get((row, col))
        filled = f' t="array" ref="{area}"' if area else ""
        cells.setdefault(row, []).append((col, f'<c r="{a1}"><f{filled}>{xml_text(text)}</f></c>'))
    for number, ((first, col, last), text) in enumerate(sheet.filled.items()):
        name = letters(col)
        master = f'<f t="shared" ref="{name}{first}:{name}{last}" si="{number}">{xml_text(text)}</f>'
        cells.setdefault(first, []).append((col, f'<c r="{name}{first}">{master}</c>'))
        for row in range(first + 1, last + 1):
            cells.setdefault(row, []).append((col, f'<c r="{name}{row}"><f t="shared" si="{number}"/></c>'))
    for row in sorted(cells):
        yield f'<row r="{row}">{"".join(text for _, text in sorted(cells[row]))}</row>'
    yield "</sheetData></worksheet>"


def _constant(a1: str, value: Value) -> str:
    if isinstance(value, bool):
        return f'<c r="{a1}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{a1}"><v>{value!r}</v></c>'
    if isinstance(value, ExcelError):
        return f'<c r="{a1}" t="e"><v>{value.code}</v></c>'
    return f'<c r="{a1}" t="inlineStr"><is><t xml:space="preserve">{xml_text(str(value))}</t></is></c>'


def _relations(text: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{text}</Relationships>'


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{_CONTENT}.{kind}+xml"/>'
