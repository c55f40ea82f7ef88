"""Two workbooks: what changed from the old to the new one, and what each change did to the results."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from xlmodel.calc.arithmetic import is_number
from xlmodel.calc.values import Value, same
from xlmodel.model.bridge import Bridge, Step, bridge
from xlmodel.model.comparison import Comparison, FormulaChange, Told
from xlmodel.model.difference import POINT, Difference
from xlmodel.model.headline import COST, GAIN, LOWEST
from xlmodel.model.typed import OWN_PRICE
from xlmodel.returned.check import cell_rules
from xlmodel.returned.check.reference import near
from xlmodel.returned.check.run_check import facts
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.diff.layouts import layouts, looks
from xlmodel.returned.diff.seen import results, seen
from xlmodel.returned.mailed_file import PART, Typed
from xlmodel.returned.opening import open_mailed
from xlmodel.returned.remarks import remarks
from xlmodel.xlsx.sound import sound
from xlmodel.xlsx.texts import canonical

REST = "Formulas typed over or of another version, and results that were not recalculated"
KEPT_APART = 1e-9  # relative difference from which a stored result is not that of the Python model
UNUSABLE = "unusable"  # kind of a change to something that the model cannot take
_SECTIONS = {  # what a reader calls the inputs of a section of the contract
    "scenario": "Scenario", "second": "Second scenario", "third": "Third scenario", "naming": "Scenarios", "reporting": "Reporting",
    "sensitivity": "Sensitivity", "ownership": "Ownership", "fleet": "Fleet", "plan": "Plan",
}  # fmt: skip
_STATES = {"visible": "in sight", "hidden": "hidden", "veryHidden": "hidden so that no menu shows it"}


def compare(old: Path, new: Path) -> Comparison:
    """Compare two workbooks that xlmodel built.

    Raises:
        WorkbookRefused: one of them cannot be read safely, or was not built by xlmodel.
    """
    mailed = open_mailed(old), open_mailed(new)
    with sound(old.name):
        a = Subject(mailed[0], datetime.datetime.now(tz=datetime.UTC).date(), valued=False)
        then, held_then = a.contents.inputs, shown(a)
    with sound(new.name):
        b = Subject(mailed[1], a.today, valued=False)
        b.near = near(a.reference, b.contents.inputs, b.contract)
        return _compared(a, b, bridge(then, b.contents.inputs), held_then)


def _compared(a: Subject, b: Subject, found: Bridge, held: Mapping[str, Value]) -> Comparison:
    said = remarks(b.mailed)
    changes = [_told(a, b, step, said) for step in found.steps]
    before, after = {**found.before, **held}, {**found.after, **shown(b)}
    changes += _others(a, b, said, {step.change.key for step in found.steps})
    changes += _states(a, b)
    changes += layouts(a, b)
    changes += looks(a, b)
    changes += seen(a, b)
    if not changes:
        changes += results(a, b)
    rest = {}
    for name in found.after:
        whole, parts = _gap(before.get(name), after.get(name)), found.total(name)
        if whole is not None and parts is not None and abs(whole - parts) > KEPT_APART * max(1.0, abs(whole)):
            rest[name] = whole - parts
    if rest:
        changes.append(Told(REST, "", None, None, "see xlmodel check", rest, "rest"))
    return Comparison(facts(a), facts(b), before, after, tuple(changes), tuple(_formulas(a, b)), tuple(_sheets(a, b)))


def shown(s: Subject) -> dict[str, Value]:
    """The results as the file stores them, by the names of the model; those it does not store are left out."""
    places = s.contract.outputs
    found: dict[str, Value] = {}
    cost = places.get("cost")
    if cost:
        found[LOWEST] = s.mailed.value(cost.sheet, cost.row, cost.col)
    names = places.get("platforms")
    for key, start in (("costs", COST), ("gains", GAIN)):
        area = places.get(key)
        if area and names:
            for i in range(getattr(area, "last_row", area.row) - area.row + 1):
                name = s.mailed.value(names.sheet, names.row + i, names.col)
                found[f"{start}{name}"] = s.mailed.value(area.sheet, area.row + i, area.col)
    return {} if s.moved else {name: value for name, value in found.items() if value is not None}


def _told(a: Subject, b: Subject, step: Step, said: Mapping[tuple[str, int, int], str]) -> Told:
    """A step with the place of its input, and what people noted there."""
    c = step.change
    typed = b.mailed.typed.get(c.key)
    place = b.where(typed.ref.sheet, typed.ref.row, typed.ref.col) if typed else ""
    subject = " on ".join(c.key.partition("/")[2].split("|")[:2]) if c.kind == POINT else ""
    notes = [_note(b, typed, said) or c.note, *_unusable(a, b, c.key)]
    before, after = (
        _shown(s, c.key) if c.key in s.contents.unusable else value for s, value in ((a, c.before), (b, c.after))
    )
    kind = UNUSABLE if c.key in b.contents.unusable else c.kind
    note = "; ".join(filter(None, notes))
    return Told(_words(c), place, before, after, note, step.effects, kind, c.details, subject)


def _others(a: Subject, b: Subject, said: Mapping[tuple[str, int, int], str], known: Collection[str]) -> Iterator[Told]:
    """Inputs that hold something else and move no result: what cannot be used, sign-off, tolerances, arguments of examples."""
    then, now = a.mailed.typed, b.mailed.typed
    for key in dict.fromkeys((*then, *now)):
        was, is_ = then.get(key), now.get(key)
        typed = is_ or was
        assert typed is not None
        if key in known or _alike(was, is_) or not all(typed.ref.sheet in s.mailed.sheets for s in (a, b)):
            continue  # what stood on a sheet that is gone is told with the sheet
        note = "; ".join(filter(None, [_note(b, typed, said), *_unusable(a, b, key)]))
        where = b.where(typed.ref.sheet, typed.ref.row, typed.ref.col)
        kind = UNUSABLE if key in b.contents.unusable else "other"
        yield Told(_called(key), where, _shown(a, key), _shown(b, key), note, {}, kind)


def _alike(a: Typed | None, b: Typed | None) -> bool:
    """Whether two cells hold the same: the same formula, or the same value typed."""
    x, y = (canonical(typed.formula) if typed else "" for typed in (a, b))
    return x == y and (bool(x) or same(a.value if a else None, b.value if b else None))


def _shown(s: Subject, key: str) -> Value:
    """What the cell of an input holds, usable or not."""
    typed = s.mailed.typed.get(key)
    return None if typed is None else f"={typed.formula}" if typed.formula else typed.value


def _unusable(a: Subject, b: Subject, key: str) -> Iterator[str]:
    """What the model makes of an input that it cannot use."""
    for s, word, counts in ((a, "before: ", "counted"), (b, "", "counts")):
        problem = s.contents.unusable.get(key)
        if problem:
            value = s.contents.counted(key)
            shown = "empty" if value is None else f"{value:g}" if isinstance(value, float) else value
            yield f"{word}not usable: expected {problem.expected}; {counts} as {shown}"


def _note(b: Subject, typed: Typed | None, said: Mapping[tuple[str, int, int], str]) -> str:
    """What people noted at an input."""
    if typed is None:
        return ""
    return said.get((b.mailed.sheets.get(typed.ref.sheet, typed.ref.sheet), typed.ref.row, typed.ref.col), "")


def _states(a: Subject, b: Subject) -> Iterator[Told]:
    """What became of sheets: gone, hidden, renamed; another edition, and a part of a build for a full one."""
    if a.mailed.whole != b.mailed.whole:
        was, is_ = ("a full build" if s.mailed.whole else PART for s in (a, b))
        yield Told("What it holds", "", was, is_, "", {}, "edition")
    if a.contract.edition != b.contract.edition:
        yield Told(
            "Edition: where the functions come from", "", a.contract.edition, b.contract.edition, "", {}, "edition"
        )
    built = [name for name in a.contract.sheets if name in b.contract.sheets]
    own = [name for name in a.mailed.own_sheets if name in b.mailed.own_sheets]
    for name in (*built, *own):
        was, is_ = (_state(s, name) for s in (a, b))
        if was != is_:
            yield Told(f"Sheet {name}", "", was, is_, "", {}, "sheet")


def _state(s: Subject, name: str) -> str:
    now = s.mailed.sheets.get(name, name)
    if now not in s.mailed.states:
        return "gone"
    state = _STATES.get(s.mailed.states[now], s.mailed.states[now])
    return state if now == name else f"{state} as {now}"


def _words(c: Difference) -> str:
    return c.what if c.key.partition(".")[0] not in _SECTIONS else _called(c.key)


def _called(key: str) -> str:
    """An input in words."""
    if key.startswith(OWN_PRICE):
        return f"Own price of {key.removeprefix(OWN_PRICE)}"
    section, _, field = key.partition(".")
    if section not in _SECTIONS:
        return f"Input {key}"
    name, _, item = field.partition("/")
    return f"{_SECTIONS[section]}: {name.replace('_', ' ')}" + (f" of {item}" if item else "")


def _formulas(a: Subject, b: Subject) -> Iterator[FormulaChange]:
    """Formulas that deviate from their build in one file only, or in another way."""
    then, now = ({f.where: f for f in (*cell_rules.overwritten(s), *cell_rules.changed(s))} for s in (a, b))
    for where in dict.fromkeys((*then, *now)):
        was, is_ = then.get(where), now.get(where)
        if was and is_ and was.found == is_.found:
            continue
        built = (is_ or was).expected  # type: ignore[union-attr]
        yield FormulaChange(where, was.found if was else built, is_.found if is_ else built)


def _sheets(a: Subject, b: Subject) -> Iterator[str]:
    then, now = a.mailed.own_sheets, b.mailed.own_sheets
    yield from (f"added: {name}" for name in now if name not in then)
    yield from (f"removed: {name}" for name in then if name not in now)


def _gap(a: Value, b: Value) -> float | None:
    numbers = all(is_number(v) for v in (a, b))
    return float(b) - float(a) if numbers else None  # type: ignore[arg-type]
