"""What changed between the points, quotes and API prices of two sets of inputs, each change with the step that makes it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from xlmodel.calc.values import Value
from xlmodel.model import api_price
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.difference import HOSTED, POINT, QUOTE, Difference
from xlmodel.model.facts import Quote
from xlmodel.model.point import Group, Point
from xlmodel.model.scenario import Inputs

FEW = 8  # points of one curve that are told one by one; more are one change


def points(old: Inputs, new: Inputs) -> Iterator[Difference]:
    """Point by point; as one change where a curve has many."""
    then, now = _grouped(old), _grouped(new)
    for group in dict.fromkeys((*then, *now)):
        a, b = then.get(group, []), now.get(group, [])
        if a == b:
            continue
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


def quotes(old: Inputs, new: Inputs) -> Iterator[Difference]:
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


def hosted(old: Inputs, new: Inputs) -> Iterator[Difference]:
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
