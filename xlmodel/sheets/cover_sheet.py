"""Cover: what this is, how to read it, who signed it."""

from collections.abc import Sequence

from xlmodel.book.context import Context
from xlmodel.book.one_cell import single
from xlmodel.book.places import COVER
from xlmodel.book.spec import Link, Sheet
from xlmodel.calc.expression import Expr, lift
from xlmodel.model.age import newest_api_price, newest_measurement, newest_quote
from xlmodel.sheets.frame import span, start, widths
from xlmodel.units import COUNT, TEXT

_HOW = (
    "1. On Summary pick model, workload, interactivity, baseline, basis and snapshot in the framed cells.",
    "2. On Prices type your own price per GPU-hour into the framed column; it wins over every list.",
    "3. On Scenario set utilization and the switches; on Benchmarks exclude points or add your own measurements below.",
    "4. Everything else is formula: numbers, ranking, sentences and charts follow. #N/A means no data, and says why beside it.",
    "5. Checks must all pass. Sources says where each number comes from.",
)
_LEGEND = (
    ("Input", "Framed and filled: yours to change"),
    ("Data", "A measured or quoted number with its source in the row"),
    ("Calculation", "A formula"),
    ("Link", "Taken from another sheet"),
    ("Check", "OK or Error: a check"),
)
_PURPOSE = (
    "What a million tokens cost on today's inference platforms, for a given model at a given speed per user: measured benchmark "
    "curves, dated prices, and one formula between them."
)


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(ctx, COVER, "control", ctx.title, "Economics of LLM inference, by formula", 4, freeze="A3")
    row = 4
    sheet.put(row, 1, _PURPOSE, "Note")
    sheet.merges.append(span(row, 1, row, 4))
    sheet.heights[row] = 34
    facts = (
        ("Status", "draft until signed below"),
        ("Built", ctx.build_date),
        ("Build", ctx.build_id),
        ("Benchmark snapshots", ctx.dates),
        ("Money", "USD, nominal; costs are positive; ratios are multiples of the baseline"),
    )
    row = _pairs(sheet, row + 2, facts)
    sheet.put(row, 1, "Master check", "Strong")
    single(ctx.graph, sheet, "cover.master", COUNT, ctx.graph["checks.master"], row, 2, style="Check", fmt="")
    sheet.put(row + 1, 1, "Age of the data", "Strong")
    single(ctx.graph, sheet, "cover.age", TEXT, _age(ctx), row + 1, 2, style="Text")
    row = _lines(sheet, row + 3, "How to use it", _HOW)
    row = _contents(sheet, row + 1, ctx.contents)
    row = _legend(sheet, row + 1)
    row = _sign_off(sheet, row + 1)
    sheet.put(row + 1, 1, "Sheets are protected without a password against slips, not as security. Benchmarks: InferenceX by SemiAnalysis, "
              "Apache-2.0 with attribution.", "Footnote")  # fmt: skip
    widths(sheet, (24, 70, 16, 46))
    sheet.portrait, sheet.repeat_rows, sheet.one_page = False, "", True
    return sheet


def _age(ctx: Context) -> Expr:
    """How old the newest quote, measurement and API price are, in words."""
    inputs = ctx.inputs
    quotes, points, api = (ctx.graph["age.days"].cell(i) for i in range(3))
    newest = (newest_quote(inputs.quotes), newest_measurement(inputs.points), newest_api_price(inputs.api_prices))
    quoted, measured, asked = (day or "of no known day" for day in newest)
    words = f"newest quote {quoted}, measurement {measured}, API price {asked}; days old at the build: "
    return lift(words) & quotes & ", " & points & " and " & api


def _pairs(sheet: Sheet, row: int, pairs: Sequence[tuple[str, str]]) -> int:
    """Labels with their texts; the first row below."""
    for label, text in pairs:
        sheet.put(row, 1, label, "Strong")
        sheet.put(row, 2, text, "Text")
        row += 1
    return row


def _lines(sheet: Sheet, row: int, title: str, lines: Sequence[str]) -> int:
    sheet.put(row, 1, title, "Heading")
    for offset, line in enumerate(lines, 1):
        sheet.put(row + offset, 1, line, "Text")
    return row + 1 + len(lines)


def _contents(sheet: Sheet, row: int, contents: Sequence[tuple[str, str]]) -> int:
    sheet.put(row, 1, "Contents", "Heading")
    for name, what in contents:
        row += 1
        link = sheet.put(row, 1, name, "Hyperlink")
        sheet.links.append(Link(link.a1, place=f"'{name}'!A1"))
        sheet.put(row, 2, what, "Text")
    return row + 1


def _legend(sheet: Sheet, row: int) -> int:
    sheet.put(row, 1, "Colours", "Heading")
    for style, text in _LEGEND:
        row += 1
        check = style == "Check"
        sheet.put(row, 1, 1 if check else 12.5, style, "" if check else "0.00")
        sheet.put(row, 2, text, "Text")
    return row + 1


def _sign_off(sheet: Sheet, row: int) -> int:
    sheet.put(row, 1, "Sign-off", "Heading")
    for col, label in enumerate((None, "Name", "Date", "Note"), 1):
        sheet.put(row + 1, col, label, "Strong")
    row += 2
    for who in ("Prepared by", "Reviewed by", "Approved by"):
        sheet.put(row, 1, who, "Label")
        for col, what in enumerate(("name", "date", "note"), 2):
            sheet.input(row, col, None, f"cover.{who.split()[0].lower()}/{what}", "Input text")
        row += 1
    return row
