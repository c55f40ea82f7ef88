"""Summary: one page that answers the question, by formula and by chart."""

from xlmodel.book.context import Context
from xlmodel.book.places import SUMMARY
from xlmodel.book.spec import Condition, Sheet
from xlmodel.calc.address import Ref
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.sheets.choice_inputs import CHOICES, choice_input, price_words
from xlmodel.sheets.cost_curves_sheet import Grids
from xlmodel.sheets.cost_target import Target
from xlmodel.sheets.frame import fixed, headers, span, start, widths
from xlmodel.sheets.summary_charts import charts
from xlmodel.units import RATIO, TOKENS_PER_GPU, TOKENS_PER_MW, USD_PER_GPU_HOUR, USD_PER_MILLION, UTILIZATION

WIDTH = 14
TABLE = 16  # first row of the platform table
COLUMNS = (
    ("Rank", "", ""),
    ("Platform", "", ""),
    ("Price", "USD/GPU-hour", USD_PER_GPU_HOUR.format),
    ("Throughput", "tok/s/GPU", TOKENS_PER_GPU.format),
    ("Cost", "USD/M tokens", USD_PER_MILLION.format),
    ("Performance", "x baseline", RATIO.format),
    ("Price ratio", "x baseline", RATIO.format),
    ("Performance per USD", "x baseline", RATIO.format),
    ("Relative cost", "x baseline", '0.000"x"'),
    ("Saved", "% of cost", "0.0%"),
    ("Break-even price", "USD/GPU-hour", USD_PER_GPU_HOUR.format),
    ("tok/s/MW", "all-in power", TOKENS_PER_MW.format),
    ("Users per GPU", "at the target", "#,##0.0"),
    ("Flags", "or why there is no number", ""),
)  # fmt: skip

_BASELINE = "the baseline itself"
_NO_LIMIT = "empty the limit on the time to first token, or "
_ADVICE = "choose a lower interactivity or another basis."


def describe(ctx: Context, target: Target, grids: Grids, curves_sheet: Sheet) -> Sheet:
    """The sheet; `curves_sheet` takes the chart titles."""
    s, p = ctx.market.scenario, ctx.places
    data = f"Data: {ctx.dates} (InferenceX, SemiAnalysis)"
    sheet = start(ctx, SUMMARY, "presentation", ctx.title, data, WIDTH, freeze="A3")
    _choices(ctx, sheet)
    order = sorted(range(len(p.platforms)), key=lambda i: target.values["Rank"][i])  # type: ignore[arg-type,return-value]
    _table(ctx, sheet, target, order)
    best = {name: target.values[name][order[0]] for name in target.values}
    _finding(ctx, sheet, target, best)
    _figures(ctx, sheet, target, best)
    last = TABLE + len(p.platforms) - 1
    sheet.charts += charts(ctx, sheet, curves_sheet, target, grids, last)
    sheet.outputs |= {"finding": Ref(SUMMARY, 4, 1)}
    sheet.outputs |= {
        name: Ref(SUMMARY, 10, 2 + 3 * i) for i, name in enumerate(("cost", "platform", "gain", "breakeven"))
    }
    _footnotes(ctx, sheet, last + 35)
    widths(sheet, (6, 15, 13, 13, 13, 13, 13, 15, 13, 11, 13, 13, 11, 46))
    sheet.print_area = f"A1:N{last + 39}"
    sheet.repeat_rows = ""
    sheet.one_page = True
    del s
    return sheet


def _choices(ctx: Context, sheet: Sheet) -> None:
    p = ctx.places
    for name, label, unit in CHOICES:
        ref = p.choice(name)
        sheet.put(ref.row - 1, ref.col, label, "Strong")
        choice_input(ctx, sheet, name, label)
        sheet.put(ref.row + 1, ref.col, unit, "Unit")
    sheet.put(6, 10, "Snapshot", "Unit")
    sheet.calc(7, 10, "{ref}", ctx.market.snapshot_of(ctx.market.scenario.model, ctx.market.scenario.snapshot) or "none",
               "Strong", ref=p.derived("snapshot"))  # fmt: skip
    sheet.put(6, 11, "Scenario", "Unit")
    names, number = ctx.inputs.naming.names, ctx.inputs.naming.number
    sheet.calc(
        7,
        11,
        "INDEX({names},{number})",
        names[number - 1],
        "Strong",
        names=p.scenario_names,
        number=p.derived("number"),
    )
    sheet.put(8, 11, "on Scenario", "Unit")
    sheet.put(6, 12, "Utilization", "Unit")
    sheet.calc(
        7, 12, "{ref}", ctx.market.scenario.utilization, "Strong", UTILIZATION.format, ref=p.choice("utilization")
    )
    sheet.put(8, 10, "in use", "Unit")
    sheet.put(8, 12, "on Scenario", "Unit")
    sheet.put(7, 14, "Framed cells are yours to change. Everything else follows.", "Note")
    sheet.heights[7] = 30


