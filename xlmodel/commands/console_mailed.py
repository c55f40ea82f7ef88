"""What the commands on mailed workbooks print; the manner is that of `xlmodel.commands.console`."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value
from xlmodel.commands.console import columns, shell_word, value_text, wrapped
from xlmodel.model.comparison import plain
from xlmodel.model.headline import CHEAPEST, COST, GAIN, LOWEST
from xlmodel.returned.check import SEVERITIES

if TYPE_CHECKING:
    from pathlib import Path

    from xlmodel.model.comparison import Comparison, Told
    from xlmodel.returned.check import Finding
    from xlmodel.returned.check.run_check import Audit
    from xlmodel.returned.refresh.run_refresh import Refreshed


SHOWN = 6  # findings that a refresh lists itself
MOST = 20  # changes of points that are told one by one
SCOPE = "Compared: inputs, rows, formulas and sheets. Stored results, labels and names: xlmodel check"


def audit_text(found: "Audit") -> str:
    """The findings of a review, the gravest first."""
    from xlmodel.returned.mailed_file import PART  # noqa: PLC0415 - loaded by the review already

    f = found.facts
    own = f"; own sheets: {', '.join(f['own_sheets'])}" if f["own_sheets"] else ""
    what = "built" if f["whole"] else f"holds {PART}, added"
    lines = [f"{f['file']}: {what} by xlmodel {f['version'] or '?'} on {f['date'] or '?'} (build {f['build'] or '?'}), "
             f"{f['points']:,} points, {f['formulas']:,} formulas{own}"]  # fmt: skip
    lines = wrapped("", lines[0])
    if not found.findings:
        return "\n".join(
            [*lines, "No finding: formulas, labels and names are as built, and stored values are what they compute."]
        )
    lines.append(_tally(found.findings))
    for finding in found.findings:
        lines += ["", f"{finding.severity.capitalize()}: {finding.where}  [{finding.rule}]"]
        for word in ("found", "expected", "fix"):
            lines += wrapped(f"    {word:<9} ", getattr(finding, word))
    return "\n".join(lines)


def _tally(findings: "Iterable[Finding]") -> str:
    """Findings by severity, the gravest first as they come."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[word]} {word}{'s' if counts[word] > 1 else ''}" for word in SEVERITIES if counts[word])


def comparison_text(found: "Comparison") -> str:
    """What changed, and the bridge from the old lowest cost to the new one."""
    old, new = found.old, found.new
    lines = wrapped("", f"{old['file']} (build {old['build']}) -> {new['file']} (build {new['build']})")
    for side in (old, new):
        lines += wrapped(f"{side['file']}: ", side["taken_away"]) if side["taken_away"] else []
    if found.same:
        return "\n".join(
            [
                *lines,
                "Nothing changed: the same inputs, formulas and sheets.",
                *wrapped("", f"{SCOPE} {shell_word(new['file'])}"),
            ]
        )
    before, after = found.before.get(LOWEST), found.after.get(LOWEST)
    name = f"{found.before.get(CHEAPEST)} -> {found.after.get(CHEAPEST)}"
    lines += ["", f"Lowest cost at the target, USD per million tokens ({name})"]
    lines.append(f"  {_usd(before):>11}  {old['file']}")
    for change in _in_few(found.changes):
        effect = change.effects.get(LOWEST, 0.0)
        moved = f"{effect:+.6f}" if effect else "."
        lines += wrapped(f"  {moved:>11}  ", _change(change))
    lines.append(f"  {_usd(after):>11}  {new['file']}")
    rows = [["Platform", "cost before", "after", "gain before", "after"]]
    for key in (key for key in found.after if key.startswith(COST)):
        platform = key.removeprefix(COST)
        values = (side.get(of) for of in (key, GAIN + platform) for side in (found.before, found.after))
        rows.append([platform, *map(_usd, values)])
    lines += ["", *columns(rows, right=range(1, 5))]
    if found.formulas:
        lines += ["", "Formulas"]
        for f in found.formulas:
            lines += wrapped(f"  {f.place}: ", f"{f.before} -> {f.after}")
    lines += [f"Own sheet {text}" for text in found.sheets]
    return "\n".join([*lines, "", *wrapped("", f"{SCOPE} {shell_word(new['file'])}")])


