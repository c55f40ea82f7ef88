"""Published claims: the bundled table, the recomputations, and the rule of the verdicts."""

import itertools
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ironcalc
import pytest

from xlmodel.calc.address import Ref
from xlmodel.calc.cells import Cell
from xlmodel.calc.dimension import UnitError
from xlmodel.calc.expression import NOWHERE, Seat, lift
from xlmodel.calc.matrix import scalar
from xlmodel.calc.values import NA, ExcelError, Value
from xlmodel.commands.produce import verify as verify_book
from xlmodel.data.build_claims import LEFT_OUT, PLANS, build
from xlmodel.engines.programs import IronCalc
from xlmodel.errors import InputRefused
from xlmodel.model import claims as c
from xlmodel.model.facts import Claim
from xlmodel.model.point import MODELS, PLATFORMS, PRECISIONS, WORKLOADS
from xlmodel.model.scenario import BASES
from xlmodel.readers import bundled
from xlmodel.readers.assemble import gather
from xlmodel.readers.bundled import CLAIM_COLUMNS, CLAIMS_FILE, read_claims
from xlmodel.sheets.order import describe
from xlmodel.units import ANY, TOKENS_PER_GPU, USD_PER_GPU_HOUR
from xlmodel.xlsx.package import write

Number = float | ExcelError

CLAIMS = {claim.id: claim for claim in bundled.claims()}
DATA_KINDS = (c.THROUGHPUT, c.THROUGHPUT_RATIO)
HEADLINE = ("S03", "S10", "S36", "S39", "R01", "C01", "C02")
FIFTEEN = ("S02", "S04", "S37", "C03", "C09")
VERDICTS = {
    c.CONFIRMED: (
        "S02", "S04", "S11", "S13", "S15", "S23", "S24", "S25", "S27", "S31", "S32", "S33", "S37", "S38", "C03", "C04",
        "C05", "C09", "C12", "C13", "C14", "C15", "C16", "C17", "C18", "C19",
    ),
    c.CONSISTENT: ("S01", "S05", "S12", "S14", "S28", "S29", "S34", "S35", "C10"),
    c.NOT_REPRODUCED: ("S03", "S10", "S26", "S30", "S36", "S39", "R01", "C01", "C02", "C11"),
    c.NOT_TESTABLE: ("S16", "S17", "S18", "S19", "S20", "S21", "S22"),
    c.NO_BENCHMARK: ("S06", "S07", "S08", "S09", "R02", "C07", "C08"),
}  # fmt: skip
FIFTEENTH = ("S11", "S38", "C04")


@dataclass(frozen=True)
class Evidence:
    """What is known about a claim at two dates: throughput, prices, facts."""

    subject: Number = NA
    baseline: Number = NA
    second_subject: Number = NA
    second_baseline: Number = NA
    price: Number = NA
    baseline_price: Number = NA
    fact: Number = NA
    baseline_fact: Number = NA


@dataclass(frozen=True)
class Recomputed:
    """A claim's number as arithmetic, and from the data of two dates."""

    arithmetic: Number = NA
    data: Number = NA
    second: Number = NA


def now(formula: Any) -> Value:
    """What an expression over plain numbers gives."""
    return scalar(lift(formula).at(NOWHERE))


def recompute(claim: Claim, known: Evidence) -> Recomputed:
    def evidence(rate: Number, other: Number) -> c.Evidence:
        given = (NA if number is None else number for number in (claim.given, claim.given_baseline))
        parts = (rate, other, known.price, known.baseline_price, known.fact, known.baseline_fact, *given)
        return c.Evidence(*map(lift, parts))

    first, second = evidence(known.subject, known.baseline), evidence(known.second_subject, known.second_baseline)
    kind = claim.recompute
    ways = (c.as_arithmetic(kind, first), c.from_data(kind, first), c.from_data(kind, second))
    values = (NA if way is None else now(way) for way in ways)
    return Recomputed(*(float(value) if isinstance(value, int | float) else NA for value in values))


def verdict(published: float | None, relation: str, again: Recomputed, testable: str, kind: str) -> str:
    stated, how, data, second = map(lift, (published, relation, again.data, again.second))
    off = c.difference(stated, how, data, second, again.arithmetic)
    return str(now(c.verdict(lift(kind), lift(testable), off)))