def _table(ctx: Context, sheet: Sheet, target: Target, order: list[int]) -> None:
    for offset, (_, unit, _fmt) in enumerate(COLUMNS):
        sheet.put(TABLE - 2, offset + 1, unit or None, "Column unit")
    headers(sheet, TABLE - 1, 1, [name for name, _, _ in COLUMNS])
    ranks = target.area("Rank")
    for k, i in enumerate(order):
        r = TABLE + k
        sheet.heights[r] = 19
        sheet.put(r, 1, k + 1, "Rank")
        find = f"MATCH($A{r},{ranks.on(SUMMARY)},0)"
        for offset, (name, _, fmt) in enumerate(COLUMNS[1:-1], 2):
            style = "Result strong" if name in ("Cost", "Performance per USD") else "Result"
            style = "Result name" if name == "Platform" else style
            sheet.calc(r, offset, f"INDEX({{area}},{find})", target.values[name][i], style, fmt, area=target.area(name))
        flags, reason = str(target.values["Flags"][i] or ""), str(target.values["Reason"][i] or "")
        sheet.calc(
            r, WIDTH, f'IF(INDEX({{reason}},{find})="",INDEX({{flags}},{find}),INDEX({{reason}},{find}))', reason or flags,
            "Result text", reason=target.area("Reason"), flags=target.area("Flags"),
        )  # fmt: skip
    last = TABLE + len(order) - 1
    sheet.conditions.append(Condition(span(TABLE, 3, last, 13), f"ISNA(C{TABLE})", "muted"))
    sheet.conditions.append(
        Condition(span(TABLE, 1, last, 13), f"$B{TABLE}={ctx.places.choice('baseline').absolute}", "highlight")
    )


def _finding(ctx: Context, sheet: Sheet, target: Target, best: dict[str, Value]) -> None:
    p, s = ctx.places, ctx.market.scenario
    snapshot = ctx.market.snapshot_of(s.model, s.snapshot) or "none"
    t = f"{s.interactivity:.15g}"
    if isinstance(best["Cost"], ExcelError):
        advice = (_NO_LIMIT if s.number("ttft_limit") > 0 else "") + _ADVICE
        words = f"No platform has both a measured point and a price at {t} tok/s/user: {advice}"
    else:
        words = (
            f"At {t} tok/s/user, {s.model} ({s.workload}, {s.precision}, {snapshot}) is cheapest on {best['Platform']}: "
            f"{fixed(float(best['Cost']), 3)} USD per million tokens"  # type: ignore[arg-type]
        )
        if isinstance(best["Performance per USD"], ExcelError):
            words += f"; {s.baseline} has no cost at this target."
        else:
            gained = fixed(float(best["Performance per USD"]), 2)  # type: ignore[arg-type]
            won = _BASELINE if best["Platform"] == s.baseline else f"{gained}x the performance per USD of {s.baseline}"
            words += f", {won} (prices: {price_words(ctx)[1]})."
    row = f"MATCH(1,{target.area('Rank').on(SUMMARY)},0)"
    sheet.calc(
        4, 1,
        f'IF(ISNUMBER(INDEX({{cost}},{row})),"At "&{{t}}&" tok/s/user, "&{{model}}&" ("&{{workload}}&", "&{{precision}}&", "'
        f'&{{snap}}&") is cheapest on "&INDEX({{platform}},{row})&": "&FIXED(ROUND(INDEX({{cost}},{row}),3),3,TRUE)'
        f'&" USD per million tokens"&IF(ISNUMBER(INDEX({{gain}},{row})),", "&IF(INDEX({{platform}},{row})={{baseline}},"{_BASELINE}",'
        f'FIXED(ROUND(INDEX({{gain}},{row}),2),2,TRUE)&"x the performance per USD of "&{{baseline}})'
        '&" (prices: "&{prices}&").","; "&{baseline}&" has no cost at this target."),'
        '"No platform has both a measured point and a price at "&{t}&" tok/s/user: "'
        f'&IF(N({{limit}})>0,"{_NO_LIMIT}","")&"{_ADVICE}")',
        words, "Finding", cost=target.area("Cost"), t=p.choice("interactivity"), model=p.choice("model"),
        workload=p.choice("workload"), precision=p.choice("precision"), snap=p.derived("snapshot"),
        platform=target.area("Platform"), gain=target.area("Performance per USD"), baseline=p.choice("baseline"),
        prices=p.derived("price_words"), limit=p.choice("ttft_limit"),
    )  # fmt: skip
    for col in range(2, WIDTH + 1):
        sheet.put(4, col, None, "Finding")
    sheet.merges.append(span(4, 1, 4, WIDTH))
    sheet.heights[3], sheet.heights[4], sheet.heights[5] = 6, 30, 6


