"""What the workbook knows about each claim: throughput, prices and facts, each in a cell of its own."""

from dataclasses import dataclass, field

from xlmodel.book.context import Context, Given, ReadingRow
from xlmodel.book.places import CLAIMS, FIRST, PRICES
from xlmodel.book.spec import Sheet
from xlmodel.calc.address import Area, Ref
from xlmodel.calc.values import NA
from xlmodel.model import claims as c
from xlmodel.model.claims import Evidence, Number, Recomputed
from xlmodel.model.facts import Claim, Platform
from xlmodel.sheets.platforms_sheet import DOMAIN, KILOWATT_2025
from xlmodel.units import TOKENS_PER_GPU, USD_PER_GPU_HOUR

TOP = 10  # first row of a claim
SLOWEST = 0.1  # below every curve, so that the slowest point, which is the peak of the throughput, is held
TABLE = (  # column and its width
    ("ID", 6), ("Claim (as published)", 30), ("Subject", 13), ("Baseline", 12), ("Interactivity", 11), ("Published", 10),
    ("Unit", 13), ("Relation", 10), ("As arithmetic", 11), ("From the data", 10), ("From the data, second snapshot", 11),
    ("Reason", 24), ("Difference", 10), ("Verdict", 19), ("Verdict from the data", 15), ("Why", 54),
    ("How recomputed", 40), ("Model", 14), ("Workload", 10), ("Snapshot", 11), ("Second snapshot", 11),
    ("Baseline snapshot", 19), ("Price basis", 15), ("Starts from", 10), ("Starts from (baseline)", 11), ("Testable", 28),
    ("Source", 90),
)  # fmt: skip
EVIDENCE = (
    "Kind", "Precision", "Baseline precision", "Throughput", "Baseline throughput", "Throughput, second snapshot",
    "Baseline throughput, second snapshot", "Price", "Baseline price", "Fact", "Baseline fact", "Difference from the data",
)  # fmt: skip
EVIDENCE_COL = len(TABLE) + 2
_RATE, _PRICE, _FACT = TOKENS_PER_GPU.format, USD_PER_GPU_HOUR.format, "#,##0.00"
_COLUMNS = {name: i for i, (name, _) in enumerate(TABLE, 1)} | {
    name: i for i, name in enumerate(EVIDENCE, EVIDENCE_COL)
}
_PRICED = (c.PRICE, c.PRICE_RATIO, c.GAIN, c.RELATIVE_COST)
_MEASURED = (c.THROUGHPUT, c.PEAK, c.THROUGHPUT_RATIO, c.GAIN, c.RELATIVE_COST, c.PER_WATT)


def column(name: str) -> int:
    """Column number of a part of a claim."""
    return _COLUMNS[name]


@dataclass(slots=True)
class Known:
    """One claim on the sheet: its row, the evidence, the numbers that come out.

    `reason` says in words what is missing, `lacks` holds the formulas that say it.
    """

    claim: Claim
    row: int
    evidence: Evidence
    again: Recomputed
    reason: str = ""
    lacks: list[str] = field(default_factory=list)

    def ref(self, name: str) -> Ref:
        """The cell of a part of this claim."""
        return Ref(CLAIMS, self.row, column(name))