def judge(claim: Claim, again: Recomputed) -> str:
    return verdict(claim.published, claim.relation, again, claim.testable, claim.recompute)


def judge_data(claim: Claim, again: Recomputed) -> str:
    return judge(claim, replace(again, arithmetic=NA))


def test_bundled_table_holds_every_numbered_claim_once() -> None:
    assert len(CLAIMS) == len(bundled.claims()) == 59
    assert CLAIMS.keys() == PLANS.keys()
    assert not CLAIMS.keys() & set(LEFT_OUT)
    assert [key for key, claim in CLAIMS.items() if claim.published is None] == ["S16"]


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_claim_uses_the_words_of_the_workbook(claim: Claim) -> None:
    assert {claim.subject, claim.baseline} <= {*PLATFORMS, ""}
    assert {claim.subject_precision, claim.baseline_precision} <= {*PRECISIONS, ""}
    assert claim.model in (*MODELS, "")
    assert claim.workload in (*WORKLOADS, "")
    assert claim.basis in (*BASES, "")
    assert claim.snapshot in ("", "2025-10", "2025-12-15", "2025-12-19", "2026-07")
    assert bool(claim.second_snapshot) == (claim.snapshot == "2025-12-15")
    series = claim.model == "DeepSeek-R1" and claim.baseline in ("B200", "H200")
    assert claim.baseline_snapshot == ("2025-12-15 TRT-LLM" if series else "")
    assert 0 < len(claim.why) <= 300
    assert claim.source
    assert claim.unit
    assert not re.match(r"[=+\-@]", claim.as_published), "must not look like a formula"


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
def test_claim_carries_what_its_kind_needs(claim: Claim) -> None:
    kind = claim.recompute
    measured = all((claim.model, claim.workload, claim.subject_precision, claim.snapshot))
    assert not claim.baseline or claim.baseline != claim.subject
    if kind in DATA_KINDS:
        assert measured
        assert claim.interactivity
        assert bool(claim.baseline_precision) == (kind == c.THROUGHPUT_RATIO)
    if kind == c.PEAK:
        assert measured
    if kind in (c.PRICE, c.PRICE_RATIO, c.GAIN, c.RELATIVE_COST):
        assert claim.basis
    if kind in (c.THROUGHPUT_RATIO, c.PRICE_RATIO, c.GAIN, c.RELATIVE_COST, c.PER_WATT, c.GIVEN_RATIO):
        assert claim.subject
        assert claim.baseline
    if kind in (c.GAIN, c.RELATIVE_COST, c.PER_WATT, c.COST, c.GIVEN_RATIO):
        assert claim.given
    if kind in (c.COST, c.GIVEN_RATIO):
        assert claim.given_baseline


def test_bundled_table_was_built_from_the_plans() -> None:
    for key, plan in PLANS.items():
        decided = {name: getattr(plan, name) for name in CLAIM_COLUMNS if hasattr(plan, name)}
        assert replace(CLAIMS[key], **decided) == CLAIMS[key]


@pytest.mark.parametrize("key", FIFTEEN)
def test_headline_is_right_as_arithmetic_and_not_reproduced_from_the_data(key: str) -> None:
    again = recompute(CLAIMS[key], Evidence(8050, NA, 8050, 693.5, 16.00, 8.60))
    assert again.arithmetic == pytest.approx(15.05, abs=1e-9)
    assert again.data == NA
    assert again.second == pytest.approx(6.24, abs=0.01)
    assert judge(CLAIMS[key], again) == c.CONFIRMED
    assert judge_data(CLAIMS[key], again) == c.NOT_REPRODUCED


@pytest.mark.parametrize("key", FIFTEENTH)
def test_a_fifteenth_is_the_reciprocal_of_fifteen(key: str) -> None:
    again = recompute(CLAIMS[key], Evidence(8050, NA, 8050, 693.5, 16.00, 8.60))
    assert again.arithmetic == pytest.approx(1 / 15.05)
    assert again.second == pytest.approx(1 / 6.24, rel=1e-3)
    assert judge(CLAIMS[key], again) == c.CONFIRMED
    assert judge_data(CLAIMS[key], again) == c.NOT_REPRODUCED


