"""Scenario: prices, use, curves and power in three named scenarios side by side, and what follows from the choices."""

from xlmodel.book.context import Context
from xlmodel.book.guards import within_range
from xlmodel.book.one_cell import entry, single
from xlmodel.book.places import SCENARIO, SCENARIOS
from xlmodel.book.point_places import FIRST
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Line
from xlmodel.calc.functions import IF, INDEX, MAX, TRIM, typed_number
from xlmodel.calc.values import Value
from xlmodel.model.bounds import ASSUMED
from xlmodel.model.variants import LEAST, UNITS, VARIED
from xlmodel.sheets import doubt_checks, scenario_derived, scenario_lists
from xlmodel.sheets.choice_inputs import CHOICES, choice_input
from xlmodel.sheets.frame import headers, start, widths
from xlmodel.sheets.scenario_rules import ROWS, TEXTS
from xlmodel.units import EXCHANGE_RATE, TEXT, TOKENS_PER_USER

_COLUMNS = ("Assumption", "In use", "", "", "", "Unit", "Allowed", "What it does, and where the value comes from")
IN_USE, TYPED, UNIT, ALLOWED, SAYS = 2, 3, 6, 7, 8
_REPORTING = (
    (
        "currency",
        "Reporting currency",
        "text",
        "three letters; the cost per token is shown in it too, on Tokens and power; all else stays in USD",
    ),
    ("rate", "Exchange rate", "per USD", "units of the reporting currency for one USD"),
    ("as_of", "Rate as of", "date", "day of the rate; needed as soon as the currency is not USD"),
    ("source", "Source of the rate", "text", "where the rate was read; needed as soon as the currency is not USD"),
)
_DOUBTED = {  # the check that counts the doubts about an assumption, and what must hold
    "usd_per_kwh": ("Electricity is per kWh", "The electricity price of no scenario looks like cents, or a price per MWh."),
    "ttft_limit": ("Time limit is in ms", "The limit on the time to first token of no scenario looks like seconds."),
    "cached_ratio": ("Cached tokens cost less", "The price of a cached token is in no scenario above that of a new one, as per cent would be."),
    "g_per_kwh": ("Carbon is in grams", "The carbon intensity of no scenario looks like kg per kWh."),
}  # fmt: skip
_NOTHING = ("ttft_limit", "g_per_kwh")  # empty says that nothing is set, rather than zero


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    sheet = start(
        ctx, SCENARIO, "inputs", "Scenario",
        "How the curves are read, and what is assumed of prices, use and power, in three scenarios. Framed cells are yours to change"
        + ("." if ctx.places.compact else "; model, workload and target are picked on Summary."),
        len(_COLUMNS),
    )  # fmt: skip
    names = _selector(ctx, sheet)
    headers(sheet, FIRST - 1, 1, _COLUMNS)
    _names(ctx, sheet, names)
    for row, name in enumerate(ROWS, FIRST):
        _assumption(ctx, sheet, row, name)
    row = _reporting(ctx, sheet, FIRST + len(ROWS) + 1)
    row = _chosen(ctx, sheet, row + 1)
    last = scenario_derived.describe(ctx, sheet, row + 1)
    scenario_lists.describe(ctx, sheet)
    within_range(
        ctx, sheet, [ctx.graph.find(key) for key in (*(f"assumed.{name}" for name in UNITS), "reporting.rate")]
    )
    widths(sheet, (36, 20, 14, 14, 14, 16, 28, 74, 3, 18, 11, 12, 11, 13, 16, 24, 11, 22, 20, 14, 14))
    sheet.freeze = f"C{FIRST}"
    sheet.print_area = f"A1:H{last}"
    sheet.breaks = [row - 1]  # what the workings read, on a page of its own
    return sheet


def _selector(ctx: Context, sheet: Sheet) -> Line:
    """Which of the three scenarios counts; the names stand above the columns of the assumptions."""
    g, naming, row = ctx.graph, ctx.inputs.naming, FIRST - 3
    names = Line(TEXT, list(naming.names), len(SCENARIOS), Ref(SCENARIO, FIRST - 1, TYPED), down=False)
    sheet.put(row, 1, "Active scenario", "Strong")
    words = "The scenario that the whole workbook computes; the others stand beside it and are never overwritten."
    rule = Validation((), "Active scenario", words, source=g.area(names).absolute)
    entry(g, sheet, "naming.active", TEXT, naming.active, row, IN_USE, rule=rule)
    sheet.put(row, TYPED, f"{words} An empty cell of the second and third takes the value of the first.", "Footnote")
    for i, name in enumerate(("first", "second", "third")):  # constant words above the names, which a reader may change
        sheet.put(row + 1, TYPED + i, name, "Column unit")
    return g.add("naming.names", names)


