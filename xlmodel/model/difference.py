"""What changed between two sets of inputs, each change with the step that makes it.

The steps stand in the order in which a bridge takes them: first what the world did (facts, points, quotes), then
what people decided (own prices, ownership, scenario), because a decision is made in the world as it is.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from xlmodel.calc.values import Value
from xlmodel.model import api_price
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.facts import Quote
from xlmodel.model.point import Group, Point
from xlmodel.model.scenario import Inputs

FEW = 8  # points of one curve that are told one by one; more are one change
FACT, POINT, QUOTE, HOSTED, OWN_PRICE, ASSUMPTION, CHOICE, DEMAND = (
    "fact", "point", "quote", "API price", "own price", "assumption", "choice", "demand",
)  # fmt: skip
SCENARIOS = ("second", "third", "reporting", "sensitivity")  # what stands on Scenario beside the base and the names

Apply = Callable[[Inputs], Inputs]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change.

    Attributes:
        kind: fact, point, quote, API price, own price, assumption, choice or demand.
        key: of the input in the contract, or a name of the row.
        what: in words.
        apply: the inputs with this change made.
        note: what its row says about it.
        details: the points behind a change of many.
    """

    kind: str
    key: str
    what: str
    before: Value
    after: Value
    apply: Apply
    note: str = ""
    details: tuple[str, ...] = ()


