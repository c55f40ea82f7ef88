"""The economics: cost per token and the four ratios that are not the same number."""

from xlmodel.calc.record import formula
from xlmodel.units import KILOWATT as KW
from xlmodel.units import (
    MILLION,
    PUE,
    RATIO,
    SECONDS_PER_HOUR,
    SHARE,
    TOKENS_PER_GPU,
    TOKENS_PER_MW,
    TOKENS_PER_USER,
    USD_PER_GPU_HOUR,
    USD_PER_MILLION,
    USERS_PER_GPU,
    UTILIZATION,
    WATT_PER_KILOWATT,
)


@formula(
    "COST",
    "{price}*1000000/(3600*{throughput}*{utilization})",
    USD_PER_MILLION,
    {"price": USD_PER_GPU_HOUR, "throughput": TOKENS_PER_GPU, "utilization": UTILIZATION},
    {"price": 2.65, "throughput": 6000.0, "utilization": 1.0},
    0.122685,
)
def cost(price: float, throughput: float, utilization: float) -> float:
    """USD to produce one million tokens on GPUs paid by the hour.

    The hour is paid in full, so a GPU that is busy half of it makes tokens twice as dear.
    """
    return price / (throughput * SECONDS_PER_HOUR * utilization / MILLION)


@formula(
    "RATIO",
    "{subject}/{baseline}",
    RATIO,
    {"subject": RATIO, "baseline": RATIO},
    {"subject": 16.0, "baseline": 8.6},
    1.860465,
)
def ratio(subject: float, baseline: float) -> float:
    """The subject as a multiple of the baseline, used for performance and for price."""
    return subject / baseline


@formula(
    "GAIN",
    "{performance}/{price_ratio}",
    RATIO,
    {"performance": RATIO, "price_ratio": RATIO},
    {"performance": 28.0, "price_ratio": 16.0 / 8.6},
    15.05,
)
def gain(performance: float, price_ratio: float) -> float:
    """Performance per dollar as a multiple of the baseline's: performance ratio over price ratio."""
    return performance / price_ratio


@formula(
    "RELATIVE",
    "{cost}/{baseline_cost}",
    RATIO,
    {"cost": USD_PER_MILLION, "baseline_cost": USD_PER_MILLION},
    {"cost": 1.0, "baseline_cost": 15.05},
    0.066445,
)
def relative(cost: float, baseline_cost: float) -> float:
    """Cost per token as a multiple of the baseline's: the reciprocal of performance per dollar."""
    return cost / baseline_cost


@formula(
    "SAVED",
    "1-{relative}",
    SHARE,
    {"relative": RATIO},
    {"relative": 1 / 15.05},
    0.933555,
)
def saved(relative: float) -> float:
    """Share of the baseline's cost that is saved; at 1/15 of the cost this is 93.3 %, never "15x"."""
    return 1 - relative


@formula(
    "BREAKEVEN",
    "{baseline_price}*{throughput}/{baseline_throughput}",
    USD_PER_GPU_HOUR,
    {"baseline_price": USD_PER_GPU_HOUR, "throughput": TOKENS_PER_GPU, "baseline_throughput": TOKENS_PER_GPU},
    {"baseline_price": 8.6, "throughput": 7707.0, "baseline_throughput": 275.25},
    240.8,
)
def breakeven(baseline_price: float, throughput: float, baseline_throughput: float) -> float:
    """USD per GPU-hour at which the platform's tokens cost as much as the baseline's."""
    return baseline_price * throughput / baseline_throughput


@formula(
    "PERMW",
    "1000*{throughput}/({kilowatt}*{pue})",
    TOKENS_PER_MW,
    {"throughput": TOKENS_PER_GPU, "kilowatt": KW, "pue": PUE},
    {"throughput": 7707.0, "kilowatt": 1.87, "pue": 1.0},
    4121390.37,
)
def permw(throughput: float, kilowatt: float, pue: float) -> float:
    """Tokens per second per megawatt of all-in utility power."""
    return throughput * WATT_PER_KILOWATT / kilowatt / pue


@formula(
    "USERS",
    "{throughput}*{output_share}/{interactivity}",
    USERS_PER_GPU,
    {"throughput": TOKENS_PER_GPU, "output_share": SHARE, "interactivity": TOKENS_PER_USER},
    {"throughput": 7707.0, "output_share": 1 / 9, "interactivity": 75.0},
    11.4178,
)
def users(throughput: float, output_share: float, interactivity: float) -> float:
    """Users served at once per GPU: its output tokens per second over those of one user."""
    return throughput * output_share / interactivity
