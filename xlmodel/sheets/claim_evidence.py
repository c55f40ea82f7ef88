"""What the workbook knows about each claim: throughput, prices and facts, each in a cell of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_

from xlmodel.book.context import Context
from xlmodel.book.keys import slug
from xlmodel.book.readings import ReadingRow
from xlmodel.book.spec import Sheet
from xlmodel.book.table import Table
from xlmodel.calc.expression import Expr, Literal
from xlmodel.calc.functions import IF, INDEX, ISNUMBER, MATCH, NA, TRIM, lookup
from xlmodel.calc.place import Content
from xlmodel.model import claims as c
from xlmodel.model.facts import Claim
from xlmodel.units import ANY, TEXT, TOKENS_PER_GPU, USD_PER_GPU_HOUR

SLOWEST = 0.1  # below every curve, so that the slowest point, which is the peak of the throughput, is held
EVIDENCE = {
    "Throughput": TOKENS_PER_GPU, "Baseline throughput": TOKENS_PER_GPU, "Throughput, second snapshot": TOKENS_PER_GPU,
    "Baseline throughput, second snapshot": TOKENS_PER_GPU, "Price": USD_PER_GPU_HOUR, "Baseline price": USD_PER_GPU_HOUR,
    "Fact": ANY, "Baseline fact": ANY,
}  # fmt: skip
_PRICED = (c.PRICE, c.PRICE_RATIO, c.GAIN, c.RELATIVE_COST)
_MEASURED = (c.THROUGHPUT, c.PEAK, c.THROUGHPUT_RATIO, c.GAIN, c.RELATIVE_COST, c.PER_WATT)


@dataclass(slots=True)
class ClaimEvidence:
    """The evidence of one claim by heading, and the words for what is missing, by what they say."""

    claim: Claim
    cells: dict[str, Expr] = field(default_factory=dict)
    lacks: dict[tuple[str, ...], Expr] = field(default_factory=dict)

    @property
    def reason(self) -> Expr | None:
        """Why a number is missing or held; None where nothing can be."""
        return TRIM(reduce(and_, self.lacks.values())) if self.lacks else None


@dataclass(slots=True)
class Collector:
    """Gathers the evidence of the claims; equal readings are asked for once."""

    ctx: Context
    readings: dict[tuple[str | float, ...], ReadingRow | None] = field(default_factory=dict)

    def known(self, claim: Claim) -> ClaimEvidence:
        """The evidence of one claim."""
        known = ClaimEvidence(claim)
        baseline = claim.baseline_snapshot or claim.snapshot
        second = claim.second_snapshot and (claim.baseline_snapshot or claim.second_snapshot)
        own, other = (claim.subject, claim.subject_precision), (claim.baseline, claim.baseline_precision)
        self._rate(known, "Throughput", *own, claim.snapshot)
        self._rate(known, "Baseline throughput", *other, baseline)
        self._rate(known, "Throughput, second snapshot", *own, claim.second_snapshot)
        self._rate(known, "Baseline throughput, second snapshot", *other, second)
        for name, role, platform in (
            ("Price", "subject", claim.subject),
            ("Baseline price", "baseline", claim.baseline),
        ):
            self._price(known, name, role, platform)
        for name, role, platform in (("Fact", "subject", claim.subject), ("Baseline fact", "baseline", claim.baseline)):
            self._fact(known, name, role, platform)
        return known

    def _rate(self, known: ClaimEvidence, name: str, platform: str, precision: str, snapshot: str) -> None:
        """Throughput of one platform, and the words for the case that there is none."""
        claim = known.claim
        target = SLOWEST if claim.recompute == c.PEAK else claim.interactivity
        if not (platform and snapshot and target) or claim.recompute not in _MEASURED:
            return
        where = f"{platform} {snapshot}: "
        row = self._reading(claim, platform, precision, snapshot, target)
        if row is None:
            known.cells[name] = NA
            known.lacks.setdefault((where, "no points"), Literal(where + "no points. "))
            return
        known.cells[name] = row.part("Throughput")
        held = IF(row.part("Read at") > self._own("claims", "Interactivity"), where + "slowest point held. ", "")
        words = where & row.part("Reason") & ". "
        found = "" if claim.recompute == c.PEAK else held
        known.lacks.setdefault((where, "read"), IF(ISNUMBER(self._own("evidence", name)), found, words))

    def _reading(self, claim: Claim, platform: str, precision: str, snapshot: str, target: float) -> ReadingRow | None:
        """The reading of a curve, once for all claims; None where the book holds no such precision."""
        key = (platform, claim.model, claim.workload, snapshot, precision, target)
        if key not in self.readings:
            self.readings[key] = None
            if precision in self.ctx.market.codes:
                self.readings[key] = self.ctx.readings.ask(
                    "Claims", platform, target, model=claim.model, workload=claim.workload, snapshot=snapshot, precision=precision, hold=1,
                )  # fmt: skip
        return self.readings[key]

    def _price(self, known: ClaimEvidence, name: str, role: str, platform: str) -> None:
        """Price of a platform on the claim's basis, straight from the price book: own prices stay out."""
        if not platform or known.claim.recompute not in _PRICED:
            return
        g, count = self.ctx.graph, len(self.ctx.places.bases)
        rows = len(self.ctx.places.platforms)
        book = g.span([f"prices.basis_{j}" for j in range(count)], 0, rows - 1)
        basis = self._own("claims", "Price basis")
        row, col = MATCH(self._own("claims", role), g["prices.platform"].all, 0), MATCH(basis, g["prices.bases"].all, 0)
        known.cells[name] = INDEX(book, row, col)
        words = f"{platform}: no price by " & basis & ". "
        known.lacks.setdefault((platform, "price"), IF(ISNUMBER(self._own("evidence", name)), "", words))

    def _fact(self, known: ClaimEvidence, name: str, role: str, platform: str) -> None:
        """GPUs of a scale-up domain, or all-in kW per GPU by the model in force in 2025."""
        kind, g = known.claim.recompute, self.ctx.graph
        if not platform or kind not in (c.DOMAIN, c.PER_WATT):
            return
        facts = g["platforms.domain" if kind == c.DOMAIN else "platforms.kilowatt_2025"]
        found = lookup(facts, g["platforms.platform"], self._own("claims", role))
        known.cells[name] = IF(ISNUMBER(found), found, NA)
        words = f"{platform}: no such fact on Platforms. "
        known.lacks.setdefault((platform, "fact"), IF(ISNUMBER(self._own("evidence", name)), "", words))

    def _own(self, table: str, heading: str) -> Expr:
        """A part of the same claim."""
        found: Expr = self.ctx.graph[f"{table}.{slug(heading)}"].relative
        return found


def describe(ctx: Context, sheet: Sheet, items: list[ClaimEvidence], row: int, col: int) -> Table:
    """Declare the columns of the evidence, right of the claims."""
    sheet.put(row - 2, col, "What the workbook knows about each claim", "Heading")
    t = Table(ctx.graph, sheet, "evidence", row, col, len(items), height=44)
    sheet.widths[col - 1] = 3
    claims = [known.claim for known in items]
    t.column("Kind", TEXT, [claim.recompute for claim in claims], style="Text", width=20)
    t.column("Precision", TEXT, [claim.subject_precision or None for claim in claims], style="Text", width=15)
    t.column("Baseline precision", TEXT, [claim.baseline_precision or None for claim in claims], style="Text", width=15)
    for heading, unit in EVIDENCE.items():
        cells = [known.cells.get(heading) for known in items]
        t.column(heading, unit, cells, style=there("Link", cells),
                 fmt=(lambda i: "0" if claims[i].recompute == c.DOMAIN else "#,##0.00") if unit is ANY else None, width=15)  # fmt: skip
    return t


def there(style: str, cells: Sequence[Content]) -> Callable[[int], str]:
    """The style of cells of which some are left out."""
    return lambda i: "" if cells[i] is None else style
