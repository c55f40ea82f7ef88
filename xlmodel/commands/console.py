"""What the command line prints: plain text that reads the same on a terminal, in a pipe and in a log."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value
from xlmodel.errors import CheckFailed, EngineMissing, InputRefused, XlModelError
from xlmodel.model.age import STALE

if TYPE_CHECKING:
    import datetime

    from xlmodel.commands.produce import Report
    from xlmodel.readers.inventory import Age, Inventory
    from xlmodel.returned.explain.explain_cell import ExplanationStep

WIDTH = 100
SHOWN = 10  # quotes for platforms that a book does not hold, on a terminal; --json has all
FORMULA = 110  # characters of a formula shown below the first level
_TITLES = {
    InputRefused: "Refused",
    EngineMissing: "Missing",
    CheckFailed: "The workbook disagrees with the Python model; nothing was written",
}


def error_text(error: XlModelError) -> str:
    """An error as a list that is quick to work through."""
    title = next((text for kind, text in _TITLES.items() if isinstance(error, kind)), "Error")
    if not isinstance(error, InputRefused):
        return f"{title}: {error}"
    count = len(error.problems)
    lines = [f"{title}: {count} problem{'s' if count > 1 else ''}"]
    for problem in error.problems:
        lines += ["", f"  {problem.where}"]
        for word in ("found", "expected", "fix"):
            lines += wrapped(f"    {word:<9} ", getattr(problem, word))
    return "\n".join(lines)


def build_text(report: "Report") -> str:
    """What was built, and what to do next."""
    data = f"{report.points:,} points on {report.curves:,} curves"
    if report.left_out:
        data += f"; {report.left_out:,} points that no curve needs are left out"
    if report.own_points or report.own_quotes:
        data += f"; yours among them: {count_of(report.own_points, 'point')}, {count_of(report.own_quotes, 'quote')}"
    if report.own_api:
        data += f"; {count_of(report.own_api, 'API price')} of yours"
    if report.elsewhere:
        count = len(report.elsewhere)
        data += f"; {count} of these quotes for {'a platform' if count == 1 else 'platforms'} not in this book: "
        data += ", ".join(report.elsewhere[:SHOWN]) + (f" and {count - SHOWN:,} more" if count > SHOWN else "")
    proof = f"{report.recalculated:,} recalculated by an independent engine and equal to the Python model"
    if not report.recalculated:
        proof = "values from the Python model; --recalculate holds each against an independent engine"
    if report.not_recalculated:
        proof = f"values from the Python model; not compared with an independent engine, since there are {report.not_recalculated}; "
        proof += "--recalculate does it"
    failing = report.failing
    checks = f"all {report.checks} pass"
    if failing:
        checks = f"{len(failing)} of {report.checks} FAIL: {'; '.join(failing)}"
    file = str(report.path)
    asked = f"xlmodel explain 'Summary!E16' {shell_word(file)}"
    steps = f"open it and change the framed cells. Where a number comes from: {asked}"
    if failing:
        steps = f"open the sheet Checks: each failing line says what must hold and where to look; {asked}"
    lines = [f"Built {file} ({report.bytes / 1000:,.0f} kB)"]
    for word, text in (
        ("Answer", report.headline),
        ("Data", data),
        ("Formulas", f"{report.formulas:,} cells, {proof}"),
        ("Checks", checks),
        *(("Doubt", text) for text in report.doubts[:SHOWN]),
        *((("Doubt", f"{len(report.doubts) - SHOWN:,} more; --json shows all"),) if len(report.doubts) > SHOWN else ()),
        ("Next", steps),
    ):
        lines += wrapped(f"  {word:<9} ", text)
    return "\n".join(lines)


def count_of(number: int, word: str) -> str:
    """A count with its word in the right number."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def info_text(found: "Inventory") -> str:
    """The bundled data as tables."""
    labels = list(dict.fromkeys(label for model in found.models for label in model.snapshots))
    labels.sort()
    rows = [["Model", *labels, "Workloads", "Precisions", "Platforms"]]
    for model in found.models:
        counts = [f"{model.snapshots[label]:,}" if label in model.snapshots else "-" for label in labels]
        name = f"{model.model} *" if model.default else model.model
        rows.append([name, *counts, ", ".join(model.workloads), ", ".join(model.precisions), str(len(model.platforms))])
    total = sum(model.points for model in found.models)
    lines = [f"Measured points by model and snapshot ({total:,} in all; * in the default book)", ""]
    lines += columns(rows, right=range(1, len(labels) + 1))
    lines += ["", "Platforms with curves"]
    for model in found.models:
        lines += wrapped(f"  {model.model:<19}", ", ".join(model.platforms))
    lines += ["", "Snapshots"]
    for label, kind in found.snapshots.items():
        lines += wrapped(f"  {label:<{max(map(len, labels)) + 2}}", kind)
    lines += [
        "",
        f"Prices: {found.quotes} quotes, {found.priced[0]} to {found.priced[1]}; by basis of the price book",
        "",
    ]
    lines += columns([["Basis", "Prices"], *([basis, str(count)] for basis, count in found.bases.items())], right=(1,))
    lines += ["", *wrapped("Hardware facts: ", ", ".join(found.platforms)), "", *wrapped("", found.attribution)]
    return "\n".join(lines)