def _figures(ctx: Context, sheet: Sheet, target: Target, best: dict[str, Value]) -> None:
    """Four key figures, each centred over three columns without merging them."""
    p, s = ctx.places, ctx.market.scenario
    t = f"{s.interactivity:.15g}"
    row = f"MATCH(1,{target.area('Rank').on(SUMMARY)},0)"
    figures: tuple[tuple[str, str, str, str, str], ...] = (
        ("Cost", USD_PER_MILLION.format, f'"USD per million tokens at "&{p.choice("interactivity").absolute}&" tok/s/user"',
         f"USD per million tokens at {t} tok/s/user", ""),
        ("Platform", "", "", "", "cheapest platform at the target"),
        ("Performance per USD", RATIO.format, f'"performance per USD against "&{p.choice("baseline").absolute}',
         f"performance per USD against {s.baseline}", ""),
        ("Break-even price", USD_PER_GPU_HOUR.format,
         f'"USD/GPU-hour at which it would only equal "&{p.choice("baseline").absolute}',
         f"USD/GPU-hour at which it would only equal {s.baseline}", ""),
    )  # fmt: skip
    for k, (name, fmt, label, words, constant) in enumerate(figures):
        col = 2 + 3 * k
        for c in range(col, col + 3):
            sheet.put(10, c, None, "Figure")
            sheet.put(11, c, None, "Figure label")
        priced = isinstance(best["Cost"], float | int)
        value: Value = best[name] if priced else NA if name != "Platform" else "none"
        other = '"none"' if name == "Platform" else "NA()"
        sheet.calc(
            10, col, f"IF(ISNUMBER(INDEX({{cost}},{row})),INDEX({{area}},{row}),{other})", value, "Figure", fmt,
            area=target.area(name), cost=target.area("Cost"),
        )  # fmt: skip
        if label:
            sheet.calc(11, col, label, words, "Figure label")
        else:
            sheet.put(11, col, constant, "Figure label")
    sheet.heights[10], sheet.heights[11] = 30, 18
    sheet.put(10, WIDTH, "Four different numbers", "Strong")
    sheet.put(11, WIDTH, "performance, price ratio, performance per USD, saved", "Unit")


def _footnotes(ctx: Context, sheet: Sheet, row: int) -> None:
    notes = (
        "Cost = price x 1,000,000 / (3,600 x throughput x utilization), input and output tokens together; throughput is read from each "
        "platform's measured frontier at the same interactivity.",
        "Flags: precision of the measured points around the target; disaggregated = prefill and decode on separate GPUs; MTP = "
        "speculative decoding; near the end = the curve stops soon, ratios balloon there.",
        "#N/A is never zero: the last column says why. A platform that is out of range cannot serve this interactivity, or was not "
        "measured there. Relative cost of 1/15 is a saving of 93.3 %, not of 15x.",
        "Benchmarks: InferenceX (formerly InferenceMAX) by SemiAnalysis, Apache-2.0 with attribution. Prices: see Prices and Sources.",
    )
    for i, text in enumerate(notes):
        sheet.put(row + i, 1, text, "Footnote")
    del ctx
