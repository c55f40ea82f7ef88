"""Claims: every published number, computed again from this workbook's data and prices, and judged."""

import math

from xlmodel.book.context import Context, old_check
from xlmodel.book.places import CLAIMS
from xlmodel.book.spec import Condition, ExcelTable, Sheet
from xlmodel.calc.address import Ref
from xlmodel.calc.values import Value
from xlmodel.model import claims as c
from xlmodel.sheets.claim_evidence import EVIDENCE, EVIDENCE_COL, TABLE, TOP, Collector, Known, column
from xlmodel.sheets.claim_head import HEADLINE, TOLERANCES, head
from xlmodel.sheets.frame import headers, span, start, widths

PRINTED = column("Why")
_WRAPPED = {"Claim (as published)", "Reason", "Why", "How recomputed", "Testable", "Source"}
_COUNTED = (c.NONE, c.DOMAIN, c.PEAK, c.THROUGHPUT)  # published as whole numbers
_SUBTITLE = (
    "Published numbers on the cost of inference, computed again by formula from this workbook's points and prices."
)
_ARITHMETIC = {
    c.PRICE: "{price}",
    c.PRICE_RATIO: "{price}/{baseline_price}",
    c.GAIN: "{given}/({price}/{baseline_price})",
    c.RELATIVE_COST: "{price}/{baseline_price}/{given}",
    c.COST: "{given}*1000000/(3600*{given_baseline})",
    c.GIVEN_RATIO: "{given}/{given_baseline}",
    c.PER_WATT: "{given}/({fact}/{baseline_fact})",
    c.DOMAIN: "{fact}",
}
_DATA = {
    c.THROUGHPUT: "{rate}",
    c.PEAK: "{rate}",
    c.THROUGHPUT_RATIO: "{rate}/{baseline_rate}",
    c.GAIN: "{rate}/{baseline_rate}/({price}/{baseline_price})",
    c.RELATIVE_COST: "{price}/{baseline_price}/({rate}/{baseline_rate})",
    c.PER_WATT: "{rate}/{baseline_rate}/({fact}/{baseline_fact})",
}
_CELLS = {
    "price": "Price", "baseline_price": "Baseline price", "given": "Starts from", "given_baseline": "Starts from (baseline)",
    "fact": "Fact", "baseline_fact": "Baseline fact",
}  # fmt: skip


def describe(ctx: Context) -> Sheet:
    """The sheet."""
    rows = {claim.id: row for row, claim in enumerate(ctx.inputs.claims, TOP)}
    sheet = Sheet(CLAIMS, "presentation", "Claims")
    collector = Collector(ctx, sheet)
    known = {claim.id: collector.known(claim, rows[claim.id]) for claim in ctx.inputs.claims}
    _check(ctx, known.get(HEADLINE))  # before the header, which counts the checks that fail
    framed = start(ctx, CLAIMS, "presentation", "Claims", _SUBTITLE, PRINTED, freeze=f"C{TOP}")
    framed.cells |= sheet.cells
    verdicts = [_row(framed, item) for item in known.values()]
    head(ctx, framed, known, verdicts)
    _dress(framed, len(known))
    return framed


def _check(ctx: Context, known: Known | None) -> None:
    """The headline's arithmetic, while the price book holds the pair of prices it rests on."""
    if known is None:
        return
    value, e = known.again.arithmetic, known.evidence
    pair = isinstance(e.price, float) and isinstance(e.baseline_price, float)
    pair = pair and (round(float(str(e.price)), 2), round(float(str(e.baseline_price)), 2)) == (16.0, 8.6)
    ctx.checks.append(
        old_check(
            "Headline arithmetic", "28 x at 16.00 / 8.60 USD is 15.05 x performance per USD (while the price book holds that pair).",
            known.ref("As arithmetic"),
            "IF(ISNUMBER({again}),IF(AND(ROUND({price},2)=16,ROUND({baseline},2)=8.6),ABS({again}-15.05),0),0)",
            abs(float(str(value)) - 15.05) if pair else 0.0, 0.01,
            {"again": known.ref("As arithmetic"), "price": known.ref("Price"), "baseline": known.ref("Baseline price")},
        )
    )  # fmt: skip


