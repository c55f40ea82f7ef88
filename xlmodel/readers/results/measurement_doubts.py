"""What speaks against taking a measurement as it is: failures, a short run, numbers that contradict one another.

The law behind the strictest doubt: each of the requests in flight gets at most its interactivity, so that a deployment
makes at most concurrency x interactivity output tokens a second, and (input + output) / output times as many in all.
"""

from dataclasses import replace

from xlmodel.readers.results.measurement import Measurement

FAILED = 0.01  # share of requests
FEW = 5  # requests for each one in flight, below which start and end weigh
ABOVE_LAW, BELOW_LAW = 1.1, 0.1  # 99 % of public rows keep within, median 0.95
FASTEST, SLOWEST = 1_000.0, 1.0  # tok/s/user; no GPU has been measured faster, and nobody reads slower
SOONEST = 5.0  # ms to the first token; a network alone takes about that long
SHARES = 0.1  # output as a share of all tokens, by throughput and by lengths
AGREE = 0.02  # two statements of one throughput
PACE_OFF = 1.5  # end-to-end time against first token plus pace


def with_doubts(
    m: Measurement, e2e_ms: float | None = None, pace_ms: float | None = None, first_ms: float | None = None
) -> Measurement:
    """The measurement with what speaks against it, beside the doubts of its reader.

    Args:
        m: the measurement.
        e2e_ms: end-to-end time of a request; this and the next two are all means, or all medians.
        pace_ms: time per output token.
        first_ms: time to first token.
    """
    doubts, grave = list(m.doubts), m.grave
    total = (m.completed or 0) + (m.failed or 0)
    if m.failed and m.failed > FAILED * total:
        doubts.append(
            f"{m.failed:,} of {total:,} requests failed ({m.failed / total:.1%}): the rest had the server to itself"
        )
    in_flight = m.concurrency or m.mean_concurrency
    if m.completed and in_flight and m.completed < FEW * in_flight:
        doubts.append(
            f"{m.completed / in_flight:.1f} completed requests for each one in flight: too few for a steady state, start and end weigh in"
        )
    if m.ttft_ms and m.ttft_ms < SOONEST:
        doubts.append(f"{m.ttft_ms:.3g} ms to the first token: seconds under the name of ms?")
    for found in (_speed(m), _shares(m), _law(m), _pace(m, e2e_ms, pace_ms, first_ms)):
        if found:
            doubts.append(found[0])
            grave = grave or found[1]
    if len(doubts) == len(m.doubts):
        return m
    return replace(m, doubts=tuple(dict.fromkeys(doubts)), grave=grave)


def _speed(m: Measurement) -> tuple[str, bool] | None:
    if m.interactivity > FASTEST:
        ms = 1000 / m.interactivity
        return (
            f"{m.interactivity:,.0f} tok/s/user is {ms:.3g} ms a token, faster than any GPU: seconds under the name of ms?",
            True,
        )
    if m.interactivity < SLOWEST:
        s = 1 / m.interactivity
        return f"{m.interactivity:.3g} tok/s/user is {s:.3g} s a token: ms under the name of s?", True
    return None


def _shares(m: Measurement) -> tuple[str, bool] | None:
    """Output as a share of all tokens, by two ways of counting: a total that leaves the input out gives itself away."""
    if not (m.throughput and m.output_throughput):
        return None
    if not m.lengths:
        alone = m.output_throughput > (1 - AGREE) * m.throughput
        return ("the total is no more than the output tokens: input is left out", True) if alone else None
    one, other = m.output_throughput / m.throughput, m.lengths[1] / sum(m.lengths)
    if abs(one / other - 1) <= SHARES:
        return None
    return (
        f"output is {one:.1%} of the tokens by throughput and {other:.1%} by the lengths of the requests: another count of tokens?",
        True,
    )


def _law(m: Measurement) -> tuple[str, bool] | None:
    """Throughput against what the requests in flight can have got."""
    flying, share = m.mean_concurrency or m.concurrency, m.output_share
    total = m.throughput if m.throughput is not None else m.per_gpu and m.per_gpu * (m.gpus or 0)
    if not (flying and share and total):
        return None
    law = total / (flying * m.interactivity / share)
    if law > ABOVE_LAW:
        what = "the whole server counted as one GPU, or another count of tokens"
        return f"throughput is {law:.2g} times what {flying:,.4g} requests at this interactivity can get: {what}", True
    if law < BELOW_LAW:
        what = "output tokens only, a rate per user, or times in another unit"
        if not m.mean_concurrency and m.request_rate is not None:
            what = f"fewer in flight, since requests came at {m.request_rate:g} a second, or {what}"
            return (
                f"throughput is {law:.2g} of what {flying:,.4g} requests at this interactivity can get: {what}",
                False,
            )
        return f"throughput is {law:.2g} of what {flying:,.4g} requests at this interactivity can get: {what}", True
    return None


def _pace(m: Measurement, e2e: float | None, pace: float | None, first: float | None) -> tuple[str, bool] | None:
    """Time per output token against the end-to-end time of a request."""
    if not (e2e and pace and m.output_length and m.output_length > 1):
        return None
    off = ((first or 0.0) + pace * (m.output_length - 1)) / e2e
    if 1 / PACE_OFF <= off <= PACE_OFF:
        return None
    times = f"{off:.2g} times the end-to-end time"
    return (
        f"time to first token and per output token add up to {times} of a request: another unit, or another count of tokens?",
        True,
    )


def disagree(one: float | None, other: float | None, what: str) -> tuple[str, ...]:
    """A doubt when two statements of one number differ."""
    if not one or not other or abs(one / other - 1) <= AGREE:
        return ()
    return (f"{what}: {one:,.6g} and {other:,.6g} in the same file",)
