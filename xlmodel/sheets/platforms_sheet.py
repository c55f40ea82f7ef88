"""Platforms: hardware facts with their source. A blank cell means that no source states the number."""

from xlmodel import units
from xlmodel.book.context import Context
from xlmodel.book.places import PLATFORMS
from xlmodel.book.point_places import FIRST
from xlmodel.book.record_rows import PLATFORM_FIELDS, row_of
from xlmodel.book.spec import ExcelTable, Sheet
from xlmodel.book.table import Table
from xlmodel.sheets.frame import lines_high, start

_UNITS = {
    "domain": units.GPUS_PER_DOMAIN, "memory_gb": units.GIGABYTES, "bandwidth_tb_s": units.BANDWIDTH, "fp8_pflops": units.PETAFLOPS,
    "fp4_pflops": units.PETAFLOPS, "tdp_w": units.WATTS, "kilowatt": units.KILOWATT, "kilowatt_2025": units.KILOWATT,
    "capex_server": units.CAPITAL, "capex_all_in": units.CAPITAL,
}  # fmt: skip
_STYLES = {"platform": "Strong", "source": "Note", "note": "Note", "no_curve": "Note"}
_WIDTHS = (17, 9, 16, 9, 9, 10, 8, 8, 8, 10, 10, 10, 10, 40, 72, 40, 11)


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    facts, columns = ctx.inputs.platforms, tuple(PLATFORM_FIELDS)
    words = "Hardware facts per GPU, each row with its source and its doubts."
    sheet = start(ctx, PLATFORMS, "inputs", "Platforms", words, len(columns))
    sheet.put(3, 1, "All-in power is utility power per GPU with server, network and cooling share (SemiAnalysis models of 2025 and July "
              "2026).", "Footnote")  # fmt: skip
    t = Table(ctx.graph, sheet, "platforms", FIRST, 1, len(facts), units=True, height=44)
    rows = [row_of(fact, PLATFORM_FIELDS) for fact in facts]
    for k, (heading, field) in enumerate(PLATFORM_FIELDS.items()):
        style, cells = _STYLES.get(field, "Data"), [row[k] for row in rows]
        t.column(heading, _UNITS.get(field, units.TEXT), cells, key=field, style=style, width=_WIDTHS[k])
    for row, fact in enumerate(facts, t.row):
        sheet.heights[row] = lines_high([(fact.source, 40), (fact.note, 72), (fact.no_curve, 40)], 26)
    own = tuple(i for i, fact in enumerate(facts) if fact.platform in ctx.inputs.own_facts)
    sheet.tables.append(ExcelTable("tblPlatforms", t.whole, columns, own=own))
    sheet.freeze = f"B{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    return sheet
