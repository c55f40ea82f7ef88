"""From one set of inputs to another: what each change did to the headline, so that the effects add up.

Changes are made one after the other in the order of `xlmodel.model.difference`; the effect of a change is what the
results move when it is made on top of those before it. Another order would split a joint effect otherwise, but the
sum is always the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value
from xlmodel.model.changed_inputs import differences, pooled
from xlmodel.model.difference import Difference
from xlmodel.model.facts import newest_last
from xlmodel.model.headline import LOWEST, headline
from xlmodel.model.scenario import Inputs


@dataclass(frozen=True, slots=True)
class Step:
    """A change and what it did: result -> by how much; a result without a number before and after is left out."""

    change: Difference
    effects: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Bridge:
    """All steps between two sets of inputs.

    Attributes:
        before, after: the results, by name.
        steps: in the order in which they were taken.
    """

    before: Mapping[str, Value]
    after: Mapping[str, Value]
    steps: tuple[Step, ...]

    def total(self, result: str = LOWEST) -> float | None:
        """By how much a result moved; None when it is no number before or after."""
        a, b = self.before.get(result), self.after.get(result)
        return b - a if is_number(a) and is_number(b) else None


def bridge(old: Inputs, new: Inputs) -> Bridge:
    """What moved the results from one set of inputs to another, change by change."""
    a, b = pooled(old), pooled(new)
    snapshots = {s.label: s for s in (*a.snapshots, *b.snapshots)}
    ordered = sorted(snapshots.values(), key=lambda snapshot: newest_last(snapshot.label))
    now = replace(a, snapshots=tuple(ordered))  # which one is newest depends on their names, not on when they came
    names = tuple(dict.fromkeys(p.platform for p in (*a.points, *b.points)))
    before = results = headline(now, names)
    last = {name: value for name, value in before.items() if is_number(value)}
    steps = []
    for change in differences(a, b):
        now = change.apply(now)
        results = headline(now, names)
        effects = {}
        for name, value in results.items():
            if is_number(value):
                effects[name] = value - last.get(name, value)
                last[name] = value
        steps.append(Step(change, effects))
    return Bridge(before, results, tuple(steps))
