"""A measured point and the words that place it on a curve."""

from dataclasses import dataclass
from typing import NamedTuple

BEST = "best"  # the precision that pools all others
LATEST = "latest"  # the newest snapshot that holds the model
DECIMALS = 6  # readers round interactivity and throughput to this, far below what is measured

PLATFORMS = (
    "GB300 NVL72", "GB200 NVL72", "B300", "B200", "H200", "H100", "MI355X", "MI325X", "MI300X",
)  # fmt: skip
MODELS = ("DeepSeek-R1", "gpt-oss-120B", "Llama 3.3 70B")
WORKLOADS = ("8k/1k", "1k/1k", "1k/8k")
PRECISIONS = ("FP4", "FP8", "BF16", "INT4")
SPECULATIVE = ("none", "MTP", "not recorded")
DISAGGREGATED = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Point:
    """One measured row.

    Attributes:
        interactivity: output tokens per second per user (tok/s/user), 1 / median time per output token.
        throughput: input plus output tokens per second per GPU (tok/s/GPU), over all GPUs used.
        gpus: GPUs of the measured deployment; 0 when not recorded.
        ttft_ms: median time to first token in ms; None when not recorded.
        measured: day (2025-12-15) or period of the measurement, as text.
        include: whether the point takes part in its curve.
    """

    model: str
    platform: str
    workload: str
    precision: str
    snapshot: str
    interactivity: float
    throughput: float
    framework: str = ""
    speculative: str = "none"
    disaggregated: str = "no"
    gpus: int = 0
    concurrency: int = 0
    ttft_ms: float | None = None
    measured: str = ""
    source: str = ""
    include: bool = True
    note: str = ""

    @property
    def group(self) -> "Group":
        """The curve's place without its precision."""
        return Group(self.model, self.platform, self.workload, self.snapshot)


class Group(NamedTuple):
    """Model, platform, workload and snapshot: what all precisions of a curve share."""

    model: str
    platform: str
    workload: str
    snapshot: str

    @property
    def key(self) -> str:
        """The text by which the workbook finds the group.

        >>> Group("DeepSeek-R1", "B200", "8k/1k", "2026-07").key
        'DeepSeek-R1|B200|8k/1k|2026-07'
        """
        return f"{self.model}|{self.platform}|{self.workload}|{self.snapshot}"
