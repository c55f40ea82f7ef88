"""The head of Claims: tolerances, how many claims came out how, and the headline's arithmetic."""

from collections.abc import Mapping, Sequence

from xlmodel.book.context import Context
from xlmodel.book.places import CLAIMS
from xlmodel.book.spec import Sheet, Validation
from xlmodel.calc.address import Ref
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.model import claims as c
from xlmodel.model.curve import STEFFEN
from xlmodel.model.scenario import ALL
from xlmodel.sheets.claim_evidence import TOP, Known, column
from xlmodel.units import RATIO, SHARE

TOLERANCES = (Ref(CLAIMS, 4, 3), Ref(CLAIMS, 5, 3))
HEADLINE = "S37"  # 15x performance per dollar: 28x at Oracle's pair of prices
SECOND = "C11"  # one tenth of the cost per token: 10x at CoreWeave's pair
SWITCHED = "Switches on Scenario limit or reread the points; the reasons under Why are for the full data."
_TOP = 3
_PADDED = RATIO.format + "_)"  # keeps the number off the words to its right


def head(ctx: Context, sheet: Sheet, known: Mapping[str, Known], verdicts: Sequence[tuple[str, str]]) -> None:
    """Write the head."""
    _tolerances(ctx, sheet)
    if verdicts:
        _counts(sheet, verdicts)
    if HEADLINE in known and SECOND in known:
        _headline(sheet, known[HEADLINE], known[SECOND])
    for row in range(_TOP, _TOP + 6):
        sheet.heights[row] = 16


def _tolerances(ctx: Context, sheet: Sheet) -> None:
    sheet.put(_TOP, 1, "How a claim is judged", "Heading")
    kinds = (("Confirmed within", c.CLOSE, "close"), ("Consistent within", c.NEAR, "near"))
    for ref, (label, value, name) in zip(TOLERANCES, kinds, strict=True):
        sheet.put(ref.row, 1, label, "Label")
        sheet.input(ref.row, ref.col, value, f"claims.{name}", fmt="0%")
    sheet.put(_TOP + 3, 1, "of the published number. The arithmetic decides where a claim is one,", "Footnote")
    sheet.put(
        _TOP + 4, 1, "else the closer of two software dates. A lower bound is missed only from below.", "Footnote"
    )
    sheet.validations.append(
        Validation(
            tuple(ref.a1 for ref in TOLERANCES), "Tolerance",
            "Share of the published number by which the recomputed one may miss it.", low=SHARE.low, high=SHARE.high,
        )
    )  # fmt: skip
    s, p = ctx.market.scenario, ctx.places
    limited = (s.speculative, s.disaggregated, s.interpolation) != (ALL, ALL, STEFFEN)
    sheet.calc(
        _TOP + 5, 1, f'IF(OR({{spec}}<>"{ALL}",{{dis}}<>"{ALL}",{{way}}<>"{STEFFEN}"),"{SWITCHED}","")', SWITCHED if limited else "",
        "Strong", spec=p.choice("speculative"), dis=p.choice("disaggregated"), way=p.choice("interpolation"),
    )  # fmt: skip


def _counts(sheet: Sheet, verdicts: Sequence[tuple[str, str]]) -> None:
    last = TOP + len(verdicts) - 1
    label, first = column("Published"), column("Relation")
    sheet.put(_TOP, label, "Claims by verdict", "Heading")
    sheet.put(_TOP, first, "claim", "Column unit")
    sheet.put(_TOP, first + 1, "data alone", "Column unit")
    for row, word in enumerate(c.VERDICTS, _TOP + 1):
        name = sheet.put(row, label, word, "Label")
        for i, judged in enumerate(("Verdict", "Verdict from the data")):
            if i and word == c.NO_BENCHMARK:
                continue
            area = sheet.area(TOP, column(judged), last, column(judged))
            count = sum(1 for pair in verdicts if pair[i] == word)
            sheet.calc(row, first + i, "COUNTIF({area},{name})", count, "Result", "0", area=area, name=name)


