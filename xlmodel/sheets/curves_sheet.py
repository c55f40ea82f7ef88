"""Curves: every curve that a result needs, read at its interactivity. The one interpolation that all results use."""

from xlmodel.book.context import Context, Given, ReadingRow
from xlmodel.book.places import CURVES, Places
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Area, letters
from xlmodel.calc.curve_formulas import INTERPOLATE, WAY
from xlmodel.model.market import ABOVE, BELOW, NO_POINTS, NO_SPEED, NOT_IN_TIME
from xlmodel.model.membership import KEY
from xlmodel.sheets.frame import headers, start, widths
from xlmodel.units import TOKENS_PER_GPU, TOKENS_PER_USER

HEADERS = (
    "Used by", "Platform", "Model", "Workload", "Snapshot", "Precision", "Interactivity", "Hold slowest", "Group",
    "Knots", "First knot", "Lowest", "Highest", "Read at", "Knot", "Way", "Throughput", "Reason",
)  # fmt: skip


def describe(ctx: Context) -> Sheet:
    """One row for every reading that the other sheets asked for; describe it after them."""
    sheet = start(
        ctx, CURVES, "workings", "Curves",
        "Workings: curves read at an interactivity. The curves themselves stand on Benchmarks, right of the points. Nothing to type here.",
        len(HEADERS),
    )  # fmt: skip
    headers(sheet, FIRST - 1, ctx.places.readings("Used by"), HEADERS)
    for row in ctx.readings:
        _row(ctx, sheet, row)
    widths(sheet, (26, 14, 16, 10, 12, 10, 12, 8, 8, 8, 8, 10, 10, 10, 8, 8, 12, 34))
    sheet.freeze = f"A{FIRST}"
    sheet.repeat_rows = f"1:{FIRST - 1}"
    return sheet


def curve_areas(places: Places, sheet: str) -> dict[str, str]:
    """The knots as the interpolation's text wants them."""
    names = {"xs": "Interactivity", "ys": "Throughput", "ms": "Slope"}
    return {key: places.knots(name).on(sheet) for key, name in names.items()}


def group_formula(places: Places, sheet: str, model: str, platform: str, workload: str, snapshot: str) -> str:
    """Number of a group, 0 if the book has none."""
    return f'IFERROR(MATCH({model}&"|"&{platform}&"|"&{workload}&"|"&{snapshot},{places.index("Key").on(sheet)},0),0)'


def _row(ctx: Context, sheet: Sheet, row: ReadingRow) -> None:
    p, reading = ctx.places, row.reading

    def at(name: str) -> str:
        return f"${letters(p.readings(name))}{row.row}"

    sheet.put(row.row, p.readings("Used by"), row.used_by, "Text")
    parts: tuple[tuple[str, Given], ...] = (
        ("Platform", row.platform), ("Model", row.model), ("Workload", row.workload), ("Snapshot", row.snapshot),
        ("Precision", row.precision), ("Interactivity", row.interactivity), ("Hold", row.hold),
    )  # fmt: skip
    for name, given in parts:
        col = p.readings(name)
        style = "Link" if given.ref else "Text"
        if given.ref:
            sheet.calc(row.row, col, "{ref}", given.value, style, ref=given.ref)
        else:
            sheet.put(row.row, col, given.value, style)
    codes: Area = p.menu("codes")
    code = f"MATCH({at('Precision')},{codes.on(CURVES)},0)"
    areas = curve_areas(p, CURVES)
    limit = p.choice("ttft_limit").on(CURVES)
    curve = f"INDEX({p.knots('Curve').on(CURVES)},{at('First')})"
    texts = {
        "Group": (group_formula(p, CURVES, at("Model"), at("Platform"), at("Workload"), at("Snapshot")), reading.group, "0"),
        "Knots": (f"IF({at('Group')}=0,0,{p.of_curve('Knots', at('Group'), code, CURVES)})", reading.knots, "0"),
        "First": (f"IF({at('Knots')}=0,0,{p.of_curve('First knot', at('Group'), code, CURVES)})", reading.first, "0"),
        "Lowest": (f"IF({at('Knots')}=0,NA(),INDEX({areas['xs']},{at('First')}))", reading.lowest, TOKENS_PER_USER.format),
        "Highest": (
            f"IF({at('Knots')}=0,NA(),INDEX({areas['xs']},{at('First')}+{at('Knots')}-1))", reading.highest,
            TOKENS_PER_USER.format,
        ),
        "Read at": (
            f"IF({at('Knots')}=0,NA(),IF({at('Interactivity')}>{at('Highest')},NA(),IF({at('Interactivity')}<{at('Lowest')},"
            f"IF({at('Hold')}=1,{at('Lowest')},NA()),{at('Interactivity')})))", reading.read_at, TOKENS_PER_USER.format,
        ),
        "Knot": (
            f"IF(ISNUMBER({at('Read at')}),MATCH({curve}*{KEY}+{at('Read at')},{p.knots('Sort key').on(CURVES)},1),NA())",
            reading.knot, "0",
        ),
        "Way": (
            f"IF(ISNUMBER({at('Knot')}),{WAY.format(t=at('Read at'), k=at('Knot'), **areas)},NA())", reading.way, "0.000",
        ),
        "Throughput": (
            f"IF(ISNUMBER({at('Way')}),"
            f"{INTERPOLATE.format(k=at('Knot'), u=at('Way'), method=p.derived('method').on(CURVES), **areas)},NA())",
            reading.throughput, TOKENS_PER_GPU.format,
        ),
        "Reason": (
            f'IF({at("Knots")}=0,IF({limit}>0,"{NOT_IN_TIME}","{NO_POINTS}"),IF(ISNUMBER({at("Interactivity")}),IF({at("Interactivity")}>{at("Highest")},"{ABOVE}",'
            f'IF(AND({at("Interactivity")}<{at("Lowest")},{at("Hold")}<>1),"{BELOW}","")),"{NO_SPEED}"))', reading.reason, "",
        ),
    }  # fmt: skip
    for name, (text, value, fmt) in texts.items():
        sheet.calc(row.row, p.readings(name), text, value, "Text" if name == "Reason" else "Calculation", fmt)