@pytest.mark.parametrize("key", HEADLINE)
def test_twenty_eight_is_not_reproduced(key: str) -> None:
    claim = CLAIMS[key]
    assert (claim.published, claim.interactivity) == (28, 75)
    assert (claim.subject, claim.baseline) == ("GB200 NVL72", "MI355X")
    assert judge(claim, recompute(claim, Evidence(8050, NA, 8050, 693.5))) == c.NOT_REPRODUCED


def test_coreweave_pair_gives_six_for_ten() -> None:
    claim = replace(CLAIMS["S37"], given=10.0, published=6.0)
    again = recompute(claim, Evidence(price=10.50, baseline_price=6.305))
    assert again.arithmetic == pytest.approx(6.005, abs=5e-4)


@pytest.mark.parametrize(
    ("key", "subject", "baseline", "expected"),
    [  # the series of the published cross-check against InferenceMAX
        ("S23", 11_296, 1_151, c.CONFIRMED),
        ("S24", 11_296, 699, c.CONFIRMED),
        ("S27", 11_296, 5_577, c.CONFIRMED),
        ("S25", 8_606, 353, c.CONFIRMED),
        ("S27", 11_077, 2_949, c.NOT_REPRODUCED),  # SGLang's points pooled into the baseline
        ("S29", 8_606, 1_887, c.CONSISTENT),
        ("S14", 1.75, 1, c.CONFIRMED),
        ("S14", 2.07, 1, c.CONSISTENT),
        ("S15", 6.25, 1, c.CONFIRMED),
        ("S17", 1.93, 1, c.NOT_TESTABLE),
        ("S18", 3.18, 1, c.NOT_TESTABLE),
    ],
)
def test_cross_check_gives_expected_verdict(key: str, subject: float, baseline: float, expected: str) -> None:
    assert judge(CLAIMS[key], recompute(CLAIMS[key], Evidence(subject, baseline))) == expected


@pytest.mark.parametrize(
    ("key", "first", "second", "expected"),
    [
        ("S28", 8.3, 5.2, c.CONSISTENT),
        ("S26", 18.6, 7.9, c.NOT_REPRODUCED),
        ("S30", 18.6, 7.9, c.NOT_REPRODUCED),
    ],
)
def test_closer_software_date_decides(key: str, first: float, second: float, expected: str) -> None:
    assert judge(CLAIMS[key], recompute(CLAIMS[key], Evidence(first, 1.0, second, 1.0))) == expected


@pytest.mark.parametrize(
    ("key", "evidence", "value", "expected"),
    [
        ("S01", Evidence(price=16.0, baseline_price=8.6), 1.8605, c.CONSISTENT),
        ("S32", Evidence(price=10.5, baseline_price=6.305), 1.6653, c.CONFIRMED),
        ("S34", Evidence(price=8.6, baseline_price=16.0), 0.5375, c.CONSISTENT),
        ("S13", Evidence(fact=72), 72, c.CONFIRMED),
        ("S16", Evidence(price=8.6, baseline_price=14.0), 0.9044, c.NOT_TESTABLE),
        ("S06", Evidence(), NA, c.NO_BENCHMARK),
        ("C10", Evidence(fact=2.10, baseline_fact=1.73), 8.238, c.CONSISTENT),
        ("C11", Evidence(price=10.5, baseline_price=6.305), 0.16653, c.NOT_REPRODUCED),
        ("C12", Evidence(price=16.0), 16.0, c.CONFIRMED),
        ("C16", Evidence(), 66.667, c.CONFIRMED),
        ("C17", Evidence(), 4.3519, c.CONFIRMED),
        ("C18", Evidence(), 0.12269, c.CONFIRMED),
        ("C19", Evidence(price=2.652, baseline_price=1.41), 34.559, c.CONFIRMED),
    ],
)
def test_arithmetic_of_a_claim(key: str, evidence: Evidence, value: Number, expected: str) -> None:
    again = recompute(CLAIMS[key], evidence)
    assert again.arithmetic == (value if value == NA else pytest.approx(value, rel=1e-4))
    assert judge(CLAIMS[key], again) == expected


