"""Functions: each one live beside the same number by plain formulas, its arguments, and other spellings of names."""

from xlmodel.book.context import Context
from xlmodel.book.places import FIRST, FUNCTIONS, SPELLING_ROW
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Ref
from xlmodel.model import function_records as registry
from xlmodel.model.function_records import FUNCTIONS as RECORDS
from xlmodel.sheets.frame import headers, lines_high, start, widths
from xlmodel.sheets.function_examples import LIVE, TOP, Examples

HEADERS = (
    "Function", "Returns", "Unit", "Errors", "Type, for example", "Live, with the arguments below", "By plain formulas", "Difference", "Why no number",
)  # fmt: skip
_HELP = TOP + 17  # first row of the arguments' meanings
_ANSWER = 'IF(ISNUMBER({live}),"Type one into any cell of any sheet.","These functions need Excel 365 or 2024. Everything else works without them.")'


def describe(ctx: Context) -> Sheet:
    """The sheet; it reads curves, so describe it before Curves."""
    sheet = start(
        ctx, FUNCTIONS, "presentation", "Functions",
        "Type these into any cell of any sheet of this workbook: nothing to install. They follow every edit.", len(HEADERS),
    )  # fmt: skip
    sheet.put(FIRST - 2, 1, registry.RULES, "Footnote")
    headers(sheet, FIRST - 1, 1, HEADERS)
    examples = Examples(ctx, sheet)
    for i, function in enumerate(RECORDS):
        row = FIRST + i
        texts = (function.signature, function.returns, function.unit.label, function.errors, function.typed())
        for col, (text, style) in enumerate(
            zip(texts, ("Result head", "Result note", "Result note", "Result note", "Result note"), strict=True), 1
        ):
            sheet.put(row, col, text, style)
        examples.write(row, i)
        sheet.heights[row] = lines_high(
            [(function.signature, 34), (function.returns, 34), (function.errors, 40), (function.typed(), 34)], 28
        )
    live = Ref(FUNCTIONS, FIRST + [f.name for f in RECORDS].index("TOKINTERP"), LIVE)
    sheet.calc(3, 1, _ANSWER, "Type one into any cell of any sheet.", "Strong", live=live)
    _meanings(sheet)
    _spellings(ctx, sheet)
    widths(sheet, (38, 36, 14, 42, 36, 16, 16, 11, 30))
    sheet.freeze = f"A{FIRST}"
    sheet.print_area = f"A1:I{_HELP + 20}"
    sheet.repeat_rows, sheet.one_page = "", True
    return sheet


def _meanings(sheet: Sheet) -> None:
    sheet.put(_HELP - 3, 1, "Arguments", "Heading")
    headers(sheet, _HELP - 1, 1, ("Argument", "Meaning"))
    meanings = {a.name: a.help for function in RECORDS for a in function.arguments}
    for row, (name, text) in enumerate(meanings.items(), _HELP):
        sheet.put(row, 1, name, "Strong")
        sheet.put(row, 2, text, "Text")
    if _HELP + len(meanings) > SPELLING_ROW - 4:
        raise ValueError("the meanings run into the spellings: raise SPELLING_ROW")


def _spellings(ctx: Context, sheet: Sheet) -> None:
    sheet.put(SPELLING_ROW - 3, 1, "Other spellings", "Heading")
    sheet.put(
        SPELLING_ROW - 2,
        1,
        "Written without case, blanks, hyphens, underscores, dots, slashes and makers' words.",
        "Footnote",
    )
    headers(sheet, SPELLING_ROW - 1, 1, ("Kind", "Spelling", "Means"))
    row = SPELLING_ROW
    for kind, found in ctx.places.spellings.items():
        sheet.put(row, 1, kind.capitalize(), "Strong")
        for spelling, name in found.items():
            sheet.put(row, 2, spelling, "Text")
            sheet.put(row, 3, name, "Text")
            row += 1