def differences(old: Inputs, new: Inputs) -> list[Difference]:
    """Every change from one set of inputs to another, in the order of a bridge."""
    return [
        *_facts(old, new), *_points(old, new), *_quotes(old, new), *_hosted(old, new),
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


def _points(old: Inputs, new: Inputs) -> Iterator[Difference]:
    then, now = _grouped(old), _grouped(new)
    for group in dict.fromkeys((*then, *now)):
        a, b = then.get(group, []), now.get(group, [])
        gone, come = Counter(a) - Counter(b), Counter(b) - Counter(a)
        if not gone and not come:
            continue
        pairs = list(_paired(list(gone.elements()), list(come.elements())))
        if len(pairs) <= FEW:
            for was, is_ in pairs:
                yield _point(group, was, is_)
        else:
            yield _many(group, pairs)


def _grouped(inputs: Inputs) -> dict[Group, list[Point]]:
    found: dict[Group, list[Point]] = {}
    for point in (*inputs.points, *inputs.typed):
        if point.interactivity or point.throughput or point.model:  # an empty row is no point
            found.setdefault(point.group, []).append(point)
    return found


def _paired(gone: list[Point], come: list[Point]) -> Iterator[tuple[Point | None, Point | None]]:
    """Points that are one measurement before and after, then those that are gone or new."""
    for alike in (_same_numbers, _same_run):
        for was in list(gone):
            found = [point for point in come if alike(was, point)]
            if len(found) == 1 and sum(alike(other, found[0]) for other in gone) == 1:
                gone.remove(was)
                come.remove(found[0])
                yield was, found[0]
    yield from ((was, None) for was in gone)
    yield from ((None, is_) for is_ in come)


def _same_numbers(a: Point, b: Point) -> bool:
    return (a.interactivity, a.throughput, a.precision) == (b.interactivity, b.throughput, b.precision)


def _same_run(a: Point, b: Point) -> bool:
    """The same set-up, another number."""
    names = ("precision", "framework", "speculative", "disaggregated", "concurrency")
    return all(getattr(a, name) == getattr(b, name) for name in names) and bool(a.concurrency)


def _point(group: Group, was: Point | None, is_: Point | None) -> Difference:
    point = is_ or was
    assert point is not None
    where = f"{group.model} on {group.platform}, {group.workload}, {group.snapshot}, {point.precision}"
    before, after = (None if p is None else _said(p) for p in (was, is_))
    if was and is_ and _same_numbers(was, is_):
        word = "noted" if was.include == is_.include else "included again" if is_.include else "excluded"
        before, after = (int(was.include), int(is_.include)) if was.include != is_.include else (was.note, is_.note)  # type: ignore[assignment]
    else:
        word = "changed" if was and is_ else "added" if is_ else "removed"

    def apply(inputs: Inputs) -> Inputs:
        rows = list(inputs.points)
        if was:
            rows.remove(was)
        return replace(inputs, points=(*rows, *([is_] if is_ else ())))

    key = f"point/{group.key}|{point.precision}|{point.interactivity:g}"
    return Difference(POINT, key, f"Point {word}: {where}, {_said(point)}", before, after, apply, (is_ or point).note)


def _many(group: Group, pairs: Sequence[tuple[Point | None, Point | None]]) -> Difference:
    count = Counter("changed" if a and b else "added" if b else "removed" for a, b in pairs)
    said = ", ".join(f"{count[word]} {word}" for word in ("added", "removed", "changed") if count[word])
    place = f"{group.model} on {group.platform}, {group.workload}, {group.snapshot}"

    def apply(inputs: Inputs) -> Inputs:
        rows = list(inputs.points)
        for was, is_ in pairs:
            if was:
                rows.remove(was)
            if is_:
                rows.append(is_)
        return replace(inputs, points=tuple(rows))

    details = tuple(f"{_said(a) if a else 'new'} -> {_said(b) if b else 'gone'}" for a, b in pairs)
    return Difference(POINT, f"points/{group.key}", f"Points of {place}: {said}", count["removed"] + count["changed"],
                      count["added"] + count["changed"], apply, details=details)  # fmt: skip


def _said(p: Point) -> str:
    mark = "" if p.include else ", excluded"
    return f"{p.interactivity:,.6g} tok/s/user at {p.throughput:,.6g} tok/s/GPU{mark}"


def _quotes(old: Inputs, new: Inputs) -> Iterator[Difference]:
    """By platform and basis, because there the last row wins; quotes without a basis only inform."""
    then, now = _by_place(old), _by_place(new)
    for place in dict.fromkeys((*then, *now)):
        a, b = then.get(place, []), now.get(place, [])
        if a == b:
            continue
        platform, basis = place

        def apply(inputs: Inputs, place: tuple[str, str] = place, rows: Sequence[Quote] = tuple(b)) -> Inputs:
            others = [q for q in inputs.quotes if (q.platform, q.basis) != place]
            return replace(inputs, quotes=(*others, *rows))

        gone, come = [q for q in a if q not in b], [q for q in b if q not in a]
        before, after = (_usd(a), _usd(b)) if basis else (_usd(gone), _usd(come))
        if not basis and not gone and not come:
            continue
        word = "changed" if gone and come else "added" if come else "removed" if gone else "in another order"
        notes = "; ".join(filter(None, (q.note or q.source for q in come)))
        name = f"{platform}, {basis or 'for information'}"
        providers = ", ".join(dict.fromkeys(q.provider for q in (come or gone) if q.provider))
        what = f"Quote {word}: {name}" + (f" ({providers})" if providers else "")
        yield Difference(QUOTE, f"quote/{platform}|{basis}", what, before, after, apply, notes)


def _by_place(inputs: Inputs) -> dict[tuple[str, str], list[Quote]]:
    found: dict[tuple[str, str], list[Quote]] = {}
    for quote in (*inputs.quotes, *inputs.typed_quotes):
        if quote.platform or quote.usd_per_gpu_hour is not None:
            found.setdefault((quote.platform, quote.basis), []).append(quote)
    return found


def _hosted(old: Inputs, new: Inputs) -> Iterator[Difference]:
    """Prices of hosted models by model and provider; told as one change where one of the books has none at all."""
    then, now = (
        {api_price.place(p): p for p in (*inputs.api_prices, *inputs.typed_api) if p.model} for inputs in (old, new)
    )
    if bool(then) != bool(now):
        word = f"{len(now)} added" if now else f"{len(then)} removed"
        yield Difference(HOSTED, "api_prices", f"API prices: {word}", len(then), len(now),
                         lambda inputs: replace(inputs, api_prices=tuple(now.values()), typed_api=()))  # fmt: skip
        return
    models, kept = ({key[0] for key in held} for held in (then, now))
    offered = Counter(key[0] for key in (*then, *now))
    whole = {model for model in models ^ kept if offered[model] > 1}
    for model in sorted(whole):  # all offers for a model that only one of the books has
        offers = tuple(p for key, p in (now if model in kept else then).items() if key[0] == model)
        brought = offers if model in kept else ()

        def swap(inputs: Inputs, model: str = model, brought: tuple[ApiPrice, ...] = brought) -> Inputs:
            others = (p for p in inputs.api_prices if p.model.casefold() != model)
            return replace(inputs, api_prices=(*others, *brought))

        counts = len(offers) - len(brought), len(brought)
        word = f"{offers[0].model}: {len(offers)} {'added' if brought else 'removed'}"
        yield Difference(HOSTED, f"api_prices/{offers[0].model}", f"API prices of {word}", *counts, swap)
    for key in dict.fromkeys((*then, *now)):
        a, b = then.get(key), now.get(key)
        if a == b or key[0] in whole:
            continue

        def apply(inputs: Inputs, key: tuple[str, str] = key, b: ApiPrice | None = b) -> Inputs:
            others = [p for p in inputs.api_prices if api_price.place(p) != key]
            return replace(inputs, api_prices=(*others, *([b] if b else ())))

        shown = b or a
        assert shown is not None
        word = "changed" if a and b else "added" if b else "removed"
        what = f"API price {word}: {shown.model} of {shown.provider}"
        before, after = (None if p is None else p.in_words for p in (a, b))
        name, note = f"api_price/{shown.model}|{shown.provider}", shown.note or shown.source
        yield Difference(HOSTED, name, what, before, after, apply, note)


def _usd(quotes: Iterable[Quote]) -> Value:
    """The price that counts: the last one."""
    return next((q.usd_per_gpu_hour for q in reversed(list(quotes)) if q.usd_per_gpu_hour is not None), None)


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
