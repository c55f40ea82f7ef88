"""Other spellings of platforms, models, workloads, precisions, snapshots and bases.

A spelling is kept without case, blanks, hyphens, underscores, dots, slashes, and without the makers' words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from xlmodel.model.point import BEST, LATEST, MODELS, PLATFORMS, PRECISIONS, WORKLOADS, Point

if TYPE_CHECKING:
    from xlmodel.model.facts import Quote
    from xlmodel.model.scenario import Inputs

OTHER_MODELS = (
    "DeepSeek-V4-Pro", "GLM-5", "GLM-5.1", "Kimi-K2.5", "MiniMax-M2.5", "MiniMax-M3", "Qwen3.5-397B-A17B",
)  # fmt: skip

IGNORED = (" ", "\u00a0", "-", "_", ".", "/", "nvidia", "amd", "instinct", "sxm")  # in this order, in Excel as here

PARTS = ("model", "platform", "workload", "precision", "snapshot")  # of a point, that place it on its curve
KINDS = ("platform", "model", "workload", "precision", "snapshot", "basis")
ALIASES: dict[str, dict[str, str]] = {
    "platform": {"gb200": "GB200 NVL72", "gb300": "GB300 NVL72"},
    "model": {
        "deepseekr10528": "DeepSeek-R1", "deepseek": "DeepSeek-R1", "dsr1": "DeepSeek-R1", "deepseekaideepseekr1": "DeepSeek-R1",
        "openaigptoss120b": "gpt-oss-120B", "metallamallama3370binstruct": "Llama 3.3 70B", "gptoss": "gpt-oss-120B",
        "gptoss120": "gpt-oss-120B", "llama70b": "Llama 3.3 70B", "llama3370binstruct": "Llama 3.3 70B",
        "llama33": "Llama 3.3 70B", "dsv4": "DeepSeek-V4-Pro", "deepseekv4": "DeepSeek-V4-Pro", "kimi": "Kimi-K2.5",
        "qwen35": "Qwen3.5-397B-A17B",
    },
    "workload": {
        "81921024": "8k/1k", "10241024": "1k/1k", "10248192": "1k/8k", "8000/1000": "8k/1k",
        "1000/1000": "1k/1k", "1000/8000": "1k/8k",
    },
    "precision": {"nvfp4": "FP4", "mxfp4": "FP4", "any": BEST},
    "snapshot": {"newest": LATEST},
    "basis": {
        "oracle": "Oracle list", "coreweave": "CoreWeave list", "aws": "AWS on demand", "azure": "Azure on demand",
        "gcp": "GCP on demand", "capacityblock": "AWS capacity block", "hyperscaler": "Hyperscaler 2026-07",
        "neocloud": "Neocloud 2026-07", "3yearrental": "3-year rental 2026-07",
    },
}  # fmt: skip
# names that exist whether or not a book holds data for them
KNOWN: dict[str, tuple[str, ...]] = {
    "platform": PLATFORMS,
    "model": (*MODELS, *OTHER_MODELS),
    "workload": WORKLOADS,
    "precision": (BEST, *PRECISIONS),
    "snapshot": (LATEST,),
    "basis": (),
}
_MONTH, _DAY = re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-\d{2}-\d{2}")
EPOCH = date(1899, 12, 30)  # day 0 of Excel's calendar


def key(text: str) -> str:
    """What all spellings of one name share.

    >>> key("NVIDIA GB200-NVL72"), key(" deepseek R1 ")
    ('gb200nvl72', 'deepseekr1')
    """
    found = text.lower()
    for part in IGNORED:
        found = found.replace(part, "")
    return found


def spellings(kind: str, held: Iterable[str]) -> dict[str, str]:
    """Key -> name: of the names a book holds, of those known anyway, and their aliases.

    A month such as 2025-10, typed into a cell, becomes the first of that month; that, or the number of the day behind a
    date, leads back to it.

    >>> spellings("precision", ["best", "FP4"])["nvfp4"]
    'FP4'
    """
    names = tuple(held)
    found: dict[str, str] = {}
    for name in (*names, *KNOWN[kind]):
        found.setdefault(key(name), name)
    for alias, name in ALIASES[kind].items():
        if kind != "basis" or name in names:
            found.setdefault(key(alias), name)
    if kind == "snapshot":
        for name in names:
            day = f"{name}-01" if _MONTH.fullmatch(name) else name
            if _DAY.fullmatch(day) and (number := _day_number(day)) is not None:
                found.setdefault(key(day), name)
                found.setdefault(key(name.replace("-0", "-")), name)
                found.setdefault(str(number), name)
    return found


def _day_number(day: str) -> int | None:
    """The number behind a date in a cell; None for a day that no calendar has, such as 2026-13-01."""
    try:
        return (date.fromisoformat(day) - EPOCH).days
    except ValueError:
        return None


class Spelling:
    """Finds the name that a text means, of one kind, as the workbook's functions do."""

    def __init__(self, kind: str, held: Iterable[str], typed: Iterable[str] = ()) -> None:
        names = tuple(held)
        self._exact: Mapping[str, str] = {name.casefold(): name for name in reversed(names)}
        self._spelt = spellings(kind, names)
        self._typed: Mapping[str, str] = {name.casefold(): name for name in reversed(tuple(typed)) if name}

    def __call__(self, text: str) -> str | None:
        """The name; None when it is unknown.

        >>> Spelling("platform", ["H100"])("nvidia h100-sxm"), Spelling("platform", ["H100"])("H1000")
        ('H100', None)
        """
        trimmed = " ".join(word for word in text.split(" ") if word)
        if not trimmed:
            return None
        found = self._exact.get(trimmed.casefold()) or self._spelt.get(key(trimmed))
        return found or self._typed.get(trimmed.casefold())


def held_names(inputs: "Inputs", codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names that a book holds by kind, in the order of its lists; `codes` are the precisions."""
    return {
        "platform": tuple(p.platform for p in inputs.platforms), "model": inputs.models, "workload": inputs.workloads,
        "precision": tuple(codes), "snapshot": (*(s.label for s in inputs.snapshots), LATEST), "basis": inputs.bases,
    }  # fmt: skip


class Meanings:
    """Rows that a reader typed, under the names of the book; what is known under no name stays as it is."""

    def __init__(self, inputs: "Inputs", codes: Iterable[str]) -> None:
        self._kinds = {kind: spellings(kind, names) for kind, names in held_names(inputs, codes).items()}

    def _name(self, kind: str, text: str) -> str:
        return self._kinds[kind].get(key(text)) or " ".join(word for word in text.split(" ") if word)

    def point(self, p: Point) -> Point:
        """The point on the curve that it means."""
        names: dict[str, Any] = {kind: self._name(kind, getattr(p, kind)) for kind in PARTS}
        return replace(p, **names) if any(getattr(p, kind) != name for kind, name in names.items()) else p

    def quote(self, q: "Quote") -> "Quote":
        """The quote for the platform and the basis that it means."""
        return replace(q, platform=self._name("platform", q.platform), basis=self._name("basis", q.basis))
