"""What a reader must know about a reading: precision, serving mode, and how close the curve's end is."""

from xlmodel.book import ownership_places
from xlmodel.book.address import letters
from xlmodel.book.context import Context, ReadingRow
from xlmodel.book.places import COST_CURVES
from xlmodel.book.spec import Sheet
from xlmodel.calc.values import ExcelError
from xlmodel.model.market import Reading
from xlmodel.model.ownership import BUILD_UP, SERVER_ONLY
from xlmodel.model.point import Point

DISAGGREGATED, MTP, UNRECORDED = ", disaggregated", ", MTP", ", MTP not recorded"
CAPITAL = ", capital of the server only"
NEAR_END, HELD = ", near the end of its curve", ", held at its slowest point"


def flag_text(ctx: Context, sheet: Sheet, row: int, col: int, i: int, reading: ReadingRow) -> str:
    """Write the flags of the i-th platform; empty when there is nothing to read."""
    p = ctx.places
    basis, own = p.choice("basis").on(COST_CURVES), p.own_prices.cell(i).on(COST_CURVES)
    covers = ownership_places.at("It covers", i).on(COST_CURVES)
    knot, way = reading.cell("Knot").on(COST_CURVES), reading.cell("Way").on(COST_CURVES)
    # rows of the two measured points around the target; the same point twice on a knot
    a, b = letters(col + 4), letters(col + 5)
    source = p.knots("Point").on(COST_CURVES)
    left, right = _sides(ctx, reading.reading)
    for offset, (text, value) in enumerate(
        (
            (f"IF(ISNUMBER({knot}),INDEX({source},{knot}),0)", left),
            (f"IF(ISNUMBER({knot}),INDEX({source},{knot}+IF({way}>0,1,0)),0)", right),
        )
    ):
        sheet.calc(row, col + 4 + offset, text, value, "Calculation", "0;;")
    prec, spec, dis = (p.points(n).on(COST_CURVES) for n in ("Precision", "Speculative decoding", "Disaggregated"))
    here = {"a": f"${a}{row}", "b": f"${b}{row}"}

    def either(area: str, word: str) -> str:
        return f'OR(INDEX({area},{here["a"]})="{word}",INDEX({area},{here["b"]})="{word}")'

    read, high, asked = (reading.cell(n).on(COST_CURVES) for n in ("Read at", "Highest", "Interactivity"))
    text = (
        f'IF({here["a"]}=0,"",INDEX({prec},{here["a"]})'
        f'&IF(INDEX({prec},{here["a"]})=INDEX({prec},{here["b"]}),"","/"&INDEX({prec},{here["b"]}))'
        f'&IF({either(dis, "yes")},"{DISAGGREGATED}","")'
        f'&IF({either(spec, "MTP")},"{MTP}",IF({either(spec, "not recorded")},"{UNRECORDED}",""))'
        f'&IF({read}>={p.choice("near_end").on(COST_CURVES)}*{high},"{NEAR_END}","")&IF({read}>{asked},"{HELD}","")'
        f'&IF(AND({basis}="{BUILD_UP}",N({own})<=0,{covers}="{SERVER_ONLY}"),"{CAPITAL}",""))'
    )
    words = words_of(ctx, reading.reading)
    words += CAPITAL if words and ctx.market.server_only(p.platforms[i]) else ""
    sheet.calc(row, col, text, words, "Result text")
    return words


def _sides(ctx: Context, reading: Reading) -> tuple[int, int]:
    if isinstance(reading.knot, ExcelError) or isinstance(reading.way, ExcelError):
        return 0, 0
    sources = ctx.market.knot_sources
    return sources[reading.knot - 1] + 1, sources[reading.knot - 1 + (reading.way > 0)] + 1


def words_of(ctx: Context, reading: Reading) -> str:
    """The flags in words."""
    left, right = _sides(ctx, reading)
    if not left or isinstance(reading.read_at, ExcelError) or isinstance(reading.highest, ExcelError):
        return ""
    a: Point = ctx.market.rows[left - 1]
    b: Point = ctx.market.rows[right - 1]
    words = a.precision if a.precision == b.precision else f"{a.precision}/{b.precision}"
    if "yes" in (a.disaggregated, b.disaggregated):
        words += DISAGGREGATED
    modes = (a.speculative, b.speculative)
    words += MTP if "MTP" in modes else UNRECORDED if "not recorded" in modes else ""
    if reading.read_at >= ctx.market.scenario.near_end * reading.highest:
        words += NEAR_END
    if reading.read_at > ctx.market.scenario.interactivity:
        words += HELD
    return words
