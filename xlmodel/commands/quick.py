"""What `cost` answers: measurements, their costs, the target, and what stands beside it and is not quite like it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from xlmodel.errors import InputRefused, Problem
from xlmodel.model.api_price import ApiPrice
from xlmodel.model.load_test import Answer, Beside, MeasuredRun, answer, beside
from xlmodel.model.point import BEST, DECIMALS
from xlmodel.model.scenario import Scenario
from xlmodel.readers import bundled
from xlmodel.readers.api_prices import api_prices_of
from xlmodel.readers.results.folder import Read
from xlmodel.readers.results.measurement import Measurement
from xlmodel.readers.results.placing import Said, doubt_gpus, hints, known_names, precision_of

DEAR = 2.5  # times the range of quotes for a platform
LOW = 0.1  # of the bundled frontier of the same platform; software of a year ago is about there
FAR = 2.0  # times the bundled frontier of the same platform, from which the count of GPUs is doubted


@dataclass(frozen=True, slots=True)
class Quick:
    """The whole answer.

    Attributes:
        throughputs: tok/s/GPU of each measurement. platform, model, workload, precision: empty where not known.
        compared_at: interactivity at which the platforms and prices stand beside it; None when nothing does.
        own_cost: USD per million tokens there.
        unlike: what is not like for like.
    """

    price: float
    measurements: tuple[Measurement, ...]
    throughputs: tuple[float, ...]
    result: Answer
    platform: str
    model: str
    workload: str
    precision: str
    gpus: int | None
    compared_at: float | None
    own_cost: float | None
    others: tuple[Beside, ...]
    apis: tuple[tuple[ApiPrice, float | None], ...]
    basis: str
    unlike: tuple[str, ...]
    doubts: tuple[str, ...]
    problems: tuple[Problem, ...]
    scenario: Scenario


def quick_answer(read: Read, said: Said, price: float, target: float | None, files: Iterable[Path]) -> Quick:
    """Answer for result files that were read.

    Args:
        read: what they gave.
        said: what options say.
        price: USD/GPU-hour.
        target: tok/s/user; None for that of the default scenario.
        files: the files and folders, as they were named.

    Raises:
        InputRefused: nothing was measured, several platforms or models are mixed, or nobody counts the GPUs.
    """
    kept = [(doubt_gpus(m, said.over(noted)), said.over(noted).over(_of_file(m))) for m, noted in read.measurements]
    if not kept:
        raise InputRefused(read.problems)
    platform, model, precision = (_one(name, kept, given) for name, given in (
        ("platform", said.platform), ("model", said.model), ("precision", said.precision)))  # fmt: skip
    rates = [m.throughput_on(use.gpus) for m, use in kept]
    lacking = [m.where for (m, _), rate in zip(kept, rates, strict=True) if rate is None]
    if lacking:
        command = " ".join(["xlmodel cost", *map(quote, map(str, files)), f"--price {price:g}", "--gpus 8"])
        fix = f"count the GPUs of the whole deployment: {command}"
        raise InputRefused.one(", ".join(lacking[:5]), "no number of GPUs", "the GPUs that made this throughput", fix)
    throughputs = tuple(round(rate, DECIMALS) for rate in rates if rate)  # as a points file and a book hold them
    runs = [
        MeasuredRun(round(m.interactivity, DECIMALS), rate, m.lengths, m.output_share, m.include and not m.grave)
        for (m, _), rate in zip(kept, throughputs, strict=True)
    ]
    scenario = Scenario()
    found = answer(runs, price, target or scenario.interactivity, scenario)
    workloads = {m.workload for m, _ in kept}
    workload = workloads.pop() if len(workloads) == 1 else ""
    spot, own = _spot(found, runs)
    others: list[Beside] = []
    if spot and model in bundled.available_models() and workload:
        import xlmodel  # noqa: PLC0415 - the market loads when used

        others = beside(xlmodel.market(model), model, workload, BEST, spot)
    share = next((run.output_share for run in runs if run.output_share), None)
    apis = [(quote, _blended(quote, share)) for quote in (api_prices_of(model) if model else [])]
    measurements = tuple(m for m, _ in kept)
    gpus = kept[0][1].gpus or measurements[0].gpus
    return Quick(
        price, measurements, throughputs, found, platform, model, workload, precision, gpus, spot, own,
        tuple(others), tuple(apis), scenario.basis, tuple(_unlike(measurements, others, apis, model, workload, precision, scenario)),
        tuple(_far(others, platform, spot, found, gpus, price, own)), tuple(read.problems), scenario,
    )  # fmt: skip


def _of_file(m: Measurement) -> Said:
    """What the file and its name say."""
    known, told = known_names(m), hints(m.file)
    return Said(
        platform=known["platform"] or told.platform or m.platform, model=known["model"] or m.model,
        precision=known["precision"] or precision_of(m.model) or told.precision, gpus=m.gpus or told.gpus,
    )  # fmt: skip


def _one(name: str, kept: list[tuple[Measurement, Said]], given: str) -> str:
    """What all files say; a mix is refused, and so is an option that a file contradicts."""
    of_files = {text: m.where for m, _ in kept if (text := known_names(m)[name])}
    wrong = [text for text in of_files if given and text != given]
    if wrong:
        fix = f"leave --{name} out, or give other files"
        raise InputRefused.one(of_files[wrong[0]], f"the {name} {wrong[0]}", f"{given}, as --{name} says", fix)
    found = dict.fromkeys(getattr(use, name) for _, use in kept if getattr(use, name))
    if len(found) > 1 and name != "precision":
        told = ", ".join(list(found)[:6])
        fix = "give the files of one of them; xlmodel import takes all into one points file"
        raise InputRefused.one("results", f"several: {told}", f"one {name}", fix)
    return next(iter(found)) if len(found) == 1 else ""


def _spot(found: Answer, runs: list[MeasuredRun]) -> tuple[float | None, float | None]:
    """Where to compare: at the target, else at the fastest measured point of the frontier; and the own cost there."""
    if found.target.costs:
        return found.target.interactivity, found.target.costs.total
    if found.knots:
        last = found.knots[-1] if found.target.interactivity > runs[found.knots[-1]].interactivity else found.knots[0]
        return runs[last].interactivity, found.costs[last].total
    return None, None


def _blended(quote: ApiPrice, share: float | None) -> float | None:
    """USD per million tokens of the measured mix, without cached input."""
    if quote.input is None or quote.output is None or share is None:
        return None
    return quote.input * (1 - share) + quote.output * share


def _unlike(
    measurements: tuple[Measurement, ...], others: list[Beside], apis: list[tuple[ApiPrice, float | None]],
    model: str, workload: str, precision: str, scenario: Scenario,
) -> Iterable[str]:  # fmt: skip
    """What is not like for like."""
    if not others and not apis:
        if not model:
            yield "nothing to compare with: the model is not known; say it with --model"
        elif model not in bundled.available_models():
            yield f"nothing to compare with: no bundled measurements of {model}"
        elif not workload:
            yield "nothing to compare with: the bundled curves are of 8k/1k, 1k/1k and 1k/8k"
    if others:
        lengths = measurements[0].lengths
        told = f"{lengths[0]:,.0f} in and {lengths[1]:,.0f} out" if lengths else "of lengths that the file does not say"
        yield f"bundled rows: InferenceX at {workload} (80 to 100 % of these lengths), newest snapshot; yours: {told}, by {measurements[0].tool}"
        yield f"bundled rows: best precision and serving mode of each platform; yours: {precision or 'a precision that is not known'}"
        yield f"bundled prices: {scenario.basis}; yours: what you pay"
    if apis:
        yield "API prices buy a service with its margin, without idle hours, and cached input apart; yours is GPU time alone, at full load"
    yield "every hour is taken as full: at half the load a token costs twice as much"


def _far(
    others: list[Beside], platform: str, spot: float | None, found: Answer, gpus: int | None, price: float, own: float | None
) -> Iterable[str]:  # fmt: skip
    """Doubts when the own throughput or price is far from what the same platform has shown."""
    quotes = [
        quote.usd_per_gpu_hour for quote in bundled.quotes() if quote.platform == platform and quote.usd_per_gpu_hour
    ]
    node = gpus and gpus > 1 and quotes and price > max(quotes) and min(quotes) <= price / gpus <= max(quotes)
    if node or (quotes and price > DEAR * max(quotes)):
        yield f"{price:,.2f} USD/GPU-hour is {price / max(quotes):.1f} times the dearest quote for {platform}: the price of a whole node?"
    if quotes and price < min(quotes) / DEAR:
        yield f"{price:,.2f} USD/GPU-hour is {price / min(quotes):.2g} of the cheapest quote for {platform}: a price in another unit?"
    same = next((row for row in others if row.platform == platform and row.throughput), None)
    if same is None or not spot or not own or not same.throughput:
        return
    mine = found.target.throughput or price / own * 1e6 / 3600
    yield from far_from(mine / same.throughput, platform, spot)


def far_from(ratio: float, platform: str, spot: float) -> Iterable[str]:
    """A doubt when throughput is a multiple, or a small part, of the bundled frontier of the same platform."""
    if ratio < LOW:
        yield f"{ratio:.2g} of the bundled frontier of {platform} at {spot:,.4g} tok/s/user: output tokens only, or GPUs that were idle?"
    if ratio > FAR:
        yield f"{ratio:.1f} times the bundled frontier of {platform} at {spot:,.4g} tok/s/user: does the count of GPUs hold all of the deployment?"
