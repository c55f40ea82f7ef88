"""Doubts about all that a user brings: the bounds of `xlmodel.model.plausible` over points, quotes and settings.

The workbook asks the same by formula. A note beside a row answers its doubt.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from xlmodel.model import plausible
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.bounds import ASSUMED
from xlmodel.model.facts import Quote
from xlmodel.model.market import Market
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs

Key = tuple[object, ...]
SCENARIOS = ("scenario", "second", "third")


class Peers:
    """Points as others are held beside them; the work is in proportion to their number, or n log n.

    `public` are those that somebody else measured: only these say what is far above every other.
    """

    def __init__(self, points: Iterable[Point], public: Iterable[Point]) -> None:
        rows = [p for p in points if p.interactivity > 0 and p.throughput > 0]
        self._rows = Counter(map(_row, rows))
        self._range: dict[Key, tuple[float, float]] = {}
        families: dict[Key, list[tuple[float, float]]] = defaultdict(list)
        for p in rows:
            key = _of(p, plausible.OPERATING_POINT)
            low, high = self._range.get(key, (p.throughput, p.throughput))
            if not plausible.of_point(p):
                self._range[key] = min(low, p.throughput), max(high, p.throughput)
        for p in public:
            families[_family(p)].append((p.interactivity, p.throughput))
        self._families = {key: _tops(sorted(found)) for key, found in families.items()}

    def doubt(self, p: Point) -> str:
        """The doubt about one of the points: by its own numbers, else beside the others."""
        own = plausible.of_point(p)
        if own or not (p.interactivity > 0 and p.throughput > 0):  # no numbers: formulas read 0
            return own
        if self._rows[_row(p)] > 1:
            return plausible.TWICE
        if not (p.concurrency > 0 and p.gpus > 0):
            return plausible.FAR_OFF if self._far_off(p) else ""
        low, high = self._range[
            _of(p, plausible.OPERATING_POINT)
        ]  # of those that are in no doubt by themselves, as this one
        return (
            plausible.DIFFERS if high > p.throughput * plausible.APART or low < p.throughput / plausible.APART else ""
        )

    def _far_off(self, p: Point) -> bool:
        xs, tops = self._families.get(_family(p), ([], []))
        start = bisect_right(xs, p.interactivity * plausible.NEAR)
        return len(xs) > plausible.FEW and not (start < len(xs) and tops[start] > p.throughput / plausible.FAR)


def _of(p: Point, names: Iterable[str]) -> Key:
    return tuple(getattr(p, name) for name in names)


def _row(p: Point) -> Key:
    return (*_of(p, plausible.CURVE), p.interactivity, p.throughput, p.concurrency)


def _family(p: Point) -> Key:
    return p.model, p.platform, p.workload


def _tops(rows: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Interactivities in ascending order, and the largest throughput from each one on."""
    return [x for x, _ in rows], [*accumulate((y for _, y in reversed(rows)), max)][::-1]


def of_quote(quote: Quote, held: Iterable[Quote]) -> str:
    """The doubt about a quote beside others; "" where its note answers it, or it has no price."""
    if quote.note or not quote.usd_per_gpu_hour:
        return ""
    others = [q for q in held if q is not quote]
    listed = (
        q.usd_per_gpu_hour for q in others if quote.basis and (q.platform, q.basis) == (quote.platform, quote.basis)
    )
    return plausible.price_among(
        quote.usd_per_gpu_hour, _prices(quote.platform, others), next(filter(None, listed), None)
    )


def _prices(platform: str, quotes: Iterable[Quote]) -> list[float]:
    return [q.usd_per_gpu_hour for q in quotes if q.platform == platform and q.usd_per_gpu_hour]


