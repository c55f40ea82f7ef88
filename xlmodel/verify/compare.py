"""Two workbooks: what changed from the old to the new one, and what each change did to the results."""

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path

from xlmodel.domain.bridge import Bridge, Step, bridge
from xlmodel.domain.comparison import Comparison, FormulaChange, Told
from xlmodel.domain.difference import Difference
from xlmodel.domain.headline import COST, GAIN, LOWEST
from xlmodel.formulas.values import Value, same
from xlmodel.verify.audit import cells
from xlmodel.verify.audit.run import facts
from xlmodel.verify.audit.subject import Subject
from xlmodel.verify.mailed.file import open_mailed
from xlmodel.verify.mailed.remarks import remarks
from xlmodel.verify.parts import sound

REST = "Formulas typed over or of another version, and results that were not recalculated"
KEPT_APART = 1e-9  # relative difference from which a stored result is not that of the Python model


def compare(old: Path, new: Path) -> Comparison:
    """Compare two workbooks that xlmodel built.

    Raises:
        WorkbookRefused: one of them cannot be read safely, or was not built by xlmodel.
    """
    mailed = open_mailed(old), open_mailed(new)
    with sound(old.name):
        a = Subject(mailed[0], datetime.datetime.now(tz=datetime.UTC).date())
        then, held_then = a.contents.inputs, shown(a)
    with sound(new.name):
        b = Subject(mailed[1], a.today)
        return _compared(a, b, bridge(then, b.contents.inputs), held_then)


def _compared(a: Subject, b: Subject, found: Bridge, held: Mapping[str, Value]) -> Comparison:
    said = remarks(b.mailed)
    changes = [_told(b, step, said) for step in found.steps]
    before, after = {**found.before, **held}, {**found.after, **shown(b)}
    changes += _others(a, b, said)
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
    moved = any(s.moves.values())
    return {} if moved else {name: value for name, value in found.items() if value is not None}


def _told(b: Subject, step: Step, said: Mapping[tuple[str, int, int], str]) -> Told:
    """A step with the place of its input, and what people noted there."""
    c = step.change
    typed = b.mailed.typed.get(c.key)
    place = b.where(typed.ref.sheet, typed.ref.row, typed.ref.col) if typed else ""
    note = c.note
    if typed:
        now = b.mailed.sheets[typed.ref.sheet]
        note = said.get((now, typed.ref.row, typed.ref.col), note)
    return Told(_words(c), place, c.before, c.after, note, step.effects, c.kind, c.details)


def _others(a: Subject, b: Subject, said: Mapping[tuple[str, int, int], str]) -> Iterator[Told]:
    """Inputs that move no result: sign-off, tolerances, arguments of examples."""
    then, now = a.contents.others, b.contents.others
    for key in dict.fromkeys((*then, *now)):
        was, is_ = (held[key].value if key in held else None for held in (then, now))
        if not same(was, is_):
            typed = now.get(key) or then[key]
            name = b.mailed.sheets.get(typed.ref.sheet, typed.ref.sheet)
            note = said.get((name, typed.ref.row, typed.ref.col), "")
            where = b.where(typed.ref.sheet, typed.ref.row, typed.ref.col)
            yield Told(f"Input {key}", where, was, is_, note, {}, "other")


def _words(c: Difference) -> str:
    sheet = {"choice": "Scenario", "assumption": "Ownership", "demand": "Fleet"}.get(c.kind)
    return f"{sheet}: {c.what[0].lower()}{c.what[1:]}" if sheet else c.what


def _formulas(a: Subject, b: Subject) -> Iterator[FormulaChange]:
    """Formulas that deviate from their build in one file only, or in another way."""
    then, now = ({f.where: f for f in (*cells.overwritten(s), *cells.changed(s))} for s in (a, b))
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
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (a, b))
    return float(b) - float(a) if numbers else None  # type: ignore[arg-type]
