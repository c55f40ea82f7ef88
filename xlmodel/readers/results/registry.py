"""The formats that are known, and the one way to read a result file: by its content, never by its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from xlmodel.errors import InputRefused, Problem
from xlmodel.readers.problems import MAX_PROBLEMS
from xlmodel.readers.results.derive import Found
from xlmodel.readers.results.document import CSV, JSON, LINES, TEXT, WORKBOOK, YAML, Document, open_result
from xlmodel.readers.results.measurement import Measurement, Unusable
from xlmodel.readers.results.taker import shown


class Format(Protocol):
    """What a module of a format offers.

    `TOOL` names what writes it; `fits` says whether an opened file is one, without reading it all; `read` gives its
    measurements, and a problem for each run that gives none.
    """

    TOOL: str

    def fits(self, doc: Document) -> bool: ...  # noqa: D102
    def read(self, doc: Document) -> Iterator[Found]: ...  # noqa: D102


# modules beside this one, the more special first: what one format has beside another decides
MODULES = (
    "inferencex", "llm_d", "guidellm", "inference_perf", "llmperf", "trtllm", "aiconfigurator", "aiperf", "genai_perf",
    "sglang", "vllm", "own",
)  # fmt: skip
FORMATS: tuple[Format, ...] = tuple(import_module(f"xlmodel.readers.results.{name}") for name in MODULES)


@dataclass(frozen=True, slots=True)
class Results:
    """What a file gave: measurements in its order, and what could not be used, with the reason."""

    measurements: tuple[Measurement, ...]
    problems: tuple[Problem, ...]


def read_file(path: Path) -> Results:
    """Read a result file of any known format.

    Raises:
        InputRefused: it cannot be read, is of no known format, or holds no measurement; with every reason.
    """
    doc = open_result(path)
    form = next((form for form in FORMATS if form.fits(doc)), None)
    if form is None:
        raise InputRefused([_unknown(doc)])
    try:
        found = list(form.read(doc))
    except Unusable as bad:
        raise InputRefused.one(str(path), bad.found, bad.expected, bad.fix) from None
    measurements = tuple(item for item in found if isinstance(item, Measurement))
    problems = tuple(item for item in found if isinstance(item, Problem))
    if len(problems) > MAX_PROBLEMS:
        left = f"{len(problems) - MAX_PROBLEMS:,} more runs that cannot be used"
        more = Problem(str(path), left, "none", "see the reasons above")
        problems = (*problems[:MAX_PROBLEMS], more)
    if not measurements:
        nothing = Problem(
            str(path), f"a file of {form.TOOL} without runs", "at least one run", "run the load test to its end"
        )
        raise InputRefused(problems or [nothing])
    return Results(measurements, problems)


def tools() -> list[str]:
    """Names of what writes the formats."""
    return list(dict.fromkeys(form.TOOL for name, form in zip(MODULES, FORMATS, strict=True) if name != "own"))


def _unknown(doc: Document) -> Problem:
    what = {
        JSON: "JSON that is no known result", LINES: "JSON that is no known result", CSV: "a table that is no known result",
        YAML: "YAML that is no known report", TEXT: "text that is no known report", WORKBOOK: "a workbook without points",
    }[doc.kind]  # fmt: skip
    value = doc.data[0][1] if doc.kind == LINES else doc.data
    value = value[0] if isinstance(value, list) and value and doc.kind != CSV else value
    names = list(value) if isinstance(value, dict) else value if doc.kind == CSV else []
    told = ", ".join(shown(str(name)) for name in names[:8])
    expected = "a result of " + ", ".join(tools()) + ", or points as in templates/points.csv"
    fix = "give the file with the summary of a run, or write interactivity and throughput per GPU into a CSV as in templates/points.csv"
    return Problem(str(doc.path), what + (f", with {told}" if told else ""), expected, fix)
