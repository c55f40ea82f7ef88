"""What a result file of a load tester says of one run, in the words and units of this project."""

from dataclasses import dataclass, fields
from typing import Any

from xlmodel.model.point import WORKLOADS

NEAR = 0.15  # measured lengths that may be missing from, or beyond, those a workload names
_K = {"1k": (1000, 1024), "8k": (8000, 8192)}


class Unusable(Exception):
    """A run that gives no measurement: what was found, what was expected, and what to do about it."""

    def __init__(self, found: str, expected: str, fix: str) -> None:
        super().__init__(found, expected, fix)
        self.found, self.expected, self.fix = found, expected, fix


@dataclass(frozen=True, slots=True)
class Measurement:
    """One run of a load test; None and empty texts where the file does not say.

    Attributes:
        file, place: the file, and where in it, such as ``line 3``.
        digest: first 16 hexadecimal digits of the file's SHA-256.
        tool, version: what wrote the file.
        interactivity: tok/s/user, and `derived`: from which of the file's numbers.
        throughput: input plus output tokens per second of the whole deployment, and `counted`: from which numbers.
        per_gpu: the same per GPU over all GPUs, where the file says it so.
        output_throughput: output tokens per second of the whole deployment.
        input_length, output_length: tokens of a request, mean of the completed ones.
        nominal: the lengths that were asked for.
        concurrency: requests that the tester kept in flight at most; mean_concurrency: those in flight on average.
        request_rate: requests per second that were sent; completed, failed: requests; duration: seconds.
        ttft_ms: median time to first token in ms, the mean where `ttft_mean` says so.
        gpus: GPUs of the whole deployment.
        measured: day in ISO form; snapshot: label, in files that have one.
        source, note: what the file says of its origin.
        doubts: reasons not to take the numbers as they are, as sentences. grave: one of them says that a number is
            in another unit, or counts something else.
        include: whether the file itself leaves the run out of its curve.
    """

    file: str
    tool: str
    interactivity: float
    derived: str
    place: str = ""
    digest: str = ""
    version: str = ""
    throughput: float | None = None
    counted: str = ""
    per_gpu: float | None = None
    output_throughput: float | None = None
    input_length: float | None = None
    output_length: float | None = None
    nominal: tuple[float, float] | None = None
    concurrency: float | None = None
    mean_concurrency: float | None = None
    request_rate: float | None = None
    completed: int | None = None
    failed: int | None = None
    duration: float | None = None
    ttft_ms: float | None = None
    ttft_mean: bool = False
    gpus: int | None = None
    platform: str = ""
    model: str = ""
    precision: str = ""
    framework: str = ""
    speculative: str = ""
    disaggregated: str = ""
    measured: str = ""
    snapshot: str = ""
    source: str = ""
    note: str = ""
    doubts: tuple[str, ...] = ()
    grave: bool = False
    include: bool = True

    @property
    def where(self) -> str:
        """The file and the place in it."""
        return f"{self.file} {self.place}".rstrip()

    @property
    def lengths(self) -> tuple[float, float] | None:
        """Input and output tokens of a request: those measured, else those asked for."""
        if self.input_length and self.output_length:
            return self.input_length, self.output_length
        return self.nominal

    @property
    def output_share(self) -> float | None:
        """Output tokens as a share of all."""
        if self.lengths is not None:
            return self.lengths[1] / sum(self.lengths)
        if self.output_throughput and self.throughput and self.output_throughput < self.throughput:
            return self.output_throughput / self.throughput
        return None

    @property
    def workload(self) -> str:
        """The workload of the book whose lengths these are; empty for other lengths."""
        lengths = self.nominal or self.lengths
        return workload_of(*lengths) if lengths else ""

    def throughput_on(self, gpus: int | None) -> float | None:
        """tok/s/GPU over all GPUs; None when neither the file nor the caller counts them."""
        if self.per_gpu is not None:
            return self.per_gpu
        return self.throughput / gpus if self.throughput is not None and gpus else None

    def facts(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"workload": self.workload}


def workload_of(tokens_in: float, tokens_out: float) -> str:
    """The workload with these lengths; load testers may vary lengths downwards, InferenceX by 20 %.

    >>> workload_of(8192, 1024), workload_of(7380, 925), workload_of(512, 128)
    ('8k/1k', '8k/1k', '')
    """
    for name in WORKLOADS:
        sides = zip((tokens_in, tokens_out), map(_K.__getitem__, name.split("/")), strict=True)
        if all(low * (1 - NEAR) <= tokens <= high * (1 + NEAR / 3) for tokens, (low, high) in sides):
            return name
    return ""
