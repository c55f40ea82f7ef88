"""What is decided about a published claim: how the workbook recomputes it."""

from dataclasses import dataclass, replace
from typing import Any

from xlmodel.model import claims as c


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """What is decided here about a claim; fields as in `Claim`. `says` replaces the collected wording."""

    recompute: str
    relation: str = c.ABOUT
    model: str = ""
    workload: str = ""
    subject: str = ""
    subject_precision: str = ""
    baseline: str = ""
    baseline_precision: str = ""
    interactivity: float | None = None
    snapshot: str = ""
    second_snapshot: str = ""
    baseline_snapshot: str = ""
    basis: str = ""
    given: float | None = None
    given_baseline: float | None = None
    testable: str = c.YES
    why: str = ""
    says: str = ""

    def __call__(self, why: str, **changes: Any) -> "ClaimPlan":
        """This plan for one more claim."""
        return replace(self, why=why, **changes)