@dataclass(slots=True)
class Collector:
    """Writes the evidence of the claims; equal readings are asked for once."""

    ctx: Context
    sheet: Sheet
    readings: dict[tuple[str | float, ...], ReadingRow | None] = field(default_factory=dict)

    def known(self, claim: Claim, row: int) -> Known:
        """Write the evidence of one claim."""
        known = Known(claim, row, Evidence(), Recomputed())
        baseline = claim.baseline_snapshot or claim.snapshot
        second = claim.baseline_snapshot or claim.second_snapshot
        own, other = (claim.subject, claim.subject_precision), (claim.baseline, claim.baseline_precision)
        twice = claim.second_snapshot != ""
        known.evidence = Evidence(
            subject=self._rate(known, "Throughput", *own, claim.snapshot),
            baseline=self._rate(known, "Baseline throughput", *other, baseline),
            second_subject=self._rate(known, "Throughput, second snapshot", *own, claim.second_snapshot)
            if twice
            else NA,
            second_baseline=self._rate(known, "Baseline throughput, second snapshot", *other, second) if twice else NA,
            price=self._price(known, "Price", "Subject", claim.subject),
            baseline_price=self._price(known, "Baseline price", "Baseline", claim.baseline),
            fact=self._fact(known, "Fact", "Subject", claim.subject),
            baseline_fact=self._fact(known, "Baseline fact", "Baseline", claim.baseline),
        )
        known.again = c.recompute(claim, known.evidence)
        return known

    def _rate(self, known: Known, name: str, platform: str, precision: str, snapshot: str) -> Number:
        """Throughput of one platform, and the words for the case that there is none."""
        claim = known.claim
        target = SLOWEST if claim.recompute == c.PEAK else claim.interactivity
        if not (platform and snapshot and target) or claim.recompute not in _MEASURED:
            return NA
        cell = known.ref(name)
        where = f"{platform} {snapshot}"
        row = self._reading(claim, platform, precision, snapshot, target)
        if row is None:
            self.sheet.calc(cell.row, cell.col, "NA()", NA, "Link", _RATE)
            self._lack(known, f'"{where}: no points. "', f"{where}: no points. ")
            return NA
        value = row.reading.throughput
        self.sheet.calc(cell.row, cell.col, "{ref}", value, "Link", _RATE, ref=row.cell("Throughput"))
        held = claim.recompute != c.PEAK
        at, words = row.reading.read_at, ""
        if value == NA:
            words = f"{where}: {row.reading.reason}. "
        elif held and isinstance(at, float) and at > target:
            words = f"{where}: slowest point held. "
        text = f'IF(ISNUMBER({cell.a1}),"","{where}: "&{{reason}}&". ")'
        if held:
            text = (
                f'IF(ISNUMBER({cell.a1}),IF({{at}}>{known.ref("Interactivity").a1},"{where}: slowest point held. ",""),'
                f'"{where}: "&{{reason}}&". ")'
            )
        self._lack(known, self.sheet.text(text, reason=row.cell("Reason"), at=row.cell("Read at")), words)
        return value

    def _reading(self, claim: Claim, platform: str, precision: str, snapshot: str, target: float) -> ReadingRow | None:
        """The reading of a curve, once for all claims; None where the book holds no such precision."""
        key = (platform, claim.model, claim.workload, snapshot, precision, target)
        if key not in self.readings:
            self.readings[key] = None
            if precision in self.ctx.market.codes:
                self.readings[key] = self.ctx.read(
                    "Claims", platform=Given(platform), interactivity=Given(target), model=Given(claim.model),
                    workload=Given(claim.workload), snapshot=Given(snapshot), precision=Given(precision), hold=Given(1),
                )  # fmt: skip
        return self.readings[key]

    def _price(self, known: Known, name: str, role: str, platform: str) -> Number:
        """Price of a platform on the claim's basis, straight from the price book: own prices stay out."""
        claim, p = known.claim, self.ctx.places
        if not platform or claim.recompute not in _PRICED:
            return NA
        cell, basis = known.ref(name), known.ref("Price basis").a1
        held = platform in p.platforms and claim.basis in p.bases
        value = self.ctx.market.quoted.get((platform, claim.basis), NA) if held else NA
        self.sheet.calc(
            cell.row, cell.col, f"INDEX({{book}},MATCH({known.ref(role).a1},{{names}},0),MATCH({basis},{{bases}},0))",
            value, "Link", _PRICE, book=p.price_book, bases=p.bases_header,
            names=Area(PRICES, FIRST, 1, FIRST + len(p.platforms) - 1, 1),
        )  # fmt: skip
        words = f'"{platform}: no price by "&{basis}&". "'
        missing = f"{platform}: no price by {claim.basis}. " if value == NA else ""
        self._lack(known, f'IF(ISNUMBER({cell.a1}),"",{words})', missing)
        return value

    def _fact(self, known: Known, name: str, role: str, platform: str) -> Number:
        """GPUs of a scale-up domain, or all-in kW per GPU by the model in force in 2025."""
        kind, p = known.claim.recompute, self.ctx.places
        if not platform or kind not in (c.DOMAIN, c.PER_WATT):
            return NA
        cell = known.ref(name)
        value = _fact_of(self.ctx.inputs.facts.get(platform), kind)
        found = f"INDEX({{facts}},MATCH({known.ref(role).a1},{{names}},0))"
        self.sheet.calc(
            cell.row, cell.col, f"IF(ISNUMBER({found}),{found},NA())", value, "Link", "0" if kind == c.DOMAIN else _FACT,
            facts=p.platform_fact(DOMAIN if kind == c.DOMAIN else KILOWATT_2025), names=p.platform_fact(1),
        )  # fmt: skip
        words = f"{platform}: no such fact on Platforms. "
        self._lack(known, f'IF(ISNUMBER({cell.a1}),"","{words}")', words if value == NA else "")
        return value

    @staticmethod
    def _lack(known: Known, text: str, words: str) -> None:
        """Add the words for a missing number, once: a reading may stand in two columns."""
        if all(_words(text) != _words(seen) for seen in known.lacks):
            known.lacks.append(text)
            known.reason += words


def _words(text: str) -> list[str]:
    """The quoted words of a formula, by which equal reasons are known whatever cell they look at."""
    return text.split('"')[1::2]


def _fact_of(facts: Platform | None, kind: str) -> Number:
    if facts is None:
        return NA
    value = facts.domain if kind == c.DOMAIN else facts.kilowatt_2025
    return NA if value is None else float(value)
