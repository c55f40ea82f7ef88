"""Descriptions -> an openpyxl workbook without cells: everything around them that Excel needs.

The cells themselves are written by `xlmodel.xlsx.sheetdata`, with formula and stored value together.
"""

from dataclasses import astuple
from io import BytesIO

from lxml import etree
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill, Protection
from openpyxl.styles.colors import Color
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from xlmodel.book.spec import Book, Sheet, Validation
from xlmodel.book.theme import TAB_COLOURS
from xlmodel.calc.address import letters
from xlmodel.calc.excel import file_form
from xlmodel.xlsx.brand import Brand
from xlmodel.xlsx.charts import chart
from xlmodel.xlsx.sheetdata import number
from xlmodel.xlsx.styles import Styles, look

LOGO_HEIGHT, LOGO_WIDTH = 40, 240  # pixels at most; a smaller picture keeps its size
_EMU = 9525  # drawing units of a pixel
LOGO_ROW = 6  # on the cover: beside its facts, where the last column is free


def shell(book: Book, brand: Brand) -> tuple[Workbook, Styles]:
    """The workbook and the cell formats registered so far."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in book.sheets:
        workbook.create_sheet(sheet.name)
    styles = Styles(workbook, brand.styles)
    if brand.theme:
        workbook.loaded_theme = brand.theme
    for sheet in book.sheets:
        _dress(workbook[sheet.name], sheet, book, brand)
    for name, ref in book.names.items():
        workbook.defined_names[name] = DefinedName(name, attr_text=ref.on(""))
    for function in book.functions:
        text = file_form(function.text)
        workbook.defined_names[function.name] = DefinedName(function.name, comment=function.comment, attr_text=text)
    workbook.active = book.opens_on
    for ws in workbook.worksheets:
        ws.sheet_view.tabSelected = ws.title == workbook.worksheets[book.opens_on].title
    return workbook, styles


def _dress(ws: Worksheet, sheet: Sheet, book: Book, brand: Brand) -> None:
    for col, width in sheet.widths.items():
        ws.column_dimensions[letters(col)].width = width
    for col in sheet.open_columns:  # rows under a table take typing although the sheet is protected
        ws.column_dimensions[letters(col)].protection = Protection(locked=False)
        ws.column_dimensions[letters(col)].number_format = sheet.open_formats.get(col, "General")
    for area in sheet.merges:
        ws.merged_cells.add(area)
    ws.freeze_panes = sheet.freeze or None
    ws.sheet_view.showGridLines = sheet.kind == "workings"
    ws.sheet_view.zoomScale = sheet.zoom
    ws.sheet_properties.tabColor = _tab(sheet, brand)
    _tables(ws, sheet)
    for validation in sheet.validations:
        ws.add_data_validation(_validation(validation))
    for priority, condition in enumerate(sheet.conditions, 1):
        rule = Rule(type="expression", formula=[condition.formula], dxf=look(condition.look), priority=priority)
        ws.conditional_formatting.add(condition.area, rule)
    for link in sheet.links:
        # openpyxl writes the links of cells alone; the cells themselves are replaced later
        ws[link.cell].hyperlink = Hyperlink(ref=link.cell, location=link.place or None, target=link.address or None)
    for described in sheet.charts:
        ws.add_chart(chart(described))
    if sheet.kind == "control" and sheet.name == book.sheets[0].name and brand.logo:
        _logo(ws, sheet, brand.logo)
    _page(ws, sheet, book, brand)
    p = ws.protection
    p.sheet, p.formatColumns, p.formatRows, p.sort, p.autoFilter = True, False, False, False, False


def _tab(sheet: Sheet, brand: Brand) -> Color:
    """The colour of the sheet's tab: sheets to present wear the colour of their title band."""
    title = brand.styles.get("Title")
    fill = title.fill if title else None
    if sheet.kind == "presentation" and isinstance(fill, PatternFill) and fill.fill_type == "solid" and fill.fgColor:
        return fill.fgColor
    return Color("FF" + TAB_COLOURS[sheet.kind])