def _headline(sheet: Sheet, headline: Known, second: Known) -> None:
    """Performance over price ratio is performance per USD: as published, by the second pair, and as measured."""
    label, col = column("From the data, second snapshot"), column("Difference")
    sheet.put(_TOP, label, "The headline, step by step", "Heading")
    sheet.put(_TOP, label + 1, None, "Heading")
    for offset, name in enumerate(("performance", "price ratio", "per USD")):
        sheet.put(_TOP, col + offset, name, "Column unit")
    claim = headline.claim
    when = f"{claim.interactivity:.15g} tok/s/user, {claim.second_snapshot}"
    first = _ratio(
        sheet, _TOP + 1, headline, f"Published, {claim.basis}", "{given}", claim.given or 0.0, given="Starts from"
    )
    _ratio(
        sheet,
        _TOP + 2,
        second,
        f"Published, {second.claim.basis}",
        "{given}",
        second.claim.given or 0.0,
        given="Starts from",
    )
    measured = _over(headline.evidence.second_subject, headline.evidence.second_baseline)
    again = _ratio(
        sheet, _TOP + 3, headline, f"Measured at {when}", "{rate}/{other}", measured, rate="Throughput, second snapshot",
        other="Baseline throughput, second snapshot",
    )  # fmt: skip
    sheet.put(_TOP + 4, label, "Headline over measured", "Label")
    top, bottom = Ref(CLAIMS, _TOP + 1, col + 2), Ref(CLAIMS, _TOP + 3, col + 2)
    sheet.calc(
        _TOP + 4, col + 2, "{top}/{bottom}", _over(first, again), "Result strong", _PADDED, top=top, bottom=bottom
    )
    says = "The measured ratio has no value: the Reason of this claim says why."
    sheet.calc(
        _TOP + 4, col + 3, f'IF(ISNUMBER({{bottom}}),"times as much as the public data of that date give","{says}")',
        says if again == NA else "times as much as the public data of that date give", "Footnote", bottom=bottom,
    )  # fmt: skip


def _ratio(sheet: Sheet, row: int, known: Known, label: str, text: str, performance: Value, **parts: str) -> Value:
    """One line: performance, price ratio and their quotient, with the prices in words."""
    col = column("Difference")
    sheet.put(row, column("From the data, second snapshot"), label, "Label")
    refs = {name: known.ref(part) for name, part in parts.items()}
    price, other = known.evidence.price, known.evidence.baseline_price
    prices = _over(price, other)
    a = sheet.calc(row, col, text, performance, "Result", RATIO.format, **refs)
    b = sheet.calc(
        row,
        col + 1,
        "{price}/{other}",
        prices,
        "Result",
        RATIO.format,
        price=known.ref("Price"),
        other=known.ref("Baseline price"),
    )
    value = _over(performance, prices)
    sheet.calc(row, col + 2, "{a}/{b}", value, "Result strong", _PADDED, a=a, b=b)
    pair = f"{known.claim.subject} / {known.claim.baseline} at "
    missing = "no price for one of the two"
    words = missing if isinstance(prices, ExcelError) else f"{_usd(price)} / {_usd(other)} USD/GPU-hour"
    sheet.calc(
        row, col + 3,
        f'"{pair}"&IF(ISNUMBER({{b}}),FIXED(ROUND({{price}},3),IF(ROUND({{price}},2)=ROUND({{price}},3),2,3),TRUE)&" / "&FIXED(ROUND({{other}},3),IF(ROUND({{other}},2)=ROUND({{other}},3),2,3),TRUE)&" USD/GPU-hour","{missing}")',
        pair + words, "Footnote", b=b, price=known.ref("Price"), other=known.ref("Baseline price"),
    )  # fmt: skip
    return value


def _over(a: Value, b: Value) -> Value:
    return a / b if isinstance(a, int | float) and isinstance(b, int | float) else NA


def _usd(price: Value) -> str:
    """A price as FIXED with two decimals, or three where they matter, writes it."""
    text = f"{price:.3f}"
    return text[:-1] if text.endswith("0") else text