def _in_few(changes: "Iterable[Told]") -> "Iterator[Told]":
    """The changes, those of points added up by model and platform where there are many: two models share no point."""
    found = list(changes)
    about = Counter(change.subject for change in found if change.subject)
    if about.total() <= MOST:
        yield from found
        return
    for change in found:
        first = about.pop(change.subject, 0)
        if not change.subject:
            yield change
        elif first:
            ours = [other for other in found if other.subject == change.subject]
            count = Counter(word for other in ours for word in _fates(other))
            said = ", ".join(f"{count[word]:,} {word}" for word in ("added", "removed", "changed") if count[word])
            total = math.fsum(other.effects.get(LOWEST, 0.0) for other in ours)
            yield replace(
                change,
                what=f"Points of {change.subject}: {said}; see --json",
                place="",
                note="",
                effects={LOWEST: total},
            )


def _fates(change: "Told") -> "Iterator[str]":
    """What became of each point behind a change."""
    if not change.details:
        yield "added" if change.before is None else "removed" if change.after is None else "changed"
    for pair in change.details:
        yield "added" if pair.startswith("new -> ") else "removed" if pair.endswith(" -> gone") else "changed"


def _change(change: "Told") -> str:
    said = change.kind in ("point", "rest") or (change.before is None and change.after is None)
    after = (
        repr(change.after) if change.kind == "unusable" and isinstance(change.after, str) else value_text(change.after)
    )
    moved = "" if said else f": {value_text(change.before)} -> {after}"
    place = f" [{change.place}]" if change.place else ""
    note = f" ({change.note})" if change.note else ""
    return f"{change.what}{moved}{place}{note}"


def _usd(value: Value) -> str:
    number = is_number(value)
    return f"{value:.6f}" if number else str(value if value is not None else "#N/A")


def refresh_text(made: "Refreshed", output: "Path") -> str:
    """What a refresh did, what it left, and where that stands now."""
    found, inputs = made.bridge, made.book
    before, after = found.before.get(LOWEST), found.after.get(LOWEST)
    lines = [f"Refreshed into {output} (build {inputs.build_id})"]
    lines += wrapped("  Lowest    ", f"{_usd(before)} -> {_usd(after)} USD per million tokens at the target")
    kinds = Counter(step.change.kind for step in found.steps)
    said = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items())
    lines += wrapped("  New data  ", said or "none: the data are those of the old workbook")
    if made.own_sheets:
        lines += wrapped("  Yours     ", f"sheets {', '.join(made.own_sheets)}")
    if made.carried:
        lines += wrapped("  Carried   ", "; ".join(made.carried))
    for remark in made.remarks:
        what = f"{remark.what}: {value_text(remark.before)}" if remark.before is not None else remark.what
        place = f" [{remark.place}]" if remark.place else ""
        lines += wrapped("  Look      ", f"{what}{place}{f' ({remark.kept})' if remark.kept else ''}")
    if made.left:
        places = [f"{finding.where}: {finding.found} [{finding.rule}]" for finding in made.left[:SHOWN]]
        more = f"; and {len(made.left) - SHOWN} more" if len(made.left) > SHOWN else ""
        lines += wrapped("  Left      ", f"{_tally(made.left)} that a refresh does not mend: {'; '.join(places)}{more}")
    own = "; your own sheets show their old results until a program computes them anew, as Excel does on opening"
    lines += wrapped(
        "  Next      ",
        f"the sheet Changes has a line for each; the original is untouched{own if made.own_sheets else ''}; "
        f"xlmodel check {shell_word(output)}",
    )
    return "\n".join(lines)


def refresh_facts(made: "Refreshed", output: "Path") -> dict[str, Any]:
    """The same for JSON."""
    return {
        "path": str(output), "build": made.book.build_id, "own_sheets": list(made.own_sheets), "carried": list(made.carried),
        "lowest": {"before": plain(made.bridge.before.get(LOWEST)), "after": plain(made.bridge.after.get(LOWEST))},
        "changes": [
            {"what": s.change.what, "before": plain(s.change.before), "after": plain(s.change.after), "effect": s.effects.get(LOWEST)}
            for s in made.bridge.steps
        ],
        "remarks": [
            {"what": r.what, "place": r.place, "before": plain(r.before), "after": plain(r.after), "kept": r.kept} for r in made.remarks
        ],
        "left": [finding.facts() for finding in made.left],
    }  # fmt: skip