def age_text(sets: "Iterable[Age]", day: "datetime.date") -> str:
    """How old each bundled set is."""
    sets = list(sets)
    rows = [["Set", "Rows", "Oldest", "Median", "Newest", "Days"]]
    rows += [[age.what, f"{age.rows:,}", age.oldest, age.median, age.newest, f"{age.days:,}"] for age in sets]
    lines = [
        f"Age of the bundled data on {day}: days since the newest row of each set",
        "",
        *columns(rows, right=(1, 5)),
    ]
    old = [age.what for age in sets if age.stale]
    if old:
        lines += ["", *wrapped(f"Older than {STALE} days: ", ", ".join(old))]
    return "\n".join(lines)


def step_text(start: "ExplanationStep") -> str:
    """The explanation of a number as a tree."""
    return "\n".join(_tree(start, "", ""))


def _tree(step: "ExplanationStep", first: str, rest: str) -> Iterator[str]:
    top = not first
    yield first + _headline(step)
    inner = rest + ("│ " if step.inputs else "  ")
    if step.formula:
        text = step.formula if top or len(step.formula) <= FORMULA else step.formula[: FORMULA - 1] + "…"
        if not step.above and not step.steers:
            yield f"{inner}{text}"
    if step.via:
        yield f"{inner}repeated by {', '.join(reversed(step.via))}"
    if step.picked and step.kind in ("formula", "typed", "empty") and not step.above:
        yield f"{inner}{step.picked}"
    if step.reason:
        yield f"{inner}reason: {step.reason}"
    if step.source and not step.steers:
        dated = f" ({'as of ' if step.as_of[0].isdigit() else ''}{step.as_of})" if step.as_of else ""
        yield f"{inner}source: {step.source}{dated}"
    parts = [part for part in step.inputs if not part.steers]
    chosen = [_short(part) for part in step.inputs if part.steers]
    notes = [f"chosen by {'; '.join(chosen)}"] if chosen else []
    if step.more:
        notes.append(f"and {step.more} more inputs: see --json, or explain one of those above")
    if step.deeper:
        yield f"{inner}more below: --depth, or explain this cell"
    for i, part in enumerate(parts):
        last = i == len(parts) - 1 and not notes
        yield from _tree(part, rest + ("└ " if last else "├ "), rest + ("  " if last else "│ "))
    for i, note in enumerate(notes):
        yield rest + ("└ " if i == len(notes) - 1 else "├ ") + note


def _headline(step: "ExplanationStep") -> str:
    if step.kind == "range":
        return f"{step.cell}  {step.label}: {step.picked}".replace("  :", ":")
    if step.kind == "searched":
        return f"{step.cell}  {step.label}: searched {step.picked}".replace("  :", ":")
    typed = "  [typed]" if step.kind == "typed" else ""
    unit = f" {step.unit}" if step.unit and is_number(step.value) else ""
    shown = "  (shown elsewhere)" if step.above else ""
    label = f"  {step.label}" if step.label else ""
    return f"{step.cell}{label} = {_result(step)}{unit}{typed}{shown}"


def _result(step: "ExplanationStep") -> str:
    """The value of a cell; a formula without one was never calculated, which is not the same as an empty cell."""
    return "no stored result" if step.kind == "formula" and step.value is None else value_text(step.value)


def _short(step: "ExplanationStep") -> str:
    """A cell that only steered, in a few words."""
    if step.kind == "range":
        return step.cell
    if step.kind == "searched":
        return step.picked.partition("found in ")[2] or f"nothing in {step.cell}"
    label = step.label.rpartition(" · ")[2]
    name = f"{step.cell} ({label})" if label and label != "column heading" else step.cell
    return f"{name} = {_result(step)}"


def value_text(value: Value) -> str:
    """A value for reading: six digits are enough to recognise a number.

    >>> value_text(13108.558), value_text(0.0550955), value_text(None), value_text(16.0)
    ('13,108.6', '0.0550955', 'empty', '16')
    """
    if value is None:
        return "empty"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).upper() if isinstance(value, bool) else str(value)
    return f"{value:,.0f}" if abs(value) >= 1e6 or value == int(value) else f"{value:,.6g}"


def wrapped(lead: str, text: str) -> list[str]:
    """A text in lines of WIDTH characters, the first led by some words and the others indented as far."""
    indent = " " * len(lead)
    return textwrap.wrap(
        text, WIDTH, initial_indent=lead, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    ) or [lead.rstrip()]


def columns(rows: list[list[str]], right: Iterable[int]) -> list[str]:
    """Rows as aligned text."""
    right = set(right)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  " + "  ".join(t.rjust(w) if i in right else t.ljust(w) for i, (t, w) in enumerate(zip(row, widths, strict=True))).rstrip()
        for row in rows
    ]  # fmt: skip


def shell_word(file: object) -> str:
    """A file name as it has to be typed.

    >>> shell_word("ours.xlsx"), shell_word("own (2).xlsx")
    ('ours.xlsx', '"own (2).xlsx"')
    """
    return f'"{file}"' if set(str(file)) & set(" ()*?[]&;'") else str(file)
