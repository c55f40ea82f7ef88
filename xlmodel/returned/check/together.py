"""Many findings of one kind on one sheet as one, so that a long list never hides what else was found."""

from collections.abc import Iterable

from xlmodel.returned.check import Finding

MOST = 25  # findings of one kind on one sheet that are listed one by one
FIRST = 3  # places and faults that are named of many
LISTED = 1_000  # places that JSON lists of many

Kind = tuple[str, str, str, str]


def together(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in their order; where one kind has too many on a sheet, one that counts them and names the first."""
    kinds: dict[Kind, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.rule, finding.severity, _sheet(finding.where), finding.fix), []).append(finding)
    told: list[Finding] = []
    for held in kinds.values():
        told += held if len(held) <= MOST else [_one(held)]
    return told


def _sheet(where: str) -> str:
    """The sheet of a place, such as Prices!B8 or "sheet Prices, rows 7 to 9"; the place itself where it names none."""
    return where.rpartition("!")[0] or where.partition(",")[0]


def _one(held: list[Finding]) -> Finding:
    first = held[:FIRST]
    where = ", ".join(f.where for f in first) + f" and {len(held) - FIRST:,} more"
    found, expected = (", ".join(dict.fromkeys(getattr(f, name) for f in first)) for name in ("found", "expected"))
    return Finding(
        held[0].rule, held[0].severity, where, f"{len(held):,} findings of one kind: {found}", expected, held[0].fix,
        tuple(f"{f.where}: {f.found}" for f in held[:LISTED]),
    )  # fmt: skip
