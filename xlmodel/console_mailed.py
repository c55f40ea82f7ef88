"""What the commands on mailed workbooks print; the manner is that of `xlmodel.console`."""

from typing import TYPE_CHECKING

from xlmodel.console import wrapped

if TYPE_CHECKING:
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