def _names(ctx: Context, sheet: Sheet, names: Line) -> None:
    for i, who in enumerate(SCENARIOS):
        entry(ctx.graph, sheet, f"naming.{who}", TEXT, names.value(i), names.ref(i).row, names.ref(i).col)


def _assumption(ctx: Context, sheet: Sheet, row: int, name: str) -> None:
    """One row: the value in use, then the value of each scenario."""
    g, rule, unit = ctx.graph, ROWS[name], UNITS.get(name, TEXT)
    sheet.put(row, 1, rule.label, "Label")
    values: list[Value] = [getattr(ctx.inputs.scenario, name), *(getattr(v, name) for v in ctx.inputs.variants[1:])]
    typed = g.add(f"assumed.{name}", Line(unit, values, len(SCENARIOS), Ref(SCENARIO, row, TYPED), down=False))
    for i, (who, value) in enumerate(zip(("scenario", *SCENARIOS[1:]), values, strict=True)):
        fmt = "" if name in TEXTS else None
        entry(g, sheet, f"{who}.{name}", unit, value, row, TYPED + i, key=f"typed.{who}.{name}", fmt=fmt)
    sheet.validations.append(rule.validation(g, name))
    picked, base = INDEX(typed.all.relative, g["scenario.number"]), typed.cell(0).formed("relative")
    used = IF(picked.eq(""), base, picked)
    if name not in TEXTS:
        used = typed_number(used)
    if name in LEAST:
        used = MAX(LEAST[name], used)
    style, fmt = ("Result text", "") if name in TEXTS else ("Calculation", unit.format + ";;" * (name in _NOTHING))
    single(g, sheet, f"scenario.{name}", unit, used, row, IN_USE, style=style, fmt=fmt, heading=rule.label)
    sheet.put(row, UNIT, "choice" if name in TEXTS else unit.label, "Unit")
    sheet.put(row, ALLOWED, rule.allowed, "Unit")
    if name in _DOUBTED:
        asked = doubt_checks.of_typed(ctx, f"assumed.{name}", ASSUMED[name], *_DOUBTED[name])
        single(
            g, sheet, f"says.{name}", TEXT, TRIM(asked & " " & rule.says), row, SAYS, style="Note", heading=rule.label
        )
    else:
        sheet.put(row, SAYS, rule.says, "Note")
    sheet.heights[row] = 28


def _reporting(ctx: Context, sheet: Sheet, row: int) -> int:
    """The currency of reports; returns the first row below."""
    sheet.put(row, 1, "Currency of reports", "Heading")
    for at, (name, label, unit, says) in enumerate(_REPORTING, row + 1):
        counted = EXCHANGE_RATE if name == "rate" else TEXT
        words = "Units of the reporting currency for one USD."
        rule = Validation((), label, words, low=EXCHANGE_RATE.low, high=EXCHANGE_RATE.high) if name == "rate" else None
        sheet.put(at, 1, label, "Label")
        value = getattr(ctx.inputs.reporting, name) or None
        fmt = None if name == "rate" else "@"
        entry(ctx.graph, sheet, f"reporting.{name}", counted, value, at, IN_USE, rule=rule, fmt=fmt)
        sheet.put(at, UNIT, unit, "Unit")
        sheet.put(at, SAYS, says, "Note")
    return row + 1 + len(_REPORTING)


def _chosen(ctx: Context, sheet: Sheet, row: int) -> int:
    """The choices of the Summary, or, in a book without one, the choices themselves; returns the first row below."""
    compact = ctx.places.compact
    sheet.put(row, 1, "Choices" if compact else "Chosen on the Summary", "Heading")
    for at, (name, label, unit) in enumerate(CHOICES, row + 1):
        sheet.put(at, 1, label, "Label")
        if compact:
            choice_input(ctx, sheet, name, label, at, IN_USE)
        else:
            counted = TOKENS_PER_USER if name == "interactivity" else TEXT
            chosen = ctx.graph[f"scenario.{name}"]
            single(ctx.graph, sheet, f"chosen.{name}", counted, chosen, at, IN_USE, style="Link", fmt="", heading=label)
        sheet.put(at, UNIT, unit, "Unit")
    return row + 1 + len(CHOICES)


if tuple(ROWS) != VARIED:
    raise ValueError("the rows of the Scenario sheet are the fields of a variant, in the same order")
