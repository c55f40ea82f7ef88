"""Platforms: hardware facts with their source. A blank cell means that no source states the number."""

from xlmodel.book.context import Context
from xlmodel.book.places import FIRST, PLATFORMS
from xlmodel.book.rows import PLATFORM_FIELDS, row_of
from xlmodel.book.spec import ExcelTable, Sheet
from xlmodel.sheets.frame import headers, lines_high, start, widths

COLUMNS = tuple(PLATFORM_FIELDS)
_UNITS = (
    None, None, None, "GPUs", "GB/GPU", "TB/s/GPU", "PFLOPS", "PFLOPS", "W", "kW/GPU", "kW/GPU", "USD/GPU", "USD/GPU",
    None, None, None,
)  # fmt: skip
_FORMATS = (
    "",
    "",
    "",
    "#,##0",
    "General",
    "0.00",
    "0.00",
    "0.00",
    "#,##0",
    "0.00",
    "0.00",
    "#,##0",
    "#,##0",
    "",
    "",
    "",
)
DOMAIN, KILOWATT, KILOWATT_2025, CAPEX_SERVER, CAPEX_ALL_IN = 4, 10, 11, 12, 13  # columns that other sheets read


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx,
        PLATFORMS,
        "inputs",
        "Platforms",
        "Hardware facts per GPU, each row with its source and its doubts.",
        len(COLUMNS),
    )
    sheet.put(3, 1, "All-in power is utility power per GPU with server, network and cooling share (SemiAnalysis models of 2025 and July "
              "2026).", "Footnote")  # fmt: skip
    for offset, unit in enumerate(_UNITS):
        sheet.put(FIRST - 2, offset + 1, unit, "Column unit")
    headers(sheet, FIRST - 1, 1, COLUMNS)
    for r, platform in enumerate(ctx.inputs.platforms, FIRST):
        for offset, value in enumerate(row_of(platform, PLATFORM_FIELDS)):
            fmt = _FORMATS[offset]
            wrapped = offset >= 13
            sheet.put(r, offset + 1, value, "Note" if wrapped else "Strong" if offset == 0 else "Data", fmt)
        sheet.heights[r] = lines_high([(platform.source, 40), (platform.note, 72), (platform.no_curve, 40)], 26)
    own = tuple(i for i, platform in enumerate(ctx.inputs.platforms) if platform.platform in ctx.inputs.own_facts)
    area = sheet.area(FIRST - 1, 1, FIRST + len(ctx.inputs.platforms) - 1, len(COLUMNS))
    sheet.tables.append(ExcelTable("tblPlatforms", area, COLUMNS, own=own))
    widths(sheet, (17, 9, 16, 9, 9, 10, 8, 8, 8, 10, 10, 10, 10, 40, 72, 40))
    sheet.freeze = f"B{FIRST}"
    return sheet
