"""From a measurement and what its user says of it to a point of the book, or to what is still missing."""

import re
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from xlmodel.errors import Problem
from xlmodel.model.point import DECIMALS, Point
from xlmodel.readers import names, points
from xlmodel.readers.cell_readers import NAME_LENGTH, BadCell, Memo
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.taker import plain

_DIFFERENT = ("interactivity", "throughput", "ttft_ms", "source", "note")  # differ from row to row
_ALIKE = (
    "snapshot",
    "workload",
    "framework",
    "speculative",
    "disaggregated",
    "measured",
)  # taken as the file says them
NEEDED = ("platform", "model", "precision", "snapshot", "gpus", "workload")
_PRECISIONS = (
    ("FP4", re.compile(r"(?<![a-z0-9])(nv|mx)?fp4(?![0-9])")),
    ("FP8", re.compile(r"(?<![a-z0-9])(fp8(?![0-9])|fp8[_ -]?block|w8a8[_ -]?fp8)")),
    ("INT4", re.compile(r"(?<![a-z0-9])(int4|awq|gptq|w4a16)(?![a-z0-9])")),
    ("BF16", re.compile(r"(?<![a-z0-9])(bf16|bfloat16)(?![a-z0-9])")),
)
_GPUS = re.compile(
    r"(?<![a-z0-9])(?:([0-9]{1,4})x(?:gb|b|h|mi)[0-9]{3}x?|(?:gb|b|h|mi)[0-9]{3}x?x([0-9]{1,4})|([0-9]{1,4})[-_ ]?gpus?)(?![a-z0-9])"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What options, a results.toml or a folder say of a file; empty where they say nothing."""

    platform: str = ""
    model: str = ""
    precision: str = ""
    snapshot: str = ""
    workload: str = ""
    framework: str = ""
    speculative: str = ""
    disaggregated: str = ""
    measured: str = ""
    gpus: int | None = None

    def over(self, other: "Said") -> "Said":
        """This, and where it says nothing the other."""
        return _over(self, other)


@lru_cache(maxsize=4096)
def _over(said: Said, other: Said) -> Said:
    return Said(*(getattr(said, f.name) or getattr(other, f.name) for f in fields(Said)))


@dataclass(frozen=True, slots=True)
class Placed:
    """A measurement with its place: the point, or what keeps it from being one.

    Attributes:
        missing: what neither the file nor its user says. problem: why it cannot be a point.
    """

    measurement: Measurement
    said: Said
    point: Point | None = None
    missing: tuple[str, ...] = ()
    problem: Problem | None = None


@lru_cache(maxsize=1024)
def precision_of(text: str) -> str:
    """The precision that a text names; empty when none, or several.

    >>> precision_of("nvidia/DeepSeek-R1-0528-NVFP4"), precision_of("w4a16-awq"), precision_of("Llama-3.1-8B")
    ('FP4', 'INT4', '')
    """
    found = [name for name, pattern in _PRECISIONS if pattern.search(text.casefold().replace("_", "-"))]
    return found[0] if len(found) == 1 else ""


def hints(file: str) -> Said:
    """What the names of a file and its two folders say: platform, precision, and GPUs written as 8xH200 or 8gpus."""
    parts = PurePath(file).parts[-3:]
    found = Said()
    for part in (PurePath(parts[-1]).stem if parts else "", *reversed(parts[:-1])):
        low = part.casefold().replace("_", "-")
        count = _GPUS.search(low)
        gpus = int(next(filter(None, count.groups()))) if count else None
        found = found.over(
            Said(
                platform=names.known_platform(re.sub(r"(?<=[0-9])x(?=[a-z])|x(?=[0-9]+\b)", " ", low)),
                precision=precision_of(low),
                gpus=gpus or None,
            )
        )
    return found


class Placer:
    """Puts measurements in their places; names that one file spells are spelt so in the next."""

    def __init__(self) -> None:
        self._readers = {
            name: read if name in _DIFFERENT else Memo(read).__getitem__ for name, read in points.readers().items()
        }
        self._hints: dict[str, Said] = {}

    def place(self, m: Measurement, said: Said) -> Placed:
        """Put a measurement in its place.

        Args:
            m: the measurement.
            said: what options and results.toml say; a file that says otherwise is not used.
        """
        if m.file not in self._hints:
            self._hints[m.file] = hints(m.file)
        told = self._hints[m.file]
        known = known_names(m)
        for name, of_file in known.items():
            given = getattr(said, name)
            if of_file and given and given != of_file:
                fix = f"leave --{name} out, or give this file by itself"
                problem = Problem(m.where, f"the {name} {of_file}", f"{given}, as --{name} or results.toml says", fix)
                return Placed(m, said, problem=problem)
        m = doubt_gpus(m, said)
        use = said.over(
            Said(
                platform=known["platform"] or told.platform or _own(m.platform),
                model=known["model"] or _own(m.model.rpartition("/")[2]),
                precision=known["precision"] or precision_of(m.model) or told.precision,
                gpus=m.gpus or told.gpus,
                **{name: getattr(m, name) for name in _ALIKE},
            )
        )
        if not use.workload and m.lengths:
            found = f"{m.lengths[0]:,.0f} input and {m.lengths[1]:,.0f} output tokens"
            fix = "the book has no curve for these lengths: --workload 1k/1k enters them as that one, with a doubt; xlmodel cost needs no workload"
            return Placed(m, use, problem=Problem(m.where, found, "lengths of 8k/1k, 1k/1k or 1k/8k", fix))
        if said.workload and m.lengths and said.workload != m.workload:
            text = f"{m.lengths[0]:,.0f} input and {m.lengths[1]:,.0f} output tokens, entered as {said.workload}"
            m = replace(m, doubts=(*m.doubts, text))
        throughput = m.throughput_on(use.gpus)
        needed = [name for name in NEEDED if not getattr(use, name) and (name != "gpus" or throughput is None)]
        if needed or throughput is None:
            return Placed(m, use, missing=tuple(needed))
        return self._checked(m, use, throughput)

    def _checked(self, m: Measurement, use: Said, throughput: float) -> Placed:
        """The point, each field read as a cell of a points file would be."""
        derived = m.derived if m.derived == m.counted else f"interactivity: {m.derived}; throughput: {m.counted}"
        written: dict[str, Any] = {
            **asdict(use),
            "gpus": str((m.gpus if m.per_gpu is not None else use.gpus) or ""),
            "interactivity": f"{m.interactivity:.{DECIMALS}f}",
            "throughput": f"{throughput:.{DECIMALS}f}",
            "speculative": use.speculative or "not recorded",
            "concurrency": str(round(m.concurrency or m.mean_concurrency or 0)),
            "ttft_ms": f"{m.ttft_ms:.6g}" if m.ttft_ms and m.ttft_ms >= 1 and not m.ttft_mean else "",
            "source": source_of(m),
            "include": "yes" if m.include and not m.grave else "no",
            "note": "; ".join(
                filter(
                    None, (m.note, "" if m.derived == m.counted else derived, *(f"doubt: {text}" for text in m.doubts))
                )
            ),
        }
        values = {}
        for name, read in self._readers.items():
            try:
                values[name] = read(written[name])
            except BadCell as bad:
                where = f"{m.where}, {name}"
                return Placed(
                    m, use, problem=Problem(where, repr(plain(str(written[name]))[:60]), bad.expected, bad.fix)
                )
        return Placed(m, use, Point(**values))


_platform = lru_cache(maxsize=1024)(names.known_platform)
_model = lru_cache(maxsize=1024)(names.known_model)


def known_names(m: Measurement) -> dict[str, str]:
    """What a file itself says of its platform, model and precision, as far as it is known here."""
    return {"platform": _platform(m.platform), "model": _model(m.model), "precision": precision_of(m.precision)}


def _own(text: str) -> str:
    """A name of another program as one of the book's: short, and without characters that its lookups cannot tell."""
    return plain(re.sub(r"[|*?~]", " ", text))[:NAME_LENGTH]


def doubt_gpus(m: Measurement, said: Said) -> Measurement:
    """The file's count of GPUs against the one that was given, which wins."""
    if m.per_gpu is None and m.gpus and said.gpus and m.gpus != said.gpus:
        return replace(m, doubts=(*m.doubts, f"the file counts {m.gpus} GPUs; {said.gpus} were given and used"))
    return m


def source_of(m: Measurement) -> str:
    """Where a point is from: file, place, digest, tool and version, and what the file itself names."""
    name = plain(PurePath(m.file).name)
    safe = f"./{name}" if name[:1] in "=+-@" else name  # a spreadsheet would take it for a formula
    tool = f"{m.tool} {m.version}".strip()
    return ", ".join(filter(None, (f"{safe} {m.place}".rstrip(), f"sha256 {m.digest}", tool, m.source)))