def test_measured_number_alone_and_peak() -> None:
    assert recompute(CLAIMS["C05"], Evidence(8050, second_subject=7000)) == Recomputed(NA, 8050, 7000)
    assert recompute(CLAIMS["S19"], Evidence(28_724)).data == 28_724


@pytest.mark.parametrize("key", CLAIMS)
def test_nothing_known_is_never_a_verdict_on_the_data(key: str) -> None:
    claim = CLAIMS[key]
    again = recompute(claim, Evidence())
    assert (again.data, again.second) == (NA, NA)
    assert judge_data(claim, again) in (c.NOT_TESTABLE, c.NO_BENCHMARK)


@pytest.fixture(scope="module")
def on_the_sheet() -> dict[str, dict[str, Value]]:
    """Claim -> column -> value on the Claims sheet of the default book."""
    sheet = next(sheet for sheet in describe(gather()).sheets if sheet.name == "Claims")
    table = sheet.tables[0]
    rows = (sheet.cells[row] for row in range(table.area.row + 1, table.area.last_row + 1))
    return {
        str(cells[1].value): {
            name: cells[col].value if col in cells else None for col, name in enumerate(table.headers, 1)
        }
        for cells in rows
    }


def test_bundled_data_give_every_verdict(on_the_sheet: dict[str, dict[str, Value]]) -> None:
    expected = {key: word for word, keys in VERDICTS.items() for key in keys}
    assert {key: row["Verdict"] for key, row in on_the_sheet.items()} == expected


@pytest.mark.parametrize(
    ("key", "column", "value"),
    [
        ("S37", "As arithmetic", 15.05),
        ("C11", "As arithmetic", 1 / 6.005),
        ("S10", "From the data, second snapshot", 11.6),
        ("S37", "From the data, second snapshot", 6.24),
        ("S23", "From the data", 9.63),
        ("S25", "From the data", 24.46),
        ("S27", "From the data", 1.988),
        ("S29", "From the data", 4.78),
    ],
)
def test_numbers_of_the_sheet(on_the_sheet: dict[str, dict[str, Value]], key: str, column: str, value: float) -> None:
    assert on_the_sheet[key][column] == pytest.approx(value, rel=1e-3)


def test_head_shows_fifteen_and_six() -> None:
    sheet = next(sheet for sheet in describe(gather()).sheets if sheet.name == "Claims")
    shown = [cell.value for row in range(4, 8) for cell in sheet.cells[row].values() if cell.style == "Result strong"]
    assert shown == [pytest.approx(v, abs=5e-3) for v in (15.05, 6.005, 6.24, 2.41)]


def test_numbers_that_are_missing_come_with_words(on_the_sheet: dict[str, dict[str, Value]]) -> None:
    missing = {key: row["Reason"] for key, row in on_the_sheet.items() if NA in row.values()}
    assert set(HEADLINE) | set(FIFTEEN) <= missing.keys()
    assert set(missing.values()) == {"MI355X 2025-12-15: above the measured range."}
    assert on_the_sheet["S28"]["Reason"] == "MI355X 2025-12-19: slowest point held."


@pytest.mark.engine
@pytest.mark.parametrize("models", [["GLM-5"], ["Llama 3.3 70B"]])
def test_a_book_without_the_models_of_the_claims_still_judges(
    models: list[str], ironcalc_engine: IronCalc, tmp_path: Path
) -> None:
    del ironcalc_engine
    book = describe(gather(models=models))
    with (tmp_path / "book.xlsx").open("wb") as stream:
        write(book, stream)
    assert verify_book(book, tmp_path / "book.xlsx") > 0
    sheet = next(sheet for sheet in book.sheets if sheet.name == "Claims")
    row = next(cells for cells in sheet.cells.values() if 1 in cells and cells[1].value == "S23")
    words = {cell.value for cell in row.values()}
    assert c.NOT_TESTABLE in words


