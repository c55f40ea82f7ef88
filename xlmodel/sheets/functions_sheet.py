"""Functions: each one live beside the same number by plain formulas, its arguments, and other spellings of names."""

from xlmodel.book.context import Context
from xlmodel.book.edition import NATIVE
from xlmodel.book.one_cell import calling, single
from xlmodel.book.places import FUNCTIONS, SPELLING_ROW
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.cells import Cell
from xlmodel.calc.expression import Expr
from xlmodel.calc.functions import IF, ISNA, ISNUMBER, ROUND
from xlmodel.model import function_records as registry
from xlmodel.model.function_records import FUNCTIONS as RECORDS
from xlmodel.sheets import functions_python
from xlmodel.sheets.frame import headers, lines_high, span, start, widths
from xlmodel.sheets.function_examples import Examples
from xlmodel.units import RATIO, TEXT

LIVE, PLAIN, DIFFERENCE, WHY = 6, 7, 8, 9  # columns
WIDTH = WHY
TYPE_ONE = "Type one into any cell of any sheet."
TOO_OLD = "These functions need Excel 365 or 2024. Everything else works without them."
SPELT = "Written without case, blanks, hyphens, underscores, dots, slashes and makers' words."


def describe(ctx: Context) -> Sheet:
    """The sheet as an edition needs it; it reads curves, so describe it before Curves."""
    edition = ctx.edition
    native = edition == NATIVE
    words = "Type these into any cell of any sheet of this workbook: nothing to install. They follow every edit."
    subtitle, needs = (words, "") if native else functions_python.NEEDS[edition]
    sheet = start(ctx, FUNCTIONS, "presentation", "Functions", subtitle, WIDTH)
    sheet.put(FIRST - 2, 1, registry.RULES, "Footnote")
    examples = Examples(ctx, sheet, FIRST + len(RECORDS) + 4, edition)
    _head(ctx, sheet, edition)
    lives = {}
    for row, function in enumerate(RECORDS, FIRST):
        lives[function.name] = _example(ctx, sheet, row, function, examples, native)
    if native:
        answer = IF(ISNUMBER(lives["TOKINTERP"]), TYPE_ONE, TOO_OLD)
        single(ctx.graph, sheet, "functions.answer", TEXT, answer, 3, 1, style="Strong")
    else:
        sheet.put(3, 1, needs, "Footnote")
        functions_python.line(ctx, sheet, examples.points, edition)
        functions_python.mark(sheet, lives["TOKCOST"], len(RECORDS), PLAIN - LIVE)
    last = _meanings(ctx, sheet, examples.end + 5, () if native else functions_python.ARGUMENTS)
    _spellings(ctx, sheet)
    widths(sheet, (38, 36, 14, 42, 36, 16, 16, 11, 30))
    sheet.freeze = f"A{FIRST}"
    sheet.print_area = span(1, 1, last, WIDTH)
    sheet.repeat_rows, sheet.one_page = "", True
    return sheet


def _head(ctx: Context, sheet: Sheet, edition: str) -> None:
    """What each function is, and what to type."""
    signatures, typed = [f.signature for f in RECORDS], [f.typed() for f in RECORDS]
    if edition != NATIVE:
        signatures, typed = functions_python.signatures(), functions_python.typed()
    t = Table(ctx.graph, sheet, "functions", FIRST, 1, len(RECORDS))
    t.column("Function", TEXT, signatures, style="Result head")
    t.column("Returns", TEXT, [f.returns for f in RECORDS], style="Result note")
    t.column("Unit", TEXT, [f.unit.label for f in RECORDS], style="Result note")
    t.column("Errors", TEXT, [f.errors for f in RECORDS], style="Result note")
    t.column("Type, for example", TEXT, typed, style="Result note", key="typed")
    for row, f in enumerate(RECORDS, FIRST):
        texts = [(f.signature, 34.0), (f.returns, 34.0), (f.errors, 40.0), (f.typed(), 34.0)]
        sheet.heights[row] = lines_high(texts, 28)
    difference = "Difference" if edition == NATIVE else ""
    headers(
        sheet, FIRST - 1, LIVE, ("Live, with the arguments below", "By plain formulas", difference, "Why no number")
    )


def _example(
    ctx: Context, sheet: Sheet, row: int, function: registry.Function, examples: Examples, compared: bool
) -> Cell:
    """Call, plain formula, difference and reason of one function."""
    g, key, unit = ctx.graph, f"functions.{function.name.lower()}", function.unit
    live = calling(g, sheet, f"{key}.live", unit, examples.live(function), row, LIVE, style="Result strong")
    plain = single(g, sheet, f"{key}.plain", unit, examples.plain(function), row, PLAIN, style="Result")
    if compared:
        single(g, sheet, f"{key}.difference", RATIO, _gap(live, plain), row, DIFFERENCE, style="Result", fmt="0")
    single(g, sheet, f"{key}.why", TEXT, examples.why(plain), row, WHY, style="Result text")
    return live


def _gap(live: Expr, plain: Expr) -> Expr:
    """How far the two are apart, as a share; 0 too where both are #N/A."""
    both: Expr = IF(
        ISNUMBER(live), IF(ISNUMBER(plain), ROUND(live / plain - 1, 6), 1), IF(ISNA(live) * ISNA(plain), 0, 1)
    )
    return both


def _meanings(ctx: Context, sheet: Sheet, top: int, more: tuple[registry.Argument, ...]) -> int:
    """What each argument means; the last row."""
    sheet.put(top - 3, 1, "Arguments", "Heading")
    meanings = {a.name: a.help for function in RECORDS for a in function.arguments}
    meanings |= {a.name: a.help for a in more if a.name not in meanings}
    t = Table(ctx.graph, sheet, "arguments", top, 1, len(meanings))
    t.column("Argument", TEXT, list(meanings), style="Strong")
    t.column("Meaning", TEXT, list(meanings.values()), style="Text")
    if t.end > SPELLING_ROW - 4:
        raise ValueError("the meanings run into the spellings: raise SPELLING_ROW")
    return t.end - 1


def _spellings(ctx: Context, sheet: Sheet) -> None:
    sheet.put(SPELLING_ROW - 3, 1, "Other spellings", "Heading")
    sheet.put(SPELLING_ROW - 2, 1, SPELT, "Footnote")
    rows = [(kind, *pair) for kind, found in ctx.places.spellings.items() for pair in found.items()]
    firsts = [i == 0 or rows[i - 1][0] != kind for i, (kind, _, _) in enumerate(rows)]
    t = Table(ctx.graph, sheet, "spellings", SPELLING_ROW, 1, len(rows))
    t.column(
        "Kind", TEXT, [kind.capitalize() for kind, _, _ in rows], style=["Strong" if first else "" for first in firsts]
    )
    t.column("Spelling", TEXT, [spelling for _, spelling, _ in rows], style="Text")
    t.column("Means", TEXT, [name for _, _, name in rows], style="Text")