def of_settings(inputs: Inputs) -> Iterator[tuple[str, float, str]]:
    """Key, number and doubt of own prices, scenarios, own capital and the plan where they look like another unit."""
    market = Market(inputs)
    for platform, usd in inputs.own_prices.items():
        noted = (q for q in (*inputs.quotes, *inputs.typed_quotes) if q.platform == platform and q.note)
        if usd > 0 and not any(q.usd_per_gpu_hour == usd for q in noted):
            listed = market.price(platform, inputs.in_use.basis)
            known = listed if isinstance(listed, float) else None
            yield f"prices.own/{platform}", usd, plausible.price_among(usd, _prices(platform, inputs.quotes), known)
    for name, scenario in zip(SCENARIOS, inputs.variants, strict=True):
        for field, kind in ASSUMED.items():
            typed = getattr(inputs.scenario if name == SCENARIOS[0] else scenario, field)
            if typed and typed > 0:
                yield f"{name}.{field}", typed, plausible.told(kind, typed)
        change = (inputs.scenario if name == SCENARIOS[0] else scenario).price_change
        if change and change >= TWICE:
            yield f"{name}.price_change", change, PER_CENT
    for platform, usd in inputs.ownership.capital.items():
        if usd > 0:
            yield f"ownership.capital/{platform}", usd, plausible.told("capital", usd)
    if rent := inputs.ownership.colocation:
        yield "ownership.colocation", rent, plausible.told("colocation", rent)
    yield from of_coming(inputs)


RATES = {  # from where a rate is taken for per cent; the range of the cell lets in more
    "growth": 0.8,  # a month: twelve such months are more than a thousandfold
    "software": 3.0,  # a year: twice the fastest gain between the snapshots
    "software_prudent": 3.0,
    "discount": 0.5,  # a year: no published cost of capital comes near
}
TWICE = 1.0  # a change of quoted prices that doubles them
PER_CENT = "in per cent?"
TOO_MUCH, TOO_LITTLE = 10.0, 0.02  # times the dearest, and of the cheapest, price of the same tokens
DEAR = "in cents, or per another count of tokens?"
CHEAP = "per thousand tokens, or per token?"
SWAPPED = "input and output swapped?"
FLEET = ("api", "price_input", "price_output", "price_cached")


def token_price(usd: float | None, listed: Iterable[float | None]) -> str:
    """The doubt about a price in USD per million tokens beside others of the same model; "" where there is none.

    >>> token_price(135, [0.5, 2.15]), token_price(0.0013, [0.5, 2.15]), token_price(0.4, [0.5, 2.15])
    ('in cents, or per another count of tokens?', 'per thousand tokens, or per token?', '')
    """
    known = [price for price in listed if price]
    if not usd or usd < 0 or not known:
        return ""
    return DEAR if usd >= TOO_MUCH * max(known) else CHEAP if usd <= TOO_LITTLE * min(known) else ""


def of_hosted(offer: ApiPrice, others: Iterable[ApiPrice] = ()) -> str:
    """The doubt about what a provider asks, or what is agreed with it, beside its list and other offers of the model.

    >>> of_hosted(ApiPrice("m", "p", 0.5, 2.0, "2026-08-22", "page", own_input=2.0, own_output=0.5))
    'input and output swapped?'
    """
    own = (offer.own_input, offer.own_cached, offer.own_output)
    listed = (offer.input, offer.cached_input, offer.output)
    held = [p for o in others if o.model == offer.model for p in (o.input, o.cached_input, o.output)]
    asked = [(mine, [of]) for mine, of in zip(own, listed, strict=True)] + [(price, held) for price in listed]
    doubt = next(filter(None, (token_price(price, beside) for price, beside in asked)), "")
    read, written = offer.own_input or offer.input, offer.own_output or offer.output
    return doubt or (SWAPPED if read and written and written < read else "")


def of_coming(inputs: Inputs) -> Iterator[tuple[str, float, str]]:
    """Key, number and doubt of the rates of the plan, of token prices typed there and for the fleet, and of targets."""
    for name, bound in RATES.items():
        rate = getattr(inputs.plan, name)
        if rate is not None:
            yield f"plan.{name}", rate, PER_CENT if rate >= bound else ""
    offers = (o for o in inputs.api_prices if o.model == inputs.in_use.model)
    listed = [price for o in offers for price in (o.input, o.cached_input, o.output)]
    typed = {"plan.api": inputs.plan.api} | {f"fleet.{name}": getattr(inputs.fleet, name) for name in FLEET}
    for key, usd in typed.items():
        if usd:
            yield key, usd, token_price(usd, listed)
    for key, target in (
        ("scenario.interactivity", inputs.in_use.interactivity),
        ("plan.interactivity", inputs.plan.interactivity),
    ):
        if target:
            yield key, target, plausible.told("interactivity", target)
