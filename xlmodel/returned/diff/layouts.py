"""What two builds do in another way: sheets, inputs, tables, formulas, words, guards, lights and charts, by what names them.

Places do not count: a row further down is no change. Where a build does not say what it put where, its file is read.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace

from xlmodel.book.built import BuiltSheet, Fill, Mark, short
from xlmodel.book.formula_text import template_of
from xlmodel.book.free import Free
from xlmodel.book.refs import shape
from xlmodel.calc.values import Value
from xlmodel.model.comparison import Told
from xlmodel.returned.check import (
    NOTE,
    AuditRule,
    chart_rules,
    conditions,
    formats,
    ink,
    lines,
    overlays,
    page_rules,
    protection_rules,
)
from xlmodel.returned.check.subject import Subject
from xlmodel.returned.origin import explained

KIND = "layout"
FEW = 4  # names of what came or went that are told
SEEN: tuple[AuditRule, ...] = (
    *formats.RULES, *ink.RULES, *lines.RULES, *conditions.RULES, *protection_rules.RULES, *page_rules.RULES, *overlays.RULES, *chart_rules.RULES,
)  # fmt: skip


def layouts(a: Subject, b: Subject) -> Iterator[Told]:
    """What one build has and the other has not; nothing for two of one layout."""
    if a.contract.form == b.contract.form:
        return
    found = list(_apart(a, b))
    yield from found
    if not found:
        yield _told(
            "The layout",
            f"xlmodel {a.contract.version}",
            f"xlmodel {b.contract.version}",
            "same words and formulas in other places",
        )


def looks(a: Subject, b: Subject) -> Iterator[Told]:
    """What a person sees in one file only: a format, a light, a guard or a chart that is not as its build has it.

    What a program takes from every build that it saves is no change: the comparison says which program that was.
    """
    then, now = (
        {
            (f.where, f.found): f
            for rule in SEEN
            for f in rule.findings(s)
            if f.severity != NOTE and not explained(s.mailed.origin, f)
        }
        for s in (a, b)
    )
    for key, fault in now.items():
        if key not in then:
            yield Told("What a reader sees", fault.where, fault.expected, fault.found, "", {}, "looks")
    for key, fault in then.items():
        if key not in now:
            yield Told("What a reader sees", fault.where, fault.found, fault.expected, "", {}, "looks")


def _apart(a: Subject, b: Subject) -> Iterator[Told]:
    yield from _names("Sheets", a.contract.sheets, b.contract.sheets)
    yield from _names("Inputs", a.contract.inputs, b.contract.inputs)
    yield from _names("Results", a.contract.outputs, b.contract.outputs)
    yield from _names("Tables", a.contract.tables, b.contract.tables)
    for name in (name for name in a.contract.tables if name in b.contract.tables):
        headers = (s.contract.tables[name].headers for s in (a, b))
        yield from _names(f"Columns of {name}", *headers)
    sheets = [name for name in a.contract.sheets if name in b.contract.sheets]
    pairs = {name: (_parts(a, b, name), _parts(b, a, name)) for name in sheets}
    for what in ("Formulas", "Words", "What may be typed", "Lights", "Charts", "Number formats"):
        yield from _kind(what, {name: (was.get(what), now.get(what)) for name, (was, now) in pairs.items()})


def _names(what: str, was: Iterable[Hashable], now: Iterable[Hashable]) -> Iterator[Told]:
    before, after = Counter(list(was)), Counter(list(now))
    gone, new = before - after, after - before
    if gone or new:
        yield _told(what, _listed(gone), _listed(new), f"{gone.total()} gone, {new.total()} new")


def _listed(names: Mapping[Hashable, int]) -> str:
    words = [str(name) for name in names]
    more = f" and {len(words) - FEW} more" if len(words) > FEW else ""
    return ", ".join(word if len(word) < 60 else word[:59] + "…" for word in words[:FEW]) + more


def _told(what: str, was: str, now: str, note: str) -> Told:
    return Told(f"{what} by the build", "", was or "none", now or "none", note, {}, KIND)


def _parts(s: Subject, other: Subject, name: str) -> dict[str, list[Hashable]]:
    """What tells a sheet from that of another book, place or not; formulas that are all the same tell nothing."""
    built, theirs = (one.built.sheets.get(name) if one.built else None for one in (s, other))
    if built is None:
        return _read(s, name)
    fills = built.fills if theirs is None or theirs.fills != built.fills else ()
    return {
        "Formulas": [template_of(fill) for fill in fills for _ in range(fill.row, fill.last + 1)],
        "Words": [_word(label) for label in built.labels.values()],
        **_guards(built),
    }


def _guards(built: BuiltSheet) -> dict[str, list[Hashable]]:
    return {
        "What may be typed": [
            f"list {v.source}" if v.source else f"{v.low:g} to {v.high:g}" for v in built.validations
        ],
        "Lights": [f"{c.look} for ={shape(str(c.formula))}" for c in built.conditions],
        "Charts": [f"{c.kind} of {c.y_title}" for c in built.charts],
        "Number formats": list(dict.fromkeys(d.format for d in built.dresses if d.format)),
    }


def _read(s: Subject, name: str) -> dict[str, list[Hashable]]:
    """Formulas and words of a sheet as the file holds them."""
    free = Free.agreed(s.contract, name)
    formulas = [template_of(Fill(at[0], at[1], at[0], held.own)) for at, held in s.formulas.get(name, {}).items()]
    words = [
        _word(value)
        for at, cell in s.mailed.cells(name).items()
        if cell.formula is None and not free.holds(*at) and (value := s.package.value(cell)) not in (None, "")
    ]
    return {"Formulas": list(formulas), "Words": list(words)}


def _word(label: Value | Mark) -> str:
    kept = short(label) if not isinstance(label, Mark) else label
    return (
        f"a text ~{kept.code}" if isinstance(kept, Mark) else f"{kept:.10g}" if isinstance(kept, float) else str(kept)
    )


def _kind(what: str, pairs: Mapping[str, tuple[list[Hashable] | None, list[Hashable] | None]]) -> Iterator[Told]:
    """One kind of thing on all sheets, as one change."""
    gone: list[str] = []
    new: list[str] = []
    notes: list[str] = []
    for name, (was, now) in pairs.items():
        if was is None or now is None:
            continue  # one of the two builds does not say it
        left, came = Counter(was) - Counter(now), Counter(now) - Counter(was)
        if left or came:
            gone += [f"{name}: {one}" for one in left]
            new += [f"{name}: {one}" for one in came]
            notes.append(f"{name}: {left.total()} gone, {came.total()} new of {len(now)}")
    if notes:
        counted = what == "Formulas"  # their texts are no reading
        was_, now_ = ("", "") if counted else (_listed(Counter(gone)), _listed(Counter(new)))
        told = _told(what, was_, now_, notes[0] + (f" and {len(notes) - 1} more sheets" if len(notes) > 1 else ""))
        yield replace(told, details=tuple(notes))
