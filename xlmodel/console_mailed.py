"""What the commands on mailed workbooks print; the manner is that of `xlmodel.console`."""

from typing import TYPE_CHECKING

from xlmodel.console import columns, value_text, wrapped
from xlmodel.domain.headline import CHEAPEST, COST, GAIN, LOWEST
from xlmodel.formulas.values import Value

if TYPE_CHECKING:
    from xlmodel.domain.comparison import Comparison, Told
    from xlmodel.verify.audit.run import Audit


def audit_text(found: "Audit") -> str:
    """The findings of a review, the gravest first."""
    f = found.facts
    own = f"; own sheets: {', '.join(f['own_sheets'])}" if f["own_sheets"] else ""
    lines = [f"{f['file']}: built by xlmodel {f['version'] or '?'} on {f['date'] or '?'} (build {f['build'] or '?'}), "
             f"{f['points']:,} points, {f['formulas']:,} formulas{own}"]  # fmt: skip
    lines = wrapped("", lines[0])
    if not found.findings:
        return "\n".join(
            [*lines, "No finding: formulas, labels and names are as built, and stored values are what they compute."]
        )
    lines.append(
        ", ".join(f"{count} {word if count == 1 else word + 's'}" for word, count in found.counts.items() if count)
    )
    for finding in found.findings:
        lines += ["", f"{finding.severity.capitalize()}: {finding.where}  [{finding.rule}]"]
        for word in ("found", "expected", "fix"):
            lines += wrapped(f"    {word:<9} ", getattr(finding, word))
    return "\n".join(lines)


def comparison_text(found: "Comparison") -> str:
    """What changed, and the bridge from the old lowest cost to the new one."""
    old, new = found.old, found.new
    lines = wrapped("", f"{old['file']} (build {old['build']}) -> {new['file']} (build {new['build']})")
    if found.same:
        return "\n".join([*lines, "Nothing changed: the same inputs, formulas and own sheets."])
    before, after = found.before.get(LOWEST), found.after.get(LOWEST)
    name = f"{found.before.get(CHEAPEST)} -> {found.after.get(CHEAPEST)}"
    lines += ["", f"Lowest cost at the target, USD per million tokens ({name})"]
    lines.append(f"  {_usd(before):>11}  {old['file']}")
    for change in found.changes:
        effect = change.effects.get(LOWEST, 0.0)
        lines += wrapped(f"  {_effect(effect):>11}  ", _change(change))
    lines.append(f"  {_usd(after):>11}  {new['file']}")
    rows = [["Platform", "cost before", "after", "gain before", "after"]]
    for key in (key for key in found.after if key.startswith(COST)):
        platform = key.removeprefix(COST)
        values = (
            found.before.get(key),
            found.after.get(key),
            found.before.get(GAIN + platform),
            found.after.get(GAIN + platform),
        )
        rows.append([platform, *map(_usd, values)])
    lines += ["", *columns(rows, right=range(1, 5))]
    if found.formulas:
        lines += ["", "Formulas"]
        for f in found.formulas:
            lines += wrapped(f"  {f.place}: ", f"{f.before} -> {f.after}")
    lines += [f"Own sheet {text}" for text in found.sheets]
    return "\n".join(lines)


def _change(change: "Told") -> str:
    said = change.kind in ("point", "rest") or (change.before is None and change.after is None)
    moved = "" if said else f": {value_text(change.before)} -> {value_text(change.after)}"
    place = f" [{change.place}]" if change.place else ""
    note = f" ({change.note})" if change.note else ""
    return f"{change.what}{moved}{place}{note}"


def _effect(effect: float) -> str:
    return f"{effect:+.6f}" if effect else "."


def _usd(value: Value) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.6f}" if number else str(value if value is not None else "#N/A")
