"""Platforms: hardware facts with their source. A blank cell means that no source states the number."""

from xlmodel.book.context import Context
from xlmodel.book.places import FIRST, PLATFORMS
from xlmodel.book.sheets.frame import headers, lines_high, start, widths
from xlmodel.book.spec import ExcelTable, Sheet
from xlmodel.domain.facts import Platform
from xlmodel.formulas.values import Value

COLUMNS = (
    "Platform", "Vendor", "Architecture", "GPUs per domain", "Memory", "Bandwidth", "FP8 dense", "FP4 dense", "TDP",
    "All-in power 2026-07", "All-in power 2025", "Server capital", "All-in capital", "Source", "Note",
)  # fmt: skip
_UNITS = (
    None, None, None, "GPUs", "GB/GPU", "TB/s/GPU", "PFLOPS", "PFLOPS", "W", "kW/GPU", "kW/GPU", "USD/GPU", "USD/GPU",
    None, None,
)  # fmt: skip
_FORMATS = ("", "", "", "#,##0", "General", "0.00", "0.00", "0.00", "#,##0", "0.00", "0.00", "#,##0", "#,##0", "", "")
DOMAIN, KILOWATT, KILOWATT_2025, CAPEX_SERVER, CAPEX_ALL_IN = 4, 10, 11, 12, 13  # columns that other sheets read


def _row(p: Platform) -> tuple[Value, ...]:
    return (
        p.platform, p.vendor, p.architecture, p.domain, p.memory_gb, p.bandwidth_tb_s, p.fp8_pflops, p.fp4_pflops,
        p.tdp_w, p.kilowatt, p.kilowatt_2025, p.capex_server, p.capex_all_in, p.source, p.note or None,
    )  # fmt: skip


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
        for offset, value in enumerate(_row(platform)):
            fmt = _FORMATS[offset]
            wrapped = offset >= 13
            sheet.put(r, offset + 1, value, "Note" if wrapped else "Strong" if offset == 0 else "Data", fmt)
        sheet.heights[r] = lines_high([(platform.source, 40), (platform.note, 72)], 26)
    area = sheet.area(FIRST - 1, 1, FIRST + len(ctx.inputs.platforms) - 1, len(COLUMNS))
    sheet.tables.append(ExcelTable("tblPlatforms", area, COLUMNS))
    widths(sheet, (17, 9, 16, 9, 9, 10, 8, 8, 8, 10, 10, 10, 10, 40, 72))
    sheet.freeze = f"B{FIRST}"
    return sheet