def test_bounds_of_the_verdict() -> None:
    def of(relation: str, value: float) -> str:
        return verdict(10.0, relation, Recomputed(data=value), c.YES, c.THROUGHPUT_RATIO)

    assert [of("about", v) for v in (9.51, 10.49, 9.49, 11.9, 12.1)] == [
        c.CONFIRMED, c.CONFIRMED, c.CONSISTENT, c.CONSISTENT, c.NOT_REPRODUCED,
    ]  # fmt: skip
    assert [of("more than", v) for v in (50.0, 9.51, 8.1, 7.9)] == [
        c.CONFIRMED, c.CONFIRMED, c.CONSISTENT, c.NOT_REPRODUCED,
    ]  # fmt: skip
    assert of("up to", 50.0) == c.NOT_REPRODUCED


@pytest.mark.engine
def test_the_rule_gives_the_same_in_an_engine() -> None:
    values: tuple[Number, ...] = (NA, 9.6, 8.5, 30.0)
    published: tuple[float | None, ...] = (None, 10.0)
    kinds = (c.NONE, c.THROUGHPUT_RATIO)
    testable = (c.YES, "wrong date")
    cases = list(itertools.product(published, c.RELATIONS, values, values, values, testable, kinds))
    model = ironcalc.create("rule", "en", "UTC", "en")
    expected: list[tuple[Value, Value]] = []
    for row, case in enumerate(cases, 1):
        for column, value in enumerate(case, 1):
            model.set_user_input(0, row, column, "" if value is None else "=NA()" if value == NA else str(value))
        number, relation, arithmetic, data, second, yes, kind = (
            Cell(ANY, value, Ref("rule", row, column)) for column, value in enumerate(case, 1)
        )
        difference = Cell(ANY, c.difference(number, relation, data, second, arithmetic), Ref("rule", row, 10))
        word = Cell(ANY, c.verdict(kind, yes, difference), Ref("rule", row, 11))
        for cell in (difference, word):
            seat = Seat("rule", row, cell.ref().col, 0)
            model.set_user_input(0, row, cell.ref().col, "=" + cell.content.text(seat))  # type: ignore[union-attr]
        expected.append((difference.value, word.value))
    model.evaluate()
    for row, (off, judged) in enumerate(expected, 1):
        found = model.get_cell_value(0, row, 10)
        assert found == (off if off == "" else pytest.approx(off, rel=1e-9)), cases[row - 1]
        assert model.get_cell_value(0, row, 11) == judged, cases[row - 1]
    assert len({judged for _, judged in expected}) == len(c.VERDICTS)


def test_a_recipe_that_gives_another_unit_is_refused() -> None:
    price, rate = Cell(USD_PER_GPU_HOUR, 16.0), Cell(TOKENS_PER_GPU, 7707.0)
    for kind, known in ((c.PRICE, c.Evidence(price=rate)), (c.PRICE_RATIO, c.Evidence(price=price, other_price=rate))):
        with pytest.raises(UnitError, match="declared"):
            _ = c.as_arithmetic(kind, known).dim
    assert dict(c.as_arithmetic(c.PRICE_RATIO, c.Evidence(price=price, other_price=price)).dim) == {}


def test_bundled_file_is_what_the_reader_wants_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    text = CLAIMS_FILE.read_text(encoding="utf-8")
    assert tuple(text.splitlines()[0].split(",")) == CLAIM_COLUMNS
    broken = tmp_path / "claims.csv"
    wrong = text.replace(",28,,yes,", ",28x,,yes,", 1).replace(",none,", ",nothing,", 1)
    broken.write_text(wrong, encoding="utf-8")
    with pytest.raises(InputRefused) as refused:
        read_claims(broken)
    assert [problem.where for problem in refused.value.problems] == [
        "claims.csv line 3, given", "claims.csv line 7, recompute",
    ]  # fmt: skip
    broken.write_text(text.replace("id,origin", "id,from", 1), encoding="utf-8")
    with pytest.raises(InputRefused, match="line 1"):
        read_claims(broken)
    broken.write_text(text + "Z01,article\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="2 cells"):
        read_claims(broken)
    with pytest.raises(InputRefused, match="no such file"):
        read_claims(tmp_path / "none.csv")


def test_plans_and_collected_claims_must_match(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no such file"):
        build(tmp_path)
    (tmp_path / "claims.csv").write_text("id,value\nX99,1\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="X99"):
        build(tmp_path)