def _row(sheet: Sheet, known: Known) -> tuple[str, str]:
    """Write one claim; returns its verdict and the verdict from the data, empty when it uses none."""
    claim, row = known.claim, known.row
    kind, fmt = claim.recompute, _format(known)

    def at(name: str) -> str:
        return f"${known.ref(name).a1}"

    plain: dict[str, Value] = {
        "ID": claim.id, "Claim (as published)": claim.as_published, "Subject": claim.subject, "Baseline": claim.baseline,
        "Interactivity": claim.interactivity, "Published": claim.published, "Unit": claim.unit, "Relation": claim.relation,
        "Why": claim.why, "How recomputed": c.KINDS[kind], "Model": claim.model, "Workload": claim.workload,
        "Snapshot": claim.snapshot, "Second snapshot": claim.second_snapshot, "Baseline snapshot": claim.baseline_snapshot,
        "Price basis": claim.basis, "Starts from": claim.given, "Starts from (baseline)": claim.given_baseline,
        "Testable": claim.testable, "Source": claim.source, "Kind": kind, "Precision": claim.subject_precision,
        "Baseline precision": claim.baseline_precision,
    }  # fmt: skip
    numbers = {
        "Interactivity": "0", "Published": fmt, "Starts from": _plain(claim.given),
        "Starts from (baseline)": _plain(claim.given_baseline),
    }  # fmt: skip
    for name, value in plain.items():
        style = (
            "Note"
            if name in _WRAPPED
            else "Data"
            if name in numbers
            else "Strong"
            if name == "ID"
            else "Unit"
            if name == "Unit"
            else "Text"
        )
        sheet.put(row, column(name), value if value != "" else None, style, numbers.get(name, ""))
    cells: dict[str, Ref | str] = {key: known.ref(name) for key, name in _CELLS.items()}
    if kind in _ARITHMETIC:
        sheet.calc(row, column("As arithmetic"), _ARITHMETIC[kind], known.again.arithmetic, "Calculation", fmt, **cells)
    for name, end, value, used in (
        ("From the data", "", known.again.data, claim.snapshot),
        ("From the data, second snapshot", ", second snapshot", known.again.second, claim.second_snapshot),
    ):
        if kind in _DATA and used:
            rates = {"rate": known.ref("Throughput" + end), "baseline_rate": known.ref("Baseline throughput" + end)}
            sheet.calc(row, column(name), _DATA[kind], value, "Calculation", fmt, **cells, **rates)
    if known.lacks:
        sheet.calc(row, column("Reason"), f"TRIM({'&'.join(known.lacks)})", known.reason.strip(), "Note")
    measured = kind in _DATA and claim.snapshot != ""
    judged = c.judge(claim, known.again)
    data = c.Recomputed(data=known.again.data, second=known.again.second)
    parts = {
        "published": at("Published"), "relation": at("Relation"), "data": at("From the data"), "kind": at("Kind"),
        "second": at("From the data, second snapshot"), "testable": at("Testable"),
        "close": TOLERANCES[0].absolute, "near": TOLERANCES[1].absolute,
    }  # fmt: skip
    places = [("Difference", "Verdict", at("As arithmetic"), known.again, judged)]
    if measured:
        places.append(
            ("Difference from the data", "Verdict from the data", '""', data, c.judge_data(claim, known.again))
        )
    for miss, says, arithmetic, again, word in places:
        off = c.difference(claim.published, claim.relation, again)
        text = c.DIFFERENCE_EXCEL.format(arithmetic=arithmetic, **parts)
        sheet.calc(row, column(miss), text, "" if off is None else off, "Calculation", "0.0%_)")
        sheet.calc(row, column(says), c.VERDICT_EXCEL.format(difference=at(miss), **parts), word, "Text")
    return judged, c.judge_data(claim, known.again) if measured else ""


def _format(known: Known) -> str:
    """A number format with about three digits of what the claim is about."""
    claim, again = known.claim, known.again
    if claim.recompute in _COUNTED and claim.published and claim.published.is_integer():
        return "#,##0_)"
    if claim.recompute == c.PRICE:
        return "0.000_)"
    sample = next((v for v in (claim.published, again.arithmetic, again.data) if isinstance(v, float)), 1.0)
    return "#,##0_)" if sample >= 100 else "0.00_)" if sample >= 1 else "0.000_)" if sample >= 0.1 else "0.0000_)"


def _plain(value: float | None) -> str:
    return "" if value is None else "#,##0" if value.is_integer() else "0.00"


def _dress(sheet: Sheet, count: int) -> None:
    """Headers, widths, heights and looks."""
    last = TOP + count - 1
    headers(sheet, TOP - 1, 1, [name for name, _ in TABLE], 44)
    widths(sheet, [width for _, width in TABLE])
    headers(sheet, TOP - 1, EVIDENCE_COL, EVIDENCE, 44)
    widths(sheet, (3, 20, *(15,) * (len(EVIDENCE) - 1)), EVIDENCE_COL - 1)
    sheet.put(TOP - 2, EVIDENCE_COL, "What the workbook knows about each claim", "Heading")
    for row in range(TOP, last + 1):
        lines = [1]
        for name, width in TABLE:
            cell = sheet.cells[row].get(column(name))
            if name in _WRAPPED and cell and isinstance(cell.value, str):
                lines.append(math.ceil(len(cell.value) / (width * 1.05)))
        sheet.heights[row] = 12.5 * max(lines) + 7
    if count:
        names = tuple(name for name, _ in TABLE)
        area = sheet.area(TOP - 1, 1, last, len(TABLE))
        sheet.tables.append(ExcelTable("tblClaims", area, names, kept=False))
        first, end = column("Verdict"), column("Verdict from the data")
        top = Ref(CLAIMS, TOP, first).a1
        looks = {c.CONFIRMED: "good", c.CONSISTENT: "highlight", c.NOT_REPRODUCED: "bad"}
        looks |= {c.NOT_TESTABLE: "muted", c.NO_BENCHMARK: "muted"}
        sheet.conditions += [
            Condition(span(TOP, first, last, end), f'{top}="{word}"', look) for word, look in looks.items()
        ]
        numbers = span(TOP, column("As arithmetic"), last, column("From the data, second snapshot"))
        sheet.conditions.append(Condition(numbers, f"ISNA({numbers.split(':')[0]})", "muted"))
        sheet.print_area = span(1, 1, last, PRINTED)
    sheet.repeat_rows = f"1:{TOP - 1}"