def _logo(ws: Worksheet, sheet: Sheet, data: bytes) -> None:
    """The brand's picture below the title band, where the last column begins."""
    picture = Image(BytesIO(data))
    scale = min(1.0, LOGO_HEIGHT / picture.height, LOGO_WIDTH / picture.width)
    size = XDRPositiveSize2D(*(_EMU * max(1, round(side * scale)) for side in (picture.width, picture.height)))
    picture.anchor = OneCellAnchor(_from=AnchorMarker(col=max(sheet.widths) - 1, row=LOGO_ROW - 1), ext=size)
    ws.add_image(picture)


def _tables(ws: Worksheet, sheet: Sheet) -> None:
    for described in sheet.tables:
        table = Table(displayName=described.name, name=described.name, ref=described.area.a1)
        table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
        table._initialise_columns()  # type: ignore[attr-defined]
        for column, header in zip(table.tableColumns, described.headers, strict=True):
            assert isinstance(column, TableColumn)
            column.name = header
        ws.add_table(table)
        for offset, header in enumerate(described.headers):
            ws.cell(described.area.row, described.area.col + offset, header)


def _validation(v: Validation) -> DataValidation:
    if v.source:
        rule = DataValidation(type="list", formula1=v.source, allow_blank=True)
    else:
        rule = DataValidation(
            type="decimal",
            operator="between",
            formula1=number(v.low or 0),
            formula2=number(v.high or 0),
            allow_blank=True,
        )
    rule.error = v.refusal
    rule.errorStyle = "stop" if v.stop else "warning"
    rule.errorTitle = rule.promptTitle = v.prompt_title[:32]
    rule.prompt = v.prompt[:255]
    rule.showErrorMessage = rule.showInputMessage = True
    for area in v.areas:
        rule.add(area)
    return rule


def _page(ws: Worksheet, sheet: Sheet, book: Book, brand: Brand) -> None:
    setup = ws.page_setup
    setup.orientation = "portrait" if sheet.portrait else "landscape"
    setup.paperSize = brand.paper
    setup.fitToWidth, setup.fitToHeight = 1, 1 if sheet.one_page else 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=not sheet.scale)
    setup.scale = sheet.scale or None
    margins = ws.page_margins
    margins.left, margins.right, margins.top, margins.bottom = astuple(brand.margins)
    margins.header, margins.footer = min(0.3, margins.top / 2), min(0.3, margins.bottom / 2)
    if sheet.print_area:
        ws.print_area = sheet.print_area
    if sheet.repeat_rows:
        ws.print_title_rows = sheet.repeat_rows
    if sheet.repeat_columns:
        ws.print_title_cols = sheet.repeat_columns
    for row in sheet.breaks:
        ws.row_breaks.append(Break(id=row))
    ws.HeaderFooter = _foot(sheet, book, brand)


def footer(sheet: Sheet, book: Book, brand: Brand) -> bytes:
    """The footer of a sheet as XML: title and name of the build stand there, and nowhere else in the frame of a book."""
    made: bytes = etree.tostring(_foot(sheet, book, brand).to_tree())  # type: ignore[call-overload]
    return made


def _foot(sheet: Sheet, book: Book, brand: Brand) -> HeaderFooter:
    """Sheets of long tables name the file in place of title and build, so that they are the same in all books of one form."""
    foot, long = HeaderFooterItem(), bool(sheet.blocks)
    title = (brand.footer or book.title).replace("&", "&&")
    foot.left.text = f"{'&F' if long and not brand.footer else title} · &A"
    foot.center.text = None if long else f"build {book.build_id}"
    foot.right.text = "&P / &N"
    foot.left.size = foot.center.size = foot.right.size = 8
    return HeaderFooter(oddFooter=foot)
