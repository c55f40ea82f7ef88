"""Doubts about all that a user brings: the bounds of `xlmodel.model.plausible` over points, quotes and settings.

The workbook asks the same by formula. A note beside a row answers its doubt.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate

from xlmodel.model import plausible
from xlmodel.model.bounds import ASSUMED
from xlmodel.model.facts import Quote
from xlmodel.model.market import Market
from xlmodel.model.plausible import APART, CURVE, DIFFERS, FAR, FAR_OFF, FEW, NEAR, OPERATING_POINT, TWICE, of_point
from xlmodel.model.point import Point
from xlmodel.model.scenario import Inputs
from xlmodel.model.token_doubts import of_coming

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
            key = _of(p, OPERATING_POINT)
            low, high = self._range.get(key, (p.throughput, p.throughput))
            if not of_point(p):
                self._range[key] = min(low, p.throughput), max(high, p.throughput)
        for p in public:
            families[_family(p)].append((p.interactivity, p.throughput))
        self._families = {key: _tops(sorted(found)) for key, found in families.items()}

    def doubt(self, p: Point) -> str:
        """The doubt about one of the points: by its own numbers, else beside the others."""
        own = of_point(p)
        if own or not (p.interactivity > 0 and p.throughput > 0):  # no numbers: formulas read 0
            return own
        if self._rows[_row(p)] > 1:
            return TWICE
        if not (p.concurrency > 0 and p.gpus > 0):
            return FAR_OFF if self._far_off(p) else ""
        low, high = self._range[_of(p, OPERATING_POINT)]  # of those that are in no doubt by themselves, as this one
        return DIFFERS if high > p.throughput * APART or low < p.throughput / APART else ""

    def _far_off(self, p: Point) -> bool:
        xs, tops = self._families.get(_family(p), ([], []))
        start = bisect_right(xs, p.interactivity * NEAR)
        return len(xs) > FEW and not (start < len(xs) and tops[start] > p.throughput / FAR)


def _of(p: Point, names: Iterable[str]) -> Key:
    return tuple(getattr(p, name) for name in names)


def _row(p: Point) -> Key:
    return (*_of(p, CURVE), p.interactivity, p.throughput, p.concurrency)


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
    for platform, usd in inputs.ownership.capital.items():
        if usd > 0:
            yield f"ownership.capital/{platform}", usd, plausible.told("capital", usd)
    if rent := inputs.ownership.colocation:
        yield "ownership.colocation", rent, plausible.told("colocation", rent)
    yield from of_coming(inputs)
