"""What a comparison of two workbooks tells: plain data for text, JSON and the report."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlmodel.calc.values import ExcelError, Value


@dataclass(frozen=True, slots=True)
class Told:
    """One change as it is reported: what, where, by whom, and its effect on each result.

    Attributes:
        subject: what many changes are added up by, such as the model and platform of a point; empty for others.
    """

    what: str
    place: str
    before: Value
    after: Value
    note: str
    effects: Mapping[str, float]
    kind: str
    details: tuple[str, ...] = ()
    subject: str = ""


@dataclass(frozen=True, slots=True)
class FormulaChange:
    """A formula that is as built in one file and not in the other."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two workbooks compared.

    Attributes:
        old, new: what they are.
        before, after: results by name, as the files show them where they store them.
        changes: in the order of the bridge; the last may be what inputs do not explain.
        formulas: typed over, changed or restored.
        sheets: own sheets that came or went.
    """

    old: Mapping[str, Any]
    new: Mapping[str, Any]
    before: Mapping[str, Value]
    after: Mapping[str, Value]
    changes: tuple[Told, ...]
    formulas: tuple[FormulaChange, ...]
    sheets: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return not (self.changes or self.formulas or self.sheets)

    def as_facts(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {
            "old": dict(self.old), "new": dict(self.new),
            "results": [
                {"result": name, "before": plain(self.before.get(name)), "after": plain(value)}
                for name, value in self.after.items()
            ],
            "changes": [
                {
                    "kind": c.kind, "what": c.what, "place": c.place, "before": plain(c.before), "after": plain(c.after),
                    "note": c.note, "effects": {name: effect for name, effect in c.effects.items() if effect},
                    "details": list(c.details),
                }
                for c in self.changes
            ],
            "formulas": [{"place": f.place, "before": f.before, "after": f.after} for f in self.formulas],
            "own_sheets": list(self.sheets),
        }  # fmt: skip


def plain(value: Value) -> Any:
    """A value for JSON."""
    return value.code if isinstance(value, ExcelError) else value
