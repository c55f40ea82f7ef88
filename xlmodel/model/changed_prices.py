"""What changed between the quotes, and the prices of hosted models, of two sets of inputs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from xlmodel.calc.values import Value
from xlmodel.model import api_price
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.difference import HOSTED, QUOTE, Difference
from xlmodel.model.facts import Quote
from xlmodel.model.scenario import Inputs


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
