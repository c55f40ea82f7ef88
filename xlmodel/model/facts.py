"""Prices, platforms, snapshots and claims: the facts beside the measured points; and what changed of a workbook."""

import re
from dataclasses import dataclass

from xlmodel.calc.values import Value

_DATED = re.compile(r"\d{4}-\d{2}(-\d{2})?")


@dataclass(frozen=True, slots=True)
class Quote:
    """One quoted price.

    Attributes:
        basis: the column of the price book that reads the quote; empty when the quote only informs.
        usd_per_gpu_hour: USD per GPU-hour; None when offered without a list price.
        as_of: day, month or period of the quote, as text.
        confidence: high, medium or low.
    """

    platform: str
    provider: str
    commitment: str
    basis: str
    usd_per_gpu_hour: float | None
    as_of: str
    source: str
    confidence: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Platform:
    """Hardware facts of one platform; None where no source states the number.

    Attributes:
        domain: GPUs in one scale-up domain.
        kilowatt: all-in utility power in kW per GPU (SemiAnalysis, July 2026).
        kilowatt_2025: the same by the model in force until July 2026.
        capex_server, capex_all_in: USD per GPU.
        no_curve: why the platform has no cost; empty for a platform with points.
        as_of: day or month of the source, or the day on which it was read.
    """

    platform: str
    vendor: str
    architecture: str
    domain: int | None
    memory_gb: float | None
    bandwidth_tb_s: float | None
    fp8_pflops: float | None
    fp4_pflops: float | None
    tdp_w: float | None
    kilowatt: float | None
    kilowatt_2025: float | None
    capex_server: float | None
    capex_all_in: float | None
    source: str
    note: str = ""
    no_curve: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A dated, consistent set of measurements.

    Attributes:
        label: the text by which a user picks it, for example 2025-12-15.
        kind: how the set was put together, in one sentence.
    """

    label: str
    kind: str
    source: str


def newest_last(label: str) -> tuple[bool, str]:
    """Sorts labels of snapshots so that dated ones come last and in order, and `latest` means a dated one.

    >>> sorted(["2026-07", "own", "2025-12-15"], key=newest_last)
    ['own', '2025-12-15', '2026-07']
    """
    return bool(_DATED.fullmatch(label)), label


@dataclass(frozen=True, slots=True)
class Claim:
    """One published number and how this workbook recomputes it.

    Attributes:
        recompute: which recomputation applies; the kinds are listed in `xlmodel.model.claims`.
        relation: about, more than, up to, exactly.
        unit: the published unit.
        subject, baseline: platforms; empty where the claim names none.
        second_snapshot: a further software date to show beside `snapshot`; empty for none.
        baseline_snapshot: the set that the baseline is read from at both dates; empty: as the subject.
        basis: the price list whose pair of prices the claim rests on.
        given: a published number the recomputation starts from (for example 28 for 28x).
        given_baseline: the same for the baseline (for example 90 tok/s/GPU).
        testable: "yes", or the reason why the workbook's data cannot decide the claim.
        why: the reason behind the verdict, for a reader.
        as_of: day or month of publication; a period where the page states none.
    """

    id: str
    origin: str
    as_published: str
    published: float | None
    unit: str
    relation: str
    recompute: str
    model: str
    workload: str
    subject: str
    subject_precision: str
    baseline: str
    baseline_precision: str
    interactivity: float | None
    snapshot: str
    second_snapshot: str
    baseline_snapshot: str
    basis: str
    given: float | None
    given_baseline: float | None
    testable: str
    source: str
    why: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the Changes sheet.

    Attributes:
        day: when, in ISO form.
        what: in words, such as "Own price of B200".
        place: the cell, such as Prices!B9; empty for none.
        before, after: the value then and now.
        effect: USD per million tokens that the change adds to the cost at the target; None when it has none to state.
        note: who changed it and why, as typed by a reader.
    """

    day: str
    what: str
    place: str = ""
    before: Value = None
    after: Value = None
    effect: float | None = None
    note: str = ""
