"""What numbers look like when they are in the unit that is asked for, and what a number that does not was probably meant as.

One table of bounds serves readers of files, the sheets and `check`: a measure of what was typed falls into a band, and
the band says the doubt in words, or nothing. Measures take numbers or cells alike. A doubt is a question, never a verdict.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from xlmodel.calc.counted import counted
from xlmodel.calc.each_value import once_for_each
from xlmodel.calc.expression import NOWHERE, Expr, Literal
from xlmodel.calc.functions import ABS, AND, FIND, IF, IFERROR, ISNUMBER, LEFT, MAX, MID, OR, SUBSTITUTE, VALUE, banded
from xlmodel.model.bounds import BANDS, FAR_ABOVE, FAR_BELOW, KINDS
from xlmodel.model.point import Point

NOT_RECORDED = 1.0  # the measure of what cannot be judged: plausible on every scale of ratios
MANY = 4.5  # times what the platform usually costs, whatever the dearest quote
CLOSE = 0.03  # how near a multiple must be to be taken for one
APART = 3  # times that throughputs at one operating point differ at most
EXACT = (2.0, 4.0, 8.0, 72.0)  # GPUs of a superchip, a tray, a server, a rack
LIKELY = (0.5, 1.15)  # share of what the concurrency allows, of nearly all public rows (median 0.95)
FAR = 5  # times every other point of the platform
NEAR, FEW = 0.7, 2  # share of its interactivity from which others are held beside a point; others below which none are
CURVE = ("model", "platform", "workload", "precision", "snapshot")
OPERATING_POINT = (*CURVE, "framework", "speculative", "disaggregated", "concurrency", "gpus")
FAR_OFF = "far above every other point of the platform: whole server as one GPU?"
NO_NUMBER = "not a number"
NOT_POSITIVE = "not above zero"
TWICE = "the same row twice?"
SWAPPED = "interactivity and throughput swapped?"
PER_TOKEN = "a time per token in ms in place of the interactivity? Or: "
DIFFERS = f"differs more than {APART}x from another row at the same operating point"


Places = Callable[[str], tuple[Any, Any]]  # kind -> its bounds and its words as cells


_OF = {kind: tuple(band for band in BANDS if band.kind == kind) for kind in KINDS}
_STARTS = {kind: [band.start for band in found] for kind, found in _OF.items()}


def told(kind: str, measure: Any, places: Places | None = None) -> Any:
    """The doubt about a measure in words, "" where there is none.

    Over cells a LOOKUP in the table of bounds, or, without `places`, the bounds written out for a formula that may
    refer to its own sheet only.

    >>> told("price", 8.0), told("price", 1.0), told("ttft", 0.4)
    ('per server of 4 or 8 GPUs?', '', 'in seconds?')
    """
    if not isinstance(measure, Expr):
        return _OF[kind][max(bisect_right(_STARTS[kind], measure) - 1, 0)].says
    if places is not None:
        starts, says = places(kind)
        return banded(MAX(0, measure), starts, says)
    found: Any = _OF[kind][-1].says
    for band, after in reversed(tuple(zip(_OF[kind], _OF[kind][1:], strict=False))):
        found = IF(measure < after.start, band.says, found)
    return found


def either(test: Any, then: Callable[[], Any], other: Callable[[], Any]) -> Any:
    """One of two results: over cells both stand in the formula, over numbers only the one is computed."""
    return IF(test, then(), other()) if isinstance(test, Expr) else then() if test else other()


def price(usd: Any, off: Any, others: Any, places: Places | None = None) -> Any:
    """The doubt about a price in USD/GPU-hour; `off` is what `far_off` says, `others` how many other quotes there are.

    >>> price(84.0, 8.0, 9), price(14.0, 1.0, 9), price(0.016, 1.0, 0)
    ('per server of 4 or 8 GPUs?', '', 'far below any GPU-hour: in thousands of USD?')
    """
    return either(others < 1, lambda: told("any price", usd, places), lambda: told("price", off, places))


def far_off(times: Any, above: Any, below: Any, exact: Any = False) -> Any:
    """How many times the usual price a price is, where that is out of what its platform costs; else 1.

    Args:
        times: how many times what the platform usually costs, such as the mean of the other quotes.
        above: how many other quotes are at least 1 / FAR_ABOVE of it.
        below: how many are at most 1 / FAR_BELOW of it.
        exact: it is a multiple of the list price that it replaces; see `multiple`.

    >>> far_off(8.0, 0, 9), far_off(1.75, 2, 9), far_off(2.0, 2, 9, True)
    (8.0, 1.0, 2.0)
    """
    return either(_or(above < 1, below < 1, times > MANY, exact), lambda: times, lambda: NOT_RECORDED)


def _or(*given: Any) -> Any:
    tests = [test for test in given if test is not False]
    return OR(*tests) if any(isinstance(test, Expr) for test in tests) else any(tests)


def price_among(usd: float, others: Sequence[float], listed: float | None = None) -> str:
    """The doubt about a price beside other quotes of its platform, and beside the list price that it replaces.

    >>> price_among(1152.0, [16.0, 10.5, 27.04], 16.0), price_among(16.0, [10.5, 27.04])
    ('per rack of 72 GPUs?', '')
    """
    above, below = sum(o > usd / FAR_ABOVE for o in others), sum(o < usd / FAR_BELOW for o in others)
    times = usd / listed if listed else usd * len(others) / sum(others) if others else NOT_RECORDED
    return str(price(usd, far_off(times, above, below, bool(listed) and multiple(times)), len(others)))


def multiple(times: Any) -> Any:
    """Whether a price is nearly 2, 4, 8 or 72 times another.

    >>> multiple(2.0), multiple(1.9)
    (True, False)
    """
    return _or(
        *(abs(times / n - 1) <= CLOSE if not isinstance(times, Expr) else ABS(times / n - 1) <= CLOSE for n in EXACT)
    )


def _between(value: Any, low: float, high: float) -> Any:
    return AND(value >= low, value <= high) if isinstance(value, Expr) else low <= value <= high


def written_share(workload: Any) -> Any:
    """Share of a workload's tokens that is output, from its name; 0 where that cannot be read.

    >>> written_share(Literal("1k/1k")).at(NOWHERE), round(written_share("8192/1024"), 4)
    (0.5, 0.1111)
    """
    if not isinstance(workload, Expr):
        return _share_of(workload)
    cut = FIND("/", workload)
    read = VALUE(SUBSTITUTE(LEFT(workload, cut - 1), "k", ""))
    written = VALUE(SUBSTITUTE(MID(workload, cut + 1, 9), "k", ""))
    return once_for_each(workload, IFERROR(written / (read + written), 0))


@lru_cache(maxsize=256)
def _share_of(workload: str) -> float:
    found = written_share(Literal(workload)).at(NOWHERE)
    return found if isinstance(found, float) else 0.0


def load(throughput: Any, gpus: Any, concurrency: Any, interactivity: Any, share: Any) -> Any:
    """Throughput of all GPUs over what the concurrency allows at this interactivity; NOT_RECORDED where a part is missing.

    `share` is that of output tokens: every user receives `interactivity` of them a second.

    >>> round(load(6000.0, 8, 100, 51.0, 1 / 9), 6), load(6000.0, 0, 100, 51.0, 1 / 9)
    (1.045752, 1.0)
    """
    known = (
        AND(gpus > 0, concurrency > 0, share > 0) if isinstance(share, Expr) else gpus > 0 < concurrency and share > 0
    )
    made = lambda: counted(throughput * gpus * share / (concurrency * interactivity), "1", "requests are users")  # noqa: E731
    return either(known, made, lambda: NOT_RECORDED)


def point(interactivity: Any, throughput: Any, ttft: Any, work: Any, told_so: Callable[[str, Any], Any] = told) -> Any:
    """The doubt about a measured point whose load is `work`; times in ms, `ttft` may be missing.

    >>> point(51.0, 6000.0, None, 1.0), point(51.0, 6000.0, 0.8, 1.0), point(20.0, 6000.0, None, 2.4)
    ('', 'in seconds?', 'a time per token in ms in place of the interactivity? Or: whole server as one GPU, or another token count?')
    """
    swapped = counted(
        work * (interactivity / throughput) * (interactivity / throughput), "1", "both the other way round"
    )
    timed = counted(work * interactivity * interactivity / 1000, "1", "1000 over it is tokens a second")
    first = either(
        ISNUMBER(ttft) if isinstance(ttft, Expr) else ttft is not None, lambda: told_so("ttft", ttft), lambda: ""
    )
    speed = told_so("interactivity", interactivity)
    usual = either(_is(speed, ""), lambda: first, lambda: speed)
    odd = either(
        _between(swapped, *LIKELY), lambda: SWAPPED,
        lambda: _joined(either(_between(timed, *LIKELY), lambda: PER_TOKEN, lambda: ""), told_so("load", work)),
    )  # fmt: skip
    return either(_is(told_so("load", work), ""), lambda: usual, lambda: odd)


def _joined(first: Any, second: Any) -> Any:
    return first & second if isinstance(first, Expr) else first + second


def _is(words: Any, text: str) -> Any:
    return words.eq(text) if isinstance(words, Expr) else words == text


def of_point(p: Point) -> str:
    """The doubt about a measured point by its own numbers.

    >>> of_point(Point("DeepSeek-R1", "B200", "8k/1k", "FP4", "2026-07", 60.0, 5800.0, gpus=1, concurrency=12))
    ''
    """
    if not (p.interactivity > 0 and p.throughput > 0):
        return NOT_POSITIVE
    work = load(p.throughput, p.gpus, p.concurrency, p.interactivity, written_share(p.workload))
    return str(point(p.interactivity, p.throughput, p.ttft_ms, work))
