"""What changed between two sets of inputs, each change with the step that makes it.

The steps stand in the order in which a bridge takes them: first what the world did (facts, points, quotes), then
what people decided (own prices, ownership, scenario), because a decision is made in the world as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from xlmodel.model.changed_rows import hosted, points, quotes
from xlmodel.model.difference import ASSUMPTION, CHOICE, DEMAND, FACT, OWN_PRICE, Apply, Difference
from xlmodel.model.scenario import Inputs

SCENARIOS = ("second", "third", "reporting", "sensitivity")  # what stands on Scenario beside the base and the names


def differences(old: Inputs, new: Inputs) -> list[Difference]:
    """Every change from one set of inputs to another, in the order of a bridge."""
    return [
        *_facts(old, new), *points(old, new), *quotes(old, new), *hosted(old, new),
        *_items(old, new, "own_prices", OWN_PRICE, "prices.own/", "Own price of "),
        *_fields(old, new, "ownership", ASSUMPTION), *_fields(old, new, "scenario", CHOICE),
        *(change for section in SCENARIOS for change in _fields(old, new, section, CHOICE)), *_naming(old, new),
        *(change for section in ("fleet", "plan") for change in _fields(old, new, section, DEMAND)),
    ]  # fmt: skip


def pooled(inputs: Inputs) -> Inputs:
    """The same inputs with typed rows among the others, and without what a workbook does not show.

    Where a row stands, and on how many GPUs it was measured, changes no result.
    """
    points = (point if not point.gpus else replace(point, gpus=0) for point in (*inputs.points, *inputs.typed))
    quotes, hosted = (*inputs.quotes, *inputs.typed_quotes), (*inputs.api_prices, *inputs.typed_api)
    return replace(
        inputs, points=tuple(points), typed=(), quotes=quotes, typed_quotes=(), api_prices=hosted, typed_api=()
    )


def _facts(old: Inputs, new: Inputs) -> Iterator[Difference]:
    then, now = (
        {name: replace(fact, no_curve="") for name, fact in i.facts.items()} for i in (old, new)
    )  # follows from the points
    for name in dict.fromkeys((*then, *now)):
        a, b = then.get(name), now.get(name)
        if a == b:
            continue

        def apply(inputs: Inputs, name: str = name) -> Inputs:
            others = [fact for fact in inputs.platforms if fact.platform != name]
            return replace(inputs, platforms=(*others, *(fact for fact in new.platforms if fact.platform == name)))

        apart = [f.name for f in fields(a) if getattr(a, f.name) != getattr(b, f.name)] if a and b else []
        shown = ", ".join(apart) or ("added" if b else "removed")
        before, after = (getattr(a, apart[0]), getattr(b, apart[0])) if len(apart) == 1 else (None, None)
        yield Difference(FACT, f"platform/{name}", f"Facts of {name}: {shown}", before, after, apply)


def _items(old: Inputs, new: Inputs, field: str, kind: str, start: str, words: str) -> Iterator[Difference]:
    """Changes of a mapping of the inputs, item by item."""
    a: Mapping[str, float] = getattr(old, field)
    b: Mapping[str, float] = getattr(new, field)
    for item in dict.fromkeys((*a, *b)):
        if a.get(item) != b.get(item):

            def apply(inputs: Inputs, item: str = item) -> Inputs:
                return replace(inputs, **{field: _with(getattr(inputs, field), item, b.get(item))})  # type: ignore[arg-type]

            yield Difference(kind, start + item, words + item, a.get(item), b.get(item), apply)


def _fields(old: Inputs, new: Inputs, section: str, kind: str) -> Iterator[Difference]:
    """Changes of a dataclass of the inputs, field by field; mappings in it item by item."""
    a, b = getattr(old, section), getattr(new, section)
    for field in fields(a):
        was, is_ = getattr(a, field.name), getattr(b, field.name)
        words = field.name.replace("_", " ").capitalize()
        if isinstance(was, Mapping):
            for item in dict.fromkeys((*was, *is_)):
                if was.get(item) != is_.get(item):
                    apply = _set_item(section, field.name, item, is_.get(item))
                    key = f"{section}.{field.name}/{item}"
                    yield Difference(kind, key, f"{words} of {item}", was.get(item), is_.get(item), apply)
        elif was != is_:
            yield Difference(kind, f"{section}.{field.name}", words, was, is_, _set(section, field.name, is_))


def _naming(old: Inputs, new: Inputs) -> Iterator[Difference]:
    """Names of scenarios, which the choice of the active one follows; then that choice, which has the effect."""
    found = {change.key.removeprefix("naming."): change for change in _fields(old, new, "naming", CHOICE)}
    chosen = found.pop("active", None)
    for name, change in found.items():
        yield replace(change, apply=_renamed(change, name)) if chosen else change
    if chosen:
        yield chosen


def _renamed(change: Difference, name: str) -> Apply:
    def apply(inputs: Inputs) -> Inputs:
        active = inputs.naming.active.casefold() == getattr(inputs.naming, name).casefold()
        now = change.apply(inputs)
        return _set("naming", "active", change.after)(now) if active else now

    return apply


def _set(section: str, field: str, value: Any) -> Apply:
    return lambda inputs: replace(inputs, **{section: replace(getattr(inputs, section), **{field: value})})


def _set_item(section: str, field: str, item: str, value: float | None) -> Apply:
    def apply(inputs: Inputs) -> Inputs:
        held = getattr(getattr(inputs, section), field)
        return _set(section, field, _with(held, item, value))(inputs)

    return apply


def _with(mapping: Mapping[str, float], item: str, value: float | None) -> dict[str, float]:
    """A copy with one item set, or without it."""
    found = {key: held for key, held in mapping.items() if key != item}
    return found if value is None else {**found, item: value}
